package engine_test

import (
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// assumeWorld has one role that trusts two users by name, one of them behind
// a permissions boundary without sts:AssumeRole.
const assumeWorld = `
now: "2026-04-28T10:30:00Z"
accounts:
  "111111111111":
    Users:
      - {UserName: free}
      - {UserName: bounded, PermissionsBoundary: {PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}}
    Roles:
      - RoleName: target
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Action: "sts:AssumeRole", Principal: {AWS: ["arn:aws:iam::111111111111:user/free", "arn:aws:iam::111111111111:user/bounded", "arn:aws-cn:iam::111111111111:user/free", "arn:aws-eusc:iam::111111111111:user/free"]}}
`

func TestWhoMayAssumeARole(t *testing.T) {
	for _, test := range []struct {
		name, caller, region string
		code, step, message  string // "" for success
	}{
		{"a user whom the trust policy names needs no policy of its own", "arn:aws:iam::111111111111:user/free", "", "", "", ""},
		{"but its boundary has to allow sts:AssumeRole", "arn:aws:iam::111111111111:user/bounded", "", "AccessDenied", "access/permissions-boundary", "because no permissions boundary allows the sts:AssumeRole action"},
		{"a role of the European Sovereign Cloud is assumed there", "arn:aws-eusc:iam::111111111111:user/free", "eusc-de-east-1", "", "", ""},
		{"credentials of another partition hold nowhere else", "arn:aws-cn:iam::111111111111:user/free", "us-east-1", "InvalidClientTokenId", "access/caller", ""},
	} {
		arn := "arn:aws:iam::111111111111:role/target"
		if strings.HasPrefix(test.region, "eusc-") {
			arn = "arn:aws-eusc:iam::111111111111:role/target"
		}
		text := assumeWorld + `calls: [{name: call, action: "sts:AssumeRole", region: "` + test.region + `", caller: "` + test.caller + `", params: {RoleArn: "` + arn + `", RoleSessionName: session}}]`
		s, findings := engine.Decode(text, scenario.LimitCheck)
		if scenario.Unreadable(findings) {
			t.Fatalf("%s: got %+v", test.name, findings)
		}
		c := engine.Run(s).Calls[0]
		code, message := "", ""
		if c.Error != nil {
			code, message = c.Error.Code, c.Error.Message
		}
		if code != test.code || !strings.HasSuffix(message, test.message) || firstFailed(c.Steps) != test.step {
			t.Errorf("%s: got %q at %q, %s; want %q at %q", test.name, code, firstFailed(c.Steps), message, test.code, test.step)
		}
	}
}

// "The number of seconds since the principal was authenticated using MFA" (IAM
// guide, reference_policies_condition-keys).
func TestTheAgeOfMFAGrowsWithTheSession(t *testing.T) {
	text := `{"now":"2026-04-28T10:30:00Z","accounts":{"111111111111":{"Users":[{"UserName":"free","MFADevices":["arn:aws:iam::111111111111:mfa/phone"],"Policies":[{"PolicyName":"fresh",
		"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":"300"}}}]}}]}]}},"calls":[
		{"name":"session","action":"sts:GetSessionToken","caller":"arn:aws:iam::111111111111:user/free","params":{"SerialNumber":"arn:aws:iam::111111111111:mfa/phone","TokenCode":"123456"}},
		{"name":"soon","action":"s3:GetObject","caller":"session","after":"4m"},
		{"name":"late","action":"s3:GetObject","caller":"session","after":"6m"}]}`
	s, _ := engine.Decode(text, scenario.LimitCheck)
	calls := engine.Run(s).Calls
	if calls[0].Outcome != "success" || calls[1].Outcome != "success" || calls[2].Outcome != "failure" {
		t.Errorf("got %s, %s, %s; want success, success, failure", calls[0].Outcome, calls[1].Outcome, calls[2].Outcome)
	}
}

// A resource that isn't named yet, as while it is typed, is nobody's.
func TestAResourceWithoutAnARNAllowsNothing(t *testing.T) {
	text := `{"now":"2026-04-28T10:30:00Z","accounts":{"111111111111":{"Users":[{"UserName":"free"}],"Resources":[{"Arn":"","Policy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}}]}},
		"calls":[{"name":"ask","action":"sqs:SendMessage","caller":"arn:aws:iam::111111111111:user/free","resource":"arn:aws:sqs:us-east-1:111111111111:queue"}]}`
	s, _ := engine.Decode(text, scenario.LimitCheck)
	if c := engine.Run(s).Calls[0]; c.Outcome != "failure" {
		t.Errorf("got %s by %s, want failure", c.Outcome, c.Decision.By)
	}
}

func firstFailed(steps []trace.Step) string {
	for i := range steps {
		if steps[i].Status == trace.Failed {
			return steps[i].Rule
		}
	}
	return ""
}

// A call's context mostly adds keys; only those that AWS derives are replaced.
func TestAssumeRoleTellsWhichKeysTheContextReplaces(t *testing.T) {
	text := assumeWorld + `calls: [{name: call, action: "sts:AssumeRole", caller: "arn:aws:iam::111111111111:user/free", context: {"aws:SourceIp": 203.0.113.7, "sts:RoleSessionName": other, "aws:username": else},
  params: {RoleArn: "arn:aws:iam::111111111111:role/target", RoleSessionName: session}}]`
	text = strings.Replace(text, `Action: "sts:AssumeRole", Principal`, `Action: "sts:AssumeRole", Condition: {StringEquals: {"sts:RoleSessionName": other}}, Principal`, 1)
	s, _ := engine.Decode(text, scenario.LimitCheck)
	c := engine.Run(s).Calls[0]
	for i := range c.Steps {
		if step := &c.Steps[i]; step.Rule == "trust/condition" {
			if want := "The call's context sets aws:username, sts:RoleSessionName in place of what AWS derives."; c.Outcome != "success" || !strings.HasSuffix(step.Why, want) {
				t.Errorf("got %s, %q; want success, %q", c.Outcome, step.Why, want)
			}
		}
	}
}

// Who is refused by little is told by what.
func TestHowThePrincipalMissesTheCaller(t *testing.T) {
	const role = "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-west-2/AWSReservedSSO_"
	for _, test := range []struct{ name, principal, caller, why string }{
		{"a permission set's role has another suffix", `{AWS: "` + role + `Admin_1234567890abcdef"}`, role + "Admin_abcdef0123456789", "and the caller's role is AWSReservedSSO_Admin_abcdef0123456789: when a permission set is assigned anew in an account, its role gets another suffix."},
		{"another permission set is another name", `{AWS: "` + role + `Support_1234567890abcdef"}`, role + "Admin_abcdef0123456789", "and no Allow statement names it, its role or its account."},
		{"a service has no role and no account", `{AWS: "` + role + `Admin_1234567890abcdef"}`, "service/pods.eks.amazonaws.com", "The caller is the service pods.eks.amazonaws.com, and no Allow statement names it as Service."},
	} {
		s, findings := engine.Decode(`
now: "2026-04-28T10:30:00Z"
accounts:
  "111111111111":
    Roles:
      - {RoleName: AWSReservedSSO_Admin_abcdef0123456789, Path: /aws-reserved/sso.amazonaws.com/eu-west-2/, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
      - {RoleName: target, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: `+test.principal+`}]}}
calls: [{name: call, action: "sts:AssumeRole", caller: "`+test.caller+`", params: {RoleArn: "arn:aws:iam::111111111111:role/target", RoleSessionName: session}}]`, scenario.LimitCheck)
		if scenario.Unreadable(findings) {
			t.Fatalf("%s: got %+v", test.name, findings)
		}
		var why string
		for _, step := range engine.Run(s).Calls[0].Steps {
			if step.Rule == "trust/principal" {
				why = step.Why
			}
		}
		if !strings.HasSuffix(why, test.why) {
			t.Errorf("%s: got %q, want it to end with %q", test.name, why, test.why)
		}
	}
}
