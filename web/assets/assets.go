// Package assets holds what the browser loads: the page's script and style,
// the worker, the engine and the tools as WebAssembly, the examples, the lessons and AWS's names. `go run ./web/build`
// makes them in the directory built; a checkout has only a placeholder there.
package assets

import (
	"embed"
	"encoding/json"
	"io/fs"
)

//go:embed all:built
var embedded embed.FS

// FS is the built files, each named with a hash of its content and beside it
// the same name with .br and .gz appended, compressed.
func FS() fs.FS {
	built, err := fs.Sub(embedded, "built")
	if err != nil {
		panic(err) // only for a malformed name
	}
	return built
}

// Manifest is the file names in FS, e.g. app.0a1b2c3d4e.js.
type Manifest struct {
	Script    string `json:"script"`
	Style     string `json:"style"`
	Theme     string `json:"theme"`  // script of the pages to read
	Worker    string `json:"worker"` // becomes a Blob, Go's wasm_exec.js included
	Wasm      string `json:"wasm"`
	Tools     string `json:"tools"`     // the second module, with what isn't needed for a run
	Examples  string `json:"examples"`  // JSON: a list of {slug, title, group, summary, scenario}
	Lessons   string `json:"lessons"`   // JSON: a list of {slug, title, lessons: a list of {slug, title, scenario}}
	Reference string `json:"reference"` // AWS's names, see engine/reference
	Embed     string `json:"embed"`     // the element for other people's pages, served as /v1/embed.js
	Widget    string `json:"widget"`    // the rest of it, which it loads when it is needed
	Frame     string `json:"frame"`     // the program of /v1/embed
	Builder   string `json:"builder"`   // that of /embeds
}

// Load reads the manifest; false where nothing but the placeholder is there.
func Load() (Manifest, bool) {
	text, err := fs.ReadFile(FS(), "manifest.json")
	if err != nil {
		return Manifest{}, false
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, false
	}
	return m, true
}
