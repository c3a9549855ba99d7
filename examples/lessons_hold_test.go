package examples_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"stsplayground/engine"
	"stsplayground/engine/lesson"
	"stsplayground/engine/reference"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
	"stsplayground/web/glossary"
)

func terms() (slugs []string) {
	for _, term := range glossary.All() {
		slugs = append(slugs, term.Slug)
	}
	return slugs
}

// The lesson that the guide walks through is one: whoever copies it has one
// that holds.
func TestTheGuidesLessonHolds(t *testing.T) {
	guide, err := os.ReadFile("lessons/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(guide), "```yaml\n")
	text, _, found := strings.Cut(text, "```\n")
	if !found {
		t.Fatal("got no lesson in the guide")
	}
	course, err := examples.ReadCourse("guide", fstest.MapFS{"01-the-audience-of-another-system.yaml": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, course.Lessons[0])
}

// The workshop that the guide has people copy is one: its lessons hold.
func TestTheSampleWorkshopHolds(t *testing.T) {
	course, err := examples.ReadCourse("workshop", os.DirFS("workshop"))
	if err != nil {
		t.Fatal(err)
	}
	if course.Title == "" || course.Summary == "" || len(course.Lessons) != 3 {
		t.Errorf("got %q, %q and %d lessons, want a title, a summary and three", course.Title, course.Summary, len(course.Lessons))
	}
	for _, l := range course.Lessons {
		t.Run(l.Slug, func(t *testing.T) { holds(t, l) })
	}
}

// Every lesson starts with something left to do, and its solution does it; and
// its texts are as long as someone reads who has three to eight minutes.
func TestEveryLessonHolds(t *testing.T) {
	for _, course := range examples.Lessons() {
		for _, l := range course.Lessons {
			t.Run(l.Slug, func(t *testing.T) { holds(t, l) })
		}
	}
}

func holds(t *testing.T, l examples.Lesson) {
	t.Helper()
	s, findings := engine.Decode(l.Source, scenario.LimitPage)
	if scenario.Unreadable(findings) {
		t.Fatalf("got %+v", findings)
	}
	if s.Now.IsZero() {
		t.Fatal("got no now, so that it plays differently tomorrow")
	}
	s.Reference = reference.Embedded()
	played := lesson.Play(s, terms())
	for _, f := range played.Findings {
		t.Errorf("got %s in line %d: %s", f.Rule, f.At.Line, f.Detail)
	}
	if !played.Solvable() {
		t.Error("got no solution")
	}
	texts(t, l, s)
}

// texts wants a lesson's texts to be as long as they are read.
func texts(t *testing.T, l examples.Lesson, s engine.Scenario) {
	if n := utf8.RuneCountInString(l.Title); n > 60 || strings.HasSuffix(l.Title, ".") {
		t.Errorf("got a title of %d letters, want at most 60 and no full stop", n)
	}
	if l.Summary == "" || len(strings.Fields(l.Summary)) > 30 {
		t.Errorf("got summary %q, want one line", l.Summary)
	}
	if len(s.Covers) == 0 {
		t.Error("got no covers, want the rows that it shows")
	}
	if len(s.Lesson.Editable) == 0 {
		t.Error("got no editable place, want what the task is about")
	}
	for _, text := range []struct {
		name, text  string
		least, most int // words
	}{
		{"text", s.Lesson.Text, 60, 180},
		{"task", s.Lesson.Task, 5, 80},
		{"debrief", s.Lesson.Debrief, 30, 120},
	} {
		if n := len(strings.Fields(text.text)); n < text.least || n > text.most {
			t.Errorf("got %d words of %s, want %d to %d", n, text.name, text.least, text.most)
		}
	}
	if n := len(s.Lesson.Hints); n < 2 || n > 3 {
		t.Errorf("got %d hints, want 2 or 3", n)
	}
	unnamed := func(c scenario.Call) bool { return strings.HasPrefix(c.Name, "call ") }
	if slices.ContainsFunc(s.Calls, unnamed) {
		t.Error("got a call without a name, and it is a box's words")
	}
}
