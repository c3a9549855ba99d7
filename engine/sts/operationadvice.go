package sts

import (
	"slices"
	"time"

	"stsplayground/engine/trace"
)

// adviseSigned is the way out of a refused operation that somebody signs.
func (f *facts) adviseSigned(world *World, w *walk) []trace.Advice {
	switch w.Failed {
	case ruleSessionToken.Code:
		return f.access.adviseSessionToken()
	case ruleSession.Code:
		return f.access.advise(world, w)
	case ruleRegional.Code:
		return []trace.Advice{{
			Title: "Call a Regional endpoint", Why: "AWS_STS_REGIONAL_ENDPOINTS=regional, or a Region of the client's own, sends the call there.",
			Fix: []trace.Patch{{Op: "replace", Path: f.call.Path + "/region", Value: f.region}}, Widens: "Nothing: the endpoint is another.",
		}}
	case ruleOutbound.Code:
		if f.account == nil {
			return nil
		}
		return []trace.Advice{{
			Title: "Enable outbound identity federation", Why: "The account gets an issuer URL of its own: aws iam enable-outbound-web-identity-federation.",
			Fix: []trace.Patch{{Op: "add", Path: f.account.Path + "/OutboundWebIdentityFederation", Value: map[string]any{}}}, Widens: "Principals of the account that have the permission can have tokens made.",
		}}
	case ruleRootAccess.Code:
		return adviseRootAccess(world)
	case ruleDuration.Code:
		left := int64(f.caller.expires.Sub(f.at) / time.Second)
		if f.operation != getWebIdentityToken || left < leastIdentityToken {
			return nil
		}
		return []trace.Advice{{
			Title: "Ask for what is left of the session", Why: "A token may not outlive the session that asks for it.",
			Fix: []trace.Patch{{Op: "add", Path: f.call.Path + "/params/DurationSeconds", Value: left}}, Widens: "Nothing: the token ends sooner.",
		}}
	case ruleIdentity.Code:
		return f.access.adviseIdentity(world)
	}
	return nil
}

func (f *actionFacts) adviseSessionToken() []trace.Advice {
	return []trace.Advice{{
		Title: "Send the session token along", Why: "Temporary credentials have three parts: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.",
		Fix: []trace.Patch{{Op: "remove", Path: f.call.Path + "/omitSessionToken"}}, Widens: "Nothing: they are the same credentials.",
	}}
}

func adviseRootAccess(world *World) []trace.Advice {
	if slices.Contains(world.Organization.EnabledFeatures, "RootSessions") {
		return nil
	}
	enabled := append(slices.Clone(world.Organization.EnabledFeatures), "RootSessions")
	return []trace.Advice{{
		Title: "Enable privileged root sessions in the organization", Why: "The management account enables them once: aws iam enable-organizations-root-sessions.",
		Fix:    []trace.Patch{{Op: "add", Path: "/organization/EnabledFeatures", Value: enabled}},
		Widens: "Principals of the management account and of delegated administrators that have sts:AssumeRoot may do root tasks in every member account.",
	}}
}
