package share

import (
	"compress/flate"
	"encoding/asn1"
	"encoding/base64"
	"io"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// aRun is base64 of either alphabet, in one line or several, whose breaks may
// be escaped as JSON's are, URL-encoded or not.
var aRun = regexp.MustCompile(`(?:[A-Za-z0-9+/_-]|%2[BbFf]|\\/){24,}(?:(?:[ \t]*\r?\n[ \t]*|(?:\\+r)?\\+n)(?:[A-Za-z0-9+/_-]|%2[BbFf]|\\/)+)*(?:=|%3[Dd]|\\u003[Dd]){0,2}`)

// mostUnpacked is how much is looked into in one scenario, in octets, and
// deepest how often what is packed is packed once more. What lies further is
// taken for something that is hidden.
const (
	mostUnpacked = 1 << 20
	deepest      = 5

	// Of the base64 of a token, a response or a key of RSA; a shorter one may be
	// a name.
	shortestHidden = 100
)

// packed looks into the base64 of texts.
type packed struct {
	left int // octets that may still be unpacked
}

// through puts what base64 in a text holds through f, which makes another text
// of it, and says whether that differs. Where it does, the base64 is that of
// the other text, uncompressed. What can't be text is asked of other, where
// that is there, which says what is to stand in its place. tooMuch stands where
// no more is unpacked.
func (u *packed) through(text string, depth int, f func(string, int) (string, bool), other func([]byte) (string, bool), tooMuch string) (string, bool) {
	changed := false
	text = aRun.ReplaceAllStringFunc(text, func(run string) string {
		for _, piece := range pieces(run) {
			octets := unbased(piece)
			if octets == nil {
				continue
			}
			u.left -= len(octets)
			if u.left < 0 || depth >= deepest {
				if tooMuch == "" || len(piece) < shortestHidden {
					return run
				}
				changed = true
				return tooMuch + run[len(piece):]
			}
			plain, ok := u.asText(octets)
			if !ok {
				if other != nil {
					if instead, differs := other(octets); differs {
						changed = true
						return instead + run[len(piece):]
					}
				}
				continue
			}
			if out, differs := f(plain, depth+1); differs {
				changed = true
				return based(out, piece) + run[len(piece):]
			}
			return run
		}
		return run
	})
	return text, changed
}

// pieces are a run, and what it is without its last line, which may be a word
// of what follows.
func pieces(run string) []string {
	all := []string{run}
	if at := strings.LastIndexAny(run, "\n"); at > 0 {
		all = append(all, strings.TrimRight(run[:at], "\r\n \t"))
	}
	return all
}

// asText is the text that octets are, as UTF-8 or UTF-16, compressed (RFC 1950
// to 1952) or not.
func (u *packed) asText(octets []byte) (string, bool) {
	if plain, ok := decodedText(octets); ok {
		return plain, true
	}
	at := 0
	switch {
	case len(octets) > 18 && octets[0] == 0x1f && octets[1] == 0x8b && octets[3] == 0:
		at = 10
	case len(octets) > 6 && octets[0]&0x0f == 8 && (int(octets[0])<<8|int(octets[1]))%31 == 0:
		at = 2
	}
	inflated, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(string(octets[at:]))), int64(max(0, min(u.left, 1<<20)))))
	u.left -= len(inflated)
	if err != nil && len(inflated) < 64 {
		return "", false
	}
	return decodedText(inflated)
}

func decodedText(octets []byte) (string, bool) {
	if len(octets) == 0 {
		return "", false
	}
	text := string(octets)
	if strings.Count(text, "\x00") > len(text)/3 { // UTF-16 of Latin letters
		text = strings.ReplaceAll(strings.TrimLeft(text, "\xff\xfe"), "\x00", "")
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }) {
		return "", false
	}
	return text, true
}

// based is a text as base64, in the alphabet and with the padding of other.
func based(text, other string) string {
	encoding := base64.StdEncoding
	plain := joinedRun(other)
	switch {
	case strings.ContainsAny(plain, "-_"), !strings.ContainsAny(plain, "+/="):
		encoding = base64.RawURLEncoding
	case !strings.Contains(plain, "="):
		encoding = base64.RawStdEncoding
	}
	out := encoding.EncodeToString([]byte(text))
	if strings.Contains(other, "%") {
		out = url.QueryEscape(out)
	}
	return out
}

var escapes = strings.NewReplacer("\\r", "", "\\n", "", `\/`, "/", `\u003d`, "=", `\u003D`, "=", "\\", "", "\r", "", "\n", "", " ", "", "\t", "")

// joinedRun is base64 in one line.
func joinedRun(run string) string {
	run = escapes.Replace(run)
	if strings.Contains(run, "%") {
		if plain, err := url.PathUnescape(run); err == nil {
			return plain
		}
	}
	return run
}

// isPrivateKey says whether octets are a private key: of PKCS #1 (RFC 8017
// A.1.2), PKCS #8 (RFC 5208 §5, §6), SEC 1 (RFC 5915 §3), a PKCS #12 file (RFC
// 7292 §4) or OpenSSH's.
func isPrivateKey(octets []byte) bool {
	if strings.HasPrefix(string(octets), "openssh-key-v1\x00") {
		return true
	}
	var outer, first, second asn1.RawValue
	if _, err := asn1.Unmarshal(octets, &outer); err != nil || outer.Tag != asn1.TagSequence || !outer.IsCompound || len(octets) < 40 {
		return false
	}
	rest, err := asn1.Unmarshal(outer.Bytes, &first)
	if err != nil {
		return false
	}
	if _, err = asn1.Unmarshal(rest, &second); err != nil {
		return false
	}
	switch first.Tag {
	case asn1.TagInteger: // a version
		return len(first.Bytes) == 1 && first.Bytes[0] <= 3 && (second.Tag == asn1.TagSequence || second.Tag == asn1.TagInteger || second.Tag == asn1.TagOctetString)
	case asn1.TagSequence: // how it is encrypted
		return second.Tag == asn1.TagOctetString && second.Class == asn1.ClassUniversal
	}
	return false
}
