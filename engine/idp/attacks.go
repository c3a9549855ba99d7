package idp

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/pem"
	"strings"
)

// Attack is a way to break or forge a token on purpose, for menus. About is
// one sentence: what the attacker does and which reader falls for it.
type Attack struct {
	Name  string
	Title string
	About string
}

// Attacks are the attacks that a mint can name, in the order of a menu. The
// first is none.
func Attacks() []Attack {
	var all []Attack
	for _, a := range attacks {
		all = append(all, a.Attack)
	}
	return all
}

// attack is an Attack and how it is staged on a token that is ready to be
// signed. Where fits is set, the attack needs a key of a kind, which needs
// describes with its article.
type attack struct {
	Attack
	stage func(t token, p *press) string
	fits  func(*key) bool
	needs string
}

func isRSA(k *key) bool { return k.rsa != nil }
func isEC(k *key) bool  { return k.ec != nil }

// attackerURL is where the attacker's own key set would be.
const attackerURL = "https://attacker.example/jwks.json"

// stranger is the subject that a token was honestly issued for, or that is
// slipped in beside the described one.
const stranger = "somebody-else"

// attacks are those of RFC 8725 §2 and §3, and of the libraries' advisories
// since 2015, that break a token rather than a key set.
var attacks = []attack{
	{Attack: Attack{"none", "No attack", "The token is honest: the issuer's key signs what is described."},
		stage: func(t token, p *press) string { return t.compact() }},

	// The algorithm, RFC 8725 §2.1.
	{Attack: Attack{"alg-none", "alg: none", "The header says that there is no signature, and there is none; a reader that obeys the header checks nothing (RFC 8725 §2.1)."},
		stage: func(t token, p *press) string { return unsigned(t, "none") }},
	{Attack: Attack{"alg-none-mixed-case", "alg: nOnE", "The same in another spelling, for readers that refuse only the word none."},
		stage: func(t token, p *press) string { return unsigned(t, "nOnE") }},
	{Attack: Attack{"alg-none-with-signature", "alg: none, signature kept", "The header is changed to none and the honest signature stays, for readers that only look whether there is one."},
		stage: func(t token, p *press) string {
			forged := token{header: t.header.with("alg", `"none"`), claims: t.claims}
			return forged.input() + "." + encode(t.signature())
		}},
	{Attack: Attack{"hs256-public-key", "HS256 with the public key as secret", "The attacker computes an HMAC with the issuer's public key, which everybody has; a reader that lets the header choose takes the public key for the shared secret (RFC 8725 §2.1)."},
		stage: hmacWithPublicKey},
	{Attack: Attack{"ps256", "An algorithm that AWS doesn't take", "The issuer's key signs with RSASSA-PSS; the signature is good, but PS256 is none of the six algorithms that AWS accepts."},
		stage: signPSS, fits: isRSA, needs: "an RSA"},

	// What was signed.
	{Attack: Attack{"tampered-payload", "Subject changed after signing", "The issuer signed a token for somebody-else, and the described subject was written in afterwards under the old signature."},
		stage: func(t token, p *press) string {
			issued := t
			issued.claims = t.claims.with("sub", quote(stranger))
			return t.input() + "." + encode(issued.signature())
		}},
	{Attack: Attack{"tampered-signature", "One bit of the signature flipped", "The token is honest except for one bit in the middle of its signature."},
		stage: func(t token, p *press) string {
			signature := append([]byte(nil), t.signature()...)
			signature[len(signature)/2] ^= 1
			return t.input() + "." + encode(signature)
		}},
	{Attack: Attack{"empty-signature", "Signature left out", "The header names an algorithm, and nothing follows the last dot, for readers that skip what is empty."},
		stage: func(t token, p *press) string { return t.input() + "." }},

	// The key, RFC 8725 §2.1 and §3.10.
	{Attack: Attack{"wrong-key", "Signed with another key", "The attacker signs with a key of their own and writes the issuer's kid."},
		stage: func(t token, p *press) string { return forged(t, p) }},
	{Attack: Attack{"embedded-jwk", "The attacker's key in the header", "The attacker signs with a key of their own and sends it along as jwk, for readers that verify with whatever key the token brings (RFC 7515 §4.1.3)."},
		stage: func(t token, p *press) string {
			return forged(t, p, field{"jwk", p.keyring.forger(t.key).jwk().text()})
		}},
	{Attack: Attack{"jku", "The attacker's key set by URL", "The attacker signs with a key of their own and points to a key set of their own, for readers that fetch any jku (RFC 8725 §3.10)."},
		stage: func(t token, p *press) string { return forged(t, p, field{"jku", quote(attackerURL)}) }},
	{Attack: Attack{"x5u", "The attacker's certificate by URL", "The attacker signs with a key of their own and points to a certificate of their own, for readers that fetch any x5u (RFC 8725 §3.10)."},
		stage: func(t token, p *press) string {
			return forged(t, p, field{"x5u", quote("https://attacker.example/chain.pem")})
		}},
	{Attack: Attack{"kid-injection", "A path as key id", "The attacker signs with a key of their own, and the kid is a path to a file, for readers that look keys up on disk (RFC 8725 §3.10)."},
		stage: func(t token, p *press) string { return forged(t, p, field{"kid", quote("../../../../dev/null")}) }},

	// The form, where lax readers and strict ones see different tokens.
	{Attack: Attack{"crit-unknown", "A critical extension that nobody knows", "The issuer signs a header that calls the made-up extension exp2 critical; whoever doesn't understand it must refuse (RFC 7515 §4.1.11)."},
		stage: func(t token, p *press) string {
			t.header = t.header.with("crit", `["exp2"]`).with("exp2", number(p.at.Unix()+hour))
			return t.compact()
		}},
	{Attack: Attack{"duplicate-alg", "Two alg members", "The header says alg: none first and the real algorithm second; the signature is good, but two readers may see two algorithms (RFC 7515 §4)."},
		stage: func(t token, p *press) string {
			t.header = append(object{{"alg", `"none"`}}, t.header...)
			return t.compact()
		}},
	{Attack: Attack{"duplicate-sub", "Two sub claims", "The claims name somebody-else first and the described subject second; the signature is good, but two readers may see two subjects (RFC 7519 §4)."},
		stage: func(t token, p *press) string {
			t.claims = append(object{{"sub", quote(stranger)}}, t.claims...)
			return t.compact()
		}},
	{Attack: Attack{"padded-base64", "Base64 with padding", "The signature ends in =, which base64url in tokens doesn't have (RFC 7515 §2), so that one token has two spellings."},
		stage: func(t token, p *press) string {
			signature := encode(t.signature())
			return t.input() + "." + signature + strings.Repeat("=", max(1, (4-len(signature)%4)%4))
		}},
	{Attack: Attack{"newline-in-signature", "A line break in the signature", "A line break stands in the middle of an honest signature; many base64 decoders skip it, so that one token has two spellings."},
		stage: func(t token, p *press) string {
			signature := encode(t.signature())
			return t.input() + "." + signature[:len(signature)/2] + "\n" + signature[len(signature)/2:]
		}},
	{Attack: Attack{"ec-der-signature", "An ECDSA signature in DER", "The issuer's key signs, but the signature is written as X.509 does and not as two numbers side by side (RFC 7518 §3.4)."},
		stage: func(t token, p *press) string {
			return t.input() + "." + encode(t.key.signDER(t.alg, t.input()))
		}, fits: isEC, needs: "an EC"},
	{Attack: Attack{"bearer-prefix", "The word Bearer in front", "The token is honest, but was copied out of an Authorization header with the word Bearer before it."},
		stage: func(t token, p *press) string { return "Bearer " + t.compact() }},

	// The claims of a token that is genuine but shouldn't be taken.
	{Attack: Attack{"expired", "A stolen token, used too late", "The token was issued two hours before the call and expired an hour before it."},
		stage: func(t token, p *press) string {
			now := p.at.Unix()
			t.claims = t.claims.with("iat", number(now-2*hour)).with("exp", number(now-hour))
			if t.claims.get("nbf") != "" {
				t.claims = t.claims.with("nbf", number(now-2*hour))
			}
			return t.compact()
		}},
	{Attack: Attack{"not-yet-valid", "A token for later", "The token is honest and says that it mustn't be used for another hour."},
		stage: func(t token, p *press) string {
			t.claims = t.claims.with("nbf", number(p.at.Unix()+hour)).with("exp", number(p.at.Unix()+2*hour))
			return t.compact()
		}},
	{Attack: Attack{"other-audience", "A token for another system", "The token was issued for Microsoft Entra ID, whose audience is api://AzureADTokenExchange, and is replayed to AWS."},
		stage: func(t token, p *press) string {
			t.claims = t.claims.with("aud", quote("api://AzureADTokenExchange"))
			if t.claims.get("azp") != "" { // which AWS compares where there is one
				t.claims = t.claims.with("azp", quote("api://AzureADTokenExchange"))
			}
			return t.compact()
		}},
}

