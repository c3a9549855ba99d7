package report

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/iam"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// policy is one policy of a type, with the statements that are about the
// action, and how many are about others.
type policy struct {
	ID         string
	Kind, Name string
	Statements []statementOf
	Others     []statementOf
	More       int // that aren't told
}

type statementOf struct {
	ID string
	iam.StatementDecision
}

// together finishes the stages of an action: what each shows of the decision,
// and a last one in which all types of policy stand side by side. That is the
// one to read where nothing failed.
func together(stages []stage, c engine.CallReport, ended bool) []stage {
	d := c.Decision
	for i := range stages {
		s := &stages[i]
		at := actionStages.of(s.Steps[0].Rule) - firstType
		if at == -1 {
			s.Policies = denying(d)
		}
		if at < 0 || at >= len(d.Types) {
			continue
		}
		s.Policies = policiesOf(d, string(d.Types[at].Type))
		for j := range s.Steps {
			s.Steps[j].Steps = nil // the conditions, which the statement below shows
		}
		s.Steps[0].Expected, s.Steps[0].Found = "", "" // why says it
		if !d.Types[at].Applies {
			s.Status, s.After, s.Word = trace.Skipped, false, "not asked"
		}
	}
	return append(stages, stage{ID: "stage-together", Name: "All together", Status: outcome(c), Open: !ended, Types: d.Types})
}

// policiesOf are the decision's policies of a type.
func policiesOf(d *iam.Decision, kind string) []policy {
	var list []policy
	for i, p := range d.Policies {
		if p.Type != kind {
			continue
		}
		out := policy{ID: "policy-" + strconv.Itoa(i), Kind: p.Type, Name: p.Name, More: p.More}
		for j, s := range p.Statements {
			one := statementOf{"statement-" + strconv.Itoa(i) + "-" + strconv.Itoa(j), s}
			if s.Action.Matched {
				out.Statements = append(out.Statements, one)
			} else if len(out.Others) < mostOthers {
				out.Others = append(out.Others, one)
			}
		}
		list = append(list, out)
	}
	return list
}

// denying are the Deny statements that apply, each in its policy. They are
// drawn a second time, with ids of their own: all of them are why.
func denying(d *iam.Decision) []policy {
	var list []policy
	for i, p := range d.Policies {
		out := policy{ID: "denying-" + strconv.Itoa(i), Kind: p.Type, Name: p.Name}
		for j, s := range p.Statements {
			if s.Applies && s.Effect == "Deny" {
				out.Statements = append(out.Statements, statementOf{out.ID + "-" + strconv.Itoa(j), s})
			}
		}
		if len(out.Statements) > 0 {
			list = append(list, out)
		}
	}
	return list
}

// mostOthers is how many statements about other actions are drawn of a policy.
const mostOthers = 20

// word is the stage's status in words.
func (s stage) word() string {
	if s.Word != "" {
		return s.Word
	}
	return word(s.Status, s.After)
}

// typeStatus and typeWord are what the policies of a type answer.
func typeStatus(t iam.TypeDecision) trace.Status {
	switch {
	case !t.Applies:
		return trace.Skipped
	case t.Effect == iam.Allow:
		return trace.Passed
	}
	return trace.Failed
}

func typeWord(t iam.TypeDecision) string {
	switch {
	case !t.Applies:
		return "not asked"
	case t.Effect == iam.Allow:
		return "allows"
	case t.Effect == iam.ExplicitDeny:
		return "denies"
	}
	return "doesn't allow"
}

// carriedKey is a condition key that the session's calls carry.
type carriedKey struct {
	Name   string
	Values []string
}

// carried are the session's keys in their order.
func carried(s sts.Session) []carriedKey {
	var keys []carriedKey
	for _, name := range slices.Sorted(maps.Keys(s.Context)) {
		switch value := s.Context[name].(type) {
		case string:
			keys = append(keys, carriedKey{name, []string{value}})
		case []string:
			keys = append(keys, carriedKey{name, value})
		}
	}
	return keys
}

// afterText is how long after the first call a call is made; "" for at once.
func afterText(c engine.CallReport) string {
	if c.Call.After == 0 {
		return ""
	}
	return c.Call.After.Round(time.Second).String()
}

func missingWords(f contextField) string {
	if f.Missing {
		return "not in the request"
	}
	return ""
}
