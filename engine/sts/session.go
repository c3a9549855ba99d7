package sts

import "stsplayground/engine/oidc"

// Session is who the credentials are, and what STS put into it.
type Session struct {
	ARN               string            `json:"arn"`
	UserID            string            `json:"userId"`  // AROA…:session name
	Issued            string            `json:"issued"`  // RFC 3339, UTC
	Expires           string            `json:"expires"` // RFC 3339, UTC
	Tags              map[string]string `json:"tags"`
	TransitiveTagKeys []string          `json:"transitiveTagKeys"`
	SourceIdentity    string            `json:"sourceIdentity"`
	Context           map[string]any    `json:"context"` // condition keys that later calls of the session carry: a string, or a list of strings
}

// TokenView is a JSON Web Token taken apart for people: nothing decides by it.
type TokenView struct {
	Compact   string      `json:"compact"`   // as presented or minted; "" where the signature was left out on purpose
	Header    string      `json:"header"`    // indented JSON, or the bytes as text where they are no JSON
	Payload   string      `json:"payload"`   // likewise
	Signature string      `json:"signature"` // hex, "" where there is none
	Claims    []ClaimView `json:"claims"`    // in the token's order

	token    *oidc.Token
	key      *oidc.Key // that verified it or should have; nil where none was found
	unsigned bool
}

// Picture is the token's signature taken apart, for whoever draws it.
func (v *TokenView) Picture() oidc.Picture { return oidc.Draw(v.token, v.key, v.unsigned) }

// ClaimView is one claim. Value is JSON, indented where it is no scalar.
type ClaimView struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Meaning string `json:"meaning,omitempty"` // in words: a date and how far away, what the claim is for
	Key     string `json:"key,omitempty"`     // the condition key that it becomes, "" for none
}
