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
	switch w.Failed {
	case ruleSession.Code:
		return []trace.Advice{{Title: "Assume the role again", Why: "A session can't be prolonged; SDKs fetch a new one before the old one ends.", Fix: noFix}}
	case ruleSessionToken.Code:
		return f.adviseSessionToken()
	case ruleExplicitDeny.Code:
		return []trace.Advice{{Title: "Narrow the Deny of " + f.decision.Statement.Policy, Why: "Whatever else is allowed, an explicit Deny that applies wins; an exception goes into its conditions.", Fix: noFix}}
	case ruleIdentity.Code:
		return f.adviseIdentity(world)
	case ruleResource.Code:
		return f.adviseResource(world)
	}
	for i, rule := range typeRules {
		if rule.Code == w.Failed {
			return f.adviseCeiling(world, f.decision.Types[i].Type)
		}
	}
	return nil
}

// statement allows exactly what the call asks for.
func (f *actionFacts) statement() map[string]any {
	return map[string]any{"Effect": "Allow", "Action": f.call.Action, "Resource": f.target.arn}
}

// adviseIdentity is about the identity's own policies: what the statement that
// came closest waits for, or else a statement that allows what was asked.
func (f *actionFacts) adviseIdentity(world *World) []trace.Advice {
	if s := nearestOf(f.decision, iam.IdentityPolicy); s != nil {
		if advice := f.adviseNearest(world, s); advice != nil {
			return advice
		}
	}
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
	if len(advice.Fix) == 0 && id.path != "" { // a role that a call created has no entry to add to
		policy := map[string]any{"PolicyName": "allow", "PolicyDocument": map[string]any{"Version": iam.Version2012, "Statement": []any{f.statement()}}}
		patch := trace.Patch{Op: "add", Path: id.path + "/Policies", Value: []any{policy}}
		if id.inline > 0 {
			patch = trace.Patch{Op: "add", Path: id.path + "/Policies/-", Value: policy}
		}
		if strings.HasPrefix(id.path, "/identityCenter/") { // a role made of a permission set
			patch = trace.Patch{Op: "add", Path: id.path + "/InlinePolicy", Value: policy["PolicyDocument"]}
		}
		advice.Fix = []trace.Patch{patch}
	}
	return []trace.Advice{advice}
}

// adviseNearest is about a statement that would allow the action, but for its
// resource or a condition. What separates teams is mended at the caller or in
// the request, not in the policy; nil where the policy is what to mend.
func (f *actionFacts) adviseNearest(world *World, s *iam.StatementDecision) []trace.Advice {
	missing := f.decision.Missing
	switch {
	case len(missing) > 0 && isTagKey(missing[0]):
		return []trace.Advice{{Title: "Give the caller the tag " + missing[0][len(principalTag):], Why: statementLabel(s) + " depends on " + missing[0] + ", and the caller has no such tag: pass it as a session tag, or tag the role or user.", Fix: noFix}}
	case !s.Resource.Matched && !strings.Contains(strings.Join(s.Resource.Wanted, ""), "${"):
		return nil
	case !s.Resource.Matched:
		return []trace.Advice{{Title: "Ask for a resource that the caller's tags open", Why: statementLabel(s) + " allows it on " + listed(s.Resource.Wanted) + ", and its variables keep callers apart; widening it would let each into what is the others'.", Fix: noFix}}
	}
	c := failedCondition(s)
	advice := trace.Advice{Title: "Meet the condition on " + c.Key, Why: statementLabel(s) + " allows it where " + c.Operator + " " + c.Key + " is " + listed(resolvedValues(c)) + ".", Fix: noFix}
	if wanted := resolvedValues(c); c.Missing && len(wanted) > 0 && !strings.HasPrefix(c.Operator, "For") && baseOperator(c.Operator) != "Null" {
		advice.Title = "Say in the call's context what " + c.Key + " is"
		advice.Fix = noFix
		if value := valueFor(baseOperator(c.Operator), wanted[0]); value != "" {
			advice.Fix = f.addContext(c.Key, value)
		}
		advice.Widens = "Nothing: the request says more about itself."
	}
	return []trace.Advice{advice}
}

// valueFor is a value that a positive operator takes where it wants that one;
// "" for the operators that want another.
func valueFor(base, wanted string) string {
	switch {
	case base == "IpAddress":
		address, _, _ := strings.Cut(wanted, "/")
		return address
	case strings.HasSuffix(base, "Like") || strings.HasPrefix(base, "Arn"):
		return strings.NewReplacer("*", "", "?", "x").Replace(wanted)
	case strings.HasSuffix(base, "Than"):
		return ""
	}
	return wanted
}

func isTagKey(key string) bool {
	return len(key) > len(principalTag) && strings.EqualFold(key[:len(principalTag)], principalTag)
}

// addContext supplies a key of the call's context.
func (f *actionFacts) addContext(key, value string) []trace.Patch {
	if len(f.call.Context) == 0 {
		return []trace.Patch{{Op: "add", Path: f.call.Path + "/context", Value: map[string]string{key: value}}}
	}
	return []trace.Patch{{Op: "add", Path: source.Pointer(f.call.Path+"/context", key), Value: value}}
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
