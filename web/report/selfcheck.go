package report

import (
	"slices"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// SelfCheck is whether a report is as the page around it says, and as the
// scenario expects: what keeps documentation true. It is an empty list where
// neither says anything.
//
// What the page says is parted by commas, a part a call, in the scenario's
// order; "-" says nothing of a call. A part is words that all have to hold:
// allow or success, deny or failure, the code of an error, the rule of the
// step that fails, e.g. "allow, deny AccessDenied trust/condition".
func SelfCheck(r engine.Report, says string) Part {
	checks := saidByPage(r, says)
	if c, ok := saidByScenario(r); ok {
		checks = append(checks, c)
	}
	return Part{ID: "self-check", Component: selfCheck(checks)}
}

// selfChecked is one line: who says so, whether it is so, and what.
type selfChecked struct {
	Who   string // "this page says"
	Met   bool
	Words string
}

func allMet(checks []selfChecked) bool {
	for _, c := range checks {
		if !c.Met {
			return false
		}
	}
	return true
}

func saidByPage(r engine.Report, says string) (checks []selfChecked) {
	if strings.TrimSpace(says) == "" {
		return nil
	}
	for i, part := range strings.Split(says, ",") {
		words := strings.Fields(part)
		if len(words) == 0 || len(words) == 1 && words[0] == "-" {
			continue
		}
		check := selfChecked{Who: "this page says"}
		want, unknown := readExpect(words)
		switch {
		case unknown != "":
			check.Words = "“" + unknown + "” is none of allow, deny, an error’s code and the rule of a step."
		case i >= len(r.Calls):
			check.Words = "it speaks of " + count(i+1, "call") + ", and " + count(len(r.Calls), "call") + " can be played."
		default:
			c := r.Calls[i]
			check.Met = c.Meets(want)
			check.Words = "“" + callName(c, i) + "” " + outcomeSaid(c)
			if !check.Met {
				check.Words = "“" + callName(c, i) + "” should " + shouldWords(want) + ", and " + outcomeSaid(c)
			}
		}
		checks = append(checks, check)
	}
	return checks
}

func saidByScenario(r engine.Report) (selfChecked, bool) {
	said, unmet := 0, []string{}
	for i, c := range r.Calls {
		if c.Met == nil {
			continue
		}
		said++
		if !*c.Met {
			unmet = append(unmet, "“"+callName(c, i)+"”")
		}
	}
	check := selfChecked{Who: "the scenario expects", Met: len(unmet) == 0, Words: count(said, "call") + "."}
	if !check.Met {
		check.Words = strings.Join(unmet, ", ") + "."
	}
	return check, said > 0
}

// readExpect reads the words about one call; unknown is one that says nothing.
func readExpect(words []string) (e scenario.Expect, unknown string) {
	for _, word := range words {
		switch {
		case word == "allow" || word == "success":
			e.Outcome = "success"
		case word == "deny" || word == "failure":
			e.Outcome = "failure"
		case strings.Contains(word, "/"):
			e.Step = word
		case word[0] >= 'A' && word[0] <= 'Z':
			e.Code = word
		default:
			return e, word
		}
	}
	return e, ""
}

func shouldWords(want scenario.Expect) string {
	words := "be refused"
	if want.Outcome == "success" {
		words = "succeed"
	}
	if want.Code != "" {
		words += " with " + want.Code
	}
	if want.Step != "" {
		words += " at " + want.Step
	}
	return words
}

func outcomeSaid(c engine.CallReport) string {
	if c.Outcome == "success" {
		return "succeeds."
	}
	words := "is refused"
	if c.Error != nil {
		words += " with " + c.Error.Code
	}
	if at := slices.IndexFunc(c.Steps, func(s trace.Step) bool { return s.Status == trace.Failed }); at >= 0 {
		words += " at " + c.Steps[at].Rule
	}
	return words + "."
}
