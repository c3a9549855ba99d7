package iam

import (
	"slices"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// checkTrust judges one statement of a role trust policy.
func (p *parser) checkTrust(s *Statement) {
	p.redundantSessions(s)
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if c.folded == "sts:durationseconds" {
			p.report(ruleDurationSeconds, c.At, "sts:DurationSeconds isn't there when a role is assumed, only with tokens that AWS itself issues; the role's MaxSessionDuration limits its sessions.")
		}
		if c.folded == "saml:aud" && c.op != nil && c.op.family == familyString {
			p.checkSAMLAudience(s, c)
		}
	}
	p.checkPrincipalKeys(s)
	if s.word == allows && !s.Principal.Not {
		p.checkOpen(s)
	}
}

// checkOpen: {"AWS": "*"} is everyone with an AWS account, unless a condition
// says who.
func (p *parser) checkOpen(s *Statement) {
	open := slices.IndexFunc(s.Principal.Values, func(w Written) bool { return w.principal.sort == everyAWS })
	if open < 0 {
		return
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		limits := factsOf(c.folded).is(caller) && c.folded != "sts:rolesessionname" && c.folded != "sts:sourceidentity"
		if limits && c.insists() && c.op.family != familyNull && !anyValue(c, func(w *Written) bool { return strings.Trim(w.Text, "*") == "" }) {
			return
		}
	}
	p.report(ruleTrustOpen, s.Principal.Values[open].At, "Everyone with an AWS account can assume the role; add a condition that says who, such as aws:PrincipalOrgID or aws:PrincipalArn.")
}

// redundantSessions: a role's session beside its role.
func (p *parser) redundantSessions(s *Statement) {
	roles := map[string]string{} // account:name of roles
	for i := range s.Principal.Values {
		if account, name, ok := cutPrincipal(s.Principal.Values[i].Text, "iam", "role/"); ok {
			roles[account+":"+name[strings.LastIndexByte(name, '/')+1:]] = s.Principal.Values[i].Text
		}
	}
	for i := range s.Principal.Values {
		w := &s.Principal.Values[i]
		account, name, ok := cutPrincipal(w.Text, "sts", "assumed-role/")
		if !ok {
			continue
		}
		name, _, _ = strings.Cut(name, "/")
		if role := roles[account+":"+name]; role != "" {
			p.report(ruleTrustRedundant, w.At, quote(w.Text)+" is a session of "+role+", which stands beside it; leave the session out.", trace.Patch{Op: "remove", Path: w.At.Path})
		}
	}
}

// cutPrincipal takes arn:…:service::account:formname apart.
func cutPrincipal(arn, service, form string) (account, name string, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[2] != service {
		return "", "", false
	}
	name, ok = strings.CutPrefix(parts[5], form)
	return parts[4], name, ok
}

// serviceActions are services that do more than to assume the role.
var serviceActions = []struct {
	service string
	actions []string
	rule    *rule
}{
	{"rolesanywhere.amazonaws.com", []string{"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"}, ruleRolesAnywhere},
	{"pods.eks.amazonaws.com", []string{"sts:AssumeRole", "sts:TagSession"}, rulePodIdentity},
}

// checkServiceActions: the actions may stand in several statements.
func (p *parser) checkServiceActions(root *source.Node) {
	for i := range serviceActions {
		service := &serviceActions[i]
		lacks := slices.Clone(service.actions)
		var first *Statement
		for j := range p.policy.Statements {
			s := &p.policy.Statements[j]
			if s.word != allows || s.Principal.Not || s.Action.Not || !slices.ContainsFunc(s.Principal.Values, func(w Written) bool { return w.principal.sort == oneService && w.Text == service.service }) {
				continue
			}
			if first == nil {
				first = s
			}
			lacks = slices.DeleteFunc(lacks, s.IsAbout)
		}
		if first != nil && len(lacks) > 0 {
			p.report(service.rule, first.Action.At, service.service+" also needs "+strings.Join(lacks, " and ")+" to assume the role; add "+them(len(lacks))+".",
				addItem(statementNode(root, first).Get("Action"), first.Action.At.Path, lacks...)...)
		}
	}
}

