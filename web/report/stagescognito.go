package report

// The stages of the operations of Amazon Cognito's identity pools: of those
// that tell an identity, of a backend's, and of the enhanced flow, in which
// Cognito goes on to STS.
var (
	identityStages = plan{
		{"request", "Request", []string{"cognito/parameters", "cognito/identity-pool", "cognito/organization", "cognito/classic-flow"}},
		{"login", "Login", []string{"cognito/guests", "cognito/login-provider", "cognito/login-token"}},
		{"identity", "Identity", []string{"cognito/identity"}},
		{"result", "Result", []string{"cognito/token"}},
		{"other", "Other checks", nil},
	}
	developerStages = plan{
		{"request", "Request", []string{"cognito/parameters", "cognito/identity-pool", "cognito/organization"}},
		{"caller", "Caller", []string{"access/caller", "access/credentials", "access/temporary-credentials", "access/action"}},
		{"permissions", "Caller's policies", []string{"access/", "organization/"}},
		{"login", "Login", []string{"cognito/developer-provider", "cognito/login-provider", "cognito/login-token"}},
		{"identity", "Identity", []string{"cognito/identity"}},
		{"result", "Result", []string{"cognito/token"}},
		{"other", "Other checks", nil},
	}
	credentialsStages = plan{
		{"request", "Request", []string{"cognito/parameters", "cognito/identity-pool", "cognito/organization"}},
		{"login", "Login", []string{"cognito/guests", "cognito/login-provider", "cognito/login-token"}},
		{"identity", "Identity", []string{"cognito/identity"}},
		{"role", "Role", []string{"cognito/role", "cognito/role-account"}},
		{"token", "Token", []string{"sts/parameters", "sts/role-arn", "sts/region", "oidc/"}},
		{"session", "Session", []string{"sts/session-tags", "sts/source-identity", "sts/roles-claim", "sts/duration"}},
		{"trust", "Trust policy", []string{"sts/role", "trust/", "organization/", "access/endpoint-policy"}},
		{"result", "Result", []string{"sts/session-policy", "sts/credentials"}},
		{"other", "Other checks", nil},
	}
)
