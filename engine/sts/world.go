package sts

import (
	"cmp"
	"slices"
	"strconv"
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

	accounts  map[string]*Account
	issuers   map[string]*Issuer
	resources map[string]*Resource              // by ARN
	endpoints map[string]*Endpoint              // by id
	documents map[*iam.Policy]scenario.Document // where a policy that can be edited stands
	names     *iam.Names                        // what AWS's services know
	sessions  map[string]*Caller                // by the name of the call that made them, as the calls are played
	messages  map[string]string                 // what encoded authorization messages say, as the calls are played
	room      *iam.Room                         // what the calls share to tell of their decisions
	compiled  map[string]*iam.Policy            // by where they stand and their kind: a role that changes keeps the others
	samlKeys  SAMLKeys
	off       []string            // locks that are left open
	open      []string            // those whose absence the call that is played needed
	rests     map[string][]string // the same of earlier calls, by their names
}

// mostTold bounds what the decisions of one scenario tell in full, in bytes of
// about what they take in a report: some fifty thousand statements.
const mostTold = 32 << 20

// Account is an AWS account with what its policies compile to.
type Account struct {
	*scenario.Account
	roles map[string]*Role // by name in lower case: names are unique whatever their case
	users map[string]*User // likewise
	saml  []SAMLProvider   // in the scenario's order

	managed *attachments
	scps    [][]iam.Attached // by level; nil: only FullAWSAccess
	rcps    [][]iam.Attached // by level
}

// Role is an IAM role with its trust policy compiled.
type Role struct {
	*scenario.Role
	ARN      string
	Trust    *iam.Policy
	Tags     []scenario.Tag // that count
	Unread   string         // why the trust policy is no JSON, "" where it is
	UnreadAt trace.At
	identity
}

// User is an IAM user with its policies compiled.
type User struct {
	*scenario.User
	ARN     string
	Tags    []scenario.Tag // that count
	account string
	groups  []*identity
	identity
}

// Issuer is an identity provider of the outside world with its key set read.
// Given is false where nothing is known of its keys.
type Issuer struct {
	*scenario.Issuer
	Given   bool
	Keys    oidc.KeySet
	Refusal *oidc.Refusal // why the key set can't be used
}

// adviser gives advice on a call that was refused.
type adviser interface {
	advise(world *World, w *walk) []trace.Advice
}

// fixCost is what a byte of a policy's text in a fix takes of the room: it is
// read twice to be edited.
const fixCost = 4

// advice is that on a refused call, while there is room: a fix repeats the
// whole of a policy that is written as text.
func (world *World) advice(a adviser, w *walk) []trace.Advice {
	if w.Err == nil || world.room.Spent() {
		return nil
	}
	all := a.advise(world, w)
	for i := range all {
		for _, patch := range all[i].Fix {
			if text, ok := patch.Value.(string); ok {
				world.room.Take(fixCost * len(text))
			}
		}
	}
	return all
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
		resources:    map[string]*Resource{},
		endpoints:    map[string]*Endpoint{},
		documents:    map[*iam.Policy]scenario.Document{},
		sessions:     map[string]*Caller{},
		messages:     map[string]string{},
		room:         iam.NewRoom(mostTold),
		compiled:     map[string]*iam.Policy{},
		samlKeys:     samlKeys,
		off:          s.LocksOff,
		rests:        map[string][]string{},
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
	w.names = iam.NewNames(s.Reference)
	var findings []trace.Finding
	for i := range s.Accounts {
		findings = append(findings, w.addAccount(&s.Accounts[i])...)
	}
	for i := range s.Accounts {
		findings = append(findings, w.accounts[s.Accounts[i].ID].thirdPartyFindings(w.accounts)...)
	}
	return w, findings
}

