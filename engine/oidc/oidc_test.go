package oidc

import (
	"crypto"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// hostile is one token with the key set it meets, and how the walk ends:
// "rule Reason claim" of the first refusal, "" where every check passes.
type hostile struct {
	name  string
	token string
	keys  string // "" stands for set
	want  string
}

func run(t *testing.T, cases []hostile) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			keys := c.keys
			if keys == "" {
				keys = set
			}
			if got := judge(t, c.token, keys); got != c.want {
				t.Errorf("got %q want %q", got, c.want)
			}
		})
	}
}

func TestTheSixAlgorithmsVerify(t *testing.T) {
	for _, c := range []struct {
		alg, kid string
		key      crypto.Signer
	}{
		{"RS256", "r1", rsaOne}, {"RS384", "r1", rsaOne}, {"RS512", "r1", rsaOne},
		{"ES256", "e1", ec256}, {"ES384", "e3", ec384}, {"ES512", "e5", ec521},
	} {
		header := fmt.Sprintf(`{"alg":%q,"kid":%q}`, c.alg, c.kid)
		if got := judge(t, sign(c.alg, c.key, header, goodClaims), set); got != "" {
			t.Errorf("%s: got %q want no refusal", c.alg, got)
		}
	}
}

func TestAGenuineTokenVerifies(t *testing.T) {
	raw, keys := read("id_token.jwt"), read("jwks.json")
	if got := judge(t, raw, keys); got != "" {
		t.Fatalf("got %q want no refusal", got)
	}
	token, _ := Read(raw)
	claims, _ := token.Claims()
	if claims.Issuer != "https://idp.example.test" || claims.Subject != "alice" || claims.Expires-claims.IssuedAt != 3600 {
		t.Errorf("got %+v", claims)
	}
}

const (
	payloadStart = "eyJpc3MiOi" // of goodClaims in base64url
	header256    = `{"alg":"RS256","kid":"r1"}`
)

func TestTokensThatAreNoTokens(t *testing.T) {
	good := rs256(goodClaims)
	h, rest, _ := strings.Cut(good, ".")
	p, s, _ := strings.Cut(rest, ".")
	run(t, []hostile{
		{"nothing is too short", "", "", "oidc/token TooShort"},
		{"three characters are too few", "a.b", "", "oidc/token TooShort"},
		{"20001 characters are too many, whatever they are", strings.Repeat("a", 20001), "", "oidc/token TooLong"},
		{"a good token of 20001 characters is too long", padded(20001), "", "oidc/token TooLong"},
		{"a good token of 20000 characters is not", padded(20000), "", ""},
		{"two segments", h + "." + p, "", "oidc/token Segments"},
		{"four segments", good + ".x", "", "oidc/token Segments"},
		{"five segments are an encrypted token", good + ".x.y", "", "oidc/token Encrypted"},
		{"six segments", good + ".x.y.z", "", "oidc/token Segments"},
		{"nothing but dots", strings.Repeat(".", 4000), "", "oidc/token Segments"},
		{"an opaque access token", "ya29a0AfH6SMBx", "", "oidc/token Segments"},
		{"an empty signature", h + "." + p + ".", "", "oidc/signature BadSignature"},
		{"an empty payload", h + ".." + s, "", "oidc/token ClaimsJSON"},
		{"an empty header", "." + p + "." + s, "", "oidc/token HeaderJSON"},
		{"a space before", " " + good, "", "oidc/token NotJWT"},
		{"a line break after", good + "\n", "", "oidc/token NotJWT"},
		{"only white space", " \n\t  ", "", "oidc/token NotJWT"},
		{"a Bearer prefix", "Bearer " + good, "", "oidc/token NotJWT"},
		{"a bearer prefix in lower case", "bearer  " + good, "", "oidc/token NotJWT"},
		{"quotation marks", `"` + good + `"`, "", "oidc/token NotJWT"},
		{"nothing but quotation marks", `""""`, "", "oidc/token NotJWT"},
		{"the JSON answer that holds it", `{"value":"` + good + `"}`, "", "oidc/token NotJWT"},
		{"a SAML response", "<samlp:Response/>", "", "oidc/token NotJWT"},
		{"a key", read("rsa-one.pem"), "", "oidc/token NotJWT"},
		{"a line break in the signature", good[:len(good)-9] + "\n" + good[len(good)-9:], "", "oidc/token Base64"},
		{"a carriage return in the payload", strings.Replace(good, payloadStart, payloadStart+"\r", 1), "", "oidc/token Base64"},
		{"unused bits of the last character set", nudgeLast(good), "", "oidc/token Base64"},
		{"padding", good + "==", "", "oidc/token Base64"},
		{"the alphabet of standard base64", strings.Map(standard, good), "", "oidc/token Base64"},
		{"a letter outside the alphabet", strings.Replace(good, "eyJ", "eyé", 1), "", "oidc/token Base64"},
		{"a character lost", good[:len(good)-1], "", "oidc/token Base64"},
		{"an unencoded payload (RFC 7797)", h + "." + goodClaims + "." + s, "", "oidc/token Segments"},
		{"an unencoded payload without dots (RFC 7797)", h + `.{"sub":"alice"}.` + s, "", "oidc/token Base64"},
	})
}

