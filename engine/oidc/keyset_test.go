package oidc

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"stsplayground/engine/pkcs1"
	"stsplayground/engine/source"
)

func TestBodiesThatAreNoKeySet(t *testing.T) {
	certificate := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}))
	const unreadable = "oidc/keys KeySetUnreadable"
	cases := []struct{ name, body, want, hint string }{
		{"an empty array of keys", `{"keys":[]}`, "oidc/keys KeySetEmpty", "at least one"},
		{"no keys member", `{}`, unreadable, "member named keys"},
		{"null", `null`, unreadable, "jwks_uri"},
		{"nothing", ``, unreadable, "JSON"},
		{"one bare key", jwk(&rsaOne.PublicKey, "r1"), unreadable, `{"keys": [ … ]}`},
		{"an array of keys without the set", `[` + jwk(&rsaOne.PublicKey, "r1") + `]`, unreadable, `{"keys": [ … ]}`},
		{"keys that are an object", `{"keys":{}}`, unreadable, "array"},
		{"keys twice", `{"keys":[],"keys":[` + jwk(&rsaOne.PublicKey, "r1") + `]}`, unreadable, "Two lists"},
		{"a discovery document", `{"issuer":"https://i","jwks_uri":"https://i/jwks"}`, unreadable, "paste what that address serves"},
		{"certificates by key id", `{"r1":"-----BEGIN CERTIFICATE-----\nMIIB"}`, unreadable, "another form"},
		{"a certificate", certificate, unreadable, "certificate"},
		{"a public key in PEM", "-----BEGIN PUBLIC KEY-----\nMIIB", unreadable, "another form"},
		{"a certificate without its frame", "MIIBIjANBgkq", unreadable, "another form"},
		{"an OpenSSH key", "ssh-rsa AAAA", unreadable, "another form"},
		{"a token", rs256(goodClaims), unreadable, "signed with a key"},
		{"an address", "https://idp.example.test/jwks", unreadable, "Nothing is fetched"},
		{"a page", "<!doctype html>", unreadable, "SAML"},
		{"text behind the set", set + "{}", unreadable, "JSON"},
	}
	for _, c := range cases {
		if got := judge(t, rs256(goodClaims), c.body); got != c.want {
			t.Errorf("%s: got %q want %q", c.name, got, c.want)
		}
		if _, r := ReadKeySet(served(c.body)); r == nil || !strings.Contains(r.Why, c.hint) {
			t.Errorf("%s: got %+v want a hint with %q", c.name, r, c.hint)
		}
	}
	if _, r := ReadKeySet(nil); r == nil || r.Reason != KeySetUnreadable {
		t.Errorf("nil: got %+v", r)
	}
	object, _ := source.ParseJSON(set)
	if keys, r := ReadKeySet(&object); r != nil || len(keys.Keys) != 4 {
		t.Errorf("an object: got %+v, %+v want four keys", keys, r)
	}
}

// rsaJWK is a key of any n and e, both in base64url.
func rsaJWK(n, e string) string {
	return fmt.Sprintf(`{"kty":"RSA","kid":"r1","n":%q,"e":%q}`, n, e)
}

func ecJWK(crv string, x, y []byte) string {
	return fmt.Sprintf(`{"kty":"EC","kid":"e1","crv":%q,"x":%q,"y":%q}`, crv, encode64(x), encode64(y))
}

