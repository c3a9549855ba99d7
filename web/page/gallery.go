package page

import (
	"encoding/json"
	"strings"
)

// group is the examples under one heading, in the order given.
type group struct {
	Name     string
	Examples []Example
}

// gallery gathers the examples under their headings, which stand in the order
// in which they first appear.
func gallery(examples []Example) []group {
	var groups []group
	at := map[string]int{}
	for _, e := range examples {
		i, seen := at[e.Group]
		if !seen {
			i = len(groups)
			at[e.Group] = i
			groups = append(groups, group{Name: e.Group})
		}
		groups[i].Examples = append(groups[i].Examples, e)
	}
	return groups
}

// named is the group's heading.
func (g group) named() string {
	if g.Name == "" {
		return "Without a group"
	}
	return g.Name
}

// holds says whether the example is one of the group's.
func (g group) holds(slug string) bool {
	for _, e := range g.Examples {
		if e.Slug == slug {
			return true
		}
	}
	return false
}

// run is a piece of a summary's text: plain, code, or stressed.
type run struct {
	Text     string
	Code, Em bool
}

// runs reads the inline Markdown that summaries use: `code` and *stress*.
// A mark without its partner is plain text.
func runs(markdown string) []run {
	var out []run
	plain := 0
	for i := 0; i < len(markdown); i++ {
		mark := markdown[i]
		if mark != '`' && mark != '*' {
			continue
		}
		length := strings.IndexByte(markdown[i+1:], mark)
		if length < 1 {
			continue
		}
		if i > plain {
			out = append(out, run{Text: markdown[plain:i]})
		}
		out = append(out, run{Text: markdown[i+1 : i+1+length], Code: mark == '`', Em: mark == '*'})
		i += length + 1
		plain = i + 1
	}
	if plain < len(markdown) {
		out = append(out, run{Text: markdown[plain:]})
	}
	return out
}

// scenarioData is what script#scenario holds: the scenario, or, where the text
// is no JSON, the text as a JSON string.
func scenarioData(scenarioJSON string) any {
	if json.Valid([]byte(scenarioJSON)) {
		return json.RawMessage(scenarioJSON)
	}
	return scenarioJSON
}

// titled is what the header says: the scenario's title, or that it has none.
func titled(title string) string {
	if title == "" {
		return "Untitled scenario"
	}
	return title
}