// padded is a good token of exactly that length.
func padded(length int) string {
	for n := length * 3 / 4; ; n-- {
		claims := strings.TrimSuffix(goodClaims, "}") + `,"pad":"` + strings.Repeat("x", n) + `"}`
		// base64 grows by 1, 1 and 2 characters; the key id evens out the rest.
		for kid := 1; kid < 4; kid++ {
			header := `{"alg":"RS256","kid":"r1"` + strings.Repeat(" ", kid) + "}"
			if len(input(header, claims))+1+342 == length {
				return sign("RS256", rsaOne, header, claims)
			}
		}
	}
}

func nudgeLast(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + string(alphabet[last+1])
}

func standard(r rune) rune {
	switch r {
	case '-':
		return '+'
	case '_':
		return '/'
	}
	return r
}

func TestHeadersAndPayloadsThatAreNoObjects(t *testing.T) {
	signed := func(header, claims string) string { return sign("RS256", rsaOne, header, claims) }
	claims := func(claims string) string { return rs256(claims) }
	run(t, []hostile{
		{"a header that is an array", signed(`["RS256"]`, goodClaims), "", "oidc/token HeaderJSON"},
		{"a header that is null", signed(`null`, goodClaims), "", "oidc/token HeaderJSON"},
		{"a header after a byte order mark", signed("\ufeff"+header256, goodClaims), "", "oidc/token HeaderJSON"},
		{"a header with more behind it", signed(header256+"{}", goodClaims), "", "oidc/token HeaderJSON"},
		{"a header with alg twice", signed(`{"alg":"none","alg":"RS256","kid":"r1"}`, goodClaims), "", "oidc/token Duplicate"},
		{"a header with ALG beside alg", signed(`{"alg":"RS256","kid":"r1","ALG":"none"}`, goodClaims), "", ""},
		{"claims with sub twice", claims(strings.Replace(goodClaims, `"sub"`, `"sub":"admin","sub"`, 1)), "", "oidc/token Duplicate"},
		{"claims with aud twice", claims(strings.Replace(goodClaims, `"aud"`, `"aud":"x","aud"`, 1)), "", "oidc/token Duplicate"},
		{"claims with a name twice, deep down", claims(with(`"a":[{"b":1,"b":2}]`)), "", "oidc/token Duplicate"},
		{"claims with a name twice, once escaped", claims(with(`"\u0073ub":"admin"`)), "", "oidc/token Duplicate"},
		{"claims whose names differ in case", claims(with(`"SUB":"admin","Exp":1`)), "", ""},
		{"claims with more behind them", claims(goodClaims + "{}"), "", "oidc/token ClaimsJSON"},
		{"claims that are an array", claims("[" + goodClaims + "]"), "", "oidc/token ClaimsJSON"},
		{"claims that are a string", claims(`"alice"`), "", "oidc/token ClaimsJSON"},
		{"claims that are null", claims(`null`), "", "oidc/token ClaimsJSON"},
		{"claims that are empty", claims(``), "", "oidc/token ClaimsJSON"},
		{"claims that are no UTF-8", claims(with("\"a\":\"\xff\"")), "", "oidc/token ClaimsJSON"},
		{"claims with a lone surrogate", claims(with(`"a":"\ud800"`)), "", "oidc/token ClaimsJSON"},
		{"claims nested without end", claims(with(`"a":` + strings.Repeat("[", 6000))), "", "oidc/token ClaimsJSON"},
		{"claims nested too deep", claims(with(`"a":` + strings.Repeat("[", 65) + strings.Repeat("]", 65))), "", "oidc/token ClaimsJSON"},
	})
}

