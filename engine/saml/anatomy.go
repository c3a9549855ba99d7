package saml

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"math/big"

	"github.com/beevik/etree"
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
		return a.show(blockOf(s.method.said, digest, good.Public.(*rsa.PublicKey).Size()), s.method.said, digest)
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

// open applies the public key to an RSA signature: s^e mod n (RFC 8017
// §5.2.2). The block is nil where it can't.
func open(public *rsa.PublicKey, signature []byte) (block []byte, why string) {
	if len(signature) != public.Size() {
		return nil, fmt.Sprintf("none: the signature has %d octets, and the key makes signatures of %d", len(signature), public.Size())
	}
	s := new(big.Int).SetBytes(signature)
	if s.Cmp(public.N) >= 0 {
		return nil, "none: as a number the signature is not below the key's modulus"
	}
	return s.Exp(s, big.NewInt(int64(public.E)), public.N).FillBytes(make([]byte, public.Size())), ""
}

// show says what is in a block, and whether it is the digest.
func (a *Anatomy) show(block []byte, hash string, digest []byte) (equal bool) {
	said, recovered, padding := openBlock(block)
	a.Padding = padding
	a.Recovered = hex.EncodeToString(recovered)
	return said == hash && bytes.Equal(recovered, digest)
}

// digestInfos are the octets that come before the digest and name its hash
// (RFC 8017 §9.2, note 1).
var digestInfos = [...]struct {
	hash   string
	prefix string
	octets int // of the digest
}{
	{"SHA-1", "\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14", 20},
	{"SHA-256", "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", 32},
	{"SHA-384", "\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30", 48},
	{"SHA-512", "\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40", 64},
}

// blockOf is the block that a good signature of the digest holds (RFC 8017
// §9.2): 00 01, octets ff, 00, the DigestInfo. A key that verifies one is long
// enough for it.
func blockOf(hash string, digest []byte, size int) []byte {
	block := bytes.Repeat([]byte{0xff}, size)
	block[0], block[1] = 0, 1
	for _, d := range digestInfos {
		if d.hash == hash {
			copy(block[size-len(digest)-len(d.prefix)-1:], "\x00"+d.prefix)
		}
	}
	copy(block[size-len(digest):], digest)
	return block
}

// openBlock reads a block of EMSA-PKCS1-v1_5. The digest is nil where it is
// none.
func openBlock(block []byte) (hash string, digest []byte, words string) {
	if block[0] != 0 || block[1] != 1 {
		return "", nil, fmt.Sprintf("none: the block begins with %02x %02x, not with 00 01, so another key made the signature, or it was changed", block[0], block[1])
	}
	fill := 0
	for 2+fill < len(block) && block[2+fill] == 0xff {
		fill++
	}
	rest := block[2+fill:]
	if fill < 8 || len(rest) == 0 || rest[0] != 0 {
		return "", nil, fmt.Sprintf("00 01, %d octets ff, and no 00 to end them", fill)
	}
	info := rest[1:]
	for _, d := range digestInfos {
		if len(info) == len(d.prefix)+d.octets && string(info[:len(d.prefix)]) == d.prefix {
			return d.hash, info[len(d.prefix):], fmt.Sprintf("00 01, %d octets ff, 00, DigestInfo naming %s, %d octets digest", fill, d.hash, d.octets)
		}
	}
	return "", nil, fmt.Sprintf("00 01, %d octets ff, 00, and %d octets that are no DigestInfo of SHA-1, SHA-256, SHA-384 or SHA-512", fill, len(info))
}
