package oidc

import (
	"crypto"
	_ "crypto/sha256" // the three hashes of the six algorithms
	_ "crypto/sha512"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"stsplayground/engine/source"
)

// algorithm is one of the six that AWS takes, and the keys that go with it
// (RFC 7518 §3.1).
type algorithm struct {
	name   string
	kty    string
	curve  string // "" for RSA
	octets int    // of each of the two numbers of an ECDSA signature, 0 for RSA
	hash   string
	digest crypto.Hash
	method jwt.SigningMethod
}

var algorithms = [...]algorithm{
	{"RS256", "RSA", "", 0, "SHA-256", crypto.SHA256, jwt.SigningMethodRS256},
	{"RS384", "RSA", "", 0, "SHA-384", crypto.SHA384, jwt.SigningMethodRS384},
	{"RS512", "RSA", "", 0, "SHA-512", crypto.SHA512, jwt.SigningMethodRS512},
	{"ES256", "EC", "P-256", 32, "SHA-256", crypto.SHA256, jwt.SigningMethodES256},
	{"ES384", "EC", "P-384", 48, "SHA-384", crypto.SHA384, jwt.SigningMethodES384},
	{"ES512", "EC", "P-521", 66, "SHA-512", crypto.SHA512, jwt.SigningMethodES512},
}

const algorithmNames = "RS256, RS384, RS512, ES256, ES384 or ES512"

// algorithmNamed is the algorithm of exactly that name, nil for any other.
func algorithmNamed(name string) *algorithm {
	for i := range algorithms {
		if algorithms[i].name == name {
			return &algorithms[i]
		}
	}
	return nil
}

// CheckAlgorithm refuses every header that asks for another verification than
// one of AWS's six algorithms over the two segments as they are.
func (t *Token) CheckAlgorithm() *Refusal {
	if algorithmNamed(t.Algorithm) == nil {
		return t.refuseAlgorithm()
	}
	if crit := t.Header.Get("crit"); crit != nil {
		// RFC 7515 §4.1.11: a token with an extension that isn't understood is
		// invalid, as is an empty list or one of something else than names.
		return &Refusal{
			Rule: ruleAlgorithm, Reason: Critical,
			Expected: "no crit in the header",
			Found:    "crit " + t.headerValue(crit),
			Why:      "crit says that whoever doesn't understand these extensions has to refuse the token, and AWS documents none.",
		}
	}
	if b64 := t.Header.Get("b64"); b64 != nil && !(b64.Kind == source.Bool && b64.Text == "true") {
		return &Refusal{
			Rule: ruleAlgorithm, Reason: Unencoded,
			Expected: "a payload in base64url",
			Found:    "b64 " + t.headerValue(b64),
			Why:      "A JSON Web Token must not leave its payload unencoded (RFC 7797 §7).",
		}
	}
	return nil
}

func (t *Token) refuseAlgorithm() *Refusal {
	r := Refusal{Rule: ruleAlgorithm, Reason: Algorithm, Expected: "alg " + algorithmNames}
	alg := t.Header.Get("alg")
	if alg == nil {
		r.Found = "no alg in the header"
		r.Why = "RFC 7515 §4.1.1 wants every header to name its algorithm."
		return &r
	}
	r.Found = "alg " + t.headerValue(alg)
	name := alg.Text
	switch upper := strings.ToUpper(name); {
	case alg.Kind != source.String:
		r.Why = "The algorithm's name is a string."
	case upper == "NONE", name == "":
		r.Why = "A token without a signature could have been written by anyone."
	case algorithmNamed(upper) != nil:
		r.Why = "Names of algorithms are case-sensitive (RFC 7515 §4.1.1); this one is spelt " + upper + "."
	case strings.HasPrefix(upper, "HS"):
		r.Why = "HMAC needs a secret that both sides share, and a published key is none; have the provider sign with RS256 or ES256."
	case strings.HasPrefix(upper, "PS"):
		r.Why = "AWS takes RSA signatures with PKCS #1 v1.5 padding only, not with PSS; have the provider sign with RS256."
	case upper == "EDDSA", upper == "ED25519", upper == "ED448":
		r.Why = "AWS doesn't take Edwards-curve signatures; have the provider sign with ES256 or RS256."
	case upper == "ES256K":
		r.Why = "AWS takes the curves P-256, P-384 and P-521, not secp256k1; have the provider sign with ES256."
	default:
		r.Why = "AWS takes these six algorithms and no other; have the provider sign with RS256 or ES256."
	}
	return &r
}

// headerValue is the value as the header has it, short enough for a message.
func (t *Token) headerValue(n *source.Node) string {
	return source.Clip(t.HeaderText[n.Offset:n.End])
}