// with is goodClaims and more members.
func with(members string) string {
	return strings.TrimSuffix(goodClaims, "}") + "," + members + "}"
}

func TestHeadersThatAskForAnotherVerification(t *testing.T) {
	hmacToken := func(secret []byte) string {
		in := input(`{"alg":"HS256","kid":"r1"}`, goodClaims)
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(in))
		return in + "." + encode64(mac.Sum(nil))
	}
	der, err := x509.MarshalPKIXPublicKey(&rsaOne.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	signed := func(header string) string { return sign("RS256", rsaOne, header, goodClaims) }
	const refused = "oidc/algorithm Algorithm"
	cases := []hostile{
		{"none with the signature kept", signed(`{"alg":"none","kid":"r1"}`), "", refused},
		{"HMAC with the public key in PEM as secret", hmacToken(publicPEM), "", refused},
		{"HMAC with the public key in DER as secret", hmacToken(der), "", refused},
		{"HMAC with the modulus as secret", hmacToken(rsaOne.N.Bytes()), "", refused},
		{"HMAC with an empty secret", hmacToken(nil), "", refused},
		{"HMAC with a secret that the set publishes", hmacToken([]byte("secret")), jwks(`{"kty":"oct","kid":"r1","alg":"HS256","k":"c2VjcmV0"}`), refused},
		{"RSA-PSS", pssToken(t), "", refused},
		{"EdDSA", edToken(), "", refused},
		{"secp256k1", signed(`{"alg":"ES256K","kid":"r1"}`), "", refused},
		{"RS256 in lower case", signed(`{"alg":"rs256","kid":"r1"}`), "", refused},
		{"a number for alg", signed(`{"alg":256,"kid":"r1"}`), "", refused},
		{"no alg", signed(`{"kid":"r1"}`), "", refused},
		{"an unknown extension in crit", signed(`{"alg":"RS256","kid":"r1","crit":["exp2"],"exp2":1}`), "", "oidc/algorithm Critical"},
		{"an empty crit", signed(`{"alg":"RS256","kid":"r1","crit":[]}`), "", "oidc/algorithm Critical"},
		{"a crit that is no array", signed(`{"alg":"RS256","kid":"r1","crit":"exp"}`), "", "oidc/algorithm Critical"},
		{"b64 in crit", signed(`{"alg":"RS256","kid":"r1","crit":["b64"],"b64":false}`), "", "oidc/algorithm Critical"},
		{"b64 false outside crit", signed(`{"alg":"RS256","kid":"r1","b64":false}`), "", "oidc/algorithm Unencoded"},
		{"b64 as a string", signed(`{"alg":"RS256","kid":"r1","b64":"true"}`), "", "oidc/algorithm Unencoded"},
		{"b64 true changes nothing", signed(`{"alg":"RS256","kid":"r1","b64":true}`), "", ""},
	}
	for _, none := range []string{"none", "None", "NONE", "nOnE", ""} {
		token := input(fmt.Sprintf(`{"alg":%q,"kid":"r1"}`, none), goodClaims) + "."
		cases = append(cases, hostile{fmt.Sprintf("%q and an empty signature", none), token, "", refused})
	}
	run(t, cases)
}

