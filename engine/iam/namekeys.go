package iam

import (
	"strings"

	"stsplayground/engine/reference"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

var (
	ruleKeyUnknown   = newRule("policy/key-unknown", trace.SeverityError, "The condition key is one that AWS has", analyzerPage("Invalid service condition key", "error-invalid-service-condition-key"))
	ruleKeyForAction = newRule("policy/key-for-action", trace.SeverityInfo, "The condition key goes with the statement's actions",
		trace.Cite{Title: "Service Authorization Reference: The condition keys table", URL: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html#context_keys_table"})
	ruleOperatorForKey = newRule("policy/operator-for-key", trace.SeverityWarning, "The operator compares values of the key's type", analyzerPage("Type mismatch", "general-warning-type-mismatch"))
)

// condition checks a condition's key, by itself, beside its operator, and
// beside the actions; those are all of the statement's where all says so.
// The keys of identity providers are for whoever knows the providers.
func (c *nameCheck) condition(s *Statement, cond *Condition, actions []*reference.Action, all bool) {
	prefix, _, colon := strings.Cut(cond.folded, ":")
	if !colon || prefix == "saml" || reference.IsProviderKey(cond.Key) || strings.HasPrefix(cond.folded, "http") && strings.Contains(cond.folded, "://") {
		return
	}
	key := c.reference.Key(cond.Key)
	if key == nil {
		c.unknownKey(s, cond)
		return
	}
	if cond.op != nil && !compares(cond.op.family, key) {
		c.wrongOperator(s, cond, key)
	}
	if all && c.reference.Service(prefix) != nil {
		c.keyForActions(cond, key, actions)
	}
}

func (c *nameCheck) unknownKey(s *Statement, cond *Condition) {
	if !c.take(nearestSteps) {
		return
	}
	detail := "AWS has no condition key " + quote(cond.Key) + " " + c.asOf() + ", and no request has one"
	if c.reference.Key(cond.Key+"/x") != nil {
		c.report(ruleKeyUnknown, cond.At, detail+"; the key goes on with a slash and a tag's key.")
		return
	}
	near, certain := c.reference.NearestKey(cond.Key)
	var fix []trace.Patch
	end := "; a condition on it is decided as one on a missing key."
	if near != "" {
		end = "; " + near + " is the nearest."
	}
	if certain {
		fix = s.moved(cond, cond.Operator, near)
	}
	c.report(ruleKeyUnknown, cond.At, detail+end, fix...)
}

// keyForActions reports a service's key that no request for any of the
// actions has.
func (c *nameCheck) keyForActions(cond *Condition, key *reference.Key, actions []*reference.Action) {
	for _, a := range actions {
		if !c.take(2_000) || a.Supports(key) {
			return
		}
	}
	subject := "none of the statement's actions has"
	if len(actions) == 1 {
		subject = actions[0].FullName() + " doesn't have"
	}
	c.report(ruleKeyForAction, cond.At, "By AWS's reference of "+c.reference.Date+" "+subject+" the key "+quote(cond.Key)+", so the condition is decided as one on a missing key; give the actions that have it a statement with the condition.")
}

// familyOf are the operators that compare values of a key's type.
func familyOf(t reference.Type) family {
	switch t {
	case reference.ARN:
		return familyARN
	case reference.Numeric:
		return familyNumber
	case reference.Date:
		return familyDate
	case reference.Bool:
		return familyBool
	case reference.IPAddress:
		return familyIP
	case reference.Binary:
		return familyBinary
	}
	return familyString
}

// compares says whether the operators of a family compare a key's values. The
// User Guide compares ARNs with string operators too, and some services call
// what holds an ARN a string; aws:EpochTime is a date or a number
// (reference_policies_condition-keys).
func compares(f family, key *reference.Key) bool {
	switch wanted := familyOf(key.Type); {
	case f == wanted || f == familyNull:
		return true
	case wanted == familyARN:
		return f == familyString
	case wanted == familyString:
		return f == familyARN && strings.Contains(strings.ToLower(key.Name), "arn")
	}
	return f == familyNumber && key.Name == "aws:EpochTime"
}

func (c *nameCheck) wrongOperator(s *Statement, cond *Condition, key *reference.Key) {
	detail := "The values of " + quote(cond.Key) + " have the type " + string(key.Type) + ", and " + cond.Base + " compares others"
	right := operatorFor(cond.op, familyOf(key.Type))
	if right == nil {
		c.report(ruleOperatorForKey, cond.At, detail+"; use one of the type's own operators.")
		return
	}
	written := strings.Replace(cond.Operator, cond.Base, right.name, 1)
	var fix []trace.Patch
	if readable(cond.Values, right) {
		fix = s.moved(cond, written, cond.Key)
	}
	c.report(ruleOperatorForKey, cond.At, detail+"; use "+written+".", fix...)
}

// operatorFor is the operator of a family that says what another one says;
// nil where there is none.
func operatorFor(op *operator, f family) *operator {
	order := ""
	for _, word := range []string{"LessThanEquals", "GreaterThanEquals", "LessThan", "GreaterThan"} {
		if strings.HasSuffix(op.name, word) {
			order = word
			break
		}
	}
	for i := range operators {
		o := &operators[i]
		if o.family == f && o.negated == op.negated && (order == "" || strings.HasSuffix(o.name, order)) {
			return o
		}
	}
	return nil
}

// readable says whether all values are plain ones of the operator's type.
func readable(values []Written, op *operator) bool {
	for i := range values {
		if strings.ContainsAny(values[i].Text, "*?") || hasVariables(values[i].Text) {
			return false
		}
		if _, ok := op.compileValue(values[i].Text, false); !ok {
			return false
		}
	}
	return len(values) > 0
}

// moved puts a condition under another operator, another key, or both. It is
// no fix where that is taken, or its place is one of two of the same name.
func (s *Statement) moved(cond *Condition, operator, key string) []trace.Patch {
	if cond.broken || len(cond.Values) == 0 {
		return nil
	}
	siblings, there := 0, false
	for i := range s.Conditions {
		o := &s.Conditions[i]
		if o.Operator == operator {
			there = true
			if o != cond && strings.EqualFold(o.Key, key) {
				return nil
			}
		}
		if o != cond && o.Operator == cond.Operator {
			siblings++
			if o.Key == cond.Key || o.OperatorAt.Line != cond.OperatorAt.Line || o.OperatorAt.Column != cond.OperatorAt.Column {
				return nil
			}
		}
	}
	block := strings.TrimSuffix(cond.OperatorAt.Path, source.Pointer("", cond.Operator))
	add := trace.Patch{Op: "add", Path: source.Pointer(source.Pointer(block, operator), key), Value: cond.plain()}
	if !there {
		add.Path, add.Value = source.Pointer(block, operator), map[string]any{key: cond.plain()}
	}
	remove := trace.Patch{Op: "remove", Path: cond.At.Path}
	if siblings == 0 && operator != cond.Operator {
		remove.Path = cond.OperatorAt.Path
	}
	return []trace.Patch{remove, add}
}

// plain is the condition's values as JSON-encodable data.
func (c *Condition) plain() any {
	if len(c.Values) == 1 && c.Values[0].At.Path == c.At.Path {
		return c.Values[0].Text
	}
	values := make([]any, len(c.Values))
	for i := range c.Values {
		values[i] = c.Values[i].Text
	}
	return values
}
