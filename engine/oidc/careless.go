package oidc

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"hash"
	"strings"

	"stsplayground/engine/source"
)

// Careless readers are for showing what strict ones are good for: nothing that
// plays AWS goes by them.

// ReadCarelessly takes a token apart as many readers do: what stands around it,
// padding and white space don't matter, and of several members with one name
// the last counts, as in encoding/json and in JavaScript.
func ReadCarelessly(raw string) (*Token, *Refusal) {
	compact, _ := unwrap(raw)
	t, refusal := Read(strings.NewReplacer("=", "", "\n", "", "\r", "", " ", "").Replace(compact))
	t.Raw = raw
	if refusal == nil || refusal.Reason != Duplicate {
		return t, refusal
	}
	t.Header, t.Payload = lastOfEach(&t.Header), lastOfEach(&t.Payload)
	t.Algorithm, t.KeyID, t.HasKeyID = "", "", false
	if alg := t.Header.Get("alg"); alg != nil {
		t.Algorithm = alg.Text
	}
	if kid := t.Header.Get("kid"); kid != nil {
		t.KeyID, t.HasKeyID = kid.Text, true
	}
	return t, nil
}

func lastOfEach(n *source.Node) source.Node {
	last := *n
	last.Members = nil
	for i := range n.Members {
		m := n.Members[i]
		m.Repeated = false
		at := -1
		for j := range last.Members {
			if last.Members[j].Name == m.Name {
				at = j
			}
		}
		if at < 0 {
			last.Members = append(last.Members, m)
		} else {
			last.Members[at] = m
		}
	}
	return last
}

// HeaderKey is the key that the header brings along as jwk (RFC 7515 §4.1.3);
// nil where it brings none that suits the token.
func HeaderKey(t *Token) *Key {
	jwk := t.Header.Get("jwk")
	if jwk == nil {
		return nil
	}
	root := source.Node{Kind: source.Object, Members: []source.Member{{Name: "keys", Value: source.Node{Kind: source.Array, Items: []source.Node{*jwk}}}}}
	set, refusal := ReadKeySet(&root)
	if refusal != nil || len(set.Keys) == 0 || set.Keys[0].suits(t) != nil {
		return nil
	}
	return &set.Keys[0]
}

// KeyedWithPublicKey says whether the signature is an HMAC whose secret is the
// PEM text of one of the set's public keys, and for which algorithm it is.
func KeyedWithPublicKey(t *Token, set KeySet) bool {
	hashes := map[string]func() hash.Hash{"HS256": sha256.New, "HS384": sha512.New384, "HS512": sha512.New}
	newHash := hashes[t.Algorithm]
	if newHash == nil {
		return false
	}
	for i := range set.Keys {
		der, err := x509.MarshalPKIXPublicKey(set.Keys[i].Public)
		if err != nil {
			continue
		}
		mac := hmac.New(newHash, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		mac.Write([]byte(t.SigningInput))
		if hmac.Equal(mac.Sum(nil), t.Signature) {
			return true
		}
	}
	return false
}
