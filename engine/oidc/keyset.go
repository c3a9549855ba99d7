package oidc

import (
	"crypto"

	"stsplayground/engine/source"
)

// KeySet is a JSON Web Key Set (RFC 7517 §5).
type KeySet struct {
	Keys []Key // all of them, in order, usable or not
}

// Key is one member of the set.
type Key struct {
	Index                 int // in the keys array, from 0
	KeyID                 string
	HasKeyID              bool
	Type, Use, Alg, Curve string           // kty, use, alg, crv, where they are strings
	Bits                  int              // of the modulus or of the curve's field, 0 where unknown
	Public                crypto.PublicKey // *rsa.PublicKey or *ecdsa.PublicKey; nil when unusable
	Problem               string           // why it is unusable, "" where it is usable
	Warnings              []string         // what its owner should know, although it can be used
}

// ReadKeySet reads a key set: an object, or a string that holds the body as
// served. Each key is read by itself, so that one that is broken or of an
// unknown type spoils no other.
func ReadKeySet(root *source.Node) (KeySet, *Refusal) {
	return KeySet{}, nil
}

// Thumbprint is the key's JWK thumbprint with SHA-256 (RFC 7638), "" for a
// key that is unusable.
func (k *Key) Thumbprint() string {
	return ""
}

// Find is the key that verifies the token: the one with the token's kid, if
// it is meant for signatures with the token's algorithm. A token without kid
// gets the only key that would do.
func (s KeySet) Find(t *Token) (*Key, *Refusal) {
	return nil, nil
}
