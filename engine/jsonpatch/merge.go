package jsonpatch

import "stsplayground/engine/source"

// merge applies a JSON Merge Patch (RFC 7396 §2): objects are merged, null
// removes a member, and anything else takes the place of what was there. In a
// merge patch a place has the same pointer as in the document.
func merge(target, patch *source.Node, at string, touched []Touch) []Touch {
	if patch.Kind != source.Object {
		*target = patch.Clone()
		return append(touched, Touch{at, at})
	}
	if target.Kind != source.Object {
		*target = source.Node{Kind: source.Object, Line: patch.Line, Column: patch.Column}
		touched = append(touched, Touch{at, at})
	}
	for i := range patch.Members {
		m := &patch.Members[i]
		place := source.Pointer(at, m.Name)
		there := target.Get(m.Name)
		switch {
		case m.Value.Kind == source.Null:
			touched = append(touched, Touch{place, place})
			removeMember(target, m.Name)
		case there != nil:
			touched = merge(there, &m.Value, place, touched)
		default:
			touched = append(touched, Touch{place, place})
			var value source.Node
			merge(&value, &m.Value, place, nil) // a null in it is left out, not added
			target.Members = append(target.Members, source.Member{Name: m.Name, Value: value, Line: m.Line, Column: m.Column})
		}
	}
	return touched
}
