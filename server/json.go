package main

import (
	"encoding/json"
	"io"

	"stsplayground/engine"
)

// printed is a report, and who gets in where that was asked for.
type printed struct {
	engine.Report
	WhoGetsIn []engine.Entrants `json:"whoGetsIn,omitempty"`
}

// printJSON writes the reports of the files that could be read, as one array.
func printJSON(w io.Writer, all []played) error {
	reports := []printed{}
	for _, one := range all {
		if len(one.unreadable) == 0 {
			reports = append(reports, printed{one.report, one.entrants})
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(reports)
}
