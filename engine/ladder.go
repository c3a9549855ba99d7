package engine

import (
	"strings"

	"stsplayground/engine/trace"
)

// rungs are the five questions of the debugging ladder, of a token and of a
// SAML response, and the rules that answer each.
var rungs = []struct {
	question, ofSAML string
	rules            []string
}{
	{"Was a token issued, and is it presented properly?", "Was a response issued, and is it presented properly?", []string{"sts/parameters", "sts/role-arn", "sts/region", "oidc/token", "oidc/algorithm", "saml/response", "saml/status", "saml/encryption", "sts/operation"}},
	{"Are its claims as expected?", "Is what it says as expected?", []string{"oidc/claims", "oidc/expiry", "oauth/access-token", "sts/session-tags", "sts/source-identity", "sts/roles-claim", "saml/assertion", "saml/name-id", "saml/expiry", "saml/role-session-name", "saml/session-duration"}},
	{"Is the provider registered, and do its keys fit?", "Is the provider registered, and do its keys fit?", []string{"oidc/issuer", "oidc/keys", "oidc/signature", "saml/provider", "saml/metadata", "saml/signature", "saml/issuer"}},
	{"Do subject and audience match?", "Do recipient, audience and role match?", []string{"oidc/audience", "saml/confirmation", "saml/recipient", "saml/audience", "saml/role", "sts/role", "trust/principal", "trust/action", "trust/condition", "trust/deny"}},
	{"Do the permissions suffice?", "Do the permissions suffice?", []string{"trust/tag-session", "trust/set-source-identity", "organization/resource-control-policy", "sts/duration", "sts/session-policy", "sts/credentials"}},
}

// rungOf is the rung that a rule answers.
var rungOf = func() map[string]int {
	of := make(map[string]int)
	for i, r := range rungs {
		for _, rule := range r.rules {
			of[rule] = i
		}
	}
	return of
}()

// ladder answers the five questions from the steps: failed where one step
// failed, else assumed, else passed, or skipped where none of them ran.
func ladder(action string, steps []trace.Step) []Rung {
	if !strings.HasPrefix(action, "sts:") {
		return []Rung{} // the questions are about assuming roles
	}
	out := make([]Rung, len(rungs))
	skipped := make([]bool, len(rungs))
	for i, r := range rungs {
		out[i] = Rung{Question: r.question, Status: trace.Skipped, Rules: []string{}}
		if action == "sts:AssumeRoleWithSAML" {
			out[i].Question = r.ofSAML
		}
	}
	for i := range steps {
		rung, ok := rungOf[steps[i].Rule]
		if !ok {
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
