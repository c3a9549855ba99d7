package saml

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"stsplayground/engine/pkcs1"
	"stsplayground/engine/source"
)

// signed is a ds:Signature of the profile, taken apart.
type signed struct {
	on        *etree.Element // whose child it is, and which it refers to
	signature *etree.Element
	info      *etree.Element // its SignedInfo

	infoC14n, c14n         string // URIs; "" where the Reference has no canonicalization
	infoPrefixes, prefixes string // the PrefixLists that go with them
	method                 *method
	digest                 *digestMethod
	reference              []byte // DigestValue
	value                  []byte // SignatureValue
	warnings               []string

	tried map[*Key]trial
}

// trial is what a key makes of a signature.
type trial struct {
	block []byte // of an RSA signature; nil where the key can't be applied
	why   string // and why
	good  bool   // the key made the signature over the digest of SignedInfo
}

// try applies the key to the signature, once: with many keys that is what
// costs time. It decides nothing but which key goxmldsig is asked with.
func (s *signed) try(key *Key, digest []byte) trial {
	t, known := s.tried[key]
	if known {
		return t
	}
	switch public := key.Public.(type) {
	case *rsa.PublicKey:
		t.block, t.why = pkcs1.Open(public, s.value)
		t.good = t.block != nil && bytes.Equal(t.block, pkcs1.Block(s.method.said, digest, len(t.block)))
	case *ecdsa.PublicKey:
		t.good = len(s.value) <= key.signatureLength() && ecdsa.VerifyASN1(public, digest, derOf(s.value))
	}
	if s.tried == nil {
		s.tried = map[*Key]trial{}
	}
	s.tried[key] = t
	return t
}

// c14ns are the canonicalizations that goxmldsig has. SAML's profile has the
// exclusive ones. The inclusive ones occur in genuine responses, goxmldsig's
// own signer among them, and AWS documents nothing about them.
var c14ns = []struct {
	uri       dsig.AlgorithmID
	exclusive bool
	make      func(prefixes string) dsig.Canonicalizer
}{
	{dsig.CanonicalXML10ExclusiveAlgorithmId, true, dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList},
	{dsig.CanonicalXML10ExclusiveWithCommentsAlgorithmId, true, dsig.MakeC14N10ExclusiveWithCommentsCanonicalizerWithPrefixList},
	{dsig.CanonicalXML10RecAlgorithmId, false, func(string) dsig.Canonicalizer { return dsig.MakeC14N10RecCanonicalizer() }},
	{dsig.CanonicalXML10WithCommentsAlgorithmId, false, func(string) dsig.Canonicalizer { return dsig.MakeC14N10WithCommentsCanonicalizer() }},
	{dsig.CanonicalXML11AlgorithmId, false, func(string) dsig.Canonicalizer { return dsig.MakeC14N11Canonicalizer() }},
	{dsig.CanonicalXML11WithCommentsAlgorithmId, false, func(string) dsig.Canonicalizer { return dsig.MakeC14N11WithCommentsCanonicalizer() }},
}

// canonicalizer is the one of that URI, and whether it is exclusive. A
// Reference that names none has Canonical XML 1.0 without comments (XML
// Signature §4.4.3.2), for which goxmldsig takes its null canonicalizer.
func canonicalizer(uri, prefixes string) (c dsig.Canonicalizer, exclusive bool) {
	if uri == "" {
		return dsig.MakeC14N10RecCanonicalizer(), false
	}
	for i := range c14ns {
		if string(c14ns[i].uri) == uri {
			return c14ns[i].make(prefixes), c14ns[i].exclusive
		}
	}
	return nil, false
}

