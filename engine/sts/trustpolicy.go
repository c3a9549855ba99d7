package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/trace"
)

// The actions that a trust policy is asked for besides the operation.
const (
	actionTagSession        = "sts:TagSession"
	actionSetSourceIdentity = "sts:SetSourceIdentity"
	actionSetContext        = "sts:SetContext"
	actionTagToken          = "sts:TagGetWebIdentityToken" // which GetWebIdentityToken asks for in place of TagSession
)

// checkTrust asks the role's trust policy.
func (w *walk) checkTrust(f *facts, ctx *iam.Context) *iam.Decision {
	policy := f.role.Trust
	request := f.request(f.operation.action, ctx)
	answer := w.ask(f, &request)
	answer.Name = f.role.RoleName
	decision := &iam.Decision{Effect: policy.Decide(&request), By: string(iam.TrustPolicy), Missing: missingKeys(answer), Policies: []iam.PolicyDecision{answer}}

	w.trustGates(f, answer, accessDenied(f.operation.action))
	if key := f.unchecked(); decision.Effect == iam.Allow && key != "" && !w.isOff(LockOfKey(key)) {
		decision.Effect = iam.ImplicitDeny
	}
	return decision
}

// trustGates says in one step each which gate of a trust policy's answer
// closed: the principal, the operation, the conditions, a Deny.
func (w *walk) trustGates(f *facts, answer iam.PolicyDecision, denied *trace.Error) {
	g := gatesOf(answer)
	w.gate(rulePrincipal, g.principal, true, f.asker(), principalsWanted(answer), g.whyPrincipal(f, answer), denied)
	w.gate(ruleAction, g.action, g.principal != nil, f.operation.action, actionsWanted(answer), "No Allow statement for this principal names "+f.operation.action+".", denied)
	if key := f.unchecked(); g.condition != nil && key != "" {
		w.failLock(LockOfKey(key), ruleCondition, denied, "a condition on "+key, "none in the policy",
			f.whyUnchecked(key)).Placed(g.condition.At)
	} else {
		w.conditionGate(f, g, answer, denied)
	}
	if g.deny != nil {
		w.Fail(ruleDeny, denied, "no Deny statement that applies", statementLabel(g.deny)+" applies", statementLabel(g.deny)+" of the trust policy denies this call, and an explicit Deny wins over every Allow.").Placed(g.deny.At)
	} else if !w.liftDeny(f, answer, denied) {
		w.Pass(ruleDeny, "no Deny statement that applies", "none applies", "")
	}
}

// liftDeny adds the step of a Deny statement that would apply, but for a lock
// that is off.
func (w *walk) liftDeny(f *facts, answer iam.PolicyDecision, denied *trace.Error) bool {
	for i := range answer.Statements {
		s := &answer.Statements[i]
		if s.Effect == "Deny" && s.Principal.Matched && s.Action.Matched && w.liftConditions(f, ruleDeny, s, denied) != nil {
			return true
		}
	}
	return false
}

// asker is whom the trust policy has to name: the identity provider, or who
// signs the call.
func (f *facts) asker() string {
	if f.operation == assumeRole {
		return f.caller.ARN
	}
	return f.provider.principal
}

func missingKeys(answer iam.PolicyDecision) []string {
	if keys := iam.Missing(answer); keys != nil {
		return keys
	}
	return []string{}
}

// gates are the statements of a trust policy that got through each gate.
type gates struct {
	principal, action, condition *iam.StatementDecision // the first Allow that passes all gates up to here
	deny                         *iam.StatementDecision // the first Deny that applies
}

func gatesOf(answer iam.PolicyDecision) (g gates) {
	first := func(slot **iam.StatementDecision, s *iam.StatementDecision) {
		if *slot == nil {
			*slot = s
		}
	}
	for i := range answer.Statements {
		s := &answer.Statements[i]
		if s.Effect == "Deny" {
			if s.Applies {
				first(&g.deny, s)
			}
			continue
		}
		if s.Effect != "Allow" || !s.Principal.Matched {
			continue
		}
		first(&g.principal, s)
		if s.Action.Matched {
			first(&g.action, s)
		}
		if s.Applies {
			first(&g.condition, s)
		}
	}
	return g
}

