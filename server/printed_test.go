package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), go test -update accepts it:\n%s", path, diff)
	}
}

// sample is what check prints, at its most varied: met, unmet and unstated
// expectations, an assumed signature, findings with and without a position,
// names that are long or steer a terminal, and a file that can't be read.
func sample() []played {
	yes, no := true, false
	refused := &trace.Error{Code: "AccessDenied", Message: "Not authorized to perform sts:AssumeRoleWithWebIdentity", Status: 403, Type: "Sender"}
	steps := []trace.Step{
		{Rule: "oidc/issuer", Status: trace.Passed},
		{Rule: "trust/condition", Status: trace.Failed, Why: "The policy wants sub repo:acme/app:ref:refs/heads/main & the token says repo:acme/app:pull_request."},
		{Rule: "trust/deny", Status: trace.Skipped},
	}
	return []played{
		{file: "examples/github.yaml", now: testNow, report: engine.Report{
			Title: "GitHub Actions deploys from main",
			Met:   &no,
			Findings: []trace.Finding{
				{
					Rule: "trust/subject-missing", Severity: trace.SeverityWarning, Title: "The trust policy names a subject",
					Detail: "The statement says nothing about token.actions.githubusercontent.com:sub, so every repository on GitHub can assume the role.",
					At:     trace.At{Path: "/accounts/123456789012/Roles/0/AssumeRolePolicyDocument/Statement/0", Line: 7, Column: 5},
				},
				{
					Rule: "policy/version", Severity: trace.SeverityError, Detail: "The version 2012-10-71 isn't one of IAM's.",
					At: trace.At{Path: "/accounts/123456789012/Roles/1/AssumeRolePolicyDocument/Version", Within: &trace.Within{Path: "/Version", Line: 2, Column: 14}},
				},
			},
			Calls: []engine.CallReport{
				{Name: "push to main", Outcome: "success", Steps: steps[:1], Assumed: []string{"oidc/signature"}, Expected: &scenario.Expect{Outcome: "success"}, Met: &yes},
				{
					Name: "pull request", Outcome: "failure", Steps: steps, Error: refused, Verdict: "STS refuses: the policy wants another sub.",
					Expected: &scenario.Expect{Outcome: "failure", Code: "AccessDenied", Step: "trust/condition"}, Met: &yes,
				},
				{
					Name:    `a call whose name is far too long for the column that it would have to fit in <&"'>`,
					Outcome: "failure", Steps: steps, Error: refused, Expected: &scenario.Expect{Outcome: "success"}, Met: &no,
				},
				{Name: "colour \x1b[31m and \u202eorder", Outcome: "success", Steps: steps[:1]},
			},
		}},
		{file: "broken.yaml", unreadable: []string{`broken.yaml:3:1: /isuers: "isuers" is no field`, "broken.yaml:9:1: /now: no time"}},
		{file: "-", now: testNow, clock: true, report: engine.Report{Calls: []engine.CallReport{}}},
	}
}

func TestTheTableReadsAtEightyColumns(t *testing.T) {
	var out bytes.Buffer
	if err := printTable(&out, sample(), 80, false); err != nil {
		t.Fatal(err)
	}
	golden(t, "table.txt", out.String())
	for _, line := range strings.Split(out.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > 80 && len(strings.Fields(line)) > 1 {
			t.Errorf("got %d columns, want at most 80: %s", n, line)
		}
	}
}

func TestColoursChangeNoWord(t *testing.T) {
	var plainText, coloured bytes.Buffer
	if err := printTable(&plainText, sample(), 80, false); err != nil {
		t.Fatal(err)
	}
	if err := printTable(&coloured, sample(), 80, true); err != nil {
		t.Fatal(err)
	}
	if plainText.String() == coloured.String() {
		t.Error("got no colours on a terminal")
	}
	got := strings.NewReplacer(red, "", green, "", yellow, "", plain, "").Replace(coloured.String())
	if diff := cmp.Diff(plainText.String(), got); diff != "" {
		t.Errorf("(-plain +coloured without its colours):\n%s", diff)
	}
}

func TestJUnitNamesWhatWasWantedAndGot(t *testing.T) {
	var out bytes.Buffer
	if err := printJUnit(&out, sample()); err != nil {
		t.Fatal(err)
	}
	golden(t, "junit.xml", out.String())

	var read junitSuites
	if err := xml.Unmarshal(out.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if read.Tests != 4 || read.Failures != 1 || read.Errors != 1 || len(read.Suites) != 3 {
		t.Errorf("got %d tests, %d failures, %d errors in %d suites, want 4, 1, 1 in 3", read.Tests, read.Failures, read.Errors, len(read.Suites))
	}
	failed := read.Suites[0].Cases[2]
	if want := sample()[0].report.Calls[2].Name; failed.Name != want {
		t.Errorf("got name %q, want %q", failed.Name, want)
	}
	if got, want := failed.Failure.Message, "wanted success; got failure, error AccessDenied, failed step trust/condition"; got != want {
		t.Errorf("got message %q, want %q", got, want)
	}
}

func TestJSONIsAnArrayOfTheReadableFilesReports(t *testing.T) {
	var out bytes.Buffer
	if err := printJSON(&out, sample()); err != nil {
		t.Fatal(err)
	}
	var reports []map[string]any
	if err := json.Unmarshal(out.Bytes(), &reports); err != nil {
		t.Fatal(err)
	}
	if len(reports) != 2 || reports[0]["title"] != "GitHub Actions deploys from main" || reports[0]["met"] != false || reports[1]["met"] != nil {
		t.Errorf("got %d reports, want the two that could be read, in order", len(reports))
	}

	out.Reset()
	if err := printJSON(&out, nil); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "[]\n" {
		t.Errorf("got %q where nothing could be read, want []", got)
	}
}
