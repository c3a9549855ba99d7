package sts

import (
	"os"
	"strings"
	"testing"

	"stsplayground/engine/iam"
	"stsplayground/engine/reference"
	"stsplayground/engine/scenario"
)

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
		findings := nameFindings(iam.NewNames(names), d, compiled)
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
