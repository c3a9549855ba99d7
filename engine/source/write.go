package source

import (
	"github.com/go-json-experiment/json/jsontext"
)

// JSON is n written as JSON: on one line where indent is "", else with one
// member or item a line. Members keep their order and their repetitions, and
// numbers their literals, so that whoever reads it next sees what was
// written. An Invalid node is null.
func (n *Node) JSON(indent string) string {
	w := writer{indent: indent, out: make([]byte, 0, 64+(n.End-n.Offset)*5/4)}
	w.value(n)
	return string(w.out)
}

// AppendJSON appends n to dst as JSON on one line.
func AppendJSON(dst []byte, n *Node) []byte {
	w := writer{out: dst}
	w.value(n)
	return w.out
}

type writer struct {
	out    []byte
	indent string
	depth  int
}

func (w *writer) value(n *Node) {
	switch n.Kind {
	case Bool, Number:
		w.out = append(w.out, n.Text...)
	case String:
		w.string(n.Text)
	case Array:
		w.open('[')
		for i := range n.Items {
			w.separate(i)
			w.value(&n.Items[i])
		}
		w.close(']', len(n.Items))
	case Object:
		w.open('{')
		for i := range n.Members {
			w.separate(i)
			w.string(n.Members[i].Name)
			w.out = append(w.out, ':')
			if w.indent != "" {
				w.out = append(w.out, ' ')
			}
			w.value(&n.Members[i].Value)
		}
		w.close('}', len(n.Members))
	default:
		w.out = append(w.out, "null"...)
	}
}

func (w *writer) open(bracket byte) {
	w.out = append(w.out, bracket)
	w.depth++
}

// separate goes on to child i of what is open.
func (w *writer) separate(i int) {
	if i > 0 {
		w.out = append(w.out, ',')
	}
	w.newline()
}

func (w *writer) close(bracket byte, children int) {
	w.depth--
	if children > 0 {
		w.newline()
	}
	w.out = append(w.out, bracket)
}

func (w *writer) newline() {
	if w.indent == "" {
		return
	}
	w.out = append(w.out, '\n')
	for range w.depth {
		w.out = append(w.out, w.indent...)
	}
}

// string writes a JSON string. Both readers refuse invalid UTF-8, the only
// thing that AppendQuote fails for; it then writes U+FFFD in its place.
func (w *writer) string(s string) {
	w.out, _ = jsontext.AppendQuote(w.out, s)
}
