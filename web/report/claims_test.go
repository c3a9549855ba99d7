package report_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/web/report"
)

// minting plays a call with what is minted for it, and draws the claims' form.
func minting(t *testing.T, mint string) string {
	t.Helper()
	s, findings := engine.Decode(`{"issuers": [{"url": "https://token.actions.githubusercontent.com", "signing": [{"alg": "RS256"}]}],
		"accounts": {"123456789012": {"OpenIDConnectProviders": [{"Url": "https://token.actions.githubusercontent.com"}]}},
		"calls": [{"action": "s3:GetObject", "caller": "arn:aws:iam::123456789012:root"},
			{"action": "sts:AssumeRoleWithWebIdentity", "params": {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "s", "WebIdentityToken": `+mint+`}}]}`, 1<<20)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	s.Now = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)
	var b strings.Builder
	if err := report.ClaimsForm(engine.Run(s), 1).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// row is one claim's part of the form.
func row(t *testing.T, form, id string) string {
	t.Helper()
	_, rest, ok := strings.Cut(form, `id="`+id+`-row"`)
	if !ok {
		t.Fatalf("there is no row %s in %s", id, form)
	}
	row, _, _ := strings.Cut(rest, `class="claim-row`)
	return row
}

func TestClaimsAreFieldsWithTheirKeys(t *testing.T) {
	form := minting(t, `{"mint": {"issuer": "https://token.actions.githubusercontent.com", "profile": "github-actions", "claims": {"ref": "refs/tags/v1", "run_number": 7, "actor": null, "a/b": "<b>"}}}`)
	for id, wants := range map[string][]string{
		"mint-claim-sub":        {`data-kind="claim"`, `value=""`, `token.actions.githubusercontent.com:sub`, `placeholder="repo:`},
		"mint-claim-ref":        {`value="refs/tags/v1"`, `data-bind="/calls/1/params/WebIdentityToken/mint/claims/ref"`, `data-claim="drop"`},
		"mint-claim-run-number": {`data-kind="claim-json"`, `value="7"`, "no condition key"},
		"mint-claim-actor":      {`disabled`, `placeholder="removed"`, `data-claim="restore"`},
		"mint-claim-exp":        {`placeholder="+`},
		"mint-claim-a-b":        {`claims/a~1b"`, `value="&lt;b&gt;"`, "a claim of your own", `data-claim="restore"`},
	} {
		got := row(t, form, id)
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: got %s, want %s in it", id, got, want)
			}
		}
	}
	keys, keyless, _ := strings.Cut(form, `id="mint-claims-keyless"`)
	if !strings.Contains(keys, `id="mint-claim-ref-row"`) || !strings.Contains(keyless, `id="mint-claim-run-number-row"`) {
		t.Errorf("got %s, want condition keys before what is none", form)
	}
}

func TestATokenThatIsntMintedHasNoForm(t *testing.T) {
	for name, token := range map[string]string{"pasted": `"eyJ.eyJ.x"`, "unsigned": `{"unsigned": {"header": {}, "claims": {}}}`} {
		if form := minting(t, token); strings.Contains(form, "claim-row") || !strings.Contains(form, "Nothing is minted") {
			t.Errorf("%s: got %s, want no fields", name, form)
		}
	}
}

func TestHostileMintsHaveAForm(t *testing.T) {
	for name, mint := range map[string]string{
		"an unknown profile":      `{"mint": {"profile": "nothing"}}`,
		"claims that are no JSON": `{"mint": {"claims": "{"}}`,
		"claims that are a list":  `{"mint": {"claims": [1]}}`,
		"names that look alike":   `{"mint": {"claims": {"a.b": 1, "a-b": 2, "": 3}}}`,
		"a thousand claims":       `{"mint": {"claims": {` + strings.TrimSuffix(strings.Repeat(`"x": 1,`, 1000), ",") + `}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			form := minting(t, mint)
			if !strings.Contains(form, `id="mint-claim-sub-row"`) {
				t.Errorf("got %s, want the usual claims", form)
			}
			if rows := strings.Count(form, `class="claim-row`); rows > 80 {
				t.Errorf("got %d rows, want no more than 80", rows)
			}
		})
	}
}

func TestAttributesAreFieldsWithTheirKeys(t *testing.T) {
	s, findings := engine.Decode(`{"issuers": [{"entityId": "https://idp.example/saml", "signing": [{"alg": "RS256"}]}],
		"accounts": {"123456789012": {"SAMLProviders": [{"Name": "Idp", "metadataOf": "https://idp.example/saml"}]}},
		"calls": [{"action": "sts:AssumeRoleWithSAML", "params": {"RoleArn": "arn:aws:iam::123456789012:role/r", "PrincipalArn": "arn:aws:iam::123456789012:saml-provider/Idp",
			"SAMLAssertion": {"mint": {"issuer": "https://idp.example/saml", "attributes": {"PrincipalTag:team": ["a", "b"], "SourceIdentity": null, "urn:oid:2.5.4.3": "dana"}}}}}]}`, 1<<20)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	s.Now = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)
	var b strings.Builder
	if err := report.AttributesForm(engine.Run(s), 0).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`data-bind="/calls/0/params/SAMLAssertion/mint/attributes/PrincipalTag:team"`, `value="[&#34;a&#34;,&#34;b&#34;]"`,
		`data-bind="/calls/0/params/SAMLAssertion/mint/attributes/SourceIdentity"`, `placeholder="removed"`,
		`mint/attributes/urn:oid:2.5.4.3"`, `attributes/https:~1~1aws.amazon.com~1SAML~1Attributes~1Role"`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("got %s, want %s in it", b.String(), want)
		}
	}
}
