package oidc

import (
	"bytes"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"math/big"
)

// Anatomy is a signature made visible. Digest and Recovered are what the two
// sides say; an RSA signature is good when they are equal and the block
// around the recovered digest is as PKCS #1 v1.5 has it.
type Anatomy struct {
	Hash      string // "SHA-256"
	Input     string // the signing input
	Digest    string // of the signing input, hex
	Recovered string // the digest that the RSA signature holds, hex; "" for ECDSA, and where it holds none
	Padding   string // what the recovered RSA block looks like, in words
	Equal     bool   // the signature is good
	R, S      string // the two numbers of an ECDSA signature, hex
}

// Dissect takes the signature apart with the key that Find returned; false
// where the two don't belong together or the signature was left out. It
// shows, and Verify decides: good is Verify's answer.
//
// A signature that Verify takes needs no second exponentiation. crypto/rsa
// takes it only if s^e mod n is, octet for octet, the block that
// EMSA-PKCS1-v1_5 makes of the signing input's digest (RFC 8017 §8.2.2), so
// that block is what is in it.
func Dissect(t *Token, k *Key, good bool) (Anatomy, bool) {
	if t.Signature == nil || k.suits(t) != nil {
		return Anatomy{}, false
	}
	alg := algorithmNamed(t.Algorithm)
	hasher := alg.digest.New()
	hasher.Write([]byte(t.SigningInput))
	digest := hasher.Sum(nil)
	a := Anatomy{Hash: alg.hash, Input: t.SigningInput, Digest: hex.EncodeToString(digest)}
	if public, ok := k.Public.(*rsa.PublicKey); ok {
		block := blockOf(alg, digest, public.Size())
		if !good {
			block = a.open(public, t.Signature)
		}
		a.read(block, digest)
		return a, true
	}
	if len(t.Signature) == 2*alg.octets {
		a.R = hex.EncodeToString(t.Signature[:alg.octets])
		a.S = hex.EncodeToString(t.Signature[alg.octets:])
		a.Equal = good
	}
	return a, true
}

// open applies the public key to an RSA signature: s^e mod n (RFC 8017
// §5.2.2). The block is nil, and Padding says why, where it can't.
func (a *Anatomy) open(public *rsa.PublicKey, signature []byte) (block []byte) {
	if len(signature) != public.Size() {
		a.Padding = fmt.Sprintf("none: the signature has %d octets, and the key makes signatures of %d", len(signature), public.Size())
		return nil
	}
	s := new(big.Int).SetBytes(signature)
	if s.Cmp(public.N) >= 0 {
		a.Padding = "none: as a number the signature is not below the key's modulus"
		return nil
	}
	return s.Exp(s, big.NewInt(int64(public.E)), public.N).FillBytes(make([]byte, public.Size()))
}

// read says what is in a block, and whether it is the digest.
func (a *Anatomy) read(block, digest []byte) {
	if block == nil {
		return
	}
	hash, recovered, padding := openBlock(block)
	a.Padding = padding
	a.Recovered = hex.EncodeToString(recovered)
	a.Equal = hash == a.Hash && bytes.Equal(recovered, digest)
}

// blockOf is the block that a good signature of the digest holds (RFC 8017
// §9.2): 00 01, octets ff, 00, the DigestInfo. Every key that Find returns is
// long enough for it.
func blockOf(alg *algorithm, digest []byte, size int) []byte {
	block := bytes.Repeat([]byte{0xff}, size)
	block[0], block[1] = 0, 1
	for _, d := range digestInfos {
		if d.hash == alg.hash {
			copy(block[size-len(digest)-len(d.prefix)-1:], "\x00"+d.prefix)
		}
	}
	copy(block[size-len(digest):], digest)
	return block
}

// digestInfos are the octets that come before the digest and name its hash
// (RFC 8017 §9.2, note 1).
var digestInfos = [...]struct {
	hash   string
	prefix string
	octets int // of the digest
}{
	{"SHA-256", "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", 32},
	{"SHA-384", "\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30", 48},
	{"SHA-512", "\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40", 64},
}

// openBlock reads a block of EMSA-PKCS1-v1_5 (RFC 8017 §9.2): 00 01, octets
// ff to fill it, 00, the DigestInfo. The digest is nil where it is none.
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
	return "", nil, fmt.Sprintf("00 01, %d octets ff, 00, and %d octets that are no DigestInfo of SHA-256, SHA-384 or SHA-512", fill, len(info))
}
