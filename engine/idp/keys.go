package idp

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"math/big"
)

// algorithm is one of the six that AWS STS accepts for web identity tokens
// (IAM guide, id_roles_providers_create_oidc: "RS256, RS384, or RS512" and
// "ES256, ES384, or ES512"). curve is nil for RSA.
type algorithm struct {
	name  string
	hash  crypto.Hash
	curve elliptic.Curve
}

var algorithms = []algorithm{
	{"RS256", crypto.SHA256, nil},
	{"RS384", crypto.SHA384, nil},
	{"RS512", crypto.SHA512, nil},
	{"ES256", crypto.SHA256, elliptic.P256()},
	{"ES384", crypto.SHA384, elliptic.P384()},
	{"ES512", crypto.SHA512, elliptic.P521()},
}

// algorithmOf is the algorithm of that exact name (RFC 7515 §4.1.1: "a
// case-sensitive ASCII string").
func algorithmOf(name string) (algorithm, bool) {
	for _, a := range algorithms {
		if a.name == name {
			return a, true
		}
	}
	return algorithm{}, false
}

// keyName is what tells one playground key from another.
type keyName struct{ issuer, kid, alg string }

// hash is the SHA-512 digest that picks or makes the key. Each part goes in
// with its length, so that no two names run together.
func (n keyName) hash() [sha512.Size]byte {
	var text []byte
	for _, part := range []string{"sts playground test key", n.issuer, n.kid, n.alg} {
		text = binary.BigEndian.AppendUint32(text, uint32(len(part)))
		text = append(text, part...)
	}
	return sha512.Sum512(text)
}

// rsaSlot is the RSA test key that the name asks for first.
func (n keyName) rsaSlot() int {
	h := n.hash()
	return int(binary.BigEndian.Uint32(h[:4]) % rsaKeyCount)
}

// key is a playground key: exactly one of rsa and ec is set.
type key struct {
	kid string
	alg algorithm
	rsa *rsa.PrivateKey
	ec  *ecdsa.PrivateKey
	id  [sha256.Size]byte // of the private key, for remembering what it signed
}

func rsaKey(name keyName, alg algorithm, slot int) *key {
	return &key{kid: name.kid, alg: alg, rsa: rsaKeys[slot](), id: [sha256.Size]byte{0: byte(slot)}}
}

// ecKeys remembers derived EC keys: computing the public point takes about as
// long as a signature.
var ecKeys = newMemo[*ecdsa.PrivateKey](64)

func ecKey(name keyName, alg algorithm) *key {
	h := name.hash()
	id := sha256.Sum256(h[:])
	private := ecKeys.get(id, func() *ecdsa.PrivateKey { return deriveEC(alg.curve, h[:]) })
	return &key{kid: name.kid, alg: alg, ec: private, id: id}
}

// deriveEC is the key whose private number follows from seed: the seed modulo
// n - 1, plus 1, which is in [1, n-1] for every curve order n.
func deriveEC(curve elliptic.Curve, seed []byte) *ecdsa.PrivateKey {
	one := big.NewInt(1)
	order := curve.Params().N
	d := new(big.Int).SetBytes(seed)
	d.Mod(d, new(big.Int).Sub(order, one)).Add(d, one)
	private, err := ecdsa.ParseRawPrivateKey(curve, d.FillBytes(make([]byte, (order.BitLen()+7)/8)))
	if err != nil {
		panic("idp: derived key: " + err.Error())
	}
	return private
}

// keyNote marks a published key as one of the playground's. RFC 7517 §4:
// members that a reader doesn't understand "MUST be ignored".
const keyNote = "public test key, anybody can sign with it"

// jwk is the public key as a JSON Web Key (RFC 7517 §4, RFC 7518 §6).
func (k *key) jwk() object {
	var o object
	o.set("kid", quote(k.kid))
	if k.ec != nil {
		o.set("kty", `"EC"`)
	} else {
		o.set("kty", `"RSA"`)
	}
	o.set("use", `"sig"`)
	o.set("alg", quote(k.alg.name))
	if k.ec != nil {
		// RFC 7518 §6.2.1.2: the coordinates have the full length of the field.
		point := k.point()
		half := (len(point) - 1) / 2
		o.set("crv", quote(k.alg.curve.Params().Name))
		o.set("x", quote(encode(point[1:1+half])))
		o.set("y", quote(encode(point[1+half:])))
	} else {
		o.set("n", quote(encode(k.rsa.N.Bytes())))
		o.set("e", quote(encode(big.NewInt(int64(k.rsa.E)).Bytes())))
	}
	o.set("x-playground", quote(keyNote))
	return o
}

