package sts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// AssumeRoleResponse is the response of AssumeRole. PackedPolicySize is a
// percentage, absent where nothing was packed.
type AssumeRoleResponse struct {
	Credentials      Credentials
	AssumedRoleUser  AssumedRoleUser
	PackedPolicySize *int   `json:",omitempty"`
	SourceIdentity   string `json:",omitempty"`
}

// AssumeRole walks one call: parameters, role ARN, caller, MFA, tags, source
// identity, role, duration, the organization's policies, trust policy, the
// caller's own policies, session policy, credentials. AWS documents no order
// of the checks; this one is modelled on that of web identities.
func (world *World) AssumeRole(call *scenario.Call, at time.Time) Result {
	f := newFacts(assumeRole, call, at)
	w := newSigned(assumeRole, call, f, 33)
	w.checkAssumeRoleParameters(&call.Params)
	arn, isRole := w.checkRoleARN(call.Params.RoleArn, f.region)
	f.arn, f.account = arn, world.accounts[arn.Account]
	w.checkRegion(f.account, f.region)

	known := w.checkSigner(world, f) && w.checkNoRoot(f)
	f.access.target = world.target(call.Params.RoleArn, "")
	f.access.target.account = arn.Account // a role is in the account of its ARN, whatever the scenario lists
	w.checkMFA(world, f)
	w.checkRequestTags(f)
	w.checkRequestIdentity(f)
	w.checkContexts(f)
	decision := w.authorizeCaller(world, f, f.access, isRole && known)
	result := world.finish(w, f, decision)
	result.Caller, result.Signer = f.caller.ARN, f.caller.signer(call, f.region)
	return result
}

// checkNoRoot: "Roles may not be assumed by root accounts."
func (w *walk) checkNoRoot(f *facts) bool {
	if f.caller.root {
		w.overrule(w.last(ruleCaller), errRootAssumes, "The account's root user can't assume roles; a user or a role can.")
	}
	return !f.caller.root
}

// last is the step of the rule that was added last.
func (w *walk) last(rule *trace.Rule) *trace.Step {
	for i := len(w.Steps) - 1; i >= 0; i-- {
		if w.Steps[i].Rule == rule.Code {
			return &w.Steps[i]
		}
	}
	return nil
}

// overrule turns a step that passed into one that failed, in an operation
// that asks for more.
func (w *walk) overrule(s *trace.Step, err *trace.Error, why string) {
	if w.Err == nil {
		w.Err, w.Failed = err, s.Rule
	}
	s.Status, s.Why = trace.Failed, why
}

// checkRequestTags reads the session tags that the call passes, and adds
// those that the caller's session hands on (IAM guide, "Pass session tags in
// AWS STS", chaining roles with session tags). The three messages were
// recorded from AssumeRole.
func (w *walk) checkRequestTags(f *facts) {
	p := &f.call.Params
	f.tagging = w.judgeTags(tagging{Tags: p.Tags, Transitive: p.TransitiveTagKeys}, nil, errRequestTags)
	inherited := f.caller.inherited()
	if len(inherited) == 0 {
		return
	}
	step := w.last(ruleTags)
	for _, tag := range inherited {
		if hasTag(p.Tags, tag.Key) {
			w.overrule(step, trace.Sender("InvalidParameterValue", 400, "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."),
				"The caller's session hands on the transitive tag "+tag.Key+", and a tag of that key can't be passed anew.")
			return
		}
	}
	f.inherited = inherited
	if step.Why != "" {
		step.Why += " "
	}
	step.Why += "Handed on by the caller's session: " + strings.Join(tagging{Tags: inherited}.keys(), ", ") + "."
}

// inherited are the transitive tags of the caller's session.
func (c *Caller) inherited() (tags []scenario.Tag) {
	for _, tag := range c.Tags {
		if containsFold(c.transitive, tag.Key) {
			tags = append(tags, tag)
		}
	}
	return tags
}

func hasTag(tags []scenario.Tag, key string) bool {
	return slices.ContainsFunc(tags, func(t scenario.Tag) bool { return strings.EqualFold(t.Key, key) })
}

