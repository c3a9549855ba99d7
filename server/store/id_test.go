package store

import (
	"regexp"
	"testing"
)

func TestNoTwoIDsOrKeysAreTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		key, kept := NewKey()
		id := NewID()
		if !regexp.MustCompile(`^[a-z2-7]{20}$`).MatchString(id) || !validID(id) {
			t.Fatalf("%q is no id", id)
		}
		if !regexp.MustCompile(`^[a-z2-7]{32}$`).MatchString(key) {
			t.Fatalf("%q is no key", key)
		}
		if kept != Hash(key) || kept == Hash(id) {
			t.Fatalf("%x isn't what is kept of %s", kept, key)
		}
		if seen[id] || seen[key] {
			t.Fatalf("%s or %s came twice", id, key)
		}
		seen[id], seen[key] = true, true
	}
}
