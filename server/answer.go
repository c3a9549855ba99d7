package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
)

// html draws a page and sends it. Nothing is sent of a page that can't be
// drawn whole.
func (s *site) html(w http.ResponseWriter, r *http.Request, status int, drawn templ.Component) {
	s.htmlUnder(w, r, status, s.contentPolicyFor(r, s.paths()), drawn)
}

// htmlUnder is html with a policy of the page's own.
func (s *site) htmlUnder(w http.ResponseWriter, r *http.Request, status int, policy string, drawn templ.Component) {
	var body bytes.Buffer
	if err := drawn.Render(context.WithoutCancel(r.Context()), &body); err != nil {
		panic(err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache") // the page names assets of this build, and shows the clock
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Vary", "Accept-Encoding")
	if negotiate(r.Header.Values("Accept-Encoding"), []string{"gzip"}) == "gzip" {
		h.Set("Content-Encoding", "gzip")
		body = compressed(body.Bytes())
	}
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	w.Write(body.Bytes())
}

func compressed(text []byte) bytes.Buffer {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(text)
	z.Close()
	return b
}

// answerWriter knows whether the answer has begun.
type answerWriter struct {
	http.ResponseWriter
	begun bool
}

func (w *answerWriter) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerWriter) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(p)
}

// setHeaders sets the headers that every answer has.
func (w *answerWriter) setHeaders() {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

// Unwrap is for http.ResponseController.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
