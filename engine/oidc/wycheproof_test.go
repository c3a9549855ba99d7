package oidc

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"testing"

	"github.com/c2sp/wycheproof"

	"stsplayground/engine/source"
)

// disagreements are the vectors of Wycheproof that come out differently
// here, each with the reason. One that begins to agree fails the test, so that
// the list stays true.
var disagreements = []struct {
	file   string
	reason string
	ids    []int
}{
	{"json_web_signature_test.json", "HS256 with a good MAC, which AWS doesn't take", []int{1, 348, 352, 357, 358, 359, 376, 377}},
	{"json_web_signature_test.json", "a good RSA-PSS signature, which AWS doesn't take", []int{272, 273, 274, 275, 287, 288, 320, 321, 322, 323, 325, 326, 327, 328, 346, 350}},
	{"json_web_signature_test.json", "a good ES512 signature by a key whose alg is ES521, a name that RFC 7518 doesn't have", []int{347, 351}},
	{"json_web_signature_test.json", "called valid with a question mark in the base64url", []int{372, 373}},
	{"json_web_key_test.json", "HMAC with a good MAC, which AWS doesn't take", []int{2, 13, 14, 15}},
	{"json_web_key_test.json", "a modulus of the ROCA fingerprint (CVE-2017-15361), which AWS isn't known to look for", []int{7}},
	{"json_web_crypto_test.json", "HS256 with a good MAC, which AWS doesn't take", []int{1, 48}},
	{"json_web_crypto_test.json", "the same modulus as in json_web_key_test.json", []int{46}},
}

func disagreement(file string, id int) (reason string, listed bool) {
	for _, d := range disagreements {
		if d.file == file && slices.Contains(d.ids, id) {
			return d.reason, true
		}
	}
	return "", false
}

type vectorFile struct {
	TestGroups []struct {
		Type    string
		Comment string
		Public  json.RawMessage // a JWK or a set
		Private json.RawMessage
		Tests   []struct {
			TcID     int
			Comment  string
			JWS      json.RawMessage // a string, or an object of the JSON serialization
			JWE      json.RawMessage
			Msg, Sig string
			Result   string
			Flags    []string
		}

		// Of the files about bare signatures.
		KeySize   int
		PublicKey struct {
			Modulus        string
			PublicExponent string
			Uncompressed   string
		}
	}
}

func vectors(t *testing.T, name string) vectorFile {
	t.Helper()
	content, err := fs.ReadFile(wycheproof.TestVectors, name)
	if err != nil {
		t.Fatal(err)
	}
	var f vectorFile
	if err := json.Unmarshal(content, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// compare holds one vector against the list of disagreements.
func compare(t *testing.T, file string, id int, comment string, accepted, valid bool, detail any) {
	t.Helper()
	reason, listed := disagreement(file, id)
	switch {
	case accepted == valid && listed:
		t.Errorf("%s tcId %d agrees now; take it from the list (%s)", file, id, reason)
	case accepted != valid && !listed:
		t.Errorf("%s tcId %d (%s): accepted %t, valid %t: %+v", file, id, comment, accepted, valid, detail)
	}
}

func TestWycheproofTokens(t *testing.T) {
	for _, file := range []string{"json_web_signature_test.json", "json_web_key_test.json", "json_web_crypto_test.json"} {
		count := 0
		for _, g := range vectors(t, file).TestGroups {
			keys := g.Public
			if keys == nil {
				keys = g.Private
			}
			for _, v := range g.Tests {
				if v.JWE != nil {
					continue // encryption is no part of this package
				}
				count++
				var compact string
				if json.Unmarshal(v.JWS, &compact) != nil {
					compact = string(v.JWS)
				}
				r := verifyVector(compact, string(keys))
				compare(t, file, v.TcID, g.Comment+": "+v.Comment, r == nil, v.Result == "valid", r)
			}
		}
		if count == 0 {
			t.Errorf("%s: no vectors", file)
		}
	}
}

// verifyVector is firstRefusal for a token whose payload need not be claims.
func verifyVector(raw, keys string) *Refusal {
	token, r := Read(raw)
	if r != nil && r.Reason != ClaimsJSON {
		return r
	}
	if r := token.CheckAlgorithm(); r != nil {
		return r
	}
	node, err := source.ParseJSON(keys)
	if err != nil {
		panic(err)
	}
	if node.Get("keys") == nil {
		node, _ = source.ParseJSON(jwks(keys))
	}
	set, r := ReadKeySet(&node)
	if r != nil {
		return r
	}
	k, r := set.Find(token)
	if r != nil {
		return r
	}
	return Verify(token, k)
}

// The files about bare signatures are played as tokens that hold the message
// as signing input, with the key as a JWK.
func TestWycheproofSignatures(t *testing.T) {
	files := map[string]string{
		"ecdsa_secp256r1_sha256_p1363_test.json": "ES256",
		"ecdsa_secp384r1_sha384_p1363_test.json": "ES384",
		"ecdsa_secp521r1_sha512_p1363_test.json": "ES512",
	}
	for _, bits := range []int{2048, 3072, 4096} {
		for _, hash := range []int{256, 384, 512} {
			files[fmt.Sprintf("rsa_signature_%d_sha%d_test.json", bits, hash)] = fmt.Sprintf("RS%d", hash)
		}
	}
	for file, alg := range files {
		t.Run(file, func(t *testing.T) { playSignatures(t, file, algorithmNamed(alg)) })
	}
}

func playSignatures(t *testing.T, file string, alg *algorithm) {
	for _, g := range vectors(t, file).TestGroups {
		body := `{"kty":"RSA","n":"` + url64(t, g.PublicKey.Modulus) + `","e":"` + url64(t, g.PublicKey.PublicExponent) + `"}`
		if alg.kty == "EC" {
			point := unhex(t, g.PublicKey.Uncompressed)
			body = `{"kty":"EC","crv":"` + alg.curve + `","x":"` + encode64(point[1:1+alg.octets]) + `","y":"` + encode64(point[1+alg.octets:]) + `"}`
		}
		set, r := ReadKeySet(served(jwks(body)))
		if r != nil {
			t.Fatalf("%+v", r)
		}
		k := &set.Keys[0]
		for i, v := range g.Tests {
			if runtime.GOARCH == "wasm" && i%8 != 0 {
				continue // a signature takes up to 20 ms there, in the same Go code that all are played with natively
			}
			token := &Token{Algorithm: alg.name, SigningInput: string(unhex(t, v.Msg)), Signature: unhex(t, v.Sig)}
			r := Verify(token, k)
			compare(t, file, v.TcID, v.Comment, r == nil, v.Result == "valid", r)
			if alg.kty != "RSA" {
				continue // of ECDSA Dissect has no answer of its own
			}
			if a, ok := dissected(token, k); !ok || a.Equal != (r == nil) {
				t.Errorf("tcId %d: Verify says %+v and Dissect %+v", v.TcID, r, a)
			}
		}
	}
}

// url64 is a hexadecimal number as a Base64urlUInt.
func url64(t *testing.T, number string) string {
	t.Helper()
	octets := unhex(t, number)
	for len(octets) > 0 && octets[0] == 0 {
		octets = octets[1:]
	}
	return encode64(octets)
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	octets, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	if octets == nil {
		octets = []byte{}
	}
	return octets
}
