// Command schema writes the JSON Schema of a scenario, for editors, to
// examples/scenario.schema.json. Run it from the root of the repository:
//
//	go run ./examples/schema
package main

import (
	_ "embed"
	"fmt"
	"os"
	"strings"

	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
)

const file = "examples/scenario.schema.json"

func main() {
	if err := os.WriteFile(file, []byte(generate()), 0o666); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

// generate is the schema as text.
func generate() string {
	d := read(descriptions)
	d.words["Mint.profile"], d.words["Mint.attack"] = profiles(), attacks()
	return scenario.Schema(d.about, func(name string) []string { return d.words[name] }).JSON("  ") + "\n"
}

func profiles() (names []string) {
	for _, p := range idp.Profiles() {
		names = append(names, p.Name)
	}
	for _, p := range idp.ResponseProfiles() {
		names = append(names, p.Name)
	}
	return unique(names)
}

func attacks() (names []string) {
	for _, a := range idp.Attacks() {
		names = append(names, a.Name)
	}
	for _, a := range idp.ResponseAttacks() {
		names = append(names, a.Name)
	}
	return unique(names)
}

// unique is names without their repetitions: an enum has each once.
func unique(names []string) (once []string) {
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			seen[name], once = true, append(once, name)
		}
	}
	return once
}

//go:embed descriptions.txt
var descriptions string

// described is what the schema says of types and fields, by their names: Role,
// Role.RoleName, and *.RoleName for a field wherever it stands.
type described struct {
	texts map[string]string
	words map[string][]string // that are offered for a field
	used  map[string]bool
}

// read reads descriptions.txt, which says how it is written.
func read(text string) *described {
	d := &described{map[string]string{}, map[string][]string{}, map[string]bool{}}
	within, last := "", ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, about, _ := strings.Cut(line, " | ")
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "= "):
			within = strings.TrimPrefix(name, "= ")
			d.texts[within] = about
		case strings.HasPrefix(line, "! "):
			d.words[last] = strings.Fields(line[2:])
		default:
			last = within + "." + name
			d.texts[last] = about
		}
	}
	return d
}

// about is what is said of a type or a field; "" for nothing.
func (d *described) about(name string) string {
	if _, said := d.texts[name]; !said {
		if _, field, ok := strings.Cut(name, "."); ok {
			name = "*." + field
		}
	}
	d.used[name] = true
	return d.texts[name]
}
