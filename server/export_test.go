package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// exportTo writes the test site, whose assets have few bytes, into a new directory.
func exportTo(t *testing.T) string {
	t.Helper()
	s, dir := testSite(t), filepath.Join(t.TempDir(), "a", "b")
	if _, _, err := s.export(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// An export may stand under any path, so nothing in it begins at the host's root.
func TestAddressesInAnExportAreRelativeAndLeadToFiles(t *testing.T) {
	dir := exportTo(t)
	pages, err := filepath.Glob(filepath.Join(dir, "*/index.html"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("got %v, %v, want the pages", pages, err)
	}
	deeper, err := filepath.Glob(filepath.Join(dir, "*/*/index.html"))
	if err != nil || len(deeper) == 0 {
		t.Fatalf("got %v, %v, want lessons", deeper, err)
	}
	for _, name := range slices.Concat(pages, deeper, []string{filepath.Join(dir, "index.html")}) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				address, _, _ := strings.Cut(a.Val, "#")
				address, _, _ = strings.Cut(address, "?")
				if a.Key != "href" && a.Key != "src" && a.Key != "data-wasm" && a.Key != "data-worker" || address == "" || strings.Contains(address, ":") {
					continue
				}
				if strings.HasPrefix(address, "/") {
					t.Errorf("%s: %s=%q begins at the host's root", name, a.Key, a.Val)
				}
				if _, err := os.Stat(filepath.Join(filepath.Dir(name), filepath.FromSlash(address))); err != nil && !strings.HasPrefix(a.Key, "data-") {
					t.Errorf("%s: %s=%q leads nowhere", name, a.Key, a.Val)
				}
			}
		}
	}
}

func TestExportedPagesBringTheirPolicyAlong(t *testing.T) {
	dir := exportTo(t)
	for name, want := range map[string][]string{
		"index.html":          {"default-src 'none'", "connect-src 'self'", "require-trusted-types-for 'script'"},
		"modelled/index.html": {"default-src 'none'", "style-src 'self'"},
		"offline.html":        {"default-src 'none'", "script-src 'sha256-", "style-src 'sha256-"},
	} {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), `http-equiv="Content-Security-Policy" content="`)
		policy, _, ok := strings.Cut(rest, `"`)
		policy = html.UnescapeString(policy)
		for _, directive := range want {
			if !ok || !strings.Contains(policy, directive) {
				t.Errorf("%s: got policy %q, want %s in it", name, policy, directive)
			}
		}
		if name == "offline.html" && strings.Contains(policy, "connect-src") {
			t.Errorf("%s may fetch: %q", name, policy)
		}
	}
}

func TestAnExportReplacesItsOwnFilesAndLeavesOthers(t *testing.T) {
	s, dir := testSite(t), t.TempDir()
	for name, content := range map[string]string{"index.html": "old", "CNAME": "sts.example.org"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := s.export(dir); err != nil {
		t.Fatal(err)
	}
	index, _ := os.ReadFile(filepath.Join(dir, "index.html"))
	other, _ := os.ReadFile(filepath.Join(dir, "CNAME"))
	if len(index) < 1000 || string(other) != "sts.example.org" {
		t.Errorf("got %d bytes of index.html and CNAME %q", len(index), other)
	}
}

func TestExportSaysWhatItCannotDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no directory":              {nil, exitUsage, "export needs the name of one directory"},
		"two directories":           {[]string{"a", "b"}, exitUsage, "export needs the name of one directory"},
		"an unknown flag":           {[]string{"-force", "a"}, exitUsage, "force"},
		"a file in the way":         {[]string{file}, exitUnmet, "stsplayground: export: "},
		"a directory of no program": {[]string{"/dev/null/x"}, exitUnmet, "stsplayground: export: "},
	} {
		var out, err strings.Builder
		p := program{out: &out, err: &err, clock: testClock}
		if code := p.run(t.Context(), append([]string{"export"}, test.args...)); code != test.code || !strings.Contains(err.String(), test.says) {
			t.Errorf("%s: got %d, %q, want %d, %q", name, code, err.String(), test.code, test.says)
		}
	}
}
