package engine_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
)

// trusting is a scenario with one role that trusts as the policy says, and the
// providers that the account has.
type trusting struct {
	oidc, clients string // the registered URL and its client ID; none where ""
	saml          string // entity id of the SAML provider Example; none where ""
	policy        string
	calls         string // JSON list; none where ""
}

func (w trusting) scenario(t testing.TB) engine.Scenario {
	t.Helper()
	account := `"Roles":[{"RoleName":"deploy","AssumeRolePolicyDocument":` + quoted(w.policy) + `}]`
	issuers := "[]"
	if w.oidc != "" {
		account += fmt.Sprintf(`,"OpenIDConnectProviders":[{"Url":%q,"ClientIDList":[%s]}]`, w.oidc, w.clients)
	}
	if w.saml != "" {
		issuers = fmt.Sprintf(`[{"entityId":%q,"signing":[{"alg":"RS256"}]}]`, w.saml)
		account += fmt.Sprintf(`,"SAMLProviders":[{"Name":"Example","metadataOf":%q}]`, w.saml)
	}
	calls := w.calls
	if calls == "" {
		calls = "[]"
	}
	s, findings := engine.Decode(`{"issuers":`+issuers+`,"accounts":{"123456789012":{`+account+`}},"calls":`+calls+`}`, scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		t.Fatalf("got %+v, want a scenario", findings)
	}
	s.Now = clock
	return s
}

