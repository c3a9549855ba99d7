package saml

import (
	"crypto"
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
}
