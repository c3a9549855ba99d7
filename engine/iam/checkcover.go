package iam

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/trace"
)

// A covering is sought within these bounds: what is beyond them goes without
// a finding, so that thousands of statements cost no more than a few.
const (
	coverBudget     = 1 << 20 // steps of comparing patterns, for a whole policy
	coverStatements = 300     // statements that are compared with each other
)

// spend takes the cost of one comparison from the policy's budget; false where
// too little is left.
func (p *parser) spend(cost int) bool {
	p.compared += cost
	return p.compared <= coverBudget
}

// exhausted says whether nothing is left of the budget.
func (p *parser) exhausted() bool { return p.compared > coverBudget }

// takesIn says whether whatever fits pattern b fits pattern a. It says yes
// only where that is sure.
func (p *parser) takesIn(a, b string) bool {
	if a == b {
		return true
	}
	single := strings.IndexByte(a, anyOne) >= 0
	cost := len(a) + len(b)
	if single {
		cost = len(a) * len(b)
	}
	switch {
	case firstWildcard(a) == len(a) || !p.spend(cost):
		return false
	case single && firstWildcard(b) < len(b):
		return false // ? could be taken for a * of b
	}
	return glob(a, b)
}

// apart says whether nothing fits both patterns. It says yes only where that
// is sure.
func (p *parser) apart(a, b string) bool {
	headA, headB := a[:firstWildcard(a)], b[:firstWildcard(b)]
	if !p.spend(len(headA) + len(headB) + 1) {
		return false
	}
	if len(headA) == len(a) && len(headB) == len(b) {
		return a != b
	}
	return !strings.HasPrefix(headA, headB) && !strings.HasPrefix(headB, headA)
}

// form is the value as takesIn compares it. One with variables equals only
// itself, and is part of nothing but *.
func (w *Written) form() string {
	if w.parts != nil {
		return "\x00" + w.Text
	}
	return w.pattern
}

// redundantValues reports the values of a list that others take in.
func (p *parser) redundantValues(e *Element, r *rule) {
	if len(e.Values) < 2 || e.broken || p.full() {
		return
	}
	seen := make(map[string]int, len(e.Values))
	var wide []int
	for i := range e.Values {
		form := e.Values[i].form()
		if _, again := seen[form]; !again {
			seen[form] = i
			if firstWildcard(form) < len(form) {
				wide = append(wide, i)
			}
		}
	}
	var redundant []*Written
	whole := ""
	for i := range e.Values {
		w := &e.Values[i]
		by := seen[w.form()]
		for k := 0; k < len(wide) && by == i && !p.exhausted(); k++ {
			// Two that take each other in are the same; the first stays.
			if j := wide[k]; j != i && p.takesIn(e.Values[j].form(), w.form()) && (j < i || !p.takesIn(w.form(), e.Values[j].form())) {
				by = j
			}
		}
		if by != i {
			if redundant = append(redundant, w); whole == "" {
				whole = e.Values[by].Text
			}
		}
	}
	if len(redundant) == 0 {
		return
	}
	first := redundant[0]
	detail := quote(first.Text) + " is part of " + quote(whole) + " in the same list"
	if first.Text == whole {
		detail = quote(whole) + " stands in the list already"
	}
	if more := len(redundant) - 1; more > 0 {
		detail += ", and " + strconv.Itoa(more) + " more are part of others"
	}
	fix := make([]trace.Patch, 0, len(redundant))
	for i := len(redundant) - 1; i >= 0; i-- { // the last first, so that each path still leads where it did
		fix = append(fix, trace.Patch{Op: "remove", Path: redundant[i].At.Path})
	}
	p.report(r, first.At, detail+"; leave it out, or the wider one if it isn't meant.", fix...)
}

// checkCovers reports statements that are part of another of the same effect,
// and those that allow what another denies whatever the conditions.
func (p *parser) checkCovers() {
	all := p.policy.Statements
	if len(all) < 2 {
		return
	}
	told := make([]bool, len(all))
	first := make(map[string]int, len(all))
	for i := range all {
		key := all[i].identity()
		if j, again := first[key]; again {
			told[i] = true
			p.redundantStatement(&all[i], &all[j], "says the same as")
		} else if key != "" {
			first[key] = i
		}
	}
	if len(all) > coverStatements {
		return
	}
	for i := range all {
		for j := range all {
			if i == j || told[i] || told[j] || p.full() || p.exhausted() {
				continue
			}
			a, b := &all[j], &all[i]
			switch {
			case a.word == b.word && p.covers(a, b):
				told[i] = true
				p.redundantStatement(b, a, "is part of")
			case a.word == denies && b.word == allows && len(a.Conditions) == 0 && p.covers(a, b):
				told[i] = true
				p.report(ruleShadowed, b.At, "What the statement allows, statement "+strconv.Itoa(a.Index+1)+" denies without a condition, and a Deny always wins; narrow the Deny or leave the Allow out.")
			}
		}
	}
}

