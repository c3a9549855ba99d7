package sts

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/trace"
)

var (
	citeRole = trace.Cite{
		Title: "CreateRole, IAM API reference",
		URL:   docs + "IAM/latest/APIReference/API_CreateRole.html",
	}

	findRoleName   = trace.Rule{Code: "role/name", Title: "The role's name is one that IAM takes", Cite: citeRole}
	findRolePath   = trace.Rule{Code: "role/path", Title: "The role's path is one that IAM takes", Cite: citeRole}
	findMaxSession = trace.Rule{Code: "role/max-session-duration", Title: "The role's maximum session is one that IAM takes", Cite: citeRole}
)

// The limits of MaxSessionDuration, in seconds.
const minMaxSession, maxMaxSession = 3600, maxDuration

// roleFindings are what IAM would refuse in a role.
func roleFindings(r *Role) (findings []trace.Finding) {
	say := func(rule trace.Rule, field, problem string) {
		if problem != "" {
			findings = append(findings, finding(rule, trace.SeverityError, trace.At{Path: r.Role.Path + "/" + field}, problem))
		}
	}
	say(findRoleName, "RoleName", roleNameProblem(r.RoleName))
	say(findRolePath, "Path", rolePathProblem(rolePath(r.Role)))
	if seconds := r.MaxSessionDuration; seconds != 0 && (seconds < minMaxSession || seconds > maxMaxSession) {
		say(findMaxSession, "MaxSessionDuration", fmt.Sprintf("MaxSessionDuration is %d; IAM takes %d to %d seconds.", seconds, minMaxSession, maxMaxSession))
	}
	return findings
}

func roleNameProblem(name string) string {
	switch n := utf8.RuneCountInString(name); {
	case n > 64:
		return fmt.Sprintf("The name has %d characters; IAM takes at most 64.", n)
	case strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) }):
		return fmt.Sprintf("The name %q has a character outside [\\w+=,.@-]; a path goes into Path.", name)
	}
	return ""
}

func rolePathProblem(path string) string {
	switch n := utf8.RuneCountInString(path); {
	case n > 512:
		return fmt.Sprintf("The path has %d characters; IAM takes at most 512.", n)
	case !strings.HasPrefix(path, "/") || !strings.HasSuffix(path, "/"):
		return fmt.Sprintf("A path begins and ends with a slash, as in /service-roles/, and %q doesn't.", path)
	case strings.ContainsFunc(path, func(r rune) bool { return r < 0x21 || r > 0x7e }):
		return fmt.Sprintf("The path %q has a character that isn't printable ASCII, which is all that IAM takes.", path)
	}
	return ""
}
