package page

import (
	"net/url"
	"strings"

	"stsplayground/engine/share"
	"stsplayground/web/tools"
)

// Workshop is a course as a room takes it.
type Workshop struct {
	Name    string // as addresses have it: a slug, or "of?" and the query that puts it together
	Title   string
	Summary string // Markdown; "" for none
	Lessons []WorkshopLesson
	Join    Join
	Wrong   []string // why the course isn't as its folder is now, FILE:LINE:COLUMN first; empty where it is
}

// WorkshopLesson is one lesson as the course's page lists it. Summary and Task
// are Markdown.
type WorkshopLesson struct {
	Slug, Title, Summary, Task string
}

// Join is how people come to a workshop. The zero value: nobody but this
// machine can.
type Join struct {
	Addresses []string // that lead to the workshop, the likeliest first; each ends with the room's code
	Code      string
	QR        tools.Code // of the first address
	Near      bool       // only who is in the same network reaches them
}

// words stand before the address.
func (j Join) words() string {
	if j.Near {
		return "In the same network, open"
	}
	return "Open"
}

// Address is the path of the workshop's page, or of a part below it.
func (w Workshop) Address(part string) string {
	slug, query, composed := strings.Cut(w.Name, "?")
	path := "/workshops/" + slug
	if part != "" {
		path += "/" + part
	}
	if composed {
		path += "?" + query
	}
	return path
}

// Composed says whether the workshop is put together by its address.
func (w Workshop) Composed() bool { return strings.Contains(w.Name, "?") }

// Play is the address of the playground with a lesson of the workshop in it.
func (w Workshop) Play(lesson string) string { return "/" + lessonAddress(w.Name, lesson) }

// First is the slug of the lesson that it begins with.
func (w Workshop) First() string {
	if len(w.Lessons) == 0 {
		return ""
	}
	return w.Lessons[0].Slug
}

// length says how many lessons there are.
func (w Workshop) length() string { return share.Plural(len(w.Lessons), "lesson", "lessons") }

// tasks are the texts that may link to terms of the glossary.
func (w Workshop) tasks() (all []string) {
	for _, l := range w.Lessons {
		all = append(all, l.Task)
	}
	return all
}

// lessonAddress is the query that opens a lesson, in a workshop where one is named.
func lessonAddress(workshop, lesson string) string {
	if workshop == "" {
		return "?lesson=" + url.QueryEscape(lesson)
	}
	return "?workshop=" + url.QueryEscape(workshop) + "&lesson=" + url.QueryEscape(lesson)
}

// typedParts are an address's scheme, its host and its path. Browsers add the
// scheme by themselves; of the rest each part stays in one line.
func typedParts(address string) (scheme, host, path string) {
	scheme, rest, _ := strings.Cut(address, "://")
	host, path, _ = strings.Cut(rest, "/")
	return scheme + "://", host, "/" + path
}

// joinTitle is the accessible name of a workshop's code.
func joinTitle(w Workshop) string { return "QR code that leads to the workshop " + w.Title }

// workshopsHere heads the list of workshops.
func workshopsHere(n int) string { return share.Plural(n, "workshop", "workshops") + " here" }
