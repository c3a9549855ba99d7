package scenario

import (
	"strings"
	"testing"
)

const poolText = `
accounts:
  "123456789012":
    IdentityPools:
      - IdentityPoolId: us-east-1:aaaaaaaa-0000-0000-0000-000000000000
        AllowClassicFlow: false
        SupportedLoginProviders: {graph.facebook.com: "7346241598935555"}
        RoleMappings:
          "cognito-idp.us-east-1.amazonaws.com/us-east-1_x:abc": {Type: Rules, AmbiguousRoleResolution: Deny, RulesConfiguration: {Rules: [{Claim: a, MatchType: Equals, Value: b, RoleARN: c}]}}
calls:
  - {name: who, action: "cognito-identity:GetId", params: {IdentityPoolId: "us-east-1:aaaaaaaa-0000-0000-0000-000000000000", Logins: {a.example: eyJ, b.example: {mint: {issuer: "https://b.example"}}}}}
  - {name: credentials, action: "cognito-identity:GetCredentialsForIdentity", params: {IdentityId: {from: who}}}
`

func TestDecodeReadsIdentityPools(t *testing.T) {
	s, findings := Decode(poolText, LimitPage)
	if len(findings) != 0 {
		t.Fatalf("got findings %+v, want none", findings)
	}
	p := s.Accounts[0].IdentityPools[0]
	m := p.RoleMappings["cognito-idp.us-east-1.amazonaws.com/us-east-1_x:abc"]
	if p.AllowClassicFlow == nil || *p.AllowClassicFlow || p.SupportedLoginProviders["graph.facebook.com"] != "7346241598935555" || len(m.RulesConfiguration.Rules) != 1 {
		t.Errorf("got the pool %+v", p)
	}
	if want := "/accounts/123456789012/IdentityPools/0/RoleMappings/cognito-idp.us-east-1.amazonaws.com~1us-east-1_x:abc"; m.Path != want {
		t.Errorf("got the mapping at %s, want %s", m.Path, want)
	}
	logins := s.Calls[0].Cognito.Logins
	if logins["a.example"].Text != "eyJ" || logins["b.example"].Mint == nil || s.Calls[1].Cognito.IdentityID.From != "who" {
		t.Errorf("got the logins %+v", logins)
	}
}

func TestDecodeSaysWhatIsNoIdentityPool(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"a list for a map":        {`{graph.facebook.com: "7346241598935555"}`, `[a]`, "an object is wanted here"},
		"a name twice":            {`{graph.facebook.com: "7346241598935555"}`, `{a: b, a: c}`, ""},
		"a mapping's type":        {"Type: Rules", "Type: Rule", "none of Token, Rules"},
		"a match type":            {"MatchType: Equals", "MatchType: equals", "did you mean Equals?"},
		"a parameter of another":  {"IdentityId: {from: who}", "IdentityPoolId: x", "there is no field IdentityPoolId here"},
		"a call that isn't there": {"IdentityId: {from: who}", "IdentityId: {from: whom}", `"whom" is no call before this one; did you mean who?`},
		"no way to name one":      {"IdentityId: {from: who}", "IdentityId: {mint: {}}", "with from in it that names an earlier call"},
		"an empty object":         {"IdentityId: {from: who}", "IdentityId: {}", "an identity is an id such as us-east-1:…"},
		"a pool twice":            {"calls:\n", "  \"210987654321\": {IdentityPools: [{IdentityPoolId: \"us-east-1:aaaaaaaa-0000-0000-0000-000000000000\"}]}\ncalls:\n", "is the id of accounts/123456789012/IdentityPools/0 already"},
	} {
		_, findings := Decode(strings.Replace(poolText, c.old, c.new, 1), LimitPage)
		if len(findings) == 0 || !strings.Contains(findings[0].Detail, c.want) {
			t.Errorf("%s: got %+v, want %q", name, findings, c.want)
		}
	}
}
