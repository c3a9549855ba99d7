package engine_test

import (
	"slices"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/trace"
)

// corner is a scenario that every change of cornerCases starts from: it
// succeeds as it stands.
const corner = `
now: 2026-04-28T10:30:00Z
issuers:
  - url: https://idp.example.com
    signing: [{kid: k1, alg: ES256}]
accounts:
  "123456789012":
    OpenIDConnectProviders:
      - {Url: https://idp.example.com, ClientIDList: [app]}
    Roles:
      - RoleName: deploy
        AssumeRolePolicyDocument:
          Version: 2012-10-17
          Statement:
            - Effect: Allow
              Principal: {Federated: "arn:aws:iam::123456789012:oidc-provider/idp.example.com"}
              Action: [sts:AssumeRoleWithWebIdentity, sts:TagSession]
              Condition: {StringEquals: {"idp.example.com:sub": user-123}}
    ResourceControlPolicies: []
calls:
  - action: sts:AssumeRoleWithWebIdentity
    region: us-east-1
    params:
      RoleArn: arn:aws:iam::123456789012:role/deploy
      RoleSessionName: session
      WebIdentityToken:
        mint:
          issuer: https://idp.example.com
          claims: {sub: user-123, aud: app}
`

// cornerCases change the scenario, text by text, and say which step fails and
// with what error; both are empty where the call succeeds.
var cornerCases = []struct {
	name          string
	change        []string // old, new, old, new …
	step, message string
}{
	{"the scenario as it stands", nil, "", ""},
	{"a role in China is asked for in China", []string{"arn:aws:", "arn:aws-cn:", "us-east-1", "cn-north-1"}, "", ""},
	{"a role in GovCloud is asked for in GovCloud", []string{"arn:aws:", "arn:aws-us-gov:", "us-east-1", "us-gov-west-1"}, "", ""},
	{"a role in China is asked for elsewhere", []string{"arn:aws:", "arn:aws-cn:"}, "sts/role-arn", "Request ARN is invalid"},
	{"an audience that is empty is no client ID", []string{"aud: app}", `aud: ""}`}, "oidc/audience", "Incorrect token audience"},
	{"an audience that is empty in a list is no client ID", []string{"aud: app}", `aud: [""]}`}, "oidc/audience", "Incorrect token audience"},
	{"an azp that is empty is refused among the claims", []string{"aud: app}", `aud: app, azp: ""}`}, "oidc/claims", "The claim azp of the token is not valid (AWS's wording unknown)"},
	{"nbf isn't required, so one that is no number isn't missing", []string{"aud: app}", "aud: app, nbf: [1]}"}, "oidc/claims", "The claim nbf of the token is not valid (AWS's wording unknown)"},
	{"a token is shared without signature and header", []string{"mint:\n          issuer: https://idp.example.com", "unsigned:", "aud: app}", "aud: app, iss: https://idp.example.com, iat: 1777372200, exp: 1777372800}"}, "", ""},
	{"no key is at hand, and the certificate of the server that has it is good", []string{signing, ""}, "", ""},
	{"no key is at hand, and nothing vouches for the certificate of the server that has it", []string{signing, "tls: untrusted"}, "oidc/keys", "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"},
	{"no key is at hand, and its server can't be reached", []string{signing, "reachable: false"}, "oidc/keys", "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"},
	{"HCP Terraform's subject is checked", terraform, "", ""},
	{"HCP Terraform's subject isn't checked", append(slices.Clone(terraform), `{StringEquals: {"idp.example.com:sub": user-123}}`, `{StringEquals: {"app.terraform.io:aud": app}}`), "trust/condition", "Not authorized to perform sts:AssumeRoleWithWebIdentity"},
	{"a resource control policy that denies tags lets a token without tags pass", denyTags[:], "", ""},
	{"a resource control policy that denies tags refuses a token with tags", []string{
		denyTags[0], denyTags[1],
		"aud: app}", `aud: app, "https://aws.amazon.com/tags": {principal_tags: {team: [web]}}}`,
	}, "organization/resource-control-policy", "Not authorized to perform sts:AssumeRoleWithWebIdentity"},
}

