package sts

import (
	"slices"
	"strings"
	"testing"

	"stsplayground/engine/iam"
	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// The list of the IAM guide's page "IAM and AWS STS condition context keys",
// read on its own, so that a slip in the table shows.
func TestTheClaimsThatBecomeKeys(t *testing.T) {
	for provider, want := range map[string]string{
		"idp.example.com":                     "amr aud email oaud sub",
		"cognito-identity.amazonaws.com":      "amr aud oaud sub",
		"www.amazon.com":                      "app_id sub user_id",
		"graph.facebook.com":                  "app_id id",
		"accounts.google.com":                 "amr aud email google/organization_number oaud sub",
		"token.actions.githubusercontent.com": "actor actor_id amr aud email enterprise_id environment job_workflow_ref oaud ref repository repository_id repository_owner_id sub workflow",
		"oidc.circleci.com/org/11111111-2222-3333-4444-555555555555": "amr aud email oaud oidc.circleci.com/project-id sub",
		"gitlab.com":                                            "amr aud email namespace_id oaud pipeline_source project_id ref_protected runner_environment sub user_access_level user_email user_id user_login",
		"gitlab.example.com":                                    "amr aud email oaud sub",
		"gitlab.com.evil.example":                               "amr aud email oaud sub",
		"idcs-abc123ef.identity.oraclecloud.com":                "amr aud email oaud rpst_id sub",
		"idcs-abc123ef.example.com":                             "amr aud email oaud sub",
		"app.terraform.io":                                      "amr aud email oaud sub",
		"cognito-idp.us-east-1.amazonaws.com/us-east-1_Abc":     "amr aud email oaud sub",
		"sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/": "amr aud email oaud sub",
		"token.actions.octocorp.ghe.com":                        "amr aud email oaud sub",
		"agent.buildkite.com":                                   "amr aud build_branch cluster_id cluster_name email oaud organization_id organization_slug pipeline_id pipeline_slug sub",
	} {
		var got []string
		for _, k := range keysOf(provider) {
			got = append(got, k.key)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v want %s", provider, got, want)
		}
	}
}

func TestAClaimAndTheKeyItBecomes(t *testing.T) {
	for _, c := range []struct {
		mode                  scenario.ClaimsMode
		provider, claim, want string
	}{
		{scenario.ClaimsAWS, "idp.example.com", "sub", "idp.example.com:sub"},
		{scenario.ClaimsAWS, "idp.example.com", "groups", ""},
		{scenario.ClaimsAll, "idp.example.com", "groups", "idp.example.com:groups"},
		{scenario.ClaimsAWS, "idp.example.com", "azp", "idp.example.com:aud"},
		{scenario.ClaimsAWS, "accounts.google.com", "google:organization_number", "accounts.google.com:google/organization_number"},
		{"", "token.actions.githubusercontent.com", "repository_owner", ""},
	} {
		names := newNamer(c.mode, c.provider, false)
		if got := names.key(c.claim); got != c.want {
			t.Errorf("%s of %s in mode %q: got %q want %q", c.claim, c.provider, c.mode, got, c.want)
		}
	}
	names := newNamer(scenario.ClaimsAWS, "idp.example.com", true)
	if got := names.key("aud"); got != "idp.example.com:oaud" {
		t.Errorf("aud beside azp: got %q want the key of the original audience", got)
	}
}

func TestTheNumberOfAGoogleOrganization(t *testing.T) {
	for name, claims := range map[string]string{
		"as the guide writes it": `{"google:organization_number":123456}`,
		"in an object":           `{"google":{"organization_number":123456}}`,
	} {
		payload, err := source.ParseJSON(claims)
		if err != nil {
			t.Fatal(err)
		}
		ctx := iam.NewContext()
		addClaims(ctx, scenario.ClaimsAWS, "accounts.google.com", &payload, oidc.Claims{})
		if got, _ := ctx.Lookup("accounts.google.com:google/organization_number"); !slices.Equal(got.Values, []string{"123456"}) {
			t.Errorf("%s: got %v, want 123456", name, got)
		}
	}
}
