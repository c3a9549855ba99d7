package sts

import (
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// nameFindings are about the names in a policy that compile made of the
// document d.
func nameFindings(names *iam.Names, d scenario.Document, policy *iam.Policy) []trace.Finding {
	findings := names.Findings(policy)
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
