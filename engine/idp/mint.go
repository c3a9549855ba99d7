package idp

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// MintToken makes the compact token (RFC 7515 §7.1) that m describes. at is
// the call's moment, from which relative times count. iss is the scenario's
// issuer entry of m.Issuer; where it is nil or has no signing entries, a key
// named "playground" of that issuer signs with RS256.
//
// The findings are about what was typed; the token is minted nevertheless, as
// far as it can be: what can't be read is left at its default.
func (k *Keyring) MintToken(m *scenario.Mint, iss *scenario.Issuer, at time.Time) (string, []trace.Finding) {
	p := &press{keyring: k, mint: m, at: at}
	profile := p.profile()
	t := token{claims: p.claims(profile)}
	if issuer := p.issuer(profile); iss == nil || len(iss.Signing) == 0 {
		iss = &scenario.Issuer{URL: issuer, Signing: []scenario.Signing{{}}}
	}
	t.key, t.alg, t.header = p.header(iss)
	return p.attack(t), p.findings
}

// press is the making of one token, and what was found on the way.
type press struct {
	keyring  *Keyring
	mint     *scenario.Mint
	at       time.Time
	findings []trace.Finding
}

// token is what is about to be signed: alg is what key signs with, whatever
// the header says.
type token struct {
	header, claims object
	key            *key
	alg            algorithm
}

// compact is the token with its real signature.
func (t token) compact() string {
	input := t.input()
	return input + "." + encode(t.key.sign(t.alg, input))
}

// input is the JWS signing input (RFC 7515 §5.1).
func (t token) input() string { return encode(t.header.text()) + "." + encode(t.claims.text()) }

func (t token) signature() []byte { return t.key.sign(t.alg, t.input()) }

// profile is the one that the mint names. Without a name, or with an unknown
// one, it is the plain profile.
func (p *press) profile() *profile {
	if p.mint.Profile == "" {
		return &profiles[0]
	}
	if profile := profileOf(p.mint.Profile); profile != nil {
		return profile
	}
	names := make([]string, len(profiles))
	for i := range profiles {
		names[i] = profiles[i].Name
	}
	p.unknown(profileKnown, "profile", p.mint.Profile, names, "the token has the plain claims")
	return &profiles[0]
}

// issuer is the URL that the token says it comes from, unless its claims say
// otherwise.
func (p *press) issuer(profile *profile) string {
	if p.mint.Issuer != "" {
		return p.mint.Issuer
	}
	return profile.Issuer
}

// claims are the profile's, in its order, then the described ones that it
// doesn't have, in theirs. A described claim wins; null removes one.
func (p *press) claims(profile *profile) object {
	given := p.object(p.mint.Claims)
	d := description{issuer: p.issuer(profile), given: given, at: p.at.Unix(), seed: p.seed(given)}
	if n := given.Get("iat"); n != nil {
		if at, ok := numericDate(n, p.at); ok {
			d.at = at
		}
	}
	defaults := profile.values(&d)

	var claims object
	known := make(map[string]bool, len(profile.Claims))
	for _, c := range profile.Claims {
		known[c.Name] = true
		if n := given.Get(c.Name); n != nil {
			p.add(&claims, c.Name, n)
		} else if value := defaults[c.Name]; value != "" {
			claims.add(c.Name, value)
		}
	}
	for i := range given.Members {
		// A name that is written twice stays twice: that is for the reader
		// of the token to refuse.
		if member := &given.Members[i]; !known[member.Name] || member.Repeated {
			p.add(&claims, member.Name, &member.Value)
		}
	}
	return claims
}

// add adds a described claim. The three times of RFC 7519 §4.1 may be written
// relative to the call or as RFC 3339 times; they become NumericDates.
func (p *press) add(claims *object, name string, n *source.Node) {
	switch {
	case n.Kind == source.Null:
		return
	case n.Kind == source.String && (name == "exp" || name == "nbf" || name == "iat"):
		if at, ok := numericDate(n, p.at); ok {
			claims.add(name, number(at))
			return
		}
		p.find(timeReadable, trace.SeverityWarning, placeWithin(p.mint.Claims, "/"+name, n.Line, n.Column), fmt.Sprintf(
			"%s is the text %s, which is neither relative, such as +10m or -2d, nor an RFC 3339 time, and goes into the token as it is; a NumericDate is a number of seconds.",
			name, quote(source.Clip(n.Text))))
	}
	claims.add(name, encodeNode(n))
}

