package iam

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// repeatedNames reports every name that stands twice in an object. The
// policy is evaluated with all conditions and the last of other elements.
func (p *parser) repeatedNames(root *source.Node) {
	if root.Repeated() != nil {
		p.repeatedBeneath(root, "")
	}
}

func (p *parser) repeatedBeneath(n *source.Node, path string) {
	for i := range n.Members {
		m := &n.Members[i]
		if m.Repeated {
			p.report(ruleDuplicateName, placeOfName(source.Pointer(path, m.Name), m), "The name "+quote(m.Name)+" stands twice in one object; bring both together under one."+p.identityText("Syntax errors in policy."))
		}
		if len(m.Value.Members) > 0 || len(m.Value.Items) > 0 {
			p.repeatedBeneath(&m.Value, source.Pointer(path, m.Name))
		}
	}
	for i := range n.Items {
		if len(n.Items[i].Members) > 0 {
			p.repeatedBeneath(&n.Items[i], path+"/"+strconv.Itoa(i))
		}
	}
}

// characters reports the first character that IAM doesn't take: a policy
// document is tab, line feed, carriage return and U+0020 to U+00FF (IAM API
// reference, the pattern of PolicyDocument).
func (p *parser) characters(n *source.Node, path string) bool {
	if c := foreign(n.Text); c >= 0 {
		p.foreignCharacter(c, placeOf(path, n))
		return true
	}
	for i := range n.Members {
		m := &n.Members[i]
		if c := foreign(m.Name); c >= 0 {
			p.foreignCharacter(c, placeOfName(source.Pointer(path, m.Name), m))
			return true
		}
		if anyForeign(&m.Value) {
			return p.characters(&m.Value, source.Pointer(path, m.Name))
		}
	}
	for i := range n.Items {
		if anyForeign(&n.Items[i]) {
			return p.characters(&n.Items[i], path+"/"+strconv.Itoa(i))
		}
	}
	return false
}

// anyForeign says whether a character that IAM doesn't take stands anywhere
// beneath n.
func anyForeign(n *source.Node) bool {
	if foreign(n.Text) >= 0 {
		return true
	}
	for i := range n.Members {
		if foreign(n.Members[i].Name) >= 0 || anyForeign(&n.Members[i].Value) {
			return true
		}
	}
	for i := range n.Items {
		if anyForeign(&n.Items[i]) {
			return true
		}
	}
	return false
}

func (p *parser) foreignCharacter(c rune, at trace.At) {
	p.report(ruleCharacter, at, "The character "+quote(string(c))+" is beyond U+00FF, where IAM's policies end; a word processor's quotes and dashes often are.")
}

// foreign is the first character of s that IAM doesn't take; -1 where none is.
func foreign(s string) rune {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			for _, c := range s[i:] {
				if c > 0xFF {
					return c
				}
			}
			return -1
		}
	}
	return -1
}

// unknownElement reports the member and returns the element that its name is
// nearest to; empty where it is near to none.
func (p *parser) unknownElement(object *source.Node, path string, m *source.Member, where string, known []string) (near string) {
	if p.full() {
		return ""
	}
	at := placeOfName(source.Pointer(path, m.Name), m)
	detail := quote(m.Name) + " is no element of " + where
	near, _ = source.Nearest(m.Name, known)
	if near == "" {
		p.report(ruleElement, at, detail+"; the elements are "+strings.Join(known, ", ")+"."+p.identityText("Syntax errors in policy."))
		return ""
	}
	p.report(ruleElement, at, detail+"; "+near+" is the nearest."+p.identityText("Syntax errors in policy."), rename(object, path, m.Name, near)...)
	return near
}

// checkDocument judges the policy as a whole, once its statements are read.
func (p *parser) checkDocument(root *source.Node) {
	p.uniqueSids()
	p.checkSize(root)
	if p.policy.Kind == TrustPolicy {
		p.checkTrustPolicy(root)
	}
	p.checkCovers()
}

// uniqueSids: IAM refuses two statements of one Sid, other services take them
// (IAM Access Analyzer, "Unique Sids required" and "… recommended").
func (p *parser) uniqueSids() {
	severity := ruleSidUnique.severity
	if !p.savedByIAM() {
		severity = isWarning
	}
	seen := make(map[string]bool, len(p.policy.Statements))
	for i := range p.policy.Statements {
		s := &p.policy.Statements[i]
		if s.Sid != "" && seen[s.Sid] {
			p.reportAs(severity, ruleSidUnique, s.At, "The Sid "+quote(s.Sid)+" is another statement's too; give each its own."+p.identityText("Statement IDs (SID) in a single policy must be unique."))
		}
		seen[s.Sid] = true
	}
}

