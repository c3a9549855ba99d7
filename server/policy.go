package main

import (
	"net/http"
	"slices"
	"strings"

	"stsplayground/web/page"
)

// pagePolicy is what the Content-Security-Policies (CSP Level 3) of all pages
// say alike. What each says of its scripts, and of what it may fetch, is its
// own. The worker is a Blob, and so is governed by the page's policy.
var pagePolicy = []string{
	"default-src 'none'",
	"worker-src blob:",
	"img-src 'self' data:",
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"require-trusted-types-for 'script'",
	"trusted-types sts",
}

// contentPolicy is the policy of the server's pages. The page may fetch the
// engine, the tools, their worker, the examples, the lessons and AWS's names, each by its
// exact address, and nothing else from anywhere: whatever is pasted has no way
// out. robots.txt stands among them for auditors such as Lighthouse, which ask
// for it from within the page. ancestors are the sites that may frame it.
func (s *site) contentPolicy(r *http.Request, ancestors string) string {
	return policy("script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "connect-src "+s.fetched(r, s.paths()), "frame-ancestors "+ancestors)
}

// playgroundPolicy is that of the playground itself, with its assets. Where the
// server stores scenarios, one may be sent to the address for that.
func (s *site) playgroundPolicy(r *http.Request, a page.Assets) string {
	connect := s.fetched(r, a)
	if s.kept != nil {
		connect = s.fetched(r, a, apiPath)
	}
	return policy("script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "connect-src "+connect, "frame-ancestors 'none'")
}

// policy is pagePolicy with a page's own directives, which come in the place of
// those of the same name.
func policy(own ...string) string {
	all := slices.DeleteFunc(slices.Clone(pagePolicy), func(common string) bool {
		return slices.ContainsFunc(own, func(directive string) bool { return directiveName(directive) == directiveName(common) })
	})
	return strings.Join(append(all, own...), "; ")
}

func directiveName(directive string) string {
	name, _, _ := strings.Cut(directive, " ")
	return name
}

// fetched is the source list of what the page's program fetches, and more
// paths.
func (s *site) fetched(r *http.Request, a page.Assets, more ...string) string {
	lessons, _, _ := strings.Cut(a.Lessons, "?") // a source has no query (CSP Level 3 §2.3.1)
	return s.sources(r, append([]string{a.Wasm, a.Tools, a.Worker, a.Examples, lessons, a.Reference, "/robots.txt"}, more...)...)
}

// sources is the source list of some of the site's paths. A request that came
// without TLS may have come through a proxy that ended it: http: in a source
// also matches https: (CSP Level 3 §6.7.2.8, scheme-part match).
func (s *site) sources(r *http.Request, paths ...string) string {
	if !s.built || s.origin == "" && !validHost(r.Host) {
		return "'none'"
	}
	origin := s.origin
	if origin == "" {
		origin = "http://" + r.Host
	}
	return origin + strings.Join(paths, " "+origin)
}
