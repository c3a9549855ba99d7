package identitycenter

import (
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

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
	errRequest = trace.Sender("InvalidRequestException", 400, sts.WordingUnknown("invalid_request"))
	errGrant   = trace.Sender("UnsupportedGrantTypeException", 400, sts.WordingUnknown("unsupported_grant_type"))
	errPending = trace.Sender("AuthorizationPendingException", 400, sts.WordingUnknown("authorization_pending"))
	errDenied  = trace.Sender("AccessDeniedException", 400, sts.WordingUnknown("access_denied"))
)
