package idp

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// moment is the call's moment in these tests.
var moment = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)

// document is a Document that holds the JSON text; none for "".
func document(t testing.TB, text, path string) scenario.Document {
	t.Helper()
	if text == "" {
		return scenario.Document{}
	}
	node, err := source.ParseJSON(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return scenario.Document{Node: node, Path: path}
}

// segments are a compact token's three parts, as they stand.
func segments(t testing.TB, compact string) (header, payload, signature string) {
	t.Helper()
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		t.Fatalf("got %d segments, want 3: %s", len(parts), compact)
	}
	return parts[0], parts[1], parts[2]
}

func decode(t testing.TB, segment string) []byte {
	t.Helper()
	data, err := base64.RawURLEncoding.Strict().DecodeString(segment)
	if err != nil {
		t.Fatalf("%s: %v", segment, err)
	}
	return data
}

// verifies says whether the token's signature is good, by golang-jwt and by
// the standard library, which have to agree. The key is the published one
// with the kid.
func verifies(t *testing.T, compact, keySet, kid string, alg algorithm) bool {
	t.Helper()
	header, payload, signature := segments(t, compact)
	public := publishedKey(t, keySet, kid)
	input, sig := header+"."+payload, decode(t, signature)

	digest := digestOf(alg.hash, input)
	var standard bool
	switch key := public.(type) {
	case *rsa.PublicKey:
		standard = rsa.VerifyPKCS1v15(key, alg.hash, digest, sig) == nil
	case *ecdsa.PublicKey:
		half := len(sig) / 2
		standard = half == (key.Curve.Params().N.BitLen()+7)/8 &&
			ecdsa.Verify(key, digest, new(big.Int).SetBytes(sig[:half]), new(big.Int).SetBytes(sig[half:]))
	}
	library := jwt.GetSigningMethod(alg.name).Verify(input, sig, public) == nil
	if standard != library {
		t.Errorf("the standard library says %v and golang-jwt says %v: %s", standard, library, compact)
	}
	return standard
}

func publishedKey(t *testing.T, keySet, kid string) crypto.PublicKey {
	t.Helper()
	var set struct {
		Keys []struct{ Kid, Kty, Use, Alg, N, E, Crv, X, Y string }
	}
	if err := json.Unmarshal([]byte(keySet), &set); err != nil {
		t.Fatalf("%s: %v", keySet, err)
	}
	for _, k := range set.Keys {
		if k.Kid != kid {
			continue
		}
		if k.Use != "sig" {
			t.Errorf("use: got %q, want sig", k.Use)
		}
		if k.Kty == "RSA" {
			e := new(big.Int).SetBytes(decode(t, k.E))
			return &rsa.PublicKey{N: new(big.Int).SetBytes(decode(t, k.N)), E: int(e.Int64())}
		}
		curve := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[k.Crv]
		point := append([]byte{4}, append(decode(t, k.X), decode(t, k.Y)...)...)
		key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
		if err != nil {
			t.Fatalf("key %q: %v", kid, err)
		}
		return key
	}
	t.Fatalf("no key %q in %s", kid, keySet)
	return nil
}

func TestEveryTestKeyIsUsableAndDistinct(t *testing.T) {
	seen := make(map[string]int)
	for i := range rsaKeys {
		key := rsaKeys[i]()
		if err := key.Validate(); err != nil {
			t.Errorf("key %d: %v", i, err)
		}
		if got := key.N.BitLen(); got != 2048 {
			t.Errorf("key %d: got %d bits, want 2048", i, got)
		}
		if first, ok := seen[key.N.String()]; ok {
			t.Errorf("keys %d and %d are the same", first, i)
		}
		seen[key.N.String()] = i
	}
	if !strings.HasPrefix(testKeys, "PUBLIC TEST KEYS") {
		t.Error("the file doesn't begin by saying that its keys are public test keys")
	}
}

func TestEveryAlgorithmVerifiesAgainstThePublishedKey(t *testing.T) {
	for _, alg := range algorithms {
		t.Run(alg.name, func(t *testing.T) {
			iss := scenario.Issuer{URL: "https://idp.example.com", Signing: []scenario.Signing{{Kid: "demo", Alg: alg.name}}}
			ring := Assign([]scenario.Issuer{iss})
			compact, findings := ring.MintToken(&scenario.Mint{Issuer: iss.URL}, &iss, moment)
			if len(findings) > 0 {
				t.Errorf("got findings %v, want none", findings)
			}
			keySet := ring.PublicKeySet(&iss)
			if !verifies(t, compact, keySet, "demo", alg) {
				t.Errorf("the signature isn't good: %s", compact)
			}
			header, _, _ := segments(t, compact)
			if got, want := string(decode(t, header)), fmt.Sprintf(`{"alg":"%s","kid":"demo","typ":"JWT"}`, alg.name); got != want {
				t.Errorf("header: got %s, want %s", got, want)
			}
			if !strings.Contains(keySet, keyNote) || !strings.Contains(keySet, `"alg":"`+alg.name+`"`) {
				t.Errorf("the key set doesn't name the algorithm and say that the key is a test key: %s", keySet)
			}
		})
	}
}

