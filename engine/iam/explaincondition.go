package iam

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// condition is judge's verdict in words.
func (e *explainer) condition(c *Condition, deny bool) ConditionDecision {
	ctx := e.request.Context
	v, present := ctx.lookupFolded(c.folded)
	verdict := c.judge(ctx, deny)
	room := e.request.Room
	room.Take(conditionSize + sizeOf(v.Values))
	d := ConditionDecision{
		Operator: c.Operator, Key: c.Key, Found: v.Values,
		Missing: !present && c.Key != "", Matched: verdict.matched, Obstacle: obstacles[verdict.cause], At: e.place(c.At),
	}
	if d.Found == nil {
		d.Found = none
	}
	told := c.Values
	if room.Spent() {
		told = told[:min(len(told), fewValues)]
	}
	start := len(e.values)
	if c.op != nil {
		found := v.Values
		if c.op.family == familyNull {
			found = []string{strconv.FormatBool(isNull(v, present))}
		}
		all := clipped(strings.Join(found, ", "))
		for i := range told {
			if i >= fewValues && room.Spent() {
				told = told[:i]
				break
			}
			value := e.value(c, &told[i], found, all)
			room.Take(valueSize + len(value.Wanted) + len(value.Resolved) + len(value.Found) + len(value.Why))
			e.values = append(e.values, value)
		}
	}
	d.Wanted, d.More = e.wanted(told), len(c.Values)-len(told)
	d.Values = e.values[start:len(e.values):len(e.values)]
	if d.Lifted = e.request.lifts(c, verdict, deny); d.Lifted {
		d.Matched = !deny
		d.Why = "Not AWS: the lock that this condition is part of is off. "
	}
	d.Why += c.why(verdict, d.Values, v)
	return d
}

// mostShown bounds, in bytes, what every single comparison repeats of the
// values found; the condition's own Found has them whole.
const mostShown = 2048

func clipped(text string) string {
	if len(text) <= mostShown {
		return text
	}
	return strings.ToValidUTF8(text[:mostShown], "") + " …"
}

// value compares one wanted value with what was found: the first found value
// that it matches, else all of them together.
func (e *explainer) value(c *Condition, w *Written, found []string, all string) ValueDecision {
	ctx := e.request.Context
	d := ValueDecision{Wanted: w.Text, Found: all, At: e.place(w.At)}
	shown := w.Text
	if t, ok := w.test.(*template); ok {
		if pattern, ok := resolve(t.parts, ctx); ok {
			d.Resolved = fromPattern(pattern)
			shown = d.Resolved
		}
	}
	if len(found) == 0 {
		d.Why = "the request has no " + quote(c.Key) + " to compare with"
		return d
	}
	outcome := miss
	for _, one := range found {
		if outcome = w.test.match(one, ctx); outcome == hit {
			d.Found, d.Matched = one, true
			break
		}
	}
	d.Why = c.op.whyValue(outcome, w, shown, found, d.Found)
	return d
}

func (op *operator) whyValue(o outcome, w *Written, shown string, found []string, all string) string {
	switch o {
	case hit:
		return op.whyHit(w, shown, all)
	case unresolved:
		return "the variable in " + quote(w.Text) + " has no single value in this request, so it equals nothing"
	case badWanted:
		return quote(w.Text) + " is no " + op.family.noun()
	case badFound:
		return quote(all) + " is no " + op.family.noun()
	}
	if len(found) > 1 {
		return "none of the request's values is " + quote(shown)
	}
	switch op.family {
	case familyString:
		return op.whyText(w.Text, shown, all)
	case familyARN:
		return whyARN(shown, all)
	case familyNumber:
		return quote(all) + " is not " + w.test.(*numberTest).words().number + " " + quote(shown)
	case familyDate:
		return quote(all) + " is not " + w.test.(*dateTest).words().date + " " + quote(shown)
	case familyIP:
		return quote(all) + " lies outside " + quote(shown)
	case familyNull:
		if all == "true" {
			return "the request has no such key, and \"false\" asks for one"
		}
		return "the request has the key, and \"true\" asks for none"
	}
	return quote(all) + " isn't " + quote(shown)
}

