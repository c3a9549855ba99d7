package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// names is what an expression's references stand for; false where that isn't known.
type names func(path []string) (*source.Node, bool)

// evaluator works out Terraform's templates and expressions, as far as they
// say something literal.
type evaluator struct {
	lookUp  names
	unknown func(expression string) // told of each that can't be worked out
	budget  *int
	depth   int
}

// template is the value of a template: of one that is nothing but ${…} the
// expression's own, else a string. What isn't known stays as it is written.
func (e *evaluator) template(text string) *source.Node {
	if !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
		return str(text)
	}
	h := &scanner{src: text}
	var b strings.Builder
	for h.at < len(h.src) {
		switch {
		case h.take("$${"):
			b.WriteString("${")
		case h.take("%%{"):
			b.WriteString("%{")
		case h.take("${"):
			start := h.at
			expression := h.expression("}", false)
			if !h.take("}") {
				b.WriteString("${" + h.src[start:])
				h.at = len(h.src)
				continue
			}
			v := e.expression(expression)
			if start == 2 && h.at == len(h.src) {
				return v
			}
			b.WriteString(textOf(v))
		case strings.HasPrefix(h.src[h.at:], "%{"):
			e.unknown(text)
			return str(text)
		default:
			end := h.at + 1
			if next := strings.IndexAny(h.src[end:], "$%"); next >= 0 {
				end += next
			} else {
				end = len(h.src)
			}
			b.WriteString(h.src[h.at:end])
			h.at = end
		}
		if b.Len() > *e.budget {
			e.unknown(text)
			return str(text)
		}
	}
	*e.budget -= b.Len()
	return str(b.String())
}

// textOf is a value inside a template.
func textOf(n *source.Node) string {
	if is(n, source.Object) || is(n, source.Array) {
		return n.JSON("")
	}
	return word(n)
}

// expression is the value of an expression, "${…}" where it isn't known.
func (e *evaluator) expression(text string) *source.Node {
	h := &scanner{src: text}
	return e.value(h, "", false)
}

// value reads one expression that ends before one of the bytes in stop. An
// operator after it, or anything else that says more than a literal or a
// reference, makes it unknown.
func (e *evaluator) value(h *scanner, stop string, newline bool) *source.Node {
	h.space(!newline)
	start := h.at
	e.depth++
	*e.budget -= perReference
	var v *source.Node
	known := false
	if e.depth <= hclNesting && *e.budget > 0 {
		v, known = e.operand(h)
	}
	e.depth--
	h.space(!newline)
	if c := h.next(); known && (c == 0 || strings.IndexByte(stop, c) >= 0 || newline && c == '\n') {
		return v
	}
	h.at = start
	raw := h.expression(stop, newline)
	e.unknown(raw)
	return str("${" + raw + "}")
}

func (e *evaluator) operand(h *scanner) (*source.Node, bool) {
	switch c := h.next(); {
	case c == '"':
		return e.template(h.quoted(0)), h.broken == ""
	case c == '<':
		text, ok := h.heredoc()
		return e.template(text), ok && h.broken == ""
	case c == '[':
		return e.list(h)
	case c == '{':
		return e.object(h)
	case c == '(':
		h.at++
		v := e.value(h, ")", false)
		return v, h.take(")")
	case c == '-' || c >= '0' && c <= '9':
		start := h.at
		for c := h.next(); c == '-' || c == '.' || c >= '0' && c <= '9'; c = h.next() {
			h.at++
		}
		n, err := source.ParseJSON(h.src[start:h.at])
		return &n, err == nil
	}
	name := h.identifier()
	switch name {
	case "":
		return nil, false
	case "true", "false":
		return &source.Node{Kind: source.Bool, Text: name}, true
	case "null":
		return &source.Node{Kind: source.Null}, true
	}
	if h.take("(") {
		return e.call(h, name)
	}
	return e.lookUp(path(h, name))
}

// path reads what follows a reference's first name: .name and ["name"]. An
// index by number is left out, for a scenario has one of each.
func path(h *scanner, name string) []string {
	path := []string{name}
	for {
		switch {
		case h.take("["):
			h.space(true)
			if h.next() == '"' {
				path = append(path, h.quoted(0))
			}
			h.expression("]", false)
			h.take("]")
		case h.take("."):
			if name := h.identifier(); name != "" {
				path = append(path, name)
			} else {
				h.at += len(h.src[h.at:]) - len(strings.TrimLeft(h.src[h.at:], "*0123456789"))
			}
		default:
			return path
		}
	}
}

func (e *evaluator) list(h *scanner) (*source.Node, bool) {
	h.at++
	all := list()
	for h.space(true); !h.take("]"); h.space(true) {
		if h.next() == 0 {
			return nil, false
		}
		add(all, e.value(h, ",]", false))
		h.take(",")
	}
	return all, true
}

func (e *evaluator) object(h *scanner) (*source.Node, bool) {
	h.at++
	all := object()
	for h.space(true); !h.take("}"); h.space(true) {
		var key string
		switch h.next() {
		case '"':
			key = word(e.template(h.quoted(0)))
		case '(':
			h.at++
			key = word(e.value(h, ")", false))
			h.take(")")
		default:
			key = h.identifier()
		}
		h.space(false)
		if key == "" && h.next() != '=' || !h.take("=") && !h.take(":") {
			return nil, false
		}
		all.Members = append(all.Members, source.Member{Name: key, Value: *e.value(h, ",}", true)})
		h.take(",")
	}
	return all, true
}

// functions are those of which the value is as good as their arguments'.
const functions = " jsonencode jsondecode tolist toset tostring trimspace nonsensitive concat merge join replace "

// call is the value of one of the functions.
func (e *evaluator) call(h *scanner, name string) (*source.Node, bool) {
	if !strings.Contains(functions, " "+name+" ") {
		return nil, false
	}
	args := list()
	for h.space(true); !h.take(")"); h.space(true) {
		if h.next() == 0 {
			return nil, false
		}
		add(args, e.value(h, ",)", false))
		h.take(",")
	}
	given := items(args)
	if len(given) == 0 {
		return nil, false
	}
	v := given[0]
	switch name {
	case "jsondecode":
		return policy(v), true
	case "concat", "merge":
		all := &source.Node{Kind: v.Kind}
		for _, part := range given {
			all.Items = append(all.Items, part.Items...)
			all.Members = append(all.Members, part.Members...)
		}
		*e.budget -= 4 * perReference * (len(all.Items) + len(all.Members))
		return all, v.Kind == source.Array || v.Kind == source.Object
	case "join":
		if len(given) != 2 || given[1].Kind != source.Array {
			return nil, false
		}
		joined, ok := join(word(v), given[1], *e.budget)
		*e.budget -= len(word(joined))
		return joined, ok
	case "replace":
		if len(given) != 3 || word(given[1]) == "" || strings.HasPrefix(word(given[1]), "/") { // of which that is a regular expression
			return nil, false
		}
		text, old, by := word(v), word(given[1]), word(given[2])
		if *e.budget -= len(text) + strings.Count(text, old)*len(by); *e.budget < 0 {
			return nil, false
		}
		return str(strings.ReplaceAll(text, old, by)), true
	}
	return v, true
}