var terraform = []string{"https://idp.example.com", "https://app.terraform.io", "oidc-provider/idp.example.com", "oidc-provider/app.terraform.io", "idp.example.com:sub", "app.terraform.io:sub"}

const signing = "signing: [{kid: k1, alg: ES256}]"

var denyTags = []string{
	"ResourceControlPolicies: []",
	`ResourceControlPolicies: [[{Version: 2012-10-17, Statement: [{Effect: Deny, Principal: "*", Action: "sts:TagSession", Resource: "*"}]}]]`,
}

func TestCorners(t *testing.T) {
	for _, c := range cornerCases {
		t.Run(c.name, func(t *testing.T) {
			call := engine.Run(decode(t, strings.NewReplacer(c.change...).Replace(corner))).Calls[0]
			step, message := "", ""
			if call.Error != nil {
				message = call.Error.Message
			}
			for i := len(call.Steps) - 1; i >= 0; i-- {
				if call.Steps[i].Status == "failed" {
					step = call.Steps[i].Rule
				}
			}
			if step != c.step || message != c.message {
				t.Errorf("got %q at %q, want %q at %q", message, step, c.message, c.step)
			}
		})
	}
}

func TestTagsThatMayNotFitAreAWarning(t *testing.T) {
	tags := `"https://aws.amazon.com/tags": {principal_tags: {a: [` + strings.Repeat("x", 256) + `]`
	for _, key := range strings.Split("bcdefghij", "") {
		tags += ", " + key + ": [" + strings.Repeat("y", 256) + "]"
	}
	call := engine.Run(decode(t, strings.Replace(corner, "aud: app}", "aud: app, "+tags+"}}}", 1))).Calls[0]
	for _, s := range call.Steps {
		if s.Rule == "sts/session-policy" && (s.Status != "warned" || !s.Modelled || call.Outcome != "success") {
			t.Errorf("got %s, %s, modelled %v, want a success with a modelled warning", call.Outcome, s.Status, s.Modelled)
		}
	}
}

func TestFindingsHavePlaces(t *testing.T) {
	r := engine.Run(decode(t, strings.NewReplacer("{Url: https", "{Url: http", "issuer: https://idp.example.com", "profile: nobody").Replace(corner)))
	places := map[string][2]int{}
	for _, f := range r.Findings {
		places[f.Rule] = [2]int{f.At.Line, f.At.Column}
	}
	for rule, want := range map[string][2]int{"oidc/provider-url": {9, 15}, "idp/profile": {28, 20}} {
		if places[rule] != want {
			t.Errorf("%s: got %v, want %v", rule, places[rule], want)
		}
	}
}

func TestConditionsThatNothingCanMeet(t *testing.T) {
	const condition = `Condition: {StringEquals: {"idp.example.com:sub": user-123}}`
	for _, c := range []struct{ name, condition, why, advice string }{
		{"a plain operator on a key with a list", `StringEquals: {"idp.example.com:amr": mfa}`, "idp.example.com:amr has a list of values, and StringEquals compares a single one, so it never holds; ForAnyValue: and ForAllValues: in front compare each.", "Compare with ForAnyValue:StringEquals"},
		{"a list without the wanted value isn't mended by the operator", `StringEquals: {"idp.example.com:amr": pwd}`, "idp.example.com:amr has a list of values, and StringEquals compares a single one, so it never holds; ForAnyValue: and ForAllValues: in front compare each.", ""},
		{"an operator that AWS doesn't know", `StringEqual: {"idp.example.com:sub": user-123}`, `AWS knows no operator "StringEqual", so it never matches.`, ""},
		{"an operator without a key", `StringEquals: {}`, "AWS can't read this condition, so it never matches.", ""},
		{"a key without its provider", `StringEquals: {sub: user-123}`, "The key sub lacks the provider in front; it is idp.example.com:sub.", "Begin the keys with idp.example.com"},
		{"a key that only AWS's own tokens have", `NumericLessThanEquals: {"sts:DurationSeconds": 3600}`, "sts:DurationSeconds isn't there when a role is assumed, only with tokens that AWS itself issues; the role's MaxSessionDuration limits its sessions.", ""},
		{"an ARN against what is none", `ArnLike: {"idp.example.com:sub": "arn:aws:iam::*:role/x"}`, "The policy wants sub arn:aws:iam::*:role/x, the token says user-123.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.NewReplacer(condition, "Condition: {"+c.condition+"}", "aud: app}", "aud: app, amr: [mfa]}").Replace(corner)
			call := engine.Run(decode(t, text)).Calls[0]
			for _, s := range call.Steps {
				if s.Status == "failed" && (s.Rule != "trust/condition" || s.Why != c.why) {
					t.Errorf("got %s: %s, want trust/condition: %s", s.Rule, s.Why, c.why)
				}
			}
			advice := ""
			if len(call.Advice) > 0 {
				advice = call.Advice[0].Title
			}
			if call.Outcome != "failure" || advice != c.advice {
				t.Errorf("got %s and advice %q, want a failure and %q", call.Outcome, advice, c.advice)
			}
			if fixes := tryFixes(t, c.name, asJSON(t, text)); c.advice != "" && fixes == 0 {
				t.Error("the advice has no fix")
			}
		})
	}
}

