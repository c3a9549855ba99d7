// Command build makes what the browser loads, in web/assets/built: the
// engine as WebAssembly and the second module with what isn't needed for a
// run, the page's script and style sheet, the worker,
// the examples, the lessons and AWS's names, each named with a hash of its content and compressed both
// ways, and a manifest of the names. The server embeds that directory.
//
// Run it from the root of the repository:
//
//	go run ./web/build         build everything
//	go run ./web/build -quick  the same with lighter compression, for development
//	go run ./web/build -size   print the sizes of what is built; exit 1 above the budget
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"stsplayground/examples"
	"stsplayground/web/assets"
)

const (
	built       = "web/assets/built"
	placeholder = "placeholder.txt" // committed, so that the directory can be embedded when empty
)

func main() {
	quick := flag.Bool("quick", false, "compress less, for development")
	size := flag.Bool("size", false, "print the sizes of what is built and compare them with the budgets")
	flag.Parse()
	run := func() error { return build(*quick) }
	if *size {
		run = printSizes
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "web/build:", err)
		os.Exit(1)
	}
}

// file is one asset: its name without the hash, and its content.
type file struct {
	stem, ext string
	content   []byte
}

func (f file) name() string {
	sum := sha256.Sum256(f.content)
	return f.stem + "." + hex.EncodeToString(sum[:])[:10] + f.ext
}

func build(quick bool) error {
	if _, err := os.Stat("web/node_modules/.bin/esbuild"); err != nil {
		return errors.New("esbuild is missing; run: npm ci --prefix web")
	}
	work, err := os.MkdirTemp("", "stsplayground-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)

	var m assets.Manifest
	files := writing{quick: quick}
	for _, step := range []struct {
		into *string
		make func(work string) (file, error)
	}{
		{&m.Wasm, func(work string) (file, error) { return module(work, engine) }},
		{&m.Tools, func(work string) (file, error) { return module(work, tools) }},
		{&m.Script, script},
		{&m.Worker, worker},
		{&m.Style, style},
		{&m.Theme, theme},
		{&m.Examples, bundle},
		{&m.Lessons, courses},
		{&m.Reference, names},
		{&m.Widget, func(work string) (file, error) { return widget(work, m) }},
		{&m.Embed, func(work string) (file, error) { return element(work, m) }},
		{&m.Frame, frame},
		{&m.Builder, builder},
	} {
		f, err := step.make(work)
		if err != nil {
			return err
		}
		*step.into = f.name()
		files.add(f)
	}
	if err := files.finish(); err != nil {
		return err
	}
	return writeManifest(m)
}

// inlined are the packages whose functions the compiler may inline, and into
// which it may. Inlining everywhere makes the engine a seventh larger to
// download and a run a sixth quicker than inlining nothing but Go's runtime
// and RSA's arithmetic; inlining here makes it a hundredth larger, and has
// much of that speed. What is left out is long and seldom run: the engine's
// own words, time, regexp, the certificates.
var inlined = []string{
	"runtime", "internal/runtime/...", "internal/abi", "internal/bytealg",
	"bytes", "io", "slices", "strconv", "strings", "unicode/utf8",
	"crypto/internal/fips140/bigmod", "crypto/internal/fips140/sha256",
	"github.com/a-h/templ/...", "github.com/go-json-experiment/...",
}

// program is what becomes a module: its name, its package, and the stand-ins
// in whose place it has the package itself.
type program struct {
	name, path string
	whole      []string
}

var (
	engine = program{name: "engine", path: "./wasm"}
	tools  = program{name: "tools", path: "./wasm/tools", whole: []string{"regexp"}} // which goldmark goes by
)

// module is a program as WebAssembly. Without the version control stamp the
// same sources give the same bytes, whatever the commit.
func module(work string, p program) (file, error) {
	path := filepath.Join(work, p.name+".wasm")
	cmd, err := compile(work, path, p, "")
	if err != nil {
		return file{}, err
	}
	if err := command(cmd); err != nil {
		return file{}, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return file{}, err
	}
	content, err = slim(content)
	return file{p.name, ".wasm", content}, err
}

// compile is the command that builds a program, with more flags for the
// linker where a test wants any.
func compile(work, path string, p program, more string) (*exec.Cmd, error) {
	replace, err := overlay(work, p)
	if err != nil {
		return nil, err
	}
	args := []string{"build", "-trimpath", "-buildvcs=false", "-overlay=" + replace, "-ldflags=-s -w" + more, "-gcflags=all=-l"}
	for _, pattern := range inlined {
		args = append(args, "-gcflags="+pattern+"=")
	}
	cmd := exec.Command("go", append(args, "-o", path, p.path)...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	return cmd, nil
}

func script(work string) (file, error) {
	content, err := esbuild(work, "web/src/app.ts", "esm")
	return file{"app", ".js", content}, err
}

// theme is the script of the pages to read. It isn't a module, so that it has
// run before the page is painted.
func theme(work string) (file, error) {
	content, err := esbuild(work, "web/src/reading.ts", "iife")
	return file{"theme", ".js", content}, err
}

// worker is Go's glue for WebAssembly, as it ships with the compiler in use,
// followed by the worker's own code. A Blob can't import a second file.
func worker(work string) (file, error) {
	glue, err := os.ReadFile(filepath.Join(goroot(), "lib/wasm/wasm_exec.js"))
	if err != nil {
		return file{}, err
	}
	path := filepath.Join(work, "wasm_exec.js")
	if err := os.WriteFile(path, glue, 0o666); err != nil {
		return file{}, err
	}
	smaller, err := esbuild(work, path, "")
	if err != nil {
		return file{}, err
	}
	own, err := esbuild(work, "web/src/worker.ts", "iife")
	return file{"worker", ".js", slices.Concat(smaller, own)}, err
}

func goroot() string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return runtime.GOROOT()
	}
	return strings.TrimSpace(string(out))
}

