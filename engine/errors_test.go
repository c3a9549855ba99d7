package engine_test

import (
	"regexp"
	"strings"
	"testing"

	"stsplayground/engine/trace"
	"stsplayground/examples"
)

// awsErrors are the errors that AWS's documents and real answers have, word
// for word, as far as an operation that is played can return them. … stands for
// what differs.
var awsErrors = []struct{ code, message string }{
	// AssumeRoleWithWebIdentity
	{"InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://…"},
	{"InvalidIdentityToken", "Incorrect token audience"},
	{"InvalidIdentityToken", "Token audience contains more than one audience while authorized party is not present"},
	{"InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"},
	{"InvalidIdentityToken", "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"},
	{"InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"},
	{"InvalidIdentityToken", "Missing a required claim: sub"},
	{"InvalidIdentityToken", "Missing a required claim: aud"},
	{"ExpiredTokenException", "Token expired: current date/time … must be before the expiration date/time …"},
	{"ExpiredTokenException", "Token too old: …"},
	{"AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"},
	{"ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."},
	{"ValidationError", "Request ARN is invalid"},
	{"ValidationError", "… is invalid"},
	{"ValidationError", "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"},
	{"RegionDisabledException", "STS is not activated in this region for account:…. Your account administrator can activate STS in this region using the IAM Console."},
	{"IDPCommunicationError", "…"},
	{"IDPRejectedClaim", "graph.facebook.com: graph.facebook.com responded with HTTP/1.1 400 Bad Request"},
	{"PackedPolicyTooLarge", "…"},
	{"MalformedPolicyDocument", "…"},
	// AssumeRoleWithSAML
	{"InvalidIdentityToken", "RoleSessionName is required in AuthnResponse"},
	{"InvalidIdentityToken", "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"},
	{"InvalidIdentityToken", `Source Identity must match [a-zA-Z_0-9+=,.@-]{2,256} and not begin with "aws:"`},
	{"InvalidIdentityToken", "Response signature invalid"},
	{"AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML"},
	{"AuthSamlInvalidSamlResponseException", "Failed to assume role: Issuer not present in specified provider"},
	{"InvalidIdentityToken", "Specified provider doesn't exist."},
	{"InvalidIdentityToken", "Response does not contain the required audience."},
	{"InvalidIdentityToken", "Could not parse metadata."},
	{"ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance"},
	// Session tags
	{"InvalidParameterValue", "The specified transitive tag key must be included in the requested tags."},
	{"InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive."},
	{"InvalidParameterValue", "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."},
	// AssumeRole, GetSessionToken, GetFederationToken
	{"AccessDenied", "User: … is not authorized to perform: sts:AssumeRole on resource: …"},
	{"AccessDenied", "User: … is not authorized to perform: sts:AssumeRole on resource: … because no role trust policy allows the sts:AssumeRole action"},
	{"AccessDenied", "User: … is not authorized to perform: sts:AssumeRole on resource: … with an explicit deny in the role trust policy"},
	{"AccessDenied", "User: … is not authorized to perform: sts:TagSession on resource: …"},
	{"AccessDenied", "Roles may not be assumed by root accounts."},
	{"ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."},
	{"AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."},
	{"AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."},
	{"ExpiredToken", "The security token included in the request is expired"},
	{"InvalidClientTokenId", "The security token included in the request is invalid."},
	{"AccessDenied", "Cannot call GetFederationToken with session credentials"},
	{"AccessDenied", "Cannot call GetSessionToken with session credentials"},
	// GetWebIdentityToken and DecodeAuthorizationMessage
	{"SessionDurationEscalationException", "…"},
	{"OutboundWebIdentityFederationDisabledException", "…"},
	{"JWTPayloadSizeExceededException", "…"},
	{"InvalidAuthorizationMessageException", "…"},
	// Registration
	{"MalformedPolicyDocument", "This policy contains invalid Json"},
	{"MalformedPolicyDocument", `Invalid principal in policy: "AWS":"…"`},
	{"MalformedPolicyDocument", "Federated principals must be valid domain names or SAML metadata ARNs"},
	{"MalformedPolicyDocument", "Has prohibited field Resource"},
	{"MalformedPolicyDocument", "AssumeRole policy may only specify STS AssumeRole actions."},
	{"MalformedPolicyDocument", "Invalid Condition type : …"},
	{"LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"},
	{"ValidationError", "Invalid ARN:  Could not be parsed!"},
	{"NoSuchEntity", "Policy … does not exist or is not attachable."},
	// The systems in front
	{"NotAuthorizedException", "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow."},
	{"NotAuthorizedException", "Invalid login token. Missing a required claim: aud"},
	{"NotAuthorizedException", "Invalid login token. Issuer doesn't match providerName"},
	{"AccessDeniedException", "Untrusted Signing Certificate"},
	{"AccessDeniedException", "Unable to assume role for …"},
	// Any other action: AWS's access-denied sentences
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … because no identity-based policy allows the … action"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … because no resource-based policy allows the … action"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … because no permissions boundary allows the … action"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … because no session policy allows the … action"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … because no service control policy allows the … action"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … because no VPC endpoint policy allows the … action"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … with an explicit deny in an identity-based policy…"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … with an explicit deny in a resource-based policy…"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … with an explicit deny in a permissions boundary…"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … with an explicit deny in a session policy…"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … with an explicit deny in a service control policy…"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … with an explicit deny in a resource control policy…"},
	{"AccessDenied", "User: … is not authorized to perform: … on resource: … with an explicit deny in a VPC endpoint policy…"},
}

// Errors of AWS that no example has: "MultiFactorAuthentication failed with
// invalid MFA one time pass code. " needs the device's secret, which nobody has
// here; "no resource control policy allows" can't come about, because
// RCPFullAWSAccess can't be detached.

func TestEveryErrorOfAWSIsShownByAnExample(t *testing.T) {
	errors := exampleErrors()
	for _, want := range awsErrors {
		pieces := strings.Split(want.message, "…")
		for i := range pieces {
			pieces[i] = regexp.QuoteMeta(pieces[i])
		}
		message := regexp.MustCompile("^" + strings.Join(pieces, ".*") + "$")
		shown := false
		for _, e := range errors {
			shown = shown || e.Code == want.code && message.MatchString(e.Message)
		}
		if !shown {
			t.Errorf("no example gives %s: %s", want.code, want.message)
		}
	}
}

// exampleErrors are the errors of all calls of all examples.
func exampleErrors() (errors []*trace.Error) {
	for _, e := range examples.All() {
		for _, call := range playedOnce(e).report.Calls {
			if call.Error != nil {
				errors = append(errors, call.Error)
			}
		}
	}
	return errors
}
