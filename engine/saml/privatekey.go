package saml

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// maxPrivateKey is the longest private key that IAM takes, in characters (IAM
// API reference, CreateSAMLProvider, AddPrivateKey).
const maxPrivateKey = 16384

// ReadPrivateKey reads the private key with which a SAML provider opens
// encrypted assertions: RSA, in PEM, as PKCS #1 or PKCS #8 writes it.
func ReadPrivateKey(text string) (*rsa.PrivateKey, *Refusal) {
	refuse := func(found, why string) (*rsa.PrivateKey, *Refusal) {
		return nil, &Refusal{Rule: ruleDecryption, Reason: NoKey, Expected: "an RSA private key in PEM", Found: found, Why: why}
	}
	if len(text) > maxPrivateKey {
		return refuse(fmt.Sprintf("%d characters", len(text)), fmt.Sprintf("The private key has %d characters, and IAM takes at most %d.", len(text), maxPrivateKey))
	}
	block, _ := pem.Decode([]byte(strings.TrimSpace(text)))
	if block == nil {
		return refuse(quote(text), "The private key isn't PEM; paste the file whole, from -----BEGIN to the end of -----END PRIVATE KEY-----.")
	}
	switch block.Type {
	case "RSA PRIVATE KEY":
		if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
			return key, nil
		}
	case "PRIVATE KEY":
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if private, ok := key.(*rsa.PrivateKey); ok && err == nil {
			return private, nil
		}
		if err == nil {
			return refuse("a private key that isn't RSA", "The key isn't an RSA key, and assertions are encrypted with RSA-OAEP.")
		}
	case "CERTIFICATE", "PUBLIC KEY":
		return refuse(block.Type, "This is the public half, which the identity provider encrypts with; the private key that belongs to it opens what it encrypts.")
	case "ENCRYPTED PRIVATE KEY":
		return refuse(block.Type, "The private key is protected by a pass phrase; IAM takes it without one.")
	}
	return refuse(block.Type, "The PEM text holds no RSA private key that can be read.")
}
