package iam

// All prose about decisions stands here, and about conditions in explaincondition.go. The rules: present tense, no blame, one sentence; the value
// in question, what it meets, and where there is one, the way out.

import (
	"strings"

	"stsplayground/engine/trace"
)

// Explain is the policy's answer with every comparison that led to it. Name
// is left for the caller. Positions are copies, free to be rebased.
func (p *Policy) Explain(r *Request) PolicyDecision {
	e := explainer{policy: p, request: r, caller: clipped(describePrincipal(&r.Principal)), resource: clipped(r.Resource)}
	d := PolicyDecision{Type: string(p.Kind), Statements: []StatementDecision{}}
	if !r.Room.Spent() {
		e.reserve()
		d.Statements = make([]StatementDecision, 0, len(p.Statements))
	}
	var marks landmarks
	for i := range p.Statements {
		s := &p.Statements[i]
		if r.Room.Spent() && !marks.next(s, s.matchPrincipal(r, p.Kind), s.IsAbout(r.Action), s.applies(r, p.Kind)) {
			d.More++
			continue
		}
		told := e.statement(s)
		marks.next(s, told.Principal.Matched, told.Action.Matched, told.Applies)
		d.Statements = append(d.Statements, told)
		if !told.Applies {
			continue
		}
		if s.word == denies {
			d.Effect = ExplicitDeny
		} else if d.Effect != ExplicitDeny {
			d.Effect = Allow
		}
	}
	return d
}

// Missing are the condition keys that the policies asked for and the request
// did not have, in the order asked, each once whatever its case: those of
// conditions, and those of variables. A statement about someone else, another
// action or another resource asks for none.
func Missing(policies ...PolicyDecision) []string {
	missing := []string{}
	seen := map[string]bool{}
	ask := func(key string) {
		if folded := foldKey(key); !seen[folded] {
			seen[folded] = true
			missing = append(missing, key)
		}
	}
	for i := range policies {
		for j := range policies[i].Statements {
			s := &policies[i].Statements[j]
			if !s.Principal.Matched || !s.Action.Matched {
				continue
			}
			for _, key := range s.unresolved {
				ask(key)
			}
			for k := range s.Conditions {
				if c := &s.Conditions[k]; c.Missing && s.Resource.Matched {
					ask(c.Key)
				}
			}
		}
	}
	return missing
}

// unresolved are the keys of the statement's variables that the request has
// no value for: of its resources, and of its conditions where it is about the
// resource.
func (s *Statement) unresolvedKeys(ctx *Context, aboutResource bool) (keys []string) {
	for i := range s.Resource.Values {
		keys = appendUnresolved(keys, s.Resource.Values[i].parts, ctx)
	}
	for i := range s.Conditions {
		for j := range s.Conditions[i].Values {
			if t, ok := s.Conditions[i].Values[j].test.(*template); ok && aboutResource {
				keys = appendUnresolved(keys, t.parts, ctx)
			}
		}
	}
	return keys
}

func appendUnresolved(keys []string, parts []part, ctx *Context) []string {
	for i := range parts {
		if p := &parts[i]; p.key != "" && !p.hasFallback {
			if _, found := ctx.lookupFolded(p.key); !found {
				keys = append(keys, p.written)
			}
		}
	}
	return keys
}

// explainer fills a decision. Its slabs are cut into the decision's many
// small slices, so that one Explain allocates a handful of times.
type explainer struct {
	policy  *Policy
	request *Request

	// The principal in words and the resource, short enough to be repeated.
	caller, resource string

	places     []trace.At
	texts      []string
	values     []ValueDecision
	conditions []ConditionDecision
}

// reserve makes the slabs.
func (e *explainer) reserve() {
	places, texts, values, conditions := 0, 0, 0, 0
	for i := range e.policy.Statements {
		s := &e.policy.Statements[i]
		places += 4
		for _, el := range []*Element{&s.Principal, &s.Action, &s.Resource} {
			texts += min(len(el.Values), mostWanted)
		}
		conditions += len(s.Conditions)
		for j := range s.Conditions {
			values += len(s.Conditions[j].Values)
		}
	}
	e.places = make([]trace.At, 0, places+conditions+values)
	e.texts = make([]string, 0, texts+values)
	e.values = make([]ValueDecision, 0, values)
	e.conditions = make([]ConditionDecision, 0, conditions)
}