// gate adds the step of one gate. A gate behind a closed one is skipped.
func (w *walk) gate(rule *trace.Rule, passed *iam.StatementDecision, reached bool, asked, wanted, why string, err *trace.Error) {
	switch {
	case passed != nil:
		w.Pass(rule, wanted, asked, statementLabel(passed)+" does.").Placed(passed.At)
	case !reached:
		w.Skip("No Allow statement got past the gate before.", rule)
	default:
		w.Fail(rule, err, wanted, asked, why)
	}
}

// conditionGate adds trust/condition, with a part for each condition of the
// statement that came closest.
func (w *walk) conditionGate(f *facts, g gates, answer iam.PolicyDecision, err *trace.Error) {
	switch {
	case g.condition != nil && len(g.condition.Conditions) == 0:
		w.Pass(ruleCondition, "no conditions", "none asked for", statementLabel(g.condition)+" applies to every "+f.operation.proof+" that gets this far.").Placed(g.condition.At)
	case g.condition != nil && w.liftConditions(f, ruleCondition, g.condition, err) != nil:
	case g.condition != nil:
		w.Pass(ruleCondition, conditionText(g.condition.Conditions), "all hold", statementLabel(g.condition)+" applies."+f.overrides()).
			Placed(g.condition.At).With(conditionSteps(g.condition))
	case g.action == nil:
		w.Skip("No Allow statement got past the gate before.", ruleCondition)
	default:
		f.nearest = nearestStatement(answer)
		c := failedCondition(f.nearest)
		w.Fail(ruleCondition, err, wantedText(c), foundText(c), f.whyCondition(c)+f.overrides()).Placed(c.At).With(conditionSteps(f.nearest))
	}
}

// overrides says which keys the call's context sets in place of what STS
// derives; it begins with a space.
func (f *facts) overrides() string { return overridesText(f.overridden) }

func overridesText(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return " The call's context sets " + strings.Join(keys, ", ") + " in place of what AWS derives."
}

// nearestStatement is the Allow statement past principal and action with the
// fewest conditions unmet.
func nearestStatement(answer iam.PolicyDecision) *iam.StatementDecision {
	var best *iam.StatementDecision
	fewest := 0
	for i := range answer.Statements {
		s := &answer.Statements[i]
		if s.Effect != "Allow" || !s.Principal.Matched || !s.Action.Matched {
			continue
		}
		if n := unmet(s); best == nil || n < fewest {
			best, fewest = s, n
		}
	}
	return best
}

func unmet(s *iam.StatementDecision) (n int) {
	for i := range s.Conditions {
		if !s.Conditions[i].Matched {
			n++
		}
	}
	return n
}

// failedCondition is the first condition of s that does not hold. A statement
// that fails without one fails for its resource, which trust policies don't have.
func failedCondition(s *iam.StatementDecision) *iam.ConditionDecision {
	for i := range s.Conditions {
		if !s.Conditions[i].Matched {
			return &s.Conditions[i]
		}
	}
	return &iam.ConditionDecision{Operator: "Resource", Key: s.Resource.Element, Wanted: s.Resource.Wanted, Why: s.Resource.Why, At: s.Resource.At}
}

func conditionSteps(s *iam.StatementDecision) children {
	parts := make(children, 0, len(s.Conditions))
	for i := range s.Conditions {
		c := &s.Conditions[i]
		status := trace.Failed
		if c.Lifted {
			status = trace.Skipped
		} else if c.Matched {
			status = trace.Passed
		}
		parts.add(ruleCondition, status, wantedText(c), foundText(c), c.Why).Placed(c.At).Title = c.Operator + " " + c.Key
	}
	return parts
}

func wantedText(c *iam.ConditionDecision) string { return strings.Join(c.Wanted, "\n") }

func foundText(c *iam.ConditionDecision) string {
	if c.Missing || len(c.Found) == 0 {
		return "the request has no " + c.Key
	}
	return strings.Join(c.Found, "\n")
}

func conditionText(conditions []iam.ConditionDecision) string {
	parts := make([]string, len(conditions))
	for i := range conditions {
		parts[i] = conditions[i].Operator + " " + conditions[i].Key
	}
	return strings.Join(parts, "\n")
}

func statementLabel(s *iam.StatementDecision) string {
	if s.Sid != "" {
		return fmt.Sprintf("Statement %d (%s)", s.Index+1, s.Sid)
	}
	return fmt.Sprintf("Statement %d", s.Index+1)
}

func principalsWanted(answer iam.PolicyDecision) string {
	return wantedOf(answer, func(s *iam.StatementDecision) *iam.ElementDecision { return &s.Principal })
}

