package idp

import (
	_ "embed"
	"strings"
)

// profiles.txt has the tokens of most systems: their claims in the order of
// the token, as the vendors document them. It is text, because that is a tenth
// of the size of the same in Go.
//
// The first lines say what claims mean that many systems have. A profile
// begins with = and its name, its title, the issuer that its tokens usually
// have, and the profile that it is like but for the lines below, fields parted
// by a bar. A line below is
//
//   - a claim: its name, what it says ("" for what the first lines say), and
//     the forms of its value, of which the first that can be filled in is the
//     default; without a form the claim is left out unless a mint describes it;
//   - or, with a dot in front, a part that forms are made of: its name and the
//     forms of its own value.
//
// A form is text in which {part} stands for a part and {form:part} for a
// made-up value that follows from it: id, code, hex, uuid. issuer and seed are
// parts too. Behind @ stands a number of seconds from iat, behind = a value in
// JSON. ?part=value or ?part in front of a form asks for that part.
//
// Forms are read backwards too: what a mint describes tells the parts, and so
// the other claims.
//
//go:embed profiles.txt
var profilesText string

// written is a claim or a part of profiles.txt.
type written struct {
	name, about string
	forms       []form
}

// form is one way to write a value.
type form struct {
	asks, value string // the part that has to be there, and with which value, "" for any
	text        string
}

// writtenProfile are the lines of one profile.
type writtenProfile struct {
	Profile
	parts  []written
	claims []written
}

// common is what a claim says that many kinds of token have.
func common(claim string) string {
	head, _, _ := strings.Cut(profilesText, "\n\n")
	for _, line := range strings.Split(head, "\n") {
		if name, about, _ := strings.Cut(line, " | "); name == claim {
			return about
		}
	}
	return ""
}

// writtenProfiles are the profiles of profiles.txt.
func writtenProfiles() []profile {
	sections := strings.Split(profilesText, "\n= ")[1:]
	known := make(map[string]*writtenProfile, len(sections))
	all := make([]profile, len(sections))
	for i, section := range sections {
		head, lines, _ := strings.Cut(section, "\n")
		f := fieldsOf(head)
		w := &writtenProfile{Profile: Profile{Name: f.at(0), Title: f.at(1), Issuer: f.at(2)}}
		if like := known[f.at(3)]; like != nil {
			w.parts, w.claims = append(w.parts, like.parts...), append(w.claims, like.claims...)
		}
		for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
			w.read(line)
		}
		for _, c := range w.claims {
			w.Claims = append(w.Claims, ProfileClaim{c.name, c.about})
		}
		known[w.Name] = w
		all[i] = profile{w.Profile, w.values}
	}
	return all
}

// read adds a line, or puts it in the place of the one of the same name.
func (w *writtenProfile) read(line string) {
	f := fieldsOf(line)
	name, part := strings.CutPrefix(f[0], ".")
	entry, list, forms := written{name: name}, &w.claims, f[1:]
	if part {
		list = &w.parts
	} else {
		entry.about = f.at(1)
		if entry.about == "" {
			entry.about = common(name)
		}
		forms = f[min(2, len(f)):]
	}
	for _, text := range forms {
		entry.forms = append(entry.forms, readForm(text))
	}
	for i := range *list {
		if (*list)[i].name == name {
			(*list)[i] = entry
			return
		}
	}
	*list = append(*list, entry)
}

func readForm(text string) form {
	condition, asked := strings.CutPrefix(text, "?")
	if !asked {
		return form{text: text}
	}
	condition, text, _ = strings.Cut(condition, " ")
	part, value, _ := strings.Cut(condition, "=")
	return form{part, value, text}
}