// them is the pronoun for that many things.
func them(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// statementNode is the statement's node.
func statementNode(root *source.Node, s *Statement) *source.Node {
	n := root.Get("Statement")
	if n != nil && n.Kind == source.Array {
		return &n.Items[s.Index]
	}
	return n
}

// absentKeys are keys that the calls of a kind of principal never have, in the
// order of callers (reference_policies_iam-condition-keys and
// …_condition-keys, "Availability").
var absentKeys = [...][]string{
	{"aws:multifactorauthpresent", "aws:multifactorauthage", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount", "aws:tokenissuetime", "aws:username", "sts:externalid", "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"},
	{"aws:multifactorauthpresent", "aws:multifactorauthage", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount", "aws:tokenissuetime", "aws:username", "sts:externalid", "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "sts:roleauthorizedbyidp"},
	serviceAbsentKeys,
	{"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "sts:roleauthorizedbyidp"},
}

// serviceAbsentKeys are keys of people and their organization, which the
// requests of a service principal don't have.
var serviceAbsentKeys = []string{
	"aws:multifactorauthpresent", "aws:multifactorauthage", "aws:principalorgid", "aws:principalorgpaths", "aws:username", "sts:externalid", "sts:roleauthorizedbyidp",
}

// checkPrincipalKeys: a condition on a key that none of the statement's
// principals can bring. It never holds, or it holds for everyone.
func (p *parser) checkPrincipalKeys(s *Statement) {
	if s.Principal.Not || len(s.Principal.Values) == 0 {
		return
	}
	who := ""
	kinds := map[int]bool{}
	for i := range s.Principal.Values {
		kind := callerKind(&s.Principal.Values[i])
		if kind < 0 {
			return
		}
		kinds[kind], who = true, callers[kind].who
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if c.op == nil || c.op.family == familyNull || p.full() {
			continue
		}
		absent := true
		for kind := range kinds {
			absent = absent && neverBrings(kind, c.folded)
		}
		if !absent {
			continue
		}
		effect := "so " + c.Operator + " holds for every call and keeps nobody out"
		if c.insists() {
			effect = "so the statement never applies"
		}
		p.report(ruleKeyForPrincipal, c.At, "The principal is "+who+", whose calls never have "+quote(c.Key)+", "+effect+"; ask for a key that they have.")
	}
}

// neverBrings says whether calls of that kind of principal never have the key.
// The keys of providers are for callers of that kind alone.
func neverBrings(kind int, folded string) bool {
	prefix, _, _ := strings.Cut(folded, ":")
	switch {
	case slices.Contains(absentKeys[kind], folded):
		return true
	case prefix == "saml":
		return callers[kind].action != "sts:AssumeRoleWithSAML"
	case strings.Contains(prefix, "."):
		return callers[kind].action != "sts:AssumeRoleWithWebIdentity"
	}
	return false
}

// signIns are the hosts of the sign-in pages, by partition
// (id_roles_create_for-idp_saml; a Region's code may stand in front).
var signIns = map[string]string{
	"aws": "signin.aws.amazon.com", "aws-cn": "signin.amazonaws.cn", "aws-us-gov": "signin.amazonaws-us-gov.com",
}

// checkSAMLAudience: SAML:aud is the response's Recipient, a sign-in URL.
func (p *parser) checkSAMLAudience(s *Statement, c *Condition) {
	partition := "aws"
	for i := range s.Principal.Values {
		if providerKind(s.Principal.Values[i].Text) == samlProvider {
			partition = strings.SplitN(s.Principal.Values[i].Text, ":", 3)[1]
		}
	}
	host := signIns[partition]
	for i := range c.Values {
		w := &c.Values[i]
		if host == "" || wild(w.Text) && c.op.like || hasVariables(w.Text) || isSignIn(w.Text, host) {
			continue
		}
		var fix []trace.Patch
		if isSignIn(strings.TrimSuffix(w.Text, "/"), host) {
			fix = []trace.Patch{{Op: "replace", Path: w.At.Path, Value: strings.TrimSuffix(w.Text, "/")}}
		}
		p.report(ruleSAMLAudience, w.At, "SAML:aud is the Recipient of the response, a sign-in URL such as https://"+host+"/saml, and "+quote(w.Text)+" is none of the partition "+partition+".", fix...)
	}
}

func isSignIn(url, host string) bool {
	rest, ok := strings.CutPrefix(url, "https://")
	at, path, _ := strings.Cut(rest, "/")
	region, regional := strings.CutSuffix(at, "."+host)
	return ok && (at == host || regional && isRegion(region)) && (path == "saml" || path == "static/saml" || strings.HasPrefix(path, "saml/acs/"))
}

// checkTrustPolicy judges what the statements of a trust policy need together:
// whoever passes tags or a source identity needs an action beside the
// operation's own.
func (p *parser) checkTrustPolicy(root *source.Node) {
	p.checkServiceActions(root)
	p.needsAction(root, ruleTagSession, "sts:TagSession", func(c *Condition) bool {
		return strings.HasPrefix(c.folded, "aws:requesttag/") || c.folded == "aws:tagkeys" || c.folded == "sts:transitivetagkeys"
	})
	p.needsAction(root, ruleSourceIdentity, "sts:SetSourceIdentity", func(c *Condition) bool { return c.folded == "sts:sourceidentity" })
}

func (p *parser) needsAction(root *source.Node, r *rule, action string, asks func(*Condition) bool) {
	var asking *Statement
	var asked *Condition
	for i := range p.policy.Statements {
		s := &p.policy.Statements[i]
		if s.word != allows {
			continue
		}
		if s.IsAbout(action) {
			return
		}
		for j := range s.Conditions {
			c := &s.Conditions[j]
			federated := strings.HasPrefix(c.folded, "aws:principaltag/") && action == "sts:TagSession" && len(s.Principal.Values) > 0 && s.Principal.Values[0].principal.sort == oneFederated
			if asking == nil && (asks(c) || federated) && c.insists() {
				asking, asked = s, c
			}
		}
	}
	if asking == nil {
		return
	}
	n := statementNode(root, asking)
	p.report(r, asked.At, "The statement asks for "+quote(asked.Key)+", which a caller can bring only where the policy allows "+action+", and no statement does; add it to the actions.", addItem(n.Get("Action"), asking.Action.At.Path, action)...)
}
