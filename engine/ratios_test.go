//go:build bench

package engine_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/iam"
	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
)

// What make bench holds the engine to. Times are compared within one run on
// one machine: a verdict at every keystroke must stay out of the typist's
// way, and a file of many calls must not cost more a call than a small one.
const (
	runPerVerification  = 5.0  // full Run of the GitHub case, in bare RSA-2048 verifications
	samlPerVerification = 30.0 // full Run of a signed SAML response and its metadata
	decisionTime        = 1000 // nanoseconds of one decision on a parsed policy
	decisionAllocations = 10
	manyPerFew          = 11.0 // 10,000 calls against 1,000
)

func TestRatios(t *testing.T) {
	verification := fastest(bareVerification(t))

	text := pasted(t, 1)
	s, findings := engine.Decode(text, scenario.LimitCheck)
	if len(findings) > 0 {
		t.Fatalf("got findings %+v, want none", findings)
	}
	if r := engine.Run(s); r.Calls[0].Outcome != "success" || len(r.Calls[0].Assumed) > 0 {
		t.Fatalf("got %s, assumed %v, want success with a verified signature", r.Calls[0].Verdict, r.Calls[0].Assumed)
	}
	run := fastest(func() { engine.Run(s) })
	saml := goodResponse().scenario(t)
	if r := engine.Run(saml); r.Calls[0].Outcome != "success" || len(r.Calls[0].Assumed) > 0 {
		t.Fatalf("got %s, assumed %v, want success with a verified signature", r.Calls[0].Verdict, r.Calls[0].Assumed)
	}
	samlRun := fastest(func() { engine.Run(saml) })
	verification = min(verification, fastest(bareVerification(t)))

	policy, request := trustDecision(t, s)
	decision := fastest(func() { policy.Decide(request) })
	allocations := testing.AllocsPerRun(1000, func() { policy.Decide(request) })

	few, many := calls(t, 1_000), calls(t, 10_000)

	rows := []struct {
		name      string
		got, want float64
		detail    string
	}{
		{"Run of the GitHub case / RSA-2048 verification", ratio(run, verification), runPerVerification, fmt.Sprintf("%v / %v", run, verification)},
		{"Run of a SAML response / RSA-2048 verification", ratio(samlRun, verification), samlPerVerification, fmt.Sprintf("%v / %v", samlRun, verification)},
		{"decision on a parsed policy, ns", float64(decision.Nanoseconds()), decisionTime, ""},
		{"decision on a parsed policy, allocations", allocations, decisionAllocations, ""},
		{"10,000 calls / 1,000 calls, text to report", ratio(many, few), manyPerFew, fmt.Sprintf("%v / %v", many, few)},
	}
	for _, row := range rows {
		fmt.Printf("%-48s %8.2f  at most %7.2f  %s\n", row.name, row.got, row.want, row.detail)
		if row.got > row.want {
			t.Errorf("%s: got %.2f, want at most %.2f", row.name, row.got, row.want)
		}
	}
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// fastest is the time that f takes when nothing else gets in its way: the
// best of several rounds, each long enough for the clock.
func fastest(f func()) time.Duration {
	const rounds, round = 9, 50 * time.Millisecond
	best := time.Duration(1<<63 - 1)
	times := 1
	for done := 0; done < rounds; {
		start := time.Now()
		for range times {
			f()
		}
		took := time.Since(start)
		if took < round {
			times *= 2 // too short a round to count
			continue
		}
		best = min(best, took/time.Duration(times))
		done++
	}
	return best
}

// bareVerification verifies one RS256 signature and nothing else.
func bareVerification(t *testing.T) func() {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("signing input"))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature); err != nil {
			panic(err)
		}
	}
}

// pasted is the GitHub example as somebody would paste it, a compact token
// and a key set as served, with n calls.
func pasted(t *testing.T, n int) string {
	t.Helper()
	var example examples.Example
	for _, e := range examples.All() {
		if e.Slug == "github-actions-deploys-from-main" {
			example = e
		}
	}
	s, findings := engine.Decode(example.JSON, scenario.LimitCheck)
	if len(findings) > 0 || len(s.Calls) == 0 || len(s.Issuers) != 1 {
		t.Fatalf("got findings %+v for the example, want a scenario with one issuer and a call", findings)
	}
	keys := idp.Assign(s.Issuers)
	now := time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)
	token, _ := keys.MintToken(s.Calls[0].Params.WebIdentityToken.Mint, &s.Issuers[0], now)

	var document map[string]any
	if err := json.Unmarshal([]byte(example.JSON), &document); err != nil {
		t.Fatal(err)
	}
	document["now"] = now
	document["issuers"] = []any{map[string]any{"url": s.Issuers[0].URL, "jwks": keys.PublicKeySet(&s.Issuers[0])}}
	params := document["calls"].([]any)[0].(map[string]any)["params"].(map[string]any)
	params["WebIdentityToken"] = token
	var made []any
	for i := range n {
		made = append(made, map[string]any{"name": fmt.Sprintf("call %d", i), "action": "sts:AssumeRoleWithWebIdentity", "params": params})
	}
	document["calls"] = made
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// trustDecision is the example's trust policy, parsed, and the request that
// its token makes.
func trustDecision(t *testing.T, s scenario.Scenario) (*iam.Policy, *iam.Request) {
	t.Helper()
	policy, _ := iam.ParseText(s.Accounts[0].Roles[0].AssumeRolePolicyDocument.Node.Text, iam.TrustPolicy)
	context := iam.NewContext()
	context.Set("token.actions.githubusercontent.com:aud", "sts.amazonaws.com")
	context.Set("token.actions.githubusercontent.com:sub", "repo:acme/app:ref:refs/heads/main")
	request := &iam.Request{
		Action:    "sts:AssumeRoleWithWebIdentity",
		Principal: iam.Principal{Federated: []string{"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}},
		Context:   context,
	}
	if got := policy.Decide(request); got != iam.Allow {
		t.Fatalf("got %v, want Allow", got)
	}
	return policy, request
}

// calls is the time from the text of a scenario with n calls to its report.
func calls(t *testing.T, n int) time.Duration {
	t.Helper()
	text := pasted(t, n)
	best := time.Duration(1<<63 - 1)
	for range 3 {
		start := time.Now()
		s, findings := engine.Decode(text, scenario.LimitCheck)
		report := engine.Run(s)
		best = min(best, time.Since(start))
		if len(findings) > 0 || len(report.Calls) != n {
			t.Fatalf("got %d calls and findings %+v, want %d and none", len(report.Calls), findings, n)
		}
	}
	return best
}
