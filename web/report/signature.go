package report

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/oidc"
)

// dissected is a token's signature, taken apart to be drawn.
type dissected struct{ oidc.Picture }

// takenApart is the signature of a call's token; nil where there is nothing to
// take apart.
func takenApart(c engine.CallReport) *dissected {
	if c.Token == nil {
		return nil
	}
	if p := (dissected{c.Token.Picture()}); p.State != "" {
		return &p
	}
	return nil
}

// isBad says whether the picture is where the reader's question is
// answered: the signature is what failed.
func (p dissected) isBad() bool {
	switch p.State {
	case oidc.PictureNoKey, oidc.PictureLeftOut:
		return false
	}
	return !p.Equal
}

// outcome is what comes out of the comparison, in a few words.
func (p dissected) outcome() string {
	switch {
	case p.Equal:
		return "equal: the signature is good"
	case p.State == oidc.PictureRSA && p.Recovered != "":
		return "not equal: something else was signed"
	case p.State == oidc.PictureRSA:
		return "no digest in it: another key signed"
	case p.State == oidc.PictureEC:
		return "not equal"
	case p.State == oidc.PictureNone:
		return "there is none"
	case p.State == oidc.PictureEmpty:
		return "it is empty"
	case p.State == oidc.PictureNoKey:
		return "no key to open it with"
	case p.State == oidc.PictureLeftOut:
		return "left out on purpose"
	}
	return "it can’t be compared"
}

// sign stands between the two sides.
func (p dissected) sign() string {
	switch {
	case p.Equal:
		return "="
	case p.State == oidc.PictureNoKey, p.State == oidc.PictureLeftOut:
		return "?"
	}
	return "≠"
}

// words say what the comparison means.
func (p dissected) words() string {
	switch {
	case p.Equal && p.State == oidc.PictureEC:
		return "The x that the equation gives is r, to the last bit. Only who has the private key can find an r and an s for which that is so."
	case p.Equal:
		return "Both ways lead to the same digest. Only who has the private key can make a signature that opens to it, and one changed letter of header or payload would change all of it."
	case p.State == oidc.PictureRSA && p.Recovered != "":
		return "The issuer’s key did make this signature, for other bytes than these: header or payload were changed after signing."
	case p.State == oidc.PictureRSA:
		return "What the issuer’s public key makes of the signature is noise and no PKCS #1 block, so another key made it, or it was changed itself."
	case p.State == oidc.PictureEC && p.X == "":
		return "One of the two numbers is none that a signature can have, so there is nothing to compute."
	case p.State == oidc.PictureEC:
		return "The x that the equation gives isn’t r: header, payload or signature were changed, or another key signed."
	case p.State == oidc.PictureNone:
		return "The header says alg " + strconv.Quote(p.Algorithm) + ": nobody signed this, so anybody could have written it. AWS takes no such token, whatever comes after the last dot."
	case p.State == oidc.PictureHMAC:
		return "An HMAC is made and checked with the same secret. The issuer publishes its key, so there is no secret, and whoever read the key could have made these octets. AWS takes no HMAC."
	case p.State == oidc.PictureEmpty:
		return "The header names an algorithm, and nothing follows the last dot: there is nothing to compare the digest with."
	case p.State == oidc.PictureLength:
		return "The signature has " + count(p.Octets, "octet") + ", which isn’t the length that this key’s have: it was cut off, written in another form, or made with another key."
	case p.State == oidc.PictureLeftOut:
		return "Whoever shared the token left the signature out, so that nobody can use it. What the playground says holds if the real one is good."
	case p.State == oidc.PictureOther:
		return "AWS doesn’t take the algorithm " + strconv.Quote(p.Algorithm) + ", so it compares nothing."
	}
	return "Without the issuer’s public key the signature stays shut. Paste its JWKS to see what is in it."
}

// opening is what turns the signature into the other side.
func (p dissected) opening() string {
	switch p.State {
	case oidc.PictureRSA:
		return "raised to the power " + strconv.Itoa(p.Exponent) + ", modulo n, of " + p.Key
	case oidc.PictureEC:
		return "cut in half"
	}
	return ""
}

// octet is a byte in hex, and whether the other side has the same at its place.
type octet struct {
	Hex  string
	Same bool
}

func octetsBeside(hex, other string) []octet {
	out := make([]octet, 0, len(hex)/2)
	for at := 0; at+2 <= len(hex); at += 2 {
		same := other == "" || at+2 <= len(other) && hex[at:at+2] == other[at:at+2]
		out = append(out, octet{hex[at : at+2], same})
	}
	return out
}

// differingOctets says how many of two digests' octets differ.
func differingOctets(a, b string) string {
	n := 0
	for _, o := range octetsBeside(a, b) {
		if !o.Same {
			n++
		}
	}
	if n == 0 {
		return "every octet is the same"
	}
	return count(n, "octet") + " of " + strconv.Itoa(len(a)/2) + " differ"
}

// middle keeps both ends of a long text.
func middle(s string, most int) string {
	if len(s) <= most {
		return s
	}
	head := most * 2 / 3
	return s[:head] + "…" + s[len(s)-(most-head):]
}

// spaced is hex in octets, at most so many of them: both ends of what is longer.
func spaced(hex string, most int) string {
	octets := make([]string, 0, len(hex)/2)
	for at := 0; at+2 <= len(hex); at += 2 {
		octets = append(octets, hex[at:at+2])
	}
	if len(octets) > most {
		octets = slices.Concat(octets[:most*2/3], []string{"…"}, octets[len(octets)-most/3:])
	}
	return strings.Join(octets, " ")
}
