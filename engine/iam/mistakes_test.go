package iam

import (
	"strings"

	"stsplayground/engine/trace"
)

// mistake is something people write, what is said of it, and how it is
// written well. § stands in bad before the place of the finding, whose rule,
// severity and part of whose detail follow. fix is the paths of its patch; with
// the patch applied, bad must be without the finding. also are the rules of
// the other findings of bad, in order. good has no finding of the rule; it may
// be left out where a fix makes one.
type mistake struct {
	says     string
	kind     Kind
	bad      string
	rule     string
	severity trace.Severity
	detail   string
	fix      string // "op path, op path"
	also     string
	good     string
}

// doc is the mistake as a whole policy, without the mark.
func (m mistake) doc() string { return strings.Replace(document(m.bad), "§", "", 1) }

// document is a whole policy of what a row writes, a policy or a statement.
func document(written string) string {
	if plain := strings.TrimPrefix(written, "§"); strings.HasPrefix(plain, `{"Effect"`) || strings.HasPrefix(plain, `{"Sid"`) || strings.HasPrefix(plain, `{§"Effect"`) {
		return `{"Version":"2012-10-17","Statement":[` + written + `]}`
	}
	return written
}

const (
	githubARN = `"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"`
	oktaARN   = `"arn:aws:iam::123456789012:saml-provider/Okta"`
	trustHead = `{"Effect":"Allow","Principal":{"Federated":` + githubARN + `},"Action":"sts:AssumeRoleWithWebIdentity"`
	samlHead  = `{"Effect":"Allow","Principal":{"Federated":` + oktaARN + `},"Action":"sts:AssumeRoleWithSAML"`
	assume    = `"Action":"sts:AssumeRole"`
	readBoth  = `"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`
	goodTrust = trustHead + `}`
)

func trustIf(condition string) string { return trustHead + `,"Condition":{` + condition + `}}` }

func samlIf(condition string) string { return samlHead + `,"Condition":{` + condition + `}}` }

func userIf(condition string) string {
	return `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/ann"},` + assume + when(condition) + `}`
}

// when is a Condition, or none.
func when(condition string) string {
	if condition == "" {
		return ""
	}
	return `,"Condition":{` + condition + `}`
}

func readIf(condition string) string {
	return `{"Effect":"Allow",` + readBoth + when(condition) + `}`
}

func denyReadIf(condition string) string {
	return `{"Effect":"Deny",` + readBoth + when(condition) + `}`
}

func readFrom(resource string) string {
	return `{"Effect":"Allow","Action":"s3:GetObject","Resource":` + resource + `}`
}

func bucketFor(principal, condition string) string {
	return `{"Effect":"Allow","Principal":` + principal + `,` + readBoth + condition + `}`
}

func rcp(rest string) string { return `{"Effect":"Deny","Principal":"*",` + rest + `}` }

// mistakes are all of them: first what a document and its statements are made
// of, then what they grant, conditions, trust policies, control policies.
var mistakes = func() (all []mistake) {
	for _, part := range [][]mistake{documentMistakes, elementMistakes, resourceMistakes, grantMistakes, operatorMistakes, keyMistakes, valueMistakes, trustMistakes, rcpMistakes} {
		all = append(all, part...)
	}
	return all
}()

