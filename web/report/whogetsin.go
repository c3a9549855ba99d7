package report

import (
	"strconv"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/trace"
)

// entrantStatus is the status that draws an outcome: an admission that rests
// on somebody's word is assumed.
func entrantStatus(r engine.Entrant) trace.Status {
	switch {
	case r.Outcome == engine.GetsIn && len(r.Assumed)+len(r.NotAWS) > 0:
		return trace.Assumed
	case r.Outcome == engine.GetsIn:
		return trace.Passed
	case r.Outcome == engine.Refused:
		return trace.Failed
	}
	return trace.Skipped
}

func entrantIcon(r engine.Entrant) string { return icon(entrantStatus(r)) }

func entrantLook(r engine.Entrant) string { return look(entrantStatus(r), false) }

func entrantWord(r engine.Entrant) string {
	switch entrantStatus(r) {
	case trace.Passed:
		return "gets in"
	case trace.Assumed:
		if len(r.NotAWS) > 0 {
			return "gets in, but not at AWS"
		}
		return "gets in, on trust"
	case trace.Failed:
		return "refused"
	}
	return "not played"
}

// opening is the first sentence of what is said of the widest opening, and
// the rest, which says what leaves it open.
func opening(widest string) (first, rest string) {
	first, rest, more := strings.Cut(widest, ". ")
	if !more {
		return widest, ""
	}
	return first + ".", rest
}

// caption says what the table is of.
func caption(e engine.Entrants) string {
	in := 0
	for _, r := range e.Rows {
		if r.Outcome == engine.GetsIn {
			in++
		}
	}
	return strconv.Itoa(in) + " of " + count(len(e.Rows), "caller") + " can assume " + e.Role
}

// leftOut says how many identities weren't played.
func leftOut(n int) string {
	if n == 1 {
		return "One more fits this policy and was left out."
	}
	return strconv.Itoa(n) + " more fit this policy and were left out."
}

// otherClaims are the differences that the subject doesn't show.
func otherClaims(r engine.Entrant) string {
	text := ""
	for _, c := range r.Differs {
		switch {
		case c.Name == "sub":
		case c.Value == "":
			text += "no " + c.Name + "\n"
		default:
			text += c.Name + ": " + c.Value + "\n"
		}
	}
	return text
}

// entrantWhy is the statement that let somebody in, or what stopped them.
func entrantWhy(r engine.Entrant) string {
	s := r.Statement
	if s == nil {
		return r.Why
	}
	why := "let in by statement " + strconv.Itoa(s.Index+1)
	if s.Sid != "" {
		why += " (" + s.Sid + ")"
	}
	return why
}
