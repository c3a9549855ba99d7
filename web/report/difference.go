package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// difference is two texts cut into what they share at the beginning, where
// they differ, and what they share at the end. At counts from 1, in code points.
type difference struct {
	Before, Wanted, Found, After string
	At                           int
}

// leastShared is how many characters two texts must share before pointing at
// the first difference helps; below that they are simply two values.
const leastShared = 4

// compare finds where found departs from wanted. It is nil where the texts are
// equal, one is empty, they have too little in common, or wanted is a pattern
// whose wildcard comes first, so that a comparison by character would mislead.
func compare(wanted, found string, pattern bool) *difference {
	if wanted == found || wanted == "" || found == "" {
		return nil
	}
	before := sharedPrefix(wanted, found)
	if pattern && strings.ContainsAny(wanted[:min(len(wanted), before+1)], "*?") {
		return nil
	}
	after := sharedSuffix(wanted[before:], found[before:])
	if pattern && strings.ContainsAny(wanted[before:len(wanted)-after], "*?") {
		after = 0
	}
	shared := utf8.RuneCountInString(wanted[:before])
	if shared+utf8.RuneCountInString(wanted[len(wanted)-after:]) < leastShared && !strings.EqualFold(wanted, found) {
		return nil
	}
	return &difference{
		Before: wanted[:before],
		Wanted: wanted[before : len(wanted)-after],
		Found:  found[before : len(found)-after],
		After:  wanted[len(wanted)-after:],
		At:     shared + 1,
	}
}

// shared is how much the two texts have in common, in bytes.
func (d difference) shared() int { return len(d.Before) + len(d.After) }

func (d difference) words() string {
	if d.Before == "" {
		return "differs from the first character"
	}
	return fmt.Sprintf("differs from character %d", d.At)
}

// sharedPrefix and sharedSuffix count bytes, and never cut a code point.
func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) {
		ra, size := utf8.DecodeRuneInString(a[n:])
		rb, sizeB := utf8.DecodeRuneInString(b[n:])
		if ra != rb || size != sizeB {
			break
		}
		n += size
	}
	return n
}

func sharedSuffix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		ra, size := utf8.DecodeLastRuneInString(a[:len(a)-n])
		rb, sizeB := utf8.DecodeLastRuneInString(b[:len(b)-n])
		if ra != rb || size != sizeB {
			break
		}
		n += size
	}
	return n
}
