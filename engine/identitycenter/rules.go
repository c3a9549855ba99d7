package identitycenter

import "stsplayground/engine/trace"

func guide(title, page string) trace.Cite {
	return trace.Cite{Title: title + ", IAM Identity Center user guide", URL: "https://docs.aws.amazon.com/singlesignon/latest/userguide/" + page + ".html"}
}

func api(operation, reference string) trace.Cite {
	return trace.Cite{Title: operation + ", IAM Identity Center API reference", URL: "https://docs.aws.amazon.com/singlesignon/latest/" + reference + "/API_" + operation + ".html"}
}

var (
	citeCreateToken = api("CreateToken", "OIDCAPIReference")
	citeCredentials = api("GetRoleCredentials", "PortalAPIReference")
	citeSession     = guide("Understanding authentication sessions", "authconcept")
	citeSet         = guide("Manage AWS accounts with permission sets", "permissionsetsconcept")
	citeCustom      = guide("Custom permissions for permission sets", "permissionsetcustom")
)

// The rules of the walks, in their order.
var (
	ruleParameters  = &trace.Rule{Code: "identitycenter/parameters", Title: "The request has the parameters that the operation needs", Cite: citeCredentials}
	ruleInstance    = &trace.Rule{Code: "identitycenter/instance", Title: "IAM Identity Center has its instance in the Region that is called", Cite: guide("Enable IAM Identity Center", "enable-identity-center")}
	ruleGrant       = &trace.Rule{Code: "identitycenter/grant-type", Title: "The grant type is one that CreateToken takes", Cite: citeCreateToken}
	ruleSignIn      = &trace.Rule{Code: "identitycenter/sign-in", Title: "Somebody has signed in and allowed the access", Cite: citeCreateToken}
	ruleAccessToken = &trace.Rule{Code: "identitycenter/access-token", Title: "The access token is that of a sign-in which still holds", Cite: citeSession}
	ruleAssignment  = &trace.Rule{Code: "identitycenter/assignment", Title: "The permission set is assigned to the user in the account", Cite: citeSet}
)

// The rules of the findings.
var (
	findUser       = trace.Rule{Code: "identitycenter/user", Title: "Each user is there once, and is in groups that exist", Cite: guide("Add users", "addusers")}
	findSet        = trace.Rule{Code: "identitycenter/permission-set", Title: "The permission set is one that IAM Identity Center takes", Cite: api("CreatePermissionSet", "APIReference")}
	findAssignment = trace.Rule{Code: "identitycenter/account-assignment", Title: "The assignment names a permission set, a principal and an account that exist", Cite: guide("Assign user or group access to AWS accounts", "assignusers")}
	findReference  = trace.Rule{Code: "identitycenter/customer-managed-policy", Title: "Each account has the customer managed policies that the permission set names", Cite: citeCustom}
)

// Rules are the rules that this package checks.
func Rules() []trace.Rule {
	return []trace.Rule{
		*ruleParameters, *ruleInstance, *ruleGrant, *ruleSignIn, *ruleAccessToken, *ruleAssignment,
		findUser, findSet, findAssignment, findReference,
	}
}
