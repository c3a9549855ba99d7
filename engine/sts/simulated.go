package sts

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Digits are n hexadecimal digits, at most 64, made of the parts: simulated,
// and the same in every run.
func Digits(n int, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])[:n]
}

// UUID is such digits in the form of a UUID.
func UUID(parts ...string) string {
	d := Digits(32, parts...)
	return d[:8] + "-" + d[8:12] + "-" + d[12:16] + "-" + d[16:20] + "-" + d[20:]
}