// addAccount compiles an account. The findings come in the document's order
// of lists, with those about its customer managed policies last.
func (w *World) addAccount(a *scenario.Account) []trace.Finding {
	findings := providerFindings(a)
	account := &Account{Account: a, roles: make(map[string]*Role, len(a.Roles)), users: make(map[string]*User, len(a.Users)), managed: newAttachments(a, w)}
	w.accounts[a.ID] = account
	for j := range a.SAMLProviders {
		provider, found := newSAMLProvider(a, &a.SAMLProviders[j], w.samlKeys)
		account.saml = append(account.saml, provider)
		findings = append(findings, found...)
	}
	m := account.managed
	for j := range a.Roles {
		role, found := newRole(a, &a.Roles[j], w.Claims, w.names)
		findings = append(findings, found...)
		role.identity = m.identity("role", role.RoleName, role.Role.Path, role.Policies, role.AttachedPolicies, role.PermissionsBoundary)
		role.Tags = m.tags(role.Role.Tags, role.Role.Path)
		account.roles[strings.ToLower(role.RoleName)] = role
	}
	account.addUsers()
	account.scps = m.levels(a.ServiceControlPolicies, iam.ServiceControlPolicy)
	account.rcps = m.levels(a.ResourceControlPolicies, iam.ResourceControlPolicy)
	w.addResources(account)
	return append(findings, m.findings...)
}

// addUsers compiles the account's users.
func (a *Account) addUsers() {
	groups := make(map[string]*identity, len(a.Groups))
	for i := range a.Groups {
		g := &a.Groups[i]
		own := a.managed.identity("group", g.GroupName, g.Path, g.Policies, g.AttachedPolicies, scenario.Document{})
		groups[strings.ToLower(g.GroupName)] = &own
	}
	for i := range a.Users {
		u := &User{User: &a.Users[i], account: a.ID}
		u.ARN = "arn:aws:iam::" + a.ID + ":user" + cmp.Or(u.UserPath, "/") + u.UserName
		u.identity = a.managed.identity("user", u.UserName, u.User.Path, u.Policies, u.AttachedPolicies, u.PermissionsBoundary)
		u.Tags = a.managed.tags(u.User.Tags, u.User.Path)
		for j, name := range u.Groups {
			group, ok := groups[strings.ToLower(name)]
			if !ok {
				a.managed.say(findUnknownGroup, u.User.Path+"/Groups/"+strconv.Itoa(j), "The account has no group "+quote(name)+", so the user gets nothing from it.")
				continue
			}
			if !slices.Contains(u.groups, group) {
				u.groups = append(u.groups, group)
			}
		}
		a.users[strings.ToLower(u.UserName)] = u
	}
}

// levels compiles the policies of an organization, a list a level.
func (m *attachments) levels(levels [][]scenario.Document, kind iam.Kind) [][]iam.Attached {
	var out [][]iam.Attached
	for i, level := range levels {
		policies := make([]iam.Attached, len(level))
		for j, d := range level {
			policies[j] = iam.Attached{Name: "level " + strconv.Itoa(i+1) + ", policy " + strconv.Itoa(j+1), Policy: m.compile(d, kind)}
		}
		out = append(out, policies)
	}
	return out
}

// addResources compiles the policies of the account's resources and endpoints.
func (w *World) addResources(a *Account) {
	for i := range a.Resources {
		r := &Resource{Resource: &a.Resources[i], account: a.ID}
		r.Tags = a.managed.tags(r.Resource.Tags, r.Path)
		if r.Policy.Given() {
			r.policy = []iam.Attached{{Name: r.Arn, Policy: a.managed.compile(r.Policy, iam.ResourcePolicy)}}
		}
		switch before := w.resources[r.Arn]; {
		case r.Arn == "": // or it would stand for all that have no bucket
		case before != nil:
			a.managed.say(findDuplicateResource, r.Path+"/Arn", r.Arn+" is listed before, at "+before.Path+", which is the entry that counts.")
		default:
			w.resources[r.Arn] = r
		}
	}
	for i := range a.VpcEndpoints {
		e := &Endpoint{VPCEndpoint: &a.VpcEndpoints[i]}
		if e.PolicyDocument.Given() {
			e.policy = []iam.Attached{{Name: e.VpcEndpointID, Policy: a.managed.compile(e.PolicyDocument, iam.EndpointPolicy)}}
		}
		w.endpoints[e.VpcEndpointID] = e
	}
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
	findings = append(findings, nameFindings(names, r.AssumeRolePolicyDocument, role.Trust, findings)...)
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
