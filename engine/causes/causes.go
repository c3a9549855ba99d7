// Package causes leads from the words of an error to its reasons: a line of a
// CI log, of the console or of CloudTrail goes in, and what it means, the causes in
// order of likelihood and what to check come out. It plays nothing.
package causes

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// Explanation is what a text says about errors.
type Explanation struct {
	Errors []Error // what was recognised, the most certain first
	Facts  []Fact  // what the text itself names
}

// Error is an error that was recognised.
type Error struct {
	Words  string // as AWS writes it, with the values that the text has
	Code   string // "" where AWS gives the same words with several
	Call   string // the operation of STS that answers so; "" for any
	From   string // the program that says it, where it isn't AWS
	Means  string
	Causes []Cause
}

// Cause is a reason for an error, in a sentence.
type Cause struct {
	Title   string
	Check   string // what to look at, or to change
	Example string // slug of an example that shows it; "" for none
}

// Fact is something that the text names.
type Fact struct {
	Words string // what it is
	Value string
}

// entry is an error as it is known: its wordings, in which names in braces
// stand for what differs.
type entry struct {
	Error
	wordings [][]string // literal text and names in turn, beginning with text
	with     []string   // words that have to be there besides
}

// known is causes.txt. Its form: "= WORDING" begins an entry, or says another
// wording of the one begun; "code", "call", "from", "with" and "means" follow;
// "- CAUSE | CHECK | EXAMPLE" are its causes.
//
//go:embed causes.txt
var known string

// entries are read once, when the first error is asked about.
var entries = sync.OnceValue(func() []entry {
	var all []entry
	begun := false
	for line := range strings.Lines(known) {
		word, rest, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
		if word == "=" && !begun {
			all = append(all, entry{})
		}
		begun = word == "="
		if len(all) == 0 {
			continue
		}
		e := &all[len(all)-1]
		switch word {
		case "=":
			e.wordings = append(e.wordings, parts(rest))
		case "code":
			e.Code = rest
		case "call":
			e.Call = rest
		case "from":
			e.From = rest
		case "with":
			e.with = append(e.with, small(rest))
		case "means":
			e.Means = rest
		case "-":
			said := append(strings.Split(rest, " | "), "", "")
			e.Causes = append(e.Causes, Cause{said[0], said[1], said[2]})
		}
	}
	return all
})

// parts takes a wording apart: text, name, text, and so on.
func parts(wording string) []string {
	wording = strings.ReplaceAll(wording, "  ", " ") // as normal has them
	var out []string
	for {
		text, rest, found := strings.Cut(wording, "{")
		out = append(out, text)
		if !found {
			return out
		}
		name, after, _ := strings.Cut(rest, "}")
		out, wording = append(out, name), after
	}
}

// MaxText bounds a text, in bytes: some thousand lines of a log.
const MaxText = 64 << 10

// most is how many errors of a text are told of.
const most = 3

// found is an entry that a text has the words of.
type found struct {
	entry      *entry
	values     map[string]string
	words      string
	start, end int
	size       int // of what matched literally
}

// Explain finds the errors in a text. Nothing is found where nothing is known.
func Explain(text string) Explanation {
	words := normal(text)
	var x Explanation
	for _, f := range recognise(words) {
		x.Errors = append(x.Errors, f.entry.filled(f.words, f.values))
	}
	x.Facts = facts(words)
	return x
}

// Recognise is which of All a text has the words of, the most certain first.
func Recognise(text string) (errors []Error) {
	for _, f := range recognise(normal(text)) {
		errors = append(errors, f.entry.known())
	}
	return errors
}

// recognise finds the entries whose words a text has. Of those that share a
// place the longest counts, and a code alone counts for nothing beside its
// message.
func recognise(words string) (taken []found) {
	lower := small(words)
	var all []found
	for i := range entries() {
		e := &entries()[i]
		if slices.ContainsFunc(e.with, func(word string) bool { return !strings.Contains(lower, word) }) {
			continue
		}
		for _, wording := range e.wordings {
			if start, end, values, ok := match(words, lower, wording); ok {
				said := words[start:end]
				if wording[len(wording)-1] == "" { // what goes on there may be an error of its own
					end -= len(values[wording[len(wording)-2]])
				}
				all = append(all, found{e, values, said, start, end, literal(wording)})
				break
			}
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return b.size - a.size })
	for _, f := range all {
		if len(taken) < most && !slices.ContainsFunc(taken, func(t found) bool { return f.start < t.end && t.start < f.end || t.entry.Code == f.words }) {
			taken = append(taken, f)
		}
	}
	return taken
}

// small is a text with the letters of ASCII in lower case. Other letters stay:
// some are longer in lower case, and places in the one text have to be places
// in the other.
func small(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// literal is how much of a wording is text.
func literal(wording []string) int {
	size := 0
	for i := 0; i < len(wording); i += 2 {
		size += len(wording[i])
	}
	return size
}

// match finds a wording in a text: its pieces in order, and between them as
// little as possible. A name at the end takes what goes on without a blank.
func match(words, lower string, wording []string) (start, end int, values map[string]string, ok bool) {
	first := small(wording[0])
	start = strings.Index(lower, first)
	if start < 0 {
		return 0, 0, nil, false
	}
	values, end = map[string]string{}, start+len(first)
	for i := 1; i < len(wording); i += 2 {
		next, rest := small(wording[i+1]), lower[end:]
		length := strings.Index(rest, next)
		if next == "" {
			if length = strings.IndexAny(rest, " \"'),;"); length < 0 {
				length = len(rest)
			}
		}
		if length < 0 {
			return 0, 0, nil, false
		}
		values[wording[i]] = strings.TrimRight(words[end:end+length], ".:")
		end += length + len(next)
	}
	return start, end, values, true
}

// filled puts the values of a text into what is known of an error.
func (e *entry) filled(words string, values map[string]string) Error {
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "{"+name+"}", clip(value, 200))
	}
	for _, name := range []string{"who", "action", "resource"} { // where a shorter wording matched
		if values[name] == "" {
			pairs = append(pairs, "{"+name+"}", "the "+map[string]string{"who": "caller", "action": "action", "resource": "resource"}[name])
		}
	}
	fill := strings.NewReplacer(pairs...)
	filled := e.Error
	filled.Words, filled.Means = clip(words, 600), fill.Replace(e.Means)
	filled.Causes = nil
	for _, c := range e.Causes {
		filled.Causes = append(filled.Causes, Cause{fill.Replace(c.Title), fill.Replace(c.Check), c.Example})
	}
	return filled
}

// All are the errors that are known, in the order in which they are written
// down: names in braces stand for what differs.
func All() []Error {
	all := make([]Error, len(entries()))
	for i := range entries() {
		all[i] = entries()[i].known()
	}
	return all
}

// known is the error in its first wording.
func (e *entry) known() Error {
	known := e.Error
	for i, part := range e.wordings[0] {
		if i%2 == 1 {
			part = "{" + part + "}"
		}
		known.Words += part
	}
	return known
}
