package saml

import (
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"

	"stsplayground/engine/source"
)

// Document is pasted text with the XML that was found in it. Root is for
// showing: it is lexical, has positions, and proves nothing. What could not
// be read is empty; Root ends where the gate refuses.
type Document struct {
	Pasted string
	Layers []string // what stood around the XML, outermost first: "HAR", "JSON", "HTML form", "form body", "URL", "command line", "quotes", "HTML entities", "JSON escapes", "URL encoding", "base64", "deflate"; empty for raw XML
	XML    string   // as the layers held it
	Value  string   // the SAMLAssertion parameter: the base64 as pasted, in the standard alphabet, white space removed, or that of pasted XML
	Root   *Element

	normal string  // XML, as etree is to read it
	layers []layer // every one, outermost first, also those that have no name
}

// Element is an element of a document, with the byte offsets in its XML that
// it begins and ends at. Text is its own character data, joined and trimmed;
// Children are its elements, in order.
type Element struct {
	Prefix, Local, Space string // Space is the namespace's URI, "" for none
	Attrs                []Attr
	Text                 string
	Children             []*Element
	Start, End           int
}

// Attr is an attribute as written, xmlns declarations included.
type Attr struct {
	Name, Value string // Name with its prefix
}

// Tree is the document for etree, parsed from the bytes that the gate let
// through. Each call gives a tree of its own.
func (d *Document) Tree() *etree.Document {
	tree := etree.NewDocument()
	if err := tree.ReadFromString(d.normal); err != nil {
		return etree.NewDocument() // the gate is stricter than etree
	}
	return tree
}

// Position is the line and column, from 1 and in code points, in the text as
// pasted, of a byte offset in the XML: where base64 encodes it, the first
// character that holds a part of it; inside compressed data, where that
// begins. Offsets past the end stand for the end.
func (d *Document) Position(offset int) (line, column int) {
	return d.position(d.layers, max(offset, 0))
}

func (d *Document) position(layers []layer, offset int) (line, column int) {
	return locator(d.Pasted, layers)(offset)
}

// Locator is Position for many offsets: as long as they grow, the text is
// gone through once.
func (d *Document) Locator() func(offset int) (line, column int) {
	return locator(d.Pasted, d.layers)
}

func locator(pasted string, layers []layer) func(offset int) (line, column int) {
	cursors := make([]cursor, len(layers))
	seen, line, column := 0, 1, 1
	return func(offset int) (int, int) {
		for i := len(layers) - 1; i >= 0; i-- {
			offset = layers[i].outside(offset, &cursors[i])
		}
		offset = min(offset, len(pasted))
		for back := 0; back < utf8.UTFMax-1 && offset > 0 && offset < len(pasted) && !utf8.RuneStart(pasted[offset]); back++ {
			offset-- // to the beginning of the character
		}
		if offset < seen {
			seen, line, column = 0, 1, 1
		}
		dLine, dColumn := source.Position(pasted[seen:], offset-seen)
		if dLine > 1 {
			line, column = line+dLine-1, dColumn
		} else {
			column += dColumn - 1
		}
		seen = offset
		return line, column
	}
}

// Name is the element's name as written, with its prefix.
func (e *Element) Name() string {
	if e.Prefix == "" {
		return e.Local
	}
	return e.Prefix + ":" + e.Local
}

// Is compares the element's expanded name; a prefix decides nothing.
func (e *Element) Is(space, local string) bool {
	return e.Space == space && e.Local == local
}

// Attr is the value of the attribute of that name as written, "" where there
// is none.
func (e *Element) Attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// Find is the first element of that expanded name in document order, e
// itself included; nil where there is none.
func (e *Element) Find(space, local string) (found *Element) {
	e.Walk(func(e *Element) bool {
		if found == nil && e.Is(space, local) {
			found = e
		}
		return found == nil
	})
	return found
}

// Child is the first child of that expanded name; nil where there is none.
func (e *Element) Child(space, local string) *Element {
	for _, child := range e.Children {
		if child.Is(space, local) {
			return child
		}
	}
	return nil
}

// Walk calls visit for e and what is below it, in document order. It goes
// into an element only where visit says so. A nil element has nothing to visit.
func (e *Element) Walk(visit func(*Element) bool) {
	if e == nil || !visit(e) {
		return
	}
	for _, child := range e.Children {
		child.Walk(visit)
	}
}

// roots are documents of SAML's world by their root element: what each is,
// in words, and what to do where another was wanted.
var roots = []struct{ space, local, what, way string }{
	{nsProtocol, "Response", "a SAML response", "a response is what the provider sends to AWS for one person"},
	{nsAssertion, "Assertion", "an assertion without its response", "an assertion is sent inside a Response element"},
	{nsProtocol, "AuthnRequest", "an authentication request", "a request asks the identity provider for a response, and is the field SAMLRequest"},
	{nsProtocol, "LogoutRequest", "a logout request", "logging out is another exchange"},
	{nsProtocol, "LogoutResponse", "a logout response", "logging out is another exchange"},
	{nsProtocol, "ArtifactResponse", "an artifact response", "the response is an element inside it"},
	{nsMetadata, "EntityDescriptor", "metadata", "metadata describes a provider, and holds its keys"},
	{nsMetadata, "EntitiesDescriptor", "metadata of several entities", "metadata describes providers, and holds their keys"},
	{"urn:oasis:names:tc:SAML:1.0:protocol", "Response", "a response of SAML 1.x", "AWS takes SAML 2.0"},
	{"http://schemas.xmlsoap.org/soap/envelope/", "Envelope", "a SOAP envelope", "the message is an element inside it"},
	{"http://www.w3.org/2003/05/soap-envelope", "Envelope", "a SOAP envelope", "the message is an element inside it"},
}

// describe says what document an element is the root of, and what such a
// document is for, both in words that go into a sentence.
func describe(root *Element) (what, way string) {
	for _, r := range roots {
		if root.Is(r.space, r.local) {
			return r.what, r.way
		}
	}
	for _, r := range roots {
		if root.Local == r.local && strings.HasPrefix(r.space, "urn:oasis:names:tc:SAML:2.0:") {
			return "<" + source.Clip(root.Name()) + "> in the namespace " + source.Quote(root.Space), "that element is in another namespace than SAML 2.0 has it, " + r.space
		}
	}
	return "<" + source.Clip(root.Name()) + ">", "that element is none of SAML's documents"
}
