package iam

// effectWord is a statement's effect. The zero value has none: what AWS would
// refuse never allows.
type effectWord byte

const (
	noEffect effectWord = iota
	allows
	denies
)

// Decide is the policy's answer alone. Explain gives the same answer and how
// it came about.
func (p *Policy) Decide(r *Request) Effect {
	effect := ImplicitDeny
	for i := range p.Statements {
		s := &p.Statements[i]
		if !s.applies(r, p.Kind) {
			continue
		}
		if s.word == denies {
			return ExplicitDeny
		}
		effect = Allow
	}
	return effect
}

func (s *Statement) applies(r *Request, kind Kind) bool {
	if s.word == noEffect || !s.matchPrincipal(r, kind) || !s.IsAbout(r.Action) || !s.matchResource(r, kind) {
		return false
	}
	for i := range s.Conditions {
		if !r.matches(&s.Conditions[i], s.word == denies) {
			return false
		}
	}
	return true
}

// readable says whether the element can be compared at all. One that can't
// never lets an Allow apply and never keeps a Deny from applying, like an
// unknown operator: AWS would not have saved the policy.
func (e *Element) readable() bool {
	return !e.broken && (e.Name != "" || !e.required)
}

func (s *Statement) matchPrincipal(r *Request, kind Kind) bool {
	e := &s.Principal
	switch {
	case !e.readable():
		return s.word == denies
	case e.Name == "":
		return true
	case e.Not:
		// "NotPrincipal must be used with Effect: Deny" (reference_policies_elements_notprincipal).
		return s.word == denies && !e.spares(&r.Principal, kind)
	}
	return e.Lists(&r.Principal, kind)
}

// IsAbout says whether the statement's Action or NotAction covers the action,
// whoever asks.
func (s *Statement) IsAbout(action string) bool {
	e := &s.Action
	if !e.readable() {
		return s.word == denies
	}
	for i := range e.Values {
		if e.Values[i].isAction(action) {
			return !e.Not
		}
	}
	return e.Not
}

// isAction: "The prefix and the action name are case insensitive" (IAM User
// Guide, reference_policies_elements_action).
func (w *Written) isAction(action string) bool {
	return w.Text == action || globFold(w.pattern, action)
}

func (s *Statement) matchResource(r *Request, kind Kind) bool {
	e := &s.Resource
	switch {
	case !e.readable():
		return s.word == denies
	case e.Name == "" || passedOver(kind):
		return true
	}
	for i := range e.Values {
		if e.Values[i].isResource(r) == hit {
			return !e.Not
		}
	}
	return e.Not
}

// passedOver: a trust policy has no Resource, the role itself is the
// resource. One that is written all the same is a finding, and decides nothing.
func passedOver(kind Kind) bool { return kind == TrustPolicy }

// isResource compares with the request's resource. "If the * wildcard is the
// last character of a resource ARN segment, it can expand to match beyond the
// colon boundaries" (IAM User Guide, reference_policies_elements_resource), so
// the ARN is compared as a whole.
func (w *Written) isResource(r *Request) outcome {
	if w.parts == nil {
		return outcomeOf(glob(w.pattern, r.Resource))
	}
	return matchParts(w.parts, r.Resource, r.Context)
}
