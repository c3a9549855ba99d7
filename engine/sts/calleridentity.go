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
	f := newFacts(getCallerIdentity, call, at)
	w := newSigned(getCallerIdentity, call, f, 2)
	w.checkAccountCaller(world, f)
	c := f.caller
	response := &GetCallerIdentityResponse{UserId: c.value("aws:userid"), Account: c.Account, Arn: c.ARN}
	return w.told(world, f, nil, response, "The credentials are those of "+c.ARN+", in account "+c.Account+".")
}
