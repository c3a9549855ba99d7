package registration_test

import (
	"fmt"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

const admin = `
accounts:
  "123456789012":
    Users:
      - UserName: admin
        AttachedPolicies: [{PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess"}]
    Roles:
      - RoleName: app
        AssumeRolePolicyDocument: '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
calls:
`

func call(action, params string) string {
	return fmt.Sprintf("  - {action: %q, caller: \"arn:aws:iam::123456789012:user/admin\", params: %s}\n", action, params)
}

func run(t *testing.T, text string) engine.Report {
	t.Helper()
	s, findings := engine.Decode(text, scenario.LimitServer)
	if scenario.Unreadable(findings) {
		t.Fatalf("got findings %v, want a scenario that can be played", findings)
	}
	return engine.Run(s)
}

// said is AWS's answer to the last call.
func said(t *testing.T, text string) string {
	t.Helper()
	r := run(t, text)
	c := r.Calls[len(r.Calls)-1]
	if c.Error == nil {
		return ""
	}
	return fmt.Sprintf("%s %d: %s", c.Error.Code, c.Error.Status, c.Error.Message)
}

func statement(s string) string { return `{"Version": "2012-10-17", "Statement": [` + s + `]}` }

func yaml(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// unknown ends a text that is not known to be AWS's.
const unknown = " (AWS's wording unknown)"

// The answers to trust policies: the first ones as AWS gives them, those whose
// wording is unknown after them.
func TestWhatIAMAnswersToTrustPolicies(t *testing.T) {
	const service = `"Principal": {"Service": "ec2.amazonaws.com"}`
	for _, tt := range []struct{ policy, want string }{
		{statement(`{"Effect": "Allow", ` + service + `, "Action": "sts:AssumeRole"}`), ""},
		{`{"Version": `, "This policy contains invalid Json"},
		{statement(`{"Effect": "Allow", ` + service + `, "Action": "sts:AssumeRole", "Resource": "*"}`), "Has prohibited field Resource"},
		{statement(`{"Effect": "Allow", ` + service + `, "Action": "ec2:RunInstances"}`), "AssumeRole policy may only specify STS AssumeRole actions."},
		{statement(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:user/nobody"}, "Action": "sts:AssumeRole"}`), `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/nobody"`},
		{statement(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:group/dev"}, "Action": "sts:AssumeRole"}`), `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:group/dev"`},
		{statement(`{"Effect": "Allow", "Principal": {"Federated": "https://idp.example.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}`), "Federated principals must be valid domain names or SAML metadata ARNs"},
		{statement(`{"Effect": "Allow", ` + service + `, "Action": "sts:AssumeRole", "Condition": {"StringIs": {"aws:SourceAccount": "123456789012"}}}`), "Invalid Condition type : StringIs"},
		{statement(`{"Effect": "Allow", "Principal": {"AWS": []}, "Action": "sts:AssumeRole"}`), "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no principals!"},
		{`{"Version": "2020-01-01", "Statement": [{"Effect": "Allow", ` + service + `, "Action": "sts:AssumeRole"}]}`, "The policy must contain a valid version string" + unknown},
		{statement(""), "Could not parse the policy: Statement is empty!" + unknown},
		{statement(`{"Sid": "A", "Effect": "Allow", ` + service + `, "Action": "sts:AssumeRole"}, {"Sid": "A", "Effect": "Allow", ` + service + `, "Action": "sts:TagSession"}`), "The Statement Ids in the policy are not unique" + unknown},
		{statement(`{` + service + `, "Action": "sts:AssumeRole"}`), "Missing required field Effect" + unknown},
		{statement(`{"Effect": "Permit", ` + service + `, "Action": "sts:AssumeRole"}`), "Invalid effect: Permit" + unknown},
		{statement(`{"Effect": "Allow", "Action": "sts:AssumeRole"}`), "Missing required field Principal" + unknown},
		{statement(`{"Effect": "Allow", "Principal": "123456789012", "Action": "sts:AssumeRole"}`), "Principal must be a JSON object." + unknown},
		{statement(`{"Effect": "Allow", "NotPrincipal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}`), "Allow with NotPrincipal is not allowed." + unknown},
		{statement(`{"Effect": "Deny", "NotPrincipal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}`), "AssumeRole policy must not contain NotPrincipal field." + unknown},
		{statement(`{"Effect": "Allow", ` + service + `}`), "Missing required field Action" + unknown},
		{statement(`{"Effect": "Allow", ` + service + `, "Action": "sts:AssumeRole", "Condition": "none"}`), "Syntax error in policy." + unknown},
		{statement(`{"Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}`), "A condition block must be present for the Cognito provider" + unknown},
	} {
		want := tt.want
		if want != "" {
			want = "MalformedPolicyDocument 400: " + want
		}
		for _, params := range []struct{ action, text string }{
			{"iam:CreateRole", "{RoleName: new, AssumeRolePolicyDocument: " + yaml(tt.policy) + "}"},
			{"iam:UpdateAssumeRolePolicy", "{RoleName: app, PolicyDocument: " + yaml(tt.policy) + "}"},
		} {
			if got := said(t, admin+call(params.action, params.text)); got != want {
				t.Errorf("%s of %s:\ngot  %s\nwant %s", params.action, tt.policy, got, want)
			}
		}
	}
}

func TestWhatIAMAnswersToPermissions(t *testing.T) {
	for _, tt := range []struct{ policy, want string }{
		{statement(`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`), ""},
		{`{"Version": `, "Syntax errors in policy."},
		{`{"Version": "2012-10-17"}`, "Syntax errors in policy."},
		{statement(`{"Effect": "Permit", "Action": "s3:GetObject", "Resource": "*"}`), "Syntax errors in policy." + unknown},
		{statement(`{"Sid": "A", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, {"Sid": "A", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}`), "Statement IDs (SID) in a single policy must be unique."},
		{statement(`{"Effect": "Allow", "Resource": "*"}`), "Policy statement must contain actions."},
		{statement(`{"Effect": "Allow", "Action": "s3:GetObject"}`), "Policy statement must contain resources."},
		{statement(`{"Effect": "Allow", "Action": "GetObject", "Resource": "*"}`), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
		{statement(`{"Effect": "Allow", "Action": "s3:Get:Object", "Resource": "*"}`), "Actions/Condition can contain only one colon."},
		{statement(`{"Effect": "Allow", "Action": "s*:GetObject", "Resource": "*"}`), "Vendor s* is not valid"},
		{statement(`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "bucket"}`), `Resource bucket must be in ARN format or "*".`},
		{statement(`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:b:s3:::bucket"}`), `Partition "b" is not valid for resource "arn:b:s3:::bucket".`},
		{statement(`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws"}`), "Resource vendor must be fully qualified and cannot contain regexes."},
		{statement(`{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "arn:aws:iam:us-east-1:123456789012:role/app"}`), "IAM resource arn:aws:iam:us-east-1:123456789012:role/app cannot contain region information."},
		{statement(`{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}`), "Policy document should not specify a principal."},
	} {
		want := tt.want
		if want != "" {
			want = "MalformedPolicyDocument 400: " + want
		}
		if got := said(t, admin+call("iam:PutRolePolicy", "{RoleName: app, PolicyName: own, PolicyDocument: "+yaml(tt.policy)+"}")); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.policy, got, want)
		}
	}
}

func TestWhatIAMAnswersToNamesAndQuotas(t *testing.T) {
	attach := func(arn string) string {
		return call("iam:AttachRolePolicy", fmt.Sprintf("{RoleName: app, PolicyArn: %q}", arn))
	}
	var twenty strings.Builder
	for i := range 20 {
		fmt.Fprintf(&twenty, "%s", attach(fmt.Sprintf("arn:aws:iam::aws:policy/unknown-to-us-%d", i)))
	}
	for _, tt := range []struct{ calls, want string }{
		{attach("nothing-like-an-arn-of-a-policy"), "ValidationError 400: Invalid ARN:  Could not be parsed!"},
		{attach("arn:aws:iam::123456789012:policy/none"), "NoSuchEntity 404: Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable."},
		{attach("arn:aws:iam::aws:policy/ReadOnlyAccess"), ""},
		{twenty.String(), ""},
		{twenty.String() + attach("arn:aws:iam::aws:policy/unknown-to-us-0"), ""},
		{twenty.String() + attach("arn:aws:iam::aws:policy/ReadOnlyAccess"), "LimitExceeded 409: Cannot exceed quota for PoliciesPerRole: 20"},
		{call("iam:UpdateRole", "{RoleName: none, MaxSessionDuration: 3600}"), "NoSuchEntity 404: The role with name none cannot be found."},
		{call("iam:UpdateRole", "{RoleName: app, MaxSessionDuration: 3599}"), "ValidationError 400: 1 validation error detected: Value '3599' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600"},
		{call("iam:CreateRole", "{RoleName: APP, AssumeRolePolicyDocument: "+yaml(statement(`{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}`))+"}"), "EntityAlreadyExists 409: Role with name APP already exists."},
		{call("iam:CreateRole", "{RoleName: new, Path: no-slash, AssumeRolePolicyDocument: '{}'}"), `ValidationError 400: The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`},
	} {
		if got := said(t, admin+tt.calls); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.calls, got, tt.want)
		}
	}
}

