package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"stsplayground/web/assets"
)

// embedBudget is how much of an embed loads with the page around it, as gzip
// sends it.
const embedBudget = 5000

// widgetBudget is the rest of an embed, which loads when it is needed.
const widgetBudget = 45 << 10

// widget is an embed's program, with its style sheet in it: it runs in other
// people's pages, which it asks for one file less. Its assets stand beside it.
func widget(work string, m assets.Manifest) (file, error) {
	style, err := embedStyle(work)
	if err != nil {
		return file{}, err
	}
	beside, err := json.Marshal(map[string]string{"worker": m.Worker, "wasm": m.Wasm, "reference": m.Reference})
	if err != nil {
		return file{}, err
	}
	content, err := esbuild(work, "web/src/embed/widget.ts", "esm", "--define:ASSETS="+string(beside), "--alias:embed-style="+style, "--loader:.css=text")
	return file{"widget", ".js", content}, err
}

// element is what pages load as /v1/embed.js.
func element(work string, m assets.Manifest) (file, error) {
	content, err := esbuild(work, "web/src/embed/element.ts", "esm", "--define:WIDGET="+strconv.Quote("../assets/"+m.Widget))
	return file{"embed", ".js", content}, err
}

// frame is the program of the document that an iframe holds.
func frame(work string) (file, error) {
	content, err := esbuild(work, "web/src/embed/frame.ts", "esm", "--define:EMBED="+strconv.Quote("../v1/embed.js"))
	return file{"frame", ".js", content}, err
}

// builder is the program of the page that makes snippets for embeds.
func builder(work string) (file, error) {
	content, err := esbuild(work, "web/src/embed/builder.ts", "esm")
	return file{"builder", ".js", content}, err
}

// embedSheets are the style sheets that draw a report, in their order.
var embedSheets = []string{"1-tokens", "2-base", "4-report", "5-gates", "6-drawings", "7-signature", "embed/embed"}

// embedStyle writes the style sheet of an embed and returns its path.
func embedStyle(work string) (string, error) {
	var all strings.Builder
	for _, name := range embedSheets {
		text, err := os.ReadFile("web/styles/" + name + ".css")
		if err != nil {
			return "", err
		}
		all.WriteString(inShadow(string(text)) + "\n")
	}
	path := filepath.Join(work, "embed-style.css")
	if err := os.WriteFile(path, []byte(all.String()), 0o666); err != nil {
		return "", err
	}
	content, err := esbuild(work, path, "")
	if err != nil {
		return "", err
	}
	return path, os.WriteFile(path, content, 0o666)
}

var (
	ofScheme   = regexp.MustCompile(`(?s)@media screen and \(prefers-color-scheme: dark\) \{\n.*?\n\}\n`)
	ofDocument = regexp.MustCompile(`(^|[\s,}(])(:root|html|body)\b`)
	ofWidth    = regexp.MustCompile(`@(media|container)( sts)? \((min|max)-width: ([\d.]+)rem\)`)
	inRem      = regexp.MustCompile(`(^|[\s(,:])(-?\d*\.?\d+)rem\b`)
)

// inShadow is a style sheet of the page for a shadow tree in a page whose own
// sizes are unknown: the tree's root, .sts, stands for the document and its
// width for the window's; the theme is the root's attribute; and a rem is
// --sts-size, because some sites have another at their root.
func inShadow(css string) string {
	css = ofScheme.ReplaceAllString(css, "")
	css = ofDocument.ReplaceAllString(css, "$1.sts")
	css = ofWidth.ReplaceAllStringFunc(css, func(query string) string {
		m := ofWidth.FindStringSubmatch(query)
		rem, _ := strconv.ParseFloat(m[4], 64) // the pattern lets only numbers through
		whose := m[2]
		if m[1] == "media" {
			whose = " sts"
		}
		return "@container" + whose + " (" + m[3] + "-width: " + strconv.FormatFloat(rem*16, 'f', -1, 64) + "px)"
	})
	return inRem.ReplaceAllString(css, "${1}calc($2 * var(--sts-size, 16px))")
}
