package engine_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

const hostileIssuer = "https://idp.example.com"

// forge is what a case starts from: a good token's parts, and the world
// around it. A case changes what it is about.
type forge struct {
	header, claims string
	input          string // the signing input, "" to make it of header and claims
	signature      func(input string) []byte
	compact        func(token string) string // a last change to the finished token
	keys           string                    // the key set as served
	provider       string                    // the URL that is registered
}

// hostile makes a forge of a good token.
func hostile() *forge {
	now := clock.Unix()
	return &forge{
		header:    `{"alg":"RS256","kid":"k1","typ":"JWT"}`,
		claims:    fmt.Sprintf(`{"iss":"%s","sub":"user-123","aud":"aws-access-client","exp":%d,"iat":%d}`, hostileIssuer, now+600, now-5),
		signature: func(input string) []byte { return signRSA(rsaKey, input) },
		keys:      `{"keys":[` + publicRSA("k1", &rsaKey.PublicKey, "") + `]}`,
		provider:  hostileIssuer,
	}
}

func (f *forge) set(name, value string) { // replaces a claim by raw JSON; "" removes it
	var members []string
	dec := json.NewDecoder(strings.NewReader(f.claims))
	dec.Token()
	for dec.More() {
		key, _ := dec.Token()
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			panic(err)
		}
		if key == name {
			continue
		}
		members = append(members, fmt.Sprintf("%q:%s", key, raw))
	}
	if value != "" {
		members = append(members, fmt.Sprintf("%q:%s", name, value))
	}
	f.claims = "{" + strings.Join(members, ",") + "}"
}

