package sts

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// Constraint is one constraint of a service's model on a text: its length in
// characters, and a pattern with what keeps to it. Name is the parameter's as
// AWS's messages write it. Takes is nil where every character will do.
type Constraint struct {
	Name      string
	Min, Max  int
	Pattern   string
	Takes     func(string) bool
	Answer    string // in place of the message about Pattern, where the service has one of its own
	Sensitive bool   // the message leaves the value out
}

// Violations are the constraints that a request breaks, in the order in which
// they were asked. The zero value is none.
type Violations struct {
	all    violations
	answer string // of a service's own, given where nothing else is broken
}

// Require adds what value breaks; a parameter that wasn't given is null.
func (v *Violations) Require(c Constraint, value string, given bool) {
	if !given {
		v.all = append(v.all, missing(c.Name))
		return
	}
	v.Text(c, value)
}

// Text adds what value breaks.
func (v *Violations) Text(c Constraint, value string) {
	p := parameter{name: c.Name, min: c.Min, max: c.Max, sensitive: c.Sensitive}
	v.all = append(v.all, p.violations(value)...)
	switch {
	case c.Takes == nil || value == "" || c.Takes(value):
	case c.Answer != "":
		v.answer = c.Answer
	default:
		v.all = append(v.all, violates(c.Name, p.subject(value), "satisfy regular expression pattern: "+c.Pattern))
	}
}

// Each adds what the members of a list break, which AWS says once of the list.
func (v *Violations) Each(c Constraint, values []string) {
	within := func(s string) bool { n := utf8.RuneCountInString(s); return n >= c.Min && n <= c.Max }
	if !slices.ContainsFunc(values, func(s string) bool { return !within(s) }) {
		return
	}
	v.all = append(v.all, violates(c.Name, "Value '["+strings.Join(values, ", ")+"]'",
		fmt.Sprintf("satisfy constraint: [Member must have length less than or equal to %d, Member must have length greater than or equal to %d]", c.Max, c.Min)))
}

// Range adds what a number breaks.
func (v *Violations) Range(name string, value, least, most int64) {
	subject := fmt.Sprintf("Value '%d'", value)
	switch {
	case value < least:
		v.all = append(v.all, violates(name, subject, fmt.Sprintf("have value greater than or equal to %d", least)))
	case value > most:
		v.all = append(v.all, violates(name, subject, fmt.Sprintf("have value less than or equal to %d", most)))
	}
}

// Enum adds what a word that is none of those listed breaks.
func (v *Violations) Enum(name, value string, words ...string) {
	if !slices.Contains(words, value) {
		v.all = append(v.all, violates(name, "Value '"+value+"'", "satisfy enum value set: ["+strings.Join(words, ", ")+"]"))
	}
}

// Error is AWS's answer, nil where nothing is broken; what was found, and in
// short what is broken.
func (v *Violations) Error() (err *trace.Error, found, short string) {
	switch {
	case len(v.all) == 0 && v.answer != "":
		return validationError(v.answer), v.answer, strings.TrimSuffix(v.answer, ".")
	case len(v.all) == 0:
		return nil, "", ""
	}
	message, found, short := v.all.words()
	return validationError(message), found, short
}

// IsNameRune says whether a name of IAM can have the character: [\w+=,.@-].
func IsNameRune(r rune) bool { return isNameRune(r) }

// IsPolicyRune says whether a policy document can have the character.
func IsPolicyRune(r rune) bool { return isPolicyRune(r) }

// PolicyPattern is the pattern that AWS prints for policy documents.
const PolicyPattern = policyPattern

// PolicyText is a policy as it goes over the wire, and whether it was given.
func PolicyText(d scenario.Document) (text string, given bool) { return policyText(d) }

// Tags adds what is broken in each tag.
func (v *Violations) Tags(tags []scenario.Tag) { v.all.tags(tags) }

// Given adds that a list isn't there.
func (v *Violations) Given(name string, given bool) {
	if !given {
		v.all = append(v.all, missing(name))
	}
}
