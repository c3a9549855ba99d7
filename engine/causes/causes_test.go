package causes

import (
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		words, code string
		says        string // somewhere in the first error's means, titles and checks
	}{
		{"the CLI's line", "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
			"Not authorized to perform sts:AssumeRoleWithWebIdentity", "AccessDenied", "sub"},
		{"the action's line", "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity", "Not authorized to perform sts:AssumeRoleWithWebIdentity", "AccessDenied", "aud"},
		{"letter case and line breaks of a log", "error: not authorized\n  to perform   STS:AssumeRoleWithWebIdentity", "not authorized to perform STS:AssumeRoleWithWebIdentity", "AccessDenied", "sub"},
		{"a value in the words", `{"message":"No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com"}`,
			"No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com", "InvalidIdentityToken", "iss, https://token.actions.githubusercontent.com"},
		{"XML of the wire", "<Code>InvalidIdentityToken</Code><Message>Couldn&apos;t retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements</Message>",
			"Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements", "InvalidIdentityToken", "private network"},
		{"an access denied sentence", "User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::site/index.html\" because no identity-based policy allows the s3:PutObject action",
			"User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::site/index.html\" because no identity-based policy allows the", "AccessDenied", "allows s3:PutObject"},
		{"the same by an SCP", "User: arn:aws:iam::123456789012:user/x is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:1:instance/* with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p-1",
			"User: arn:aws:iam::123456789012:user/x is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:1:instance/* with an explicit deny in a service control policy", "AccessDenied", "guardrail"},
		{"without a reason", "User: arn:aws:iam::123456789012:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::999999999999:role/y",
			"User: arn:aws:iam::123456789012:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::999999999999:role/y", "AccessDenied", "trust policy doesn't name the caller"},
		{"a time", "Token expired: current date/time 1731098245 must be before the expiration date/time 1731095240", "Token expired: current date/time 1731098245 must be before the expiration date/time 1731095240", "ExpiredTokenException", "it was 1731095240"},
		{"a constraint", `ValidationError: 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
			"validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member", "ValidationError", "session name"},
		{"a record of CloudTrail", `{"eventName":"AssumeRoleWithWebIdentity","errorCode":"AccessDenied","errorMessage":"An unknown error occurred","userIdentity":{"type":"WebIdentityUser","userName":"repo:o/r:pull_request"}}`,
			"An unknown error occurred", "AccessDenied", "never says why"},
		{"a job without a token", "Error: Credentials could not be loaded. It looks like you might be trying to authenticate with OIDC. Did you mean to set the `id-token` permission?", "Did you mean to set the `id-token` permission?", "", "id-token: write"},
		{"only a code", "botocore.exceptions.ClientError: IDPCommunicationError", "IDPCommunicationError", "IDPCommunicationError", "didn't answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := Explain(c.text)
			if len(x.Errors) == 0 {
				t.Fatal("nothing was recognised")
			}
			e := x.Errors[0]
			if e.Words != c.words || e.Code != c.code {
				t.Errorf("got %q %s, want %q %s", e.Words, e.Code, c.words, c.code)
			}
			said := e.Means
			for _, cause := range e.Causes {
				said += cause.Title + cause.Check
			}
			if !strings.Contains(said, c.says) {
				t.Errorf("got %q, want %q in it", said, c.says)
			}
			if strings.ContainsAny(said, "{}") && !strings.Contains(said, `{"`) {
				t.Errorf("got a name that nothing fills: %q", said)
			}
		})
	}
}

func TestNothingIsMadeUp(t *testing.T) {
	for _, text := range []string{"", "all is well", strings.Repeat("x", 1<<20), "\xff\xfe", "{", `{"eventName": "PutObject"}`, "{who} {action}"} {
		if x := Explain(text); len(x.Errors) != 0 {
			t.Errorf("%.20q: got %+v", text, x.Errors)
		}
	}
}

func TestFacts(t *testing.T) {
	x := Explain(`AccessDenied: User: arn:aws:sts::123456789012:assumed-role/ci/run with ASIARZPUZDIKAAAAAAAA, see https://docs.aws.amazon.com/x.`)
	want := []Fact{{"Session", "arn:aws:sts::123456789012:assumed-role/ci/run"}, {"Access key of a session", "ASIARZPUZDIKAAAAAAAA"}, {"Address", "https://docs.aws.amazon.com/x"}}
	if len(x.Facts) != len(want) {
		t.Fatalf("got %+v", x.Facts)
	}
	for i := range want {
		if x.Facts[i] != want[i] {
			t.Errorf("got %+v, want %+v", x.Facts[i], want[i])
		}
	}
}

func TestEveryEntryIsWhole(t *testing.T) {
	for _, e := range entries() {
		if e.Means == "" || len(e.Causes) == 0 {
			t.Errorf("%q has no meaning or no causes", e.wordings)
		}
		for _, c := range e.Causes {
			if !strings.HasSuffix(c.Title, ".") {
				t.Errorf("%q: the cause %q is no sentence", e.wordings[0], c.Title)
			}
		}
	}
}

func FuzzExplain(f *testing.F) {
	f.Add("User: a is not authorized to perform: b on resource: c because no session policy allows the")
	f.Add(`{"Records":[{"errorCode":"AccessDenied","eventName":"AssumeRole","errorMessage":"x"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		x := Explain(text)
		if len(x.Errors) > most || len(x.Facts) > mostFacts {
			t.Errorf("got %d errors and %d facts", len(x.Errors), len(x.Facts))
		}
	})
}
