// Package source reads text that people paste: JSON, strictly, and YAML for
// scenarios. It keeps the position of every value, notices repeated member
// names instead of resolving them, and bounds size and depth, so that tokens,
// key sets, policies and scenarios are all read by the same rules (exact
// case, RFC 8259, no trailing text, valid UTF-8, no lone surrogates).
package source

import "slices"

// Kind is the JSON type of a Node. The zero value is Invalid.
type Kind byte

const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "boolean"
	case Number:
		return "number"
	case String:
		return "string"
	case Array:
		return "array"
	case Object:
		return "object"
	}
	return "nothing"
}

// Style is how a scalar is written. The zero value is JSON's one way, and
// that of every array and object.
type Style byte

const (
	AsJSON  Style = iota
	Plain         // YAML without quotes: Text is as written, whatever the Kind
	Quoted        // YAML in single or double quotes
	Literal       // YAML's block that begins with |
	Folded        // YAML's block that begins with >
)

// Node is one JSON value and where it stands. Text is a string's decoded
// value, a number's literal, or true/false. Line and Column count from 1, in
// code points; Offset and End are bytes from 0 in the text that was read.
// For YAML both are 0, save that the Offset of a literal block is that of the
// line after its |.
type Node struct {
	Kind    Kind
	Style   Style
	Text    string
	Items   []Node   // of an Array
	Members []Member // of an Object, as written, repeated names included

	Line, Column int
	Offset, End  int
}

// Member is one name and value of an Object. Repeated is set on the second
// and later members of the same name.
type Member struct {
	Name         string
	Value        Node
	Line, Column int // of the name
	Repeated     bool
}

// Get is the value of the first member of that exact name; nil where there
// is none or the node is no Object.
func (n *Node) Get(name string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Name == name {
			return &n.Members[i].Value
		}
	}
	return nil
}

// Clone is a value that shares nothing with n, so that either can be changed.
func (n *Node) Clone() Node {
	c := *n
	c.Items, c.Members = slices.Clone(n.Items), slices.Clone(n.Members)
	for i := range c.Items {
		c.Items[i] = c.Items[i].Clone()
	}
	for i := range c.Members {
		c.Members[i].Value = c.Members[i].Value.Clone()
	}
	return c
}

// Repeated is the name of the first member, anywhere below n, that repeats
// an earlier member's name, and its member; nil where none does.
func (n *Node) Repeated() *Member {
	for i := range n.Members {
		if n.Members[i].Repeated {
			return &n.Members[i]
		}
		if m := n.Members[i].Value.Repeated(); m != nil {
			return m
		}
	}
	for i := range n.Items {
		if m := n.Items[i].Repeated(); m != nil {
			return m
		}
	}
	return nil
}

// memberNames notices repeated names while an object is read. A map pays
// only for large objects; most have a handful of members.
type memberNames map[string]bool

// repeats says whether one of the members read so far has that name.
func (seen *memberNames) repeats(members []Member, name string) bool {
	if len(members) < 48 {
		for i := range members {
			if members[i].Name == name {
				return true
			}
		}
		return false
	}
	if *seen == nil {
		*seen = make(memberNames, 2*len(members))
		for _, m := range members {
			(*seen)[m.Name] = true
		}
	}
	repeated := (*seen)[name]
	(*seen)[name] = true
	return repeated
}

// Error is text that could not be read: where, and why.
type Error struct {
	Line, Column int // from 1, code points
	Offset       int // bytes, from 0
	Pointer      string
	Reason       string
}

func (e *Error) Error() string { return e.Reason }
