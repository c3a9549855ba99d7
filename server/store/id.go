package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

const idLength = 20 // base32 characters for 96 bits

// alphabet is that of base32 (RFC 4648 §6) in lower case: ids are read aloud,
// and some programs change the case of addresses.
const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

var base32Lower = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

// NewID is an id for a scenario, which nobody can guess.
func NewID() string { return random(96 / 8) }

// NewKey is a key that deletes a scenario, 160 random bits in base32, and what
// is kept of it.
func NewKey() (key string, kept KeyHash) {
	key = random(160 / 8)
	return key, Hash(key)
}

// Hash is what is kept of a key. The key is random, so that no salt and no
// slow hash are needed.
func Hash(key string) KeyHash { return sha256.Sum256([]byte(key)) }

func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails
	return base32Lower.EncodeToString(b)
}

// validID says whether text may be an id. What is no id isn't asked for: each
// database has its own opinion of odd characters.
func validID(text string) bool {
	return len(text) == idLength && strings.Trim(text, alphabet) == ""
}
