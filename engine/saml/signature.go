package saml

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha1" // the hashes of the eight algorithms
	_ "crypto/sha256"
	_ "crypto/sha512"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"stsplayground/engine/source"
)

// method is a SignatureMethod that is taken.
type method struct {
	uri  string
	name string // the fragment of its URI
	ec   bool
	hash crypto.Hash
	said string // "SHA-256"
}

// methods are those that goxmldsig and crypto/x509 verify. AWS doesn't
// document which ones it takes.
var methods = [...]method{
	{dsig.RSASHA1SignatureMethod, "rsa-sha1", false, crypto.SHA1, "SHA-1"},
	{dsig.RSASHA256SignatureMethod, "rsa-sha256", false, crypto.SHA256, "SHA-256"},
	{dsig.RSASHA384SignatureMethod, "rsa-sha384", false, crypto.SHA384, "SHA-384"},
	{dsig.RSASHA512SignatureMethod, "rsa-sha512", false, crypto.SHA512, "SHA-512"},
	{dsig.ECDSASHA1SignatureMethod, "ecdsa-sha1", true, crypto.SHA1, "SHA-1"},
	{dsig.ECDSASHA256SignatureMethod, "ecdsa-sha256", true, crypto.SHA256, "SHA-256"},
	{dsig.ECDSASHA384SignatureMethod, "ecdsa-sha384", true, crypto.SHA384, "SHA-384"},
	{dsig.ECDSASHA512SignatureMethod, "ecdsa-sha512", true, crypto.SHA512, "SHA-512"},
}

// digestMethod is a DigestMethod that is taken.
type digestMethod struct {
	uri  string
	hash crypto.Hash
	said string
}

var digestMethods = [...]digestMethod{
	{"http://www.w3.org/2000/09/xmldsig#sha1", crypto.SHA1, "SHA-1"},
	{"http://www.w3.org/2001/04/xmlenc#sha256", crypto.SHA256, "SHA-256"},
	{"http://www.w3.org/2001/04/xmldsig-more#sha384", crypto.SHA384, "SHA-384"},
	{"http://www.w3.org/2001/04/xmlenc#sha512", crypto.SHA512, "SHA-512"},
}

const (
	methodNames = "rsa-sha256, rsa-sha384, rsa-sha512, ecdsa-sha256, ecdsa-sha384 or ecdsa-sha512"
	digestNames = "sha256, sha384 or sha512"
)

func (r *Response) methodOf(s *signed, el *etree.Element) (*method, *Refusal) {
	uri := attrOf(el, "Algorithm")
	for i := range methods {
		if methods[i].uri == uri {
			if methods[i].hash == crypto.SHA1 {
				s.warn("The signature on the " + s.on.Tag + " is made with SHA-1 (" + methods[i].name + "), for which collisions are made in practice; have the identity provider sign with rsa-sha256.")
			}
			return &methods[i], nil
		}
	}
	return nil, r.unknown(el, "SignatureMethod "+methodNames, uri)
}

func (r *Response) digestOf(s *signed, el *etree.Element) (*digestMethod, *Refusal) {
	uri := attrOf(el, "Algorithm")
	for i := range digestMethods {
		if digestMethods[i].uri == uri {
			if digestMethods[i].hash == crypto.SHA1 {
				s.warn("The digest of the " + s.on.Tag + " is made with SHA-1, for which collisions are made in practice; have the identity provider use SHA-256.")
			}
			return &digestMethods[i], nil
		}
	}
	return nil, r.unknown(el, "DigestMethod "+digestNames, uri)
}

// unknown refuses an algorithm by its name, before any library is asked.
func (r *Response) unknown(el *etree.Element, expected, uri string) *Refusal {
	refusal := r.refuse(el, Algorithm, expected, el.Tag+" "+source.Quote(uri), whyNot(uri))
	refusal.Rule, refusal.Modelled = ruleAlgorithm, true
	return refusal
}

func whyNot(uri string) string {
	name := strings.ToLower(uri[strings.LastIndexAny(uri, "#/")+1:])
	switch {
	case uri == "":
		return "No algorithm is named, so nothing can be verified."
	case strings.HasPrefix(name, "hmac"):
		return "HMAC needs a secret that both sides share, and what the metadata publishes is none: with HMAC anyone who has read the certificate could sign; have the identity provider sign with rsa-sha256."
	case strings.Contains(name, "mgf1"), strings.Contains(name, "pss"):
		return "This is RSA-PSS, which few SAML implementations verify; have the identity provider sign with rsa-sha256, which is PKCS #1 v1.5."
	case strings.HasPrefix(name, "dsa"):
		return "DSA isn't taken; have the identity provider sign with rsa-sha256."
	case strings.Contains(name, "eddsa"), strings.Contains(name, "ed25519"), strings.Contains(name, "ed448"):
		return "Edwards-curve signatures aren't taken; have the identity provider sign with rsa-sha256 or ecdsa-sha256."
	case strings.Contains(name, "md5"):
		return "MD5 is broken: other text of the same digest is made in seconds; have the identity provider use SHA-256."
	case strings.Contains(name, "ripemd"):
		return "RIPEMD-160 isn't taken; have the identity provider use SHA-256."
	case strings.Contains(name, "sha224"):
		return "SHA-224 isn't taken; have the identity provider use SHA-256."
	case strings.Contains(name, "sha3"):
		return "SHA-3 isn't taken; have the identity provider use SHA-256."
	}
	return "That algorithm isn't known here; have the identity provider sign with rsa-sha256 and digest with sha256."
}

// suits tells whether the key can be asked about signatures of the method, and
// where not, why.
func (k *Key) suits(m *method) (ok bool, why string) {
	switch public := k.Public.(type) {
	case *rsa.PublicKey:
		if m.ec {
			return false, "it is an RSA key"
		}
		if bits := public.N.BitLen(); bits < minBits || bits > maxBits {
			return false, "its modulus has " + strconv.Itoa(bits) + " bits, and " + strconv.Itoa(minBits) + " to " + strconv.Itoa(maxBits) + " are taken"
		}
		return true, ""
	case *ecdsa.PublicKey:
		if !m.ec {
			return false, "it is an elliptic curve key"
		}
		return true, ""
	}
	if k.Problem != "" {
		return false, k.Problem
	}
	return false, "it is neither an RSA nor an elliptic curve key"
}

// signatureLength is how many octets a signature with the key has.
func (k *Key) signatureLength() int {
	switch public := k.Public.(type) {
	case *rsa.PublicKey:
		return public.Size()
	case *ecdsa.PublicKey:
		return 2 * ((public.Curve.Params().N.BitLen() + 7) / 8)
	}
	return 0
}

// name is the key as a message calls it.
func (k *Key) name() string {
	name := "key " + strconv.Itoa(k.Index+1) + " of the metadata"
	if k.Subject != "" {
		name += " (" + source.Clip(k.Subject) + ")"
	}
	return name
}
