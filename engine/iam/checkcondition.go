package iam

import (
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

var operatorNames = func() []string {
	names := make([]string, len(operators))
	for i := range operators {
		names[i] = operators[i].name
	}
	return names
}()

func (p *parser) checkCondition(s *Statement, c *Condition, condition *source.Node, insisted map[string]bool, providers *providerNames) {
	p.checkKey(s, c, condition, providers)
	if !c.Known {
		p.unknownOperator(c, condition)
		return
	}
	if len(c.Values) == 0 {
		return // checkList has said so, or whoever read the values
	}
	typed := p.checkKeyType(c, condition)
	p.checkValues(c, typed)
	p.checkWildcards(c, condition)
	p.checkVariables(c)
	p.checkSet(c, condition)
	if s.word == allows && !insisted[c.folded] && p.saysWhoCalls(c.folded) {
		p.opensWithoutKey(c, condition)
	}
	if s.word == denies {
		p.denyWithoutMFA(c, condition)
	}
}

// checkList judges how the values of a condition are written, as one value or
// a list of them.
func (p *parser) checkList(c *Condition, list *source.Node) {
	if list.Kind != source.Array {
		return
	}
	if len(list.Items) == 0 {
		p.emptyCondition(c, list)
	}
	for i := 1; i < len(list.Items); i++ {
		if a, b := &list.Items[0], &list.Items[i]; a.Kind != b.Kind && a.Kind <= source.String && b.Kind <= source.String {
			p.report(ruleMixedTypes, placeOf(source.Pointer(c.At.Path, strconv.Itoa(i)), b), "The values of "+quote(c.Key)+" are "+article(a.Kind)+" and "+article(b.Kind)+"; write all of them in quotes.")
			return
		}
	}
}

func (p *parser) emptyCondition(c *Condition, list *source.Node) {
	detail := "There is no value to compare " + quote(c.Key) + " with; write one."
	switch {
	case c.Set == forAllValues || c.IfExists:
		detail = c.Operator + " without a value holds only where the request has no " + quote(c.Key) + "; Null with \"true\" says that."
	case c.Set == forAnyValue:
		detail = c.Operator + " without a value never holds; write one for " + quote(c.Key) + "."
	}
	p.report(ruleEmpty, placeOf(c.At.Path, list), detail)
}

// saysWhoCalls: the key is one by which a statement keeps callers apart. Where
// such a key is absent, an Allow that holds all the same is an open door. Keys
// that say what a request may carry (aws:TagKeys, dynamodb:Attributes) are
// not: whoever sends none carries nothing.
func (p *parser) saysWhoCalls(folded string) bool {
	if p.policy.Kind != TrustPolicy {
		return factsOf(folded).is(caller)
	}
	for _, tags := range []string{"aws:requesttag/", "aws:tagkeys", "sts:transitivetagkeys"} {
		if strings.HasPrefix(folded, tags) {
			return false
		}
	}
	return true
}

// denyWithoutMFA: requests signed with long-term keys have no
// aws:MultiFactorAuthPresent, so a Deny by Bool alone passes them by
// (reference_policies_condition-keys, "aws:MultiFactorAuthPresent").
func (p *parser) denyWithoutMFA(c *Condition, condition *source.Node) {
	if c.folded == "aws:multifactorauthpresent" && c.Operator == "Bool" && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "false") {
		p.report(ruleDenyMFA, c.At, "Requests with long-term keys have no "+quote(c.Key)+", so the Deny doesn't reach them; under BoolIfExists it does.",
			moveKey(condition, c.block(), c.Operator, "BoolIfExists", c.Key)...)
	}
}

// opensWithoutKey reports a condition of an Allow that holds for requests
// without its key, where no other condition fails without it.
func (p *parser) opensWithoutKey(c *Condition, condition *source.Node) {
	switch {
	case c.op.family == familyNull:
	case c.Set == forAllValues && strings.HasPrefix(c.folded, "saml:"):
		// AWS's own trust policy for SAML is written so (id_roles_providers_saml),
		// and no documented check of its validator is against it.
	case c.Set == forAllValues:
		p.report(ruleForAllMissing, c.At, "ForAllValues holds when the request has no "+quote(c.Key)+" at all, and so lets it in; add Null with \"false\" for the key.",
			addKey(condition, c.block(), "Null", c.Key, "false")...)
	case c.IfExists:
		severity := ruleIfExistsAllow.severity
		if p.policy.Kind != TrustPolicy {
			// Beyond trust policies IfExists is how one statement serves
			// callers of several kinds.
			severity = isInfo
		}
		p.reportAs(severity, ruleIfExistsAllow, c.At, "Where the request has no "+quote(c.Key)+", "+c.Operator+" holds and the statement lets it in; leave IfExists out unless that is meant.")
	case c.Set == "" && c.op.negated && !alwaysThere(c.folded):
		p.report(ruleNegatedAllow, c.At, "Where the request has no "+quote(c.Key)+", "+c.Operator+" holds and the statement lets it in; add Null with \"false\" for the key, or name who may instead.",
			addKey(condition, c.block(), "Null", c.Key, "false")...)
	}
}

