package engine

import (
	"strings"
	"testing"

	"stsplayground/engine/idp"
)

func row(t *testing.T, profile, issuer, claim string) ClaimRow {
	t.Helper()
	for _, r := range ProfileClaims(profile, issuer) {
		if r.Name == claim {
			return r
		}
	}
	t.Fatalf("%s of %q has no claim %s", profile, issuer, claim)
	return ClaimRow{}
}

func TestAProfilesClaimsAndTheKeysTheyBecome(t *testing.T) {
	for _, c := range []struct{ profile, issuer, claim, wantDefault, wantKey string }{
		{"github-actions", "", "sub", "repo:octo-org/octo-repo:ref:refs/heads/main", "token.actions.githubusercontent.com:sub"},
		{"github-actions", "", "sha", row(t, "github-actions", "", "sha").Default, ""},
		{"github-actions", "", "repository", "octo-org/octo-repo", "token.actions.githubusercontent.com:repository"},
		{"github-actions", "", "environment", "", "token.actions.githubusercontent.com:environment"},
		{"github-actions", "", "exp", "+5m", ""},
		{"github-actions", "", "nbf", "-5m", ""},
		{"keycloak", "https://id.example.org/realms/staff", "aud", "account", "id.example.org/realms/staff:oaud"},
		{"keycloak", "https://id.example.org/realms/staff", "azp", "aws-access-client", "id.example.org/realms/staff:aud"},
		{"keycloak", "https://id.example.org/realms/staff", "realm_access", `{"roles":["default-roles-demo","offline_access","uma_authorization"]}`, ""},
		{"custom", "", "aud", "sts.amazonaws.com", "idp.example.com:aud"},
		{"custom", "", "iat", "+0s", ""},
		{"custom", "", "exp", "+1h", ""},
	} {
		got := row(t, c.profile, c.issuer, c.claim)
		if got.Default != c.wantDefault || got.Key != c.wantKey {
			t.Errorf("%s of %s: got the default %q and the key %q, want %q and %q", c.claim, c.profile, got.Default, got.Key, c.wantDefault, c.wantKey)
		}
	}
	if got := ProfileClaims("no-such-profile", ""); len(got) != 0 {
		t.Errorf("got %v, want no claims of a profile that isn't there", got)
	}
}

func TestEveryClaimOfEveryProfileIsExplained(t *testing.T) {
	names := map[string]bool{}
	for _, p := range idp.Profiles() {
		if names[p.Name] || p.Title == "" || !strings.HasPrefix(p.Issuer, "https://") {
			t.Errorf("%+v is not a profile of its own with a title and an issuer", p)
		}
		names[p.Name] = true
		seen := map[string]bool{}
		for _, r := range ProfileClaims(p.Name, "") {
			if seen[r.Name] || r.About == "" || strings.HasSuffix(r.About, ".") {
				t.Errorf("%s: got %+v, want each claim once, with what it says", p.Name, r)
			}
			seen[r.Name] = true
		}
		if !seen["iss"] || !seen["iat"] || !seen["exp"] {
			t.Errorf("%s lacks iss, iat or exp", p.Name)
		}
	}
}
