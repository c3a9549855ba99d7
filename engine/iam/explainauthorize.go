package iam

import (
	"strconv"
	"strings"
)

// TypeDecision is what the policies of one type answer, all of them together.
// Applies is false where no policy of the type bears on the request, or where
// the resource's policy grants without it. Why is one sentence.
type TypeDecision struct {
	Type    Kind   `json:"type"`
	Applies bool   `json:"applies"`
	Effect  Effect `json:"effect"`
	Why     string `json:"why"`
}

// Deciding is the statement that decided: Policy is the policy's name, Index
// counts from 0.
type Deciding struct {
	Policy string `json:"policy"`
	Index  int    `json:"index"`
	Sid    string `json:"sid"`
}

// Explain is the answer of Decide with that of every type of policy, of every
// policy and of every comparison. Once the request's Room is spent the policy
// that decided is told, or one that might have allowed, and the resource's own,
// for a role's is what the gates of a walk go by.
func (a *Authorization) Explain() Decision {
	a = a.bounded()
	o := a.decide()
	d := Decision{Effect: o.Effect, By: string(o.By), Missing: []string{}, Policies: []PolicyDecision{}}
	if o.Statement != nil {
		d.Statement = &Deciding{o.Policy.Name, o.Statement.Index, o.Statement.Sid}
	}
	_, grants := a.grant()
	layers := a.layers()
	near := false
	for i := range layers {
		d.Types = append(d.Types, a.explainType(&layers[i], grants))
		for _, level := range layers[i].all() {
			for j := range level {
				if a.Request.Room.Spent() && &level[j] != o.Policy && layers[i].kind != a.resourceKind() {
					if near || layers[i].kind != o.By || !level[j].Policy.about(&a.Request) {
						d.More++
						continue
					}
					near = true
				}
				answer := level[j].Policy.Explain(&a.Request)
				answer.Name = level[j].Name
				d.Policies = append(d.Policies, answer)
			}
		}
	}
	d.Missing = Missing(d.Policies...)
	return d
}

// about says whether an Allow statement of the policy is about the principal
// and the action.
func (p *Policy) about(r *Request) bool {
	for i := range p.Statements {
		if s := &p.Statements[i]; s.word == allows && s.IsAbout(r.Action) && s.matchPrincipal(r, p.Kind) {
			return true
		}
	}
	return false
}

// all are the layer's policies by level; a type without levels has one.
func (l *layer) all() [][]Attached {
	if l.levels == nil && l.single != nil {
		return [][]Attached{l.single}
	}
	return l.levels
}

func (a *Authorization) explainType(l *layer, grants grant) TypeDecision {
	t := TypeDecision{Type: l.kind, Applies: l.levels != nil || l.single != nil}
	if o := l.denied(&a.Request); o.Statement != nil {
		t.Effect, t.Why = ExplicitDeny, o.Statement.label()+" of "+o.Policy.Name+" denies, and an explicit Deny wins over every Allow."
		return t
	}
	switch l.kind {
	case ResourceControlPolicy:
		if t.Effect = Allow; t.Applies {
			t.Why = "No statement denies, and RCPFullAWSAccess, which is attached everywhere, allows."
		}
	case ServiceControlPolicy:
		a.explainLevels(&t, l.levels)
	case IdentityPolicy, PermissionsBoundary, SessionPolicy:
		a.explainSide(&t, l, grants)
	case EndpointPolicy:
		if t.Effect = Allow; t.Applies {
			t.Effect, t.Why = a.allowed(l.single)
		}
	default:
		a.explainResource(&t, grants)
	}
	if !t.Applies && t.Why == "" {
		t.Why = notApplying[l.kind]
	}
	return t
}

// notApplying says why policies of a type don't bear on a request, where the
// caller of Explain gives none of them.
var notApplying = map[Kind]string{
	ResourceControlPolicy: "No resource control policy bears on the resource's account.",
	ServiceControlPolicy:  "No service control policy bears on the one who asks.",
	EndpointPolicy:        "The request goes through no VPC endpoint whose policy is known.",
	IdentityPolicy:        "The one who asks has no identity in an account, so no identity-based policy.",
	PermissionsBoundary:   "The identity has no permissions boundary.",
	SessionPolicy:         "No session policy was passed when the session was made.",
	ResourcePolicy:        "The resource has no policy of its own.",
}

