package engine_test

import (
	"cmp"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

// TestACertificateOfOpenSSLSignsIn pastes what another program issued.
func TestACertificateOfOpenSSLSignsIn(t *testing.T) {
	file := func(name string) string {
		text, err := os.ReadFile("rolesanywhere/testdata/" + name + ".pem")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	bare := strings.Join(strings.Split(strings.TrimSpace(file("leaf")), "\n")[1:], "")
	bare, _, _ = strings.Cut(bare, "-----END")
	for _, c := range []struct{ name, certificate, outcome, step, anchor string }{
		{"issued by the trust anchor", file("leaf"), "success", "", ""},
		{"as the header has it, DER in base64", bare, "success", "", ""},
		{"by an authority below it, which comes along", file("below") + file("mid"), "success", "", ""},
		{"by one that doesn't come along", file("below"), "failure", "anywhere/chain", ""},
		{"with SHA-1", file("sha1"), "failure", "anywhere/certificate", ""},
		{"of version 1", file("v1"), "failure", "anywhere/certificate", ""},
		{"the authority itself", file("root"), "failure", "anywhere/certificate", ""},
		{"with an Ed25519 key", file("ed25519"), "failure", "anywhere/certificate", "anchor"},
		{"by an authority whose time is over", file("expired-authority"), "failure", "anywhere/validity", "anchor"},
		{"by an authority below one that may have none", file("too-long"), "failure", "anywhere/chain", "anchor"},
		{"the trust anchor is a machine's", file("leaf"), "failure", "anywhere/trust-anchor", "leaf"},
		{"no certificate", "hello", "failure", "anywhere/certificate", ""},
	} {
		const anchor, profile, role = "arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/a", "arn:aws:rolesanywhere:us-east-1:123456789012:profile/b", "arn:aws:iam::123456789012:role/machine"
		document, err := json.Marshal(map[string]any{
			"now": "2027-04-28T10:30:00Z",
			"accounts": map[string]any{"123456789012": map[string]any{
				"TrustAnchors":          []any{map[string]any{"trustAnchorArn": anchor, "source": map[string]any{"sourceType": "CERTIFICATE_BUNDLE", "sourceData": map[string]any{"x509CertificateData": file(cmp.Or(c.anchor, "root"))}}}},
				"RolesAnywhereProfiles": []any{map[string]any{"profileArn": profile, "roleArns": []any{role}}},
				"Roles": []any{map[string]any{"RoleName": "machine", "AssumeRolePolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
					"Effect": "Allow", "Principal": map[string]any{"Service": "rolesanywhere.amazonaws.com"}, "Action": []any{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"},
					"Condition": map[string]any{"StringEquals": map[string]any{"aws:PrincipalTag/x509Subject/CN": "Alice", "sts:SourceIdentity": "CN=Alice"}},
				}}}}},
			}},
			"calls": []any{map[string]any{"name": "x", "action": "rolesanywhere:CreateSession", "params": map[string]any{"trustAnchorArn": anchor, "profileArn": profile, "roleArn": role, "certificate": c.certificate}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		s, findings := engine.Decode(string(document), scenario.LimitCheck)
		for _, f := range findings {
			t.Fatal(f.Detail)
		}
		call := engine.Run(s).Calls[0]
		failed := ""
		for i := range call.Steps {
			if call.Steps[i].Status == "failed" && failed == "" {
				failed = call.Steps[i].Rule
			}
		}
		if call.Outcome != c.outcome || failed != c.step {
			t.Errorf("%s: got %s at %q: %s", c.name, call.Outcome, failed, call.Verdict)
		}
		if c.outcome == "success" && (len(call.Assumed) != 1 || call.Assumed[0] != "anywhere/request-signature") {
			t.Errorf("%s: got %q on trust", c.name, call.Assumed)
		}
	}
}
