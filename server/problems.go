package main

import (
	"encoding/json"
	"net/http"
	"strings"

	"stsplayground/web/page"
)

// problem is why a request isn't answered (RFC 9457). Its type is stable, and
// the path of a page of this server that says it in words.
type problem struct {
	Type     string    `json:"type"`
	Title    string    `json:"title"`
	Status   int       `json:"status"`
	Detail   string    `json:"detail"`
	Findings []finding `json:"findings,omitempty"`
}

// finding is one reason among several, and where it stands in what was sent:
// a JSON Pointer, and the line and column from 1 where they are known.
type finding struct {
	Rule   string `json:"rule"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Field  string `json:"field"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

const problemPath = "/problems/"

// problems are all that the API answers with. The details are what is said
// where nothing more is known.
var problems = []*problem{
	&problemBadRequest, &problemNoKey, &problemWrongKey, &problemCrossSite, &problemNoScenario, &problemNotFound, &problemMethod, &problemTooLarge,
	&problemMediaType, &problemUnreadable, &problemSecrets, &problemTooMany, &problemBroken, &problemUnavailable,
}

var (
	problemBadRequest = problem{Type: problemPath + "bad-request", Status: http.StatusBadRequest, Title: "The request can't be read",
		Detail: "Something in its address, its header or its body isn't as the description at /openapi.json has it."}
	problemNoKey = problem{Type: problemPath + "key-missing", Status: http.StatusUnauthorized, Title: "The key is missing",
		Detail: "A scenario is deleted with the key that was told when it was stored: send it as Authorization: Bearer KEY."}
	problemWrongKey = problem{Type: problemPath + "key-wrong", Status: http.StatusForbidden, Title: "The key isn't this scenario's",
		Detail: "Nothing was deleted. The key is what stands after the # of the delete link."}
	problemCrossSite = problem{Type: problemPath + "cross-site", Status: http.StatusForbidden, Title: "Another site sent this",
		Detail: "What changes something here is taken from this site's own pages, and from programs."}
	problemNoScenario = problem{Type: problemPath + "no-such-scenario", Status: http.StatusNotFound, Title: "There is no such scenario",
		Detail: "It has expired, was deleted, or never was there. Check the link; nobody can bring back what is deleted."}
	problemNotFound = problem{Type: problemPath + "not-found", Status: http.StatusNotFound, Title: "There is nothing here",
		Detail: "The description at /openapi.json lists the addresses there are."}
	problemMethod = problem{Type: problemPath + "method-not-allowed", Status: http.StatusMethodNotAllowed, Title: "This isn't done here",
		Detail: "The address answers other methods, which the header Allow names."}
	problemTooLarge = problem{Type: problemPath + "too-large", Status: http.StatusRequestEntityTooLarge, Title: "The scenario is too large",
		Detail: "The most that is stored here is 64 KiB. Leave out what the question doesn't need, or hand the scenario on as a file."}
	problemMediaType = problem{Type: problemPath + "unsupported-media-type", Status: http.StatusUnsupportedMediaType, Title: "This isn't how a scenario is sent",
		Detail: "A scenario is sent with Content-Type: application/json or application/yaml, uncompressed."}
	problemUnreadable = problem{Type: problemPath + "not-a-scenario", Status: http.StatusUnprocessableEntity, Title: "This is no scenario that can be read",
		Detail: "Each finding says what is wrong, and in which line and column. Nothing was stored."}
	problemSecrets = problem{Type: problemPath + "holds-secrets", Status: http.StatusUnprocessableEntity, Title: "The scenario holds what opens something",
		Detail: "Whoever reads the link could use what the findings name. Nothing was stored. Leave it out (stsplayground share and the page's Share do), or, where it is meant to be read by everybody, send it with ?allow-signed=1."}
	problemTooMany = problem{Type: problemPath + "too-many-requests", Status: http.StatusTooManyRequests, Title: "That was a lot in a short time",
		Detail: "Wait as long as the header Retry-After says, in seconds, and try again."}
	problemBroken = problem{Type: problemPath + "server-error", Status: http.StatusInternalServerError, Title: "The server made a mistake",
		Detail: "Trying again may help. Its log has what went wrong."}
	problemUnavailable = problem{Type: problemPath + "unavailable", Status: http.StatusServiceUnavailable, Title: "Stored scenarios can't be had at the moment",
		Detail: "The server's store can't be reached or is full. Nothing was changed. Try again after as many seconds as the header Retry-After says; what is in your browser stays there."}
)

func (p problem) because(detail string) *problem {
	p.Detail = detail
	return &p
}

// of is the problem that answers with a status where no other is named.
func problemOf(status int) problem {
	switch status {
	case http.StatusForbidden:
		return problemCrossSite
	case http.StatusNotFound:
		return problemNotFound
	}
	for _, p := range problems {
		if p.Status == status {
			return *p
		}
	}
	return problemBroken
}

// routeProblems say what the types of problems mean.
func (s *site) routeProblems(mux *http.ServeMux) {
	mux.HandleFunc("GET "+problemPath+"{name}", func(w http.ResponseWriter, r *http.Request) {
		for _, p := range problems {
			if p.Type == problemPath+r.PathValue("name") {
				s.html(w, r, http.StatusOK, page.Problem(p.Status, p.Title, p.Detail))
				return
			}
		}
		s.notFound(w, r)
	})
}

// problem says why a request isn't answered, where its status says enough.
func (s *site) problem(w http.ResponseWriter, r *http.Request, status int, title, detail string) {
	p := problemOf(status)
	p.Title, p.Detail = title, detail
	s.fail(w, r, p)
}

// fail answers with a problem: to people as a page, to programs as RFC 9457
// has it.
func (s *site) fail(w http.ResponseWriter, r *http.Request, p problem) {
	switch {
	case readByPrograms(r.URL.Path):
		sendJSON(w, p.Status, "application/problem+json", p)
	case p.Type == problemNoScenario.Type || p.Type == problemUnavailable.Type:
		s.html(w, r, p.Status, page.NoScenario(s.still(), p.Title, p.Detail))
	default:
		s.html(w, r, p.Status, page.Problem(p.Status, p.Title, p.Detail))
	}
}

// readByPrograms says whether it is programs rather than people who ask for a
// path.
func readByPrograms(path string) bool {
	isFile := strings.HasSuffix(path, ".json") || strings.HasSuffix(path, ".yaml")
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/s/") && isFile
}

// sendJSON answers with a value, which nobody keeps.
func sendJSON(w http.ResponseWriter, status int, contentType string, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(append(text, '\n'))
}
