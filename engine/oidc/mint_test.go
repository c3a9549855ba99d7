package oidc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"embed"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"stsplayground/engine/source"
)

// testdata: rsa-one.pem and rsa-two.pem are from
// openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048, for these
// tests only; id_token.jwt and jwks.json are from a run of npm oidc-provider 9.13.3.
//
//go:embed testdata/*.pem testdata/*.jwt testdata/*.json
var testdata embed.FS

func read(name string) string {
	content, err := testdata.ReadFile("testdata/" + name)
	if err != nil {
		panic(err)
	}
	return string(content)
}

var (
	rsaOne   = parsePEM("rsa-one.pem")
	rsaTwo   = parsePEM("rsa-two.pem")
	ec256    = derive(elliptic.P256(), 32)
	ec384    = derive(elliptic.P384(), 48)
	ec521    = derive(elliptic.P521(), 66)
	encode64 = base64.RawURLEncoding.EncodeToString
)

func parsePEM(name string) *rsa.PrivateKey {
	block, _ := pem.Decode([]byte(read(name)))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		panic(err)
	}
	return key.(*rsa.PrivateKey)
}

// derive is a key whose number is a hash, below every curve's order.
func derive(curve elliptic.Curve, octets int) *ecdsa.PrivateKey {
	number := make([]byte, octets)
	digest := sha256.Sum256([]byte(curve.Params().Name))
	copy(number[octets-31:], digest[:31])
	key, err := ecdsa.ParseRawPrivateKey(curve, number)
	if err != nil {
		panic(err)
	}
	return key
}

const goodClaims = `{"iss":"https://idp.example.test","sub":"alice","aud":"sts.amazonaws.com","exp":1795313909,"iat":1795310309}`

func input(header, claims string) string {
	return encode64([]byte(header)) + "." + encode64([]byte(claims))
}

// sign mints a token of exactly these texts. The algorithm is the signer's,
// whatever the header says.
func sign(alg string, key crypto.Signer, header, claims string) string {
	in := input(header, claims)
	return in + "." + encode64(signature(alg, key, in))
}

func signature(alg string, key crypto.Signer, in string) []byte {
	a := algorithmNamed(alg)
	hasher := a.digest.New()
	hasher.Write([]byte(in))
	made, err := key.Sign(nil, hasher.Sum(nil), a.digest) // deterministic, ECDSA as in RFC 6979
	if err != nil {
		panic(err)
	}
	if a.octets == 0 {
		return made
	}
	r, s := fromDER(made)
	return sideBySide(r, s, a.octets)
}

func fromDER(der []byte) (r, s *big.Int) {
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		panic(err)
	}
	return pair.R, pair.S
}

func sideBySide(r, s *big.Int, octets int) []byte {
	both := make([]byte, 2*octets)
	r.FillBytes(both[:octets])
	s.FillBytes(both[octets:])
	return both
}

// rs256 is a token of rsaOne under kid r1.
func rs256(claims string) string {
	return sign("RS256", rsaOne, `{"alg":"RS256","kid":"r1"}`, claims)
}

func jwk(public crypto.PublicKey, kid string, more ...string) string {
	var members []string
	switch public := public.(type) {
	case *rsa.PublicKey:
		members = []string{`"kty":"RSA"`, `"n":"` + encode64(public.N.Bytes()) + `"`, `"e":"AQAB"`}
	case *ecdsa.PublicKey:
		point, err := public.Bytes()
		if err != nil {
			panic(err)
		}
		x, y := point[1:1+len(point)/2], point[1+len(point)/2:]
		members = []string{`"kty":"EC"`, `"crv":"` + public.Curve.Params().Name + `"`, `"x":"` + encode64(x) + `"`, `"y":"` + encode64(y) + `"`}
	}
	if kid != "-" {
		members = append(members, fmt.Sprintf(`"kid":%q`, kid))
	}
	return "{" + strings.Join(append(members, more...), ",") + "}"
}

func jwks(keys ...string) string { return `{"keys":[` + strings.Join(keys, ",") + `]}` }

// set has one key of each kind: r1, e1 (P-256), e3 (P-384), e5 (P-521).
var set = jwks(jwk(&rsaOne.PublicKey, "r1"), jwk(&ec256.PublicKey, "e1"), jwk(&ec384.PublicKey, "e3"), jwk(&ec521.PublicKey, "e5"))

func served(body string) *source.Node { return &source.Node{Kind: source.String, Text: body} }

// judge walks all checks in the order of the walk and is the first refusal,
// as "rule Reason" with the claim; "" where every check passes.
func judge(t *testing.T, token, keys string) string {
	t.Helper()
	r := firstRefusal(token, keys)
	if r == nil {
		return ""
	}
	if r.Rule.Code == "" || r.Expected == "" || r.Found == "" || !strings.HasSuffix(r.Why, ".") {
		t.Errorf("got a refusal that doesn't explain itself: %+v", r)
	}
	return strings.TrimSpace(r.Rule.Code + " " + r.Reason.String() + " " + r.Claim)
}

func firstRefusal(token, keys string) *Refusal {
	t, r := Read(token)
	if r != nil {
		return r
	}
	if r := t.CheckAlgorithm(); r != nil {
		return r
	}
	if _, refusals := t.Claims(); len(refusals) > 0 {
		return &refusals[0]
	}
	set, r := ReadKeySet(served(keys))
	if r != nil {
		return r
	}
	k, r := set.Find(t)
	if r != nil {
		return r
	}
	r = Verify(t, k)
	if a, ok := dissected(t, k); !ok || a.Equal != (r == nil) {
		panic(fmt.Sprintf("Verify says %v and Dissect %+v", r, a))
	}
	return r
}

// dissected is what Dissect shows. A signature that Verify takes isn't opened
// again, so every test that dissects one also opens it, and compares.
func dissected(t *Token, k *Key) (Anatomy, bool) {
	good := k.Public != nil && Verify(t, k) == nil
	shown, ok := Dissect(t, k, good)
	if _, isRSA := k.Public.(*rsa.PublicKey); isRSA {
		if opened, _ := Dissect(t, k, false); opened != shown {
			panic(fmt.Sprintf("opened, the signature is %+v, and Dissect shows %+v", opened, shown))
		}
	}
	return shown, ok
}
