package main

import (
	"encoding/xml"
	"io"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/trace"
)

// The elements and attributes of JUnit's XML report that CI systems agree on
// (https://github.com/testmoapp/junitxml). Times are left out: they would
// make two reports of one scenario differ.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		File     string      `xml:"file,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		File      string        `xml:"file,attr"`
		Failure   *junitProblem `xml:"failure"`
		Error     *junitProblem `xml:"error"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// printJUnit writes a test suite a file and a test case a call that has an
// expectation, and one for a lesson as a whole. A file that can't be read is a suite with one error, so that
// a CI system shows it among the tests.
func printJUnit(w io.Writer, all []played) error {
	suites := junitSuites{Name: "stsplayground check"}
	for _, one := range all {
		suite := suiteOf(one)
		suites.Tests += suite.Tests
		suites.Failures += suite.Failures
		suites.Errors += suite.Errors
		suites.Suites = append(suites.Suites, suite)
	}
	text, err := xml.MarshalIndent(suites, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}

func suiteOf(one played) junitSuite {
	suite := junitSuite{Name: one.report.Title, File: one.file}
	if suite.Name == "" {
		suite.Name = one.file
	}
	if len(one.unreadable) > 0 {
		suite.Tests, suite.Errors = 1, 1
		suite.Cases = []junitCase{{
			Name: "the scenario can be read", ClassName: one.file, File: one.file,
			Error: &junitProblem{Message: one.unreadable[0], Type: "unreadable", Text: strings.Join(one.unreadable, "\n")},
		}}
		return suite
	}
	for _, c := range one.report.Calls {
		if c.Met == nil {
			continue
		}
		suite.Tests++
		test := junitCase{Name: c.Name, ClassName: one.file, File: one.file}
		if !*c.Met {
			suite.Failures++
			test.Failure = unmet(c)
		}
		suite.Cases = append(suite.Cases, test)
	}
	if one.lesson != nil && one.lesson.Solvable() {
		suite.Tests++
		test := junitCase{Name: "the lesson holds", ClassName: one.file, File: one.file, Failure: doesNotHold(one)}
		if test.Failure != nil {
			suite.Failures++
		}
		suite.Cases = append(suite.Cases, test)
	}
	return suite
}

// doesNotHold says what keeps a lesson from holding; nil where nothing does.
func doesNotHold(one played) *junitProblem {
	var lines []string
	for _, f := range one.lesson.Findings {
		if f.Severity == trace.SeverityError {
			lines = append(lines, located(one.file, f))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return &junitProblem{Message: lines[0], Type: "lesson", Text: strings.Join(lines, "\n")}
}

// unmet says how a call came out against what was expected, and below it the
// steps that explain the outcome.
func unmet(c engine.CallReport) *junitProblem {
	lines := []string{"wanted: " + wanted(c.Expected), "got: " + got(c)}
	if c.Verdict != "" {
		lines = append(lines, c.Verdict)
	}
	for _, s := range c.Steps {
		if s.Status == trace.Failed {
			lines = append(lines, s.Rule+": "+s.Why)
		}
	}
	return &junitProblem{
		Message: "wanted " + wanted(c.Expected) + "; got " + got(c),
		Type:    "expectation",
		Text:    strings.Join(lines, "\n"),
	}
}
