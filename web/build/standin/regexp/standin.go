// Package regexp stands in for regexp in the engine's WebAssembly: see
// web/build/standins.go. Libraries compile nine expressions as they start. The
// engine comes to two of them, by way of go.yaml.in/yaml's reading of numbers
// and goxmldsig's reading of certificates; those two are written out here. It
// has no Find, no groups, no syntax.
package regexp

// Regexp is an expression as it was written.
type Regexp struct{ expression string }

func MustCompile(expression string) *Regexp { return &Regexp{expression} }

const (
	yamlFloat  = `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`
	whiteSpace = `\s+`
)

// MatchString knows yamlFloat, and panics on any other expression.
func (r *Regexp) MatchString(s string) bool {
	if r.expression != yamlFloat {
		panic("regexp: the engine doesn't have " + r.expression)
	}
	s = withoutSign(s)
	whole := digits(s)
	s = s[whole:]
	if len(s) > 0 && s[0] == '.' {
		part := digits(s[1:])
		if whole+part == 0 {
			return false
		}
		s = s[1+part:]
	} else if whole == 0 {
		return false
	}
	if len(s) == 0 {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = withoutSign(s[1:])
	return len(s) > 0 && digits(s) == len(s)
}

func withoutSign(s string) string {
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

// digits is how many digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// ReplaceAllString takes whiteSpace out of a text, and panics on any other
// expression or replacement.
func (r *Regexp) ReplaceAllString(text, with string) string {
	if r.expression != whiteSpace || with != "" {
		panic("regexp: the engine doesn't have " + r.expression)
	}
	rest := make([]byte, 0, len(text))
	for i := range len(text) {
		switch c := text[i]; c {
		case '\t', '\n', '\f', '\r', ' ':
		default:
			rest = append(rest, c)
		}
	}
	return string(rest)
}
