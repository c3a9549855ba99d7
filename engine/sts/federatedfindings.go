package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/trace"
)

var findBuiltIn = trace.Rule{Code: "trust/built-in-provider", Title: "A provider without an ARN is one built into IAM", Cite: citeOIDCRole}

// builtInProviders are those that IAM knows without a registration (IAM guide,
// "Create a role for OpenID Connect federation").
var builtInProviders = []string{"accounts.google.com", "cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com"}

// builtInFindings are the federated principals that no token comes from: a bare
// domain is that of a provider built in, and any other stands by its ARN.
func builtInFindings(role *Role, s *iam.Statement) (findings []trace.Finding) {
	for i := range s.Principal.Values {
		v := &s.Principal.Values[i]
		bare := strings.Contains(v.Text, ".") && !strings.ContainsAny(v.Text, ":/")
		if v.Type != "Federated" || !bare || slices.Contains(builtInProviders, v.Text) || len(findings) == mostProviders {
			continue
		}
		f := finding(findBuiltIn, trace.SeverityWarning, v.At,
			fmt.Sprintf("%q isn't built into IAM, as %s are; name the provider that the account has registered, by its ARN.", v.Text, strings.Join(builtInProviders, ", ")))
		d := role.AssumeRolePolicyDocument
		arn := "arn:aws:iam::" + strings.SplitN(role.ARN, ":", 6)[4] + ":oidc-provider/" + v.Text
		f.Fix = patchPolicy(d, []trace.Patch{{Op: "replace", Path: strings.TrimPrefix(v.At.Path, d.Path), Value: arn}})
		findings = append(findings, f)
	}
	return findings
}