// read takes a signature apart that is of SAML's profile (SAML Core §5.4), and
// refuses every other. XML Signature lets a signature choose what it signs and
// how that is transformed before; a verifier that follows it verifies
// something, and not necessarily what is read.
func (r *Response) read(signature *etree.Element) (*signed, *Refusal) {
	s := &signed{on: signature.Parent(), signature: signature}
	for _, part := range []func(*signed) *Refusal{r.readSignature, r.readMethods, r.readReference, r.readTransforms, r.readInherited, r.readValues} {
		if refusal := part(s); refusal != nil {
			return nil, refusal
		}
	}
	return s, nil
}

// misfit is a refusal of a signature that isn't of the profile.
func (r *Response) misfit(el *etree.Element, expected, found, why string) *Refusal {
	refusal := r.refuse(el, Profile, expected, found, why)
	refusal.Rule = ruleProfile
	return refusal
}

func (r *Response) readSignature(s *signed) *Refusal {
	refusal := r.parts(s.signature, "SignedInfo", "SignatureValue", "KeyInfo?")
	if refusal != nil {
		return refusal
	}
	s.info = childOf(s.signature, nsSignature, "SignedInfo")
	return r.parts(s.info, "CanonicalizationMethod", "SignatureMethod", "Reference")
}

// readMethods looks at how SignedInfo is signed.
func (r *Response) readMethods(s *signed) *Refusal {
	c14n := childOf(s.info, nsSignature, "CanonicalizationMethod")
	var refusal *Refusal
	if s.infoC14n, s.infoPrefixes, refusal = r.readC14n(s, c14n); refusal != nil {
		return refusal
	}
	el := childOf(s.info, nsSignature, "SignatureMethod")
	if refusal := r.parts(el); refusal != nil {
		return refusal
	}
	s.method, refusal = r.methodOf(s, el)
	return refusal
}

// readC14n reads an algorithm of canonicalization with its PrefixList.
func (r *Response) readC14n(s *signed, el *etree.Element) (uri, prefixes string, refusal *Refusal) {
	uri = attrOf(el, "Algorithm")
	c, exclusive := canonicalizer(uri, "")
	if c == nil || uri == "" {
		return "", "", r.misfit(el, "exclusive canonicalization, "+string(dsig.CanonicalXML10ExclusiveAlgorithmId), el.Tag+" "+source.Quote(uri),
			"Canonicalization decides which text is signed, and another one isn't known here; have the identity provider use exclusive canonicalization.")
	}
	if exclusive {
		if refusal := r.partsOf(nsExclusive, el, "InclusiveNamespaces?"); refusal != nil {
			return "", "", refusal
		}
		if list := childOf(el, nsExclusive, "InclusiveNamespaces"); list != nil {
			if refusal := r.parts(list); refusal != nil {
				return "", "", refusal
			}
			prefixes = attrOf(list, "PrefixList")
		}
		return uri, prefixes, nil
	}
	s.warn("The " + el.Tag + " of the signature on the " + s.on.Tag + " is " + source.Quote(uri) + ", and SAML Core §5.4.3 wants exclusive canonicalization; that it counts is modelled, as AWS documents nothing.")
	return uri, "", r.parts(el)
}

func (s *signed) warn(warning string) {
	if !slices.Contains(s.warnings, warning) {
		s.warnings = append(s.warnings, warning)
	}
}

func (r *Response) readReference(s *signed) *Refusal {
	reference := childOf(s.info, nsSignature, "Reference")
	if refusal := r.parts(reference, "Transforms", "DigestMethod", "DigestValue"); refusal != nil {
		return refusal
	}
	el := childOf(reference, nsSignature, "DigestMethod")
	if refusal := r.parts(el); refusal != nil {
		return refusal
	}
	var refusal *Refusal
	if s.digest, refusal = r.digestOf(s, el); refusal != nil {
		return refusal
	}
	id := attrOf(s.on, "ID")
	uri, found := lookAttr(reference, "URI")
	if found && uri == "" && s.on == r.root {
		s.warn("The signature on the Response refers to the whole document by an empty URI, and SAML Core §5.4.2 wants the ID; that it counts is modelled, as AWS documents nothing.")
		return nil
	}
	if uri == "#"+id && !isStart(id[0]) {
		s.warn("The ID of the " + s.on.Tag + ", " + source.Quote(id) + ", begins with a character that no XML name begins with, and readers that look at its type refuse it.")
	}
	if uri != "#"+id {
		return r.misfit(reference, "URI "+source.Quote("#"+id)+", the ID of the "+s.on.Tag+" around the signature", attrFound("URI", uri, found),
			"A signature that refers to something else than the element around it says nothing of that element (SAML Core §5.4.2; signature wrapping); have the identity provider refer to it by its ID.")
	}
	return nil
}