// place is a copy of at; nil where the policy stands nowhere, as AWS's own do.
func (e *explainer) place(at trace.At) *trace.At {
	if at == (trace.At{}) {
		return nil
	}
	e.places = append(e.places, at)
	return &e.places[len(e.places)-1]
}

var none = []string{} // encodes as [], never null

// mostWanted bounds the values that are told of one element: AWS's
// ReadOnlyAccess has more than a thousand actions in a statement.
const mostWanted = 60

func (e *explainer) wanted(values []Written) []string {
	if len(values) == 0 {
		return none
	}
	start := len(e.texts)
	for i := range values {
		e.texts = append(e.texts, values[i].typed())
	}
	told := e.texts[start:len(e.texts):len(e.texts)]
	e.request.Room.Take(sizeOf(told))
	return told
}

// typed is the value with its type of principal in front, where it has one.
func (w *Written) typed() string {
	if w.Type == "" {
		return w.Text
	}
	return w.Type + ": " + w.Text
}

func (e *explainer) statement(s *Statement) (d StatementDecision) {
	r, kind := e.request, e.policy.Kind
	r.Room.Take(statementSize + len(s.Sid) + len(e.caller) + len(r.Action) + len(e.resource))
	d = StatementDecision{Index: s.Index, Sid: s.Sid, Effect: s.Effect, At: e.place(s.At)}
	d.Principal = e.element(&s.Principal, e.caller, s.matchPrincipal(r, kind), s.whyPrincipal)
	d.Action = e.element(&s.Action, r.Action, s.IsAbout(r.Action), s.whyAction)
	d.Resource = e.element(&s.Resource, e.resource, s.matchResource(r, kind), s.whyResource)
	d.Applies = s.word != noEffect && d.Principal.Matched && d.Action.Matched && d.Resource.Matched
	d.unresolved = s.unresolvedKeys(r.Context, d.Resource.Matched)

	start := len(e.conditions)
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if i >= fewConditions && r.Room.Spent() {
			// But for the first that doesn't hold, which is why the statement doesn't apply.
			if !d.Applies || r.matches(c, s.word == denies) {
				d.More++
				continue
			}
		}
		told := e.condition(c, s.word == denies)
		d.Applies = d.Applies && told.Matched
		e.conditions = append(e.conditions, told)
	}
	d.Conditions = e.conditions[start:len(e.conditions):len(e.conditions)]
	return d
}

func (e *explainer) element(el *Element, found string, matched bool, why func(matched bool, r *Request, kind Kind) string) ElementDecision {
	most := mostWanted
	if e.request.Room.Spent() {
		most = fewValues
	}
	told := el.Values[:min(len(el.Values), most)]
	d := ElementDecision{Element: el.Name, Wanted: e.wanted(told), More: len(el.Values) - len(told), Found: found, Matched: matched}
	if el.Name != "" {
		d.At = e.place(el.At)
	}
	switch {
	case el.Name == "" && !el.required:
		d.Found = ""
	case el.Name == "":
		d.Why = "the statement lacks this element, so it never allows and still denies"
	case !el.readable():
		d.Why = "AWS can't read this element, so the statement never allows with it and still denies"
	default:
		d.Why = why(matched, e.request, e.policy.Kind)
	}
	return d
}

// describePrincipal is the name by which the one who asks is best known.
func describePrincipal(p *Principal) string {
	switch {
	case len(p.Federated) > 0:
		return "Federated: " + p.Federated[0]
	case len(p.AWS) > 0:
		return "AWS: " + p.AWS[0]
	case len(p.Service) > 0:
		return "Service: " + p.Service[0]
	case p.CanonicalUser != "":
		return "CanonicalUser: " + p.CanonicalUser
	case p.Account != "":
		return "AWS: " + p.Account
	case p.Anonymous:
		return "anonymous"
	}
	return ""
}

