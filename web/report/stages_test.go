package report

import (
	"runtime"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
)

// TestEveryStepHasItsStage: the last stage is for what nobody thought of.
func TestEveryStepHasItsStage(t *testing.T) {
	for at, e := range examples.All() {
		if runtime.GOARCH == "wasm" && at%8 != 0 {
			continue // the same code, several times as slowly
		}
		s, _ := engine.Decode(e.Source, scenario.LimitCheck)
		if s.Now.IsZero() {
			s.Now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		}
		for _, c := range engine.Run(s).Calls {
			for _, step := range c.Steps {
				if stages := planOf(c); stages.of(step.Rule) == len(stages)-1 {
					t.Errorf("%s, %s: %s has no stage", e.Slug, c.Name, step.Rule)
				}
			}
		}
	}
}

func TestEveryOperationHasItsStages(t *testing.T) {
	for _, action := range engine.Operations() {
		if plans[action] == nil {
			t.Errorf("%s has no stages", action)
		}
	}
}
