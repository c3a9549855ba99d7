package saml

import "stsplayground/engine/trace"

var (
	ruleText = trace.Rule{
		Code:  "saml/text",
		Title: "The text holds a SAML response",
		Cite: trace.Cite{
			Title: "SAML 2.0 Bindings §3.5.4, HTTP POST",
			URL:   "https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf",
		},
	}
	ruleXML = trace.Rule{
		Code:  "saml/xml",
		Title: "The XML reads the same for everyone",
		Cite: trace.Cite{
			Title: "XML 1.0 §2.1, well-formed documents",
			URL:   "https://www.w3.org/TR/xml/#sec-well-formed",
		},
	}
	ruleMetadata = trace.Rule{
		Code:  "saml/metadata",
		Title: "The metadata names an identity provider and its keys",
		Cite: trace.Cite{
			Title: "Create a SAML identity provider in IAM",
			URL:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html",
		},
	}
)

// Rules are the rules that this package checks, in the order of the walk.
func Rules() []trace.Rule {
	return append([]trace.Rule{ruleText, ruleXML, ruleMetadata}, verifyRules()...)
}
