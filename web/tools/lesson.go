package tools

import (
	"strconv"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/web/glossary"
)

// Lesson is what a lesson says to whoever takes it. The texts are Markdown.
type Lesson struct {
	Course  string
	Text    string // what one has to know
	Task    string // what to do
	Hints   []string
	Debrief string // why that was it
	Solved  bool   // it has a solution
	Sources []Source
}

// Source is where a lesson's text can be checked.
type Source struct{ Title, URL string }

// ReadLesson reads the lesson of a scenario document, JSON or YAML; nil where
// there is none, or the document can't be read.
func ReadLesson(scenario string) *Lesson {
	read := source.ParseYAML
	if strings.HasPrefix(strings.TrimSpace(scenario), "{") {
		read = source.ParseJSON
	}
	root, err := read(scenario)
	if err != nil {
		return nil
	}
	return LessonOf(&root)
}

// LessonOf reads the lesson of a scenario as far as it can be read: the
// engine's findings say what is wrong with it. Nil where there is none.
func LessonOf(root *source.Node) *Lesson {
	lesson := root.Get("lesson")
	if lesson == nil || lesson.Kind != source.Object {
		return nil
	}
	l := &Lesson{
		Course: text(lesson.Get("course")),
		Text:   text(lesson.Get("text")), Task: text(lesson.Get("task")), Debrief: text(lesson.Get("debrief")),
		Solved: lesson.Get("solution") != nil,
	}
	if hints := lesson.Get("hints"); hints != nil {
		for i := range hints.Items {
			l.Hints = append(l.Hints, text(&hints.Items[i]))
		}
	}
	if sources := lesson.Get("sources"); sources != nil {
		for i := range sources.Items {
			s := Source{Title: text(sources.Items[i].Get("title")), URL: text(sources.Items[i].Get("url"))}
			if strings.HasPrefix(s.URL, "https://") {
				l.Sources = append(l.Sources, s)
			}
		}
	}
	return l
}

func text(n *source.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// all is every text of the lesson that may link to a term.
func (l Lesson) all() []string { return append([]string{l.Text, l.Task, l.Debrief}, l.Hints...) }

// Terms are those that the lesson's texts link to, each once, in their order.
func (l Lesson) Terms() []glossary.Term { return terms(l.all()...) }

// HintName is what a hint is called; i counts from 0.
func HintName(i, of int) string {
	if of == 1 {
		return "Hint"
	}
	return "Hint " + strconv.Itoa(i+1) + " of " + strconv.Itoa(of)
}