// savedByIAM says whether the policy's kind is one that IAM or STS reads, and
// not another service, when it is written.
func (p *parser) savedByIAM() bool {
	switch p.policy.Kind {
	case TrustPolicy, IdentityPolicy, PermissionsBoundary, SessionPolicy:
		return true
	}
	return false
}

// checkSid: "For IAM policies, basic alphanumeric characters … are the only
// allowed characters in the Sid value … some services allow additional
// characters such as spaces" (reference_policies_grammar).
func (p *parser) checkSid(sid string, at trace.At) {
	switch mended := strings.Map(alphanumeric, sid); {
	case sid == "":
		p.report(ruleSidEmpty, at, "The Sid is empty; give it a value or leave it out.", trace.Patch{Op: "remove", Path: at.Path})
	case mended != sid && p.policy.Kind != ResourcePolicy && p.policy.Kind != EndpointPolicy:
		p.report(ruleSid, at, "The Sid "+quote(sid)+" has characters besides A–Z, a–z and 0–9; leave them out.", trace.Patch{Op: "replace", Path: at.Path, Value: mended})
	}
}

// emptyList: IAM refuses a statement without actions, resources or principals;
// other services save it, and it does nothing. what is the list's value with
// its article.
func (p *parser) emptyList(n *source.Node, path, what string) {
	detail := "The list is empty; write at least one value."
	if !p.savedByIAM() {
		p.report(ruleEmpty, placeOf(path, n), detail)
		return
	}
	switch what {
	case actionValue:
		detail += p.identityText("Policy statement must contain actions.")
	case resourceValue:
		detail += p.identityText("Policy statement must contain resources.")
	case principalValue:
		detail += p.trustText(noPrincipals)
	}
	p.report(ruleValue, placeOf(path, n), detail)
}

// What a list holds, in findings about it.
const (
	actionValue    = "An action"
	resourceValue  = "A resource"
	principalValue = "A principal"
)

const noPrincipals = "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no principals!"

func (p *parser) emptyPrincipal(e *Element, n *source.Node) {
	detail := e.Name + " is empty, so the statement is about nobody; name who is meant." + p.trustText(noPrincipals)
	if p.savedByIAM() {
		p.reportAs(isError, ruleEmpty, placeOf(e.At.Path, n), detail)
		return
	}
	p.report(ruleEmpty, placeOf(e.At.Path, n), detail)
}

// missingElements reports what the statement lacks, unless it is there
// misspelled, and what it can't have.
func (p *parser) missingElements(s *Statement, n *source.Node, misspelled []string) {
	lacks := func(e *Element, name string) bool {
		return e.Name == "" && !slices.Contains(misspelled, name) && !slices.Contains(misspelled, "Not"+name)
	}
	if n.Get("Effect") == nil && !slices.Contains(misspelled, "Effect") {
		p.report(ruleEffect, s.At, "The statement has no Effect; write \"Effect\": \"Allow\" or \"Effect\": \"Deny\"."+p.identityText("Syntax errors in policy."))
	}
	if lacks(&s.Action, "Action") {
		p.report(ruleAction, s.At, "The statement has no Action; name what it is about, such as "+exampleAction(p.policy.Kind)+"."+p.identityText("Policy statement must contain actions."))
	}
	kind := string(p.policy.Kind)
	with := determined(kind)
	switch {
	case p.policy.Kind == ResourceControlPolicy && s.Principal.Not:
		// checkRCP says it
	case p.grammar.principal == required && lacks(&s.Principal, "Principal"):
		p.report(rulePrincipal, s.At, "The statement has no Principal; "+strings.Replace(with, "the ", "a ", 1)+" says who it is about.")
	case p.grammar.principal == prohibited && s.Principal.Name != "":
		p.report(rulePrincipal, s.Principal.At, strings.ToUpper(with[:1])+with[1:]+" has no "+s.Principal.Name+": its principal is whom it is attached to."+p.identityText("Policy document should not specify a principal."),
			trace.Patch{Op: "remove", Path: s.Principal.At.Path})
	case s.Principal.Not && p.policy.Kind == TrustPolicy:
		p.report(ruleTrustNotPrincipal, s.Principal.At, "A role trust policy can't have NotPrincipal; name those who may, or use a Deny with a condition on aws:PrincipalArn.")
	case s.Principal.Not && s.word == allows:
		p.report(ruleNotPrincipal, s.Principal.At, "NotPrincipal works only with Deny; with Allow it would let in everyone else, and AWS refuses it.")
	}
	switch {
	case p.grammar.resource == required && lacks(&s.Resource, "Resource"):
		p.report(ruleResource, s.At, "The statement has no Resource; name ARNs, or \"*\" for all."+p.identityText("Policy statement must contain resources."),
			trace.Patch{Op: "add", Path: source.Pointer(s.At.Path, "Resource"), Value: "*"})
	case p.grammar.resource == prohibited && s.Resource.Name != "":
		p.report(ruleTrustResource, s.Resource.At, "A role trust policy has no "+s.Resource.Name+": the role itself is the resource."+p.trustText("Has prohibited field Resource"),
			trace.Patch{Op: "remove", Path: s.Resource.At.Path})
	}
}

