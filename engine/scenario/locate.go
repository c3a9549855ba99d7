package scenario

import (
	"strconv"
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
	n := &d.Node
	if n.Kind == source.String {
		switch {
		case n.Style == source.AsJSON && 0 < n.End && n.End <= len(d.Source):
			if passed, ok := throughEscapes(d.Source[n.Offset:n.End], line, column); ok {
				return n.Line, n.Column + passed
			}
		case n.Style == source.Literal && 0 < n.Offset && n.Offset <= len(d.Source):
			if indentation, ok := blockIndentation(d.Source[n.Offset:], n.Text); ok && line <= strings.Count(n.Text, "\n")+1 {
				return n.Line + line, indentation + column
			}
		}
	}
	return n.Line, n.Column
}

// Place is the position in the scenario's text of what a JSON Pointer
// (RFC 6901) names, or of the innermost thing on the way to it that is there;
// zero where the scenario wasn't decoded from a text.
func (s *Scenario) Place(pointer string) (line, column int) {
	n := &s.Root
	for _, token := range strings.Split(pointer, "/")[1:] {
		next := n.Get(unescapePointer.Replace(token))
		if i, err := strconv.Atoi(token); err == nil && n.Kind == source.Array && 0 <= i && i < len(n.Items) {
			next = &n.Items[i]
		}
		if next == nil {
			break
		}
		n = next
	}
	return n.Line, n.Column
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// throughEscapes counts the code points of a JSON string literal, its opening
// quote included, that stand before the given place of the decoded string.
func throughEscapes(literal string, line, column int) (passed int, ok bool) {
	atLine, atColumn, at := 1, 1, 1 // the opening quote is behind
	passed = 1
	for atLine < line || atLine == line && atColumn < column {
		if at >= len(literal)-1 {
			return 0, false
		}
		width, newline := unit(literal[at:])
		passed += utf8.RuneCountInString(literal[at : at+width])
		at += width
		if atColumn++; newline {
			atLine, atColumn = atLine+1, 1
		}
	}
	return passed, true
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
