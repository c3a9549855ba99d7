package idp

import (
	"cmp"
	"slices"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// Census asks whom one identity provider can vouch for, seen from a trust
// policy: those that the policy describes, and those that differ from them by
// one thing each.
type Census struct {
	Issuer  string       // the provider's URL; of a SAML provider its entity id; of an OAuth provider its domain
	SAML    bool         // it sends SAML responses
	Clients []string     // the client IDs that are registered
	Wanted  []Wanted     // what the trust policy compares, in its order
	Known   *source.Node // the claims, or attributes, of an identity that the scenario has; nil for none
	Name    string       // the NameID of that identity
	Profile string       // of the mint of its response
	Like    func(pattern, value string) bool
}

// Wanted is a value that a trust policy compares a claim with. Claim is the
// claim's name, or the attribute's; sub stands for a NameID too.
type Wanted struct {
	Claim, Value string
	Word         string // for the claim, in sentences; "" for its name
	Wild         bool   // * and ? are wildcards
	Not          bool   // the policy wants any other value
}

// Identity is somebody whom a provider can vouch for. Exactly one of Mint and
// ProviderID is set.
type Identity struct {
	Who     string  // in a few words
	What    string  // one sentence
	Subject string  // sub, or the NameID
	Differs []Claim // what it says otherwise than the first identity of its population
	Opens   string  // whom the door stands open to if this one gets in, ready for "… gets in"; "" where it opens nothing more
	Width   Width   // of that opening
	Shares  []Claim // what the policy wants besides the subject and the audience, and this one says too, in words
	Varies  string  // the word of the claim that alone is another; "" where it isn't one of these
	Mint    *scenario.Mint

	// An OAuth access token is opaque; what the provider says of it comes
	// with the request.
	ProviderID string
	Context    []scenario.ContextKey
}

// Claim is a claim or attribute by its name, with its value as text.
type Claim struct {
	Name  string `json:"name"`
	Value string `json:"value"` // "" where it is left out
}

// Width orders openings, from what a policy describes to everybody whom its
// provider knows. Only the order means something.
type Width int

// Openings. In between there are others in the same place from 30 on, other
// places of the same owner from 60 on, and from 90 on everybody.
const (
	WidthOwn    Width = 10 // the identity that the policy describes
	widthDetail Width = 20 // the same one, in another situation
	widthAlike  Width = 80 // owners with a like name
)

// Population is whom the provider can vouch for, the identity that the policy
// describes first, then by how much they tell about the policy. No two are
// alike.
func Population(c Census) []Identity {
	p := &people{Census: c, kind: kindOf(&c), seen: map[string]bool{}}
	p.describe()
	p.add(p.own(p.parts, ""))
	p.named()
	p.exploits()
	p.variants(p.kind.variants)
	p.details()
	p.variants(p.kind.common())
	return p.all
}

// people is a population in the making.
type people struct {
	Census
	kind     *kind
	parts    map[string]string // of the first identity's subject, by the pieces' names, and aud
	literal  string            // the first identity's subject where it has another form than the kind's
	claims   object            // that the policy wants, as JSON, besides sub and aud
	kept     object            // what the scenario's own identity says, and everybody else too
	first    object            // what the first identity says
	seen     map[string]bool
	all      []Identity
	patterns []pattern // of sub, those that the policy wants
}

// pattern is a subject that the policy wants. Pieces are its parts where it
// has the kind's form.
type pattern struct {
	Wanted
	parts map[string]string
}

// What of the scenario's own identity everybody takes over: a text of at most
// longest bytes, all that is kept together of at most mostKept.
const (
	longest  = 2048
	mostKept = 16 << 10
)

// mostPatterns bounds the subjects of one policy that have identities of
// their own.
const mostPatterns = 8

// describe works out the first identity: what the policy wants, else what
// the scenario's own identity has, else what is usual.
func (p *people) describe() {
	for _, w := range p.Wanted {
		if w.Claim == "sub" && !w.Not && len(p.patterns) < mostPatterns {
			w.Wild = w.Wild || strings.Contains(w.Value, "*") // under another operator too that is what was meant
			parts, _ := p.kind.parse(w.Value)
			p.patterns = append(p.patterns, pattern{w, parts})
		}
	}
	var wanted pattern
	if len(p.patterns) > 0 {
		wanted = p.patterns[0]
	}
	p.parts, p.literal = p.realFill(wanted)
	p.keep()
	p.parts["aud"] = p.audience()
	for _, w := range p.Wanted {
		if w.Not || w.Claim == "sub" || w.Claim == "aud" || w.Claim == "oaud" || p.kind.follows(w.Claim) || p.claims.get(w.Claim) != "" {
			continue
		}
		p.claims.set(w.Claim, p.value(w.Claim, p.filled(w, p.known(w.Claim))))
	}
}

// realFill is fill for a pattern that the provider's subjects fit. Where they
// don't, it is the subject that comes nearest.
func (p *people) realFill(w pattern) (parts map[string]string, literal string) {
	parts, literal = p.fill(w)
	if p.kind.real(parts, literal, p.Like) {
		return parts, literal
	}
	lead := p.kind.subject[0].before
	if again, ok := p.kind.parse(lead + w.Value); ok && literal != "" {
		w.parts = again
	}
	parts, _ = p.fill(pattern{parts: w.parts})
	for _, piece := range p.kind.subject {
		// Bitbucket's UUIDs have braces, which are easily left out.
		if text := parts[piece.name]; strings.HasPrefix(piece.fallback, "{") && !strings.HasPrefix(text, "{") {
			parts[piece.name] = "{" + text + "}"
		}
	}
	if !p.kind.real(parts, "", p.Like) {
		end := p.kind.subject[len(p.kind.subject)-1]
		parts[end.name] = end.fallback
	}
	return parts, ""
}

// fill is a subject that the pattern takes.
func (p *people) fill(w pattern) (parts map[string]string, literal string) {
	known, _ := p.kind.parse(p.subjectKnown())
	parts = map[string]string{}
	for _, piece := range p.kind.subject {
		text, own := w.parts[piece.name], known[piece.name]
		switch {
		case text == "" || text == "*":
			parts[piece.name] = cmp.Or(p.derived(piece.name), own, piece.fallback)
		case !w.Wild || !wild(text):
			parts[piece.name] = text
		case own != "" && !namesBeginning(text) && p.Like(text, own):
			parts[piece.name] = own
		default:
			parts[piece.name] = p.kind.filled(&piece, text)
		}
	}
	subject := p.kind.compose(parts)
	switch {
	case w.Value == "" || w.Value == subject || w.Wild && p.Like(w.Value, subject):
		return parts, ""
	case w.Wild:
		settled := settle(w.Value, cmp.Or(p.fills(0), "anyone"))
		if again, ok := p.kind.parse(settled); ok && p.kind.compose(again) == settled {
			return again, ""
		}
		return parts, settled
	}
	return parts, w.Value
}

// derived is a part of the subject that the policy tells by another claim.
func (p *people) derived(part string) string {
	for _, read := range p.kind.lines["read"] {
		if read.at(1) != part {
			continue
		}
		for _, w := range p.Wanted {
			if w.Claim == read.at(0) && !w.Not && !(w.Wild && wild(w.Value)) {
				return p.expand(read.at(2), map[string]string{"v": w.Value})
			}
		}
	}
	return ""
}

// fills is what stands for wildcards that reach over several parts.
func (p *people) fills(i int) string {
	for _, f := range p.kind.lines["fills"] {
		return f.at(i)
	}
	return ""
}

func (p *people) subjectKnown() string {
	if p.SAML && len(p.Name) <= longest {
		return p.Name
	}
	return p.known("sub")
}

// known is a claim of the scenario's own identity, "" where it has no such
// text.
func (p *people) known(claim string) string {
	n := p.Known.Get(claim)
	switch {
	case n == nil:
		return ""
	case n.Kind == source.Array && len(n.Items) == 1:
		n = &n.Items[0]
	case n.Kind == source.Array || n.Kind == source.Object:
		return ""
	}
	if len(n.Text) > longest {
		return ""
	}
	return n.Text
}

// filled is a value that the policy wants: the scenario's own where it fits.
func (p *people) filled(w Wanted, own string) string {
	switch {
	case !w.Wild || !wild(w.Value):
		return w.Value
	case own != "" && p.Like(w.Value, own):
		return own
	}
	return settle(w.Value, "anyone")
}

// audience is what the first identity's token is for: what the policy wants,
// a registered client ID if it wants several.
func (p *people) audience() string {
	var first string
	for _, w := range p.Wanted {
		if w.Claim != "aud" || w.Not {
			continue
		}
		value := p.filled(w, p.known("aud"))
		if slices.Contains(p.Clients, value) {
			return value
		}
		if first == "" {
			first = value
		}
	}
	if first == "" {
		first = p.known("aud")
	}
	if own := p.known("azp"); own != "" && first == p.known("aud") {
		first = own
	}
	switch {
	case first != "" && (len(p.Clients) == 0 || slices.Contains(p.Clients, first) || p.wants("aud")):
		return first
	case len(p.Clients) > 0 && len(p.Clients[0]) <= longest:
		return p.Clients[0]
	}
	return p.kind.one("audience")
}

// wants says whether the policy asks for the claim at all.
func (p *people) wants(claim string) bool {
	return slices.ContainsFunc(p.Wanted, func(w Wanted) bool { return w.Claim == claim })
}

// value is a claim's value as JSON. amr is a list by its nature.
func (p *people) value(claim, text string) string {
	if claim == "amr" {
		return "[" + quote(text) + "]"
	}
	return quote(text)
}

// own is an identity of the kind that the policy describes.
func (p *people) own(parts map[string]string, literal string) change {
	if literal == "" {
		literal = p.literal
	}
	c := change{who: p.expand(p.kind.one("who"), parts), what: p.kind.one("what"), width: WidthOwn, parts: parts, subject: literal}
	if literal != "" {
		c.who, c.what = source.Clip(literal), "The subject that the policy names."
	}
	return c
}

// named are the other subjects that the policy names.
func (p *people) named() {
	for i, w := range p.patterns {
		if i == 0 {
			continue
		}
		parts, literal := p.realFill(w)
		parts["aud"] = p.parts["aud"]
		c := p.own(parts, literal)
		c.subject = literal
		p.add(c)
	}
	for _, w := range p.Wanted {
		if w.Claim == "sub" && w.Not {
			p.add(change{who: "the excluded subject " + source.Clip(w.Value), what: "The subject that the policy excludes.", width: widthDetail, parts: p.parts, subject: settle(w.Value, "anyone")})
		}
	}
}

// exploits are identities that make the most of the policy's wildcards: each
// differs from what is meant by what one wildcard lets through.
func (p *people) exploits() {
	for _, w := range p.patterns {
		if !w.Wild || !wild(w.Value) {
			continue
		}
		if w.parts == nil {
			p.add(change{who: "a subject made to fit " + source.Clip(w.Value), what: "The wildcard stands for whatever somebody puts there.", width: widthAlike,
				opens: "Everybody whose subject matches " + w.Value, parts: p.parts, subject: settle(w.Value, cmp.Or(p.fills(1), "somebody-else"))})
			continue
		}
		parts, _ := p.fill(w)
		parts["aud"] = p.parts["aud"]
		for _, piece := range p.kind.subject {
			text := w.parts[piece.name]
			if text == "*" || !wild(text) {
				continue // a whole part that is left open is the tables'
			}
			changed := with(parts, piece.name, piece.exploited(text))
			p.add(change{
				who: "a made-to-fit " + piece.noun + ", " + source.Clip(changed[piece.name]), what: "Its name fits " + source.Clip(text) + ", and whoever may choose it can.",
				opens: "Every " + p.expand(piece.of, parts) + " that matches " + text, width: piece.width, parts: changed,
			})
		}
	}
}

// variants are the identities of a table.
func (p *people) variants(table []variant) {
	for _, v := range table {
		c := change{who: v.who, what: p.expand(v.what, p.parts), opens: p.expand(v.opens, p.parts), width: v.width, parts: p.parts}
		usable := true
		if v.unless != "" && p.wants(v.unless) {
			c.opens, c.width = "", widthDetail
		}
		for _, set := range v.set {
			name := set.name
			value, ok := p.expandFor(set.value, p.parts)
			usable = usable && ok
			switch {
			case strings.HasPrefix(name, "@"):
				c.mint = append(c.mint, field{name, value})
			case p.kind.piece(name) != nil || name == "aud":
				c.parts = with(c.parts, name, value)
				c.moved = append(c.moved, name)
			case value == "null" || strings.HasPrefix(value, "["):
				c.claims.set(name, value)
			default:
				c.claims.set(name, quote(value))
			}
		}
		if len(c.moved) == 0 || len(c.moved) == 1 && c.moved[0] == "aud" {
			c.subject = p.literal
		}
		if usable {
			p.add(c)
		}
	}
}

// details are the identities that differ in a claim that the policy asks for
// and no table knows: another value, an excluded one, none.
func (p *people) details() {
	done := map[string]bool{"sub": true, "aud": true, "oaud": true}
	for _, w := range p.Wanted {
		name := p.word(w.Claim)
		if w.Not && w.Claim != "sub" && !p.kind.follows(w.Claim) {
			p.detail("the excluded "+name+" "+source.Clip(w.Value), "The policy excludes this value of "+name+".", "", w.Claim, p.value(w.Claim, settle(w.Value, "anyone")))
		}
		if done[w.Claim] || p.kind.follows(w.Claim) {
			continue
		}
		done[w.Claim] = true
		if w.Wild && wild(w.Value) {
			p.detail("a made-to-fit "+name, "It is chosen to fit "+source.Clip(w.Value)+".", "Everybody like that whose "+name+" matches "+w.Value, w.Claim, p.value(w.Claim, settle(w.Value, "somebody-else")))
		}
		p.detail("another "+name, "Everything else is the same.", "Everybody like that, with any "+name+",", w.Claim, p.value(w.Claim, "another"))
		p.detail("no "+name, "Everything else is the same, and "+name+" is left out.", "Everybody like that, also without "+name+",", w.Claim, "null")
	}
}

func (p *people) detail(who, what, opens, claim, value string) {
	c := change{who: who, what: what, opens: opens, width: widthDetail, parts: p.parts, subject: p.literal, varies: p.word(claim)}
	c.claims.set(claim, value)
	p.add(c)
}

// word is how a claim is called: as the policy's key calls it.
func (p *people) word(claim string) string {
	for _, w := range p.Wanted {
		if w.Claim == claim && w.Word != "" {
			return w.Word
		}
	}
	return claim
}
