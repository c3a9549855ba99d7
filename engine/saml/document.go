package saml

import "github.com/beevik/etree"

// Document is pasted text with the XML that was found in it. Root is for
// showing: it is lexical, has positions, and proves nothing.
type Document struct {
	Pasted string
	Layers []string // what stood around the XML, outermost first: "HAR", "HTML form", "form body", "URL encoding", "base64", "deflate"; empty for raw XML
	XML    string   // as the layers held it
	Value  string   // the SAMLAssertion parameter: the base64 as pasted, white space removed, or that of pasted XML
	Root   *Element
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
	if err := tree.ReadFromString(d.XML); err != nil {
		return etree.NewDocument() // the gate is stricter than etree
	}
	return tree
}
