package sts

import (
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// World is what STS sees of a scenario: the accounts with their policies
// compiled, and the identity providers of the outside world. It is made once
// and serves all of the scenario's calls.
type World struct {
	Claims       scenario.ClaimsMode
	Organization *scenario.Organization

	accounts map[string]*Account
	issuers  map[string]*Issuer
}

// Account is an AWS account with what its policies compile to.
type Account struct {
	*scenario.Account
	roles map[string]*Role // by name in lower case: names are unique whatever their case
	saml  []SAMLProvider   // in the scenario's order
	rcps  []attached
}

// Role is an IAM role with its trust policy compiled.
type Role struct {
	*scenario.Role
	ARN      string
	Trust    *iam.Policy
	Unread   string // why the trust policy is no JSON, "" where it is
	UnreadAt trace.At
}

// attached is a policy of an organization and the name it is shown by.
type attached struct {
	name   string
	policy *iam.Policy
}

// Issuer is an identity provider of the outside world with its key set read.
// Given is false where nothing is known of its keys.
type Issuer struct {
	*scenario.Issuer
	Given   bool
	Keys    oidc.KeySet
	Refusal *oidc.Refusal // why the key set can't be used
}

// NewWorld compiles a scenario. keySet gives an issuer's key set as served,
// nil where nothing is known of it. The findings are about the providers and
// the policies.
func NewWorld(s *scenario.Scenario, keySet func(*scenario.Issuer) *source.Node, samlKeys SAMLKeys) (*World, []trace.Finding) {
	w := &World{
		Claims:       s.Claims,
		Organization: s.Organization,
		accounts:     make(map[string]*Account, len(s.Accounts)),
		issuers:      make(map[string]*Issuer, len(s.Issuers)),
	}
	for i := range s.Issuers {
		iss := &Issuer{Issuer: &s.Issuers[i]}
		if node := keySet(iss.Issuer); node != nil {
			iss.Given = true
			iss.Keys, iss.Refusal = oidc.ReadKeySet(node)
		}
		if iss.URL != "" {
			w.issuers[iss.URL] = iss
		}
	}
	names := iam.NewNames(s.Reference)
	var findings []trace.Finding
	for i := range s.Accounts {
		a := &s.Accounts[i]
		findings = append(findings, providerFindings(a)...)
		account := &Account{Account: a, roles: make(map[string]*Role, len(a.Roles))}
		for j := range a.SAMLProviders {
			provider, found := newSAMLProvider(a, &a.SAMLProviders[j], samlKeys)
			account.saml = append(account.saml, provider)
			findings = append(findings, found...)
		}
		for j := range a.Roles {
			role, found := newRole(a, &a.Roles[j], s.Claims, names)
			account.roles[strings.ToLower(role.RoleName)] = role
			findings = append(findings, found...)
		}
		for _, level := range a.ResourceControlPolicies {
			for _, d := range level {
				policy, found := compile(d, iam.ResourceControlPolicy)
				account.rcps = append(account.rcps, attached{d.Path, policy})
				findings = append(findings, found...)
				findings = append(findings, nameFindings(names, d, policy)...)
			}
		}
		w.accounts[a.ID] = account
	}
	return w, findings
}

func newRole(a *scenario.Account, r *scenario.Role, mode scenario.ClaimsMode, names *iam.Names) (*Role, []trace.Finding) {
	role := &Role{Role: r, ARN: "arn:aws:iam::" + a.ID + ":role" + rolePath(r) + r.RoleName}
	var findings []trace.Finding
	role.Trust, findings = compile(r.AssumeRolePolicyDocument, iam.TrustPolicy)
	if d := r.AssumeRolePolicyDocument; d.Given() && d.Tree() == nil && len(findings) > 0 {
		role.Unread, _, _ = strings.Cut(findings[0].Detail, " AWS's message")
		role.UnreadAt = findings[0].At
	}
	findings = append(roleFindings(role), findings...)
	findings = append(findings, nameFindings(names, r.AssumeRolePolicyDocument, role.Trust)...)
	return role, append(findings, trustFindings(role, mode)...)
}

func rolePath(r *scenario.Role) string {
	if r.RolePath == "" {
		return "/"
	}
	return r.RolePath
}

// compile parses a policy of the scenario and moves the places of everything
// in it into the scenario.
func compile(d scenario.Document, kind iam.Kind) (*iam.Policy, []trace.Finding) {
	if !d.Given() {
		return &iam.Policy{Kind: kind}, nil
	}
	var policy *iam.Policy
	var findings []trace.Finding
	if tree := d.Tree(); tree != nil {
		policy, findings = iam.Parse(tree, kind)
	} else {
		policy, findings = iam.ParseText(d.Node.Text, kind)
	}
	place := placer(d)
	policy.Place(place)
	for i := range findings {
		place(&findings[i].At)
		if i >= mostFixes {
			findings[i].Fix = noFix
			continue
		}
		findings[i].Fix = patchPolicy(d, findings[i].Fix)
	}
	return policy, findings
}

// mostFixes bounds the fixes that are worked out for one policy: each carries
// the whole text of a policy that is written as a string.
const mostFixes = 20

// placer moves places inside the document d into the scenario.
func placer(d scenario.Document) func(*trace.At) {
	inString := d.Node.Kind == source.String
	locate := d.Locator()
	var places []trace.Within // one allocation for many
	return func(at *trace.At) {
		at.Path = d.Path + at.Path
		if inString && at.Line > 0 {
			if len(places) == cap(places) {
				places = make([]trace.Within, 0, 32)
			}
			places = append(places, trace.Within{Path: d.Path, Line: at.Line, Column: at.Column})
			at.Within = &places[len(places)-1]
			at.Line, at.Column = locate(at.Line, at.Column)
		}
	}
}

// role finds the role that an ARN names; near is a role whose ARN differs in
// letter case or path only.
func (a *Account) role(text string, arn roleARN) (role, near *Role) {
	if a == nil {
		return nil, nil
	}
	r := a.roles[strings.ToLower(arn.Name)].in(arn.Partition)
	if r != nil && r.ARN == text {
		return r, nil
	}
	return nil, r
}

// in is the role as a partition writes its ARN. A scenario doesn't say which
// partition an account is in; the request's ARN does.
func (r *Role) in(partition string) *Role {
	if r == nil || partition == "aws" {
		return r
	}
	moved := *r
	moved.ARN = "arn:" + partition + strings.TrimPrefix(r.ARN, "arn:aws")
	return &moved
}