func (a *Authorization) explainLevels(t *TypeDecision, levels [][]Attached) {
	if !t.Applies {
		t.Effect = Allow
		return
	}
	for i, level := range levels {
		if _, s := allowing(level, &a.Request); s == nil {
			t.Why = "At level " + strconv.Itoa(i+1) + " of " + strconv.Itoa(len(levels)) + " no statement allows, and each level has to."
			return
		}
	}
	t.Effect, t.Why = Allow, "Each level allows."
}

// allowed is the answer of policies of which one has to allow.
func (a *Authorization) allowed(policies []Attached) (Effect, string) {
	by, s := allowing(policies, &a.Request)
	if s == nil {
		return ImplicitDeny, "No statement of " + namesOf(policies) + " allows."
	}
	return Allow, s.label() + " of " + by.Name + " allows."
}

// namesOf names the policies of a type, where a few are enough to find them.
func namesOf(policies []Attached) string {
	const most = 3
	switch {
	case len(policies) == 0:
		return "any policy"
	case len(policies) > most:
		return strconv.Itoa(len(policies)) + " policies"
	}
	names := make([]string, len(policies))
	for i := range policies {
		names[i] = policies[i].Name
	}
	return strings.Join(names, ", ")
}

// explainSide is for the types on the identity's side, which some grants of
// the resource's policy do without.
func (a *Authorization) explainSide(t *TypeDecision, l *layer, grants grant) {
	switch {
	case a.Root && l.kind == IdentityPolicy:
		t.Applies, t.Effect, t.Why = false, Allow, "The account's root user may do everything, without a policy."
		return
	case !t.Applies:
		t.Effect = Allow
		return
	}
	t.Effect, t.Why = a.allowed(l.single)
	if t.Effect == Allow || a.CrossAccount || !grants.without(l.kind) {
		return
	}
	t.Applies = false
	t.Why = t.Why[:len(t.Why)-1] + ", and none needs to: the " + string(a.resourceKind()) + " names " + grants.named() + ", in the same account."
}

// named is whom a resource's policy names for the grant.
func (g grant) named() string {
	switch g {
	case grantsRole:
		return "the user, or the role or user whose session asks"
	case grantsUser:
		return "the user"
	}
	return "the one who asks, or everyone"
}

func (a *Authorization) explainResource(t *TypeDecision, grants grant) {
	by, _ := a.grant()
	switch {
	case grants != grantsNothing:
		t.Effect, t.Why = Allow, by.Statement.label()+" of "+by.Policy.Name+" allows."
		if grants == grantsAccount {
			t.Why = by.Statement.label() + " of " + by.Policy.Name + " allows the account, which leaves it to the identity-based policies."
		}
	case !a.resourceHasTo():
		if t.Applies {
			t.Applies, t.Why = false, "No statement allows, and within one account none needs to."
		}
		t.Effect = Allow
	case a.CrossAccount:
		t.Applies, t.Why = true, "The resource is in another account, so its own policy has to allow as well, and no statement does."
	case a.ResourceMustAllow:
		t.Applies, t.Why = true, "The policy of such a resource has to allow whoever asks, and no statement does."
	default:
		t.Applies, t.Why = true, "The one who asks has no identity-based policy, so the resource's own has to allow, and no statement does."
	}
}

// label is the statement as people count.
func (s *Statement) label() string {
	if s.Sid != "" {
		return "Statement " + strconv.Itoa(s.Index+1) + " (" + s.Sid + ")"
	}
	return "Statement " + strconv.Itoa(s.Index+1)
}

// AccessDenied is AWS's sentence about a denied request (IAM User Guide,
// troubleshoot_access-denied). who is the caller's ARN. Only one type of
// policy is told.
func (d *Decision) AccessDenied(who, action, resource string) string {
	var b strings.Builder
	b.WriteString("User: " + who + " is not authorized to perform: " + action)
	if resource != "" {
		b.WriteString(" on resource: " + resource)
	}
	switch {
	case d.By == "":
	case d.Effect == ExplicitDeny:
		b.WriteString(" with an explicit deny in " + determined(d.By))
	default:
		b.WriteString(" because no " + d.By + " allows the " + action + " action")
	}
	return b.String()
}

// determined is a type of policy with its article, as AWS's sentences have it.
func determined(kind string) string {
	switch Kind(kind) {
	case TrustPolicy:
		return "the " + kind
	case IdentityPolicy:
		return "an " + kind
	}
	return "a " + kind
}
