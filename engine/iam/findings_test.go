package iam

import (
	"slices"
	"strings"
	"testing"

	"stsplayground/engine/trace"
)

// mistake is something people write, the rule that says so, and where. A
// fix is the paths of its patch.
type mistake struct {
	says   string
	kind   Kind
	policy string // as in a row
	rule   string
	path   string
	detail string // part of it
	fix    string // "op path, op path"
}

func (m mistake) doc() string {
	if strings.HasPrefix(m.policy, "{\"Effect\"") || strings.HasPrefix(m.policy, "{\"Sid\"") {
		return `{"Version":"2012-10-17","Statement":[` + m.policy + `]}`
	}
	return m.policy
}

const (
	githubARN = `"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"`
	trustHead = `{"Effect":"Allow","Principal":{"Federated":` + githubARN + `},"Action":"sts:AssumeRoleWithWebIdentity"`
)

func trustIf(condition string) string { return trustHead + `,"Condition":{` + condition + `}}` }

var mistakes = []mistake{
	{"text that isn't JSON", TrustPolicy, `{"Version":`, "policy/json", "", "This policy contains invalid Json", ""},
	{"text that isn't JSON, in an identity policy", IdentityPolicy, `{'a'}`, "policy/json", "", "Syntax errors in policy.", ""},
	{"a list instead of an object", TrustPolicy, `[]`, "policy/object", "", "array", ""},
	{"an element twice", TrustPolicy, trustIf(`"StringEquals":{"a:b":"x"},"StringEquals":{"a:c":"y"}`), "policy/duplicate-name", "/Statement/0/Condition/StringEquals", "twice", ""},
	{"no Version", TrustPolicy, `{"Statement":` + trustHead + `}}`, "policy/version-missing", "", "2008-10-17", "add /Version"},
	{"a Version of today", TrustPolicy, `{"Version":"2026-01-01","Statement":` + trustHead + `}}`, "policy/version", "/Version", `"2026-01-01"`, "replace /Version"},
	{"a Version that isn't a string", TrustPolicy, `{"Version":2012,"Statement":` + trustHead + `}}`, "policy/version", "/Version", "number", "replace /Version"},
	{"an unknown element of the policy", TrustPolicy, `{"Version":"2012-10-17","Statements":[]}`, "policy/element", "/Statements", "Statement is the nearest", "remove /Statements, add /Statement"},
	{"Principle", TrustPolicy, `{"Effect":"Allow","Principle":"*","Action":"sts:AssumeRole"}`, "policy/element", "/Statement/0/Principle", "Principal is the nearest", "remove /Statement/0/Principle, add /Statement/0/Principal"},
	{"an element near to none", IdentityPolicy, `{"Effect":"Allow","Action":"*","Resource":"*","Comment":"x"}`, "policy/element", "/Statement/0/Comment", "the elements are", ""},
	{"no Statement", TrustPolicy, `{"Version":"2012-10-17"}`, "policy/statement", "", "no Statement", ""},
	{"an empty Statement", TrustPolicy, `{"Version":"2012-10-17","Statement":[]}`, "policy/statement", "/Statement", "empty", ""},
	{"a statement that is text", TrustPolicy, `{"Version":"2012-10-17","Statement":["x"]}`, "policy/statement", "/Statement/0", "a string", ""},
	{"Statement that is text", TrustPolicy, `{"Version":"2012-10-17","Statement":"x"}`, "policy/statement", "/Statement", "a string", ""},
	{"a Sid with a space", IdentityPolicy, `{"Sid":"my bucket","Effect":"Allow","Action":"*","Resource":"*"}`, "policy/sid", "/Statement/0/Sid", `"my bucket"`, "replace /Statement/0/Sid"},
	{"a Sid twice", IdentityPolicy, `{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"}`, "policy/sid-unique", "/Statement/1", "Statement IDs (SID) in a single policy must be unique.", ""},
	{"Effect in small letters", IdentityPolicy, `{"Effect":"allow","Action":"*","Resource":"*"}`, "policy/effect", "/Statement/0/Effect", `"allow"`, "replace /Statement/0/Effect"},
	{"no Effect", TrustPolicy, `{"Version":"2012-10-17","Statement":{"Principal":"*","Action":"sts:AssumeRole"}}`, "policy/effect", "/Statement", "no Effect", ""},
	{"a number as Action", IdentityPolicy, `{"Effect":"Allow","Action":5,"Resource":"*"}`, "policy/value", "/Statement/0/Action", "a number", ""},
	{"an empty list", IdentityPolicy, `{"Effect":"Allow","Action":[],"Resource":"*"}`, "policy/value", "/Statement/0/Action", "empty", ""},
	{"a list within a condition's list", TrustPolicy, trustIf(`"StringEquals":{"a:b":["x",["y"]]}`), "policy/value", "/Statement/0/Condition/StringEquals/a:b/1", "an array", ""},
	{"Action and NotAction", IdentityPolicy, `{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}`, "policy/element-and-opposite", "/Statement/0/NotAction", "both Action and NotAction", ""},
	{"a word processor's quotes", TrustPolicy, trustIf(`"StringEquals":{"a:b":"“x”"}`), "policy/character", "/Statement/0/Condition/StringEquals/a:b", "“", ""},
	{"no Action", IdentityPolicy, `{"Effect":"Allow","Resource":"*"}`, "policy/action", "/Statement/0", "Policy statement must contain actions.", ""},
	{"an action without a service", IdentityPolicy, `{"Effect":"Allow","Action":"GetObject","Resource":"*"}`, "policy/action-form", "/Statement/0/Action", "must be prefaced by a vendor", ""},
	{"an action with two colons", IdentityPolicy, `{"Effect":"Allow","Action":["s3:a:b"],"Resource":"*"}`, "policy/action-form", "/Statement/0/Action/0", "can contain only one colon", ""},
	{"no Principal in a trust policy", TrustPolicy, `{"Effect":"Allow","Action":"sts:AssumeRole"}`, "policy/principal", "/Statement/0", "no Principal", ""},
	{"a Principal in an identity policy", IdentityPolicy, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`, "policy/principal", "/Statement/0/Principal", "Policy document should not specify a principal.", "remove /Statement/0/Principal"},
	{"a list as Principal", TrustPolicy, `{"Effect":"Allow","Principal":["*"],"Action":"sts:AssumeRole"}`, "policy/principal", "/Statement/0/Principal", "array", ""},
	{"a principal's type in capitals only", TrustPolicy, `{"Effect":"Allow","Principal":{"Aws":"123456789012"},"Action":"sts:AssumeRole"}`, "policy/principal-type", "/Statement/0/Principal/Aws", "AWS is the nearest", ""},
	{"a string that isn't *", TrustPolicy, `{"Effect":"Allow","Principal":"123456789012","Action":"sts:AssumeRole"}`, "policy/principal-type", "/Statement/0/Principal", "can only be", ""},
	{"a wildcard in a principal", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/*"},"Action":"sts:AssumeRole"}`, "policy/principal-invalid", "/Statement/0/Principal/AWS", `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"`, ""},
	{"a group as principal", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:group/dev"},"Action":"sts:AssumeRole"}`, "policy/principal-invalid", "/Statement/0/Principal/AWS", "group", ""},
	{"eleven digits", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":["12345678901"]},"Action":"sts:AssumeRole"}`, "policy/principal-invalid", "/Statement/0/Principal/AWS/0", "12 digits", ""},
	{"a wildcard as service", TrustPolicy, `{"Effect":"Allow","Principal":{"Service":"*"},"Action":"sts:AssumeRole"}`, "policy/principal-invalid", "/Statement/0/Principal/Service", "service principal", ""},
	{"NotPrincipal with Allow", ResourcePolicy, `{"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"},"Action":"*","Resource":"*"}`, "policy/not-principal", "/Statement/0/NotPrincipal", "only with Deny", ""},
	{"no Resource", IdentityPolicy, `{"Effect":"Allow","Action":"*"}`, "policy/resource", "/Statement/0", "Policy statement must contain resources.", "add /Statement/0/Resource"},
	{"a resource that is a name", IdentityPolicy, `{"Effect":"Allow","Action":"*","Resource":"bucket"}`, "policy/resource-form", "/Statement/0/Resource", `Resource bucket must be in ARN format or "*".`, ""},
	{"Condition that is text", TrustPolicy, trustHead + `,"Condition":"x"}`, "policy/condition", "/Statement/0/Condition", "a string", ""},
	{"an operator without a key", TrustPolicy, trustIf(`"StringEquals":"x"`), "policy/condition", "/Statement/0/Condition/StringEquals", "no condition key", ""},
	{"a set operator without its colon", TrustPolicy, trustIf(`"ForAllValuesStringEquals":{"a:b":"x"}`), "policy/condition-operator", "/Statement/0/Condition/ForAllValuesStringEquals", "Invalid Condition type : ForAllValuesStringEquals", "remove /Statement/0/Condition/ForAllValuesStringEquals, add /Statement/0/Condition/ForAllValues:StringEquals"},
	{"an operator in small letters", TrustPolicy, trustIf(`"stringLikeIfExist":{"a:b":"x*"}`), "policy/condition-operator", "/Statement/0/Condition/stringLikeIfExist", "Invalid Condition type", ""},
	{"an operator nearly right", TrustPolicy, trustIf(`"StringEqual":{"a:b":"x"}`), "policy/condition-operator", "/Statement/0/Condition/StringEqual", "StringEquals is the nearest", "remove /Statement/0/Condition/StringEqual, add /Statement/0/Condition/StringEquals"},
	{"https:// in a key", TrustPolicy, trustIf(`"StringEquals":{"https://idp.example.com:aud":"x"}`), "policy/condition-key", "/Statement/0/Condition/StringEquals/https:~1~1idp.example.com:aud", `"idp.example.com:aud"`, "remove /Statement/0/Condition/StringEquals/https:~1~1idp.example.com:aud, add /Statement/0/Condition/StringEquals/idp.example.com:aud"},
	{"the discovery path in a key", TrustPolicy, trustIf(`"StringEquals":{"idp.example.com/.well-known/openid-configuration:aud":"x"}`), "policy/condition-key", "/Statement/0/Condition/StringEquals/idp.example.com~1.well-known~1openid-configuration:aud", `"idp.example.com:aud"`, "remove /Statement/0/Condition/StringEquals/idp.example.com~1.well-known~1openid-configuration:aud, add /Statement/0/Condition/StringEquals/idp.example.com:aud"},
	{"a key without a prefix", TrustPolicy, trustIf(`"StringEquals":{"sub":"x"}`), "policy/condition-key", "/Statement/0/Condition/StringEquals/sub", "no prefix", ""},
	{"a date that is none", TrustPolicy, trustIf(`"DateLessThan":{"aws:CurrentTime":"tomorrow"}`), "policy/condition-value", "/Statement/0/Condition/DateLessThan/aws:CurrentTime", `"tomorrow"`, ""},
	{"an ARN of too few segments", TrustPolicy, trustIf(`"ArnLike":{"aws:SourceArn":"*"}`), "policy/condition-value", "/Statement/0/Condition/ArnLike/aws:SourceArn", "ARN of six segments", ""},
	{"a wildcard under StringEquals", TrustPolicy, trustIf(`"StringEquals":{"a:b":["x","repo:*"]}`), "policy/wildcard-without-like", "/Statement/0/Condition/StringEquals/a:b/1", "letter by letter", "remove /Statement/0/Condition/StringEquals, add /Statement/0/Condition/StringLike"},
	{"a wildcard under one of two keys of StringEquals", TrustPolicy, trustIf(`"StringEquals":{"a:c":"y","a:b":"repo:*"},"StringLike":{"a:d":"z*"}`), "policy/wildcard-without-like", "/Statement/0/Condition/StringEquals/a:b", "letter by letter", "remove /Statement/0/Condition/StringEquals/a:b, add /Statement/0/Condition/StringLike/a:b"},
	{"a wildcard under StringEquals, and StringLike has the key", TrustPolicy, trustIf(`"StringEquals":{"a:b":"repo:*"},"StringLike":{"a:b":"z*"}`), "policy/wildcard-without-like", "/Statement/0/Condition/StringEquals/a:b", "letter by letter", ""},
	{"StringLike without a wildcard", TrustPolicy, trustIf(`"StringLike":{"a:b":"x"}`), "policy/like-without-wildcard", "/Statement/0/Condition/StringLike/a:b", "StringEquals would", ""},
	{"ForAllValues in an Allow", TrustPolicy, trustIf(`"ForAllValues:StringEquals":{"a:amr":"x"}`), "policy/for-all-values-allow", "/Statement/0/Condition/ForAllValues:StringEquals/a:amr", "has no", "add /Statement/0/Condition/Null"},
	{"IfExists in an Allow", TrustPolicy, trustIf(`"StringEqualsIfExists":{"a:b":"x"}`), "policy/if-exists-allow", "/Statement/0/Condition/StringEqualsIfExists/a:b", "leave IfExists out", ""},
	{"a set operator on a single-valued key", TrustPolicy, trustIf(`"ForAnyValue:StringEquals":{"a:sub":"x"}`), "policy/set-on-single-valued", "/Statement/0/Condition/ForAnyValue:StringEquals/a:sub", "one value at most", "remove /Statement/0/Condition/ForAnyValue:StringEquals, add /Statement/0/Condition/StringEquals"},
	{"a variable in the older version", IdentityPolicy, `{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}"}}`, "policy/variable-version", "/Statement/Resource", "plain text", "replace /Version"},
	{"a variable before the fifth colon", IdentityPolicy, `{"Effect":"Allow","Action":"*","Resource":"arn:aws:sns:${aws:RequestedRegion}:1:x"}`, "policy/variable-place", "/Statement/0/Resource", "fifth colon", ""},
	{"a variable under a numeric operator", TrustPolicy, trustIf(`"NumericEquals":{"a:b":"${aws:x}"}`), "policy/variable-place", "/Statement/0/Condition/NumericEquals/a:b", "no variables under NumericEquals", ""},
	{"Resource in a trust policy", TrustPolicy, trustHead + `,"Resource":"*"}`, "trust/resource", "/Statement/0/Resource", "Has prohibited field Resource", "remove /Statement/0/Resource"},
	{"another service's action in a trust policy", TrustPolicy, `{"Effect":"Allow","Principal":"*","Action":["sts:AssumeRole","s3:GetObject"]}`, "trust/assume-role-action", "/Statement/0/Action/1", "AssumeRole policy may only specify STS AssumeRole actions.", ""},
	{"a misspelled action in a trust policy", TrustPolicy, `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRoleWithWebIdentiy"}`, "trust/assume-role-action", "/Statement/0/Action", "sts:AssumeRoleWithWebIdentity is the nearest", "replace /Statement/0/Action"},
	{"NotPrincipal in a trust policy", TrustPolicy, `{"Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}`, "trust/not-principal", "/Statement/0/NotPrincipal", "can't have NotPrincipal", ""},
	{"a URL as federated principal", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":"https://idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity"}`, "trust/federated", "/Statement/0/Principal/Federated", "Federated principals must be valid domain names or SAML metadata ARNs", ""},
	{"AssumeRole for an OIDC provider", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":` + githubARN + `},"Action":"sts:AssumeRole"}`, "trust/action-for-principal", "/Statement/0/Action", "sts:AssumeRoleWithWebIdentity", "replace /Statement/0/Action"},
	{"AssumeRoleWithWebIdentity for a SAML provider", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/Okta"},"Action":["sts:TagSession","sts:AssumeRoleWithWebIdentity"]}`, "trust/action-for-principal", "/Statement/0/Action/1", "sts:AssumeRoleWithSAML", "replace /Statement/0/Action/1"},
	{"AssumeRoleWithSAML for a service", TrustPolicy, `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRoleWithSAML"}`, "trust/action-for-principal", "/Statement/0/Action", "sts:AssumeRole", "replace /Statement/0/Action"},
	{"a trust policy beyond the quota", TrustPolicy, trustIf(`"StringEquals":{"a:b":"` + strings.Repeat("x", 2048) + `"}`), "trust/size", "", "2048", ""},
}

func TestMistakesAreFound(t *testing.T) {
	for _, m := range mistakes {
		_, findings := ParseText(m.doc(), m.kind)
		i := slices.IndexFunc(findings, func(f trace.Finding) bool { return f.Rule == m.rule && f.At.Path == m.path })
		if i < 0 {
			t.Errorf("%s: got %s want %s at %q", m.says, describe(findings), m.rule, m.path)
			continue
		}
		f := findings[i]
		if !strings.Contains(f.Detail, m.detail) {
			t.Errorf("%s: got detail %q want %q in it", m.says, f.Detail, m.detail)
		}
		if got := describeFix(f.Fix); got != m.fix {
			t.Errorf("%s: got fix %q want %q", m.says, got, m.fix)
		}
		if f.At.Line < 1 || f.At.Column < 1 || f.Cite.URL == "" {
			t.Errorf("%s: got %+v want a position and a page", m.says, f)
		}
	}
}

func describe(findings []trace.Finding) string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Rule+" at "+f.At.Path)
	}
	return strings.Join(all, ", ")
}

func describeFix(fix []trace.Patch) string {
	var all []string
	for _, p := range fix {
		all = append(all, p.Op+" "+p.Path)
	}
	return strings.Join(all, ", ")
}

func TestGoodPoliciesHaveNoFindings(t *testing.T) {
	for says, c := range map[string]struct {
		kind Kind
		text string
	}{
		"GitHub Actions":                    {TrustPolicy, `{"Version":"2012-10-17","Statement":[` + trustIf(`"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:o/r:*"}`) + `]}`},
		"several operations and principals": {TrustPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:root","AROACKCEVSQ6C2EXAMPLE"],"Service":"ec2.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`},
		"Google":                            {TrustPolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity"}}`},
		"sets with Null":                    {IdentityPolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a"]},"Null":{"aws:TagKeys":false}}}}`},
		"as IAM returns it":                 {IdentityPolicy, `%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D`},
		"a repository policy":               {ResourcePolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}}`},
	} {
		policy, findings := ParseText(c.text, c.kind)
		if len(findings) > 0 || len(policy.Statements) == 0 {
			t.Errorf("%s: got %s want nothing", says, describe(findings))
		}
	}
}

func TestEveryRuleHasAMistake(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.Code] || strings.HasSuffix(r.Title, ".") || r.Code != strings.ToLower(r.Code) {
			t.Errorf("rule %q: its code or its title is not as it should be", r.Code)
		}
		seen[r.Code] = true
		if !slices.ContainsFunc(slices.Concat(mistakes, nameMistakes), func(m mistake) bool { return m.rule == r.Code }) {
			t.Errorf("rule %s: no mistake shows it", r.Code)
		}
	}
}

func TestFindingsKnowTheirPlace(t *testing.T) {
	text := "{\"Version\": \"2012-10-17\",\n \"Statement\": [{\n  \"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRole\",\n  \"Condition\": {\"StringEquals\": {\n    \"k:a\": [\"x\",\n      \"y*\"]}}}]}"
	policy, findings := ParseText(text, TrustPolicy)
	want := trace.At{Path: "/Statement/0/Condition/StringEquals/k:a/1", Line: 6, Column: 7}
	if len(findings) != 1 || findings[0].At != want {
		t.Errorf("got %+v want one at %+v", findings, want)
	}
	c := policy.Statements[0].Conditions[0]
	if c.At.Line != 5 || c.At.Column != 5 || c.Values[1].At != want {
		t.Errorf("got key at %+v and value at %+v", c.At, c.Values[1].At)
	}
}
