package preview

import (
	"strings"
	"unicode"

	"golang.org/x/image/font"
)

// longest bounds a text, in characters: more never fits.
const longest = 600

const ellipsis = "…"

// wrap breaks words into lines of a width, at most so many. A word that is
// wider than a line is broken where it has to be, as ARNs are.
func (p *painter) wrap(text string, s style, width, most int) (lines []string) {
	var line string
	words := strings.Fields(drawable(text, s.face))
	for len(words) > 0 {
		word := words[0]
		joined := strings.TrimPrefix(line+" "+word, " ")
		switch {
		case p.width(joined, s) <= width:
			line, words = joined, words[1:]
			continue
		case line == "": // the word alone is too wide
			line, words[0] = p.cut(word, s, width)
		}
		if len(lines)+1 == most {
			return append(lines, p.short(line+" "+strings.Join(words, " "), s, width))
		}
		lines, line = append(lines, line), ""
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// cut parts a word where it fills the width.
func (p *painter) cut(word string, s style, width int) (line, rest string) {
	end := 0
	for i, r := range word {
		next := i + len(string(r))
		if end > 0 && p.width(word[:next], s) > width {
			break
		}
		end = next
	}
	return word[:end], word[end:]
}

// short is a text in one line of a width.
func (p *painter) short(text string, s style, width int) string {
	text = strings.TrimSpace(drawable(text, s.face))
	if p.width(text, s) <= width {
		return text
	}
	line, _ := p.cut(text, s, width-p.width(ellipsis, s))
	return strings.TrimRight(line, " ") + ellipsis
}

func (p *painter) width(text string, s style) int {
	return font.MeasureString(s.face, text).Ceil()
}

// drawable is a text of letters that the face has. Of those it has none for, a
// box stands for each run; what joins, turns or marks letters is left out, since
// the letters stand one beside the other, from left to right.
func drawable(text string, face font.Face) string {
	var b strings.Builder
	count, boxed := 0, false
	for _, r := range text {
		if count++; count > longest {
			break
		}
		switch _, known := face.GlyphAdvance(r); {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
			boxed = false
		case unicode.Is(unicode.C, r), unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r):
		case known && r != unicode.ReplacementChar:
			b.WriteRune(r)
			boxed = false
		case !boxed:
			b.WriteRune('□')
			boxed = true
		}
	}
	return b.String()
}
