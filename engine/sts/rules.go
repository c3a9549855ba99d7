package sts

import "stsplayground/engine/trace"

const docs = "https://docs.aws.amazon.com/"

var (
	citeAPI = trace.Cite{
		Title: "AssumeRoleWithWebIdentity, AWS STS API reference",
		URL:   docs + "STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
	}
	citeAssumeRole = trace.Cite{
		Title: "AssumeRole, AWS STS API reference",
		URL:   docs + "STS/latest/APIReference/API_AssumeRole.html",
	}
	citeGetSessionToken    = trace.Cite{Title: "GetSessionToken, AWS STS API reference", URL: docs + "STS/latest/APIReference/API_GetSessionToken.html"}
	citeGetFederationToken = trace.Cite{Title: "GetFederationToken, AWS STS API reference", URL: docs + "STS/latest/APIReference/API_GetFederationToken.html"}
	citeGetCallerIdentity  = trace.Cite{Title: "GetCallerIdentity, AWS STS API reference", URL: docs + "STS/latest/APIReference/API_GetCallerIdentity.html"}
	citeCompare            = trace.Cite{Title: "Compare AWS STS credentials", URL: docs + "IAM/latest/UserGuide/id_credentials_sts-comparison.html"}
	citeMFA                = trace.Cite{
		Title: "Secure API access with MFA",
		URL:   docs + "IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
	}
	citeProvider = trace.Cite{
		Title: "Create an OpenID Connect (OIDC) identity provider in IAM",
		URL:   docs + "IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
	}
	citeKeys = trace.Cite{
		Title: "IAM and AWS STS condition context keys",
		URL:   docs + "IAM/latest/UserGuide/reference_policies_iam-condition-keys.html",
	}
	citeTags = trace.Cite{
		Title: "Pass session tags in AWS STS",
		URL:   docs + "IAM/latest/UserGuide/id_session-tags.html",
	}
	citeSourceIdentity = trace.Cite{
		Title: "Monitor and control actions taken with assumed roles",
		URL:   docs + "IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
	}
	citeRegions = trace.Cite{
		Title: "Manage AWS STS in an AWS Region",
		URL:   docs + "IAM/latest/UserGuide/id_credentials_temp_enable-regions.html",
	}
	citeTrust = trace.Cite{
		Title: "Policy evaluation logic",
		URL:   docs + "IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
	}
	citeConditions = trace.Cite{
		Title: "IAM JSON policy elements: Condition",
		URL:   docs + "IAM/latest/UserGuide/reference_policies_elements_condition.html",
	}
	citePrincipal = trace.Cite{
		Title: "AWS JSON policy elements: Principal",
		URL:   docs + "IAM/latest/UserGuide/reference_policies_elements_principal.html",
	}
	citeRCP = trace.Cite{
		Title: "Resource control policies (RCPs)",
		URL:   docs + "organizations/latest/userguide/orgs_manage_policies_rcps.html",
	}
)

