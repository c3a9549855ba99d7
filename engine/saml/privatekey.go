package saml

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

// PrivateKey is a private key that a SAML provider in IAM has for decryption.
// RSA is nil, and Problem says why, where it can't be used.
type PrivateKey struct {
	Index   int // as given, from 0
	RSA     *rsa.PrivateKey
	Bits    int
	Problem string
}

// IAM takes files of that size, in characters, and that many keys.
const (
	maxPEM         = 16384
	maxPrivateKeys = 2
)

// maxPrivateBits bounds what one of up to eight operations with a private key
// costs, which grows with the third power of its size.
const maxPrivateBits = 4096

// ReadPrivateKeys reads private keys in PEM, each a text of its own, PKCS #1
// or PKCS #8. They stay in their order, in which Decrypt tries them: the
// newest first, as IAM does.
func ReadPrivateKeys(texts ...string) []PrivateKey {
	keys := make([]PrivateKey, len(texts))
	for i, text := range texts {
		keys[i].Index = i
		keys[i].RSA, keys[i].Problem = readPrivateKey(text)
		if i >= maxPrivateKeys {
			keys[i].RSA, keys[i].Problem = nil, "IAM answers \"Private key limit of "+strconv.Itoa(maxPrivateKeys)+" is reached.\""
		}
		if keys[i].RSA != nil {
			keys[i].Bits = keys[i].RSA.N.BitLen()
		}
	}
	return keys
}

// Usable are the keys that can be tried, for Decrypt.
func Usable(keys []PrivateKey) []*rsa.PrivateKey {
	var usable []*rsa.PrivateKey
	for i := range keys {
		if keys[i].RSA != nil {
			usable = append(usable, keys[i].RSA)
		}
	}
	return usable
}

func readPrivateKey(text string) (*rsa.PrivateKey, string) {
	if len(text) > maxPEM {
		return nil, fmt.Sprintf("it has %d characters, and IAM takes %d", len(text), maxPEM)
	}
	block, rest := pem.Decode([]byte(unindented(text)))
	for block != nil && !strings.HasSuffix(block.Type, "PRIVATE KEY") { // a certificate often stands before its key
		next, after := pem.Decode(rest)
		if next == nil {
			break
		}
		block, rest = next, after
	}
	if other, _ := pem.Decode(rest); other != nil && !strings.HasSuffix(other.Type, "PRIVATE KEY") {
		rest = nil // or behind it
	}
	switch {
	case block == nil:
		return nil, "it isn't PEM, which begins with -----BEGIN PRIVATE KEY-----"
	case strings.TrimSpace(string(rest)) != "":
		return nil, "there is more than one block of PEM in it, or text behind the first"
	case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["Proc-Type"] != "":
		return nil, "it is encrypted with a password, and IAM takes it without"
	case block.Type == "CERTIFICATE":
		return nil, "it is a certificate, which goes to the identity provider; IAM takes the private key that belongs to it"
	case block.Type == "PUBLIC KEY", block.Type == "RSA PUBLIC KEY":
		return nil, "it is a public key, and it takes the private one to decrypt"
	case block.Type == "EC PRIVATE KEY":
		return nil, "it is an elliptic curve key, and IAM decrypts with RSA"
	case block.Type == "RSA PRIVATE KEY":
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, "its PKCS #1 can't be read: " + err.Error()
		}
		return sized(key)
	case block.Type == "PRIVATE KEY":
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, "its PKCS #8 can't be read: " + err.Error()
		}
		if key, ok := key.(*rsa.PrivateKey); ok {
			return sized(key)
		}
		return nil, "it isn't an RSA key, and IAM decrypts with RSA"
	}
	return nil, "it is a " + source.Clip(block.Type) + ", and no private key"
}

// unindented is PEM without the white space that lines begin with where it was
// copied out of a document.
func unindented(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

func sized(key *rsa.PrivateKey) (*rsa.PrivateKey, string) {
	if bits := key.N.BitLen(); bits < minBits || bits > maxPrivateBits {
		return nil, fmt.Sprintf("its modulus has %d bits, and %d to %d are taken", bits, minBits, maxPrivateBits)
	}
	return key, ""
}
