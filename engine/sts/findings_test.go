package sts

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

const (
	githubName = "token.actions.githubusercontent.com"
	idpName    = "idp.example.com"
)

// trusting is a trust policy of one statement that lets in who has a token of
// the provider and fits the condition.
func trusting(provider, condition string) string {
	if !strings.Contains(provider, ".amazonaws.com") && !strings.HasPrefix(provider, "accounts.") && !strings.HasPrefix(provider, "www.") {
		provider = "arn:aws:iam::123456789012:oidc-provider/" + provider
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + provider + `"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{` + condition + `}}]}`
}

func githubSubject(operator, value string) string {
	return trusting(githubName, `"StringEquals":{"`+githubName+`:aud":"sts.amazonaws.com"},"`+operator+`IfExists":{"`+githubName+`:sub":"`+value+`"}`)
}

// trustMistake is what people write about whom a provider's tokens are for.
// Where a fix is offered, mended is the value that it writes; good has no
// finding of the rule.
type trustMistake struct {
	says, bad, rule string
	severity        trace.Severity
	at              string // within the policy
	detail          string
	mended          string
	good            string
}

var trustMistakes = []trustMistake{
	{"no condition at all", trusting(idpName, ""), "trust/oidc-condition", trace.SeverityWarning, "/Statement/0", "add one on idp.example.com:sub", "", trusting(idpName, `"StringEquals":{"idp.example.com:sub":"ann"}`)},
	{"a condition on the time alone", trusting(idpName, `"DateLessThan":{"aws:CurrentTime":"2030-01-01"}`), "trust/oidc-condition", trace.SeverityWarning, "/Statement/0", "whoever bears them", "", trusting(idpName, `"StringEquals":{"sts:SourceIdentity":"ann"}`)},
	{"a domain that isn't built in", strings.Replace(trusting(idpName, `"StringEquals":{"idp.example.com:aud":"app","idp.example.com:sub":"ann"}`), "arn:aws:iam::123456789012:oidc-provider/", "", 1), "trust/built-in-provider", trace.SeverityWarning, "/Statement/0/Principal/Federated", "isn't built into IAM", "arn:aws:iam::123456789012:oidc-provider/idp.example.com", trusting(idpName, `"StringEquals":{"idp.example.com:aud":"app","idp.example.com:sub":"ann"}`)},
	{"the audience alone", trusting(idpName, `"StringEquals":{"idp.example.com:aud":"app"}`), "trust/subject-missing", trace.SeverityWarning, "/Statement/0", "whose tokens", "", trusting(idpName, `"StringEquals":{"idp.example.com:aud":"app","idp.example.com:sub":"ann"}`)},
	{"every subject", trusting(idpName, `"StringEquals":{"idp.example.com:aud":"app"},"StringLike":{"idp.example.com:sub":"*"}`), "trust/subject-missing", trace.SeverityWarning, "/Statement/0", "whose tokens", "", trusting(idpName, `"StringEquals":{"idp.example.com:aud":"app"},"ForAnyValue:StringEquals":{"idp.example.com:amr":"ops"}`)},
	{"no audience", trusting(idpName, `"StringEquals":{"idp.example.com:sub":"ann"}`), "trust/audience-missing", trace.SeverityInfo, "/Statement/0", "registered with", "", trusting(idpName, `"StringEquals":{"idp.example.com:oaud":"app","idp.example.com:sub":"ann"}`)},
	{"no audience of Google", trusting("accounts.google.com", `"StringEquals":{"accounts.google.com:sub":"1"}`), "trust/audience-missing", trace.SeverityWarning, "/Statement/0", "accounts.google.com:aud", "", trusting("accounts.google.com", `"StringEquals":{"accounts.google.com:aud":"app"}`)},
	{"no app of Amazon", trusting("www.amazon.com", `"StringEquals":{"www.amazon.com:user_id":"1"}`), "trust/audience-missing", trace.SeverityWarning, "/Statement/0", "www.amazon.com:app_id", "", trusting("www.amazon.com", `"StringEquals":{"www.amazon.com:app_id":"app"}`)},
	{"a shared provider without its key", trusting(githubName, `"StringEquals":{"token.actions.githubusercontent.com:aud":"x"}`), "trust/shared-provider", trace.SeverityError, "/Statement/0", "MalformedPolicyDocument", "", githubSubject("StringEquals", "repo:o/r:pull_request")},
	{"a shared provider, and every subject", githubSubject("StringLike", "*"), "trust/shared-provider", trace.SeverityError, "/Statement/0", "more than wildcards", "", githubSubject("StringLike", "repo:o/r:*")},
	{"Vercel without its audience", trusting("oidc.vercel.com", `"StringEquals":{"oidc.vercel.com:sub":"x"}`), "trust/shared-provider", trace.SeverityError, "/Statement/0", "oidc.vercel.com:aud", "", trusting("oidc.vercel.com", `"StringEquals":{"oidc.vercel.com:aud":"x","oidc.vercel.com:sub":"x"}`)},
	{"Cognito without its pool", trusting("cognito-identity.amazonaws.com", `"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}`), "trust/shared-provider", trace.SeverityError, "/Statement/0", ":aud", "", trusting("cognito-identity.amazonaws.com", `"StringEquals":{"cognito-identity.amazonaws.com:aud":"p"}`)},
	{"all of GitHub", githubSubject("StringLike", "repo:*"), "trust/wide-subject", trace.SeverityWarning, "/Statement/0/Condition/StringLikeIfExists/" + githubName + ":sub", "every owner on GitHub", "", githubSubject("StringLike", "repo:octo/*")},
	{"owners that begin alike", githubSubject("StringLike", "repo:octo*"), "trust/wide-subject", trace.SeverityWarning, "/Statement/0/Condition/StringLikeIfExists/" + githubName + ":sub", "begins with octo", "", githubSubject("StringLike", "repo:octo@123*/app@9:*")},
	{"an environment of whichever repository", githubSubject("StringLike", "*:environment:prod"), "trust/wide-subject", trace.SeverityWarning, "/Statement/0/Condition/StringLikeIfExists/" + githubName + ":sub", "every owner on GitHub", "", githubSubject("StringEquals", "repo:octo/app:environment:prod")},
	{"all but the pull requests of one repository", trusting(githubName, `"StringEquals":{"token.actions.githubusercontent.com:aud":"x"},"StringNotEquals":{"token.actions.githubusercontent.com:sub":"repo:o/r:pull_request"}`), "trust/wide-subject", trace.SeverityWarning, "/Statement/0/Condition/StringNotEquals/" + githubName + ":sub", "everyone else", "", trusting(githubName, `"StringEquals":{"token.actions.githubusercontent.com:aud":"x","token.actions.githubusercontent.com:sub":"repo:o/r:ref:refs/heads/main"},"StringNotEquals":{"token.actions.githubusercontent.com:sub":"repo:o/r:pull_request"}`)},
	{"every group of gitlab.com", trusting("gitlab.com", `"StringLike":{"gitlab.com:aud":"x","gitlab.com:sub":"project_path:*:ref_type:branch:ref:main"}`), "trust/wide-subject", trace.SeverityWarning, "/Statement/0/Condition/StringLike/gitlab.com:sub", "every group on gitlab.com", "", trusting("gitlab.com", `"StringLike":{"gitlab.com:aud":"x","gitlab.com:sub":"project_path:acme/*:ref_type:branch:ref:main"}`)},
	{"groups that begin alike", trusting("gitlab.com", `"StringLike":{"gitlab.com:aud":"x","gitlab.com:sub":"project_path:acme*"}`), "trust/wide-subject", trace.SeverityWarning, "/Statement/0/Condition/StringLike/gitlab.com:sub", "begins with acme", "", trusting("gitlab.com", `"StringLike":{"gitlab.com:aud":"x","gitlab.com:sub":"project_path:acme/app:*"}`)},
	{"every namespace of a cluster", trusting("oidc.eks.eu-west-1.amazonaws.com/id/D0", `"StringLike":{"oidc.eks.eu-west-1.amazonaws.com/id/D0:aud":"sts.amazonaws.com","oidc.eks.eu-west-1.amazonaws.com/id/D0:sub":"system:serviceaccount:*:app"}`), "trust/wide-subject", trace.SeverityWarning, "/Statement/0/Condition/StringLike/oidc.eks.eu-west-1.amazonaws.com~1id~1D0:sub", "every namespace", "", trusting("oidc.eks.eu-west-1.amazonaws.com/id/D0", `"StringLike":{"oidc.eks.eu-west-1.amazonaws.com/id/D0:aud":"sts.amazonaws.com","oidc.eks.eu-west-1.amazonaws.com/id/D0:sub":"system:serviceaccount:shop:*"}`)},
	{"a ref of heads in the singular", githubSubject("StringEquals", "repo:octo/app:ref:refs/head/main"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "refs/heads/", "repo:octo/app:ref:refs/heads/main", githubSubject("StringEquals", "repo:octo/app:ref:refs/heads/main")},
	{"every repository", githubSubject("StringLike", "repo:octo/*"), "trust/subject-wildcard", trace.SeverityWarning, "/Statement/0/Condition/StringLikeIfExists/" + githubName + ":sub", "every repository of octo", "", githubSubject("StringLike", "repo:octo/app:ref:refs/heads/main")},
	{"everything of a repository", githubSubject("StringLike", "repo:octo/app:*"), "trust/subject-wildcard", trace.SeverityWarning, "/Statement/0/Condition/StringLikeIfExists/" + githubName + ":sub", "repo:octo/app:ref:refs/heads/main", "", githubSubject("StringEquals", "repo:octo/app:pull_request")},
	{"environments that begin alike", githubSubject("StringLike", "repo:octo/app:environment:prod*"), "trust/subject-wildcard", trace.SeverityWarning, "/Statement/0/Condition/StringLikeIfExists/" + githubName + ":sub", "name the environment", "", githubSubject("StringEquals", "repo:octo/app:environment:prod")},
	{"branches that begin alike", githubSubject("StringLike", "repo:octo/app:ref:refs/heads/*"), "trust/subject-wildcard", trace.SeverityWarning, "/Statement/0/Condition/StringLikeIfExists/" + githubName + ":sub", "whoever can push", "", githubSubject("StringEquals", "repo:octo/app:ref:refs/heads/x")},
	{"Repo in capitals", githubSubject("StringEquals", "Repo:octo/app:pull_request"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "small letters", "repo:octo/app:pull_request", ""},
	{"no repo: in front", githubSubject("StringEquals", "octo/app:ref:refs/heads/main"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "begins with repo:", "repo:octo/app:ref:refs/heads/main", ""},
	{"an address in front", githubSubject("StringEquals", "https://github.com/octo/app:ref:refs/heads/main"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "not with an address", "repo:octo/app:ref:refs/heads/main", ""},
	{"an owner without a repository", githubSubject("StringEquals", "repo:octo:ref:refs/heads/main"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "lacks the repository", "", githubSubject("StringEquals", "repo:octo/app:ref:refs/heads/main")},
	{"nothing behind the repository", githubSubject("StringEquals", "repo:octo/app"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "what started the run", "", githubSubject("StringLike", "repo:octo/app*")},
	{"no ref: in front of the ref", githubSubject("StringEquals", "repo:octo/app:refs/heads/main"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "stands ref:", "repo:octo/app:ref:refs/heads/main", ""},
	{"a branch by its name", githubSubject("StringEquals", "repo:octo/app:ref:main"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "refs/heads/main", "", githubSubject("StringLike", "repo:octo/app:ref:*/main")},
	{"heads without refs", githubSubject("StringEquals", "repo:octo/app:ref:heads/main"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "begins with refs/", "repo:octo/app:ref:refs/heads/main", ""},
	{"heads in capitals", githubSubject("StringEquals", "repo:octo/app:ref:refs/Heads/main"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "small letters", "repo:octo/app:ref:refs/heads/main", ""},
	{"branch: for ref:", githubSubject("StringEquals", "repo:octo/app:branch:main"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "for branch", "repo:octo/app:ref:refs/heads/main", ""},
	{"Environment in capitals", githubSubject("StringEquals", "repo:octo/app:Environment:prod"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "environment is in small letters", "repo:octo/app:environment:prod", ""},
	{"pull-request with a hyphen", githubSubject("StringEquals", "repo:octo/app:pull-request"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringEqualsIfExists/" + githubName + ":sub", "pull_request for pull-request", "repo:octo/app:pull_request", ""},
	{"a wildcard behind pull_request", githubSubject("StringLike", "repo:octo/app:pull_request:*"), "trust/subject-form", trace.SeverityWarning, "/Statement/0/Condition/StringLikeIfExists/" + githubName + ":sub", "nothing follows", "repo:octo/app:pull_request", ""},
	{"a claim that is no key", trusting(idpName, `"StringEquals":{"idp.example.com:groups":"ops"}`), "trust/claim-is-no-key", trace.SeverityWarning, "/Statement/0/Condition/StringEquals/idp.example.com:groups", "as if the claim weren't there", "", trusting(idpName, `"StringEquals":{"idp.example.com:email":"ann@example.com"},"ForAnyValue:StringEquals":{"idp.example.com:amr":"ops"}`)},
	{"azp, which AWS calls aud", trusting(idpName, `"StringEquals":{"idp.example.com:azp":"app"}`), "trust/claim-is-no-key", trace.SeverityWarning, "/Statement/0/Condition/StringEquals/idp.example.com:azp", "idp.example.com:aud", "", trusting(idpName, `"StringEquals":{"idp.example.com:aud":"app"}`)},
	{"a SAML attribute that is no key", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":["arn:aws:iam::123456789012:saml-provider/A","arn:aws:iam::123456789012:saml-provider/B"]},"Action":"sts:AssumeRoleWithSAML","Condition":{"ForAnyValue:StringEquals":{"SAML:groups":"ops"}}}]}`, "trust/claim-is-no-key", trace.SeverityWarning, "/Statement/0/Condition/ForAnyValue:StringEquals/SAML:groups", "SAML attributes become keys by a fixed list", "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/A"},"Action":"sts:AssumeRoleWithSAML","Condition":{"ForAnyValue:StringEquals":{"SAML:cn":"ops"},"StringEquals":{"saml:sub":"ann"}}}]}`},
}

func TestTrustMistakesAreFound(t *testing.T) {
	for _, m := range trustMistakes {
		for _, asText := range []bool{false, true} {
			role := trustingRole(t, m.bad, asText)
			found := of(m.rule, trustFindings(role, scenario.ClaimsAWS))
			if len(found) != 1 {
				t.Errorf("%s: got %d findings of %s want one", m.says, len(found), m.rule)
				continue
			}
			f := found[0]
			if at := strings.TrimPrefix(f.At.Path, role.AssumeRolePolicyDocument.Path); f.Severity != m.severity || at != m.at || f.Cite.URL == "" {
				t.Errorf("%s: got %s at %s (%s) want %s at %s", m.says, f.Severity, at, f.Cite.URL, m.severity, m.at)
			}
			if !strings.Contains(f.Detail, m.detail) || !strings.HasSuffix(f.Detail, ".") {
				t.Errorf("%s: got %q want %q in a sentence", m.says, f.Detail, m.detail)
			}
			good := m.good
			if m.mended != "" {
				good = mendedPolicy(t, role, f.Fix, m)
			} else if len(f.Fix) > 0 {
				t.Errorf("%s: got a fix want none", m.says)
			}
			if left := of(m.rule, trustFindings(trustingRole(t, good, asText), scenario.ClaimsAWS)); len(left) > 0 {
				t.Errorf("%s: got %q of the good policy", m.says, left[0].Detail)
			}
		}
	}
}

// mendedPolicy is the policy as the fix leaves it.
func mendedPolicy(t *testing.T, role *Role, fix []trace.Patch, m trustMistake) string {
	t.Helper()
	if len(fix) != 1 || fix[0].Op != "replace" {
		t.Fatalf("%s: got %v want one value replaced", m.says, fix)
	}
	if fix[0].Path == role.AssumeRolePolicyDocument.Path {
		return fix[0].Value.(string)
	}
	if fix[0].Value != m.mended || !strings.HasSuffix(fix[0].Path, m.at) {
		t.Errorf("%s: got %v at %s want %s", m.says, fix[0].Value, fix[0].Path, m.mended)
	}
	values := role.Trust.Statements[0].Conditions[1].Values
	if strings.Contains(m.at, "/Principal/") {
		values = role.Trust.Statements[0].Principal.Values
	}
	for _, v := range values {
		return strings.Replace(m.bad, v.Text, m.mended, 1)
	}
	return ""
}

func of(rule string, findings []trace.Finding) []trace.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f trace.Finding) bool { return f.Rule != rule })
}

// trustingRole is a role with a trust policy, which the scenario has as an
// object or as text.
func trustingRole(t *testing.T, policy string, asText bool) *Role {
	t.Helper()
	a := accountWith(t, policy, asText)
	role, _ := newRole(a, &a.Roles[0], scenario.ClaimsAWS, iam.NewNames(nil))
	return role
}

func accountWith(t *testing.T, policy string, asText bool) *scenario.Account {
	t.Helper()
	var document any = json.RawMessage(policy)
	if asText {
		document = policy
	}
	text, err := json.Marshal(map[string]any{"accounts": map[string]any{"123456789012": map[string]any{
		"Roles": []any{map[string]any{"RoleName": "r", "AssumeRolePolicyDocument": document}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	s, findings := scenario.Decode(string(text), scenario.LimitCheck)
	if len(findings) > 0 || len(s.Accounts) != 1 {
		t.Fatalf("got %v want a scenario", findings)
	}
	return &s.Accounts[0]
}

func TestAllClaimsAreKeysOnlyWhereTheScenarioSaysSo(t *testing.T) {
	for _, policy := range []string{trusting(idpName, `"StringEquals":{"idp.example.com:groups":"ops"}`), trustMistakes[len(trustMistakes)-1].bad} {
		role := trustingRole(t, policy, false)
		aws, all := of("trust/claim-is-no-key", trustFindings(role, scenario.ClaimsAWS)), of("trust/claim-is-no-key", trustFindings(role, scenario.ClaimsAll))
		if len(aws) != 1 || !strings.Contains(aws[0].Detail, "as if the claim weren't there") {
			t.Errorf("got %v want what AWS does", aws)
		}
		if len(all) != 1 || !strings.Contains(all[0].Detail, "only here, under claims: all") {
			t.Errorf("got %v want that only the playground does so", all)
		}
	}
}

func TestAWrongKeyHasOneFindingAndNotTwo(t *testing.T) {
	for says, condition := range map[string]string{
		"another provider's key":  `"StringEquals":{"idp.example.org:aud":"app"}`,
		"a key without a prefix":  `"StringEquals":{"sub":"ann"}`,
		"an address for a prefix": `"StringEquals":{"https://idp.example.com:sub":"ann"}`,
	} {
		if found := trustFindings(trustingRole(t, trusting(idpName, condition), false), scenario.ClaimsAWS); len(found) > 0 {
			t.Errorf("%s: got %s want package iam's finding alone", says, found[0].Rule)
		}
	}
}

func TestInlinePoliciesAreCountedTogether(t *testing.T) {
	policy := func(n int) scenario.InlinePolicy {
		text := `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Sid": "` + strings.Repeat("x", n) + `"}}`
		account := accountWith(t, text, true)
		return scenario.InlinePolicy{PolicyDocument: account.Roles[0].AssumeRolePolicyDocument}
	}
	empty := iam.Size(policy(0).PolicyDocument.Tree())
	for _, c := range []struct {
		kind  string
		sizes []int
		over  bool
	}{
		{"user", []int{2048 - empty}, false},
		{"user", []int{2049 - empty}, true},
		{"group", []int{2560 - empty, 2560 - empty}, false},
		{"group", []int{2560 - empty, 2561 - empty}, true},
		{"role", []int{10240 - empty}, false},
		{"role", []int{5120 - empty, 5121 - empty}, true},
		{"role", nil, false},
	} {
		var policies []scenario.InlinePolicy
		for _, n := range c.sizes {
			policies = append(policies, policy(n))
		}
		found := inlineSizeFinding(c.kind, "/accounts/123456789012/Roles/0", policies)
		if over := len(found) == 1; over != c.over || over && (found[0].At.Path != "/accounts/123456789012/Roles/0/Policies" || found[0].Severity != trace.SeverityWarning) {
			t.Errorf("%s with %v: got %v want over its quota: %v", c.kind, c.sizes, found, c.over)
		}
	}
}

func TestAnotherCompanysAccountIsAskedForAnExternalID(t *testing.T) {
	for says, c := range map[string]struct {
		principal, condition, want string
	}{
		"an account that isn't in the scenario":  {`{"AWS":"111122223333"}`, "", "111122223333"},
		"a role of such an account":              {`{"AWS":"arn:aws:iam::111122223333:role/x"}`, "", "111122223333"},
		"the scenario's own account":             {`{"AWS":"arn:aws:iam::123456789012:root"}`, "", ""},
		"an external ID is asked for":            {`{"AWS":"111122223333"}`, `"StringEquals":{"sts:ExternalId":"x1"}`, ""},
		"the organization is asked for":          {`{"AWS":"111122223333"}`, `"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`, ""},
		"a service, which is no one's account":   {`{"Service":"ec2.amazonaws.com"}`, "", ""},
		"a unique id, of whose account is known": {`{"AWS":"AROACKCEVSQ6C2EXAMPLE"}`, "", ""},
	} {
		policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + c.principal + `,"Action":"sts:AssumeRole","Condition":{` + c.condition + `}}]}`
		a := &Account{Account: accountWith(t, policy, false), roles: map[string]*Role{}}
		a.roles["r"], _ = newRole(a.Account, &a.Roles[0], scenario.ClaimsAWS, iam.NewNames(nil))
		found := a.thirdPartyFindings(map[string]*Account{"123456789012": a})
		switch {
		case c.want == "" && len(found) > 0:
			t.Errorf("%s: got %q want nothing", says, found[0].Detail)
		case c.want != "" && (len(found) != 1 || !strings.Contains(found[0].Detail, c.want) || found[0].Severity != trace.SeverityInfo):
			t.Errorf("%s: got %v want one about %s", says, found, c.want)
		}
	}
}

// published.txt has AWS's own examples, package iam's test says how it is read.
func TestPublishedTrustPoliciesHaveOnlyTheFindingsOfAWS(t *testing.T) {
	text, err := os.ReadFile("../iam/testdata/published.txt")
	if err != nil {
		t.Fatal(err)
	}
	policies := 0
	for _, block := range strings.Split(string(text), "\n== ")[1:] {
		lines := strings.SplitN(block, "\n", 5)
		if iam.Kind(lines[2]) != iam.TrustPolicy {
			continue
		}
		policies++
		var got, want []string
		for _, f := range trustFindings(trustingRole(t, lines[4], false), scenario.ClaimsAWS) {
			got = append(got, f.Rule)
		}
		for _, rule := range strings.Fields(strings.TrimPrefix(lines[3], "raises")) {
			if slices.ContainsFunc(trustFindingRules, func(r trace.Rule) bool { return r.Code == rule }) {
				want = append(want, rule)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s (%s): got %v want %v", lines[0], lines[1], got, want)
		}
	}
	if policies < 15 {
		t.Errorf("got %d trust policies want at least 15", policies)
	}
}
