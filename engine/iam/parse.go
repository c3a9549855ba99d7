package iam

import (
	"net/url"
	"strconv"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// Parse compiles the document beneath root. It is total: it returns what it
// could make of it, with findings on the way. A Finding's path is a JSON
// Pointer relative to the document. A nil root is a document of nothing.
func Parse(root *source.Node, kind Kind) (*Policy, []trace.Finding) {
	p := parser{policy: &Policy{Kind: kind}, grammar: grammarOf(kind)}
	if root == nil {
		root = &source.Node{}
	}
	p.document(root)
	return p.policy, p.findings
}

// ParseText reads text, JSON or the URL-encoded JSON that IAM returns
// ("compliant with RFC 3986", API reference of GetRole), then does what Parse
// does. Text that isn't JSON gives one error with its position and a Policy
// without statements, which denies.
func ParseText(text string, kind Kind) (*Policy, []trace.Finding) {
	if start := strings.TrimSpace(text); len(start) > 3 && strings.EqualFold(start[:3], "%7b") {
		if decoded, err := url.PathUnescape(start); err == nil {
			text = decoded
		}
	}
	root, err := source.ParseJSON(text)
	if err != nil {
		place := trace.At{Line: err.Line, Column: err.Column}
		return &Policy{Kind: kind, At: place}, []trace.Finding{ruleJSON.at(place, sentence(err.Reason)+malformedJSON(kind))}
	}
	return Parse(&root, kind)
}

// malformedJSON is what AWS answers to text that isn't JSON.
func malformedJSON(kind Kind) string {
	p := parser{policy: &Policy{Kind: kind}}
	return p.trustText("This policy contains invalid Json") + p.identityText("Syntax errors in policy.")
}

// grammar is what differs between kinds of policy.
type grammar struct {
	principal, resource presence
}

// presence is whether a statement has an element.
type presence byte

const (
	optional presence = iota
	required
	prohibited
)

// grammars: reference_policies_grammar, and for resource policies the
// services' own pages (an ECR repository policy has no Resource).
var grammars = []struct {
	kind Kind
	grammar
}{
	{TrustPolicy, grammar{principal: required, resource: prohibited}},
	{IdentityPolicy, grammar{principal: prohibited, resource: required}},
	{ResourcePolicy, grammar{principal: required, resource: optional}},
	{PermissionsBoundary, grammar{principal: prohibited, resource: required}},
	{SessionPolicy, grammar{principal: prohibited, resource: required}},
	{ServiceControlPolicy, grammar{principal: prohibited, resource: required}},
	{ResourceControlPolicy, grammar{principal: required, resource: required}},
	{EndpointPolicy, grammar{principal: required, resource: required}},
}

func grammarOf(kind Kind) grammar {
	for i := range grammars {
		if grammars[i].kind == kind {
			return grammars[i].grammar
		}
	}
	return grammar{}
}

type parser struct {
	policy   *Policy
	grammar  grammar
	modern   bool // Version 2012-10-17: variables are replaced
	compared int  // what the search for coverings has cost, see coverBudget
	findings []trace.Finding
}

// maxFindings bounds what one policy is told. One with more mistakes has
// others to mend first, and the work stays linear in its size.
const maxFindings = 100

func (p *parser) full() bool { return len(p.findings) >= maxFindings }

func (p *parser) report(r *rule, at trace.At, detail string, fix ...trace.Patch) {
	p.add(r.at(at, detail, fix...))
}

func (p *parser) add(finding trace.Finding) {
	if !p.full() {
		p.findings = append(p.findings, finding)
	}
}

// reportAs is report with another severity than the rule's.
func (p *parser) reportAs(severity trace.Severity, r *rule, at trace.At, detail string, fix ...trace.Patch) {
	finding := r.at(at, detail, fix...)
	finding.Severity = severity
	p.add(finding)
}

// trustText and identityText add AWS's own message, to the kind of policy for
// which AWS is known to answer it: CreateRole and UpdateAssumeRolePolicy, or
// CreatePolicy and the Put…Policy operations.
func (p *parser) trustText(message string) string {
	if p.policy.Kind != TrustPolicy {
		return ""
	}
	return quoteAWS(message)
}

func (p *parser) identityText(message string) string {
	if p.policy.Kind != IdentityPolicy && p.policy.Kind != PermissionsBoundary {
		return ""
	}
	return quoteAWS(message)
}

func placeOf(path string, n *source.Node) trace.At {
	return trace.At{Path: path, Line: n.Line, Column: n.Column}
}

// placeOfName is the place of a member, with the position of its name.
func placeOfName(path string, m *source.Member) trace.At {
	return trace.At{Path: path, Line: m.Line, Column: m.Column}
}

var documentElements = []string{"Version", "Id", "Statement"}

func (p *parser) document(root *source.Node) {
	p.policy.At = placeOf("", root)
	if root.Kind != source.Object {
		p.report(ruleObject, p.policy.At, "The policy is a JSON "+root.Kind.String()+"; write an object with Version and Statement."+p.identityText("Syntax errors in policy."))
		return
	}
	p.repeatedNames(root)
	p.characters(root, "")
	p.version(root)
	var statements *source.Node
	for i := range root.Members {
		m := &root.Members[i]
		path := source.Pointer("", m.Name)
		switch m.Name {
		case "Version":
		case "Id":
			if p.isString(&m.Value, path, "Id") {
				p.policy.Id = m.Value.Text
			}
		case "Statement":
			statements = &m.Value
		default:
			p.unknownElement(root, "", m, "a policy", documentElements)
		}
	}
	p.statements(statements)
	p.checkDocument(root)
}

// version comes first whatever its place: it decides how values are read.
func (p *parser) version(root *source.Node) {
	n := root.Get("Version")
	switch {
	case n == nil:
		severity := ruleVersionMissing.severity
		if p.policy.Kind == ResourceControlPolicy {
			severity = isError // "Every RCP must include a Version element" (RCP syntax)
		}
		p.reportAs(severity, ruleVersionMissing, p.policy.At, "Without Version the policy is of 2008-10-17, in which ${…} is plain text; add \"Version\": \"2012-10-17\"."+p.identityText("Policy document must be version 2012-10-17 or greater."),
			trace.Patch{Op: "add", Path: "/Version", Value: Version2012})
		return
	case n.Kind != source.String:
		p.report(ruleVersion, placeOf("/Version", n), "Version is a "+n.Kind.String()+"; write the string \"2012-10-17\".", trace.Patch{Op: "replace", Path: "/Version", Value: Version2012})
		return
	}
	p.policy.Version = n.Text
	p.modern = n.Text == Version2012
	if !p.modern && n.Text != Version2008 {
		p.report(ruleVersion, placeOf("/Version", n), "The policy language has the versions 2012-10-17 and 2008-10-17, not "+quote(n.Text)+"; Version isn't the date of the policy.",
			trace.Patch{Op: "replace", Path: "/Version", Value: Version2012})
	}
}

func (p *parser) statements(n *source.Node) {
	switch {
	case n == nil:
		p.report(ruleStatement, p.policy.At, "The policy has no Statement; add a list with at least one."+p.identityText("Syntax errors in policy."))
	case n.Kind == source.Object:
		p.policy.Statements = []Statement{p.statement(n, 0, "/Statement")}
	case n.Kind == source.Array && len(n.Items) > 0:
		p.policy.Statements = make([]Statement, 0, len(n.Items))
		for i := range n.Items {
			s := p.statement(&n.Items[i], i, "/Statement/"+strconv.Itoa(i))
			p.policy.Statements = append(p.policy.Statements, s)
		}
	case n.Kind == source.Array:
		p.report(ruleStatement, placeOf("/Statement", n), "The list of statements is empty; without one the policy allows nothing."+p.identityText("Syntax errors in policy."))
	default:
		p.report(ruleStatement, placeOf("/Statement", n), "Statement is a "+n.Kind.String()+"; write a statement object or a list of them."+p.identityText("Syntax errors in policy."))
	}
}

var statementElements = []string{
	"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
}

func (p *parser) statement(n *source.Node, index int, path string) Statement {
	s := Statement{Index: index, At: placeOf(path, n)}
	if n.Kind != source.Object {
		p.report(ruleStatement, s.At, "The statement is a "+n.Kind.String()+"; write an object with Effect, Action and what else it needs."+p.identityText("Syntax errors in policy."))
		return s
	}
	s.Principal.required = p.grammar.principal == required
	s.Action.required = true
	s.Resource.required = p.grammar.resource == required
	var condition *source.Node
	var misspelled []string
	for i := range n.Members {
		m := &n.Members[i]
		at := placeOfName(source.Pointer(path, m.Name), m)
		switch m.Name {
		case "Sid":
			p.sid(&s, m, at)
		case "Effect":
			p.effect(&s, m, at)
		case "Principal", "NotPrincipal":
			p.element(&s.Principal, m, at)
			p.principals(&s.Principal, &m.Value)
		case "Action", "NotAction":
			p.element(&s.Action, m, at)
			p.actions(&s.Action, &m.Value)
		case "Resource", "NotResource":
			p.element(&s.Resource, m, at)
			p.resources(&s.Resource, &m.Value)
		case "Condition":
			condition = &m.Value
			p.conditions(&s, m, at)
		default:
			misspelled = append(misspelled, p.unknownElement(n, path, m, "a statement", statementElements))
		}
	}
	p.missingElements(&s, n, misspelled)
	p.checkStatement(&s, condition)
	return s
}

func (p *parser) sid(s *Statement, m *source.Member, at trace.At) {
	if !p.isString(&m.Value, at.Path, "Sid") {
		return
	}
	s.Sid = m.Value.Text
	p.checkSid(s.Sid, placeOf(at.Path, &m.Value))
}

func alphanumeric(c rune) rune {
	if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
		return c
	}
	return -1
}