func TestKeysThatCannotBeUsed(t *testing.T) {
	n := rsaOne.N.Bytes()
	modulus := encode64(n)
	point, err := ec256.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	x, y := point[1:33], point[33:]
	prime := ec256.Params().P
	power := func(bits uint, plus int64) string {
		v := new(big.Int).Lsh(big.NewInt(1), bits)
		return encode64(v.Add(v, big.NewInt(plus)).Bytes())
	}
	odd := func(octets int) string { return encode64(bytes.Repeat([]byte{0xff}, octets)) }
	// With e = 1 the padded digest is its own signature.
	in := input(header256, goodClaims)
	digest := sha256.Sum256([]byte(in))
	forged := in + "." + encode64(pkcs1.Block("SHA-256", digest[:], 256))
	rs, es := rs256(goodClaims), sign("ES256", ec256, `{"alg":"ES256","kid":"e1"}`, goodClaims)

	const unusable = "oidc/keys KeyUnusable"
	cases := []hostile{
		{"e = 1 and a forged signature", forged, rsaJWK(modulus, "AQ"), unusable},
		{"e = 0", rs, rsaJWK(modulus, "AA"), unusable},
		{"e = 2", rs, rsaJWK(modulus, "Ag"), unusable},
		{"an empty e", rs, rsaJWK(modulus, ""), unusable},
		{"e = 2^31+1", rs, rsaJWK(modulus, power(31, 1)), unusable},
		{"e = 2^64+13", rs, rsaJWK(modulus, power(64, 13)), unusable},
		{"e = 2^64+65537", rs, rsaJWK(modulus, power(64, 65537)), unusable},
		{"an empty n", rs, rsaJWK("", "AQAB"), unusable},
		{"n of zeros", rs, rsaJWK(encode64(make([]byte, 256)), "AQAB"), unusable},
		{"an even n", rs, rsaJWK(encode64(append(append([]byte{}, n[:255]...), 2)), "AQAB"), unusable},
		{"n that is no base64", rs, rsaJWK("*"+modulus[1:], "AQAB"), unusable},
		{"n in standard base64", rs, rsaJWK(base64.StdEncoding.EncodeToString(n), "AQAB"), unusable},
		{"n with a line break", rs, rsaJWK(modulus[:8]+"\n"+modulus[8:], "AQAB"), unusable},
		{"n of 1024 bits", rs, rsaJWK(odd(128), "AQAB"), unusable},
		{"n of 8200 bits", rs, rsaJWK(odd(1025), "AQAB"), unusable},
		{"n that is a number", rs, `{"kty":"RSA","kid":"r1","n":7,"e":"AQAB"}`, unusable},
		{"no n", rs, `{"kty":"RSA","kid":"r1","e":"AQAB"}`, unusable},
		{"a point off the curve", es, ecJWK("P-256", x, x), unusable},
		{"the point 0, 0", es, ecJWK("P-256", make([]byte, 32), make([]byte, 32)), unusable},
		{"x beyond the field", es, ecJWK("P-256", prime.Bytes(), y), unusable},
		{"x without its last octet", es, ecJWK("P-256", x[:31], y), unusable},
		{"x with a zero before it", es, ecJWK("P-256", append([]byte{0}, x...), y), unusable},
		{"no y", es, fmt.Sprintf(`{"kty":"EC","kid":"e1","crv":"P-256","x":%q}`, encode64(x)), unusable},
		{"another curve's name", es, ecJWK("P-384", x, y), unusable},
		{"secp256k1", es, ecJWK("secp256k1", x, y), unusable},
		{"no crv", es, `{"kty":"EC","kid":"e1"}`, unusable},
		{"a symmetric key", rs, `{"kty":"oct","kid":"r1","k":"c2VjcmV0"}`, unusable},
		{"a type that nobody knows", rs, `{"kty":"XYZ","kid":"r1"}`, unusable},
		{"no kty", rs, `{"kid":"r1"}`, unusable},
		{"kty that is a number", rs, `{"kid":"r1","kty":1}`, unusable},
		{"n twice", rs, strings.Replace(rsaJWK(modulus, "AQAB"), `"n"`, `"n":"AQAB","n"`, 1), unusable},
		{"use that is no string", rs, jwk(&rsaOne.PublicKey, "r1", `"use":["sig"]`), unusable},
		{"key_ops that are a string", rs, jwk(&rsaOne.PublicKey, "r1", `"key_ops":"verify"`), unusable},
		{"a key that is no object", rs, `"r1"`, "oidc/keys KeyUnknown"},
		{"a key whose kid is a number", sign("RS256", rsaOne, `{"alg":"RS256","kid":"1"}`, goodClaims), strings.Replace(jwk(&rsaOne.PublicKey, "-"), "{", `{"kid":1,`, 1), "oidc/keys KeyUnknown"},
	}
	for i := range cases {
		cases[i].keys = jwks(cases[i].keys)
	}
	run(t, cases)
}

