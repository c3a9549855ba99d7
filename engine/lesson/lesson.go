// Package lesson plays a scenario that is a lesson: as it starts, and after
// its solution was applied. A lesson holds when it starts with an expectation
// that is unmet, and its solution meets them all. The findings say what keeps
// one from holding, and where.
package lesson

import (
	"slices"

	"stsplayground/engine"
	"stsplayground/engine/jsonpatch"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// Played is a lesson and what came of it. Solved is nil for a lesson without a
// solution, and for one whose solution doesn't apply.
type Played struct {
	Start    Round
	Solved   *Round
	Findings []trace.Finding // about the lesson, in the order of the text
}

// Round is a scenario and its report.
type Round struct {
	Scenario engine.Scenario
	Report   engine.Report
}

// Play plays a scenario that has a Lesson. Terms are the slugs of the
// glossary; nil where links to it aren't to be checked. As with engine.Run,
// whoever calls sets Now.
func Play(s engine.Scenario, terms []string) Played {
	c := checker{scenario: &s}
	p := Played{Start: Round{s, engine.Run(s)}}
	c.start(p.Start.Report.Met)
	c.editable()
	c.words(terms)
	c.sources()
	if s.Lesson.Solution.Given() {
		p.Solved = c.solve()
	} else {
		c.say(ruleSolution, trace.SeverityWarning, "/lesson", "without a solution nobody can tell whether the task can be done; write the change as solution")
	}
	p.Findings = c.sorted()
	return p
}

// Holds says whether one can learn from the lesson: no finding about it is an
// error.
func (p *Played) Holds() bool {
	return !slices.ContainsFunc(p.Findings, func(f trace.Finding) bool { return f.Severity == trace.SeverityError })
}

// Solvable says whether the lesson has a solution.
func (p *Played) Solvable() bool { return p.Start.Scenario.Lesson.Solution.Given() }

// Last is the scenario after the solution; as it starts where there is none
// that applies.
func (p *Played) Last() Round {
	if p.Solved != nil {
		return *p.Solved
	}
	return p.Start
}

// Report is that of Last, with the findings about the lesson before its own.
// Met says whether the lesson holds; without a solution, whether the
// expectations are met.
func (p *Played) Report() engine.Report {
	r := p.Last().Report
	if len(p.Findings) > 0 { // an empty list stays a list
		r.Findings = slices.Concat(p.Findings, r.Findings)
	}
	if p.Solvable() {
		met := p.Holds()
		r.Met = &met
	}
	return r
}

// apply is the scenario after its lesson's solution, and what that touches.
func apply(s *scenario.Scenario) (after scenario.Scenario, touched []jsonpatch.Touch, wrong *jsonpatch.Misfit) {
	root := s.Root.Clone()
	if touched, wrong = jsonpatch.Change(&root, &s.Lesson.Solution.Node); wrong != nil {
		return after, nil, wrong
	}
	after, findings := scenario.DecodeTree(root, s.Text)
	for i := range findings {
		if f := &findings[i]; scenario.Unreadable(findings[i : i+1]) {
			return after, nil, &jsonpatch.Misfit{Why: "what it makes of the scenario can't be read: " + f.At.Path + ": " + f.Detail}
		}
	}
	if after.Now.IsZero() {
		after.Now = s.Now
	}
	after.Reference = s.Reference
	return after, touched, nil
}

// unfit says what keeps the solution from fitting.
func unfit(m *jsonpatch.Misfit, s *scenario.Scenario) trace.Finding {
	at := trace.At{Path: s.Lesson.Solution.Path + m.By}
	at.Line, at.Column = s.Place(at.Path)
	return ruleFits.Finding(trace.SeverityError, at, m.Why)
}
