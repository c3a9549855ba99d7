package cognito

import "stsplayground/engine/trace"

const docs = "https://docs.aws.amazon.com/"

var (
	citeFlow      = trace.Cite{Title: "Amazon Cognito: Identity pools authentication flow", URL: docs + "cognito/latest/developerguide/authentication-flow.html"}
	citeRoles     = trace.Cite{Title: "Amazon Cognito: IAM roles", URL: docs + "cognito/latest/developerguide/iam-roles.html"}
	citeMapping   = trace.Cite{Title: "Amazon Cognito: Using role-based access control", URL: docs + "cognito/latest/developerguide/role-based-access-control.html"}
	citeDeveloper = trace.Cite{Title: "Amazon Cognito: Developer-authenticated identities", URL: docs + "cognito/latest/developerguide/developer-authenticated-identities.html"}
	citePool      = trace.Cite{Title: "IdentityPool, Amazon Cognito Federated Identities API reference", URL: docs + "cognitoidentity/latest/APIReference/API_CreateIdentityPool.html"}
	citeSetRoles  = trace.Cite{Title: "SetIdentityPoolRoles, Amazon Cognito Federated Identities API reference", URL: docs + "cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html"}
	citeGetID     = trace.Cite{Title: "GetId, Amazon Cognito Federated Identities API reference", URL: docs + "cognitoidentity/latest/APIReference/API_GetId.html"}
)

// The rules of the steps.
var (
	ruleParameters = trace.Rule{Code: "cognito/parameters", Title: "The parameters are as the API wants them", Cite: citeGetID}
	rulePool       = trace.Rule{Code: "cognito/identity-pool", Title: "The identity pool is there", Cite: citePool}
	ruleFlow       = trace.Rule{Code: "cognito/classic-flow", Title: "The pool takes part in the basic flow", Cite: citeFlow}
	ruleGuests     = trace.Rule{Code: "cognito/guests", Title: "Who has no login may be a guest", Cite: citeFlow}
	ruleProvider   = trace.Rule{Code: "cognito/login-provider", Title: "The pool supports the login's provider", Cite: citeFlow}
	ruleLogin      = trace.Rule{Code: "cognito/login-token", Title: "The login's token is good", Cite: citeFlow}
	ruleIssuer     = trace.Rule{Code: "cognito/issuer", Title: "The token's issuer is the login's provider", Cite: citeDeveloper}
	ruleExpiry     = trace.Rule{Code: "cognito/expiry", Title: "The token hasn't expired", Cite: citeFlow}
	ruleAudience   = trace.Rule{Code: "cognito/audience", Title: "The token is for an app that the pool knows", Cite: citeFlow}
	ruleDeveloper  = trace.Rule{Code: "cognito/developer-provider", Title: "The logins name the pool's developer provider", Cite: citeDeveloper}
	ruleIdentity   = trace.Rule{Code: "cognito/identity", Title: "The identity is the logins' own", Cite: citeFlow}
	ruleRole       = trace.Rule{Code: "cognito/role", Title: "The pool has a role for the identity", Cite: citeMapping}
	ruleRoleOwner  = trace.Rule{Code: "cognito/role-account", Title: "The role is in the pool's own account", Cite: citeRoles}
	ruleToken      = trace.Rule{Code: "cognito/token", Title: "Cognito gives a token", Cite: citeFlow}
)

// Rules are the rules of the steps of the operations.
func Rules() []trace.Rule {
	return []trace.Rule{ruleParameters, rulePool, ruleOrganization, ruleFlow, ruleGuests, ruleProvider, ruleLogin, ruleIssuer, ruleExpiry,
		ruleAudience, ruleDeveloper, ruleIdentity, ruleRole, ruleRoleOwner, ruleToken}
}
