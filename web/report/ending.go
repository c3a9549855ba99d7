package report

import "stsplayground/engine"

// Ending is how a call ends, for whoever lists calls: never colour alone.
type Ending struct {
	Shape string // a character
	Word  string // such as Refused
	Class string // of the status, which has its colour
}

// EndingOf is the ending of a call.
func EndingOf(c engine.CallReport) Ending {
	return Ending{Shape: icon(outcome(c)), Word: outcomeWord(c), Class: look(outcome(c), false)}
}

// Name is the call's own name, or its number where it has none; i counts from 0.
func Name(c engine.CallReport, i int) string { return callName(c, i) }

// Findings is the part with what is said about the scenario itself.
func Findings(r engine.Report) Part {
	return Part{ID: "findings", Component: findings(r.Findings)}
}
