package exchange

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stsplayground/engine/source"
	"stsplayground/examples"
)

// everything is a world with one of each thing that can be written out, and
// names and values that are hostile to each language.
var everything = strings.Replace(`{
  "accounts": {
    "123456789012": {
      "OpenIDConnectProviders": [{"Url": "https://token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com", "-x", "it's"], "ThumbprintList": ["6938fd4d98bab03faadb97b34396831e3780aea1"], "Tags": [{"Key": "team", "Value": "web"}]}],
      "SAMLProviders": [{"Name": "Okta", "SAMLMetadataDocument": "<EntityDescriptor entityID=\"http://www.okta.com/exk1abc\">\n it's $HOME `+"`id`"+` ${path.module} %{if true}\n</EntityDescriptor>", "Tags": [{"Key": "a", "Value": " "}]}],
      "Policies": [{"PolicyName": "limit", "Path": "/teams/", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}/%{x}/$${y}"}]}}],
      "Groups": [{"GroupName": "developers", "Policies": [{"PolicyName": "inline", "PolicyDocument": {"Version": "2012-10-17", "Statement": []}}], "AttachedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}],
      "Users": [{"UserName": "alice", "Path": "/people/", "Groups": ["developers"], "Tags": [{"Key": "city", "Value": "Zürich 東京"}], "PermissionsBoundary": {"PolicyArn": "arn:aws:iam::123456789012:policy/teams/limit"}, "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}}]}],
      "Roles": [
        {"RoleName": "deploy", "Path": "/ci/", "MaxSessionDuration": 7200, "AssumeRolePolicyDocument": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::123456789012:role/last\"}, \"Action\": \"sts:AssumeRole\", \"Condition\": {\"StringEquals\": {\"sts:ExternalId\": \"'; rm -rf / #$(id)`+"`id`"+`\\\"\\\\ ${jsonencode(1)} %{ for x }\\u2028\\u0085\\u0000\\n\"}, \"NumericLessThan\": {\"aws:MultiFactorAuthAge\": 3600}, \"Bool\": {\"aws:MultiFactorAuthPresent\": true}}}]}",
         "AttachedPolicies": [{"PolicyArn": "arn:aws:iam::123456789012:policy/teams/limit"}], "Policies": [{"PolicyName": "bucket", "PolicyDocument": {"Version": "2012-10-17", "Statement": []}}], "Tags": [{"Key": "yes", "Value": "no"}]},
        {"RoleName": "last", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}]}}
      ],
      "Resources": [{"Arn": "arn:aws:s3:::acme-site", "Policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-site/*"}]}}]
    },
    "210987654321": {
      "Roles": [{"RoleName": "other", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}]}}]
    }
  }
}`, "</EntityDescriptor>", strings.Repeat(" ", 1000)+"</EntityDescriptor>", 1) // of less IAM takes none

// standsThere is a world of what is there already, of levels of policies, and
// of accounts that have nothing else.
const standsThere = `{
  "organization": {"id": "o-example", "managementAccount": "999999999999"},
  "accounts": {
    "123456789012": {
      "Policies": [{"PolicyName": "bob-boundary", "PolicyDocument": {"Version": "2012-10-17", "Statement": []}}],
      "Users": [{"UserName": "bob", "PermissionsBoundary": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sqs:*\", \"Resource\": \"*\"}]}"}],
      "Roles": [{"RoleName": "bob", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}, "PermissionsBoundary": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}}}],
      "VpcEndpoints": [
        {"VpcEndpointId": "vpce-0a", "VpcId": "vpc-0a", "ServiceName": "com.amazonaws.us-east-1.sts", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}},
        {"VpcEndpointId": "vpce-0b", "PolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        {"VpcEndpointId": "vpce-0c"}
      ],
      "Resources": [
        {"Arn": "arn:aws:s3:::tagged", "Policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::tagged/*"}]}, "Tags": [{"Key": "a", "Value": "b"}]},
        {"Arn": "arn:aws:s3:::bare"},
        {"Arn": "arn:aws:kms:eu-west-1:123456789012:key/1", "Policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}]}, "Tags": [{"Key": "it's", "Value": "${x} %{if true} $(id)"}]},
        {"Arn": "arn:aws:sns:us-east-1:123456789012:alarms", "Policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sns:Publish", "Resource": "arn:aws:sns:us-east-1:123456789012:alarms"}]}},
        {"Arn": "arn:aws:sqs:us-east-1:123456789012:jobs", "Policy": {"Version": "2012-10-17", "Statement": [{"Sid": "'; touch owned; \" ${path.module} \u2028\n#", "Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}}}]}},
        {"Arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1b2c3", "Policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}]}},
        {"Arn": "arn:aws:dynamodb:us-east-1:123456789012:table/broken", "Policy": "{\"Version\": \"a\", \"Version\": \"b\"}"},
        {"Arn": "arn:aws:ec2:us-east-1:123456789012:instance/i-'\n#$(touch owned)\"", "Tags": [{"Key": "team", "Value": "web"}]}
      ],
      "ServiceControlPolicies": [
        [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}],
        [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}, {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}],
        [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}, {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}],
        [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}]
      ],
      "ResourceControlPolicies": [[], [{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*"}]}]]
    },
    "210987654321": {"ServiceControlPolicies": [[{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}]]},
    "111122223333": {}
  }
}`