// isStart tells whether an XML name can begin with the octet.
func isStart(c byte) bool {
	return c != '-' && c != '.' && (c < '0' || c > '9')
}

func (r *Response) readTransforms(s *signed) *Refusal {
	transforms := childOf(childOf(s.info, nsSignature, "Reference"), nsSignature, "Transforms")
	for _, el := range transforms.ChildElements() {
		uri := attrOf(el, "Algorithm")
		if c, _ := canonicalizer(uri, ""); is(el, nsSignature, "Transform") && uri != string(dsig.EnvelopedSignatureAltorithmId) && (c == nil || uri == "") {
			return r.misfit(el, "the transforms enveloped-signature and exclusive canonicalization", "Transform "+source.Quote(uri),
				"A transform decides what is signed, so one that filters or replaces text lets anyone sign as anyone (SAML Core §5.4.4); have the identity provider use those two.")
		}
	}
	if refusal := r.parts(transforms, "Transform", "Transform?"); refusal != nil {
		return refusal
	}
	all := transforms.ChildElements()
	if uri := attrOf(all[0], "Algorithm"); uri != string(dsig.EnvelopedSignatureAltorithmId) {
		return r.misfit(all[0], "the transform enveloped-signature first", "Transform "+source.Quote(uri),
			"SAML Core §5.4.4 has the enveloped signature transform and then exclusive canonicalization; in another order or number they make something else of the element; have the identity provider use these two.")
	}
	if refusal := r.parts(all[0]); refusal != nil {
		return refusal
	}
	if len(all) == 1 {
		s.warn("The signature on the " + s.on.Tag + " names no canonicalization, which means Canonical XML 1.0, and SAML Core §5.4.3 wants the exclusive one; that it counts is modelled, as AWS documents nothing.")
		return nil
	}
	var refusal *Refusal
	s.c14n, s.prefixes, refusal = r.readC14n(s, all[1])
	return refusal
}

// readInherited refuses what goxmldsig canonicalizes otherwise than Canonical
// XML has it (§2.4): an element takes over the xml: attributes around it there,
// and here they could be changed under a good signature.
func (r *Response) readInherited(s *signed) *Refusal {
	_, exclusive := canonicalizer(s.c14n, "")
	_, infoExclusive := canonicalizer(s.infoC14n, "")
	if (exclusive || !inheritsXML(s.on.Parent())) && (infoExclusive || !inheritsXML(s.signature)) {
		return nil
	}
	refusal := r.refuse(s.signature, Limit, "exclusive canonicalization, or no xml: attributes around what is signed", "an xml: attribute that inclusive canonicalization takes over",
		"The library that verifies signatures here leaves such attributes out, so it can't tell whether the signature is good; have the identity provider use exclusive canonicalization.")
	refusal.Rule, refusal.Modelled = ruleProfile, true
	return refusal
}

func (r *Response) readValues(s *signed) *Refusal {
	digestEl := childOf(childOf(s.info, nsSignature, "Reference"), nsSignature, "DigestValue")
	valueEl := childOf(s.signature, nsSignature, "SignatureValue")
	var refusal *Refusal
	if s.reference, refusal = r.readValue(digestEl); refusal != nil {
		return refusal
	}
	s.value, refusal = r.readValue(valueEl)
	return refusal
}

