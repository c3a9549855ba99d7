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

// BenchmarkMintResponse is an Entra ID response: cold, and as at the next
// keystroke.
func BenchmarkMintResponse(b *testing.B) {
	to := aws
	to.Encrypt = &rsaKeys[0]().PublicKey
	for _, tt := range []struct{ name, alg, sign, encrypt, attack string }{
		{"RS256", "RS256", "assertion", "", ""},
		{"ES256", "ES256", "assertion", "", ""},
		{"both", "RS256", "both", "", ""},
		{"encrypted", "RS256", "both", "aes256-gcm", ""},
		{"xsw8", "RS256", "assertion", "", "xsw8"},
	} {
		m := response(b, `{"PrincipalTag:Team":"web"}`, "")
		m.Profile, m.Sign, m.Encrypt, m.Attack = "entra-id", tt.sign, tt.encrypt, tt.attack
		iss := samlIssuer(tt.alg)
		ring := Assign([]scenario.Issuer{*iss})
		ring.MintResponse(m, iss, to, moment)
		b.Run(tt.name+"/cold", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				forgetAll()
				ring.MintResponse(m, iss, to, moment)
			}
		})
		b.Run(tt.name+"/warm", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ring.MintResponse(m, iss, to, moment)
			}
		})
	}
}

func BenchmarkMetadata(b *testing.B) {
	iss := samlIssuer("RS256")
	ring := Assign([]scenario.Issuer{*iss})
	b.ReportAllocs()
	for b.Loop() {
		ring.Metadata(iss)
	}
}
