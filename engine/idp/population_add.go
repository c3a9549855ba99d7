package idp

import (
	"cmp"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// change is how an identity differs from the first one.
type change struct {
	who, what, opens string
	width            Width
	parts            map[string]string // of its subject
	subject          string            // in their place where it isn't ""
	claims           object            // as JSON; null leaves one out
	mint             object            // of the mint itself: @attack, @iss, @recipient and so on
	moved            []string          // parts that a table changes
	varies           string            // the word of a claim
}

// add makes the identity and keeps it, unless one like it is there.
func (p *people) add(c change) {
	id := Identity{Who: c.who, What: c.what, Opens: c.opens, Width: c.width, Varies: c.varies}
	id.Subject = c.subject
	if id.Subject == "" {
		id.Subject = p.kind.compose(c.parts)
	}
	says := p.says(&c, id.Subject)
	oauth := p.kind.one("protocol") == "oauth"
	if oauth {
		says = without(says, "sub")
	}
	if sub := says.get("sub"); sub != "" {
		id.Subject = plainText(sub)
	}
	key := says.text() + c.mint.text()
	if p.seen[key] {
		return
	}
	p.seen[key] = true
	if p.first == nil {
		p.first = says
	}
	id.Differs = p.differs(says)
	for _, f := range p.claims {
		if says.get(f.name) == f.value {
			id.Shares = append(id.Shares, Claim{p.word(f.name), p.asked(f.name, plainText(f.value))})
		}
	}
	switch {
	case oauth:
		p.carry(&id, says)
	default:
		id.Mint = p.minted(&c, says)
	}
	p.all = append(p.all, id)
}

// asked is the value as the policy writes it, which may be a pattern.
func (p *people) asked(claim, value string) string {
	for _, w := range p.Wanted {
		if w.Claim == claim && !w.Not && w.Wild && p.Like(w.Value, value) {
			return w.Value
		}
	}
	return value
}

// says is what the identity's token or response says that no profile does by
// itself: the subject, the audience, the kind's claims, the policy's.
func (p *people) says(c *change, subject string) object {
	var says object
	says.set("sub", quote(subject))
	for _, claim := range p.kind.lines["claim"] {
		if value, ok := p.expandFor(claim.at(1), c.parts); ok {
			says.set(claim.at(0), jsonOf(value))
		}
	}
	for _, f := range p.claims {
		if !p.kind.moves(f.name, c.moved) {
			says.set(f.name, f.value)
		}
	}
	for _, f := range p.kept {
		if says.get(f.name) == "" {
			says.set(f.name, f.value)
		}
	}
	for _, f := range c.claims {
		says.set(f.name, f.value)
	}
	return says
}

// keeps says whether everybody says what the scenario's own identity says:
// what it tells AWS besides, such as session tags, and its attributes but for
// the role, which is the call's.
func (p *people) keeps(name string) bool {
	if p.SAML {
		return fullName(name) != attrRole
	}
	return strings.HasPrefix(name, "https://aws.amazon.com/")
}

// keep notes what everybody says like the scenario's own identity.
func (p *people) keep() {
	if p.Known == nil {
		return
	}
	size := 0
	for i := range p.Known.Members {
		m := &p.Known.Members[i]
		if !p.keeps(m.Name) {
			continue
		}
		f := field{m.Name, encodeNode(&m.Value)}
		if size += len(f.name) + len(f.value); size > mostKept {
			return
		}
		p.kept = append(p.kept, f)
	}
}

// jsonOf is a template's value as JSON: a list or an object as it stands,
// everything else as text.
func jsonOf(value string) string {
	if strings.HasPrefix(value, "[") || strings.HasPrefix(value, "{") || value == "null" {
		if _, err := source.ParseJSON(value); err == nil {
			return value
		}
	}
	return quote(value)
}

// differs are the claims with another value than the first identity's.
func (p *people) differs(says object) []Claim {
	all := []Claim{}
	for _, f := range says {
		if p.first.get(f.name) == f.value {
			continue
		}
		all = append(all, Claim{f.name, plainText(f.value)})
	}
	for _, f := range p.first {
		if says.get(f.name) == "" {
			all = append(all, Claim{Name: f.name})
		}
	}
	return all
}

// plainText is a value of an object as its reader knows it.
func plainText(value string) string {
	if value == "null" {
		return ""
	}
	if n, err := source.ParseJSON(value); err == nil && n.Kind == source.String {
		return n.Text
	}
	return value
}

// minted is the mint of an identity's token or response.
func (p *people) minted(c *change, says object) *scenario.Mint {
	m := &scenario.Mint{Issuer: p.Issuer, Profile: cmp.Or(p.kind.one("profile"), p.Profile)}
	if p.SAML {
		m.NameID = plainText(says.get("sub"))
		says = without(says, "sub")
		m.Attributes = objectDocument(says)
	} else {
		m.Claims = objectDocument(says)
	}
	for _, f := range c.mint {
		switch f.name {
		case "@iss":
			m.Issuer = f.value
		case "@attack":
			m.Attack = f.value
		case "@recipient":
			m.Recipient = f.value
		case "@audience":
			m.Audience = f.value
		}
	}
	return m
}

func without(o object, name string) object {
	var rest object
	for _, f := range o {
		if f.name != name {
			rest = append(rest, f)
		}
	}
	return rest
}

// objectDocument is an object as a scenario holds it; none where it is empty.
func objectDocument(o object) scenario.Document {
	if len(o) == 0 {
		return scenario.Document{}
	}
	node, err := source.ParseJSON(o.text())
	if err != nil {
		return scenario.Document{}
	}
	return scenario.Document{Node: node}
}

// carry gives an identity of an OAuth provider what the provider would say of
// its access token.
func (p *people) carry(id *Identity, says object) {
	id.ProviderID = p.Issuer
	for _, f := range says {
		if value := plainText(f.value); value != "" {
			id.Context = append(id.Context, scenario.ContextKey{Key: p.Issuer + ":" + f.name, Values: []string{value}})
		}
	}
}

// with is a copy of the parts in which one is another.
func with(parts map[string]string, name, value string) map[string]string {
	c := make(map[string]string, len(parts))
	for n, v := range parts {
		c[n] = v
	}
	c[name] = value
	return c
}

// expand is a template in words; "" where it needs a part that isn't there.
func (p *people) expand(template string, parts map[string]string) string {
	text, _ := p.expandFor(template, parts)
	return text
}

// expandFor replaces {part} and {form:part} in a template; false where a part
// isn't there or hasn't that form.
func (p *people) expandFor(template string, parts map[string]string) (string, bool) {
	var out strings.Builder
	for {
		before, rest, open := strings.Cut(template, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !open || !closed || strings.ContainsAny(name, " \"{,") {
			// A brace of a JSON value or of an id.
			out.WriteString(before)
			if !open {
				return out.String(), true
			}
			out.WriteByte('{')
			template = rest
			continue
		}
		out.WriteString(before)
		value, ok := p.part(name, parts)
		if !ok {
			return "", false
		}
		out.WriteString(value)
		template = after
	}
}

// part is one replacement. The forms: dir and base of a path; id, a made-up
// number; case, in the other letter case; plain, before an @; branch, of a
// git ref; words, as a reader would say it; other, a like one of somebody
// else; client, another that is registered; new, a word that the first
// identity hasn't in it.
func (p *people) part(name string, parts map[string]string) (string, bool) {
	if word, ok := strings.CutPrefix(name, "new:"); ok {
		for _, piece := range p.kind.subject {
			if strings.Contains(p.parts[piece.name], word) {
				return "other-" + word, true
			}
		}
		return word, true
	}
	form, of, formed := strings.Cut(name, ":")
	if !formed {
		of, form = name, ""
	}
	value := parts[of]
	switch of {
	case "issuer":
		value = p.Issuer
	case "at", "foreign":
		value = p.kind.one(of)
	}
	slash := strings.LastIndexByte(value, '/')
	switch form {
	case "dir":
		return value[:max(slash, 0)], slash > 0
	case "base":
		return value[slash+1:], value != ""
	case "id":
		return decimal(8, of, value), true
	case "uuid":
		return uuid(of, value), true
	case "case":
		other := strings.ToUpper(value)
		if other == value {
			other = strings.ToLower(value)
		}
		return other, other != value
	case "plain":
		plain, _, ids := strings.Cut(value, "@")
		return plain, ids
	case "unnumbered":
		return value, !strings.Contains(value, "@")
	case "branch":
		return strings.CutPrefix(value, "ref:refs/heads/")
	case "other":
		return value[:slash+1] + strings.ToUpper(digest(value)[:32]), slash >= 0
	case "client":
		for _, client := range p.Clients {
			if client != value && len(client) <= longest {
				return client, true
			}
		}
		return "", false
	case "words":
		for _, word := range p.kind.lines["word"] {
			if rest, ok := strings.CutPrefix(value, word.at(0)); ok {
				return strings.TrimSpace(word.at(1) + " " + rest), true
			}
		}
	}
	return value, value != ""
}
