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

// A policy that was written here says its level; of another, that nearest to
// the account is taken.
func TestAnOrganizationPolicyGoesToItsLevel(t *testing.T) {
	const full, ours, more = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, `{"Statement":[]}`, `{"Version":"2012-10-17"}`
	for _, test := range []struct{ name, kind, description, levels, want string }{
		{"a level below others", "SERVICE_CONTROL_POLICY", "Level 2 of 3 of account 210987654321", ``, `[[F],[F,O],[F]]`},
		{"a level without FullAWSAccess", "SERVICE_CONTROL_POLICY", "Level 1 of 2 of account 210987654321, in place of FullAWSAccess", ``, `[[O],[F]]`},
		{"a level that others are at", "SERVICE_CONTROL_POLICY", "Level 1 of 2 of account 210987654321, in place of FullAWSAccess", `[[F,M],[F]]`, `[[M,O],[F]]`},
		{"a level that has it", "SERVICE_CONTROL_POLICY", "Level 1 of 2 of account 210987654321", `[[F,O,M],[F]]`, `[[F,O,M],[F]]`},
		{"levels that aren't lists", "SERVICE_CONTROL_POLICY", "Level 1 of 1 of account 210987654321", `[7]`, `[[O]]`},
		{"a level of resource control policies", "RESOURCE_CONTROL_POLICY", "Level 2 of 2 of account 210987654321", ``, `[[],[O]]`},
		{"a description of one's own", "SERVICE_CONTROL_POLICY", "Level headed", `[[F],[F]]`, `[[F],[F,O]]`},
		{"more levels than there can be", "SERVICE_CONTROL_POLICY", "Level 1 of 99999999 of account 210987654321", ``, `[[F,O]]`},
		{"a level that isn't there", "SERVICE_CONTROL_POLICY", "Level 3 of 2 of account 210987654321", ``, `[[F,O]]`},
		{"a number that is none", "SERVICE_CONTROL_POLICY", "Level 99999999999999999999 of x of account 210987654321", ``, `[[F,O]]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			spell := strings.NewReplacer("F", full, "O", ours, "M", more)
			place := scps
			if test.kind != "SERVICE_CONTROL_POLICY" {
				place = rcps
			}
			account := object()
			if test.levels != "" {
				set(account, place, node(t, spell.Replace(test.levels)))
			}
			world := object("accounts", object("210987654321", account))
			text := object("Policy", object("PolicySummary", object("Name", str("ours"), "Type", str(test.kind), "Description", str(test.description)), "Content", str(ours))).JSON("")
			for range 2 { // the second time nothing is left to do
				imported, refusal := Import(text, world, "")
				if refusal != "" {
					t.Fatal(refusal)
				}
				world = node(t, apply(t, world.JSON(""), imported.Patch))
				got := world.Get("accounts").Get("210987654321").Get(place)
				if want := node(t, spell.Replace(test.want)); !same(got, want) {
					t.Errorf("got %s, want %s", got.JSON(""), want.JSON(""))
				}
			}
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
