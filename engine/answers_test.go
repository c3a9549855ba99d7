package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stsplayground/engine/trace"
)

// answersWorld is a world for calls that AWS refuses before any policy is asked.
const answersWorld = `
now: "2026-05-01T10:00:00Z"
organization: {id: o-example, managementAccount: "123456789012", EnabledFeatures: [RootSessions]}
accounts:
  "123456789012":
    Users:
      - UserName: ann
        Policies: [{PolicyName: all, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]
    Roles:
      - RoleName: app
        AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::123456789012:user/ann"}, Action: ["sts:AssumeRole", "sts:TagSession"]}]}
calls:
`

func TestWhatAWSAnswersToParameters(t *testing.T) {
	const role = `RoleArn: "arn:aws:iam::123456789012:role/app", RoleSessionName: ann, `
	invalid := func(value, at, constraint string) string {
		return "ValidationError: 1 validation error detected: Value '" + value + "' at '" + at + "' failed to satisfy constraint: Member must " + constraint
	}
	const unknown = " (AWS's wording unknown)"
	const tagged = `[\p{L}\p{Z}\p{N}_.:/=+\-@]`
	for _, tt := range []struct{ action, params, want string }{
		// A parameter that is sent empty is sent.
		{"sts:AssumeRole", role + `ExternalId: ""`, invalid("", "externalId", "have length greater than or equal to 2")},
		{"sts:AssumeRole", role + `SourceIdentity: ""`, invalid("", "sourceIdentity", "have length greater than or equal to 2")},
		{"sts:AssumeRole", `RoleArn: "", RoleSessionName: ann`, invalid("", "roleArn", "have length greater than or equal to 20")},
		{"sts:GetFederationToken", `Name: ""`, invalid("", "name", "have length greater than or equal to 2")},
		{"sts:GetAccessKeyInfo", `AccessKeyId: ""`, invalid("", "accessKeyId", "have length greater than or equal to 16")},

		{"sts:AssumeRole", role + `Tags: [{Key: a, Value: b}, {Key: "k*", Value: v}]`, invalid("k*", "tags.2.member.key", "satisfy regular expression pattern: "+tagged+"+")},
		{"sts:GetFederationToken", `Name: ann, Tags: [{Key: k, Value: "v#"}]`, invalid("v#", "tags.1.member.value", "satisfy regular expression pattern: "+tagged+"*")},
		{"iam:CreateOpenIDConnectProvider", `Url: "https://idp.example.com", Tags: [{Key: "", Value: v}]`, invalid("", "tags.1.member.key", "have length greater than or equal to 1")},

		{"sts:AssumeRole", role + `PolicyArns: [{arn: short}]`, invalid("short", "policyArns.1.member.arn", "have length greater than or equal to 20")},
		{"sts:AssumeRole", role + `PolicyArns: [{arn: "arn:aws:iam::123456789012:policy/none"}]`, "ValidationError: The managed session policy does not exist" + unknown},
		{"sts:AssumeRole", role + `PolicyArns: [{arn: "arn:aws:iam::210987654321:policy/none"}]`, "ValidationError: The managed session policy does not exist" + unknown},
		{"sts:AssumeRole", role + `PolicyArns: [{arn: "nothing-like-an-arn-of-a-policy"}]`, "ValidationError: The managed session policy does not exist" + unknown},
		{"sts:AssumeRole", role + `PolicyArns: [{arn: "arn:aws:iam::aws:policy/ReadOnlyAccess"}]`, ""},
		{"sts:AssumeRole", role + `Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::` + strings.Repeat("x", 2048) + `"}]}`, "PackedPolicyTooLarge: The session policies are more than a session takes" + unknown},

		// Whatever is written in place of an ARN.
		{"sts:AssumeRoot", `TargetPrincipal: "aaaaaaaaaaaa:root", TaskPolicyArn: {arn: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}`, "ValidationError: The target principal is not valid" + unknown},
		{"sts:AssumeRoot", `TargetPrincipal: "arn:aws:iam::210987654321:group/x:root", TaskPolicyArn: {arn: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}`, "ValidationError: The target principal is not valid" + unknown},

		{"sts:AssumeRole", `RoleArn: "arn::iam::123456789012:role/app", RoleSessionName: ann`, "ValidationError: Request ARN is invalid"},
		{"sts:AssumeRole", `RoleArn: "arn:aws:iam::123456789012:role/", RoleSessionName: ann`, "ValidationError: Request ARN is invalid"},

		// IAM has words of its own for names and paths, seen in real answers.
		{"iam:CreateRole", `RoleName: "a b", AssumeRolePolicyDocument: ` + trustOf("Service", "ec2.amazonaws.com"), "ValidationError: The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"},
		{"iam:PutRolePolicy", `RoleName: app, PolicyName: "a b", PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}`, "ValidationError: The specified value for policyName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"},
		{"iam:CreateRole", `RoleName: new, Path: /aws-service-role/x.amazonaws.com/, AssumeRolePolicyDocument: ` + trustOf("Service", "ec2.amazonaws.com"), "InvalidInput: Path prefix '/aws-service-role/' can only be used for AWS Service linked Roles"},
		{"iam:CreateRole", `RoleName: new, Path: /aws-reserved/x/, AssumeRolePolicyDocument: ` + trustOf("Service", "ec2.amazonaws.com"), "InvalidInput: Path prefix '/aws-reserved/' can't be used" + unknown},
		{"iam:CreateRole", `RoleName: new, AssumeRolePolicyDocument: ` + trustOf("Service", "build.example.com"), `MalformedPolicyDocument: Invalid principal in policy: "SERVICE":"build.example.com"`},
		{"iam:CreateRole", `RoleName: new, AssumeRolePolicyDocument: ` + trustOf("Service", "*"), `MalformedPolicyDocument: Invalid principal in policy: "SERVICE":"*"`},
		{"iam:CreateRole", `RoleName: new, AssumeRolePolicyDocument: ` + trustOf("Service", "ec2.amazonaws.com"), ""},
	} {
		r := play(answersWorld + fmt.Sprintf("  - {action: %q, caller: %q, params: {%s}}\n", tt.action, "arn:aws:iam::123456789012:user/ann", tt.params)).report
		if len(r.Calls) != 1 {
			t.Errorf("%s {%s}: can't be read", tt.action, tt.params)
			continue
		}
		got := ""
		if err := r.Calls[0].Error; err != nil {
			got = err.Code + ": " + err.Message
		}
		if got != tt.want {
			t.Errorf("%s {%s}:\ngot  %s\nwant %s", tt.action, tt.params, got, tt.want)
		}
	}
}