var documentMistakes = []mistake{
	{"text that isn't JSON", TrustPolicy, `{"Version":§`, "policy/json", isError, "This policy contains invalid Json", "", "", goodTrust},
	{"text that isn't JSON, in an identity policy", IdentityPolicy, `{§'a'}`, "policy/json", isError, "Syntax errors in policy.", "", "", readIf("")},
	{"a list instead of an object", TrustPolicy, `§[]`, "policy/object", isError, "array", "", "", goodTrust},
	{"an element twice", TrustPolicy, trustIf(`"StringEquals":{"a:b":"x"},§"StringEquals":{"a:c":"y"}`), "policy/duplicate-name", isError, "twice", "", "", trustIf(`"StringEquals":{"a:b":"x","a:c":"y"}`)},
	{"no Version", TrustPolicy, `§{"Statement":` + goodTrust + `}`, "policy/version-missing", isWarning, "2008-10-17", "add /Version", "", ""},
	{"no Version in an identity policy", IdentityPolicy, `§{"Statement":` + readIf("") + `}`, "policy/version-missing", isWarning, "Policy document must be version 2012-10-17 or greater.", "add /Version", "", ""},
	{"no Version in a resource control policy", ResourceControlPolicy, `§{"Statement":` + rcp(`"Action":"s3:*","Resource":"*"`) + `}`, "policy/version-missing", isError, "2008-10-17", "add /Version", "", ""},
	{"a Version of today", TrustPolicy, `{"Version":§"2026-01-01","Statement":` + goodTrust + `}`, "policy/version", isError, `"2026-01-01"`, "replace /Version", "", ""},
	{"a Version that isn't a string", TrustPolicy, `{"Version":§2012,"Statement":` + goodTrust + `}`, "policy/version", isError, "number", "replace /Version", "", ""},
	{"an unknown element of the policy", TrustPolicy, `{"Version":"2012-10-17",§"Statements":[` + goodTrust + `]}`, "policy/element", isError, "Statement is the nearest", "remove /Statements, add /Statement", "policy/statement", ""},
	{"Principle", TrustPolicy, `{"Effect":"Allow",§"Principle":{"AWS":"123456789012"},` + assume + `}`, "policy/element", isError, "Principal is the nearest", "remove /Statement/0/Principle, add /Statement/0/Principal", "", ""},
	{"an element near to none", IdentityPolicy, `{"Effect":"Allow",` + readBoth + `,§"Comment":"x"}`, "policy/element", isError, "the elements are", "", "", readIf("")},
	{"no Statement", TrustPolicy, `§{"Version":"2012-10-17"}`, "policy/statement", isError, "no Statement", "", "", goodTrust},
	{"an empty Statement", TrustPolicy, `{"Version":"2012-10-17","Statement":§[]}`, "policy/statement", isError, "empty", "", "", goodTrust},
	{"a statement that is text", TrustPolicy, `{"Version":"2012-10-17","Statement":[§"x"]}`, "policy/statement", isError, "a string", "", "", goodTrust},
	{"Statement that is text", TrustPolicy, `{"Version":"2012-10-17","Statement":§"x"}`, "policy/statement", isError, "a string", "", "", goodTrust},
	{"a Sid with a space", IdentityPolicy, `{"Sid":§"my bucket","Effect":"Allow",` + readBoth + `}`, "policy/sid", isError, `"my bucket"`, "replace /Statement/0/Sid", "", ""},
	{"an empty Sid", IdentityPolicy, `{"Sid":§"","Effect":"Allow",` + readBoth + `}`, "policy/sid-empty", isInfo, "empty", "remove /Statement/0/Sid", "", ""},
	{"a Sid twice", IdentityPolicy, `{"Sid":"a","Effect":"Allow",` + readBoth + `},§{"Sid":"a","Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, "policy/sid-unique", isError, "Statement IDs (SID) in a single policy must be unique.", "", "", `{"Sid":"a","Effect":"Allow",` + readBoth + `},{"Sid":"b","Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`},
	{"a Sid twice in a bucket policy", ResourcePolicy, `{"Sid":"a","Effect":"Allow","Principal":"*",` + readBoth + `},§{"Sid":"a","Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"}`, "policy/sid-unique", isWarning, "give each its own", "", "", `{"Sid":"a","Effect":"Allow","Principal":"*",` + readBoth + `}`},
	{"Effect in small letters", IdentityPolicy, `{"Effect":§"allow",` + readBoth + `}`, "policy/effect", isError, `"allow"`, "replace /Statement/0/Effect", "", ""},
	{"no Effect", TrustPolicy, `{"Version":"2012-10-17","Statement":§{"Principal":{"AWS":"123456789012"},` + assume + `}}`, "policy/effect", isError, "no Effect", "", "", goodTrust},
	{"a number as Action", IdentityPolicy, `{"Effect":"Allow","Action":§5,"Resource":"*"}`, "policy/value", isError, "a number", "", "", readIf("")},
	{"an empty list of actions", IdentityPolicy, `{"Effect":"Allow","Action":§[],"Resource":"*"}`, "policy/value", isError, "Policy statement must contain actions.", "", "", readIf("")},
	{"an empty list of resources", IdentityPolicy, `{"Effect":"Allow","Action":"s3:GetObject","Resource":§[]}`, "policy/value", isError, "Policy statement must contain resources.", "", "", readIf("")},
	{"an empty list of principals in a trust policy", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":§[]},` + assume + `}`, "policy/value", isError, "The passed in policy has a statement with no principals!", "", "", goodTrust},
	{"a list within a condition's list", TrustPolicy, trustIf(`"StringEquals":{"a:b":["x",§["y"]]}`), "policy/value", isError, "an array", "", "", trustIf(`"StringEquals":{"a:b":["x","y"]}`)},
	{"an empty list of actions in a bucket policy", ResourcePolicy, `{"Effect":"Allow","Principal":"*","Action":§[],"Resource":"*"}`, "policy/empty", isInfo, "empty", "", "", bucketFor(`"*"`, "")},
	{"an empty principal", ResourcePolicy, `{"Effect":"Allow","Principal":§{},` + readBoth + `}`, "policy/empty", isInfo, "about nobody", "", "", bucketFor(`"*"`, "")},
	{"an empty principal in a trust policy", TrustPolicy, `{"Effect":"Allow","Principal":§{},` + assume + `}`, "policy/empty", isError, "The passed in policy has a statement with no principals!", "", "", goodTrust},
	{"an empty Condition", IdentityPolicy, `{"Effect":"Allow",` + readBoth + `,"Condition":§{}}`, "policy/empty", isInfo, "changes nothing", "remove /Statement/0/Condition", "", ""},
	{"a condition without a value", IdentityPolicy, readIf(`"StringEquals":{"aws:username":§[]}`), "policy/empty", isInfo, "no value to compare", "", "", readIf(`"StringEquals":{"aws:username":"ann"}`)},
	{"ForAllValues without a value", IdentityPolicy, readIf(`"ForAllValues:StringEquals":{"aws:TagKeys":§[]}`), "policy/empty", isInfo, `Null with "true"`, "", "", readIf(`"Null":{"aws:TagKeys":"true"}`)},
	{"ForAnyValue without a value", IdentityPolicy, readIf(`"ForAnyValue:StringEquals":{"aws:TagKeys":§[]}`), "policy/empty", isInfo, "never holds", "", "", readIf(`"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}`)},
	{"Action and NotAction", IdentityPolicy, `{"Effect":"Allow","Action":"s3:*",§"NotAction":"iam:*","Resource":"*"}`, "policy/element-and-opposite", isError, "both Action and NotAction", "", "", readIf("")},
	{"a word processor's quotes", TrustPolicy, trustIf(`"StringEquals":{"a:b":§"“x”"}`), "policy/character", isError, "“", "", "", trustIf(`"StringEquals":{"a:b":"x"}`)},
	{"a managed policy beyond its quota", IdentityPolicy, `§` + document(readFrom(`"arn:aws:s3:::`+strings.Repeat("x", 6144)+`"`)), "policy/size", isWarning, "Cannot exceed quota for PolicySize: 6144", "", "", readIf("")},
	{"a boundary beyond its quota", PermissionsBoundary, `§` + document(readFrom(`"arn:aws:s3:::`+strings.Repeat("x", 6144)+`"`)), "policy/size", isWarning, "6144", "", "", readIf("")},
	{"a session policy beyond its quota", SessionPolicy, `§` + document(readFrom(`"arn:aws:s3:::`+strings.Repeat("x", 2048)+`"`)), "policy/size", isError, "2048", "", "", readIf("")},
	{"a session policy that is long by its spaces", SessionPolicy, `§{"Version":"2012-10-17",` + strings.Repeat(" ", 2048) + `"Statement":[` + readIf("") + `]}`, "policy/size", isError, "2048", "", "", readIf(`"Bool":{"aws:SecureTransport":"true"}`)},
	{"a service control policy beyond its quota", ServiceControlPolicy, `§` + document(readFrom(`"arn:aws:s3:::`+strings.Repeat("x", 10240)+`"`)), "policy/size", isError, "10240", "", "", readIf("")},
	{"a resource control policy beyond its quota", ResourceControlPolicy, `§` + document(rcp(`"Action":"s3:*","Resource":"arn:aws:s3:::`+strings.Repeat("x", 5120)+`"`)), "policy/size", isError, "5120", "", "", rcp(`"Action":"s3:*","Resource":"*"`)},
	{"an endpoint policy beyond its quota", EndpointPolicy, `§` + document(bucketFor(`"*"`, `,"Condition":{"StringEquals":{"aws:username":"`+strings.Repeat("x", 20480)+`"}}`)), "policy/size", isWarning, "20480", "", "", bucketFor(`"*"`, "")},
	{"a bucket policy beyond its quota", ResourcePolicy, `§` + document(bucketFor(`"*"`, `,"Condition":{"StringEquals":{"aws:username":"`+strings.Repeat("x", 20480)+`"}}`)), "policy/size", isWarning, "20480", "", "", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"StringEquals":{"aws:username":"` + strings.Repeat("x", 20480) + `"}}}`},
}

var elementMistakes = []mistake{
	{"no Action", IdentityPolicy, `§{"Effect":"Allow","Resource":"*"}`, "policy/action", isError, "Policy statement must contain actions.", "", "", readIf("")},
	{"an action without a service", IdentityPolicy, `{"Effect":"Allow","Action":§"GetObject","Resource":"*"}`, "policy/action-form", isError, "must be prefaced by a vendor", "", "", readIf("")},
	{"an action with two colons", IdentityPolicy, `{"Effect":"Allow","Action":[§"s3:a:b"],"Resource":"*"}`, "policy/action-form", isError, "can contain only one colon", "", "", readIf("")},
	{"a wildcard in an action's service", IdentityPolicy, `{"Effect":"Allow","Action":§"s*:GetObject","Resource":"*"}`, "policy/service-wildcard", isError, "Vendor s* is not valid", "", "", readIf("")},
	{"a wildcard in an action's service, in a service control policy", ServiceControlPolicy, `{"Effect":"Deny","Action":§"s*:GetObject","Resource":"*"}`, "policy/service-wildcard", isInfo, "still to come", "", "", readIf("")},
	{"a variable in an action", IdentityPolicy, `{"Effect":"Allow","Action":§"s3:${aws:username}","Resource":"*"}`, "policy/variable-place", isError, "no variables in actions", "", "", readIf("")},
	{"no Principal in a trust policy", TrustPolicy, `§{"Effect":"Allow",` + assume + `}`, "policy/principal", isError, "no Principal", "", "", goodTrust},
	{"a Principal in an identity policy", IdentityPolicy, `{"Effect":"Allow",§"Principal":"*",` + readBoth + `}`, "policy/principal", isError, "Policy document should not specify a principal.", "remove /Statement/0/Principal", "", ""},
	{"a Principal in a service control policy", ServiceControlPolicy, `{"Effect":"Deny",§"Principal":"*",` + readBoth + `}`, "policy/principal", isError, "service control policy has no Principal", "remove /Statement/0/Principal", "", ""},
	{"a list as Principal", TrustPolicy, `{"Effect":"Allow","Principal":§["*"],` + assume + `}`, "policy/principal", isError, "array", "", "", goodTrust},
	{"a principal's type in capitals only", TrustPolicy, `{"Effect":"Allow","Principal":{"Aws":§"123456789012"},` + assume + `}`, "policy/principal-type", isError, "AWS is the nearest", "", "", `{"Effect":"Allow","Principal":{"AWS":"123456789012"},` + assume + `}`},
	{"a string that isn't *", TrustPolicy, `{"Effect":"Allow","Principal":§"123456789012",` + assume + `}`, "policy/principal-type", isError, "can only be", "", "", `{"Effect":"Allow","Principal":{"AWS":"123456789012"},` + assume + `}`},
	{"a wildcard in a principal", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":§"arn:aws:iam::123456789012:role/*"},` + assume + `}`, "policy/principal-invalid", isError, `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"`, "", "", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/x"},` + assume + `}`},
	{"a group as principal", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":§"arn:aws:iam::123456789012:group/dev"},` + assume + `}`, "policy/principal-invalid", isError, "group", "", "", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/dev"},` + assume + `}`},
	{"eleven digits", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":[§"12345678901"]},` + assume + `}`, "policy/principal-invalid", isError, "12 digits", "", "", `{"Effect":"Allow","Principal":{"AWS":["123456789012"]},` + assume + `}`},
	{"a wildcard as service", TrustPolicy, `{"Effect":"Allow","Principal":{"Service":§"*"},` + assume + `}`, "policy/principal-invalid", isError, "service principal", "", "", `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},` + assume + `}`},
	{"a service in capitals", TrustPolicy, `{"Effect":"Allow","Principal":{"Service":§"EC2.amazonaws.com"},` + assume + `}`, "policy/principal-invalid", isError, "small letters", "replace /Statement/0/Principal/Service", "", ""},
	{"a variable in a principal", ResourcePolicy, bucketFor(`{"AWS":§"arn:aws:iam::123456789012:user/${aws:username}"}`, ""), "policy/variable-place", isError, "no variables in principals", "", "", bucketFor(`{"AWS":"arn:aws:iam::123456789012:user/ann"}`, "")},
	{"the id of a role that is gone", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":§"AROACKCEVSQ6C2EXAMPLE"},` + assume + `}`, "policy/principal-id", isWarning, "unique id", "", "", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/x"},` + assume + `}`},
	{"a federated principal in a bucket policy", ResourcePolicy, bucketFor(`{"Federated":§`+githubARN+`}`, ""), "policy/federated-principal", isError, "only in role trust policies", "", "", bucketFor(`{"AWS":"123456789012"}`, "")},
	{"NotPrincipal without the principal's account", ResourcePolicy, `{"Effect":"Deny","NotPrincipal":{"AWS":§"arn:aws:iam::123456789012:user/ann"},` + readBoth + `}`, "policy/not-principal-account", isWarning, "list arn:aws:iam::123456789012:root", "", "", `{"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::123456789012:user/ann","arn:aws:iam::123456789012:root"]},` + readBoth + `}`},
	{"NotPrincipal with Allow", ResourcePolicy, `{"Effect":"Allow",§"NotPrincipal":{"AWS":"123456789012"},` + readBoth + `}`, "policy/not-principal", isError, "only with Deny", "", "", `{"Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},` + readBoth + `}`},
	{"a service that anyone's account can use", ResourcePolicy, bucketFor(`{"Service":§"cloudtrail.amazonaws.com"}`, ""), "policy/service-principal-source", isWarning, "aws:SourceAccount", "", "", bucketFor(`{"Service":"cloudtrail.amazonaws.com"}`, `,"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}`)},
	{"a service's organization", ResourcePolicy, bucketFor(`{"Service":"cloudfront.amazonaws.com"}`, `,"Condition":{"StringEquals":{§"aws:PrincipalOrgID":"o-a1b2c3d4e5","aws:SourceAccount":"123456789012"}}`), "policy/key-for-service", isError, "never applies", "", "", bucketFor(`{"Service":"cloudfront.amazonaws.com"}`, `,"Condition":{"StringEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"}}`)},
}

