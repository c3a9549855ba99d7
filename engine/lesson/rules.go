package lesson

import "stsplayground/engine/trace"

// The rules that Play's findings name. What breaks one of severity error
// doesn't hold as a lesson.
var (
	ruleStartsUnmet  = trace.Rule{Code: "lesson/starts-met", Title: "The lesson starts with something left to do"}
	ruleSolutionMet  = trace.Rule{Code: "lesson/solution-unmet", Title: "The solution meets every expectation"}
	ruleFits         = trace.Rule{Code: "lesson/solution-fits", Title: "The solution can be applied to the scenario", Cite: trace.RFC("6902", "4")}
	ruleInside       = trace.Rule{Code: "lesson/solution-elsewhere", Title: "The solution touches only the editable places"}
	ruleSolution     = trace.Rule{Code: "lesson/solution-missing", Title: "The lesson has a solution"}
	ruleEditable     = trace.Rule{Code: "lesson/editable-missing", Title: "Every editable place is one of the scenario", Cite: trace.RFC("6901", "4")}
	ruleExpectations = trace.Rule{Code: "lesson/no-expectations", Title: "The calls say what is expected of them"}
	ruleTask         = trace.Rule{Code: "lesson/task-missing", Title: "The lesson says what to do"}
	ruleSources      = trace.Rule{Code: "lesson/source-missing", Title: "The lesson names what it goes by"}
	ruleAddress      = trace.Rule{Code: "lesson/source-address", Title: "Every source has an https address"}
	ruleTerm         = trace.Rule{Code: "lesson/glossary-term", Title: "Every link to the glossary leads to a term"}
)

// Rules are the rules that Play's findings name.
func Rules() []trace.Rule {
	return []trace.Rule{
		ruleStartsUnmet, ruleSolutionMet, ruleFits, ruleInside, ruleSolution, ruleEditable,
		ruleExpectations, ruleTask, ruleSources, ruleAddress, ruleTerm,
	}
}