// whyHit is the sentence of a comparison that holds.
func (op *operator) whyHit(w *Written, shown, found string) string {
	switch op.family {
	case familyNumber:
		return quote(found) + " is " + w.test.(*numberTest).words().number + " " + quote(shown)
	case familyDate:
		return quote(found) + " is " + w.test.(*dateTest).words().date + " " + quote(shown)
	case familyIP:
		return quote(found) + " lies in " + quote(shown)
	}
	return op.family.sameWords()
}

// relationWords name what a relation accepts, between two values.
var relationWords = [...]struct{ number, date string }{
	less:            {"less than", "before"},
	less | equal:    {"at most", "at or before"},
	greater:         {"greater than", "after"},
	greater | equal: {"at least", "at or after"},
	equal:           {"equal to", "the same moment as"},
}

func (r relation) words() struct{ number, date string } { return relationWords[r] }

// whyText is why two texts are told apart.
func (op *operator) whyText(written, shown, found string) string {
	if op.like {
		if wild(written) {
			if strings.EqualFold(shown, found) || globFold(toPattern(strings.ToLower(shown)), found) {
				return "the form fits but for letter case, and " + op.name + " tells cases apart"
			}
			return quote(found) + " doesn't have the form " + quote(shown)
		}
		return difference(shown, found)
	}
	if wild(written) {
		return op.name + " compares letter by letter; * and ? have no special meaning here"
	}
	if op.anyCase {
		return difference(strings.ToLower(shown), strings.ToLower(found))
	}
	return difference(shown, found)
}

var segmentNames = [...]string{"arn", "partition", "service", "region", "account", "resource"}

func whyARN(pattern, found string) string {
	switch {
	case !isARN(pattern):
		return quote(pattern) + " is no ARN of six segments, and * doesn't reach past a colon here"
	case !isARN(found):
		return quote(found) + " is no ARN"
	}
	wanted, present := strings.SplitN(pattern, ":", 6), strings.SplitN(found, ":", 6)
	for i := range wanted {
		if !glob(toPattern(wanted[i]), present[i]) {
			return "the " + segmentNames[i] + " is " + quote(present[i]) + ", and the policy wants " + quote(wanted[i])
		}
	}
	return "the ARNs differ"
}

// obstacles are the causes that compare nothing although the key may be there.
var obstacles = [...]Obstacle{byManyValues: ManyValues, byUnknownOperator: UnknownOperator, byUnreadablePolicy: Unreadable}

// why is the condition's sentence.
func (c *Condition) why(v verdict, values []ValueDecision, found Value) string {
	switch v.cause {
	case byAbsence:
		return "the request has no such key, and " + c.Base + " needs one"
	case byAbsenceNegated:
		return "the request has no such key, and " + c.Base + " holds without one"
	case byAbsenceIfExists:
		return "the request has no such key, and IfExists lets that pass"
	case byAbsenceForAll:
		return "the request has no value of this key, and ForAllValues holds for none at all"
	case byAbsenceForAny:
		return "the request has no value of this key, and ForAnyValue needs one"
	case byManyValues:
		return "the key is multivalued, and " + c.Operator + " compares a single value; ForAnyValue: or ForAllValues: compares each"
	case byUnknownOperator:
		if v.matched {
			return "AWS knows no operator " + quote(c.Operator) + "; the Deny applies all the same"
		}
		return "AWS knows no operator " + quote(c.Operator) + ", so it never matches"
	case byUnreadablePolicy:
		if v.matched {
			return "AWS can't read this condition; the Deny applies all the same"
		}
		return "AWS can't read this condition, so it never matches"
	case byNull:
		return nullWhy(v.matched, len(values) > 0 && values[0].Found == "true")
	}
	return c.whyCompared(v, values, found)
}

func nullWhy(matched, absent bool) string {
	switch {
	case matched && absent:
		return "the request has no such key, as the policy asks"
	case matched:
		return "the request has the key, as the policy asks"
	case absent:
		return "the request has no such key, and the policy asks for one"
	}
	return "the request has the key, and the policy asks for its absence"
}

