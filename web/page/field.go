package page

import (
	"strings"

	"stsplayground/engine/idp"
)

// field is one control of the world. Pointer and Kind are its data-bind and
// data-kind, see the contract in doc.go.
type field struct {
	Name, Label   string
	Pointer, Kind string
	Language      string // of an editor: json, xml or text
	Mode          string // inputmode, "" for plain text
	Empty         string // what an empty control stands for
	Wide          bool   // takes the row
	Shown         bool   // an editor's label stands above it; else only screen readers hear it
}

// shown is the control's text. An account is shown by its number, which is
// the name of its member; a token that is minted by what was minted.
func (f field) shown(w world) string {
	switch {
	case f.Kind == "account":
		pointer := w.names.Replace(f.Pointer)
		return pointer[strings.LastIndexByte(pointer, '/')+1:]
	case f.Kind == "token" && w.token != "" && w.at(f.Pointer+"/mint") != nil:
		return w.token
	}
	return w.value(f.Pointer)
}

// choice is an option of a select. About says what choosing it does; Issuer
// is of a profile, whom it usually comes from.
type choice struct{ Value, Words, About, Issuer string }

func tokenProfiles() []choice {
	var all []choice
	for _, p := range idp.Profiles() {
		all = append(all, choice{p.Name, p.Title, "", p.Issuer})
	}
	return all
}

func responseProfiles() []choice {
	var all []choice
	for _, p := range idp.ResponseProfiles() {
		all = append(all, choice{p.Name, p.Title, "", p.EntityID})
	}
	return all
}

// attacks are those of a menu, each with the lock that catches it. What no
// attack is needs no words.
func attacks(list []idp.Attack, lock func(attack string) idp.Lock) []choice {
	var all []choice
	for _, a := range list {
		about := ""
		if a.Name != "none" {
			l := lock(a.Name)
			about = a.About
			if l.Rule != "" {
				about += " Caught by " + l.Rule + "."
			}
			about += " " + l.Without
		}
		all = append(all, choice{a.Name, a.Title, about, ""})
	}
	return all
}