// The rules of the walk of AssumeRoleWithWebIdentity, in its order. The
// rules of package oidc stand between them where the token itself is read.
var (
	ruleParameters = &trace.Rule{Code: "sts/parameters", Title: "The request's parameters keep to the API's constraints", Cite: citeAPI}
	ruleRoleARN    = &trace.Rule{Code: "sts/role-arn", Title: "RoleArn is the ARN of a role", Cite: citeAPI}
	ruleRegion     = &trace.Rule{Code: "sts/region", Title: "STS is active in the request's Region", Cite: citeRegions}

	ruleExpiry    = &trace.Rule{Code: "oidc/expiry", Title: "The token is used within its time", Cite: citeProvider}
	ruleExp       = &trace.Rule{Code: "oidc/exp", Title: "The moment is before exp", Cite: trace.RFC("7519", "4.1.4")}
	ruleNotBefore = &trace.Rule{Code: "oidc/not-before", Title: "The moment is not before nbf", Cite: trace.RFC("7519", "4.1.5")}
	ruleIssuedAt  = &trace.Rule{Code: "oidc/issued-at", Title: "The token was issued in the past", Cite: trace.RFC("7519", "4.1.6")}
	ruleAge       = &trace.Rule{Code: "oidc/age", Title: "The token was issued at most a day ago", Cite: citeAPI}

	ruleIssuer   = &trace.Rule{Code: "oidc/issuer", Title: "An OIDC provider is registered for the issuer", Cite: citeProvider}
	ruleAudience = &trace.Rule{Code: "oidc/audience", Title: "The audience is a client ID of the provider", Cite: citeKeys}

	ruleKeys      = &trace.Rule{Code: "oidc/keys", Title: "The provider's key for this token is at hand", Cite: trace.RFC("7517", "5")}
	ruleDiscovery = &trace.Rule{Code: "oidc/discovery", Title: "The discovery document and the key set can be fetched", Cite: citeProvider}
	ruleTLS       = &trace.Rule{Code: "oidc/tls", Title: "The provider's HTTPS certificate is trusted", Cite: citeProvider}
	ruleKeySet    = &trace.Rule{Code: "oidc/key-set", Title: "The key set can be read", Cite: trace.RFC("7517", "5")}
	ruleKid       = &trace.Rule{Code: "oidc/kid", Title: "One key of the set answers to the token's kid", Cite: trace.RFC("7515", "4.1.4")}

	ruleSignature    = &trace.Rule{Code: "oidc/signature", Title: "The provider's key verifies the signature", Cite: trace.RFC("7515", "5.2")}
	ruleSigningInput = &trace.Rule{Code: "oidc/signing-input", Title: "The signing input is the first two segments as sent", Cite: trace.RFC("7515", "5.2")}
	ruleDigest       = &trace.Rule{Code: "oidc/digest", Title: "The digest in the signature equals the digest of the signing input", Cite: trace.RFC("7518", "3.3")}

	ruleAccessToken = &trace.Rule{Code: "oauth/access-token", Title: "The OAuth provider vouches for the access token", Cite: citeAPI}

	ruleTags           = &trace.Rule{Code: "sts/session-tags", Title: "The session tags are well formed", Cite: citeTags}
	ruleSourceIdentity = &trace.Rule{Code: "sts/source-identity", Title: "The source identity is well formed", Cite: citeSourceIdentity}
	ruleRolesClaim     = &trace.Rule{Code: "sts/roles-claim", Title: "The token's list of roles, if any, has this role", Cite: citeKeys}

	ruleRole     = &trace.Rule{Code: "sts/role", Title: "The role exists in the account", Cite: citeTrust}
	ruleDuration = &trace.Rule{Code: "sts/duration", Title: "DurationSeconds is within the role's maximum", Cite: citeAPI}

	rulePrincipal = &trace.Rule{Code: "trust/principal", Title: "The trust policy names the provider as its principal", Cite: citePrincipal}
	ruleAction    = &trace.Rule{Code: "trust/action", Title: "The trust policy allows the operation", Cite: citeTrust}
	ruleCondition = &trace.Rule{Code: "trust/condition", Title: "The trust policy's conditions hold", Cite: citeConditions}
	ruleDeny      = &trace.Rule{Code: "trust/deny", Title: "No Deny statement of the trust policy applies", Cite: citeTrust}
	ruleTagTrust  = &trace.Rule{Code: "trust/tag-session", Title: "The trust policy allows sts:TagSession where tags are passed", Cite: citeTags}
	ruleSITrust   = &trace.Rule{Code: "trust/set-source-identity", Title: "The trust policy allows sts:SetSourceIdentity where one is set", Cite: citeSourceIdentity}
	ruleRCP       = &trace.Rule{Code: "organization/resource-control-policy", Title: "No resource control policy denies the operation", Cite: citeRCP}

	ruleMFA = &trace.Rule{Code: "sts/mfa", Title: "The MFA device and its code, if any, are the caller's", Cite: citeMFA}

	ruleLongTerm     = &trace.Rule{Code: "sts/long-term-credentials", Title: "The caller signs with long-term credentials", Cite: citeCompare}
	ruleTokenVersion = &trace.Rule{Code: "access/token-version", Title: "The session token holds in the request's Region", Cite: citeRegions}
	ruleMayCall      = &trace.Rule{Code: "access/temporary-credentials", Title: "The kind of credentials may call this service", Cite: citeCompare}

	ruleSessionPolicy = &trace.Rule{Code: "sts/session-policy", Title: "The session policies are well formed and small enough", Cite: citeAPI}
	ruleCredentials   = &trace.Rule{Code: "sts/credentials", Title: "Temporary credentials are issued", Cite: citeAPI}

	ruleOperation = &trace.Rule{Code: "sts/operation", Title: "The playground models this operation", Cite: trace.Cite{}}
)

// Rules are the rules that this package checks, in the order of the walk.
func Rules() []trace.Rule {
	rules := []*trace.Rule{
		ruleParameters, ruleRoleARN, ruleRegion,
		ruleExpiry, ruleExp, ruleNotBefore, ruleIssuedAt, ruleAge,
		ruleIssuer, ruleAudience,
		ruleKeys, ruleDiscovery, ruleTLS, ruleKeySet, ruleKid,
		ruleSignature, ruleSigningInput, ruleDigest, ruleAccessToken,
		ruleTags, ruleSourceIdentity, ruleRolesClaim,
		ruleRole, ruleDuration,
		rulePrincipal, ruleAction, ruleCondition, ruleDeny, ruleTagTrust, ruleSITrust, ruleRCP,
		ruleMFA, ruleLongTerm, ruleTokenVersion, ruleMayCall, ruleSessionPolicy, ruleCredentials, ruleOperation,
	}
	rules = append(rules, samlRules...)
	rules = append(rules, accessRules...)
	rules = append(rules, operationRules...)
	out := make([]trace.Rule, len(rules))
	for i, r := range rules {
		out[i] = *r
	}
	return out
}
