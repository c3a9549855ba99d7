package page

import _ "embed"

// Empty is a scenario with nothing in it but the places that the page's
// controls show. The page's program begins with the same file.
//
//go:embed empty.json
var Empty string

// kind is what the page was opened for: new, with nothing in it, or example.
func kind(scenarioJSON string) string {
	if scenarioJSON == Empty {
		return "new"
	}
	return "example"
}