// style is the style sheets of web/styles in the order of their names.
func style(work string) (file, error) {
	paths, err := filepath.Glob("web/styles/*.css")
	if err != nil {
		return file{}, err
	}
	var all []byte
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return file{}, err
		}
		all = append(append(all, text...), '\n')
	}
	path := filepath.Join(work, "app.css")
	if err := os.WriteFile(path, all, 0o666); err != nil {
		return file{}, err
	}
	content, err := esbuild(work, path, "")
	return file{"app", ".css", content}, err
}

// esbuild bundles and minifies one entry point; format is empty where there
// is nothing to bundle. More are further flags of a bundle.
func esbuild(work, entry, format string, more ...string) ([]byte, error) {
	out := filepath.Join(work, "out-"+filepath.Base(entry))
	args := []string{entry, "--minify", "--target=es2022", "--charset=utf8", "--legal-comments=none", "--log-level=warning", "--outfile=" + out}
	if format != "" {
		args = append(append(args, "--bundle", "--format="+format), more...)
	}
	if err := command(exec.Command("web/node_modules/.bin/esbuild", args...)); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

// bundle is the gallery: every example as JSON, in the gallery's order.
func bundle(string) (file, error) {
	type entry struct {
		Slug     string          `json:"slug"`
		Title    string          `json:"title"`
		Group    string          `json:"group"`
		Summary  string          `json:"summary"`
		Scenario json.RawMessage `json:"scenario"`
	}
	var entries []entry
	for _, e := range examples.All() {
		entries = append(entries, entry{e.Slug, e.Title, e.Group, e.Summary, json.RawMessage(e.JSON)})
	}
	content, err := json.Marshal(entries)
	return file{"examples", ".json", content}, err
}

// courses is every course with its lessons, in order.
func courses(string) (file, error) {
	content, err := examples.Bundle(examples.Lessons())
	return file{"lessons", ".json", content}, err
}

// names is AWS's reference, which the engine is given once it has answered.
func names(string) (file, error) {
	content, err := os.ReadFile("engine/reference/reference.txt")
	return file{"reference", ".tsv", content}, err
}

func command(cmd *exec.Cmd) error {
	out, err := cmd.CombinedOutput()
	os.Stderr.Write(out)
	if err != nil {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return nil
}

func writeManifest(m assets.Manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(built, "manifest.json"), append(text, '\n'), 0o666)
}

func readManifest() (m assets.Manifest, err error) {
	text, err := os.ReadFile(filepath.Join(built, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return m, errors.New("nothing is built; run: make generate")
	}
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(text, &m)
}
