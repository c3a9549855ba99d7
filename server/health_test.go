package main

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestWhetherVisitorsMayBeSentHere(t *testing.T) {
	tests := []struct {
		name   string
		breaks func(*site)
		want   string
	}{
		{"all is well", func(*site) {}, "200 ready"},
		{"it was told to stop", func(s *site) { s.stopping.Store(true) }, "503 stopping"},
		{"it was built without its page", func(s *site) { s.built = false }, "503 the page isn't built"},
		{"the database is away", func(s *site) {
			s.ready = func(context.Context) error { return errors.New("dial tcp db.internal:5432: refused") }
		}, "503 scenarios can't be stored or read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testSite(t)
			tt.breaks(s)
			r := answer(s, "GET", "/readyz")
			if got := r.Status[:3] + " " + strings.TrimSpace(body(t, r)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if live := answer(s, "GET", "/healthz"); live.StatusCode != http.StatusOK {
				t.Errorf("got %d of /healthz, want 200: starting it again helps nobody", live.StatusCode)
			}
		})
	}
}

func TestMetricsAreOfRoutesAndNotOfVisitors(t *testing.T) {
	s := testSite(t)
	answer(s, "GET", "/")
	answer(s, "GET", "/?scenario=canary")
	answer(s, "GET", "/canary")
	answer(s, "CANARY", "/canary?canary")
	answer(s, "POST", "/healthz")
	s.metrics.scenario("stored", 2)
	text := body(t, answer(s, "GET", "/metrics"))
	for _, want := range []string{
		`stsplayground_http_requests_total{method="GET",route="GET /{$}",status="2xx"} 1`,
		`stsplayground_http_requests_total{method="GET",route="GET /{$}",status="4xx"} 1`,
		`stsplayground_http_requests_total{method="GET",route="none",status="4xx"} 1`,
		`stsplayground_http_requests_total{method="other",route="none",status="4xx"} 1`,
		`stsplayground_http_requests_total{method="POST",route="none",status="4xx"} 1`,
		`stsplayground_http_request_duration_seconds_count{route="GET /{$}"} 2`,
		`stsplayground_http_requests_in_flight 1`, // this one
		`stsplayground_scenarios_total{event="stored"} 2`,
		`stsplayground_build_info{go="go1`,
		`go_goroutines `,
		`process_open_fds `,
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("got no %s in\n%s", want, text)
		}
	}
	if !regexp.MustCompile(`(?m)^stsplayground_http_response_bytes_total\{route="GET /\{\$\}"\} [1-9]`).MatchString(text) {
		t.Error("got no bytes counted")
	}
	if strings.Contains(strings.ToLower(text), "canary") {
		t.Error("got a visitor's words among the metrics")
	}
}

func TestMetricsMayStandElsewhere(t *testing.T) {
	s := testSite(t)
	s.metricsAddr = "127.0.0.1:9100"
	if got := answer(s, "GET", "/metrics").StatusCode; got != http.StatusNotFound {
		t.Errorf("got %d, want 404 beside the pages", got)
	}
}
