package idp

import (
	"cmp"
	"strings"
)

// wild says whether a pattern's text has a wildcard.
func wild(text string) bool { return strings.ContainsAny(text, "*?") }

// parse takes a subject, or a pattern of one, apart. Parts behind a wildcard
// that reaches over the rest are missing. ok is false where the text has
// another form.
func (k *kind) parse(text string) (parts map[string]string, ok bool) {
	rest := text
	parts = make(map[string]string, len(k.subject))
	for i, piece := range k.subject {
		after, found := strings.CutPrefix(rest, piece.before)
		if !found {
			// "*" or "repo:acme*": what comes before stands for the rest too.
			if i > 0 && rest == "" && strings.HasSuffix(text, "*") || text == "*" {
				return parts, true
			}
			return nil, false
		}
		end := len(after)
		if i+1 < len(k.subject) {
			if at := strings.Index(after, k.subject[i+1].before); at >= 0 {
				end = at
			}
		}
		part := after[:end]
		if i+1 < len(k.subject) && strings.Contains(part, ":") && !strings.Contains(piece.fallback, ":") {
			return nil, false
		}
		parts[piece.name], rest = part, after[end:]
	}
	return parts, true
}

// compose is the subject of the parts.
func (k *kind) compose(parts map[string]string) string {
	var out strings.Builder
	for _, piece := range k.subject {
		out.WriteString(piece.before)
		out.WriteString(parts[piece.name])
	}
	return out.String()
}

func (k *kind) piece(name string) *piece {
	for i := range k.subject {
		if k.subject[i].name == name {
			return &k.subject[i]
		}
	}
	return nil
}

// filled is what somebody who wrote the pattern has in mind.
func (k *kind) filled(p *piece, pattern string) string {
	for _, usual := range k.lines["usual"] {
		if usual.at(0) == p.name && usual.at(1) == pattern {
			return usual.at(2)
		}
	}
	return settleOwn(pattern, cmp.Or(p.mine, "main"))
}

// exploited is what somebody who reads the pattern puts there.
func (p *piece) exploited(pattern string) string {
	fill := p.alike
	if at := strings.IndexByte(pattern, '*'); fill == "" && at > 0 && isWord(pattern[at-1]) {
		fill = "-anyone"
	}
	if fill == "" {
		fill = "anyone"
	}
	return settle(pattern, fill)
}

// settle puts text in the place of a pattern's wildcards.
func settle(pattern, fill string) string {
	return strings.NewReplacer("*", fill, "?", "x").Replace(pattern)
}

// settleOwn is settle for what is meant: a star behind a name stands for
// nothing.
func settleOwn(pattern, fill string) string {
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '?':
			out.WriteByte('x')
		case c != '*':
			out.WriteByte(c)
		case i == 0 || !isWord(pattern[i-1]):
			out.WriteString(fill)
		}
	}
	return out.String()
}

// namesBeginning says whether a pattern is a name with a star behind it, such
// as acme*: the name itself is then what is meant.
func namesBeginning(pattern string) bool {
	at := strings.IndexAny(pattern, "*?")
	return at > 0 && at == len(pattern)-1 && isWord(pattern[at-1])
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
