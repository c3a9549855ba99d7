package scenario

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stsplayground/engine/source"
)

// FuzzDecode holds that Decode ends without a panic on any text, that its
// findings stand in the text, and that JSON says the same when it is written
// anew and when it is read as YAML, which contains it.
func FuzzDecode(f *testing.F) {
	contract, err := os.ReadFile("testdata/contract.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(contract))
	f.Add(gitHub)
	for _, seed := range []string{
		"", "{", "{}", "[]", "a: *b", "- - -", "? {a: b}\n: c", "a: |\n  b\n c", "\ufeff{}", "{\"title\": \"\\ud83d\\ude00\"}", "title: !!str x", "<<: {}", "%YAML 1.2\n---\na: b",
		`{"calls": [{"action": "sts:AssumeRole", "params": {"WebIdentityToken": {"mint": 1}}, "context": {"a": [{}]}}]}`, "calls:\n- action: sts:AssumeRoleWithSAML\n  params: {SAMLAssertion: {unsigned: }}",
		`{"accounts": {"1": {"Roles": [{"RoleName": "a"}, {"RoleName": "A"}], "roles": null}}}`, "accounts:\n  1:\n    Roles: [{AssumeRolePolicyDocument: '\"'}]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, findings := Decode(text, LimitServer)
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + strings.Count(text, "\u0085") + strings.Count(text, "\u2028") + strings.Count(text, "\u2029") + 1
		for _, finding := range findings {
			if finding.At.Line < 0 || finding.At.Line > lines+1 || finding.Detail == "" || finding.Title == "" {
				t.Errorf("got finding %+v in %d lines", finding, lines)
			}
		}
		for _, a := range s.Accounts {
			for _, r := range a.Roles {
				r.AssumeRolePolicyDocument.Locate(1, 1)
				r.AssumeRolePolicyDocument.Locate(2, 9)
			}
		}
		node, failure := source.ParseJSON(text)
		if failure != nil || node.Kind != source.Object || !plainEnough(&node) {
			return
		}
		compact := string(source.AppendJSON(nil, &node))
		again, _ := Decode(compact, LimitServer)
		if diff := cmp.Diff(s, again, sameMeaning); diff != "" {
			t.Errorf("written anew it is another scenario (-before +after):\n%s", diff)
		}
		asYAML, failure := source.ParseYAML(compact)
		if failure != nil {
			t.Fatalf("got %v, want %s to be YAML", failure, compact)
		}
		if got := string(source.AppendJSON(nil, &asYAML)); got != compact {
			t.Errorf("read as YAML, %s is %s", compact, got)
		}
	})
}

// plainEnough says whether YAML takes the document too: it refuses names of
// more than 1024 characters and some control characters.
func plainEnough(n *source.Node) bool {
	if unusual(n.Text) {
		return false
	}
	for i := range n.Items {
		if !plainEnough(&n.Items[i]) {
			return false
		}
	}
	for i := range n.Members {
		if m := &n.Members[i]; len(m.Name) > 200 || unusual(m.Name) || !plainEnough(&m.Value) {
			return false
		}
	}
	return true
}

func unusual(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfffe && r <= 0xffff
	})
}

// gitHub is a scenario of the usual size: one role, one call with a pasted token.
var gitHub = `{
  "title": "GitHub Actions deploys from main",
  "now": "2026-04-28T10:30:00Z",
  "issuers": [{"url": "https://token.actions.githubusercontent.com", "jwks": {"keys": [{"kty": "RSA", "kid": "demo", "n": "` + strings.Repeat("n0vx", 86) + `", "e": "AQAB"}]}}],
  "accounts": {"123456789012": {
    "OpenIDConnectProviders": [{"Url": "https://token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"]}],
    "Roles": [{"RoleName": "deploy", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
      "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}}}]}}]}},
  "calls": [{"name": "push to main", "action": "sts:AssumeRoleWithWebIdentity",
    "params": {"RoleArn": "arn:aws:iam::123456789012:role/deploy", "RoleSessionName": "ci", "WebIdentityToken": "` + strings.Repeat("eyJh", 600) + `"},
    "expect": {"outcome": "success"}}]
}`

func BenchmarkDecode(b *testing.B) {
	node, failure := source.ParseJSON(gitHub)
	if failure != nil {
		b.Fatal(failure)
	}
	for _, bench := range []struct{ name, text string }{
		{"GitHub as JSON", gitHub},
		{"GitHub as YAML", "title: x\ncalls: " + node.Get("calls").JSON("") + "\naccounts: " + node.Get("accounts").JSON("") + "\nissuers: " + node.Get("issuers").JSON("") + "\n"},
		{"1000 calls", manyCalls(1000)},
		{"10000 calls", manyCalls(10000)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bench.text)))
			for b.Loop() {
				if _, findings := Decode(bench.text, LimitCheck); len(findings) != 0 {
					b.Fatal(findings)
				}
			}
		})
	}
}

func manyCalls(n int) string {
	var text strings.Builder
	text.WriteString(`{"calls": [`)
	for i := range n {
		if i > 0 {
			text.WriteString(",\n")
		}
		fmt.Fprintf(&text, `{"name": "call %d", "action": "sts:AssumeRole", "after": "1m", "caller": "arn:aws:iam::123456789012:user/alice", "params": {"RoleArn": "arn:aws:iam::123456789012:role/r%d", "RoleSessionName": "s", "DurationSeconds": 900}, "expect": {"outcome": "success"}}`, i+1, i)
	}
	text.WriteString("]}")
	return text.String()
}
