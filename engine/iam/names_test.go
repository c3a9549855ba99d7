package iam

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"stsplayground/engine/reference"
	"stsplayground/engine/trace"
)

// awsNames is the reference that comes with the program, also where it isn't
// built in.
var awsNames = sync.OnceValue(func() *reference.Reference {
	text, err := os.ReadFile("../reference/reference.txt")
	if err != nil {
		panic(err)
	}
	r, err := reference.Parse(string(text))
	if err != nil {
		panic(err)
	}
	return r
})

func permit(rest string) string {
	return `{"Effect":"Allow",` + rest + `}`
}

// A nameMistake is a name that AWS doesn't know in a policy, and what is said
// of it.
type nameMistake struct {
	says   string
	kind   Kind
	policy string // or a statement
	rule   string
	path   string
	detail string // part of it
	fix    string // "op path, op path"
}

var nameMistakes = []nameMistake{
	{"a service's prefix with a letter too many", IdentityPolicy, permit(`"Action":"s33:GetObject","Resource":"*"`), "policy/service-unknown", "/Statement/0/Action", "s3 is the nearest", "replace /Statement/0/Action"},
	{"a near service that has no such action", IdentityPolicy, permit(`"Action":["dynamodbb:GetObject"],"Resource":"*"`), "policy/service-unknown", "/Statement/0/Action/0", "dynamodb is the nearest", ""},
	{"a service near to none", IdentityPolicy, permit(`"Action":"mycompanyservice:Get","Resource":"*"`), "policy/service-unknown", "/Statement/0/Action", "Service Authorization Reference lists", ""},
	{"an action with a letter missing", IdentityPolicy, permit(`"Action":["s3:GetObject","s3:GetObjct"],"Resource":"*"`), "policy/action-unknown", "/Statement/0/Action/1", "s3:GetObject is the nearest", "replace /Statement/0/Action/1"},
	{"an action near to none", IdentityPolicy, permit(`"Action":"s3:Frobnicate","Resource":"*"`), "policy/action-unknown", "/Statement/0/Action", "lists", ""},
	{"an operation that another action allows", IdentityPolicy, permit(`"Action":"s3:HeadObject","Resource":"*"`), "policy/action-unknown", "/Statement/0/Action", "s3:GetObject is the nearest", "replace /Statement/0/Action"},
	{"an unknown action of NotAction", IdentityPolicy, permit(`"NotAction":"iam:ListUser","Resource":"*"`), "policy/action-unknown", "/Statement/0/NotAction", "iam:ListUsers is the nearest", "replace /Statement/0/NotAction"},
	{"a wildcard that matches nothing", IdentityPolicy, permit(`"Action":"s3:Read*","Resource":"*"`), "policy/action-matches-nothing", "/Statement/0/Action", "no action like", ""},
	{"an action on objects beside a bucket", IdentityPolicy, permit(`"Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket"`), "policy/resource-for-action", "/Statement/0/Resource", `write "arn:aws:s3:::bucket/*"`, "replace /Statement/0/Resource"},
	{"an action on buckets beside objects", IdentityPolicy, permit(`"Action":"s3:ListBucket","Resource":["arn:aws:s3:::bucket/*"]`), "policy/resource-for-action", "/Statement/0/Resource/0", `write "arn:aws:s3:::bucket".`, "replace /Statement/0/Resource/0"},
	{"an action without resources beside one", IdentityPolicy, permit(`"Action":"ec2:DescribeInstances","Resource":"arn:aws:ec2:*:*:instance/i-1"`), "policy/resource-for-action", "/Statement/0/Resource", "write \"*\"", "replace /Statement/0/Resource"},
	{"actions beside another service's resources", IdentityPolicy, permit(`"Action":["sqs:SendMessage","sqs:ReceiveMessage"],"Resource":["arn:aws:sns:eu-west-1:1:a","arn:aws:sns:eu-west-1:1:b"]`), "policy/resource-for-action", "/Statement/0/Resource", "has the form arn:aws:sqs:Region:Account:QueueName", ""},
	{"a user in the place of a role", IdentityPolicy, permit(`"Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:user/alice"`), "policy/resource-for-action", "/Statement/0/Resource", "iam:PassRole has the form arn:aws:iam::Account:role/RoleNameWithPath", ""},
	{"a global key nearly right", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgIds":"o-1"}}`), "policy/key-unknown", "/Statement/0/Condition/StringEquals/aws:PrincipalOrgIds", "aws:PrincipalOrgID is the nearest", "remove /Statement/0/Condition/StringEquals/aws:PrincipalOrgIds, add /Statement/0/Condition/StringEquals/aws:PrincipalOrgID"},
	{"a family of keys nearly right", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTags/team":"a","aws:SourceAccount":"1"}}`), "policy/key-unknown", "/Statement/0/Condition/StringEquals/aws:PrincipalTags~1team", "aws:PrincipalTag/team is the nearest", "remove /Statement/0/Condition/StringEquals/aws:PrincipalTags~1team, add /Statement/0/Condition/StringEquals/aws:PrincipalTag~1team"},
	{"a family of keys without the part to choose", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag":"a"}}`), "policy/key-unknown", "/Statement/0/Condition/StringEquals/aws:PrincipalTag", "goes on with a slash", ""},
	{"a service's key nearly right", IdentityPolicy, permit(`"Action":"s3:ListBucket","Resource":"*","Condition":{"StringEquals":{"s3:prefx":"a"}}`), "policy/key-unknown", "/Statement/0/Condition/StringEquals/s3:prefx", "s3:prefix is the nearest", "remove /Statement/0/Condition/StringEquals/s3:prefx, add /Statement/0/Condition/StringEquals/s3:prefix"},
	{"a key of no service", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"github:sub":"a"}}`), "policy/key-unknown", "/Statement/0/Condition/StringEquals/github:sub", "missing key", ""},
	{"a key that the action doesn't know", IdentityPolicy, permit(`"Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"a"}}`), "policy/key-for-action", "/Statement/0/Condition/StringEquals/s3:prefix", "s3:GetObject doesn't have", ""},
	{"a key that none of the actions knows", IdentityPolicy, permit(`"Action":["s3:Get*","s3:PutObject"],"Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`), "policy/key-for-action", "/Statement/0/Condition/StringEquals/iam:PassedToService", "none of the statement's actions has", ""},
	{"an external id for a web identity", TrustPolicy, trustIf(`"StringEquals":{"sts:ExternalId":"a"}`), "policy/key-for-action", "/Statement/0/Condition/StringEquals/sts:ExternalId", "sts:AssumeRoleWithWebIdentity doesn't have", ""},
	{"a string operator on addresses", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:SourceIp":["203.0.113.0/24"]}}`), "policy/operator-for-key", "/Statement/0/Condition/StringNotEqualsIfExists/aws:SourceIp", "use NotIpAddressIfExists", "remove /Statement/0/Condition/StringNotEqualsIfExists, add /Statement/0/Condition/NotIpAddressIfExists"},
	{"a string operator with a wildcard on addresses", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"StringLike":{"aws:SourceIp":"203.0.113.*"}}`), "policy/operator-for-key", "/Statement/0/Condition/StringLike/aws:SourceIp", "use IpAddress", ""},
	{"a string operator on a Bool", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SecureTransport":"true"},"Bool":{"aws:ViaAWSService":"true"}}`), "policy/operator-for-key", "/Statement/0/Condition/StringEquals/aws:SecureTransport", "use Bool", "remove /Statement/0/Condition/StringEquals, add /Statement/0/Condition/Bool/aws:SecureTransport"},
	{"a numeric order on a date", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"NumericLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}`), "policy/operator-for-key", "/Statement/0/Condition/NumericLessThan/aws:CurrentTime", "use DateLessThan", "remove /Statement/0/Condition/NumericLessThan, add /Statement/0/Condition/DateLessThan"},
	{"a date operator on a number", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"DateGreaterThanEquals":{"aws:MultiFactorAuthAge":"3600"}}`), "policy/operator-for-key", "/Statement/0/Condition/DateGreaterThanEquals/aws:MultiFactorAuthAge", "use NumericGreaterThanEquals", "remove /Statement/0/Condition/DateGreaterThanEquals, add /Statement/0/Condition/NumericGreaterThanEquals"},
	{"a negated operator on a Bool", IdentityPolicy, permit(`"Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:SecureTransport":"true"}}`), "policy/operator-for-key", "/Statement/0/Condition/StringNotEquals/aws:SecureTransport", "one of the type's own operators", ""},
}

func names(t *testing.T, text string, kind Kind) []trace.Finding {
	t.Helper()
	policy, _ := ParseText(text, kind)
	return NewNames(awsNames()).Findings(policy)
}

func TestMistakenNamesAreFound(t *testing.T) {
	for _, m := range nameMistakes {
		findings := names(t, document(m.policy), m.kind)
		if len(findings) != 1 || findings[0].Rule != m.rule || findings[0].At.Path != m.path {
			t.Errorf("%s: got %s want only %s at %q", m.says, describe(findings), m.rule, m.path)
			continue
		}
		f := findings[0]
		if !strings.Contains(f.Detail, m.detail) {
			t.Errorf("%s: got detail %q want %q in it", m.says, f.Detail, m.detail)
		}
		if got := describeFix(f.Fix); got != m.fix {
			t.Errorf("%s: got fix %q want %q", m.says, got, m.fix)
		}
		if f.At.Line < 1 || f.At.Column < 1 || f.Cite.URL == "" || !strings.HasSuffix(f.Detail, ".") {
			t.Errorf("%s: got %+v want a sentence, a position and a page", m.says, f)
		}
	}
}

func TestGoodNamesHaveNoFindings(t *testing.T) {
	for says, statement := range map[string]string{
		"an action whatever its case":                  permit(`"Action":"S3:getobject","Resource":"arn:aws:s3:::b/k"`),
		"everything":                                   permit(`"Action":"*","Resource":"*"`),
		"a service's everything":                       permit(`"Action":["s3:*","ec2:?escribe*"],"Resource":"*"`),
		"what the parser says already":                 permit(`"Action":["GetObject","s3:Get:Object"],"Resource":"*","Condition":{"StringEquals":{"sub":"a"}}`),
		"the keys of identity providers":               permit(`"Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"idp.example.com:sub":"a","token.actions.githubusercontent.com:repository":"o/r","cognito-identity.amazonaws.com:sub":"b","saml:whatever":"c"}}`),
		"keys of the session, whatever the action":     permit(`"Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"ec2:SourceInstanceARN":"arn:aws:ec2:*:*:instance/*","lambda:SourceFunctionArn":"arn:aws:lambda:*:*:function:*"}}`),
		"tags, whatever they are called":               permit(`"Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a b/c":"x","s3:ExistingObjectTag/team":"${aws:PrincipalTag/team}"}}`),
		"a key that one of the actions has":            permit(`"Action":["s3:GetObject","s3:ListBucket"],"Resource":"*","Condition":{"StringLike":{"s3:prefix":"a/*"}}`),
		"an ARN compared as text":                      permit(`"Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x-*"}}`),
		"an ARN in a key that is called a string":      permit(`"Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:SourceVpcArn":"arn:aws:ec2:*:*:vpc/*"}}`),
		"the time in seconds":                          permit(`"Action":"*","Resource":"*","Condition":{"NumericLessThan":{"aws:EpochTime":"1"},"DateLessThan":{"aws:EpochTime":"1"}}`),
		"whether any key is there":                     permit(`"Action":"*","Resource":"*","Condition":{"Null":{"aws:SourceIp":"false","aws:TokenIssueTime":"true"}}`),
		"an action without resources beside every ARN": permit(`"Action":"s3:ListAllMyBuckets","Resource":"arn:aws:s3:::*"`),
		"one action of several acts on the resource":   permit(`"Action":["s3:ListBucket","s3:GetObject"],"Resource":"arn:aws:s3:::b/*"`),
		"a bucket's name from a tag":                   permit(`"Action":["s3:GetObject"],"Resource":"arn:aws:s3:::${aws:PrincipalTag/bucket}"`),
		"a wildcard that takes the objects too":        permit(`"Action":["s3:GetObject"],"Resource":"arn:aws:s3:::bucket*"`),
		"a resource in another partition":              permit(`"Action":["s3:GetObject"],"Resource":"arn:aws-cn:s3:::bucket/*"`),
		"an ARN cut short by a wildcard":               permit(`"Action":["s3:GetObject"],"Resource":"arn:aws:s3*"`),
		"what isn't an ARN, which the parser says":     permit(`"Action":"s3:GetObject","Resource":"bucket"`),
		"NotResource":                                  permit(`"Action":"s3:GetObject","NotResource":"arn:aws:s3:::b"`),
	} {
		if findings := names(t, `{"Version":"2012-10-17","Statement":[`+statement+`]}`, IdentityPolicy); len(findings) > 0 {
			t.Errorf("%s: got %s (%s) want nothing", says, describe(findings), findings[0].Detail)
		}
	}
}

