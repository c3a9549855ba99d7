package iam

// verdict is how a condition came out, and what settled it.
type verdict struct {
	matched bool
	cause   cause
}

// cause is what settled a condition.
type cause byte

const (
	byValues           cause = iota // the values were compared
	byNull                          // Null looked only at the key's presence
	byAbsence                       // no key: a positive operator needs one
	byAbsenceNegated                // no key: a negated operator holds
	byAbsenceIfExists               // no key: …IfExists holds
	byAbsenceForAll                 // no key or nothing in it: ForAllValues holds
	byAbsenceForAny                 // no key or nothing in it: ForAnyValue fails
	byManyValues                    // a multi-valued key under a plain operator
	byUnknownOperator               // fails in an Allow, holds in a Deny
	byUnreadablePolicy              // likewise: the policy's own text can't be read
)

// matches says how a condition comes out for the request.
func (r *Request) matches(c *Condition, deny bool) bool {
	v := c.judge(r.Context, deny)
	return v.matched != r.lifts(c, v, deny)
}

// lifts says whether the condition would stop the request, and doesn't.
func (r *Request) lifts(c *Condition, v verdict, deny bool) bool {
	return r.Lifted != nil && v.matched == deny && r.Lifted(c.folded)
}

// judge compares the condition with the request's keys. deny says that the
// statement is a Deny.
func (c *Condition) judge(ctx *Context, deny bool) verdict {
	switch {
	case c.op == nil && !c.broken:
		return verdict{deny, byUnknownOperator}
	case c.broken:
		return verdict{deny, byUnreadablePolicy}
	}
	v, present := ctx.lookupFolded(c.folded)
	if c.op.family == familyNull {
		return verdict{c.judgeNull(isNull(v, present)), byNull}
	}
	if c.Set == "" {
		return c.judgePlain(v, present, ctx)
	}
	return c.judgeSet(v, present, ctx)
}

// isNull: "the key exists and its value is not null" is the opposite. A
// multi-valued key that "resolves to a null dataset, such as an empty string"
// is null.
func isNull(v Value, present bool) bool {
	if !present || len(v.Values) == 0 {
		return true
	}
	return v.Multi && emptyDataset(v)
}

func emptyDataset(v Value) bool {
	for _, value := range v.Values {
		if value != "" {
			return false
		}
	}
	return true
}

func (c *Condition) judgeNull(null bool) bool {
	found := "false"
	if null {
		found = "true"
	}
	return c.holdsFor(found, nil)
}

func (c *Condition) judgePlain(v Value, present bool, ctx *Context) verdict {
	switch {
	case !present || len(v.Values) == 0:
		switch {
		case c.IfExists:
			return verdict{true, byAbsenceIfExists}
		case c.op.negated:
			return verdict{true, byAbsenceNegated}
		}
		return verdict{false, byAbsence}
	case v.Multi || len(v.Values) > 1:
		// "Multivalued context keys require a condition set operator"; without
		// one, modelled: no match, negated or not.
		return verdict{false, byManyValues}
	}
	return verdict{c.holdsFor(v.Values[0], ctx), byValues}
}

// judgeSet follows reference_policies_condition-single-vs-multi-valued-context-keys:
// ForAllValues "also returns true if there are no context keys", of a negated
// operator too, as reference_policies_condition_examples-multi-valued-context-keys
// shows. (The operators' page has a table for ForAllValues:StringNotLike whose
// results are all the other way round.)
func (c *Condition) judgeSet(v Value, present bool, ctx *Context) verdict {
	if !present || emptyDataset(v) {
		switch {
		case c.Set == forAllValues:
			return verdict{true, byAbsenceForAll}
		case c.IfExists && !present:
			return verdict{true, byAbsenceIfExists}
		}
		return verdict{false, byAbsenceForAny}
	}
	for _, found := range v.Values {
		if c.holdsFor(found, ctx) != (c.Set == forAllValues) {
			return verdict{c.Set == forAnyValue, byValues}
		}
	}
	return verdict{c.Set == forAllValues, byValues}
}

// holdsFor compares one found value with all wanted ones: any of them for a
// positive operator; none for a negated one ("NOR"), and what can't be
// compared at all holds for neither.
func (c *Condition) holdsFor(found string, ctx *Context) bool {
	for i := range c.Values {
		switch c.Values[i].test.match(found, ctx) {
		case hit:
			return !c.op.negated
		case badWanted, badFound:
			if c.op.negated {
				return false
			}
		}
	}
	return c.op.negated
}