func (f *forge) token() string {
	input := f.input
	if input == "" {
		input = b64(f.header) + "." + b64(f.claims)
	}
	token := input + "." + base64.RawURLEncoding.EncodeToString(f.signature(input))
	if f.compact != nil {
		token = f.compact(token)
	}
	return token
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// run plays the forged token against a role that lets user-123 in.
func (f *forge) run(t *testing.T) engine.CallReport {
	t.Helper()
	document := map[string]any{
		"now":     clock.Format("2006-01-02T15:04:05Z07:00"),
		"issuers": []any{map[string]any{"url": hostileIssuer, "jwks": f.keys}},
		"accounts": map[string]any{"123456789012": map[string]any{
			"OpenIDConnectProviders": []any{map[string]any{"Url": f.provider, "ClientIDList": []string{"aws-access-client"}}},
			"Roles": []any{map[string]any{"RoleName": "app", "AssumeRolePolicyDocument": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
				"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity",
				"Condition":{"StringEquals":{"idp.example.com:sub":"user-123"}}}]}`}},
		}},
		"calls": []any{map[string]any{"name": "call", "action": "sts:AssumeRoleWithWebIdentity", "params": map[string]any{
			"RoleArn": "arn:aws:iam::123456789012:role/app", "RoleSessionName": "test", "WebIdentityToken": f.token(),
		}}},
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	s, findings := engine.Decode(string(text), scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		t.Fatalf("got %+v", findings)
	}
	return engine.Run(s).Calls[0]
}

//go:embed oidc/testdata/rsa-one.pem
var onePEM []byte

//go:embed oidc/testdata/rsa-two.pem
var twoPEM []byte

var (
	rsaKey   = parsePEM(onePEM)
	rsaOther = parsePEM(twoPEM)
	ecKey    = derive(elliptic.P256(), 32)
	ec384Key = derive(elliptic.P384(), 48)
)

func parsePEM(text []byte) *rsa.PrivateKey {
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		panic(err)
	}
	return key.(*rsa.PrivateKey)
}

// derive is a key whose number is a hash, below the curve's order.
func derive(curve elliptic.Curve, size int) *ecdsa.PrivateKey {
	number := make([]byte, size)
	digest := sha256.Sum256([]byte(curve.Params().Name))
	copy(number[size-31:], digest[:31])
	key, err := ecdsa.ParseRawPrivateKey(curve, number)
	if err != nil {
		panic(err)
	}
	return key
}

func signRSA(key *rsa.PrivateKey, input string) []byte {
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	return signature
}

func signEC(key *ecdsa.PrivateKey, input string) (r, s *big.Int) {
	digest := sha256.Sum256([]byte(input))
	der, err := key.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		panic(err)
	}
	// DER: SEQUENCE of two INTEGERs, each shorter than 128 octets.
	rLength := int(der[3])
	return new(big.Int).SetBytes(der[4 : 4+rLength]), new(big.Int).SetBytes(der[6+rLength:])
}

func pair(r, s *big.Int, size int) []byte {
	return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
}

func publicRSA(kid string, key *rsa.PublicKey, more string) string {
	return fmt.Sprintf(`{"kty":"RSA","kid":%q,"n":%q,"e":"AQAB"%s}`, kid, base64.RawURLEncoding.EncodeToString(key.N.Bytes()), more)
}

func publicEC(kid, curve string, key *ecdsa.PublicKey) string {
	size := (key.Params().BitSize + 7) / 8
	point, err := key.Bytes()
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"kty":"EC","kid":%q,"crv":%q,"x":%q,"y":%q}`, kid, curve,
		base64.RawURLEncoding.EncodeToString(point[1:1+size]), base64.RawURLEncoding.EncodeToString(point[1+size:]))
}

// ec makes the forge's token and key set elliptic.
func (f *forge) ec() {
	f.header = `{"alg":"ES256","kid":"e1"}`
	f.keys = `{"keys":[` + publicEC("e1", "P-256", &ecKey.PublicKey) + `]}`
	f.signature = func(input string) []byte { r, s := signEC(ecKey, input); return pair(r, s, 32) }
}

var hostileCases = []struct {
	name    string
	change  func(*forge)
	code    string // "" for success
	step    string // the first failed step
	message string // the beginning of AWS's message, where one is known
}{
	{"a good token gets in", func(f *forge) {}, "", "", ""},
	{"alg none", func(f *forge) { f.header = `{"alg":"none"}`; f.signature = none }, "InvalidIdentityToken", "oidc/algorithm", "The ID Token provided is not a valid JWT"},
	{"alg None", func(f *forge) { f.header = `{"alg":"None"}`; f.signature = none }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"alg NONE", func(f *forge) { f.header = `{"alg":"NONE"}`; f.signature = none }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"alg nOnE", func(f *forge) { f.header = `{"alg":"nOnE"}`; f.signature = none }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"alg empty", func(f *forge) { f.header = `{"alg":""}`; f.signature = none }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"alg none with the old signature kept", func(f *forge) { f.header = `{"alg":"none","kid":"k1"}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"an empty signature", func(f *forge) { f.signature = none }, "InvalidIdentityToken", "oidc/signature", ""},
	{"two segments", func(f *forge) { f.compact = func(t string) string { return t[:strings.LastIndex(t, ".")] } }, "InvalidIdentityToken", "oidc/token", ""},
	{"four segments", func(f *forge) { f.compact = func(t string) string { return t + ".x" } }, "InvalidIdentityToken", "oidc/token", ""},
	{"five segments", func(f *forge) { f.compact = func(t string) string { return t + ".x.y" } }, "InvalidIdentityToken", "oidc/token", ""},
	{"dots only", func(f *forge) { f.compact = func(string) string { return strings.Repeat(".", 4000) } }, "InvalidIdentityToken", "oidc/token", ""},
	{"HS256 with the public modulus as secret", func(f *forge) {
		f.header = `{"alg":"HS256","kid":"k1"}`
		f.signature = func(input string) []byte {
			mac := hmac.New(sha256.New, rsaKey.N.Bytes())
			mac.Write([]byte(input))
			return mac.Sum(nil)
		}
	}, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"PS256", func(f *forge) { f.header = `{"alg":"PS256","kid":"k1"}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"EdDSA", func(f *forge) { f.header = `{"alg":"EdDSA","kid":"k1"}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"ES256K", func(f *forge) { f.header = `{"alg":"ES256K","kid":"k1"}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"alg in lower case", func(f *forge) { f.header = `{"alg":"rs256","kid":"k1"}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"alg a number", func(f *forge) { f.header = `{"alg":256,"kid":"k1"}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"alg missing", func(f *forge) { f.header = `{"kid":"k1"}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"a key for another algorithm", func(f *forge) { f.keys = `{"keys":[` + publicRSA("k1", &rsaKey.PublicKey, `,"alg":"RS512"`) + `]}` }, "InvalidIdentityToken", "oidc/keys", "Couldn't retrieve verification key from your identity provider,  please"},
	{"ES256 in the header and an RSA key", func(f *forge) { f.header = `{"alg":"ES256","kid":"k1"}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"RS256 in the header and an EC key", func(f *forge) { f.ec(); f.header = `{"alg":"RS256","kid":"e1"}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"ES256 in the header and a key on P-384", func(f *forge) {
		f.ec()
		f.keys = `{"keys":[` + publicEC("e1", "P-384", &ec384Key.PublicKey) + `]}`
	}, "InvalidIdentityToken", "oidc/keys", ""},
	{"ES256", func(f *forge) { f.ec() }, "", "", ""},
	{"ES256 with a high s", func(f *forge) {
		f.ec()
		f.signature = func(input string) []byte {
			r, s := signEC(ecKey, input)
			if half := new(big.Int).Rsh(elliptic.P256().Params().N, 1); s.Cmp(half) < 0 {
				s.Sub(elliptic.P256().Params().N, s)
			}
			return pair(r, s, 32)
		}
	}, "", "", ""},
	{"ES256 with a signature in DER", func(f *forge) {
		f.ec()
		f.signature = func(input string) []byte {
			digest := sha256.Sum256([]byte(input))
			der, _ := ecKey.Sign(nil, digest[:], crypto.SHA256)
			return der
		}
	}, "InvalidIdentityToken", "oidc/signature", ""},
	{"ES256 with r and s zero", func(f *forge) { f.ec(); f.signature = func(string) []byte { return make([]byte, 64) } }, "InvalidIdentityToken", "oidc/signature", ""},
	{"ES256 with r and s the order", func(f *forge) {
		f.ec()
		n := elliptic.P256().Params().N
		f.signature = func(string) []byte { return pair(n, n, 32) }
	}, "InvalidIdentityToken", "oidc/signature", ""},
	{"ES256 with 66 octets", func(f *forge) {
		f.ec()
		f.signature = func(input string) []byte { r, s := signEC(ecKey, input); return pair(r, s, 33) }
	}, "InvalidIdentityToken", "oidc/signature", ""},
	{"a flipped bit in the signature", func(f *forge) {
		f.signature = func(input string) []byte { s := signRSA(rsaKey, input); s[7] ^= 1; return s }
	}, "InvalidIdentityToken", "oidc/signature", ""},
	{"changed claims", func(f *forge) {
		f.compact = func(t string) string {
			parts := strings.Split(t, ".")
			return parts[0] + "." + b64(strings.Replace(f.claims, "user-123", "user-124", 1)) + "." + parts[2]
		}
	}, "InvalidIdentityToken", "oidc/signature", ""},
	{"a changed header", func(f *forge) {
		f.compact = func(t string) string { return b64(`{"alg":"RS256","kid":"k1"}`) + t[strings.Index(t, "."):] }
	}, "InvalidIdentityToken", "oidc/signature", ""},
	{"another key with the same kid", func(f *forge) { f.signature = func(input string) []byte { return signRSA(rsaOther, input) } }, "InvalidIdentityToken", "oidc/signature", ""},
	{"a newline in the signature", func(f *forge) { f.compact = func(t string) string { return t[:len(t)-9] + "\n" + t[len(t)-9:] } }, "InvalidIdentityToken", "oidc/token", ""},
	{"unused bits set in the last letter", func(f *forge) { f.compact = func(t string) string { return t[:len(t)-1] + next(t[len(t)-1]) } }, "InvalidIdentityToken", "oidc/token", ""},
	{"padded base64", func(f *forge) { f.compact = func(t string) string { return t + "==" } }, "InvalidIdentityToken", "oidc/token", ""},
	{"base64 of the standard alphabet", func(f *forge) {
		f.compact = func(t string) string {
			head, signature := t[:strings.LastIndex(t, ".")+1], t[strings.LastIndex(t, ".")+1:]
			return head + strings.NewReplacer("-", "+", "_", "/").Replace(signature)
		}
	}, "InvalidIdentityToken", "oidc/token", ""},
	{"a leading space", func(f *forge) { f.compact = func(t string) string { return " " + t } }, "InvalidIdentityToken", "oidc/token", ""},
	{"a Bearer prefix", func(f *forge) { f.compact = func(t string) string { return "Bearer " + t } }, "InvalidIdentityToken", "oidc/token", ""},
	{"crit that isn't understood", func(f *forge) { f.header = `{"alg":"RS256","kid":"k1","crit":["exp2"],"exp2":1}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"crit empty", func(f *forge) { f.header = `{"alg":"RS256","kid":"k1","crit":[]}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"crit no list", func(f *forge) { f.header = `{"alg":"RS256","kid":"k1","crit":"exp"}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"crit b64", func(f *forge) { f.header = `{"alg":"RS256","kid":"k1","b64":true,"crit":["b64"]}` }, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"b64 false with a raw payload", func(f *forge) {
		f.header = `{"alg":"RS256","kid":"k1","b64":false}`
		f.input = b64(f.header) + "." + f.claims
	}, "InvalidIdentityToken", "oidc/token", ""},
	{"an embedded jwk", func(f *forge) {
		f.header = `{"alg":"RS256","jwk":` + publicRSA("k9", &rsaOther.PublicKey, "") + `}`
		f.signature = func(input string) []byte { return signRSA(rsaOther, input) }
	}, "InvalidIdentityToken", "oidc/signature", ""},
	{"an embedded jwk with kid", func(f *forge) {
		f.header = `{"alg":"RS256","kid":"k9","jwk":` + publicRSA("k9", &rsaOther.PublicKey, "") + `}`
		f.signature = func(input string) []byte { return signRSA(rsaOther, input) }
	}, "InvalidIdentityToken", "oidc/keys", ""},
	{"a jku", func(f *forge) {
		f.header = `{"alg":"RS256","kid":"k9","jku":"https://attacker.example.com/jwks"}`
		f.signature = func(input string) []byte { return signRSA(rsaOther, input) }
	}, "InvalidIdentityToken", "oidc/keys", ""},
	{"an x5u", func(f *forge) { f.header = `{"alg":"RS256","kid":"k9","x5u":"https://attacker.example.com/cert"}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"an x5c", func(f *forge) { f.header = `{"alg":"RS256","kid":"k9","x5c":["AAAA"]}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"alg twice in the header", func(f *forge) { f.header = `{"alg":"none","alg":"RS256","kid":"k1"}` }, "InvalidIdentityToken", "oidc/token", ""},
	{"a header that is a list", func(f *forge) { f.header = `["RS256"]` }, "InvalidIdentityToken", "oidc/token", ""},
	{"a header that is null", func(f *forge) { f.header = `null` }, "InvalidIdentityToken", "oidc/token", ""},
	{"a header with a byte order mark", func(f *forge) { f.header = "\ufeff" + f.header }, "InvalidIdentityToken", "oidc/token", ""},
	{"a header with more behind it", func(f *forge) { f.header += "{}" }, "InvalidIdentityToken", "oidc/token", ""},
	{"kid a number", func(f *forge) { f.header = `{"alg":"RS256","kid":1}` }, "InvalidIdentityToken", "oidc/keys", "Couldn't retrieve verification key"},
	{"kid a list", func(f *forge) { f.header = `{"alg":"RS256","kid":["k1"]}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"kid unknown", func(f *forge) { f.header = `{"alg":"RS256","kid":"k2"}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"kid in other letter case", func(f *forge) { f.header = `{"alg":"RS256","kid":"K1"}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"kid a path", func(f *forge) { f.header = `{"alg":"RS256","kid":"../../dev/null"}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"no kid and several keys", func(f *forge) {
		f.header = `{"alg":"RS256"}`
		f.keys = `{"keys":[` + publicRSA("k1", &rsaKey.PublicKey, "") + "," + publicRSA("k2", &rsaOther.PublicKey, "") + `]}`
	}, "InvalidIdentityToken", "oidc/keys", ""},
	{"exp a second ago", func(f *forge) { f.set("exp", at(-1)) }, "", "", ""},
	{"exp 299 seconds ago", func(f *forge) { f.set("exp", at(-299)) }, "", "", ""},
	{"exp 301 seconds ago", func(f *forge) { f.set("exp", at(-301)) }, "ExpiredTokenException", "oidc/expiry", "Token expired: current date/time "},
	{"exp an hour ago", func(f *forge) { f.set("exp", at(-3600)) }, "ExpiredTokenException", "oidc/expiry", ""},
	{"exp missing", func(f *forge) { f.set("exp", "") }, "InvalidIdentityToken", "oidc/claims", "Missing a required claim: exp"},
	{"exp null", func(f *forge) { f.set("exp", "null") }, "InvalidIdentityToken", "oidc/claims", ""},
	{"exp zero", func(f *forge) { f.set("exp", "0") }, "InvalidIdentityToken", "oidc/claims", ""},
	{"exp negative", func(f *forge) { f.set("exp", "-1") }, "InvalidIdentityToken", "oidc/claims", ""},
	{"exp a string", func(f *forge) { f.set("exp", `"`+at(600)+`"`) }, "InvalidIdentityToken", "oidc/claims", ""},
	{"exp true", func(f *forge) { f.set("exp", "true") }, "InvalidIdentityToken", "oidc/claims", ""},
	{"exp a list", func(f *forge) { f.set("exp", "["+at(600)+"]") }, "InvalidIdentityToken", "oidc/claims", ""},
	{"exp 1e30", func(f *forge) { f.set("exp", "1e30") }, "InvalidIdentityToken", "oidc/claims", ""},
	{"exp 1e400", func(f *forge) { f.set("exp", "1e400") }, "InvalidIdentityToken", "oidc/claims", ""},
	{"exp with a fraction", func(f *forge) { f.set("exp", at(600)+".5") }, "InvalidIdentityToken", "oidc/claims", ""},
	{"nbf in the future", func(f *forge) { f.set("nbf", at(3600)) }, "InvalidIdentityToken", "oidc/expiry", ""},
	{"iat in the future", func(f *forge) { f.set("iat", at(3600)) }, "InvalidIdentityToken", "oidc/expiry", ""},
	{"iat more than a day ago", func(f *forge) { f.set("iat", at(-86401)) }, "ExpiredTokenException", "oidc/expiry", "Token too old: 86401"},
	{"iat missing", func(f *forge) { f.set("iat", "") }, "InvalidIdentityToken", "oidc/claims", "Missing a required claim: iat"},
	{"iss of another provider", func(f *forge) { f.set("iss", `"https://idp.example.org"`) }, "InvalidIdentityToken", "oidc/issuer", "No OpenIDConnect provider found in your account for https://idp.example.org"},
	{"iss with a trailing slash", func(f *forge) { f.set("iss", `"https://idp.example.com/"`) }, "InvalidIdentityToken", "oidc/issuer", "No OpenIDConnect provider found in your account for https://idp.example.com/"},
	{"iss with http", func(f *forge) { f.set("iss", `"http://idp.example.com"`) }, "InvalidIdentityToken", "oidc/issuer", ""},
	{"iss in upper case", func(f *forge) { f.set("iss", `"https://IDP.example.com"`) }, "InvalidIdentityToken", "oidc/issuer", ""},
	{"iss a list", func(f *forge) { f.set("iss", `["https://idp.example.com"]`) }, "InvalidIdentityToken", "oidc/claims", ""},
	{"iss missing", func(f *forge) { f.set("iss", "") }, "InvalidIdentityToken", "oidc/claims", ""},
	{"aud of another client", func(f *forge) { f.set("aud", `"other"`) }, "InvalidIdentityToken", "oidc/audience", "Incorrect token audience"},
	{"aud a prefix of the client's", func(f *forge) { f.set("aud", `"aws-access"`) }, "InvalidIdentityToken", "oidc/audience", "Incorrect token audience"},
	{"aud missing", func(f *forge) { f.set("aud", "") }, "InvalidIdentityToken", "oidc/claims", "Missing a required claim: aud"},
	{"aud an empty list", func(f *forge) { f.set("aud", "[]") }, "InvalidIdentityToken", "oidc/claims", "Incorrect token audience"},
	{"aud an object", func(f *forge) { f.set("aud", "{}") }, "InvalidIdentityToken", "oidc/claims", "Incorrect token audience"},
	{"aud a list with a number", func(f *forge) { f.set("aud", `["aws-access-client",1]`) }, "InvalidIdentityToken", "oidc/claims", "Incorrect token audience"},
	{"aud one value in a list", func(f *forge) { f.set("aud", `["aws-access-client"]`) }, "", "", ""},
	{"aud several values without azp", func(f *forge) { f.set("aud", `["aws-access-client","other"]`) }, "InvalidIdentityToken", "oidc/audience", "Token audience contains more than one audience while authorized party is not present"},
	{"aud several values with azp", func(f *forge) { f.set("aud", `["a","b"]`); f.set("azp", `"aws-access-client"`) }, "", "", ""},
	{"azp no client ID although aud is", func(f *forge) { f.set("azp", `"other"`) }, "InvalidIdentityToken", "oidc/audience", "Incorrect token audience"},
	{"sub missing", func(f *forge) { f.set("sub", "") }, "InvalidIdentityToken", "oidc/claims", "Missing a required claim: sub"},
	{"sub empty", func(f *forge) { f.set("sub", `""`) }, "InvalidIdentityToken", "oidc/claims", ""},
	{"sub a number", func(f *forge) { f.set("sub", `123`) }, "InvalidIdentityToken", "oidc/claims", ""},
	{"sub twice", func(f *forge) { f.claims = strings.Replace(f.claims, `"sub"`, `"sub":"admin","sub"`, 1) }, "InvalidIdentityToken", "oidc/token", ""},
	{"aud twice", func(f *forge) { f.claims = strings.Replace(f.claims, `"aud"`, `"aud":"x","aud"`, 1) }, "InvalidIdentityToken", "oidc/token", ""},
	{"SUB and Exp beside sub and exp", func(f *forge) { f.set("SUB", `"admin"`); f.set("Exp", "1") }, "", "", ""},
	{"more behind the claims", func(f *forge) { f.claims += "{}" }, "InvalidIdentityToken", "oidc/token", ""},
	{"claims that are a list", func(f *forge) { f.claims = "[]" }, "InvalidIdentityToken", "oidc/token", ""},
	{"claims that are a string", func(f *forge) { f.claims = `"x"` }, "InvalidIdentityToken", "oidc/token", ""},
	{"claims that are null", func(f *forge) { f.claims = "null" }, "InvalidIdentityToken", "oidc/token", ""},
	{"claims that are empty", func(f *forge) { f.claims = "" }, "InvalidIdentityToken", "oidc/token", ""},
	{"claims with invalid UTF-8", func(f *forge) { f.claims = strings.Replace(f.claims, "user-123", "user-\xff", 1) }, "InvalidIdentityToken", "oidc/token", ""},
	{"claims with a lone surrogate", func(f *forge) { f.claims = strings.Replace(f.claims, "user-123", `user-\ud800`, 1) }, "InvalidIdentityToken", "oidc/token", ""},
	{"claims nested 7000 deep", func(f *forge) { f.claims = strings.Repeat("[", 7000) }, "InvalidIdentityToken", "oidc/token", ""},
	{"a token of 20001 characters", func(f *forge) {
		f.compact = func(t string) string { return t + strings.Repeat("A", 20001-len(t)) }
	}, "ValidationError", "sts/parameters", "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have length less than or equal to 20000"},
	{"two keys of one kid", func(f *forge) {
		f.keys = `{"keys":[` + publicRSA("k1", &rsaKey.PublicKey, "") + "," + publicRSA("k1", &rsaOther.PublicKey, "") + `]}`
	}, "InvalidIdentityToken", "oidc/keys", ""},
	{"a symmetric key and HS256", func(f *forge) {
		f.header = `{"alg":"HS256","kid":"k1"}`
		f.keys = `{"keys":[{"kty":"oct","kid":"k1","k":"AAAA"}]}`
	}, "InvalidIdentityToken", "oidc/algorithm", ""},
	{"a key for encryption", func(f *forge) { f.keys = `{"keys":[` + publicRSA("k1", &rsaKey.PublicKey, `,"use":"enc"`) + `]}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with key_ops encrypt", func(f *forge) {
		f.keys = `{"keys":[` + publicRSA("k1", &rsaKey.PublicKey, `,"key_ops":["encrypt"]`) + `]}`
	}, "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with e = 1 and a forged token", func(f *forge) {
		f.keys = strings.Replace(f.keys, "AQAB", "AQ", 1)
		f.signature = func(input string) []byte {
			digest := sha256.Sum256([]byte(input))
			info := append([]byte("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"), digest[:]...)
			block := append([]byte{0, 1}, []byte(strings.Repeat("\xff", 256-3-len(info)))...)
			return append(append(block, 0), info...)
		}
	}, "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with e = 0", exponent("AA"), "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with e = 2", exponent("Ag"), "InvalidIdentityToken", "oidc/keys", ""},
	{"a key without e", exponent(""), "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with e = 2^64+13", exponent("AQAAAAAAAAAN"), "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with e = 2^64+65537", exponent("AQAAAAAAAQAB"), "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with n empty", modulus(func(string) string { return "" }), "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with n even", modulus(func(string) string {
		return base64.RawURLEncoding.EncodeToString(new(big.Int).Add(rsaKey.N, big.NewInt(1)).Bytes())
	}), "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with n no base64", modulus(func(string) string { return "%%%" }), "InvalidIdentityToken", "oidc/keys", ""},
	{"a key with n in the standard alphabet", modulus(func(string) string { return base64.StdEncoding.EncodeToString(rsaKey.N.Bytes()) }), "InvalidIdentityToken", "oidc/keys", ""},
	{"a key of 1024 bits", modulus(func(string) string { return base64.RawURLEncoding.EncodeToString(rsaKey.N.Bytes()[:128]) }), "InvalidIdentityToken", "oidc/keys", ""},
	{"an EC key off the curve", point(func(p []byte) []byte { p[40] ^= 1; return p }), "InvalidIdentityToken", "oidc/keys", ""},
	{"an EC key at zero", point(func(p []byte) []byte { return make([]byte, 64) }), "InvalidIdentityToken", "oidc/keys", ""},
	{"an EC key with x of 31 octets", func(f *forge) {
		f.ec()
		p, _ := ecKey.PublicKey.Bytes()
		f.keys = fmt.Sprintf(`{"keys":[{"kty":"EC","kid":"e1","crv":"P-256","x":%q,"y":%q}]}`, base64.RawURLEncoding.EncodeToString(p[2:33]), base64.RawURLEncoding.EncodeToString(p[33:]))
	}, "InvalidIdentityToken", "oidc/keys", ""},
	{"an EC key without y", func(f *forge) {
		f.ec()
		p, _ := ecKey.PublicKey.Bytes()
		f.keys = fmt.Sprintf(`{"keys":[{"kty":"EC","kid":"e1","crv":"P-256","x":%q}]}`, base64.RawURLEncoding.EncodeToString(p[1:33]))
	}, "InvalidIdentityToken", "oidc/keys", ""},
	{"an EC key with the wrong crv", func(f *forge) { f.ec(); f.keys = strings.Replace(f.keys, "P-256", "P-384", 1) }, "InvalidIdentityToken", "oidc/keys", ""},
	{"an EC key on secp256k1", func(f *forge) { f.ec(); f.keys = strings.Replace(f.keys, "P-256", "secp256k1", 1) }, "InvalidIdentityToken", "oidc/keys", ""},
	{"an empty key set", func(f *forge) { f.keys = `{"keys":[]}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"a key set without keys", func(f *forge) { f.keys = `{}` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"a key set that is null", func(f *forge) { f.keys = `null` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"a bare key instead of a set", func(f *forge) { f.keys = publicRSA("k1", &rsaKey.PublicKey, "") }, "InvalidIdentityToken", "oidc/keys", ""},
	{"a web page instead of a set", func(f *forge) { f.keys = `<html>404</html>` }, "InvalidIdentityToken", "oidc/keys", ""},
	{"a key of unknown type beside the good one", func(f *forge) {
		f.keys = `{"keys":[{"kty":"AKP","kid":"x"},` + publicRSA("k1", &rsaKey.PublicKey, "") + `]}`
	}, "", "", ""},
	{"a modulus with a leading zero", modulus(func(string) string {
		return base64.RawURLEncoding.EncodeToString(append([]byte{0}, rsaKey.N.Bytes()...))
	}), "", "", ""},
	{"a private key published", func(f *forge) { f.keys = `{"keys":[` + publicRSA("k1", &rsaKey.PublicKey, `,"d":"AQAB"`) + `]}` }, "", "", ""},
	{"x5c that doesn't fit", func(f *forge) { f.keys = `{"keys":[` + publicRSA("k1", &rsaKey.PublicKey, `,"x5c":["AAAA"]`) + `]}` }, "", "", ""},
	{"101 RSA keys", func(f *forge) {
		keys := []string{publicRSA("k1", &rsaKey.PublicKey, "")}
		for i := range 100 {
			keys = append(keys, publicRSA(fmt.Sprint("o", i), &rsaOther.PublicKey, ""))
		}
		f.keys = `{"keys":[` + strings.Join(keys, ",") + `]}`
	}, "InvalidIdentityToken", "oidc/keys", ""},
}

func none(string) []byte { return nil }

func at(seconds int64) string { return fmt.Sprint(clock.Unix() + seconds) }

// next is the letter of base64url after c: the same octets, other unused bits.
func next(c byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, c)+1:][:1]
}

func exponent(e string) func(*forge) {
	return func(f *forge) { f.keys = strings.Replace(f.keys, "AQAB", e, 1) }
}

func modulus(change func(string) string) func(*forge) {
	return func(f *forge) {
		n := base64.RawURLEncoding.EncodeToString(rsaKey.N.Bytes())
		f.keys = strings.Replace(f.keys, n, change(n), 1)
	}
}

func point(change func([]byte) []byte) func(*forge) {
	return func(f *forge) {
		f.ec()
		p, _ := ecKey.PublicKey.Bytes()
		p = change(append([]byte{}, p[1:]...))
		f.keys = fmt.Sprintf(`{"keys":[{"kty":"EC","kid":"e1","crv":"P-256","x":%q,"y":%q}]}`,
			base64.RawURLEncoding.EncodeToString(p[:32]), base64.RawURLEncoding.EncodeToString(p[32:]))
	}
}

func TestHostileTokensAndKeySets(t *testing.T) {
	for _, c := range hostileCases {
		t.Run(c.name, func(t *testing.T) {
			f := hostile()
			c.change(f)
			r := f.run(t)
			code, message, failed := "", "", ""
			if r.Error != nil {
				code, message = r.Error.Code, r.Error.Message
			}
			for _, s := range r.Steps {
				if s.Status == "failed" && failed == "" {
					failed = s.Rule
				}
			}
			if code != c.code || failed != c.step || !strings.HasPrefix(message, c.message) {
				t.Errorf("got %q at %q, %q; want %q at %q, %q", code, failed, message, c.code, c.step, c.message)
			}
			if c.code == "" && r.Session != nil && !strings.Contains(fmt.Sprint(r.Session.Context), "user-123") {
				t.Errorf("the session isn't user-123's: %v", r.Session.Context)
			}
		})
	}
}
