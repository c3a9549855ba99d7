package sts

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/iam"
	"stsplayground/engine/trace"
)

// miss is how a condition failed, in words, and what would mend it. Edits are
// a JSON Patch on the trust policy; without a title there is nothing to mend
// in the policy.
type miss struct {
	why    string
	title  string
	edits  []trace.Patch
	widens string
}

// whyCondition is the sentence of the condition's miss.
func (f *facts) whyCondition(c *iam.ConditionDecision) string { return f.explainMiss(c).why }

// explainMiss finds the nearest miss of a condition: a key that the request
// doesn't have, an operator that takes * literally, or values that differ in
// a way that people know from CI systems.
func (f *facts) explainMiss(c *iam.ConditionDecision) miss {
	base := baseOperator(c.Operator)
	switch {
	case c.Obstacle == iam.ManyValues:
		return f.manyValues(c)
	case c.Obstacle != iam.NoObstacle:
		return miss{why: c.Why + "."}
	case base == "Null" && !c.Missing:
		return miss{why: fmt.Sprintf("The policy wants no %s, and %s %s.", c.Key, f.teller(c), strings.Join(c.Found, ", "))}
	case c.Missing || len(c.Found) == 0:
		return f.missingKey(c)
	case strings.Contains(base, "Not"):
		return miss{why: fmt.Sprintf("The policy excludes %s %s, and that is what %s.", f.keyName(c), c.Found[0], strings.TrimSpace(f.teller(c)))}
	case isKey(c, "sts:RoleAuthorizedByIdp") && !f.authorizedByIdP:
		return miss{why: "The policy wants the provider to list this role in the token's claim " + claimRoles + ", and it doesn't."}
	case len(c.Wanted) == 0:
		return miss{why: c.Why}
	}
	found := unlisted(c)
	wanted := nearestFirst(c, found)
	if _, ok := comparison[base]; !ok || strings.HasPrefix(base, "Arn") && !isARN(found) {
		return miss{why: f.plainDifference(c, wanted, found)}
	}
	for _, w := range wanted {
		if m, ok := f.nearMiss(c, w, found); ok {
			return m
		}
	}
	m := f.alsoAccept(c, found, f.plainDifference(c, wanted, found), f.widensTo(c, found))
	if unresolved := unresolvedVariable(c); unresolved != "" {
		m.why = "The variable in " + unresolved + " has no value in this request, so nothing equals it."
	}
	return m
}

// manyValues explains a plain operator on a key with a list of values.
func (f *facts) manyValues(c *iam.ConditionDecision) miss {
	m := miss{why: fmt.Sprintf("%s has a list of values, and %s compares a single one, so it never holds; ForAnyValue: and ForAllValues: in front compare each.", c.Key, c.Operator)}
	_, positive := comparison[baseOperator(c.Operator)]
	listed := slices.ContainsFunc(c.Found, func(found string) bool {
		return slices.ContainsFunc(wantedValues(c), func(w string) bool { return like(c.Operator, w, found) })
	})
	if positive && listed {
		m.title = "Compare with ForAnyValue:" + c.Operator
		m.edits = f.renameOperator(c, "ForAnyValue:"+c.Operator)
		m.widens = "Whoever has one of the wanted values of " + f.keyName(c) + " meets this condition, whatever else is in the list."
	}
	return m
}

// comparison are the operators under which a value can be added that lets
// the request in, with the word that goes before a wanted value.
var comparison = map[string]string{
	"StringEquals": "", "StringEqualsIgnoreCase": "", "StringLike": "",
	"ArnEquals": "", "ArnLike": "", "NumericEquals": "", "IpAddress": "in ",
}

// order are the words of the operators that compare sizes and moments.
var order = map[string]string{
	"NumericLessThan": "below ", "NumericLessThanEquals": "at most ", "NumericGreaterThan": "above ", "NumericGreaterThanEquals": "at least ",
	"DateLessThan": "before ", "DateLessThanEquals": "at or before ", "DateGreaterThan": "after ", "DateGreaterThanEquals": "at or after ",
}

