package sts

import (
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// Permission is the first half of a call of IAM: who signed it, and what the
// policies say.
type Permission struct {
	Result

	world *World
	facts *actionFacts
}

// Signs is the account of whoever signs a call, nil where nobody of one of the
// scenario's accounts does, and the partition that it is in.
func (world *World) Signs(call *scenario.Call) (account *Account, partition string) {
	c, _ := world.caller(call.Caller)
	if c == nil || c.Account == "" {
		return nil, "aws"
	}
	return world.accounts[c.Account], partitionIn(c.ARN)
}

// Permit asks who signs a call to IAM, and whether all policies let the caller.
// IAM takes no unsigned calls, and none of services.
func (world *World) Permit(call *scenario.Call, at time.Time) *Permission {
	w := newWalk(nil, len(accessRules))
	f := &actionFacts{call: call, at: at, region: regionOr(call.Region)}
	p := &Permission{world: world, facts: f}
	known := w.checkCaller(world, f)
	switch {
	case !known:
	case f.caller.Account == "":
		w.overrule(w.last(ruleCaller), errUnsigned, call.Action+" is a signed call: it needs the credentials of a user, of root or of a role's session.")
		w.last(ruleCaller).AsModelled()
		known = false
	case world.accounts[f.caller.Account] == nil:
		w.overrule(w.last(ruleCaller), errInvalidClientToken, "The scenario has no account "+f.caller.Account+" to save anything in; list it under accounts.")
		w.last(ruleCaller).AsModelled()
		known = false
	}
	if known {
		f.target = world.target(resourceOf(call), f.caller.Account)
		w.authorizeAction(world, f)
	} else {
		w.Skip("There is nobody to ask for.", append([]*trace.Rule{ruleExplicitDeny}, typeRules...)...)
	}
	p.Result = Result{Error: w.Err, Failed: w.Failed, Steps: w.Steps, Decision: f.decision, Resource: resourceOf(call)}
	if f.caller != nil {
		p.Assumed, p.Caller, p.Signer = f.caller.Assumed, f.caller.ARN, f.caller.signer(call, f.region)
	}
	if w.Err != nil {
		p.Verdict, p.Advice = f.verdict(w), world.advice(f, w)
	}
	return p
}

// Also asks whether the caller may do something else that the call takes, such
// as to tag what it creates; nil where it may, else AWS's answer.
func (p *Permission) Also(action string) *trace.Error {
	d := p.world.authorization(p.facts, action).Explain()
	if d.Effect == iam.Allow {
		return nil
	}
	return trace.Sender("AccessDenied", 403, d.AccessDenied(p.facts.caller.ARN, action, p.facts.target.arn))
}
