package examples

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"stsplayground/engine/source"
)

//go:embed lessons
var lessonFiles embed.FS

// Course is lessons on one subject, in the order in which they are taken.
type Course struct {
	Slug    string // of the folder's name
	Title   string
	Summary string // one sentence; "" for a course of somebody else
	Lessons []Lesson
}

// Lesson is one scenario with a task. Its slug is the file's name without the
// number and the ending, its group the title of its course.
type Lesson struct {
	Example
	Course string // slug of its course
	Number int    // its place in the course, from 1
}

// courses are the playground's own, in the order in which they are offered.
// The folder of each is named for its number and slug.
var courses = []Course{
	{Slug: "from-keys-to-roles", Title: "From keys to roles", Summary: "Long-lived access keys leak and stay good; roles give keys that expire, to those whom they trust."},
	{Slug: "oidc-from-the-inside", Title: "OIDC from the inside", Summary: "What a token says, who signed it, and each check that STS makes before it believes one."},
	{Slug: "the-trust-policy-is-the-lock", Title: "The trust policy is the lock", Summary: "The token proves who somebody is; the trust policy decides whether that is somebody to let in."},
	{Slug: "saml-from-the-inside", Title: "SAML from the inside", Summary: "Responses, assertions and their attributes, and the forgeries that a careless reader takes."},
	{Slug: "two-gates-and-abac", Title: "Two gates and ABAC", Summary: "Whoever is in meets the second gate: permissions, boundaries, the organization's policies, and tags that make one role do for many teams."},
	{Slug: "federation-brokers-and-other-patterns", Title: "Federation brokers and other patterns", Summary: "The systems in front of STS, from a broker of one's own to pods, guests, certificates and the access portal."},
	{Slug: "the-debugging-ladder", Title: "The debugging ladder", Summary: "From one generic AccessDenied to its cause, rung by rung, as it happens at work."},
}

// Lessons are the courses that have lessons, in their order. A file that is no
// lesson is a mistake in the program itself, and panics.
func Lessons() []Course {
	own, err := fs.Sub(lessonFiles, "lessons")
	if err != nil {
		panic(err) // only for a malformed name
	}
	read, err := readCourses(own)
	if err != nil {
		panic("examples: lessons/" + err.Error())
	}
	return read
}

// readCourses reads the playground's own courses, a folder each.
func readCourses(own fs.FS) (read []Course, err error) {
	entries, err := fs.ReadDir(own, ".")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		folder := entry.Name()
		place := slices.IndexFunc(courses, func(c Course) bool { return c.folder() == folder })
		if place < 0 {
			return nil, fmt.Errorf("%s: there is no course of this name", folder)
		}
		sub, err := fs.Sub(own, folder)
		if err != nil {
			return nil, err
		}
		course, err := ReadCourse(courses[place].Slug, sub)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s/%w", folder, err)
		case course.Title != courses[place].Title:
			return nil, fmt.Errorf("%s: its lessons are of the course %s, and it is the folder of %s", folder, source.Quote(course.Title), source.Quote(courses[place].Title))
		}
		course.Summary = courses[place].Summary
		read = append(read, course)
	}
	return read, nil // by the folders' numbers
}

// folder is the name of the course's folder.
func (c Course) folder() string {
	return fmt.Sprintf("%d-%s", 1+slices.IndexFunc(courses, func(o Course) bool { return o.Slug == c.Slug }), c.Slug)
}

// mostOfALesson bounds a file of a course, in bytes: a scenario of the page.
const mostOfALesson = 1 << 20

// ReadCourse reads a course from a folder: its files that end in .yaml, .yml
// or .json, in the order of their names, which may begin with a number as in
// 01-a-first-lesson.yaml. The course's title is what each lesson says it is.
// An error names the file.
func ReadCourse(slug string, folder fs.FS) (Course, error) {
	course := Course{Slug: slug}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return course, err
	}
	files := map[string]string{} // by the slug
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(name)) || strings.HasPrefix(name, ".") {
			continue
		}
		lesson, title, err := readLesson(folder, name)
		switch {
		case err != nil:
			return course, err
		case files[lesson.Slug] != "":
			return course, fmt.Errorf("%s: %s has the same name; a lesson's is its own, whatever its number", name, files[lesson.Slug])
		case course.Title != "" && course.Title != title:
			return course, fmt.Errorf("%s: it is of the course %s, and the lessons before it are of %s; a folder has one course", name, source.Quote(title), source.Quote(course.Title))
		}
		files[lesson.Slug], course.Title = name, title
		lesson.Course, lesson.Group, lesson.Number = slug, title, len(course.Lessons)+1
		course.Lessons = append(course.Lessons, lesson)
	}
	if len(course.Lessons) == 0 {
		return course, fmt.Errorf("there is no lesson in the folder; a lesson is a file such as 01-a-first-lesson.yaml")
	}
	return course, nil
}

// readLesson reads one file of a course, and the title of the course that it
// says it is of.
func readLesson(folder fs.FS, name string) (lesson Lesson, course string, err error) {
	text, err := readUpTo(folder, name)
	if err != nil {
		return lesson, "", err
	}
	e, node, err := parse(name, text)
	if err != nil {
		return lesson, "", err
	}
	said := node.Get("lesson")
	course = textOf(said.Get("course"))
	switch {
	case said == nil:
		return lesson, "", fmt.Errorf("%s: the scenario has no lesson", name)
	case course == "":
		return lesson, "", fmt.Errorf("%s: lesson.course is missing, the title of the course", name)
	case e.Title == "":
		return lesson, "", fmt.Errorf("%s: title is missing", name)
	}
	e.Slug = withoutNumber(e.Slug)
	return Lesson{Example: e}, course, nil
}

// readUpTo reads a file of at most mostOfALesson bytes.
func readUpTo(folder fs.FS, name string) (string, error) {
	info, err := fs.Stat(folder, name)
	if err != nil {
		return "", err
	}
	if info.Size() > mostOfALesson {
		return "", fmt.Errorf("%s: the file has %d bytes, and a lesson at most %d", name, info.Size(), mostOfALesson)
	}
	text, err := fs.ReadFile(folder, name)
	return string(text), err
}

// withoutNumber is a name without the number that puts it in its place.
func withoutNumber(name string) string {
	rest := strings.TrimLeft(name, "0123456789")
	if rest == name || !strings.HasPrefix(rest, "-") || len(rest) == 1 {
		return name
	}
	return rest[1:]
}
