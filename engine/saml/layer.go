package saml

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// layer is one thing that stands around a text: held is the part of the outer
// text, from the byte offset start on, that encodes the inner one.
type layer struct {
	name     string // "" for what is no encoding: white space, a byte order mark
	start    int
	held     string
	encoding encoding
	size     int // of the inner text
}

type encoding int

const (
	verbatim encoding = iota
	inBase64
	inDeflate
	inPercent
	inForm // percent, and + for a space
	inHTML
	inJSON
)

// cursor is how far a layer has been gone through: what stands before at
// holds the first passed bytes, or of base64 the first passed characters.
type cursor struct{ passed, at int }

// outside is the offset in the outer text of what encodes the byte at an
// offset of the inner one. The cursor is that of the last offset asked for;
// a smaller one begins anew.
func (l *layer) outside(offset int, c *cursor) int {
	if offset >= l.size && l.encoding != inDeflate {
		return l.start + len(l.held)
	}
	switch l.encoding {
	case verbatim:
		return l.start + offset
	case inDeflate:
		return l.start
	case inBase64:
		return l.start + l.character(offset/3*4+offset%3, c) // RFC 4648 §4: three bytes are four characters
	}
	if offset < c.passed {
		*c = cursor{}
	}
	marks := l.encoding.marks()
	for c.at < len(l.held) {
		plain := strings.IndexAny(l.held[c.at:], marks)
		if plain < 0 {
			plain = len(l.held) - c.at
		}
		if offset < c.passed+plain {
			return l.start + c.at + offset - c.passed
		}
		if c.at+plain == len(l.held) {
			break
		}
		size, text := l.encoding.escape(l.held[c.at+plain:])
		if offset < c.passed+plain+len(text) {
			return l.start + c.at + plain
		}
		c.passed, c.at = c.passed+plain+len(text), c.at+plain+size
	}
	return l.start + len(l.held)
}

// character is the offset of a character of base64, counted from 0, in text
// with white space between.
func (l *layer) character(count int, c *cursor) int {
	if count < c.passed {
		*c = cursor{}
	}
	for c.at < len(l.held) {
		if !isWhite(l.held[c.at]) {
			if c.passed == count {
				return c.at
			}
			c.passed++
		}
		c.at++
	}
	return len(l.held)
}

func isWhite(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// decode is the text that an encoding by escapes stands for.
func (e encoding) decode(text string) string {
	marks := e.marks()
	next := strings.IndexAny(text, marks)
	if next < 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for next >= 0 {
		b.WriteString(text[:next])
		size, inner := e.escape(text[next:])
		b.WriteString(inner)
		text = text[next+size:]
		next = strings.IndexAny(text, marks)
	}
	b.WriteString(text)
	return b.String()
}

// marks are the characters that escapes begin with.
func (e encoding) marks() string {
	switch e {
	case inPercent:
		return "%"
	case inForm:
		return "%+"
	case inHTML:
		return "&"
	}
	return `\`
}

// escape reads what begins with a mark: its size, and what it stands for.
// That which is no escape stands for itself.
func (e encoding) escape(text string) (size int, inner string) {
	switch e {
	case inPercent, inForm:
		if text[0] == '+' {
			return 1, " "
		}
		if len(text) >= 3 {
			if n, ok := number(text[1:3], 16); ok {
				return 3, string([]byte{byte(n)})
			}
		}
	case inHTML:
		return entity(text)
	case inJSON:
		if len(text) < 2 {
			break
		}
		if i := strings.IndexByte(`"\/bfnrt`, text[1]); i >= 0 {
			return 2, "\"\\/\b\f\n\r\t"[i : i+1]
		}
		unit := func(text string) (rune, bool) {
			if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
				return 0, false
			}
			return number(text[2:6], 16)
		}
		first, ok := unit(text)
		if !ok {
			break
		}
		if utf16.IsSurrogate(first) {
			if second, ok := unit(text[6:]); ok && utf16.DecodeRune(first, second) != utf8.RuneError {
				return 12, string(utf16.DecodeRune(first, second))
			}
		}
		return 6, string(first) // a lone surrogate becomes U+FFFD
	}
	return 1, text[:1]
}

// entities are the named references of HTML that forms with base64 or XML in
// them have.
var entities = map[string]string{
	"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'",
	"plus": "+", "equals": "=", "sol": "/", "Tab": "\t", "NewLine": "\n", "nbsp": " ",
}

// entity reads what begins with & in HTML.
func entity(text string) (size int, inner string) {
	end := strings.IndexByte(text[:min(len(text), 12)], ';')
	if end < 0 {
		return 1, "&"
	}
	name := text[1:end]
	if inner, ok := entities[name]; ok {
		return end + 1, inner
	}
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		base := rune(10)
		if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
			digits, base = digits[1:], 16
		}
		if n, ok := number(digits, base); ok && n > 0 {
			return end + 1, string(n)
		}
	}
	return 1, "&"
}
