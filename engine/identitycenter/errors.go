package identitycenter

import "stsplayground/engine/trace"

// The answers of the access portal. The texts of the first two are seen in real
// answers (aws/aws-cli#7340, aws/aws-sam-cli#2129); the portal's API model has
// no ForbiddenException, and SDKs show it nevertheless.
var (
	errToken  = trace.Sender("UnauthorizedException", 401, "Session token not found or invalid")
	errAccess = trace.Sender("ForbiddenException", 403, "No access")
)

// The answers of CreateToken have two members, error and error_description;
// the latter's texts aren't documented.
var (
	errRequest = trace.Sender("InvalidRequestException", 400, unknown("invalid_request"))
	errGrant   = trace.Sender("UnsupportedGrantTypeException", 400, unknown("unsupported_grant_type"))
	errPending = trace.Sender("AuthorizationPendingException", 400, unknown("authorization_pending"))
	errDenied  = trace.Sender("AccessDeniedException", 400, unknown("access_denied"))
)

// unknown marks a text of which only the error's name is AWS's.
func unknown(name string) string { return name + " (AWS's wording unknown)" }
