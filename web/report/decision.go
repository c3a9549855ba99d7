package report

import (
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/trace"
)

// speaker says who supplies a condition key: the token or the SAML response,
// unless the key is one of AWS's own.
func speaker(key string) string {
	lower := strings.ToLower(key)
	if strings.HasPrefix(lower, "aws:") || strings.HasPrefix(lower, "sts:") {
		return "request has"
	}
	if strings.HasPrefix(lower, "saml:") {
		return "response says"
	}
	if service, _, ok := strings.Cut(lower, ":"); ok && !strings.ContainsAny(service, "./") {
		return "request has" // a service's own key; a provider's begins with its host
	}
	return "token says"
}

// mostWanted is how many values of a statement's element are drawn; AWS's own
// policies have some with a thousand.
const mostWanted = 12

func matchWord(ok bool) string {
	if ok {
		return "matched"
	}
	return "not matched"
}

// agreed says whether both sides are one value, and the same.
func agreed(wanted, found []string) bool {
	return len(wanted) == 1 && len(found) == 1 && wanted[0] == found[0] && wanted[0] != ""
}

// statementStatus is a statement as a status: a Deny that applies is a
// failure, a Deny that doesn't is none of the reader's concern.
func statementStatus(s iam.StatementDecision) trace.Status {
	deny := strings.EqualFold(s.Effect, "Deny")
	switch {
	case deny && s.Applies:
		return trace.Failed
	case deny:
		return trace.Skipped
	}
	return matched(s.Applies)
}

func statementWord(s iam.StatementDecision) string {
	if s.Applies {
		return "applies"
	}
	return "doesn't apply"
}

func statementLook(s iam.StatementDecision) string { return look(statementStatus(s), false) }

// comparison is one value that a condition wants.
type comparison struct{ iam.ValueDecision }

func (v comparison) text() string {
	if v.Resolved != "" {
		return v.Resolved
	}
	return v.Wanted
}

// differs is where the value departs from what was found; nil where showing
// it wouldn't help.
func (v comparison) differs(c iam.ConditionDecision) *difference {
	if c.Matched || v.Matched || !byCharacter(c.Operator) {
		return nil
	}
	return compare(v.text(), v.Found, isPattern(c.Operator))
}

// tells says whether the value's own reason adds to what its row and the
// condition's reason show.
func (v comparison) tells(c iam.ConditionDecision) bool {
	return !c.Matched && !c.Missing && v.Why != "" && v.Why != c.Why && v.differs(c) == nil
}

// wantedOf is the condition's wanted values, each once: where several values
// were found the comparison with the first of them stands for its value,
// unless a later one matched.
func wantedOf(c iam.ConditionDecision) []comparison {
	if len(c.Values) == 0 {
		out := make([]comparison, len(c.Wanted))
		for i, w := range c.Wanted {
			out[i] = comparison{iam.ValueDecision{Wanted: w, Matched: c.Matched}}
		}
		return out
	}
	at := make(map[string]int, len(c.Values))
	var out []comparison
	for _, v := range c.Values {
		i, seen := at[v.Wanted]
		switch {
		case !seen:
			at[v.Wanted] = len(out)
			out = append(out, comparison{v})
		case v.Matched && !out[i].Matched:
			out[i] = comparison{v}
		}
	}
	return out
}

// nearest is the difference of the wanted value that comes closest.
func nearest(c iam.ConditionDecision) *difference {
	var best *difference
	for _, v := range wantedOf(c) {
		if d := v.differs(c); d != nil && (best == nil || d.shared() > best.shared()) {
			best = d
		}
	}
	return best
}

// closest is the nearest difference where it is about this found value.
func closest(c iam.ConditionDecision, found string) *difference {
	if d := nearest(c); d != nil && d.Before+d.Found+d.After == found {
		return d
	}
	return nil
}

// byCharacter says whether the operator compares texts, so that the first
// differing character means something.
func byCharacter(operator string) bool {
	o := strings.ToLower(operator)
	return (strings.Contains(o, "string") || strings.Contains(o, "arn")) && !strings.Contains(o, "not")
}

// isPattern says whether the operator gives * and ? their meaning.
func isPattern(operator string) bool {
	o := strings.ToLower(operator)
	return strings.Contains(o, "like") || strings.Contains(o, "arn")
}

// unmetFirst is the order in which a statement's rows are drawn: what closed
// the door stands first.
var unmetFirst = [...]bool{false, true}
