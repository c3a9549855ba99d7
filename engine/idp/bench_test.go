package idp

import (
	"testing"

	"stsplayground/engine/scenario"
)

// BenchmarkMint is a GitHub token: cold, when it was never signed before, and
// warm, as at the next keystroke.
func BenchmarkMint(b *testing.B) {
	m := described(b, "github-actions", `{"repository":"acme/app","aud":"sts.amazonaws.com"}`, "")
	for _, alg := range []string{"RS256", "ES256"} {
		iss := &scenario.Issuer{URL: githubIssuer, Signing: []scenario.Signing{{Kid: "demo", Alg: alg}}}
		ring := Assign([]scenario.Issuer{*iss})
		ring.MintToken(m, iss, moment)
		b.Run(alg+"/cold", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				signatures = newMemo[[]byte](256)
				ring.MintToken(m, iss, moment)
			}
		})
		b.Run(alg+"/warm", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ring.MintToken(m, iss, moment)
			}
		})
	}
}

// BenchmarkFirstUse is what the first token of a scenario waits for besides
// its signature: reading a test key.
func BenchmarkFirstUse(b *testing.B) {
	for b.Loop() {
		readTestKey(3)
	}
}

func BenchmarkPublicKeySet(b *testing.B) {
	iss := &scenario.Issuer{URL: githubIssuer, Signing: []scenario.Signing{{Kid: "demo"}}}
	ring := Assign([]scenario.Issuer{*iss})
	b.ReportAllocs()
	for b.Loop() {
		ring.PublicKeySet(iss)
	}
}
