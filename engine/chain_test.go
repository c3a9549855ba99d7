package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"stsplayground/engine"
)

// Each session hangs below what it was made with, whatever that is.
func TestCredentialsFormATree(t *testing.T) {
	got := engine.Run(decode(t, `
now: "2026-04-28T10:30:00Z"
issuers: [{url: https://idp.example, signing: [{kid: k, alg: RS256}]}]
accounts:
  "123456789012":
    OpenIDConnectProviders: [{Url: https://idp.example, ClientIDList: [aws]}]
    Users: [{UserName: alice}]
    Roles:
      - RoleName: first
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: {Federated: "arn:aws:iam::123456789012:oidc-provider/idp.example"}
              Action: sts:AssumeRoleWithWebIdentity
              Condition: {StringEquals: {"idp.example:aud": aws, "idp.example:sub": ana}}
            - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
      - RoleName: second
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement: [{Effect: Allow, Principal: {AWS: ["arn:aws:iam::123456789012:role/first", "arn:aws:iam::123456789012:user/alice"]}, Action: sts:AssumeRole}]
calls:
  - {name: in, action: sts:AssumeRoleWithWebIdentity, params: {RoleArn: "arn:aws:iam::123456789012:role/first", RoleSessionName: ana, WebIdentityToken: {mint: {issuer: https://idp.example, claims: {sub: ana, aud: aws}}}}}
  - {name: on, action: sts:AssumeRole, caller: in, after: 10m, params: {RoleArn: "arn:aws:iam::123456789012:role/second", RoleSessionName: ana}}
  - {name: refused, action: sts:AssumeRole, caller: on, params: {RoleArn: "arn:aws:iam::123456789012:role/first", RoleSessionName: ana}}
  - {name: alice's, action: sts:AssumeRole, caller: "arn:aws:iam::123456789012:user/alice", params: {RoleArn: "arn:aws:iam::123456789012:role/second", RoleSessionName: alice}}
  - {name: instance, action: sts:AssumeRole, caller: service/ec2.amazonaws.com, params: {RoleArn: "arn:aws:iam::123456789012:role/first", RoleSessionName: i-1}}
  - {name: late, action: s3:GetObject, caller: in, resource: "arn:aws:s3:::b/k", after: 1h}
`)).Credentials
	want := []engine.Credential{
		{Call: -1, Parent: -1, ARN: "ana", Kind: "subject of a token of https://idp.example"},
		{Call: 0, Parent: 0, ARN: "arn:aws:sts::123456789012:assumed-role/first/ana", Kind: "role session", Until: "2026-04-28T11:30:00Z"},
		{Call: 1, Parent: 1, ARN: "arn:aws:sts::123456789012:assumed-role/second/ana", Kind: "role session", Until: "2026-04-28T11:40:00Z"},
		{Call: -1, Parent: -1, ARN: "arn:aws:iam::123456789012:user/alice", Kind: "IAM user, long-term key"},
		{Call: 3, Parent: 3, ARN: "arn:aws:sts::123456789012:assumed-role/second/alice", Kind: "role session", Until: "2026-04-28T11:30:00Z"},
		{Call: -1, Parent: -1, ARN: "ec2.amazonaws.com", Kind: "service of AWS"},
		{Call: 4, Parent: 5, ARN: "arn:aws:sts::123456789012:assumed-role/first/i-1", Kind: "role session", Until: "2026-04-28T11:30:00Z"},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(engine.Credential{}, "AccessKeyID")); diff != "" {
		t.Errorf("the credentials differ (-want +got):\n%s", diff)
	}
	for _, c := range got {
		prefix := map[bool]string{true: "ASIA", false: "AKIA"}[c.Call >= 0]
		if signs := c.Kind != "service of AWS" && (c.Call >= 0 || c.Kind == "IAM user, long-term key"); signs != (len(c.AccessKeyID) == 20) || signs && c.AccessKeyID[:4] != prefix {
			t.Errorf("%s has the key %q", c.ARN, c.AccessKeyID)
		}
	}
}
