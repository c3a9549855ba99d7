package oidc

import "stsplayground/engine/trace"

var (
	ruleToken = trace.Rule{
		Code:  "oidc/token",
		Title: "The token is a signed JSON Web Token",
		Cite:  trace.RFC("7519", "7.2"),
	}
	ruleAlgorithm = trace.Rule{
		Code:  "oidc/algorithm",
		Title: "The token is signed with an algorithm that AWS takes",
		Cite: trace.Cite{
			Title: "Create an OpenID Connect (OIDC) identity provider in IAM",
			URL:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
		},
	}
	ruleClaims = trace.Rule{
		Code:  "oidc/claims",
		Title: "The token has the claims that STS requires",
		Cite:  trace.RFC("7519", "4.1"),
	}
	ruleKeys = trace.Rule{
		Code:  "oidc/keys",
		Title: "The provider's key set has the key that the token names",
		Cite:  trace.RFC("7517", "5"),
	}
	ruleSignature = trace.Rule{
		Code:  "oidc/signature",
		Title: "The provider's key verifies the signature",
		Cite:  trace.RFC("7515", "5.2"),
	}
)

// Rules are the rules that this package checks, in the order of the walk.
func Rules() []trace.Rule {
	return []trace.Rule{ruleToken, ruleAlgorithm, ruleClaims, ruleKeys, ruleSignature}
}
