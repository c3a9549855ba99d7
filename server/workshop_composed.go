package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"stsplayground/engine/share"
	"stsplayground/engine/source"
	"stsplayground/examples"
	"stsplayground/server/store"
	"stsplayground/web/tools"
)

// composedSlug begins the name of workshops that their address puts together:
// of?lesson=SLUG&lesson=s/ID&title=TEXT.
const composedSlug = "of"

// The most that an address may put together.
const (
	mostComposed       = 20      // lessons
	longestTitle       = 80      // letters
	longestComposition = 4 << 10 // bytes of the address
)

// compose puts a workshop together of the lessons that a query names, in its
// order: those of the playground and of its workshops by their slugs, stored
// ones as s/ID or with the whole address of their short link.
func (s *site) compose(ctx context.Context, query url.Values) (*workshop, *compositionError) {
	refused := func(detail string) (*workshop, *compositionError) {
		return nil, &compositionError{http.StatusBadRequest, "The address puts no workshop together", detail}
	}
	title := strings.Join(strings.Fields(query.Get("title")), " ")
	switch {
	case len(query.Encode()) > longestComposition:
		return refused(fmt.Sprintf("It is longer than %d bytes.", longestComposition))
	case !utf8.ValidString(title) || strings.ContainsFunc(title, unicode.IsControl):
		return refused("Its title isn’t text.")
	case utf8.RuneCountInString(title) > longestTitle:
		return refused(fmt.Sprintf("Its title has more than %d letters.", longestTitle))
	}
	var lessons []examples.Lesson
	named := map[string]bool{}
	for _, text := range query["lesson"] {
		name := lessonNamed(text)
		switch {
		case name == "":
			continue // a field of the form that was left empty
		case named[name]:
			return refused("It names the lesson " + shortened(name, 80) + " twice.")
		case len(lessons) == mostComposed:
			return refused(fmt.Sprintf("It names more than %d lessons.", mostComposed))
		}
		named[name] = true
		l, wrong := s.lessonFor(ctx, name)
		if wrong != nil {
			return nil, wrong
		}
		lessons = append(lessons, l)
	}
	if len(lessons) == 0 {
		return refused("It names no lesson. The page /workshops has a form that makes such addresses.")
	}

	kept := url.Values{}
	if title != "" {
		kept.Set("title", title)
	} else {
		title = "A workshop of " + share.Plural(len(lessons), "lesson", "lessons")
	}
	course := examples.Course{Slug: composedSlug, Title: title}
	for i, l := range lessons {
		kept.Add("lesson", l.Slug)
		l.Course, l.Group, l.Number = course.Slug, title, i+1
		course.Lessons = append(course.Lessons, l)
	}
	name := composedSlug + "?" + kept.Encode()
	return newWorkshop(name, s.workshops.passingRoom(name), course), nil
}

// lessonNamed is what an address calls a lesson: a slug, or s/ID of a stored
// one, whose whole address may be given.
func lessonNamed(text string) string {
	text = strings.TrimSpace(text)
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		text = strings.TrimPrefix(u.Path, "/")
	}
	return strings.TrimPrefix(text, "/")
}

// lessonFor finds a lesson by what an address calls it.
func (s *site) lessonFor(ctx context.Context, name string) (examples.Lesson, *compositionError) {
	if id, stored := strings.CutPrefix(name, "s/"); stored {
		return s.storedLesson(ctx, id)
	}
	for _, w := range s.workshops.all() {
		for _, l := range w.course.Lessons {
			if l.Slug == name {
				return l, nil
			}
		}
	}
	return examples.Lesson{}, &compositionError{http.StatusNotFound, "There is no such lesson", "The address names the lesson " + shortened(name, 80) + ", which isn’t here. The page /workshops lists those that are."}
}

// storedLesson is the lesson of a stored scenario.
func (s *site) storedLesson(ctx context.Context, id string) (examples.Lesson, *compositionError) {
	if s.kept == nil {
		return examples.Lesson{}, &compositionError{http.StatusNotFound, "There are no stored lessons here", "This server stores no scenarios."}
	}
	kept, err := s.kept.get(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return examples.Lesson{}, &compositionError{http.StatusNotFound, "A stored lesson isn’t there", "Of s/" + shortened(id, 80) + ": " + store.ErrNotFound.Error() + "."}
	case err != nil:
		return examples.Lesson{}, &compositionError{http.StatusServiceUnavailable, "A stored lesson can’t be read at the moment", "Trying again later may help."}
	}
	root, wrong := source.ParseJSON(kept.JSON)
	said := tools.LessonOf(&root)
	if wrong != nil || said == nil {
		return examples.Lesson{}, &compositionError{http.StatusBadRequest, "A stored scenario is no lesson", "The scenario s/" + shortened(id, 80) + " has no lesson in it, no task that could be done."}
	}
	l := examples.Lesson{Task: said.Task, Example: examples.Example{Slug: "s/" + id, Title: "A lesson without a title", JSON: kept.JSON, Source: kept.JSON}}
	if title := root.Get("title"); title != nil && title.Text != "" {
		l.Title = title.Text
	}
	if summary := root.Get("summary"); summary != nil {
		l.Summary = summary.Text
	}
	return l, nil
}
