package lesson

import (
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

// pointerOf reads a JSON Pointer (RFC 6901): "" is the whole scenario, any
// other begins with a slash.
func pointerOf(n *source.Node) (pointer, why string) {
	if n.Kind != source.String {
		return "", "a path is a JSON Pointer, a string such as /calls/0/params; and this is a " + n.Kind.String()
	}
	if n.Text != "" && n.Text[0] != '/' {
		return "", source.Quote(n.Text) + " is no JSON Pointer, which begins with a slash, as in /calls/0/params"
	}
	return n.Text, ""
}

// find is the value at a pointer; nil where there is none.
func find(n *source.Node, pointer string) *source.Node {
	for _, token := range tokens(pointer) {
		if n = step(n, token); n == nil {
			return nil
		}
	}
	return n
}

// step is the item or member of n that a token names; nil where there is none.
func step(n *source.Node, token string) *source.Node {
	if n.Kind != source.Array {
		return n.Get(token)
	}
	if i := index(token); 0 <= i && i < len(n.Items) {
		return &n.Items[i]
	}
	return nil
}

// missing says where the way of a pointer ends that leads nowhere.
func missing(root *source.Node, pointer string) string {
	way, n := "", root
	for _, token := range tokens(pointer) {
		next := step(n, token)
		if next == nil {
			if way == "" {
				way = "the scenario"
			}
			return "there is no " + source.Quote(token) + " in " + way
		}
		way, n = way+"/"+escape(token), next
	}
	return ""
}

// index is an item's number as a pointer writes it (RFC 6901 §4: no sign, no
// leading zeros); -1 for anything else.
func index(token string) int {
	i, err := strconv.Atoi(token)
	if err != nil || strconv.Itoa(i) != token {
		return -1
	}
	return i
}

// tokens are the reference tokens of a pointer; none for the whole document.
func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	all := strings.Split(pointer[1:], "/")
	for i := range all {
		all[i] = unescape(all[i])
	}
	return all
}

// split parts a pointer into its parent's and the last token.
func split(pointer string) (parent, last string) {
	slash := strings.LastIndexByte(pointer, '/')
	return pointer[:slash], unescape(pointer[slash+1:])
}

// within says whether a pointer names a place, or something inside of it.
func within(pointer, place string) bool {
	return pointer == place || strings.HasPrefix(pointer, place+"/")
}

func escape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

func unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// text is the text of a string, "" for anything else.
func text(n *source.Node) string {
	if n == nil || n.Kind != source.String {
		return ""
	}
	return n.Text
}
