package iam

import "strings"

// contradictionBound is how many values of one key are tried against all
// conditions on it.
const contradictionBound = 64

// checkContradictions reports a key whose conditions can't all hold, so that
// the statement never applies.
func (p *parser) checkContradictions(s *Statement) {
	if len(s.Conditions) < 2 {
		return
	}
	byKey := make(map[string][]*Condition, len(s.Conditions))
	var order []string
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if c.op == nil || c.broken || c.Set != "" || len(c.Values) == 0 || anyValue(c, func(w *Written) bool { _, variable := w.test.(*template); return variable }) {
			continue
		}
		if byKey[c.folded] == nil {
			order = append(order, c.folded)
		}
		byKey[c.folded] = append(byKey[c.folded], c)
	}
	for _, key := range order {
		group := byKey[key]
		if len(group) < 2 || len(group) > contradictionBound || p.full() {
			continue
		}
		if c, why := contradiction(group); c != nil {
			p.report(ruleNeverApplies, c.At, why+", so the statement never applies; take one of the two conditions on "+quote(c.Key)+" out, or correct it.")
		}
	}
}

// contradiction is the condition that, of those on one key, leaves no value
// and not the key's absence either; nil where they can hold together.
func contradiction(group []*Condition) (*Condition, string) {
	var insisting *Condition
	for _, c := range group {
		if c.insists() && c.op.family != familyNull && insisting == nil {
			insisting = c
		}
	}
	if insisting == nil {
		return nil, ""
	}
	for _, c := range group {
		if c.op.family == familyNull && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "true") {
			return c, "Null wants the key to be absent, and " + insisting.Operator + " wants a value of it"
		}
	}
	for _, c := range group {
		if c.insists() && c.finite() && noneFits(c, group) {
			return c, "No value that " + c.Operator + " takes fits the other conditions"
		}
	}
	for _, c := range group {
		if c.insists() && c.op.family == familyIP && insideExcluded(c, group) {
			return c, "Every address that " + c.Operator + " takes is left out by NotIpAddress"
		}
	}
	return emptyRange(group)
}

// finite says whether the condition takes only the values that it lists.
func (c *Condition) finite() bool {
	if c.op.negated || c.IfExists || len(c.Values) > contradictionBound {
		return false
	}
	switch c.op.family {
	case familyString:
		return !c.op.anyCase && (!c.op.like || !anyValue(c, func(w *Written) bool { return wild(w.Text) }))
	case familyARN:
		return !anyValue(c, func(w *Written) bool { return wild(w.Text) })
	case familyNumber, familyDate:
		return c.Base == "NumericEquals" || c.Base == "DateEquals"
	case familyBool:
		return true
	}
	return false
}

func noneFits(c *Condition, group []*Condition) bool {
	for i := range c.Values {
		value := c.Values[i].Text
		fits := true
		for _, other := range group {
			if other == c || other.op.family == familyNull {
				continue
			}
			if len(other.Values) > contradictionBound || other.op.family != c.op.family {
				return false
			}
			fits = fits && other.holdsFor(value, nil)
		}
		if fits {
			return false
		}
	}
	return true
}

func insideExcluded(c *Condition, group []*Condition) bool {
	for i := range c.Values {
		r, ok := c.Values[i].test.(*ipRange)
		if !ok {
			return false
		}
		excluded := false
		for _, other := range group {
			if !other.op.negated || other.op.family != familyIP || len(other.Values) > contradictionBound {
				continue
			}
			excluded = excluded || anyValue(other, func(w *Written) bool {
				e, ok := w.test.(*ipRange)
				return ok && e.Bits() <= r.Bits() && e.Contains(r.Addr())
			})
		}
		if !excluded {
			return false
		}
	}
	return true
}

// bound is one end of a range of numbers or dates.
type bound struct {
	condition *Condition
	number    *numberTest
	date      *dateTest
	open      bool // the end itself is outside
}

func (b *bound) compare(other *bound) int {
	if b.date != nil && other.date != nil {
		return b.date.wanted.compare(other.date.wanted)
	}
	if b.number != nil && other.number != nil {
		return b.number.wanted.compare(other.number.wanted)
	}
	return 0
}

// emptyRange: the lowest that is taken lies above the highest.
func emptyRange(group []*Condition) (*Condition, string) {
	var low, high *bound
	for _, c := range group {
		b, lower, ok := c.loosest()
		switch {
		case !ok:
		case lower && (low == nil || b.compare(low) > 0):
			low = b
		case !lower && (high == nil || b.compare(high) < 0):
			high = b
		}
	}
	if low == nil || high == nil || (low.date == nil) != (high.date == nil) {
		return nil, ""
	}
	switch order := low.compare(high); {
	case order > 0, order == 0 && (low.open || high.open):
		return high.condition, "Nothing is both beyond " + low.condition.Values[0].Text + " and before " + high.condition.Values[0].Text
	}
	return nil, ""
}

// loosest is the end that a condition such as NumericLessThan sets: of several
// values the loosest, since one of them is enough.
func (c *Condition) loosest() (b *bound, lower, ok bool) {
	if !c.insists() {
		return nil, false, false
	}
	for i := range c.Values {
		next := &bound{condition: c}
		var accepts relation
		switch test := c.Values[i].test.(type) {
		case *numberTest:
			next.number, accepts = test, test.relation
		case *dateTest:
			next.date, accepts = test, test.relation
		default:
			return nil, false, false
		}
		if accepts&(less|greater) == 0 || accepts&less != 0 && accepts&greater != 0 {
			return nil, false, false
		}
		next.open, lower = accepts&equal == 0, accepts&greater != 0
		if order := 0; b == nil {
			b = next
		} else if order = next.compare(b); lower == (order < 0) && order != 0 {
			b = next
		}
	}
	return b, lower, b != nil
}
