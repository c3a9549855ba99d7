package registration

import (
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// The errors of IAM (IAM API reference, "Errors" of each operation). Texts are
// AWS's own, from recorded answers and reports of them; those that no source
// has say so.

func invalidInput(message string) *trace.Error { return trace.Sender("InvalidInput", 400, message) }

func malformed(message string) *trace.Error {
	return trace.Sender("MalformedPolicyDocument", 400, message)
}

func alreadyExists(message string) *trace.Error {
	return trace.Sender("EntityAlreadyExists", 409, message)
}

func limitExceeded(message string) *trace.Error { return trace.Sender("LimitExceeded", 409, message) }

func noSuchEntity(message string) *trace.Error { return trace.Sender("NoSuchEntity", 404, message) }

func validationError(message string) *trace.Error {
	return trace.Sender("ValidationError", 400, message)
}

func protected(role string) *trace.Error {
	return trace.Sender("UnmodifiableEntity", 400, "Cannot perform the operation on the protected role '"+role+"' - this role is only modifiable by AWS")
}

var (
	errUnreachable = trace.Sender("OpenIdIdpCommunicationError", 400, sts.WordingUnknown("IAM cannot connect to the OpenID Connect identity provider URL"))
	errKeyLimit    = limitExceeded("Private key limit of 2 is reached.")
	errKey         = invalidInput(sts.WordingUnknown("The private key is not valid"))
	errPolicyARN   = validationError("Invalid ARN:  Could not be parsed!") // two spaces, as AWS sends it
)