func actionsWanted(answer iam.PolicyDecision) string {
	return wantedOf(answer, func(s *iam.StatementDecision) *iam.ElementDecision { return &s.Action })
}

// wantedOf lists what the Allow statements want of one element.
func wantedOf(answer iam.PolicyDecision, element func(*iam.StatementDecision) *iam.ElementDecision) string {
	var wanted []string
	for i := range answer.Statements {
		if s := &answer.Statements[i]; s.Effect == "Allow" {
			wanted = append(wanted, element(s).Wanted...)
		}
	}
	return listOr(wanted, "no Allow statement")
}

func (g gates) whyPrincipal(f *facts, answer iam.PolicyDecision) string {
	if len(answer.Statements) == 0 {
		if f.role.Unread != "" {
			return "The trust policy isn't JSON yet" + f.role.unreadPlace() + ", so nothing allows the call: " + f.role.Unread
		}
		return "The trust policy has no statement that could be read, so nothing allows the call."
	}
	if f.operation == assumeRole && slices.Contains(f.caller.Principal.AWS, f.role.ARN) {
		return "The caller is a session of the role itself, and no Allow statement names it: since 21 September 2022 a role may assume itself only where its own trust policy says so."
	}
	for i := range answer.Statements {
		s := &answer.Statements[i]
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return statementLabel(s) + " has the Effect " + quote(s.Effect) + ", which does nothing: an Effect is Allow or Deny, letter by letter."
		}
		if s.Effect != "Allow" {
			continue
		}
		for _, wanted := range s.Principal.Wanted {
			if why := f.principalDifference(wanted); why != "" {
				return why
			}
		}
	}
	if f.operation == assumeRole {
		if f.caller.Account == "" {
			return "The caller is the service " + f.caller.ARN + ", and no Allow statement names it as Service."
		}
		return "The caller is " + f.caller.ARN + ", and no Allow statement names it, its role or its account."
	}
	return "The provider's principal is " + f.provider.principal + ", and no Allow statement names it as Federated."
}

// principalDifference says how a principal of the policy misses the one who
// asks by little.
func (f *facts) principalDifference(wanted string) string {
	if f.operation == assumeRole {
		return callerDifference(wanted, f.caller)
	}
	return principalDifference(wanted, f.provider.principal)
}

// callerDifference does so for a caller with credentials of its own.
func callerDifference(wanted string, c *Caller) string {
	kind, name, _ := strings.Cut(wanted, ": ") // the element's type comes first
	switch {
	case kind == "Service" && c.Account != "":
		return "The policy names the service " + name + ", and the caller is " + c.ARN + "."
	case kind != "AWS":
		return ""
	}
	for _, own := range c.Principal.AWS {
		switch {
		case strings.EqualFold(own, name):
			return name + " differs from " + own + " in letter case only; the comparison is exact."
		case strings.HasPrefix(own, "arn:") && lastSegment(own) == lastSegment(name) && accountIn(own) != accountIn(name):
			return "The policy names " + name + ", of another account than the caller's " + c.Account + "."
		case strings.Contains(own, ":role/") && strings.Contains(name, ":role/") && lastSegment(own) == lastSegment(name):
			return "The policy names " + name + ", and the role's ARN has its path: " + own + "."
		case strings.Contains(own, ":role/") && permissionSet(own) != "" && permissionSet(own) == permissionSet(name):
			return "The policy names " + name + ", and the caller's role is " + lastSegment(own) + ": when a permission set is assigned anew in an account, its role gets another suffix."
		}
	}
	return ""
}

// permissionSet is the one that IAM Identity Center made the role for, by the
// role's name; "" for a role of another kind. (IAM Identity Center guide,
// "Referencing permission sets in resource policies".)
func permissionSet(role string) string {
	name, reserved := strings.CutPrefix(lastSegment(role), "AWSReservedSSO_")
	if !reserved {
		return ""
	}
	return name[:max(strings.LastIndexByte(name, '_'), 0)]
}

func lastSegment(arn string) string { return arn[strings.LastIndexAny(arn, "/:")+1:] }

