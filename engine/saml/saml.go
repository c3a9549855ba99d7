// Package saml reads SAML 2.0 responses and metadata, strictly, and verifies
// their signatures: SAML Core and Bindings (OASIS, 2005), XML Signature and
// Exclusive Canonical XML (W3C), on etree and goxmldsig, with the rules that
// those leave to their callers.
//
//	pasted text ── Read ── Document ── Verify ── Verified ── Assertion
//	               input, gate         signature, decrypt    what was signed
//
// What was verified is what is read: an Assertion is made of the element that
// the signature's validation returned, never of the document around it. What
// a Document shows before that is for people's eyes only.
//
// Each check is a function that returns nil or a Refusal. Nothing here asks
// what time it is, which role is meant or what AWS would answer: that is the
// business of whoever calls STS.
package saml

import (
	"strconv"

	"stsplayground/engine/trace"
)

// The namespaces that are compared; a prefix decides nothing.
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
)

// Refusal is why a check refuses. Expected and Found are the two sides as
// text, Why is one sentence. Line and Column count from 1, columns in code
// points, in the text as pasted; Line 0 means that no position is known.
// Modelled marks a refusal where AWS documents nothing and the playground had
// to choose.
type Refusal struct {
	Rule                 trace.Rule
	Reason               Reason
	Expected, Found, Why string
	Line, Column         int
	Modelled             bool
}

// Words are what a step shows of the refusal.
func (r *Refusal) Words() (expected, found, why string, modelled bool) {
	return r.Expected, r.Found, r.Why, r.Modelled
}

// Reason is the closed list of causes that callers branch on. The zero value
// is no reason at all.
type Reason int

const (
	_ Reason = iota

	// Of the pasted text.

	TooLarge   // more bytes than are read
	NotSAML    // something else was pasted: a JWT, JSON, HTML without a form field, nothing
	Encoding   // a layer around the XML can't be taken off: base64, URL encoding, deflate
	IllFormed  // the lexical gate refuses the XML
	XMLLimit   // one of the gate's limits is exceeded
	OtherRoot  // the root is no Response: a bare Assertion, a LogoutResponse, metadata, a Response inside something
	WrongShape // a Response that isn't as the SAML profile has it: none or several assertions, duplicate IDs, an assertion elsewhere

	// Of the decryption.

	NoKey        // the assertion is encrypted, and no private key is there
	CannotOpen   // none of the private keys opens it
	Cipher       // an algorithm that IAM doesn't document
	NotEncrypted // the provider requires encryption, and the assertion is in the clear

	// Of the signature.

	Unsigned     // neither the response nor the assertion is signed
	Profile      // the signature isn't of the form that the SAML profile has
	Algorithm    // an algorithm that isn't accepted: MD5, HMAC, DSA, RSA-PSS, …
	BadSignature // none of the metadata's keys verifies it
	Limit        // a limit of the library, and no word about the signature

	// Of the metadata.

	Metadata // the metadata can't be read, or has no signing key
)

var reasonNames = [...]string{
	TooLarge: "TooLarge", NotSAML: "NotSAML", Encoding: "Encoding", IllFormed: "IllFormed", XMLLimit: "XMLLimit", OtherRoot: "OtherRoot", WrongShape: "WrongShape",
	NoKey: "NoKey", CannotOpen: "CannotOpen", Cipher: "Cipher", NotEncrypted: "NotEncrypted",
	Unsigned: "Unsigned", Profile: "Profile", Algorithm: "Algorithm", BadSignature: "BadSignature", Limit: "Limit",
	Metadata: "Metadata",
}

// String is the constant's name, for tests and logs.
func (r Reason) String() string {
	if r > 0 && int(r) < len(reasonNames) {
		return reasonNames[r]
	}
	return "Reason(" + strconv.Itoa(int(r)) + ")"
}
