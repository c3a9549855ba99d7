package oidc

import (
	"fmt"
	"strings"

	"stsplayground/engine/source"
)

// Find is the key that verifies the token: the one with the token's kid, if
// it is meant for signatures with the token's algorithm. A token without kid
// gets the only key that would do, which AWS doesn't document.
func (s KeySet) Find(t *Token) (*Key, *Refusal) {
	if r := s.checkSize(t); r != nil {
		return nil, r
	}
	if !t.HasKeyID {
		return s.findOnly(t)
	}
	if kid := t.Header.Get("kid"); kid != nil && kid.Kind != source.String {
		return nil, &Refusal{
			Rule: ruleKeys, Reason: KeyID,
			Expected: "kid: a string",
			Found:    "kid: " + t.headerValue(kid),
			Why:      "The kid is " + article(kid.Kind) + ", and RFC 7515 §4.1.4 wants a string, so it names no key.",
		}
	}
	var named []*Key
	for i := range s.Keys {
		if k := &s.Keys[i]; k.HasKeyID && k.KeyID == t.KeyID {
			named = append(named, k)
		}
	}
	switch len(named) {
	case 0:
		return nil, s.unknown(t)
	case 1:
		if r := named[0].suits(t); r != nil {
			return nil, r
		}
		return named[0], nil
	}
	// RFC 7517 §4.5: "different keys within the JWK Set SHOULD use distinct "kid" values".
	r := &Refusal{
		Rule: ruleKeys, Reason: KeyAmbiguous,
		Expected: "one key with kid " + source.Quote(t.KeyID),
		Found:    fmt.Sprintf("%d keys with it", len(named)),
		Why:      "It is left open which of the keys is meant; have the provider give each key a kid of its own.",
	}
	return nil, r.asModelled()
}

// checkSize holds the set to AWS's limit for the type of key that the token
// is signed with.
func (s KeySet) checkSize(t *Token) *Refusal {
	alg := algorithmNamed(t.Algorithm)
	if alg == nil {
		return nil
	}
	count := 0
	for i := range s.Keys {
		if s.Keys[i].Type == alg.kty {
			count++
		}
	}
	if count <= maxKeys {
		return nil
	}
	return &Refusal{
		Rule: ruleKeys, Reason: KeySetTooLarge,
		Expected: fmt.Sprintf("at most %d %s keys", maxKeys, alg.kty),
		Found:    fmt.Sprintf("%d %s keys", count, alg.kty),
		Why:      "AWS refuses a token whose key is of a type that the set has too many of; have the provider publish fewer.",
	}
}

// findOnly is the one key that would do for a token without kid.
func (s KeySet) findOnly(t *Token) (*Key, *Refusal) {
	var fit []*Key
	for i := range s.Keys {
		if k := &s.Keys[i]; k.suits(t) == nil {
			fit = append(fit, k)
		}
	}
	if len(fit) == 1 {
		return fit[0], nil
	}
	if len(fit) == 0 && len(s.Keys) == 1 {
		return nil, s.Keys[0].suits(t)
	}
	r := &Refusal{
		Rule: ruleKeys, Reason: KeyAmbiguous,
		Expected: "a kid in the header, or one key that is for " + source.Quote(t.Algorithm),
		Found:    fmt.Sprintf("no kid, and %d of %d keys that are for it", len(fit), len(s.Keys)),
		Why:      "Without a kid it is left open which key is meant; have the provider add it to the header.",
	}
	if len(fit) == 0 {
		r.Reason = KeyUnknown
		r.Why = "The token names no key, and none of the set can verify its algorithm."
	}
	return nil, r.asModelled()
}

// unknown says which keys there are instead of the one that the token names.
func (s KeySet) unknown(t *Token) *Refusal {
	const listed = 5
	var names []string
	var folded, nameless string
	for i := range s.Keys {
		k := &s.Keys[i]
		switch {
		case !k.HasKeyID:
			nameless = k.name()
			continue
		case strings.EqualFold(k.KeyID, t.KeyID):
			folded = k.KeyID
		}
		if len(names) < listed {
			names = append(names, source.Quote(k.KeyID))
		} else if len(names) == listed {
			names = append(names, "…")
		}
	}
	r := &Refusal{
		Rule: ruleKeys, Reason: KeyUnknown,
		Expected: "a key with kid " + source.Quote(t.KeyID),
		Found:    "kid " + strings.Join(names, ", "),
		Why:      "The key set has no key with the token's kid, " + source.Quote(t.KeyID) + ": the provider may have replaced its keys, or the token comes from another provider.",
	}
	switch {
	case folded != "":
		r.Why = "Names of keys are case-sensitive (RFC 7517 §4.5), and the set has " + source.Quote(folded) + "."
	case nameless != "":
		// AWS has been seen to refuse a key without kid, and to take one whose kid is "".
		r.Why = "A key without kid is never the one that a token names; have the provider give it the token's kid."
	}
	if len(names) == 0 {
		r.Found = "no key with a kid"
	}
	return r
}