// unlisted is the value of the request that the condition turns down: of
// ForAllValues the first that isn't wanted, else the first.
func unlisted(c *iam.ConditionDecision) string {
	for _, found := range c.Found {
		if !slices.ContainsFunc(wantedValues(c), func(w string) bool { return like(c.Operator, w, found) }) {
			return found
		}
	}
	return c.Found[0]
}

// wantedValues are the values that the condition wants, with variables
// replaced where they have a value.
func wantedValues(c *iam.ConditionDecision) []string {
	wanted := slices.Clone(c.Wanted)
	for i := range c.Values {
		if v := &c.Values[i]; i < len(wanted) && v.Resolved != "" {
			wanted[i] = v.Resolved
		}
	}
	return wanted
}

// unresolvedVariable is the condition's only value if it has a variable that
// the request gives no value, else "".
func unresolvedVariable(c *iam.ConditionDecision) string {
	if len(c.Values) == 1 && c.Values[0].Resolved == "" && strings.Contains(c.Wanted[0], "${") {
		return c.Wanted[0]
	}
	return ""
}

// nearestFirst are the wanted values, those first that begin like found for
// longest.
func nearestFirst(c *iam.ConditionDecision, found string) []string {
	wanted := wantedValues(c)
	slices.SortStableFunc(wanted, func(a, b string) int { return firstDifference(b, found) - firstDifference(a, found) })
	return wanted
}

// nearMiss explains a wanted value that misses found by little, with a
// certain mend.
func (f *facts) nearMiss(c *iam.ConditionDecision, wanted, found string) (m miss, ok bool) {
	const spelling = "Nothing else: one spelling replaces another."
	says := fmt.Sprintf("The policy wants %s, %s %s", wanted, f.teller(c), found)
	switch {
	case baseOperator(c.Operator) == "StringEquals" && strings.Trim(wanted, "*?") == "" && wanted != "":
		return f.replaceValue(c, wanted, found,
			fmt.Sprintf("%s compares letter by letter, so %s matches nothing but %s itself; StringLike takes it as a wildcard, and would let in everyone.", c.Operator, wanted, wanted),
			"Name the value that is meant", f.widensTo(c, found)), true
	case baseOperator(c.Operator) == "StringEquals" && strings.ContainsAny(wanted, "*?") && iam.Like(wanted, found):
		return miss{
			why:    fmt.Sprintf("%s compares letter by letter, so the wildcard in %s is an ordinary character; StringLike takes it as a wildcard.", c.Operator, wanted),
			title:  "Compare with StringLike",
			edits:  f.renameOperator(c, strings.Replace(c.Operator, "StringEquals", "StringLike", 1)),
			widens: "Everything that " + wanted + " stands for meets this condition.",
		}, true
	case wanted != found && strings.EqualFold(wanted, found):
		return f.replaceValue(c, wanted, found, says+": they differ in letter case only, and the comparison is exact.", "Write the value as the "+f.operation.proof+" does", spelling), true
	case wanted != found && strings.TrimSpace(wanted) == found:
		return f.replaceValue(c, wanted, found, "The policy's value "+quote(wanted)+" has white space around it, the "+f.operation.proof+"'s has none.",
			"Remove the white space", "Nothing else: no "+f.operation.proof+" has that white space."), true
	case wanted != found && strings.TrimSuffix(wanted, "/") == strings.TrimSuffix(found, "/"):
		return f.replaceValue(c, wanted, found, says+": they differ in a trailing slash only.", "Write the value as the "+f.operation.proof+" does", spelling), true
	case isKey(c, f.provider.name+":sub"):
		return f.compareSubjects(c, wanted, found)
	}
	return miss{}, false
}