func TestWithoutAReferenceNothingIsSaid(t *testing.T) {
	policy, _ := ParseText(`{"Statement":[`+permit(`"Action":"nothing:Known","Resource":"*"`)+`]}`, IdentityPolicy)
	if findings := NewNames(nil).Findings(policy); findings != nil {
		t.Errorf("got %s want nothing", describe(findings))
	}
}

// TestPublishedPoliciesHaveGoodNames plays policies that AWS publishes as
// examples, with their placeholders as they stand.
func TestPublishedPoliciesHaveGoodNames(t *testing.T) {
	files, err := filepath.Glob("testdata/published/*.json")
	if err != nil || len(files) < 15 {
		t.Fatalf("got %d files, %v, want at least 15", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var published struct {
			Source string
			Policy json.RawMessage
		}
		if err := json.Unmarshal(text, &published); err != nil || !strings.HasPrefix(published.Source, guide) {
			t.Fatalf("%s: got %v, the source %q", file, err, published.Source)
		}
		if findings := names(t, string(published.Policy), IdentityPolicy); len(findings) > 0 {
			t.Errorf("%s: got %s (%s) want nothing", file, describe(findings), findings[0].Detail)
		}
	}
}

func TestNamesTakeAsLongAsTheirPolicyIs(t *testing.T) {
	var actions, resources []string
	for i := range 20_000 {
		actions = append(actions, `"ec2:*`+strings.Repeat("?", i%20)+`z"`)
		resources = append(resources, `"arn:aws:s3:::`+strings.Repeat("a*", i%900)+`"`)
	}
	n := NewNames(awsNames())
	text := `{"Version":"2012-10-17","Statement":[` + permit(`"Action":[`+strings.Join(actions, ",")+`],"Resource":"*"`) + `,` +
		permit(`"Action":"ec2:RunInstances","Resource":[`+strings.Join(resources, ",")+`]`) + `]}`
	policy, _ := ParseText(text, IdentityPolicy)
	if findings := n.Findings(policy); len(findings) > maxFindings {
		t.Errorf("got %d findings, want at most %d", len(findings), maxFindings)
	}
	if n.steps > 0 {
		if again := n.Findings(policy); len(again) > maxFindings {
			t.Errorf("got %d findings again", len(again))
		}
	}
}

func TestPatternsOverlap(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"a", "", false}, {"*", "", true}, {"a*", "*b", true}, {"a*c", "ab*", true}, {"a?c", "abc", true}, {"a?c", "ac", false},
		{"*a*", "*b*", true}, {"x*", "y*", false}, {"a*b", "a?", true}, {"arn:*:s3:::b", "arn:aws:s3:::*", true},
	} {
		a, b := toPattern(c.a), toPattern(c.b)
		if overlap(a, b) != c.want || overlap(b, a) != c.want {
			t.Errorf("%q and %q: got %v and %v want %v", c.a, c.b, overlap(a, b), overlap(b, a), c.want)
		}
	}
	bucket := formatPattern("arn:${Partition}:s3:::${BucketName}")
	for resource, want := range map[string]bool{"arn:aws:s3:::b": true, "arn:aws:s3:::b/k": false, "arn:aws:s3:::b/*": false, "arn:aws:s3:::*k": true, "arn:aws:s3:::b?k": true} {
		if overlap(bucket, toPattern(resource)) != want || overlap(toPattern(resource), bucket) != want {
			t.Errorf("a bucket and %s: want %v", resource, want)
		}
	}
}

