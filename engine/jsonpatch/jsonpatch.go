// Package jsonpatch changes a document as a JSON Patch (RFC 6902) or a JSON
// Merge Patch (RFC 7396) says, and tells what that touches.
package jsonpatch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

// Touch is a place of the document that a part of the patch changes.
type Touch struct {
	Place string // JSON Pointer into the document
	By    string // JSON Pointer into the patch
}

// Misfit is why a patch can't be applied.
type Misfit struct {
	By  string // JSON Pointer into the patch
	Why string
}

// Change changes root as a patch says, a list as a JSON Patch and an object as a
// JSON Merge Patch, and answers what that touches. Where the patch doesn't fit,
// root is left half changed.
func Change(root, patch *source.Node) (touched []Touch, wrong *Misfit) {
	switch patch.Kind {
	case source.Array:
		touched, wrong = apply(root, patch)
	case source.Object:
		touched = merge(root, patch, "", nil)
	default:
		wrong = &Misfit{Why: "a change is a JSON Patch, which is a list of operations, or a partial scenario, which is an object; and this is a " + patch.Kind.String()}
	}
	if wrong == nil && depth(root) > source.MaxDepth {
		wrong = &Misfit{Why: fmt.Sprintf("what it makes nests deeper than %d levels", source.MaxDepth)}
	}
	return touched, wrong
}

// operations are what RFC 6902 §4 defines, and the members that each needs
// besides op and path.
var operations = map[string]string{
	"add": "value", "remove": "", "replace": "value", "move": "from", "copy": "from", "test": "value",
}

// mostCopied bounds how many values a patch may copy, all operations
// together: a few that copy what the last one copied would fill any memory.
const mostCopied = 100_000

// apply applies a JSON Patch (RFC 6902), one operation after the other.
// Members of an operation that aren't defined are ignored, as §4 wants it.
func apply(root, patch *source.Node) (touched []Touch, wrong *Misfit) {
	copied := 0
	for i := range patch.Items {
		by := "/" + strconv.Itoa(i)
		places, why := operate(root, &patch.Items[i], &copied)
		if why != "" {
			return touched, &Misfit{by, why}
		}
		for _, place := range places {
			touched = append(touched, Touch{place, by})
		}
	}
	return touched, nil
}

// operate applies one operation, and adds to copied the values that it
// copies. Why says what keeps it from fitting.
func operate(root, operation *source.Node, copied *int) (places []string, why string) {
	if operation.Kind != source.Object {
		return nil, "an operation is an object, such as {op: replace, path: /title, value: …}; and this is a " + operation.Kind.String()
	}
	for i := range operation.Members {
		if m := &operation.Members[i]; m.Repeated {
			return nil, m.Name + " is there a second time; keep one of the two"
		}
	}
	op := text(operation.Get("op"))
	needs, known := operations[op]
	if !known {
		return nil, source.Quote(op) + " is no operation of a JSON Patch; its op is add, remove, replace, move, copy or test"
	}
	for _, name := range []string{"path", needs} {
		if name != "" && operation.Get(name) == nil {
			return nil, op + " needs " + name + ", which isn't there"
		}
	}
	path, why := pointerOf(operation.Get("path"))
	if why != "" {
		return nil, why
	}
	switch op {
	case "add":
		return add(root, path, operation.Get("value").Clone())
	case "remove":
		_, why = take(root, path)
		return []string{path}, why
	case "replace":
		there := root.At(path)
		if there == nil {
			return nil, Missing(root, path)
		}
		*there = operation.Get("value").Clone()
		return []string{path}, ""
	case "test":
		return nil, test(root, path, operation.Get("value"))
	}
	from, why := pointerOf(operation.Get("from"))
	if why != "" {
		return nil, why
	}
	if op == "copy" {
		there := root.At(from)
		if there == nil {
			return nil, Missing(root, from)
		}
		if *copied += size(there); *copied > mostCopied {
			return nil, fmt.Sprintf("the patch copies more than %d values", mostCopied)
		}
		return add(root, path, there.Clone())
	}
	if strings.HasPrefix(path, from+"/") {
		return nil, source.Quote(from) + " can't move to " + source.Quote(path) + ", which is inside of it"
	}
	moved, why := take(root, from)
	if why != "" {
		return nil, why
	}
	places, why = add(root, path, moved)
	return append(places, from), why
}

