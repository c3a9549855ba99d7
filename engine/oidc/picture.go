package oidc

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/hex"
	"math/big"
	"strings"

	"stsplayground/engine/pkcs1"
)

// Picture is a token's signature taken apart to be drawn: the two ways that
// lead to the two sides of one comparison. It shows, and Verify decides.
// Numbers and octets are in hex. What a state has no use for is empty.
type Picture struct {
	State     PictureState
	Algorithm string   // alg as the header has it
	Segments  []string // as sent
	Input     int      // octets of the signing input
	Signature string
	Octets    int    // of the signature
	Key       string // the key in words
	Exponent  int    // of an RSA key

	Hash   string // "SHA-256"
	Digest string // of the signing input

	// Of an RSA signature: the block that the key makes of it, cut where PKCS #1
	// v1.5 has its parts, and the digest at its end. A block that isn't of that
	// form has one part.
	Block     []BlockPart
	Recovered string

	// Of an ECDSA signature: its two numbers, those that the equation makes of
	// them and of the digest, and the x that comes out, which has to be R.
	R, S, U1, U2, X string

	Equal bool // the signature is good
}

// PictureState is what there is to draw.
type PictureState string

const (
	PictureRSA     PictureState = "rsa"         // two digests
	PictureEC      PictureState = "ec"          // r, and what should be r
	PictureNone    PictureState = "none"        // the header says that there is no signature
	PictureHMAC    PictureState = "hmac"        // a secret would be needed, and there is none
	PictureEmpty   PictureState = "empty"       // nothing follows the last dot
	PictureLeftOut PictureState = "left out"    // on purpose
	PictureOther   PictureState = "unsupported" // an algorithm that AWS doesn't take
	PictureLength  PictureState = "length"      // the signature hasn't the length of the key's
	PictureNoKey   PictureState = "no key"      // nothing to open it with
)

// BlockPart is a part of a PKCS #1 block.
type BlockPart struct {
	Name string // in words
	Hex  string
	Fill int // how many octets ff are meant, where they aren't written
}

// Draw takes the signature apart with the key that the walk found, nil for none.
// Of no token there is nothing to draw: the zero Picture.
func Draw(t *Token, k *Key, unsigned bool) Picture {
	if t == nil || t.SigningInput == "" {
		return Picture{}
	}
	p := Picture{Algorithm: t.Algorithm, Input: len(t.SigningInput), Signature: hex.EncodeToString(t.Signature), Octets: len(t.Signature)}
	p.Segments = strings.SplitN(t.SigningInput, ".", 2)
	if parts := strings.Split(strings.TrimSpace(t.Raw), "."); len(parts) == 3 {
		p.Segments = append(p.Segments, parts[2])
	}
	alg := algorithmNamed(t.Algorithm)
	switch upper := strings.ToUpper(t.Algorithm); {
	case unsigned:
		p.State = PictureLeftOut
	case upper == "NONE", upper == "":
		p.State = PictureNone
	case strings.HasPrefix(upper, "HS"):
		p.State = PictureHMAC
	case alg == nil:
		p.State = PictureOther
	case len(t.Signature) == 0:
		p.State = PictureEmpty
	case k == nil || k.suits(t) != nil:
		p.State = PictureNoKey
	default:
		p.compare(t, k, alg)
		return p
	}
	if alg == nil {
		alg = &algorithms[0] // what a signature would have been of
	}
	p.digest(t, alg)
	return p
}

func (p *Picture) digest(t *Token, alg *algorithm) []byte {
	hasher := alg.digest.New()
	hasher.Write([]byte(t.SigningInput))
	digest := hasher.Sum(nil)
	p.Hash, p.Digest = alg.hash, hex.EncodeToString(digest)
	return digest
}

func (p *Picture) compare(t *Token, k *Key, alg *algorithm) {
	digest := p.digest(t, alg)
	p.Key, p.Equal = k.name(), Verify(t, k) == nil
	switch public := k.Public.(type) {
	case *rsa.PublicKey:
		p.State, p.Exponent = PictureRSA, public.E
		block, _ := pkcs1.Open(public, t.Signature)
		if block == nil {
			p.State = PictureLength
			return
		}
		_, recovered, _ := pkcs1.Read(block)
		p.Recovered, p.Block = hex.EncodeToString(recovered), cut(block, len(recovered))
	case *ecdsa.PublicKey:
		p.State = PictureEC
		if len(t.Signature) != 2*alg.octets {
			p.State = PictureLength
			return
		}
		p.R, p.S = hex.EncodeToString(t.Signature[:alg.octets]), hex.EncodeToString(t.Signature[alg.octets:])
		p.equation(public, digest, alg.octets)
	}
}

// cut is a block in the parts of RFC 8017 §9.2; the digest has so many octets,
// none where there is none.
func cut(block []byte, digest int) []BlockPart {
	if digest == 0 {
		return []BlockPart{{Name: "no PKCS #1 block", Hex: hex.EncodeToString(block)}}
	}
	fill := 2
	for block[fill] == 0xff {
		fill++
	}
	end := len(block) - digest
	return []BlockPart{
		{Name: "begins", Hex: "0001"},
		{Name: "padding", Hex: "ff", Fill: fill - 2},
		{Name: "ends it", Hex: "00"},
		{Name: "names the hash", Hex: hex.EncodeToString(block[fill+1 : end])},
		{Name: "digest", Hex: hex.EncodeToString(block[end:])},
	}
}

// equation is that of ECDSA (FIPS 186-5 §6.4.2): with u₁ = e/s and u₂ = r/s, the
// x of u₁·G + u₂·Q has to be r, all modulo n.
func (p *Picture) equation(public *ecdsa.PublicKey, digest []byte, size int) {
	params := public.Params()
	n := params.N
	e := new(big.Int).SetBytes(digest)
	if excess := 8*len(digest) - n.BitLen(); excess > 0 {
		e.Rsh(e, uint(excess))
	}
	r, _ := new(big.Int).SetString(p.R, 16)
	s, _ := new(big.Int).SetString(p.S, 16)
	w := new(big.Int).ModInverse(s, n)
	if w == nil || r.Sign() == 0 || r.Cmp(n) >= 0 || s.Cmp(n) >= 0 {
		return // no number of a signature: there is nothing to invert
	}
	octets := func(i *big.Int) []byte { return i.FillBytes(make([]byte, size)) }
	u1 := new(big.Int).Mod(new(big.Int).Mul(e, w), n)
	u2 := new(big.Int).Mod(new(big.Int).Mul(r, w), n)
	p.U1, p.U2 = hex.EncodeToString(octets(u1)), hex.EncodeToString(octets(u2))
	x1, y1 := public.Curve.ScalarBaseMult(octets(u1))
	x2, y2 := public.Curve.ScalarMult(public.X, public.Y, octets(u2))
	x, _ := public.Curve.Add(x1, y1, x2, y2)
	p.X = hex.EncodeToString(octets(x.Mod(x, n)))
}