// checkRequestIdentity reads the source identity that the call passes. Once
// set it stays, and can't be set to another (IAM guide, "Monitor and control
// actions taken with assumed roles").
func (w *walk) checkRequestIdentity(f *facts) {
	passed, kept := f.call.Params.SourceIdentity, f.caller.identitySet
	const expected = "2 to 64 characters of [\\w+=,.@-], not beginning with aws:"
	switch {
	case passed == "" && kept == "":
		w.Pass(ruleSourceIdentity, expected+", if there is one", "no source identity", "")
	case passed != "" && sourceIdentityProblem(passed) != "":
		w.Fail(ruleSourceIdentity, validationError(wordingUnknown("The source identity is not valid")), expected, passed, "The source identity isn't well formed: "+sourceIdentityProblem(passed)+".").AsModelled()
	case kept != "" && passed != "" && passed != kept:
		w.Fail(ruleSourceIdentity, trace.Sender("AccessDenied", 403, unauthorized(f.caller.ARN, actionSetSourceIdentity, f.call.Params.RoleArn)), kept, passed, "The caller's session has the source identity "+kept+", which can't be changed for as long as a session chained from it lasts.").AsModelled()
	case passed != "":
		f.sourceIdentity = passed
		w.Pass(ruleSourceIdentity, expected, passed, "It can't be changed for as long as the session or any chained from it lasts.")
	default:
		f.sourceIdentity = kept
		w.Pass(ruleSourceIdentity, expected, kept, "Handed on by the caller's session.")
	}
}

// unauthorized is AWS's sentence without a reason.
func unauthorized(who, action, resource string) string {
	return new(iam.Decision).AccessDenied(who, action, resource)
}

// maxChained is how long a session lasts that a role's session, or one of
// GetSessionToken, assumes: "your AWS CLI or AWS API role session is limited
// to a maximum of one hour" (IAM guide, role chaining).
const maxChained = 3600

// checkChaining: a longer duration isn't shortened, the whole call fails.
func (w *walk) checkChaining(f *facts) {
	if len(f.caller.Principal.Service) > 0 {
		w.checkServiceDuration(f)
		return
	}
	if d := f.call.Params.DurationSeconds; f.caller.chains && d != nil && *d > maxChained {
		w.Fail(ruleDuration, errChained, fmt.Sprintf("at most %d seconds", maxChained), fmt.Sprintf("%d seconds", *d),
			fmt.Sprintf("The caller is itself a session, and a role that a session assumes lasts one hour at most, whatever its MaxSessionDuration; %d seconds are more.", *d))
		return
	}
	w.checkDuration(f)
}

// authorizeCaller is the second half of the walk: the role, and every policy
// that bears on assuming it.
func (w *walk) authorizeCaller(world *World, f *facts, access *actionFacts, known bool) *iam.Decision {
	rules := []*trace.Rule{ruleRCP, ruleSCP, ruleEndpoint, rulePrincipal, ruleAction, ruleCondition, ruleDeny, ruleIdentity, ruleBoundary, ruleSessionLimit, ruleTagTrust, ruleSITrust, ruleSetContext}
	if !known {
		w.Skip("There is nobody to ask for, or RoleArn names no role.", append([]*trace.Rule{ruleRole, ruleDuration}, rules...)...)
		w.checkSessionPolicies(f)
		return nil
	}
	f.role, f.near = f.account.role(f.call.Params.RoleArn, f.arn)
	if f.role == nil {
		w.Fail(ruleRole, trace.Sender("AccessDenied", 403, unauthorized(f.caller.ARN, assumeRole.action, f.call.Params.RoleArn)), f.call.Params.RoleArn, rolesOf(f.account, f.arn.Partition), f.whyNoRole())
		w.Skip("The role doesn't exist.", append([]*trace.Rule{ruleDuration}, rules...)...)
		w.checkSessionPolicies(f)
		return nil
	}
	w.Pass(ruleRole, f.call.Params.RoleArn, "exists", "")
	w.checkChaining(f)

	a := world.authorization(access, assumeRole.action)
	access.target.policy = []iam.Attached{{Name: f.role.RoleName, Policy: f.role.Trust}}
	a.Resource, a.ResourceMustAllow = access.target.policy, true
	f.overridden = f.assumeContext(a.Request.Context, access.overridden)

	d := a.Explain()
	denied := trace.Sender("AccessDenied", 403, d.AccessDenied(f.caller.ARN, assumeRole.action, f.role.ARN))
	for i := range resourceType {
		w.typeStep(typeRules[i], &d, &d.Types[i], denied, access)
	}
	w.trustGates(f, trustAnswer(&d), denied)
	for i := resourceType + 1; i < len(d.Types); i++ {
		w.typeStep(typeRules[i], &d, &d.Types[i], denied, access)
	}
	w.checkCallerPermission(ruleTagTrust, f, a, actionTagSession, len(f.tagging.Tags)+len(f.inherited) > 0, &d)
	w.checkCallerPermission(ruleSITrust, f, a, actionSetSourceIdentity, f.sourceIdentity != "", &d)
	w.checkCallerPermission(ruleSetContext, f, a, actionSetContext, len(f.contexts) > 0, &d)
	w.checkSessionPolicies(f)
	access.decision = &d
	return &d
}

