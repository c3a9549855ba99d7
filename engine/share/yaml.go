package share

import (
	"bytes"
	"strings"
	"unicode"

	yaml "go.yaml.in/yaml/v3"

	"stsplayground/engine/source"
)

// YAML is a scenario as a person writes one: policies and key sets that stand
// as text of JSON are objects, other text of several lines is a block. Reading
// it gives the same scenario. head are lines of comment before it. What YAML
// can't say (an object with a name twice, which a policy may be) is written as
// JSON, which a file of a scenario may be too.
func YAML(scenario *source.Node, head ...string) string {
	shown := visit{change: unfolded}.node(scenario, "", nil)
	for _, write := range []func(*source.Node) *yaml.Node{neatly, quoted} {
		if shown.Repeated() != nil {
			break // every reader of YAML refuses it
		}
		written := encode(write(&shown), head)
		if read, err := source.ParseYAML(written); err == nil && same(&read, &shown) {
			return written
		}
	}
	return scenario.JSON("  ") + "\n"
}

// unfolded is a document as an object where it is JSON in a string. A policy
// that is sent is measured as it is written, and so stays.
func unfolded(n source.Node, p place) source.Node {
	if n.Kind == source.String && p.document() && !p.asWritten() {
		if inner, err := source.ParseJSON(n.Text); err == nil && inner.Kind == source.Object && inner.Repeated() == nil {
			return inner
		}
	}
	return n
}

func encode(n *yaml.Node, head []string) string {
	var out bytes.Buffer
	for _, line := range head {
		out.WriteString("# " + strings.Join(strings.FieldsFunc(line, unicode.IsControl), " ") + "\n")
	}
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if e.Encode(n) != nil || e.Close() != nil {
		return ""
	}
	return out.String()
}

// short is the longest list or object that stands on one line, in characters.
const short = 88

// neatly is a value as a person writes it.
func neatly(n *source.Node) *yaml.Node {
	y := node(n, neatly)
	switch {
	case n.Kind == source.String && isBlock(n.Text):
		y.Style = yaml.LiteralStyle
	case (n.Kind == source.Array || n.Kind == source.Object) && isFlat(n) && len(n.JSON("")) <= short:
		y.Style = yaml.FlowStyle
	}
	return y
}

// quoted is a value with every string in quotes, which says whatever there is.
func quoted(n *source.Node) *yaml.Node {
	y := node(n, quoted)
	if n.Kind == source.String {
		y.Style = yaml.DoubleQuotedStyle
	}
	return y
}

func node(n *source.Node, write func(*source.Node) *yaml.Node) *yaml.Node {
	switch n.Kind {
	case source.Array:
		y := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range n.Items {
			y.Content = append(y.Content, write(&n.Items[i]))
		}
		return y
	case source.Object:
		y := &yaml.Node{Kind: yaml.MappingNode}
		for i := range n.Members {
			m := &n.Members[i]
			y.Content = append(y.Content, scalar(m.Name), write(&m.Value))
		}
		return y
	case source.String:
		return scalar(n.Text)
	case source.Null, source.Invalid:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: n.Text}
}

// booleans are what other readers take for true and false (YAML 1.1).
var booleans = words("y n yes no on off true false null")

// scalar is a string, in quotes where it would be read as something else.
func scalar(s string) *yaml.Node {
	y := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if s == "" || s == "<<" || booleans[strings.ToLower(s)] || strings.ContainsRune("0123456789.+-", rune(s[0])) && strings.ContainsAny(s, "0123456789") && !strings.ContainsAny(s, "/ ") {
		y.Style = yaml.DoubleQuotedStyle
	}
	return y
}

// isBlock says whether a text reads well as a block of lines: YAML's blocks end
// with one line break at most, and keep no white space that can't be seen.
func isBlock(s string) bool {
	if !strings.Contains(s, "\n") || strings.HasPrefix(s, " ") || strings.HasPrefix(s, "\n") || strings.ContainsFunc(s, invisible) {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimRight(line, " ") != line {
			return false
		}
	}
	return !strings.HasSuffix(s, "\n\n")
}

func invisible(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }

// isFlat says whether a list or object has nothing below it that has parts, and
// no text of more than a line.
func isFlat(n *source.Node) bool {
	flat := func(v *source.Node) bool {
		return v.Kind != source.Array && v.Kind != source.Object && !strings.Contains(v.Text, "\n") || saysNothing(v)
	}
	for i := range n.Items {
		if !flat(&n.Items[i]) {
			return false
		}
	}
	for i := range n.Members {
		if !flat(&n.Members[i].Value) {
			return false
		}
	}
	return true
}

// same says whether two trees hold the same, wherever and however they are
// written.
func same(a, b *source.Node) bool { return a.JSON("") == b.JSON("") }

// Head are the lines that stand before a scenario's YAML: how it is played, and
// what was taken out of it.
func Head(file string, changes []Change) []string {
	head := []string{"A scenario of the STS Playground. To play it: stsplayground check " + file}
	for _, sentence := range Sentences(changes) {
		head = append(head, sentence+".")
	}
	return head
}
