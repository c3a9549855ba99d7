package engine_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// CloudTrail says of a role's session whether whoever assumed it had shown MFA;
// the session's own condition keys don't.
func TestRecordsOfASessionTellMFA(t *testing.T) {
	const scenario = `
now: "2026-05-01T10:00:00Z"
accounts:
  "123456789012":
    Users: [{UserName: ann, MFADevices: ["arn:aws:iam::123456789012:mfa/ann"]}]
    Roles:
      - RoleName: app
        AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::123456789012:user/ann"}, Action: "sts:AssumeRole"}]}
calls:
  - {name: with, action: "sts:AssumeRole", caller: "arn:aws:iam::123456789012:user/ann", params: {RoleArn: "arn:aws:iam::123456789012:role/app", RoleSessionName: ann, SerialNumber: "arn:aws:iam::123456789012:mfa/ann", TokenCode: "123456"}}
  - {name: without, action: "sts:AssumeRole", caller: "arn:aws:iam::123456789012:user/ann", params: {RoleArn: "arn:aws:iam::123456789012:role/app", RoleSessionName: ann}}
  - {name: who with, action: "sts:GetCallerIdentity", caller: with}
  - {name: who without, action: "sts:GetCallerIdentity", caller: without}
`
	calls := play(scenario).report.Calls
	for i, want := range map[int]string{2: "true", 3: "false"} {
		record, err := json.Marshal(calls[i].Event)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(record), `"mfaAuthenticated":"`+want+`"`) {
			t.Errorf("%s: got %s, want mfaAuthenticated %s", calls[i].Name, record, want)
		}
	}
	if got := calls[0].Session.Context["aws:MultiFactorAuthPresent"]; got != "false" {
		t.Errorf("got aws:MultiFactorAuthPresent %v in the session, want false", got)
	}
}