func (s *Statement) whyPrincipal(matched bool, r *Request, kind Kind) string {
	e := &s.Principal
	switch {
	case e.Not && s.word != denies:
		return "NotPrincipal works only with Deny, so this statement allows nobody"
	case e.Not && matched && r.Principal.bounded:
		return "NotPrincipal spares nobody who has a permissions boundary, whomever it lists"
	case e.Not && matched:
		return "NotPrincipal spares only whom it lists by every name, an AWS principal with its account"
	case e.Not:
		return "NotPrincipal lists this principal, so the Deny leaves it alone"
	case matched:
		return e.whyNamed(&r.Principal, kind)
	}
	for i := range e.Values {
		if why := e.Values[i].nearMiss(&r.Principal); why != "" {
			return why
		}
	}
	return "none of the statement's principals is the one who asks"
}

// whyNamed tells which form of name the principal was found by.
func (e *Element) whyNamed(p *Principal, kind Kind) string {
	for i := range e.Values {
		w := &e.Values[i]
		if !w.names(p, kind) {
			continue
		}
		switch w.principal.sort {
		case everyone, everyAWS:
			return "* stands for everyone"
		case wholeAccount:
			return "the account stands for every principal in it"
		case oneAWS:
			if w.Text != p.AWS[0] {
				return "the principal answers to " + quote(w.Text) + " as well"
			}
		}
		return "the principal is named exactly"
	}
	return ""
}

// nearMiss is why a value that seems to name the principal doesn't; empty
// where it is simply another one.
func (w *Written) nearMiss(p *Principal) string {
	var names []string
	switch w.principal.sort {
	case oneAWS:
		if strings.ContainsAny(w.Text, "*?") {
			return "Principal takes no wildcard within a name, so " + quote(w.Text) + " names nobody"
		}
		names = p.AWS
	case oneFederated:
		names = p.Federated
	case oneService:
		names = p.Service
	case wholeAccount:
		if p.Account != "" {
			return "the principal is of account " + p.Account + ", not " + w.principal.account
		}
	}
	if len(names) > 1 && isRole(names[1]) && isRole(w.Text) {
		return "the session is of the role " + quote(names[1]) + ": " + difference(w.Text, names[1])
	}
	if len(names) > 0 {
		return difference(w.Text, names[0])
	}
	if w.Type != "" && w.principal.sort != unknownPrincipal {
		return "the statement names a principal of type " + w.Type + ", and the request comes from another"
	}
	return ""
}

func isRole(arn string) bool { return strings.Contains(arn, ":role/") }

func (s *Statement) whyAction(matched bool, r *Request, _ Kind) string {
	switch {
	case s.Action.Not && matched:
		return "NotAction doesn't list the action, so the statement is about it"
	case s.Action.Not:
		return "NotAction lists the action, so the statement isn't about it"
	case matched:
		return "the statement is about this action"
	}
	return "the statement isn't about " + r.Action
}

func (s *Statement) whyResource(matched bool, r *Request, kind Kind) string {
	e := &s.Resource
	switch {
	case passedOver(kind):
		return "a role trust policy has no " + e.Name + ", the role itself is the resource"
	case e.Not && matched:
		return "NotResource doesn't list the resource, so the statement is about it"
	case e.Not:
		return "NotResource lists the resource, so the statement isn't about it"
	case matched:
		return "the statement is about this resource"
	}
	for i := range e.Values {
		if e.Values[i].isResource(r) == unresolved {
			return "the variable in " + quote(e.Values[i].Text) + " has no value in this request, so it matches no resource"
		}
	}
	if len(e.Values) == 1 && !strings.ContainsAny(e.Values[0].Text, "*?$") {
		return difference(e.Values[0].Text, r.Resource)
	}
	for i := range e.Values {
		if parts := e.Values[i].parts; parts != nil {
			if pattern, ok := resolve(parts, r.Context); ok {
				return "with its variables replaced that is " + quote(fromPattern(pattern)) + ", and the request is about " + quote(r.Resource)
			}
		}
	}
	return "none of the statement's resources has the form of " + quote(r.Resource)
}
