package registration

import "stsplayground/engine/trace"

const (
	guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	api   = "https://docs.aws.amazon.com/IAM/latest/APIReference/"
)

var (
	citeAPI       = trace.Cite{Title: "IAM API reference: Actions", URL: api + "API_Operations.html"}
	citeOIDC      = trace.Cite{Title: "Create an OpenID Connect (OIDC) identity provider in IAM", URL: guide + "id_roles_providers_create_oidc.html"}
	citeSAML      = trace.Cite{Title: "Create a SAML identity provider in IAM", URL: guide + "id_roles_providers_create_saml.html"}
	citeQuotas    = trace.Cite{Title: "IAM and AWS STS quotas", URL: guide + "reference_iam-quotas.html"}
	citeTags      = trace.Cite{Title: "Tags for AWS Identity and Access Management resources", URL: guide + "id_tags.html"}
	citeRole      = trace.Cite{Title: "CreateRole, IAM API reference", URL: api + "API_CreateRole.html"}
	citeGrammar   = trace.Cite{Title: "Grammar of the IAM JSON policy language", URL: guide + "reference_policies_grammar.html"}
	citePrincipal = trace.Cite{Title: "AWS JSON policy elements: Principal", URL: guide + "reference_policies_elements_principal.html"}
	citeShared    = trace.Cite{Title: "Identity-provider controls for shared OIDC providers", URL: guide + "id_roles_providers_oidc_secure-by-default.html"}
	citeManaged   = trace.Cite{Title: "AttachRolePolicy, IAM API reference", URL: api + "API_AttachRolePolicy.html"}
	citeLinked    = trace.Cite{Title: "Create a service-linked role", URL: guide + "id_roles_create-service-linked-role.html"}
)

var (
	ruleTagPermission = &trace.Rule{Code: "iam/tag-permission", Title: "The caller may tag what it creates", Cite: citeTags}
	ruleTags          = &trace.Rule{Code: "iam/tags", Title: "Each tag key is there once", Cite: citeTags}
	ruleParameters    = &trace.Rule{Code: "iam/parameters", Title: "The request's parameters keep to IAM's constraints", Cite: citeAPI}

	ruleProviderURL = &trace.Rule{Code: "iam/provider-url", Title: "The URL is one that IAM registers", Cite: citeOIDC}
	ruleClientIDs   = &trace.Rule{Code: "iam/client-ids", Title: "The provider has at most 100 client IDs", Cite: citeOIDC}
	ruleThumbprints = &trace.Rule{Code: "iam/thumbprints", Title: "The thumbprints are ones that IAM takes", Cite: citeOIDC}
	ruleReach       = &trace.Rule{Code: "iam/provider-reach", Title: "IAM reaches the provider for a thumbprint, where none is given", Cite: citeOIDC}
	ruleMetadata    = &trace.Rule{Code: "iam/metadata", Title: "The metadata document is one that IAM reads", Cite: citeSAML}
	rulePrivateKey  = &trace.Rule{Code: "iam/private-key", Title: "The private key can be used, and there is room for it", Cite: citeSAML}

	ruleUnique    = &trace.Rule{Code: "iam/name-free", Title: "The account has none of that name yet", Cite: citeAPI}
	ruleQuota     = &trace.Rule{Code: "iam/quota", Title: "The account has room for one more", Cite: citeQuotas}
	ruleExists    = &trace.Rule{Code: "iam/entity", Title: "What the call names exists", Cite: citeAPI}
	ruleProtected = &trace.Rule{Code: "iam/modifiable", Title: "The role is the account's own to change", Cite: citeLinked}

	ruleDocument   = &trace.Rule{Code: "iam/policy-document", Title: "The policy is one that IAM saves", Cite: citeGrammar}
	rulePrincipals = &trace.Rule{Code: "iam/policy-principals", Title: "The principals of the trust policy exist", Cite: citePrincipal}
	ruleShared     = &trace.Rule{Code: "iam/shared-provider", Title: "A shared provider comes with the condition that it needs", Cite: citeShared}
	ruleSize       = &trace.Rule{Code: "iam/policy-size", Title: "The policy is within its quota", Cite: citeQuotas}
	ruleAttachable = &trace.Rule{Code: "iam/policy-attachable", Title: "The managed policy exists and can be attached", Cite: citeManaged}
	ruleBoundary   = &trace.Rule{Code: "iam/boundary", Title: "The permissions boundary is a managed policy", Cite: citeRole}

	ruleSaved = &trace.Rule{Code: "iam/saved", Title: "IAM saves it", Cite: citeAPI}
)

// Rules are the rules that this package checks.
func Rules() []trace.Rule {
	rules := []*trace.Rule{
		ruleTagPermission, ruleTags, ruleParameters,
		ruleProviderURL, ruleClientIDs, ruleThumbprints, ruleReach, ruleMetadata, rulePrivateKey,
		ruleUnique, ruleQuota, ruleExists, ruleProtected,
		ruleDocument, rulePrincipals, ruleShared, ruleSize, ruleAttachable, ruleBoundary, ruleSaved,
	}
	out := make([]trace.Rule, len(rules))
	for i, r := range rules {
		out[i] = *r
	}
	return out
}
