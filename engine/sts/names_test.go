package sts

import (
	"os"
	"strings"
	"testing"

	"stsplayground/engine/iam"
	"stsplayground/engine/reference"
	"stsplayground/engine/scenario"
)

func TestOneMistakeIsToldOnce(t *testing.T) {
	text, err := os.ReadFile("../reference/reference.txt")
	if err != nil {
		t.Fatal(err)
	}
	names, err := reference.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for says, statement := range map[string]string{
		"an address compared as text": `"Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceIp":"203.0.113.7"}}`,
		"a bucket with a Region":      `"Action":"s3:ListBucket","Resource":"arn:aws:s3:us-east-1::bucket"`,
		"a tag's key left out":        `"Action":"ec2:CreateTags","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag":"a"}}`,
		"no ARN":                      `"Action":"s3:GetObject","Resource":"s3://bucket/*"`,
	} {
		s, problem := scenario.Decode(`{"accounts":{"123456789012":{"Users":[{"UserName":"ann","Policies":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`+statement+`}]}}]}]}}}`, scenario.LimitCheck)
		if problem != nil {
			t.Fatal(problem)
		}
		d := s.Accounts[0].Users[0].Policies[0].PolicyDocument
		compiled, found := compile(d, iam.IdentityPolicy)
		if all := append(found, nameFindings(iam.NewNames(names), d, compiled, found)...); len(all) != 1 {
			t.Errorf("%s: got %d findings want one: %+v", says, len(all), all)
		}
	}
}

func TestFixesOfNamesFitHowThePolicyIsWritten(t *testing.T) {
	text, err := os.ReadFile("../reference/reference.txt")
	if err != nil {
		t.Fatal(err)
	}
	names, err := reference.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	const policy = `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": ["s3:GetObjct"], "Resource": "*"}]}`
	for says, c := range map[string]struct{ written, path, value string }{
		"an object": {policy, "/accounts/123456789012/ResourceControlPolicies/0/0/Statement/0/Action/0", "s3:GetObject"},
		"a string":  {`"` + strings.ReplaceAll(policy, `"`, `\"`) + `"`, "/accounts/123456789012/ResourceControlPolicies/0/0", strings.Replace(policy, "GetObjct", "GetObject", 1)},
	} {
		s, _ := scenario.Decode(`{"accounts":{"123456789012":{"ResourceControlPolicies":[[`+c.written+`]]}}}`, scenario.LimitCheck)
		d := s.Accounts[0].ResourceControlPolicies[0][0]
		compiled, _ := compile(d, iam.ResourceControlPolicy)
		findings := nameFindings(iam.NewNames(names), d, compiled, nil)
		if len(findings) != 1 || len(findings[0].Fix) != 1 {
			t.Errorf("%s: got %+v want one finding with a fix", says, findings)
			continue
		}
		if fix := findings[0].Fix[0]; fix.Op != "replace" || fix.Path != c.path || fix.Value != c.value {
			t.Errorf("%s: got %+v", says, fix)
		}
		if at := findings[0].At; at.Path != "/accounts/123456789012/ResourceControlPolicies/0/0/Statement/0/Action/0" {
			t.Errorf("%s: got %+v", says, at)
		}
	}
}