func TestIssuersShareNoKeyWhileThereAreEnough(t *testing.T) {
	// Every way of naming twelve issuers has collisions of the hash: 12! of
	// 12^12 picks have none.
	for round := range 50 {
		var issuers []scenario.Issuer
		for i := range rsaKeyCount {
			issuers = append(issuers, scenario.Issuer{
				URL:     fmt.Sprintf("https://idp-%d-%d.example.com", round, i),
				Signing: []scenario.Signing{{Kid: "a", Alg: "RS256"}, {Kid: "b", Alg: "ES256"}},
			})
		}
		ring := Assign(issuers)
		seen := make(map[string]string)
		for i := range issuers {
			for _, s := range issuers[i].Signing {
				o := ring.key(nameOf(issuers[i].URL, s)).jwk()
				material := o.get("n") + o.get("x")
				if other, ok := seen[material]; ok {
					t.Fatalf("%s and %s share a key", other, issuers[i].URL)
				}
				seen[material] = issuers[i].URL
			}
		}
	}
}

func TestMoreThanTwelveRSAKeysAreSharedAndStillWork(t *testing.T) {
	var issuers []scenario.Issuer
	for i := range rsaKeyCount + 3 {
		issuers = append(issuers, scenario.Issuer{URL: fmt.Sprintf("https://idp-%d.example.com", i), Signing: []scenario.Signing{{Kid: "a"}}})
	}
	ring := Assign(issuers)
	for i := range issuers {
		compact, _ := ring.MintToken(&scenario.Mint{Issuer: issuers[i].URL}, &issuers[i], moment)
		if !verifies(t, compact, ring.PublicKeySet(&issuers[i]), "a", algorithms[0]) {
			t.Errorf("%s: the signature isn't good", issuers[i].URL)
		}
		attacked, _ := ring.MintToken(&scenario.Mint{Issuer: issuers[i].URL, Attack: "wrong-key"}, &issuers[i], moment)
		if verifies(t, attacked, ring.PublicKeySet(&issuers[i]), "a", algorithms[0]) {
			t.Errorf("%s: the forger has the issuer's own key", issuers[i].URL)
		}
	}
}

func TestAKeyBelongsToItsIssuerWhateverElseTheScenarioHas(t *testing.T) {
	one := scenario.Issuer{URL: "https://idp.example.com", Signing: []scenario.Signing{{Kid: "a", Alg: "ES256"}, {Kid: "b"}}}
	alone := Assign([]scenario.Issuer{one})
	later := Assign([]scenario.Issuer{one, {URL: "https://other.example.com", Signing: []scenario.Signing{{}}}})
	if got, want := later.PublicKeySet(&one), alone.PublicKeySet(&one); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnIssuerWithoutSigningEntriesServesTheEmptySet(t *testing.T) {
	ring := Assign(nil)
	for _, iss := range []*scenario.Issuer{nil, {URL: "https://idp.example.com"}} {
		if got, want := ring.PublicKeySet(iss), `{"keys":[]}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestEntriesWithoutKidAndAlgAreNamedPlaygroundAndRS256(t *testing.T) {
	iss := &scenario.Issuer{URL: "https://idp.example.com", Signing: []scenario.Signing{{}}}
	ring := Assign([]scenario.Issuer{*iss})
	compact, _ := ring.MintToken(&scenario.Mint{}, iss, moment)
	if !verifies(t, compact, ring.PublicKeySet(iss), "playground", algorithms[0]) {
		t.Error("the signature isn't good")
	}
}

func TestDerivedKeysAreInRangeForHostileSeeds(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		order := curve.Params().N
		for _, seed := range []*big.Int{big.NewInt(0), new(big.Int).Sub(order, big.NewInt(1)), order, new(big.Int).Lsh(order, 3)} {
			got, err := deriveEC(curve, seed.Bytes()).Bytes()
			if err != nil || bytes.Equal(got, make([]byte, len(got))) {
				t.Errorf("%s, seed %v: got %x, %v", curve.Params().Name, seed, got, err)
			}
		}
	}
}

func TestSignaturesVerifyHoweverLongTheirNumbersAre(t *testing.T) {
	// One r or s in 256 begins with a zero octet, which DER leaves out.
	for _, alg := range algorithms[3:5] {
		key := ecKey(keyName{"https://idp.example.com", "demo", alg.name}, alg)
		for i := range 300 {
			input := fmt.Sprint("input ", i)
			sig := key.sideBySide(key.signDER(alg, input))
			if err := jwt.GetSigningMethod(alg.name).Verify(input, sig, &key.ec.PublicKey); err != nil {
				t.Fatalf("%s, %s: %x: %v", alg.name, input, sig, err)
			}
		}
	}
}
