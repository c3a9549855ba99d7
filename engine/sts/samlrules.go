package sts

import "stsplayground/engine/trace"

var (
	citeSAMLAPI = trace.Cite{
		Title: "AssumeRoleWithSAML, AWS STS API reference",
		URL:   docs + "STS/latest/APIReference/API_AssumeRoleWithSAML.html",
	}
	citeAssertion = trace.Cite{
		Title: "Configure SAML assertions for the authentication response",
		URL:   docs + "IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html",
	}
	citeSAMLProvider = trace.Cite{
		Title: "Create a SAML identity provider in IAM",
		URL:   docs + "IAM/latest/UserGuide/id_roles_providers_create_saml.html",
	}
	citeSAMLTrouble = trace.Cite{
		Title: "Troubleshoot SAML federation with IAM",
		URL:   docs + "IAM/latest/UserGuide/troubleshoot_saml.html",
	}
	citeSAMLCore = trace.Cite{
		Title: "SAML 2.0 Core",
		URL:   "https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf",
	}
	citeXMLSignature = trace.Cite{
		Title: "XML Signature Syntax and Processing",
		URL:   "https://www.w3.org/TR/xmldsig-core1/",
	}
)

// The rules of the walk of AssumeRoleWithSAML, in its order, as far as it
// doesn't share them with the other operations.
var (
	ruleSAMLProvider = &trace.Rule{Code: "saml/provider", Title: "PrincipalArn is a SAML provider of the role's account", Cite: citeSAMLTrouble}
	ruleMetadata     = &trace.Rule{Code: "saml/metadata", Title: "The provider's metadata has a signing key", Cite: citeSAMLProvider}

	ruleResponse   = &trace.Rule{Code: "saml/response", Title: "SAMLAssertion is a SAML response with one assertion", Cite: citeAssertion}
	ruleStatus     = &trace.Rule{Code: "saml/status", Title: "The identity provider reports success", Cite: citeSAMLCore}
	ruleEncryption = &trace.Rule{Code: "saml/encryption", Title: "The assertion is encrypted as the provider asks, and can be opened", Cite: citeSAMLProvider}

	ruleSAMLSignature = &trace.Rule{Code: "saml/signature", Title: "A key of the metadata verifies each signature of the response", Cite: citeSAMLTrouble}
	ruleSigned        = &trace.Rule{Code: "saml/signed-element", Title: "The signed element is as it was when it was signed", Cite: citeXMLSignature}
	ruleSignedInfo    = &trace.Rule{Code: "saml/signed-info", Title: "The signature over the digest is by a key of the metadata", Cite: citeXMLSignature}

	ruleAssertion     = &trace.Rule{Code: "saml/assertion", Title: "The assertion's values are of the types that SAML gives them", Cite: citeSAMLCore}
	ruleSAMLIssuer    = &trace.Rule{Code: "saml/issuer", Title: "The issuer is the provider's entity", Cite: citeSAMLTrouble}
	ruleNameID        = &trace.Rule{Code: "saml/name-id", Title: "The subject has a NameID", Cite: citeSAMLTrouble}
	ruleConfirmation  = &trace.Rule{Code: "saml/confirmation", Title: "Exactly one bearer confirmation says where the assertion goes and until when", Cite: citeAssertion}
	ruleRecipient     = &trace.Rule{Code: "saml/recipient", Title: "The recipient is AWS's sign-in endpoint", Cite: citeAssertion}
	ruleSAMLAudience  = &trace.Rule{Code: "saml/audience", Title: "The audience is AWS", Cite: citeSAMLTrouble}
	ruleSAMLExpiry    = &trace.Rule{Code: "saml/expiry", Title: "The assertion is used within its time", Cite: citeAssertion}
	ruleRedeemed      = &trace.Rule{Code: "saml/redeemed-in-time", Title: "The assertion is redeemed within five minutes", Cite: citeAssertion}
	ruleSAMLNotBefore = &trace.Rule{Code: "saml/not-before", Title: "The moment is not before NotBefore", Cite: citeSAMLCore}
	ruleNotOnOrAfter  = &trace.Rule{Code: "saml/not-on-or-after", Title: "The moment is before NotOnOrAfter", Cite: citeSAMLCore}
	ruleSessionEnd    = &trace.Rule{Code: "saml/session-not-on-or-after", Title: "The session at the identity provider hasn't ended", Cite: citeSAMLAPI}

	rulePair            = &trace.Rule{Code: "saml/role", Title: "The response offers the role with this provider", Cite: citeAssertion}
	ruleSessionName     = &trace.Rule{Code: "saml/role-session-name", Title: "RoleSessionName names the session", Cite: citeSAMLTrouble}
	ruleSessionDuration = &trace.Rule{Code: "saml/session-duration", Title: "SessionDuration, if any, is 900 to 43200 seconds", Cite: citeAssertion}
)

// samlRules are those of the walk that only AssumeRoleWithSAML has.
var samlRules = []*trace.Rule{
	ruleSAMLProvider, ruleMetadata, ruleResponse, ruleStatus, ruleEncryption,
	ruleSAMLSignature, ruleSigned, ruleSignedInfo, ruleAssertion, ruleSAMLIssuer, ruleNameID, ruleConfirmation, ruleRecipient,
	ruleSAMLAudience, ruleSAMLExpiry, ruleRedeemed, ruleSAMLNotBefore, ruleNotOnOrAfter, ruleSessionEnd,
	rulePair, ruleSessionName, ruleSessionDuration,
}
