package oidc

import (
	"fmt"
	"strings"

	"stsplayground/engine/source"
)

// KeySet is a JSON Web Key Set (RFC 7517 §5).
type KeySet struct {
	Keys []Key // all of them, in order, usable or not
}

// maxKeys is how many RSA keys, and how many EC keys, AWS takes in one set.
// The type that a token is signed with is the one that has to keep to it
// (IAM guide, id_roles_providers_create_oidc), so that Find refuses, not
// ReadKeySet. Keys beyond it are not decoded.
const maxKeys = 100

// ReadKeySet reads a key set: an object, or a string that holds the body as
// served. Each key is read by itself, so that one that is broken or of an
// unknown type spoils no other.
func ReadKeySet(root *source.Node) (KeySet, *Refusal) {
	object, refusal := keySetObject(root)
	if refusal != nil {
		return KeySet{}, refusal
	}
	keys := object.Get("keys")
	for i := range object.Members {
		if m := &object.Members[i]; m.Repeated && m.Name == "keys" {
			// RFC 7517 §4 lets a reader refuse, or take the last.
			return KeySet{}, unreadable("two members named keys", "Two lists of keys mean different things to different readers.").asModelled()
		}
	}
	switch {
	case keys == nil:
		return KeySet{}, withoutKeys(object)
	case keys.Kind != source.Array:
		return KeySet{}, unreadable("keys is "+article(keys.Kind), "RFC 7517 §5.1 wants an array of keys.")
	case len(keys.Items) == 0:
		return KeySet{}, &Refusal{
			Rule: ruleKeys, Reason: KeySetEmpty,
			Expected: "at least one key",
			Found:    "an empty array",
			Why:      "The key set is empty, and without a key no signature can be verified; AWS wants at least one.",
		}
	}
	set := KeySet{Keys: make([]Key, len(keys.Items))}
	perType := map[string]int{}
	for i := range keys.Items {
		k := &set.Keys[i]
		k.Index = i
		if !k.describe(&keys.Items[i]) {
			continue
		}
		perType[k.Type]++
		if perType[k.Type] > maxKeys {
			k.Problem = fmt.Sprintf("the set has more than %d keys of type %s", maxKeys, source.Clip(k.Type))
			continue
		}
		k.decode(&keys.Items[i])
	}
	return set, nil
}

func unreadable(found, why string) *Refusal {
	return &Refusal{
		Rule: ruleKeys, Reason: KeySetUnreadable,
		Expected: `a JSON Web Key Set: {"keys": [ … ]}`,
		Found:    found,
		Why:      why,
	}
}

// keySetObject is the object that root is or holds as text.
func keySetObject(root *source.Node) (*source.Node, *Refusal) {
	if root != nil && root.Kind == source.String {
		if r := mistakenFor(root.Text); r != nil {
			return nil, r
		}
		body, err := source.ParseJSON(root.Text)
		if err != nil {
			return nil, unreadable(fmt.Sprintf("line %d, column %d: %s", err.Line, err.Column, source.Clip(err.Reason)), "The key set can't be read as JSON (RFC 8259).")
		}
		root = &body
	}
	switch {
	case root == nil || root.Kind == source.Invalid:
		return nil, unreadable("nothing", "The key set is what the provider's jwks_uri serves.")
	case root.Kind == source.Array:
		return nil, unreadable("an array", `A key set is an object; if these are its keys, write {"keys": [ … ]} around them.`)
	case root.Kind != source.Object:
		return nil, unreadable(article(root.Kind), "The key set is what the provider's jwks_uri serves.")
	}
	return root, nil
}

// mistaken is what people paste in place of a key set, told by how it begins.
var mistaken = []struct{ prefix, found, why string }{
	{"-----BEGIN CERTIFICATE", "a certificate in PEM", "A certificate holds a key in another form; paste the JSON that the provider's jwks_uri serves."},
	{"-----BEGIN", "a key in PEM", "The key is in another form; paste the JSON that the provider's jwks_uri serves."},
	{"ssh-", "an OpenSSH key", "The key is in another form; paste the JSON that the provider's jwks_uri serves."},
	{"MII", "a key or certificate in base64 DER", "The key is in another form; paste the JSON that the provider's jwks_uri serves."},
	{"eyJ", "a token", "A token is signed with a key and holds none; paste the JSON that the provider's jwks_uri serves."},
	{"https://", "an address", "Nothing is fetched here; open the address and paste the JSON that it serves."},
	{"<", "XML or HTML", "A page or metadata of SAML holds no key set; paste the JSON that the provider's jwks_uri serves."},
}

func mistakenFor(body string) *Refusal {
	body = strings.TrimSpace(body)
	for _, m := range mistaken {
		if strings.HasPrefix(body, m.prefix) {
			return unreadable(m.found, m.why)
		}
	}
	return nil
}

// withoutKeys refuses an object that has no keys member, and says what it
// seems to be instead.
func withoutKeys(object *source.Node) *Refusal {
	switch {
	case object.Get("kty") != nil:
		return unreadable("one key", `A key set is an object with an array of keys; write {"keys": [ … ]} around this one.`)
	case object.Get("jwks_uri") != nil:
		return unreadable("a discovery document", "A discovery document only says where the keys are, in jwks_uri; paste what that address serves.")
	}
	for i := range object.Members {
		if strings.HasPrefix(object.Members[i].Value.Text, "-----BEGIN") {
			return unreadable("certificates or keys in PEM", "The keys are in another form; paste the JSON that the provider's jwks_uri serves.")
		}
	}
	return unreadable("an object without keys", "RFC 7517 §5.1 wants a member named keys, with an array of keys.")
}