func pssToken(t *testing.T) string {
	in := input(`{"alg":"PS256","kid":"r1"}`, goodClaims)
	digest := sha256.Sum256([]byte(in))
	made, err := rsa.SignPSS(rand.Reader, rsaOne, crypto.SHA256, digest[:], nil)
	if err != nil {
		t.Fatal(err)
	}
	return in + "." + encode64(made)
}

func edToken() string {
	in := input(`{"alg":"EdDSA","kid":"r1"}`, goodClaims)
	return in + "." + encode64(ed25519.Sign(ed25519.NewKeyFromSeed(make([]byte, 32)), []byte(in)))
}

func TestKeysThatComeWithTheTokenAreIgnored(t *testing.T) {
	own := jwk(&rsaTwo.PublicKey, "r2")
	forged := func(members string) string {
		return sign("RS256", rsaTwo, `{"alg":"RS256",`+members+`}`, goodClaims)
	}
	run(t, []hostile{
		{"jwk under a known kid", forged(`"kid":"r1","jwk":` + own), "", "oidc/signature BadSignature"},
		{"jwk under its own kid", forged(`"kid":"r2","jwk":` + own), "", "oidc/keys KeyUnknown"},
		{"jwk without kid", forged(`"jwk":` + own), "", "oidc/signature BadSignature"},
		{"jku", forged(`"kid":"r1","jku":"https://attacker.test/jwks"`), "", "oidc/signature BadSignature"},
		{"x5u", forged(`"kid":"r1","x5u":"https://attacker.test/x5c"`), "", "oidc/signature BadSignature"},
		{"x5c", forged(`"kid":"r1","x5c":["MIIB"]`), "", "oidc/signature BadSignature"},
	})
	token, _ := Read(forged(`"kid":"r1","jku":"https://attacker.test/jwks","x5c":["MIIB"]`))
	if len(token.Notes) != 2 || !strings.Contains(token.Notes[0], "jku") {
		t.Errorf("got notes %q want one for jku and one for x5c", token.Notes)
	}
}

func TestSignaturesThatAreNotTheKeys(t *testing.T) {
	good := sign("ES256", ec256, `{"alg":"ES256","kid":"e1"}`, goodClaims)
	in := good[:strings.LastIndexByte(good, '.')]
	made := signature("ES256", ec256, in)
	es := func(signature []byte) string { return in + "." + encode64(signature) }
	order := ec256.Curve.Params().N
	r, s := new(big.Int).SetBytes(made[:32]), new(big.Int).SetBytes(made[32:])
	digest := sha256.Sum256([]byte(in))
	der, err := ec256.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	rsaGood := rs256(goodClaims)
	const refused = "oidc/signature BadSignature"
	run(t, []hostile{
		{"ECDSA in DER", es(der), "", refused},
		{"ECDSA with both numbers zero", es(make([]byte, 64)), "", refused},
		{"ECDSA with r zero", es(sideBySide(new(big.Int), s, 32)), "", refused},
		{"ECDSA with both numbers the order", es(sideBySide(order, order, 32)), "", refused},
		{"ECDSA with two more octets", es(sideBySide(r, s, 33)), "", refused},
		{"ECDSA cut in half", es(made[:32]), "", refused},
		{"ECDSA with the other s is as good", es(sideBySide(r, new(big.Int).Sub(order, s), 32)), "", ""},
		{"a bit of the signature changed", flip(rsaGood, strings.LastIndexByte(rsaGood, '.')+20), "", refused},
		{"a word of the payload changed", replaceClaims(rsaGood, strings.Replace(goodClaims, "alice", "admin", 1)), "", refused},
		{"a space added to the header", replaceHeader(rsaGood, `{"alg":"RS256", "kid":"r1"}`), "", refused},
		{"another key under the same kid", sign("RS256", rsaTwo, header256, goodClaims), "", refused},
		{"a hash other than the header's", sign("RS384", rsaOne, header256, goodClaims), "", refused},
		{"an RSA signature one octet short", rsaGood[:len(rsaGood)-2], "", refused},
	})
}

