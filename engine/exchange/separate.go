package exchange

import "strings"

// mostOutputs is how many commands' outputs are taken in together.
const mostOutputs = 200

// separateOutputs are the JSON objects of a text that has several one after the other,
// as the output of several commands has them, each with the command in front
// of it where that was copied along. Any other text is one.
func separateOutputs(text string) []string {
	var all []string
	for rest := text; rest != ""; {
		end := endOfObject(rest)
		if end < 0 || len(all) == mostOutputs {
			return []string{text}
		}
		all = append(all, rest[:end])
		rest = strings.TrimSpace(rest[end:])
	}
	if len(all) == 0 {
		return []string{text}
	}
	return all
}

// endOfObject is where the object ends that a text begins with, behind the
// command that printed it; -1 where it begins otherwise.
func endOfObject(text string) int {
	start := 0
	if !strings.HasPrefix(text, "{") {
		start = strings.Index(text, "\n{") + 1
		if start == 0 || !strings.HasPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "$"), " "), "aws ") {
			return -1
		}
	}
	depth, quoted := 0, false
	for i := start; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}
