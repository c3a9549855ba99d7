package sts

import (
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// advise is the way out of a refused action: what the policy that decided
// would have to say.
func (f *actionFacts) advise(world *World, w *walk) []trace.Advice {
	switch w.failed {
	case ruleSession.Code:
		return []trace.Advice{{Title: "Assume the role again", Why: "A session can't be prolonged; SDKs fetch a new one before the old one ends.", Fix: noFix}}
	case ruleExplicitDeny.Code:
		return []trace.Advice{{Title: "Narrow the Deny of " + f.decision.Statement.Policy, Why: "Whatever else is allowed, an explicit Deny that applies wins; an exception goes into its conditions.", Fix: noFix}}
	case ruleIdentity.Code:
		return f.adviseIdentity(world)
	case ruleResource.Code:
		return f.adviseResource(world)
	}
	for i, rule := range typeRules {
		if rule.Code == w.failed {
			return f.adviseCeiling(world, f.decision.Types[i].Type)
		}
	}
	return nil
}

// statement allows exactly what the call asks for.
func (f *actionFacts) statement() map[string]any {
	return map[string]any{"Effect": "Allow", "Action": f.call.Action, "Resource": f.target.arn}
}

func (f *actionFacts) adviseIdentity(world *World) []trace.Advice {
	id := f.caller.identity
	advice := trace.Advice{
		Title:  "Allow " + f.call.Action + " in " + id.name + "'s policies",
		Why:    "No statement of its policies allows it on " + f.target.arn + ".",
		Fix:    noFix,
		Widens: "Everyone who acts as " + id.name + " may " + f.call.Action + " on " + f.target.arn + ".",
	}
	for _, p := range id.policies {
		if d, ok := world.documents[p.Policy]; ok {
			advice.Fix = addStatement(d, f.statement())
			break
		}
	}
	if len(advice.Fix) == 0 {
		policy := map[string]any{"PolicyName": "allow", "PolicyDocument": map[string]any{"Version": iam.Version2012, "Statement": []any{f.statement()}}}
		patch := trace.Patch{Op: "add", Path: id.path + "/Policies", Value: []any{policy}}
		if id.inline > 0 {
			patch = trace.Patch{Op: "add", Path: id.path + "/Policies/-", Value: policy}
		}
		advice.Fix = []trace.Patch{patch}
	}
	return []trace.Advice{advice}
}

// adviseResource lets the caller's role, user or service into the resource's
// own policy, or says whose policy is missing.
func (f *actionFacts) adviseResource(world *World) []trace.Advice {
	advice := trace.Advice{
		Title: "Allow " + f.call.Action + " in the policy of " + f.target.arn,
		Why:   "The resource's own policy has to allow the caller, whatever the caller's policies say.",
		Fix:   noFix,
	}
	name := f.caller.principalName()
	if len(f.target.policy) == 0 || name == nil {
		return []trace.Advice{advice}
	}
	if d, ok := world.documents[f.target.policy[0].Policy]; ok {
		statement := f.statement()
		statement["Principal"] = name
		advice.Fix = addStatement(d, statement)
		advice.Widens = "Every session of that principal may " + f.call.Action + " on " + f.target.arn + "."
	}
	return []trace.Advice{advice}
}

// principalName is the caller as a resource's policy names it for good: the
// role behind a session, the user, the service; nil for the anonymous.
func (c *Caller) principalName() map[string]string {
	p := &c.Principal
	switch {
	case len(p.Service) > 0:
		return map[string]string{"Service": p.Service[0]}
	case len(p.AWS) > 1 && strings.Contains(p.AWS[1], ":role/"):
		return map[string]string{"AWS": p.AWS[1]}
	case len(p.AWS) > 0:
		return map[string]string{"AWS": p.AWS[0]}
	}
	return nil
}

// adviseCeiling is for the policies that grant nothing and limit what others
// grant.
func (f *actionFacts) adviseCeiling(world *World, kind iam.Kind) []trace.Advice {
	advice := trace.Advice{
		Title:  "Leave room for " + f.call.Action + " in the " + string(kind),
		Why:    "A " + string(kind) + " grants nothing, but what it doesn't allow nobody can grant.",
		Fix:    noFix,
		Widens: "What other policies allow of " + f.call.Action + " on " + f.target.arn + " comes through.",
	}
	if policy := f.ceiling(world, kind); policy != nil {
		if d, ok := world.documents[policy]; ok {
			statement := f.statement()
			if kind == iam.EndpointPolicy {
				statement["Principal"] = "*"
			}
			advice.Fix = addStatement(d, statement)
		}
	}
	return []trace.Advice{advice}
}

// ceiling is the policy of the kind that leaves no room: of service control
// policies the first of the level that allows nothing.
func (f *actionFacts) ceiling(world *World, kind iam.Kind) *iam.Policy {
	a := world.authorization(f, f.call.Action)
	levels := [][]iam.Attached{a.Endpoint}
	switch kind {
	case iam.ServiceControlPolicy:
		levels = a.ServiceControl
	case iam.PermissionsBoundary:
		levels = [][]iam.Attached{a.Boundary}
	case iam.SessionPolicy:
		levels = [][]iam.Attached{a.Session}
	}
	for _, level := range levels {
		allowed := false
		for _, p := range level {
			allowed = allowed || p.Policy.Decide(&a.Request) == iam.Allow
		}
		if !allowed && len(level) > 0 {
			return level[0].Policy
		}
	}
	return nil
}

// addStatement adds a statement to a policy of the scenario; no fix where its
// Statement is no list.
func addStatement(d scenario.Document, statement map[string]any) []trace.Patch {
	if tree := d.Tree(); tree != nil {
		if list := tree.Get("Statement"); list != nil && list.Kind == source.Array {
			return patchPolicy(d, []trace.Patch{{Op: "add", Path: "/Statement/-", Value: statement}})
		}
	}
	return noFix
}
