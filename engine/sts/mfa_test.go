package sts

import (
	"testing"
	"time"
)

// The test vectors of RFC 6238, Appendix B, for SHA-1; a device shows the last
// six of their eight digits.
func TestCodesAreThoseOfRFC6238(t *testing.T) {
	seed := []byte("12345678901234567890")
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := codeAt(seed, time.Unix(seconds, 0)); got != want {
			t.Errorf("at %d: got %s, want %s", seconds, got, want)
		}
	}
}
