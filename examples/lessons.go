package examples

import (
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
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
	Summary string // one sentence, Markdown; may be "" for a course of somebody else
	Lessons []Lesson
}

// Lesson is one scenario with a task. Its slug is the file's name without the
// number and the ending, its group the title of its course.
type Lesson struct {
	Example
	File   string // the file's name
	Task   string // what to do; Markdown
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

// Bundle is courses as the page fetches them: JSON, a list of
// {slug, title, lessons: a list of {slug, title, scenario}}.
func Bundle(courses []Course) ([]byte, error) {
	type lesson struct {
		Slug     string          `json:"slug"`
		Title    string          `json:"title"`
		Scenario json.RawMessage `json:"scenario"`
	}
	type course struct {
		Slug    string   `json:"slug"`
		Title   string   `json:"title"`
		Lessons []lesson `json:"lessons"`
	}
	all := []course{}
	for _, c := range courses {
		one := course{Slug: c.Slug, Title: c.Title, Lessons: []lesson{}}
		for _, l := range c.Lessons {
			one.Lessons = append(one.Lessons, lesson{l.Slug, l.Title, json.RawMessage(l.JSON)})
		}
		all = append(all, one)
	}
	return json.Marshal(all)
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

// What bounds a course: the bytes of a file, which is a scenario of the page,
// the bytes of all of them, which each participant loads, and how many there
// are.
const (
	mostOfALesson = 1 << 20
	mostOfACourse = 4 << 20
	mostLessons   = 100
)

// aboutCourse is the file of a course's folder that is no lesson: it has the
// course's title and summary.
const aboutCourse = "course.yaml"

// lessonName is what a lesson's file may be called, the ending left out: it
// becomes part of an address.
var lessonName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)

// Problem says what keeps a folder from being a course. Line and Column count
// from 1; both are 0 for what is of no line.
type Problem struct {
	File         string // in the folder; "" for the folder itself
	Line, Column int
	Reason       string // what is wrong, and what to do
}

func (p Problem) Error() string {
	switch {
	case p.File == "":
		return p.Reason
	case p.Line == 0:
		return p.File + ": " + p.Reason
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Reason)
}

// Problems are all that keep a folder from being a course, in the order of its
// files.
type Problems []Problem

func (p Problems) Error() string {
	var lines []string
	for _, one := range p {
		lines = append(lines, one.Error())
	}
	return strings.Join(lines, "\n")
}

// ReadCourse reads a course from a folder: its files that end in .yaml, .yml
// or .json, in the order of their names, which may begin with a number as in
// 01-a-first-lesson.yaml. The file course.yaml is no lesson, and needn't be
// there: its title and summary are the course's. The title may also be what
// each lesson says it is of, in lesson.course. An error is Problems.
func ReadCourse(slug string, folder fs.FS) (Course, error) {
	course := Course{Slug: slug}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return course, Problems{{Reason: "the folder can't be read: " + bare(err)}}
	}
	r := courseReader{folder: folder, course: &course, files: map[string]string{}}
	r.readAbout()
	for _, entry := range entries {
		name := entry.Name()
		if !entry.IsDir() && name != aboutCourse && !strings.HasPrefix(name, ".") && slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(name)) {
			r.readLesson(name)
		}
	}
	if len(course.Lessons) == 0 && len(r.problems) == 0 {
		r.say("", nil, "there is no lesson in the folder; a lesson is a file such as 01-a-first-lesson.yaml")
	}
	if len(r.problems) > 0 {
		return course, r.problems
	}
	return course, nil
}

// courseReader reads the files of a folder into a course, and goes on after a
// problem: who mends a folder wants to know all of them.
type courseReader struct {
	folder   fs.FS
	course   *Course
	files    map[string]string // by the slug
	size     int64
	problems Problems
}

// say adds a problem of a file, or of a value in it.
func (r *courseReader) say(file string, at *source.Node, reason string) {
	p := Problem{File: file, Reason: reason}
	if at != nil {
		p.Line, p.Column = max(at.Line, 1), max(at.Column, 1)
	}
	r.problems = append(r.problems, p)
}

// readAbout reads course.yaml, where it is there.
func (r *courseReader) readAbout() {
	if _, err := fs.Stat(r.folder, aboutCourse); errors.Is(err, fs.ErrNotExist) {
		return
	}
	_, node, ok := r.parse(aboutCourse)
	if !ok {
		return
	}
	for _, m := range node.Members {
		switch {
		case m.Name != "title" && m.Name != "summary":
			r.say(aboutCourse, &source.Node{Line: m.Line, Column: m.Column}, source.Quote(m.Name)+" isn't known; the file has a title and a summary")
		case m.Value.Kind != source.String:
			r.say(aboutCourse, &m.Value, m.Name+" has to be text")
		}
	}
	r.course.Title, r.course.Summary = textOf(node.Get("title")), textOf(node.Get("summary"))
	if r.course.Title == "" {
		r.say(aboutCourse, &node, "title is missing, what the course is called")
	}
}

