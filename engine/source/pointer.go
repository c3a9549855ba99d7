package source

import (
	"strconv"
	"strings"
)

// Pointer is the JSON Pointer (RFC 6901) of the member called name of what is
// at path.
func Pointer(path, name string) string { return path + "/" + Escape(name) }

// Escape is a member's name as a reference token (RFC 6901 §3).
func Escape(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// Tokens are the reference tokens of a pointer, unescaped; none for "", which
// is the whole document. What stands before the first slash isn't regarded.
func Tokens(pointer string) []string {
	tokens := strings.Split(pointer, "/")[1:]
	for i := range tokens {
		tokens[i] = unescape(tokens[i])
	}
	return tokens
}

// SplitPointer parts a pointer, which isn't "", into its parent's and the last
// token, unescaped.
func SplitPointer(pointer string) (parent, last string) {
	slash := strings.LastIndexByte(pointer, '/')
	return pointer[:max(slash, 0)], unescape(pointer[slash+1:])
}

// unescape is the name that a reference token stands for: ~1 goes first, so
// that ~01 is ~1 (RFC 6901 §4).
func unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// Index is an item's number as a reference token writes it (RFC 6901 §4: no
// sign, no leading zeros); -1 for anything else.
func Index(token string) int {
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || strconv.Itoa(i) != token {
		return -1
	}
	return i
}

// At is the value at a pointer; nil where there is none.
func (n *Node) At(pointer string) *Node {
	for _, token := range Tokens(pointer) {
		if n = n.Step(token); n == nil {
			return nil
		}
	}
	return n
}

// Step is the item or member that a reference token names, unescaped; nil
// where there is none, and of nil.
func (n *Node) Step(token string) *Node {
	if n == nil || n.Kind != Array {
		return n.Get(token)
	}
	if i := Index(token); 0 <= i && i < len(n.Items) {
		return &n.Items[i]
	}
	return nil
}
