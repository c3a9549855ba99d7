package main

import (
	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

func decode(text string, limit int) (scenario.Scenario, []trace.Finding) {
	return scenario.Decode(text, limit)
}

func unreadable(findings []trace.Finding) bool { return scenario.Unreadable(findings) }

func run(s scenario.Scenario) engine.Report { return engine.Report{Title: s.Title} }
