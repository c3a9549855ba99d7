package report

import "slices"

// portalStages is how a call to IAM Identity Center is told, and consoleStages
// a sign-in to the console: what comes before STS, then the call of STS behind
// it as that of a SAML response.
var (
	portalStages = slices.Concat(plan{
		{"portal", "Portal", []string{"identitycenter/parameters", "identitycenter/instance", "identitycenter/grant-type"}},
		{"signed-in", "Sign-in", []string{"identitycenter/sign-in", "identitycenter/access-token"}},
		{"assignment", "Assignment", []string{"identitycenter/assignment"}},
	}, responseStages)

	consoleStages = slices.Concat(plan{
		{"form", "Sign-in", []string{"signin/form", "signin/credentials", "signin/token", "signin/session-duration"}},
		{"choice", "Role chooser", []string{"signin/roles", "signin/role-choice"}},
	}, responseStages)
)
