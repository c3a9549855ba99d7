package page

import "encoding/json"

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
