package sts

import (
	"time"

	"stsplayground/engine/scenario"
)

// GetCallerIdentityResponse is the response of GetCallerIdentity.
type GetCallerIdentityResponse struct {
	UserId  string
	Account string
	Arn     string
}

// GetCallerIdentity walks one call: the caller, and whether its credentials
// still hold. No policy is asked: "If an administrator attaches a policy to
// your identity that explicitly denies access to the sts:GetCallerIdentity
// action, you can still perform this operation" (STS API reference).
func (world *World) GetCallerIdentity(call *scenario.Call, at time.Time) Result {
	w := newWalk(getCallerIdentity, 2)
	access := &actionFacts{call: call, at: at, region: regionOr(call.Region)}
	known := w.checkCaller(world, access)
	if known && access.caller.Account == "" {
		w.overrule(w.last(ruleCaller), errUnsigned, "GetCallerIdentity is a signed call: it tells whose credentials signed it.")
		w.last(ruleCaller).AsModelled()
	}
	r := Result{Error: w.Err, Failed: w.Failed, Steps: w.Steps}
	if access.caller != nil {
		r.Caller, r.Assumed = access.caller.ARN, access.caller.Assumed
		r.Signer = access.caller.signer(call, access.region)
	}
	if w.Err != nil {
		f := newFacts(getCallerIdentity, call, at)
		r.Verdict = f.verdict(w)
		return r
	}
	c := access.caller
	r.Response = &GetCallerIdentityResponse{UserId: c.value("aws:userid"), Account: c.Account, Arn: c.ARN}
	r.Verdict = assumption(c.Assumed) + "The credentials are those of " + c.ARN + ", in account " + c.Account + "."
	return r
}
