package iam

import (
	"runtime"
	"slices"
	"strings"
	"testing"
)

// rounds of each property below: fewer in WebAssembly, which is slower.
var rounds = map[bool]int{false: 2000, true: 500}[runtime.GOARCH == "wasm"]

// distribution counts answers, so that a property isn't proved on denials alone.
type distribution map[Effect]int

func (d distribution) check(t *testing.T, atLeast int) {
	t.Helper()
	total := d[Allow] + d[ImplicitDeny] + d[ExplicitDeny]
	for _, e := range []Effect{Allow, ImplicitDeny, ExplicitDeny} {
		if d[e]*100 < atLeast*total {
			t.Errorf("got %d of %d answers %v want at least %d %%", d[e], total, e, atLeast)
		}
	}
}

// eachMade gives policies of every kind with a request and the answer.
func eachMade(t *testing.T, seed uint64, do func(m maker, d made, kind Kind, r *Request, before Effect)) {
	t.Helper()
	m, answers := newMaker(seed), distribution{}
	for i := range rounds {
		kind := kinds[i%len(kinds)]
		d, r := m.policy(kind), m.request()
		before := d.parse(kind).Decide(r)
		answers[before]++
		do(m, d, kind, r, before)
	}
	answers.check(t, 12)
}

// eachTogether is eachMade for every type of policy together.
func eachTogether(t *testing.T, seed uint64, do func(m maker, given madeTogether, before Outcome)) {
	t.Helper()
	m, answers := newMaker(seed), distribution{}
	for range rounds {
		given := m.together()
		before := given.authorization().Decide()
		answers[before.Effect]++
		do(m, given, before)
	}
	answers.check(t, 10)
}

// unchanged fails where a policy that should mean the same doesn't.
func unchanged(t *testing.T, what string, d, changed made, kind Kind, r *Request, before Effect) {
	t.Helper()
	if got := changed.parse(kind).Decide(r); got != before {
		t.Fatalf("%s: got %v want %v as before\nbefore %s\nafter  %s\nasked %s on %s, %v", what, got, before, d, changed, r.Action, r.Resource, r.Context)
	}
}

func TestExplanationAgreesOnMadePolicies(t *testing.T) {
	eachMade(t, 11, func(m maker, d made, kind Kind, r *Request, before Effect) {
		agree(t, d.parse(kind), r)
	})
}

func TestExplanationAgreesOnMadePoliciesTogether(t *testing.T) {
	eachTogether(t, 12, func(m maker, given madeTogether, before Outcome) {
		agreeTogether(t, given.authorization())
	})
}

func TestADenyMoreNeverAllows(t *testing.T) {
	eachMade(t, 13, func(m maker, d made, kind Kind, r *Request, before Effect) {
		more, denial := d.clone(), m.statement(kind)
		denial.Effect = "Deny"
		more.Statement = slices.Insert(more.Statement, m.IntN(len(more.Statement)+1), denial)
		switch got := more.parse(kind).Decide(r); {
		case before != Allow && got == Allow, before == ExplicitDeny && got != ExplicitDeny:
			t.Fatalf("a Deny more turns %v into %v: %s", before, got, more)
		}
	})
}

func TestAnAllowMoreNeverDenies(t *testing.T) {
	eachMade(t, 14, func(m maker, d made, kind Kind, r *Request, before Effect) {
		more, grant := d.clone(), m.statement(kind)
		grant.Effect = "Allow"
		more.Statement = slices.Insert(more.Statement, m.IntN(len(more.Statement)+1), grant)
		switch got := more.parse(kind).Decide(r); {
		case before == Allow && got != Allow, before == ImplicitDeny && got == ExplicitDeny, before == ExplicitDeny && got != ExplicitDeny:
			t.Fatalf("an Allow more turns %v into %v: %s", before, got, more)
		}
	})
}

func shuffle[T any](m maker, s []T) { m.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] }) }

