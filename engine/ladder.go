package engine

import (
	"slices"

	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// question is one rung of a debugging ladder, and the rules that answer it.
type question struct {
	text  string
	rules []string
}

// The rules that more than one ladder has on a rung.
var (
	requestRules  = []string{"sts/parameters", "sts/role-arn", "sts/region", "sts/regional-endpoint"}
	webTokenRules = []string{"oidc/token", "oidc/algorithm", "oidc/claims", "oidc/expiry", "oidc/issuer", "oidc/audience", "oidc/keys", "oidc/signature", "sts/roles-claim"}
	trustRules    = []string{"sts/role", "trust/principal", "trust/action", "trust/condition", "trust/deny"}
	signerRules   = []string{"access/caller", "access/session-token", "access/credentials", "access/token-version", "access/temporary-credentials", "sts/long-term-credentials", "sts/mfa"}
	organization  = []string{"sts/root-access", "sts/outbound-federation", "organization/resource-control-policy", "organization/service-control-policy", "access/endpoint-policy"}
	ownRules      = []string{"access/identity-policy", "access/permissions-boundary", "access/session-policy"}
	sessionRules  = []string{"trust/tag-session", "trust/set-source-identity", "organization/resource-control-policy", "access/endpoint-policy", "sts/duration", "sts/session-policy", "sts/credentials"}
	passedRules   = []string{"sts/session-tags", "sts/source-identity", "sts/provided-contexts", "sts/duration", "sts/session-policy", "sts/root-target", "sts/task-policy", "sts/token-size", "sts/access-key", "sts/authorization-message"}
	identityRules = slices.Concat(ownRules, []string{"trust/tag-session", "trust/set-source-identity", "trust/set-context", "sts/credentials"})
)

// The debugging ladders: of a token, of a SAML response, of a call to STS
// that somebody signs, and of any other action.
var (
	tokenLadder = []question{
		{"Was a token issued, and is it presented properly?", slices.Concat(requestRules, []string{"oidc/token", "oidc/algorithm", "sts/operation"})},
		{"Are its claims as expected?", []string{"oidc/claims", "oidc/expiry", "oauth/access-token", "sts/session-tags", "sts/source-identity", "sts/roles-claim"}},
		{"Is the provider registered, and do its keys fit?", []string{"oidc/issuer", "oidc/keys", "oidc/signature", "oidc/other-partition"}},
		{"Do subject and audience match?", slices.Concat([]string{"oidc/audience"}, trustRules)},
		{"Do the permissions suffice?", sessionRules},
	}
	responseLadder = []question{
		{"Was a response issued, and is it presented properly?", slices.Concat(requestRules, []string{"saml/response", "saml/status", "saml/encryption"})},
		{"Is what it says as expected?", []string{"saml/assertion", "saml/name-id", "saml/expiry", "saml/role-session-name", "saml/session-duration", "sts/session-tags", "sts/source-identity"}},
		{"Is the provider registered, and do its keys fit?", []string{"saml/provider", "saml/metadata", "saml/signature", "saml/issuer"}},
		{"Do recipient, audience and role match?", slices.Concat([]string{"saml/confirmation", "saml/recipient", "saml/audience", "saml/role"}, trustRules)},
		{"Do the permissions suffice?", sessionRules},
	}
	signedLadder = []question{
		{"Is the call signed with credentials that hold?", slices.Concat(requestRules, signerRules)},
		{"Is what it asks for well formed?", passedRules},
		{"Does the organization leave room?", organization},
		{"Does the role's trust policy let the caller in?", trustRules},
		{"Do the caller's own policies allow it?", slices.Concat([]string{"access/resource-policy"}, identityRules)},
	}
	actionLadder = []question{
		{"Is the call signed with credentials that hold?", slices.Concat(signerRules, []string{"access/action"})},
		{"Does no policy deny it?", []string{"access/explicit-deny"}},
		{"Do the organization and the network leave room?", organization},
		{"Does the resource's own policy agree?", []string{"access/resource-policy"}},
		{"Do the caller's own policies allow it?", ownRules},
	}
)

// allOf are the rules of several questions.
func allOf(questions []question) (rules []string) {
	for _, q := range questions {
		rules = append(rules, q.rules...)
	}
	return rules
}

func ladderOf(c *scenario.Call) []question {
	switch o, played := operations[c.Action]; {
	case !isOperation(c):
		return actionLadder
	case played:
		return o.ladder
	}
	return tokenLadder
}

// ladder answers the five questions from the steps: failed where one step
// failed, else assumed, else passed, or skipped where none of them ran.
func ladder(questions []question, steps []trace.Step) []Rung {
	out := make([]Rung, len(questions))
	skipped := make([]bool, len(questions))
	for i, q := range questions {
		out[i] = Rung{Question: q.text, Status: trace.Skipped, Rules: []string{}}
	}
	for i := range steps {
		rung := slices.IndexFunc(questions, func(q question) bool { return slices.Contains(q.rules, steps[i].Rule) })
		if rung < 0 {
			continue
		}
		out[rung].Rules = append(out[rung].Rules, steps[i].Rule)
		if weight(steps[i].Status) > weight(out[rung].Status) {
			out[rung].Status = steps[i].Status
		}
		// The credentials are skipped wherever something failed.
		skipped[rung] = skipped[rung] || steps[i].Status == trace.Skipped && steps[i].Rule != "sts/credentials"
	}
	// Behind a failed question one that couldn't be asked in full isn't answered.
	failed := false
	for i := range out {
		if failed && skipped[i] && out[i].Status == trace.Passed {
			out[i].Status = trace.Skipped
		}
		failed = failed || out[i].Status == trace.Failed
	}
	return out
}

// weight orders statuses by what they make of a question's answer.
func weight(s trace.Status) int {
	switch s {
	case trace.Failed:
		return 4
	case trace.Assumed:
		return 3
	case trace.Warned:
		return 2
	case trace.Passed:
		return 1
	}
	return 0
}
