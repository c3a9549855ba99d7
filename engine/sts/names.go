package sts

import (
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// nameFindings are about the names in a policy that compile made of the
// document d. What they say of a resource or a condition's key goes where
// compile found something wrong at the same place: one mistake is told once.
func nameFindings(names *iam.Names, d scenario.Document, policy *iam.Policy, found []trace.Finding) []trace.Finding {
	told := make(map[string]bool)
	for i := range found {
		if found[i].Severity != trace.SeverityInfo {
			told[found[i].At.Path] = true
		}
	}
	findings := slices.DeleteFunc(names.Findings(policy), func(f trace.Finding) bool {
		return told[f.At.Path] && f.Rule != "policy/service-unknown" && f.Rule != "policy/action-unknown"
	})
	for i := range findings {
		f := &findings[i]
		if i >= mostFixes {
			f.Fix = noFix
			continue
		}
		for j := range f.Fix { // as a patch on the policy itself
			f.Fix[j].Path = strings.TrimPrefix(f.Fix[j].Path, d.Path)
		}
		f.Fix = patchPolicy(d, f.Fix)
	}
	return findings
}