// A scenario is played as it is written, however often.
func TestWhatIsSavedLeavesTheScenarioAlone(t *testing.T) {
	s, _ := engine.Decode(admin+
		call("iam:CreateOpenIDConnectProvider", "{Url: https://idp.example.com, ClientIDList: [a]}")+
		call("iam:AddClientIDToOpenIDConnectProvider", `{OpenIDConnectProviderArn: "arn:aws:iam::123456789012:oidc-provider/idp.example.com", ClientID: b}`)+
		call("iam:UpdateRole", "{RoleName: app, MaxSessionDuration: 43200}")+
		call("iam:AttachRolePolicy", `{RoleName: app, PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess"}`)+
		call("iam:SetSecurityTokenServicePreferences", "{GlobalEndpointTokenVersion: v2Token}"), scenario.LimitServer)
	for range 2 {
		for _, c := range engine.Run(s).Calls {
			if c.Error != nil {
				t.Fatalf("%s: got %s, want success", c.Action, c.Error.Message)
			}
		}
		a := &s.Accounts[0]
		if len(a.OpenIDConnectProviders) != 0 || a.Roles[0].MaxSessionDuration != 0 || len(a.Roles[0].AttachedPolicies) != 0 || a.GlobalEndpointTokenVersion != "" {
			t.Errorf("got the account changed, want it as it was written: %+v", a)
		}
	}
}