// principalDifference says how a principal of the policy misses the
// provider's by little.
func principalDifference(wanted, provider string) string {
	kind, wanted, _ := strings.Cut(wanted, " ") // "Federated arn:…": the element's type comes first
	if wanted == provider && kind != "Federated" {
		return "The policy names the provider under " + kind + ", and an identity provider is a Federated principal."
	}
	w, p := strings.SplitN(wanted, ":", 6), strings.SplitN(provider, ":", 6)
	switch {
	case len(w) != 6 || len(p) != 6:
		return ""
	case w[5] == p[5] && w[4] != p[4]:
		return "The policy names the provider of account " + w[4] + "; the role is in " + p[4] + ", and only a provider of the role's own account counts."
	case strings.EqualFold(w[5], p[5]):
		return "The policy's provider ARN differs in letter case only; the comparison is exact."
	case strings.TrimSuffix(w[5], "/") == strings.TrimSuffix(p[5], "/"):
		return "The policy's provider ARN differs in a trailing slash only; the comparison is exact."
	case strings.HasPrefix(w[5], "oidc-provider/https://"):
		return "A provider's ARN has the issuer's URL without https://."
	case strings.HasPrefix(w[5], "saml-provider/") && !strings.HasPrefix(p[5], "saml-provider/"):
		return "The policy names a SAML provider; a web identity comes from an OIDC provider."
	case strings.HasPrefix(w[5], "oidc-provider/") && strings.HasPrefix(p[5], "saml-provider/"):
		return "The policy names an OIDC provider; a SAML response comes from a SAML provider."
	}
	return ""
}

// checkPermission asks the trust policy for a permission that the call needs
// besides. Where it lacks it, AWS's wording isn't known for web identities;
// the generic text is the one documented for SAML.
func (w *walk) checkPermission(rule *trace.Rule, f *facts, ctx *iam.Context, action string, needed bool, decision *iam.Decision) {
	if !needed {
		w.Pass(rule, action+", if the "+f.operation.proof+" asks for it", "not asked for", "")
		return
	}
	request := f.request(action, ctx)
	answer := w.ask(f, &request)
	answer.Name = f.role.RoleName + " (" + action + ")"
	decision.Policies = append(decision.Policies, answer)
	for _, key := range iam.Missing(answer) {
		if !containsFold(decision.Missing, key) {
			decision.Missing = append(decision.Missing, key)
		}
	}
	effect := f.role.Trust.Decide(&request)
	if effect == iam.Allow {
		w.Pass(rule, action+" allowed", "allowed", "")
		return
	}
	if decision.Effect == iam.Allow {
		decision.Effect = effect
	}
	carries := "session tags"
	if action == actionSetSourceIdentity {
		carries = "a source identity"
	}
	why := "The " + f.operation.proof + " carries " + carries + ", so the trust policy must allow the provider " + action + " as well, or the whole call fails."
	found := "not allowed by any statement"
	switch s := nearestStatement(answer); {
	case effect == iam.ExplicitDeny:
		found = "explicitly denied"
		why = statementLabel(denying(answer)) + " of the trust policy denies " + action + ", and an explicit Deny wins over every Allow; the " + f.operation.proof + " carries " + carries + ", so the whole call fails."
		f.denied = true
	case s != nil:
		found = statementLabel(s) + " allows it under conditions that don't hold"
		why = f.whyCondition(failedCondition(s))
	}
	step := w.Fail(rule, accessDenied(f.operation.action), action+" allowed", found, why)
	step.Modelled = f.operation != assumeRoleWithSAML // whose text the guide has (IAM guide, "Troubleshoot SAML federation")
}

func containsFold(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

// denying is the first Deny of a policy that applies.
func denying(answer iam.PolicyDecision) *iam.StatementDecision {
	for i := range answer.Statements {
		if s := &answer.Statements[i]; s.Effect == "Deny" && s.Applies {
			return s
		}
	}
	return &iam.StatementDecision{}
}

// unchecked is the key that STS itself wants to see checked and the policy
// doesn't check, "" where there is none. Of the shared providers it is HCP
// Terraform whose calls are refused at run time too (IAM guide,
// "Identity-provider controls for shared OIDC providers").
func (f *facts) unchecked() string {
	key := sharedProviders[f.provider.name]
	if f.provider.name != "app.terraform.io" && !f.foreignPool {
		return ""
	}
	for i := range f.role.Trust.Statements {
		conditions := f.role.Trust.Statements[i].Conditions
		if slices.ContainsFunc(conditions, func(c iam.Condition) bool { return strings.EqualFold(c.Key, key) }) {
			return ""
		}
	}
	return key
}

// unreadPlace is where the trust policy stops being JSON, in its own text.
func (r *Role) unreadPlace() string {
	if w := r.UnreadAt.Within; w != nil {
		return fmt.Sprintf(" (line %d, column %d)", w.Line, w.Column)
	}
	return ""
}
