package saml

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// Verify checks every signature of the response with the metadata's keys.
// All of them have to be good, and one has to be there: a Response that is
// signed around an assertion whose own signature is broken was changed by
// someone.
//
// What Verified holds is made of the bytes that the signature's validation
// digested, never of the document around them. goxmldsig decides; everything
// before it is refused earlier than that, and everything after it explains.
// What the signatures look like, good or bad, is in Signatures.
//
// A response that is still encrypted has its own signature checked, and is
// refused for want of a key.
func (r *Response) Verify(keys []Key) (*Verified, *Refusal) {
	if r.careless {
		return r.verifyCarelessly(keys)
	}
	r.signatures = nil
	var all []*signed
	for _, on := range []*etree.Element{r.root, r.assertion} {
		if on == nil {
			continue
		}
		if signature := childOf(on, nsSignature, "Signature"); signature != nil {
			s, refusal := r.read(signature)
			if refusal != nil {
				return nil, refusal
			}
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		if r.assertion == nil {
			return nil, r.refuseClosed()
		}
		return nil, r.refuseUnsigned()
	}
	v := &Verified{}
	var first *Refusal
	for _, s := range all {
		verified, signature, refusal := r.verify(s, keys)
		r.signatures = append(r.signatures, signature)
		switch {
		case refusal != nil && first == nil:
			first = refusal
		case refusal != nil:
		case s.on == r.root:
			v.Response = verified
		default:
			v.Assertion = verified
		}
		for _, warning := range signature.Warnings {
			if !slices.Contains(v.Warnings, warning) {
				v.Warnings = append(v.Warnings, warning)
			}
		}
	}
	if first != nil {
		return nil, first
	}
	if r.assertion == nil {
		return nil, r.refuseClosed()
	}
	if v.Response != nil {
		if refusal := r.readInside(v); refusal != nil {
			return nil, refusal
		}
	}
	// The verified bytes have the shape that the document had.
	inner := &Response{document: &Document{}, root: v.Assertion}
	if refusal := inner.walkPlaces(v.Assertion, v.Assertion); refusal != nil {
		return nil, refusal
	}
	if refusal := inner.checkAssertion(v.Assertion); refusal != nil {
		return nil, refusal
	}
	v.Signatures = r.signatures
	return v, nil
}

// Refusable is what no key could make good: that nothing is signed, a
// signature of another form or by another algorithm than is accepted, an
// element that was changed after it was signed. It is nil where only a key is
// missing to say more.
func (r *Response) Refusable() *Refusal {
	probe := *r // what Verify finds here is not the response's
	_, refusal := probe.Verify(nil)
	if refusal != nil && (refusal.Reason == Unsigned || refusal.Reason == Profile || refusal.Reason == Algorithm) {
		return refusal
	}
	for i := range probe.signatures {
		if s := &probe.signatures[i]; s.Anatomy.Digest != "" && !s.Anatomy.DigestGood {
			return &Refusal{
				Rule: ruleSignature, Reason: BadSignature,
				Expected: "the digest in the signature: " + s.Anatomy.Referenced, Found: "computed from the element: " + s.Anatomy.Digest,
				Why:  "The " + s.On + " was changed after it was signed, so no key makes the signature good; paste the response as the identity provider sent it, without an editor or formatter in between.",
				Line: s.Line,
			}
		}
	}
	return nil
}

// Signatures are the response's signatures as the last Verify found them,
// good or bad, the Response's first. They are for showing.
func (r *Response) Signatures() []Signature {
	return r.signatures
}

// OnTrust is the assertion as it stands, with no signature looked at: for a
// response whose signature was left out on purpose, or whose provider's
// metadata isn't at hand. It is nil while the assertion is encrypted.
func (r *Response) OnTrust() *Verified {
	if r.assertion == nil {
		return nil
	}
	assertion := detach(r.assertion)
	dropComments(assertion, nil)
	if signature := childOf(assertion, nsSignature, "Signature"); signature != nil {
		assertion.RemoveChild(signature)
	}
	return &Verified{Assertion: assertion}
}

func (r *Response) refuseUnsigned() *Refusal {
	refusal := r.refuse(r.root, Unsigned, "a signature on the Response or on the Assertion", "none",
		"Without a signature anyone could have written the response; have the identity provider sign it, or the assertion in it.")
	refusal.Rule = ruleSignature
	return refusal
}

func (r *Response) refuseClosed() *Refusal {
	refusal := r.refuse(childOf(r.root, nsAssertion, "EncryptedAssertion"), NoKey, "an assertion that can be read", "an EncryptedAssertion",
		"The assertion is encrypted, and it takes the SAML provider's private key to read it; give the provider in the scenario that key.")
	refusal.Rule = ruleDecryption
	return refusal
}

// readInside reads the assertion out of the verified Response, or holds that
// the one with a signature of its own is that assertion.
func (r *Response) readInside(v *Verified) *Refusal {
	inner := &Response{document: &Document{}, root: v.Response}
	if refusal := inner.check(); refusal != nil {
		return refusal
	}
	if inner.Encrypted {
		if refusal := r.reopen(inner); refusal != nil {
			return refusal
		}
	}
	if v.Assertion != nil {
		if attrOf(v.Assertion, "ID") != attrOf(inner.assertion, "ID") {
			return r.refuse(r.assertion, WrongShape, "the Assertion with the signature in the Response with the signature", "another",
				"The two signatures are for two assertions (signature wrapping).")
		}
		return nil
	}
	v.Assertion = detach(inner.assertion)
	return nil
}

// verify asks goxmldsig about one signature, with one key after the other.
func (r *Response) verify(s *signed, keys []Key) (*etree.Element, Signature, *Refusal) {
	signature := Signature{On: s.on.Tag, Method: s.method.name, Warnings: s.warnings}
	signature.Line, _ = r.place(s.signature)
	el := s.prepare()
	info, _ := s.canonicalInfo()
	digest := hashOf(s.method.hash, info)
	for i := range keys {
		if ok, _ := keys[i].suits(s.method); !ok || !s.try(&keys[i], digest).good {
			continue
		}
		verified, err := validate(el, &keys[i])
		if err != nil {
			continue
		}
		if verified == nil || !is(verified, s.on.NamespaceURI(), s.on.Tag) || attrOf(verified, "ID") != attrOf(s.on, "ID") {
			break
		}
		verified.Parent().RemoveChild(verified) // the etree.Document that it came in
		signature.Key = &keys[i]
		signature.Anatomy, _ = s.dissect(el, keys, signature.Key)
		return verified, signature, nil
	}
	var attested bool
	signature.Anatomy, attested = s.dissect(el, keys, nil)
	return nil, signature, r.refuseBad(s, keys, &signature.Anatomy, attested)
}

// Validation never depends on a date: AWS doesn't look at a certificate's
// either (IAM User Guide, "IAM does not evaluate or take action on the
// expiration of X.509 certificates in SAML metadata documents").
var (
	epoch  = time.Unix(0, 0).UTC()
	always = epoch.AddDate(1000, 0, 0)
)

// validate has goxmldsig verify the element with the key and nothing else:
// the certificate is made around the key, as that is all that AWS trusts.
func validate(el *etree.Element, key *Key) (*etree.Element, error) {
	context := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{
		Roots: []*x509.Certificate{{PublicKey: key.Public, NotBefore: epoch, NotAfter: always}},
	})
	context.Clock = dsig.NewFakeClockAt(epoch)
	return context.Validate(el)
}

