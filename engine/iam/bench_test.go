package iam

import (
	"testing"

	"stsplayground/engine/source"
)

// threeByThree is a trust policy of three statements with three conditions
// each, about 1.6 KB.
const threeByThree = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "main", "Effect": "Allow",
     "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
     "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
     "Condition": {
       "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                        "token.actions.githubusercontent.com:ref": ["refs/heads/dev", "refs/heads/main"]},
       "StringLike": {"token.actions.githubusercontent.com:sub": ["repo:o/a:*", "repo:o/r:ref:refs/heads/*"]}}},
    {"Sid": "tags", "Effect": "Allow",
     "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
     "Action": "sts:AssumeRoleWithWebIdentity",
     "Condition": {
       "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
       "StringLike": {"token.actions.githubusercontent.com:sub": "repo:o/r:*"},
       "DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}},
    {"Sid": "net", "Effect": "Deny", "Principal": "*", "Action": "sts:*",
     "Condition": {
       "NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]},
       "Bool": {"aws:ViaAWSService": "false"},
       "NumericGreaterThan": {"aws:MultiFactorAuthAge": 3600}}}
  ]
}`

func benchmarkRequest() *Request {
	ctx := NewContext()
	ctx.Set("token.actions.githubusercontent.com:aud", "sts.amazonaws.com")
	ctx.Set("token.actions.githubusercontent.com:sub", "repo:o/r:ref:refs/heads/main")
	ctx.Set("token.actions.githubusercontent.com:ref", "refs/heads/main")
	ctx.Set("aws:CurrentTime", "2026-04-28T10:30:00Z")
	ctx.Set("aws:SourceIp", "198.51.100.7")
	ctx.Set("aws:ViaAWSService", "false")
	ctx.Set("aws:MultiFactorAuthAge", "12")
	return &Request{
		Action:    "sts:AssumeRoleWithWebIdentity",
		Principal: Principal{Federated: []string{"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}},
		Context:   ctx,
	}
}

func BenchmarkDecide(b *testing.B) {
	policy, _ := ParseText(threeByThree, TrustPolicy)
	request := benchmarkRequest()
	b.ReportAllocs()
	for b.Loop() {
		if policy.Decide(request) != Allow {
			b.Fatal("the request is denied")
		}
	}
}

func BenchmarkExplain(b *testing.B) {
	policy, _ := ParseText(threeByThree, TrustPolicy)
	request := benchmarkRequest()
	b.ReportAllocs()
	for b.Loop() {
		policy.Explain(request)
	}
}

func BenchmarkParse(b *testing.B) {
	root, err := source.ParseJSON(threeByThree)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(threeByThree)))
	for b.Loop() {
		Parse(&root, TrustPolicy)
	}
}

// The budget of the decision alone is ten allocations; it needs none.
func TestDecideAllocatesNothing(t *testing.T) {
	policy, findings := ParseText(threeByThree, TrustPolicy)
	if len(findings) != 0 {
		t.Fatalf("got findings %v want none", findings)
	}
	request := benchmarkRequest()
	if got := testing.AllocsPerRun(100, func() { policy.Decide(request) }); got > 1 {
		t.Errorf("got %v allocations want at most 1", got)
	}
}
