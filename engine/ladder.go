package engine

import "stsplayground/engine/trace"

// rungs are the five questions of the debugging ladder, and the rules that
// answer each.
var rungs = []struct {
	question string
	rules    []string
}{
	{"Was a token issued, and is it presented properly?", []string{"sts/parameters", "sts/role-arn", "sts/region", "oidc/token", "oidc/algorithm", "sts/operation"}},
	{"Are its claims as expected?", []string{"oidc/claims", "oidc/expiry", "oauth/access-token", "sts/session-tags", "sts/source-identity", "sts/roles-claim"}},
	{"Is the provider registered, and do its keys fit?", []string{"oidc/issuer", "oidc/keys", "oidc/signature"}},
	{"Do subject and audience match?", []string{"oidc/audience", "sts/role", "trust/principal", "trust/action", "trust/condition", "trust/deny"}},
	{"Do the permissions suffice?", []string{"trust/tag-session", "trust/set-source-identity", "organization/resource-control-policy", "sts/duration", "sts/session-policy", "sts/credentials"}},
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
func ladder(steps []trace.Step) []Rung {
	out := make([]Rung, len(rungs))
	for i, r := range rungs {
		out[i] = Rung{Question: r.question, Status: trace.Skipped, Rules: r.rules}
	}
	for i := range steps {
		if rung, ok := rungOf[steps[i].Rule]; ok && weight(steps[i].Status) > weight(out[rung].Status) {
			out[rung].Status = steps[i].Status
		}
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
