package page

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/causes"
	"stsplayground/web/report"
)

// Catalogue is the gallery as a page of its own: by system, or by what AWS
// answers.
type Catalogue struct {
	Site      Site
	Meta      Meta
	Entries   []Entry
	Symptoms  []Symptom
	BySymptom bool
	Query     string // what is looked for; empty for nothing
}

// Entry is an example in the gallery, and how its calls end.
type Entry struct {
	Example
	Ends []CallEnd

	title, about, text string // what is looked through, in small letters; each has the one before it
}

// CallEnd is how one call of an example ends.
type CallEnd struct {
	Name    string
	Ending  report.Ending
	Code    string // AWS's error code; empty on success
	Message string
	Step    string // title of the step that failed first; empty where none did

	known causes.Error // what is known of the error
}

// EntryOf is an example, its scenario as written, and what came of it.
func EntryOf(e Example, text string, r engine.Report) Entry {
	entry := Entry{Example: e}
	for i, c := range r.Calls {
		end := CallEnd{Name: report.Name(c, i), Ending: report.EndingOf(c), Step: failing(c)}
		if c.Error != nil {
			end.Code, end.Message = c.Error.Code, c.Error.Message
			end.known = knownOf(end.Code, end.Message)
		}
		entry.Ends = append(entry.Ends, end)
	}
	entry.title = strings.ToLower(e.Title)
	entry.about = strings.ToLower(strings.Join([]string{e.Title, e.Group, e.Summary, e.Slug, entry.answers()}, " "))
	entry.text = entry.about + " " + strings.ToLower(text)
	return entry
}

// answers are the error lines of the entry's calls, and the steps that failed.
func (e Entry) answers() string {
	var b strings.Builder
	for _, end := range e.Ends {
		if end.Code != "" {
			b.WriteString(end.Code + " " + end.Message + " " + end.Step + " ")
		}
	}
	return b.String()
}

// knownOf is what is known of an error: of one that nothing is known of, its
// own words.
func knownOf(code, message string) causes.Error {
	if known := causes.Recognise(code + ": " + message); len(known) > 0 {
		return known[0]
	}
	return causes.Error{Words: message, Code: code}
}

// tally is how many calls of an example end alike.
type tally struct {
	Ending report.Ending
	Count  int
	Codes  []string // each once
}

// tallies are the endings of an example's calls, each once, in their order.
func (e Entry) tallies() (all []tally) {
	for _, end := range e.Ends {
		i := slices.IndexFunc(all, func(t tally) bool { return t.Ending == end.Ending })
		if i < 0 {
			i = len(all)
			all = append(all, tally{Ending: end.Ending})
		}
		all[i].Count++
		if end.Code != "" && !slices.Contains(all[i].Codes, end.Code) {
			all[i].Codes = append(all[i].Codes, end.Code)
		}
	}
	return all
}

// words are the ending as one line says it: how many, where the example has
// several calls.
func (t tally) words(of int) string {
	if of == 1 {
		return t.Ending.Word
	}
	return strconv.Itoa(t.Count) + " " + strings.ToLower(t.Ending.Word[:1]) + t.Ending.Word[1:]
}

// shownCodes are the error codes that fit into a line.
const shownCodes = 3

func (t tally) codes() string {
	words := strings.Join(t.Codes[:min(len(t.Codes), shownCodes)], ", ")
	if more := len(t.Codes) - shownCodes; more > 0 {
		words += " and " + strconv.Itoa(more) + " more"
	}
	return words
}

// shelf is the entries under one heading.
type shelf struct {
	Name    string
	Entries []Entry
}

// shelves are the entries under their headings, which stand together.
func shelves(entries []Entry) (all []shelf) {
	for _, e := range entries {
		i := slices.IndexFunc(all, func(s shelf) bool { return s.Name == e.Group })
		if i < 0 {
			i = len(all)
			all = append(all, shelf{Name: e.Group})
		}
		all[i].Entries = append(all[i].Entries, e)
	}
	return all
}

