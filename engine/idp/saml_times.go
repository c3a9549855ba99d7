package idp

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// instants are a response's times as they are written; one that is left out
// is empty.
type instants struct {
	issueInstant             string
	notBefore                string
	notOnOrAfter             string
	authnInstant             string
	sessionNotOnOrAfter      string
	confirmationNotOnOrAfter string
}

// instantNames are the times that a mint can describe. The ones that follow
// another come after it.
var instantNames = []string{"issueInstant", "notBefore", "notOnOrAfter", "authnInstant", "sessionNotOnOrAfter", "confirmationNotOnOrAfter"}

func (t *instants) of(name string) *string {
	return map[string]*string{
		"issueInstant": &t.issueInstant, "notBefore": &t.notBefore, "notOnOrAfter": &t.notOnOrAfter, "authnInstant": &t.authnInstant,
		"sessionNotOnOrAfter": &t.sessionNotOnOrAfter, "confirmationNotOnOrAfter": &t.confirmationNotOnOrAfter,
	}[name]
}

// validity is how long before and after the call's moment a response is
// valid.
const validity = 5 * time.Minute

// instants are the described times on top of the default ones. The sign-in
// was when the response is issued, and it can be confirmed as long as the
// assertion is valid.
func (p *press) instants(profile *responseProfile) instants {
	given := p.objectFor(timesGiven, p.mint.Times, "the times are the default ones")
	write := profile.style.instant
	t := instants{
		issueInstant: write(p.at),
		notBefore:    write(p.at.Add(-validity)),
		notOnOrAfter: write(p.at.Add(validity)),
	}
	if profile.session != 0 {
		t.sessionNotOnOrAfter = write(p.at.Add(profile.session))
	}
	for _, name := range instantNames {
		n := given.Get(name)
		switch {
		case n != nil:
			*t.of(name) = p.instant(profile, name, n)
		case name == "authnInstant":
			t.authnInstant = cmp.Or(t.issueInstant, write(p.at))
		case name == "confirmationNotOnOrAfter":
			t.confirmationNotOnOrAfter = cmp.Or(t.notOnOrAfter, write(p.at.Add(validity)))
		}
	}
	p.unknownTimes(given)
	return t
}

// instant is a described time: relative to the call, an RFC 3339 time, or
// null for none. Other text goes into the response as it is.
func (p *press) instant(profile *responseProfile, name string, n *source.Node) string {
	if n.Kind == source.Null {
		return ""
	}
	if n.Kind == source.String {
		if at, err := time.Parse(time.RFC3339, n.Text); err == nil {
			return profile.style.instant(at)
		}
		if d, ok := relative(n.Text); ok {
			return profile.style.instant(p.at.Add(d))
		}
	}
	text := n.Text
	if n.Kind != source.String {
		text = encodeNode(n)
	}
	p.find(instantReadable, trace.SeverityWarning, placeWithin(p.mint.Times, "/"+name, n.Line, n.Column), fmt.Sprintf(
		"%s is %s, which is neither relative, such as +10m or -2d, nor an RFC 3339 time, and goes into the response as it is; null leaves the time out.",
		name, source.Clip(encodeNode(n))))
	return text
}

// unknownTimes reports members of times that no response has.
func (p *press) unknownTimes(given *source.Node) {
	for i := range given.Members {
		m := &given.Members[i]
		if new(instants).of(m.Name) != nil {
			continue
		}
		at := placeWithin(p.mint.Times, "/"+source.Escape(m.Name), m.Line, m.Column)
		near, _ := source.Nearest(m.Name, instantNames)
		if near == "" {
			p.find(timesKnown, trace.SeverityError, at, fmt.Sprintf(
				"A response has no time %s; write one of %s.", quote(source.Clip(m.Name)), strings.Join(instantNames, ", ")))
			continue
		}
		var fix []trace.Patch
		if m.Value.Kind == source.String && at.Within == nil && given.Get(near) == nil {
			fix = []trace.Patch{{Op: "add", Path: p.mint.Times.Path + "/" + near, Value: m.Value.Text}, {Op: "remove", Path: at.Path}}
		}
		p.find(timesKnown, trace.SeverityError, at, fmt.Sprintf(
			"A response has no time %s; the nearest is %s.", quote(source.Clip(m.Name)), quote(near)), fix...)
	}
}

// seconds writes a time in whole seconds, milliseconds with three digits
// more. SAML Core §1.3.3: "MUST be expressed in UTC form, with no time zone
// component".
func seconds(at time.Time) string      { return at.UTC().Format("2006-01-02T15:04:05Z") }
func milliseconds(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