func TestAccessTokensTellWhatTheContextSays(t *testing.T) {
	call := engine.Run(decode(t, `
now: 2026-04-28T10:30:00Z
accounts:
  "123456789012":
    Roles:
      - RoleName: app
        AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {Federated: www.amazon.com}, Action: "sts:AssumeRoleWithWebIdentity"}]}
calls:
  - action: sts:AssumeRoleWithWebIdentity
    params: {RoleArn: "arn:aws:iam::123456789012:role/app", RoleSessionName: session, ProviderId: www.amazon.com, WebIdentityToken: Atza|opaque}
    context: {"www.amazon.com:app_id": app-1, "www.amazon.com:user_id": amzn1.account.A}
`)).Calls[0]
	text := string(encode(t, engine.Report{Calls: []engine.CallReport{call}}))
	for _, want := range []string{
		`"SubjectFromWebIdentityToken":"amzn1.account.A"`, `"Audience":"app-1"`, `"principalId":"www.amazon.com:app-1:amzn1.account.A"`,
		`"www.amazon.com:app_id":"app-1"`, `"www.amazon.com:user_id":"amzn1.account.A"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got no %s in %s", want, text)
		}
	}
	if strings.Contains(text, `"www.amazon.com:sub"`) {
		t.Error("got a key www.amazon.com:sub in the session, want none: nobody gave it a value")
	}
}

func TestAProviderThatIsNearlyTheIssuer(t *testing.T) {
	for _, tt := range []struct{ issuer, registered, why string }{
		{"https://idp.example.com", "https://idp.example.com/", "has a trailing slash that the token's iss doesn't have"},
		{"https://idp.example.com/", "https://idp.example.com", "lacks the trailing slash that the token's iss has"},
		{"https://idp.example.com", "https://IDP.example.com", "differs from the token's iss in letter case"},
		{"https://idp.example.com", "https://idp.example.com/.well-known/openid-configuration", "is the discovery document's URL rather than the issuer's"},
		{"https://idp.example.com/", "https://idp.example.com/.well-known/openid-configuration", "is the discovery document's URL rather than the issuer's"},
		{"https://idp.example.com/realms/a", "https://idp.example.com", "has another path than the token's iss"},
	} {
		call := engine.Run(decode(t, `now: "2026-04-28T10:30:00Z"
accounts: {"123456789012": {OpenIDConnectProviders: [{Url: "`+tt.registered+`"}]}}
calls: [{action: sts:AssumeRoleWithWebIdentity, params: {RoleArn: arn:aws:iam::123456789012:role/app, RoleSessionName: ann,
  WebIdentityToken: {mint: {issuer: "`+tt.issuer+`"}}}}]
`)).Calls[0]
		step := call.Steps[slices.IndexFunc(call.Steps, func(s trace.Step) bool { return s.Rule == "oidc/issuer" })]
		if want := tt.registered + " is registered, and it " + tt.why + "; the comparison is exact."; step.Why != want {
			t.Errorf("why %s isn't found: got %q, want %q", tt.issuer, step.Why, want)
		}
		if step.Expected != tt.issuer || step.Found != tt.registered {
			t.Errorf("%s and %s aren't put side by side: got %q and %q", tt.issuer, tt.registered, step.Expected, step.Found)
		}
	}
}
