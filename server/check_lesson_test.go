package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stsplayground/engine/trace"
)

// holdsFile is a lesson that holds; read from here, whatever directory a test goes to.
var holdsFile, _ = filepath.Abs("../engine/lesson/testdata/holds.yaml")

// lessonFiles are a lesson that holds, and one for each way not to.
func lessonFiles(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(holdsFile)
	if err != nil {
		t.Fatal(err)
	}
	holds := string(text)
	before, solution, _ := strings.Cut(holds, "  solution:\n")
	solution, after, _ := strings.Cut(solution, "  debrief:")
	solved := func(solution string) string { return before + solution + "  debrief:" + after }
	return map[string]string{
		"holds.yaml":            holds,
		"elsewhere.yaml":        solved("  solution:\n" + solution + "    - {op: add, path: /title, value: Solved}\n"),
		"does-not-apply.yaml":   solved("  solution: [{op: remove, path: /accounts/210987654321}]\n"),
		"makes-none.yaml":       solved("  solution: {account: {}}\n"),
		"no-solution.yaml":      solved(""),
		"nowhere.yaml":          strings.Replace(holds, "editable: [", "editable: [/accounts/210987654321/Roles/0, ", 1),
		"solution-unmet.yaml":   strings.Replace(holds, "value: repo:acme/app:", "value: repo:acme/other:", 1),
		"starts-met.yaml":       strings.Replace(holds, "{outcome: failure, code: AccessDenied, step: trust/condition}", "{outcome: success}", 1),
		"expects-nothing.yaml":  strings.ReplaceAll(holds, "    expect: ", "    context: {} # "),
		"script-source.yaml":    strings.Replace(holds, "https://docs.aws.amazon.com/IAM", "javascript:IAM", 1),
		"unknown-term.yaml":     strings.Replace(holds, "glossary:subject", "glossary:subjects", 1),
		"no-source.yaml":        holds[:strings.Index(holds, "  sources:")],
		"no-task.yaml":          strings.Replace(holds, "  task:", "  # task:", 1),
		"misspelt.yaml":         strings.Replace(holds, "  debrief:", "  debreif:", 1),
		"source-without-a-url":  strings.Replace(holds, ", url: ", ", uri: ", 1),
		"a-text-as-its-sources": holds[:strings.Index(holds, "  sources:")] + "  sources: the IAM User Guide\n",
	}
}

// checkLessons runs check on the files of that name.
func checkLessons(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	files := lessonFiles(t)
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out, err bytes.Buffer
	p := program{in: strings.NewReader(files["holds.yaml"]), out: &out, err: &err, clock: testClock}
	code = p.run(t.Context(), append([]string{"check"}, args...))
	return code, out.String(), err.String()
}

