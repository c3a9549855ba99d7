package sts

import (
	"stsplayground/engine/trace"
)

// adviseAssumeRole is the way out of a refused AssumeRole.
func (f *facts) adviseAssumeRole(world *World, w *walk) []trace.Advice {
	switch w.Failed {
	case "sts/duration":
		if f.caller.chains {
			return []trace.Advice{{
				Title: "Ask for one hour at most", Why: "A role that a session assumes lasts no longer; the role's MaxSessionDuration doesn't change that.",
				Fix:    []trace.Patch{{Op: "add", Path: f.call.Path + "/params/DurationSeconds", Value: maxChained}},
				Widens: "Nothing: the session is shorter.",
			}}
		}
		return f.adviseDuration()
	case "sts/role":
		return f.adviseRole()
	case "trust/principal":
		return f.adviseCaller()
	case "trust/condition":
		return f.adviseCondition()
	case "trust/action":
		return f.adviseAction(assumeRole.action)
	case "trust/tag-session":
		return f.adviseAction(actionTagSession)
	case "trust/set-source-identity":
		return f.adviseAction(actionSetSourceIdentity)
	case ruleIdentity.Code:
		return f.access.adviseIdentity(world)
	}
	return nil
}

// adviseCaller lets the caller's user, role or service into the trust policy.
func (f *facts) adviseCaller() []trace.Advice {
	name := f.caller.principalName()
	if name == nil {
		return nil
	}
	statement := map[string]any{"Effect": "Allow", "Principal": name, "Action": assumeRole.action}
	return []trace.Advice{{
		Title: "Name the caller in the trust policy", Why: "Assuming a role takes a trust policy that names who asks: the user, the role or its account.",
		Fix:    addStatement(f.role.AssumeRolePolicyDocument, statement),
		Widens: "Whoever acts as that principal may assume the role.",
	}}
}
