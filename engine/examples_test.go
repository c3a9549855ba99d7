package engine_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
	"stsplayground/examples"
)

// clock is when scenarios without a moment of their own are played.
var clock = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// everyScenario is every example, and every lesson as it starts.
func everyScenario() []examples.Example {
	all := examples.All()
	for _, course := range examples.Lessons() {
		for _, l := range course.Lessons {
			all = append(all, l.Example)
		}
	}
	return all
}

func decode(t testing.TB, text string) engine.Scenario {
	t.Helper()
	s, findings := engine.Decode(text, scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		t.Fatalf("unreadable: %+v", findings)
	}
	if s.Now.IsZero() {
		s.Now = clock
	}
	return s
}

func encode(t testing.TB, r engine.Report) []byte {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEveryExampleMeetsItsExpectations(t *testing.T) {
	for _, e := range examples.All() {
		t.Run(e.Slug, func(t *testing.T) {
			r := playedOnce(e).report
			if r.Met == nil {
				t.Fatal("the example expects nothing")
			}
			for _, c := range r.Calls {
				if c.Met != nil && !*c.Met {
					got, _ := json.MarshalIndent(c.Error, "", "  ")
					t.Errorf("%s: %s, expected %+v, got error %s", c.Name, c.Verdict, *c.Expected, got)
				}
			}
		})
	}
}

func TestTheSameScenarioGivesTheSameBytes(t *testing.T) {
	for _, e := range everyScenario() {
		a := playedOnce(e).report
		if b := play(e.Source).report; !bytes.Equal(encode(t, a), encode(t, b)) {
			t.Errorf("%s: two runs differ", e.Slug)
		}
		// JSON and YAML are one scenario; only the places in the text differ.
		if b := engine.Run(decode(t, e.JSON)); len(a.Calls) != len(b.Calls) || a.Calls[0].Verdict != b.Calls[0].Verdict {
			t.Errorf("%s: as JSON it plays differently", e.Slug)
		}
	}
}

// The verdict comes from typed decisions, and the steps must say the same.
func TestOutcomeAndStepsAgree(t *testing.T) {
	for _, e := range everyScenario() {
		for _, c := range playedOnce(e).report.Calls {
			var failed bool
			for _, s := range c.Steps {
				failed = failed || s.Status == trace.Failed
			}
			// What an action responds that is only asked of the policies isn't played.
			responds := !failed && engine.IsOperation(c.Action, len(c.Call.Params.Sent) > 0)
			if failed != (c.Outcome == "failure") || failed != (c.Error != nil) || responds != (c.Response != nil) {
				t.Errorf("%s, %s: outcome %s, error %v, a failed step: %v", e.Slug, c.Name, c.Outcome, c.Error, failed)
			}
			if !failed && c.Decision != nil && c.Decision.Effect != iam.Allow {
				t.Errorf("%s, %s: success, and the decision is %s", e.Slug, c.Name, c.Decision.Effect)
			}
		}
	}
}

func TestEveryStepAnswersAQuestionOfTheLadder(t *testing.T) {
	for _, e := range everyScenario() {
		for _, c := range playedOnce(e).report.Calls {
			var answering []string
			for _, rung := range c.Ladder {
				answering = append(answering, rung.Rules...)
			}
			for _, s := range c.Steps {
				if !slices.Contains(answering, s.Rule) {
					t.Errorf("%s, %s: %s is on no rung", e.Slug, c.Name, s.Rule)
				}
			}
		}
	}
}
