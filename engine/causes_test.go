package engine_test

import (
	"testing"

	"stsplayground/engine/causes"
	"stsplayground/examples"
)

// TestCausesLeadToExamples plays the example of each cause: one of its calls
// has to fail with the code of the error that the cause is given for, in the
// operation that gives it.
func TestCausesLeadToExamples(t *testing.T) {
	bySlug := map[string]examples.Example{}
	for _, e := range examples.All() {
		bySlug[e.Slug] = e
	}
	for _, known := range causes.All() {
		for _, c := range known.Causes {
			example, there := bySlug[c.Example]
			switch {
			case c.Example == "":
			case !there:
				t.Errorf("%s: there is no example %s", known.Words, c.Example)
			case known.From == "" && !failsWith(example, known):
				t.Errorf("%s: %s has no call that fails so", known.Words, c.Example)
			}
		}
	}
}

// failsWith says whether a call of the example fails with the error's code.
func failsWith(e examples.Example, known causes.Error) bool {
	for _, call := range playedOnce(e).report.Calls {
		if call.Error != nil && call.Error.Code == known.Code && (known.Call == "" || call.Action == "sts:"+known.Call) {
			return true
		}
	}
	return false
}

// TestEveryErrorOfTheExamplesIsKnown: whatever error a reader meets here, its
// line can be pasted and is recognised.
func TestEveryErrorOfTheExamplesIsKnown(t *testing.T) {
	for _, e := range everyScenario() {
		for _, call := range playedOnce(e).report.Calls {
			if call.Error == nil || call.Error.Type == "Playground" {
				continue
			}
			line := "An error occurred (" + call.Error.Code + ") when calling an operation: " + call.Error.Message
			recognised := causes.Recognise(line)
			if len(recognised) == 0 {
				t.Errorf("%s, %s: nothing is known of %s", e.Slug, call.Name, line)
			}
		}
	}
}
