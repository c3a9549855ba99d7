// Package idp is the playground's identity provider: it publishes key sets
// and mints tokens for teaching, honest ones and ones that are broken on
// purpose.
//
// Every key here is a public test key. The RSA keys ship with the engine,
// private halves included, and the EC keys follow from a hash, so that anyone
// can sign with them; each published key says so in the member
// "x-playground". Nothing that trusts one of them is safe, and none is ever
// an issuer's real key.
//
// The same description always gives the same token, byte for byte.
package idp

import (
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// Keyring holds which playground key signs for which issuer of one scenario.
// It doesn't change after Assign and is safe for concurrent use.
type Keyring struct{}

// Assign gives every signing entry of the issuers its playground key. A key
// is picked by a hash of issuer, key id and algorithm; where an RSA key is
// taken already the next free one is, so that issuers of a scenario share no
// key as long as they have no more than twelve RSA keys together. Beyond that
// RSA keys are shared. EC keys are derived from the hash and never shared.
func Assign(issuers []scenario.Issuer) *Keyring { return &Keyring{} }

// PublicKeySet is the JWK Set (RFC 7517 §5) that the issuer serves: its
// playground keys in the order of its signing entries. The empty set where it
// has none.
func (k *Keyring) PublicKeySet(iss *scenario.Issuer) string { return `{"keys":[]}` }

// MintToken makes the compact token (RFC 7515 §7.1) that m describes. at is
// the call's moment, from which relative times count. iss is the scenario's
// issuer entry of m.Issuer; where it is nil or has no signing entries, a key
// named "playground" of that issuer signs with RS256.
//
// The findings are about what was typed; the token is minted nevertheless, as
// far as it can be: what can't be read is left at its default.
func (k *Keyring) MintToken(m *scenario.Mint, iss *scenario.Issuer, at time.Time) (string, []trace.Finding) {
	return "", nil
}