// Symptom is what people see: an error's words, what they mean, and the
// examples in which a call is answered so.
type Symptom struct {
	causes.Error
	Codes    []string // with which the examples' calls are answered, the most frequent first
	Messages []string // AWS's, where only the code is known; each once
	At       []FailsAt
}

// FailsAt is the step at which calls fail that are answered alike, and the
// examples that they are in, each once.
type FailsAt struct {
	Step     string
	Examples []Example
}

// ReadSymptoms are the symptoms of the entries' calls, and after them what
// else is known of errors. Those that most examples show stand first.
func ReadSymptoms(entries []Entry) (shown, others []Symptom) {
	all := map[string]*Symptom{}
	codes := map[string]map[string]int{}
	for _, e := range entries {
		for _, end := range e.Ends {
			if end.Code == "" {
				continue
			}
			words := end.known.Words
			s := all[words]
			if s == nil {
				s = &Symptom{Error: end.known}
				all[words], codes[words] = s, map[string]int{}
			}
			codes[words][end.Code]++
			if words == end.known.Code && !slices.Contains(s.Messages, end.Message) {
				s.Messages = append(s.Messages, end.Message)
			}
			s.add(end.Step, e.Example)
		}
	}
	for words, s := range all {
		s.Codes = slices.SortedFunc(maps.Keys(codes[words]), func(a, b string) int {
			return cmp.Or(codes[words][b]-codes[words][a], cmp.Compare(a, b))
		})
		slices.SortStableFunc(s.At, func(a, b FailsAt) int { return len(b.Examples) - len(a.Examples) })
		shown = append(shown, *s)
	}
	slices.SortFunc(shown, func(a, b Symptom) int { return cmp.Or(b.examples()-a.examples(), cmp.Compare(a.Words, b.Words)) })
	for _, known := range causes.All() {
		if all[known.Words] == nil {
			others = append(others, Symptom{Error: known})
		}
	}
	return shown, others
}

func (s *Symptom) add(step string, e Example) {
	i := slices.IndexFunc(s.At, func(at FailsAt) bool { return at.Step == step })
	if i < 0 {
		i = len(s.At)
		s.At = append(s.At, FailsAt{Step: step})
	}
	if !slices.ContainsFunc(s.At[i].Examples, func(other Example) bool { return other.Slug == e.Slug }) {
		s.At[i].Examples = append(s.At[i].Examples, e)
	}
}

// examples is how many examples show the symptom.
func (s Symptom) examples() int {
	slugs := map[string]bool{}
	for _, at := range s.At {
		for _, e := range at.Examples {
			slugs[e.Slug] = true
		}
	}
	return len(slugs)
}

// origin is who says the words, where it isn't plain AWS.
func (s Symptom) origin() string {
	switch {
	case s.From != "":
		return s.From
	case s.Call != "":
		return "sts:" + s.Call
	}
	return ""
}

// code is how AWS names the error; empty where nobody does.
func (s Symptom) code() string {
	if len(s.Codes) > 0 {
		return strings.Join(s.Codes, ", ")
	}
	return s.Code
}

// sameWords says whether the error's words are its code and no more.
func (s Symptom) sameWords() bool { return s.Words == s.code() }

// inSituations parts symptoms by who says them: AWS's APIs, and then the
// programs and services that people meet before or beside it.
func inSituations(all []Symptom) (groups []situation) {
	for _, s := range all {
		name := cmp.Or(s.From, "AWS")
		if strings.Contains(name, " ") {
			name = strings.ToUpper(name[:1]) + name[1:]
		}
		i := slices.IndexFunc(groups, func(g situation) bool { return g.Name == name })
		if i < 0 {
			i = len(groups)
			groups = append(groups, situation{Name: name})
		}
		groups[i].Symptoms = append(groups[i].Symptoms, s)
	}
	return groups
}

// situation is the symptoms that one program or service has.
type situation struct {
	Name     string
	Symptoms []Symptom
}
