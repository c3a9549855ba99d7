package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// patched is a document after a JSON Patch of add, replace and remove, whose
// values are jsontext.Value. As in the page, what add names may be the first
// below parents that are missing. An operation that doesn't fit changes nothing.
func patched(root source.Node, patch []trace.Patch) source.Node {
	for i := range patch {
		p := &patch[i]
		var value *source.Node
		if text, ok := p.Value.(jsontext.Value); ok {
			if node, err := source.ParseJSON(string(text)); err == nil {
				value = &node
			}
		}
		if value == nil && p.Op != "remove" {
			continue
		}
		root = putAt(root, pointerTokens(p.Path), value)
	}
	return root
}

// inverse is the patch that takes another back: what stands at its places now,
// the last first.
func inverse(root *source.Node, patch []trace.Patch) (back []trace.Patch) {
	for i := len(patch) - 1; i >= 0; i-- {
		path := patch[i].Path
		tokens := pointerTokens(path)
		if old := nodeAt(root, tokens); old != nil {
			back = append(back, trace.Patch{Op: "add", Path: path, Value: jsontext.Value(source.AppendJSON(nil, old))})
			continue
		}
		for len(tokens) > 1 && nodeAt(root, tokens[:len(tokens)-1]) == nil { // what add made on the way goes too
			tokens = tokens[:len(tokens)-1]
			path = path[:strings.LastIndexByte(path, '/')]
		}
		back = append(back, trace.Patch{Op: "remove", Path: path})
	}
	return back
}

func pointerTokens(path string) []string {
	tokens := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(tokens[i])
	}
	return tokens
}

func nodeAt(n *source.Node, tokens []string) *source.Node {
	for _, t := range tokens {
		if n == nil {
			return nil
		}
		if n.Kind == source.Array {
			at, err := strconv.Atoi(t)
			if err != nil || at < 0 || at >= len(n.Items) {
				return nil
			}
			n = &n.Items[at]
			continue
		}
		n = n.Get(t)
	}
	return n
}

// putAt is a copy of n with the value at that place; nil takes away what is there.
func putAt(n source.Node, tokens []string, value *source.Node) source.Node {
	if len(tokens) == 0 {
		if value == nil {
			return source.Node{}
		}
		return *value
	}
	t := tokens[0]
	if n.Kind == source.Array {
		at, err := strconv.Atoi(t)
		if err != nil || at < 0 || at >= len(n.Items) {
			return n
		}
		n.Items = slices.Clone(n.Items)
		n.Items[at] = putAt(n.Items[at], tokens[1:], value)
		return n
	}
	n.Kind = source.Object
	n.Members = slices.Clone(n.Members)
	for i := range n.Members {
		if n.Members[i].Name != t {
			continue
		}
		if value == nil && len(tokens) == 1 {
			n.Members = slices.Delete(n.Members, i, i+1)
		} else {
			n.Members[i].Value = putAt(n.Members[i].Value, tokens[1:], value)
		}
		return n
	}
	if value != nil {
		n.Members = append(n.Members, source.Member{Name: t, Value: putAt(source.Node{}, tokens[1:], value)})
	}
	return n
}