func quoted(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

// allows is a trust policy of one Allow statement.
func allows(federated, action, condition string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":%q},"Action":[%q,"sts:TagSession"],"Condition":%s}]}`, federated, action, condition)
}

const (
	deployARN   = "arn:aws:iam::123456789012:role/deploy"
	webIdentity = "sts:AssumeRoleWithWebIdentity"
	withSAML    = "sts:AssumeRoleWithSAML"
	account     = "arn:aws:iam::123456789012:oidc-provider/"
)

func TestWhoGetsIn(t *testing.T) {
	github := func(condition string) trusting {
		return trusting{oidc: "https://token.actions.githubusercontent.com", clients: `"sts.amazonaws.com"`,
			policy: allows(account+"token.actions.githubusercontent.com", webIdentity, strings.ReplaceAll(condition, "gh:", "token.actions.githubusercontent.com:"))}
	}
	of := func(url, clients, condition string) trusting {
		name := strings.TrimPrefix(url, "https://")
		return trusting{oidc: url, clients: clients, policy: allows(account+name, webIdentity, strings.ReplaceAll(condition, "idp:", name+":"))}
	}
	builtIn := func(domain, condition string) trusting {
		return trusting{policy: allows(domain, webIdentity, strings.ReplaceAll(condition, "idp:", domain+":"))}
	}
	samlOf := func(condition string) trusting {
		return trusting{saml: "https://idp.example.com/saml", policy: allows("arn:aws:iam::123456789012:saml-provider/Example", withSAML, condition)}
	}
	const eks = "https://oidc.eks.eu-west-1.amazonaws.com/id/D0123456789ABCDEF0123456789ABCDE"
	tests := map[string]struct {
		world   trusting
		widest  string   // a part of the sentence
		in, out []string // who gets in, and who doesn't
	}{
		"GitHub, one branch": {github(`{"StringEquals":{"gh:sub":"repo:acme/app:ref:refs/heads/main"}}`),
			"Only acme/app, branch main, pull_request_target and a foreign reusable workflow get in.",
			[]string{"acme/app, branch main", "pull_request_target"},
			[]string{"another branch", "a branch that begins alike", "a tag", "a pull request", "the environment production", "a sibling repository", "a fork", "a stranger", "the owner in another letter case",
				"the subject with ids", "the owner's default audience", "a token for another system", "an expired token", "a token for later", "a token without a subject", "a forged token"}},
		"GitHub, a branch with a star behind it": {github(`{"StringLike":{"gh:sub":"repo:acme/app:ref:refs/heads/main*"}}`),
			"matches ref:refs/heads/main* gets in", []string{"a branch that begins alike"}, []string{"another branch"}},
		"GitHub, every run of a repository": {github(`{"StringLike":{"gh:sub":"repo:acme/app:*"}}`),
			"Every pull request of acme/app gets in. Statement 1 lets them in: its StringLike on token.actions.githubusercontent.com:sub takes repo:acme/app:*.",
			[]string{"a pull request", "a new environment"}, []string{"a sibling repository"}},
		"GitHub, every repository of an owner": {github(`{"StringLike":{"gh:sub":"repo:acme/*"}}`),
			"Every repository of acme gets in", []string{"a sibling repository"}, []string{"an owner with a like name"}},
		"GitHub, an owner without the slash": {github(`{"StringLike":{"gh:sub":"repo:acme*"}}`),
			"Every owner on GitHub that matches acme* gets in", []string{"a made-to-fit owner, acmeevil", "an owner with a like name"}, []string{"a fork", "a stranger"}},
		"GitHub, an owner left open": {github(`{"StringLike":{"gh:sub":"repo:*/app:ref:refs/heads/main"}}`),
			"Every repository named app on GitHub", []string{"a fork"}, []string{"a stranger", "another branch"}},
		"GitHub, everybody": {github(`{"StringLike":{"gh:sub":"repo:*"}}`),
			"Every repository on GitHub, whoever owns it, gets in", []string{"a stranger"}, []string{"a forged token"}},
		"GitHub, no subject asked for": {github(`{"StringEquals":{"gh:aud":"sts.amazonaws.com"}}`),
			"Every repository on GitHub, whoever owns it, gets in. Statement 1 lets them in: it has no condition on token.actions.githubusercontent.com:sub.", []string{"a stranger"}, nil},
		"GitHub, an environment with a star behind it": {github(`{"StringLike":{"gh:sub":"repo:acme/app:environment:prod*"}}`),
			"matches environment:prod* gets in", []string{"a made-to-fit run, environment:prod-anyone", "the environment production"}, []string{"the environment staging", "a new environment"}},
		"GitHub, a subject with ids": {github(`{"StringEquals":{"gh:sub":"repo:acme@1/app@2:ref:refs/heads/main"}}`),
			"Only acme@1/app@2, branch main", nil, []string{"a name that was taken over", "the subject without ids"}},
		"GitHub, the repository and the ref as keys of their own": {github(`{"StringEquals":{"gh:repository":"acme/app","gh:ref":"refs/heads/main"}}`),
			"Only acme/app, branch main", []string{"acme/app, branch main"}, []string{"a fork", "another branch"}},
		"GitHub, a reusable workflow": {github(`{"StringLike":{"gh:sub":"repo:acme/*","gh:job_workflow_ref":"acme/ci/.github/workflows/deploy.yml@*"}}`),
			"Every repository of acme, if job_workflow_ref matches acme/ci/.github/workflows/deploy.yml@*, gets in", []string{"a sibling repository"}, []string{"a foreign reusable workflow", "another job_workflow_ref"}},
		"GitHub Enterprise Server": {of("https://github.acme.example/_services/token", `"sts.amazonaws.com"`, `{"StringLike":{"idp:sub":"repo:team/*"}}`),
			"Every repository of team gets in", []string{"a sibling repository"}, []string{"a fork"}},
		"GitLab, a protected branch": {of("https://gitlab.com", `"https://gitlab.com"`, `{"StringEquals":{"idp:sub":"project_path:acme/app:ref_type:branch:ref:main","idp:ref_protected":"true"}}`),
			"Only acme/app, branch main", []string{"acme/app, branch main"}, []string{"the same branch, unprotected", "a merge request", "a tag", "a sibling project", "a fork", "a stranger", "another branch"}},
		"GitLab, a group": {of("https://gitlab.com", `"https://gitlab.com"`, `{"StringLike":{"idp:sub":"project_path:acme/*"}}`),
			"matches acme/* gets in", []string{"a sibling project", "a merge request"}, []string{"a fork", "a group with a like name"}},
		"EKS, one service account": {of(eks, `"sts.amazonaws.com"`, `{"StringEquals":{"idp:sub":"system:serviceaccount:shop:orders","idp:aud":"sts.amazonaws.com"}}`),
			"Only shop/orders gets in.", []string{"shop/orders"}, []string{"another service account", "the default service account", "the same name in another namespace", "another cluster", "a token for another system"}},
		"EKS, a namespace": {of(eks, `"sts.amazonaws.com"`, `{"StringLike":{"idp:sub":"system:serviceaccount:shop:*"}}`),
			"Every pod of the namespace shop gets in", []string{"the default service account"}, []string{"the same name in another namespace"}},
		"EKS, a name in whichever namespace": {of(eks, `"sts.amazonaws.com"`, `{"StringLike":{"idp:sub":"system:serviceaccount:*:orders"}}`),
			"Every namespace of the cluster gets in", []string{"the same name in another namespace"}, []string{"a stranger in the cluster"}},
		"Cognito, signed in at one pool": {builtIn("cognito-identity.amazonaws.com", `{"StringEquals":{"idp:aud":"us-east-1:1"},"ForAnyValue:StringLike":{"idp:amr":"authenticated"}}`),
			"Everybody who signs in at the identity pool", []string{"another person who signed in"}, []string{"a guest", "another identity pool"}},
		"Cognito, guests too": {builtIn("cognito-identity.amazonaws.com", `{"StringEquals":{"idp:aud":"us-east-1:1"}}`),
			"as a guest of the identity pool and without signing in", []string{"a guest"}, []string{"another identity pool"}},
		"Cognito, every pool": {builtIn("cognito-identity.amazonaws.com", `{}`), "Every identity pool of whatever AWS account, guests too,", []string{"a guest of another pool"}, nil},
		"Google, one account of one app": {builtIn("accounts.google.com", `{"StringEquals":{"idp:aud":"app.apps.googleusercontent.com","idp:sub":"1234"}}`),
			"Only dana's Google account gets in.", []string{"dana's Google account"}, []string{"another Google account", "a service account", "an account of another organization"}},
		"Google, one app": {builtIn("accounts.google.com", `{"StringEquals":{"idp:aud":"app.apps.googleusercontent.com"}}`),
			"Everybody with a Google account gets in", []string{"another Google account"}, []string{"a service account"}},
		"Keycloak, where azp counts": {of("https://keycloak.example.com/realms/demo", `"aws-access-client"`, `{"StringEquals":{"idp:sub":"f:1:dana"}}`),
			"Only f:1:dana gets in.", nil, []string{"somebody else", "another realm", "a token for another system"}},
		"CircleCI, one project": {of("https://oidc.circleci.com/org/org1", `"org1"`, `{"StringLike":{"idp:sub":"org/org1/project/proj1/user/*"}}`),
			"Every pull request of a fork gets in. Statement 1 lets them in: oidc.circleci.com/vcs-origin is no condition key in AWS.", []string{"another person", "another branch"}, []string{"a sibling project", "another organization"}},
		"Buildkite, one pipeline": {of("https://agent.buildkite.com", `"sts.amazonaws.com"`, `{"StringLike":{"idp:sub":"organization:acme:pipeline:app:ref:refs/heads/main:commit:*:step:*"}}`),
			"Every step of acme/app gets in", []string{"another commit", "another step"}, []string{"another branch", "a sibling pipeline", "a stranger"}},
		"HCP Terraform, one workspace": {of("https://app.terraform.io", `"aws.workload.identity"`, `{"StringLike":{"idp:sub":"organization:acme:project:web:workspace:production:run_phase:*"}}`),
			"Every plan of production, of a pull request too, gets in", []string{"a plan"}, []string{"another workspace", "another project", "a stranger"}},
		"Bitbucket, one repository": {of("https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc", `"ari:cloud:bitbucket::workspace/1"`, `{"StringLike":{"idp:sub":"{repo1}*"}}`),
			"gets in", []string{"another step"}, []string{"a sibling repository", "another workspace"}},
		"Bitbucket, without the braces": {of("https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc", `"ari:cloud:bitbucket::workspace/1"`, `{"StringLike":{"idp:sub":"repo1:*"}}`),
			"Nobody gets in", nil, []string{"the repository, a step on main", "a step of a deployment"}},
		"CircleCI, one branch": {of("https://oidc.circleci.com/org/org1", `"org1"`, `{"StringLike":{"idp:sub":"org/org1/project/proj1/user/*/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main"}}`),
			"Everybody who may start a job of the project gets in", []string{"the project, branch main", "another person"}, []string{"another branch", "a forked pull request", "the other token", "another organization"}},
		"GitLab, a ref without the kind of ref": {of("https://gitlab.com", `"https://gitlab.com"`, `{"StringEquals":{"idp:sub":"project_path:acme/app:ref:main"}}`),
			"Nobody gets in", nil, []string{"another branch", "a tag"}},
		"HCP Terraform, another key than the subject": {of("https://app.terraform.io", `"aws.workload.identity"`, `{"StringEquals":{"idp:aud":"aws.workload.identity"}}`),
			"Nobody gets in", nil, []string{"a plan", "a stranger"}},
		"Okta, by its groups": {of("https://acme.okta.com/oauth2/default", `"app"`, `{"StringEquals":{"idp:sub":"00u1"},"ForAnyValue:StringEquals":{"idp:groups":"developers"}}`),
			"Nobody gets in", nil, []string{"00u1", "somebody of another group"}},
		"Okta, one person": {of("https://acme.okta.com/oauth2/default", `"app"`, `{"StringEquals":{"idp:sub":"00u1"}}`),
			"Only 00u1 gets in.", []string{"00u1"}, []string{"somebody of another group", "another authorization server", "a token for another system"}},
		"Entra ID, one person": {of("https://login.microsoftonline.com/t/v2.0", `"app"`, `{"StringEquals":{"idp:sub":"AAA"}}`),
			"Only AAA gets in.", []string{"AAA"}, []string{"somebody else", "another application", "another tenant", "a token of v1.0"}},
		"Entra ID, everybody at the tenant, v1.0": {of("https://sts.windows.net/t/", `"app"`, `{"StringEquals":{"idp:aud":"app"}}`),
			"Everybody at the tenant gets in", []string{"somebody else"}, []string{"another tenant", "a token of v2.0"}},
		"Auth0, one person": {of("https://acme.eu.auth0.com/", `"app"`, `{"StringEquals":{"idp:sub":"auth0|1"}}`),
			"auth0|1", []string{"auth0|1", "an access token for an API"}, []string{"somebody of another connection", "a machine"}},
		"Cognito user pool, one app": {of("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool", `"app"`, `{"StringEquals":{"idp:aud":"app"}}`),
			"Everybody at the user pool gets in", []string{"somebody of another group"}, []string{"an access token", "another user pool"}},
		"Kubernetes elsewhere": {of("https://k8s.example.com", `"sts.amazonaws.com"`, `{"StringLike":{"idp:sub":"system:serviceaccount:shop:*"}}`),
			"Every pod of the namespace shop gets in", []string{"the default service account"}, []string{"the same name in another namespace", "another cluster"}},
		"Login with Amazon, one app": {builtIn("www.amazon.com", `{"StringEquals":{"idp:app_id":"amzn1.application.1"}}`),
			"Everybody who signs in at the app with Amazon, if app_id is amzn1.application.1, gets in, if www.amazon.com vouches", []string{"another person"}, []string{"another app"}},
		"Facebook, every app": {builtIn("graph.facebook.com", `{}`), "Every app that signs people in with Facebook gets in", []string{"another app"}, nil},
		"a custom provider, one subject": {of("https://idp.example.com", `"aws-access-client","cli"`, `{"StringEquals":{"idp:sub":"user-1","idp:aud":"aws-access-client"}}`),
			"Only user-1 gets in.", []string{"user-1"}, []string{"somebody else", "a subject that begins alike", "a token for another client", "the subject in another letter case"}},
		"a custom provider, two subjects": {of("https://idp.example.com", `"aws-access-client"`, `{"StringEquals":{"idp:sub":["user-1","user-2"]}}`),
			"Only user-1 and user-2 get in.", []string{"user-1", "user-2"}, []string{"somebody else"}},
		"a custom provider, a group in the subject": {of("https://idp.example.com", `"aws-access-client"`, `{"StringLike":{"idp:sub":"group:developers:*"}}`),
			"Every subject at the provider that matches group:developers:* gets in", []string{"a made-to-fit subject, group:developers:anyone"}, []string{"somebody else"}},
		"a custom provider, a session tag": {of("https://idp.example.com", `"aws-access-client"`, `{"StringEquals":{"idp:sub":"user-1","aws:RequestTag/team":"web"}}`),
			"Only user-1 gets in.", []string{"user-1"}, []string{"another team", "no team"}},
		"a custom provider, if the key exists": {of("https://idp.example.com", `"aws-access-client"`, `{"StringEqualsIfExists":{"idp:email":"dana@example.com"},"StringEquals":{"idp:sub":"user-1"}}`),
			"Everybody like that, also without email, gets in. Statement 1 lets them in: its StringEqualsIfExists on idp.example.com:email holds where the key is missing.", []string{"no email"}, []string{"another email"}},
		"SAML, one person": {samlOf(`{"StringEquals":{"saml:sub":"erin@example.com"}}`),
			"Only erin@example.com gets in.", []string{"erin@example.com"}, []string{"somebody else", "a response for another system", "an expired response", "a response of ten minutes ago", "an unsigned response", "a forged response", "another identity provider"}},
		"SAML, an affiliation": {samlOf(`{"ForAnyValue:StringEquals":{"saml:edupersonaffiliation":"staff"}}`),
			"Everybody whom the identity provider lets use the app, if edupersonaffiliation is staff, gets in", []string{"somebody else"}, []string{"another edupersonaffiliation"}},
		"SAML, a session tag": {samlOf(`{"StringEquals":{"aws:PrincipalTag/team":"web","saml:sub":"erin@example.com"}}`),
			"Only erin@example.com gets in.", nil, []string{"another team", "no team"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := engine.WhoGetsIn(tt.world.scenario(t), deployARN)
			if !strings.Contains(e.Widest, tt.widest) {
				t.Errorf("got %q, want %q in it", e.Widest, tt.widest)
			}
			outcomes := map[string]engine.EntrantOutcome{}
			for _, r := range e.Rows {
				if _, twice := outcomes[r.Who]; twice {
					t.Errorf("%s is there twice", r.Who)
				}
				outcomes[r.Who] = r.Outcome
				if len(r.Assumed) > 0 && r.Assumed[0] != "oauth/access-token" {
					t.Errorf("%s: %v is assumed, want a signature that was checked", r.Who, r.Assumed)
				}
				if (r.Outcome == engine.GetsIn) != (r.Statement != nil) {
					t.Errorf("%s: got %s by statement %v", r.Who, r.Outcome, r.Statement)
				}
			}
			for _, who := range tt.in {
				if outcomes[who] != engine.GetsIn {
					t.Errorf("%s: got %q, want it in", who, outcomes[who])
				}
			}
			for _, who := range tt.out {
				if outcomes[who] != engine.Refused {
					t.Errorf("%s: got %q, want it refused", who, outcomes[who])
				}
			}
		})
	}
}

// Every row is what Run makes of its call in the scenario as it stands; where
// the scenario has nobody's private keys, of the same call taken on trust.
func TestEveryEntrantPlaysAlike(t *testing.T) {
	const step = 3 // every third row, of each example other ones
	for n, e := range examples.All() {
		if runtime.GOOS == "js" && n%20 != 0 { // where a signature takes long
			continue
		}
		s := decode(t, e.Source)
		for _, arn := range engine.RoleArns(s) {
			who := engine.WhoGetsIn(s, arn)
			var calls []any
			var rows []engine.Entrant
			for i, r := range who.Rows {
				if r.Call == nil || (i+n)%step != 0 {
					continue
				}
				var call map[string]any
				if err := json.Unmarshal(r.Call, &call); err != nil {
					t.Fatalf("%s: %v", r.Who, err)
				}
				call["name"] = fmt.Sprint(i)
				calls, rows = append(calls, call), append(rows, r)
			}
			if len(rows) == 0 {
				continue
			}
			report := engine.Run(withCalls(t, e.JSON, calls))
			for i, c := range report.Calls {
				if c.Outcome != string(rows[i].Outcome) {
					t.Errorf("%s, %s, %s: the row says %s (%s %s), the call says %s", e.Slug, arn, rows[i].Who, rows[i].Outcome, rows[i].Rule, rows[i].Why, c.Verdict)
				}
			}
		}
	}
}

func withCalls(t *testing.T, text string, calls []any) engine.Scenario {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	document["calls"] = calls
	changed, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, string(changed))
}

