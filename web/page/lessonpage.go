package page

import (
	"strings"

	"github.com/a-h/templ"

	"stsplayground/engine"
	"stsplayground/engine/source"
	"stsplayground/web/tools"
)

// LessonPage is a lesson for reading: what it says, its task, and, folded, its
// hints and its solution.
type LessonPage struct {
	Site     Site
	Meta     Meta
	Title    string
	Summary  string // Markdown, as summaries have it; empty for none
	Number   int    // its place in the course, from 1
	Of       int    // how many lessons the course has
	Course   Course
	Lesson   tools.Lesson
	Report   engine.Report // as the lesson starts
	Scenario string        // as it is written
	Slug     string
	Before   Example // the one before it; empty for none
	After    Example // the one after it
}

// CoursesPage is the overview of the courses.
type CoursesPage struct {
	Site    Site
	Meta    Meta
	Courses []Course
}

// solutionText is the solution as it is written in the lesson's file, without
// what indents it there; empty where there is none.
func solutionText(scenario string) string {
	if strings.HasPrefix(strings.TrimSpace(scenario), "{") {
		return ""
	}
	root, problem := source.ParseYAML(scenario)
	if problem != nil {
		return ""
	}
	lesson := root.Get("lesson")
	if lesson == nil {
		return ""
	}
	lines := strings.Split(scenario, "\n")
	for i, m := range lesson.Members {
		if m.Name != "solution" {
			continue
		}
		end := len(lines)
		if i+1 < len(lesson.Members) {
			end = lesson.Members[i+1].Line - 1
		}
		for _, after := range root.Members { // where the solution is the lesson's last
			if after.Line > m.Line {
				end = min(end, after.Line-1)
			}
		}
		return dedented(lines[m.Line-1 : end])
	}
	return ""
}

// dedented is lines of which the first has the member's name, without the
// name, and without the white space that all the others begin with.
func dedented(lines []string) string {
	indent := len(lines[0]) - len(strings.TrimLeft(lines[0], " "))
	_, same, _ := strings.Cut(lines[0], ":")
	var kept []string
	if same = strings.TrimSpace(same); same != "" {
		kept = append(kept, same)
	}
	for _, line := range lines[1:] {
		kept = append(kept, strings.TrimRight(line[min(indent+2, len(line)-len(strings.TrimLeft(line, " "))):], " "))
	}
	return strings.TrimRight(strings.Join(kept, "\n"), "\n")
}

// words draws a lesson's text; its terms lead to the glossary.
func (p LessonPage) words(text templ.Component) templ.Component {
	return still{home: p.Site.Home}.of(text)
}
