package lesson

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

// touch is a place of the scenario that a part of the solution changes.
type touch struct {
	place string // JSON Pointer into the scenario
	by    string // JSON Pointer into the solution
}

// misfit is why a solution can't be applied.
type misfit struct {
	by  string // JSON Pointer into the solution
	why string
}

// change changes root as the solution says, and answers what that touches.
// Where the solution doesn't fit, root is left half changed.
func change(root, solution *source.Node) (touched []touch, wrong *misfit) {
	switch solution.Kind {
	case source.Array:
		touched, wrong = applyPatch(root, solution)
	case source.Object:
		touched = merge(root, solution, "", nil)
	default:
		wrong = &misfit{"", "a solution is a JSON Patch, which is a list of operations, or a partial scenario, which is an object; and this is a " + solution.Kind.String()}
	}
	if wrong == nil && depth(root) > source.MaxDepth {
		wrong = &misfit{"", fmt.Sprintf("what it makes nests deeper than %d levels", source.MaxDepth)}
	}
	return touched, wrong
}

// merge applies a JSON Merge Patch (RFC 7396 §2): objects are merged, null
// removes a member, and anything else takes the place of what was there. In a
// merge patch a place has the same pointer as in the scenario.
func merge(target, patch *source.Node, at string, touched []touch) []touch {
	if patch.Kind != source.Object {
		*target = clone(patch)
		return append(touched, touch{at, at})
	}
	if target.Kind != source.Object {
		*target = source.Node{Kind: source.Object, Line: patch.Line, Column: patch.Column}
		touched = append(touched, touch{at, at})
	}
	for i := range patch.Members {
		m := &patch.Members[i]
		place := at + "/" + escape(m.Name)
		there := target.Get(m.Name)
		switch {
		case m.Value.Kind == source.Null:
			touched = append(touched, touch{place, place})
			removeMember(target, m.Name)
		case there != nil:
			touched = merge(there, &m.Value, place, touched)
		default:
			touched = append(touched, touch{place, place})
			var value source.Node
			merge(&value, &m.Value, place, nil) // a null in it is left out, not added
			target.Members = append(target.Members, source.Member{Name: m.Name, Value: value, Line: m.Line, Column: m.Column})
		}
	}
	return touched
}

// operations are what RFC 6902 §4 defines, and the members that each needs
// besides op and path.
var operations = map[string]string{
	"add": "value", "remove": "", "replace": "value", "move": "from", "copy": "from", "test": "value",
}

// mostCopied bounds how many values a patch may copy, all operations
// together: a few that copy what the last one copied would fill any memory.
const mostCopied = 100_000

// applyPatch applies a JSON Patch (RFC 6902), one operation after the other.
// Members of an operation that aren't defined are ignored, as §4 wants it.
func applyPatch(root, patch *source.Node) (touched []touch, wrong *misfit) {
	copied := 0
	for i := range patch.Items {
		by := "/" + strconv.Itoa(i)
		places, why := operate(root, &patch.Items[i], &copied)
		if why != "" {
			return touched, &misfit{by, why}
		}
		for _, place := range places {
			touched = append(touched, touch{place, by})
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
		return add(root, path, clone(operation.Get("value")))
	case "remove":
		_, why = take(root, path)
		return []string{path}, why
	case "replace":
		there := find(root, path)
		if there == nil {
			return nil, missing(root, path)
		}
		*there = clone(operation.Get("value"))
		return []string{path}, ""
	case "test":
		return nil, test(root, path, operation.Get("value"))
	}
	from, why := pointerOf(operation.Get("from"))
	if why != "" {
		return nil, why
	}
	if op == "copy" {
		there := find(root, from)
		if there == nil {
			return nil, missing(root, from)
		}
		if *copied += size(there); *copied > mostCopied {
			return nil, fmt.Sprintf("the solution copies more than %d values", mostCopied)
		}
		return add(root, path, clone(there))
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
	parent, last := split(path)
	into := find(root, parent)
	switch {
	case into == nil:
		return nil, missing(root, parent)
	case into.Kind == source.Array:
		i := len(into.Items)
		if last != "-" {
			if i = index(last); i < 0 || i > len(into.Items) {
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
	there := find(root, path)
	switch {
	case there == nil:
		return was, missing(root, path)
	case path == "":
		return was, "the whole scenario can't be removed"
	}
	was = *there
	parent, last := split(path)
	if from := find(root, parent); from.Kind == source.Array {
		i := index(last)
		from.Items = slices.Delete(from.Items, i, i+1)
	} else {
		removeMember(from, last)
	}
	return was, ""
}

// test wants a value to be what is at a path (RFC 6902 §4.6).
func test(root *source.Node, path string, want *source.Node) (why string) {
	there := find(root, path)
	switch {
	case there == nil:
		return missing(root, path)
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

func removeMember(object *source.Node, name string) {
	object.Members = slices.DeleteFunc(object.Members, func(m source.Member) bool { return m.Name == name })
}

// clone is a value that shares nothing with n, so that either can be changed.
func clone(n *source.Node) source.Node {
	c := *n
	c.Items, c.Members = slices.Clone(n.Items), slices.Clone(n.Members)
	for i := range c.Items {
		c.Items[i] = clone(&c.Items[i])
	}
	for i := range c.Members {
		c.Members[i].Value = clone(&c.Members[i].Value)
	}
	return c
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
