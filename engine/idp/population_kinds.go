package idp

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

// population.txt has, for each kind of identity provider, how its subjects are
// written, what else its tokens say, and who there is besides the identity
// that a trust policy means; claims and subjects are those of the vendors'
// documentation. It is text, because a tenth of the size of the same in Go is
// what the browser loads.
//
// A kind begins with = and its name; the first one with a pattern (issuer) of
// the provider is the provider's. The lines below, fields parted by a bar:
//
//   - wants (a text that a subject of the policy has in it, where that tells the
//     kind), real (a pattern that all of its subjects match), protocol (oidc
//     where it isn't said), profile of the mint, audience where
//     neither policy nor provider says one, foreign (an audience that tokens for
//     other systems have), at (where its people are), who and what (of the
//     identity that a policy means), also (a list of identities that it shares
//     with other kinds, which begins with +).
//   - piece, a part of the subject: name, the text in front, its value where a
//     policy leaves it open, its noun, the same in its place, the width of the
//     opening that a wildcard in it makes, what its owner puts behind the
//     beginning of a name, and what somebody else does.
//   - usual, what a pattern of a piece means; fills, for wildcards that reach
//     over several pieces: one's own, and somebody else's.
//   - claim and its value; read, a claim that tells a piece, and how; pinned, a
//     claim that belongs to a piece; word, how a beginning of a piece is said.
//
// A line that begins with a number is an identity: the width of its opening
// and its name, what it is, whom the door stands open to if it gets in, and
// what is changed: pieces, claims (null for none), with an @ the mint itself.
// Behind a ! stands a claim that keeps the opening small where the policy
// asks for it.
//
// {part} stands for a part of the first identity's subject, {form:part} for a
// form of it, see people.part.
//
//go:embed population.txt
var populationText string

// kind is a kind of system that vouches for identities: the lines of its
// section by what they begin with, and what is made of some of them.
type kind struct {
	lines    map[string][]fields
	subject  []piece
	variants []variant
}

// fields are those of a line.
type fields []string

// at is the field of that index; "" where the line ends before it.
func (f fields) at(i int) string {
	if i < len(f) {
		return f[i]
	}
	return ""
}

// one is the first field of the kind's only line of that name, "" for none.
func (k *kind) one(name string) string {
	for _, f := range k.lines[name] {
		return f.at(0)
	}
	return ""
}

// piece is one part of a subject, behind the text that leads to it.
type piece struct {
	name, before, fallback, noun, of, mine, alike string
	width                                         Width
}

// variant is an identity that differs from the first one.
type variant struct {
	width            Width
	who, what, opens string
	unless           string // a claim
	set              []field
}

// kindOf is the kind of a provider. The last one is every provider's.
func kindOf(c *Census) *kind {
	for _, section := range strings.Split(populationText, "\n= ") {
		section, _, _ = strings.Cut(section, "\n\n")
		if (strings.Contains(section, "\nprotocol: saml") == c.SAML) && owns(section, c) && wanted(section, c) {
			return readKind(section)
		}
	}
	return &kind{}
}

func owns(section string, c *Census) bool {
	for _, line := range strings.Split(section, "\n") {
		if pattern, ok := strings.CutPrefix(line, "issuer: "); ok && c.Like(pattern, c.Issuer) {
			return true
		}
	}
	return false
}

// wanted says whether the policy asks for a subject of the section's form,
// where other sections have other forms of the same provider's.
func wanted(section string, c *Census) bool {
	_, form, ok := strings.Cut(section, "\nwants: ")
	form, _, _ = strings.Cut(form, "\n")
	return !ok || slices.ContainsFunc(c.Wanted, func(w Wanted) bool { return w.Claim == "sub" && strings.Contains(w.Value, form) })
}

func readKind(section string) *kind {
	k := &kind{lines: map[string][]fields{}}
	for _, line := range strings.Split(section, "\n") {
		if v, ok := readVariant(line); ok {
			k.variants = append(k.variants, v)
			continue
		}
		name, rest, _ := strings.Cut(line, ": ")
		f := fieldsOf(rest)
		k.lines[name] = append(k.lines[name], f)
		if name == "piece" {
			k.subject = append(k.subject, piece{name: f.at(0), before: f.at(1), fallback: f.at(2), noun: f.at(3), of: f.at(4), width: widthOf(f.at(5)), mine: f.at(6), alike: f.at(7)})
		}
	}
	if also := k.one("also"); also != "" {
		k.variants = append(k.variants, sharedVariants(also)...)
	}
	return k
}

// fieldsOf are the fields of a line. A bar without a space in front is a
// character.
func fieldsOf(line string) fields {
	parts := strings.Split(line, " |")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func widthOf(text string) Width {
	n, _ := strconv.Atoi(text)
	return Width(n)
}

// readVariant reads the line of an identity; false where it is another one.
func readVariant(line string) (v variant, ok bool) {
	if line == "" || line[0] < '0' || line[0] > '9' {
		return v, false
	}
	width, rest, _ := strings.Cut(line, " ")
	f := fieldsOf(rest)
	v.width, v.who, v.what, v.opens = widthOf(width), f.at(0), f.at(1), f.at(2)
	for _, change := range strings.Split(f.at(3), " ; ") {
		if claim, ok := strings.CutPrefix(change, "!"); ok {
			v.unless = claim
		} else if name, value, ok := strings.Cut(change, "="); ok {
			v.set = append(v.set, field{name, value})
		}
	}
	return v, true
}

// sharedVariants are the identities of the list of that name.
func sharedVariants(name string) (all []variant) {
	_, list, _ := strings.Cut(populationText, "\n+ "+name+"\n")
	list, _, _ = strings.Cut(list, "\n\n")
	for _, line := range strings.Split(list, "\n") {
		if v, ok := readVariant(line); ok {
			all = append(all, v)
		}
	}
	return all
}

// common are the identities that every kind has: another door, another time,
// another key.
func (k *kind) common() []variant {
	switch k.one("protocol") {
	case "oauth":
		return nil
	case "saml":
		return sharedVariants("responses")
	}
	return sharedVariants("tokens")
}

// follows says whether a claim says what a part of the subject says.
func (k *kind) follows(claim string) bool {
	for _, read := range k.lines["read"] {
		if read.at(0) == claim {
			return true
		}
	}
	return false
}

// moves says whether a claim belongs to one of the parts that change.
func (k *kind) moves(claim string, changed []string) bool {
	for _, pinned := range k.lines["pinned"] {
		for _, part := range changed {
			if pinned.at(0) == claim && pinned.at(1) == part {
				return true
			}
		}
	}
	return false
}

// real says whether the provider writes such a subject. GitHub puts what ran
// behind the repository; an organization can have other subjects, which begin
// with another claim's name and a colon.
func (k *kind) real(parts map[string]string, literal string, like func(pattern, value string) bool) bool {
	if pattern := k.one("real"); pattern != "" {
		return like(pattern, cmp.Or(literal, k.compose(parts)))
	}
	if k.one("profile") != "github-actions" {
		return true
	}
	if literal != "" {
		claim, _, ok := strings.Cut(literal, ":")
		return ok && claim != "repo" && !strings.ContainsAny(claim, "/*?")
	}
	run := parts["run"]
	return run == "pull_request" || strings.HasPrefix(run, "environment:") || strings.HasPrefix(run, "ref:refs/")
}
