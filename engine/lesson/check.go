package lesson

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/jsonpatch"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// checker collects the findings about one lesson.
type checker struct {
	scenario *scenario.Scenario
	findings []trace.Finding
}

// say adds a finding about the place at path.
func (c *checker) say(rule trace.Rule, severity trace.Severity, path, detail string) {
	at := trace.At{Path: path}
	at.Line, at.Column = c.scenario.Place(path)
	c.findings = append(c.findings, rule.Finding(severity, at, detail))
}

// sorted are the findings in the order of the text.
func (c *checker) sorted() []trace.Finding {
	slices.SortStableFunc(c.findings, func(a, b trace.Finding) int {
		return cmp.Or(cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	return c.findings
}

// start wants something that is left to do. A lesson without a solution is
// played as a scenario, and is told so less sternly.
func (c *checker) start(met *bool) {
	severity := trace.SeverityError
	if !c.scenario.Lesson.Solution.Given() {
		severity = trace.SeverityWarning
	}
	switch {
	case met == nil:
		c.say(ruleExpectations, severity, "/calls", "no call says what is expected of it, so that nothing can tick itself off; give the calls an expect, such as {outcome: failure, step: trust/condition}")
	case *met:
		c.say(ruleStartsUnmet, severity, "/lesson", "every expectation is met before anything is changed, so that nothing is left to do; expect what only the solution brings about")
	}
}

// editable wants each editable place to be one: its parent has to be there,
// for a place may well be empty at first.
func (c *checker) editable() {
	for i, pointer := range c.scenario.Lesson.Editable {
		path := fmt.Sprint("/lesson/editable/", i)
		switch {
		case pointer == "":
		case pointer[0] != '/':
			c.say(ruleEditable, trace.SeverityError, path, source.Quote(pointer)+" is no JSON Pointer, which begins with a slash, as in /accounts/123456789012/Roles/0")
		default:
			if parent, _ := source.SplitPointer(pointer); findInside(&c.scenario.Root, parent) == nil {
				c.say(ruleEditable, trace.SeverityError, path, jsonpatch.Missing(&c.scenario.Root, parent))
			}
		}
	}
}

// findInside is the value at a pointer, which goes on into a policy that is written as a string.
func findInside(n *source.Node, pointer string) *source.Node {
	for _, token := range source.Tokens(pointer) {
		if n.Kind == source.String {
			if inner, err := source.ParseJSON(n.Text); err == nil {
				n = &inner
			}
		}
		if n = n.Step(token); n == nil {
			return nil
		}
	}
	return n
}

// glossaryLink is how a link to a term begins in Markdown.
const glossaryLink = "](glossary:"

// words wants a task, and of each link to the glossary a term.
func (c *checker) words(terms []string) {
	l := c.scenario.Lesson
	if strings.TrimSpace(l.Task) == "" {
		c.say(ruleTask, trace.SeverityWarning, "/lesson", "there is no task; say in one to three sentences what to do, and where")
	}
	if terms == nil {
		return
	}
	c.links("/summary", c.scenario.Summary, terms)
	c.links("/lesson/text", l.Text, terms)
	c.links("/lesson/task", l.Task, terms)
	for i, hint := range l.Hints {
		c.links(fmt.Sprint("/lesson/hints/", i), hint, terms)
	}
	c.links("/lesson/debrief", l.Debrief, terms)
}

func (c *checker) links(path, text string, terms []string) {
	for _, link := range strings.Split(text, glossaryLink)[1:] {
		slug, _, _ := strings.Cut(link, ")")
		if slices.Contains(terms, slug) {
			continue
		}
		detail := "the glossary has no " + source.Quote(slug)
		if near, _ := source.Nearest(slug, terms); near != "" {
			detail += "; did you mean " + near + "?"
		}
		c.say(ruleTerm, trace.SeverityWarning, path, detail)
	}
}

// sources wants at least one, each at an address that can be followed.
func (c *checker) sources() {
	l := c.scenario.Lesson
	if len(l.Sources) == 0 {
		c.say(ruleSources, trace.SeverityWarning, "/lesson", "the lesson doesn't say what it goes by; name the page of AWS's documentation, or the standard, as sources: [{title: …, url: https://…}]")
	}
	for i := range l.Sources {
		if u, err := url.Parse(l.Sources[i].URL); err != nil || u.Scheme != "https" || u.Host == "" {
			c.say(ruleAddress, trace.SeverityError, fmt.Sprintf("/lesson/sources/%d/url", i), source.Quote(l.Sources[i].URL)+" is no address that begins with https://")
		}
	}
}

// solve plays the scenario after its solution.
func (c *checker) solve() *Round {
	after, touched, wrong := apply(c.scenario)
	if wrong != nil {
		c.findings = append(c.findings, unfit(wrong, c.scenario))
		return nil
	}
	c.inside(touched)
	round := &Round{after, engine.Run(after)}
	for i := range round.Report.Calls {
		if call := &round.Report.Calls[i]; call.Met != nil && !*call.Met {
			c.say(ruleSolutionMet, trace.SeverityError, fmt.Sprintf("/calls/%d", i), source.Quote(call.Name)+" isn't as expected after the solution. "+call.Verdict)
		}
	}
	if round.Report.Met == nil && expects(c.scenario) {
		c.say(ruleSolutionMet, trace.SeverityError, "/lesson/solution", "it leaves no call with an expectation")
	}
	return round
}

func expects(s *scenario.Scenario) bool {
	return slices.ContainsFunc(s.Calls, func(c scenario.Call) bool { return c.Expect != nil })
}

// inside wants what the solution touches to be inside the editable places.
// Where none are named, all of the scenario is.
func (c *checker) inside(touched []jsonpatch.Touch) {
	l := c.scenario.Lesson
	if len(l.Editable) == 0 {
		return
	}
	for _, t := range touched {
		if slices.ContainsFunc(l.Editable, func(place string) bool { return within(t.Place, place) }) {
			continue
		}
		place := t.Place
		if place == "" {
			place = "the whole scenario"
		}
		c.say(ruleInside, trace.SeverityError, l.Solution.Path+t.By, "it touches "+place+", which is inside none of the editable places")
	}
}

// within says whether a pointer names a place, or something inside of it.
func within(pointer, place string) bool {
	return pointer == place || strings.HasPrefix(pointer, place+"/")
}