// trustAnswer is the role trust policy's own answer.
func trustAnswer(d *iam.Decision) iam.PolicyDecision {
	for i := range d.Policies {
		if d.Policies[i].Type == string(iam.TrustPolicy) {
			return d.Policies[i]
		}
	}
	return iam.PolicyDecision{}
}

// assumeContext adds the keys of AssumeRole itself (IAM guide, "IAM and AWS
// STS condition context keys"), under what the call's context supplies. It
// returns the keys that the context sets although they are derived, with
// those that were known before.
func (f *facts) assumeContext(ctx *iam.Context, overridden []string) []string {
	p := &f.call.Params
	derived := iam.NewContext()
	set := func(key, value string) {
		if value != "" {
			derived.Set(key, value)
		}
	}
	set("sts:RoleSessionName", p.RoleSessionName)
	set("sts:ExternalId", p.ExternalID)
	set("sts:SourceIdentity", f.sourceIdentity)
	for _, tag := range f.tagging.Tags {
		derived.Set("aws:RequestTag/"+tag.Key, tag.Value)
	}
	if len(f.tagging.Tags) > 0 {
		derived.SetMulti("aws:TagKeys", f.tagging.keys())
	}
	if len(f.tagging.Transitive) > 0 {
		derived.SetMulti("sts:TransitiveTagKeys", f.tagging.Transitive)
	}
	if f.mfa {
		derived.Set("aws:MultiFactorAuthPresent", "true")
		derived.Set("aws:MultiFactorAuthAge", "0")
	}
	f.contextKeys(derived)
	for _, key := range derived.Keys() {
		value, _ := derived.Lookup(key)
		ctx.SetValue(key, value)
	}
	for _, key := range supply(derived, f.call.Context) {
		if !containsFold(overridden, key) {
			overridden = append(overridden, key)
		}
	}
	supply(ctx, f.call.Context)
	return overridden
}

// checkCallerPermission asks everyone for a permission that the call needs
// besides: the trust policy, and the caller's own policies where the trust
// policy leaves it to them.
func (w *walk) checkCallerPermission(rule *trace.Rule, f *facts, a *iam.Authorization, action string, needed bool, decision *iam.Decision) {
	if !needed {
		w.Pass(rule, action+", if the call asks for it", "not asked for", "")
		return
	}
	a.Request.Action = action
	d := a.Explain()
	for i := range d.Policies {
		d.Policies[i].Name += " (" + action + ")"
	}
	decision.Policies = append(decision.Policies, d.Policies...)
	decision.Missing = iam.Missing(decision.Policies...)
	if d.Effect == iam.Allow {
		w.Pass(rule, action+" allowed", "allowed", "")
		return
	}
	if decision.Effect == iam.Allow {
		decision.Effect, decision.By, decision.Statement = d.Effect, d.By, d.Statement
	}
	found := "no " + d.By + " allows it"
	if d.Effect == iam.ExplicitDeny {
		found = "explicitly denied in the " + d.By
		f.denied = true
	}
	step := w.Fail(rule, trace.Sender("AccessDenied", 403, d.AccessDenied(f.caller.ARN, action, f.access.target.arn)), action+" allowed", found,
		"The call carries "+carried[action]+", so "+action+" has to be allowed as well as "+f.operation.action+", or the whole call fails: "+found+".")
	// That tags and a source identity which are only handed on need it too is
	// not documented.
	step.Modelled = action == actionTagSession && len(f.tagging.Tags) == 0 || action == actionSetSourceIdentity && f.call.Params.SourceIdentity == ""
}

// carried is what a call carries that needs a permission besides.
var carried = map[string]string{
	actionTagSession: "session tags", actionTagToken: "tags", actionSetSourceIdentity: "a source identity", actionSetContext: "provided contexts",
}