func TestOverlapAgreesWithMatching(t *testing.T) {
	texts := []string{"", "a", "b", "aa", "ab", "ba", "aab", "aba", "abb", "bab"}
	patterns := []string{"*", "a*", "*a", "?", "a?", "*a*", "?*", "a*b", "*b?", "ab", "b"}
	for _, p := range patterns {
		for _, text := range texts {
			if got, want := overlap(toPattern(p), text), Like(p, text); got != want {
				t.Errorf("%q and %q: got %v want %v", p, text, got, want)
			}
		}
		for _, q := range patterns {
			common := slices.ContainsFunc(texts, func(text string) bool { return Like(p, text) && Like(q, text) })
			if common && !overlap(toPattern(p), toPattern(q)) {
				t.Errorf("%q and %q: got no overlap, and both match some text", p, q)
			}
		}
	}
}

func BenchmarkNames(b *testing.B) {
	text, err := os.ReadFile("testdata/published/my-security-credentials-mfa.json")
	if err != nil {
		b.Fatal(err)
	}
	var published struct{ Policy json.RawMessage }
	if err := json.Unmarshal(text, &published); err != nil {
		b.Fatal(err)
	}
	policy, _ := ParseText(string(published.Policy), IdentityPolicy)
	for b.Loop() {
		NewNames(awsNames()).Findings(policy)
	}
}

