package source

import (
	"strings"
	"testing"
)

func TestQuoteIsShortAndVisible(t *testing.T) {
	for text, want := range map[string]string{
		"":                                `""`,
		"plain":                           `"plain"`,
		"a\x00\u202eb":                    `"a\x00\u202eb"`,
		strings.Repeat("é", 80):           `"` + strings.Repeat("é", 80) + `"`,
		strings.Repeat("é", 81):           `"` + strings.Repeat("é", 80) + `…"`,
		strings.Repeat("x", 79) + "\xffy": `"` + strings.Repeat("x", 79) + `\xff…"`,
	} {
		if got := Quote(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