func TestWhoGetsInLeavesTheScenarioAlone(t *testing.T) {
	for _, slug := range []string{"github-actions-deploys-from-main", "a-token-and-key-set-from-a-real-provider", "okta-signs-people-in-with-saml"} {
		e := example(t, slug)
		s := decode(t, e.Source)
		before := encode(t, engine.Run(s))
		for _, arn := range engine.RoleArns(s) {
			engine.WhoGetsIn(s, arn)
		}
		if after := encode(t, engine.Run(s)); string(before) != string(after) {
			t.Errorf("%s: the report is another after who gets in", e.Slug)
		}
	}
}

func TestWhoGetsInOfHostileWorlds(t *testing.T) {
	statement := func(i int) string {
		return fmt.Sprintf(`{"Sid":"S%d","Effect":"Allow","Principal":{"Federated":"%sidp%d.example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"idp%d.example.com:sub":["user-%d","*%d*"]}}}`, i, account, i%300, i%300, i, i)
	}
	var many []string
	for i := range 1000 {
		many = append(many, statement(i))
	}
	stars := strings.Repeat("a*", 1<<15)
	tests := map[string]struct {
		policy string
		want   string
		cut    bool
	}{
		"a thousand statements":           {`{"Statement":[` + strings.Join(many, ",") + `]}`, "Nobody gets in", true},
		"a huge pattern":                  {allows(account+"idp.example.com", webIdentity, `{"StringLike":{"idp.example.com:sub":"`+stars+`"}}`), "Nobody gets in", false},
		"a value of wildcards":            {allows(account+"token.actions.githubusercontent.com", webIdentity, `{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:`+strings.Repeat("*?", 900)+`"}}`), "Nobody gets in", false},
		"no JSON":                         {`{"Statement":`, "The trust policy is no JSON, so nobody gets in", false},
		"no statement":                    {`{}`, "names nobody whom it allows", false},
		"a list":                          {`[]`, "names nobody whom it allows", false},
		"only a Deny":                     {`{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*"}]}`, "names nobody whom it allows", false},
		"a provider without a name":       {allows(account, webIdentity, `{}`), "Nobody gets in", false},
		"something that is no provider":   {allows("{new:mallory}", webIdentity, `{}`), "Nobody gets in", false},
		"principals of AWS only":          {`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012","Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`, "", false},
		"everybody, as far as they exist": {`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*"}]}`, "gets in", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := engine.WhoGetsIn(trusting{policy: tt.policy}.scenario(t), deployARN)
			if !strings.Contains(e.Widest, tt.want) || len(e.Widest) > 1000 {
				t.Errorf("got %q, want %q in a short sentence", e.Widest, tt.want)
			}
			if len(e.Rows) > 40 || (e.Cut > 0) != tt.cut {
				t.Errorf("got %d rows and %d left out", len(e.Rows), e.Cut)
			}
		})
	}
	long := strings.Repeat("x", 1<<20)
	large := trusting{oidc: "https://idp.example.com", clients: `"` + long + `"`, policy: allows(account+"idp.example.com", webIdentity, `{"StringLike":{"idp.example.com:sub":"*"}}`), calls: `[{"action":"sts:AssumeRoleWithWebIdentity",
		"context":{"aws:SourceIp":"` + long + `"},"params":{"RoleArn":"` + deployARN + `","RoleSessionName":"` + long + `","WebIdentityToken":{"mint":{"issuer":"https://idp.example.com","claims":{"sub":"` + long + `","https://aws.amazon.com/source_identity":"` + long + `"}}}}}]`}
	if text, err := json.Marshal(engine.WhoGetsIn(large.scenario(t), deployARN)); err != nil || len(text) > 100_000 {
		t.Errorf("a call with megabytes in it: got %d bytes, %v, want a table", len(text), err)
	}
	for _, arn := range []string{"", "nothing", "arn:aws:iam::123456789012:role/another", strings.Repeat("x", 1<<20)} {
		if e := engine.WhoGetsIn(trusting{policy: "{}"}.scenario(t), arn); len(e.Rows) != 0 || !strings.Contains(e.Widest, "has no role") || len(e.Widest) > 1000 {
			t.Errorf("%.50s: got %d rows and %.100q", arn, len(e.Rows), e.Widest)
		}
	}
}

