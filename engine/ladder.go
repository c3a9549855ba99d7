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

// ladder answers the five questions from the steps: failed where one step
// failed, else assumed, else passed, or skipped where none of them ran.
func ladder(steps []trace.Step) []Rung {
	out := make([]Rung, len(rungs))
	for i, r := range rungs {
		out[i] = Rung{Question: r.question, Status: trace.Skipped, Rules: r.rules}
		for j := range steps {
			for _, rule := range r.rules {
				if steps[j].Rule == rule {
					out[i].Status = worse(out[i].Status, steps[j].Status)
				}
			}
		}
	}
	return out
}

// worse is what two steps of one question make of its answer.
func worse(a, b trace.Status) trace.Status {
	order := [...]trace.Status{trace.Failed, trace.Assumed, trace.Warned, trace.Passed}
	for _, s := range order {
		if a == s || b == s {
			return s
		}
	}
	return trace.Skipped
}