// encode is base64url without padding (RFC 7515 §2).
func encode[T string | []byte](data T) string {
	return base64.RawURLEncoding.EncodeToString([]byte(data))
}

// signatures remembers what was signed lately. An RSA signature takes 1 ms
// natively and 6.5 ms in wasm, and at a keystroke in a policy every token of
// the scenario is minted anew.
var signatures = newMemo[[]byte](256)

// sign is the signature of input by alg, which suits the key: RSASSA-PKCS1-v1_5
// (RFC 7518 §3.3), or r and s side by side (§3.4).
func (k *key) sign(alg algorithm, input string) []byte {
	return signatures.get(k.signatureID(alg.name, input), func() []byte {
		digest := digestOf(alg.hash, input)
		if k.rsa != nil {
			return must(rsa.SignPKCS1v15(nil, k.rsa, alg.hash, digest))
		}
		return k.sideBySide(k.signDER(alg, input))
	})
}

func (k *key) signatureID(alg, input string) [sha256.Size]byte {
	h := sha256.New()
	h.Write(k.id[:])
	h.Write([]byte(alg))
	h.Write([]byte{0})
	h.Write([]byte(input))
	return [sha256.Size]byte(h.Sum(nil))
}

// signDER is an ECDSA signature as X.509 writes it. Without a source of
// randomness crypto/ecdsa derives the nonce as RFC 6979 does, so that the
// same input has the same signature.
func (k *key) signDER(alg algorithm, input string) []byte {
	return must(k.ec.Sign(nil, digestOf(alg.hash, input), alg.hash))
}

// sideBySide is a DER signature as RFC 7518 §3.4 writes it: r and s, each of
// the curve order's length.
func (k *key) sideBySide(der []byte) []byte {
	size := (k.alg.curve.Params().N.BitLen() + 7) / 8
	signature := make([]byte, 2*size)
	// X.690: a SEQUENCE, whose length takes a second octet from 128 on, of
	// two INTEGERs, which are shorter. crypto/ecdsa writes no other form.
	rest := der[2:]
	if der[1] == 0x81 {
		rest = der[3:]
	}
	for i := range 2 {
		length := int(rest[1])
		new(big.Int).SetBytes(rest[2 : 2+length]).FillBytes(signature[i*size : (i+1)*size])
		rest = rest[2+length:]
	}
	return signature
}

// spkiHeads are what stands before the key in a SubjectPublicKeyInfo (RFC 5280
// §4.1.2.7): before a 2048-bit modulus, and before a point of each curve.
var spkiHeads = map[elliptic.Curve]string{
	nil:             "\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x82\x01\x0f\x00\x30\x82\x01\x0a\x02\x82\x01\x01\x00",
	elliptic.P256(): "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00",
	elliptic.P384(): "\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00",
	elliptic.P521(): "\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00",
}

// spki is the public key as X.509 and PEM files have it, in DER. Only four
// shapes occur here, and encoding/asn1 would add 100 KB of code to the wasm
// file.
func (k *key) spki() []byte {
	head := []byte(spkiHeads[k.alg.curve])
	if k.ec != nil {
		return append(head, k.point()...)
	}
	return append(append(head, k.rsa.N.Bytes()...), 0x02, 0x03, 0x01, 0x00, 0x01) // INTEGER 65537
}

// point is the public point, uncompressed (SEC 1 §2.3.3).
func (k *key) point() []byte {
	point, err := k.ec.PublicKey.Bytes()
	if err != nil {
		panic("idp: public key: " + err.Error())
	}
	return point
}

func digestOf(hash crypto.Hash, input string) []byte {
	h := hash.New()
	h.Write([]byte(input))
	return h.Sum(nil)
}

// must is the signature. Signing with the playground's own keys fails only if
// the program is broken.
func must(signature []byte, err error) []byte {
	if err != nil {
		panic("idp: signing: " + err.Error())
	}
	return signature
}

// suits says whether the key can sign by alg: RSA keys by all of the RS
// algorithms, an EC key by the one of its curve (RFC 7518 §3.4).
func (k *key) suits(alg algorithm) bool { return alg.curve == k.alg.curve }
