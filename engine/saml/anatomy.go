package saml

// Signature is one XML signature of a response, and how it came out.
type Signature struct {
	On       string // Response or Assertion
	Method   string // "rsa-sha256", as the fragment of its URI has it
	Key      *Key   // that verified it; nil where none did
	Anatomy  Anatomy
	Line     int // of the ds:Signature in the text as pasted, 0 where unknown
	Warnings []string
}

// Anatomy is a signature made visible: what was signed, both digests, and
// what the signature holds. Numbers are in hex.
type Anatomy struct {
	Canonical  string // the referenced element as canonical XML, without the signature
	DigestHash string // "SHA-256"
	Digest     string // of Canonical, computed
	Referenced string // DigestValue, as the Reference has it
	DigestGood bool   // the two are equal

	SignedInfo    string // as canonical XML
	SignatureHash string
	InfoDigest    string // of SignedInfo, computed
	Recovered     string // the digest that an RSA signature holds; "" for ECDSA, and where it holds none
	Padding       string // what the recovered RSA block looks like, in words
	R, S          string // the two numbers of an ECDSA signature
	Good          bool   // a key verified the signature
}
