// Package signin plays AWS's sign-in to the console for people from elsewhere:
// the form that an identity provider has the browser post to
// https://signin.aws.amazon.com/saml, with the role chooser and the error page,
// and the links that a broker makes with getSigninToken. The STS call behind a
// SAML sign-in is the real one.
package signin

import (
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

func iam(title, page string) trace.Cite {
	return trace.Cite{Title: title + ", IAM user guide", URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/" + page + ".html"}
}

var (
	citeConsole   = iam("Enabling SAML 2.0 federated principals to access the AWS Management Console", "id_roles_providers_enable-console-saml")
	citeTrouble   = iam("Troubleshoot SAML federation with IAM", "troubleshoot_saml")
	citeAssertion = iam("Configure SAML assertions for the authentication response", "id_roles_providers_create_saml_assertions")
	citeBroker    = iam("Enable custom identity broker access to the AWS console", "id_roles_providers_enable-console-custom-url")
)

var (
	ruleForm   = &trace.Rule{Code: "signin/form", Title: "The browser posts a SAML response that the sign-in can read", Cite: citeConsole}
	ruleRoles  = &trace.Rule{Code: "signin/roles", Title: "The response offers roles, each with its provider", Cite: citeTrouble}
	ruleChoice = &trace.Rule{Code: "signin/role-choice", Title: "One of the roles that the response offers is chosen", Cite: citeAssertion}

	ruleCredentials = &trace.Rule{Code: "signin/credentials", Title: "The sign-in token is asked for with temporary credentials", Cite: citeBroker}
	ruleDuration    = &trace.Rule{Code: "signin/session-duration", Title: "SessionDuration, if any, is one that these credentials may ask for", Cite: citeBroker}
	ruleToken       = &trace.Rule{Code: "signin/token", Title: "The sign-in token was made within the last fifteen minutes", Cite: citeBroker}
)

// Rules are the rules that this package checks.
func Rules() []trace.Rule {
	return []trace.Rule{*ruleForm, *ruleRoles, *ruleChoice, *ruleCredentials, *ruleDuration, *ruleToken}
}

// errPage is the page that AWS's sign-in shows (IAM guide, "Troubleshoot SAML
// federation with IAM"). It has no error code; the code here is the
// playground's own.
var errPage = trace.Sender("InvalidSAMLResponse", 400, "Your request included an invalid SAML response. To logout, click here.")

// errFederation stands for the answers of the federation endpoint, of which
// neither code nor text is documented.
func errFederation(message string) *trace.Error {
	return trace.Sender("SigninFailed", 400, sts.WordingUnknown(message))
}
