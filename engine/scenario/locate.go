package scenario

import (
	"sort"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
)

// Locate is the position in the scenario's text of a place inside the string
// that holds the document: line and column count from 1, in code points, in
// the decoded string and in the scenario. It goes through JSON's escapes and a
// YAML literal block's indentation; for YAML's other ways to write a string,
// and for a place that the string doesn't have, it is where the string begins.
func (d Document) Locate(line, column int) (outerLine, outerColumn int) {
	return d.Locator()(line, column)
}

// Locator is Locate for many places of one document: the text is gone through
// once, however many they are.
func (d Document) Locator() func(line, column int) (outerLine, outerColumn int) {
	n := &d.Node
	begin := func(int, int) (int, int) { return n.Line, n.Column }
	switch {
	case n.Kind != source.String:
		return begin
	case n.Style == source.AsJSON && 0 < n.End && n.End <= len(d.Source):
		l := literal{text: d.Source[n.Offset:n.End]}
		l.cursor = mark{line: 1, column: 1, at: 1, passed: 1} // behind the opening quote
		l.marks = append(l.marks, l.cursor)
		return func(line, column int) (int, int) {
			if passed, ok := l.passed(line, column); ok {
				return n.Line, n.Column + passed
			}
			return n.Line, n.Column
		}
	case n.Style == source.Literal && 0 < n.Offset && n.Offset <= len(d.Source):
		indentation, ok := blockIndentation(d.Source[n.Offset:], n.Text)
		if !ok {
			return begin
		}
		lines := strings.Count(n.Text, "\n") + 1
		return func(line, column int) (int, int) {
			if line > lines {
				return n.Line, n.Column
			}
			return n.Line + line, indentation + column
		}
	}
	return begin
}

// Place is the position in the scenario's text of what a JSON Pointer
// (RFC 6901) names, or of the innermost thing on the way to it that is there;
// zero where the scenario wasn't decoded from a text.
func (s *Scenario) Place(pointer string) (line, column int) {
	n := &s.Root
	for _, token := range source.Tokens(pointer) {
		next := n.Step(token)
		if next == nil {
			break
		}
		n = next
	}
	return n.Line, n.Column
}

// literal is a JSON string as it is written, quotes included. Places are
// mostly asked for in the order of the text, so the cursor goes on from the
// last one; marks let it go back without starting anew.
type literal struct {
	text   string
	cursor mark
	marks  []mark // one about every markEvery bytes, as far as the cursor has been
}

const markEvery = 256

// mark is a place of the decoded string and where it stands in the literal.
type mark struct {
	line, column int // in the decoded string, from 1
	at           int // byte offset in the literal
	passed       int // code points of the literal before it
}

// next goes on to the next code point of the decoded string.
func (m *mark) next(text string) {
	m.column++
	if c := text[m.at]; c < utf8.RuneSelf && c != '\\' {
		m.at++
		m.passed++
		return
	}
	width, newline := unit(text[m.at:])
	m.passed += utf8.RuneCountInString(text[m.at : m.at+width])
	m.at += width
	if newline {
		m.line, m.column = m.line+1, 1
	}
}

// before says whether m stands before the place.
func (m *mark) before(line, column int) bool {
	return m.line < line || m.line == line && m.column < column
}

// passed counts the code points of the literal that stand before the given
// place of the decoded string; false where the string has no such place.
func (l *literal) passed(line, column int) (passed int, ok bool) {
	m := l.cursor
	forward := m.before(line, column)
	if last := &l.marks[len(l.marks)-1]; !forward || m.at < last.at { // after a step back the marks may be nearer
		behind := sort.Search(len(l.marks), func(i int) bool { return !l.marks[i].before(line, column) })
		if near := l.marks[max(0, behind-1)]; !forward || near.at > m.at {
			m = near
		}
	}
	for m.before(line, column) {
		if m.at >= len(l.text)-1 {
			l.cursor = m
			return 0, false
		}
		m.next(l.text)
		if m.at >= l.marks[len(l.marks)-1].at+markEvery {
			l.marks = append(l.marks, m)
		}
	}
	l.cursor = m
	return m.passed, true
}

// unit measures, in bytes, what stands for the literal's next code point, and
// says whether that is a line's end.
func unit(rest string) (width int, newline bool) {
	if rest[0] != '\\' {
		_, width = utf8.DecodeRuneInString(rest)
		return width, false
	}
	switch {
	case rest[1] == 'n':
		return 2, true
	case rest[1] != 'u':
		return 2, false
	case isHighSurrogate(rest):
		return 12, false // the low one follows: the reader refuses lone ones
	}
	return 6, strings.EqualFold(rest[2:6], "000a")
}

// isHighSurrogate says whether rest begins with an escape from D800 to DBFF.
func isHighSurrogate(rest string) bool {
	return (rest[2] == 'd' || rest[2] == 'D') && strings.IndexByte("89abAB", rest[3]) >= 0
}

// blockIndentation is how many spaces the lines of a literal block have more
// in the text, from the block's first line on, than in the string.
func blockIndentation(text, decoded string) (spaces int, ok bool) {
	for {
		outer, textRest, _ := strings.Cut(text, "\n")
		inner, decodedRest, more := strings.Cut(decoded, "\n")
		if strings.Trim(inner, " \r") != "" {
			outer = strings.TrimSuffix(outer, "\r")
			return len(outer) - len(inner), strings.HasSuffix(outer, inner)
		}
		if !more {
			return 0, false
		}
		text, decoded = textRest, decodedRest
	}
}
