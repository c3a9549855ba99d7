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
	// Amazon Cognito Federated Identities API reference, Actions.
	"cognito-identity:GetCredentialsForIdentity":          {ofCognito, []string{"IdentityId", "Logins", "CustomRoleArn"}},
	"cognito-identity:GetId":                              {ofCognito, []string{"AccountId", "IdentityPoolId", "Logins"}},
	"cognito-identity:GetOpenIdToken":                     {ofCognito, []string{"IdentityId", "Logins"}},
	"cognito-identity:GetOpenIdTokenForDeveloperIdentity": {ofCognito, []string{"IdentityPoolId", "IdentityId", "Logins", "PrincipalTags", "TokenDuration"}},

	// Amazon EKS and IAM Roles Anywhere API references; the others are no API
	// of AWS's: the instance metadata service, and an SDK's search.
	"eks-auth:AssumeRoleForPodIdentity": {ofEKSAuth, []string{"clusterName", "token"}},
	"imds:GetSecurityCredentials":       {ofMetadata, []string{"InstanceId", "Token", "hops"}},
	"rolesanywhere:CreateSession":       {ofSession, []string{"trustAnchorArn", "profileArn", "roleArn", "durationSeconds", "roleSessionName", "certificate"}},
	"workload:GetCredentials":           {ofWorkload, []string{"cluster", "namespace", "pod", "onFailure"}},

	// IAM API reference, Actions.
	"iam:AddClientIDToOpenIDConnectProvider":    {ofIAM, []string{"OpenIDConnectProviderArn", "ClientID"}},
	"iam:AttachRolePolicy":                      {ofIAM, []string{"RoleName", "PolicyArn"}},
	"iam:CreateOpenIDConnectProvider":           {ofIAM, []string{"Url", "ClientIDList", "ThumbprintList", "Tags"}},
	"iam:CreateRole":                            {ofIAM, []string{"RoleName", "Path", "AssumeRolePolicyDocument", "Description", "MaxSessionDuration", "PermissionsBoundary", "Tags"}},
	"iam:CreateSAMLProvider":                    {ofIAM, []string{"Name", "SAMLMetadataDocument", "metadataOf", "Tags", "AssertionEncryptionMode", "AddPrivateKey"}},
	"iam:PutRolePolicy":                         {ofIAM, []string{"RoleName", "PolicyName", "PolicyDocument"}},
	"iam:SetSecurityTokenServicePreferences":    {ofIAM, []string{"GlobalEndpointTokenVersion"}},
	"iam:UpdateAssumeRolePolicy":                {ofIAM, []string{"RoleName", "PolicyDocument"}},
	"iam:UpdateOpenIDConnectProviderThumbprint": {ofIAM, []string{"OpenIDConnectProviderArn", "ThumbprintList"}},
	"iam:UpdateRole":                            {ofIAM, []string{"RoleName", "Description", "MaxSessionDuration"}},
	"iam:UpdateSAMLProvider":                    {ofIAM, []string{"SAMLProviderArn", "SAMLMetadataDocument", "metadataOf", "AssertionEncryptionMode", "AddPrivateKey"}},

	// What a browser sends to AWS's sign-in, by the names of CloudTrail's events.
	"signin:ConsoleLogin":   {ofSignIn, []string{"SAMLResponse", "RelayState", "RoleArn", "SigninToken", "Issuer", "Destination"}},
	"signin:GetSigninToken": {ofSignIn, []string{"SessionDuration"}},

	// IAM Identity Center, OIDC API reference and access portal API reference.
	"sso-oidc:CreateToken":   {ofPortal, []string{"clientId", "clientSecret", "grantType", "deviceCode", "code", "codeVerifier", "redirectUri", "scope", "signedInAs"}},
	"sso:GetRoleCredentials": {ofPortal, []string{"roleName", "accountId", "accessToken"}},
	"sso:ListAccountRoles":   {ofPortal, []string{"accessToken", "accountId"}},
	"sso:ListAccounts":       {ofPortal, []string{"accessToken"}},
	"sso:Logout":             {ofPortal, []string{"accessToken"}},

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

	// The playground's own: an outside service.
	"relying-party:Verify": {ofVerifier, []string{"Token", "Issuer", "Audience", "Subject"}},
}

func ofSTS(c *Call) any { return &c.Params }

func ofCognito(c *Call) any { return &c.Cognito }