// effect keeps a Deny that is only spelled in another case: what AWS would
// refuse to save must not allow, and may deny.
func (p *parser) effect(s *Statement, m *source.Member, at trace.At) {
	if !p.isString(&m.Value, at.Path, "Effect") {
		return
	}
	s.Effect = m.Value.Text
	switch {
	case s.Effect == "Allow":
		s.word = allows
		return
	case strings.EqualFold(s.Effect, "Deny"):
		s.word = denies
	}
	if s.Effect == "Deny" {
		return
	}
	detail := "The effect is " + quote(s.Effect) + "; AWS knows Allow and Deny, spelled so."
	if right, _ := source.Nearest(s.Effect, []string{"Allow", "Deny"}); right != "" {
		p.report(ruleEffect, placeOf(at.Path, &m.Value), detail, trace.Patch{Op: "replace", Path: at.Path, Value: right})
		return
	}
	p.report(ruleEffect, placeOf(at.Path, &m.Value), detail)
}

// element begins an element that m is. One that follows its opposite can't be
// read: AWS takes one of the two.
func (p *parser) element(e *Element, m *source.Member, at trace.At) {
	opposite := e.Name != "" && e.Name != m.Name
	*e = Element{Name: m.Name, Not: strings.HasPrefix(m.Name, "Not"), At: at, required: e.required, broken: opposite}
	if opposite {
		p.report(ruleOneOf, at, "The statement has both "+strings.TrimPrefix(m.Name, "Not")+" and Not"+strings.TrimPrefix(m.Name, "Not")+"; keep the one that is meant."+p.identityText("Syntax errors in policy."))
	}
}

