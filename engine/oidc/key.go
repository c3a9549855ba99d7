package oidc

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"

	"stsplayground/engine/source"
)

// Key is one JSON Web Key of a set (RFC 7517 §4).
type Key struct {
	Index                 int // in the keys array, from 0
	KeyID                 string
	HasKeyID              bool
	Type, Use, Alg, Curve string           // kty, use, alg, crv, where they are strings
	Bits                  int              // of the modulus or of the curve's field, 0 where unknown
	Public                crypto.PublicKey // *rsa.PublicKey or *ecdsa.PublicKey; nil when unusable
	Problem               string           // why it is unusable, "" where it is usable
	Warnings              []string         // what its owner should know, although it can be used

	operations []string // key_ops
	limited    bool     // key_ops is there
	modelled   bool     // Problem is the playground's choice
}

// The sizes of RSA keys, in bits. RFC 7518 §3.3: "A key of size 2048 bits or
// larger MUST be used". AWS documents no bound; the upper one keeps a hostile
// key from costing time.
const (
	minBits = 2048
	maxBits = 8192
)

// describe reads what names the key and its purpose; false where that alone
// makes it unusable.
func (k *Key) describe(n *source.Node) bool {
	if n.Kind != source.Object {
		k.Problem = "it is " + article(n.Kind) + ", not an object"
		return false
	}
	if m := n.Repeated(); m != nil {
		// RFC 7517 §4 lets a reader refuse, or take the last.
		k.Problem, k.modelled = "it has two members named "+source.Quote(m.Name), true
	}
	for _, field := range []struct {
		name string
		into *string
	}{{"kty", &k.Type}, {"kid", &k.KeyID}, {"use", &k.Use}, {"alg", &k.Alg}, {"crv", &k.Curve}} {
		value := n.Get(field.name)
		switch {
		case value == nil:
		case value.Kind == source.String:
			*field.into = value.Text
		case k.Problem == "":
			k.Problem = field.name + " is " + article(value.Kind) + ", not a string"
		}
	}
	k.HasKeyID = n.Get("kid") != nil
	if ops := n.Get("key_ops"); ops != nil {
		k.limited = true
		for i := range ops.Items {
			if ops.Items[i].Kind == source.String {
				k.operations = append(k.operations, ops.Items[i].Text)
			}
		}
		if ops.Kind != source.Array && k.Problem == "" {
			k.Problem = "key_ops is " + article(ops.Kind) + ", not an array"
		}
	}
	if n.Get("kty") == nil && k.Problem == "" {
		k.Problem = "it has no kty (RFC 7517 §4.1)"
	}
	return k.Problem == ""
}

// decode reads the key itself into Public, or says why it can't be used.
func (k *Key) decode(n *source.Node) {
	var material []byte // that a certificate of this key holds, too
	switch k.Type {
	case "RSA":
		material = k.decodeRSA(n)
	case "EC":
		material = k.decodeEC(n)
	case "oct":
		k.Problem = "it is symmetric (kty oct), and STS verifies with public keys only"
	default:
		// RFC 7517 §5: "Implementations SHOULD ignore JWKs within a JWK Set
		// that use "kty" (key type) values that are not understood".
		k.Problem = "keys of type " + source.Quote(k.Type) + " are not for the algorithms that AWS takes"
	}
	for _, name := range []string{"d", "p", "q", "dp", "dq", "qi", "k"} {
		if n.Get(name) != nil {
			k.warn("The set publishes the secret half of " + k.name() + " in " + name + "; whoever reads it can sign tokens, so replace the key.")
			break
		}
	}
	if k.Problem == "" && !certified(n, material) {
		k.warn("The first certificate in x5c isn't for " + k.name() + " (RFC 7517 §4.7); the key is taken from the set, and the certificate is ignored.")
	}
}

func (k *Key) warn(warning string) {
	k.Warnings = append(k.Warnings, warning)
}

