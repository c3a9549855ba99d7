package main

import (
	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

func decode(text string, limit int) (scenario.Scenario, []trace.Finding) {
	return scenario.Scenario{}, []trace.Finding{{Severity: trace.SeverityError, Detail: "the engine is not linked in"}}
}

func unreadable(findings []trace.Finding) bool { return len(findings) > 0 }

func run(s scenario.Scenario) engine.Report { return engine.Report{Title: s.Title} }

type example struct {
	Slug, Title, Group, Summary, JSON, Source string
}

func allExamples() []example {
	return []example{{Slug: "none", Title: "None", JSON: "{}", Source: "{}"}}
}
