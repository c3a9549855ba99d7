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

// actionFacts are what the walk of an action has learned so far.
type actionFacts struct {
	call         *scenario.Call
	at           time.Time
	region       string
	caller       *Caller
	target       target
	overridden   []string // keys that the call's context sets although they are derived
	decision     *iam.Decision
	crossAccount bool
	doubt        string // why the service would never ask that
	message      string // that the refusal has, encoded; "" for none
}

// Act walks a call of any action that is no operation of STS: who asks, then
// every type of policy that bears on it. What the service itself would answer
// is not played.
func (world *World) Act(call *scenario.Call, at time.Time) Result {
	w := newWalk(nil, len(accessRules))
	f := &actionFacts{call: call, at: at, region: regionOr(call.Region)}
	known := w.checkCaller(world, f)
	f.doubt = world.names.Doubt(call.Action, resourceOf(call))
	named := w.checkActionName(call.Action, f.doubt)
	if known && named {
		f.target = world.target(resourceOf(call), f.caller.Account)
		w.authorizeAction(world, f)
	} else {
		w.Skip("There is nobody to ask for, or nothing to ask about.", append([]*trace.Rule{ruleExplicitDeny}, typeRules...)...)
	}
	r := Result{Error: w.Err, Failed: w.Failed, Steps: w.Steps, Decision: f.decision, Resource: resourceOf(call), Issued: f.message}
	if f.caller != nil {
		r.Assumed, r.Caller = f.caller.Assumed, f.caller.ARN
	}
	r.Verdict = f.verdict(w)
	r.Advice = world.advice(f, w)
	return r
}

func regionOr(region string) string {
	if region == "" || region == GlobalEndpoint {
		return "us-east-1"
	}
	return region
}

// resourceOf is what a call is about; one that names no resource is about
// all of them, as actions that know no resource are.
func resourceOf(call *scenario.Call) string {
	if call.Resource == "" {
		return "*"
	}
	return call.Resource
}

// checkCaller finds who makes the call, and whether its credentials still
// hold. AWS's answer to one that doesn't exist is modelled.
func (w *walk) checkCaller(world *World, f *actionFacts) bool {
	caller, problem := world.caller(f.call.Caller)
	if caller == nil {
		err := errInvalidClientToken
		if !strings.HasPrefix(f.call.Caller, "arn:") {
			err = trace.Playground("NoCredentials", "There are no credentials to sign the call with.")
		}
		w.Fail(ruleCaller, err, "a principal, or an earlier call that gave credentials", f.call.Caller, problem).AsModelled()
		w.Skip("There are no credentials.", ruleSessionToken, ruleSession, ruleTokenVersion, ruleMayCall)
		return false
	}
	f.caller = caller
	w.Pass(ruleCaller, "a principal, a service, an earlier call's session, or nobody", caller.ARN, f.whoItIs())
	if !w.checkSessionToken(f) {
		w.Skip("AWS doesn't know the credentials.", ruleSession, ruleTokenVersion, ruleMayCall)
		return false
	}
	switch {
	case caller.expires.IsZero():
		w.Pass(ruleSession, "credentials that still hold", "no temporary credentials", "")
	case !f.at.Before(caller.expires):
		w.Fail(ruleSession, errExpiredCredentials, "before "+timestamp(caller.expires), timestamp(f.at), "The session ended at "+timestamp(caller.expires)+"; assume the role again.")
	default:
		w.Pass(ruleSession, "before "+timestamp(caller.expires), timestamp(f.at), "The session ends "+span(int64(caller.expires.Sub(f.at)/time.Second))+" later.")
	}
	w.checkTokenVersion(f)
	expected := "credentials that may call " + f.call.Action
	if why := caller.restriction(f.call.Action); why != "" {
		// Seen in real answers for IAM; for STS it is modelled.
		w.Fail(ruleMayCall, errInvalidClientToken, expected, caller.ARN, why).Modelled = !strings.HasPrefix(f.call.Action, "iam:")
	} else {
		w.Pass(ruleMayCall, expected, caller.ARN, "")
	}
	return true
}

