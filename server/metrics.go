package main

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what the program counts, for Prometheus. Their labels take
// values of this program only, never a visitor's.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	bytes     *prometheus.CounterVec
	inFlight  prometheus.Gauge
	scenarios *prometheus.CounterVec
}

// newMetrics are the metrics of one site, all at zero.
func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "stsplayground_http_requests_total", Help: "Answered requests, by the route's pattern (none: no such address), method, and class of the status.",
		}, []string{"route", "method", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "stsplayground_http_request_duration_seconds", Help: "How long answers took, until they were written.",
			Buckets: []float64{.001, .0025, .005, .01, .02, .05, .1, .25, .5, 1, 5, 30},
		}, []string{"route"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "stsplayground_http_response_bytes_total", Help: "Bytes of answers' bodies, as sent.",
		}, []string{"route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "stsplayground_http_requests_in_flight", Help: "Requests that are being answered.",
		}),
		scenarios: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "stsplayground_scenarios_total", Help: "What became of scenarios behind short links; refused: it was none, or held a secret; limited: too many at a time; unavailable: the store was away.",
		}, []string{"event"}),
	}
	for _, event := range []string{"stored", "read", "deleted", "expired", "refused", "limited", "unavailable"} {
		m.scenario(event, 0) // so that the first of a kind is a rise
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "stsplayground_build_info", Help: "Which build this is; always 1.",
		ConstLabels: prometheus.Labels{"version": version(), "go": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.durations, m.bytes, m.inFlight, m.scenarios, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// scenario counts what became of a scenario behind a short link.
func (m *metrics) scenario(event string, n int) { m.scenarios.WithLabelValues(event).Add(float64(n)) }

// answered counts a request.
func (m *metrics) answered(route, method string, status int, bytes int64, took time.Duration) {
	m.requests.WithLabelValues(route, method, fmt.Sprintf("%dxx", status/100)).Inc()
	m.durations.WithLabelValues(route).Observe(took.Seconds())
	m.bytes.WithLabelValues(route).Add(float64(bytes))
}

// handler shows the metrics.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

// methods are the request methods that have a name here (RFC 9110 §9.3, RFC
// 5789). A request may have any other.
var methods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}

// methodName is the request's method, for what is counted and written down.
func methodName(r *http.Request) string {
	if slices.Contains(methods, r.Method) {
		return r.Method
	}
	return "other"
}
