package saml

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"encoding/hex"

	"github.com/beevik/etree"

	"stsplayground/engine/pkcs1"
)

// Signature is one XML signature of a response, and how it came out.
type Signature struct {
	On       string // Response or Assertion
	Method   string // "rsa-sha256", as the fragment of its URI has it
	Key      *Key   // that verified it; nil where none did
	Anatomy  Anatomy
	Line     int // of the ds:Signature in the text as pasted, 0 where unknown
	Warnings []string
}

// Anatomy is a signature made visible: what was signed, both digests, and
// what the signature holds. Numbers are in hex.
type Anatomy struct {
	Canonical  string // the referenced element as canonical XML, without the signature
	DigestHash string // "SHA-256"
	Digest     string // of Canonical, computed
	Referenced string // DigestValue, as the Reference has it
	DigestGood bool   // the two are equal

	SignedInfo    string // as canonical XML
	SignatureHash string
	InfoDigest    string // of SignedInfo, computed
	Recovered     string // the digest that an RSA signature holds; "" for ECDSA, and where it holds none
	Padding       string // what the recovered RSA block looks like, in words
	R, S          string // the two numbers of an ECDSA signature
	InfoGood      bool   // a key made the signature over SignedInfo, whatever has become of the element
	Good          bool   // a key verified the signature, and the element is the signed one
}

// dissect takes a signature apart. It shows, and goxmldsig decides: good is
// the key that it took, nil where it took none.
//
// A signature that is good needs no second exponentiation. crypto/rsa takes
// it only if s^e mod n is, octet for octet, the block that EMSA-PKCS1-v1_5
// makes of SignedInfo's digest (RFC 8017 §8.2.2), so that block is what is in
// it.
func (s *signed) dissect(el *etree.Element, keys []Key, good *Key) (a Anatomy, attested bool) {
	a.DigestHash, a.SignatureHash = s.digest.said, s.method.said
	a.Referenced = hex.EncodeToString(s.reference)
	if canonical, ok := s.canonical(el); ok {
		digest := hashOf(s.digest.hash, canonical)
		a.Canonical, a.Digest = string(canonical), hex.EncodeToString(digest)
		a.DigestGood = bytes.Equal(digest, s.reference)
	}
	info, ok := s.canonicalInfo()
	if !ok {
		return a, false
	}
	digest := hashOf(s.method.hash, info)
	a.SignedInfo, a.InfoDigest = string(info), hex.EncodeToString(digest)
	a.Good = good != nil
	if s.method.ec {
		a.InfoGood = a.split(s, keys, digest, good)
	} else {
		a.InfoGood = a.recover(s, keys, digest, good)
	}
	return a, a.InfoGood
}

func hashOf(hash crypto.Hash, text []byte) []byte {
	h := hash.New()
	h.Write(text)
	return h.Sum(nil)
}

// canonical is what the Reference's transforms make of the element that
// prepare made for goxmldsig.
func (s *signed) canonical(el *etree.Element) ([]byte, bool) {
	el = el.Copy()
	el.RemoveChild(childOf(el, nsSignature, "Signature"))
	c, _ := canonicalizer(s.c14n, s.prefixes)
	canonical, err := c.Canonicalize(el)
	return canonical, err == nil
}

func (s *signed) canonicalInfo() ([]byte, bool) {
	c, _ := canonicalizer(s.infoC14n, s.infoPrefixes)
	canonical, err := c.Canonicalize(detach(s.info))
	return canonical, err == nil
}

// split shows the two numbers of an ECDSA signature. Attested says whether a
// key verifies the digest, which nothing but the words of a refusal is made of.
func (a *Anatomy) split(s *signed, keys []Key, digest []byte, good *Key) (attested bool) {
	if len(s.value) == 0 || len(s.value)%2 != 0 {
		return false
	}
	half := len(s.value) / 2
	a.R, a.S = hex.EncodeToString(s.value[:half]), hex.EncodeToString(s.value[half:])
	if good != nil {
		return true
	}
	for i := range keys {
		if ok, _ := keys[i].suits(s.method); ok && s.try(&keys[i], digest).good {
			return true
		}
	}
	return false
}

// recover shows what an RSA signature holds. Without a key that verifies it,
// that is what the first key makes of it with which it holds a digest.
func (a *Anatomy) recover(s *signed, keys []Key, digest []byte, good *Key) (attested bool) {
	if good != nil {
		return a.show(pkcs1.Block(s.method.said, digest, good.Public.(*rsa.PublicKey).Size()), s.method.said, digest)
	}
	for i := range keys {
		if ok, _ := keys[i].suits(s.method); !ok {
			continue
		}
		t := s.try(&keys[i], digest)
		if t.block == nil {
			if a.Padding == "" {
				a.Padding = t.why
			}
			continue
		}
		first := a.Padding == ""
		var shown Anatomy
		equal := shown.show(t.block, s.method.said, digest)
		if first || shown.Recovered != "" {
			a.Recovered, a.Padding = shown.Recovered, shown.Padding
		}
		if shown.Recovered != "" {
			return equal
		}
	}
	return false
}

// show says what is in a block, and whether it is the digest.
func (a *Anatomy) show(block []byte, hash string, digest []byte) (equal bool) {
	said, recovered, padding := pkcs1.Read(block)
	a.Padding = padding
	a.Recovered = hex.EncodeToString(recovered)
	return said == hash && bytes.Equal(recovered, digest)
}
