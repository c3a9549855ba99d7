package engine

import (
	"strings"

	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Locks are what keeps strangers out of a role. A scenario's locksOff leaves
// some of them open, which AWS never does.
func Locks() []sts.Lock { return sts.Locks() }

var ruleLocksOff = trace.Rule{Code: "locks/off", Title: "Every lock is on, as at AWS"}

// lockFindings says that what a scenario with locks off plays isn't AWS.
func lockFindings(s *Scenario) []trace.Finding {
	if len(s.LocksOff) == 0 {
		return nil
	}
	return []trace.Finding{ruleLocksOff.Finding(trace.SeverityWarning, trace.At{Path: "/locksOff"},
		"This isn't AWS: with "+lockNames(s.LocksOff)+" off, the scenario shows who would walk in. AWS checks all of it, always; remove locksOff to play what AWS does.",
		trace.Patch{Op: "remove", Path: "/locksOff"})}
}

// lockNames are names in a sentence: the lock signature; the locks signature
// and expiry.
func lockNames(names []string) string {
	if len(names) == 1 {
		return "the lock " + names[0]
	}
	last := len(names) - 1
	return "the locks " + strings.Join(names[:last], ", ") + " and " + names[last]
}

// openLocks says that the call isn't AWS's, where that is so.
func (r *CallReport) openLocks(names []string) {
	if len(names) == 0 {
		return
	}
	r.NotAWS = names
	r.Verdict = notAWS(names) + r.Verdict
}

// notAWS begins what is said of an outcome that locks being off have made; ""
// where none is.
func notAWS(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "This isn't AWS: " + lockNames(names) + openVerb(names) + " off. "
}

func openVerb(names []string) string {
	if len(names) == 1 {
		return " is"
	}
	return " are"
}
