package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"stsplayground/engine"
	"stsplayground/engine/lesson"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// table prints reports for people: a row a call, and below a row what its
// reader asks next. It computes nothing; every word is the report's.
type table struct {
	width  int // columns that lines are wrapped to, where their words allow
	colour bool
	strings.Builder
}

// printTable writes the reports of the files that could be read. What is
// wrong with the others stands on standard error.
func printTable(w io.Writer, all []played, width int, colour bool) error {
	t := &table{width: width, colour: colour}
	for _, one := range all {
		if len(one.unreadable) == 0 {
			t.scenario(one)
		}
	}
	t.summary(all)
	_, err := io.WriteString(w, t.String())
	return err
}

func (t *table) scenario(one played) {
	if one.report.Title != "" {
		t.wrap("", one.report.Title)
	}
	at := one.now.UTC().Format(time.RFC3339)
	if one.clock {
		at += ", the clock's time"
	}
	t.wrap("", one.file+", played at "+at)
	if one.lesson != nil {
		t.lesson(one.lesson)
	}
	t.calls(one.report.Calls)
	for _, f := range one.report.Findings {
		t.finding(one.file, f)
	}
	for _, e := range one.entrants {
		t.entrants(e)
	}
	t.WriteByte('\n')
}

// lesson says how the lesson starts and how it ends. The calls below are those
// after the solution, or those of the start where there is none that applies;
// the findings have the reasons and the places.
func (t *table) lesson(p *lesson.Played) {
	met, stated := expectations(p.Start.Report.Calls)
	starts := "The lesson starts unmet"
	switch {
	case stated == 0:
		starts = "The lesson expects nothing"
	case met == stated:
		starts = "The lesson starts with everything met"
	}
	ends := "it has no solution"
	if p.Solved != nil {
		met, stated := expectations(p.Solved.Report.Calls)
		switch {
		case stated == 0:
			ends = "nothing after its solution either"
		case met == stated:
			ends = fmt.Sprintf("its solution meets all %d", stated)
		default:
			ends = fmt.Sprintf("its solution meets %d of %d", met, stated)
		}
	} else if p.Solvable() {
		ends = "its solution doesn't apply"
	}
	t.wrap("  ", starts+", and "+ends+".")
	if !p.Holds() {
		t.WriteString("  " + t.coloured(red, "THE LESSON DOESN'T HOLD") + "\n")
	}
}

// expectations counts those that are met, and those that there are.
func expectations(calls []engine.CallReport) (met, stated int) {
	for _, c := range calls {
		if c.Met != nil {
			stated++
			if *c.Met {
				met++
			}
		}
	}
	return met, stated
}

