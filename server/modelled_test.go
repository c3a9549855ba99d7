package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/trace"
	"stsplayground/web/page"
)

// TestTheListOfWhatIsModelledIsWhole plays every example and every scenario of
// the engine's tests: the rules of the steps that are marked are those of the
// list. What the list has beyond them is about all calls.
func TestTheListOfWhatIsModelledIsWhole(t *testing.T) {
	marked := map[string]string{}
	var visit func(file string, steps []trace.Step)
	visit = func(file string, steps []trace.Step) {
		for i := range steps {
			if steps[i].Modelled {
				marked[steps[i].Rule] = file
			}
			visit(file, steps[i].Steps)
		}
	}
	var files []string
	for _, pattern := range []string{"../examples/*.yaml", "../engine/testdata/rules/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := engine.Decode(string(text), 32<<20)
		if s.Now.IsZero() {
			s.Now = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)
		}
		for _, call := range engine.Run(s).Calls {
			visit(file, call.Steps)
		}
	}
	var listed []string
	for _, area := range page.ReadModelled() {
		for _, entry := range area.Entries {
			if slices.Contains(listed, entry.Rule) {
				t.Errorf("%s is listed twice", entry.Rule)
			}
			listed = append(listed, entry.Rule)
		}
	}
	for rule, file := range marked {
		if !slices.Contains(listed, rule) {
			t.Errorf("%s is marked in %s, and not listed", rule, file)
		}
	}
	for _, rule := range listed {
		if marked[rule] == "" && !slices.Contains([]string{"sts/parameters"}, rule) {
			t.Errorf("%s is listed, and marked nowhere", rule)
		}
	}
}
