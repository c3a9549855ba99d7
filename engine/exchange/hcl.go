package exchange

import (
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

// Terraform's own language (HashiCorp's HCL native syntax specification), as
// far as a configuration of IAM has it. What is read comes out as Terraform's
// JSON syntax would have it, so that both go on the same way: blocks are
// objects by their labels, and an expression is a string "${…}".

// hclNesting bounds how deep blocks, strings and expressions may nest.
const hclNesting = 64

// looksLikeHCL says whether a text begins as a configuration does.
func looksLikeHCL(text string) bool {
	h := scanner{src: text}
	h.space(true)
	switch h.identifier() {
	case "resource", "data", "variable", "provider":
		h.space(false)
		return h.next() == '"'
	case "terraform", "locals":
		h.space(false)
		return h.next() == '{'
	}
	return false
}

func parseHCL(text string) (*source.Node, string) {
	h := &scanner{src: text}
	root := h.body(0)
	if h.broken == "" && h.at < len(h.src) {
		h.fail("a closing brace stands alone")
	}
	if h.broken != "" {
		line, _ := source.Position(text, h.at)
		return root, "line " + strconv.Itoa(line) + ": " + h.broken
	}
	return root, ""
}

// scanner goes through a text. Once it is broken it is at its end.
type scanner struct {
	src    string
	at     int
	broken string // why the text can't be read
}

func (h *scanner) fail(why string) {
	if h.broken == "" {
		h.broken = why
	}
}

// next is the byte at hand, 0 at the end.
func (h *scanner) next() byte {
	if h.at >= len(h.src) || h.broken != "" {
		return 0
	}
	return h.src[h.at]
}

// take goes on past s if it is at hand.
func (h *scanner) take(s string) bool {
	if h.broken == "" && strings.HasPrefix(h.src[h.at:], s) {
		h.at += len(s)
		return true
	}
	return false
}

// space goes on past blanks and comments, and past line ends where newline says so.
func (h *scanner) space(newline bool) {
	for {
		switch c := h.next(); {
		case c == ' ' || c == '\t' || c == '\r' || newline && c == '\n':
			h.at++
		case c == '#' || c == '/' && strings.HasPrefix(h.src[h.at:], "//"):
			h.at += lengthTo(h.src[h.at:], "\n")
		case c == '/' && strings.HasPrefix(h.src[h.at:], "/*"):
			h.at += lengthTo(h.src[h.at:], "*/")
			h.take("*/")
		default:
			return
		}
	}
}

// lengthTo is how many bytes stand before end, all of them where it isn't there.
func lengthTo(s, end string) int {
	before, _, _ := strings.Cut(s, end)
	return len(before)
}

func (h *scanner) identifier() string {
	start := h.at
	for c := h.next(); c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 || h.at > start && (c == '-' || c >= '0' && c <= '9'); c = h.next() {
		h.at++
	}
	return h.src[start:h.at]
}

// body reads attributes and blocks up to the brace that closes them.
func (h *scanner) body(depth int) *source.Node {
	body := object()
	if depth > hclNesting {
		h.fail("blocks nest too deep")
	}
	for {
		h.space(true)
		if c := h.next(); c == 0 || c == '}' {
			return body
		}
		name := h.identifier()
		if name == "" {
			h.fail("the name of an argument or a block is expected here")
			return body
		}
		path := []string{name}
		for h.space(false); h.next() == '"' || h.next()|0x20 >= 'a' && h.next()|0x20 <= 'z'; h.space(false) {
			if h.next() == '"' {
				path = append(path, h.quoted(0))
			} else {
				path = append(path, h.identifier())
			}
		}
		switch {
		case h.take("{"):
			inner := h.body(depth + 1)
			if !h.take("}") {
				h.fail("the block " + source.Clip(name) + " isn't closed")
			}
			addBlock(body, path, inner)
		case len(path) == 1 && h.take("="):
			body.Members = append(body.Members, source.Member{Name: name, Value: *h.argument()})
		default:
			h.fail("= or { is expected after " + source.Clip(name))
		}
	}
}

// addBlock puts a block at its labels, beside others of the same.
func addBlock(body *source.Node, path []string, block *source.Node) {
	for _, label := range path[:len(path)-1] {
		if !is(body.Get(label), source.Object) {
			set(body, label, object())
		}
		body = body.Get(label)
	}
	last := path[len(path)-1]
	if all := body.Get(last); is(all, source.Array) {
		add(all, block)
		return
	}
	body.Members = append(body.Members, source.Member{Name: last, Value: *list(block)})
}

// argument is the expression up to the line's end: a template as the string
// that it is, anything else as "${…}".
func (h *scanner) argument() *source.Node {
	h.space(false)
	start := h.at
	if h.next() == '"' {
		template := h.quoted(0)
		h.space(false)
		if c := h.next(); c == 0 || c == '\n' || c == '}' {
			return str(template)
		}
		h.at = start
	} else if template, ok := h.heredoc(); ok {
		return str(template)
	}
	return str("${" + h.expression("}", true) + "}")
}

// expression goes on to one of the bytes in stop, or to the line's end, that
// stands outside of all brackets, strings and comments; it gives the text
// without the comments.
func (h *scanner) expression(stop string, newline bool) string {
	var b strings.Builder
	h.balanced(&b, stop, newline, 0)
	return strings.TrimSpace(b.String())
}

func (h *scanner) balanced(b *strings.Builder, stop string, newline bool, nesting int) {
	open := 0
	for {
		c := h.next()
		start := h.at
		switch {
		case c == 0, open == 0 && (strings.IndexByte(stop, c) >= 0 || newline && c == '\n'):
			return
		case c == '"':
			h.quoted(nesting)
		case c == '<' && strings.HasPrefix(h.src[h.at:], "<<"):
			if _, ok := h.heredoc(); !ok {
				h.at += 2
			}
		case c == '#' || c == '/' && h.at+1 < len(h.src) && (h.src[h.at+1] == '/' || h.src[h.at+1] == '*'):
			h.space(false)
			b.WriteByte(' ')
			continue
		case c == '(' || c == '[' || c == '{':
			open++
			h.at++
		case c == ')' || c == ']' || c == '}':
			open--
			h.at++
		default:
			h.at++
		}
		b.WriteString(h.src[start:min(h.at, len(h.src))])
	}
}

// quoted reads a quoted template: its escapes are resolved outside of ${…}.
func (h *scanner) quoted(nesting int) string {
	var b strings.Builder
	if nesting > hclNesting {
		h.fail("strings nest too deep")
	}
	h.at++
	for {
		switch c := h.next(); c {
		case 0, '\n':
			h.fail("a string isn't closed")
			return b.String()
		case '"':
			h.at++
			return b.String()
		case '\\':
			h.escape(&b)
		case '$', '%':
			h.templateMark(&b, c, nesting)
		default:
			h.at++
			b.WriteByte(c)
		}
	}
}

// templateMark reads what begins with $ or %, of which ${…} and %{…} may hold
// strings of their own.
func (h *scanner) templateMark(b *strings.Builder, c byte, nesting int) {
	mark := string(c) + "{"
	switch {
	case h.take(string(c) + mark):
		b.WriteString(string(c) + mark)
	case h.take(mark):
		b.WriteString(mark)
		h.balanced(b, "}", false, nesting+1)
		if h.take("}") {
			b.WriteByte('}')
		}
	default:
		h.at++
		b.WriteByte(c)
	}
}

func (h *scanner) escape(b *strings.Builder) {
	h.at++
	c := h.next()
	h.at++
	switch c {
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'u', 'U':
		digits := 4
		if c == 'U' {
			digits = 8
		}
		end := min(h.at+digits, len(h.src))
		if code, err := strconv.ParseUint(h.src[h.at:end], 16, 32); err == nil {
			b.WriteRune(rune(code))
			h.at = end
		}
	default:
		b.WriteByte(c)
	}
}

// heredoc reads <<MARK or <<-MARK and the lines up to the mark; of the second
// the indentation that all lines have is taken off.
func (h *scanner) heredoc() (string, bool) {
	start := h.at
	if !h.take("<<") {
		return "", false
	}
	indented := h.take("-")
	mark := h.identifier()
	h.take("\r")
	if mark == "" || !h.take("\n") {
		h.at = start
		return "", false
	}
	var lines []string
	for h.at < len(h.src) {
		end := h.at + lengthTo(h.src[h.at:], "\n")
		line := strings.TrimSuffix(h.src[h.at:end], "\r")
		if strings.TrimSpace(line) == mark {
			h.at += strings.Index(h.src[h.at:], mark) + len(mark)
			if indented {
				unindent(lines)
			}
			return strings.Join(append(lines, ""), "\n"), true
		}
		lines = append(lines, line)
		h.at = min(end+1, len(h.src))
	}
	h.fail("the text that begins with <<" + source.Clip(mark) + " isn't closed")
	return "", true
}

func unindent(lines []string) {
	common := -1
	for _, line := range lines {
		if indent := len(line) - len(strings.TrimLeft(line, " \t")); indent < len(line) && (common < 0 || indent < common) {
			common = indent
		}
	}
	for i := range lines {
		lines[i] = lines[i][min(max(common, 0), len(lines[i])):]
	}
}
