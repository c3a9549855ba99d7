package report

import "strings"

// block is four bytes in hexadecimal, and whether the other side of the
// comparison has the same four at the same place.
type block struct {
	Hex  string
	Same bool
}

// blockDigits is how many hexadecimal digits a block has.
const blockDigits = 8

// blocks cuts hex into blocks and compares them with other's; with nothing to
// compare every block counts as the same.
func blocks(hex, other string) []block {
	out := make([]block, 0, len(hex)/blockDigits+1)
	for at := 0; at < len(hex); at += blockDigits {
		piece := hex[at:min(at+blockDigits, len(hex))]
		same := other == "" || at < len(other) && strings.EqualFold(piece, other[at:min(at+blockDigits, len(other))])
		out = append(out, block{piece, same})
	}
	return out
}

// octets cuts a text that is bytes in hexadecimal, perhaps after words that
// say what they are ("recovered from the signature: 27ae…"), into the two. Hex
// is empty where the text is anything else.
func octets(text string) (words, hex string) {
	hex = text
	if at := strings.LastIndex(text, ": "); at >= 0 {
		words, hex = text[:at], text[at+len(": "):]
	}
	if !isHex(hex) {
		return text, ""
	}
	return words, hex
}

// isHex says whether s is bytes in hexadecimal, long enough to be drawn in blocks.
func isHex(s string) bool {
	if len(s) < 2*blockDigits || len(s)%2 != 0 {
		return false
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if (s[i] < '0' || s[i] > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// segments cuts a compact token (RFC 7515 §3.1), or the signing input that
// begins it, into its parts; nil where s is no such thing. A JSON header in
// base64url begins with eyJ.
func segments(s string) []string {
	parts := strings.SplitN(s, ".", 4)
	if !strings.HasPrefix(s, "eyJ") || len(parts) != 2 && len(parts) != 3 {
		return nil
	}
	return parts
}

// octetsOf is the hexadecimal of octets.
func octetsOf(text string) string {
	_, hex := octets(text)
	return hex
}