func (f *actionFacts) whoItIs() string {
	switch c := f.caller; {
	case c.Principal.Anonymous:
		return "The request isn't signed."
	case c.root:
		return "The account's root user."
	case len(c.Tags) > 0:
		tags := make([]string, len(c.Tags))
		for i, t := range c.Tags {
			tags[i] = t.Key + "=" + t.Value
		}
		return "Tagged " + listed(tags) + "."
	}
	return ""
}

// checkActionName wants service:Name. One that doesn't exist is allowed by "*"
// all the same, and doubt says so.
func (w *walk) checkActionName(action, doubt string) bool {
	service, name, ok := strings.Cut(action, ":")
	if ok && service != "" && name != "" && !strings.ContainsAny(action, "*? ") && !strings.Contains(name, ":") {
		if doubt != "" {
			w.Warn(ruleActionName, "service:Name", action, doubt+" The policies answer all the same, and no such request is ever made.")
		} else {
			w.Pass(ruleActionName, "service:Name", action, "")
		}
		return true
	}
	w.Fail(ruleActionName, trace.Playground("InvalidAction", "The playground reads no action in "+quote(action)+"."),
		"service:Name", action, "An action of a call is one action, written as s3:GetObject, without wildcards.")
	return false
}

// authorizeAction asks all policies, and says in one step each what every
// type of them answers.
func (w *walk) authorizeAction(world *World, f *actionFacts) {
	a := world.authorization(f, f.call.Action)
	d := a.Explain()
	f.decision = &d
	denied, message := world.refuseAction(f, &d)
	f.message = message
	if d.Effect == iam.ExplicitDeny {
		deny := denyingOf(&d)
		w.Fail(ruleExplicitDeny, denied, "no Deny statement that applies", statementLabel(deny)+" of "+d.Statement.Policy+" applies",
			f.whoDenies()+" denies this call"+whyDenies(deny)+", and an explicit Deny wins over every Allow."+f.overrides()).Placed(deny.At).With(conditionSteps(deny))
	} else {
		w.Pass(ruleExplicitDeny, "no Deny statement that applies", "none applies", "")
	}
	for i := range d.Types {
		w.typeStep(typeRules[i], &d, &d.Types[i], denied, f)
	}
}

// typeStep is what the policies of one type answer. Where one denies
// explicitly the step before has given the error.
func (w *walk) typeStep(rule *trace.Rule, d *iam.Decision, t *iam.TypeDecision, denied *trace.Error, f *actionFacts) {
	expected := "an Allow statement that applies"
	if t.Type == iam.ResourceControlPolicy {
		expected = "no Deny statement that applies"
	}
	switch {
	case !t.Applies:
		w.Pass(rule, expected, "none asked for", f.whyNotAsked(t))
	case t.Effect == iam.Allow:
		w.Pass(rule, expected, "allowed", t.Why).Placed(placeOfType(d, t, iam.Allow))
	case t.Effect == iam.ExplicitDeny:
		w.Fail(rule, denied, expected, "denied explicitly", t.Why).Placed(placeOfType(d, t, iam.ExplicitDeny))
	default:
		nearest := nearestOf(d, t.Type)
		step := w.Fail(rule, denied, expected, "nothing allows", f.whyNothing(d, t)+f.nearMiss(nearest)+f.unknownText(t.Type)+f.overrides())
		if nearest != nil {
			step.Placed(nearest.At).With(conditionSteps(nearest))
		}
	}
}

