package iam

import (
	"strings"
	"testing"
)

// A row is one documented sentence: what AWS's page says, the smallest policy
// that shows it, a request, and the answer. policy is the statements alone, or
// a whole document where the version matters.
type row struct {
	says    string
	kind    Kind
	policy  string
	request *Request
	want    Effect
	page    string
}

const (
	condOps   = guide + "reference_policies_elements_condition_operators.html"
	condPage  = guide + "reference_policies_elements_condition.html"
	setsPage  = guide + "reference_policies_condition-single-vs-multi-valued-context-keys.html"
	varsPage  = guide + "reference_policies_variables.html"
	princPage = guide + "reference_policies_elements_principal.html"
	notPPage  = guide + "reference_policies_elements_notprincipal.html"
	actPage   = guide + "reference_policies_elements_action.html"
	notAPage  = guide + "reference_policies_elements_notaction.html"
	resPage   = guide + "reference_policies_elements_resource.html"
	notRPage  = guide + "reference_policies_elements_notresource.html"
	evalPage  = guide + "reference_policies_evaluation-logic_policy-eval-denyallow.html"
	gramPage  = guide + "reference_policies_grammar.html"
)

// allowIf and denyIf are statements about everything, with a condition.
func allowIf(condition string) string { return statementIf("Allow", condition) }
func denyIf(condition string) string {
	return allowIf("") + "," + statementIf("Deny", condition)
}

func statementIf(effect, condition string) string {
	s := `{"Effect":"` + effect + `","Action":"*","Resource":"*"`
	if condition != "" {
		s += `,"Condition":{` + condition + `}`
	}
	return s + `}`
}

func in2008(statements string) string {
	return `{"Version":"2008-10-17","Statement":[` + statements + `]}`
}

// asked is a request for s3:GetObject with condition keys, "key=value", or
// "key[]=a|b" for a multi-valued one ("key[]" has no values).
func asked(keys ...string) *Request {
	r := &Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/key", Context: NewContext()}
	for _, pair := range keys {
		key, value, assigned := strings.Cut(pair, "=")
		if multi, ok := strings.CutSuffix(key, "[]"); !ok {
			r.Context.Set(key, value)
		} else if assigned {
			r.Context.SetMulti(multi, strings.Split(value, "|"))
		} else {
			r.Context.SetMulti(multi, nil)
		}
	}
	return r
}

func askedFor(action, resource string, keys ...string) *Request {
	r := asked(keys...)
	r.Action, r.Resource = action, resource
	return r
}

func askedBy(p Principal) *Request {
	r := asked()
	r.Principal = p
	return r
}

func bounded(p Principal) Principal {
	p.Bounded = true
	return p
}

// doc is the whole document of a row.
func (r row) doc() string {
	if strings.HasPrefix(r.policy, `{"Version"`) || strings.HasPrefix(r.policy, `{"Statement"`) {
		return r.policy
	}
	return `{"Version":"2012-10-17","Statement":[` + r.policy + `]}`
}

const (
	yes = Allow
	no  = ImplicitDeny
	bar = ExplicitDeny
)

