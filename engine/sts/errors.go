package sts

import (
	"fmt"

	"stsplayground/engine/trace"
)

// The errors of AssumeRoleWithWebIdentity. A text in quotes is AWS's own, to
// the letter, as seen in real answers; where no real answer is known the text
// says so and the step that gave it is marked as modelled.

func validationError(message string) *trace.Error {
	return trace.Sender("ValidationError", 400, message)
}

func invalidToken(message string) *trace.Error {
	return trace.Sender("InvalidIdentityToken", 400, message)
}

func accessDenied(action string) *trace.Error {
	return trace.Sender("AccessDenied", 403, "Not authorized to perform "+action)
}

// wordingUnknown marks a text that is ours: AWS answers with this code, in
// words that no source has.
func wordingUnknown(message string) string { return message + " (AWS's wording unknown)" }

var (
	errNotJWT        = invalidToken("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
	errAudience      = invalidToken("Incorrect token audience")
	errManyAudiences = invalidToken("Token audience contains more than one audience while authorized party is not present")
	// Two spaces after the comma, as AWS sends it.
	errKey        = invalidToken("Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements")
	errThumbprint = invalidToken("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")
	errSignature  = invalidToken(wordingUnknown("The web identity token that was passed could not be validated"))
	errRolesClaim = invalidToken(wordingUnknown("The role is not one of the token's authorized roles"))
	errNotYet     = invalidToken(wordingUnknown("Token is not yet valid"))
	errTags       = invalidToken(wordingUnknown("The session tags in the token are not valid"))
	errMaximum    = validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	errARN        = validationError("Request ARN is invalid")
	errPolicy     = trace.Sender("MalformedPolicyDocument", 400, wordingUnknown("The session policy is not well formed"))
	errNoPolicy   = validationError(wordingUnknown("The managed session policy does not exist"))
	errPacked     = trace.Sender("PackedPolicyTooLarge", 400, wordingUnknown("The session policies are more than a session takes"))
)

// The answers to credentials that are no good, of every service (STS: seen in
// real answers; other services use the same codes and texts, or close ones).
var (
	errInvalidClientToken = trace.Sender("InvalidClientTokenId", 403, "The security token included in the request is invalid.")
	errExpiredCredentials = trace.Sender("ExpiredToken", 403, "The security token included in the request is expired")
)

// The errors of AssumeRole, seen in real answers.
var (
	errUnsigned    = trace.Sender("MissingAuthenticationToken", 403, "Request is missing Authentication Token")
	errRootAssumes = trace.Sender("AccessDenied", 403, "Roles may not be assumed by root accounts.")
	errRequestTags = validationError(wordingUnknown("The session tags of the request are not valid"))
	errChained     = validationError("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	errMFAPair     = trace.Sender("AccessDenied", 403, "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")
	// A space after the full stop, as AWS sends it, and in the next one two.
	errMFACode   = trace.Sender("AccessDenied", 403, "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	errMFADevice = trace.Sender("AccessDenied", 403, "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
)

// errSessionCredentials is seen in real answers of both operations.
func errSessionCredentials(operation string) *trace.Error {
	return trace.Sender("AccessDenied", 403, "Cannot call "+operation+" with session credentials")
}

func errNoProvider(issuer string) *trace.Error {
	return invalidToken("No OpenIDConnect provider found in your account for " + issuer)
}

func errMissingClaim(name string) *trace.Error {
	return invalidToken("Missing a required claim: " + name)
}

func errExpired(now, exp int64) *trace.Error {
	return trace.Sender("ExpiredTokenException", 400,
		fmt.Sprintf("Token expired: current date/time %d must be before the expiration date/time %d", now, exp))
}

func errTooOld(age int64) *trace.Error {
	return trace.Sender("ExpiredTokenException", 400, fmt.Sprintf("Token too old: %d", age))
}

func errRegion(account string) *trace.Error {
	return trace.Sender("RegionDisabledException", 403, "STS is not activated in this region for account:"+account+
		". Your account administrator can activate STS in this region using the IAM Console.")
}

// The errors of AssumeRoleWithSAML (IAM guide, "Troubleshoot SAML federation
// with IAM"). An issuer that the metadata doesn't have is answered by another
// service behind STS, whose code this is; SDKs show it inside an
// InvalidIdentityToken.
var (
	errSAMLProvider  = invalidToken("Specified provider doesn't exist.")
	errMetadata      = invalidToken("Could not parse metadata.")
	errSAMLResponse  = invalidToken(wordingUnknown("The SAML response is not valid"))
	errSAMLStatus    = trace.Sender("IDPRejectedClaim", 403, wordingUnknown("The identity provider reported that authentication failed"))
	errDecrypt       = invalidToken(wordingUnknown("The SAML assertion could not be decrypted"))
	errSAMLSignature = invalidToken("Response signature invalid")
	errSAMLIssuer    = trace.Sender("AuthSamlInvalidSamlResponseException", 400, "Failed to assume role: Issuer not present in specified provider")
	errConfirmation  = invalidToken(wordingUnknown("The subject confirmation of the SAML response is not valid"))
	errSAMLAudience  = invalidToken("Response does not contain the required audience.")
	errRedeemed      = trace.Sender("ExpiredTokenException", 400, "Token must be redeemed within 5 minutes of issuance")
	errSAMLTime      = trace.Sender("ExpiredTokenException", 400, wordingUnknown("The SAML response is outside its time"))
	errNoSessionName = invalidToken("RoleSessionName is required in AuthnResponse")
	errSessionName   = invalidToken("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
	errSAMLIdentity  = invalidToken(`Source Identity must match [a-zA-Z_0-9+=,.@-]{2,256} and not begin with "aws:"`)
	errSessionLength = invalidToken(wordingUnknown("SessionDuration in the SAML response is not valid"))
	errSAMLTags      = invalidToken(wordingUnknown("The session tags in the SAML response are not valid"))
)

// OAuth providers are asked at run time, OIDC providers are not: only for
// the former does AWS answer with these two.

func errRejected(provider, reason string) *trace.Error {
	return trace.Sender("IDPRejectedClaim", 403, provider+": "+reason)
}

func errCommunication(provider string) *trace.Error {
	return trace.Sender("IDPCommunicationError", 400, wordingUnknown("The identity provider "+provider+" could not be reached"))
}