func (p *parser) principals(e *Element, n *source.Node) {
	switch n.Kind {
	case source.String:
		e.Values = []Written{{Text: n.Text, At: placeOf(e.At.Path, n), principal: compilePrincipal("", n.Text)}}
	case source.Object:
		if len(n.Members) == 0 {
			p.emptyPrincipal(e, n)
		}
		for i := range n.Members {
			m := &n.Members[i]
			first := len(e.Values)
			e.Values = p.strings(e.Values, &m.Value, source.Pointer(e.At.Path, m.Name), principalValue)
			for j := first; j < len(e.Values); j++ {
				w := &e.Values[j]
				w.Type = m.Name
				w.principal = compilePrincipal(m.Name, w.Text)
			}
		}
	default:
		p.report(rulePrincipal, placeOf(e.At.Path, n), e.Name+" is a "+n.Kind.String()+"; write \"*\" or an object such as {\"AWS\": \"123456789012\"}.")
	}
	known := false
	for i := range e.Values {
		known = known || e.Values[i].principal.sort != unknownPrincipal
	}
	e.broken = e.broken || !known
}

func (p *parser) actions(e *Element, n *source.Node) {
	e.Values = p.strings(nil, n, e.At.Path, actionValue)
	for i := range e.Values {
		e.Values[i].pattern = toPattern(strings.ToLower(e.Values[i].Text))
	}
	e.broken = e.broken || len(e.Values) == 0
}

// resources replaces variables only after the fifth colon ("You can't use a
// variable to replace parts of the ARN before the fifth colon").
func (p *parser) resources(e *Element, n *source.Node) {
	e.Values = p.strings(nil, n, e.At.Path, resourceValue)
	for i := range e.Values {
		w := &e.Values[i]
		text := p.completeARN(w.Text)
		head, tail := cutResource(text)
		if !p.modern || !strings.Contains(tail, "${") {
			w.pattern = toPattern(text)
			continue
		}
		parts := splitVariables(tail, true)
		if len(parts) == 1 && parts[0].key == "" {
			w.pattern = toPattern(head) + parts[0].text
			continue
		}
		w.parts = append([]part{{text: toPattern(head)}}, parts...)
	}
	e.broken = e.broken || len(e.Values) == 0
}

