package cognito

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// The rules of the findings about identity pools.
var (
	findPoolID   = trace.Rule{Code: "cognito/pool-id", Title: "An identity pool's id is REGION:GUID", Cite: citePool}
	findPoolRole = trace.Rule{Code: "cognito/pool-role", Title: "The roles of an identity pool are its account's own", Cite: citeRoles}
	findProvider = trace.Rule{Code: "cognito/pool-provider", Title: "The account has the providers that its identity pool names", Cite: citePool}
	findMapping  = trace.Rule{Code: "cognito/role-mapping", Title: "A role mapping is one that Cognito saves", Cite: citeSetRoles}
	findRegion   = trace.Rule{Code: "cognito/pool-region", Title: "The pool's Region has the token issuer that is played", Cite: citeDeveloper}
	findGuest    = trace.Rule{Code: "cognito/guest-role", Title: "A pool that takes guests has a role for them", Cite: citeRoles}
	findClassic  = trace.Rule{Code: "cognito/basic-flow", Title: "A pool with role mappings leaves the basic flow alone", Cite: citeFlow}
)

// FindingRules are the rules of the findings.
func FindingRules() []trace.Rule {
	return []trace.Rule{findPoolID, findRegion, findPoolRole, findProvider, findMapping, findGuest, findClassic}
}

// globalRegions are the Regions whose identity pools share an issuer
// ("Developer-authenticated identities", Token issuer by Region).
const globalRegions = "us-east-1 us-east-2 us-west-1 us-west-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 " +
	"ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1"

// mostFindings bounds what is said about the pools of a scenario.
const mostFindings = 100

// finder collects what is found about the pools.
type finder struct{ findings []trace.Finding }

func (f *finder) say(rule trace.Rule, severity trace.Severity, path, detail string) {
	if len(f.findings) < mostFindings {
		f.findings = append(f.findings, rule.Finding(severity, trace.At{Path: path}, detail))
	}
}

// Findings are about what was typed of the identity pools.
func Findings(s *scenario.Scenario) []trace.Finding {
	var f finder
	for _, p := range New(s).all {
		f.id(p)
		f.providers(p)
		f.roles(p)
		f.mappings(p)
		if p.AllowUnauthenticatedIdentities && p.Roles.Unauthenticated == "" && p.AllowClassicFlow != nil && !*p.AllowClassicFlow {
			f.say(findGuest, trace.SeverityWarning, p.Path+"/Roles", "The pool takes guests, has no unauthenticated role and leaves out the basic flow, so that guests get no credentials at all.")
		}
		if p.AllowClassicFlow != nil && *p.AllowClassicFlow && len(p.RoleMappings) > 0 {
			f.say(findClassic, trace.SeverityWarning, p.Path+"/AllowClassicFlow", "The basic flow is switched on, and doesn't work for a pool with RoleMappings: GetOpenIdToken answers that it is not supported with them.")
		}
	}
	return f.findings
}

func (f *finder) id(p *pool) {
	switch {
	case isID(p.IdentityPoolID):
		if !slices.Contains(strings.Fields(globalRegions), p.region) {
			f.say(findRegion, trace.SeverityInfo, p.Path+"/IdentityPoolId", "Tokens of identity pools in "+p.region+" come from an issuer of that Region's own. Here the pool is played with "+issuerName+", as in older Regions.")
		}
	case strings.Contains(p.IdentityPoolID, "_"):
		f.say(findPoolID, trace.SeverityError, p.Path+"/IdentityPoolId", fmt.Sprintf("%q has the form of a user pool's id; an identity pool's is REGION:GUID.", p.IdentityPoolID))
	default:
		f.say(findPoolID, trace.SeverityError, p.Path+"/IdentityPoolId", fmt.Sprintf("%q is no id of an identity pool, which is REGION:GUID with a GUID of the digits 0-9 and a-f.", p.IdentityPoolID))
	}
}

