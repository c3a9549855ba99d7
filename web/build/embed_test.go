package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestThePagesStyleIsMadeForAShadowTree(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"the document is the tree's root", ":root {\n  --a: 1px;\n}\nhtml { color: red }", ".sts {\n  --a: 1px;\n}\n.sts { color: red }"},
		{"the theme is the root's", "@media screen {\n  :root[data-theme=\"dark\"] {", "@media screen {\n  .sts[data-theme=\"dark\"] {"},
		{"the system's theme isn't asked", "@media screen and (prefers-color-scheme: dark) {\n  :root:not([data-theme=\"light\"]) {\n  }\n}\n.a {}", ".a {}"},
		{"the window's width is the tree's", "@media (max-width: 44.9999rem) {", "@container sts (max-width: 719.9984px) {"},
		{"a part's width is its own, in pixels", "@container (min-width: 36rem) {", "@container (min-width: 576px) {"},
		{"a rem is the embed's own", "padding: 0 .5rem; margin: calc(-1 * 2rem) -0.5rem", "padding: 0 calc(.5 * var(--sts-size, 16px)); margin: calc(-1 * calc(2 * var(--sts-size, 16px))) calc(-0.5 * var(--sts-size, 16px))"},
		{"a name that only sounds so stays", ".section-body, .stage-body { }", ".section-body, .stage-body { }"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := inShadow(tt.page); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// What would reach out of the tree, or be another size in other people's pages.
func TestTheEmbedsStyleKeepsToItsTree(t *testing.T) {
	strange := regexp.MustCompile(`:root|(^|[\s,}>(])(html|body)\b|\drem\b|-calc\(|@container[^{]*calc|@media[^{]*calc|@import|url\((?:"|')?(?:[^d"']|d[^a])`)
	for _, name := range embedSheets {
		text, err := os.ReadFile("../styles/" + name + ".css")
		if err != nil {
			t.Fatal(err)
		}
		css := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(text), "")
		for i, line := range strings.Split(inShadow(css), "\n") {
			if strange.MatchString(line) {
				t.Errorf("%s.css, about line %d: %s", name, i+1, strings.TrimSpace(line))
			}
		}
	}
}
