package main

import (
	"net/http"
	"testing"
)

// BenchmarkPages draws pages as visitors ask for them.
func BenchmarkPages(b *testing.B) {
	s := testSite(b)
	s.catalogued()
	for _, target := range []string{"/examples/" + s.gallery[0].Slug, "/examples/pod-identity-goes-on-to-another-account", "/gallery", "/gallery/symptoms", "/gallery?q=jwks", "/lessons", "/lessons/a-star-in-the-subject"} {
		b.Run(target, func(b *testing.B) {
			for b.Loop() {
				if r := answer(s, "GET", target); r.StatusCode != http.StatusOK {
					b.Fatalf("got %d", r.StatusCode)
				}
			}
		})
	}
}