func (p *parser) redundantStatement(s, other *Statement, how string) {
	var fix []trace.Patch
	if strings.HasPrefix(s.At.Path, "/Statement/") {
		fix = []trace.Patch{{Op: "remove", Path: s.At.Path}}
	}
	p.report(ruleRedundantStatement, s.At, "The statement "+how+" statement "+strconv.Itoa(other.Index+1)+" and changes nothing; leave it out.", fix...)
}

// readable says whether the statement's elements can be compared.
func (s *Statement) readable() bool {
	return (s.word == allows || s.word == denies) && s.Principal.readable() && s.Action.readable() && s.Resource.readable() &&
		!slices.ContainsFunc(s.Conditions, func(c Condition) bool { return c.broken || c.op == nil })
}

// identity is all that the statement says, in one order; empty where it can't
// be read.
func (s *Statement) identity() string {
	if !s.readable() {
		return ""
	}
	var b strings.Builder
	b.WriteString(s.Effect)
	for _, e := range []*Element{&s.Principal, &s.Action, &s.Resource} {
		values := make([]string, len(e.Values))
		for i := range e.Values {
			w := &e.Values[i]
			values[i] = w.Type + "\x01" + w.Text
			if e == &s.Action {
				values[i] = w.pattern
			}
		}
		writeSorted(&b, e.Name, values)
	}
	conditions := make([]string, len(s.Conditions))
	for i := range s.Conditions {
		conditions[i] = s.Conditions[i].identity()
	}
	writeSorted(&b, "Condition", conditions)
	return b.String()
}

func (c *Condition) identity() string {
	var b strings.Builder
	values := make([]string, len(c.Values))
	for i := range c.Values {
		values[i] = c.Values[i].Text
	}
	writeSorted(&b, c.Operator+"\x01"+c.folded, values)
	return b.String()
}

func writeSorted(b *strings.Builder, name string, values []string) {
	slices.Sort(values)
	b.WriteString("\x02" + name)
	for _, value := range slices.Compact(values) {
		b.WriteString("\x03")
		b.WriteString(value)
	}
}

// covers says whether a applies wherever b does. It says yes only where that
// is sure.
func (p *parser) covers(a, b *Statement) bool {
	return a.readable() && b.readable() &&
		p.coversConditions(a, b) && coversPrincipals(&a.Principal, &b.Principal) &&
		p.coversElement(&a.Action, &b.Action) && p.coversElement(&a.Resource, &b.Resource)
}

// coversConditions: a asks for nothing that b doesn't ask for.
func (p *parser) coversConditions(a, b *Statement) bool {
	if len(a.Conditions) == 0 {
		return true
	}
	if len(a.Conditions) > len(b.Conditions) || !p.spend(64*(a.conditionValues()+b.conditionValues())) {
		return false
	}
	asked := make(map[string]bool, len(b.Conditions))
	for i := range b.Conditions {
		asked[b.Conditions[i].identity()] = true
	}
	for i := range a.Conditions {
		if !asked[a.Conditions[i].identity()] {
			return false
		}
	}
	return true
}

func (s *Statement) conditionValues() (n int) {
	for i := range s.Conditions {
		n += 1 + len(s.Conditions[i].Values)
	}
	return n
}

func coversPrincipals(a, b *Element) bool {
	if a.Name == "" || b.Name == "" {
		return a.Name == b.Name
	}
	if a.Not || b.Not {
		return false
	}
	for i := range b.Values {
		w := &b.Values[i]
		if !slices.ContainsFunc(a.Values, func(v Written) bool {
			everybody := v.principal.sort == everyone || v.principal.sort == everyAWS && w.Type == typeAWS
			return everybody || v.Type == w.Type && v.Text == w.Text
		}) {
			return false
		}
	}
	return true
}

func (p *parser) coversElement(a, b *Element) bool {
	if a.Name == "" || b.Name == "" {
		return a.Name == b.Name
	}
	takenIn := func(by *Element, w *Written) bool {
		return slices.ContainsFunc(by.Values, func(v Written) bool { return p.takesIn(v.form(), w.form()) })
	}
	switch {
	case a.Not && b.Not: // what a leaves out, b leaves out
		return !slices.ContainsFunc(a.Values, func(w Written) bool { return !takenIn(b, &w) })
	case a.Not: // nothing of b is among what a leaves out
		return !slices.ContainsFunc(b.Values, func(w Written) bool {
			return slices.ContainsFunc(a.Values, func(v Written) bool { return w.parts != nil || v.parts != nil || !p.apart(v.form(), w.form()) })
		})
	case b.Not:
		return slices.ContainsFunc(a.Values, func(w Written) bool { return w.Text == "*" })
	}
	return !slices.ContainsFunc(b.Values, func(w Written) bool { return !takenIn(a, &w) })
}
