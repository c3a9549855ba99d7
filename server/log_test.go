package main

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

// visit asks for a page with a canary wherever a visitor can write something.
func visit(s *site, method, target string) {
	r := httptest.NewRequest(method, target, strings.NewReader("canary=body"))
	r.Host = "canary.example"
	r.RemoteAddr = "192.0.2.77:5000"
	for _, name := range []string{"User-Agent", "Referer", "Cookie", "Authorization", "X-Forwarded-For", "Content-Type", "Origin", "X-Canary"} {
		r.Header.Set(name, "canary")
	}
	s.handler().ServeHTTP(httptest.NewRecorder(), r)
}

func TestTheLogHasALineARequestAndNothingOfTheVisitor(t *testing.T) {
	s := testSite(t)
	var logged bytes.Buffer
	s.log = newLog(&logged, "json")
	tests := []struct{ method, target, wantRoute, wantMethod string }{
		{"GET", "/?id_token=canary", "GET /{$}", "GET"},
		{"HEAD", "/new?canary", "GET /new", "HEAD"},
		{"GET", "/canary/canary", "none", "GET"},
		{"GET", "/examples/canary.yaml", "GET /examples/{file}", "GET"},
		{"CANARY", "/", "none", "other"},
		{"POST", "/?canary", "none", "POST"},
		{"CONNECT", "/canary", "none", "CONNECT"},
	}
	for _, tt := range tests {
		logged.Reset()
		visit(s, tt.method, tt.target)
		var line struct {
			Time, Level, Msg, Route, Method string
			Status                          int
			Bytes                           int64
			Duration                        *float64 `json:"duration_ms"`
		}
		reader := json.NewDecoder(bytes.NewReader(logged.Bytes()))
		reader.DisallowUnknownFields()
		if err := reader.Decode(&line); err != nil || strings.Count(logged.String(), "\n") != 1 {
			t.Errorf("%s %s: got %q, want one line; %v", tt.method, tt.target, logged.String(), err)
			continue
		}
		if line.Msg != "request" || line.Route != tt.wantRoute || line.Method != tt.wantMethod || line.Status < 200 || line.Duration == nil {
			t.Errorf("%s %s: got %+v", tt.method, tt.target, line)
		}
		if got := logged.String(); strings.Contains(strings.ToLower(got), "canary") || strings.Contains(got, "192.0.2.77") {
			t.Errorf("%s %s: got %q, with words of the visitor", tt.method, tt.target, got)
		}
	}
}

func TestTheLogOfConnectionsNamesNobody(t *testing.T) {
	tests := []struct{ line, want string }{
		{"http: TLS handshake error from 192.0.2.77:5000: tls: client requested unsupported application protocols ([canary])", "http: TLS handshake error"},
		{"http: panic serving [2001:db8::77]:5000: canary\ngoroutine 7", "http: panic"},
		{"http2: server: error reading preface from client 192.0.2.77:5000: canary", "http2: server: error reading preface"},
		{"http: Accept error: accept tcp 127.0.0.1:8080: too many open files; retrying in 5ms", "http: Accept error: accept tcp 127.0.0.1:8080: too many open files; retrying in 5ms"},
	}
	for _, tt := range tests {
		var logged bytes.Buffer
		connectionLog(newLog(&logged, "json")).Print(tt.line)
		var line struct{ Msg string }
		if err := json.Unmarshal(logged.Bytes(), &line); err != nil || line.Msg != tt.want {
			t.Errorf("got %q, %v; want %q", line.Msg, err, tt.want)
		}
	}
}

func TestTheLogIsTextOrJSON(t *testing.T) {
	for format, want := range map[string]string{"text": "level=INFO msg=words n=1\n", "json": `"level":"INFO","msg":"words","n":1}` + "\n"} {
		var logged bytes.Buffer
		newLog(&logged, format).Info("words", "n", 1)
		if !strings.HasSuffix(logged.String(), want) {
			t.Errorf("%s: got %q", format, logged.String())
		}
	}
}
