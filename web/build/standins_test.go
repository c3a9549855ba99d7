package main

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	standin "stsplayground/web/build/standin/regexp"
)

// atRoot is for what reads the repository from its root, as the build does.
func atRoot(t *testing.T) {
	t.Helper()
	t.Chdir("../..")
}

// expressionists begin the names of functions that match an expression which
// the stand-in for regexp doesn't have.
var expressionists = []string{
	"github.com/a-h/templ.SafeScript",
	"github.com/a-h/templ/safehtml.Sanitize", "github.com/a-h/templ/safehtml.sanitize",
	"go.yaml.in/yaml/v3.isBase60Float",
}

// What the engine can reach of the stand-ins, by the linker's own account of
// what needs what. A stand-in has nothing behind the rest.
func TestTheEngineReachesOfTheStandinsOnlyWhatTheyHave(t *testing.T) {
	atRoot(t)
	work := t.TempDir()
	cmd, err := compile(work, filepath.Join(work, "engine.wasm"), engine, " -dumpdep")
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var reached []string
	for line := range strings.Lines(string(out)) {
		_, to, _ := strings.Cut(strings.TrimSpace(line), " -> ")
		to, _, _ = strings.Cut(to, " <")
		if strings.Contains(to, "..") || strings.HasSuffix(to, ".init") {
			continue // made by the compiler
		}
		for _, name := range standins {
			if strings.HasPrefix(to, name+".") {
				reached = append(reached, to)
			}
		}
		for _, prefix := range expressionists {
			if strings.HasPrefix(to, prefix) {
				reached = append(reached, to)
			}
		}
	}
	slices.Sort(reached)
	want := []string{
		"crypto/ed25519.NewKeyFromSeed", "crypto/ed25519.Verify",
		"internal/godebug.(*Setting).IncNonDefault", "internal/godebug.(*Setting).Value", "internal/godebug.New",
		"regexp.(*Regexp).MatchString", "regexp.(*Regexp).ReplaceAllString", "regexp.MustCompile",
		"regexp.digits", "regexp.withoutSign",
	}
	if got := slices.Compact(reached); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheStandinsExpressionsMatchAsTheLibrarysDo(t *testing.T) {
	for _, test := range []struct {
		expression, letters string
		seeds               []string
	}{
		{`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`, "-+.eE09x\n",
			[]string{"", "1", "-1.5e+10", ".5", "5.", ".", "1e", "1e+", "+.e1", "1.2.3", "1\n", "0x1", "١"}},
	} {
		library, own := regexp.MustCompile(test.expression), standin.MustCompile(test.expression)
		matched := 0
		for _, s := range append(test.seeds, texts(test.letters)...) {
			got, want := own.MatchString(s), library.MatchString(s)
			if got != want {
				t.Fatalf("%q: got %v want %v", s, got, want)
			}
			if want {
				matched++
			}
		}
		if matched < 1000 {
			t.Errorf("only %d texts matched", matched)
		}
	}
}

func TestTheStandinTakesSpaceOutAsTheLibraryDoes(t *testing.T) {
	library, own := regexp.MustCompile(`\s+`), standin.MustCompile(`\s+`)
	for _, s := range append(texts(" \t\n\f\r\v\u00a0\u0085ab\xff"), "", "MIIC\n  IjAN\r\n") {
		if got, want := own.ReplaceAllString(s, ""), library.ReplaceAllString(s, ""); got != want {
			t.Fatalf("%q: got %q want %q", s, got, want)
		}
	}
}

// texts is many short texts of these letters, the same at each run.
func texts(letters string) []string {
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]string, 100_000)
	for i := range all {
		text := make([]byte, random.IntN(9))
		for j := range text {
			text[j] = letters[random.IntN(len(letters))]
		}
		all[i] = string(text)
	}
	return all
}

func TestTheStandinPanicsOnAnyOtherExpression(t *testing.T) {
	for name, use := range map[string]func(){
		"a match":                 func() { standin.MustCompile("a+").MatchString("a") },
		"a replacement":           func() { standin.MustCompile("a+").ReplaceAllString("a", "") },
		"white space by a letter": func() { standin.MustCompile(`\s+`).ReplaceAllString("a b", "_") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			use()
		}()
	}
}

// internal/godebug's stand-in has every setting at its default.
func TestTheEngineSetsNoGODEBUG(t *testing.T) {
	atRoot(t)
	cmd := exec.Command("go", "list", "-f", "{{.DefaultGODEBUG}}", "./wasm")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "" {
		t.Errorf("got %q, %v, want no setting", out, err)
	}
}

// Go's own tests of P-256, among them the one that computes each entry of its
// tables in another way, with the stand-in's tables.
func TestP256sTablesAreTheLibrarys(t *testing.T) {
	atRoot(t)
	work := t.TempDir()
	path, err := overlay(work, engine)
	if err != nil {
		t.Fatal(err)
	}
	const nistec = "crypto/internal/fips140/nistec"
	first := filepath.Join(work, "first_test.go")
	if err := os.WriteFile(first, []byte("package nistec\n\nfunc init() { p256Compute.Do(p256ComputeTables) }\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for from := range all.Replace {
		if !strings.HasPrefix(from, library(nistec)+string(filepath.Separator)) {
			delete(all.Replace, from)
		}
	}
	all.Replace[filepath.Join(library(nistec), "first_test.go")] = first
	if text, err = json.Marshal(all); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-vet=off", "-v", "-tags=purego", "-overlay="+path, "-run=P256", nistec)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestP256PrecomputedTable/table[42]") {
		t.Errorf("%v: %s", err, out)
	}
}
