package saml

import "stsplayground/engine/trace"

var (
	ruleShape = trace.Rule{
		Code:  "saml/shape",
		Title: "The response holds exactly one assertion, where SAML has it",
		Cite: trace.Cite{
			Title: "SAML V2.0 Core §3.3.3, Element <Response>",
			URL:   "https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf",
		},
	}
	ruleDecryption = trace.Rule{
		Code:  "saml/decryption",
		Title: "A private key of the SAML provider opens the assertion",
		Cite: trace.Cite{
			Title: "Create a SAML identity provider in IAM",
			URL:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html",
		},
	}
	ruleProfile = trace.Rule{
		Code:  "saml/signature-profile",
		Title: "The signature has the form that SAML gives it",
		Cite: trace.Cite{
			Title: "SAML V2.0 Core §5.4, XML Signature Profile",
			URL:   "https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf",
		},
	}
	ruleAlgorithm = trace.Rule{
		Code:  "saml/algorithm",
		Title: "The response is signed with an algorithm that can be trusted",
		Cite: trace.Cite{
			Title: "XML Signature 1.1 §6, Algorithms",
			URL:   "https://www.w3.org/TR/xmldsig-core1/#sec-Algorithms",
		},
	}
	ruleSignature = trace.Rule{
		Code:  "saml/signature",
		Title: "A key of the provider's metadata verifies every signature",
		Cite: trace.Cite{
			Title: "XML Signature 1.1 §3.2, Core Validation",
			URL:   "https://www.w3.org/TR/xmldsig-core1/#sec-CoreValidation",
		},
	}
)

// verifyRules are the rules of Open, Decrypt and Verify, in the order of the
// walk.
func verifyRules() []trace.Rule {
	return []trace.Rule{ruleShape, ruleDecryption, ruleProfile, ruleAlgorithm, ruleSignature}
}
