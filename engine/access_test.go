package engine_test

import (
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

// accessWorld has two accounts of an organization, the second one behind
// control policies, and someone of every kind who may ask.
const accessWorld = `
now: "2026-04-28T10:30:00Z"
organization: {id: o-acme, managementAccount: "111111111111"}
accounts:
  "111111111111":
    Users:
      - {UserName: admin, AttachedPolicies: [{PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess"}]}
      - {UserName: bare}
      - {UserName: bounded, AttachedPolicies: [{PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess"}], PermissionsBoundary: {PermissionsBoundaryType: Policy, PermissionsBoundaryArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}}
      - {UserName: member, Path: /staff/, Groups: [Readers]}
    Groups: [{GroupName: readers, AttachedPolicies: [{PolicyArn: "arn:aws:iam::111111111111:policy/team/read"}]}]
    Policies: [{PolicyName: read, Path: /team/, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:Get*", Resource: "*"}]}}]
    Roles:
      - {RoleName: worker, Tags: [{Key: team, Value: web}], Policies: [{PolicyName: all, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]}
    ServiceControlPolicies: [[{Version: "2012-10-17", Statement: [{Effect: Deny, Action: "*", Resource: "*"}]}]]
    Resources:
      - {Arn: "arn:aws:s3:::ours", Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::111111111111:user/bare"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::ours/*"}]}}
  "222222222222":
    Users:
      - {UserName: admin, AttachedPolicies: [{PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess"}]}
    Roles:
      - {RoleName: linked, Path: /aws-service-role/x.amazonaws.com/, AttachedPolicies: [{PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess"}]}
    ServiceControlPolicies:
      - [{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}]
      - [{Version: "2012-10-17", Statement: [{Effect: Allow, Action: ["s3:*", "sns:*", "kms:*"], Resource: "*"}]}]
    ResourceControlPolicies: [[{Version: "2012-10-17", Statement: [{Effect: Deny, Principal: "*", Action: "*", Resource: "*", Condition: {StringNotEqualsIfExists: {"aws:PrincipalAccount": "222222222222"}}}]}]]
    Resources:
      - {Arn: "arn:aws:s3:::theirs", Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*"}]}}
      - {Arn: "arn:aws:sns:us-east-1:222222222222:topic", Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: "sns:*", Resource: "*"}]}}
      - {Arn: "arn:aws:kms:us-east-1:222222222222:key/k1", Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::222222222222:role/nobody"}, Action: "kms:*", Resource: "*"}]}}
    VpcEndpoints: [{VpcEndpointId: vpce-1, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::ours/*"}]}}]
`

func TestWhoMayDoWhat(t *testing.T) {
	const first, second = "arn:aws:iam::111111111111:", "arn:aws:iam::222222222222:"
	for _, test := range []struct {
		name, caller, action, resource, context string
		effect, by                              string
		message                                 string // its end
	}{
		{"an administrator of the management account is touched by no service control policy", first + "user/admin", "s3:GetObject", "arn:aws:s3:::x/k", "", "Allow", "identity-based policy", ""},
		{"without a policy nothing is allowed", first + "user/bare", "s3:PutObject", "arn:aws:s3:::ours/k", "", "ImplicitDeny", "identity-based policy", "because no identity-based policy allows the s3:PutObject action"},
		{"a bucket policy that names the user is enough in its account", first + "user/bare", "s3:GetObject", "arn:aws:s3:::ours/k", "", "Allow", "resource-based policy", ""},
		{"a boundary of AWS's limits an administrator", first + "user/bounded", "s3:PutObject", "arn:aws:s3:::x/k", "", "ImplicitDeny", "permissions boundary", "because no permissions boundary allows the s3:PutObject action"},
		{"and leaves what it allows", first + "user/bounded", "s3:GetObject", "arn:aws:s3:::x/k", "", "Allow", "identity-based policy", ""},
		{"a group's customer managed policy is the user's", first + "user/staff/member", "s3:GetObject", "arn:aws:s3:::x/k", "", "Allow", "identity-based policy", ""},
		{"a bucket of another account is out of reach behind its resource control policy", first + "user/admin", "s3:GetObject", "arn:aws:s3:::theirs/k", "", "ExplicitDeny", "resource control policy", "with an explicit deny in a resource control policy"},
		{"a topic is not: RCPs don't act on SNS", first + "user/admin", "sns:Publish", "arn:aws:sns:us-east-1:222222222222:topic", "", "Allow", "identity-based policy", ""},
		{"the other side's policy alone is not enough", first + "user/bare", "sns:Publish", "arn:aws:sns:us-east-1:222222222222:topic", "", "ImplicitDeny", "identity-based policy", "because no identity-based policy allows the sns:Publish action"},
		{"nor is one's own", second + "user/admin", "s3:GetObject", "arn:aws:s3:::ours/k", "", "ImplicitDeny", "resource-based policy", "because no resource-based policy allows the s3:GetObject action"},
		{"a level of service control policies without an allow stops an administrator", second + "user/admin", "lambda:CreateFunction", "*", "", "ImplicitDeny", "service control policy", "because no service control policy allows the lambda:CreateFunction action"},
		{"but no service-linked role", second + "role/aws-service-role/x.amazonaws.com/linked", "lambda:CreateFunction", "*", "", "Allow", "identity-based policy", ""},
		{"a key's policy has to allow even its own account", second + "user/admin", "kms:Decrypt", "arn:aws:kms:us-east-1:222222222222:key/k1", "", "ImplicitDeny", "resource-based policy", "because no resource-based policy allows the kms:Decrypt action"},
		{"a key without an entry has the default policy", second + "user/admin", "kms:Decrypt", "arn:aws:kms:us-east-1:222222222222:key/k2", "", "Allow", "identity-based policy", ""},
		{"an endpoint's policy stops what it doesn't name", first + "user/admin", "s3:PutObject", "arn:aws:s3:::ours/k", `{"aws:SourceVpce": vpce-1}`, "ImplicitDeny", "VPC endpoint policy", "because no VPC endpoint policy allows the s3:PutObject action"},
		{"and lets through what it names", first + "user/admin", "s3:GetObject", "arn:aws:s3:::ours/k", `{"aws:SourceVpce": vpce-1}`, "Allow", "identity-based policy", ""},
		{"the root user of the management account may do everything", first + "root", "iam:CreateUser", "*", "", "Allow", "", ""},
		{"that of a member account what its service control policies leave", second + "root", "iam:CreateUser", "*", "", "ImplicitDeny", "service control policy", "because no service control policy allows the iam:CreateUser action"},
		{"nobody may read without a bucket policy that says so", "", "s3:GetObject", "arn:aws:s3:::ours/k", "", "ImplicitDeny", "resource-based policy", "User: anonymous is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::ours/k because no resource-based policy allows the s3:GetObject action"},
		{"a service has no policies of its own", "service/ec2.amazonaws.com", "s3:GetObject", "arn:aws:s3:::ours/k", "", "ImplicitDeny", "resource-based policy", "because no resource-based policy allows the s3:GetObject action"},
		{"a role as caller is a session of it", first + "role/worker", "s3:GetObject", "arn:aws:s3:::x/k", "", "Allow", "identity-based policy", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			call := accessWorld + "calls:\n  - {action: \"" + test.action + "\", resource: \"" + test.resource + "\""
			if test.caller != "" {
				call += ", caller: \"" + test.caller + "\""
			}
			if test.context != "" {
				call += ", context: " + test.context
			}
			c := playAccess(t, call+"}\n")
			if got := c.Decision.Effect.String(); got != test.effect || c.Decision.By != test.by {
				t.Errorf("%s by %q, want %s by %q", got, c.Decision.By, test.effect, test.by)
			}
			if (c.Error == nil) != (test.effect == "Allow") {
				t.Errorf("error %+v", c.Error)
			}
			if c.Error != nil && !strings.HasSuffix(c.Error.Message, test.message) {
				t.Errorf("message %q, want …%q", c.Error.Message, test.message)
			}
		})
	}
}

