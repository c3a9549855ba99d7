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
		{"keycloak", "https://id.example.org/realms/staff", "realm_access", `{"roles":["default-roles-staff","offline_access","uma_authorization"]}`, ""},
		{"gitlab", "", "namespace_id", row(t, "gitlab", "", "namespace_id").Default, "gitlab.com:namespace_id"},
		{"gitlab", "", "namespace_path", "my-group", ""},
		{"gitlab-self-managed", "", "namespace_id", row(t, "gitlab", "", "namespace_id").Default, ""},
		{"circleci", "https://oidc.circleci.com/org/o", "oidc.circleci.com/project-id", "66666666-7777-8888-9999-000000000000", "oidc.circleci.com/org/o:oidc.circleci.com/project-id"},
		{"circleci", "", "oidc.circleci.com/vcs-ref", "refs/heads/main", ""},
		{"buildkite", "", "cluster_name", "", "agent.buildkite.com:cluster_name"},
		{"buildkite", "", "build_tag", "", ""},
		{"hcp-terraform", "", "terraform_run_phase", "apply", ""},
		{"bitbucket", "", "repositoryUuid", "{11111111-aaaa-bbbb-cccc-000000000001}", ""},
		{"google", "", "google:organization_number", "", "accounts.google.com:google/organization_number"},
		{"google", "", "email", "dana@example.com", "accounts.google.com:email"},
		{"google", "", "hd", "example.com", ""},
		{"entra-v1", "", "sub", row(t, "entra-v1", "", "sub").Default, "sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/:sub"},
		{"entra-v2-access-token", "", "azp", "00001111-aaaa-2222-bbbb-3333cccc4444", "login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0:aud"},
		{"entra-v1-access-token", "", "aud", "api://aws-access", "sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/:aud"},
		{"google-service-account", "", "azp", "103579246801357924680", "accounts.google.com:aud"},
		{"google-service-account", "", "aud", "https://sts.amazonaws.com", "accounts.google.com:oaud"},
		{"entra-application", "", "exp", "+24h", ""},
		{"okta", "", "groups", "", ""},
		{"cognito-user-pool", "", "cognito:groups", `["developers"]`, ""},
		{"eks-service-account", "", "aud", `["sts.amazonaws.com"]`, "oidc.eks.us-west-2.amazonaws.com/id/D0123456789ABCDEF0123456789ABCDE:aud"},
		{"eks-service-account", "", "exp", "+24h", ""},
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
