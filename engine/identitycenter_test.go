package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/trace"
)

// members are the names of a JSON object's members, those of objects below
// with a dot, in their order.
func members(t *testing.T, text []byte, without ...string) []string {
	t.Helper()
	var all []string
	var walk func(prefix string, dec *json.Decoder)
	walk = func(prefix string, dec *json.Decoder) {
		token, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		switch token {
		case json.Delim('{'):
			for dec.More() {
				name, _ := dec.Token()
				path := strings.TrimPrefix(prefix+"."+name.(string), ".")
				if !slices.Contains(without, path) {
					all = append(all, path)
				}
				walk(path, dec)
			}
			dec.Token()
		case json.Delim('['):
			for dec.More() {
				walk(prefix, dec)
			}
			dec.Token()
		}
	}
	walk("", json.NewDecoder(strings.NewReader(string(text))))
	slices.Sort(all)
	return slices.Compact(all)
}

// The records have the members of AWS's samples, and of a real record where
// AWS has none; what a scenario doesn't know is left out: the user agent, TLS
// details, the host's ids.
func TestSignInRecordsHaveTheMembersOfTheSamples(t *testing.T) {
	const identity = `"userIdentity":{"type":"","accountId":"","onBehalfOf":{"userId":"","identityStoreArn":""},"credentialId":""}`
	const session = `"userIdentity":{"type":"","principalId":"","arn":"","accountId":"","accessKeyId":"","sessionContext":{"sessionIssuer":{"type":"","principalId":"","arn":"","accountId":"","userName":""},"webIdFederationData":{},"attributes":{"creationDate":"","mfaAuthenticated":""}}}`
	for _, test := range []struct{ slug, call, sample string }{
		// IAM Identity Center guide, "Understanding CloudTrail events".
		{"permission-sets-become-roles", "dana signs in", `{"eventVersion":"1.05",` + identity + `,"eventTime":"","eventSource":"sso.amazonaws.com","eventName":"CreateToken","awsRegion":"","requestParameters":{"clientId":"","grantType":"","deviceCode":""},"responseElements":{"accessToken":"","tokenType":"","expiresIn":0},"eventID":"","readOnly":false,"resources":[{"accountId":"","type":"","ARN":""}],"eventType":"AwsApiCall","recipientAccountId":""}`},
		// A real record of 2026-07-01.
		{"permission-sets-become-roles", "dana reads in the first account", `{"eventVersion":"1.11",` + identity + `,"eventTime":"","eventSource":"sso.amazonaws.com","eventName":"GetRoleCredentials","awsRegion":"","requestParameters":null,"responseElements":null,"requestID":"","eventID":"","readOnly":true,"eventType":"AwsServiceEvent","managementEvent":true,"recipientAccountId":"","serviceEventDetails":{"role_name":"","account_id":""},"eventCategory":"Management"}`},
		// CloudTrail guide, "AWS Management Console sign-in events".
		{"a-form-signs-people-in-to-the-console", "one role, straight in", `{"eventVersion":"1.08",` + session + `,"eventTime":"","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"","requestParameters":null,"responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"MobileVersion":"No","MFAUsed":"No"},"eventID":"","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"recipientAccountId":"","eventCategory":"Management"}`},
		{"a-broker-makes-a-link-into-the-console", "a sign-in token for four hours", `{"eventVersion":"1.08",` + session + `,"eventTime":"","eventSource":"signin.amazonaws.com","eventName":"GetSigninToken","awsRegion":"","requestParameters":null,"responseElements":{"credentials":{"accessKeyId":""},"GetSigninToken":"Success"},"additionalEventData":{"MobileVersion":"No","MFAUsed":"No"},"eventID":"","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"recipientAccountId":"","eventCategory":"Management"}`},
	} {
		c := callNamed(t, engine.Run(decode(t, example(t, test.slug).Source)), test.call)
		got, err := json.Marshal(c.Event)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := members(t, got), members(t, []byte(test.sample)); !slices.Equal(got, want) {
			t.Errorf("%s: got members %q, want %q", test.call, got, want)
		}
		var event, sample map[string]any
		if json.Unmarshal(got, &event) != nil || json.Unmarshal([]byte(test.sample), &sample) != nil {
			t.Fatal("got a record that is no JSON")
		}
		for _, name := range []string{"eventVersion", "eventSource", "eventName", "eventType", "readOnly"} {
			if event[name] != sample[name] {
				t.Errorf("%s: got %s %v, want %v", test.call, name, event[name], sample[name])
			}
		}
	}
}

