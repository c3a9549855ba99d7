package sts

import (
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/managed"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// What calls to IAM read and change of the world. A change is seen by the
// calls after it and leaves the scenario as it is: an account that changes
// gets a copy of its entry first.

// own makes the account's entry its own, to be changed.
func (a *Account) own() *scenario.Account {
	entry := *a.Account
	a.Account = &entry
	return &entry
}

// RoleNamed is the account's role with that name, whatever its case; nil
// where there is none.
func (a *Account) RoleNamed(name string) *Role { return a.roles[strings.ToLower(name)] }

// RoleCount is how many roles the account has.
func (a *Account) RoleCount() int { return len(a.roles) }

// RoleID is the unique id of a role, AROA….
func RoleID(arn string) string { return uniqueID("AROA", arn) }

// Compile reads a role as the account would have it, with what there is to say
// about it, and changes nothing.
func (world *World) Compile(a *Account, r *scenario.Role) (*Role, []trace.Finding) {
	return newRole(a.Account, r, world.Claims, world.names)
}

// SaveRole makes a role of the account, or changes it. Sessions of it are
// judged by what it is now.
func (world *World) SaveRole(a *Account, r *scenario.Role) {
	before := a.RoleNamed(r.RoleName)
	var role Role
	if before != nil && before.AssumeRolePolicyDocument.Path == r.AssumeRolePolicyDocument.Path { // the same one
		role = *before
		role.Role = r
	} else {
		compiled, _ := world.Compile(a, r)
		role = *compiled
	}
	path := r.Path
	if strings.HasPrefix(path, "/calls/") {
		path = "" // a call's parameters have no room for more policies
	}
	role.identity = a.managed.identity("role", r.RoleName, path, r.Policies, r.AttachedPolicies, r.PermissionsBoundary)
	role.Tags = a.managed.tags(r.Tags, path)
	if before != nil {
		*before = role
		return
	}
	a.roles[strings.ToLower(r.RoleName)] = &role
}

// BoundaryARN is the managed policy that is the role's permissions boundary,
// "" without one.
func (r *Role) BoundaryARN() string {
	arn, _ := boundaryARN(r.PermissionsBoundary)
	return arn
}

// SaveOIDCProvider registers a provider, or changes the one of its URL.
func (a *Account) SaveOIDCProvider(p scenario.OIDCProvider) {
	entry := a.own()
	entry.OpenIDConnectProviders = slices.Clone(entry.OpenIDConnectProviders)
	if before := providerOf(entry, p.URL); before != nil {
		*before = p
		return
	}
	entry.OpenIDConnectProviders = append(entry.OpenIDConnectProviders, p)
}

// OIDCProvider is the provider with that URL, with or without https://; nil
// where there is none.
func (a *Account) OIDCProvider(url string) *scenario.OIDCProvider { return providerOf(a.Account, url) }

func providerOf(a *scenario.Account, url string) *scenario.OIDCProvider {
	name := strings.TrimPrefix(url, "https://")
	for i := range a.OpenIDConnectProviders {
		if p := &a.OpenIDConnectProviders[i]; strings.TrimPrefix(p.URL, "https://") == name {
			return p
		}
	}
	return nil
}

// ReadSAMLProvider reads a provider's metadata and keys, and changes nothing.
func (world *World) ReadSAMLProvider(a *Account, p *scenario.SAMLProvider) SAMLProvider {
	provider, _ := newSAMLProvider(a.Account, p, world.samlKeys)
	return provider
}

// SAMLProvider is the provider of that name; nil where there is none.
func (a *Account) SAMLProvider(name string) *SAMLProvider {
	for i := range a.saml {
		if a.saml[i].Name == name {
			return &a.saml[i]
		}
	}
	return nil
}

// SAMLProviderCount is how many SAML providers the account has.
func (a *Account) SAMLProviderCount() int { return len(a.saml) }

// SaveSAMLProvider registers a provider, or changes the one of its name.
func (a *Account) SaveSAMLProvider(p SAMLProvider) {
	if before := a.SAMLProvider(p.Name); before != nil {
		*before = p
		return
	}
	a.saml = append(a.saml, p)
}

// SaveTokenVersion sets the version of the global endpoint's session tokens.
func (a *Account) SaveTokenVersion(version string) { a.own().GlobalEndpointTokenVersion = version }

// ReadPolicy reads a policy of the kind, with what there is to say about it.
func ReadPolicy(d scenario.Document, kind iam.Kind) (*iam.Policy, []trace.Finding) {
	return compile(d, kind)
}

// HasPolicy says whether a managed policy is the account's own or one of AWS's
// that the playground has. For one of AWS's that it hasn't nobody knows.
func (a *Account) HasPolicy(arn string) (has, unknown bool) {
	has = a.managed.byARN(inPartition(arn, "aws"), iam.IdentityPolicy) != nil || a.managed.byARN(arn, iam.IdentityPolicy) != nil
	return has, !has && managed.IsAWS(arn)
}

// PrincipalProblem is why a trust policy can't name an AWS principal: it is of
// an account that the scenario has, and isn't there. Where the account is none
// of the scenario's nobody knows.
func (world *World) PrincipalProblem(text string) (problem string, unknown bool) {
	parts := strings.SplitN(text, ":", 6)
	switch {
	case text == "*" || len(parts) < 6:
		return "", isAccountID(text) && world.accounts[text] == nil
	case world.accounts[parts[4]] == nil:
		return "", true
	case parts[2] != "iam":
		return "", false // a session is there for as long as somebody has it
	}
	_, problem = world.principal(text)
	return problem, false
}

// Reaches says whether IAM could fetch anything from a provider's URL; it
// could where the scenario doesn't say.
func (world *World) Reaches(url string) bool {
	iss := world.issuers[url]
	return iss == nil || iss.Reachable == nil || *iss.Reachable
}

// ProviderURLProblem is why IAM doesn't register an OIDC provider's URL; ""
// where it does.
func ProviderURLProblem(url string) string { return urlProblem(url) }

// ThumbprintProblem is why IAM doesn't take a list of thumbprints; "" where it
// does.
func ThumbprintProblem(thumbprints []string) string { return thumbprintProblem(thumbprints) }

// InlineSize is how many characters inline policies have together, without
// white space between tokens.
func InlineSize(policies []scenario.InlinePolicy) (size int) {
	for i := range policies {
		if d := policies[i].PolicyDocument; d.Given() && d.Tree() != nil {
			size += iam.Size(d.Tree())
		}
	}
	return size
}

// RolePolicyQuota is the quota of all inline policies of a role together.
var RolePolicyQuota = inlineQuotas["role"]