var resourceMistakes = []mistake{
	{"no Resource", IdentityPolicy, `§{"Effect":"Allow","Action":"s3:GetObject"}`, "policy/resource", isError, "Policy statement must contain resources.", "add /Statement/0/Resource", "", ""},
	{"a resource that is a name", IdentityPolicy, readFrom(`§"bucket"`), "policy/resource-form", isError, `Resource bucket must be in ARN format or "*".`, "", "", readIf("")},
	{"a name with a wildcard", IdentityPolicy, readFrom(`§"bucket/*"`), "policy/resource-form", isError, `Resource bucket/* must be in ARN format or "*".`, "", "", readFrom(`"arn:aws:s3:::bucket/*"`)},
	{"a resource without arn in front", IdentityPolicy, readFrom(`§"aws:s3:::bucket"`), "policy/resource-form", isError, "is no resource", "", "", readFrom(`"arn:aws:s3:::bucket"`)},
	{"an ARN of three segments", IdentityPolicy, readFrom(`§"arn:aws:sqs"`), "policy/incomplete-arn", isError, `"arn:aws:sqs:*:*:*"`, "replace /Statement/0/Resource", "", ""},
	{"an ARN of two segments", IdentityPolicy, readFrom(`§"arn:aws"`), "policy/incomplete-arn", isError, "Resource vendor must be fully qualified and cannot contain regexes.", "", "", readFrom(`"arn:aws:s3:::b"`)},
	{"an ARN of three segments in a session policy", SessionPolicy, readFrom(`§"arn:aws:sqs"`), "policy/incomplete-arn", isError, "MalformedPolicyDocument", "replace /Statement/0/Resource", "", ""},
	{"an ARN of five segments in a session policy", SessionPolicy, readFrom(`§"arn:aws:s3::*"`), "policy/incomplete-arn", isError, "MalformedPolicyDocument", "replace /Statement/0/Resource", "", ""},
	{"an ARN of five segments in a bucket policy", ResourceControlPolicy, rcp(`"Action":"s3:*","Resource":§"arn:aws:s3::b"`), "policy/incomplete-arn", isError, "write all of them", "", "", rcp(`"Action":"s3:*","Resource":"arn:aws:s3:::b"`)},
	{"a partition that is none", IdentityPolicy, readFrom(`§"arn:b:s3:::x"`), "policy/arn-partition", isError, `Partition "b" is not valid for resource "arn:b:s3:::x".`, "", "", readFrom(`"arn:aws-cn:s3:::x"`)},
	{"a service in capitals in an ARN", IdentityPolicy, readFrom(`§"arn:aws:S3:::x"`), "policy/arn-service", isError, "small letters", "replace /Statement/0/Resource", "", ""},
	{"a wildcard as an ARN's service", IdentityPolicy, readFrom(`§"arn:aws:*code*:us-east-1:111122223333:x"`), "policy/service-wildcard", isInfo, "still to come", "", "", readFrom(`"arn:aws:codebuild:us-east-1:111122223333:x"`)},
	{"a Region of IAM", IdentityPolicy, readFrom(`§"arn:aws:iam:us-east-1:123456789012:role/x"`), "policy/arn-region", isError, "cannot contain region information", "replace /Statement/0/Resource", "", ""},
	{"a bucket's Region", IdentityPolicy, readFrom(`§"arn:aws:s3:us-east-1::bucket"`), "policy/arn-region", isError, "can not contain region information", "replace /Statement/0/Resource", "", ""},
	{"an Availability Zone in an ARN", IdentityPolicy, readFrom(`§"arn:aws:sqs:us-east-1a:123456789012:q"`), "policy/arn-region", isError, "is no Region", "", "", readFrom(`"arn:aws:sqs:us-east-1:123456789012:q"`)},
	{"a distribution's Region", IdentityPolicy, readFrom(`§"arn:aws:cloudfront:us-east-1:123456789012:distribution/x"`), "policy/arn-region", isError, "have no Region", "replace /Statement/0/Resource", "", ""},
	{"a bucket's account", IdentityPolicy, readFrom(`§"arn:aws:s3::123456789012:bucket"`), "policy/arn-account", isError, "have no account", "replace /Statement/0/Resource", "", ""},
	{"an account with hyphens", IdentityPolicy, readFrom(`§"arn:aws:sqs:us-east-1:1234-5678-9012:q"`), "policy/arn-account", isError, "12 digits", "", "", readFrom(`"arn:aws:sqs:us-east-1:123456789012:q"`)},
	{"an access point has a Region and an account", IdentityPolicy, readFrom(`["arn:aws:s3:us-west-2:123456789012:accesspoint/x",§"arn:aws:s3:us-west-2:123456789012:x"]`), "policy/arn-region", isError, "us-west-2", "replace /Statement/0/Resource/1", "policy/arn-account", readFrom(`"arn:aws:s3:us-west-2:123456789012:accesspoint/x"`)},
	{"roles of IAM", IdentityPolicy, readFrom(`§"arn:aws:iam::123456789012:roles/x"`), "policy/arn-resource", isError, "role/ is the nearest beginning", "", "", readFrom(`"arn:aws:iam::123456789012:role/x"`)},
	{"a thing of IAM that is near to none", IdentityPolicy, readFrom(`§"arn:aws:iam::123456789012:x"`), "policy/arn-resource", isError, `IAM resource path must either be "*" or start with user/,`, "", "", readFrom(`"arn:aws:iam::123456789012:*"`)},
	{"a variable in the older version", IdentityPolicy, `{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":§"arn:aws:s3:::b/${aws:username}"}}`, "policy/variable-version", isError, "plain text", "replace /Version", "", ""},
	{"a variable before the fifth colon", IdentityPolicy, readFrom(`§"arn:aws:sns:${aws:RequestedRegion}::x"`), "policy/variable-place", isError, "fifth colon", "", "", readFrom(`"arn:aws:sns:*:*:${aws:username}"`)},
	{"a variable that isn't closed", IdentityPolicy, readFrom(`§"arn:aws:s3:::b/${aws:username"`), "policy/variable-form", isError, "isn't closed", "", "", readFrom(`"arn:aws:s3:::b/${aws:username}"`)},
	{"an empty variable", IdentityPolicy, readFrom(`§"arn:aws:s3:::b/${}"`), "policy/variable-form", isError, "is empty", "", "", readFrom(`"arn:aws:s3:::b/${*}"`)},
	{"a space in a variable", IdentityPolicy, readFrom(`§"arn:aws:s3:::b/${aws: username}"`), "policy/variable-form", isError, "a space", "", "", readFrom(`"arn:aws:s3:::b/${aws:username}"`)},
	{"a default without quotes", IdentityPolicy, readFrom(`§"arn:aws:s3:::b/${aws:PrincipalTag/team, all}"`), "policy/variable-form", isError, "single quotes", "", "", readFrom(`"arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}"`)},
}