func TestWhoGotIn(t *testing.T) {
	world := func(condition string) engine.Scenario {
		return trusting{oidc: "https://token.actions.githubusercontent.com", clients: `"sts.amazonaws.com"`,
			policy: allows(account+"token.actions.githubusercontent.com", webIdentity, condition)}.scenario(t)
	}
	const sub = `{"StringLike":{"token.actions.githubusercontent.com:sub":`
	main, wide, other := world(sub+`"repo:acme/app:ref:refs/heads/main"}}`), world(sub+`"repo:acme/*"}}`), world(sub+`"repo:other/web:pull_request"}}`)

	if _, c := engine.WhoGotIn(main, main, deployARN); len(c.LetIn)+len(c.ShutOut) != 0 || c.Sentence != "The change lets nobody in and shuts nobody out." || c.Same == 0 {
		t.Errorf("the same policy: got %+v", c)
	}
	entrants, wider := engine.WhoGotIn(main, wide, deployARN)
	if diff := cmp.Diff(engine.WhoGetsIn(wide, deployARN), entrants, cmpopts.IgnoreUnexported(engine.Entrant{})); diff != "" {
		t.Errorf("the entrants are others than who gets in (-want +got):\n%s", diff)
	}
	if len(wider.ShutOut) != 0 || !slices.Contains(whos(wider.LetIn), "a sibling repository") || slices.Contains(whos(wider.LetIn), "acme/app, branch main") {
		t.Errorf("a wider policy: got in %v, out %v", whos(wider.LetIn), whos(wider.ShutOut))
	}
	_, narrower := engine.WhoGotIn(wide, main, deployARN)
	if len(narrower.LetIn) != 0 || !slices.Contains(whos(narrower.ShutOut), "a sibling repository") || len(narrower.ShutOut) != len(wider.LetIn) {
		t.Errorf("a narrower policy: got in %v, out %v", whos(narrower.LetIn), whos(narrower.ShutOut))
	}
	// Those whom only the version before had in mind are asked as well.
	_, changed := engine.WhoGotIn(main, other, deployARN)
	if !slices.Contains(subjects(changed.ShutOut), "repo:acme/app:ref:refs/heads/main") || !slices.Contains(subjects(changed.LetIn), "repo:other/web:pull_request") {
		t.Errorf("another repository: got in %v, out %v", subjects(changed.LetIn), subjects(changed.ShutOut))
	}
}

