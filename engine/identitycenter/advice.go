package identitycenter

import (
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// advise is the way out of a refused call, the surest first.
func (c *Center) advise(call *scenario.Call, w *trace.Walk, s *session) []trace.Advice {
	switch w.Failed {
	case ruleInstance.Code:
		if c.config == nil {
			return []trace.Advice{{Title: "Write an instance of IAM Identity Center", Why: "It has users, permission sets, and assignments of the one to the other in accounts.", Fix: []trace.Patch{{Op: "add", Path: "/identityCenter", Value: map[string]any{"Users": []any{}, "PermissionSets": []any{}, "assignments": []any{}}}}, Widens: "Nothing, until somebody is assigned something."}}
		}
		return []trace.Advice{{Title: "Call the portal in " + c.region, Why: "sso_region of the CLI's profile is the Region of the instance.", Fix: []trace.Patch{{Op: "remove", Path: call.Path + "/region"}}, Widens: "Nothing: the request goes to another endpoint."}}
	case ruleAccessToken.Code:
		return []trace.Advice{{Title: "Sign in anew", Why: "An access token is good while the sign-in to the portal lasts: aws sso login gets another.", Fix: []trace.Patch{}}}
	case ruleAssignment.Code:
		return c.adviseAssignment(call, s)
	}
	return nil
}

// adviseAssignment asks for the permission set that was meant, or assigns the
// one that was asked for.
func (c *Center) adviseAssignment(call *scenario.Call, s *session) []trace.Advice {
	p := &call.Portal
	names, _ := c.assigned(s.user, p.AccountID)
	if c.sets[p.RoleName] == nil {
		near, certain := source.Nearest(p.RoleName, names)
		if !certain {
			return nil
		}
		return []trace.Advice{{
			Title: "Ask for " + near, Why: "That permission set is assigned to " + s.user.UserName + " in the account.",
			Fix: []trace.Patch{{Op: "replace", Path: call.Path + "/params/roleName", Value: near}}, Widens: "Nothing: the request names another permission set.",
		}}
	}
	if !isAccountID(p.AccountID) || c.roles[grant{p.RoleName, p.AccountID}] != nil && c.roles[grant{p.RoleName, p.AccountID}].unmade != "" {
		return nil
	}
	assignment := map[string]any{"permissionSet": p.RoleName, "PrincipalType": "USER", "principal": s.user.UserName, "TargetId": p.AccountID}
	fix := trace.Patch{Op: "add", Path: c.config.Path + "/assignments/-", Value: assignment}
	if len(c.config.Assignments) == 0 {
		fix = trace.Patch{Op: "add", Path: c.config.Path + "/assignments", Value: []any{assignment}}
	}
	return []trace.Advice{{
		Title: "Assign " + p.RoleName + " to " + s.user.UserName + " in account " + p.AccountID,
		Why:   "An assignment is for one user or group, one permission set and one account. To a group it is made once for all who join.",
		Fix:   []trace.Patch{fix}, Widens: s.user.UserName + " may do in the account what the permission set allows.",
	}}
}
