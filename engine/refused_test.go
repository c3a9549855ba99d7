package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
)

// A call that was refused gives nobody credentials, whichever operation it is;
// the session of one that succeeded is as sure as the call was.
func TestWhoHoldsCredentialsAfterEachExample(t *testing.T) {
	for _, example := range examples.All() {
		var document map[string]any
		if err := json.Unmarshal([]byte(example.JSON), &document); err != nil {
			t.Fatal(err)
		}
		calls := document["calls"].([]any)
		n := len(calls)
		for i := range n {
			call := calls[i].(map[string]any)
			if call["name"] == nil {
				call["name"] = fmt.Sprint("call ", i+1)
			}
			probe := map[string]any{"name": fmt.Sprint("probe ", i), "action": "sts:GetCallerIdentity", "caller": call["name"]}
			for _, field := range []string{"after", "delay", "region"} {
				if call[field] != nil {
					probe[field] = call[field]
				}
			}
			calls = append(calls, probe)
		}
		document["calls"] = calls
		s, findings := engine.Decode(text(document), scenario.LimitCheck)
		if scenario.Unreadable(findings) {
			t.Fatalf("%s: got %+v", example.Slug, findings)
		}
		if s.Now.IsZero() {
			s.Now = clock
		}
		report := engine.Run(s)
		for i := range n {
			call, probe := &report.Calls[i], &report.Calls[n+i]
			says := example.Slug + ", " + call.Name
			switch {
			case call.Outcome == "failure" && probe.Outcome == "success":
				t.Errorf("%s: it was refused, and %v holds its credentials", says, probe.Response)
			case call.Session == nil || probe.Outcome == "failure":
				if call.Session != nil && call.Outcome == "success" {
					t.Logf("%s: its session can't be used at once: %+v", says, probe.Error)
				}
			default:
				for _, rule := range call.Assumed {
					if !slices.Contains(probe.Assumed, rule) {
						t.Errorf("%s: %s is taken on trust, and its session doesn't say so", says, rule)
					}
				}
			}
		}
	}
}