// member decodes a member in base64url. It is nil, and Problem says why,
// where it is no such text or is empty.
func (k *Key) member(n *source.Node, name string) []byte {
	value := n.Get(name)
	switch {
	case value == nil:
		k.Problem = "it has no " + name
		return nil
	case value.Kind != source.String:
		k.Problem = name + " is " + article(value.Kind) + ", not a string"
		return nil
	}
	octets, ok := decode64(value.Text)
	if !ok {
		found, _ := problem64(value.Text)
		k.Problem = name + " isn't base64url without padding: " + found
		return nil
	}
	if len(octets) == 0 {
		k.Problem = name + " is empty"
	}
	return octets
}

// number decodes a Base64urlUInt (RFC 7518 §2), which "MUST utilize the
// minimum number of octets"; leading zeros are common, and only warned about.
func (k *Key) number(n *source.Node, name string) []byte {
	octets := k.member(n, name)
	if k.Problem != "" {
		return nil
	}
	significant := bytes.TrimLeft(octets, "\x00")
	if len(significant) < len(octets) && len(significant) > 0 {
		k.warn(name + " of " + k.name() + " begins with zero octets, which RFC 7518 §2 leaves out; some readers refuse it.")
	}
	return significant
}

// decodeRSA returns the modulus.
func (k *Key) decodeRSA(n *source.Node) []byte {
	modulus := k.number(n, "n")
	if k.Problem != "" {
		return nil
	}
	if len(modulus) > maxBits/8 {
		k.Problem, k.modelled = fmt.Sprintf("n has more than %d bits", maxBits), true
		return nil
	}
	N := new(big.Int).SetBytes(modulus)
	k.Bits = N.BitLen()
	switch {
	case k.Bits < minBits:
		k.Problem, k.modelled = fmt.Sprintf("n has %d bits, and at least %d are needed (RFC 7518 §3.3)", k.Bits, minBits), true
		return nil
	case N.Bit(0) == 0:
		k.Problem = "n is even, so it is no product of two odd primes"
		return nil
	}
	exponent := k.number(n, "e")
	if k.Problem != "" {
		return nil
	}
	e, ok := publicExponent(exponent)
	if !ok {
		k.Problem = "e is no odd number from 3 to 2^31-1"
		return nil
	}
	k.Public = &rsa.PublicKey{N: N, E: e}
	return modulus
}

// publicExponent is judged by its octets, before any conversion could cut it
// short. With e = 1 a signature is the padded digest itself, and anyone could
// write it.
func publicExponent(octets []byte) (e int, ok bool) {
	if len(octets) > 4 {
		return 0, false
	}
	var v uint64
	for _, b := range octets {
		v = v<<8 | uint64(b)
	}
	return int(v), v >= 3 && v&1 == 1 && v < 1<<31
}

var curves = [...]struct {
	name   string
	curve  elliptic.Curve
	bits   int
	octets int // of a coordinate
}{
	{"P-256", elliptic.P256(), 256, 32},
	{"P-384", elliptic.P384(), 384, 48},
	{"P-521", elliptic.P521(), 521, 66},
}

// decodeEC returns the two coordinates.
func (k *Key) decodeEC(n *source.Node) []byte {
	for _, c := range curves {
		if c.name != k.Curve {
			continue
		}
		point := append(make([]byte, 0, 1+2*c.octets), 4) // SEC 1 §2.3.3: uncompressed
		for _, name := range []string{"x", "y"} {
			coordinate := k.member(n, name)
			if k.Problem != "" {
				return nil
			}
			if len(coordinate) != c.octets {
				// RFC 7518 §6.2.1.2: "The length of this octet string MUST be
				// the full size of a coordinate".
				k.Problem = fmt.Sprintf("%s has %d octets, and a coordinate of %s has %d", name, len(coordinate), c.name, c.octets)
				return nil
			}
			point = append(point, coordinate...)
		}
		public, err := ecdsa.ParseUncompressedPublicKey(c.curve, point)
		if err != nil {
			k.Problem = "the point x, y isn't on " + c.name
			return nil
		}
		k.Bits = c.bits
		k.Public = public
		return point[1:]
	}
	k.Problem = "crv is " + source.Quote(k.Curve) + ", and AWS takes P-256, P-384 and P-521"
	return nil
}

