package source

import (
	"github.com/go-json-experiment/json/jsontext"
)

// JSON is n written as JSON: on one line where indent is "", else with one
// member or item a line.
func (n *Node) JSON(indent string) string {
	text := AppendJSON(nil, n)
	if indent == "" {
		return string(text)
	}
	value := jsontext.Value(text)
	// Indent fails only for text that isn't JSON.
	if err := value.Indent(jsontext.WithIndent(indent), jsontext.AllowDuplicateNames(true)); err != nil {
		return string(text)
	}
	return string(value)
}

// AppendJSON appends n to dst as JSON without white space. Members keep their
// order and their repetitions, and numbers their literals, so that whoever
// reads it next sees what was written. An Invalid node is null.
func AppendJSON(dst []byte, n *Node) []byte {
	switch n.Kind {
	case Bool, Number:
		return append(dst, n.Text...)
	case String:
		return appendString(dst, n.Text)
	case Array:
		dst = append(dst, '[')
		for i := range n.Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendJSON(dst, &n.Items[i])
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i := range n.Members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, n.Members[i].Name), ':')
			dst = AppendJSON(dst, &n.Members[i].Value)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// appendString writes a JSON string. Both readers refuse invalid UTF-8, the
// only thing that AppendQuote fails for; it then writes U+FFFD in its place.
func appendString(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}