// plainDifference says what is wanted, the nearest value first, and what was
// found.
func (f *facts) plainDifference(c *iam.ConditionDecision, wanted []string, found string) string {
	base := baseOperator(c.Operator)
	why := fmt.Sprintf("The policy wants %s %s%s, %s %s", f.keyName(c), comparison[base]+order[base], oneOf(wanted), f.teller(c), found)
	if isKey(c, "saml:aud") && strings.HasPrefix(wanted[0], "urn:") {
		return why + "; saml:aud holds the recipient, and no audience."
	}
	if c.Operator == "StringEquals" && len(wanted) == 1 {
		if n := firstDifference(wanted[0], found); n > 1 {
			return fmt.Sprintf("%s; they differ from character %d on.", why, n)
		}
	}
	if strings.HasPrefix(c.Operator, "ForAllValues:") && len(c.Found) > 1 {
		return why + " too, and ForAllValues wants all of them listed."
	}
	return why + "."
}

// oneOf is a list of alternatives in words.
func oneOf(values []string) string {
	switch len(values) {
	case 1:
		return values[0]
	case 2:
		return values[0] + " or " + values[1]
	}
	return fmt.Sprintf("%s or one of %d others", values[0], len(values)-1)
}

// keyName is how a sentence names the condition's key: a claim of the token
// by its own name, any other key in full, as nothing in a SAML response is
// named like its key.
func (f *facts) keyName(c *iam.ConditionDecision) string {
	if prefix, claim, _ := cutKey(c.Key, f.provider.name); prefix != "" && !strings.EqualFold(prefix, samlPrefix) {
		return claim
	}
	return c.Key
}

// fromToken are the keys beside the claims whose values the token gives.
var fromToken = []string{"aws:requesttag/", "aws:principaltag/", "aws:tagkeys", "sts:sourceidentity", "sts:transitivetagkeys"}

// teller is who says what was found: the token, or the request around it.
func (f *facts) teller(c *iam.ConditionDecision) string {
	prefix, _, _ := cutKey(c.Key, f.provider.name)
	lower := strings.ToLower(c.Key)
	if lower == "saml:aud" {
		return "the assertion's recipient is"
	}
	if lower == "sts:rolesessionname" && f.operation == assumeRoleWithSAML {
		return f.operation.says()
	}
	if prefix != "" || slices.ContainsFunc(fromToken, func(k string) bool { return strings.HasPrefix(lower, k) }) {
		return f.operation.says()
	}
	return "the request has"
}

// widensTo is what else gets in where a condition takes one more value.
func (f *facts) widensTo(c *iam.ConditionDecision, value string) string {
	if isKey(c, f.provider.name+":sub") {
		if s, ok := parseSubject(value); ok {
			return widensSubject(s)
		}
		return "Every " + f.operation.proof + " of this provider with that subject meets this condition."
	}
	if f.teller(c) == f.operation.says() || isKey(c, "saml:aud") {
		return "Every " + f.operation.proof + " whose " + f.keyName(c) + " is " + value + " meets this condition."
	}
	return "Every request whose " + c.Key + " is " + value + " meets this condition."
}

// firstDifference counts from 1, in code points.
func firstDifference(a, b string) int {
	n := 1
	for len(a) > 0 && len(b) > 0 {
		ra, size := utf8.DecodeRuneInString(a)
		rb, _ := utf8.DecodeRuneInString(b)
		if ra != rb {
			break
		}
		a, b = a[size:], b[size:]
		n++
	}
	return n
}

// like compares as the operator would.
func like(operator, pattern, value string) bool {
	switch baseOperator(operator) {
	case "StringLike", "ArnEquals", "ArnLike":
		return iam.Like(pattern, value)
	case "StringEqualsIgnoreCase":
		return strings.EqualFold(pattern, value)
	}
	return pattern == value
}

// baseOperator is an operator without set prefix and IfExists.
func baseOperator(operator string) string {
	if _, after, ok := strings.Cut(operator, ":"); ok {
		operator = after
	}
	return strings.TrimSuffix(operator, "IfExists")
}

func isKey(c *iam.ConditionDecision, name string) bool { return strings.EqualFold(c.Key, name) }
