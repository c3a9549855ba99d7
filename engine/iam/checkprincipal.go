package iam

import (
	"slices"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

var principalTypes = []string{typeAWS, typeFederated, typeService, typeCanonicalUser}

func (p *parser) checkPrincipal(s *Statement, w *Written) {
	switch w.principal.sort {
	case everyone:
		if p.policy.Kind == TrustPolicy && s.word == allows && !s.Principal.Not {
			p.report(ruleTrustEveryone, w.At, "A role trust policy can't have the principal \"*\" (MalformedPolicyDocument); {\"AWS\": \"*\"} is what AWS takes, with conditions that say who.")
		}
	case unknownPrincipal:
		p.unknownPrincipal(w)
	case oneAWS:
		if reason := invalidAWS(w.Text); reason != "" {
			p.report(rulePrincipalInvalid, w.At, reason+p.trustText(`Invalid principal in policy: "AWS":"`+w.Text+`"`))
		} else if !strings.HasPrefix(w.Text, "arn:") {
			p.report(rulePrincipalID, w.At, quote(w.Text)+" is the unique id of a user or role, which AWS shows where the one that it stood for was deleted; write the ARN of the one that is meant.")
		}
	case oneService:
		p.checkService(w)
	case oneFederated:
		switch {
		case p.policy.Kind != TrustPolicy:
			p.report(ruleFederated, w.At, "Federated principals stand only in role trust policies; name the role that "+quote(w.Text)+" signs in to.")
		case !isDomain(w.Text) && !isProviderARN(w.Text):
			p.invalidFederated(w)
		}
	}
	if strings.Contains(w.Text, "${") {
		p.report(ruleVariablePlace, w.At, "AWS replaces no variables in principals, so "+quote(w.Text)+" stays plain text.")
	}
}

// checkNotPrincipal: beside a user or role "you must also specify the account
// ARN of the not-denied principal"; without it the Deny may reach the account
// as a whole (reference_policies_elements_notprincipal).
func (p *parser) checkNotPrincipal(s *Statement) {
	if !s.Principal.Not || s.word != denies {
		return
	}
	for i := range s.Principal.Values {
		w := &s.Principal.Values[i]
		segments := strings.SplitN(w.Text, ":", 6)
		if w.principal.sort != oneAWS || len(segments) != 6 || segments[5] == "root" {
			continue
		}
		root := "arn:" + segments[1] + ":iam::" + segments[4] + ":root"
		if !slices.ContainsFunc(s.Principal.Values, func(v Written) bool { return v.Text == root || v.Text == segments[4] }) {
			p.report(ruleAccountBeside, w.At, "The Deny may reach the whole account of "+quote(w.Text)+", and the principal with it; list "+root+" beside it, or use a Deny for \"*\" with a condition on aws:PrincipalArn.")
			return
		}
	}
}

func (p *parser) checkService(w *Written) {
	if strings.ContainsAny(w.Text, "*?") || !isDomain(w.Text) {
		p.report(rulePrincipalInvalid, w.At, quote(w.Text)+" is no service principal; write one such as ec2.amazonaws.com, without wildcards.")
		return
	}
	if lower := strings.ToLower(w.Text); lower != w.Text {
		p.report(rulePrincipalInvalid, w.At, "Service principals are in small letters, and "+quote(w.Text)+" isn't; write "+lower+".", trace.Patch{Op: "replace", Path: w.At.Path, Value: lower})
	}
}

func (p *parser) unknownPrincipal(w *Written) {
	if w.Type == "" {
		p.report(rulePrincipalType, w.At, "Principal is "+quote(w.Text)+"; a string can only be \"*\", anyone else stands in an object such as {\"AWS\": \"123456789012\"}.")
		return
	}
	detail := quote(w.Type) + " is no type of principal; the types are " + strings.Join(principalTypes, ", ") + "."
	if near, _ := source.Nearest(w.Type, principalTypes); near != "" {
		detail = quote(w.Type) + " is no type of principal; " + near + " is the nearest."
	}
	p.report(rulePrincipalType, w.At, detail)
}

// invalidAWS is why AWS can't find the principal; empty where the text has
// the form of an ARN or of a unique id. Whether it exists is another question.
func invalidAWS(text string) string {
	switch {
	case strings.ContainsAny(text, "*?"):
		return "The principal " + quote(text) + " has a wildcard in it; AWS takes a lone * or whole names, and a pattern under aws:PrincipalArn in a condition."
	case isUniqueID(text):
		return ""
	case !strings.HasPrefix(text, "arn:"):
		return "The principal " + quote(text) + " is neither an ARN nor 12 digits of an account nor a unique id."
	}
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[2] != "iam" && parts[2] != "sts" || parts[3] != "" {
		return "The principal " + quote(text) + " is no ARN of IAM or STS, such as arn:aws:iam::123456789012:role/name."
	}
	if !isAccountID(parts[4]) && parts[4] != "cloudfront" {
		return "The principal " + quote(text) + " has " + quote(parts[4]) + " where the 12 digits of an account belong."
	}
	for _, form := range []string{"user/", "role/", "assumed-role/", "federated-user/"} {
		if strings.HasPrefix(parts[5], form) {
			return ""
		}
	}
	if strings.HasPrefix(parts[5], "group/") {
		return "The principal " + quote(text) + " is a group; groups can't be principals, so name users or roles."
	}
	return "The principal " + quote(text) + " is no user, role or session."
}

// isUniqueID: AIDA… of a user, AROA… of a role, and their like; with a session
// name after a colon (IAM User Guide, reference_identifiers, unique ids).
func isUniqueID(text string) bool {
	id, _, _ := strings.Cut(text, ":")
	if len(id) < 16 || len(id) > 128 || id[0] != 'A' {
		return false
	}
	for i := 0; i < len(id); i++ {
		if id[i]-'0' > 9 && id[i]-'A' > 25 {
			return false
		}
	}
	return true
}

func (p *parser) invalidFederated(w *Written) {
	const aws = "Federated principals must be valid domain names or SAML metadata ARNs"
	_, address, isURL := strings.Cut(w.Text, "://")
	if isURL && isDomain(address) {
		p.report(ruleTrustFederated, w.At, quote(w.Text)+" is a URL; a federated principal is the provider's ARN, or a built-in provider's bare domain."+p.trustText(aws))
		return
	}
	p.report(ruleTrustFederated, w.At, quote(w.Text)+" is neither a domain nor an ARN such as arn:aws:iam::123456789012:oidc-provider/idp.example.com."+p.trustText(aws))
}

// isDomain takes labels of letters, digits and hyphens with dots between, two
// at least.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 {
			return false
		}
		for i := 0; i < len(label); i++ {
			if c := label[i]; c-'0' > 9 && (c|0x20)-'a' > 25 && c != '-' {
				return false
			}
		}
	}
	return len(labels) > 1
}

