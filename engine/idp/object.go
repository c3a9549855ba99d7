package idp

import (
	"strconv"

	"stsplayground/engine/source"
)

// object is a JSON object as text: names in order, values as JSON. A name may
// occur twice, because some tokens are broken in that way.
type object []field

type field struct{ name, value string }

// set gives the member of that name a value, in place, or adds it.
func (o *object) set(name, value string) {
	for i := range *o {
		if (*o)[i].name == name {
			(*o)[i].value = value
			return
		}
	}
	o.add(name, value)
}

// add appends a member, whether or not the name is there.
func (o *object) add(name, value string) { *o = append(*o, field{name, value}) }

// get is the first member's value, "" where there is none.
func (o object) get(name string) string {
	for _, f := range o {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// with is a copy in which the member has the value.
func (o object) with(name, value string) object {
	c := append(object(nil), o...)
	c.set(name, value)
	return c
}

// text is the object as JSON without white space.
func (o object) text() string {
	size := 2
	for _, f := range o {
		size += len(f.name) + len(f.value) + len(`"":,`)
	}
	out := append(make([]byte, 0, size), '{')
	for i, f := range o {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendQuoted(out, f.name)
		out = append(out, ':')
		out = append(out, f.value...)
	}
	return string(append(out, '}'))
}

func quote(s string) string { return string(appendQuoted(make([]byte, 0, len(s)+2), s)) }

func appendQuoted(dst []byte, s string) []byte {
	return source.AppendJSON(dst, &source.Node{Kind: source.String, Text: s})
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// encodeNode is the value as JSON, numbers and order as written.
func encodeNode(n *source.Node) string { return string(source.AppendJSON(nil, n)) }
