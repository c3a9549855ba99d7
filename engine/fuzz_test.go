package engine_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

// Whatever a scenario says, it is played without a panic, twice the same, and
// so is who gets in by the role that its first call asks for.
func FuzzRun(f *testing.F) {
	for _, example := range sampled() {
		f.Add(example.Source)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, findings := engine.Decode(text, scenario.LimitServer)
		if scenario.Unreadable(findings) || len(s.Calls) > 20 {
			return
		}
		if s.Now.IsZero() {
			s.Now = clock
		}
		first, err := json.Marshal(engine.Run(s))
		if err != nil {
			t.Fatal(err)
		}
		if second, _ := json.Marshal(engine.Run(s)); !bytes.Equal(first, second) {
			t.Fatal("the second run gives another report")
		}
		if len(s.Calls) > 0 {
			if _, err := json.Marshal(engine.WhoGetsIn(s, engine.RoleAsked(s, 0))); err != nil {
				t.Fatal(err)
			}
		}
	})
}
