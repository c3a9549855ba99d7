package oidc

import (
	"strings"
	"testing"
)

const (
	// {"iss":"joe", "exp":1300819380, "http://example.com/is_root":true}, with line breaks.
	rfcPayload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

	rfcRSASignature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
	rfcRSAKey       = `{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}`

	rfcECSignature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
	rfcECKey       = `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`
)

// RFC 7515, appendices A.2 (RS256) and A.3 (ES256).
func TestTheExamplesOfRFC7515Verify(t *testing.T) {
	for _, c := range []struct{ name, token, key string }{
		{"A.2", "eyJhbGciOiJSUzI1NiJ9." + rfcPayload + "." + rfcRSASignature, rfcRSAKey},
		{"A.3", "eyJhbGciOiJFUzI1NiJ9." + rfcPayload + "." + rfcECSignature, rfcECKey},
	} {
		token, r := Read(c.token)
		if r != nil {
			t.Fatalf("%s: %+v", c.name, r)
		}
		keys, _ := ReadKeySet(served(jwks(c.key)))
		k, r := keys.Find(token)
		if r != nil {
			t.Fatalf("%s: %+v", c.name, r)
		}
		if r := Verify(token, k); r != nil {
			t.Errorf("%s: got %+v want no refusal", c.name, r)
		}
	}
}

// RFC 7638 §3.1.
func TestTheThumbprintOfRFC7638(t *testing.T) {
	const key = `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`
	keys, _ := ReadKeySet(served(jwks(key)))
	if got, want := keys.Keys[0].Thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

// RFC 7515 §A.3 gives r and s as octets; RFC 8017 §9.2 gives the block.
func TestASignatureIsTakenApart(t *testing.T) {
	dissect := func(compact, keySet string) Anatomy {
		t.Helper()
		token, _ := Read(compact)
		keys, _ := ReadKeySet(served(keySet))
		k, r := keys.Find(token)
		if r != nil {
			t.Fatalf("%+v", r)
		}
		a, ok := dissected(token, k)
		if !ok {
			t.Fatal("got nothing to dissect")
		}
		return a
	}

	a := dissect("eyJhbGciOiJFUzI1NiJ9."+rfcPayload+"."+rfcECSignature, jwks(rfcECKey))
	if !a.Equal || !strings.HasPrefix(a.R, "0ed121537963") || !strings.HasPrefix(a.S, "c50a07d38c3c") || a.Recovered != "" {
		t.Errorf("ECDSA: got %+v", a)
	}

	a = dissect(read("id_token.jwt"), read("jwks.json"))
	if !a.Equal || a.Hash != "SHA-256" || len(a.Digest) != 64 || a.Recovered != a.Digest ||
		a.Padding != "00 01, 202 octets ff, 00, DigestInfo naming SHA-256, 32 octets digest" {
		t.Errorf("RSA: got %+v", a)
	}

	good := rs256(goodClaims)
	short := input(header256, goodClaims) + "." + encode64(signature("RS256", rsaOne, input(header256, goodClaims))[:253])
	a = dissect(replaceClaims(good, strings.Replace(goodClaims, "alice", "admin", 1)), set)
	if a.Equal || len(a.Recovered) != 64 || a.Recovered == a.Digest {
		t.Errorf("a changed payload: got %+v want two different digests", a)
	}

	for _, c := range []struct{ name, token, want string }{
		{"another key", sign("RS256", rsaTwo, header256, goodClaims), "another key made the signature"},
		{"another hash", sign("RS512", rsaOne, header256, goodClaims), "naming SHA-512"},
		{"a short signature", short, "253 octets"},
		{"a number beyond the modulus", input(header256, goodClaims) + "." + strings.Repeat("_", 341) + "w", "not below the key's modulus"},
	} {
		if a := dissect(c.token, set); a.Equal || !strings.Contains(a.Padding, c.want) {
			t.Errorf("%s: got %+v want padding with %q", c.name, a, c.want)
		}
	}

	token, _ := Unsigned(served("x"), served("x"))
	keys, _ := ReadKeySet(served(set))
	if _, ok := dissected(token, &keys.Keys[0]); ok {
		t.Error("an unsigned token: got an anatomy")
	}
}
