package engine

import (
	"cmp"
	"slices"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// LockState is what a lock has to do with an attack.
type LockState string

const (
	LockStops   LockState = "stops"       // it refuses, or it would if it had to
	LockPasses  LockState = "passes"      // it has nothing against the attack
	LockUnset   LockState = "unset"       // the trust policy has no such condition
	LockUnasked LockState = "not reached" // nothing was left to ask it about
)

// Encounter is an attack as it was played: with all locks on, and without
// those that stand in its way.
type Encounter struct {
	Attack
	Cells   []LockState  `json:"cells"`             // in the order of the matrix's locks
	GetsIn  bool         `json:"getsIn"`            // with all locks on
	Twice   bool         `json:"twice,omitempty"`   // and again with the same token
	Assumed bool         `json:"assumed,omitempty"` // on trust
	Error   *trace.Error `json:"error"`             // AWS's, with all locks on; nil where it gets in
	Rule    string       `json:"rule,omitempty"`    // of the step that gave it
	Alone   []string     `json:"alone,omitempty"`   // locks of which each keeps it out by itself
	Open    []string     `json:"open,omitempty"`    // the locks without which it gets in, where one alone isn't enough
	Who     string       `json:"who,omitempty"`     // who is in: with all locks on, else without those
	Stays   string       `json:"stays,omitempty"`   // what keeps it out even without any lock
}

// Matrix is the attacks on a call against the locks. Rows are those that were
// played; All is how many there are.
type Matrix struct {
	Call  string      `json:"call"`
	Locks []sts.Lock  `json:"locks"`
	Rows  []Encounter `json:"rows"`
	All   int         `json:"all"`

	attacker *attacker
	attacks  []Attack
}

// NewMatrix has the attacks on a call, of which none is played. A call that
// presents neither a token nor a response has none.
func NewMatrix(s Scenario, call int) *Matrix {
	m := &Matrix{Rows: []Encounter{}, Locks: []sts.Lock{}, attacker: newAttacker(&s, call)}
	if a := m.attacker; a != nil {
		m.Call, m.Locks, m.attacks = a.call.Name, locksOf(a.isSAML), a.attacks()
		m.All = len(m.attacks)
	}
	return m
}

// Play plays the next attack: with all locks on, then without those that
// matter. It is staged by its patch and played by the walk of every other call.
// It is false where all have been.
func (m *Matrix) Play() bool {
	if len(m.Rows) == len(m.attacks) {
		return false
	}
	m.Rows = append(m.Rows, m.attacker.encounter(m.attacks[len(m.Rows)], m.Locks))
	return true
}

// AttackMatrix plays all attacks on a call.
func AttackMatrix(s Scenario, call int) Matrix {
	m := NewMatrix(s, call)
	for m.Play() {
	}
	return *m
}

// locksOf are the locks of one of the two operations.
func locksOf(isSAML bool) (locks []sts.Lock) {
	for _, l := range Locks() {
		if isSAML && l.Response || !isSAML && l.Token {
			locks = append(locks, l)
		}
	}
	return locks
}

func namesOf(locks []sts.Lock) []string {
	all := make([]string, len(locks))
	for i := range locks {
		all[i] = locks[i].Name
	}
	return all
}

func (a *attacker) encounter(attack Attack, locks []sts.Lock) Encounter {
	e := Encounter{Attack: attack, Cells: make([]LockState, len(locks))}
	if attack.Cannot != "" {
		return e
	}
	text := patched(&a.written, attack.Patch)
	s, findings := Decode(text.JSON(""), scenario.LimitCheck)
	if scenario.Unreadable(findings) || a.index >= len(s.Calls) {
		e.Cannot = "The scenario has to be put right first: it can't be read as it stands."
		return e
	}
	s.Now = a.scenario.Now
	p := newPlay(alone(&s, a.index))
	play := func(off ...string) CallReport {
		p.world.LocksOff(off)
		return p.call(&p.scenario.Calls[0])
	}
	base := play()
	e.GetsIn, e.Assumed, e.Error = base.Error == nil, len(base.Assumed) > 0, base.Error
	if e.GetsIn {
		e.Who = subjectOf(&base)
		if attack.Kind == Replay {
			again := play()
			e.Twice = again.Error == nil
		}
	} else {
		e.Rule = firstFailed(base.Steps)
	}
	open := play(namesOf(locks)...)
	matter := slices.Clone(open.NotAWS)
	for i := range base.Steps {
		if s := &base.Steps[i]; s.Status == trace.Failed {
			matter = append(matter, sts.LockOfStep(s))
		}
	}
	stops := slices.Clone(open.NotAWS)
	if len(matter) > len(stops) {
		stops = append(stops, matter[len(stops)]) // the lock that refused first
	}
	for i := range locks {
		name := locks[i].Name
		if !slices.Contains(matter, name) {
			continue
		}
		single := play(name)
		if slices.Contains(single.NotAWS, name) {
			stops = append(stops, name)
			if single.Error == nil || e.GetsIn && subjectOf(&single) != e.Who {
				e.Alone = append(e.Alone, name)
				e.Who = cmp.Or(subjectOf(&single), e.Who)
			}
		}
	}
	if !e.GetsIn && len(e.Alone) == 0 {
		if open.Error == nil {
			e.Open, e.Who = open.NotAWS, subjectOf(&open)
		} else {
			e.Stays = stepTitle(&open)
		}
	}
	for i := range locks {
		e.Cells[i] = state(locks[i].Name, stops, &base, &open)
	}
	return e
}

// state is what a lock has to do with the attack.
func state(lock string, stops []string, base, open *CallReport) LockState {
	if slices.Contains(stops, lock) {
		return LockStops
	}
	if lock == "subject" && open.Decision != nil && !hasCondition(open, lock) {
		return LockUnset // nobody in particular is trusted
	}
	if lock == "reading" && stopsAssertion(base.Steps) {
		return LockPasses // what was read has another fault
	}
	for i := range base.Steps {
		s := &base.Steps[i]
		of := sts.LockOfStep(s) == lock || s.Rule == "saml/response" && lock == "assertion"
		if of && (s.Status == trace.Passed || s.Status == trace.Warned || s.Status == trace.Assumed) {
			return LockPasses
		}
	}
	if hasCondition(base, lock) {
		return LockPasses
	}
	return LockUnasked
}

func stopsAssertion(steps []trace.Step) bool {
	return slices.ContainsFunc(steps, func(s trace.Step) bool { return s.Status == trace.Failed && sts.LockOfStep(&s) == "assertion" })
}

// hasCondition says whether a condition of the trust policy is of the lock.
func hasCondition(c *CallReport, lock string) bool {
	if c.Decision == nil {
		return false
	}
	for i := range c.Decision.Policies {
		for j := range c.Decision.Policies[i].Statements {
			for k := range c.Decision.Policies[i].Statements[j].Conditions {
				if sts.LockOfKey(c.Decision.Policies[i].Statements[j].Conditions[k].Key) == lock {
					return true
				}
			}
		}
	}
	return false
}

// subjectOf is whom a call let in; "" where it let nobody in.
func subjectOf(c *CallReport) string {
	switch r := c.Response.(type) {
	case *sts.WebIdentityResponse:
		return r.SubjectFromWebIdentityToken
	case *sts.SAMLResponse:
		return r.Subject
	}
	return ""
}

func firstFailed(steps []trace.Step) string {
	for i := range steps {
		if steps[i].Status == trace.Failed {
			return steps[i].Rule
		}
	}
	return ""
}

func stepTitle(c *CallReport) string {
	for i := range c.Steps {
		if s := &c.Steps[i]; s.Status == trace.Failed {
			return s.Title
		}
	}
	return ""
}
