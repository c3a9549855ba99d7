package identitycenter

import (
	"strings"

	"stsplayground/engine/trace"
)

// Tidy moves what is said of the roles that were made to the permission set
// that they are made of, and says it once: the same set is in many accounts.
func Tidy(findings []trace.Finding) []trace.Finding {
	type said struct{ rule, path, detail string }
	seen := map[said]bool{}
	kept := findings[:0]
	for _, f := range findings {
		if strings.HasPrefix(f.At.Path, "/identityCenter/") {
			f.At.Path = asWritten(f.At.Path)
			key := said{f.Rule, f.At.Path, f.Detail}
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		kept = append(kept, f)
	}
	return kept
}

// asWritten is a place in a role where its permission set has it.
func asWritten(path string) string {
	set, rest, attached := strings.Cut(path, "/AttachedPolicies/")
	if attached {
		return set + "/ManagedPolicies/" + strings.TrimSuffix(rest, "/PolicyArn")
	}
	return strings.Replace(path, "/PermissionsBoundary/PolicyArn", "/PermissionsBoundary/ManagedPolicyArn", 1)
}
