package iam

import (
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// plain is the node as JSON-encodable data. Numbers stay strings: IAM takes
// "3600" and 3600 alike, and no digit gets lost.
func plain(n *source.Node) any {
	switch n.Kind {
	case source.String, source.Number:
		return n.Text
	case source.Bool:
		return n.Text == "true"
	case source.Array:
		items := make([]any, len(n.Items))
		for i := range n.Items {
			items[i] = plain(&n.Items[i])
		}
		return items
	case source.Object:
		members := make(map[string]any, len(n.Members))
		for i := range n.Members {
			members[n.Members[i].Name] = plain(&n.Members[i].Value)
		}
		return members
	}
	return nil
}

// rename gives the member of the object at path another name. It is no fix
// where the new name is taken or the old one stands twice.
func rename(object *source.Node, path, from, to string) []trace.Patch {
	value := object.Get(from)
	if value == nil || object.Get(to) != nil || count(object, from) > 1 {
		return nil
	}
	return []trace.Patch{
		{Op: "remove", Path: source.Pointer(path, from)},
		{Op: "add", Path: source.Pointer(path, to), Value: plain(value)},
	}
}

func count(object *source.Node, name string) int {
	n := 0
	for i := range object.Members {
		if object.Members[i].Name == name {
			n++
		}
	}
	return n
}

// moveKey puts a key of the Condition object at path under another operator.
// It is no fix where that operator already has the key.
func moveKey(condition *source.Node, path, from, to, key string) []trace.Patch {
	value := condition.Get(from).Get(key)
	if value == nil {
		return nil
	}
	return swapKey(condition, path, from, to, key, plain(value))
}

// swapKey is moveKey with another value for the key.
func swapKey(condition *source.Node, path, from, to, key string, value any) []trace.Patch {
	old := condition.Get(from)
	if old.Get(key) == nil || count(condition, from) > 1 || count(old, key) > 1 {
		return nil
	}
	add := addKey(condition, path, to, key, value)
	if add == nil {
		return nil
	}
	remove := trace.Patch{Op: "remove", Path: source.Pointer(path, from)}
	if len(old.Members) > 1 {
		remove.Path = source.Pointer(remove.Path, key)
	}
	return append([]trace.Patch{remove}, add...)
}

// addItem puts a value into the list, or beside the one value, at path. It is
// no fix where neither stands there.
func addItem(n *source.Node, path string, values ...string) []trace.Patch {
	switch {
	case n == nil:
		return nil
	case n.Kind == source.Array:
		patches := make([]trace.Patch, len(values))
		for i, value := range values {
			patches[i] = trace.Patch{Op: "add", Path: path + "/-", Value: value}
		}
		return patches
	case n.Kind == source.String:
		return []trace.Patch{{Op: "replace", Path: path, Value: append([]string{n.Text}, values...)}}
	}
	return nil
}

// addKey puts a key under an operator of the Condition object at path. It is
// no fix where the operator has the key or isn't an object.
func addKey(condition *source.Node, path, operator, key string, value any) []trace.Patch {
	at := source.Pointer(path, operator)
	existing := condition.Get(operator)
	switch {
	case existing == nil:
		return []trace.Patch{{Op: "add", Path: at, Value: map[string]any{key: value}}}
	case existing.Kind != source.Object || count(condition, operator) > 1:
		return nil
	}
	for i := range existing.Members {
		if strings.EqualFold(existing.Members[i].Name, key) {
			return nil
		}
	}
	return []trace.Patch{{Op: "add", Path: source.Pointer(at, key), Value: value}}
}