// isProviderARN: arn:partition:iam::account:oidc-provider/… or saml-provider/….
func isProviderARN(s string) bool {
	return providerKind(s) != ""
}

// The kinds of identity provider that an account can have, as in their ARNs.
const (
	oidcProvider = "oidc-provider"
	samlProvider = "saml-provider"
)

func providerKind(s string) string {
	parts := strings.SplitN(s, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[2] != "iam" || parts[3] != "" || !isAccountID(parts[4]) {
		return ""
	}
	kind, name, _ := strings.Cut(parts[5], "/")
	if name == "" || strings.ContainsAny(name, "*?") || kind != oidcProvider && kind != samlProvider {
		return ""
	}
	return kind
}

// The actions that a role trust policy can be about, each STS operation and
// what goes with it. "STS AssumeRole actions" in AWS's message.
var trustActions = []string{
	"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
	"sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext",
}

func isTrustAction(w *Written) bool {
	return slices.ContainsFunc(trustActions, w.isAction)
}

// callers are the kinds of principal that assume roles, and the one operation
// that each can call (id_credentials_sts-comparison: "Who can call").
var callers = []struct {
	who, action string
	is          func(*Written) bool
}{
	{"an OIDC provider", "sts:AssumeRoleWithWebIdentity", func(w *Written) bool { return w.provider() != "" }},
	{"a SAML provider", "sts:AssumeRoleWithSAML", func(w *Written) bool {
		return w.principal.sort == oneFederated && providerKind(w.Text) == samlProvider
	}},
	{"a service", "sts:AssumeRole", func(w *Written) bool { return w.principal.sort == oneService }},
	{"an AWS principal", "sts:AssumeRole", func(w *Written) bool {
		return w.principal.sort == oneAWS || w.principal.sort == wholeAccount
	}},
}

// callerKind is the index in callers of what the principal is; -1 where that
// isn't clear.
func callerKind(w *Written) int {
	for i := range callers {
		if callers[i].is(w) {
			return i
		}
	}
	return -1
}

// checkCaller reports, in an Allow of a trust policy, the operation that none
// of the statement's principals can call, and the principals that can call
// none of its operations.
func (p *parser) checkCaller(s *Statement) {
	if s.word != allows || s.Principal.Not || s.Action.Not {
		return
	}
	called := map[string]string{} // operation to one who calls it
	kinds := map[int]bool{}
	for i := range s.Principal.Values {
		kind := callerKind(&s.Principal.Values[i])
		if kind < 0 {
			return
		}
		kinds[kind] = true
		called[callers[kind].action] = callers[kind].who
	}
	var idle *Written // the last operation that nobody calls
	about := map[string]bool{}
	for i := range s.Action.Values {
		w := &s.Action.Values[i]
		for _, action := range trustActions[:3] {
			if !w.isAction(action) {
				continue
			}
			about[action] = true
			if _, some := called[action]; !some && strings.EqualFold(w.Text, action) {
				idle = w
			}
		}
	}
	switch {
	case len(about) == 0 || len(kinds) == 0:
		return // only TagSession or the like, beside another statement
	case idle != nil && len(kinds) == 1:
		p.mismatchedAction(s, idle, about, kinds)
	case idle != nil:
		p.report(ruleTrustMismatch, idle.At, quote(idle.Text)+" comes from none of the statement's principals; give each kind of principal a statement of its own.")
	default:
		p.mismatchedPrincipals(s, about)
	}
}

// mismatchedAction: the statement's principals are of one kind.
func (p *parser) mismatchedAction(s *Statement, idle *Written, about map[string]bool, kinds map[int]bool) {
	for kind := range kinds {
		caller := &callers[kind]
		detail := "The principal is " + caller.who + ", which calls " + caller.action + "; " + quote(idle.Text) + " never comes from one."
		if about[caller.action] {
			p.report(ruleTrustMismatch, idle.At, detail)
			continue
		}
		p.report(ruleTrustMismatch, idle.At, detail, trace.Patch{Op: "replace", Path: idle.At.Path, Value: caller.action})
	}
}

func (p *parser) mismatchedPrincipals(s *Statement, about map[string]bool) {
	for i := range s.Principal.Values {
		w := &s.Principal.Values[i]
		if caller := &callers[callerKind(w)]; !about[caller.action] {
			p.report(ruleTrustMismatch, w.At, quote(w.Text)+" is "+caller.who+", which calls "+caller.action+", and the statement isn't about that; give each kind of principal a statement of its own.")
		}
	}
}
