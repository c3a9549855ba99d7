package page_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The contract names each element that the program can't do without, and each
// attribute by which it looks for some. What package report draws is its own.
func TestTheContractNamesWhatTheProgramAsksFor(t *testing.T) {
	contract, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../src/*.ts")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files (%v), want the program's", len(files), err)
	}
	for _, asked := range []struct {
		by   *regexp.Regexp
		mark string
	}{
		{regexp.MustCompile(`\belement(?:<\w+>)?\('([\w-]+)'\)`), "#"},
		{regexp.MustCompile(`\[(data-[\w-]+)`), ""},
	} {
		found := 0
		for _, file := range files {
			program, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range asked.by.FindAllSubmatch(program, -1) {
				name := asked.mark + string(match[1])
				found++
				if !regexp.MustCompile(regexp.QuoteMeta(name) + `\b`).Match(contract) {
					t.Errorf("%s: %s isn't in the contract", filepath.Base(file), name)
				}
			}
		}
		if found == 0 {
			t.Errorf("nothing fits %s", asked.by)
		}
	}
}
