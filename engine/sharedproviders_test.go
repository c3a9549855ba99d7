package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/trace"
)

// The list of the IAM guide's page "Identity-provider controls for shared OIDC
// providers", read on its own, so that a slip in the table shows.
var shared = map[string]string{
	"cognito-identity.amazonaws.com":                                      "cognito-identity.amazonaws.com:aud",
	"sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d":                "sts:RoleSessionName",
	"agent.buildkite.com":                                                 "agent.buildkite.com:sub",
	"oidc.codefresh.io":                                                   "oidc.codefresh.io:sub",
	"studio.datachain.ai/api":                                             "studio.datachain.ai/api:sub",
	"token.actions.githubusercontent.com":                                 "token.actions.githubusercontent.com:sub",
	"oidc-configuration.audit-log.githubusercontent.com":                  "oidc-configuration.audit-log.githubusercontent.com:sub",
	"vstoken.actions.githubusercontent.com":                               "vstoken.actions.githubusercontent.com:sub",
	"gitlab.com":                                                          "gitlab.com:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7": "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr": "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg": "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26": "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26:sub",
	"oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb":         "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb:sub",
	"oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu":         "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu:sub",
	"api.pulumi.com/oidc":                                                 "api.pulumi.com/oidc:aud",
	"sandboxes.cloud":                                                     "sandboxes.cloud:aud",
	"scalr.io":                                                            "scalr.io:sub",
	"tokens.cloud.shisho.dev":                                             "tokens.cloud.shisho.dev:sub",
	"app.terraform.io":                                                    "app.terraform.io:sub",
	"proidc.upbound.io":                                                   "proidc.upbound.io:sub",
	"oidc.vercel.com":                                                     "oidc.vercel.com:aud",
}

func TestASharedProviderHasToBeNarrowedDown(t *testing.T) {
	refused := func(provider, condition string) bool {
		principal := account + provider
		if provider == "cognito-identity.amazonaws.com" {
			principal = provider
		}
		r := engine.Run(trusting{policy: allows(principal, webIdentity, condition)}.scenario(t))
		return slices.ContainsFunc(r.Findings, func(f trace.Finding) bool {
			return f.Rule == "trust/shared-provider" && f.Severity == trace.SeverityError
		})
	}
	for provider, key := range shared {
		for condition, want := range map[string]bool{
			`{"StringEquals":{"aws:SourceIp":"203.0.113.7"}}`: true,
			fmt.Sprintf(`{"StringLike":{%q:"*"}}`, key):       true,
			fmt.Sprintf(`{"Null":{%q:"false"}}`, key):         true,
			fmt.Sprintf(`{"StringLike":{%q:"some-*"}}`, key):  false,
			fmt.Sprintf(`{"StringEquals":{%q:"value"}}`, key): false,
		} {
			if got := refused(provider, condition); got != want {
				t.Errorf("%s with %s: refused %v, want %v", provider, condition, got, want)
			}
		}
	}
	for _, provider := range []string{"oidc.circleci.com/org/1", "gitlab.example.com", "idp.example.com", "accounts.google.com", "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"} {
		if refused(provider, `{"StringEquals":{"sts:RoleSessionName":"x"}}`) {
			t.Errorf("%s is taken for a shared provider, and AWS's list doesn't have it", provider)
		}
	}
}
