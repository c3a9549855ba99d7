package iam

import (
	"strings"
	"testing"
)

// A long pattern against a long text, each as unfortunate as it can be
// without ?: looked at letter by letter this takes 800 million steps.
func TestPlainTextBehindAStarIsFoundAtOnce(t *testing.T) {
	pattern := "*" + strings.Repeat("a", 20_000) + "b*"
	text := strings.Repeat("a", 40_000)
	if Like(pattern, text) {
		t.Error("got a match, want none")
	}
	if !Like(pattern, text+"bc") {
		t.Error("got no match, want one")
	}
}
