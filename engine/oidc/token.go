package oidc

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
)

// Token is a JSON Web Token taken apart. What could not be read is empty, and
// Invalid where it is a Node. HeaderText and PayloadText are the decoded
// segments as they are, valid UTF-8 or not; positions of Header and Payload
// are in them.
type Token struct {
	Raw                     string // as presented; "" where the signature was left out on purpose
	HeaderText, PayloadText string
	Header, Payload         source.Node
	SigningInput            string   // the bytes that the signature covers: header, dot, payload, as presented
	Signature               []byte   // nil where it was left out on purpose
	Algorithm               string   // alg, where it is a string
	KeyID                   string   // kid, where it is a string
	HasKeyID                bool     // whether the header has kid at all
	Notes                   []string // sentences about what the header has and nobody may rely on
}

// The bounds of WebIdentityToken in AWS's model of AssumeRoleWithWebIdentity, in characters.
const (
	minLength = 4
	maxLength = 20000
)

// Read takes a token apart, strictly. It always returns what it could read;
// the refusal is nil for a JWS in compact serialization whose header and
// claims are JSON objects without repeated names. Text around a token, such
// as white space or "Bearer ", is refused, and the token within is read for
// display. The length is looked at before anything is decoded.
func Read(raw string) (*Token, *Refusal) {
	t := &Token{Raw: raw}
	if r := checkLength(raw); r != nil {
		return t, r
	}
	compact, around := unwrap(raw)
	segments, refusal := split(compact)
	if around != nil {
		refusal = around
	}
	if len(segments) > 1 {
		t.SigningInput = compact[:len(segments[0])+1+len(segments[1])]
	}
	keep := func(r *Refusal) {
		if refusal == nil {
			refusal = r
		}
	}
	for i, segment := range segments {
		octets, r := decodeSegment(segmentNames[i], segment)
		keep(r)
		switch i {
		case 0:
			t.HeaderText = string(octets)
		case 1:
			t.PayloadText = string(octets)
		case 2:
			t.Signature = octets
		}
	}
	keep(t.readObjects())
	return t, refusal
}

// Unsigned makes a token of a header and claims whose signature was left out
// on purpose. It is read by the same rules as one that is signed.
func Unsigned(header, claims *source.Node) (*Token, *Refusal) {
	t := &Token{}
	if header != nil {
		t.HeaderText = string(source.AppendJSON(nil, header))
	}
	if claims != nil {
		t.PayloadText = string(source.AppendJSON(nil, claims))
	}
	t.SigningInput = base64.RawURLEncoding.EncodeToString([]byte(t.HeaderText)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(t.PayloadText))
	if r := checkLength(t.SigningInput); r != nil {
		return t, r
	}
	return t, t.readObjects()
}

func checkLength(text string) *Refusal {
	length := utf8.RuneCountInString(text)
	refuse := func(reason Reason, why string) *Refusal {
		return &Refusal{
			Rule: ruleToken, Reason: reason,
			Expected: fmt.Sprintf("%d to %d characters", minLength, maxLength),
			Found:    fmt.Sprintf("%d characters", length),
			Why:      why,
		}
	}
	switch {
	case length < minLength:
		return refuse(TooShort, "The text is too short to be a token; paste the whole token.")
	case length > maxLength:
		return refuse(TooLong, "STS takes no token of more than 20000 characters; ask the identity provider for fewer claims.")
	}
	return nil
}

const compactForm = "header.payload.signature, each in base64url"

// unwrap is the token without what surrounds it. The refusal says what does;
// the token is "" where the text is of another kind altogether.
func unwrap(raw string) (compact string, refusal *Refusal) {
	refuse := func(found, why string) *Refusal {
		return &Refusal{Rule: ruleToken, Reason: NotJWT, Expected: compactForm, Found: found, Why: why}
	}
	compact = strings.TrimSpace(raw)
	switch {
	case compact == "":
		return "", refuse("white space", "The text is empty but for white space; paste a token, which begins with eyJ.")
	case strings.HasPrefix(compact, "{"), strings.HasPrefix(compact, "["):
		return "", refuse("JSON", "The text is JSON around a token or a token already decoded; paste only the token, the part that begins with eyJ.")
	case strings.HasPrefix(compact, "<"):
		return "", refuse("XML or HTML", "The text is a document, perhaps a SAML response, which is for AssumeRoleWithSAML.")
	case strings.HasPrefix(compact, "-----BEGIN"):
		return "", refuse("PEM", "The text is a key or a certificate; paste the token, which begins with eyJ.")
	}
	const bearer = "Bearer "
	if len(compact) > len(bearer) && strings.EqualFold(compact[:len(bearer)], bearer) {
		return strings.TrimSpace(compact[len(bearer):]),
			refuse(source.Quote(compact[:len(bearer)])+" before the token", "The word before the token belongs to the Authorization header of HTTP; leave it out.")
	}
	if unquoted := strings.Trim(compact, `"'`); unquoted != compact {
		return unquoted, refuse("quotation marks around the token", "The marks belong to the file that the token was copied from; leave them out.")
	}
	if compact != raw {
		where := "after"
		if raw[0] != compact[0] {
			where = "before"
		}
		// AWS doesn't document it; neither RFC 7515 §7.1 nor base64url has room for white space.
		return compact, refuse("white space "+where+" the token", "A token has no white space, not even a line break at its end; leave it out.").asModelled()
	}
	return compact, nil
}

var segmentNames = [...]string{"header", "payload", "signature"}