func flip(token string, at int) string {
	c := byte('A')
	if token[at] == 'A' {
		c = 'B'
	}
	return token[:at] + string(c) + token[at+1:]
}

func replaceClaims(token, claims string) string {
	h, rest, _ := strings.Cut(token, ".")
	_, s, _ := strings.Cut(rest, ".")
	return h + "." + encode64([]byte(claims)) + "." + s
}

func replaceHeader(token, header string) string {
	_, rest, _ := strings.Cut(token, ".")
	return encode64([]byte(header)) + "." + rest
}

func TestUnsignedTokensAreReadAlike(t *testing.T) {
	header, _ := source.ParseJSON(header256)
	claims, _ := source.ParseJSON(goodClaims)
	token, refusal := Unsigned(&header, &claims)
	if refusal != nil {
		t.Fatalf("got %+v want no refusal", refusal)
	}
	if token.Raw != "" || token.Signature != nil || token.KeyID != "r1" || token.Algorithm != "RS256" || token.SigningInput != input(header256, goodClaims) {
		t.Errorf("got %+v", token)
	}
	if _, refusals := token.Claims(); len(refusals) != 0 {
		t.Errorf("got %+v want no refusals", refusals)
	}
	if _, refusal = Unsigned(&header, nil); refusal == nil || refusal.Reason != ClaimsJSON {
		t.Errorf("no claims: got %+v want ClaimsJSON", refusal)
	}
	if _, refusal = Unsigned(nil, &claims); refusal == nil || refusal.Reason != HeaderJSON {
		t.Errorf("no header: got %+v want HeaderJSON", refusal)
	}
}

func TestEveryRuleHasATitleAndACode(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.Code] || !strings.HasPrefix(r.Code, "oidc/") || r.Title == "" || strings.HasSuffix(r.Title, ".") || r.Cite == (trace.Cite{}) {
			t.Errorf("got %+v", r)
		}
		seen[r.Code] = true
	}
}

func TestEveryReasonHasItsName(t *testing.T) {
	for r := TooLong; r <= BadSignature; r++ {
		if reasonNames[r] == "" {
			t.Errorf("reason %d has no name", r)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(read("id_token.jwt"))
	f.Add(rs256(goodClaims))
	f.Add("Bearer a.b.c")
	f.Add(`""""`)
	f.Add("....")
	keys, _ := ReadKeySet(served(set))
	f.Fuzz(func(t *testing.T, raw string) {
		token, refusal := Read(raw)
		token.CheckAlgorithm()
		token.Claims()
		if k, r := keys.Find(token); r == nil {
			a, ok := dissected(token, k)
			if bad := Verify(token, k); ok && a.Equal != (bad == nil) {
				t.Errorf("Verify says %v and Dissect %v", bad, a.Equal)
			}
		}
		if refusal == nil && (token.Header.Kind != source.Object || token.Payload.Kind != source.Object || !json.Valid([]byte(token.PayloadText))) {
			t.Errorf("accepted %q", raw)
		}
	})
}

func FuzzReadKeySet(f *testing.F) {
	f.Add(set)
	f.Add(read("jwks.json"))
	f.Add(`{"keys":[{"kty":"RSA","n":"","e":""},{"kty":"EC","crv":"P-256"},[],null]}`)
	token, _ := Read(rs256(goodClaims))
	f.Fuzz(func(t *testing.T, body string) {
		keys, refusal := ReadKeySet(served(body))
		if refusal != nil {
			return
		}
		for i := range keys.Keys {
			k := &keys.Keys[i]
			if (k.Public == nil) != (k.Problem != "") || (k.Public == nil) != (k.Thumbprint() == "") {
				t.Errorf("got %+v", k)
			}
		}
		if k, r := keys.Find(token); r == nil {
			Verify(token, k)
			dissected(token, k)
		}
	})
}
