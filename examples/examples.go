// Package examples holds scenarios, one lesson or one system each, named for
// what they show. The site offers them, the tests run them, the documentation
// embeds them.
//
// An example is a scenario as YAML. Its first line is a comment that names
// the heading it stands under in the gallery: "# Group: GitHub Actions".
package examples

import (
	"embed"
	"fmt"
	"strings"

	"stsplayground/engine/source"
)

//go:embed *.yaml
var files embed.FS

// Example is one scenario of the gallery.
type Example struct {
	Slug    string // the file's name without .yaml
	Title   string // of the scenario
	Group   string // heading in the gallery
	Summary string // of the scenario; Markdown
	JSON    string // the scenario as JSON
	Source  string // the file as it is written
}

// All is every example in the order of the file names. An unreadable file is
// a mistake in the program itself, and panics.
func All() []Example {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	var all []Example
	for _, entry := range entries {
		text, err := files.ReadFile(entry.Name())
		if err != nil {
			panic(err)
		}
		all = append(all, read(entry.Name(), string(text)))
	}
	return all
}

func read(name, text string) Example {
	node, err := source.ParseYAML(text)
	if err != nil {
		panic(fmt.Sprintf("examples: %s:%d:%d: %v", name, err.Line, err.Column, err))
	}
	first, _, _ := strings.Cut(text, "\n")
	e := Example{
		Slug:   strings.TrimSuffix(name, ".yaml"),
		Group:  strings.TrimSpace(strings.TrimPrefix(first, "# Group:")),
		JSON:   string(source.AppendJSON(nil, &node)),
		Source: text,
	}
	if title := node.Get("title"); title != nil {
		e.Title = title.Text
	}
	if summary := node.Get("summary"); summary != nil {
		e.Summary = summary.Text
	}
	return e
}
