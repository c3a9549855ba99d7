package page

import (
	_ "embed"
	"fmt"
	"strings"
)

// Myth is something that popular articles say of AWS and that isn't so. Says,
// Does, Source and Play are Markdown whose links are those of prose.
type Myth struct {
	Slug   string // its anchor
	Title  string // what is the case, in few words
	Says   string // the claim as articles put it
	Does   string // what AWS does
	Source string // where that stands
	Play   string // the examples and lessons that show it
}

// MythArea is what articles get wrong about one subject.
type MythArea struct {
	Name  string
	Myths []Myth
}

// "# NAME" begins an area and "## SLUG | TITLE" a myth, which has the fields
// says, does, source and play, each on lines of its own.
//
//go:embed myths.txt
var mythsText string

// ReadMyths is everything that articles get wrong, in the order of the page.
func ReadMyths() []MythArea {
	areas, err := readMyths(mythsText)
	if err != nil {
		panic(err) // the program's own text
	}
	return areas
}

func readMyths(text string) (areas []MythArea, err error) {
	var field *string
	for n, line := range strings.Split(text, "\n") {
		if name, ok := strings.CutPrefix(line, "# "); ok {
			areas, field = append(areas, MythArea{Name: name}), nil
			continue
		}
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			slug, title, both := strings.Cut(heading, " | ")
			if !both || len(areas) == 0 {
				return nil, fmt.Errorf("myths.txt:%d: a myth begins with ## slug | title, below the # name of an area", n+1)
			}
			area := &areas[len(areas)-1]
			area.Myths, field = append(area.Myths, Myth{Slug: slug, Title: title}), nil
			continue
		}
		if name, rest, ok := strings.Cut(line, ": "); ok {
			if next := fieldOf(areas, name); next != nil {
				field, line = next, rest
			}
		}
		switch {
		case field != nil:
			*field = strings.TrimLeft(*field+"\n"+line, "\n")
		case strings.TrimSpace(line) != "":
			return nil, fmt.Errorf("myths.txt:%d: this belongs to no field; there are says, does, source and play", n+1)
		}
	}
	for _, area := range areas {
		for i := range area.Myths {
			for _, field := range []*string{&area.Myths[i].Says, &area.Myths[i].Does, &area.Myths[i].Source, &area.Myths[i].Play} {
				*field = strings.TrimRight(*field, "\n")
			}
		}
	}
	return areas, nil
}

// fieldOf is a field of the last myth; nil where there is none of the name.
func fieldOf(areas []MythArea, name string) *string {
	if len(areas) == 0 || len(areas[len(areas)-1].Myths) == 0 {
		return nil
	}
	myths := areas[len(areas)-1].Myths
	last := &myths[len(myths)-1]
	switch name {
	case "says":
		return &last.Says
	case "does":
		return &last.Does
	case "source":
		return &last.Source
	case "play":
		return &last.Play
	}
	return nil
}
