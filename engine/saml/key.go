package saml

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"math/bits"
	"time"
)

// Key is a signing key of an identity provider's metadata. AWS trusts the
// key, as the SAML Metadata Interoperability Profile has it, and looks at
// nothing else of the certificate around it: NotBefore and NotAfter are for
// people, and zero where unknown. Public is nil, and Problem says why, where
// the key can't be used.
type Key struct {
	Index               int              // among the metadata's signing keys, from 0
	Public              crypto.PublicKey // *rsa.PublicKey or *ecdsa.PublicKey
	Bits                int
	Subject             string // of the certificate
	Thumbprint          string // SHA-256 of the certificate, hex
	NotBefore, NotAfter time.Time
	Problem             string
	Line, Column        int // of the certificate's element in the metadata, 0 where unknown
}

// The sizes of RSA keys, in bits. The lower one is IAM's for metadata; the
// upper one keeps a hostile key from costing time.
const (
	minBits = 1024
	maxBits = 8192
)

// take makes public the key, unless it is of a kind or size that can't be used.
func (k *Key) take(public any) {
	switch public := public.(type) {
	case *rsa.PublicKey:
		k.Bits = public.N.BitLen()
		switch {
		case k.Bits < minBits:
			k.Problem = "the RSA key has " + count(k.Bits, "bit") + ", and IAM wants at least 1024"
		case k.Bits > maxBits:
			k.Problem = "the RSA key has " + count(k.Bits, "bit") + ", and at most 8192 are read here"
		case public.N.Bit(0) == 0:
			k.Problem = "the RSA key's modulus is even, so it is no product of two odd primes"
		case public.E < 3 || public.E&1 == 0 || public.E > 1<<31-1:
			// With the exponent 1 a signature is the padded digest itself, and
			// anyone could write it.
			k.Problem = "the RSA key's exponent is no odd number from 3 to 2^31-1"
		default:
			k.Public = public
		}
	case *ecdsa.PublicKey:
		k.Bits = public.Curve.Params().BitSize
		if k.Bits < 256 {
			k.Problem = "the key is of the curve " + public.Curve.Params().Name + ", and P-256, P-384 and P-521 are in use"
			return
		}
		k.Public = public
	default:
		k.Problem = "the key is neither RSA nor ECDSA, and AWS isn't known to take others"
	}
}

// effort is about how many milliseconds it takes the browser to try the key on
// a signature.
func (k *Key) effort() int {
	switch public := k.Public.(type) {
	case *rsa.PublicKey:
		size := k.Bits / minBits
		return 1 + size*size*bits.Len(uint(public.E))/256
	case *ecdsa.PublicKey:
		switch {
		case k.Bits > 384:
			return 40
		case k.Bits > 256:
			return 5
		}
		return 2
	}
	return 0
}

// same says whether two keys verify the same signatures.
func (k *Key) same(other *Key) bool {
	switch public := k.Public.(type) {
	case *rsa.PublicKey:
		return public.Equal(other.Public)
	case *ecdsa.PublicKey:
		return public.Equal(other.Public)
	}
	return false
}