// prepare makes the copy of the signed element that goxmldsig gets. What the
// signature covers is as it was sent; what none covers is made as the library
// wants it: no KeyInfo, which is from whoever signed and proves nothing, no
// white space in SignatureValue, and an ECDSA signature in another form than
// XML Signature has it (goxmldsig issue 163).
func (s *signed) prepare() *etree.Element {
	el := detach(s.on)
	signature := childOf(el, nsSignature, "Signature")
	// XML Signature §4.4.3.2: a reference by ID or by an empty URI is to the
	// nodes without comments, whatever canonicalization follows.
	dropComments(el, signature)
	if info := childOf(signature, nsSignature, "KeyInfo"); info != nil {
		signature.RemoveChild(info)
	}
	value := s.value
	if s.method.ec {
		value = derOf(value)
	}
	childOf(signature, nsSignature, "SignatureValue").SetText(base64.StdEncoding.EncodeToString(value))
	// The enveloped-signature transform takes the signature out, so its place
	// among the children is in no digest, and as the first it is found at once.
	el.RemoveChild(signature)
	el.InsertChildAt(0, signature)
	return el
}

// derOf is r and s, side by side in XML Signature (§6.4.3), as the ASN.1 that
// crypto/x509 wants.
func derOf(value []byte) []byte {
	half := len(value) / 2
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(value[:half]), new(big.Int).SetBytes(value[half:])})
	if err != nil || len(value)%2 != 0 {
		return nil
	}
	return der
}

// detach is a copy of the element that has no parent and every namespace that
// is in scope. etreeutils.NSDetatch does the same for a thousand elements at
// most, and the gate lets three thousand through.
func detach(el *etree.Element) *etree.Element {
	alone := el.Copy()
	around := scope(el.Parent())
	for _, a := range el.Attr {
		if prefix, _, declares := declaration(a); declares {
			delete(around, prefix)
		}
	}
	for _, prefix := range slices.Sorted(maps.Keys(around)) {
		space, key := "xmlns", prefix
		if prefix == "" {
			space, key = "", "xmlns"
		}
		alone.Attr = append(alone.Attr, etree.Attr{Space: space, Key: key, Value: around[prefix]})
	}
	return alone
}

// scope are the namespaces in force within the element, by prefix, "" for the
// default one.
func scope(el *etree.Element) map[string]string {
	all := map[string]string{}
	for ; el != nil; el = el.Parent() {
		for _, a := range el.Attr {
			if prefix, uri, declares := declaration(a); declares {
				if _, nearer := all[prefix]; !nearer {
					all[prefix] = uri
				}
			}
		}
	}
	maps.DeleteFunc(all, func(_, uri string) bool { return uri == "" })
	return all
}

func declaration(a etree.Attr) (prefix, uri string, declares bool) {
	switch {
	case a.Space == "xmlns":
		return a.Key, a.Value, a.Key != "xml"
	case a.Space == "" && a.Key == "xmlns":
		return "", a.Value, true
	}
	return "", "", false
}

// dropComments takes the comments out of the element, except for those in
// keep.
func dropComments(el, keep *etree.Element) {
	for i := len(el.Child) - 1; i >= 0; i-- {
		switch child := el.Child[i].(type) {
		case *etree.Comment:
			el.RemoveChildAt(i)
		case *etree.Element:
			if child != keep {
				dropComments(child, keep)
			}
		}
	}
}
