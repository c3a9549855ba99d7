package cognito

import (
	"cmp"
	"slices"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// choose picks the role of the enhanced flow: by the mapping of the login's
// provider, or the pool's default ("Using role-based access control"). "" where
// there is none.
func (w *walk) choose(p *pool, logins []login, custom string) string {
	if len(logins) == 0 {
		if custom != "" {
			w.Fail(&ruleRole, errCustom, "no CustomRoleArn", custom, "A guest shows no token, so there are no roles in one to choose from.").AsModelled()
			return ""
		}
		return w.byDefault(p.Roles.Unauthenticated, "unauthenticated", "The identity is a guest's.")
	}
	l := &logins[0]
	name, mapping := p.mapping(l)
	switch {
	case mapping == nil && custom != "" && custom != p.Roles.Authenticated:
		w.Fail(&ruleRole, errCustom, p.Roles.Authenticated, custom, "CustomRoleArn chooses among the roles of a role mapping, and the pool has none for "+l.name+".").AsModelled()
		return ""
	case mapping == nil:
		return w.byDefault(p.Roles.Authenticated, "authenticated", "The pool has no role mapping for "+l.name+".")
	case mapping.Type == "Token":
		return w.byToken(p, l, name, mapping, custom)
	}
	return w.byRules(p, l, name, mapping, custom)
}

func (w *walk) byDefault(arn, state, why string) string {
	if arn == "" {
		w.Fail(&ruleRole, errPoolRoles, "Roles with one for "+state, "none", why+" Its role would be the pool's "+state+" one, and none is set.")
		return ""
	}
	w.Pass(&ruleRole, "the pool's "+state+" role", arn, why)
	return arn
}

// mapping is the role mapping for a login's provider. Those of user pools are
// named for the app client as well. Developer identities have none: they get
// "the default authenticated role".
func (p *pool) mapping(l *login) (string, *scenario.RoleMapping) {
	if l.ours {
		return "", nil
	}
	names := []string{l.name + ":" + l.aud}
	if found := p.provider(l.name); found != nil {
		names = append(names, found.mapping...)
	}
	for _, name := range names {
		if m, ok := p.RoleMappings[name]; ok {
			return name, &m
		}
	}
	return "", nil
}

// byToken takes the roles that the token's claims name.
func (w *walk) byToken(p *pool, l *login, name string, m *scenario.RoleMapping, custom string) string {
	roles := rolesClaim(l.claims.Get("cognito:roles"))
	preferred := ""
	if n := l.claims.Get("cognito:preferred_role"); n != nil {
		preferred = n.Text
	}
	listed := strings.Join(roles, "\n")
	switch {
	case custom != "" && slices.Contains(roles, custom):
		w.Pass(&ruleRole, listed, custom, "CustomRoleArn is one of the token's cognito:roles.")
		return custom
	case custom != "":
		w.Fail(&ruleRole, errCustom, cmp.Or(listed, "no cognito:roles in the token"), custom, "CustomRoleArn has to be one of the token's cognito:roles: the user is in no group with that role.").AsModelled()
		return ""
	case preferred != "":
		w.Pass(&ruleRole, "the token's cognito:preferred_role", preferred, "It is the role of the user's group with the best precedence.")
		return preferred
	}
	why := "The token has several cognito:roles and no cognito:preferred_role, so none of them goes before the others."
	if len(roles) == 0 {
		why = "The token names no role: the user is in no group that has one."
	}
	return w.ambiguous(p, l, name, m, why)
}

// rolesClaim are the roles of cognito:roles: a list, or a string with commas.
func rolesClaim(n *source.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind == source.Array {
		return values(n)
	}
	roles := strings.Split(n.Text, ",")
	for i := range roles {
		roles[i] = strings.TrimSpace(roles[i])
	}
	return roles
}

// mostRules is how many rules of a mapping a report tells of for each call,
// besides the one that decides.
const mostRules = 25

// byRules takes the role of the first rule that the token matches.
func (w *walk) byRules(p *pool, l *login, name string, m *scenario.RoleMapping, custom string) string {
	var parts []trace.Step
	chosen := ""
	for i := range m.RulesConfiguration.Rules {
		r := &m.RulesConfiguration.Rules[i]
		found, matches := matched(r, l.claims.Get(r.Claim))
		status, decides := trace.Skipped, false
		if matches {
			status, decides = trace.Passed, chosen == "" && (custom == "" || custom == r.RoleARN)
		}
		if decides {
			chosen = r.RoleARN
		}
		if len(parts) >= mostRules && !decides {
			continue
		}
		parts = append(parts, trace.Step{})
		ruleRole.Fill(&parts[len(parts)-1], status, r.Claim+" "+r.MatchType+" "+r.Value, found, r.RoleARN)
	}
	switch {
	case chosen != "":
		w.Pass(&ruleRole, "the role of the first rule that matches", chosen, "").With(parts)
		return chosen
	case custom != "":
		w.Fail(&ruleRole, errCustom, "the role of a rule that matches", custom, "CustomRoleArn has to be the role of a rule that the token matches.").AsModelled().With(parts)
		return ""
	}
	return w.ambiguous(p, l, name, m, "No rule of the mapping matches the token's claims.", parts...)
}

// matched says whether a claim's value fits a rule. Of a list one value is
// enough, which the guide leaves open. A claim that isn't there fits none:
// even NotEqual "is not evaluated".
func matched(r *scenario.MappingRule, claim *source.Node) (found string, matches bool) {
	if claim == nil {
		return "no " + r.Claim, false
	}
	all := values(claim)
	fits := slices.ContainsFunc(all, func(v string) bool {
		switch r.MatchType {
		case "Contains":
			return strings.Contains(v, r.Value)
		case "StartsWith":
			return strings.HasPrefix(v, r.Value)
		}
		return v == r.Value
	})
	return strings.Join(all, ", "), fits != (r.MatchType == "NotEqual")
}

// values are a claim's values as text.
func values(n *source.Node) []string {
	if n.Kind != source.Array {
		return []string{n.Text}
	}
	all := make([]string, len(n.Items))
	for i := range n.Items {
		all[i] = n.Items[i].Text
	}
	return all
}

// ambiguous is what the mapping says where it can't tell the role.
func (w *walk) ambiguous(p *pool, l *login, name string, m *scenario.RoleMapping, why string, parts ...trace.Step) string {
	if m.AmbiguousRoleResolution != "Deny" {
		chosen := w.byDefault(p.Roles.Authenticated, "authenticated", why+" AmbiguousRoleResolution falls back to the default.")
		w.Steps[len(w.Steps)-1].With(parts)
		return chosen
	}
	w.Fail(&ruleRole, errAmbiguous(name), "a role that the mapping of "+l.name+" gives", "none", why+" AmbiguousRoleResolution is Deny.").With(parts)
	return ""
}

// checkOwner: "Enhanced-flow authentication requires that the IAM role be in
// the same AWS account as the identity pool".
func (w *walk) checkOwner(p *pool, arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) == 6 && parts[4] == p.account.ID {
		w.Pass(&ruleRoleOwner, "a role of account "+p.account.ID, arn, "")
		return true
	}
	w.Fail(&ruleRoleOwner, errPoolRoles, "a role of account "+p.account.ID, arn, "In the enhanced flow the role has to be in the pool's own account; the basic flow may ask for a role elsewhere.").AsModelled()
	return false
}