func grantIf(action, resource string) string {
	return `{"Effect":"Allow",§` + action + `,` + resource + `}`
}

var grantMistakes = []mistake{
	{"any role may be passed", IdentityPolicy, grantIf(`"Action":["iam:PassRole"]`, `"Resource":"*"`), "policy/pass-role", isWarning, "allows iam:PassRole on every role", "", "", `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}`},
	{"any role of an account may be passed", IdentityPolicy, grantIf(`"Action":"iam:PassRole"`, `"Resource":"arn:aws:iam::123456789012:role/*"`), "policy/pass-role", isWarning, "every role", "", "", `{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/web-*"}`},
	{"a wildcard takes in iam:PassRole", IdentityPolicy, grantIf(`"Action":"iam:Pass*"`, `"Resource":"*"`), "policy/pass-role", isWarning, `which "iam:Pass*" takes in`, "", "", `{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}`},
	{"NotAction leaves iam:PassRole in", IdentityPolicy, grantIf(`"NotAction":["s3:*","iam:Create*"]`, `"Resource":"*"`), "policy/pass-role", isWarning, "NotAction doesn't leave out", "", "", `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`},
	{"NotResource for iam:PassRole", IdentityPolicy, grantIf(`"Action":"iam:PassRole"`, `"NotResource":"arn:aws:iam::123456789012:role/admin"`), "policy/pass-role", isWarning, "all that NotResource doesn't list", "", "", `{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/web"}`},
	{"any service-linked role may be created", IdentityPolicy, grantIf(`"Action":"iam:CreateServiceLinkedRole"`, `"Resource":"arn:aws:iam::*:role/aws-service-role/*"`), "policy/service-linked-role", isWarning, "any service", "", "", `{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"arn:aws:iam::*:role/aws-service-role/ec2.amazonaws.com/*"}`},
	{"an action stands twice", IdentityPolicy, `{"Effect":"Allow","Action":["s3:GetObject",§"s3:getobject"],"Resource":"*"}`, "policy/redundant-action", isInfo, "part of", "remove /Statement/0/Action/1", "", ""},
	{"actions that a wildcard takes in", IdentityPolicy, `{"Effect":"Allow","Action":["iam:Get*","iam:List*",§"iam:GetCredentialReport","iam:ListUsers"],"Resource":"*"}`, "policy/redundant-action", isInfo, `part of "iam:Get*" in the same list, and 1 more`, "remove /Statement/0/Action/3, remove /Statement/0/Action/2", "", `{"Effect":"Allow","Action":["iam:Get*","iam:List*","iam:*CredentialReport"],"Resource":"*"}`},
	{"resources that a wildcard takes in", IdentityPolicy, readFrom(`[§"arn:aws:iam::111122223333:role/jane-admin","arn:aws:iam::111122223333:role/jane*"]`), "policy/redundant-resource", isInfo, "jane-admin", "remove /Statement/0/Resource/0", "", readFrom(`["arn:aws:s3:::b","arn:aws:s3:::b/*"]`)},
	{"a statement twice", IdentityPolicy, `{"Sid":"a","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"},§{"Sid":"b","Effect":"Allow","Action":["s3:PutObject","s3:GetObject"],"Resource":"*"}`, "policy/redundant-statement", isInfo, "says the same as statement 1", "remove /Statement/1", "", ""},
	{"a statement that a later one takes in", IdentityPolicy, `{"Effect":"Allow","Action":["x:A"],"Resource":"*"},§{"Effect":"Allow",` + readBoth + `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}},{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, "policy/redundant-statement", isInfo, "is part of statement 3", "remove /Statement/1", "", `{"Effect":"Allow",` + readBoth + `},{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::c/*"}`},
	{"an Allow that a Deny leaves nothing of", IdentityPolicy, `{"Effect":"Deny","Action":"s3:*","Resource":"*"},§{"Effect":"Allow",` + readBoth + `}`, "policy/shadowed", isWarning, "statement 1 denies without a condition", "", "", `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}},{"Effect":"Allow",` + readBoth + `}`},
	{"an Allow that a Deny with NotAction leaves nothing of", IdentityPolicy, `§{"Effect":"Allow",` + readBoth + `},{"Effect":"Deny","NotAction":["iam:*","ec2:*"],"Resource":"*"}`, "policy/shadowed", isWarning, "a Deny always wins", "", "", `{"Effect":"Allow",` + readBoth + `},{"Effect":"Deny","NotAction":["iam:*","s3:Get*"],"Resource":"*"}`},
	{"a trust policy that lets in and shuts out", TrustPolicy, `§` + goodTrust + `,{"Effect":"Deny","Principal":"*","Action":"sts:*"}`, "policy/shadowed", isWarning, "a Deny always wins", "", "", goodTrust},
}

var operatorMistakes = []mistake{
	{"Condition that is text", TrustPolicy, trustHead + `,"Condition":§"x"}`, "policy/condition", isError, "a string", "", "", goodTrust},
	{"an operator without a key", TrustPolicy, trustIf(`§"StringEquals":"x"`), "policy/condition", isError, "no condition key", "", "", trustIf(`"StringEquals":{"a:b":"x"}`)},
	{"a set operator without its colon", TrustPolicy, trustIf(`§"ForAnyValueStringEquals":{"a:amr":"x"}`), "policy/condition-operator", isError, "Invalid Condition type : ForAnyValueStringEquals", "remove /Statement/0/Condition/ForAnyValueStringEquals, add /Statement/0/Condition/ForAnyValue:StringEquals", "", ""},
	{"an operator in small letters", TrustPolicy, trustIf(`§"stringlike":{"a:b":"x*"}`), "policy/condition-operator", isError, "Invalid Condition type", "remove /Statement/0/Condition/stringlike, add /Statement/0/Condition/StringLike", "", ""},
	{"an operator nearly right", TrustPolicy, trustIf(`§"StringEqual":{"a:b":"x"}`), "policy/condition-operator", isError, "StringEquals is the nearest", "remove /Statement/0/Condition/StringEqual, add /Statement/0/Condition/StringEquals", "", ""},
	{"an operator near to none", TrustPolicy, trustIf(`§"Regex":{"a:b":"x"}`), "policy/condition-operator", isError, "knows no condition operator", "", "", trustIf(`"StringLike":{"a:b":"x*"}`)},
	{"IfExists behind Null", TrustPolicy, trustIf(`§"NullIfExists":{"a:b":"true"}`), "policy/condition-operator", isError, "Null is the nearest", "remove /Statement/0/Condition/NullIfExists, add /Statement/0/Condition/Null", "", ""},
	{"Null for all values", IdentityPolicy, readIf(`§"ForAllValues:Null":{"aws:TagKeys":"true"}`), "policy/null-with-set", isInfo, "always true", "remove /Statement/0/Condition/ForAllValues:Null, add /Statement/0/Condition/Null", "", ""},
	{"ForAllValues in an Allow", TrustPolicy, trustIf(`"ForAllValues:StringEquals":{§"a:amr":"x"}`), "policy/for-all-values-allow", isWarning, "has no", "add /Statement/0/Condition/Null", "", ""},
	{"ForAllValues on who calls, in an identity policy", IdentityPolicy, readIf(`"ForAllValues:StringLike":{§"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}`), "policy/for-all-values-allow", isWarning, "has no", "add /Statement/0/Condition/Null", "", readIf(`"ForAllValues:StringEquals":{"aws:TagKeys":"a"}`)},
	{"IfExists in an Allow", TrustPolicy, trustIf(`"StringEqualsIfExists":{§"a:b":"x"}`), "policy/if-exists-allow", isWarning, "leave IfExists out", "", "", trustIf(`"StringEquals":{"a:b":"x"}`)},
	{"a Deny without MFA that spares long-term keys", IdentityPolicy, denyReadIf(`"Bool":{§"aws:MultiFactorAuthPresent":"false"}`), "policy/deny-mfa", isWarning, "doesn't reach them", "remove /Statement/0/Condition/Bool, add /Statement/0/Condition/BoolIfExists", "", denyReadIf(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`)},
	{"IfExists on MFA", IdentityPolicy, readIf(`"BoolIfExists":{§"aws:MultiFactorAuthPresent":"true"}`), "policy/if-exists-allow", isInfo, "leave IfExists out", "", "", denyReadIf(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`)},
	{"everyone but a network", IdentityPolicy, readIf(`"NotIpAddress":{§"aws:SourceIp":"203.0.113.0/24"}`), "policy/negated-allow", isWarning, "lets it in", "add /Statement/0/Condition/Null", "", readIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)},
	{"everyone but an actor, where the actor may be missing", TrustPolicy, trustIf(`"StringNotEquals":{§"token.actions.githubusercontent.com:actor":"mallory"}`), "policy/negated-allow", isWarning, "lets it in", "add /Statement/0/Condition/Null", "", trustIf(`"StringNotLike":{"token.actions.githubusercontent.com:sub":"repo:o/r:pull_request"}`)},
	{"ForAnyValue on a single-valued key", TrustPolicy, trustIf(`"ForAnyValue:StringEquals":{§"a:sub":"x"}`), "policy/set-on-single-valued", isInfo, "one value at most", "remove /Statement/0/Condition/ForAnyValue:StringEquals, add /Statement/0/Condition/StringEquals", "", ""},
	{"ForAnyValue on the audience", TrustPolicy, trustIf(`"ForAnyValue:StringEquals":{§"a:aud":"x"}`), "policy/set-on-single-valued", isWarning, "one value at most", "remove /Statement/0/Condition/ForAnyValue:StringEquals, add /Statement/0/Condition/StringEquals", "", ""},
	{"ForAllValues on a single-valued key", IdentityPolicy, denyReadIf(`"ForAllValues:StringNotEquals":{§"aws:username":"ann"}`), "policy/set-on-single-valued", isWarning, "one value at most", "remove /Statement/0/Condition/ForAllValues:StringNotEquals, add /Statement/0/Condition/StringNotEquals", "", ""},
	{"many values under an operator for one", IdentityPolicy, readIf(`"StringEquals":{§"aws:TagKeys":["a","b"]}`), "policy/set-missing", isError, "ForAnyValue:", "", "", readIf(`"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}`)},
	{"SAML's many values under an operator for one", TrustPolicy, samlIf(`"StringEquals":{§"SAML:eduPersonAffiliation":"staff"}`), "policy/set-missing", isError, "ForAnyValue:", "", "", samlIf(`"ForAnyValue:StringEquals":{"SAML:eduPersonAffiliation":"staff"}`)},
	{"a truth compared as text", IdentityPolicy, readIf(`"StringEquals":{§"aws:SecureTransport":"true"}`), "policy/condition-type", isWarning, "use Bool", "remove /Statement/0/Condition/StringEquals, add /Statement/0/Condition/Bool", "", readIf(`"Bool":{"aws:SecureTransport":"true"}`)},
	{"an address compared as text", IdentityPolicy, denyReadIf(`"StringNotEquals":{§"aws:SourceIp":"203.0.113.7"}`), "policy/condition-type", isWarning, "use NotIpAddress", "remove /Statement/0/Condition/StringNotEquals, add /Statement/0/Condition/NotIpAddress", "", denyReadIf(`"NotIpAddress":{"aws:SourceIp":"203.0.113.7"}`)},
	{"a date compared as a number", IdentityPolicy, denyReadIf(`"NumericLessThan":{§"aws:TokenIssueTime":"5"}`), "policy/condition-type", isWarning, "Date operator", "", "", denyReadIf(`"NumericLessThan":{"aws:EpochTime":"5"}`)},
	{"an ARN compared as text with wildcards", IdentityPolicy, readIf(`"StringLike":{§"aws:PrincipalArn":"arn:aws:iam::123456789012:role/x*"}`), "policy/string-like-arn", isWarning, "segment by segment", "remove /Statement/0/Condition/StringLike, add /Statement/0/Condition/ArnLike", "", ""},
}

var keyMistakes = []mistake{
	{"https:// in a key", TrustPolicy, trustIf(`"StringEquals":{§"https://idp.example.com:aud":"x"}`), "policy/condition-key", isError, `"idp.example.com:aud"`, "remove /Statement/0/Condition/StringEquals/https:~1~1idp.example.com:aud, add /Statement/0/Condition/StringEquals/idp.example.com:aud", "", ""},
	{"the discovery path in a key", TrustPolicy, trustIf(`"StringEquals":{§"idp.example.com/.well-known/openid-configuration:aud":"x"}`), "policy/condition-key", isError, `"idp.example.com:aud"`, "remove /Statement/0/Condition/StringEquals/idp.example.com~1.well-known~1openid-configuration:aud, add /Statement/0/Condition/StringEquals/idp.example.com:aud", "", ""},
	{"a key without a prefix", TrustPolicy, userIf(`"StringEquals":{§"sub":"x"}`), "policy/condition-key", isError, "no prefix", "", "", userIf(`"StringEquals":{"aws:username":"x"}`)},
	{"a claim without its provider", TrustPolicy, trustIf(`"StringEquals":{§"sub":"x"}`), "policy/condition-key", isError, "token.actions.githubusercontent.com:sub", "remove /Statement/0/Condition/StringEquals/sub, add /Statement/0/Condition/StringEquals/token.actions.githubusercontent.com:sub", "", ""},
	{"a key in two spellings", IdentityPolicy, readIf(`"StringEquals":{"aws:username":"ann"},"StringLike":{§"aws:UserName":"a*"}`), "policy/duplicate-key-case", isError, "other letters", "", "", readIf(`"StringEquals":{"aws:username":"ann"},"StringLike":{"aws:username":"a*"}`)},
	{"a tag without its name", IdentityPolicy, readIf(`"StringEquals":{§"aws:ResourceTag":"web"}`), "policy/tag-key", isError, "aws:ResourceTag/team", "", "", readIf(`"StringEquals":{"aws:ResourceTag/team":"web"}`)},
	{"a tag decides over all other actions", IdentityPolicy, `{"Effect":"Deny","NotAction":"iam:*","Resource":"*","Condition":{"StringEquals":{§"aws:ResourceTag/team":"web"}}}`, "policy/tag-key-not-action", isWarning, "lets their actions through", "", "", denyReadIf(`"StringEquals":{"aws:ResourceTag/team":"web"}`)},
	{"a tag allows all other actions", IdentityPolicy, `{"Effect":"Allow","NotAction":"iam:*","Resource":"*","Condition":{"StringEquals":{§"aws:ResourceTag/team":"web"}}}`, "policy/tag-key-not-action", isInfo, "leaves out their actions", "", "", readIf(`"StringEquals":{"aws:ResourceTag/team":"web"}`)},
	{"aws:ARN", IdentityPolicy, denyReadIf(`"ArnNotLike":{§"aws:ARN":"arn:aws:iam::123456789012:role/x"}`), "policy/deprecated-key", isWarning, "aws:PrincipalArn", "remove /Statement/0/Condition/ArnNotLike/aws:ARN, add /Statement/0/Condition/ArnNotLike/aws:PrincipalArn", "", ""},
	{"a header that anyone can send", ResourcePolicy, bucketFor(`"*"`, `,"Condition":{"StringLike":{§"aws:Referer":"https://www.example.com/*"}}`), "policy/spoofable-key", isWarning, "The caller writes", "", "", bucketFor(`"*"`, `,"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}`)},
	{"an address in whose VPC", IdentityPolicy, readIf(`"IpAddress":{§"aws:VpcSourceIp":"10.0.0.0/8"}`), "policy/paired-keys", isWarning, "aws:SourceVpc", "", "", readIf(`"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"},"StringEquals":{"aws:SourceVpc":"vpc-11223344"}`)},
	{"attributes of which a read returns all", IdentityPolicy, `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"ForAllValues:StringEquals":{§"dynamodb:Attributes":["id"]}}}`, "policy/dynamodb-select", isWarning, "SPECIFIC_ATTRIBUTES", "", "", `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"ForAllValues:StringEquals":{"dynamodb:Attributes":["id"]},"StringEquals":{"dynamodb:Select":"SPECIFIC_ATTRIBUTES"}}}`},
	{"two sets that share nothing", IdentityPolicy, readIf(`"StringEquals":{§"x:y":"a"},"StringLike":{"x:y":["b*","c"]}`), "policy/never-applies", isWarning, "No value that StringEquals takes", "", "", readIf(`"StringEquals":{"x:y":"a"},"StringLike":{"x:y":["b*","a"]}`)},
	{"a value and everything but it", IdentityPolicy, readIf(`"StringNotEquals":{"x:y":["a","b"]},"StringEquals":{§"x:y":"a"}`), "policy/never-applies", isWarning, "No value that StringEquals takes", "", "", readIf(`"StringNotEquals":{"x:y":["b"]},"StringEquals":{"x:y":"a"}`)},
	{"absent and of a value", IdentityPolicy, readIf(`"StringEquals":{"x:y":"a"},"Null":{§"x:y":"true"}`), "policy/never-applies", isWarning, "Null wants the key to be absent", "", "", readIf(`"StringEqualsIfExists":{"x:y":"a"},"Null":{"x:y":"true"}`)},
	{"a window that closes before it opens", IdentityPolicy, readIf(`"DateGreaterThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"},"DateLessThan":{§"aws:CurrentTime":"2026-01-01T00:00:00Z"}`), "policy/never-applies", isWarning, "beyond 2027", "", "", readIf(`"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"},"DateLessThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}`)},
	{"numbers between five and five", IdentityPolicy, readIf(`"NumericGreaterThanEquals":{"x:n":5},"NumericLessThan":{§"x:n":5}`), "policy/never-applies", isWarning, "beyond 5", "", "", readIf(`"NumericGreaterThanEquals":{"x:n":5},"NumericLessThanEquals":{"x:n":5}`)},
	{"a network inside the one that is left out", IdentityPolicy, readIf(`"IpAddress":{§"aws:SourceIp":"203.0.113.0/28"},"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), "policy/never-applies", isWarning, "left out by NotIpAddress", "", "", readIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"NotIpAddress":{"aws:SourceIp":"203.0.113.0/28"}`)},
	{"true and false", IdentityPolicy, readIf(`"Bool":{§"aws:SecureTransport":"true"},"BoolIfExists":{"aws:SecureTransport":"false"}`), "policy/never-applies", isWarning, "No value that Bool takes", "", "", readIf(`"BoolIfExists":{"aws:SecureTransport":"true"}`)},
}

var valueMistakes = []mistake{
	{"a date that is none", IdentityPolicy, readIf(`"DateLessThan":{"aws:CurrentTime":§"tomorrow"}`), "policy/condition-value", isWarning, `"tomorrow"`, "", "", readIf(`"DateLessThan":{"aws:CurrentTime":"2027-01-01"}`)},
	{"a number that is none", IdentityPolicy, readIf(`"NumericLessThan":{"x:n":§"ten"}`), "policy/condition-value", isWarning, "is no number", "", "", readIf(`"NumericLessThan":{"x:n":"10"}`)},
	{"a truth that is none", IdentityPolicy, readIf(`"Bool":{"aws:SecureTransport":§"yes"}`), "policy/condition-value", isWarning, "true or false", "", "", readIf(`"Bool":{"aws:SecureTransport":true}`)},
	{"an address that is none", IdentityPolicy, readIf(`"IpAddress":{"aws:SourceIp":§"203.0.113.*"}`), "policy/condition-value", isError, "IP address", "", "", readIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)},
	{"an ARN of too few segments", IdentityPolicy, readIf(`"ArnLike":{"aws:PrincipalArn":§"*"}`), "policy/condition-value", isWarning, "ARN of six segments", "", "", readIf(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}`)},
	{"text and numbers in one list", IdentityPolicy, readIf(`"NumericEquals":{"x:n":["1",§2]}`), "policy/mixed-types", isError, "a string and a number", "", "", readIf(`"NumericEquals":{"x:n":["1","2"]}`)},
	{"true or false", IdentityPolicy, readIf(`"Bool":{§"aws:SecureTransport":["true","false"]}`), "policy/one-boolean", isError, "leave nothing out", "", "", readIf(`"Bool":{"aws:SecureTransport":"true"}`)},
	{"a wildcard under StringEquals", TrustPolicy, trustIf(`"StringEquals":{"a:b":["x",§"repo:*"]}`), "policy/wildcard-without-like", isWarning, "letter by letter", "remove /Statement/0/Condition/StringEquals, add /Statement/0/Condition/StringLike", "", ""},
	{"a lone wildcard under StringEquals", TrustPolicy, trustIf(`"StringEquals":{"a:sub":§"*"}`), "policy/wildcard-without-like", isWarning, "no request has that value", "", "", trustIf(`"StringEquals":{"a:sub":"x"}`)},
	{"every subject", TrustPolicy, trustIf(`"StringLike":{§"a:sub":"*"}`), "policy/wildcard-only", isInfo, "keeps nobody out", "", "", trustIf(`"StringLike":{"a:sub":"x*"}`)},
	{"a wildcard under one of two keys of StringEquals", TrustPolicy, trustIf(`"StringEquals":{"a:c":"y","a:b":§"repo:*"},"StringLike":{"a:d":"z*"}`), "policy/wildcard-without-like", isWarning, "letter by letter", "remove /Statement/0/Condition/StringEquals/a:b, add /Statement/0/Condition/StringLike/a:b", "", ""},
	{"a wildcard under StringEquals, and StringLike has the key", TrustPolicy, trustIf(`"StringEquals":{"a:b":§"repo:*"},"StringLike":{"a:b":"z*"}`), "policy/wildcard-without-like", isWarning, "letter by letter", "", "policy/never-applies", trustIf(`"StringLike":{"a:b":["repo:*","z*"]}`)},
	{"StringLike for a subject without a wildcard", TrustPolicy, trustIf(`"StringLike":{§"token.actions.githubusercontent.com:sub":"repo:o/r"}`), "policy/like-without-wildcard", isInfo, "StringEquals would", "", "", trustIf(`"StringLike":{"token.actions.githubusercontent.com:sub":"repo:o/r:*"}`)},
	{"a variable under a numeric operator", TrustPolicy, trustIf(`"NumericEquals":{"a:b":§"${aws:x}"}`), "policy/variable-place", isError, "no variables under NumericEquals", "", "policy/condition-value", trustIf(`"StringEquals":{"a:b":"${aws:x}"}`)},
	{"a tag of any value", IdentityPolicy, readIf(`"StringLike":{§"aws:RequestTag/team":"*"}`), "policy/wildcard-only", isInfo, `Null with "false"`, "remove /Statement/0/Condition/StringLike, add /Statement/0/Condition/Null", "", ""},
	{"a tag of no value", IdentityPolicy, denyReadIf(`"StringNotLike":{§"aws:RequestTag/team":"*"}`), "policy/wildcard-only", isInfo, `Null with "true"`, "remove /Statement/0/Condition/StringNotLike, add /Statement/0/Condition/Null", "", ""},
	{"a tag of any value or none", IdentityPolicy, readIf(`"StringLikeIfExists":{§"aws:RequestTag/team":"*"}`), "policy/wildcard-only", isInfo, "always holds", "", "", readIf(`"StringLike":{"aws:RequestTag/team":"a*"}`)},
	{"accounts that begin alike", IdentityPolicy, readIf(`"StringLike":{"aws:ResourceAccount":§"1234*"}`), "policy/sensitive-wildcard", isError, "strangers", "", "", readIf(`"StringEquals":{"aws:ResourceAccount":"123456789012"}`)},
	{"ids that begin alike", IdentityPolicy, denyReadIf(`"StringNotLike":{"aws:userid":§"AROA*"}`), "policy/sensitive-wildcard", isError, "behind the colon", "", "", denyReadIf(`"StringNotLike":{"aws:userid":["AROAEXAMPLEID:*","111111111111"]}`)},
	{"seconds since 1970", IdentityPolicy, readIf(`"DateLessThan":{"aws:CurrentTime":§"1700000000"}`), "policy/date-form", isWarning, "2023-11-14T22:13:20Z", "replace /Statement/0/Condition/DateLessThan/aws:CurrentTime", "", readIf(`"DateLessThan":{"aws:EpochTime":"1700000000"}`)},
	{"bits behind the mask", IdentityPolicy, readIf(`"IpAddress":{"aws:SourceIp":§"203.0.113.7/24"}`), "policy/ip-range", isInfo, "203.0.113.0/24", "replace /Statement/0/Condition/IpAddress/aws:SourceIp", "", ""},
	{"a private range as the source", IdentityPolicy, readIf(`"IpAddress":{"aws:SourceIp":§"10.0.0.0/8"}`), "policy/private-address", isError, "never holds", "", "", readIf(`"IpAddress":{"aws:SourceIp":"10.0.0.0/7"}`)},
	{"a private range that is no source", IdentityPolicy, denyReadIf(`"NotIpAddress":{"aws:SourceIp":[§"192.168.1.0/24","fd00::/8"]}`), "policy/private-address", isError, "holds for everyone", "", "", denyReadIf(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)},
	{"a private range among public ones", IdentityPolicy, denyReadIf(`"NotIpAddress":{"aws:SourceIp":["203.0.113.0/24",§"172.16.0.0/12"]}`), "policy/private-address", isInfo, "always a public address", "", "", denyReadIf(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)},
	{"a VPC by its name", IdentityPolicy, readIf(`"StringEquals":{"aws:SourceVpc":§"production"}`), "policy/vpc-id", isError, "VPC's id", "", "", readIf(`"StringEquals":{"aws:SourceVpc":"vpc-11223344556677889"}`)},
	{"a VPC for an endpoint", IdentityPolicy, readIf(`"StringEquals":{"aws:SourceVpce":§"vpc-11223344"}`), "policy/vpc-id", isError, "VPC endpoint's id", "", "", readIf(`"StringEquals":{"aws:SourceVpce":"vpce-11223344"}`)},
	{"an account with hyphens", IdentityPolicy, readIf(`"StringEquals":{"aws:PrincipalAccount":§"1234-5678-9012"}`), "policy/impossible-value", isWarning, "12 digits", "replace /Statement/0/Condition/StringEquals/aws:PrincipalAccount", "", ""},
	{"a Region in capitals", IdentityPolicy, denyReadIf(`"StringNotEquals":{"aws:RequestedRegion":["eu-west-1",§"US-EAST-1"]}`), "policy/impossible-value", isError, "is no Region", "replace /Statement/0/Condition/StringNotEquals/aws:RequestedRegion/1", "", ""},
	{"a service by its short name", IdentityPolicy, `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":§"ec2"}}}`, "policy/impossible-value", isError, "service principal", "", "", `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}`},
	{"a type of principal in small letters", IdentityPolicy, denyReadIf(`"StringEquals":{"aws:PrincipalType":§"assumedrole"}`), "policy/impossible-value", isWarning, "type of principal", "replace /Statement/0/Condition/StringEquals/aws:PrincipalType", "", ""},
	{"an external id with a space", TrustPolicy, userIf(`"StringEquals":{"sts:ExternalId":§"our id"}`), "policy/impossible-value", isWarning, "external id", "", "", userIf(`"StringEquals":{"sts:ExternalId":"our-id"}`)},
	{"a session name with a slash", TrustPolicy, userIf(`"StringEquals":{"sts:RoleSessionName":§"a/b"}`), "policy/impossible-value", isWarning, "name of a session", "", "", userIf(`"StringLike":{"sts:RoleSessionName":"a-*"}`)},
	{"the ARN of a session", IdentityPolicy, denyReadIf(`"ArnNotEquals":{"aws:PrincipalArn":§"arn:aws:sts::123456789012:assumed-role/x/y"}`), "policy/principal-arn-session", isWarning, "role/", "", "", denyReadIf(`"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/x"}`)},
	{"two limits", IdentityPolicy, readIf(`"NumericLessThan":{§"x:n":["2700","3600"]}`), "policy/redundant-value", isInfo, "3600", "replace /Statement/0/Condition/NumericLessThan/x:n", "", ""},
	{"two lower limits", IdentityPolicy, readIf(`"NumericGreaterThan":{§"x:n":["2700","3600"]}`), "policy/redundant-value", isInfo, "2700", "replace /Statement/0/Condition/NumericGreaterThan/x:n", "", ""},
}

var trustMistakes = []mistake{
	{"Resource in a trust policy", TrustPolicy, trustHead + `,§"Resource":"*"}`, "trust/resource", isError, "Has prohibited field Resource", "remove /Statement/0/Resource", "", ""},
	{"another service's action in a trust policy", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":["sts:AssumeRole",§"s3:GetObject"]}`, "trust/assume-role-action", isError, "AssumeRole policy may only specify STS AssumeRole actions.", "", "", goodTrust},
	{"a misspelled action in a trust policy", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":` + githubARN + `},"Action":§"sts:AssumeRoleWithWebIdentiy"}`, "trust/assume-role-action", isError, "sts:AssumeRoleWithWebIdentity is the nearest", "replace /Statement/0/Action", "", ""},
	{"NotPrincipal in a trust policy", TrustPolicy, `{"Effect":"Deny",§"NotPrincipal":{"AWS":"123456789012"},` + assume + `}`, "trust/not-principal", isError, "can't have NotPrincipal", "", "", goodTrust},
	{"a lone * as principal", TrustPolicy, `{"Effect":"Allow","Principal":§"*",` + assume + `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`, "trust/everyone", isError, "MalformedPolicyDocument", "", "", `{"Effect":"Allow","Principal":{"AWS":"*"},` + assume + `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`},
	{"everyone with an account", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":§"*"},` + assume + `,"Condition":{"StringEquals":{"sts:RoleSessionName":"me"}}}`, "trust/open", isWarning, "Everyone with an AWS account", "", "", `{"Effect":"Allow","Principal":{"AWS":"*"},` + assume + `,"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/x*"}}}`},
	{"a URL as federated principal", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":§"https://idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity"}`, "trust/federated", isError, "Federated principals must be valid domain names or SAML metadata ARNs", "", "", goodTrust},
	{"AssumeRole for an OIDC provider", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":` + githubARN + `},"Action":§"sts:AssumeRole"}`, "trust/action-for-principal", isError, "sts:AssumeRoleWithWebIdentity", "replace /Statement/0/Action", "", ""},
	{"AssumeRoleWithWebIdentity for a SAML provider", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":` + oktaARN + `},"Action":["sts:TagSession",§"sts:AssumeRoleWithWebIdentity"]}`, "trust/action-for-principal", isError, "sts:AssumeRoleWithSAML", "replace /Statement/0/Action/1", "", ""},
	{"AssumeRoleWithSAML for a service", TrustPolicy, `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":§"sts:AssumeRoleWithSAML"}`, "trust/action-for-principal", isError, "sts:AssumeRole", "replace /Statement/0/Action", "", ""},
	{"an operation too many", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":` + githubARN + `},"Action":["sts:AssumeRoleWithWebIdentity",§"sts:AssumeRole"]}`, "trust/action-for-principal", isError, "never comes from one", "", "", goodTrust},
	{"a provider and a user, and only the user's operation", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":"123456789012","Federated":§` + githubARN + `},` + assume + `}`, "trust/action-for-principal", isError, "give each kind", "", "", goodTrust},
	{"a provider and a user, and SAML's operation too", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":"123456789012","Federated":` + githubARN + `},"Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity",§"sts:AssumeRoleWithSAML"]}`, "trust/action-for-principal", isError, "none of the statement's principals", "", "", goodTrust},
	{"a role and its session", TrustPolicy, `{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:role/team/x",§"arn:aws:sts::123456789012:assumed-role/x/me"]},` + assume + `}`, "trust/redundant-principal", isInfo, "leave the session out", "remove /Statement/0/Principal/AWS/1", "", ""},
	{"a trust policy beyond the quota", TrustPolicy, `§` + document(trustIf(`"StringEquals":{"a:b":"`+strings.Repeat("x", 2048)+`"}`)), "trust/size", isWarning, "Cannot exceed quota for ACLSizePerRole: 2048", "", "", goodTrust},
	{"MFA of a federated identity", TrustPolicy, trustIf(`"Bool":{§"aws:MultiFactorAuthPresent":"true"}`), "trust/key-for-principal", isWarning, "never applies", "", "", userIf(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`)},
	{"a web identity's external id", TrustPolicy, trustIf(`"StringEquals":{§"sts:ExternalId":"x1"}`), "trust/key-for-principal", isWarning, "never applies", "", "", userIf(`"StringEquals":{"sts:ExternalId":"x1"}`)},
	{"the organization of a SAML identity, in a Deny", TrustPolicy, `{"Effect":"Deny","Principal":{"Federated":` + oktaARN + `},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringNotEquals":{§"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`, "trust/key-for-principal", isWarning, "holds for every call", "", "", `{"Effect":"Deny","Principal":{"AWS":"*"},` + assume + `,"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`},
	{"a provider's key for a user", TrustPolicy, userIf(`"StringEquals":{§"token.actions.githubusercontent.com:sub":"x"}`), "trust/key-for-principal", isWarning, "an AWS principal", "", "", trustIf(`"StringEquals":{"token.actions.githubusercontent.com:sub":"x"}`)},
	{"a service's key for a user", TrustPolicy, userIf(`"StringEquals":{§"aws:SourceAccount":"123456789012"}`), "trust/key-for-principal", isWarning, "an AWS principal", "", "", `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},` + assume + `,"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}`},
	{"the length of a session", TrustPolicy, userIf(`"NumericLessThan":{§"sts:DurationSeconds":"3600"}`), "trust/duration-seconds", isWarning, "MaxSessionDuration", "", "", userIf("")},
	{"another provider's key", TrustPolicy, trustIf(`"StringEquals":{§"token.actions.github.com:sub":"x"}`), "trust/key-prefix", isWarning, `"token.actions.githubusercontent.com:sub"`, "remove /Statement/0/Condition/StringEquals/token.actions.github.com:sub, add /Statement/0/Condition/StringEquals/token.actions.githubusercontent.com:sub", "", ""},
	{"a key without the issuer's slash", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/tenant.auth0.com/"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{§"tenant.auth0.com:aud":"x"}}}`, "trust/key-prefix", isWarning, `"tenant.auth0.com/:aud"`, "remove /Statement/0/Condition/StringEquals/tenant.auth0.com:aud, add /Statement/0/Condition/StringEquals/tenant.auth0.com~1:aud", "", ""},
	{"tags that no caller may bring", TrustPolicy, trustIf(`"StringEquals":{§"aws:RequestTag/team":"web"}`), "trust/asks-for-tags", isWarning, "sts:TagSession", "replace /Statement/0/Action", "", ""},
	{"principal tags that no federated caller may bring", TrustPolicy, samlIf(`"StringEquals":{§"aws:PrincipalTag/team":"web"}`), "trust/asks-for-tags", isWarning, "sts:TagSession", "replace /Statement/0/Action", "", userIf(`"StringEquals":{"aws:PrincipalTag/team":"web"}`)},
	{"a source identity that no caller may bring", TrustPolicy, userIf(`"StringEquals":{§"sts:SourceIdentity":"ann"}`), "trust/asks-for-source-identity", isWarning, "sts:SetSourceIdentity", "replace /Statement/0/Action", "", ""},
	{"Roles Anywhere with one action of three", TrustPolicy, `{"Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},§"Action":["sts:AssumeRole"]}`, "trust/roles-anywhere", isError, "sts:SetSourceIdentity and sts:TagSession to assume the role; add them.", "add /Statement/0/Action/-, add /Statement/0/Action/-", "", ""},
	{"pods without tags", TrustPolicy, `{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},§"Action":"sts:AssumeRole"}`, "trust/pod-identity", isWarning, "sts:TagSession", "replace /Statement/0/Action", "", ""},
	{"SAML's audience for its recipient", TrustPolicy, samlIf(`"StringEquals":{"SAML:aud":§"urn:amazon:webservices"}`), "trust/saml-audience", isWarning, "Recipient", "", "", samlIf(`"StringEquals":{"SAML:aud":"https://eu-west-1.signin.aws.amazon.com/saml"}`)},
	{"a slash at the end of SAML's audience", TrustPolicy, samlIf(`"StringEquals":{"SAML:aud":§"https://signin.aws.amazon.com/saml/"}`), "trust/saml-audience", isWarning, "Recipient", "replace /Statement/0/Condition/StringEquals/SAML:aud", "", ""},
	{"another partition's sign-in", TrustPolicy, `{"Effect":"Allow","Principal":{"Federated":"arn:aws-cn:iam::123456789012:saml-provider/Okta"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"SAML:aud":§"https://signin.aws.amazon.com/saml"}}}`, "trust/saml-audience", isWarning, "partition aws-cn", "", "", samlIf(`"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}`)},
}

var rcpMistakes = []mistake{
	{"a resource control policy that allows", ResourceControlPolicy, `§{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}`, "rcp/effect", isError, "RCPFullAWSAccess", "", "", `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`},
	{"a resource control policy about one account", ResourceControlPolicy, `{"Effect":"Deny",§"Principal":{"AWS":"123456789012"},"Action":"s3:*","Resource":"*"}`, "rcp/principal", isError, `is "*"`, "", "", rcp(`"Action":"s3:*","Resource":"*"`)},
	{"a resource control policy about everyone in AWS", ResourceControlPolicy, `{"Effect":"Deny",§"Principal":{"AWS":"*"},"Action":"s3:*","Resource":"*"}`, "rcp/principal", isError, `is "*"`, "replace /Statement/0/Principal", "", ""},
	{"NotPrincipal in a resource control policy", ResourceControlPolicy, `{"Effect":"Deny",§"NotPrincipal":{"AWS":"123456789012"},"Action":"s3:*","Resource":"*"}`, "rcp/principal", isError, "NotPrincipal", "", "", rcp(`"Action":"s3:*","Resource":"*"`)},
	{"NotAction in a resource control policy", ResourceControlPolicy, rcp(`§"NotAction":"s3:*","Resource":"*"`), "rcp/not-action", isError, "no NotAction", "", "", rcp(`"Action":"s3:*","Resource":"*"`)},
	{"all actions in a resource control policy", ResourceControlPolicy, rcp(`"Action":§"*","Resource":"*"`), "rcp/action", isError, "names a service", "", "", rcp(`"Action":"s3:*","Resource":"*"`)},
	{"a service that resource control policies don't cover", ResourceControlPolicy, rcp(`"Action":["s3:*",§"ec2:*"],"Resource":"*"`), "rcp/action", isError, "don't cover ec2", "", "", rcp(`"Action":["s3:*","sts:*"],"Resource":"*"`)},
	{"an organization, and its services with it", ResourceControlPolicy, rcp(`"Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{§"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}`), "rcp/service-principals", isWarning, "call on their own", "add /Statement/0/Condition/BoolIfExists", "", ""},
	{"the source of a service, and people with it", ResourceControlPolicy, rcp(`"Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{§"aws:SourceAccount":"123456789012"}}`), "rcp/service-principals", isWarning, "everybody else", "add /Statement/0/Condition/BoolIfExists", "", ""},
	{"the source organization of services that have none", ResourceControlPolicy, rcp(`"Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{§"aws:SourceOrgID":"o-a1b2c3d4e5"},"Bool":{"aws:PrincipalIsAWSService":"true"}}`), "rcp/service-principals", isWarning, "for good reasons", "add /Statement/0/Condition/Null", "", ""},
}
