// Package ed25519 is what the engine's WebAssembly has in place of Go's
// package: the declarations that crypto/x509 and golang-jwt name. A key of
// this kind verifies nothing and signs nothing.
package ed25519

import (
	"crypto"
	"errors"
	"io"
)

const (
	PublicKeySize  = 32
	PrivateKeySize = 64
	SignatureSize  = 64
	SeedSize       = 32
)

type PublicKey []byte

func (PublicKey) Equal(crypto.PublicKey) bool { return false }

type PrivateKey []byte

func (PrivateKey) Public() crypto.PublicKey { return PublicKey(nil) }

func (PrivateKey) Equal(crypto.PrivateKey) bool { return false }

func (PrivateKey) Seed() []byte { return nil }

func (PrivateKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

func NewKeyFromSeed([]byte) PrivateKey { return nil }

func Verify(PublicKey, []byte, []byte) bool { return false }
