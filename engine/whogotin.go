package engine

import (
	"fmt"
	"strings"
)

// EntrantChange is what a changed trust policy does to those who ask: the
// rows that it let in, with the new statement, and those that it shut out,
// with the new reason.
type EntrantChange struct {
	Role     string    `json:"role"`
	Sentence string    `json:"sentence"`
	LetIn    []Entrant `json:"letIn"`
	ShutOut  []Entrant `json:"shutOut"`
	Same     int       `json:"same"`
}

// WhoGotIn plays the populations of both versions of a role's trust policy
// against both, and compares. The entrants are those of WhoGetsIn for the
// version after.
func WhoGotIn(before, after Scenario, roleArn string) (Entrants, EntrantChange) {
	old, now := openDoor(&before, roleArn), openDoor(&after, roleArn)
	people, cut := now.population()
	others, _ := old.population()
	own := len(people)
	seen := make(map[string]bool, len(people))
	for i := range people {
		seen[people[i].key()] = true
	}
	for i := range others {
		if !seen[others[i].key()] {
			people = append(people, others[i])
		}
	}
	entrants := now.entrants(people, cut)
	change := compareEntrants(old.entrants(people, 0), entrants)
	entrants.Rows = entrants.Rows[:own]
	entrants.Widest = now.widest(entrants.Rows)
	return entrants, change
}

// compareEntrants matches the rows of two versions by who asks. Rows of one
// version only, and those that aren't played, aren't compared.
func compareEntrants(before, after Entrants) EntrantChange {
	c := EntrantChange{Role: after.Role, LetIn: []Entrant{}, ShutOut: []Entrant{}}
	was := make(map[string]EntrantOutcome, len(before.Rows))
	for i := range before.Rows {
		was[before.Rows[i].key] = before.Rows[i].Outcome
	}
	for _, r := range after.Rows {
		old, there := was[r.key]
		switch {
		case !there || old == NotPlayed || r.Outcome == NotPlayed:
		case old == r.Outcome:
			c.Same++
		case r.Outcome == GetsIn:
			c.LetIn = append(c.LetIn, r)
		default:
			c.ShutOut = append(c.ShutOut, r)
		}
	}
	c.Sentence = c.words()
	return c
}

func (c *EntrantChange) words() string {
	var parts []string
	for _, side := range []struct {
		rows []Entrant
		word string
	}{{c.LetIn, "lets in"}, {c.ShutOut, "shuts out"}} {
		if len(side.rows) == 0 {
			continue
		}
		var rows []*Entrant
		for i := range side.rows {
			rows = append(rows, &side.rows[i])
		}
		parts = append(parts, side.word+" "+names(rows))
	}
	if len(parts) == 0 {
		return "The change lets nobody in and shuts nobody out."
	}
	return fmt.Sprintf("The change %s.", strings.Join(parts, ", and "))
}
