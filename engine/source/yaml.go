package source

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"
)

// ParseYAML reads one YAML document that fills text, as far as YAML says the
// same as JSON: no anchors, aliases, merge keys or tags, and names that are
// scalars. A plain scalar is null, true, false or a number exactly where JSON
// has that literal (YAML 1.2.2 §10.2, the JSON schema); one that is empty or ~
// is null too; every other is a string. So account ids with a leading zero,
// dates, yes and no stay what was written.
func ParseYAML(text string) (Node, *Error) { return parseYAML(text, false) }

// ParseTemplate reads a CloudFormation template: YAML as in ParseYAML, in
// which a tag is the short form of an intrinsic function: !Sub x is read as
// {"Fn::Sub": x}, !Ref x as {"Ref": x} (CloudFormation template reference,
// intrinsic-function-reference).
func ParseTemplate(text string) (Node, *Error) { return parseYAML(text, true) }

func parseYAML(text string, intrinsics bool) (node Node, failure *Error) {
	// The library ends with a panic of its own on states that it takes for
	// impossible. Whatever text leads there, it is no document.
	defer func() {
		if recover() != nil {
			node, failure = Node{}, &Error{Line: 1, Column: 1, Reason: "the text can't be read as YAML"}
		}
	}()
	if err := tooDeepForYAML(text); err != nil {
		return Node{}, err
	}
	dec := yaml.NewDecoder(strings.NewReader(text))
	var doc, next yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return Node{}, &Error{Line: 1, Column: 1, Reason: "the text has no YAML document in it"}
	} else if err != nil {
		return Node{}, yamlError(text, err)
	}
	if err := dec.Decode(&next); err == nil {
		return Node{}, refuse(&next, "a second YAML document begins here; put it into a file of its own")
	} else if !errors.Is(err, io.EOF) {
		return Node{}, yamlError(text, err)
	}
	if len(doc.Content) != 1 {
		return Node{}, refuse(&doc, "the YAML document is empty")
	}
	r := yamlReader{lines: lineStarts(text), intrinsics: intrinsics}
	return r.node(doc.Content[0], 0)
}

// yamlReader makes Nodes of the library's.
type yamlReader struct {
	lines      []int // byte offset of each line's start
	intrinsics bool  // tags stand for CloudFormation's functions
}

func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func (r *yamlReader) node(y *yaml.Node, depth int) (Node, *Error) {
	if depth > MaxDepth {
		return Node{}, refuse(y, tooDeep)
	}
	if function := intrinsic(y); r.intrinsics && function != "" {
		y.Style &^= yaml.TaggedStyle
		argument, err := r.node(y, depth+1)
		return Node{Kind: Object, Line: y.Line, Column: y.Column, Members: []Member{{Name: function, Value: argument}}}, err
	}
	if reason := beyondJSON(y); reason != "" {
		return Node{}, refuse(y, reason)
	}
	n := Node{Line: y.Line, Column: y.Column}
	switch y.Kind {
	case yaml.SequenceNode:
		n.Kind = Array
		for _, item := range y.Content {
			value, err := r.node(item, depth+1)
			if err != nil {
				return Node{}, err
			}
			n.Items = append(n.Items, value)
		}
	case yaml.MappingNode:
		n.Kind = Object
		var names memberNames
		for i := 0; i+1 < len(y.Content); i += 2 {
			m, err := r.member(y.Content[i], y.Content[i+1], depth)
			if err != nil {
				return Node{}, err
			}
			m.Repeated = names.repeats(n.Members, m.Name)
			n.Members = append(n.Members, m)
		}
	default:
		n.Text = y.Value
		n.Kind, n.Style = scalarKind(y)
		if n.Style == Literal && n.Line < len(r.lines) {
			n.Offset = r.lines[n.Line]
		}
	}
	return n, nil
}

func (r *yamlReader) member(key, value *yaml.Node, depth int) (Member, *Error) {
	if reason := beyondJSON(key); reason != "" {
		return Member{}, refuse(key, reason)
	}
	if key.Kind != yaml.ScalarNode {
		return Member{}, refuse(key, "the name of a field is a list or an object; write it as a string")
	}
	n, err := r.node(value, depth+1)
	return Member{Name: key.Value, Value: n, Line: key.Line, Column: key.Column}, err
}

// intrinsic is the function that y's tag is the short form of, "" where it is none.
func intrinsic(y *yaml.Node) string {
	name, ok := strings.CutPrefix(y.Tag, "!")
	switch {
	case !ok || y.Style&yaml.TaggedStyle == 0 || name == "" || name[0] == '!':
		return ""
	case name == "Ref" || name == "Condition":
		return name
	}
	return "Fn::" + name
}

// beyondJSON says why y is nothing that JSON can say, "" where it can.
func beyondJSON(y *yaml.Node) string {
	switch {
	case y.Kind == yaml.AliasNode:
		return fmt.Sprintf("*%s is a YAML alias; write the value out, or put quotes around a text that begins with *", y.Value)
	case y.Anchor != "":
		return fmt.Sprintf("&%s is a YAML anchor; leave it out, or put quotes around a text that begins with &", y.Anchor)
	case y.Style&yaml.TaggedStyle != 0:
		return fmt.Sprintf("%s is a YAML tag; leave it out, or put quotes around a text that begins with !", y.Tag)
	case y.Kind == yaml.ScalarNode && y.Style == 0 && y.Value == "<<":
		return "<< is a YAML merge key; write the fields out"
	}
	return ""
}

