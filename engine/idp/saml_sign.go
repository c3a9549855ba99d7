package idp

import (
	"crypto"
	_ "crypto/md5"  // for an attack, as is
	_ "crypto/sha1" // this; encryption has another use for it
	"encoding/base64"
	"strings"

	"github.com/beevik/etree"
)

// The algorithms of XML Signature that a response is signed with.
const (
	exclusiveC14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
	enveloped     = nsSignature + "enveloped-signature"
	digestMore    = "http://www.w3.org/2001/04/xmldsig-more#"
)

// digestMethods and signatureMethods are the algorithms' names (RFC 9231 §2,
// XML Signature 1.1 §6.2 and §6.4), by the hash; an EC key's begins with
// ecdsa- instead of rsa-.
var (
	digestMethods = map[crypto.Hash]string{
		crypto.MD5: digestMore + "md5", crypto.SHA1: nsSignature + "sha1",
		crypto.SHA256: nsEncryption + "sha256", crypto.SHA384: digestMore + "sha384", crypto.SHA512: nsEncryption + "sha512",
	}
	signatureMethods = map[crypto.Hash]string{
		crypto.MD5: digestMore + "rsa-md5", crypto.SHA1: nsSignature + "rsa-sha1",
		crypto.SHA256: digestMore + "rsa-sha256", crypto.SHA384: digestMore + "rsa-sha384", crypto.SHA512: digestMore + "rsa-sha512",
	}
)

// seal is how a response's signatures are made.
type seal struct {
	key         *key
	hash        crypto.Hash
	method      string // of the signature
	certificate *key   // the key whose certificate stands in KeyInfo
	secret      []byte // an attack's, of an HMAC in the signature's place
	xslt        bool   // an attack's transform, that makes everything the same
}

func (d *draft) signWith(k *key) {
	d.seal = seal{key: k, certificate: k}
	d.hashWith(k.alg.hash)
}

// hashWith chooses the hash of digest and signature.
func (d *draft) hashWith(hash crypto.Hash) {
	d.seal.hash = hash
	d.seal.method = signatureMethods[hash]
	if d.seal.key.ec != nil {
		d.seal.method = digestMore + "ecdsa-" + strings.TrimPrefix(d.seal.method[strings.LastIndexByte(d.seal.method, '#')+1:], "rsa-")
	}
}

// value is the signature of the canonical SignedInfo.
func (s seal) value(signedInfo string) []byte {
	if s.secret != nil {
		return s.hmac(signedInfo)
	}
	return s.key.sign(algorithm{s.method, s.hash, s.key.alg.curve}, signedInfo)
}

// signElement gives the element an enveloped signature, right after its
// Issuer, where the schema wants it (SAML Core §5.4).
func (d *draft) signElement(e *etree.Element) {
	signature := d.signature(e.SelectAttrValue("ID", ""), d.digest(e))
	e.InsertChildAt(e.SelectElement("Issuer").Index()+1, signature)
}

// signature is a signature over what has that ID and that digest.
func (d *draft) signature(id, digest string) *etree.Element {
	signature := set(etree.NewElement("ds:Signature"), "xmlns:ds", nsSignature)
	signature.AddChild(d.signedInfo(id, digest))
	text(signature, "ds:SignatureValue", base64.StdEncoding.EncodeToString(d.seal.value(signedInfoText(signature))))
	text(signature.CreateElement("ds:KeyInfo").CreateElement("ds:X509Data"), "ds:X509Certificate", d.seal.certificate.certificateText())
	return signature
}

func (d *draft) signedInfo(id, digest string) *etree.Element {
	info := etree.NewElement("ds:SignedInfo")
	set(info.CreateElement("ds:CanonicalizationMethod"), "Algorithm", exclusiveC14N)
	set(info.CreateElement("ds:SignatureMethod"), "Algorithm", d.seal.method)
	reference := set(info.CreateElement("ds:Reference"), "URI", "#"+id)
	transforms := reference.CreateElement("ds:Transforms")
	set(transforms.CreateElement("ds:Transform"), "Algorithm", enveloped)
	if d.seal.xslt {
		xsltTransform(transforms)
	} else {
		d.exclusive(transforms)
	}
	set(reference.CreateElement("ds:DigestMethod"), "Algorithm", digestMethods[d.seal.hash])
	text(reference, "ds:DigestValue", digest)
	return info
}

// exclusive adds the transform to canonical XML.
func (d *draft) exclusive(transforms *etree.Element) {
	c14n := set(transforms.CreateElement("ds:Transform"), "Algorithm", exclusiveC14N)
	if prefixes := d.profile.style.inclusive; prefixes != "" {
		set(c14n.CreateElement("ec:InclusiveNamespaces"), "xmlns:ec", exclusiveC14N, "PrefixList", prefixes)
	}
}

// signedInfoText is a signature's SignedInfo as canonical XML.
func signedInfoText(signature *etree.Element) string {
	info := signature.SelectElement("SignedInfo").Copy()
	set(info, "xmlns:ds", nsSignature)
	return canonical(info, "")
}

// digest is the DigestValue of an element that has no signature yet.
func (d *draft) digest(e *etree.Element) string {
	if d.seal.xslt {
		return xsltDigest(d.seal.hash)
	}
	return base64.StdEncoding.EncodeToString(digestOf(d.seal.hash, canonical(e, d.profile.style.inclusive)))
}

// canonical is an element of ours as Exclusive XML Canonicalization has it,
// with those inclusive prefixes. Much is done already: build writes attributes
// and namespaces where they belong, and nothing here is indented. That it is
// right is for other implementations to say, in the tests: a mint that asked
// the verifier's library would share its faults, and its limit of a thousand
// elements.
func canonical(e *etree.Element, prefixes string) string {
	e = e.Copy()
	prune(e, prefixes)
	var out strings.Builder
	e.WriteTo(&out, &etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true, CanonicalEndTags: true})
	return out.String()
}

// prune takes out what canonical XML leaves out: comments, and the prefix that
// only the value of xsi:type uses, unless it is an inclusive one.
func prune(e *etree.Element, prefixes string) {
	if prefixes != "xs" {
		e.RemoveAttr("xmlns:xs")
	}
	for i := 0; i < len(e.Child); i++ {
		switch child := e.Child[i].(type) {
		case *etree.Comment:
			e.RemoveChildAt(i)
			i--
		case *etree.Element:
			prune(child, prefixes)
		}
	}
}
