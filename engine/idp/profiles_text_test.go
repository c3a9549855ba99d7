package idp

import (
	"cmp"
	"encoding/json"
	"strings"
	"testing"

	"stsplayground/engine/source"
)

// What a mint describes tells the claims that go along with it.
func TestClaimsFollowFromEachOther(t *testing.T) {
	for name, tt := range map[string]struct {
		profile, issuer, given string
		want                   map[string]string // as JSON; "" where the claim is left out
	}{
		"a push on GitLab": {"gitlab", "", `{}`, map[string]string{
			"sub": `"project_path:my-group/my-project:ref_type:branch:ref:main"`, "namespace_path": `"my-group"`, "ref_path": `"refs/heads/main"`,
			"ref_protected": `"true"`, "aud": `"https://gitlab.com"`, "environment": "", "environment_protected": "", "runner_id": "1",
			"ci_config_ref_uri": `"gitlab.com/my-group/my-project//.gitlab-ci.yml@refs/heads/main"`,
		}},
		"a tag, by the subject": {"gitlab", "", `{"sub":"project_path:acme/tools/app:ref_type:tag:ref:v1.0.0"}`, map[string]string{
			"ref_type": `"tag"`, "ref": `"v1.0.0"`, "ref_path": `"refs/tags/v1.0.0"`, "ref_protected": `"false"`, "project_path": `"acme/tools/app"`, "namespace_path": `"acme/tools"`,
		}},
		"a tag, by the whole ref": {"gitlab", "", `{"ref_path":"refs/tags/v2"}`, map[string]string{
			"sub": `"project_path:my-group/my-project:ref_type:tag:ref:v2"`,
		}},
		"a project": {"gitlab", "", `{"project_path":"acme/app"}`, map[string]string{
			"sub": `"project_path:acme/app:ref_type:branch:ref:main"`, "namespace_path": `"acme"`,
		}},
		"a group": {"gitlab", "", `{"namespace_path":"acme"}`, map[string]string{"project_path": `"acme/my-project"`}},
		"an environment": {"gitlab", "", `{"environment":"production"}`, map[string]string{
			"environment_protected": `"false"`, "deployment_tier": `"production"`,
		}},
		"a GitLab of one's own": {"gitlab-self-managed", "https://git.example.org", `{}`, map[string]string{
			"aud": `"https://git.example.org"`, "runner_environment": `"self-hosted"`, "ci_config_ref_uri": `"git.example.org/my-group/my-project//.gitlab-ci.yml@refs/heads/main"`,
		}},
		"CircleCI's organization is in the issuer": {"circleci", "https://oidc.circleci.com/org/99999999-0000-0000-0000-000000000000", `{}`, map[string]string{
			"aud": `"99999999-0000-0000-0000-000000000000"`, "sub": `"org/99999999-0000-0000-0000-000000000000/project/66666666-7777-8888-9999-000000000000/user/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"`,
		}},
		"CircleCI's project": {"circleci", "", `{"oidc.circleci.com/project-id":"p"}`, map[string]string{
			"sub": `"org/11111111-2222-3333-4444-555555555555/project/p/user/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"`,
		}},
		"CircleCI's second subject": {"circleci-v2", "", `{"sub":"org/o/project/p/user/u/vcs-origin/github.com/mallory/app/vcs-ref/refs/heads/x"}`, map[string]string{
			"oidc.circleci.com/project-id": `"p"`, "oidc.circleci.com/vcs-origin": `"github.com/mallory/app"`, "oidc.circleci.com/vcs-ref": `"refs/heads/x"`,
		}},
		"a branch on Buildkite": {"buildkite", "", `{"build_branch":"dev"}`, map[string]string{"build_tag": "", "aud": `"https://buildkite.com/acme-inc"`, "build_number": "42"}},
		"a tag on Buildkite": {"buildkite", "", `{"sub":"organization:acme:pipeline:app:ref:refs/tags/v1:commit:c:step:s"}`, map[string]string{
			"build_tag": `"v1"`, "build_branch": `"v1"`, "build_commit": `"c"`, "step_key": `"s"`, "organization_slug": `"acme"`, "pipeline_slug": `"app"`,
		}},
		"a step without a key on Buildkite": {"buildkite", "", `{"sub":"organization:acme:pipeline:app:ref:refs/heads/dev:commit:c:step:"}`, map[string]string{
			"organization_slug": `"acme"`, "pipeline_slug": `"app"`, "build_branch": `"dev"`, "build_commit": `"c"`, "step_key": "null", "aud": `"https://buildkite.com/acme"`,
		}},
		"a plan of HCP Terraform": {"hcp-terraform", "", `{"terraform_run_phase":"plan","terraform_workspace_name":"production"}`, map[string]string{
			"sub":                      `"organization:my-org:project:Default Project:workspace:production:run_phase:plan"`,
			"terraform_full_workspace": `"organization:my-org:project:Default Project:workspace:production"`,
		}},
		"a whole workspace": {"hcp-terraform", "", `{"terraform_full_workspace":"organization:o:project:p:workspace:w"}`, map[string]string{
			"sub": `"organization:o:project:p:workspace:w:run_phase:apply"`,
		}},
		"a deployment on Bitbucket": {"bitbucket", "", `{"sub":"{r}:{e}:{s}"}`, map[string]string{
			"repositoryUuid": `"{r}"`, "deploymentEnvironmentUuid": `"{e}"`, "stepUuid": `"{s}"`,
		}},
		"a step on Bitbucket": {"bitbucket", "", `{"sub":"{r}:{s}","workspaceUuid":"{w}"}`, map[string]string{
			"repositoryUuid": `"{r}"`, "deploymentEnvironmentUuid": "", "stepUuid": `"{s}"`, "aud": `"ari:cloud:bitbucket::workspace/w"`,
		}},
		"Entra ID's tenant is in the issuer": {"entra-v2", "https://login.microsoftonline.com/t/v2.0", `{}`, map[string]string{"tid": `"t"`, "ver": `"2.0"`, "azp": ""}},
		"the older form of it":               {"entra-v1-access-token", "https://sts.windows.net/t/", `{}`, map[string]string{"tid": `"t"`, "ver": `"1.0"`, "azp": "", "preferred_username": ""}},
		"an access token of Auth0":           {"auth0-access-token", "https://acme.eu.auth0.com/", `{}`, map[string]string{"aud": `["https://api.example.com","https://acme.eu.auth0.com/userinfo"]`, "azp": `"aws-access-client"`}},
		"an application of Auth0":            {"auth0-access-token", "", `{"gty":"client-credentials","azp":"abc"}`, map[string]string{"sub": `"abc@clients"`, "aud": `"https://api.example.com"`}},
		"a managed identity":                 {"entra-application", "https://sts.windows.net/t/", `{"oid":"p"}`, map[string]string{"sub": `"p"`, "tid": `"t"`, "azp": "", "name": ""}},
		"a service account of Google":        {"google-service-account", "", `{"sub":"123"}`, map[string]string{"azp": `"123"`, "aud": `"https://sts.amazonaws.com"`}},
		"a realm of Keycloak":                {"keycloak", "https://id.example.org/auth/realms/staff", `{}`, map[string]string{"realm_access": `{"roles":["default-roles-staff","offline_access","uma_authorization"]}`, "aud": `"account"`}},
		"an ID token of Keycloak":            {"keycloak-id-token", "", `{"azp":"app"}`, map[string]string{"aud": `"app"`, "typ": `"ID"`, "scope": ""}},
		"a client of Google":                 {"google", "", `{"azp":"a.apps.googleusercontent.com"}`, map[string]string{"aud": `"a.apps.googleusercontent.com"`}},
		"a pod":                              {"eks-service-account", "", `{"sub":"system:serviceaccount:shop:api"}`, map[string]string{"aud": `["sts.amazonaws.com"]`, "exp": "86400"}},
		"quotation marks in a part":          {"eks-service-account", "", `{"sub":"system:serviceaccount:shop:\"}"}`, map[string]string{"aud": `["sts.amazonaws.com"]`}},
		"a subject of another form":          {"gitlab", "", `{"sub":"user-123"}`, map[string]string{"project_path": `"my-group/my-project"`}},
	} {
		t.Run(name, func(t *testing.T) {
			p := profileOf(tt.profile)
			given, err := source.ParseJSON(tt.given)
			if err != nil {
				t.Fatal(err)
			}
			got := p.values(&description{issuer: cmp.Or(tt.issuer, p.Issuer), given: &given, seed: "seed"})
			for claim, want := range tt.want {
				if got[claim] != want {
					t.Errorf("%s: got %s, want %s", claim, got[claim], want)
				}
			}
			for claim, value := range got {
				if value != "" && !json.Valid([]byte(value)) {
					t.Errorf("%s: %s is no JSON", claim, value)
				}
			}
		})
	}
}