func TestOrderNeverMatters(t *testing.T) {
	eachMade(t, 15, func(m maker, d made, kind Kind, r *Request, before Effect) {
		mixed := d.clone()
		shuffle(m, mixed.Statement)
		for _, s := range mixed.Statement {
			for _, values := range [][]string{s.Action, s.NotAction, s.Resource, s.NotResource} {
				shuffle(m, values)
			}
			for _, keys := range s.Condition {
				for _, values := range keys {
					shuffle(m, values)
				}
			}
		}
		unchanged(t, "statements and values in another order", d, mixed, kind, r, before)

		again := &Request{Action: r.Action, Resource: r.Resource, Principal: r.Principal, Context: NewContext()}
		keys := r.Context.Keys()
		shuffle(m, keys)
		for _, key := range keys {
			v, _ := r.Context.Lookup(key)
			again.Context.SetValue(key, v)
		}
		unchanged(t, "keys in another order", d, d, kind, again, before)
	})
}

func TestSplittingAnActionListNeverMatters(t *testing.T) {
	eachMade(t, 16, func(m maker, d made, kind Kind, r *Request, before Effect) {
		split := d.clone()
		split.Statement = nil
		for _, s := range d.clone().Statement {
			if len(s.Action) < 2 {
				split.Statement = append(split.Statement, s)
				continue
			}
			first, second := s, s
			at := 1 + m.IntN(len(s.Action)-1)
			first.Action, second.Action = s.Action[:at], s.Action[at:]
			split.Statement = append(split.Statement, first, second)
		}
		unchanged(t, "a statement for each part of the actions", d, split, kind, r, before)
	})
}

func TestVersionsAgreeWithoutVariables(t *testing.T) {
	compared := 0
	eachMade(t, 17, func(m maker, d made, kind Kind, r *Request, before Effect) {
		if d.hasVariables() {
			return
		}
		compared++
		older, none := d.clone(), d.clone()
		older.Version, none.Version = Version2008, ""
		unchanged(t, "Version 2008-10-17", d, older, kind, r, before)
		unchanged(t, "no Version", d, none, kind, r, before)
	})
	if compared < rounds/8 {
		t.Errorf("got %d policies without variables want at least %d", compared, rounds/8)
	}
}

// sponge is the text with letters in either case.
func (m maker) sponge(text string) string {
	letters := []rune(text)
	for i, letter := range letters {
		if m.chance(50) {
			letters[i] = []rune(strings.ToUpper(string(letter)))[0]
		} else {
			letters[i] = []rune(strings.ToLower(string(letter)))[0]
		}
	}
	return string(letters)
}

func TestLetterCaseOfKeysAndActionsNeverMatters(t *testing.T) {
	eachMade(t, 18, func(m maker, d made, kind Kind, r *Request, before Effect) {
		loud := d.clone()
		for i := range loud.Statement {
			s := &loud.Statement[i]
			for j := range s.Action {
				s.Action[j] = m.sponge(s.Action[j])
			}
			for j := range s.NotAction {
				s.NotAction[j] = m.sponge(s.NotAction[j])
			}
			for operator, keys := range s.Condition {
				renamed := map[string][]string{}
				for key, values := range keys {
					renamed[m.sponge(key)] = values
				}
				s.Condition[operator] = renamed
			}
		}
		asked := &Request{Action: m.sponge(r.Action), Resource: r.Resource, Principal: r.Principal, Context: NewContext()}
		for _, key := range r.Context.Keys() {
			v, _ := r.Context.Lookup(key)
			asked.Context.SetValue(m.sponge(key), v)
		}
		unchanged(t, "keys and actions in another case", d, loud, kind, asked, before)
	})
}

