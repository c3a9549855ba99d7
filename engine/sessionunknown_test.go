package engine_test

import (
	"strings"
	"testing"

	"stsplayground/engine"
)

func TestASessionPolicyThatIsNotKnownWasPassedAllTheSame(t *testing.T) {
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/ann"},"Action":"sts:AssumeRole"}]}`
	r := engine.Run(decode(t, `{"now":"2026-04-28T10:30:00Z","accounts":{"123456789012":{"Users":[{"UserName":"ann"}],"Roles":[{"RoleName":"app","AssumeRolePolicyDocument":`+trust+`}]}},"calls":[
		{"name":"in","action":"sts:AssumeRole","caller":"arn:aws:iam::123456789012:user/ann","params":{"RoleArn":"arn:aws:iam::123456789012:role/app","RoleSessionName":"ann","PolicyArns":[{"arn":"arn:aws:iam::aws:policy/NoSuchPolicy"}]}},
		{"name":"read","action":"s3:GetObject","caller":"in","resource":"arn:aws:s3:::bucket/key"}]}`))
	for _, s := range r.Calls[1].Steps {
		if s.Rule != "access/session-policy" {
			continue
		}
		if strings.Contains(s.Why, "was passed") || !strings.Contains(s.Why, "NoSuchPolicy allows isn't known") {
			t.Errorf("got %q", s.Why)
		}
		return
	}
	t.Error("no step asks the session policies")
}
