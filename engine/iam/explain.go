package iam

// All prose about decisions stands here. The rules: present tense, no blame, one sentence; the value
// in question, what it meets, and where there is one, the way out.

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/trace"
)

// Explain is the policy's answer with every comparison that led to it. Name
// is left for the caller. Positions are copies, free to be rebased.
func (p *Policy) Explain(r *Request) PolicyDecision {
	e := explainer{policy: p, request: r, caller: describePrincipal(&r.Principal)}
	e.reserve()
	d := PolicyDecision{Type: string(p.Kind), Statements: make([]StatementDecision, len(p.Statements))}
	for i := range p.Statements {
		s := &p.Statements[i]
		e.statement(s, &d.Statements[i])
		if !d.Statements[i].Applies {
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

// Missing are the condition keys that the policy asked for and the request
// did not have, in the order asked, each once whatever its case.
func Missing(d PolicyDecision) []string {
	missing := []string{}
	seen := map[string]bool{}
	for i := range d.Statements {
		for j := range d.Statements[i].Conditions {
			c := &d.Statements[i].Conditions[j]
			if folded := foldKey(c.Key); c.Missing && !seen[folded] {
				seen[folded] = true
				missing = append(missing, c.Key)
			}
		}
	}
	return missing
}

// explainer fills a decision. Its slabs are cut into the decision's many
// small slices, so that one Explain allocates a handful of times.
type explainer struct {
	policy  *Policy
	request *Request
	caller  string // the principal, in words

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
		texts += len(s.Principal.Values) + len(s.Action.Values) + len(s.Resource.Values)
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

func (e *explainer) place(at trace.At) *trace.At {
	e.places = append(e.places, at)
	return &e.places[len(e.places)-1]
}

var none = []string{} // encodes as [], never null

func (e *explainer) wanted(values []Written) []string {
	if len(values) == 0 {
		return none
	}
	start := len(e.texts)
	for i := range values {
		e.texts = append(e.texts, values[i].typed())
	}
	return e.texts[start:len(e.texts):len(e.texts)]
}

// typed is the value with its type of principal in front, where it has one.
func (w *Written) typed() string {
	if w.Type == "" {
		return w.Text
	}
	return w.Type + ": " + w.Text
}

func (e *explainer) statement(s *Statement, d *StatementDecision) {
	r, kind := e.request, e.policy.Kind
	*d = StatementDecision{Index: s.Index, Sid: s.Sid, Effect: s.Effect, At: e.place(s.At)}
	d.Principal = e.element(&s.Principal, e.caller, s.matchPrincipal(r, kind), s.whyPrincipal)
	d.Action = e.element(&s.Action, r.Action, s.IsAbout(r.Action), s.whyAction)
	d.Resource = e.element(&s.Resource, r.Resource, s.matchResource(r, kind), s.whyResource)
	d.Applies = s.word != noEffect && d.Principal.Matched && d.Action.Matched && d.Resource.Matched

	start := len(e.conditions)
	for i := range s.Conditions {
		c := e.condition(&s.Conditions[i], s.word == denies)
		d.Applies = d.Applies && c.Matched
		e.conditions = append(e.conditions, c)
	}
	d.Conditions = e.conditions[start:len(e.conditions):len(e.conditions)]
}

func (e *explainer) element(el *Element, found string, matched bool, why func(matched bool, r *Request, kind Kind) string) ElementDecision {
	d := ElementDecision{Element: el.Name, Wanted: e.wanted(el.Values), Found: found, Matched: matched}
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
	if len(names) > 0 {
		return difference(w.Text, names[0])
	}
	if w.Type != "" && w.principal.sort != unknownPrincipal {
		return "the statement names a principal of type " + w.Type + ", and the request comes from another"
	}
	return ""
}

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
	case passedOver(r, kind):
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
	return "none of the statement's resources has the form of " + quote(r.Resource)
}

// condition is judge's verdict in words.
func (e *explainer) condition(c *Condition, deny bool) ConditionDecision {
	ctx := e.request.Context
	v, present := ctx.lookupFolded(c.folded)
	verdict := c.judge(ctx, deny)
	d := ConditionDecision{
		Operator: c.Operator, Key: c.Key, Wanted: e.wanted(c.Values), Found: v.Values,
		Missing: !present && c.Key != "", Matched: verdict.matched, Obstacle: obstacles[verdict.cause], At: e.place(c.At),
	}
	if d.Found == nil {
		d.Found = none
	}
	start := len(e.values)
	if c.op != nil {
		found := v.Values
		if c.op.family == familyNull {
			found = []string{strconv.FormatBool(isNull(v, present))}
		}
		all := clipped(strings.Join(found, ", "))
		for i := range c.Values {
			e.values = append(e.values, e.value(c, &c.Values[i], found, all))
		}
	}
	d.Values = e.values[start:len(e.values):len(e.values)]
	d.Why = c.why(verdict, d.Values, v)
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
	if len(values) == 1 && !values[0].Matched {
		return values[0].Why
	}
	if c.op.negated {
		for i := range values {
			if values[i].Matched {
				return c.Base + " keeps out what is listed, and " + quote(values[i].Found) + " is"
			}
		}
		return "not every listed value can be compared with " + quote(strings.Join(found.Values, ", "))
	}
	return "none of the " + strconv.Itoa(len(values)) + " listed values is " + quote(strings.Join(found.Values, ", "))
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
