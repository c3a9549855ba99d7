package idp

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"stsplayground/engine/source"
)

// Profile is a kind of token that the playground can mint, for menus. Issuer
// is the URL that such tokens usually come from.
type Profile struct {
	Name   string
	Title  string
	Issuer string
	Claims []ProfileClaim // in the order of the token
}

// ProfileClaim is a claim that tokens of a profile carry, and what it says.
type ProfileClaim struct {
	Name  string
	About string
}

// Profiles are the profiles that a mint can name, in the order of a menu. The
// first is what a mint without a profile gets.
func Profiles() []Profile {
	var all []Profile
	for _, p := range profiles {
		all = append(all, p.Profile)
	}
	return all
}

// profile is a Profile and the values that its claims have by default, as
// JSON; a claim without one is left out unless the mint describes it.
type profile struct {
	Profile
	values func(*description) map[string]string
}

// description is what a profile derives its defaults from.
type description struct {
	issuer string
	given  *source.Node // the described claims
	at     int64        // iat, NumericDate
	seed   string       // of ids
}

// text is the described claim if it is a non-empty string.
func (d *description) text(name string) string {
	if n := d.given.Get(name); n != nil && n.Kind == source.String {
		return n.Text
	}
	return ""
}

// or is the described claim, else fallback.
func (d *description) or(name, fallback string) string { return cmp.Or(d.text(name), fallback) }

// digest is made-up and stable: hexadecimal digits that follow from the parts.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// decimal is a made-up, stable number of that many digits.
func decimal(digits int, parts ...string) string {
	text := []byte(digest(parts...)[:digits])
	for i, c := range text {
		if c >= 'a' {
			text[i] = '0' + c - 'a'
		}
	}
	if text[0] == '0' {
		text[0] = '1'
	}
	return string(text)
}

// uuid is a made-up, stable UUID of version 8 (RFC 9562 §5.8: the rest of the
// bits are whatever the maker says).
func uuid(parts ...string) string {
	h := []byte(digest(parts...))
	h[12], h[16] = '8', '8'
	return strings.Join([]string{string(h[:8]), string(h[8:12]), string(h[12:16]), string(h[16:20]), string(h[20:32])}, "-")
}

const hour = 3600 // seconds

// profiles are those of profiles.txt, and GitHub's, whose subject has more
// forms than a line of it can say. The plain one comes first, then the custom
// provider's, then CI systems, people and pods.
var profiles = slices.Insert(writtenProfiles(), 2, githubProfiles...)

// texts are claims that are strings: name, value, name, value and so on.
func texts(pairs ...string) map[string]string {
	values := make(map[string]string, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = quote(pairs[i+1])
	}
	return values
}