// readLesson reads one file of a course.
func (r *courseReader) readLesson(name string) {
	if len(r.course.Lessons) == mostLessons {
		r.say(name, nil, fmt.Sprintf("a course has at most %d lessons; make two of it", mostLessons))
		return
	}
	e, node, ok := r.parse(name)
	if !ok {
		return
	}
	said := node.Get("lesson")
	title, summary := node.Get("title"), node.Get("summary")
	course := cmp.Or(textOf(said.Get("course")), r.course.Title)
	switch {
	case said == nil:
		r.say(name, &node, "the scenario has no lesson; add one, at least: lesson: {task: what to do}")
		return
	case said.Kind != source.Object:
		r.say(name, said, "lesson has to be an object with a task")
		return
	case course == "":
		r.say(name, said, "lesson.course is missing, the title of the course; it may also stand in course.yaml, as title: …")
		return
	case e.Title == "":
		r.say(name, &node, "title is missing, what the lesson is called")
		return
	case title.Kind != source.String || summary != nil && summary.Kind != source.String:
		r.say(name, title, "title and summary have to be text")
		return
	case r.course.Title != "" && r.course.Title != course:
		r.say(name, said.Get("course"), "it is of the course "+source.Quote(course)+", and the lessons before it are of "+source.Quote(r.course.Title)+"; a folder has one course")
		return
	}
	e.Slug = withoutNumber(e.Slug)
	if other := r.files[e.Slug]; other != "" {
		r.say(name, &node, other+" has the same name; a lesson's is its own, whatever its number; rename one of them")
		return
	}
	r.files[e.Slug], r.course.Title = name, course
	e.Group = course
	r.course.Lessons = append(r.course.Lessons, Lesson{Example: e, File: name, Task: textOf(said.Get("task")), Course: r.course.Slug, Number: len(r.course.Lessons) + 1})
}

// parse reads a file's text; false where that is a problem.
func (r *courseReader) parse(name string) (e Example, node source.Node, ok bool) {
	if !lessonName.MatchString(strings.TrimSuffix(name, path.Ext(name))) {
		r.say(name, nil, "the name becomes an address; rename it to letters, digits, hyphens, dots and underscores, at most 80")
		return e, node, false
	}
	text, problem := readUpTo(r.folder, name)
	if r.size += int64(len(text)); problem == "" && r.size > mostOfACourse {
		problem = fmt.Sprintf("with it the course has more than %d bytes, and each participant loads them all; make two of it", mostOfACourse)
	}
	if problem != "" {
		r.say(name, nil, problem)
		return e, node, false
	}
	e, node, wrong := parse(name, text)
	if wrong != nil {
		r.say(name, &source.Node{Line: wrong.Line, Column: wrong.Column}, wrong.Reason)
	}
	return e, node, wrong == nil
}

// readUpTo reads a file of at most mostOfALesson bytes; problem says why it
// can't be. What is no file, such as a pipe, isn't opened.
func readUpTo(folder fs.FS, name string) (text, problem string) {
	info, err := fs.Stat(folder, name)
	switch {
	case err != nil:
		return "", "it can't be read: " + bare(err)
	case !info.Mode().IsRegular():
		return "", "it is no file"
	case info.Size() > mostOfALesson:
		return "", fmt.Sprintf("the file has %d bytes, and a lesson at most %d", info.Size(), mostOfALesson)
	}
	f, err := folder.Open(name)
	if err != nil {
		return "", "it can't be read: " + bare(err)
	}
	defer f.Close()
	read, err := io.ReadAll(io.LimitReader(f, mostOfALesson))
	if err != nil {
		return "", "it can't be read: " + bare(err)
	}
	return string(read), ""
}

// bare is an error without the operation and the path, which the line begins
// with. A folder that is an os.Root has no error of its own for what leads out
// of it.
func bare(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if strings.Contains(err.Error(), "escapes") {
		return "it leads out of the folder, and such links aren't followed; copy the file into the folder"
	}
	return err.Error()
}

// withoutNumber is a name without the number that puts it in its place.
func withoutNumber(name string) string {
	rest := strings.TrimLeft(name, "0123456789")
	if rest == name || !strings.HasPrefix(rest, "-") || len(rest) == 1 {
		return name
	}
	return rest[1:]
}
