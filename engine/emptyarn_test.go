package engine_test

import (
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

// A session policy's ARN that is empty, or isn't read, is played.
func TestASessionPolicyOfAnEmptyARN(t *testing.T) {
	for _, arns := range []any{[]any{object{"arn": ""}}, []any{"arn:aws:iam::aws:policy/ReadOnlyAccess"}, []any{nil}} {
		for _, action := range []string{"sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML", "sts:GetFederationToken"} {
			s, _ := engine.Decode(text(object{
				"now":      "2026-04-28T10:30:00Z",
				"accounts": object{"123456789012": object{"Roles": []any{object{"RoleName": "r"}}, "Users": []any{object{"UserName": "alice"}}}},
				"calls":    []any{object{"action": action, "caller": asker, "params": object{"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "ci", "Name": "ci", "PolicyArns": arns}}},
			}), scenario.LimitPage)
			if report := engine.Run(s); report.Calls[0].Outcome != "failure" {
				t.Errorf("%s with %v: got %s, want failure", action, arns, report.Calls[0].Outcome)
			}
		}
	}
}
