package scenario

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// The largest scenario, in bytes, that each of the three doors takes.
const (
	LimitPage   = 1 << 20
	LimitCheck  = 32 << 20
	LimitServer = 64 << 10
)

// maxFindings bounds what a hostile document can make a reader look at. The
// last finding then says how many more there are.
const maxFindings = 100

// Decode reads a scenario of at most limit bytes, from JSON where the text
// begins with { and from YAML else. It is total: it returns what it could
// read, and a finding for everything that isn't as the contract has it, in
// the order of the text. Null stands for a field that isn't given.
func Decode(text string, limit int) (Scenario, []trace.Finding) {
	d := decoder{text: text}
	var s Scenario
	if root, ok := d.parse(limit); ok {
		s = d.scenario(root)
	}
	return s, d.said()
}

// DecodeTree reads a scenario from a tree whose values stand in text, though
// not all of them where they stand in the tree: a lesson's scenario after its
// solution was applied. Positions are those in the text.
func DecodeTree(root source.Node, text string) (Scenario, []trace.Finding) {
	d := decoder{text: text, yaml: isYAML(text)}
	return d.scenario(root), d.said()
}

func (d *decoder) scenario(root source.Node) (s Scenario) {
	d.value(&root, reflect.ValueOf(&s).Elem(), nil)
	s.Root, s.Text = root, d.text
	d.checkNames(&root, &s)
	return s
}

// said are the findings, in the order of the text.
func (d *decoder) said() []trace.Finding {
	slices.SortStableFunc(d.findings, func(a, b trace.Finding) int {
		return cmp.Or(cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	if d.unsaid > 0 {
		d.findings = append(d.findings, ruleTooMany.Finding(trace.SeverityInfo, trace.At{}, fmt.Sprintf(
			"%d more findings are left out; they may vanish as these %d are mended", d.unsaid, maxFindings)))
	}
	return d.findings
}

// Unreadable says whether a finding from Decode means that the document isn't
// a scenario (check exits with 2).
func Unreadable(findings []trace.Finding) bool {
	return slices.ContainsFunc(findings, func(f trace.Finding) bool {
		return f.Severity == trace.SeverityError && strings.HasPrefix(f.Rule, "scenario/")
	})
}

// decoder walks the document and the Go value side by side.
type decoder struct {
	text       string
	yaml       bool
	path       []byte     // JSON Pointer of the value being read
	operation  *operation // of the call being read, nil for one that isn't played
	parameters any        // where its parameters go
	references []earlierCall
	findings   []trace.Finding
	unsaid     int // findings beyond maxFindings
}

// earlierCall is a place in a call's parameters that names an earlier call.
type earlierCall struct {
	node       source.Node
	path, name string
}

// parse reads the text. What fails here leaves nothing to walk.
func (d *decoder) parse(limit int) (root source.Node, ok bool) {
	start := trace.At{Line: 1, Column: 1}
	switch {
	case len(d.text) > limit:
		d.say(ruleTooLarge, trace.At{}, fmt.Sprintf("the text has %d bytes, and at most %d (%s) are read here", len(d.text), limit, binarySize(limit)))
		return root, false
	case strings.Trim(d.text, space) == "":
		d.say(ruleEmpty, start, "the text is empty; a scenario has at least one call, as in: calls: [{action: sts:GetCallerIdentity}]")
		return root, false
	case !utf8.ValidString(d.text):
		line, column := source.Position(d.text, validPrefix(d.text))
		d.say(ruleEncoding, trace.At{Line: line, Column: column}, "the bytes from here on are no UTF-8; save the text as UTF-8")
		return root, false
	}
	d.yaml = isYAML(d.text)
	read, language := source.ParseJSON, "JSON, because the text begins with {"
	if d.yaml {
		read, language = source.ParseYAML, "YAML"
	}
	root, err := read(d.text)
	if err != nil {
		d.say(ruleSyntax, trace.At{Path: err.Pointer, Line: err.Line, Column: err.Column}, err.Reason+" (read as "+language+")")
		return root, false
	}
	return root, true
}

// space is JSON's white space (RFC 8259 §2).
const space = " \t\r\n"

func isYAML(text string) bool { return !strings.HasPrefix(strings.TrimLeft(text, space), "{") }

// validPrefix is how many bytes of text are UTF-8.
func validPrefix(text string) int {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)) {
			return i
		}
	}
	return len(text)
}

func binarySize(bytes int) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}

// say adds a finding of severity error.
func (d *decoder) say(rule trace.Rule, at trace.At, detail string, fix ...trace.Patch) {
	d.add(rule.Finding(trace.SeverityError, at, detail, fix...))
}

func (d *decoder) add(f trace.Finding) {
	if d.full() {
		d.unsaid++
		return
	}
	d.findings = append(d.findings, f)
}

// full says whether another finding would be left out.
func (d *decoder) full() bool { return len(d.findings) >= maxFindings }

// at is the place of n, the value being read.
func (d *decoder) at(n *source.Node) trace.At {
	return trace.At{Path: string(d.path), Line: n.Line, Column: n.Column}
}

// enter goes on to the member or item of that name; leave with what it returns.
func (d *decoder) enter(name string) (back int) {
	back = len(d.path)
	d.path = append(append(d.path, '/'), source.Escape(name)...)
	return back
}

func (d *decoder) leave(back int) { d.path = d.path[:back] }
