package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/share"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
	"stsplayground/server/store"
)

// apiPath is where scenarios are stored.
const apiPath = "/api/scenarios"

// routeAPI is what programs store and delete scenarios by; openapi.yaml
// describes it.
func (s *site) routeAPI(mux *http.ServeMux) {
	if s.kept == nil {
		return
	}
	mux.HandleFunc("POST "+apiPath, s.storeScenario)
	mux.HandleFunc("DELETE "+apiPath+"/{id}", s.deleteScenario)
	mux.HandleFunc("GET /openapi.yaml", s.describe(openAPI, "application/yaml"))
	mux.HandleFunc("GET /openapi.json", s.describe(openAPIJSON(), "application/json"))
}

// storedAnswer is what is told of a scenario that was stored. The key is told
// once.
type storedAnswer struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	JSON      string    `json:"json"`
	YAML      string    `json:"yaml"`
	Report    string    `json:"report"`
	Embed     string    `json:"embed"`
	Expires   time.Time `json:"expires"`
	DeleteURL string    `json:"deleteUrl"`
	DeleteKey string    `json:"deleteKey"`
}

// lifetimes are how long a scenario may be stored, by what the query calls it.
var lifetimes = map[string]time.Duration{
	"":    30 * 24 * time.Hour,
	"1d":  24 * time.Hour,
	"30d": 30 * 24 * time.Hour,
	"1y":  365 * 24 * time.Hour,
}

// storeScenario stores a scenario, and answers with its addresses.
func (s *site) storeScenario(w http.ResponseWriter, r *http.Request) {
	if ok, retry := s.limits.allowRead(r); !ok { // reading a scenario costs work, whether it is stored or not
		s.refuseForNow(w, r, retry, "Wait a moment and try again.")
		return
	}
	lifetime, insists, refused := asked(r.URL.Query())
	if refused == nil {
		refused = wantsScenario(r)
	}
	var text string
	if refused == nil {
		text, refused = body64(w, r)
	}
	var normal string
	if refused == nil {
		done, err := s.kept.looking.take(r.Context()) // looking for secrets takes its time
		if err != nil {
			s.failStore(w, r, err)
			return
		}
		normal, refused = normalised(text, isJSON(r), insists)
		done()
	}
	if refused != nil {
		s.metrics.scenario("refused", 1)
		s.fail(w, r, *refused)
		return
	}
	if ok, retry := s.limits.allowStore(r); !ok {
		s.metrics.scenario("limited", 1)
		s.refuseForNow(w, r, retry, "Only so many scenarios are stored in a time. Nothing was stored; Retry-After says when there is room again. A link that holds the scenario itself, after its #, needs no room here.")
		return
	}

	now := s.clock().UTC().Truncate(time.Second)
	key, hash := store.NewKey()
	kept := store.Scenario{ID: store.NewID(), JSON: normal, Created: now, Expires: now.Add(lifetime)}
	ctx, cancel := context.WithTimeout(r.Context(), storeTakes)
	defer cancel()
	if err := s.kept.put(ctx, kept, hash); err != nil {
		s.failStore(w, r, err)
		return
	}
	s.metrics.scenario("stored", 1)
	address := s.address(r, "/s/"+kept.ID)
	w.Header().Set("Location", address)
	sendJSON(w, http.StatusCreated, "application/json", storedAnswer{
		ID: kept.ID, URL: address, JSON: address + ".json", YAML: address + ".yaml", Report: address + "/report", Embed: address + "/embed",
		Expires: kept.Expires, DeleteURL: address + "/delete#" + key, DeleteKey: key,
	})
}

// asked reads the query of a request to store.
func asked(query url.Values) (lifetime time.Duration, insists bool, refused *problem) {
	for name, values := range query {
		known := name == "expires" || name == "allow-signed"
		if !known || len(values) != 1 {
			return 0, false, problemBadRequest.because(fmt.Sprintf("The query may have expires and allow-signed, each once, and has %q. Leave it out, or write it as the description at /openapi.json does.", source.Clip(name)))
		}
	}
	lifetime, ok := lifetimes[query.Get("expires")]
	if !ok {
		return 0, false, problemBadRequest.because(fmt.Sprintf("expires is 1d, 30d or 1y, and is %q. Without it a scenario is kept for 30 days.", source.Clip(query.Get("expires"))))
	}
	switch query.Get("allow-signed") {
	case "1":
		insists = true
	case "", "0":
	default:
		return 0, false, problemBadRequest.because(fmt.Sprintf("allow-signed is 1 or isn't there, and is %q.", source.Clip(query.Get("allow-signed"))))
	}
	return lifetime, insists, nil
}

// The media types of a scenario. A browser sends none of them to another site
// without asking first (Fetch §3.3, CORS-safelisted request-header), and then
// isn't allowed to.
var (
	jsonTypes = []string{"application/json"}
	yamlTypes = []string{"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"}
)