// calls draws one row a call. The columns after the name are as wide as they
// need to be; a name that is too long for what is left has lines of its own.
func (t *table) calls(calls []engine.CallReport) {
	if len(calls) == 0 {
		t.wrap("  ", "The scenario makes no calls.")
		return
	}
	const outcome, expectation = len("success"), len("EXPECTATION")
	step := len("FAILED STEP")
	for _, c := range calls {
		step = max(step, len(failedStep(c)))
	}
	room := t.width - 2 - 2 - outcome - 2 - step - 2 - expectation
	name := len("CALL")
	for _, c := range calls {
		if n := utf8.RuneCountInString(printable(c.Name)); n <= room {
			name = max(name, n)
		}
	}
	row := func(a, b, c, d string) {
		line := fmt.Sprintf("  %-*s  %-*s  %-*s  %s", name, a, outcome, b, step, c, d)
		t.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	row("CALL", "OUTCOME", "FAILED STEP", "EXPECTATION")
	for _, c := range calls {
		shown := printable(c.Name)
		if utf8.RuneCountInString(shown) > name {
			t.wrap("  ", shown)
			shown = ""
		}
		row(shown, c.Outcome, failedStep(c), t.met(c.Met))
		t.below(c)
	}
}

// below says, under a call's row, what AWS answers, why, and what was
// expected instead.
func (t *table) below(c engine.CallReport) {
	const indent = "    "
	if c.Error != nil {
		t.wrap(indent, c.Error.Code+": "+c.Error.Message)
		t.wrap(indent, c.Verdict)
	}
	if len(c.Assumed) > 0 {
		t.wrap(indent, "assumed: "+strings.Join(c.Assumed, ", "))
	}
	if len(c.NotAWS) > 0 {
		t.wrap(indent, "not AWS, with these locks off: "+strings.Join(c.NotAWS, ", "))
	}
	if c.Met != nil && !*c.Met {
		t.wrap(indent, "wanted: "+wanted(c.Expected))
		t.wrap(indent, "got: "+got(c))
	}
}

func (t *table) finding(file string, f trace.Finding) {
	at := file
	if f.At.Line > 0 {
		at += fmt.Sprintf(":%d:%d", f.At.Line, f.At.Column)
	}
	t.WriteString("  " + t.severity(f.Severity) + " " + printable(at+" "+f.Rule) + "\n")
	if f.At.Path != "" {
		t.wrap("    ", "at "+f.At.Path)
	}
	if f.At.Within != nil {
		t.wrap("    ", fmt.Sprintf("line %d, column %d of the text there", f.At.Within.Line, f.At.Within.Column))
	}
	t.wrap("    ", f.Detail)
}

// summary counts: the last line is what a glance at a CI log finds.
func (t *table) summary(all []played) {
	scenarios, unreadable, lessons, holding, calls, stated, met := 0, 0, 0, 0, 0, 0, 0
	for _, one := range all {
		if len(one.unreadable) > 0 {
			unreadable++
			continue
		}
		scenarios++
		if one.lesson != nil && one.lesson.Solvable() {
			lessons++
			if one.lesson.Holds() {
				holding++
			}
		}
		metHere, statedHere := expectations(one.report.Calls)
		calls, stated, met = calls+len(one.report.Calls), stated+statedHere, met+metHere
	}
	fmt.Fprintf(t, "%s, %s, ", count(scenarios, "scenario"), count(calls, "call"))
	switch {
	case stated == 0:
		t.WriteString("no expectations")
	case met == stated:
		fmt.Fprintf(t, "%s met", count(met, "expectation"))
	default:
		fmt.Fprintf(t, "%d of %s met", met, count(stated, "expectation"))
	}
	switch {
	case holding < lessons:
		fmt.Fprintf(t, ", %d of %s hold", holding, count(lessons, "lesson"))
	case lessons == 1:
		t.WriteString(", 1 lesson holds")
	case lessons > 1:
		fmt.Fprintf(t, ", %d lessons hold", lessons)
	}
	if unreadable > 0 {
		fmt.Fprintf(t, ", %s that can't be read", count(unreadable, "file"))
	}
	t.WriteByte('\n')
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// failedStep is the rule of the step that gave the error, "" for none.
func failedStep(c engine.CallReport) string {
	for _, s := range c.Steps {
		if s.Status == trace.Failed {
			return s.Rule
		}
	}
	return ""
}

// wanted is an expectation in words.
func wanted(e *scenario.Expect) string {
	var parts []string
	if e.Outcome != "" {
		parts = append(parts, e.Outcome)
	}
	if e.Code != "" {
		parts = append(parts, "error "+e.Code)
	}
	if e.Step != "" {
		parts = append(parts, "failed step "+e.Step)
	}
	return strings.Join(parts, ", ")
}

// got is what a call did, in the same words.
func got(c engine.CallReport) string {
	e := scenario.Expect{Outcome: c.Outcome, Step: failedStep(c)}
	if c.Error != nil {
		e.Code = c.Error.Code
	}
	return wanted(&e)
}

// The colours are ECMA-48's (SGR): red, green and yellow, for words that say
// the same without them.
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

func (t *table) coloured(colour, word string) string {
	if !t.colour {
		return word
	}
	return colour + word + plain
}

func (t *table) met(met *bool) string {
	switch {
	case met == nil:
		return "none"
	case *met:
		return t.coloured(green, "met")
	}
	return t.coloured(red, "NOT MET")
}

func (t *table) severity(s trace.Severity) string {
	switch s {
	case trace.SeverityError:
		return t.coloured(red, string(s))
	case trace.SeverityWarning:
		return t.coloured(yellow, string(s))
	}
	return string(s)
}

// wrap writes text as lines of at most t.width columns, each with indent in
// front. A word that is longer stays whole, so that it can be copied.
func (t *table) wrap(indent, text string) {
	column := 0
	for _, word := range strings.Fields(printable(text)) {
		width := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			t.WriteString(indent)
			column = len(indent)
		case column+1+width > t.width:
			t.WriteString("\n" + indent)
			column = len(indent)
		default:
			t.WriteByte(' ')
			column++
		}
		t.WriteString(word)
		column += width
	}
	if column > 0 {
		t.WriteByte('\n')
	}
}

// printable is s with the runes that could steer a terminal, or reorder the
// line, written as escapes: names and messages come from the scenario.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}
