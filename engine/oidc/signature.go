package oidc

import (
	"bytes"
	"crypto/rsa"
	"fmt"
)

// Verify checks the token's signature with the key that Find returned. That
// key and algorithm belong together is checked again, so that no signature
// ever counts with a key that isn't for it.
func Verify(t *Token, k *Key) *Refusal {
	if r := k.suits(t); r != nil {
		return r
	}
	alg := algorithmNamed(t.Algorithm)
	if alg.method.Verify(t.SigningInput, t.Signature, k.Public) == nil {
		return nil
	}
	return &Refusal{
		Rule: ruleSignature, Reason: BadSignature,
		Expected: fmt.Sprintf("a signature of %d octets with %s by %s", alg.signatureLength(k), alg.name, k.name()),
		Found:    fmt.Sprintf("%d octets that the key doesn't verify", len(t.Signature)),
		Why:      whyBad(t, alg, k),
	}
}

func whyBad(t *Token, alg *algorithm, k *Key) string {
	length := alg.signatureLength(k)
	switch {
	case len(t.Signature) == 0:
		return "The token has no signature, so anyone could have written it."
	case alg.octets > 0 && t.Signature[0] == 0x30 && len(t.Signature) != length:
		return "The signature seems to be in ASN.1 DER, and JWS wants the two numbers side by side (RFC 7518 §3.4)."
	case len(t.Signature) < length:
		return "The signature is too short for that key; the token may have been cut off."
	case len(t.Signature) > length:
		return "The signature is too long for that key, so it was made with another."
	case alg.octets > 0 && (isZero(t.Signature[:alg.octets]) || isZero(t.Signature[alg.octets:])):
		return "One of the signature's two numbers is zero, which no signer makes and a careless verifier takes for any text."
	}
	return "Header, payload or signature were changed, or another key signed them."
}

func isZero(number []byte) bool {
	return len(bytes.TrimLeft(number, "\x00")) == 0
}

// signatureLength is how many octets a signature with the key has.
func (a *algorithm) signatureLength(k *Key) int {
	if public, ok := k.Public.(*rsa.PublicKey); ok {
		return public.Size()
	}
	return 2 * a.octets
}
