package saml

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Careless readers are for showing what strict ones are good for: nothing that
// plays AWS goes by them.

// ReadCarelessly is Read for a reader that doesn't mind a document type, passes
// over it, and keeps processing instructions. Entities are not replaced, so a
// document that needs them is refused as ever.
func ReadCarelessly(pasted string) (*Document, *Refusal) {
	d, refusal := Read(pasted)
	if refusal == nil || refusal.Reason != IllFormed {
		return d, refusal
	}
	bare := withoutInstructions(withoutDoctype(d.XML))
	root, _, f := normal(bare, responseLimits)
	if f != nil {
		return d, refusal
	}
	careless := *d
	careless.Root, careless.normal = root, withoutDoctype(d.XML)
	return &careless, nil
}

// withoutDoctype takes the document type out, with what it declares.
func withoutDoctype(text string) string {
	start := strings.Index(text, "<!DOCTYPE")
	if start < 0 {
		return text
	}
	depth := 0
	for i := start; i < len(text); i++ {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '>':
			if depth <= 0 {
				return text[:start] + text[i+1:]
			}
		}
	}
	return text
}

// withoutInstructions takes processing instructions out, but for the XML
// declaration at the beginning.
func withoutInstructions(text string) string {
	for from := 0; ; {
		start := strings.Index(text[from:], "<?")
		if start < 0 {
			return text
		}
		start += from
		end := strings.Index(text[start:], "?>")
		switch {
		case end < 0:
			return text
		case start == 0 && strings.HasPrefix(text, "<?xml"):
			from = end + 2
		default:
			text = text[:start] + text[start+end+2:]
			from = start
		}
	}
}

// OpenCarelessly is the response of a reader that takes the first assertion
// that it comes across, wherever it stands, and a signature for good wherever
// one of the document's is, whatever it signs. It is nil where there is no
// assertion in the clear.
func OpenCarelessly(d *Document) *Response {
	r := &Response{document: d, root: d.Tree().Root(), careless: true}
	if r.root == nil {
		return nil
	}
	r.assertion = firstAssertion(r.root, r.root)
	if r.assertion == nil {
		return nil
	}
	return r
}

// firstAssertion passes over what lies inside signatures and other responses.
func firstAssertion(el, root *etree.Element) *etree.Element {
	switch {
	case is(el, nsAssertion, "Assertion"):
		return el
	case is(el, nsSignature, "Signature"), el != root && is(el, nsProtocol, "Response"):
		return nil
	}
	for _, child := range el.ChildElements() {
		if found := firstAssertion(child, root); found != nil {
			return found
		}
	}
	return nil
}

// verifyCarelessly looks for a signature that is good over some element with
// the ID that it refers to. What is read is another matter, which is the fault.
func (r *Response) verifyCarelessly(keys []Key) (*Verified, *Refusal) {
	r.signatures = nil
	var first *Refusal
	for _, signature := range allOf(r.root, nsSignature, "Signature") {
		for _, el := range r.signedBy(signature) {
			alone := detach(el)
			for _, own := range childrenOf(alone, nsSignature, "Signature") {
				alone.RemoveChild(own)
			}
			only := detach(signature)
			for _, part := range only.ChildElements() {
				if !slices.Contains([]string{"SignedInfo", "SignatureValue", "KeyInfo"}, part.Tag) {
					only.RemoveChild(part)
				}
			}
			alone.InsertChildAt(0, only)
			probe := &Response{document: &Document{}, root: alone}
			s, refusal := probe.read(only)
			if refusal == nil {
				var found Signature
				if _, found, refusal = probe.verify(s, keys); refusal == nil {
					r.signatures = []Signature{found}
					v := r.OnTrust()
					v.Signatures = r.signatures
					return v, nil
				}
				r.signatures = append(r.signatures, found)
			}
			if first == nil {
				first = refusal
			}
		}
	}
	if first == nil {
		first = r.refuseUnsigned()
	}
	return nil, first
}

// signedBy are the elements that the signature's reference can mean.
func (r *Response) signedBy(signature *etree.Element) (meant []*etree.Element) {
	info := childOf(signature, nsSignature, "SignedInfo")
	if info == nil {
		return nil
	}
	reference := childOf(info, nsSignature, "Reference")
	if reference == nil {
		return nil
	}
	id := strings.TrimPrefix(attrOf(reference, "URI"), "#")
	walk(r.root, func(el *etree.Element) *Refusal {
		if attrOf(el, "ID") == id && id != "" && len(meant) < mostMeant {
			meant = append(meant, el)
		}
		return nil
	})
	return meant
}

// mostMeant bounds the elements that one reference is tried with.
const mostMeant = 4

func allOf(root *etree.Element, space, local string) (all []*etree.Element) {
	walk(root, func(el *etree.Element) *Refusal {
		if is(el, space, local) && len(all) < mostMeant {
			all = append(all, el)
		}
		return nil
	})
	return all
}

// ReadCarelessly reads the assertion as it was presented, and of every text
// only the piece before the first comment or processing instruction, as the
// readers of CVE-2018-7340 and its family did. It is nil while the assertion is
// encrypted.
func (r *Response) ReadCarelessly() *Assertion {
	if r.assertion == nil {
		return nil
	}
	a := readAssertion(r.assertion, reader{careless: true})
	return &a
}

// BroughtKeys are the keys of the certificates that the response itself brings
// along, which prove nothing about who made it.
func (r *Response) BroughtKeys() (keys []Key) {
	for _, el := range allOf(r.root, nsSignature, "X509Certificate") {
		k := Key{Index: len(keys)}
		k.readCertificate(textOf(el))
		if k.Public != nil {
			keys = append(keys, k)
		}
	}
	return keys
}