// whyCompared words a condition that its values settled. With one wanted and
// one found value that comparison's own words serve.
func (c *Condition) whyCompared(v verdict, values []ValueDecision, found Value) string {
	if c.Set != "" {
		return c.whySet(v.matched)
	}
	if v.matched {
		if c.op.negated {
			return "the value is none of those listed, as " + c.Base + " asks"
		}
		for i := range values {
			if values[i].Matched && c.op.family != familyString {
				return values[i].Why
			}
		}
		return "the value is one that the policy lists"
	}
	if len(c.Values) == 1 && len(values) == 1 && !values[0].Matched {
		return values[0].Why
	}
	if c.op.negated {
		for i := range values {
			if values[i].Matched {
				return c.Base + " keeps out what is listed, and " + quote(values[i].Found) + " is"
			}
		}
		if len(values) < len(c.Values) {
			return c.Base + " asks for a value that is none of the " + strconv.Itoa(len(c.Values)) + " listed"
		}
		return "not every listed value can be compared with " + quote(strings.Join(found.Values, ", "))
	}
	return "none of the " + strconv.Itoa(len(c.Values)) + " listed values is " + quote(strings.Join(found.Values, ", "))
}

func (c *Condition) whySet(matched bool) string {
	one := " is listed"
	if c.op.negated {
		one = " is not listed"
	}
	switch {
	case c.Set == forAllValues && matched:
		return "every value in the request" + one
	case c.Set == forAllValues:
		return "ForAllValues asks that every value in the request" + one
	case matched:
		return "at least one value in the request" + one
	}
	return "ForAnyValue asks that at least one value in the request" + one
}

// difference says in what two texts differ.
func difference(wanted, found string) string {
	if strings.EqualFold(wanted, found) {
		return "differs only in letter case"
	}
	n := 0
	for n < len(wanted) && n < len(found) && wanted[n] == found[n] {
		n++
	}
	for n > 0 && (n < len(wanted) && !utf8.RuneStart(wanted[n]) || n < len(found) && !utf8.RuneStart(found[n])) {
		n--
	}
	switch at := utf8.RuneCountInString(wanted[:n]); {
	case n == 0:
		return quote(found) + " is another value"
	case n == len(found):
		return "the request's value ends after character " + strconv.Itoa(at) + ", where the policy's goes on with " + quote(excerpt(wanted[n:]))
	case n == len(wanted):
		return "the request's value goes on after character " + strconv.Itoa(at) + " with " + quote(excerpt(found[n:]))
	default:
		return "differs from character " + strconv.Itoa(at+1) + " on"
	}
}

// excerpt keeps a sentence short.
func excerpt(s string) string {
	const longest = 40
	count := 0
	for i := range s {
		if count++; count > longest {
			return s[:i] + "…"
		}
	}
	return s
}

// fromPattern shows a pattern as one writes it.
func fromPattern(pattern string) string {
	if strings.IndexByte(pattern, anyRun) < 0 && strings.IndexByte(pattern, anyOne) < 0 {
		return pattern
	}
	b := []byte(pattern)
	for i := range b {
		switch b[i] {
		case anyRun:
			b[i] = '*'
		case anyOne:
			b[i] = '?'
		}
	}
	return string(b)
}

// familyWords name a value of the family, and what a match of two means where
// that needs no value in it.
var familyWords = [...]struct{ noun, same string }{
	familyString: {"text", "the values match"},
	familyNumber: {noun: "number"},
	familyDate:   {noun: "date in ISO 8601 or seconds since 1970"},
	familyBool:   {"true or false", "both are the same"},
	familyBinary: {"base64", "the bytes are the same"},
	familyIP:     {noun: "IP address or range"},
	familyARN:    {"ARN of six segments", "every segment fits"},
	familyNull:   {"true or false", "the key's presence is as asked"},
}

func (f family) noun() string      { return familyWords[f].noun }
func (f family) sameWords() string { return familyWords[f].same }

// quote puts a value between double quotes, shortened where it would bury the
// sentence.
func quote(s string) string {
	const longest = 200
	if len(s) <= longest {
		return `"` + s + `"`
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return `"` + s[:cut] + `…"`
}
