//go:build bench

package saml

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"
)

// expensivePerVerification is what make bench holds the costliest response
// that passes the gate to, with a hundred keys to try, in bare RSA-2048
// verifications of the same run.
const expensivePerVerification = 1000.0

func TestRatios(t *testing.T) {
	digest := sha256.Sum256([]byte("signed"))
	signature, err := rsa.SignPKCS1v15(nil, rsaOne, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	verification := fastest(200, func() {
		if err := rsa.VerifyPKCS1v15(&rsaOne.PublicKey, crypto.SHA256, digest[:], signature); err != nil {
			t.Fatal(err)
		}
	})
	keys := hundredKeys()
	var costliest string
	var longest time.Duration
	for name, xml := range expensive() {
		if took := fastest(10, func() { judge(xml, keys) }); took > longest {
			costliest, longest = name, took
		}
	}
	got := float64(longest) / float64(verification)
	fmt.Printf("%-48s %8.2f  at most %7.2f  %v / %v, %s\n", "costliest response / RSA-2048 verification", got, expensivePerVerification, longest, verification, costliest)
	if got > expensivePerVerification {
		t.Errorf("got %.2f, want at most %.2f", got, expensivePerVerification)
	}
}

// fastest is the shortest of several times that f takes.
func fastest(rounds int, f func()) time.Duration {
	best := time.Hour
	for range rounds {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}
