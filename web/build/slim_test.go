package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// program is testdata/program as Go builds it.
func small(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "./testdata/program")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	module, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// run is what a module prints in Node.js. Go's wasm_exec.js takes little of an
// environment.
func run(t *testing.T, module []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program.wasm")
	if err := os.WriteFile(path, module, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(goroot(), "lib/wasm/go_js_wasm_exec"), path)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

func TestASlimModuleDoesWhatTheProgramDoes(t *testing.T) {
	module := small(t)
	slimmed, err := slim(module)
	if err != nil {
		t.Fatal(err)
	}
	const want = "32767 800040000 deferred 2, deferred 1, deferred 0, recovered runtime error: index out of range [7] with length 0 "
	for name, test := range map[string]struct {
		module  []byte
		callers string
	}{"as built": {module, "main.callers main.caller main.main\n"}, "slim, without names": {slimmed, "\n"}} {
		if got := run(t, test.module); got != want+test.callers {
			t.Errorf("%s: got %q want %q", name, got, want+test.callers)
		}
	}
}

func TestASlimModuleHasNoLinesAndIsAnEighthSmaller(t *testing.T) {
	module := small(t)
	slimmed, err := slim(module)
	if err != nil {
		t.Fatal(err)
	}
	if file := []byte("runtime/mgcmark.go"); !bytes.Contains(module, file) || bytes.Contains(slimmed, file) {
		t.Errorf("the file's name is there: as built %v, slim %v; want true, false", bytes.Contains(module, file), bytes.Contains(slimmed, file))
	}
	for name, want := range map[string]bool{"runtime.mallocgc": true, "main.callers": false} {
		if got := bytes.Contains(slimmed, []byte(name+"\x00")); !bytes.Contains(module, []byte(name+"\x00")) || got != want {
			t.Errorf("the name of %s is there: %v, want %v", name, got, want)
		}
	}
	before, after := compressed(t, module), compressed(t, slimmed)
	if after > before-before/8 {
		t.Errorf("got %d bytes compressed, of %d", after, before)
	}
}

func compressed(t *testing.T, content []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: 9, LGWin: 24})
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

func TestSlimRefusesWhatItDoesNotKnow(t *testing.T) {
	module := small(t)
	for name, broken := range map[string][]byte{
		"nothing":                      nil,
		"no module":                    []byte("\x7fELF\x02\x01\x01\x00\x00"),
		"half a module":                module[:len(module)/2],
		"another version of the table": bytes.Replace(module, []byte("\xf1\xff\xff\xff\x00\x00\x01\x08"), []byte("\xf0\xff\xff\xff\x00\x00\x01\x08"), 1),
	} {
		if _, err := slim(broken); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// A record with a field that Go doesn't have yet would be read at the wrong
// places; then the functions' tables don't add up to the whole.
func TestDropLinesNoticesAnotherLayout(t *testing.T) {
	m := dataOf(t, small(t))
	table, err := m.functionTable()
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{recordStackDepth, recordFile, recordLine} {
		changed := append([]byte(nil), table.functions...)
		for i := range table.count {
			offset := table.word(8*i + 4)
			copy(changed[int(offset)+at:], []byte{0, 0, 0, 0})
		}
		other := functionTable{table.names, table.files, table.values, changed, table.count}
		if _, err := other.forget(); !errors.Is(err, errLayout) {
			t.Errorf("without what is at %d: got %v", at, err)
		}
	}
}

func dataOf(t *testing.T, module []byte) memory {
	t.Helper()
	for r := (reader{rest: module[8:]}); len(r.rest) > 0; {
		id, content := r.byte(), r.take(r.number())
		if id == dataSection {
			m, err := readMemory(content)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
	}
	t.Fatal("no data section")
	return nil
}

// What lines.go takes from Go's sources still stands in them.
func TestTheLayoutIsTheOneInGosSources(t *testing.T) {
	for path, lines := range map[string][]string{
		"internal/abi/symtab.go": {
			"CurrentPCLnTabMagic = Go120PCLnTabMagic", "Go120PCLnTabMagic PCLnTabMagic = 0xfffffff1",
			"PCDATA_InlTreeIndex = 2", "FUNCDATA_InlTree = 3",
		},
		"runtime/runtime2.go": {
			"entryOff uint32", "nameOff int32", "args int32", "deferreturn uint32", "pcsp uint32", "pcfile uint32", "pcln uint32",
			"npcdata uint32", "cuOffset uint32", "startLine int32", "funcID abi.FuncID", "flag abi.FuncFlag", "_ [1]byte", "nfuncdata uint8",
		},
	} {
		text, err := os.ReadFile(filepath.Join(goroot(), "src", path))
		if err != nil {
			t.Fatal(err)
		}
		rest := strings.Join(strings.Fields(string(text)), " ")
		if _, record, found := strings.Cut(rest, "type _func struct"); found {
			rest = record
		}
		for _, line := range lines {
			_, after, found := strings.Cut(rest, line)
			if !found {
				t.Fatalf("%s: no %q where it was", path, line)
			}
			if path == "runtime/runtime2.go" {
				rest = after // the fields, in their order
			}
		}
	}
}
