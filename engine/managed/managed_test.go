package managed

import (
	"strings"
	"testing"

	"stsplayground/engine/iam"
)

func TestEveryPublishedPolicyIsReadWhole(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(published), "\n")
	if len(all()) != len(lines) {
		t.Fatalf("%d lines, and %d policies", len(lines), len(all()))
	}
	for arn, p := range all() {
		if _, findings := iam.ParseText(p.Document(), iam.IdentityPolicy); len(findings) > 0 {
			for _, f := range findings {
				if f.Severity == "error" {
					t.Errorf("%s: %s: %s", arn, f.Rule, f.Detail)
				}
			}
		}
		if len(p.Compiled().Statements) == 0 || !strings.HasPrefix(p.Version, "v") || len(p.Date) != len("2006-01-02") {
			t.Errorf("%s: version %q of %q with %d statements", arn, p.Version, p.Date, len(p.Compiled().Statements))
		}
	}
}

func TestWhatAPolicyOfAWSAllows(t *testing.T) {
	for _, test := range []struct {
		name, arn, action, resource string
		want                        iam.Effect
	}{
		{"read only reads objects", "ReadOnlyAccess", "s3:GetObject", "arn:aws:s3:::bucket/key", iam.Allow},
		{"read only writes nothing", "ReadOnlyAccess", "s3:PutObject", "arn:aws:s3:::bucket/key", iam.ImplicitDeny},
		{"administrators may do everything", "AdministratorAccess", "iam:CreateUser", "*", iam.Allow},
		{"power users make no users", "PowerUserAccess", "iam:CreateUser", "*", iam.ImplicitDeny},
		{"AWSDenyAll denies", "AWSDenyAll", "s3:GetObject", "*", iam.ExplicitDeny},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := Lookup("arn:aws:iam::aws:policy/" + test.arn)
			if p == nil {
				t.Fatal("unknown")
			}
			if got := p.Compiled().Decide(&iam.Request{Action: test.action, Resource: test.resource}); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestWhatIsNotKnownIsNil(t *testing.T) {
	for arn, aws := range map[string]bool{
		"arn:aws:iam::aws:policy/NoSuchPolicy":               true,
		"arn:aws:iam::123456789012:policy/ReadOnlyAccess":    false,
		"arn:aws:s3:::aws:policy/ReadOnlyAccess":             false,
		"ReadOnlyAccess":                                     false,
		"arn:aws:iam::aws:policy/job-function/NoSuchPolicy":  true,
		"arn:aws:iam::aws:role/ReadOnlyAccess":               false,
		"arn:aws-cn:iam::aws:policy/NoSuchPolicyEitherThere": true,
	} {
		if Lookup(arn) != nil {
			t.Errorf("%s is known", arn)
		}
		if IsAWS(arn) != aws {
			t.Errorf("%s: of AWS %t, want %t", arn, IsAWS(arn), aws)
		}
	}
	if Lookup("arn:aws-cn:iam::aws:policy/ReadOnlyAccess") == nil {
		t.Error("China has no ReadOnlyAccess")
	}
}
