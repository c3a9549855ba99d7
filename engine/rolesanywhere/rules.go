package rolesanywhere

import "stsplayground/engine/trace"

const guide = "https://docs.aws.amazon.com/rolesanywhere/latest/userguide/"

var (
	citeTrust   = trace.Cite{Title: "IAM Roles Anywhere User Guide: The trust model", URL: guide + "trust-model.html"}
	citeSession = trace.Cite{Title: "IAM Roles Anywhere User Guide: CreateSession", URL: guide + "authentication-create-session.html"}
	citeMapping = trace.Cite{Title: "IAM Roles Anywhere User Guide: Certificate attribute mapping", URL: guide + "attribute-mapping.html"}
)

// The rules of the walk, in its order. Those of the AssumeRole that the
// service calls in turn come after them.
var (
	ruleParameters = &trace.Rule{Code: "anywhere/parameters", Title: "The request names trust anchor, profile and role", Cite: citeSession}
	ruleAnchor     = &trace.Rule{Code: "anywhere/trust-anchor", Title: "The trust anchor exists and is enabled", Cite: citeTrust}
	ruleProfile    = &trace.Rule{Code: "anywhere/profile", Title: "The profile exists, is enabled and lists the role", Cite: citeSession}
	ruleRead       = &trace.Rule{Code: "anywhere/certificate", Title: "The certificate is one that machines may sign in with", Cite: citeTrust}
	ruleSigned     = &trace.Rule{Code: "anywhere/request-signature", Title: "The request is signed with the certificate's private key", Cite: citeTrust}
	ruleChain      = &trace.Rule{Code: "anywhere/chain", Title: "The trust anchor issued the certificate", Cite: citeTrust}
	ruleValidity   = &trace.Rule{Code: "anywhere/validity", Title: "The certificate is valid now", Cite: citeTrust}
	ruleRevoked    = &trace.Rule{Code: "anywhere/revocation", Title: "No imported revocation list has the certificate", Cite: citeTrust}
	ruleTags       = &trace.Rule{Code: "anywhere/attribute-mapping", Title: "The mapped attributes become session tags", Cite: citeMapping}
	ruleName       = &trace.Rule{Code: "anywhere/session-name", Title: "The session is named by the certificate's serial number, unless the profile takes other names", Cite: citeSession}
	ruleDuration   = &trace.Rule{Code: "anywhere/duration", Title: "The session is no longer than profile and role allow", Cite: citeSession}
)

var allRules = []*trace.Rule{ruleParameters, ruleAnchor, ruleProfile, ruleRead, ruleSigned, ruleChain, ruleValidity, ruleRevoked, ruleTags, ruleName, ruleDuration}

// Rules are the rules that this package checks.
func Rules() []trace.Rule {
	rules := make([]trace.Rule, len(allRules))
	for i, r := range allRules {
		rules[i] = *r
	}
	return rules
}
