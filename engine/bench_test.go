package engine_test

import (
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/examples"
)

// BenchmarkRun plays the GitHub case as somebody would paste it: a compact
// token, and the key set as served.
func BenchmarkRun(b *testing.B) {
	s := decode(b, examples.All()[0].JSON)
	s.Calls = s.Calls[:1]
	keys := idp.Assign(s.Issuers)
	params := &s.Calls[0].Params
	token, _ := keys.MintToken(params.WebIdentityToken.Mint, &s.Issuers[0], s.Now)
	params.WebIdentityToken = scenario.Token{Text: token, Given: true}
	set, err := source.ParseJSON(keys.PublicKeySet(&s.Issuers[0]))
	if err != nil {
		b.Fatal(err)
	}
	s.Issuers[0].JWKS.Node, s.Issuers[0].Signing = set, nil
	if r := engine.Run(s); r.Calls[0].Outcome != "success" || len(r.Calls[0].Assumed) > 0 {
		b.Fatalf("got %s", r.Calls[0].Verdict)
	}
	for b.Loop() {
		engine.Run(s)
	}
}

func BenchmarkDecode(b *testing.B) {
	text := examples.All()[0].JSON
	for b.Loop() {
		engine.Decode(text, len(text))
	}
}

// BenchmarkRunSAML plays a signed response and its metadata as somebody would
// paste them.
func BenchmarkRunSAML(b *testing.B) {
	s := goodResponse().scenario(b)
	for b.Loop() {
		engine.Run(s)
	}
}
