package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// standins are packages of Go's library that the engine's WebAssembly has only
// in outline, from web/build/standin/PACKAGE. Libraries name a handful of their
// declarations and the engine calls none of them: templ names net/http for
// handlers and html/template for mixing with its components, goxmldsig names
// crypto/tls for a key store. The linker can't leave them out by itself,
// because their initialisation and their types stay reachable.
//
// Measured with Go 1.26 and everything inlined, as brotli sends it: net/http
// is 64 KiB of the engine, html/template 27 KiB; with goxmldsig crypto/tls is
// another 30 KiB.
//
// Where a library begins to use more of such a package, the build ends with
// the compiler's "undefined". go build, vet and test don't know stand-ins.
var standins = []string{"net/http", "html/template", "crypto/tls"}

// overlay writes the file for go build -overlay that puts the stand-ins in
// their packages' places.
func overlay(work string) (string, error) {
	replace := make(map[string]string)
	for _, name := range standins {
		dir := filepath.Join(goroot(), "src", filepath.FromSlash(name))
		sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return "", err
		}
		if len(sources) == 0 {
			return "", fmt.Errorf("%s has no Go files to stand in for", dir)
		}
		for _, path := range sources {
			if !strings.HasSuffix(path, "_test.go") {
				replace[path] = "" // not there
			}
		}
		own, err := filepath.Abs(filepath.Join("web/build/standin", filepath.FromSlash(name), "standin.go"))
		if err != nil {
			return "", err
		}
		replace[filepath.Join(dir, "standin.go")] = own
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(work, "overlay.json")
	return path, os.WriteFile(path, text, 0o666)
}