// seed makes ids that are stable: the same description at the same moment has
// the same ones.
func (p *press) seed(given *source.Node) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		p.mint.Issuer, p.mint.Profile, encodeNode(given), number(p.at.Unix()),
	}, "\x00")))
	return string(sum[:])
}

// header is the JOSE header, and the key that signs. A described kid picks
// among the issuer's keys; a described alg is signed with for real if the key
// can, and is otherwise only claimed.
func (p *press) header(iss *scenario.Issuer) (*key, algorithm, object) {
	given := p.object(p.mint.Header)
	signer := p.keyring.key(nameOf(identity(iss), p.signing(iss, given.Get("kid"))))

	alg := signer.alg
	if n := given.Get("alg"); n != nil && n.Kind == source.String {
		if named, ok := algorithmOf(n.Text); ok && signer.suits(named) {
			alg = named
		}
	}

	defaults := object{{"alg", quote(signer.alg.name)}, {"kid", quote(signer.kid)}, {"typ", `"JWT"`}}
	var header object
	for _, f := range defaults {
		if n := given.Get(f.name); n == nil {
			header.add(f.name, f.value)
		} else if n.Kind != source.Null {
			header.add(f.name, encodeNode(n))
		}
	}
	for i := range given.Members {
		m := &given.Members[i]
		if (defaults.get(m.Name) == "" || m.Repeated) && m.Value.Kind != source.Null {
			header.add(m.Name, encodeNode(&m.Value))
		}
	}
	return signer, alg, header
}

// signing is the entry whose key signs: the one with the described kid, the
// first where none is described or none has it.
func (p *press) signing(iss *scenario.Issuer, kid *source.Node) scenario.Signing {
	chosen := 0
	if kid != nil && kid.Kind != source.Null {
		chosen = -1
		var kids []string
		for i, s := range iss.Signing {
			if kid.Kind == source.String && kid.Text == kidOf(s) {
				chosen = i
				break
			}
			kids = append(kids, kidOf(s))
		}
		if chosen < 0 {
			chosen = 0
			p.find(kidKnown, trace.SeverityWarning, placeWithin(p.mint.Header, "/kid", kid.Line, kid.Column), fmt.Sprintf(
				"The header's kid is %s, and the issuer's playground keys are %s; the key %s signs, under the kid that is written.",
				source.Clip(encodeNode(kid)), source.Clip(strings.Join(kids, ", ")), quote(source.Clip(kids[0]))))
		}
	}
	return iss.Signing[chosen]
}

// attack stages the attack that the mint names on the token. Without one, or
// with one that is unknown or doesn't fit the key, the token stays honest.
func (p *press) attack(t token) string {
	if p.mint.Attack == "" {
		return t.compact()
	}
	var names []string
	for i := range attacks {
		a := &attacks[i]
		if a.Name != p.mint.Attack {
			names = append(names, a.Name)
			continue
		}
		if a.fits == nil || a.fits(t.key) {
			return a.stage(t, p)
		}
		p.find(attackFits, trace.SeverityError, trace.At{Path: p.mint.Path + "/attack"}, fmt.Sprintf(
			"The attack %s needs %s key, and %s is a key for %s; the token stays honest until the issuer's signing entry says so.",
			quote(a.Name), a.needs, quote(source.Clip(t.key.kid)), t.key.alg.name))
		return t.compact()
	}
	p.unknown(attackKnown, "attack", p.mint.Attack, names, "the token stays honest")
	return t.compact()
}

// object is the JSON object that describes a part of a token.
func (p *press) object(doc scenario.Document) *source.Node {
	return p.objectFor(objectGiven, doc, "it is left out of the token")
}

// objectFor is the JSON object of a description, which may be written as
// text. Where it isn't one, the description counts as empty, with that
// consequence.
func (p *press) objectFor(rule trace.Rule, doc scenario.Document, consequence string) *source.Node {
	empty := &source.Node{Kind: source.Object}
	if !doc.Given() || doc.Node.Kind == source.Null {
		return empty
	}
	node := doc.Node
	if node.Kind == source.String {
		parsed, err := source.ParseJSON(node.Text)
		if err != nil {
			p.find(rule, trace.SeverityError, placeWithin(doc, err.Pointer, err.Line, err.Column), fmt.Sprintf(
				"The text can't be read as JSON, because %s, so %s; write an object.", err.Reason, consequence))
			return empty
		}
		node = parsed
	}
	if node.Kind != source.Object {
		p.find(rule, trace.SeverityError, place(doc), fmt.Sprintf(
			"This is of the type %s, so %s; write an object.", node.Kind, consequence))
		return empty
	}
	return &node
}
