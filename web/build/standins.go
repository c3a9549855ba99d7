package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// standins are packages of Go's library that the engine's WebAssembly has only
// in outline, from web/build/standin/PACKAGE. Libraries name a handful of their
// declarations and the engine calls next to none of them: templ names net/http
// for handlers and html/template for mixing with its components, goxmldsig
// names crypto/tls for a key store, both and go.yaml.in/yaml compile regular
// expressions. The linker can't leave them out by itself, because their
// initialisation and their types stay reachable.
// golang-jwt and crypto/x509 name crypto/ed25519, whose keys STS doesn't take
// (IAM User Guide: RS256 to RS512 and ES256 to ES512).
//
// Measured with Go 1.26, as brotli sends it: net/http is 64 KiB of the engine,
// html/template 27 KiB; with goxmldsig crypto/tls is another 30 KiB; regexp is
// 64 KiB, internal/godebug 18 KiB with the metrics in which it counts; crypto/ed25519
// is 12 KiB with its curve.
//
// Where a library begins to use more of such a package, the build ends with
// the compiler's "undefined". go build, vet and test don't know stand-ins.
var standins = []string{"crypto/ed25519", "net/http", "html/template", "crypto/tls", "regexp", "internal/godebug"}

// partialStandins are single files of Go's library that the engine's
// WebAssembly has in another form, from web/build/standin/PACKAGE too.
//
// P-256's tables are 90 KiB of the engine; without them its first use takes
// some milliseconds longer.
var partialStandins = []string{"crypto/internal/fips140/nistec/p256_table.go"}

// edits make room in files of Go's library for what a partial stand-in has in
// their place.
var edits = []edit{{
	path: "crypto/internal/fips140/nistec/p256.go",
	old:  "func (p *P256Point) ScalarBaseMult(",
	new:  "func (p *P256Point) scalarBaseMultByTables(",
}}

type edit struct{ path, old, new string }

// overlay writes the file for go build -overlay that puts the stand-ins in
// their places, but for those of packages that the program has whole.
func overlay(work string, p program) (string, error) {
	replace := make(map[string]string)
	for _, name := range standins {
		if slices.Contains(p.whole, name) {
			continue
		}
		dir := library(name)
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
		if replace[filepath.Join(dir, "standin.go")], err = ours(name + "/standin.go"); err != nil {
			return "", err
		}
	}
	for _, name := range partialStandins {
		if _, err := os.Stat(library(name)); err != nil {
			return "", err
		}
		own, err := ours(name)
		if err != nil {
			return "", err
		}
		replace[library(name)] = own
	}
	for i, e := range edits {
		edited := filepath.Join(work, fmt.Sprintf("edited%d.go", i))
		if err := e.apply(edited); err != nil {
			return "", err
		}
		replace[library(e.path)] = edited
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(work, "overlay.json")
	return path, os.WriteFile(path, text, 0o666)
}

// library is where a package or a file of Go's library is.
func library(name string) string {
	return filepath.Join(goroot(), "src", filepath.FromSlash(name))
}

// ours is where a stand-in's file is.
func ours(name string) (string, error) {
	return filepath.Abs(filepath.Join("web/build/standin", filepath.FromSlash(name)))
}

// apply writes the file with the edit, and refuses where there isn't exactly
// one place for it.
func (e edit) apply(to string) error {
	text, err := os.ReadFile(library(e.path))
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), e.old); n != 1 {
		return fmt.Errorf("%s has %q %d times, want once", e.path, e.old, n)
	}
	return os.WriteFile(to, []byte(strings.Replace(string(text), e.old, e.new, 1)), 0o666)
}