func TestKeysThatAreForSomethingElse(t *testing.T) {
	rs, es := rs256(goodClaims), sign("ES256", ec256, `{"alg":"ES256","kid":"e1"}`, goodClaims)
	key := func(more string) string { return jwks(jwk(&rsaOne.PublicKey, "r1", more)) }
	const mismatch = "oidc/keys KeyMismatch"
	run(t, []hostile{
		{"alg RS256 for a token of RS512", sign("RS512", rsaOne, `{"alg":"RS512","kid":"r1"}`, goodClaims), key(`"alg":"RS256"`), mismatch},
		{"alg RS256 for a token of RS256", rs, key(`"alg":"RS256"`), ""},
		{"alg in lower case", rs, key(`"alg":"rs256"`), mismatch},
		{"use enc", rs, key(`"use":"enc"`), mismatch},
		{"use sig", rs, key(`"use":"sig"`), ""},
		{"key_ops encrypt", rs, key(`"key_ops":["encrypt"]`), mismatch},
		{"key_ops of nothing", rs, key(`"key_ops":[]`), mismatch},
		{"key_ops sign and verify", rs, key(`"key_ops":["sign","verify"]`), ""},
		{"an RSA key for ES256", es, jwks(jwk(&rsaOne.PublicKey, "e1")), mismatch},
		{"an EC key for RS256", rs, jwks(jwk(&ec256.PublicKey, "r1")), mismatch},
		{"a P-384 key for ES256", es, jwks(jwk(&ec384.PublicKey, "e1")), mismatch},
	})
}

func TestTheTokensKeyIsFoundByItsName(t *testing.T) {
	named := func(kid string) string {
		return sign("RS256", rsaOne, `{"alg":"RS256","kid":`+kid+`}`, goodClaims)
	}
	nameless := sign("RS256", rsaOne, `{"alg":"RS256"}`, goodClaims)
	one, two := jwk(&rsaOne.PublicKey, "r1"), jwk(&rsaTwo.PublicKey, "r2")
	run(t, []hostile{
		{"a kid that is a number", named("1"), "", "oidc/keys KeyID"},
		{"a kid that is an array", named(`["r1"]`), "", "oidc/keys KeyID"},
		{"a kid that is null", named("null"), "", "oidc/keys KeyID"},
		{"a kid that no key has", named(`"r9"`), "", "oidc/keys KeyUnknown"},
		{"a kid in other case", named(`"R1"`), "", "oidc/keys KeyUnknown"},
		{"a kid that is a path", named(`"../../dev/null"`), "", "oidc/keys KeyUnknown"},
		{"two keys with the kid", named(`"r1"`), jwks(one, jwk(&rsaTwo.PublicKey, "r1")), "oidc/keys KeyAmbiguous"},
		{"two keys with another kid", named(`"r1"`), jwks(one, two, two), ""},
		{"an empty kid on both sides", named(`""`), jwks(jwk(&rsaOne.PublicKey, ""), two), ""},
		{"an empty kid and a key without one", named(`""`), jwks(jwk(&rsaOne.PublicKey, "-")), "oidc/keys KeyUnknown"},
		{"a kid and a key without one", named(`"r1"`), jwks(jwk(&rsaOne.PublicKey, "-")), "oidc/keys KeyUnknown"},
		{"no kid and one key", nameless, jwks(one), ""},
		{"no kid and one key without kid", nameless, jwks(jwk(&rsaOne.PublicKey, "-")), ""},
		{"no kid and one key of the type", nameless, set, ""},
		{"no kid and two keys", nameless, jwks(one, two), "oidc/keys KeyAmbiguous"},
		{"no kid and two keys, one for encryption", nameless, jwks(one, jwk(&rsaTwo.PublicKey, "r2", `"use":"enc"`)), ""},
		{"no kid and one broken key", nameless, jwks(rsaJWK("", "")), "oidc/keys KeyUnusable"},
		{"no kid and no key of the type", nameless, jwks(jwk(&ec256.PublicKey, "e1"), jwk(&ec384.PublicKey, "e3")), "oidc/keys KeyUnknown"},
		{"a broken key and an unknown type beside the good one", named(`"r1"`), jwks(`{"kty":"OKP","crv":"Ed25519","kid":"o1","x":"AA"}`, `null`, `7`, `{}`, one), ""},
	})
	token, _ := Read(named(`"R1"`))
	keys, _ := ReadKeySet(served(set))
	if _, r := keys.Find(token); !strings.Contains(r.Why, `"r1"`) || !strings.Contains(r.Found, `"e3"`) {
		t.Errorf("got %+v want the near kid in Why and the others in Found", r)
	}
}

