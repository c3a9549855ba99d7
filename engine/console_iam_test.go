package engine_test

import "testing"

// Credentials of GetFederationToken can't call IAM, but in the console.
func TestFederationTokenCallsIAMInTheConsole(t *testing.T) {
	const scenario = `
now: "2026-05-01T10:00:00Z"
accounts:
  "123456789012":
    Users: [{UserName: broker, Policies: [{PolicyName: all, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]}]
calls:
  - {name: token, action: "sts:GetFederationToken", caller: "arn:aws:iam::123456789012:user/broker", params: {Name: dana, Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: ["iam:*", "sts:*"], Resource: "*"}]}}}
  - {name: link, action: "signin:GetSigninToken", caller: token}
  - {name: console, action: "signin:ConsoleLogin", params: {SigninToken: {from: link}}}
  - {name: by the API, action: "iam:ListUsers", caller: token}
  - {name: in the console, action: "iam:ListUsers", caller: console}
  - {name: a role in the console, action: "sts:GetSessionToken", caller: console}
`
	calls := play(scenario).report.Calls
	for i, want := range map[int]string{2: "", 3: "InvalidClientTokenId", 4: "", 5: "AccessDenied"} {
		got := ""
		if err := calls[i].Error; err != nil {
			got = err.Code
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", calls[i].Name, got, want)
		}
	}
}