// add puts a value at a path: a new item before the one that is there, or a
// member, in the place of the one of that name if there is one (RFC 6902 §4.1).
func add(root *source.Node, path string, value source.Node) (places []string, why string) {
	if path == "" {
		*root = value
		return []string{path}, ""
	}
	parent, last := source.SplitPointer(path)
	into := root.At(parent)
	switch {
	case into == nil:
		return nil, Missing(root, parent)
	case into.Kind == source.Array:
		i := len(into.Items)
		if last != "-" {
			if i = source.Index(last); i < 0 || i > len(into.Items) {
				return nil, fmt.Sprintf("%s is no place among the %d items of %s; they are counted from 0, and - is behind the last", source.Quote(last), len(into.Items), parent)
			}
		}
		into.Items = slices.Insert(into.Items, i, value)
		return []string{parent + "/" + strconv.Itoa(i)}, ""
	case into.Kind == source.Object:
		if there := into.Get(last); there != nil {
			*there = value
		} else {
			into.Members = append(into.Members, source.Member{Name: last, Value: value, Line: value.Line, Column: value.Column})
		}
		return []string{path}, ""
	}
	return nil, parent + " is a " + into.Kind.String() + ", into which nothing can be added; replace it"
}

// take removes what is at a path (RFC 6902 §4.2), and answers what it was.
func take(root *source.Node, path string) (was source.Node, why string) {
	there := root.At(path)
	switch {
	case there == nil:
		return was, Missing(root, path)
	case path == "":
		return was, "the whole scenario can't be removed"
	}
	was = *there
	parent, last := source.SplitPointer(path)
	if from := root.At(parent); from.Kind == source.Array {
		i := source.Index(last)
		from.Items = slices.Delete(from.Items, i, i+1)
	} else {
		removeMember(from, last)
	}
	return was, ""
}

// test wants a value to be what is at a path (RFC 6902 §4.6).
func test(root *source.Node, path string, want *source.Node) (why string) {
	there := root.At(path)
	switch {
	case there == nil:
		return Missing(root, path)
	case !same(there, want):
		return path + " is another value than the one that the operation tests for"
	}
	return ""
}

// same says whether two values are equal: an object's members in any order,
// numbers by their value (RFC 6902 §4.6).
func same(a, b *source.Node) bool {
	if a.Kind != b.Kind || len(a.Items) != len(b.Items) || len(a.Members) != len(b.Members) {
		return false
	}
	for i := range a.Items {
		if !same(&a.Items[i], &b.Items[i]) {
			return false
		}
	}
	for i := range a.Members {
		if other := b.Get(a.Members[i].Name); other == nil || !same(&a.Members[i].Value, other) {
			return false
		}
	}
	if a.Kind == source.Number {
		x, errX := strconv.ParseFloat(a.Text, 64)
		y, errY := strconv.ParseFloat(b.Text, 64)
		return a.Text == b.Text || errX == nil && errY == nil && x == y
	}
	return a.Text == b.Text
}

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

// Missing says where the way of a pointer ends that leads nowhere.
func Missing(root *source.Node, pointer string) string {
	way, n := "", root
	for _, token := range source.Tokens(pointer) {
		next := n.Step(token)
		if next == nil {
			if way == "" {
				way = "the scenario"
			}
			return "there is no " + source.Quote(token) + " in " + way
		}
		way, n = source.Pointer(way, token), next
	}
	return ""
}

func removeMember(object *source.Node, name string) {
	object.Members = slices.DeleteFunc(object.Members, func(m source.Member) bool { return m.Name == name })
}

// size is how many values n is made of.
func size(n *source.Node) int {
	total := 1
	for i := range n.Items {
		total += size(&n.Items[i])
	}
	for i := range n.Members {
		total += size(&n.Members[i].Value)
	}
	return total
}

// text is the text of a string, "" for anything else.
func text(n *source.Node) string {
	if n == nil || n.Kind != source.String {
		return ""
	}
	return n.Text
}

// depth is how many levels n nests.
func depth(n *source.Node) int {
	deepest := 0
	for i := range n.Items {
		deepest = max(deepest, depth(&n.Items[i]))
	}
	for i := range n.Members {
		deepest = max(deepest, depth(&n.Members[i].Value))
	}
	return deepest + 1
}
