// Package idp is the playground's identity provider: it publishes key sets
// and metadata, and mints tokens and SAML responses for teaching, honest ones
// and ones that are broken on purpose.
//
// Every key here is a public test key. The RSA keys ship with the engine,
// private halves included, and the EC keys follow from a hash, so that anyone
// can sign with them; each published key says so in the member
// "x-playground". Nothing that trusts one of them is safe, and none is ever
// an issuer's real key.
//
// The same description always gives the same token or response, byte for byte.
package idp

import (
	"crypto/rsa"
	"strings"

	"stsplayground/engine/scenario"
)

// defaultKid names the key of a signing entry without kid, and of an issuer
// without signing entries.
const defaultKid = "playground"

// Keyring holds which playground key signs for which issuer of one scenario.
// It doesn't change after Assign and is safe for concurrent use.
type Keyring struct {
	slots map[keyName]int // RSA keys of signing entries
	taken [rsaKeyCount]bool
}

// Assign gives every signing entry of the issuers its playground key. A key
// is picked by a hash of issuer, key id and algorithm; where an RSA key is
// taken already the next free one is, so that issuers of a scenario share no
// key as long as they have no more than twelve RSA keys together. Beyond that
// RSA keys are shared. EC keys are derived from the hash and never shared.
func Assign(issuers []scenario.Issuer) *Keyring {
	k := &Keyring{slots: make(map[keyName]int)}
	for i := range issuers {
		for _, s := range issuers[i].Signing {
			name, alg := nameOf(identity(&issuers[i]), s)
			if _, ok := k.slots[name]; ok || alg.curve != nil {
				continue
			}
			slot := k.free(name.rsaSlot())
			k.slots[name] = slot
			k.taken[slot] = true
		}
	}
	return k
}

// free is the first slot from start on that no signing entry has, start
// itself where all are taken.
func (k *Keyring) free(start int) int {
	for i := range rsaKeyCount {
		if slot := (start + i) % rsaKeyCount; !k.taken[slot] {
			return slot
		}
	}
	return start
}

// PublicKeySet is the JWK Set (RFC 7517 §5) that the issuer serves: its
// playground keys in the order of its signing entries. The empty set where it
// has none.
func (k *Keyring) PublicKeySet(iss *scenario.Issuer) string {
	if iss == nil || len(iss.Signing) == 0 {
		return `{"keys":[]}`
	}
	var keys []string
	for _, s := range iss.Signing {
		keys = append(keys, k.key(nameOf(identity(iss), s)).jwk().text())
	}
	return "{\"keys\":[\n" + strings.Join(keys, ",\n") + "\n]}"
}

// key is the key of that name.
func (k *Keyring) key(name keyName, alg algorithm) *key {
	if alg.curve != nil {
		return ecKey(name, alg)
	}
	slot, ok := k.slots[name]
	if !ok {
		slot = k.free(name.rsaSlot())
	}
	return rsaKey(name, alg, slot)
}

// PrivateKey is the playground's private key for a SAML provider of AWS, which
// opens the assertions that are encrypted for it. It is as public as every
// other key here.
func (k *Keyring) PrivateKey(accountID, provider string) *rsa.PrivateKey {
	name := keyName{issuer: "arn:aws:iam::" + accountID + ":saml-provider/" + provider, kid: defaultKid, alg: "RSA-OAEP"}
	return rsaKeys[k.free(name.rsaSlot())]()
}

// forger is another key that claims to be honest: of the same id and
// algorithm, and no issuer's of the scenario while there are free ones.
func (k *Keyring) forger(honest *key) *key {
	name := keyName{issuer: "https://attacker.example", kid: honest.kid, alg: honest.alg.name}
	if honest.ec != nil {
		return ecKey(name, honest.alg)
	}
	slot := k.free(name.rsaSlot())
	if rsaKeys[slot]() == honest.rsa {
		slot = (slot + 1) % rsaKeyCount
	}
	return rsaKey(name, honest.alg, slot)
}

// stranger is an RSA key that a response can be encrypted to in vain.
func (k *Keyring) stranger(honest *key) *rsa.PublicKey {
	return &k.forger(&key{kid: honest.kid, alg: algorithms[0], rsa: honest.rsa}).rsa.PublicKey
}

// identity is what an issuer is known by.
func identity(iss *scenario.Issuer) string {
	if iss.URL != "" {
		return iss.URL
	}
	return iss.EntityID
}

// nameOf is the key that a signing entry asks for. Without alg it is RS256,
// and so it is with an unknown one, which scenario.Decode reports.
func nameOf(issuer string, s scenario.Signing) (keyName, algorithm) {
	alg, ok := algorithmOf(s.Alg)
	if !ok {
		alg = algorithms[0]
	}
	return keyName{issuer, kidOf(s), alg.name}, alg
}

func kidOf(s scenario.Signing) string {
	if s.Kid == "" {
		return defaultKid
	}
	return s.Kid
}
