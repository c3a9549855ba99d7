// Package pkcs1 shows what an RSA signature holds: RSASSA-PKCS1-v1_5 of
// RFC 8017, with which tokens and SAML responses are signed alike. It shows
// and never decides; crypto/rsa verifies.
package pkcs1

import (
	"bytes"
	"crypto/rsa"
	"fmt"
	"math/big"
)

// Open applies the public key to a signature: s^e mod n (RFC 8017 §5.2.2).
// The block is nil, and why says why, where it can't.
func Open(public *rsa.PublicKey, signature []byte) (block []byte, why string) {
	if len(signature) != public.Size() {
		return nil, fmt.Sprintf("none: the signature has %d octets, and the key makes signatures of %d", len(signature), public.Size())
	}
	s := new(big.Int).SetBytes(signature)
	if s.Cmp(public.N) >= 0 {
		return nil, "none: as a number the signature is not below the key's modulus"
	}
	return s.Exp(s, big.NewInt(int64(public.E)), public.N).FillBytes(make([]byte, public.Size())), ""
}

// Block is what a good signature of the digest holds (RFC 8017 §9.2): 00 01,
// octets ff, 00, the DigestInfo; size octets in all. A key that verifies a
// signature is long enough for it.
func Block(hash string, digest []byte, size int) []byte {
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

// Read takes a block apart: the hash that it names, the digest, and what it
// looks like in words. The digest is nil where the block holds none.
func Read(block []byte) (hash string, digest []byte, words string) {
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
