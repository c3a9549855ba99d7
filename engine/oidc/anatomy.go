package oidc

import (
	"bytes"
	"crypto/rsa"
	"encoding/hex"

	"stsplayground/engine/pkcs1"
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
		block := pkcs1.Block(alg.hash, digest, public.Size())
		if !good {
			block, a.Padding = pkcs1.Open(public, t.Signature)
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

// read says what is in a block, and whether it is the digest.
func (a *Anatomy) read(block, digest []byte) {
	if block == nil {
		return
	}
	hash, recovered, padding := pkcs1.Read(block)
	a.Padding = padding
	a.Recovered = hex.EncodeToString(recovered)
	a.Equal = hash == a.Hash && bytes.Equal(recovered, digest)
}
