package page

import (
	"slices"
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
// is of a profile, whom it usually comes from. Group is the heading that it
// stands under in a long list, "" for none.
type choice struct{ Value, Words, About, Issuer, Group string }

// choiceGroup are the choices under one heading.
type choiceGroup struct {
	Name    string
	Choices []choice
}

// long is from how many choices on a list has headings.
const long = 9

// grouped gathers choices under their headings, which stand in the order in
// which they first appear.
func grouped(choices []choice) []choiceGroup {
	if len(choices) < long {
		return []choiceGroup{{"", choices}}
	}
	var groups []choiceGroup
	for _, c := range choices {
		at := slices.IndexFunc(groups, func(g choiceGroup) bool { return g.Name == c.Group })
		if at < 0 {
			at = len(groups)
			groups = append(groups, choiceGroup{Name: c.Group})
		}
		groups[at].Choices = append(groups[at].Choices, c)
	}
	return groups
}

// systems are the headings of profiles, by how their names begin.
var systems = []struct {
	Name  string
	Begin []string
}{
	{"Pipelines and deployments", []string{"github", "gitlab", "circleci", "buildkite", "hcp", "bitbucket"}},
	{"People who sign in", []string{"okta", "entra", "google", "auth0", "keycloak", "onelogin", "adfs"}},
	{"AWS and Kubernetes", []string{"cognito", "eks", "kubernetes", "aws"}},
}

func systemOf(profile string) string {
	for _, g := range systems {
		if slices.ContainsFunc(g.Begin, func(begin string) bool { return strings.HasPrefix(profile, begin) }) {
			return g.Name
		}
	}
	return "Any provider"
}

func tokenProfiles() []choice {
	var all []choice
	for _, p := range idp.Profiles() {
		all = append(all, choice{p.Name, p.Title, "", p.Issuer, systemOf(p.Name)})
	}
	return all
}

func responseProfiles() []choice {
	var all []choice
	for _, p := range idp.ResponseProfiles() {
		all = append(all, choice{p.Name, p.Title, "", p.EntityID, systemOf(p.Name)})
	}
	return all
}

// attacks are those of a menu, each with the lock that catches it. What no
// attack is needs no words.
func attacks(list []idp.Attack, lock func(attack string) idp.Lock) []choice {
	var all []choice
	for _, a := range list {
		about, group := "", ""
		if a.Name != "none" {
			l := lock(a.Name)
			about = a.About
			if l.Rule != "" {
				about += " Caught by " + l.Rule + "."
				group = "Caught by " + l.Rule
			}
			about += " " + l.Without
		}
		all = append(all, choice{a.Name, a.Title, about, "", group})
	}
	return all
}
