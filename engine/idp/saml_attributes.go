package idp

import (
	"fmt"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// shortNames are the attributes of AWS that a mint may name without what they
// all begin with. PrincipalTag: and a key is another.
var shortNames = []string{"Role", "RoleSessionName", "SessionDuration", "SourceIdentity", "TransitiveTagKeys"}

// fullName is the attribute that a described name stands for.
func fullName(name string) string {
	if strings.HasPrefix(name, "PrincipalTag:") {
		return awsAttribute + name
	}
	for _, short := range shortNames {
		if name == short {
			return awsAttribute + name
		}
	}
	return name
}

// attributes are the profile's, in its order, then the described ones that it
// doesn't have, in theirs. A described attribute wins; null removes one.
func (p *press) attributes(d *draft) []attribute {
	given := p.objectFor(attributesGiven, p.mint.Attributes, "the attributes are the profile's")
	values := d.profile.values(d)

	var all []attribute
	used := make(map[int]bool)
	for _, a := range d.profile.Attributes {
		described := false
		for i := range given.Members {
			if m := &given.Members[i]; fullName(m.Name) == a.Name && !used[i] {
				used[i], described = true, true
				all = p.addAttribute(all, a.Name, m)
				break
			}
		}
		if !described && len(values[a.Name]) > 0 {
			all = append(all, attribute{a.Name, values[a.Name]})
		}
	}
	for i := range given.Members {
		// A name that is written twice stays twice: that is for the reader
		// of the response to judge.
		if m := &given.Members[i]; !used[i] {
			all = p.addAttribute(all, fullName(m.Name), m)
		}
	}
	return all
}

// addAttribute adds a described attribute, unless it is null.
func (p *press) addAttribute(all []attribute, name string, m *source.Member) []attribute {
	switch m.Value.Kind {
	case source.Null:
		return all
	case source.Array:
		values := make([]string, 0, len(m.Value.Items))
		for i := range m.Value.Items {
			if value, ok := p.attributeValue(m.Name, fmt.Sprint("/", i), &m.Value.Items[i]); ok {
				values = append(values, value)
			}
		}
		return append(all, attribute{name, values})
	}
	if value, ok := p.attributeValue(m.Name, "", &m.Value); ok {
		all = append(all, attribute{name, []string{value}})
	}
	return all
}

// attributeValue is a described value as text.
func (p *press) attributeValue(name, pointer string, n *source.Node) (string, bool) {
	switch n.Kind {
	case source.String, source.Number, source.Bool:
		return n.Text, true
	}
	p.find(attributesGiven, trace.SeverityError, placeWithin(p.mint.Attributes, "/"+source.Escape(name)+pointer, n.Line, n.Column), fmt.Sprintf(
		"A value of the attribute %s is of the type %s and is left out of the response; write text, or a list of texts.", quote(source.Clip(name)), n.Kind))
	return "", false
}
