// Package store keeps the scenarios behind short links: in SQLite, or in
// PostgreSQL where several instances serve the same links.
//
// What is acknowledged is on disk. What has expired is never given out, and
// is removed by Sweep. The store knows neither visitors nor their addresses.
package store

import (
	"crypto/sha256"
	"errors"
	"time"
)

// Scenario is one that was stored.
type Scenario struct {
	ID      string    // 96 random bits in base32, 20 characters of a-z and 2-7
	JSON    string    // as the engine normalised it, at most 64 KiB
	Created time.Time // UTC, whole seconds, as is Expires
	Expires time.Time
}

// KeyHash is the SHA-256 of the key that deletes a scenario. The key itself is
// told once, to whom the scenario is from, and isn't kept.
type KeyHash [sha256.Size]byte

var (
	// ErrNotFound: there is no such scenario, or no longer.
	ErrNotFound = errors.New("there is no such scenario, or it has expired or was deleted")
	// ErrWrongKey: the scenario is there, and the key isn't its own.
	ErrWrongKey = errors.New("this key doesn't delete this scenario")
	// ErrUnavailable is wrapped by every error that is the database's: it can't
	// be reached, its disk is full, it is busy. Trying again later may help.
	ErrUnavailable = errors.New("scenarios can't be stored or read at the moment")
)
