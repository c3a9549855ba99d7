package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// icon is the shape that goes with a status, so that colour never stands alone.
func icon(s trace.Status) string {
	switch s {
	case trace.Passed:
		return "✓"
	case trace.Failed:
		return "✕"
	case trace.Assumed:
		return "~"
	case trace.Warned:
		return "!"
	}
	return "–"
}

// word says a status; after is set for what comes after the check that ended the walk.
func word(s trace.Status, after bool) string {
	switch {
	case s == trace.Skipped:
		return "not run"
	case after && s == trace.Passed:
		return "would pass"
	case after && s == trace.Failed:
		return "would fail"
	case after && s == trace.Assumed:
		return "would be assumed"
	case s == trace.Passed, s == trace.Failed, s == trace.Assumed:
		return string(s)
	case s == trace.Warned:
		return "note"
	}
	return "unknown"
}

// look is the class of a status. What the walk never reached is drawn grey.
func look(s trace.Status, after bool) string {
	switch s {
	case trace.Passed, trace.Failed, trace.Assumed, trace.Warned, trace.Skipped:
	default:
		s = trace.Skipped
	}
	if after {
		return "is-" + string(s) + " is-after"
	}
	return "is-" + string(s)
}

// matched is the status that draws a comparison.
func matched(ok bool) trace.Status {
	if ok {
		return trace.Passed
	}
	return trace.Failed
}

// outcome is the call as one status: a success that rests on something taken
// on trust is assumed.
func outcome(c engine.CallReport) trace.Status {
	switch {
	case c.Outcome != "success":
		return trace.Failed
	case len(c.Assumed) > 0, len(c.NotAWS) > 0:
		return trace.Assumed
	}
	return trace.Passed
}

func outcomeWord(c engine.CallReport) string {
	if isAction(c) {
		return answerWord(c)
	}
	switch outcome(c) {
	case trace.Failed:
		return "Refused"
	case trace.Passed:
		return "Accepted"
	case trace.Assumed:
		if len(c.NotAWS) > 0 {
			return "Accepted, but not by AWS"
		}
		return "Accepted on trust"
	}
	return "Refused"
}

// saysItself says whether a verdict's sentence has the word of its outcome.
func saysItself(verdict string) bool {
	return strings.Contains(verdict, "STS ") || strings.Contains(verdict, "Cognito ") || strings.HasPrefix(verdict, "Allowed") || strings.HasPrefix(verdict, "Not allowed") || strings.HasPrefix(verdict, "Denied")
}

// longFrom is how many bytes of a verdict are more than a headline holds: it
// is set smaller, so that it stays whole.
const longFrom = 220

// isLong says whether a call's verdict is more than a headline. ARNs in it are
// longer than what they say.
func isLong(c engine.CallReport) bool {
	return len(c.Verdict) > longFrom || len(c.Verdict) > longFrom/2 && strings.Contains(c.Verdict, "arn:")
}

func severityIcon(s trace.Severity) string {
	switch s {
	case trace.SeverityError:
		return "✕"
	case trace.SeverityWarning:
		return "!"
	}
	return "i"
}

func severityLook(s trace.Severity) string {
	switch s {
	case trace.SeverityError:
		return "is-failed"
	case trace.SeverityWarning:
		return "is-warned"
	}
	return "is-skipped"
}

// worst is the gravest severity among the findings.
func worst(list []trace.Finding) trace.Severity {
	for _, severity := range []trace.Severity{trace.SeverityError, trace.SeverityWarning} {
		if slices.ContainsFunc(list, func(f trace.Finding) bool { return f.Severity == severity }) {
			return severity
		}
	}
	return trace.SeverityInfo
}

// reason is why an advice helps, empty where the verdict has just said it.
func reason(a trace.Advice, verdict string) string {
	if strings.Contains(verdict, a.Why) {
		return ""
	}
	return a.Why
}

// expectation says what the scenario's author expects, in the contract's words.
func expectation(e *scenario.Expect) string {
	var parts []string
	if e.Outcome != "" {
		parts = append(parts, e.Outcome)
	}
	if e.Code != "" {
		parts = append(parts, "with "+e.Code)
	}
	if e.Step != "" {
		parts = append(parts, "at "+e.Step)
	}
	if parts == nil {
		return "nothing in particular"
	}
	return strings.Join(parts, " ")
}

func isMet(met *bool) bool { return met != nil && *met }

// patch is a fix as the page's program takes it: a JSON Patch.
func patch(fix []trace.Patch) string {
	text, err := json.Marshal(fix)
	if err != nil {
		return "[]"
	}
	return string(text)
}

// indented is v as JSON for reading. Characters of HTML stay as they are,
// because the component that shows the text escapes them.
func indented(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// callName is the call's own name, or its number where it has none.
func callName(c engine.CallReport, i int) string {
	if c.Name != "" {
		return c.Name
	}
	return "call " + strconv.Itoa(i+1)
}

// ordinal tells one of several apart; "" where there is but one.
func ordinal(i, of int) string {
	if of < 2 {
		return ""
	}
	return ", " + strconv.Itoa(i+1) + " of " + strconv.Itoa(of)
}

// lowest is the first rung that failed, which is where to look; -1 where none did.
func lowest(ladder []engine.Rung) int {
	return slices.IndexFunc(ladder, func(r engine.Rung) bool { return r.Status == trace.Failed })
}

// wish is how the fragment would have a details element.
func wish(open bool) string {
	if open {
		return "open"
	}
	return "closed"
}

// sessionTag is one session tag. A transitive one passes on to roles that the
// session assumes.
type sessionTag struct {
	Key, Value string
	Transitive bool
}

func (t sessionTag) label() string {
	if t.Transitive {
		return "Tag " + t.Key + " (transitive)"
	}
	return "Tag " + t.Key
}

// tagsOf is the session's tags in the order of their keys.
func tagsOf(s sts.Session) []sessionTag {
	var tags []sessionTag
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		tags = append(tags, sessionTag{key, s.Tags[key], slices.Contains(s.TransitiveTagKeys, key)})
	}
	return tags
}

// count is a number and its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// tallFrom is how many bytes of text are too many to show at once; beyond it a
// value scrolls within its own height.
const tallFrom = 1200

// tall is the attributes of the element that shows texts: where they are long
// it scrolls, and so has to be within the keyboard's reach.
func tall(texts ...string) templ.Attributes {
	length := 0
	for _, text := range texts {
		length += len(text)
	}
	if length < tallFrom {
		return nil
	}
	return templ.Attributes{"tabindex": "0"}
}

// linkable says whether a citation's address may become a link.
func linkable(url string) bool { return strings.HasPrefix(url, "https://") }

// place is a position for a link into the scenario: that within the string at
// the path where there is one, because that is the text its reader sees.
type place struct {
	Path         string
	Line, Column int // 0: not known
}

func placeOf(at trace.At) place {
	if at.Within != nil {
		return place{at.Path, at.Within.Line, at.Within.Column}
	}
	return place{at.Path, 0, 0}
}

func (p place) words() string {
	if p.Line > 0 {
		return "line " + strconv.Itoa(p.Line)
	}
	return "show"
}

// widensNothing says whether the change lets nobody else in, which is no
// warning. The advice then begins with that word.
func widensNothing(a trace.Advice) bool { return strings.HasPrefix(a.Widens, "Nothing") }
