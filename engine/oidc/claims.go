package oidc

// Claims are the registered claims with their types checked. A claim that was
// refused has its zero value. Times are seconds since 1970 (RFC 7519 §2,
// NumericDate), always whole and below 2^53.
type Claims struct {
	Issuer, Subject              string
	Audience                     []string
	AudienceIsList               bool
	AuthorizedParty              string
	HasAuthorizedParty           bool
	Expires, IssuedAt, NotBefore int64
	HasNotBefore                 bool
	ID                           string // jti, "" where it is absent or no string
}

// Claims reads the registered claims. Every missing or ill-typed claim is a
// refusal of its own, in the order iss, sub, aud, exp, iat, nbf, azp.
func (t *Token) Claims() (Claims, []Refusal) {
	return Claims{}, nil
}