// alwaysThere says whether every request that a statement is about has the
// key: those whose "Availability" is all requests, and what every token and
// every SAML response has.
func alwaysThere(folded string) bool {
	switch folded {
	case "aws:principalaccount", "aws:principalisawsservice", "aws:principaltype", "aws:userid", "aws:viaawsservice",
		"sts:rolesessionname", "sts:roleauthorizedbyidp", "saml:doc", "saml:iss":
		return true
	}
	return strings.HasSuffix(folded, ":sub") || strings.HasSuffix(folded, ":aud")
}

// unknownOperator reports an operator once, at its first key.
func (p *parser) unknownOperator(c *Condition, condition *source.Node) {
	if object := condition.Get(c.Operator); object != nil && len(object.Members) > 0 && object.Members[0].Name != c.Key {
		return
	}
	if c.Base == "Null" && c.Set != "" && !c.IfExists {
		p.nullWithSet(c, condition)
		return
	}
	detail := "AWS knows no condition operator " + quote(c.Operator)
	end := "." + p.trustText("Invalid Condition type : "+c.Operator)
	right := nearestOperator(c.Operator)
	if right == "" {
		p.report(ruleOperator, c.OperatorAt, detail+end)
		return
	}
	p.report(ruleOperator, c.OperatorAt, detail+"; "+right+" is the nearest"+end, rename(condition, c.block(), c.Operator, right)...)
}

func (p *parser) nullWithSet(c *Condition, condition *source.Node) {
	always := "always true"
	if c.Set == forAnyValue {
		always = "always false"
	}
	p.report(ruleNullWithSet, c.OperatorAt, "AWS takes "+c.Operator+" as "+always+", whatever the request has; write Null alone.", rename(condition, c.block(), c.Operator, "Null")...)
}

// nearestOperator mends each of an operator's three pieces.
func nearestOperator(written string) string {
	var set string
	rest := written
	for _, prefix := range []string{forAllValues, forAnyValue} {
		if len(rest) > len(prefix) && strings.EqualFold(rest[:len(prefix)], prefix) {
			set, rest = prefix+":", strings.TrimLeft(rest[len(prefix):], ":")
		}
	}
	if head, tail, ok := strings.Cut(rest, ":"); ok && set == "" {
		near, _ := source.Nearest(head, []string{forAllValues, forAnyValue})
		if near == "" {
			return ""
		}
		set, rest = near+":", tail
	}
	suffix := ""
	if cut := len(rest) - len("IfExists"); cut > 0 && strings.EqualFold(rest[cut:], "IfExists") {
		rest, suffix = rest[:cut], "IfExists"
	}
	base, _ := source.Nearest(rest, operatorNames)
	if base == "" {
		return ""
	}
	if base == "Null" {
		set, suffix = "", ""
	}
	if base = set + base + suffix; base != written {
		return base
	}
	return ""
}

// withLike is the operator that knows wildcards, for each that doesn't and is
// easily taken for it.
var withLike = map[string]string{"StringEquals": "StringLike", "StringNotEquals": "StringNotLike"}

func (p *parser) checkWildcards(c *Condition, condition *source.Node) {
	like, exact := withLike[c.Base]
	switch {
	case exact:
		for i := range c.Values {
			if w := &c.Values[i]; wild(w.Text) {
				if strings.Trim(w.Text, "*") == "" { // under the other operator it would leave nobody out
					p.report(ruleWildcardEquals, w.At, c.Base+" takes "+quote(w.Text)+" letter by letter, and no request has that value; write the one that is meant.")
					return
				}
				to := strings.Replace(c.Operator, c.Base, like, 1)
				p.report(ruleWildcardEquals, w.At, c.Base+" takes "+quote(w.Text)+" letter by letter, * and ? included; "+like+" has wildcards.",
					moveKey(condition, c.block(), c.Operator, to, c.Key)...)
				return
			}
		}
	case c.Base != "StringLike" && c.Base != "StringNotLike":
	case anyValue(c, func(w *Written) bool { return w.Text != "" && strings.Trim(w.Text, "*") == "" }):
		if !factsOf(c.folded).is(sensitive) {
			p.wildcardOnly(c, condition)
		}
	case p.policy.Kind != TrustPolicy || c.Set != "" || !strings.HasSuffix(c.folded, ":sub"):
		// AWS's own examples write StringLike for names of sessions, under
		// set operators and with variables where a wildcard could have stood;
		// for a subject a wildcard is meant.
	case !anyValue(c, func(w *Written) bool { return wild(w.Text) || hasVariables(w.Text) }):
		p.report(ruleLikeNoWildcard, c.At, "No value of "+quote(c.Key)+" has a wildcard; "+c.Base+" compares as "+strings.Replace(c.Base, "Like", "Equals", 1)+" would.")
	}
}

