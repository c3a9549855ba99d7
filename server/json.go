package main

import (
	"encoding/json"
	"io"

	"stsplayground/engine"
)

// printJSON writes the reports of the files that could be read, as one array.
func printJSON(w io.Writer, all []played) error {
	reports := []engine.Report{}
	for _, one := range all {
		if len(one.unreadable) == 0 {
			reports = append(reports, one.report)
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(reports)
}