func callNamed(t *testing.T, r engine.Report, name string) engine.CallReport {
	t.Helper()
	for _, c := range r.Calls {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("got no call %q", name)
	return engine.CallReport{}
}

// centerWorld is an instance whose set Reader is assigned in one account.
const centerWorld = `
now: "2026-04-28T10:30:00Z"
identityCenter:
  region: eu-west-2
  Users: [{UserName: dana}]
  PermissionSets: [{Name: Reader, ManagedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}]
  assignments: [{permissionSet: Reader, PrincipalType: USER, principal: dana, TargetId: "222222222222", roleSuffix: 1234567890abcdef}]
`

const reader = "arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com/eu-west-2/AWSReservedSSO_Reader_1234567890abcdef"

func TestAReservedRoleIsThePortalsAlone(t *testing.T) {
	const calls = `
calls:
  - {name: in, action: sso-oidc:CreateToken, params: {signedInAs: dana}}
  - {name: through the portal, action: sso:GetRoleCredentials, params: {roleName: Reader, accountId: "222222222222", accessToken: {from: in}}}
  - name: as the portal
    action: sts:AssumeRoleWithSAML
    caller: service/sso.amazonaws.com
    params: {RoleArn: "` + reader + `", PrincipalArn: "%s", SAMLAssertion: {mint: {issuer: "%s", nameId: dana}}}
  - {name: with AssumeRole, action: sts:AssumeRole, caller: through the portal, params: {RoleArn: "` + reader + `", RoleSessionName: dana}}
`
	first := engine.Run(decode(t, centerWorld+fmt.Sprintf(calls, "arn:aws:iam::222222222222:saml-provider/x", "https://x.example")))
	text, _ := json.Marshal(callNamed(t, first, "through the portal").InnerEvents)
	var inner []struct {
		RequestParameters struct{ PrincipalArn string }
		ResponseElements  struct{ Issuer string }
	}
	if err := json.Unmarshal(text, &inner); err != nil || len(inner) != 1 {
		t.Fatalf("got inner records %s, want one", text)
	}
	r := engine.Run(decode(t, centerWorld+fmt.Sprintf(calls, inner[0].RequestParameters.PrincipalArn, inner[0].ResponseElements.Issuer)))
	if c := callNamed(t, r, "through the portal"); c.Outcome != "success" || c.Session.Context["aws:PrincipalArn"] != reader {
		t.Errorf("through the portal: got %s, session %+v", c.Outcome, c.Session)
	}
	for name, step := range map[string]string{"as the portal": "sts/role", "with AssumeRole": "trust/principal"} {
		c := callNamed(t, r, name)
		var failed string
		for _, s := range c.Steps {
			if s.Status == "failed" && failed == "" {
				failed = s.Rule
			}
		}
		if failed != step {
			t.Errorf("%s: got failed step %q, want %q", name, failed, step)
		}
		for _, a := range c.Advice {
			if len(a.Fix) > 0 {
				t.Errorf("%s: got a fix to a role that can't be changed: %+v", name, a.Fix)
			}
		}
	}
}

func TestAGuardrailOfTheAccountHoldsForThePortal(t *testing.T) {
	r := engine.Run(decode(t, centerWorld+`
accounts:
  "222222222222":
    ResourceControlPolicies:
      - - {Version: "2012-10-17", Statement: [{Effect: Deny, Principal: "*", Action: "sts:AssumeRoleWithSAML", Resource: "*"}]}
calls:
  - {name: in, action: sso-oidc:CreateToken, params: {signedInAs: dana}}
  - {name: out, action: sso:GetRoleCredentials, params: {roleName: Reader, accountId: "222222222222", accessToken: {from: in}}}
`))
	c := callNamed(t, r, "out")
	if c.Error == nil || c.Error.Code != "ForbiddenException" || c.Response != nil || c.Session != nil {
		t.Errorf("got error %+v, response %v", c.Error, c.Response)
	}
	if len(c.InnerEvents) != 1 {
		t.Errorf("got %d inner records, want that of the refused AssumeRoleWithSAML", len(c.InnerEvents))
	}
}

func TestThePortalWithoutAnInstance(t *testing.T) {
	r := engine.Run(decode(t, `
calls:
  - {name: in, action: sso-oidc:CreateToken, params: {signedInAs: dana}}
  - {name: list, action: sso:ListAccounts, params: {accessToken: {from: in}}}
  - {name: get, action: sso:GetRoleCredentials, params: {roleName: x, accountId: "222222222222", accessToken: abc}}
  - {name: minted, action: sso:GetRoleCredentials, params: {roleName: x, accountId: "222222222222", accessToken: {mint: {issuer: "https://x.example"}}}}
  - {name: out, action: sso:Logout}
  - {name: nothing, action: sso:ListAccountRoles}
`))
	for _, c := range r.Calls {
		if c.Outcome != "failure" || c.Error == nil || !strings.HasPrefix(c.Verdict, "IAM Identity Center refuses") {
			t.Errorf("%s: got %s, %q", c.Name, c.Outcome, c.Verdict)
		}
	}
}

// However many assignments there are, a bounded number of roles is made.
func TestManyAssignmentsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"now":"2026-04-28T10:30:00Z","identityCenter":{"Users":[{"UserName":"dana"}],"PermissionSets":[{"Name":"R"}],"assignments":[`)
	for i := range 3000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"permissionSet":"R","PrincipalType":"USER","principal":"dana","TargetId":"%012d"}`, i)
	}
	b.WriteString(`]},"calls":[{"name":"in","action":"sso-oidc:CreateToken","params":{"signedInAs":"dana"}},{"action":"sso:ListAccounts","params":{"accessToken":{"from":"in"}}}]}`)
	r := engine.Run(decode(t, b.String()))
	if got := r.Calls[1].Outcome; got != "success" {
		t.Errorf("got %s", got)
	}
	if !slices.ContainsFunc(r.Findings, func(f trace.Finding) bool { return strings.Contains(f.Detail, "At most 200 roles") }) {
		t.Error("got no finding about the bound")
	}
}
