package iam

import "strings"

// Attached is a policy and the name by which a reader knows it: its own, its
// ARN, or the place where it stands.
type Attached struct {
	Name   string
	Policy *Policy
}

// Authorization is one request and every policy that bears on it (IAM User
// Guide, "Policy evaluation logic"). A nil list of a type means that no policy
// of that type applies to the request; an empty one that the type applies and
// nothing in it allows. The zero value is denied.
type Authorization struct {
	Request Request

	ResourceControl [][]Attached // a list a level, root first; RCPFullAWSAccess is implicit in each
	ServiceControl  [][]Attached // a list a level, root first; each level has to allow
	Endpoint        []Attached   // of the VPC endpoint that the request went through
	Resource        []Attached   // the resource's own: a resource-based policy, or a role's trust policy
	Identity        []Attached   // the principal's own and its groups'
	Boundary        []Attached
	Session         []Attached

	// Root: the principal is an account's root user, whose identity needs no policy.
	Root bool
	// CrossAccount: the principal and the resource belong to different accounts,
	// so that both sides have to allow.
	CrossAccount bool
	// ResourceMustAllow: the resource's own policy has to allow whoever asks, as
	// role trust policies and KMS key policies do even in one account.
	ResourceMustAllow bool
	// ResourceKind names the resource's policy where it has none; "" stands for
	// ResourcePolicy.
	ResourceKind Kind
}

// Outcome is what Decide answers. By is the type of policy that decided, the
// zero Kind where the root user needed none. Policy and Statement are the
// ones that did: Policy nil where none did, because nothing allowed.
type Outcome struct {
	Effect    Effect
	By        Kind
	Policy    *Attached
	Statement *Statement
}

// layer is the policies of one type, in the order in which AWS asks them.
type layer struct {
	kind   Kind
	levels [][]Attached
	single []Attached // in place of levels
}

const layerCount = 7

func (a *Authorization) layers() [layerCount]layer {
	return [layerCount]layer{
		{kind: ResourceControlPolicy, levels: a.ResourceControl},
		{kind: ServiceControlPolicy, levels: a.ServiceControl},
		{kind: EndpointPolicy, single: a.Endpoint},
		{kind: a.resourceKind(), single: a.Resource},
		{kind: IdentityPolicy, single: a.Identity},
		{kind: PermissionsBoundary, single: a.Boundary},
		{kind: SessionPolicy, single: a.Session},
	}
}

func (a *Authorization) resourceKind() Kind {
	switch {
	case len(a.Resource) > 0:
		return a.Resource[0].Policy.Kind
	case a.ResourceKind != "":
		return a.ResourceKind
	}
	return ResourcePolicy
}

// Decide is the answer of all policies together, in the order of the User
// Guide's "How AWS enforcement code logic evaluates requests to allow or deny
// access": an explicit Deny anywhere, then what has to allow and doesn't. Where
// the endpoint's policy stands in that order is modelled.
func (a *Authorization) Decide() Outcome {
	return a.bounded().decide()
}

// bounded is a with the request's principal marked as one that a permissions
// boundary limits, where that is so.
func (a *Authorization) bounded() *Authorization {
	if a.Boundary == nil || a.Request.Principal.bounded {
		return a
	}
	marked := *a
	marked.Request.Principal.bounded = true
	return &marked
}

func (a *Authorization) decide() Outcome {
	layers := a.layers()
	for i := range layers {
		if o := layers[i].denied(&a.Request); o.Statement != nil {
			return o
		}
	}
	for _, level := range a.ServiceControl {
		if _, statement := allowing(level, &a.Request); statement == nil {
			return Outcome{By: ServiceControlPolicy}
		}
	}
	if a.Endpoint != nil {
		if _, statement := allowing(a.Endpoint, &a.Request); statement == nil {
			return Outcome{By: EndpointPolicy}
		}
	}
	byResource, grants := a.grant()
	if grants == grantsNothing && a.resourceHasTo() {
		return Outcome{By: a.resourceKind()}
	}
	if a.CrossAccount || grants < grantsRole {
		grants = grantsAccount // the identity's side has to allow in full
	}
	byIdentity := Outcome{Effect: Allow, By: IdentityPolicy}
	if !grants.without(IdentityPolicy) && !a.Root {
		byIdentity.Policy, byIdentity.Statement = allowing(a.Identity, &a.Request)
		if byIdentity.Statement == nil {
			return Outcome{By: IdentityPolicy}
		}
	}
	if a.Boundary != nil && !grants.without(PermissionsBoundary) {
		if _, statement := allowing(a.Boundary, &a.Request); statement == nil {
			return Outcome{By: PermissionsBoundary}
		}
	}
	if a.Session != nil && !grants.without(SessionPolicy) {
		if _, statement := allowing(a.Session, &a.Request); statement == nil {
			return Outcome{By: SessionPolicy}
		}
	}
	switch {
	case grants >= grantsRole || a.Root && a.resourceHasTo():
		return byResource
	case a.Root:
		return Outcome{Effect: Allow}
	}
	return byIdentity
}

