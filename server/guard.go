package main

import (
	"log/slog"
	"net/http"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// bodyBytes is the most that a request may bring: a scenario that is to be
// stored. A route reads an http.MaxBytesError where there is more, and may set
// a lower limit of its own.
const bodyBytes = 64 << 10

// guard does what every request needs: it survives a panic, refuses what no
// route takes, and sets the headers that every answer has.
func (s *site) guard(mux *http.ServeMux) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	if s.origin != "" {
		if err := sameOrigin.AddTrustedOrigin(s.origin); err != nil {
			panic(err) // parseOrigin let it through
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := newAnswerWriter(w)
		route := routeOf(mux, r)
		s.metrics.inFlight.Inc()
		defer s.record(answer, r, route, time.Now())
		defer s.recovered(answer, r, route)
		s.setHeaders(answer.Header(), r)
		switch {
		case !validHost(r.Host):
			s.problem(answer, r, http.StatusBadRequest, "The request names no host", "Its Host header is neither a name nor an address.")
		case route == "":
			s.unrouted(answer, r, mux)
		case r.Header.Get("Content-Encoding") != "":
			// RFC 9110 §15.5.16. Nothing that comes in is ever decompressed.
			answer.Header().Set("Accept-Encoding", "identity")
			s.problem(answer, r, http.StatusUnsupportedMediaType, "The request is compressed", "This server takes requests without a Content-Encoding only.")
		case sameOrigin.Check(r) != nil:
			s.problem(answer, r, http.StatusForbidden, "Another site sent this", "What changes something here is taken from this site's own pages, and from programs.")
		default:
			r.Body = http.MaxBytesReader(answer, r.Body, bodyBytes)
			mux.ServeHTTP(answer, r)
			if !answer.begun {
				answer.WriteHeader(http.StatusOK) // as the server would, unrecorded
			}
		}
	})
}

// routeOf is the pattern that matches the request, "" where none does.
func routeOf(mux *http.ServeMux, r *http.Request) string {
	if r.Method == http.MethodConnect {
		return "" // for which ServeMux may give the path in the pattern's place
	}
	_, pattern := mux.Handler(r)
	return pattern
}

// record counts the request and writes its line in the log.
func (s *site) record(answer *answerWriter, r *http.Request, route string, begun time.Time) {
	if route == "" {
		route = "none"
	}
	took := time.Since(begun)
	s.metrics.inFlight.Dec()
	s.metrics.answered(route, methodName(r), answer.status, answer.bytes, took)
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("route", route), slog.String("method", methodName(r)), slog.Int("status", answer.status),
		slog.Int64("bytes", answer.bytes), slog.Float64("duration_ms", float64(took.Microseconds())/1000))
}

// unrouted answers what no pattern matches: the path is another's, or its
// routes take other methods (RFC 9110 §15.5.6).
func (s *site) unrouted(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	said := unsent{}
	unmatched, _ := mux.Handler(r)
	unmatched.ServeHTTP(&said, r)
	allow := said.Header().Get("Allow")
	if allow == "" {
		s.notFound(w, r)
		return
	}
	w.Header().Set("Allow", allow)
	s.problem(w, r, http.StatusMethodNotAllowed, "This isn't done here", "This address answers "+allow+".")
}

// unsent is an answer of which the header alone is wanted.
type unsent struct{ header http.Header }

func (u *unsent) Header() http.Header {
	if u.header == nil {
		u.header = http.Header{}
	}
	return u.header
}
func (u *unsent) Write(p []byte) (int, error) { return len(p), nil }
func (u *unsent) WriteHeader(int)             {}

// setHeaders sets the headers that every answer has. What is no page runs
// nothing and is framed by nobody, should somebody open it as one; pages have
// policies of their own.
func (s *site) setHeaders(h http.Header, r *http.Request) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", permissions)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.TLS != nil || strings.HasPrefix(s.origin, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000") // RFC 6797; of subdomains this server knows nothing
	}
}

// permissions are the powerful features that no page here uses, nor anything
// framed in one (Permissions Policy §6.1).
const permissions = "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()"

// shared lets other sites fetch what h answers.
func shared(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		forAll(w.Header())
		h(w, r)
	}
}

// forAll lets other sites fetch an answer, for their embeds and editors.
// Nothing here depends on who asks.
func forAll(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// recovered ends a request that panicked. The panic is recorded by the route
// it struck. Neither the query nor the rest of the request is written down,
// and so not the words of the panic either: they may quote the request.
func (s *site) recovered(answer *answerWriter, r *http.Request, route string) {
	broken := recover()
	if broken == nil {
		return
	}
	if broken != http.ErrAbortHandler {
		s.log.Error("panic", "route", route, "what", panicked(broken), "stack", string(debug.Stack()))
	}
	if broken == http.ErrAbortHandler || answer.begun {
		panic(http.ErrAbortHandler) // the only way left to say that the answer isn't whole
	}
	clear(answer.Header())
	s.setHeaders(answer.Header(), r)
	s.problem(answer, r, http.StatusInternalServerError, "The server made a mistake", "Nothing that was typed is lost, and trying again may help.")
}

// panicked names what a panic is about: the runtime's are told, of others the type.
func panicked(broken any) string {
	if err, ok := broken.(runtime.Error); ok {
		return err.Error()
	}
	return reflect.TypeOf(broken).String()
}
