package iam

import (
	"strings"
)

// wideGrant is an action that opens more doors than its own, and the condition
// key that keeps it to one service.
type wideGrant struct {
	action string
	key    string // folded
	any    string // the ARN's last segment that takes in every role
	rule   *rule
	danger string
}

var wideGrants = []wideGrant{
	{"iam:PassRole", "iam:passedtoservice", "role/*", rulePassRole,
		"passes any role to any service, which then acts with it; name the roles, or add a condition on iam:PassedToService"},
	{"iam:CreateServiceLinkedRole", "iam:awsservicename", "role/aws-service-role/*", ruleServiceLinkedRole,
		"creates service-linked roles for any service; name their ARNs, or add a condition on iam:AWSServiceName"},
}

// checkGrants: iam:PassRole and iam:CreateServiceLinkedRole on every role.
func (p *parser) checkGrants(s *Statement) {
	if s.word != allows || !s.Action.readable() || !s.Resource.readable() {
		return
	}
	for i := range wideGrants {
		if g := &wideGrants[i]; s.IsAbout(g.action) && g.everywhere(&s.Resource) && !s.asksFor(g.key) {
			p.report(g.rule, s.Action.At, "The statement "+s.howItAllows(g.action)+" on "+g.where(&s.Resource)+": whoever has it "+g.danger+".")
		}
	}
}

func (s *Statement) asksFor(folded string) bool {
	for i := range s.Conditions {
		if s.Conditions[i].folded == folded {
			return true
		}
	}
	return false
}

func (s *Statement) howItAllows(action string) string {
	if s.Action.Not {
		return "allows " + action + ", which its NotAction doesn't leave out,"
	}
	for i := range s.Action.Values {
		if strings.EqualFold(s.Action.Values[i].Text, action) {
			return "allows " + action
		}
	}
	for i := range s.Action.Values {
		if w := &s.Action.Values[i]; w.isAction(action) {
			return "allows " + action + ", which " + quote(w.Text) + " takes in,"
		}
	}
	return "allows " + action
}

// everywhere says whether the element takes in every role: NotResource, a lone
// *, or an ARN that leaves no part of a role's name to say. Names that begin
// in a certain way are taken for a choice, as AWS takes role/Service*.
func (g *wideGrant) everywhere(e *Element) bool {
	if e.Not {
		return true
	}
	for i := range e.Values {
		text := e.Values[i].Text
		_, resource := cutResource(text)
		if strings.Trim(text, "*") == "" || resource == g.any || resource == "role/*" || resource == "*" {
			return true
		}
	}
	return false
}

func (g *wideGrant) where(e *Element) string {
	if e.Not {
		return "all that NotResource doesn't list"
	}
	return "every role"
}

// sourceKeys say for whom a service calls.
var sourceKeys = []string{"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}

// checkServices: a resource that trusts a service trusts everyone who uses
// it, unless a condition says for whom it may call; and a service brings no
// keys of people.
func (p *parser) checkServices(s *Statement) {
	if s.Principal.Not {
		return
	}
	services := 0
	var first *Written
	for i := range s.Principal.Values {
		if w := &s.Principal.Values[i]; w.principal.sort == oneService {
			services++
			if first == nil {
				first = w
			}
		}
	}
	if services == 0 {
		return
	}
	bound := s.word != allows
	for i := range s.Conditions {
		c := &s.Conditions[i]
		for _, key := range sourceKeys {
			bound = bound || c.folded == key
		}
		if services < len(s.Principal.Values) || c.op == nil || !c.insists() || c.op.family == familyNull {
			continue
		}
		for _, key := range serviceAbsentKeys {
			if c.folded == key {
				p.report(ruleKeyForService, c.At, "The requests of "+first.Text+" never have "+quote(c.Key)+", so the statement never applies; for a service ask for aws:SourceAccount, aws:SourceArn or aws:SourceOrgID.")
			}
		}
	}
	if !bound {
		p.report(ruleServiceSource, first.At, quote(first.Text)+" may do this for everyone who uses the service, other accounts included; add a condition on aws:SourceArn, aws:SourceAccount or aws:SourceOrgID.")
	}
}