func TestDoubtOfWhatIsAsked(t *testing.T) {
	names := NewNames(awsNames())
	for _, c := range []struct{ action, resource, want string }{
		{"s3:GetObject", "arn:aws:s3:::bucket/key", ""},
		{"s3:ListBucket", "arn:aws:s3:::bucket", ""},
		{"ec2:DescribeInstances", "*", ""},
		{"iam:PassRole", "arn:aws:iam::123456789012:role/web", ""},
		{"s3:ListBuckets", "*", "s3:ListAllMyBuckets is the nearest."},
		{"s4:GetObject", "*", "s3 is the nearest."},
		{"s3:GetObject", "arn:aws:s3:::bucket", `"arn:aws:s3:::bucket/*"`},
		{"s3:ListBucket", "arn:aws:s3:::bucket/*", `"arn:aws:s3:::bucket"`},
		{"s3:ListAllMyBuckets", "arn:aws:s3:::bucket", `ask for "*"`},
		{"dynamodb:GetItem", "arn:aws:s3:::bucket", "arn:aws:dynamodb:Region:Account:table/TableName"},
	} {
		if got := names.Doubt(c.action, c.resource); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s on %s: got %q want %q", c.action, c.resource, got, c.want)
		}
	}
	if got := NewNames(nil).Doubt("s4:GetObject", "*"); got != "" {
		t.Errorf("without a reference: got %q", got)
	}
}
