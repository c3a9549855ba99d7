package scenario

// operation is an operation that is played: where its parameters are read to,
// and which of the fields there it has.
type operation struct {
	into  func(*Call) any // a pointer to a struct of the call
	names []string
}

// operations are those that are played, by their action. The parameters of
// any other action decide nothing, so that they may be what they are.
var operations = map[string]operation{
	"relying-party:Verify": {ofVerifier, []string{"Token", "Issuer", "Audience", "Subject"}},

	// STS API reference, Actions.
	"sts:AssumeRole":                 {ofSTS, []string{"RoleArn", "RoleSessionName", "PolicyArns", "Policy", "DurationSeconds", "Tags", "TransitiveTagKeys", "ExternalId", "SerialNumber", "TokenCode", "SourceIdentity", "ProvidedContexts", "MinimumSessionTokenSize"}},
	"sts:AssumeRoleWithSAML":         {ofSTS, []string{"RoleArn", "PrincipalArn", "SAMLAssertion", "PolicyArns", "Policy", "DurationSeconds", "MinimumSessionTokenSize"}},
	"sts:AssumeRoleWithWebIdentity":  {ofSTS, []string{"RoleArn", "RoleSessionName", "WebIdentityToken", "ProviderId", "PolicyArns", "Policy", "DurationSeconds", "MinimumSessionTokenSize"}},
	"sts:AssumeRoot":                 {ofSTS, []string{"TargetPrincipal", "TaskPolicyArn", "DurationSeconds", "MinimumSessionTokenSize"}},
	"sts:DecodeAuthorizationMessage": {ofSTS, []string{"EncodedMessage"}},
	"sts:GetAccessKeyInfo":           {ofSTS, []string{"AccessKeyId"}},
	"sts:GetCallerIdentity":          {ofSTS, []string{}},
	"sts:GetFederationToken":         {ofSTS, []string{"Name", "Policy", "PolicyArns", "DurationSeconds", "Tags", "MinimumSessionTokenSize"}},
	"sts:GetSessionToken":            {ofSTS, []string{"DurationSeconds", "SerialNumber", "TokenCode", "MinimumSessionTokenSize"}},
	"sts:GetWebIdentityToken":        {ofSTS, []string{"Audience", "DurationSeconds", "SigningAlgorithm", "Tags"}},
}

func ofSTS(c *Call) any { return &c.Params }