// resourceHasTo says whether nothing is allowed unless the resource's own
// policy allows it: across accounts, for kinds of resource that insist, and
// for whoever has no identity in an account.
func (a *Authorization) resourceHasTo() bool {
	return a.CrossAccount || a.ResourceMustAllow || a.Identity == nil && !a.Root
}

// denied is the first statement of the layer that denies.
func (l *layer) denied(r *Request) Outcome {
	if o := deniedBy(l.single, r); o.Statement != nil {
		return o
	}
	for _, level := range l.levels {
		if o := deniedBy(level, r); o.Statement != nil {
			return o
		}
	}
	return Outcome{}
}

func deniedBy(policies []Attached, r *Request) Outcome {
	for i := range policies {
		p := policies[i].Policy
		for j := range p.Statements {
			if s := &p.Statements[j]; s.word == denies && s.applies(r, p.Kind) {
				return Outcome{ExplicitDeny, p.Kind, &policies[i], s}
			}
		}
	}
	return Outcome{}
}

// allowing is the first statement that allows, nil where none does.
func allowing(policies []Attached, r *Request) (*Attached, *Statement) {
	for i := range policies {
		p := policies[i].Policy
		for j := range p.Statements {
			if s := &p.Statements[j]; s.word == allows && s.applies(r, p.Kind) {
				return &policies[i], s
			}
		}
	}
	return nil, nil
}

// grant is how far a resource's policy carries in the principal's own
// account (IAM User Guide, reference_policies_evaluation-logic_policy-eval-denyallow,
// the table of resource-based policies and implicit denials in other policy
// types). The greater one needs less besides.
type grant byte

const (
	grantsNothing   grant = iota
	grantsAccount         // names the account, which delegates: the identity's own policies have to allow
	grantsRole            // names the role, or the user who federated: boundary and session policies limit the session; or, in a trust policy, the user
	grantsUser            // names the user: the boundary doesn't limit it
	grantsPrincipal       // names the session or federated user, everyone, a service or a provider: nothing limits it
)

// without says whether the grant holds where policies of the kind don't allow.
func (g grant) without(kind Kind) bool {
	switch kind {
	case IdentityPolicy:
		return g >= grantsRole
	case PermissionsBoundary:
		return g >= grantsUser
	}
	return g >= grantsPrincipal
}

// grant is the widest grant of the resource's own policy, and the statement
// that gives it.
func (a *Authorization) grant() (by Outcome, widest grant) {
	for i := range a.Resource {
		p := a.Resource[i].Policy
		for j := range p.Statements {
			s := &p.Statements[j]
			if s.word != allows || !s.applies(&a.Request, p.Kind) {
				continue
			}
			if g := s.grants(&a.Request.Principal, p.Kind); g > widest {
				by, widest = Outcome{Allow, p.Kind, &a.Resource[i], s}, g
			}
		}
	}
	return by, widest
}

// grants is the widest grant among the values of Principal that mean p. A
// statement whose kind of policy needs no Principal grants to everyone.
func (s *Statement) grants(p *Principal, kind Kind) (widest grant) {
	if s.Principal.Name == "" {
		return grantsPrincipal
	}
	for i := range s.Principal.Values {
		if w := &s.Principal.Values[i]; w.names(p, kind) {
			widest = max(widest, w.grants(p))
		}
	}
	// "If a permissions boundary is set for the user, then it must allow the
	// sts:AssumeRole action", also where the trust policy lists the user (IAM
	// User Guide, id_roles_update-role-trust-policy).
	if kind == TrustPolicy && widest == grantsUser {
		return grantsRole
	}
	return widest
}

func (w *Written) grants(p *Principal) grant {
	switch w.principal.sort {
	case wholeAccount:
		return grantsAccount
	case oneAWS:
		// "if a resource-based policy grants permission to the ARN of the IAM
		// user who federated, then requests made by the federated user during
		// the session are limited by an implicit deny in a permission boundary
		// or session policy".
		if g := grantOf(w.Text); g != grantsUser || !p.isFederatedUser() {
			return g
		}
		return grantsRole
	}
	// "*" too: "permissions boundaries and session policies do not limit
	// permissions granted using the aws:PrincipalArn condition key with a
	// wildcard (*) in the Principal element".
	return grantsPrincipal
}

// isFederatedUser says whether p is a session of GetFederationToken.
func (p *Principal) isFederatedUser() bool {
	return len(p.AWS) > 0 && strings.Contains(p.AWS[0], ":federated-user/")
}

// grantOf is what naming one AWS principal grants, by its ARN or unique id.
func grantOf(name string) grant {
	tail := name[strings.LastIndexByte(name, ':')+1:]
	switch {
	case strings.HasPrefix(name, "AROA") && !strings.Contains(name, ":"), strings.HasPrefix(tail, "role/"):
		return grantsRole
	case strings.HasPrefix(name, "AIDA"), strings.HasPrefix(tail, "user/"):
		return grantsUser
	}
	return grantsPrincipal
}