// wildcardOnly: one * that takes everything makes the comparison one of
// presence, or none.
func (p *parser) wildcardOnly(c *Condition, condition *source.Node) {
	null := "false"
	if c.op.negated {
		null = "true"
	}
	if !c.op.negated && (c.IfExists || c.Set == forAllValues) {
		p.report(ruleWildcardOnly, c.At, "A lone * takes every value, so "+c.Operator+" on "+quote(c.Key)+" always holds; leave the condition out, or say what is meant.")
		return
	}
	if p.policy.Kind == TrustPolicy && strings.HasSuffix(c.folded, ":sub") && !c.op.negated {
		p.report(ruleWildcardOnly, c.At, "A lone * takes every subject, so "+c.Operator+" on "+quote(c.Key)+" keeps nobody out who has a token; say whose is meant.")
		return
	}
	p.report(ruleWildcardOnly, c.At, "A lone * takes every value, so "+c.Operator+" asks only whether the request has "+quote(c.Key)+"; Null with \""+null+"\" says that.",
		swapKey(condition, c.block(), c.Operator, "Null", c.Key, null)...)
}

// wild says whether the text has * or ? outside ${*} and ${?}.
func wild(text string) bool {
	if !strings.ContainsAny(text, "*?") {
		return false
	}
	if !strings.Contains(text, "${") {
		return true
	}
	for _, part := range splitVariables(text, true) {
		if strings.IndexByte(part.text, anyRun) >= 0 || strings.IndexByte(part.text, anyOne) >= 0 {
			return true
		}
	}
	return false
}

func (p *parser) checkVariables(c *Condition) {
	for i := range c.Values {
		w := &c.Values[i]
		switch {
		case !strings.Contains(w.Text, "${"):
		case hasVariables(w.Text) && !c.op.variables:
			p.report(ruleVariablePlace, w.At, "AWS replaces no variables under "+c.Operator+", so "+quote(w.Text)+" stays plain text.")
		case hasVariables(w.Text) && !p.modern:
			p.variableInOldVersion(w)
		default:
			p.variableForm(w)
		}
	}
}

// variableForm reports the first ${ of a value that begins no variable
// (reference_policies_variables).
func (p *parser) variableForm(w *Written) {
	if !p.modern {
		return
	}
	for rest := w.Text; ; {
		_, after, found := strings.Cut(rest, "${")
		if !found {
			return
		}
		name, _, closed := strings.Cut(after, "}")
		key, fallback, hasFallback := strings.Cut(name, ",")
		switch {
		case !closed:
			p.report(ruleVariableForm, w.At, "In "+quote(w.Text)+" a variable isn't closed; put } behind its key.")
		case strings.TrimSpace(name) == "":
			p.report(ruleVariableForm, w.At, "In "+quote(w.Text)+" the variable ${} is empty; name a key, as in ${aws:username}.")
		case strings.ContainsAny(strings.TrimSpace(key), " \t"):
			p.report(ruleVariableForm, w.At, "In "+quote(w.Text)+" the variable's key has a space in it; leave it out.")
		case hasFallback && !isQuoted(strings.TrimSpace(fallback)):
			p.report(ruleVariableForm, w.At, "In "+quote(w.Text)+" the default isn't in single quotes; write it as in ${aws:PrincipalTag/team, 'company-wide'}.")
		default:
			rest = after
			continue
		}
		return
	}
}

func isQuoted(s string) bool { return len(s) > 1 && s[0] == '\'' && s[len(s)-1] == '\'' }

func (p *parser) checkSet(c *Condition, condition *source.Node) {
	if c.Set == "" || !singleValued(c.folded) {
		return
	}
	severity := isInfo
	if c.Set == forAllValues || strings.HasSuffix(c.folded, ":aud") {
		severity = ruleSetOnSingle.severity
	}
	to := strings.TrimPrefix(c.Operator, c.Set+":")
	p.reportAs(severity, ruleSetOnSingle, c.At, quote(c.Key)+" has one value at most; "+to+" without "+c.Set+" says the same and is stricter where the key is absent.",
		moveKey(condition, c.block(), c.Operator, to, c.Key)...)
}

// insistedKeys are the keys, folded, that some condition of the statement
// fails without.
func (s *Statement) insistedKeys() map[string]bool {
	keys := make(map[string]bool, len(s.Conditions))
	for i := range s.Conditions {
		if c := &s.Conditions[i]; c.insists() {
			keys[c.folded] = true
		}
	}
	return keys
}

func (c *Condition) insists() bool {
	switch {
	case c.op == nil || c.IfExists:
		return false
	case c.op.family == familyNull:
		return len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "false")
	}
	return c.Set == forAnyValue || c.Set == "" && !c.op.negated
}

// singleValued says whether the key surely has one value at most.
func singleValued(folded string) bool {
	k := factsOf(folded)
	return k != nil && !k.is(multi)
}