// readValue reads base64, broken into lines and indented as it may be.
func (r *Response) readValue(el *etree.Element) ([]byte, *Refusal) {
	for _, child := range el.Child {
		if _, ok := child.(*etree.CharData); !ok {
			return nil, r.misfit(el, "text and nothing else in "+el.Tag, "something beside it",
				"Readers disagree about the text around a comment or an element, so that one value is verified and another is compared (CVE-2025-29775); paste the response as the identity provider sent it.")
		}
	}
	value, err := base64.StdEncoding.DecodeString(joined(el))
	if err != nil {
		return nil, r.misfit(el, "base64 in "+el.Tag, source.Quote(textOf(el)),
			"The value can't be decoded, as when the response was changed or cut where it was copied; copy it again.")
	}
	return value, nil
}

// joined is the element's text without white space.
func joined(el *etree.Element) string {
	return unspaced(textOf(el))
}

// unspaced is a text without the white space of XML. Unicode has more, which
// is no part of base64 (XML Schema 2 §3.2.16).
func unspaced(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(white, r) }), "")
}

const nsExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"

// parts holds that the element has exactly these children, in this order, and
// no text between them; a name with ? may be missing.
func (r *Response) parts(el *etree.Element, names ...string) *Refusal {
	return r.partsOf(nsSignature, el, names...)
}

func (r *Response) partsOf(space string, el *etree.Element, names ...string) *Refusal {
	for _, child := range el.Child {
		if data, ok := child.(*etree.CharData); ok && strings.Trim(data.Data, white) != "" {
			return r.misfit(el, listed(names)+" in "+el.Tag, "text "+source.Quote(strings.Trim(data.Data, white)),
				"XML Signature has no text there, and a reader could take it for something; leave it out.")
		}
	}
	for _, a := range el.Attr {
		if a.Space != "" && a.Space != "xmlns" {
			return r.misfit(el, "attributes without a prefix on "+el.Tag, a.FullKey()+" "+source.Quote(a.Value),
				"Some readers take an attribute for another of the same local name, goxmldsig among them; have the identity provider leave it out.")
		}
	}
	rest := el.ChildElements()
	for _, name := range names {
		name, optional := strings.CutSuffix(name, "?")
		if len(rest) > 0 && is(rest[0], space, name) {
			rest = rest[1:]
			continue
		}
		if !optional {
			if len(rest) > 0 {
				return r.misfit(rest[0], listed(names)+" in "+el.Tag, nameOf(rest[0])+" in the place of "+name, beside(rest[0]))
			}
			return r.misfit(el, listed(names)+" in "+el.Tag, "no "+name,
				"The "+el.Tag+" has no "+name+", so the signature can't be followed; paste the response as the identity provider sent it.")
		}
	}
	if len(rest) > 0 {
		return r.misfit(rest[0], listed(names)+" in "+el.Tag, nameOf(rest[0])+" beside that", beside(rest[0]))
	}
	return nil
}

// beside says why what stands too much in a signature is refused.
func beside(el *etree.Element) string {
	switch el.Tag {
	case "Object":
		return "An Object can hide what was signed, so that something else is read in its place (signature wrapping); have the identity provider leave it out."
	case "SignedInfo":
		return "Of two SignedInfo one is verified and the other is believed (CVE-2025-29774); paste the response as the identity provider sent it."
	case "Reference":
		return "SAML Core §5.4.2 has a single Reference, to the element around the signature; with several, one is verified and another believed; have the identity provider sign that element alone."
	case "Transform":
		return "SAML Core §5.4.4 has the enveloped signature transform and then exclusive canonicalization, and each more decides anew what is signed; have the identity provider use these two."
	}
	return "XML Signature has something else there, and what isn't in its place can change what is signed; paste the response as the identity provider sent it."
}

// listed are the names as a message lists them.
func listed(names []string) string {
	if len(names) == 0 {
		return "no elements"
	}
	return strings.ReplaceAll(strings.Join(names, ", "), "?", " (optional)")
}
