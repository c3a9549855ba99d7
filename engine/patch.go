package engine

import (
	"github.com/go-json-experiment/json/jsontext"

	"stsplayground/engine/jsonpatch"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// patched is a document after a patch whose values are jsontext.Value; as it
// was where the patch doesn't fit.
func patched(root *source.Node, patch []trace.Patch) source.Node {
	text := func(s string) source.Node { return source.Node{Kind: source.String, Text: s} }
	operations := source.Node{Kind: source.Array}
	for i := range patch {
		p := &patch[i]
		members := []source.Member{{Name: "op", Value: text(p.Op)}, {Name: "path", Value: text(p.Path)}}
		if json, ok := p.Value.(jsontext.Value); ok {
			value, err := source.ParseJSON(string(json))
			if err != nil {
				return *root
			}
			members = append(members, source.Member{Name: "value", Value: value})
		}
		operations.Items = append(operations.Items, source.Node{Kind: source.Object, Members: members})
	}
	after := root.Clone()
	if _, wrong := jsonpatch.Change(&after, &operations); wrong != nil {
		return *root
	}
	return after
}

// inverse is the patch that takes another back: what stands at its places now,
// the last first.
func inverse(root *source.Node, patch []trace.Patch) (back []trace.Patch) {
	for i := len(patch) - 1; i >= 0; i-- {
		path := patch[i].Path
		if old := root.At(path); old != nil {
			back = append(back, trace.Patch{Op: "add", Path: path, Value: jsontext.Value(source.AppendJSON(nil, old))})
		} else {
			back = append(back, trace.Patch{Op: "remove", Path: path})
		}
	}
	return back
}
