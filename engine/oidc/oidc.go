// Package oidc reads JSON Web Tokens and JSON Web Key Sets, strictly, and
// verifies signatures: RFC 7515 (JWS), 7517 (JWK), 7518 (JWA), 7519 (JWT),
// with the advice of RFC 8725 and the algorithms that AWS takes.
//
// Each check is a function that returns nil or a Refusal. Nothing here asks
// what time it is, who the provider is or what AWS would answer: that is the
// business of whoever calls STS.
package oidc

import (
	"strconv"

	"stsplayground/engine/trace"
)

// Refusal is why a check refuses. Expected and Found are the two sides as
// text, Why is one sentence. Claim is the claim in question, for MissingClaim
// and ClaimType. Modelled marks a refusal where AWS documents nothing and the
// playground had to choose.
type Refusal struct {
	Rule                 trace.Rule
	Reason               Reason
	Claim                string
	Expected, Found, Why string
	Modelled             bool
}

// Words are what a step shows of the refusal.
func (r *Refusal) Words() (expected, found, why string, modelled bool) {
	return r.Expected, r.Found, r.Why, r.Modelled
}

// asModelled is r, marked as the playground's choice.
func (r *Refusal) asModelled() *Refusal {
	r.Modelled = true
	return r
}

// Reason is the closed list of causes that callers branch on. The zero value
// is no reason at all.
type Reason int

const (
	_ Reason = iota

	// Of the token's text.

	TooLong   // more than 20000 characters
	TooShort  // fewer than 4 characters
	NotJWT    // something else was pasted: white space around it, a Bearer prefix, JSON, PEM, XML
	Segments  // not three segments parted by two dots
	Encrypted // five segments: a JWE, RFC 7516
	Base64    // a segment isn't base64url without padding

	HeaderJSON // the header isn't a JSON object
	ClaimsJSON // the payload isn't a JSON object
	Duplicate  // a member name occurs twice in one object of the header or the claims

	// Of the header.

	Algorithm // alg is missing, no string, or none of the six that AWS takes
	Critical  // crit is there: it names extensions, and none is understood
	Unencoded // b64 is there: RFC 7797, a payload that isn't base64url

	// Of the claims.

	MissingClaim // a required claim is absent
	ClaimType    // a claim's value has another type or form than RFC 7519 and AWS want

	// Of the key set.

	KeySetUnreadable // no JSON, or no object with a keys array: also PEM, a certificate, a bare key
	KeySetEmpty      // keys is an empty array
	KeySetTooLarge   // more than 100 RSA or more than 100 EC keys

	// Of the choice of a key.

	KeyID        // the token's kid is no string
	KeyUnknown   // no key has the token's kid
	KeyAmbiguous // several keys have it, or several would do for a token without kid
	KeyUnusable  // the key with that kid can't verify anything: broken, too small, symmetric, of an unknown type
	KeyMismatch  // the key is for another algorithm, another use or another operation

	// Of the signature.

	BadSignature // the key's owner didn't sign these bytes
)

var reasonNames = [...]string{
	TooLong: "TooLong", TooShort: "TooShort", NotJWT: "NotJWT", Segments: "Segments", Encrypted: "Encrypted", Base64: "Base64",
	HeaderJSON: "HeaderJSON", ClaimsJSON: "ClaimsJSON", Duplicate: "Duplicate",
	Algorithm: "Algorithm", Critical: "Critical", Unencoded: "Unencoded",
	MissingClaim: "MissingClaim", ClaimType: "ClaimType",
	KeySetUnreadable: "KeySetUnreadable", KeySetEmpty: "KeySetEmpty", KeySetTooLarge: "KeySetTooLarge",
	KeyID: "KeyID", KeyUnknown: "KeyUnknown", KeyAmbiguous: "KeyAmbiguous", KeyUnusable: "KeyUnusable", KeyMismatch: "KeyMismatch",
	BadSignature: "BadSignature",
}

// String is the constant's name, for tests and logs.
func (r Reason) String() string {
	if r > 0 && int(r) < len(reasonNames) {
		return reasonNames[r]
	}
	return "Reason(" + strconv.Itoa(int(r)) + ")"
}
