package idp

import (
	"crypto/sha256"
	"sync"
	"testing"
)

func TestMemoForgetsWhatWasUsedLongestAgo(t *testing.T) {
	m := newMemo[string](2)
	computed := 0
	get := func(name string) {
		t.Helper()
		got := m.get(sha256.Sum256([]byte(name)), func() string { computed++; return name })
		if got != name {
			t.Errorf("got %q, want %q", got, name)
		}
	}
	get("a")
	get("b")
	get("a")
	get("c") // b goes
	get("a")
	if computed != 3 {
		t.Errorf("got %d computations, want 3", computed)
	}
	get("b")
	if computed != 4 {
		t.Errorf("got %d computations after b was forgotten, want 4", computed)
	}
	if len(m.places) != 2 || m.recent.Len() != 2 {
		t.Errorf("got %d and %d entries, want 2", len(m.places), m.recent.Len())
	}
}

func TestMemoServesManyAtOnce(t *testing.T) {
	m := newMemo[byte](8)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range 1000 {
				name := byte(i % 16)
				if got := m.get(sha256.Sum256([]byte{name}), func() byte { return name }); got != name {
					t.Errorf("got %d, want %d", got, name)
				}
			}
		})
	}
	group.Wait()
}
