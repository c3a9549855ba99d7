package report

// The stages of programs on EC2 instances and in pods of EKS: what they ask,
// then the AssumeRole of the service behind it.
var (
	assumedByService = plan{
		{"request", "Request to STS", []string{"sts/operation", "sts/parameters", "sts/role-arn", "sts/region", "access/caller", "access/credentials", "access/temporary-credentials", "sts/mfa"}},
		{"session", "Session", []string{"sts/session-tags", "sts/source-identity", "sts/provided-contexts", "sts/roles-claim", "sts/duration"}},
		{"trust", "Trust policy", []string{"sts/role", "trust/"}},
		{"permissions", "Other policies", []string{"organization/", "access/"}},
		{"result", "Result", []string{"sts/session-policy", "sts/credentials", "eks/target-role"}},
		{"other", "Other checks", nil},
	}
	instanceStages = append(plan{
		{"metadata", "Metadata service", []string{"instance/exists", "instance/metadata-endpoint", "instance/metadata-version", "instance/hop-limit"}},
		{"profile", "Instance profile", []string{"instance/profile", "instance/profile-role"}},
	}, assumedByService...)
	podStages = append(plan{
		{"call", "Call to EKS", []string{"eks/parameters", "eks/cluster", "eks/permission"}},
		{"token", "Token", []string{"eks/token", "eks/token-audience", "eks/token-expiry", "eks/token-pod"}},
		{"association", "Association", []string{"eks/association", "eks/session"}},
	}, assumedByService...)
	searchStages = append(plan{
		{"chain", "Search", []string{"workload/"}},
		{"call", "Call to EKS", podStages[0].rules},
		{"pod-token", "Pod's token", podStages[1].rules},
		{"association", "Association", podStages[2].rules},
		{"metadata", "Metadata service", instanceStages[0].rules},
		{"profile", "Instance profile", instanceStages[1].rules},
		{"token", "Token", []string{"oidc/token", "oidc/algorithm", "oidc/claims", "oidc/expiry"}},
		{"provider", "Provider", []string{"oidc/issuer", "oidc/audience"}},
		{"signature", "Signature", []string{"oidc/keys", "oidc/signature", "oauth/access-token"}},
	}, assumedByService...)
)