// whyNothing is why a type of policy doesn't allow, naming whose policies
// they are.
func (f *actionFacts) whyNothing(d *iam.Decision, t *iam.TypeDecision) string {
	switch {
	case t.Type == iam.SessionPolicy && len(f.caller.session) == 0 && len(f.caller.unknown) > 0:
		return "Nothing of what the session policies allow is known, so the session may do nothing, but for what resource policies allow that name it."
	case t.Type == iam.SessionPolicy && len(f.caller.session) == 0:
		return "No session policy was passed, so the session may do nothing, but for what resource policies allow that name it."
	case t.Type != iam.IdentityPolicy:
		return t.Why
	}
	why := "No statement of " + f.caller.identity.name + "'s policies allows " + f.call.Action + "."
	switch resource := d.Types[resourceType]; {
	case resource.Effect != iam.Allow || len(f.target.policy) == 0:
	case resource.Applies && f.crossAccount:
		why += " " + resource.Why + " Across accounts both have to allow."
	case resource.Applies:
		why += " " + resource.Why
	default:
		if near := f.nearMiss(nearestOf(d, iam.Kind(resource.Type))); near != "" {
			why += " The policy of " + f.target.policy[0].Name + " could, within one account:" + near
		}
	}
	return why
}

// whyNotAsked is why a type of policy has no say, in this world's words where
// it knows more than the decision.
func (f *actionFacts) whyNotAsked(t *iam.TypeDecision) string {
	if t.Type == iam.ServiceControlPolicy && f.caller.Account == "" {
		return "Service control policies bear on users and roles of the organization's accounts, and the caller is neither."
	}
	return t.Why
}

// unknownText names the attached policies that nothing is known of, which
// might have allowed.
func (f *actionFacts) unknownText(kind iam.Kind) string {
	var unknown []string
	switch {
	case kind == iam.IdentityPolicy && f.caller.identity != nil:
		unknown = f.caller.identity.unknown
	case kind == iam.SessionPolicy:
		unknown = f.caller.unknown
	}
	if len(unknown) == 0 {
		return ""
	}
	return " What " + listed(unknown) + " allows isn't known, and counts as nothing."
}

// overrides says which keys the call's context sets in place of what is
// derived; it begins with a space.
func (f *actionFacts) overrides() string { return overridesText(f.overridden) }

// nearMiss says of the statement that came closest what kept it from
// allowing; it begins with a space.
func (f *actionFacts) nearMiss(s *iam.StatementDecision) string {
	switch {
	case s == nil:
		return ""
	case !s.Resource.Matched:
		return " " + statementLabel(s) + " allows it on " + listed(s.Resource.Wanted) + ": " + s.Resource.Why + "." + f.bucketOrObject(s.Resource.Wanted)
	}
	c := failedCondition(s)
	return " " + statementLabel(s) + " would, but for its condition " + c.Operator + " " + c.Key + ", which wants " + listed(resolvedValues(c)) + ": " + c.Why + "."
}

// resolvedValues are what a condition wants, with variables replaced.
func resolvedValues(c *iam.ConditionDecision) []string {
	wanted := slices.Clone(c.Wanted)
	for i := range c.Values {
		if c.Values[i].Resolved != "" && i < len(wanted) {
			wanted[i] = c.Values[i].Resolved
		}
	}
	return wanted
}

// listed joins a few values, and counts the others.
func listed(values []string) string {
	const most = 4
	if len(values) > most {
		return strings.Join(values[:most], ", ") + fmt.Sprintf(" and %d more", len(values)-most)
	}
	return strings.Join(values, ", ")
}

// whyDenies says which of a Deny's conditions hold for reasons that aren't
// plain to see: because the request lacks a key.
func whyDenies(s *iam.StatementDecision) string {
	for i := range s.Conditions {
		if c := &s.Conditions[i]; c.Missing {
			return ", for its condition " + c.Operator + " " + c.Key + " holds: " + c.Why
		}
	}
	if s.Principal.Element == "NotPrincipal" {
		return ", for " + s.Principal.Why
	}
	return ""
}

