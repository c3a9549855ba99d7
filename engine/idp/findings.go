package idp

import (
	"fmt"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

func (p *press) find(rule trace.Rule, severity trace.Severity, at trace.At, detail string, fix ...trace.Patch) {
	p.findings = append(p.findings, rule.Finding(severity, at, detail, fix...))
}

// unknown reports a word of the mint that is none of the known ones. It names
// the nearest, and puts it in its place where there is one.
func (p *press) unknown(rule trace.Rule, name, word string, known []string, consequence string) {
	p.unknownIn(rule, name, name, word, known, consequence)
}

// unknownIn reports such a word in a field that isn't named for what it holds.
func (p *press) unknownIn(rule trace.Rule, field, name, word string, known []string, consequence string) {
	path := p.mint.Path + "/" + field
	near, _ := source.Nearest(word, known)
	if near == "" {
		p.find(rule, trace.SeverityError, trace.At{Path: path}, fmt.Sprintf(
			"There is no %s %s, so %s; write one of %s.", name, quote(source.Clip(word)), consequence, strings.Join(known, ", ")))
		return
	}
	p.find(rule, trace.SeverityError, trace.At{Path: path}, fmt.Sprintf(
		"There is no %s %s, so %s; the nearest is %s.", name, quote(source.Clip(word)), consequence, quote(near)),
		trace.Patch{Op: "replace", Path: path, Value: near})
}

// place is where a document stands.
func place(doc scenario.Document) trace.At {
	return trace.At{Path: doc.Path, Line: doc.Node.Line, Column: doc.Node.Column}
}

// placeWithin is a place in a document, also where the document is written as
// text. pointer goes on from the document's own path.
func placeWithin(doc scenario.Document, pointer string, line, column int) trace.At {
	if doc.Node.Kind != source.String {
		return trace.At{Path: doc.Path + pointer, Line: line, Column: column}
	}
	at := trace.At{Path: doc.Path + pointer, Within: &trace.Within{Path: doc.Path, Line: line, Column: column}}
	at.Line, at.Column = doc.Locate(line, column)
	return at
}