var (
	alice  = Principal{AWS: []string{"arn:aws:iam::123456789012:user/alice", "AIDACKCEVSQ6C2EXAMPLE"}, Account: "123456789012"}
	deploy = Principal{AWS: []string{"arn:aws:sts::123456789012:assumed-role/deploy/ci", "arn:aws:iam::123456789012:role/deploy", "AROACKCEVSQ6C2EXAMPLE:ci", "AROACKCEVSQ6C2EXAMPLE"}, Account: "123456789012"}
	root   = Principal{AWS: []string{"arn:aws:iam::123456789012:root"}, Account: "123456789012"}
	github = Principal{Federated: []string{"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}}
	google = Principal{Federated: []string{"accounts.google.com"}}
	okta   = Principal{Federated: []string{"arn:aws:iam::123456789012:saml-provider/Okta"}}
	ec2    = Principal{Service: []string{"ec2.amazonaws.com"}}
	canon  = Principal{CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}
	nobody = Principal{Anonymous: true}
)

// to is a statement of a resource policy about everything, for principals.
func to(effect, principal string) string {
	return `{"Effect":"` + effect + `",` + principal + `,"Action":"*","Resource":"*"}`
}

// on is an Allow with an action element; about one with a resource element.
func on(element string) string {
	return `{"Effect":"Allow",` + element + `,"Resource":"*"}`
}
func about(element string) string {
	return `{"Effect":"Allow","Action":"*",` + element + `}`
}

var conformance = []row{
	// Strings.
	{"StringEquals: exact matching", IdentityPolicy, allowIf(`"StringEquals":{"aws:PrincipalTag/job-category":"iamuser-admin"}`), asked("aws:PrincipalTag/job-category=iamuser-admin"), yes, condOps},
	{"StringEquals: another value doesn't match", IdentityPolicy, allowIf(`"StringEquals":{"aws:PrincipalTag/job-category":"iamuser-admin"}`), asked("aws:PrincipalTag/job-category=dev-ops"), no, condOps},
	{"StringEquals: no key in the request context, no match", IdentityPolicy, allowIf(`"StringEquals":{"aws:PrincipalTag/job-category":"iamuser-admin"}`), asked(), no, condOps},
	{"StringEquals is case sensitive", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"Main"}`), asked("k:a=main"), no, condOps},
	{"StringEquals: * has no special meaning", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"repo:*"}`), asked("k:a=repo:x"), no, condOps},
	{"StringEquals: * equals itself", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"repo:*"}`), asked("k:a=repo:*"), yes, condOps},
	{"StringEquals: several values are ORed", IdentityPolicy, allowIf(`"StringEquals":{"k:a":["x","y"]}`), asked("k:a=y"), yes, condPage},
	{"StringEquals: none of several values", IdentityPolicy, allowIf(`"StringEquals":{"k:a":["x","y"]}`), asked("k:a=z"), no, condPage},
	{"StringEquals: an empty value equals an empty one", IdentityPolicy, allowIf(`"StringEquals":{"k:a":""}`), asked("k:a="), yes, condOps},
	{"StringNotEquals: negated matching", IdentityPolicy, allowIf(`"StringNotEquals":{"k:a":"x"}`), asked("k:a=y"), yes, condOps},
	{"StringNotEquals: the value itself doesn't match", IdentityPolicy, allowIf(`"StringNotEquals":{"k:a":"x"}`), asked("k:a=x"), no, condOps},
	{"StringNotEquals: the key is not present, the condition is true", IdentityPolicy, allowIf(`"StringNotEquals":{"k:a":"x"}`), asked(), yes, condOps},
	{"StringNotEquals: several values are NORed", IdentityPolicy, allowIf(`"StringNotEquals":{"k:a":["x","y"]}`), asked("k:a=y"), no, condPage},
	{"StringNotEquals: none of several values", IdentityPolicy, allowIf(`"StringNotEquals":{"k:a":["x","y"]}`), asked("k:a=z"), yes, condPage},
	{"StringNotEquals in a Deny applies without the key", IdentityPolicy, denyIf(`"StringNotEquals":{"k:a":"x"}`), asked(), bar, condOps},
	{"StringEqualsIgnoreCase: exact matching, ignoring case", IdentityPolicy, allowIf(`"StringEqualsIgnoreCase":{"k:a":"PreProd"}`), asked("k:a=preprod"), yes, condOps},
	{"StringEqualsIgnoreCase: another value", IdentityPolicy, allowIf(`"StringEqualsIgnoreCase":{"k:a":"PreProd"}`), asked("k:a=prod"), no, condOps},
	{"StringNotEqualsIgnoreCase: negated matching", IdentityPolicy, allowIf(`"StringNotEqualsIgnoreCase":{"k:a":"PreProd"}`), asked("k:a=preprod"), no, condOps},
	{"StringNotEqualsIgnoreCase: another value", IdentityPolicy, allowIf(`"StringNotEqualsIgnoreCase":{"k:a":"PreProd"}`), asked("k:a=x"), yes, condOps},
	{"StringLike: * matches many characters", IdentityPolicy, allowIf(`"StringLike":{"k:a":"repo:o/*"}`), asked("k:a=repo:o/r:ref:refs/heads/main"), yes, condOps},
	{"StringLike: * matches none", IdentityPolicy, allowIf(`"StringLike":{"k:a":"x*"}`), asked("k:a=x"), yes, condOps},
	{"StringLike: ? matches a single character", IdentityPolicy, allowIf(`"StringLike":{"k:a":"v?"}`), asked("k:a=v1"), yes, condOps},
	{"StringLike: ? doesn't match two characters", IdentityPolicy, allowIf(`"StringLike":{"k:a":"v?"}`), asked("k:a=v12"), no, condOps},
	{"StringLike: ? doesn't match none", IdentityPolicy, allowIf(`"StringLike":{"k:a":"v?"}`), asked("k:a=v"), no, condOps},
	{"StringLike: ? matches a character beyond ASCII", IdentityPolicy, allowIf(`"StringLike":{"k:a":"caf?"}`), asked("k:a=café"), yes, condOps},
	{"StringLike: wildcards anywhere in the string", IdentityPolicy, allowIf(`"StringLike":{"k:a":"*:ref:*/ma?n"}`), asked("k:a=repo:o/r:ref:refs/heads/main"), yes, condOps},
	{"StringLike: you must specify wildcards to achieve partial matches", IdentityPolicy, allowIf(`"StringLike":{"k:a":"repo"}`), asked("k:a=repository"), no, condOps},
	{"StringLike is case sensitive", IdentityPolicy, allowIf(`"StringLike":{"k:a":"Repo*"}`), asked("k:a=repo:x"), no, condOps},
	{"StringLike: * crosses colons", IdentityPolicy, allowIf(`"StringLike":{"k:a":"arn:aws:iam::*"}`), asked("k:a=arn:aws:iam::1:role/x"), yes, condOps},
	{"StringLike: no key, no match", IdentityPolicy, allowIf(`"StringLike":{"k:a":"*"}`), asked(), no, condOps},
	{"StringNotLike: negated", IdentityPolicy, allowIf(`"StringNotLike":{"k:a":"x*"}`), asked("k:a=y"), yes, condOps},
	{"StringNotLike: the form fits", IdentityPolicy, allowIf(`"StringNotLike":{"k:a":"x*"}`), asked("k:a=xy"), no, condOps},
	{"StringNotLike: the right key is not present, true", IdentityPolicy, allowIf(`"StringNotLike":{"k:a":"x*"}`), asked(), yes, condOps},

	// Numbers.
	{"NumericEquals: matching", IdentityPolicy, allowIf(`"NumericEquals":{"k:n":"10"}`), asked("k:n=10"), yes, condOps},
	{"NumericEquals: integer and decimal values are numbers, not text", IdentityPolicy, allowIf(`"NumericEquals":{"k:n":"10.0"}`), asked("k:n=10"), yes, condOps},
	{"NumericEquals: a JSON number in the policy", IdentityPolicy, allowIf(`"NumericEquals":{"k:n":10}`), asked("k:n=10"), yes, gramPage},
	{"NumericEquals: an exponent", IdentityPolicy, allowIf(`"NumericEquals":{"k:n":1e1}`), asked("k:n=10"), yes, gramPage},
	{"NumericEquals: beyond a float's precision", IdentityPolicy, allowIf(`"NumericEquals":{"k:n":"9007199254740993"}`), asked("k:n=9007199254740992"), no, condOps},
	{"NumericEquals: no key", IdentityPolicy, allowIf(`"NumericEquals":{"k:n":"10"}`), asked(), no, condOps},
	{"NumericEquals: minus zero is zero", IdentityPolicy, allowIf(`"NumericEquals":{"k:n":"0"}`), asked("k:n=-0.0"), yes, condOps},
	{"NumericNotEquals: negated matching", IdentityPolicy, allowIf(`"NumericNotEquals":{"k:n":"10"}`), asked("k:n=11"), yes, condOps},
	{"NumericNotEquals: equal", IdentityPolicy, allowIf(`"NumericNotEquals":{"k:n":"10"}`), asked("k:n=010"), no, condOps},
	{"NumericNotEquals: no key, true", IdentityPolicy, allowIf(`"NumericNotEquals":{"k:n":"10"}`), asked(), yes, condOps},
	{"NumericNotEquals: what is no number doesn't match (modelled)", IdentityPolicy, allowIf(`"NumericNotEquals":{"k:n":"10"}`), asked("k:n=ten"), no, condOps},
	{"NumericLessThan: less", IdentityPolicy, allowIf(`"NumericLessThan":{"k:n":"10"}`), asked("k:n=9"), yes, condOps},
	{"NumericLessThan: by value, not by letter", IdentityPolicy, allowIf(`"NumericLessThan":{"k:n":"10"}`), asked("k:n=9.99"), yes, condOps},
	{"NumericLessThan: equal isn't less", IdentityPolicy, allowIf(`"NumericLessThan":{"k:n":"10"}`), asked("k:n=10"), no, condOps},
	{"NumericLessThan: negative numbers", IdentityPolicy, allowIf(`"NumericLessThan":{"k:n":"-9"}`), asked("k:n=-10"), yes, condOps},
	{"NumericLessThanEquals: equal", IdentityPolicy, allowIf(`"NumericLessThanEquals":{"s3:max-keys":"10"}`), asked("s3:max-keys=10"), yes, condOps},
	{"NumericLessThanEquals: greater", IdentityPolicy, allowIf(`"NumericLessThanEquals":{"s3:max-keys":"10"}`), asked("s3:max-keys=11"), no, condOps},
	{"NumericGreaterThan: greater", IdentityPolicy, allowIf(`"NumericGreaterThan":{"k:n":"10"}`), asked("k:n=10.000000000000000000001"), yes, condOps},
	{"NumericGreaterThan: equal isn't greater", IdentityPolicy, allowIf(`"NumericGreaterThan":{"k:n":"10"}`), asked("k:n=10"), no, condOps},
	{"NumericGreaterThanEquals: equal", IdentityPolicy, allowIf(`"NumericGreaterThanEquals":{"k:n":"10"}`), asked("k:n=10"), yes, condOps},
	{"NumericGreaterThanEquals: less", IdentityPolicy, allowIf(`"NumericGreaterThanEquals":{"k:n":"10"}`), asked("k:n=9"), no, condOps},
	{"Numeric: variables are not supported", IdentityPolicy, allowIf(`"NumericEquals":{"k:n":"${k:n}"}`), asked("k:n=10"), no, condOps},

	// Dates.
	{"DateGreaterThan: after", IdentityPolicy, allowIf(`"DateGreaterThan":{"aws:TokenIssueTime":"2020-01-01T00:00:01Z"}`), asked("aws:TokenIssueTime=2020-01-01T00:00:02Z"), yes, condOps},
	{"DateGreaterThan: the same moment isn't after", IdentityPolicy, allowIf(`"DateGreaterThan":{"aws:TokenIssueTime":"2020-01-01T00:00:01Z"}`), asked("aws:TokenIssueTime=2020-01-01T00:00:01Z"), no, condOps},
	{"DateGreaterThan: no key", IdentityPolicy, allowIf(`"DateGreaterThan":{"aws:TokenIssueTime":"2020-01-01T00:00:01Z"}`), asked(), no, condOps},
	{"DateEquals: zones are moments", IdentityPolicy, allowIf(`"DateEquals":{"k:d":"2020-01-01T01:00:00+01:00"}`), asked("k:d=2020-01-01T00:00:00Z"), yes, condOps},
	{"DateEquals: ISO 8601 or epoch time", IdentityPolicy, allowIf(`"DateEquals":{"aws:EpochTime":"2020-01-01T00:00:00Z"}`), asked("aws:EpochTime=1577836800"), yes, condOps},
	{"DateEquals: a day is its midnight", IdentityPolicy, allowIf(`"DateEquals":{"k:d":"2020-01-01"}`), asked("k:d=2020-01-01T00:00:00Z"), yes, condOps},
	{"DateEquals: a month", IdentityPolicy, allowIf(`"DateEquals":{"k:d":"2020-01"}`), asked("k:d=2020-01-01"), yes, condOps},
	{"DateEquals: a year", IdentityPolicy, allowIf(`"DateEquals":{"k:d":"2020"}`), asked("k:d=2020-01-01"), yes, condOps},
	{"DateEquals: fractions count", IdentityPolicy, allowIf(`"DateEquals":{"k:d":"2020-01-01T00:00:00.5Z"}`), asked("k:d=2020-01-01T00:00:00Z"), no, condOps},
	{"DateNotEquals: negated", IdentityPolicy, allowIf(`"DateNotEquals":{"k:d":"2020-01-01"}`), asked("k:d=2020-01-02"), yes, condOps},
	{"DateNotEquals: no key, true", IdentityPolicy, allowIf(`"DateNotEquals":{"k:d":"2020-01-01"}`), asked(), yes, condOps},
	{"DateLessThan: before", IdentityPolicy, allowIf(`"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}`), asked("aws:CurrentTime=2025-12-31T23:59:59Z"), yes, condOps},
	{"DateLessThan: after", IdentityPolicy, allowIf(`"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}`), asked("aws:CurrentTime=2026-01-01T00:00:01Z"), no, condOps},
	{"DateLessThanEquals: at", IdentityPolicy, allowIf(`"DateLessThanEquals":{"k:d":"2026-01-01T00:00Z"}`), asked("k:d=2026-01-01T00:00:00Z"), yes, condOps},
	{"DateGreaterThanEquals: at", IdentityPolicy, allowIf(`"DateGreaterThanEquals":{"k:d":"2026-01-01T00:00:00Z"}`), asked("k:d=2026-01-01T00:00:00Z"), yes, condOps},
	{"DateGreaterThanEquals: before", IdentityPolicy, allowIf(`"DateGreaterThanEquals":{"k:d":"2026-01-01T00:00:00Z"}`), asked("k:d=2025-01-01T00:00:00Z"), no, condOps},
	{"Date: what is no date doesn't match (modelled)", IdentityPolicy, allowIf(`"DateLessThan":{"k:d":"tomorrow"}`), asked("k:d=2025-01-01T00:00:00Z"), no, condOps},
	{"Date: a day that doesn't exist is no date", IdentityPolicy, allowIf(`"DateLessThan":{"k:d":"2026-02-30"}`), asked("k:d=2025-01-01T00:00:00Z"), no, condOps},

	// Bool, Binary.
	{"Bool: false is false", IdentityPolicy, denyIf(`"Bool":{"aws:SecureTransport":"false"}`), asked("aws:SecureTransport=false"), bar, condOps},
	{"Bool: false isn't true", IdentityPolicy, denyIf(`"Bool":{"aws:SecureTransport":"false"}`), asked("aws:SecureTransport=true"), yes, condOps},
	{"Bool: no key, no match", IdentityPolicy, denyIf(`"Bool":{"aws:SecureTransport":"false"}`), asked(), yes, condOps},
	{"Bool: a JSON boolean in the policy", IdentityPolicy, allowIf(`"Bool":{"aws:SecureTransport":true}`), asked("aws:SecureTransport=true"), yes, gramPage},
	{"Bool: letter case doesn't matter", IdentityPolicy, allowIf(`"Bool":{"aws:SecureTransport":"True"}`), asked("aws:SecureTransport=tRUE"), yes, condOps},
	{"Bool: what is neither doesn't match (modelled)", IdentityPolicy, allowIf(`"Bool":{"aws:SecureTransport":"yes"}`), asked("aws:SecureTransport=yes"), no, condOps},
	{"Bool: policy variables supported", IdentityPolicy, allowIf(`"Bool":{"k:a":"${k:b}"}`), asked("k:a=true", "k:b=true"), yes, condOps},
	{"Bool with IfExists: a Deny reaches long-term keys, which have no MFA key", IdentityPolicy, denyIf(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`), asked(), bar, condOps},
	{"ForAnyValue:Bool: at least one of the booleans", IdentityPolicy, allowIf(`"ForAnyValue:Bool":{"k:b":"true"}`), asked("k:b[]=false|true"), yes, condOps},
	{"ForAllValues:Bool: all of the booleans", IdentityPolicy, allowIf(`"ForAllValues:Bool":{"k:b":"true"}`), asked("k:b[]=false|true"), no, condOps},
	{"BinaryEquals: byte for byte", IdentityPolicy, allowIf(`"BinaryEquals":{"k:x":"QmluYXJ5VmFsdWVJbkJhc2U2NA=="}`), asked("k:x=QmluYXJ5VmFsdWVJbkJhc2U2NA=="), yes, condOps},
	{"BinaryEquals: other bytes", IdentityPolicy, allowIf(`"BinaryEquals":{"k:x":"QmluYXJ5VmFsdWVJbkJhc2U2NA=="}`), asked("k:x=ASIAIOSFODNN7EXAMPLE"), no, condOps},
	{"BinaryEquals: no key", IdentityPolicy, allowIf(`"BinaryEquals":{"k:x":"QQ=="}`), asked(), no, condOps},

	// IP addresses.
	{"IpAddress: within the range", IdentityPolicy, allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), asked("aws:SourceIp=203.0.113.1"), yes, condOps},
	{"IpAddress: outside the range", IdentityPolicy, allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), asked("aws:SourceIp=198.51.100.1"), no, condOps},
	{"IpAddress: IPv6", IdentityPolicy, allowIf(`"IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:DB8:1234:5678::/64"]}`), asked("aws:SourceIp=2001:db8:1234:5678::1"), yes, condOps},
	{"IpAddress: without a prefix, /32", IdentityPolicy, allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.7"}`), asked("aws:SourceIp=203.0.113.8"), no, condOps},
	{"IpAddress: the address itself", IdentityPolicy, allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.7"}`), asked("aws:SourceIp=203.0.113.7"), yes, condOps},
	{"IpAddress: no key", IdentityPolicy, allowIf(`"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`), asked(), no, condOps},
	{"IpAddress: what is no address doesn't match (modelled)", IdentityPolicy, allowIf(`"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`), asked("aws:SourceIp=cloudformation.amazonaws.com"), no, condOps},
	{"NotIpAddress: all except", IdentityPolicy, denyIf(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), asked("aws:SourceIp=198.51.100.1"), bar, condOps},
	{"NotIpAddress: within", IdentityPolicy, denyIf(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), asked("aws:SourceIp=203.0.113.9"), yes, condOps},
	{"NotIpAddress: no key, true", IdentityPolicy, denyIf(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), asked(), bar, condOps},

	// ARNs.
	{"ArnEquals: the ARN", ResourcePolicy, to("Allow", `"Principal":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-west-2:123456789012:TOPIC-ID"}}`), asked("aws:SourceArn=arn:aws:sns:us-west-2:123456789012:TOPIC-ID"), yes, condOps},
	{"ArnEquals: another account", ResourcePolicy, to("Allow", `"Principal":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-west-2:123456789012:TOPIC-ID"}}`), asked("aws:SourceArn=arn:aws:sns:us-west-2:777788889999:TOPIC-ID"), no, condOps},
	{"ArnEquals: no key", IdentityPolicy, allowIf(`"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:*:*"}`), asked(), no, condOps},
	{"ArnEquals and ArnLike behave identically", IdentityPolicy, allowIf(`"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:*:T?PIC"}`), asked("aws:SourceArn=arn:aws:sns:us-west-2:1:TOPIC"), yes, condOps},
	{"ArnLike: each of the six components is checked separately", IdentityPolicy, allowIf(`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:TOPIC"}`), asked("aws:SourceArn=arn:aws:sns:us-west-2:1:TOPIC"), no, condOps},
	{"ArnLike: a lone * isn't six components (modelled)", IdentityPolicy, allowIf(`"ArnLike":{"aws:SourceArn":"*"}`), asked("aws:SourceArn=arn:aws:sns:us-west-2:1:TOPIC"), no, condOps},
	{"ArnLike: within the sixth component * crosses colons", IdentityPolicy, allowIf(`"ArnLike":{"k:a":"arn:aws:logs:*:*:log-group:*"}`), asked("k:a=arn:aws:logs:eu-west-1:1:log-group:x:log-stream:y"), yes, condOps},
	{"ArnLike is case sensitive", IdentityPolicy, allowIf(`"ArnLike":{"k:a":"arn:aws:iam::1:role/Deploy"}`), asked("k:a=arn:aws:iam::1:role/deploy"), no, condOps},
	{"ArnNotEquals: negated matching", ResourcePolicy, to("Deny", `"Principal":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/read-only-role"}}`), asked("aws:PrincipalArn=arn:aws:iam::444455556666:role/other"), bar, notPPage},
	{"ArnNotEquals: the ARN itself", ResourcePolicy, to("Deny", `"Principal":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/read-only-role"}}`), asked("aws:PrincipalArn=arn:aws:iam::444455556666:role/read-only-role"), no, notPPage},
	{"ArnNotLike: the right key is not present, true", IdentityPolicy, denyIf(`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}`), asked(), bar, condOps},
	{"ArnNotLike: the form fits", IdentityPolicy, denyIf(`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}`), asked("aws:PrincipalArn=arn:aws:iam::1:role/x"), yes, condOps},

	// IfExists and Null.
	{"StringLikeIfExists: the value is listed", IdentityPolicy, allowIf(`"StringLikeIfExists":{"ec2:InstanceType":["t1.*","t2.*","m3.*"]}`), asked("ec2:InstanceType=t1.micro"), yes, condOps},
	{"StringLikeIfExists: the value isn't listed", IdentityPolicy, allowIf(`"StringLikeIfExists":{"ec2:InstanceType":["t1.*","t2.*","m3.*"]}`), asked("ec2:InstanceType=m2.micro"), no, condOps},
	{"StringLikeIfExists: the key is not present, true", IdentityPolicy, allowIf(`"StringLikeIfExists":{"ec2:InstanceType":["t1.*","t2.*","m3.*"]}`), asked(), yes, condOps},
	{"StringNotEqualsIfExists in a Deny: still denied without the key", IdentityPolicy, denyIf(`"StringNotEqualsIfExists":{"k:a":"x"}`), asked(), bar, condOps},
	{"NumericLessThanIfExists: no key", IdentityPolicy, allowIf(`"NumericLessThanIfExists":{"k:n":"1"}`), asked(), yes, condOps},
	{"IfExists: other conditions can still fail", IdentityPolicy, allowIf(`"StringEqualsIfExists":{"k:a":"x"},"StringEquals":{"k:b":"y"}`), asked(), no, condOps},
	{"IfExists can be added to any operator except Null", IdentityPolicy, allowIf(`"NullIfExists":{"k:a":"true"}`), asked(), no, condOps},
	{"Null false: the key exists", IdentityPolicy, allowIf(`"Null":{"aws:TokenIssueTime":"false"}`), asked("aws:TokenIssueTime=2020-01-01T00:00:00Z"), yes, condOps},
	{"Null false: the key can't be absent", IdentityPolicy, allowIf(`"Null":{"aws:TokenIssueTime":"false"}`), asked(), no, condOps},
	{"Null true: the key doesn't exist", IdentityPolicy, allowIf(`"Null":{"aws:TokenIssueTime":"true"}`), asked(), yes, condOps},
	{"Null true: the key exists", IdentityPolicy, allowIf(`"Null":{"aws:TokenIssueTime":true}`), asked("aws:TokenIssueTime=x"), no, condOps},
	{"Null: no policy variables", IdentityPolicy, allowIf(`"Null":{"k:a":"${k:b}"}`), asked("k:b=true"), no, condOps},
	{"Null true: a multivalued key without values is null", IdentityPolicy, allowIf(`"Null":{"aws:TagKeys":"true"}`), asked("aws:TagKeys[]"), yes, condOps},

	// Sets.
	{"ForAllValues: every member matches", IdentityPolicy, allowIf(`"ForAllValues:StringEquals":{"aws:TagKeys":["environment","cost-center"]},"Null":{"aws:TagKeys":"false"}`), asked("aws:TagKeys[]=environment|cost-center"), yes, setsPage},
	{"ForAllValues: one member alone", IdentityPolicy, allowIf(`"ForAllValues:StringEquals":{"aws:TagKeys":["environment","cost-center"]},"Null":{"aws:TagKeys":"false"}`), asked("aws:TagKeys[]=cost-center"), yes, setsPage},
	{"ForAllValues: a member that isn't listed", IdentityPolicy, allowIf(`"ForAllValues:StringEquals":{"aws:TagKeys":["environment","cost-center"]},"Null":{"aws:TagKeys":"false"}`), asked("aws:TagKeys[]=environment|dept"), no, setsPage},
	{"ForAllValues with Null false: no key", IdentityPolicy, allowIf(`"ForAllValues:StringEquals":{"aws:TagKeys":["environment","cost-center"]},"Null":{"aws:TagKeys":"false"}`), asked(), no, setsPage},
	{"ForAllValues returns true if there are no context keys", IdentityPolicy, allowIf(`"ForAllValues:StringEquals":{"aws:TagKeys":"x"}`), asked(), yes, setsPage},
	{"ForAllValues returns true for an empty set", IdentityPolicy, allowIf(`"ForAllValues:StringEquals":{"aws:TagKeys":"x"}`), asked("aws:TagKeys[]"), yes, condOps},
	{"ForAllValues returns true for a null dataset, such as an empty string", IdentityPolicy, allowIf(`"ForAllValues:StringEquals":{"aws:TagKeys":"x"}`), asked("aws:TagKeys[]="), yes, condOps},
	{"ForAllValues:StringLike", IdentityPolicy, allowIf(`"ForAllValues:StringLike":{"aws:TagKeys":"cost-*"}`), asked("aws:TagKeys[]=cost-center|cost-unit"), yes, condOps},
	{"ForAllValues:StringNotEquals: none of the values can match", IdentityPolicy, allowIf(`"ForAllValues:StringNotEquals":{"aws:TagKeys":["a","b"]}`), asked("aws:TagKeys[]=c|b"), no, condOps},
	{"ForAllValues:StringNotEquals: none matches", IdentityPolicy, allowIf(`"ForAllValues:StringNotEquals":{"aws:TagKeys":["a","b"]}`), asked("aws:TagKeys[]=c|d"), yes, condOps},
	{"ForAllValues:StringNotLike: a path that is listed", IdentityPolicy, denyIf(`"ForAllValues:StringNotLike":{"aws:ResourceOrgPaths":["o-acorg/r-acroot/ou-acroot-sportsou/*"]}`), asked("aws:ResourceOrgPaths[]=o-acorg/r-acroot/ou-acroot-sportsou/costcenter/"), yes, condOps},
	{"ForAnyValue: one of the members", IdentityPolicy, allowIf(`"ForAnyValue:StringEquals":{"aws:TagKeys":["environment","cost-center"]}`), asked("aws:TagKeys[]=environment|dept"), yes, setsPage},
	{"ForAnyValue: none of the members", IdentityPolicy, allowIf(`"ForAnyValue:StringEquals":{"aws:TagKeys":["environment","cost-center"]}`), asked("aws:TagKeys[]=dept"), no, setsPage},
	{"ForAnyValue: no key, false", IdentityPolicy, allowIf(`"ForAnyValue:StringEquals":{"aws:TagKeys":["environment","cost-center"]}`), asked(), no, setsPage},
	{"ForAnyValue with a Deny: no key, no match", IdentityPolicy, denyIf(`"ForAnyValue:StringNotEquals":{"aws:TagKeys":"x"}`), asked(), yes, setsPage},
	{"ForAnyValue:StringNotEquals: at least one value isn't listed", IdentityPolicy, allowIf(`"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a","b"]}`), asked("aws:TagKeys[]=a|c"), yes, condOps},
	{"ForAnyValue:StringNotEquals: all are listed", IdentityPolicy, allowIf(`"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a","b"]}`), asked("aws:TagKeys[]=a|b"), no, condOps},
	{"ForAnyValue comparison is case sensitive", IdentityPolicy, allowIf(`"ForAnyValue:StringEquals":{"aws:TagKeys":"environment"}`), asked("aws:TagKeys[]=Environment"), no, condOps},
	{"ForAllValues:ArnLike: all of the ARNs", IdentityPolicy, allowIf(`"ForAllValues:ArnLike":{"k:arns":"arn:aws:cloudfront::123456789012:distribution/*"}`), asked("k:arns[]=arn:aws:cloudfront::123456789012:distribution/a|arn:aws:cloudfront::777788889999:distribution/b"), no, condOps},
	{"ForAnyValue:ArnLike: at least one ARN", IdentityPolicy, allowIf(`"ForAnyValue:ArnLike":{"k:arns":"arn:aws:cloudfront::123456789012:distribution/*"}`), asked("k:arns[]=arn:aws:cloudfront::123456789012:distribution/a|arn:aws:cloudfront::777788889999:distribution/b"), yes, condOps},
	{"Multivalued context keys require a set operator (modelled: no match)", IdentityPolicy, allowIf(`"StringEquals":{"aws:TagKeys":"x"}`), asked("aws:TagKeys[]=x"), no, setsPage},
	{"Multivalued context keys require a set operator, negated ones too", IdentityPolicy, allowIf(`"StringNotEquals":{"aws:TagKeys":"x"}`), asked("aws:TagKeys[]=y|z"), no, setsPage},
	{"A set operator works on a single value", IdentityPolicy, allowIf(`"ForAnyValue:StringLike":{"k:a":"x*"}`), asked("k:a=xy"), yes, setsPage},

	// Conditions together.
	{"Operators are ANDed", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"x"},"NumericEquals":{"k:n":"1"}`), asked("k:a=x", "k:n=2"), no, condPage},
	{"Operators are ANDed: both hold", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"x"},"NumericEquals":{"k:n":"1"}`), asked("k:a=x", "k:n=1"), yes, condPage},
	{"Keys beneath one operator are ANDed", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"x","k:b":"y"}`), asked("k:a=x", "k:b=z"), no, condPage},
	{"Context key names are not case-sensitive", IdentityPolicy, allowIf(`"StringEquals":{"AWS:sourceip":"x"}`), asked("aws:SourceIp=x"), yes, condPage},
	{"Operator names are case-sensitive (modelled)", IdentityPolicy, allowIf(`"stringequals":{"k:a":"x"}`), asked("k:a=x"), no, condOps},
	{"An unknown operator never matches in an Allow (modelled)", IdentityPolicy, allowIf(`"StringMatches":{"k:a":"x"}`), asked("k:a=x"), no, condOps},
	{"An unknown operator lets a Deny apply (modelled)", IdentityPolicy, denyIf(`"StringMatches":{"k:a":"x"}`), asked("k:a=y"), bar, condOps},
	{"ForAnyValue without its colon is another operator", IdentityPolicy, allowIf(`"ForAnyValueStringEquals":{"k:a":"x"}`), asked("k:a[]=x"), no, condOps},
	{"An empty Condition asks nothing", IdentityPolicy, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}`, asked(), yes, gramPage},

	// Variables.
	{"Variables are replaced with values from the request", IdentityPolicy, allowIf(`"StringLike":{"s3:prefix":["home/${aws:username}/*"]}`), asked("aws:username=martha_rivera", "s3:prefix=home/martha_rivera/x"), yes, varsPage},
	{"Variables: another's value", IdentityPolicy, allowIf(`"StringLike":{"s3:prefix":["home/${aws:username}/*"]}`), asked("aws:username=nikki_wolf", "s3:prefix=home/martha_rivera/x"), no, varsPage},
	{"Variables: no value, StringLike doesn't match", IdentityPolicy, allowIf(`"StringLike":{"s3:prefix":["home/${aws:username}/*"]}`), asked("s3:prefix=home//x"), no, varsPage},
	{"Variables: no value, StringNotEquals does match", IdentityPolicy, denyIf(`"StringNotEquals":{"s3:ExistingObjectTag/Team":"${aws:PrincipalTag/Team}"}`), asked("s3:ExistingObjectTag/Team=x"), bar, varsPage},
	{"Variables: equal tags", IdentityPolicy, denyIf(`"StringNotEquals":{"s3:ExistingObjectTag/Team":"${aws:PrincipalTag/Team}"}`), asked("s3:ExistingObjectTag/Team=x", "aws:PrincipalTag/Team=x"), yes, varsPage},
	{"Variables: earlier versions take them as literal strings", IdentityPolicy, in2008(allowIf(`"StringEquals":{"k:a":"${aws:username}"}`)), asked("k:a=bob", "aws:username=bob"), no, varsPage},
	{"Variables: the literal string itself, in the earlier version", IdentityPolicy, in2008(allowIf(`"StringEquals":{"k:a":"${aws:username}"}`)), asked("k:a=${aws:username}", "aws:username=bob"), yes, varsPage},
	{"Variables: without Version they are literal strings", IdentityPolicy, `{"Statement":[` + allowIf(`"StringEquals":{"k:a":"${aws:username}"}`) + `]}`, asked("k:a=bob", "aws:username=bob"), no, varsPage},
	{"Variables: key names are case-insensitive", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"${AWS:UserName}"}`), asked("k:a=bob", "aws:username=bob"), yes, varsPage},
	{"Variables: a default value", IdentityPolicy, about(`"Resource":"arn:aws:s3:::bucket-${aws:PrincipalTag/team, 'company-wide'}"`), askedFor("s3:ListBucket", "arn:aws:s3:::bucket-company-wide"), yes, varsPage},
	{"Variables: a value goes before the default", IdentityPolicy, about(`"Resource":"arn:aws:s3:::bucket-${aws:PrincipalTag/team, 'company-wide'}"`), askedFor("s3:ListBucket", "arn:aws:s3:::bucket-company-wide", "aws:PrincipalTag/team=yellow"), no, varsPage},
	{"Variables: a default in a condition", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"${k:b, 'x'}"}`), asked("k:a=x"), yes, varsPage},
	{"Variables: a multivalued key can't be one", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"${aws:TagKeys}"}`), asked("k:a=x", "aws:TagKeys[]=x"), no, varsPage},
	{"Variables: ${*} is an asterisk", IdentityPolicy, allowIf(`"StringLike":{"k:a":"a${*}"}`), asked("k:a=ab"), no, varsPage},
	{"Variables: ${*} equals an asterisk", IdentityPolicy, allowIf(`"StringLike":{"k:a":"a${*}"}`), asked("k:a=a*"), yes, varsPage},
	{"Variables: ${?} is a question mark", IdentityPolicy, allowIf(`"StringLike":{"k:a":"a${?}"}`), asked("k:a=ab"), no, varsPage},
	{"Variables: ${$} is a dollar sign", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"${$}{x}"}`), asked("k:a=${x}"), yes, varsPage},
	{"Variables: a wildcard in the request's value stays a character (modelled)", IdentityPolicy, allowIf(`"StringLike":{"k:a":"${k:b}"}`), asked("k:a=xyz", "k:b=x*"), no, varsPage},
	{"Variables: ARN operators", IdentityPolicy, allowIf(`"ArnLike":{"k:a":"arn:aws:iam::*:user/${aws:username}"}`), asked("k:a=arn:aws:iam::1:user/bob", "aws:username=bob"), yes, varsPage},
	{"Variables: Resource, after the fifth colon", IdentityPolicy, about(`"Resource":"arn:aws:s3:::bucket/${aws:PrincipalTag/dept}/*"`), askedFor("s3:GetObject", "arn:aws:s3:::bucket/hr/x", "aws:PrincipalTag/dept=hr"), yes, varsPage},
	{"Variables: Resource, before the fifth colon they aren't replaced", IdentityPolicy, about(`"Resource":"arn:aws:sns:${aws:RequestedRegion}:1:x"`), askedFor("sns:Publish", "arn:aws:sns:eu-west-1:1:x", "aws:RequestedRegion=eu-west-1"), no, varsPage},
	{"Variables: no value, Resource matches no resource", IdentityPolicy, about(`"Resource":"arn:aws:s3:::bucket/${aws:PrincipalTag/dept}*"`), askedFor("s3:GetObject", "arn:aws:s3:::bucket/x"), no, varsPage},
	{"Variables: an unfinished one is text", IdentityPolicy, allowIf(`"StringEquals":{"k:a":"a${b"}`), asked("k:a=a${b"), yes, varsPage},

	// Actions.
	{"Action: the action named", IdentityPolicy, on(`"Action":"s3:GetObject"`), asked(), yes, actPage},
	{"Action: another", IdentityPolicy, on(`"Action":"s3:PutObject"`), asked(), no, actPage},
	{"Action: prefix and name are case insensitive", IdentityPolicy, on(`"Action":"IAM:listaccesskeys"`), askedFor("iam:ListAccessKeys", "*"), yes, actPage},
	{"Action: * gives access to all actions of a service", IdentityPolicy, on(`"Action":"s3:*"`), asked(), yes, actPage},
	{"Action: * as part of the name", IdentityPolicy, on(`"Action":"iam:*AccessKey*"`), askedFor("iam:ListAccessKeys", "*"), yes, actPage},
	{"Action: ? is one character", IdentityPolicy, on(`"Action":"s3:?etObject"`), asked(), yes, actPage},
	{"Action: several", IdentityPolicy, on(`"Action":["s3:PutObject","s3:GetObject"]`), asked(), yes, actPage},
	{"Action: AssumeRole isn't AssumeRoleWithWebIdentity", IdentityPolicy, on(`"Action":"sts:AssumeRole"`), askedFor("sts:AssumeRoleWithWebIdentity", "*"), no, actPage},
	{"NotAction: matches everything except the list", IdentityPolicy, on(`"NotAction":"iam:*"`), asked(), yes, notAPage},
	{"NotAction: what it lists", IdentityPolicy, on(`"NotAction":["s3:*","iam:*"]`), asked(), no, notAPage},
	{"NotAction with Deny", IdentityPolicy, allowIf("") + `,{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}`, asked(), bar, notAPage},

	// Resources.
	{"Resource: the ARN", IdentityPolicy, about(`"Resource":"arn:aws:s3:::bucket/key"`), asked(), yes, resPage},
	{"Resource: case-sensitive", IdentityPolicy, about(`"Resource":"arn:aws:s3:::bucket/Key"`), asked(), no, resPage},
	{"Resource: wildcards", IdentityPolicy, about(`"Resource":"arn:aws:s3:::buck?t/*"`), asked(), yes, resPage},
	{"Resource: a bucket isn't its objects", IdentityPolicy, about(`"Resource":"arn:aws:s3:::bucket"`), asked(), no, resPage},
	{"Resource: * at a segment's end can match beyond the colon", IdentityPolicy, about(`"Resource":"arn:aws:logs:*"`), askedFor("logs:PutLogEvents", "arn:aws:logs:eu-west-1:1:log-group:x"), yes, resPage},
	{"NotResource: everything except", IdentityPolicy, about(`"NotResource":"arn:aws:s3:::other/*"`), asked(), yes, notRPage},
	{"NotResource: what it lists", IdentityPolicy, about(`"NotResource":"arn:aws:s3:::bucket/*"`), asked(), no, notRPage},

	// Principals.
	{`"*" is everyone`, ResourcePolicy, to("Allow", `"Principal":"*"`), askedBy(nobody), yes, princPage},
	{`{"AWS": "*"} is the same in a resource-based policy`, ResourcePolicy, to("Allow", `"Principal":{"AWS":"*"}`), askedBy(nobody), yes, princPage},
	{`In a VPC endpoint policy {"AWS": "*"} doesn't match federated callers`, EndpointPolicy, to("Allow", `"Principal":{"AWS":"*"}`), askedBy(github), no, guide + "reference_sts_vpc_endpoint_policies.html"},
	{`In a VPC endpoint policy "*" does`, EndpointPolicy, to("Allow", `"Principal":"*"`), askedBy(github), yes, guide + "reference_sts_vpc_endpoint_policies.html"},
	{"An account's id delegates to the account", ResourcePolicy, to("Allow", `"Principal":{"AWS":"123456789012"}`), askedBy(alice), yes, princPage},
	{"The account ARN doesn't limit permissions to only the root user", ResourcePolicy, to("Allow", `"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`), askedBy(alice), yes, princPage},
	{"The root user itself", ResourcePolicy, to("Allow", `"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`), askedBy(root), yes, princPage},
	{"Another account", ResourcePolicy, to("Allow", `"Principal":{"AWS":"999999999999"}`), askedBy(alice), no, princPage},
	{"Several principals are ORed", ResourcePolicy, to("Allow", `"Principal":{"AWS":["999999999999","123456789012"]}`), askedBy(alice), yes, princPage},
	{"A user's ARN", ResourcePolicy, to("Allow", `"Principal":{"AWS":"arn:aws:iam::123456789012:user/alice"}`), askedBy(alice), yes, princPage},
	{"The user name in the ARN is case sensitive", ResourcePolicy, to("Allow", `"Principal":{"AWS":"arn:aws:iam::123456789012:user/Alice"}`), askedBy(alice), no, princPage},
	{"You cannot use a wildcard to match part of a principal", ResourcePolicy, to("Allow", `"Principal":{"AWS":"arn:aws:iam::123456789012:user/*"}`), askedBy(alice), no, princPage},
	{"A role's ARN stands for its sessions", ResourcePolicy, to("Allow", `"Principal":{"AWS":"arn:aws:iam::123456789012:role/deploy"}`), askedBy(deploy), yes, princPage},
	{"A role session's ARN", ResourcePolicy, to("Allow", `"Principal":{"AWS":"arn:aws:sts::123456789012:assumed-role/deploy/ci"}`), askedBy(deploy), yes, princPage},
	{"Another session of the role", ResourcePolicy, to("Allow", `"Principal":{"AWS":"arn:aws:sts::123456789012:assumed-role/deploy/other"}`), askedBy(deploy), no, princPage},
	{"A unique principal id", TrustPolicy, to("Allow", `"Principal":{"AWS":"AIDACKCEVSQ6C2EXAMPLE"}`), askedBy(alice), yes, princPage},
	{"An OIDC provider's ARN", TrustPolicy, to("Allow", `"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}`), askedBy(github), yes, princPage},
	{"An OIDC provider of another account", TrustPolicy, to("Allow", `"Principal":{"Federated":"arn:aws:iam::999999999999:oidc-provider/token.actions.githubusercontent.com"}`), askedBy(github), no, princPage},
	{"A built-in OIDC provider", TrustPolicy, to("Allow", `"Principal":{"Federated":"accounts.google.com"}`), askedBy(google), yes, princPage},
	{"A SAML provider", TrustPolicy, to("Allow", `"Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/Okta"}`), askedBy(okta), yes, princPage},
	{"A federated principal isn't an AWS principal", TrustPolicy, to("Allow", `"Principal":{"AWS":"123456789012"}`), askedBy(github), no, princPage},
	{"A service principal", TrustPolicy, to("Allow", `"Principal":{"Service":"ec2.amazonaws.com"}`), askedBy(ec2), yes, princPage},
	{"Another service principal", TrustPolicy, to("Allow", `"Principal":{"Service":["lambda.amazonaws.com","ecs.amazonaws.com"]}`), askedBy(ec2), no, princPage},
	{"A canonical user id", ResourcePolicy, to("Allow", `"Principal":{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}`), askedBy(canon), yes, princPage},
	{"Types side by side are ORed", TrustPolicy, to("Allow", `"Principal":{"Service":"ec2.amazonaws.com","AWS":"123456789012"}`), askedBy(alice), yes, princPage},
	{"NotPrincipal with Deny: all except", ResourcePolicy, to("Allow", `"Principal":"*"`) + "," + to("Deny", `"NotPrincipal":{"AWS":["arn:aws:iam::123456789012:user/bob","arn:aws:iam::123456789012:root"]}`), askedBy(alice), bar, notPPage},
	{"NotPrincipal with Deny: the one listed, with its account", ResourcePolicy, to("Allow", `"Principal":"*"`) + "," + to("Deny", `"NotPrincipal":{"AWS":["arn:aws:iam::123456789012:user/alice","arn:aws:iam::123456789012:root"]}`), askedBy(alice), yes, notPPage},
	{"NotPrincipal: you must also specify the account", ResourcePolicy, to("Allow", `"Principal":"*"`) + "," + to("Deny", `"NotPrincipal":{"AWS":"arn:aws:iam::123456789012:user/alice"}`), askedBy(alice), bar, notPPage},
	{"NotPrincipal: a role session wants the role too", ResourcePolicy, to("Allow", `"Principal":"*"`) + "," + to("Deny", `"NotPrincipal":{"AWS":["arn:aws:sts::123456789012:assumed-role/deploy/ci","123456789012"]}`), askedBy(deploy), bar, notPPage},
	{"NotPrincipal: session, role and account", ResourcePolicy, to("Allow", `"Principal":"*"`) + "," + to("Deny", `"NotPrincipal":{"AWS":["arn:aws:sts::123456789012:assumed-role/deploy/ci","arn:aws:iam::123456789012:role/deploy","123456789012"]}`), askedBy(deploy), yes, notPPage},
	{"NotPrincipal always denies whoever has a permissions boundary", ResourcePolicy, to("Allow", `"Principal":"*"`) + "," + to("Deny", `"NotPrincipal":{"AWS":["arn:aws:iam::123456789012:user/alice","arn:aws:iam::123456789012:root"]}`), askedBy(bounded(alice)), bar, guide + "access_policies_boundaries.html"},
	{"NotPrincipal with Allow is not supported", ResourcePolicy, to("Allow", `"NotPrincipal":{"AWS":"999999999999"}`), askedBy(alice), no, notPPage},

	// Statements together.
	{"By default, all requests are implicitly denied", IdentityPolicy, `{"Version":"2012-10-17","Statement":[]}`, asked(), no, evalPage},
	{"An explicit deny overrides an allow", IdentityPolicy, denyIf(""), asked(), bar, evalPage},
	{"Statements are ORed", IdentityPolicy, on(`"Action":"s3:PutObject"`) + "," + on(`"Action":"s3:GetObject"`), asked(), yes, evalPage},
	{"A Deny about something else doesn't matter", IdentityPolicy, allowIf("") + `,{"Effect":"Deny","Action":"iam:*","Resource":"*"}`, asked(), yes, evalPage},
	{"Statement may be a single object", IdentityPolicy, `{"Version":"2012-10-17","Statement":` + allowIf("") + `}`, asked(), yes, gramPage},
	{"Effect is case-sensitive: allow doesn't allow", IdentityPolicy, `{"Effect":"allow","Action":"*","Resource":"*"}`, asked(), no, guide + "reference_policies_elements_effect.html"},
	{"A statement without Action allows nothing", IdentityPolicy, `{"Effect":"Allow","Resource":"*"}`, asked(), no, gramPage},
	{"A trust statement without Principal allows nobody", TrustPolicy, `{"Effect":"Allow","Action":"sts:AssumeRole"}`, askedFor("sts:AssumeRole", ""), no, gramPage},
	{"A trust policy needs no Resource", TrustPolicy, `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`, askedFor("sts:AssumeRole", ""), yes, gramPage},
}

func TestConformance(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range conformance {
		if seen[r.says] {
			t.Errorf("%s: stands twice", r.says)
		}
		seen[r.says] = true
		policy, _ := ParseText(r.doc(), r.kind)
		if got := policy.Decide(r.request); got != r.want {
			t.Errorf("%s: got %v want %v (%s)\n\t%s", r.says, got, r.want, r.page, r.policy)
		}
		if got := policy.Explain(r.request).Effect; got != r.want {
			t.Errorf("%s: Explain: got %v want %v", r.says, got, r.want)
		}
	}
	if len(conformance) < 150 {
		t.Errorf("got %d rows want at least 150", len(conformance))
	}
}
