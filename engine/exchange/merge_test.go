package exchange

import (
	"slices"
	"strings"
	"testing"
)

const typedWorld = `{"accounts": {"210987654321": {
  "OpenIDConnectProviders": [{"Url": "https://token.actions.githubusercontent.com", "ClientIDList": ["old"]}],
  "Roles": [
    {"RoleName": "first", "AssumeRolePolicyDocument": "{}"},
    {"RoleName": "Deploy", "MaxSessionDuration": 3600, "AssumeRolePolicyDocument": "{\"Statement\": [], \"Version\": \"2012-10-17\"}", "Policies": [{"PolicyName": "mine", "PolicyDocument": {}}], "Tags": [{"Key": "a", "Value": "b"}]}
  ]}},
  "calls": []}`

func TestMerge(t *testing.T) {
	for _, test := range []struct {
		name, text, view string
		ops              []string // op and path
		notes            []string // each begins so
	}{
		{
			"a role of the same name keeps what isn't said, and what is replaced is noted",
			`{"Role": {"RoleName": "deploy", "Arn": "arn:aws:iam::210987654321:role/deploy", "MaxSessionDuration": 7200, "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}}`, "",
			[]string{"replace /accounts/210987654321/Roles/1/MaxSessionDuration"},
			[]string{"role deploy: its MaxSessionDuration was 3600 and is replaced"},
		},
		{
			"a policy that was another one",
			`{"Role": {"RoleName": "deploy", "Arn": "arn:aws:iam::210987654321:role/deploy", "AssumeRolePolicyDocument": {"Version": "2008-10-17", "Statement": []}}}`, "",
			[]string{"replace /accounts/210987654321/Roles/1/AssumeRolePolicyDocument"},
			[]string{"role deploy: its AssumeRolePolicyDocument was another one and is replaced"},
		},
		{
			"an inline policy joins the others",
			`{"RoleName": "deploy", "PolicyName": "bucket", "PolicyDocument": {"Statement": []}}`, "",
			[]string{"add /accounts/210987654321/Roles/1/Policies/-"},
			nil,
		},
		{
			"an inline policy of the same name takes its place",
			`{"RoleName": "deploy", "PolicyName": "mine", "PolicyDocument": {"Statement": []}}`, "",
			[]string{"replace /accounts/210987654321/Roles/1/Policies/0"},
			[]string{"role deploy: its policy mine was another one, and is replaced"},
		},
		{
			"attached policies are those of the role in view",
			`{"AttachedPolicies": [{"PolicyName": "x", "PolicyArn": "arn:aws:iam::aws:policy/x"}]}`, "/accounts/210987654321/Roles/0",
			[]string{"add /accounts/210987654321/Roles/0/AttachedPolicies"},
			[]string{"the output doesn't say whose they are; they are taken for those of role first"},
		},
		{
			"attached policies of nobody",
			`{"AttachedPolicies": [{"PolicyName": "x", "PolicyArn": "arn:aws:iam::aws:policy/x"}]}`, "",
			nil,
			[]string{"the output doesn't say whose they are; paste the command along with it"},
		},
		{
			"client ids are those that AWS has, and what goes is noted",
			`{"Url": "token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"], "ThumbprintList": []}`, "",
			[]string{"replace /accounts/210987654321/OpenIDConnectProviders/0/ClientIDList"},
			[]string{`OIDC provider https://token.actions.githubusercontent.com: its ClientIDList was ["old"] and is replaced`},
		},
		{
			"details that have less than stands here",
			`{"RoleDetailList": [{"RoleName": "deploy", "Arn": "arn:aws:iam::210987654321:role/deploy", "RolePolicyList": []}]}`, "",
			nil,
			[]string{"role deploy: of its Policies more stand here than were read, and stay"},
		},
		{
			"another account's role is another account",
			`{"Role": {"RoleName": "deploy", "Arn": "arn:aws:iam::123456789012:role/deploy"}}`, "",
			[]string{"add /accounts/123456789012", "add /accounts/123456789012/Roles", "add /accounts/123456789012/Roles/-"},
			nil,
		},
		{
			"a document that is missing comes later",
			"aws iam get-saml-provider --saml-provider-arn arn:aws:iam::210987654321:saml-provider/Okta\n{\"SAMLMetadataDocument\": \"<x/>\"}", "",
			[]string{"add /accounts/210987654321/SAMLProviders", "add /accounts/210987654321/SAMLProviders/-"},
			nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			world := node(t, typedWorld)
			imported, refusal := Import(test.text, world, test.view)
			if refusal != "" {
				t.Fatalf("got the refusal %q", refusal)
			}
			var ops []string
			for _, o := range imported.Patch {
				ops = append(ops, o.Op+" "+o.Path)
			}
			if !slices.Equal(ops, test.ops) {
				t.Errorf("got the operations %q, want %q", ops, test.ops)
			}
			if !slices.EqualFunc(imported.Notes, test.notes, strings.HasPrefix) {
				t.Errorf("got the notes %q, want %q", imported.Notes, test.notes)
			}
			if world.JSON("") != node(t, typedWorld).JSON("") {
				t.Error("the world that was given has changed")
			}
			apply(t, typedWorld, imported.Patch)
		})
	}
}

func TestAWorldOfWrongTypesIsNoHindrance(t *testing.T) {
	for _, world := range []string{`[]`, `{"accounts": 7}`, `{"accounts": {"210987654321": []}}`, `{"accounts": {"210987654321": {"Roles": "x"}}}`, `{"accounts": {"210987654321": {"Roles": [1, {"RoleName": {}}, {"RoleName": "deploy", "Policies": "x"}]}}}`} {
		imported, refusal := Import(read(t, "testdata/the-output-of-get-account-authorization-details.json"), node(t, world), "/accounts/x/Roles/99999999999999999999")
		if refusal != "" {
			t.Errorf("%s: got the refusal %q", world, refusal)
		}
		if world[0] == '{' {
			apply(t, world, imported.Patch)
		}
	}
}