// providers looks for the OIDC and SAML providers that the pool names.
func (f *finder) providers(p *pool) {
	a := p.account
	for i, arn := range p.OpenIDConnectProviderARNs {
		url, ours := strings.CutPrefix(arn, "arn:aws:iam::"+a.ID+":oidc-provider/")
		if !ours || !slices.ContainsFunc(a.OpenIDConnectProviders, func(c scenario.OIDCProvider) bool { return strings.TrimPrefix(c.URL, "https://") == url }) {
			f.say(findProvider, trace.SeverityError, fmt.Sprintf("%s/OpenIdConnectProviderARNs/%d", p.Path, i), "Account "+a.ID+" has no OIDC provider "+arn+".")
		}
	}
	for i, arn := range p.SAMLProviderARNs {
		name, ours := strings.CutPrefix(arn, "arn:aws:iam::"+a.ID+":saml-provider/")
		if !ours || !slices.ContainsFunc(a.SAMLProviders, func(c scenario.SAMLProvider) bool { return c.Name == name }) {
			f.say(findProvider, trace.SeverityError, fmt.Sprintf("%s/SamlProviderARNs/%d", p.Path, i), "Account "+a.ID+" has no SAML provider "+arn+".")
		}
	}
}

func (f *finder) roles(p *pool) {
	f.role(p, p.Roles.Authenticated, "/Roles/authenticated")
	f.role(p, p.Roles.Unauthenticated, "/Roles/unauthenticated")
}

// role wants a role of the pool's account.
func (f *finder) role(p *pool, arn, path string) {
	switch parts := strings.SplitN(arn, ":", 6); {
	case arn == "":
	case len(parts) != 6 || parts[2] != "iam" || !strings.HasPrefix(parts[5], "role/"):
		f.say(findPoolRole, trace.SeverityError, p.Path+path, fmt.Sprintf("%q is no role's ARN, such as arn:aws:iam::%s:role/name.", arn, p.account.ID))
	case parts[4] != p.account.ID:
		f.say(findPoolRole, trace.SeverityError, p.Path+path, "The role is in account "+parts[4]+", and the enhanced flow assumes roles of the pool's own account, "+p.account.ID+", only.")
	case !slices.ContainsFunc(p.account.Roles, func(r scenario.Role) bool { return strings.HasSuffix(parts[5], "/"+r.RoleName) }):
		f.say(findPoolRole, trace.SeverityWarning, p.Path+path, "Account "+p.account.ID+" has no role "+arn+", so Cognito can't assume it.")
	}
}

func (f *finder) mappings(p *pool) {
	for _, name := range keys(p.RoleMappings) {
		m := p.RoleMappings[name]
		switch {
		case !p.mapped(name):
			f.say(findMapping, trace.SeverityError, m.Path, "AWS refuses it: "+name+" is not a valid RoleMapping ProviderName or is not a configured provider. A user pool's is its ProviderName, a colon and the app client's id; an OIDC or SAML provider's its ARN.")
		case m.AmbiguousRoleResolution == "":
			f.say(findMapping, trace.SeverityError, m.Path, "AmbiguousRoleResolution is required: AuthenticatedRole or Deny.")
		case m.Type == "Rules" && len(m.RulesConfiguration.Rules) == 0:
			f.say(findMapping, trace.SeverityError, m.Path, "A mapping of the type Rules has at least one rule in RulesConfiguration.")
		case len(m.RulesConfiguration.Rules) > 25:
			f.say(findMapping, trace.SeverityError, m.Path, fmt.Sprintf("The mapping has %d rules; Cognito takes at most 25 for a provider.", len(m.RulesConfiguration.Rules)))
		}
		for i := range m.RulesConfiguration.Rules {
			f.role(p, m.RulesConfiguration.Rules[i].RoleARN, fmt.Sprintf("%s/RulesConfiguration/Rules/%d/RoleARN", strings.TrimPrefix(m.Path, p.Path), i))
		}
	}
}

// mapped says whether a mapping's name is one of the pool's providers.
func (p *pool) mapped(name string) bool {
	for i := range p.CognitoIdentityProviders {
		if c := &p.CognitoIdentityProviders[i]; name == c.ProviderName+":"+c.ClientID {
			return true
		}
	}
	_, social := p.SupportedLoginProviders[name]
	return social || slices.Contains(p.OpenIDConnectProviderARNs, name) || slices.Contains(p.SAMLProviderARNs, name)
}