// wantsScenario says why a request's media type is none of a scenario.
func wantsScenario(r *http.Request) *problem {
	mediaType, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(parameters["charset"])
	switch {
	case err != nil || !slices.Contains(jsonTypes, mediaType) && !slices.Contains(yamlTypes, mediaType):
		return problemMediaType.because("A scenario is sent with Content-Type: application/json or application/yaml.")
	case charset != "" && charset != "utf-8":
		return problemMediaType.because("A scenario is sent as UTF-8; leave the charset out of the Content-Type.")
	}
	return nil
}

func isJSON(r *http.Request) bool {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return slices.Contains(jsonTypes, mediaType)
}

// body64 reads a request's body, of at most as much as a scenario may have here.
func body64(w http.ResponseWriter, r *http.Request) (text string, refused *problem) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, scenario.LimitServer))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return "", &problemTooLarge
	case err != nil:
		return "", problemBadRequest.because("The request ended before its body did. Send it again.")
	}
	return string(body), nil
}

// mostFindings is how many a refusal tells. Whoever mended those sends it again.
const mostFindings = 50

// normalised is a scenario as it is stored: the engine read it, and holds
// nothing that opens anything, unless its sender insists.
func normalised(text string, isJSON, insists bool) (normal string, refused *problem) {
	if _, bent := source.ParseJSON(text); isJSON && bent != nil {
		p := problemUnreadable
		p.Findings = []finding{{Rule: "scenario/json", Title: "The scenario is JSON", Detail: bent.Reason, Line: bent.Line, Column: bent.Column}}
		return "", &p
	}
	s, findings := engine.Decode(text, scenario.LimitServer)
	if scenario.Unreadable(findings) {
		p := problemUnreadable
		for _, f := range findings {
			if f.Severity == trace.SeverityError && len(p.Findings) < mostFindings {
				p.Findings = append(p.Findings, finding{Rule: f.Rule, Title: f.Title, Detail: f.Detail, Field: f.At.Path, Line: f.At.Line, Column: f.At.Column})
			}
		}
		return "", &p
	}
	if _, changes := share.Redact(&s.Root, share.Options{}); len(changes) > 0 && !insists {
		p := problemSecrets
		for _, c := range changes[:min(len(changes), mostFindings)] {
			line, column := s.Place(c.Path)
			p.Findings = append(p.Findings, finding{Rule: "share/" + strings.ReplaceAll(string(c.Kind), " ", "-"), Title: "Here is " + c.Kind.Count(1), Detail: whyHeld(c.Kind), Field: c.Path, Line: line, Column: column})
		}
		return "", &p
	}
	trimmed := share.Trim(&s.Root, time.Time{})
	normal = trimmed.JSON("")
	if len(normal) > scenario.LimitServer {
		return "", problemTooLarge.because(fmt.Sprintf("The scenario has %d bytes as JSON, and the most that is stored is %d. Hand on a file instead, or leave out what the question doesn't need.", len(normal), scenario.LimitServer))
	}
	return normal, nil
}

// whyHeld says what is wrong with storing something of a kind.
func whyHeld(kind share.Kind) string {
	switch kind {
	case share.Token:
		return "Whoever reads the link could use the token until it expires. Leave out what follows its second dot, or write {unsigned: {header: …, claims: …}} in its place."
	case share.Response:
		return "Whoever reads the link could use the SAML response until it expires. Empty its SignatureValue, or write {unsigned: XML} in its place."
	case share.PrivateKey:
		return "Whoever reads the link would have the key. Leave it out."
	case share.Secret:
		return "Whoever reads the link could use it. Leave it out."
	}
	return "It can't be told from here what it opens. Leave it out."
}

// deleteScenario deletes a scenario with the key that was told when it was
// stored.
func (s *site) deleteScenario(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	err := store.ErrNotFound
	switch key = strings.TrimSpace(key); {
	case !strings.EqualFold(scheme, "Bearer") || key == "":
		w.Header().Set("WWW-Authenticate", "Bearer") // RFC 6750 §3
		s.fail(w, r, problemNoKey)
		return
	case isID(id):
		ctx, cancel := context.WithTimeout(r.Context(), storeTakes)
		defer cancel()
		err = s.kept.delete(ctx, id, key)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		s.fail(w, r, problemNoScenario)
	case errors.Is(err, store.ErrWrongKey):
		s.fail(w, r, problemWrongKey)
	case err != nil:
		s.failStore(w, r, err)
	default:
		s.metrics.scenario("deleted", 1)
		w.WriteHeader(http.StatusNoContent)
	}
}

// failStore answers where the store can't be had for the moment.
func (s *site) failStore(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) { // by whoever asked: nobody reads the answer
		return
	}
	s.metrics.scenario("unavailable", 1)
	s.log.Warn("the store isn't available", "route", r.Pattern, "error", err)
	w.Header().Set("Retry-After", strconv.Itoa(int(storeTakes/time.Second)))
	s.fail(w, r, problemUnavailable)
}