// worlds are the worlds above and those of all examples.
func worlds(t *testing.T) map[string]*source.Node {
	t.Helper()
	all := map[string]*source.Node{"everything": node(t, everything), "stands there": node(t, standsThere)}
	for _, e := range examples.All() {
		all[e.Slug] = node(t, string(e.JSON))
	}
	return all
}

// What is written out and read in again is the same world, but for what the
// file says isn't in it.
func TestRoundTrip(t *testing.T) {
	for _, format := range []string{"cloudformation", "terraform"} {
		for slug, world := range worlds(t) {
			t.Run(format+"/"+slug, func(t *testing.T) {
				var back = node(t, "{}")
				for _, file := range Export(world, format) {
					imported, refusal := Import(file.Text, back, "")
					if refusal != "" {
						t.Fatalf("%s can't be read in again: %s\n%s", file.Name, refusal, file.Text)
					}
					for _, note := range imported.Notes {
						if strings.Contains(note, "metadata document, which isn't in the text") || strings.Contains(note, "${file(") {
							continue // of providers with playground keys
						}
						t.Errorf("%s is read in again with the note %q\n%s", file.Name, note, file.Text)
					}
					back = node(t, apply(t, back.JSON(""), imported.Patch))
				}
				if diff := cmp.Diff(canonical(t, world, format), canonical(t, back, format)); diff != "" {
					t.Errorf("the world changed on the way (-out +in):\n%s", diff)
				}
			})
		}
	}
}

// canonical is the part of a world that is written out, in the one spelling
// that reading in gives, in the order of the kinds and of the names. What it
// leaves out or says otherwise is what a file can't say, and says so.
func canonical(t *testing.T, world *source.Node, format string) map[string]string {
	t.Helper()
	said := map[string]string{}
	say := func(value *source.Node, words ...string) {
		if value != nil && !isEmpty(value) {
			said[strings.Join(words, " ")] = sorted(t, value.JSON(""))
		}
	}
	for _, account := range members(world.Get("accounts")) {
		said[account.Name] = "" // an account may have nothing else
		for i := range kinds() {
			k := &kinds()[i]
			if k != partOf(k.place, "") {
				continue
			}
			for _, entry := range items(account.Value.Get(k.place)) {
				if format == "cloudformation" && k.place == "SAMLProviders" && entry.Get("SAMLMetadataDocument") == nil {
					continue // a template has no other way to name the document
				}
				name := word(entry.Get(k.fields[0].name))
				for _, f := range k.fields {
					if format == "terraform" && f.name == "AssertionEncryptionMode" || f.name == "SAMLProviderUUID" {
						continue // neither is an argument
					}
					n := given(entry.Get(f.name))
					if limit := policy(n); f.form == boundary && limit.Get("Statement") != nil {
						// AWS has an ARN there, of a policy that is made for it.
						policyName := name + "-boundary"
						for n := 2; said[account.Name+" Policies "+policyName+" PolicyName"] != ""; n++ {
							policyName = name + "-boundary-" + strconv.Itoa(n)
						}
						say(str(policyName), account.Name, "Policies", policyName, "PolicyName")
						say(limit, account.Name, "Policies", policyName, "PolicyDocument")
						n = str("arn:aws:iam::" + account.Name + ":policy/" + policyName)
					}
					say(f.read(n, k, account.Name), account.Name, k.place, name, f.name)
				}
			}
		}
		for _, place := range []string{scps, rcps} {
			levels := list()
			written := false
			for _, level := range items(account.Value.Get(place)) {
				docs := list()
				for _, doc := range items(level) {
					doc = policy(doc)
					written = written || !same(doc, fullAccess(place))
					add(docs, doc)
				}
				add(levels, docs)
			}
			if written { // FullAWSAccess everywhere is what AWS attaches by itself
				say(levels, account.Name, place)
			}
		}
	}
	return said
}

