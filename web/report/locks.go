package report

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// LocksPart is the id of the element that Locks draws.
const LocksPart = "locks-body"

// lockGroup are locks that stand under one heading.
type lockGroup struct {
	ID, Title string
	Locks     []sts.Lock
}

// lockGroups are the five that every reader of a token needs, and the others.
func lockGroups(locks []sts.Lock) []lockGroup {
	five, others := lockGroup{ID: "locks-five", Title: "The five that every reader of tokens needs"}, lockGroup{ID: "locks-others", Title: "And besides"}
	for _, l := range locks {
		if l.Five {
			five.Locks = append(five.Locks, l)
		} else {
			others.Locks = append(others.Locks, l)
		}
	}
	return []lockGroup{five, others}
}

// openWords says which locks are off.
func openWords(off []string) string {
	if len(off) == 1 {
		return "the lock " + off[0] + " is off"
	}
	last := len(off) - 1
	return "the locks " + strings.Join(off[:last], ", ") + " and " + off[last] + " are off"
}

func isOff(off []string, name string) bool { return slices.Contains(off, name) }

// attackGroup are the attacks of one kind that were played, or can't be.
type attackGroup struct {
	ID, Title string
	Rows      []attackRow
}

type attackRow struct {
	ID string
	engine.Encounter
}

func attackGroups(m engine.Matrix) []attackGroup {
	groups := []attackGroup{
		{ID: string(engine.Replay), Title: "Stolen: genuine, and in the wrong hands"},
		{ID: string(engine.Misuse), Title: "Genuine, and made for something or somebody else"},
		{ID: string(engine.Forgery), Title: "Forged, without the provider's key"},
	}
	for _, r := range m.Rows {
		for i := range groups {
			if groups[i].ID == string(r.Kind) {
				groups[i].Rows = append(groups[i].Rows, attackRow{"attack-" + r.Name, r})
			}
		}
	}
	return slices.DeleteFunc(groups, func(g attackGroup) bool { return len(g.Rows) == 0 })
}

// lockCells are the words, shapes and looks of what a lock has to do with an attack.
var lockCells = map[engine.LockState][3]string{
	engine.LockStops:   {"■", "stops", "is-stop"},
	engine.LockPasses:  {"→", "passes", "is-pass"},
	engine.LockUnset:   {"○", "not set", "is-unset"},
	engine.LockUnasked: {"–", "not asked", "is-skipped"},
}

// lockStates are the states in the order in which the legend names them.
var lockStates = [...]engine.LockState{engine.LockStops, engine.LockPasses, engine.LockUnset, engine.LockUnasked}

func lockCell(s engine.LockState) [3]string { return lockCells[s] }

// isPlayed says whether the attack is the one that the reader plays, or that
// the scenario has staged.
func (r attackRow) isPlayed(played string) bool { return r.Staged || r.Name == played }

func (r attackRow) status() trace.Status {
	switch {
	case r.GetsIn && r.Assumed:
		return trace.Assumed
	case r.GetsIn:
		return trace.Passed
	}
	return trace.Failed
}

func (r attackRow) word() string {
	switch r.status() {
	case trace.Passed:
		if r.Twice {
			return "gets in, twice"
		}
		return "gets in"
	case trace.Assumed:
		return "gets in, on trust"
	}
	return "refused"
}

// without says what happens where the locks that stop the attack are off.
func (r attackRow) without() string {
	who := r.Who
	if who == "" {
		who = "somebody without a name"
	}
	switch {
	case r.GetsIn && len(r.Alone) > 0:
		return "Without " + alternatives(r.Alone) + ", in as " + who + "."
	case r.GetsIn:
		return "No lock is against it: in as " + who + "."
	case len(r.Alone) > 0:
		return "Without " + alternatives(r.Alone) + ": in as " + who + "."
	case len(r.Open) > 0:
		return "Without " + strings.Join(r.Open, ", ") + " together: in as " + who + "."
	}
	return "Kept out even so, by the step “" + r.Stays + "”."
}

func alternatives(names []string) string {
	return "the lock " + strings.Join(names, " or ")
}

// matrixCaption says what the table shows, and how much of it is there yet.
func matrixCaption(m engine.Matrix) string {
	in, played := 0, 0
	for _, r := range m.Rows {
		if r.Cannot == "" {
			played++
		}
		if r.GetsIn {
			in++
		}
	}
	return count(played, "attack") + " on " + m.Call + ", each played for real: " + strconv.Itoa(played-in) + " refused by AWS's locks, " + strconv.Itoa(in) + " not."
}

// progressWords says how far the playing is; "" at its end.
func progressWords(m engine.Matrix) string {
	if len(m.Rows) == m.All {
		return ""
	}
	return "Playing: " + strconv.Itoa(len(m.Rows)) + " of " + strconv.Itoa(m.All) + " attacks …"
}