func exampleAction(kind Kind) string {
	if kind == TrustPolicy {
		return "sts:AssumeRoleWithWebIdentity"
	}
	return "s3:GetObject"
}

func (p *parser) checkStatement(s *Statement, condition *source.Node) {
	for i := range s.Principal.Values {
		p.checkPrincipal(s, &s.Principal.Values[i])
	}
	for i := range s.Action.Values {
		p.checkAction(&s.Action.Values[i])
	}
	for i := range s.Resource.Values {
		p.checkResource(&s.Resource.Values[i])
	}
	p.redundantValues(&s.Action, ruleRedundantAction)
	p.redundantValues(&s.Resource, ruleRedundantResource)
	p.checkConditions(s, condition)
	switch p.policy.Kind {
	case TrustPolicy:
		p.checkCaller(s)
		p.checkTrust(s)
	case IdentityPolicy:
		p.checkGrants(s)
	case ResourcePolicy:
		p.checkServices(s)
		p.checkNotPrincipal(s)
	case ResourceControlPolicy:
		p.checkRCP(s, condition)
	}
}

func (p *parser) checkConditions(s *Statement, condition *source.Node) {
	if condition != nil && condition.Kind == source.Object && len(condition.Members) == 0 {
		at := placeOf(source.Pointer(s.At.Path, "Condition"), condition)
		p.report(ruleEmpty, at, "The Condition is empty and changes nothing; write a condition or leave it out.", trace.Patch{Op: "remove", Path: at.Path})
		return
	}
	insisted, providers := s.insistedKeys(), s.providerNames()
	for i := range s.Conditions {
		if p.full() {
			return
		}
		if c := &s.Conditions[i]; c.Key != "" {
			p.checkCondition(s, c, condition, insisted, &providers)
		} else if !c.Known && c.Operator != "" {
			p.unknownOperator(c, condition)
		}
	}
	p.checkKeysTogether(s)
	p.checkContradictions(s)
}

func (p *parser) checkAction(w *Written) {
	service, name, colon := strings.Cut(w.Text, ":")
	switch {
	case w.Text == "*":
	case strings.Contains(w.Text, "${"):
		p.report(ruleVariablePlace, w.At, "AWS replaces no variables in actions, so "+quote(w.Text)+" stays plain text.")
	case !colon:
		p.report(ruleActionForm, w.At, "The action "+quote(w.Text)+" has no service; write it as "+exampleAction(p.policy.Kind)+"."+p.identityText("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."))
	case strings.Contains(name, ":"):
		p.report(ruleActionForm, w.At, "The action "+quote(w.Text)+" has two colons; an action is service:Name."+p.identityText("Actions/Condition can contain only one colon."))
	case p.policy.Kind == TrustPolicy && !isTrustAction(w):
		detail := quote(w.Text) + " is no action of a role trust policy"
		if near, _ := source.Nearest(w.Text, trustActions); near != "" && strings.EqualFold(service, "sts") {
			p.report(ruleTrustAction, w.At, detail+"; "+near+" is the nearest."+p.trustText("AssumeRole policy may only specify STS AssumeRole actions."),
				trace.Patch{Op: "replace", Path: w.At.Path, Value: near})
			return
		}
		p.report(ruleTrustAction, w.At, detail+", which says who may assume the role; what the role may do stands in its permissions policies."+p.trustText("AssumeRole policy may only specify STS AssumeRole actions."))
	case strings.ContainsAny(service, "*?"):
		severity := ruleServiceWildcard.severity
		if p.savedByIAM() {
			severity = isError
		}
		p.reportAs(severity, ruleServiceWildcard, w.At, "A wildcard in the service of "+quote(w.Text)+" takes in services that are still to come; name each."+p.identityText("Vendor "+service+" is not valid"))
	}
}