// sorted is JSON with its members in the order of their names.
func sorted(t *testing.T, text string) string {
	t.Helper()
	return indented(t, mustJSON(t, decodeAny(t, []byte(text))))
}

func TestExportIsTheSameEachTime(t *testing.T) {
	for _, format := range Formats {
		first, second := Export(node(t, everything), format), Export(node(t, everything), format)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%s differs between two runs:\n%s", format, diff)
		}
	}
}

func TestExportSaysWhatIsNotInIt(t *testing.T) {
	for _, test := range []struct{ name, account, want, format string }{
		{"a trust policy that is no JSON", `{"Roles": [{"RoleName": "broken\n$(id)", "AssumeRolePolicyDocument": "{\"Version\""}]}`, `role "broken\n$(id)" is left out`, "cli"},
		{"a name that is there twice in a policy", `{"Roles": [{"RoleName": "twice", "AssumeRolePolicyDocument": "{\"Version\":\"2012-10-17\",\"Version\":\"2008-10-17\"}"}]}`, `role "twice" is left out`, "terraform"},
		{"the keys of the playground", `{"SAMLProviders": [{"Name": "Okta", "metadataOf": "http://www.okta.com/exk1abc"}]}`, `"Okta" trusts playground keys, which anybody has`, "cloudformation"},
		{"the policy of something without a command for it", `{"Resources": [{"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "Policy": {}}]}`, `the policy of "arn:aws:sqs:us-east-1:123456789012:q"`, "cli"},
		{"a private key", `{"SAMLProviders": [{"Name": "Okta", "SAMLMetadataDocument": "<x/>", "privateKeys": ["SECRET"]}]}`, `the private key of SAML provider "Okta" isn't written out`, "terraform"},
		{"a key that exists", `{"Resources": [{"Arn": "arn:aws:kms:us-east-1:123456789012:key/1", "Policy": {"Version": "2012-10-17"}}]}`, `the policy of "arn:aws:kms:us-east-1:123456789012:key/1", to be set where it is made`, "cloudformation"},
		{"the tags of a bucket", `{"Resources": [{"Arn": "arn:aws:s3:::b", "Tags": [{"Key": "a", "Value": "b"}]}]}`, `the tags of "arn:aws:s3:::b", to be set where it is made`, "terraform"},
		{"a region that is switched off", `{"disabledRegions": ["eu-central-1\n"]}`, "STS is switched off in", "cli"},
		{"a device", `{"Users": [{"UserName": "alice", "MFADevices": ["arn:aws:iam::123456789012:mfa/alice"]}]}`, `the MFA devices of user "alice"`, "terraform"},
		{"a value that the CLI would read a file for", `{"Roles": [{"RoleName": "file:///etc/passwd", "AssumeRolePolicyDocument": {"Version": "2012-10-17"}}]}`, `role "file:///etc/passwd" is left out`, "cli"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := Export(node(t, `{"accounts": {"123456789012": `+test.account+`}}`), test.format)
			if len(files) != 1 || !strings.Contains(files[0].Text, test.want) {
				t.Fatalf("got %v, want a comment with %q", files, test.want)
			}
			for _, line := range strings.Split(files[0].Text, "\n") {
				if strings.Contains(line, test.want) && !strings.HasPrefix(line, "# ") {
					t.Errorf("the comment stands in the line %q", line)
				}
			}
			if strings.Contains(files[0].Text, "SECRET") {
				t.Error("the private key is in the file")
			}
		})
	}
}

