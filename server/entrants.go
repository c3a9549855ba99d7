package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"stsplayground/engine"
)

// entrants prints who gets in: the widest opening, then a row an identity. A
// name that is too long for its column has a line of its own.
func (t *table) entrants(e engine.Entrants) {
	t.WriteByte('\n')
	t.wrap("  ", "Who gets in: "+e.Role)
	t.wrap("  ", e.Widest)
	if len(e.Rows) == 0 {
		return
	}
	const outcome = len(engine.NotPlayed)
	why := len("WHY")
	for _, r := range e.Rows {
		why = max(why, utf8.RuneCountInString(whyOf(r)))
	}
	room := t.width - 2 - 2 - outcome - 2 - why
	name := len("WHO")
	for _, r := range e.Rows {
		if n := utf8.RuneCountInString(printable(r.Who)); n <= room {
			name = max(name, n)
		}
	}
	row := func(a, b, colour, c string) {
		line := fmt.Sprintf("  %-*s  %s%-*s  %s", name, a, t.coloured(colour, b), outcome-len(b), "", c)
		t.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	row("WHO", "OUTCOME", plain, "WHY")
	for _, r := range e.Rows {
		shown := printable(r.Who)
		if utf8.RuneCountInString(shown) > name {
			t.wrap("  ", shown)
			shown = ""
		}
		word, colour := outcomeOf(r)
		row(shown, word, colour, whyOf(r))
	}
	if e.Cut > 0 {
		t.wrap("  ", "and "+fmt.Sprint(e.Cut)+" more that weren't played")
	}
}

func outcomeOf(r engine.Entrant) (word, colour string) {
	switch r.Outcome {
	case engine.GetsIn:
		return "gets in", green
	case engine.Refused:
		return "refused", red
	}
	return string(r.Outcome), yellow
}

// whyOf is the statement that lets an identity in, or the step that stops it.
func whyOf(r engine.Entrant) string {
	if s := r.Statement; s != nil {
		return fmt.Sprintf("statement %d", s.Index+1)
	}
	return r.Rule
}