func trustOf(kind, principal string) string {
	return fmt.Sprintf(`{Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {%s: %q}, Action: "sts:AssumeRole"}]}`, kind, principal)
}

// A text that is the playground's own stands in a step that says so.
func TestUnknownWordingIsModelled(t *testing.T) {
	for _, e := range everyScenario() {
		r := playedOnce(e).report
		for i := range r.Calls {
			c := &r.Calls[i]
			if c.Error == nil || !strings.Contains(c.Error.Message, "wording unknown") {
				continue
			}
			first := slices.IndexFunc(c.Steps, func(s trace.Step) bool { return s.Status == trace.Failed })
			if first < 0 || !c.Steps[first].Modelled {
				t.Errorf("%s, %s: got %q by a step that isn't modelled", e.Slug, c.Name, c.Error.Message)
			}
		}
	}
}

// A report has all steps of an operation's walk, in its order, whatever
// becomes of the call.
func TestEveryCallOfAnOperationHasTheSameSteps(t *testing.T) {
	type walk struct {
		rules []string
		where string
	}
	first := map[string]walk{}
	for _, e := range everyScenario() {
		r := playedOnce(e).report
		for i := range r.Calls {
			c := &r.Calls[i]
			signed := strings.HasPrefix(c.Action, "sts:") && !strings.HasPrefix(c.Action, "sts:AssumeRoleWith")
			registering := strings.HasPrefix(c.Action, "iam:Create") || strings.HasPrefix(c.Action, "iam:Update")
			portal := slices.Contains([]string{"sts:AssumeRoleWithSAML", "sso:GetRoleCredentials", "signin:ConsoleLogin"}, c.Action)
			if !signed && !registering && !portal || hasRule(c.Steps, "signin/token") { // of a broker's link
				continue
			}
			here := walk{where: e.Slug + ", " + c.Name}
			for j := range c.Steps {
				here.rules = append(here.rules, c.Steps[j].Rule)
			}
			if registering && !hasRule(c.Steps, "iam/parameters") || hasRule(c.Steps, "sts/operation") {
				continue // only a question to the policies, or not played
			}
			if before, seen := first[c.Action]; !seen {
				first[c.Action] = here
			} else if !slices.Equal(before.rules, here.rules) {
				t.Errorf("%s:\n%s: %v\n%s: %v", c.Action, before.where, before.rules, here.where, here.rules)
			}
		}
	}
}

func hasRule(steps []trace.Step, rule string) bool {
	return slices.ContainsFunc(steps, func(s trace.Step) bool { return s.Rule == rule })
}