// completeARN: "When you specify an incomplete ARN (one with fewer than the
// standard six fields) in an identity-based policy, AWS automatically completes
// the ARN by adding wildcard characters (*) to all missing fields"
// (reference_policies_grammar).
func (p *parser) completeARN(text string) string {
	identity := p.policy.Kind == IdentityPolicy || p.policy.Kind == PermissionsBoundary
	if colons := strings.Count(text, ":"); identity && colons < 5 && strings.HasPrefix(text, "arn:") {
		return text + strings.Repeat(":*", 5-colons)
	}
	return text
}

// cutResource divides an ARN after its fifth colon; what has fewer is all head.
func cutResource(text string) (head, tail string) {
	at := 0
	for range 5 {
		colon := strings.IndexByte(text[at:], ':')
		if colon < 0 {
			return text, ""
		}
		at += colon + 1
	}
	return text[:at], text[at:]
}

func (p *parser) conditions(s *Statement, block *source.Member, at trace.At) {
	n := &block.Value
	if n.Kind != source.Object {
		p.report(ruleCondition, placeOf(at.Path, n), "Condition is a "+n.Kind.String()+"; write an object such as {\"StringEquals\": {\"key\": \"value\"}}."+p.identityText("Syntax errors in policy."))
		s.Conditions = append(s.Conditions, Condition{At: at, OperatorAt: at, broken: true})
		return
	}
	total := 0
	for i := range n.Members {
		total += max(1, len(n.Members[i].Value.Members))
	}
	s.Conditions = append(make([]Condition, 0, len(s.Conditions)+total), s.Conditions...)
	for i := range n.Members {
		m := &n.Members[i]
		c := Condition{Operator: m.Name, OperatorAt: placeOfName(source.Pointer(at.Path, m.Name), m)}
		c.Set, c.Base, c.IfExists, c.op = splitOperator(m.Name)
		c.Known = c.op != nil
		if m.Value.Kind != source.Object || len(m.Value.Members) == 0 {
			p.report(ruleCondition, c.OperatorAt, "Beneath "+m.Name+" stands no condition key; write an object such as {\"key\": \"value\"}."+p.identityText("Syntax errors in policy."))
			c.At, c.broken = c.OperatorAt, true
			s.Conditions = append(s.Conditions, c)
			continue
		}
		for j := range m.Value.Members {
			s.Conditions = append(s.Conditions, p.condition(c, &m.Value.Members[j]))
		}
	}
}

// condition finishes c, which has its operator, with a key and its values.
func (p *parser) condition(c Condition, m *source.Member) Condition {
	path := source.Pointer(c.OperatorAt.Path, m.Name)
	c.At = placeOfName(path, m)
	c.Key, c.folded = m.Name, foldKey(m.Name)
	c.Values = p.scalars(nil, &m.Value, path, "A condition's value", true)
	c.broken = len(c.Values) == 0
	if c.op == nil {
		return c
	}
	p.checkList(&c, &m.Value)
	for i := range c.Values {
		w := &c.Values[i]
		var ok bool
		w.test, ok = c.op.compileValue(w.Text, p.modern)
		if !ok {
			p.unreadableValue(&c, w)
		}
	}
	return c
}

// strings appends the strings of n, one or a list of them.
func (p *parser) strings(to []Written, n *source.Node, path, what string) []Written {
	return p.scalars(to, n, path, what, false)
}

// scalars is strings; loose takes numbers and booleans too, as AWS does in
// conditions (reference_policies_grammar: string, number or boolean).
func (p *parser) scalars(to []Written, n *source.Node, path, what string, loose bool) []Written {
	if n.Kind != source.Array {
		return p.scalar(to, n, path, what, loose)
	}
	if len(n.Items) == 0 && !loose {
		p.emptyList(n, path, what)
	}
	if to == nil {
		to = make([]Written, 0, len(n.Items))
	}
	for i := range n.Items {
		to = p.scalar(to, &n.Items[i], path+"/"+strconv.Itoa(i), what, loose)
	}
	return to
}

func (p *parser) scalar(to []Written, n *source.Node, path, what string, loose bool) []Written {
	if n.Kind == source.String || loose && (n.Kind == source.Number || n.Kind == source.Bool) {
		return append(to, Written{Text: n.Text, At: placeOf(path, n)})
	}
	p.report(ruleValue, placeOf(path, n), what+" is a string, or a list of strings, not "+article(n.Kind)+"."+p.identityText("Syntax errors in policy."))
	return to
}

func (p *parser) isString(n *source.Node, path, what string) bool {
	if n.Kind == source.String {
		return true
	}
	p.report(ruleValue, placeOf(path, n), what+" is a string, not "+article(n.Kind)+"."+p.identityText("Syntax errors in policy."))
	return false
}
