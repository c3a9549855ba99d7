package oidc

// Verify checks the token's signature with the key that Find returned.
func Verify(t *Token, k *Key) *Refusal {
	return nil
}

// Anatomy is a signature made visible. Digest and Recovered are what the two
// sides say; a signature is good when they are equal.
type Anatomy struct {
	Hash      string // "SHA-256"
	Input     string // the signing input
	Digest    string // of the signing input, hex
	Recovered string // the digest that the RSA signature holds, hex; "" for ECDSA
	Padding   string // what the recovered RSA block looks like, in words
	Equal     bool
	R, S      string // the two numbers of an ECDSA signature, hex
}

// Dissect takes the signature apart with the key that Find returned; false
// where the two don't belong together. It shows and never decides.
func Dissect(t *Token, k *Key) (Anatomy, bool) {
	return Anatomy{}, false
}
