package cognito

import (
	"fmt"

	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

func notAuthorized(message string) *trace.Error {
	return trace.Sender("NotAuthorizedException", 400, message)
}

func invalidLogin(message string) *trace.Error {
	return notAuthorized("Invalid login token. " + message)
}

func notFound(what, id string) *trace.Error {
	return trace.Sender("ResourceNotFoundException", 400, what+" '"+id+"' not found.")
}

func invalidParameter(message string) *trace.Error {
	return trace.Sender("InvalidParameterException", 400, message)
}

// The errors of the operations, as the guide or published answers have them.
var (
	errNoGuests   = notAuthorized("Unauthenticated access is not supported for this identity pool.")
	errProvider   = notAuthorized("Token is not from a supported provider of this identity pool.")
	errUnmatched  = notAuthorized("Logins don't match. Please include at least one valid login for this identity or identity pool.")
	errNotPublic  = invalidParameter("Please provide a valid public provider")
	errIssuer     = invalidLogin("Issuer doesn't match providerName")
	errSigned     = invalidLogin("Couldn't verify signed token.")
	errPassedIn   = invalidLogin("Can't pass in a Cognito token.")
	errNotOurs    = invalidLogin("Not a Cognito token.")
	errUnread     = invalidLogin(sts.WordingUnknown("It is not a valid OpenID Connect token"))
	errClaims     = invalidLogin(sts.WordingUnknown("A claim is not valid"))
	errMappings   = notAuthorized("Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.")
	errClassic    = invalidParameter("Basic (classic) flow is not enabled, please use enhanced flow.")
	errDeveloper  = notAuthorized("This identity pool does not support the specified developer provider")
	errOneLogin   = trace.Sender("ResourceConflictException", 400, sts.WordingUnknown("The login is already linked to another account"))
	errRegistered = trace.Sender("DeveloperUserAlreadyRegisteredException", 400, sts.WordingUnknown("This developer user identifier is already registered with Cognito"))
	errCustom     = notAuthorized(sts.WordingUnknown("The custom role is none of the identity's"))
	errPoolRoles  = trace.Sender("InvalidIdentityPoolConfigurationException", 400, "Invalid identity pool configuration. Check assigned IAM roles for this pool.")
)

// errExpired is seen in real answers: the moment of the call, then exp.
func errExpired(now, exp int64) *trace.Error {
	return invalidLogin(fmt.Sprintf("Token expired: %d >= %d", now, exp))
}

func errMissing(claim string) *trace.Error { return invalidLogin("Missing a required claim: " + claim) }

func errForbidden(id string) *trace.Error {
	return notAuthorized("Access to Identity '" + id + "' is forbidden.")
}

func errAmbiguous(provider string) *trace.Error {
	return notAuthorized("The ambiguous role mapping rules for: " + provider + " denied this request.")
}