func TestOrganizationPoliciesAreAFileOfTheirOwn(t *testing.T) {
	world := node(t, `{"organization": {"id": "o-example", "managementAccount": "111122223333"}, "accounts": {"123456789012": {
		"ServiceControlPolicies": [[{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}], [{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}]],
		"ResourceControlPolicies": [[{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}]}]]}}}`)
	for format, want := range map[string][]string{
		"cli":            {"organizations create-policy", "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "--target-id 123456789012", "!= 111122223333", "level 2 of account 123456789012 has no FullAWSAccess"},
		"cloudformation": {"AWS::Organizations::Policy", "TargetIds:"},
		"terraform":      {`resource "aws_organizations_policy" `, `resource "aws_organizations_policy_attachment" `, `allowed_account_ids = ["111122223333"]`},
	} {
		files := Export(world, format)
		if len(files) != 2 || !strings.HasPrefix(files[1].Name, "organization.") {
			t.Fatalf("%s: got %d files, want one of the account and one of the organization", format, len(files))
		}
		for _, part := range want {
			if !strings.Contains(files[1].Text, part) {
				t.Errorf("%s: the file has no %s:\n%s", format, part, files[1].Text)
			}
		}
	}
}

// AWS has no such level, and no policy can say it of another level.
func TestALevelWithoutPoliciesIsToldOf(t *testing.T) {
	world := node(t, `{"accounts": {"123456789012": {"ServiceControlPolicies": [[], [{"Version": "2012-10-17", "Statement": []}]]}}}`)
	for _, format := range Formats {
		if text := Export(world, format)[1].Text; !strings.Contains(text, "level 1 of account 123456789012 has no policies at all, and is read in again with FullAWSAccess") {
			t.Errorf("%s doesn't say it:\n%s", format, text)
		}
	}
}

func TestAPermissionsBoundaryInItsPlaceBecomesAManagedPolicy(t *testing.T) {
	world := node(t, `{"accounts": {"123456789012": {"Roles": [{"RoleName": "deploy", "AssumeRolePolicyDocument": {"Version": "2012-10-17"}, "PermissionsBoundary": {"Version": "2012-10-17", "Statement": []}}]}}}`)
	text := Export(world, "cli")[0].Text
	policy, role := strings.Index(text, "--policy-name deploy-boundary"), strings.Index(text, "--permissions-boundary arn:aws:iam::123456789012:policy/deploy-boundary")
	if policy < 0 || role < policy {
		t.Errorf("got the policy at %d and the role with it at %d, want both in this order:\n%s", policy, role, text)
	}
}

func TestWhatIsNamedComesFirst(t *testing.T) {
	text := Export(node(t, everything), "cli")[0].Text
	before := 0
	for _, part := range []string{"create-policy", "create-group \\", "create-user \\", "--role-name last", "--role-name deploy \\\n  --path", "attach-role-policy"} {
		at := strings.Index(text, part)
		if at < before {
			t.Errorf("%q stands at %d, want it after %d:\n%s", part, at, before, text)
		}
		before = at
	}
}

func TestRolesThatNameEachOtherAreBothMade(t *testing.T) {
	trust := func(other string) string {
		return `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/` + other + `"}, "Action": "sts:AssumeRole"}]}`
	}
	world := node(t, `{"accounts": {"123456789012": {"Roles": [{"RoleName": "a", "AssumeRolePolicyDocument": `+trust("b")+`}, {"RoleName": "b", "AssumeRolePolicyDocument": `+trust("a")+`}]}}}`)
	text := Export(world, "cloudformation")[0].Text
	if strings.Count(text, "Type: \"AWS::IAM::Role\"") != 2 || strings.Count(text, "DependsOn") != 1 {
		t.Errorf("want two roles, one of which depends on the other:\n%s", text)
	}
}

func TestNothingToExport(t *testing.T) {
	for _, world := range []string{`{}`, `[]`, `{"accounts": []}`, `{"accounts": {"12": {}}}`, `{"accounts": {"123456789012": null}}`, `{"accounts": {"123456789012": {"Roles": {"RoleName": 1}, "Users": [1, null, [], {"UserName": {}}], "ServiceControlPolicies": [1, [1]]}}}`} {
		for _, format := range append([]string{"pulumi"}, Formats...) {
			Export(node(t, world), format)
		}
	}
	if files := Export(node(t, everything), "pulumi"); files != nil {
		t.Errorf("got %d files in a format that isn't known, want none", len(files))
	}
}