// certified is whether the first certificate in x5c, where there is one,
// holds this key. The DER of a key's certificate has its modulus or point in
// one piece, so that nothing else of it needs to be read.
func certified(n *source.Node, material []byte) bool {
	x5c := n.Get("x5c")
	if x5c == nil || len(x5c.Items) == 0 {
		return true
	}
	der, err := base64.StdEncoding.DecodeString(x5c.Items[0].Text)
	return err == nil && bytes.Contains(der, material)
}

// Thumbprint is the key's JWK thumbprint with SHA-256 (RFC 7638), "" for a
// key that is unusable.
func (k *Key) Thumbprint() string {
	encode := base64.RawURLEncoding.EncodeToString
	var canonical string
	switch public := k.Public.(type) {
	case *rsa.PublicKey:
		e := big.NewInt(int64(public.E)).Bytes()
		canonical = `{"e":"` + encode(e) + `","kty":"RSA","n":"` + encode(public.N.Bytes()) + `"}`
	case *ecdsa.PublicKey:
		point, err := public.Bytes()
		if err != nil {
			return ""
		}
		x, y := point[1:1+len(point)/2], point[1+len(point)/2:]
		canonical = `{"crv":"` + k.Curve + `","kty":"EC","x":"` + encode(x) + `","y":"` + encode(y) + `"}`
	default:
		return ""
	}
	digest := sha256.Sum256([]byte(canonical))
	return encode(digest[:])
}

// name is the key as a message calls it.
func (k *Key) name() string {
	if k.HasKeyID {
		return "key " + source.Quote(k.KeyID)
	}
	return fmt.Sprintf("key %d, which has no kid", k.Index)
}

// suits refuses a key that isn't for the token's algorithm.
func (k *Key) suits(t *Token) *Refusal {
	alg := algorithmNamed(t.Algorithm)
	refuse := func(reason Reason, expected, found, why string) *Refusal {
		return &Refusal{Rule: ruleKeys, Reason: reason, Expected: expected, Found: k.name() + " with " + found, Why: why}
	}
	switch {
	case alg == nil:
		return refuse(KeyMismatch, "a key for "+source.Quote(t.Algorithm), "kty "+source.Quote(k.Type), "No published key is for that algorithm; AWS takes "+algorithmNames+".")
	case k.Problem != "":
		r := refuse(KeyUnusable, "a key that can verify "+alg.name, "kty "+source.Quote(k.Type), "The key can't be used: "+k.Problem+".")
		r.Modelled = k.modelled
		return r
	case k.Type != alg.kty:
		return refuse(KeyMismatch, "kty "+alg.kty, "kty "+k.Type, "The token says "+alg.name+", which goes with another type of key.")
	case alg.curve != "" && k.Curve != alg.curve:
		return refuse(KeyMismatch, "crv "+alg.curve, "crv "+k.Curve, "The token says "+alg.name+", which goes with another curve (RFC 7518 §3.4).")
	case k.Alg != "" && k.Alg != alg.name:
		return refuse(KeyMismatch, "alg "+alg.name, "alg "+source.Quote(k.Alg), "The key set says that this key is for another algorithm than the token's.").asModelled()
	case k.Use != "" && k.Use != "sig":
		return refuse(KeyMismatch, "use sig", "use "+source.Quote(k.Use), "The key set says that this key isn't for signatures (RFC 7517 §4.2).").asModelled()
	case k.limited && !k.verifies():
		return refuse(KeyMismatch, "key_ops with verify", "key_ops "+source.Quote(strings.Join(k.operations, " ")), "The key set says that this key isn't for verifying signatures (RFC 7517 §4.3).").asModelled()
	}
	return nil
}

func (k *Key) verifies() bool {
	for _, op := range k.operations {
		if op == "verify" {
			return true
		}
	}
	return false
}
