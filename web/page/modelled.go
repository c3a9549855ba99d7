package page

import (
	_ "embed"
	"strings"
)

// Modelled is behaviour that AWS doesn't document, and what the playground
// does instead.
type Modelled struct {
	Rule    string // code of the step that is marked
	Unknown string // what isn't documented, in a sentence
	Played  string // what the playground does, in a sentence
}

// ModelledArea is what is modelled in one part of AWS.
type ModelledArea struct {
	Name    string
	Entries []Modelled
}

// "## AREA" begins an area, "RULE | UNKNOWN | PLAYED" is an entry.
//
//go:embed modelled.txt
var modelledText string

// ReadModelled is everything that is modelled, in the order of the page.
func ReadModelled() (areas []ModelledArea) {
	for line := range strings.Lines(modelledText) {
		line = strings.TrimSpace(line)
		if name, heading := strings.CutPrefix(line, "## "); heading {
			areas = append(areas, ModelledArea{Name: name})
			continue
		}
		if said := strings.Split(line, " | "); len(said) == 3 && len(areas) > 0 {
			area := &areas[len(areas)-1]
			area.Entries = append(area.Entries, Modelled{said[0], said[1], said[2]})
		}
	}
	return areas
}

// Anchor is a name as an id of the page.
func Anchor(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name)
}