func TestNobodyIsSpokenForWhoIsNotThere(t *testing.T) {
	for name, test := range map[string]struct{ caller, code string }{
		"a user that the account lacks":                       {"arn:aws:iam::111111111111:user/nobody", "InvalidClientTokenId"},
		"a user whose path is left out":                       {"arn:aws:iam::111111111111:user/member", "InvalidClientTokenId"},
		"a role that the account lacks":                       {"arn:aws:iam::111111111111:role/nobody", "InvalidClientTokenId"},
		"an account that the scenario lacks":                  {"arn:aws:iam::333333333333:user/admin", "InvalidClientTokenId"},
		"a group, which makes no calls":                       {"arn:aws:iam::111111111111:group/readers", "InvalidClientTokenId"},
		"a session's ARN, which says nothing of its policies": {"arn:aws:sts::111111111111:assumed-role/worker/x", "InvalidClientTokenId"},
	} {
		t.Run(name, func(t *testing.T) {
			c := playAccess(t, accessWorld+"calls:\n  - {action: \"s3:GetObject\", resource: \"*\", caller: \""+test.caller+"\"}\n")
			if c.Error == nil || c.Error.Code != test.code || c.Decision != nil {
				t.Errorf("error %+v, decision %+v", c.Error, c.Decision)
			}
		})
	}
}

func TestAnActionIsOneAction(t *testing.T) {
	for _, action := range []string{"s3", "s3:", ":GetObject", "s3:*", "s3:Get?bject", "s3:Get Object", "s3:a:b"} {
		c := playAccess(t, accessWorld+"calls:\n  - {action: \""+action+"\", resource: \"*\", caller: \"arn:aws:iam::111111111111:user/admin\"}\n")
		if c.Error == nil || c.Error.Code != "InvalidAction" {
			t.Errorf("%s: error %+v", action, c.Error)
		}
	}
}

// playAccess plays a scenario's one call.
func playAccess(t *testing.T, text string) engine.CallReport {
	t.Helper()
	s, findings := engine.Decode(text, scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		t.Fatalf("findings %+v", findings)
	}
	return engine.Run(s).Calls[0]
}