func scalarKind(y *yaml.Node) (Kind, Style) {
	switch {
	case y.Style&yaml.LiteralStyle != 0:
		return String, Literal
	case y.Style&yaml.FoldedStyle != 0:
		return String, Folded
	case y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		return String, Quoted
	}
	switch y.Value {
	case "", "~", "null":
		return Null, Plain
	case "true", "false":
		return Bool, Plain
	}
	if isNumber(y.Value) {
		return Number, Plain
	}
	return String, Plain
}

// isNumber says whether s is a number as JSON writes it (RFC 8259 §6).
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if strings.HasPrefix(s, ".") {
		fraction := digits(s[1:])
		if fraction == 0 {
			return false
		}
		s = s[1+fraction:]
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && digits(s) == len(s)
}

// digits is how many of the first bytes of s are decimal digits.
func digits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}

func refuse(y *yaml.Node, reason string) *Error {
	return &Error{Line: max(y.Line, 1), Column: max(y.Column, 1), Reason: reason}
}

// maxOpen bounds the brackets that stand open and the dashes that lead one
// line, before the library sees them: it descends once for each, and a
// browser's stack ends long before its own bound of 10,000.
const maxOpen = 1000

// tooDeepForYAML refuses text that nests out of all proportion. It counts
// brackets inside strings too: one that leaves a thousand of them open is no
// input of this field either.
func tooDeepForYAML(text string) *Error {
	open, leading, indentation := 0, 0, true
	for i := range len(text) {
		switch text[i] {
		case '\n':
			leading, indentation = 0, true
			continue
		case ' ', '\t':
			continue
		case '-', '?':
			if indentation {
				leading++
			}
		case '[', '{':
			open++
			indentation = false
		case ']', '}':
			open = max(open-1, 0)
			indentation = false
		default:
			indentation = false
		}
		if open > maxOpen || leading > maxOpen {
			line, column := Position(text, i)
			return &Error{Line: line, Column: column, Reason: tooDeep}
		}
	}
	return nil
}

// parserProblems are the library's messages whose line counts from 0; those
// of its scanner count from 1.
var parserProblems = []string{
	"did not find expected ',' or ']'",
	"did not find expected ',' or '}'",
	"did not find expected '-' indicator",
	"did not find expected <document start>",
	"did not find expected key",
	"did not find expected node content",
	"found duplicate %TAG directive",
	"found duplicate %YAML directive",
	"found incompatible YAML document",
	"found undefined tag handle",
}

// yamlHints says what to do about the library's most frequent messages.
var yamlHints = []struct{ problem, hint string }{
	{"mapping values are not allowed", "a field stands where none can; a text with a colon and a space in it needs quotes, and a field begins a line of its own"},
	{"cannot start any token", "a text that begins with a tab, @, ` or % needs quotes"},
	{"alphabetic or numeric character", "a text that begins with * or & needs quotes"},
	{"could not find expected ':'", "the line has no colon and space after the field's name"},
	{"did not find expected key", "the line fits no field; it is indented otherwise than the lines around it, or text follows a closing quote"},
	{"did not find expected '-'", "the line fits no list item; it is indented otherwise than the lines around it"},
	{"did not find expected ',' or", "a bracket that was opened isn't closed, or a comma is missing"},
	{"unexpected end of stream", "a quote that was opened isn't closed"},
	{"unknown escape character", "the backslash stands before a character that needs none; text in single quotes keeps its backslashes"},
	{"<document start>", "the line is indented less than the first one"},
}

// yamlError gives the library's error its place and, where the cause is a
// frequent one, the way out. The library names the line in its text only,
// and leaves line 1 out.
func yamlError(text string, err error) *Error {
	reason := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if rest, ok := strings.CutPrefix(reason, "line "); ok {
		if number, problem, ok := strings.Cut(rest, ": "); ok {
			line, _ = strconv.Atoi(number)
			reason = problem
		}
	}
	for _, problem := range parserProblems {
		if reason == problem && err.Error() != "yaml: "+problem {
			line++
		}
	}
	column := 1
	switch start, rest := lineAt(text, line); {
	case strings.Contains(reason, "control characters are not allowed"):
		line, column = Position(text, max(strings.IndexFunc(text, isControl), 0))
	case strings.HasPrefix(reason, "unknown anchor '"):
		name := strings.TrimSuffix(strings.TrimPrefix(reason, "unknown anchor '"), "' referenced")
		line, column = Position(text, max(strings.Index(text, "*"+name), 0))
		reason = fmt.Sprintf("*%s is a YAML alias; write the value out, or put quotes around a text that begins with *", name)
	case strings.Contains(start, "\t"):
		column = 1 + strings.Index(start, "\t")
		reason = "a tab indents the line; YAML takes spaces only"
	case rest != "":
		column = 1 + utf8.RuneCountInString(start)
	}
	for _, h := range yamlHints {
		if strings.Contains(reason, h.problem) {
			reason = h.hint
			break
		}
	}
	return &Error{Line: line, Column: column, Reason: reason}
}

// lineAt is a line's indentation and the rest of it; line counts from 1.
func lineAt(text string, line int) (indentation, rest string) {
	for ; line > 1; line-- {
		_, text, _ = strings.Cut(text, "\n")
	}
	text, _, _ = strings.Cut(text, "\n")
	rest = strings.TrimLeft(text, " \t")
	return text[:len(text)-len(rest)], rest
}

// isControl says whether YAML refuses r even inside quotes (YAML 1.2.2 §5.1).
func isControl(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff
}
