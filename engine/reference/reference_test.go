package reference

import (
	"strings"
	"sync"
	"testing"
)

var aws = sync.OnceValue(func() *Reference {
	r, err := Parse(committed)
	if err != nil {
		panic(err)
	}
	return r
})

func TestANilReferenceKnowsNothing(t *testing.T) {
	var r *Reference
	if r.Service("s3") != nil || r.Service("s3").Action("GetObject") != nil || r.Key("aws:SourceIp") != nil {
		t.Error("got something")
	}
	for _, what := range []string{CompleteAction, CompleteResource, CompleteKey} {
		if list := r.Complete(what, "s3:GetObject", ""); list != nil {
			t.Errorf("%s: got %v", what, list)
		}
	}
	if near, certain := aws().Service("nothing").Nearest("GetObject"); near != "" || certain || len(aws().Service("nothing").Resources()) != 0 {
		t.Error("got something of no service")
	}
}

func TestKeysHaveTheirTypes(t *testing.T) {
	for name, want := range map[string]string{
		"aws:SourceIp": "IPAddress", "AWS:sourceip": "IPAddress", "aws:PrincipalTag/team": "String", "aws:PrincipalTag/a/b": "String",
		"aws:TagKeys": "String, several values", "aws:MultiFactorAuthPresent": "Bool", "aws:TokenIssueTime": "Date", "aws:PrincipalArn": "ARN",
		"s3:max-keys": "Numeric", "s3:ExistingObjectTag/x": "String", "sts:ExternalId": "String", "saml:cn": "String, several values",
		"kms:EncryptionContext:department": "String", "codebuild:secondarySources/a.location": "String",
		"iam:PassedToService": "String", "ec2:SourceInstanceARN": "ARN",
		"aws:PrincipalTag": "", "aws:PrincipalTag/": "", "aws:Nothing": "", "idp.example.com:sub": "", "sub": "", "": "",
	} {
		got := ""
		if key := aws().Key(name); key != nil {
			got = string(key.Type)
			if key.Multi {
				got += ", several values"
			}
		}
		if got != want {
			t.Errorf("%q: got %q want %q", name, got, want)
		}
	}
}

func TestProviderKeysAreToldByTheirAddress(t *testing.T) {
	for name, want := range map[string]bool{"idp.example.com:sub": true, "oidc.circleci.com/org/x:aud": true, "cognito-identity.amazonaws.com:aud": true, "aws:PrincipalTag/a.b": false, "saml:aud": false, "s3:x.y": false} {
		if IsProviderKey(name) != want {
			t.Errorf("%s: want %v", name, want)
		}
	}
}

func TestNearestNames(t *testing.T) {
	for written, want := range map[string]string{
		"s3:GetObjct": "s3:GetObject!", "s3:getObjects": "s3:GetObject!", "ec2:DescribeInstance": "ec2:DescribeInstances!", "ec2:RunInstnaces": "ec2:RunInstances!",
		"iam:ListAttachedUserPolicy": "iam:ListAttachedUserPolicies", "s3:Frobnicate": "", "s3:": "",
	} {
		prefix, name, _ := strings.Cut(written, ":")
		got, certain := aws().Service(prefix).Nearest(name)
		if got != "" {
			got = prefix + ":" + got
		}
		if certain {
			got += "!"
		}
		if got != want {
			t.Errorf("%s: got %q want %q", written, got, want)
		}
	}
	for written, want := range map[string]string{"aws:SourceIP4": "aws:SourceIp!", "aws:PrincipalTags/x": "aws:PrincipalTag/x!", "s3:prefx": "s3:prefix!", "aws:Frobnicate/x": "", "nothing:x": "", "aws:": ""} {
		near, certain := aws().NearestKey(written)
		if certain {
			near += "!"
		}
		if near != want {
			t.Errorf("%s: got %q want %q", written, near, want)
		}
	}
}

func TestCompletions(t *testing.T) {
	for _, c := range []struct {
		says        string
		suggestions []Suggestion
		want        []string // the first
		most        int
	}{
		{"a service", aws().Complete(CompleteAction, "", "s3"), []string{"s3:|Amazon S3", "s3-object-lambda:|Amazon S3 Object Lambda"}, 12},
		{"nothing typed", aws().Complete(CompleteAction, "", ""), []string{"a2c:|AWS App2Container"}, 12},
		{"an action", aws().Complete(CompleteAction, "", "S3:getobj"), []string{"s3:GetObject|Read"}, 12},
		{"a word within an action", aws().Complete(CompleteAction, "", "iam:boundary"), []string{"iam:DeleteRolePermissionsBoundary|Permissions management"}, 4},
		{"an action of no service", aws().Complete(CompleteAction, "", "nothing:Get"), nil, 0},
		{"a resource", aws().Complete(CompleteResource, "s3:ListBucket", ""), []string{"*|every resource", "arn:aws:s3:::${BucketName}|bucket"}, 12},
		{"a resource that is begun", aws().Complete(CompleteResource, "s3:GetObject", "arn:aws:s3:::my"), []string{"arn:aws:s3:::${BucketName}/${ObjectName}|object"}, 1},
		{"a resource for a wildcard", aws().Complete(CompleteResource, "dynamodb:Get*", "arn:aws:dynamodb:eu-west-1:1:ta"), []string{"arn:aws:dynamodb:${Region}:${Account}:"}, 12},
		{"a resource where there is none", aws().Complete(CompleteResource, "sts:GetCallerIdentity", "arn"), nil, 0},
		{"a key", aws().Complete(CompleteKey, "s3:ListBucket", "s3:pre"), []string{"s3:prefix|String"}, 1},
		{"keys, the action's own first", aws().Complete(CompleteKey, "sts:AssumeRole", "sts:"), []string{"sts:ExternalId|String"}, 12},
		{"a global key", aws().Complete(CompleteKey, "s3:ListBucket", "aws:Sourcei"), []string{"aws:SourceIdentity|String", "aws:SourceIp|IPAddress"}, 2},
		{"a key for a wildcard", aws().Complete(CompleteKey, "s3:*", "s3:pre"), []string{"s3:prefix|String"}, 1},
		{"a key for any action", aws().Complete(CompleteKey, "", "aws:tagk"), []string{"aws:TagKeys|String, several values"}, 1},
	} {
		if len(c.suggestions) > c.most || len(c.suggestions) < len(c.want) {
			t.Errorf("%s: got %v, want at most %d", c.says, c.suggestions, c.most)
			continue
		}
		for i, want := range c.want {
			if got := c.suggestions[i].Text + "|" + c.suggestions[i].Detail; !strings.HasPrefix(got, want) {
				t.Errorf("%s: got %q in place %d, want %q", c.says, got, i, want)
			}
		}
	}
}

func BenchmarkCompleteAction(b *testing.B) {
	for b.Loop() {
		aws().Complete(CompleteAction, "", "ec2:zzz")
	}
}

func BenchmarkCompleteKey(b *testing.B) {
	for b.Loop() {
		aws().Complete(CompleteKey, "ec2:RunInstances", "ec2:")
	}
}

func BenchmarkNearestAction(b *testing.B) {
	for b.Loop() {
		aws().Service("ec2").Nearest("DescribInstance")
	}
}
