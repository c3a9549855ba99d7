package oidc

import (
	"fmt"
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

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
	r := claimReader{token: t}
	var c Claims
	c.Issuer = r.name("iss", "the issuer's URL")
	c.Subject = r.name("sub", "the subject's name")
	c.Audience, c.AudienceIsList = r.audience()
	c.Expires = r.time("exp", required)
	c.IssuedAt = r.time("iat", required)
	c.HasNotBefore = t.Payload.Get("nbf") != nil
	c.NotBefore = r.time("nbf", optional)
	if azp := t.Payload.Get("azp"); azp != nil {
		c.HasAuthorizedParty = true
		c.AuthorizedParty = r.name("azp", "a client id")
	}
	if jti := t.Payload.Get("jti"); jti != nil && jti.Kind == source.String {
		c.ID = jti.Text
	}
	return c, r.refusals
}

// claimReader collects what is wrong while the claims are read.
type claimReader struct {
	token    *Token
	refusals []Refusal
}

func (r *claimReader) missing(claim string) {
	r.refusals = append(r.refusals, Refusal{
		Rule: ruleClaims, Reason: MissingClaim, Claim: claim,
		Expected: claim,
		Found:    "no " + claim + " claim",
		Why:      "STS requires iss, sub, aud, exp and iat, and the token has no " + claim + "; have the provider add it.",
	})
}

// illTyped refuses a value. Only of times does AWS document what they have to be.
func (r *claimReader) illTyped(claim string, value *source.Node, expected, why string) *Refusal {
	text := r.token.PayloadText[value.Offset:value.End]
	r.refusals = append(r.refusals, Refusal{
		Rule: ruleClaims, Reason: ClaimType, Claim: claim,
		Expected: claim + ": " + expected,
		Found:    claim + ": " + source.Clip(text),
		Why:      why,
	})
	return &r.refusals[len(r.refusals)-1]
}

// name reads a claim that is a string with something in it.
func (r *claimReader) name(claim, meaning string) string {
	value := r.token.Payload.Get(claim)
	switch {
	case value == nil:
		r.missing(claim)
	case value.Kind != source.String:
		r.illTyped(claim, value, "a string", fmt.Sprintf("The claim is %s, and %s has to be one string (RFC 7519 §2, StringOrURI).", article(value.Kind), meaning)).asModelled()
	case value.Text == "":
		r.illTyped(claim, value, "a string that isn't empty", fmt.Sprintf("The claim is empty, and %s has to say something.", meaning)).asModelled()
	default:
		return value.Text
	}
	return ""
}

// audience reads aud: "an array of case-sensitive strings … in the special
// case when the JWT has one audience, … a single case-sensitive string"
// (RFC 7519 §4.1.3).
func (r *claimReader) audience() (names []string, isList bool) {
	const expected = "a string, or an array of strings"
	value := r.token.Payload.Get("aud")
	switch {
	case value == nil:
		r.missing("aud")
		return nil, false
	case value.Kind == source.String:
		return []string{value.Text}, false
	case value.Kind != source.Array:
		r.illTyped("aud", value, expected, "The claim is "+article(value.Kind)+", and an audience is a string or an array of strings (RFC 7519 §4.1.3).").asModelled()
		return nil, false
	case len(value.Items) == 0:
		r.illTyped("aud", value, expected, "The array is empty, so that the token is meant for nobody.").asModelled()
		return nil, true
	}
	for i := range value.Items {
		if kind := value.Items[i].Kind; kind != source.String {
			r.illTyped("aud", value, expected, fmt.Sprintf("Item %d of the array is %s, and each has to be a string (RFC 7519 §4.1.3).", i, article(kind))).asModelled()
			return nil, true
		}
		names = append(names, value.Items[i].Text)
	}
	return names, true
}

type presence bool

const (
	required presence = true
	optional presence = false
)

// maxTime bounds times: 2^53, below which every reader of JSON agrees on whole
// numbers (RFC 8259 §6).
const maxTime = 1 << 53

// time reads a time. It looks at the number as written, never at a float,
// whose conversion to an integer differs between processors.
func (r *claimReader) time(claim string, p presence) int64 {
	const expected = "a whole number of seconds since 1970"
	value := r.token.Payload.Get(claim)
	if value == nil {
		if p == required {
			r.missing(claim)
		}
		return 0
	}
	if value.Kind != source.Number {
		why := "The claim is " + article(value.Kind) + ", and AWS wants an integer."
		if value.Kind == source.String && isDigits(value.Text) {
			why = "The number stands in quotation marks, which make it a string, and AWS wants an integer."
		}
		r.illTyped(claim, value, expected, why)
		return 0
	}
	if !isDigits(value.Text) {
		why := "AWS wants an integer, without fraction or exponent."
		if strings.HasPrefix(value.Text, "-") {
			why = "The time lies before 1970."
		}
		r.illTyped(claim, value, expected, why)
		return 0
	}
	seconds, err := strconv.ParseInt(value.Text, 10, 64)
	switch {
	case err != nil || seconds >= maxTime:
		r.illTyped(claim, value, expected, "The number is beyond every date; times count seconds, at most 2^53.")
		return 0
	case seconds == 0 && p == required:
		r.illTyped(claim, value, expected, "0 stands for 1970, which providers write where they have no time to give.")
	}
	return seconds
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// article is the kind as a noun in a sentence.
func article(k source.Kind) string {
	switch k {
	case source.Null:
		return "null"
	case source.Array, source.Object:
		return "an " + k.String()
	}
	return "a " + k.String()
}