// A part that isn't there, or a form that nothing can fill, is a slip in the
// table: a claim with forms has a value, unless a part of it is optional.
func TestTheProfilesAreReadWhole(t *testing.T) {
	optional := []string{"environment", "environment_protected", "deployment_tier", "build_tag", "deploymentEnvironmentUuid", "gty"}
	for _, section := range strings.Split(profilesText, "\n= ")[1:] {
		head, lines, _ := strings.Cut(section, "\n")
		p := profileOf(fieldsOf(head).at(0))
		values := p.values(&description{issuer: p.Issuer, given: &source.Node{}, seed: "seed"})
		for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
			f := fieldsOf(line)
			if strings.HasPrefix(f[0], ".") {
				continue
			}
			if len(f) > 2 && values[f[0]] == "" && !strings.Contains(strings.Join(optional, " "), f[0]) {
				t.Errorf("%s: %s has a form and no value", p.Name, f[0])
			}
		}
		for claim, value := range values {
			if cut, name, _, found := cutPart(value); found && !strings.Contains(p.Name, "bitbucket") {
				t.Errorf("%s: %s has %s{%s} left", p.Name, claim, cut, name)
			}
		}
	}
}

func FuzzProfiles(f *testing.F) {
	f.Add("buildkite", `{"sub":"organization:a:pipeline:b:ref:refs/tags/v1:commit:c:step:d","build_tag":"{tag}"}`)
	f.Add("bitbucket", `{"sub":"{a}:{b}:{c}","workspaceUuid":"{}"}`)
	f.Fuzz(func(t *testing.T, name, text string) {
		p := profileOf(name)
		given, err := source.ParseJSON(text)
		if p == nil || err != nil {
			return
		}
		for claim, value := range p.values(&description{issuer: p.Issuer, given: &given, seed: "seed"}) {
			if value != "" && !json.Valid([]byte(value)) {
				t.Errorf("%s: %s is no JSON", claim, value)
			}
		}
	})
}
