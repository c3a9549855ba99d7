package saml

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"
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
	v.Signatures = r.signatures
	return v, nil
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
	assertion, refusal := r.detach(r.assertion)
	if refusal != nil {
		return nil
	}
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
	var refusal *Refusal
	v.Assertion, refusal = r.detach(inner.assertion)
	return refusal
}

// verify asks goxmldsig about one signature, with one key after the other.
func (r *Response) verify(s *signed, keys []Key) (*etree.Element, Signature, *Refusal) {
	signature := Signature{On: s.on.Tag, Method: s.method.name, Warnings: s.warnings}
	signature.Line, _ = r.place(s.signature)
	el, refusal := r.prepare(s)
	if refusal != nil {
		return nil, signature, refusal
	}
	for i := range keys {
		if ok, _ := keys[i].suits(s.method); !ok || s.method.ec && len(s.value) > keys[i].signatureLength() {
			continue
		}
		verified, err := validate(el, &keys[i])
		if errors.Is(err, etreeutils.ErrTraversalLimit) {
			return nil, signature, r.refuseLimit(s)
		}
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
// signature covers is as it was sent; three things that none covers are mended
// where the library wants them otherwise than XML Signature has them:
// KeyInfo, which is from whoever signed and proves nothing, white space in
// SignatureValue, and the form of an ECDSA signature (goxmldsig issue 163).
func (r *Response) prepare(s *signed) (*etree.Element, *Refusal) {
	el, refusal := r.detach(s.on)
	if refusal != nil {
		return nil, refusal
	}
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
	return el, nil
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
// is in scope.
func (r *Response) detach(el *etree.Element) (*etree.Element, *Refusal) {
	context, err := etreeutils.NSBuildParentContext(el)
	if err == nil {
		el, err = etreeutils.NSDetatch(context, el)
	}
	if err != nil {
		return nil, r.refuseDetach(err)
	}
	return el, nil
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

// maxElements is how many elements goxmldsig goes through.
const maxElements = 1000

func (r *Response) refuseLimit(s *signed) *Refusal {
	refusal := r.refuse(s.signature, Limit, fmt.Sprintf("at most %d elements", maxElements), "more than that in the "+s.on.Tag,
		"The library that verifies signatures here goes no further, so nothing is known about this one; AWS may well take it.")
	refusal.Rule, refusal.Modelled = ruleSignature, true
	return refusal
}

func (r *Response) refuseDetach(err error) *Refusal {
	refusal := r.refuse(r.root, Limit, fmt.Sprintf("at most %d elements, and namespaces that can be told apart", maxElements), err.Error(),
		"The library that verifies signatures here goes no further, so nothing is known about this one; AWS may well take it.")
	refusal.Rule, refusal.Modelled = ruleSignature, true
	return refusal
}