// bucketOrObject is the mix-up that S3 invites: a bucket's ARN doesn't mean
// its objects, nor theirs the bucket (IAM guide, "Actions, resources, and
// condition keys for Amazon S3").
func (f *actionFacts) bucketOrObject(wanted []string) string {
	for _, w := range wanted {
		switch {
		case bucketOf(f.target.arn) == w:
			return " " + w + " is the bucket; its objects are " + w + "/*."
		case strings.TrimSuffix(w, "/*") == f.target.arn && strings.HasPrefix(w, "arn:"):
			return " " + w + " are the objects; the bucket itself is " + f.target.arn + "."
		}
	}
	return ""
}

// nearestOf is the Allow statement about the action that came closest to
// allowing, among the policies of a type; nil where none is about it.
func nearestOf(d *iam.Decision, kind iam.Kind) *iam.StatementDecision {
	var best *iam.StatementDecision
	fewest := 0
	for i := range d.Policies {
		if d.Policies[i].Type != string(kind) {
			continue
		}
		for j := range d.Policies[i].Statements {
			s := &d.Policies[i].Statements[j]
			if s.Effect != "Allow" || s.Applies || !s.Action.Matched || !s.Principal.Matched {
				continue
			}
			n := unmet(s)
			if !s.Resource.Matched {
				n += 1000 // another resource is further away than any condition
			}
			if best == nil || n < fewest {
				best, fewest = s, n
			}
		}
	}
	return best
}

// denyingOf is the statement that denied.
func denyingOf(d *iam.Decision) *iam.StatementDecision {
	for i := range d.Policies {
		if d.Policies[i].Effect == iam.ExplicitDeny {
			return denying(d.Policies[i])
		}
	}
	return &iam.StatementDecision{}
}

// placeOfType is where the first statement stands that gave a type's answer.
func placeOfType(d *iam.Decision, t *iam.TypeDecision, effect iam.Effect) *trace.At {
	for i := range d.Policies {
		p := &d.Policies[i]
		if p.Type != string(t.Type) || p.Effect != effect {
			continue
		}
		for j := range p.Statements {
			if s := &p.Statements[j]; s.Applies && (s.Effect == "Deny") == (effect == iam.ExplicitDeny) {
				return s.At
			}
		}
	}
	return nil
}

// byPolicy says whether a rule's failure is an answer of policies.
func byPolicy(failed string) bool {
	return failed == ruleExplicitDeny.Code || slices.ContainsFunc(typeRules, func(r *trace.Rule) bool { return r.Code == failed })
}

// whoDenies names the statement that denies, its type of policy and its policy.
func (f *actionFacts) whoDenies() string {
	who, policy := statementLabel(denyingOf(f.decision)), f.decision.Statement.Policy
	if strings.HasPrefix(policy, "the ") {
		return who + " of " + policy
	}
	return who + " of the " + f.decision.By + " (" + policy + ")"
}

// verdict is the outcome as a sentence that a colleague would say.
func (f *actionFacts) verdict(w *walk) string {
	call := f.call
	but := ""
	if f.doubt != "" {
		but = " But " + f.doubt
	}
	switch {
	case w.Err == nil && len(f.caller.Assumed) > 0:
		return assumption(f.caller.Assumed) + f.caller.ARN + " may " + call.Action + " on " + f.target.arn + "." + but
	case w.Err == nil:
		return "Allowed: " + f.caller.ARN + " may " + call.Action + " on " + f.target.arn + "." + but
	case !byPolicy(w.Failed):
		return "Not allowed. " + trace.WhyFailed(w.Steps)
	case f.decision.Effect == iam.ExplicitDeny:
		return "Denied explicitly: " + f.whoDenies() + " denies " + call.Action + " on " + f.target.arn + "."
	}
	nearest := nearestOf(f.decision, iam.Kind(f.decision.By))
	return fmt.Sprintf("Not allowed: no %s allows %s on %s.", f.decision.By, call.Action, f.target.arn) + f.nearMiss(nearest)
}
