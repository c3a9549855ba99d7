package sts

import (
	"strings"

	"github.com/beevik/etree"

	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
)

// SAMLView is a SAML response taken apart for people: nothing decides by it.
type SAMLView struct {
	Layers     []string        `json:"layers"`           // what stood around the XML, outermost first
	Minted     string          `json:"minted,omitempty"` // the XML, where the playground made it
	Root       *ElementView    `json:"root"`             // as sent; nil where it can't be read
	Opened     *ElementView    `json:"opened,omitempty"`
	Signatures []SignatureView `json:"signatures"`
	Attributes []AttributeView `json:"attributes"`      // of the proven assertion, in its order
	Times      []NamedValue    `json:"times,omitempty"` // of the proven assertion: what the call's moment is held against; RFC 3339, UTC
	Path       string          `json:"-"`               // JSON Pointer of where it was pasted, "" where it was minted
}

// ElementView is an element of the response. Signed says what a good
// signature over this element vouches for: "Response" or "Assertion", "" for
// none that begins here. Line and Column are those of the text as pasted.
type ElementView struct {
	Name       string         `json:"name"`
	Attributes []NamedValue   `json:"attributes,omitempty"`
	Text       string         `json:"text,omitempty"`
	Signed     string         `json:"signed,omitempty"`
	Broken     bool           `json:"broken,omitempty"` // a signature over this element isn't good
	Line       int            `json:"line,omitempty"`
	Column     int            `json:"column,omitempty"`
	Children   []*ElementView `json:"children,omitempty"`
}

// NamedValue is an XML attribute.
type NamedValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// SignatureView is the anatomy of one signature.
type SignatureView struct {
	On         string `json:"on"` // Response or Assertion
	Method     string `json:"method"`
	Good       bool   `json:"good"`
	Canonical  string `json:"canonical"`
	Hash       string `json:"hash"`
	Digest     string `json:"digest"`
	Referenced string `json:"referenced"`
	SignedInfo string `json:"signedInfo"`
	InfoHash   string `json:"infoHash"`
	InfoDigest string `json:"infoDigest"`
	Recovered  string `json:"recovered,omitempty"`
	Padding    string `json:"padding,omitempty"`
	R          string `json:"r,omitempty"`
	S          string `json:"s,omitempty"`
}

// AttributeView is one SAML attribute. Key is the condition key that it
// becomes, "" for none.
type AttributeView struct {
	Name    string   `json:"name"`
	Values  []string `json:"values"`
	Meaning string   `json:"meaning,omitempty"`
	Key     string   `json:"key,omitempty"`
}

// attributeMeanings say what AWS's own attributes are for.
var attributeMeanings = map[string]string{
	attributeRole:        "the roles that the person may choose from, each with the provider",
	attributeSessionName: "names the session",
	attributeDuration:    "how long a console session lasts, in seconds; it shortens one of the API",
	attributeTransitive:  "which session tags stay when the session assumes further roles",
	attributeIdentity:    "the source identity",
}

// viewResponse takes the call's response apart; nil where it has none.
func (f *facts) viewResponse(mode scenario.ClaimsMode) *SAMLView {
	d := f.saml.presented.Document
	if d == nil {
		return nil
	}
	v := &SAMLView{Path: f.saml.presented.Written.Path, Layers: append([]string{}, d.Layers...), Signatures: []SignatureView{}, Attributes: []AttributeView{}}
	marks := map[string]*saml.Signature{}
	if r := f.saml.response; r != nil {
		signatures := r.Signatures()
		for i := range signatures {
			s := &signatures[i]
			marks[s.On] = s
			v.Signatures = append(v.Signatures, viewSignature(s))
		}
	}
	if f.call.Params.SAMLAssertion.Mint != nil {
		v.Minted = d.XML
	}
	if d.Root == nil {
		return v
	}
	position := d.Locator()
	if !f.saml.presented.Written.Given() { // minted, so it stands nowhere
		position = func(int) (int, int) { return 0, 0 }
	}
	v.Root = viewElement(d.Root, marks, position)
	if r := f.saml.response; r != nil && r.Encrypted && f.saml.verified != nil {
		v.Opened = viewTree(f.saml.verified.Assertion)
		if s := marks["Assertion"]; s != nil {
			v.Opened.Signed = "Assertion"
		}
	}
	for _, attribute := range f.saml.assertion.Attributes {
		v.Attributes = append(v.Attributes, viewAttribute(&attribute, mode))
	}
	v.Times = f.viewTimes()
	return v
}

func viewSignature(s *saml.Signature) SignatureView {
	a := &s.Anatomy
	return SignatureView{
		On: s.On, Method: s.Method, Good: s.Key != nil,
		Canonical: a.Canonical, Hash: a.DigestHash, Digest: a.Digest, Referenced: a.Referenced,
		SignedInfo: a.SignedInfo, InfoHash: a.SignatureHash, InfoDigest: a.InfoDigest,
		Recovered: a.Recovered, Padding: a.Padding, R: a.R, S: a.S,
	}
}

// viewElement is an element of the response as sent. Marks are the response's
// signatures by what they are on; only the Response and the assertion that is
// its child have one.
func viewElement(e *saml.Element, marks map[string]*saml.Signature, position func(offset int) (line, column int)) *ElementView {
	v := &ElementView{Name: e.Name(), Text: e.Text}
	v.Line, v.Column = position(e.Start)
	for _, a := range e.Attrs {
		v.Attributes = append(v.Attributes, NamedValue{a.Name, a.Value})
	}
	if s := marks[e.Local]; s != nil && (e.Is(nsProtocol, "Response") || e.Is(nsAssertion, "Assertion")) && e.Child(nsSignature, "Signature") != nil {
		v.Broken = s.Key == nil
		if s.Key != nil {
			v.Signed = s.On
		}
	}
	for _, child := range e.Children {
		v.Children = append(v.Children, viewElement(child, marks, position))
	}
	return v
}

// The namespaces of what a signature can be on, and of the signature. What is
// only called so proves nothing.
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
)

// viewTree is an element that was read out of an encrypted one, which has no
// place in what was pasted.
func viewTree(e *etree.Element) *ElementView {
	v := &ElementView{Name: e.FullTag()}
	for _, a := range e.Attr {
		v.Attributes = append(v.Attributes, NamedValue{a.FullKey(), a.Value})
	}
	var text strings.Builder
	for _, token := range e.Child {
		switch t := token.(type) {
		case *etree.CharData:
			text.WriteString(t.Data)
		case *etree.Element:
			v.Children = append(v.Children, viewTree(t))
		}
	}
	v.Text = strings.TrimSpace(text.String())
	return v
}

func viewAttribute(a *saml.Attribute, mode scenario.ClaimsMode) AttributeView {
	v := AttributeView{Name: a.Name, Values: append([]string{}, a.Values...), Meaning: attributeMeanings[a.Name]}
	tag, isTag := strings.CutPrefix(a.Name, attributeTag)
	switch k := keyOfAttribute(a.Name); {
	case isTag:
		v.Meaning, v.Key = "the session tag "+tag, "aws:RequestTag/"+tag
	case a.Name == attributeSessionName:
		v.Key = "sts:RoleSessionName"
	case a.Name == attributeIdentity:
		v.Key = "sts:SourceIdentity"
	case a.Name == attributeTransitive:
		v.Key = "sts:TransitiveTagKeys"
	case k != nil:
		v.Key = samlPrefix + ":" + k.key
	case mode == scenario.ClaimsAll && v.Meaning == "":
		v.Key = samlPrefix + ":" + a.Name
	}
	return v
}
