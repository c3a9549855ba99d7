//go:build !wasm

// The same code runs under WebAssembly, several times as slowly: there the
// attacks are played as the worker asks for them (wasm/locks_test.go).

package engine_test

import (
	"slices"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/idp"
	"stsplayground/engine/sts"
	"stsplayground/examples"
)

// For every profile there is, the scenario that shows it at its best is
// attacked in every way: with all locks on nobody gets in but a thief who is
// quick, and whoever a lock keeps out gets in without it, or something else is
// named that keeps them out.
func TestLocksKeepEveryAttackOut(t *testing.T) {
	profiles := map[string]bool{}
	for _, e := range examples.All() {
		s := decode(t, e.Source)
		call := goodCall(&s)
		if call < 0 || profiles[profileOf(&s.Calls[call])] {
			continue
		}
		profiles[profileOf(&s.Calls[call])] = true
		m := engine.AttackMatrix(s, call)
		if len(m.Rows) < 25 || len(m.Rows) != m.All {
			t.Errorf("%s: got %d attacks, want them all", e.Slug, len(m.Rows))
		}
		for _, r := range m.Rows {
			admitted := strings.HasPrefix(r.Name, "other-subject") && slices.ContainsFunc(m.Locks, func(l sts.Lock) bool { return l.Name == "subject" && cell(m, r, "subject") != engine.LockStops })
			switch {
			case r.Cannot != "":
			case r.GetsIn && !slices.Contains(harmless, r.Name) && !admitted:
				t.Errorf("%s: %s gets in as %s", e.Slug, r.Name, r.Who)
			case r.Name == "replayed" && r.GetsIn && !r.Twice:
				t.Errorf("%s: a stolen token is good once, and AWS keeps no list of them", e.Slug)
			case !r.GetsIn && len(r.Alone) == 0 && len(r.Open) == 0 && r.Stays == "":
				t.Errorf("%s: %s is kept out by nothing that has a name", e.Slug, r.Name)
			case !r.GetsIn && r.Stays != "" && !slices.Contains(r.Cells, engine.LockStops) && r.Error == nil:
				t.Errorf("%s: %s is refused without an error", e.Slug, r.Name)
			}
		}
	}
	for _, p := range idp.Profiles() {
		if !profiles[p.Name] && !slices.Contains(otherForms, p.Name) {
			t.Errorf("no example shows the profile %q at its best, so nobody attacks it", p.Name)
		}
	}
}