// split is the segments to decode, at most three. RFC 7516 §9 tells a JWE
// from a JWS by the number of its segments.
func split(compact string) ([]string, *Refusal) {
	if compact == "" {
		return nil, nil // refused by unwrap
	}
	r := Refusal{Rule: ruleToken, Reason: Segments, Expected: compactForm}
	dots := strings.Count(compact, ".")
	switch dots {
	case 2:
		return strings.SplitN(compact, ".", 3), nil
	case 0:
		r.Found = "no dots"
		r.Why = "The text has no dots: an opaque access token isn't a JSON Web Token; ask the identity provider for an ID token."
		return nil, &r
	case 1:
		r.Found = "2 segments"
		r.Why = "One of the three segments is missing; copy the token again, as far as its end."
		return strings.SplitN(compact, ".", 2), &r
	case 4:
		r.Reason = Encrypted
		r.Found = "5 segments"
		r.Why = "Five segments are the form of an encrypted token (JWE, RFC 7516); STS wants one that is only signed."
		return strings.SplitN(compact, ".", 2)[:1], &r
	}
	r.Found = fmt.Sprintf("%d segments", dots+1)
	r.Why = fmt.Sprintf("%d dots are no form of a JSON Web Token; one has two.", dots)
	return strings.SplitN(compact, ".", 4)[:3], &r
}

// decode64 decodes base64url without padding, and nothing else. Go's decoder
// skips line breaks even when strict.
func decode64(text string) ([]byte, bool) {
	if strings.IndexByte(text, '\n') >= 0 || strings.IndexByte(text, '\r') >= 0 {
		return nil, false
	}
	octets, err := strict64.DecodeString(text)
	return octets, err == nil
}

var strict64 = base64.RawURLEncoding.Strict()

func decodeSegment(name, segment string) ([]byte, *Refusal) {
	octets, ok := decode64(segment)
	if ok {
		return octets, nil
	}
	found, why := problem64(segment)
	return nil, &Refusal{
		Rule: ruleToken, Reason: Base64,
		Expected: "base64url without padding (RFC 7515 §2)",
		Found:    "in the " + name + ": " + found,
		Why:      why,
		// RFC 4648 §3.5 leaves it to the reader whether unused bits may be set.
		Modelled: found == unusedBits,
	}
}

const unusedBits = "unused bits of the last character are set"

// problem64 is why text is no base64url without padding.
func problem64(text string) (found, why string) {
	for i, c := range text {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
			continue
		case c == '=':
			why = "Tokens leave out the padding that = stands for."
		case c == '+', c == '/':
			why = "The character is of standard base64; tokens use base64url, with - and _ in place of + and /."
		case c == ' ', c == '\t', c == '\r', c == '\n':
			why = "A token has no white space; it may have been wrapped by a terminal or an editor."
		default:
			why = "The character is not in the alphabet of base64url."
		}
		return fmt.Sprintf("%q at character %d", c, utf8.RuneCountInString(text[:i])+1), why
	}
	if len(text)%4 == 1 {
		return fmt.Sprintf("%d characters", len(text)), "No base64 text has that length; a character was lost or added in copying."
	}
	return unusedBits, "The last character was changed, and only strict readers notice; copy the token again."
}

// readObjects reads the two texts as JSON and takes from the header what the
// later checks ask for.
func (t *Token) readObjects() *Refusal {
	var header, payload *Refusal
	t.Header, header = readObject("header", t.HeaderText, HeaderJSON)
	t.Payload, payload = readObject("payload", t.PayloadText, ClaimsJSON)
	if alg := t.Header.Get("alg"); alg != nil && alg.Kind == source.String {
		t.Algorithm = alg.Text
	}
	if kid := t.Header.Get("kid"); kid != nil {
		t.HasKeyID = true
		if kid.Kind == source.String {
			t.KeyID = kid.Text
		}
	}
	// RFC 8725 §3.10: a key that the token brings along proves nothing.
	for _, name := range []string{"jwk", "jku", "x5c", "x5u"} {
		if t.Header.Get(name) != nil {
			t.Notes = append(t.Notes, "The header offers a key of its own in "+name+"; it is ignored, because only the issuer's key set says whose signature counts.")
		}
	}
	if header != nil {
		return header
	}
	return payload
}

func readObject(name, text string, reason Reason) (source.Node, *Refusal) {
	r := Refusal{Rule: ruleToken, Reason: reason, Expected: "a JSON object"}
	if text == "" {
		r.Found = "an empty " + name
		r.Why = "Without a " + name + " there is nothing to read."
		return source.Node{}, &r
	}
	node, err := source.ParseJSON(text)
	switch {
	case err != nil:
		r.Found = fmt.Sprintf("in the %s, line %d, column %d: %s", name, err.Line, err.Column, source.Clip(err.Reason))
		r.Why = "The " + name + " can't be read as JSON (RFC 8259), so nothing it says can be relied on."
		return source.Node{}, &r
	case node.Kind != source.Object:
		r.Found = "in the " + name + ": " + node.Kind.String()
		r.Why = "RFC 7519 §7.2 wants an object of names and values."
		return node, &r
	}
	if m := node.Repeated(); m != nil {
		r.Reason = Duplicate
		r.Expected = "each name once"
		r.Found = fmt.Sprintf("in the %s, line %d, column %d: %s again", name, m.Line, m.Column, source.Quote(m.Name))
		// RFC 7515 §4 and RFC 7519 §4 let a reader refuse, or take the last.
		r.Why = "The " + name + " has two values for " + source.Quote(m.Name) + ", which mean different things to different readers."
		return node, r.asModelled()
	}
	return node, nil
}