func TestACeilingMoreNeverWidens(t *testing.T) {
	eachTogether(t, 19, func(m maker, given madeTogether, before Outcome) {
		limited := given
		switch m.IntN(5) {
		case 0:
			limited.serviceControl = slices.Insert(slices.Clone(given.serviceControl), m.IntN(len(given.serviceControl)+1), []made{m.ceiling(ServiceControlPolicy)})
		case 1:
			limited.resourceControl = append(slices.Clone(given.resourceControl), []made{m.ceiling(ResourceControlPolicy)})
		case 2:
			if given.endpoint == nil {
				limited.endpoint = []made{m.ceiling(EndpointPolicy)}
			}
		case 3:
			if given.session == nil {
				limited.session = []made{m.ceiling(SessionPolicy)}
			}
		default:
			if given.boundary == nil {
				limited.boundary = []made{m.ceiling(PermissionsBoundary)}
			}
		}
		if got := limited.authorization().Decide(); before.Effect != Allow && got.Effect == Allow || before.Effect == ExplicitDeny && got.Effect != ExplicitDeny {
			t.Fatalf("a ceiling more turns %v into %v: %+v", before.Effect, got.Effect, limited)
		}
	})
}

func TestADenyMoreInAnyTypeNeverAllows(t *testing.T) {
	eachTogether(t, 20, func(m maker, given madeTogether, before Outcome) {
		a := given.authorization()
		add := func(policies []Attached, kind Kind) []Attached {
			denial := m.statement(kind)
			denial.Effect = "Deny"
			return append(slices.Clone(policies), Attached{"more", made{Version: Version2012, Statement: []madeStatement{denial}}.parse(kind)})
		}
		switch m.IntN(5) {
		case 0:
			a.Resource = add(a.Resource, ResourcePolicy)
		case 1:
			a.Identity = add(a.Identity, IdentityPolicy)
		case 2:
			a.Boundary = add(a.Boundary, PermissionsBoundary)
		case 3:
			a.Session = add(a.Session, SessionPolicy)
		case 4:
			a.ResourceControl = append(slices.Clone(a.ResourceControl), add(nil, ResourceControlPolicy))
		}
		if got := a.Decide(); before.Effect != Allow && got.Effect == Allow || before.Effect == ExplicitDeny && got.Effect != ExplicitDeny {
			t.Fatalf("a Deny more turns %v into %v: %+v", before.Effect, got.Effect, given)
		}
	})
}

func TestAnAllowMoreInATypeThatAppliesNeverDenies(t *testing.T) {
	eachTogether(t, 21, func(m maker, given madeTogether, before Outcome) {
		a := given.authorization()
		add := func(policies []Attached, kind Kind) []Attached {
			grant := m.statement(kind)
			grant.Effect = "Allow"
			return append(slices.Clone(policies), Attached{"more", made{Version: Version2012, Statement: []madeStatement{grant}}.parse(kind)})
		}
		a.Identity, a.Resource = add(a.Identity, IdentityPolicy), add(a.Resource, ResourcePolicy)
		if a.Boundary != nil {
			a.Boundary = add(a.Boundary, PermissionsBoundary)
		}
		if a.Session != nil {
			a.Session = add(a.Session, SessionPolicy)
		}
		for i := range a.ServiceControl {
			a.ServiceControl[i] = add(a.ServiceControl[i], ServiceControlPolicy)
		}
		if got := a.Decide(); before.Effect == Allow && got.Effect != Allow || before.Effect == ImplicitDeny && got.Effect == ExplicitDeny {
			t.Fatalf("an Allow more turns %v into %v: %+v", before.Effect, got.Effect, given)
		}
	})
}

func TestOrderOfPoliciesNeverMatters(t *testing.T) {
	eachTogether(t, 22, func(m maker, given madeTogether, before Outcome) {
		a := given.authorization()
		for _, policies := range [][]Attached{a.Endpoint, a.Resource, a.Identity, a.Boundary, a.Session} {
			shuffle(m, policies)
		}
		shuffle(m, a.ServiceControl)
		shuffle(m, a.ResourceControl)
		if got := a.Decide(); got.Effect != before.Effect || got.By != before.By {
			t.Fatalf("got %v by %s want %v by %s as in the other order: %+v", got.Effect, got.By, before.Effect, before.By, given)
		}
	})
}
