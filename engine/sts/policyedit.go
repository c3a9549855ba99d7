package sts

import (
	"encoding/json"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// patchPolicy turns a JSON Patch on a policy into one on the scenario. Inside
// a policy written as an object the paths just go on; a policy written as a
// string is replaced whole, edited so that what isn't touched stays as typed.
func patchPolicy(d scenario.Document, edits []trace.Patch) []trace.Patch {
	if len(edits) == 0 {
		return []trace.Patch{}
	}
	if d.Node.Kind != source.String {
		out := make([]trace.Patch, len(edits))
		for i, e := range edits {
			out[i] = trace.Patch{Op: e.Op, Path: d.Path + e.Path, Value: e.Value}
		}
		return out
	}
	text := d.Text()
	for _, e := range edits {
		edited, ok := editText(text, e)
		if !ok {
			return []trace.Patch{}
		}
		text = edited
	}
	return []trace.Patch{{Op: "replace", Path: d.Path, Value: text}}
}

// editText applies one operation to JSON text in place; false where its path
// leads nowhere.
func editText(text string, e trace.Patch) (string, bool) {
	root, err := source.ParseJSON(text)
	if err != nil {
		return "", false
	}
	if e.Path == "" {
		return "", false
	}
	above, last := source.SplitPointer(e.Path)
	parent := root.At(above)
	if parent == nil {
		return "", false
	}
	child := parent.Step(last)
	switch {
	case e.Op == "remove" && child != nil:
		return cut(text, parent, child), true
	case (e.Op == "replace" || e.Op == "add" && parent.Kind == source.Object) && child != nil:
		return text[:child.Offset] + encode(e.Value, indentation(text, child.Offset)) + text[child.End:], true
	case e.Op == "add" && parent.Kind == source.Object:
		return insert(text, parent, lastMember(parent), quote(last)+": ", e.Value), true
	case e.Op == "add" && parent.Kind == source.Array && last == "-":
		return insert(text, parent, lastItem(parent), "", e.Value), true
	}
	return "", false
}

func lastMember(n *source.Node) *source.Node {
	if len(n.Members) == 0 {
		return nil
	}
	return &n.Members[len(n.Members)-1].Value
}

func lastItem(n *source.Node) *source.Node {
	if len(n.Items) == 0 {
		return nil
	}
	return &n.Items[len(n.Items)-1]
}

// insert writes a value behind the last child of parent, laid out like it.
func insert(text string, parent, last *source.Node, name string, value any) string {
	if last == nil {
		return text[:parent.Offset+1] + name + encode(value, indentation(text, parent.Offset)) + text[parent.End-1:]
	}
	separator, indent := ", ", indentation(text, last.Offset)
	if strings.Contains(text[parent.Offset:last.Offset], "\n") {
		separator = ",\n" + indent
	}
	return text[:last.End] + separator + name + encode(value, indent) + text[last.End:]
}

// cut removes child with its name and one of the commas beside it.
func cut(text string, parent, child *source.Node) string {
	from := parent.Offset + 1
	siblings := make([]*source.Node, 0, len(parent.Members)+len(parent.Items))
	for i := range parent.Members {
		siblings = append(siblings, &parent.Members[i].Value)
	}
	for i := range parent.Items {
		siblings = append(siblings, &parent.Items[i])
	}
	for i, s := range siblings {
		if s != child {
			continue
		}
		if i > 0 {
			return text[:siblings[i-1].End] + text[child.End:]
		}
		if len(siblings) > 1 {
			comma := child.End + strings.IndexByte(text[child.End:], ',')
			return text[:from] + text[comma+1:]
		}
	}
	return text[:from] + text[parent.End-1:]
}

// indentation is the white space that begins the line of offset.
func indentation(text string, offset int) string {
	line := text[strings.LastIndexByte(text[:offset], '\n')+1 : offset]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

func encode(value any, indent string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // a policy's < and & stay readable
	if _, scalar := value.(string); !scalar {
		e.SetIndent(indent, "  ")
	}
	if err := e.Encode(value); err != nil {
		return "null"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func quote(s string) string { return encode(s, "") }