// unsigned is the token with that algorithm and nothing after the last dot.
func unsigned(t token, alg string) string {
	t.header = t.header.with("alg", quote(alg))
	return t.input() + "."
}

// forged is the token with these header members, signed by the forger.
func forged(t token, p *press, header ...field) string {
	for _, f := range header {
		t.header = t.header.with(f.name, f.value)
	}
	t.key = p.keyring.forger(t.key)
	return t.compact()
}

// hmacWithPublicKey is the token as HS256, keyed with the public key's PEM
// text, the form in which servers keep it.
func hmacWithPublicKey(t token, p *press) string {
	secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: t.key.spki()})
	t.header = t.header.with("alg", `"HS256"`)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(t.input()))
	return t.input() + "." + encode(mac.Sum(nil))
}

// signPSS is the token as PS256 (RFC 7518 §3.5). The salt, which is random
// elsewhere, is the digest itself, so that the token stays the same.
func signPSS(t token, p *press) string {
	t.header = t.header.with("alg", `"PS256"`)
	signature := signatures.get(t.key.signatureID("PS256", t.input()), func() []byte {
		digest := digestOf(crypto.SHA256, t.input())
		salted := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
		return must(rsa.SignPSS(bytes.NewReader(digest), t.key.rsa, crypto.SHA256, digest, salted))
	})
	return t.input() + "." + encode(signature)
}