func TestOnlyTheTypeOfTheTokensKeyIsLimited(t *testing.T) {
	many := func(count int) string {
		keys := []string{jwk(&ec256.PublicKey, "e1"), jwk(&rsaOne.PublicKey, "r1")}
		for i := 1; i < count; i++ {
			keys = append(keys, jwk(&rsaTwo.PublicKey, fmt.Sprintf("x%d", i)))
		}
		return jwks(keys...)
	}
	run(t, []hostile{
		{"100 RSA keys", rs256(goodClaims), many(100), ""},
		{"101 RSA keys", rs256(goodClaims), many(101), "oidc/keys KeySetTooLarge"},
		{"101 RSA keys and a token by the EC key", sign("ES256", ec256, `{"alg":"ES256","kid":"e1"}`, goodClaims), many(101), ""},
	})
}

func TestKeysThatWorkAndAreWarnedAbout(t *testing.T) {
	n := encode64(append([]byte{0}, rsaOne.N.Bytes()...))
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	own, err := x509.CreateCertificate(zeros{}, template, template, &rsaOne.PublicKey, rsaOne)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.CreateCertificate(zeros{}, template, template, &rsaTwo.PublicKey, rsaTwo)
	if err != nil {
		t.Fatal(err)
	}
	x5c := func(der []byte) string {
		return jwk(&rsaOne.PublicKey, "r1", `"x5c":["`+base64.StdEncoding.EncodeToString(der)+`"]`)
	}
	for _, c := range []struct{ name, key, want string }{
		{"a key like any other", jwk(&rsaOne.PublicKey, "r1"), ""},
		{"n with a leading zero", rsaJWK(n, "AQAB"), "begins with zero octets"},
		{"the private key published", jwk(&rsaOne.PublicKey, "r1", `"d":"AQAB"`), "secret half"},
		{"its own certificate", x5c(own), ""},
		{"another key's certificate", x5c(other), "x5c"},
		{"a certificate that is no base64", jwk(&rsaOne.PublicKey, "r1", `"x5c":["*"]`), "x5c"},
	} {
		if got := judge(t, rs256(goodClaims), jwks(c.key)); got != "" {
			t.Errorf("%s: got %q want no refusal", c.name, got)
		}
		keys, _ := ReadKeySet(served(jwks(c.key)))
		warnings := strings.Join(keys.Keys[0].Warnings, "\n")
		if (warnings == "") != (c.want == "") || !strings.Contains(warnings, c.want) {
			t.Errorf("%s: got warnings %q want %q", c.name, warnings, c.want)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
