package iam

import (
	"slices"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/reference"
	"stsplayground/engine/trace"
)

var ruleResourceForAction = newRule("policy/resource-for-action", trace.SeverityInfo, "The actions act on the resources that they stand beside",
	trace.Cite{Title: "Service Authorization Reference: The actions table", URL: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html#actions_table"})

// resources reports a statement none of whose actions, which are all that it
// is about, acts on any of its resources.
func (c *nameCheck) resources(s *Statement, actions []*reference.Action) {
	e := &s.Resource
	if e.Not || len(e.Values) == 0 {
		return
	}
	for i := range e.Values {
		if c.anyActsOn(actions, resourcePattern(e.Values[i].Text)) || c.steps <= 0 {
			return
		}
	}
	at := e.At
	if len(e.Values) == 1 {
		at = e.Values[0].At
	}
	resource := e.Values[0].Text
	detail := "None of the statement's actions acts"
	if len(s.Action.Values) == 1 {
		detail = quote(s.Action.Values[0].Text) + " doesn't act"
	}
	detail += " on " + quote(resource) + ", and so the statement applies to no request; "
	mended := "*" // for actions that take no resource
	fix := trace.Patch{Op: "replace", Path: e.At.Path}
	if i := slices.IndexFunc(actions, (*reference.Action).TakesResources); i >= 0 {
		fix.Path = at.Path
		if mended = c.mendedResource(resource, actions); mended == "" || len(e.Values) > 1 {
			c.report(ruleResourceForAction, at, detail+"an ARN for "+actions[i].FullName()+" has the form "+exampleARN(actions[i])+".")
			return
		}
	}
	fix.Value = mended
	c.report(ruleResourceForAction, at, detail+"write "+quote(mended)+".", fix)
}

// mendedResource is the resource with /* at its end added or taken away,
// where each of the actions acts on that: a bucket and its objects are what
// is most often confused. It is "" where that doesn't help.
func (c *nameCheck) mendedResource(resource string, actions []*reference.Action) string {
	mended, objects := strings.CutSuffix(resource, "/*")
	if !objects {
		mended = strings.TrimSuffix(resource, "/") + "/*"
	}
	pattern := resourcePattern(mended)
	for _, a := range actions {
		if !c.anyActsOn([]*reference.Action{a}, pattern) {
			return ""
		}
	}
	return mended
}

// exampleARN is how the ARN of something that the action acts on looks.
func exampleARN(a *reference.Action) (shortest string) {
	types := a.Service.Resources()
	for i := range types {
		if arn := types[i].ARNs()[0]; a.ActsOn(&types[i]) && (shortest == "" || len(arn) < len(shortest)) {
			shortest = arn
		}
	}
	shortest = strings.Replace(shortest, "${Partition}", "aws", 1)
	return strings.ReplaceAll(strings.ReplaceAll(shortest, "${", ""), "}", "")
}

// anyActsOn says whether a resource can be one that one of the actions acts
// on. It is true where that can't be said.
func (c *nameCheck) anyActsOn(actions []*reference.Action, resource string) bool {
	_, tail := cutResource(resource)
	everything := tail == string([]byte{anyRun}) || tail == "" && strings.HasSuffix(resource, string([]byte{anyRun}))
	if resource == "" {
		return true
	}
	var service *reference.Service
	for i, a := range actions {
		if everything && !a.TakesResources() {
			return true
		}
		if a.Service != service {
			service = a.Service
			if c.anyTypeOf(service, actions[i:], resource) {
				return true
			}
		}
	}
	return false
}

// anyTypeOf says whether a resource can be of a type that one of the service's
// actions acts on.
func (c *nameCheck) anyTypeOf(s *reference.Service, actions []*reference.Action, resource string) bool {
	types := s.Resources()
	for i := range types {
		t := &types[i]
		if !c.take(8*len(actions)) || !slices.ContainsFunc(actions, func(a *reference.Action) bool { return a.Service == s && a.ActsOn(t) }) {
			continue
		}
		for _, arn := range t.ARNs() {
			if format := formatPattern(arn); c.take(len(format)*len(resource)) && overlap(format, resource) {
				return true
			}
		}
	}
	return c.steps <= 0
}

// longestCompared bounds a resource that is compared with formats, in bytes;
// AWS's own are shorter.
const longestCompared = 2048

// resourcePattern is a resource as a pattern, with any text for its variables;
// "" for one that isn't compared, such as one that can be no ARN.
func resourcePattern(text string) string {
	if _, tail := cutResource(text); tail == "" && !strings.ContainsAny(text, "*?$") || !strings.HasPrefix(text, "arn:") && !mayBeARN(text) || len(text) > longestCompared || strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return ""
	}
	var b strings.Builder
	for _, p := range splitVariables(text, true) {
		if p.key != "" {
			b.WriteByte(anyRun)
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// Two wildcards more, of an ARN's format only. Its first segments have no
// colon. Which other parts have no slash isn't said by the reference; a
// bucket's name is the one that matters.
const (
	anyRunNoSlash = '\xfd'
	anyRunNoColon = '\xfc'
)

// formatPattern is an ARN's format as a pattern, with any text for its parts.
func formatPattern(format string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(format, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		var part string
		part, format, _ = strings.Cut(rest, "}")
		switch part {
		case "Partition", "Region", "Account":
			b.WriteByte(anyRunNoColon)
		case "BucketName":
			b.WriteByte(anyRunNoSlash)
		default:
			b.WriteByte(anyRun)
		}
	}
}

// overlap says whether some text has the form of both patterns. It takes
// len(a) × len(b) steps.
func overlap(a, b string) bool {
	// below[j] is whether the rests of a, from i+1, and of b, from j, overlap.
	row, below := make([]bool, len(b)+1), make([]bool, len(b)+1)
	for i := len(a); i >= 0; i-- {
		for j := len(b); j >= 0; j-- {
			row[j] = overlapHere(a, b, i, j, row, below)
		}
		row, below = below, row
	}
	return below[0]
}

func overlapHere(a, b string, i, j int, row, below []bool) bool {
	endA, endB := i == len(a), j == len(b)
	switch {
	case endA && endB:
		return true
	case !endA && isRun(a[i]) && (below[j] || !endB && row[j+1] && inRun(a[i], b[j])):
		return true
	case !endB && isRun(b[j]) && (row[j+1] || !endA && below[j] && inRun(b[j], a[i])):
		return true
	case endA || endB || isRun(a[i]) || isRun(b[j]):
		return false
	}
	return below[j+1] && (a[i] == b[j] || a[i] == anyOne || b[j] == anyOne)
}

func isRun(c byte) bool { return c == anyRun || c == anyRunNoSlash || c == anyRunNoColon }

// inRun says whether a run can have what another pattern has at a place.
func inRun(run, c byte) bool {
	return run == anyRun || run == anyRunNoSlash && c != '/' || run == anyRunNoColon && c != ':'
}