func whos(rows []engine.Entrant) (all []string) {
	for _, r := range rows {
		all = append(all, r.Who)
	}
	return all
}

func subjects(rows []engine.Entrant) (all []string) {
	for _, r := range rows {
		all = append(all, r.Subject)
	}
	return all
}

// Each tag names the next one twice.
func TestWhoGetsInPutsEachTagInOnce(t *testing.T) {
	tags := make([]string, 60)
	for i := range tags {
		next := fmt.Sprintf("${aws:ResourceTag/t%d}", i+1)
		tags[i] = fmt.Sprintf(`{"Key":"t%d","Value":%q}`, i, next+next)
	}
	policy := allows(account+"idp.example.com", webIdentity, `{"StringEquals":{"idp.example.com:sub":["${aws:ResourceTag/t0}","${aws:ResourceTag/team}"]}}`)
	text := `{"accounts":{"123456789012":{"OpenIDConnectProviders":[{"Url":"https://idp.example.com","ClientIDList":["x"]}],"Roles":[{"RoleName":"deploy","Tags":[{"Key":"team","Value":"web"},` +
		strings.Join(tags, ",") + `],"AssumeRolePolicyDocument":` + quoted(policy) + `}]}}}`
	s, findings := engine.Decode(text, scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		t.Fatalf("got %+v", findings)
	}
	s.Now = clock
	e := engine.WhoGetsIn(s, deployARN)
	if !slices.ContainsFunc(e.Rows, func(r engine.Entrant) bool { return r.Subject == "web" && r.Outcome == engine.GetsIn }) {
		t.Errorf("got %q, want the subject web let in", e.Widest)
	}
}