func TestALessonIsPlayedTwice(t *testing.T) {
	for _, test := range []struct {
		name, file string
		exit       int
		says       []string // on standard output
		stderr     string
	}{
		{"a lesson that holds", "holds.yaml", 0, []string{"  The lesson starts unmet, and its solution meets all 2.\n", "2 expectations met, 1 lesson holds\n"}, ""},
		{"a lesson from standard input", "-", 0, []string{"The lesson starts unmet"}, ""},
		{"it starts met", "starts-met.yaml", 1, []string{"The lesson starts with everything met, and its solution meets 1 of 2.\n  THE LESSON DOESN'T HOLD\n", "starts-met.yaml:41:3 lesson/starts-met"}, ""},
		{"its solution isn't met", "solution-unmet.yaml", 1, []string{"The lesson starts unmet, and its solution meets 1 of 2.", "solution-unmet.yaml:24:5 lesson/solution-unmet", "1 of 2 expectations met, 0 of 1 lesson hold"}, ""},
		{"its solution doesn't apply", "does-not-apply.yaml", 1, []string{"The lesson starts unmet, and its solution doesn't apply.", "does-not-apply.yaml:48:14 lesson/solution-fits\n    at /lesson/solution/0\n", `there is no "210987654321" in /accounts`}, ""},
		{"its solution makes what is no scenario", "makes-none.yaml", 1, []string{"solution doesn't apply", "account here; did you mean accounts?"}, ""},
		{"its solution reaches elsewhere", "elsewhere.yaml", 1, []string{"solution meets all 2.\n  THE LESSON DOESN'T HOLD", "it touches /title", "2 expectations met, 0 of 1 lesson hold"}, ""},
		{"an editable place is nowhere", "nowhere.yaml", 1, []string{"lesson/editable-missing"}, ""},
		{"nothing is expected", "expects-nothing.yaml", 1, []string{"The lesson expects nothing, and nothing after its solution either.", "lesson/no-expectations", "no expectations, 0 of 1 lesson hold"}, ""},
		{"a source is no address", "script-source.yaml", 1, []string{"lesson/source-address"}, ""},
		{"a warning lets it hold", "unknown-term.yaml", 0, []string{"warning unknown-term.yaml:42:9 lesson/glossary-term", "1 lesson holds"}, ""},
		{"without a source it holds", "no-source.yaml", 0, []string{"warning no-source.yaml:41:3 lesson/source-missing"}, ""},
		{"without a task it holds", "no-task.yaml", 0, []string{"warning no-task.yaml:41:3 lesson/task-missing"}, ""},
		{"without a solution it is a scenario", "no-solution.yaml", 1, []string{"The lesson starts unmet, and it has no solution.", "warning no-solution.yaml:41:3 lesson/solution-missing", "1 of 2 expectations met\n"}, ""},
		{"an unknown field is named with the nearest", "misspelt.yaml", 2, nil, "misspelt.yaml:52:3: /lesson/debreif: there is no field debreif here; did you mean debrief?"},
		{"a source needs its url", "source-without-a-url", 2, nil, "source-without-a-url:54:78: /lesson/sources/0/uri: there is no field uri here; did you mean url?"},
		{"sources are a list", "a-text-as-its-sources", 2, nil, "a-text-as-its-sources:53:12: /lesson/sources: a list is wanted here"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := checkLessons(t, test.file)
			if code != test.exit {
				t.Errorf("got exit code %d, want %d", code, test.exit)
			}
			for _, says := range test.says {
				if !strings.Contains(stdout, says) {
					t.Errorf("got no %q in:\n%s", says, stdout)
				}
			}
			if !strings.HasPrefix(stderr, test.stderr) || test.stderr == "" && stderr != "" {
				t.Errorf("got standard error %q, want %q", stderr, test.stderr)
			}
		})
	}
}

func TestALessonInJSON(t *testing.T) {
	code, stdout, _ := checkLessons(t, "--format", "json", "holds.yaml", "starts-met.yaml", "no-solution.yaml")
	var reports []struct {
		Met      *bool
		Findings []trace.Finding
		Calls    []struct{ Outcome string }
	}
	if err := json.Unmarshal([]byte(stdout), &reports); err != nil || len(reports) != 3 {
		t.Fatalf("got %v, %d reports, want one for each file", err, len(reports))
	}
	for i, want := range []struct {
		met      bool
		rules    []string
		outcomes []string
	}{
		{true, nil, []string{"success", "failure"}}, // the solved scenario's
		{false, []string{"lesson/solution-unmet", "lesson/starts-met"}, []string{"success", "failure"}},
		{false, []string{"lesson/solution-missing"}, []string{"success", "success"}},
	} {
		got := reports[i]
		var rules, outcomes []string
		for _, f := range got.Findings {
			if strings.HasPrefix(f.Rule, "lesson/") {
				rules = append(rules, f.Rule)
			}
		}
		for _, c := range got.Calls {
			outcomes = append(outcomes, c.Outcome)
		}
		if got.Met == nil || *got.Met != want.met || !slices.Equal(rules, want.rules) || !slices.Equal(outcomes, want.outcomes) {
			t.Errorf("report %d: got met %v, %v, %v, want %+v", i, got.Met, rules, outcomes, want)
		}
	}
	if code != exitUnmet {
		t.Errorf("got exit code %d, want 1", code)
	}
}

func TestALessonInTheTableAndJUnit(t *testing.T) {
	files := []string{"holds.yaml", "starts-met.yaml", "does-not-apply.yaml", "elsewhere.yaml", "no-solution.yaml"}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := checkLessons(t, files...)
	_, junit, _ := checkLessons(t, append([]string{"--format", "junit"}, files...)...)
	t.Chdir(here)
	golden(t, "lessons.txt", table)
	golden(t, "lessons.xml", junit)
}

func TestWhoGetsInIsAskedAfterTheSolution(t *testing.T) {
	_, stdout, _ := checkLessons(t, "-who-gets-in", "holds.yaml")
	if !strings.Contains(stdout, "another branch") || strings.Contains(stdout, "Everybody at the provider") {
		t.Errorf("got who gets in of the start:\n%s", stdout)
	}
}
