package main

import (
	"net/http"
	"strings"
)

// contentPolicy is the Content-Security-Policy (CSP Level 3) of the site's
// pages. The page may fetch the engine, the tools, their worker, the examples and AWS's
// names, each by its exact address, and nothing else from anywhere: whatever is pasted has
// no way out. The worker is a Blob, and so is governed by this policy too.
func (s *site) contentPolicy(r *http.Request) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval'",
		"worker-src blob:",
		"connect-src " + s.fetched(r),
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types sts",
	}, "; ")
}

// fetched is the source list of what the page's program fetches. A request
// that came without TLS may have come through a proxy that ended it: http: in
// a source also matches https: (CSP Level 3 §6.7.2.8, scheme-part match).
func (s *site) fetched(r *http.Request) string {
	if !s.built || s.origin == "" && !validHost(r.Host) {
		return "'none'"
	}
	origin := s.origin
	if origin == "" {
		origin = "http://" + r.Host
	}
	paths := s.paths()
	fetched := []string{paths.Wasm, paths.Tools, paths.Worker, paths.Examples, paths.Reference}
	return origin + strings.Join(fetched, " "+origin)
}
