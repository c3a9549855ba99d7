package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// guarded is a mux with a route of each kind, behind the site's guard.
func guarded(s *site) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, r *http.Request) { s.notFound(w, r) })
	mux.HandleFunc("GET /embed", func(w http.ResponseWriter, r *http.Request) { s.framed(w, r, 200, nothing) })
	mux.HandleFunc("GET /shared", shared(func(w http.ResponseWriter, r *http.Request) { s.send(w, r, 200, "text/plain", nil) }))
	mux.HandleFunc("POST /api/things", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	})
	mux.HandleFunc("GET /api/things", s.notFound)
	mux.HandleFunc("DELETE /api/things/{id}", s.notFound)
	return s.guard(mux)
}

func ask(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestARouteTakesItsOwnMethods(t *testing.T) {
	tests := []struct {
		name, method, target string
		status               int
		allow                string
	}{
		{"a page is read", "GET", "/page", 404, ""},
		{"a page isn't posted to", "POST", "/page", 405, "GET, HEAD"},
		{"the API takes what it names", "POST", "/api/things", 200, ""},
		{"and nothing else", "PUT", "/api/things", 405, "GET, HEAD, POST"},
		{"a part of the path may be any", "GET", "/api/things/x", 405, "DELETE"},
		{"a method that nobody knows", "BREW", "/page", 405, "GET, HEAD"},
		{"an address that nothing has", "POST", "/nothing", 404, ""},
		{"a tunnel", "CONNECT", "/page", 405, "GET, HEAD"},
		{"a way up", "GET", "/page/../../etc/passwd", 404, ""},
		{"a way up, hidden", "GET", "/page/..%2f..%2fetc%2fpasswd", 404, ""},
		{"two slashes lead to nobody else", "GET", "//evil.example/%2e%2e", 404, ""},
	}
	h := guarded(testSite(t))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := ask(h, httptest.NewRequest(tt.method, tt.target, nil))
			if r.StatusCode != tt.status || r.Header.Get("Allow") != tt.allow {
				t.Errorf("got %d with Allow %q, want %d with %q", r.StatusCode, r.Header.Get("Allow"), tt.status, tt.allow)
			}
			want := "text/html; charset=utf-8"
			if strings.HasPrefix(tt.target, "/api/") {
				want = "application/problem+json"
			}
			if got := r.Header.Get("Content-Type"); tt.status != 200 && got != want {
				t.Errorf("got a problem as %q, want %q", got, want)
			}
		})
	}
}

func TestAProblemOfTheAPIIsJSON(t *testing.T) {
	r := ask(guarded(testSite(t)), httptest.NewRequest("PUT", "/api/things", nil))
	if got, want := body(t, r), `{"type":"/problems/method-not-allowed","title":"This isn't done here","status":405,"detail":"This address answers GET, HEAD, POST."}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhatComesInIsLimited(t *testing.T) {
	large := strings.Repeat("x", bodyBytes+1)
	tests := []struct {
		name   string
		body   io.Reader
		header [2]string
		want   int
	}{
		{"a body of the limit", strings.NewReader(large[1:]), [2]string{}, 200},
		{"a body that says that it is larger", strings.NewReader(large), [2]string{}, 413},
		{"a body that doesn't say so", io.MultiReader(strings.NewReader(large)), [2]string{}, 413},
		{"a compressed body", strings.NewReader("x"), [2]string{"Content-Encoding", "gzip"}, 415},
		{"a body that says that it isn't compressed", strings.NewReader("x"), [2]string{"Content-Encoding", "identity"}, 415},
		{"from another site's page", strings.NewReader("x"), [2]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"from another origin's page, of an old browser", strings.NewReader("x"), [2]string{"Origin", "https://evil.example"}, 403},
		{"from a sandbox", strings.NewReader("x"), [2]string{"Origin", "null"}, 403},
		{"from a page of its own", strings.NewReader("x"), [2]string{"Sec-Fetch-Site", "same-origin"}, 200},
	}
	h := guarded(testSite(t))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/api/things", tt.body)
			r.Header.Set(tt.header[0], tt.header[1])
			if got := ask(h, r).StatusCode; got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestHeadersOfEachKindOfRoute(t *testing.T) {
	tests := []struct{ name, target, ancestors, resources, origins string }{
		{"a page is framed by nobody and loaded by its own site", "/page", "frame-ancestors 'none'", "same-origin", ""},
		{"an embed is framed by anybody", "/embed", "frame-ancestors *", "cross-origin", ""},
		{"what is shared is fetched by anybody, and is no page", "/shared", "frame-ancestors 'none'; sandbox", "cross-origin", "*"},
	}
	h := guarded(testSite(t))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ask(h, httptest.NewRequest("GET", tt.target, nil)).Header
			if policy := got.Get("Content-Security-Policy"); !strings.HasSuffix(policy, tt.ancestors) {
				t.Errorf("got the policy %q, want %q in the end", policy, tt.ancestors)
			}
			for name, want := range map[string]string{
				"Cross-Origin-Resource-Policy": tt.resources,
				"Access-Control-Allow-Origin":  tt.origins,
				"Cross-Origin-Opener-Policy":   "same-origin",
				"Permissions-Policy":           permissions,
				"X-Content-Type-Options":       "nosniff",
				"Referrer-Policy":              "no-referrer",
				"Strict-Transport-Security":    "",
				"Set-Cookie":                   "",
			} {
				if got.Get(name) != want {
					t.Errorf("got %s: %q, want %q", name, got.Get(name), want)
				}
			}
		})
	}
}

func TestHTTPSIsKeptToWhereThereIsHTTPS(t *testing.T) {
	s := testSite(t)
	s.origin = "https://sts.example.com"
	if got := answer(s, "GET", "/healthz").Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("behind an https origin: got %q", got)
	}
	s.origin = ""
	server := httptest.NewTLSServer(s.handler())
	defer server.Close()
	r, err := server.Client().Get(server.URL + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if got := r.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("with TLS: got %q", got)
	}
}
