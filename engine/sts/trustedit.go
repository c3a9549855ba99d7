package sts

import (
	"strconv"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// trustPath is a place of the decision as a JSON Pointer into the trust
// policy itself.
func (f *facts) trustPath(at *trace.At) string {
	if at == nil {
		return ""
	}
	return strings.TrimPrefix(at.Path, f.role.AssumeRolePolicyDocument.Path)
}

// policyNode is what stands at a place of a policy, nil for none.
func policyNode(d scenario.Document, pointer string) *source.Node {
	return d.Tree().At(pointer)
}

// alsoAccept adds a value to those that a condition wants.
func (f *facts) alsoAccept(c *iam.ConditionDecision, value, why, widens string) miss {
	path := f.trustPath(c.At)
	node := policyNode(f.role.AssumeRolePolicyDocument, path)
	m := miss{why: why, title: "Also accept " + value, widens: widens}
	switch {
	case node == nil:
		m.title = ""
	case node.Kind == source.Array:
		m.edits = []trace.Patch{{Op: "add", Path: path + "/-", Value: value}}
	case node.Kind == source.String:
		m.edits = []trace.Patch{{Op: "replace", Path: path, Value: []string{node.Text, value}}}
	}
	return m
}

// replaceValue writes value where the condition has old.
func (f *facts) replaceValue(c *iam.ConditionDecision, old, value, why, title, widens string) miss {
	path := f.trustPath(c.At)
	node := policyNode(f.role.AssumeRolePolicyDocument, path)
	m := miss{why: why, title: title, widens: widens}
	if node == nil {
		return m
	}
	if node.Kind == source.String {
		m.edits = []trace.Patch{{Op: "replace", Path: path, Value: value}}
		return m
	}
	for i := range node.Items {
		if node.Items[i].Text == old {
			m.edits = []trace.Patch{{Op: "replace", Path: path + "/" + strconv.Itoa(i), Value: value}}
			return m
		}
	}
	return m
}

// renameOperator moves a condition's key under another operator.
func (f *facts) renameOperator(c *iam.ConditionDecision, operator string) []trace.Patch {
	return f.moveCondition(c, operator, c.Key)
}

// renameKey gives a condition another key.
func (f *facts) renameKey(c *iam.ConditionDecision, key string) []trace.Patch {
	return f.moveCondition(c, c.Operator, key)
}

// moveCondition writes a condition under another operator or key, and removes
// it where it stood, with the operator if nothing is left of it.
func (f *facts) moveCondition(c *iam.ConditionDecision, operator, key string) []trace.Patch {
	from := f.trustPath(c.At)
	slash := strings.LastIndexByte(from, '/')
	if slash < 0 {
		return nil
	}
	block := from[:slash]
	conditions := block[:strings.LastIndexByte(block, '/')]
	document := f.role.AssumeRolePolicyDocument
	node := policyNode(document, from)
	siblings := policyNode(document, block)
	if node == nil || siblings == nil {
		return nil
	}
	value := plain(node)
	var edits []trace.Patch
	to := conditions + "/" + source.Escape(operator)
	alone := len(siblings.Members) == 1
	switch target := policyNode(document, to); {
	case operator == c.Operator && siblings.Get(key) != nil:
		return nil // the operator already asks for the key: no certain mend
	case operator == c.Operator:
		return []trace.Patch{{Op: "add", Path: block + "/" + source.Escape(key), Value: value}, {Op: "remove", Path: from}}
	case target == nil:
		edits = append(edits, trace.Patch{Op: "add", Path: to, Value: map[string]any{key: value}})
	case target.Get(key) != nil:
		return nil // the other operator already asks for the key: no certain mend
	default:
		edits = append(edits, trace.Patch{Op: "add", Path: to + "/" + source.Escape(key), Value: value})
	}
	if alone {
		return append(edits, trace.Patch{Op: "remove", Path: block})
	}
	return append(edits, trace.Patch{Op: "remove", Path: from})
}

// plain is a policy value, a string or a list of strings, as data.
func plain(n *source.Node) any {
	if n.Kind != source.Array {
		return n.Text
	}
	values := make([]string, len(n.Items))
	for i := range n.Items {
		values[i] = n.Items[i].Text
	}
	return values
}
