package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// readyTime is how long what the site rests on may take to say that it is ready.
const readyTime = 2 * time.Second

// routeHealth are the addresses that machines look at.
func (s *site) routeHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /readyz", s.readiness)
	if s.metricsAddr == "" {
		mux.Handle("GET /metrics", s.metrics.handler())
	}
}

// health says that the program lives.
func (s *site) health(w http.ResponseWriter, r *http.Request) { said(w, http.StatusOK, "ok") }

// readiness says whether visitors may be sent here.
func (s *site) readiness(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	switch {
	case s.stopping.Load():
		said(w, http.StatusServiceUnavailable, "stopping")
	case !s.built:
		said(w, http.StatusServiceUnavailable, "the page isn't built")
	case s.ready(ctx) != nil:
		said(w, http.StatusServiceUnavailable, "scenarios can't be stored or read")
	default:
		said(w, http.StatusOK, "ready")
	}
}

func said(w http.ResponseWriter, status int, words string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintln(w, words)
}
