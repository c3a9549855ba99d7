package examples

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// lessonFile is a lesson as far as a course has to know it.
func lessonFile(title, course string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("title: " + title + "\nsummary: What it is about.\ncalls: []\nlesson: {course: " + course + ", task: Do it.}\n")}
}

func TestACourseIsReadInTheOrderOfItsFiles(t *testing.T) {
	course, err := ReadCourse("ours", fstest.MapFS{
		"02-the-second.yaml": lessonFile("The second", "Our course"),
		"01-the-first.yml":   lessonFile("The first", "Our course"),
		"10-in-json.json":    {Data: []byte(` {"title": "In JSON", "lesson": {"course": "Our course"}}`)},
		"README.md":          {Data: []byte("# Our course")},
		".hidden.yaml":       {Data: []byte("title: [")},
		"deeper/a.yaml":      {Data: []byte("title: [")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if course.Slug != "ours" || course.Title != "Our course" || len(course.Lessons) != 3 {
		t.Fatalf("got %+v", course)
	}
	for i, want := range []struct{ slug, title, summary string }{
		{"the-first", "The first", "What it is about."}, {"the-second", "The second", "What it is about."}, {"in-json", "In JSON", ""},
	} {
		got := course.Lessons[i]
		if got.Slug != want.slug || got.Title != want.title || got.Summary != want.summary || got.Number != i+1 || got.Course != "ours" || got.Group != "Our course" || !strings.HasPrefix(got.JSON, `{"title":`) {
			t.Errorf("lesson %d: got %+v, want %+v", i+1, got, want)
		}
	}
}

func TestACourseFileGivesTitleAndSummary(t *testing.T) {
	course, err := ReadCourse("ours", fstest.MapFS{
		"course.yaml": {Data: []byte("title: Our course\nsummary: What it is about.\n")},
		"01-a.yaml":   {Data: []byte("title: A\nlesson: {task: Do it.}\n")},
		"02-b.yaml":   lessonFile("B", "Our course"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if course.Title != "Our course" || course.Summary != "What it is about." || len(course.Lessons) != 2 || course.Lessons[0].Group != "Our course" || course.Lessons[0].Task != "Do it." {
		t.Errorf("got %+v", course)
	}
}

// padded is a lesson of a mebibyte, the most that a file may have.
func padded(n int) *fstest.MapFile {
	lesson := lessonFile("Number "+strconv.Itoa(n), "One").Data
	return &fstest.MapFile{Data: append(lesson, bytes.Repeat([]byte("#"), mostOfALesson-len(lesson))...)}
}

// What leads out of a folder isn't followed; what leads somewhere in it is, as
// in the folders that Kubernetes makes of a ConfigMap.
func TestACourseIsReadFromItsFolderOnly(t *testing.T) {
	outside, inside := t.TempDir(), t.TempDir()
	lesson := lessonFile("A", "One").Data
	for _, err := range []error{
		os.WriteFile(filepath.Join(outside, "secret.yaml"), lesson, 0o600),
		os.Mkdir(filepath.Join(inside, "..data"), 0o700),
		os.WriteFile(filepath.Join(inside, "..data", "01-a.yaml"), lesson, 0o600),
		os.Symlink(filepath.Join("..data", "01-a.yaml"), filepath.Join(inside, "01-a.yaml")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if course, err := ReadCourse("x", root.FS()); err != nil || len(course.Lessons) != 1 {
		t.Errorf("got %+v, %v, want the lesson that stands deeper in the folder", course, err)
	}
	if err := os.Symlink(filepath.Join(outside, "secret.yaml"), filepath.Join(inside, "02-b.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadCourse("x", root.FS()); err == nil || !strings.HasPrefix(err.Error(), "02-b.yaml: it can't be read: it leads out of the folder") {
		t.Errorf("got %v, want the link refused", err)
	}
}

func TestACourseThatCannotBeReadNamesTheFile(t *testing.T) {
	for name, test := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"no YAML":                  {fstest.MapFS{"01-a.yaml": {Data: []byte("title: x\ncalls: [\n")}}, "01-a.yaml:"},
		"no JSON":                  {fstest.MapFS{"01-a.json": {Data: []byte("{\n]")}}, "01-a.json:2:1: "},
		"no lesson":                {fstest.MapFS{"01-a.yaml": {Data: []byte("title: x\n")}}, "01-a.yaml:1:1: the scenario has no lesson"},
		"a list":                   {fstest.MapFS{"01-a.yaml": {Data: []byte("[]\n")}}, "01-a.yaml:1:1: the scenario has no lesson"},
		"no course":                {fstest.MapFS{"01-a.yaml": {Data: []byte("title: x\nlesson: {task: y}\n")}}, "01-a.yaml:2:9: lesson.course is missing"},
		"no title":                 {fstest.MapFS{"01-a.yaml": {Data: []byte("lesson: {course: y}\n")}}, "01-a.yaml:1:1: title is missing"},
		"two courses in one":       {fstest.MapFS{"01-a.yaml": lessonFile("A", "One"), "02-b.yaml": lessonFile("B", "Two")}, `02-b.yaml:4:18: it is of the course "Two", and the lessons before it are of "One"`},
		"one name twice":           {fstest.MapFS{"01-a.yaml": lessonFile("A", "One"), "02-a.yaml": lessonFile("B", "One")}, "02-a.yaml:1:1: 01-a.yaml has the same name"},
		"nothing":                  {fstest.MapFS{"README.md": {Data: []byte("# Nothing")}}, "there is no lesson in the folder"},
		"a file beyond the limit":  {fstest.MapFS{"01-a.yaml": {Data: make([]byte, mostOfALesson+1)}}, "01-a.yaml: the file has 1048577 bytes"},
		"a name that is repeated":  {fstest.MapFS{"01-a.yaml": {Data: []byte("title: &a [*a]\n")}}, "01-a.yaml:1:"},
		"nothing but a number":     {fstest.MapFS{"01-.yaml": {Data: []byte("title: x\n")}}, "01-.yaml:1:1: the scenario has no lesson"},
		"a lesson that is a word":  {fstest.MapFS{"01-a.yaml": {Data: []byte("title: x\nlesson: y\n")}}, "01-a.yaml:2:9: lesson has to be an object"},
		"a title of several":       {fstest.MapFS{"01-a.yaml": {Data: []byte("title: [x]\nlesson: {course: y}\n")}}, "01-a.yaml:1:1: title is missing"},
		"a name with a space":      {fstest.MapFS{"01 a.yaml": lessonFile("A", "One")}, "01 a.yaml: the name becomes an address"},
		"a name with markup":       {fstest.MapFS{"<b>.yaml": lessonFile("A", "One")}, "<b>.yaml: the name becomes an address"},
		"a pipe":                   {fstest.MapFS{"01-a.yaml": {Mode: fs.ModeNamedPipe}}, "01-a.yaml: it is no file"},
		"all too many bytes":       {fstest.MapFS{"1.yaml": padded(1), "2.yaml": padded(2), "3.yaml": padded(3), "4.yaml": padded(4), "5.yaml": padded(5)}, "5.yaml: with it the course has more than 4194304 bytes"},
		"a course of no title":     {fstest.MapFS{"01-a.yaml": lessonFile("A", "One"), "course.yaml": {Data: []byte("summary: x\n")}}, "course.yaml:1:1: title is missing"},
		"a course of more":         {fstest.MapFS{"01-a.yaml": lessonFile("A", "One"), "course.yaml": {Data: []byte("title: One\nauthor: x\n")}}, `course.yaml:2:1: "author" isn't known`},
		"a course's other title":   {fstest.MapFS{"01-a.yaml": lessonFile("A", "One"), "course.yaml": {Data: []byte("title: Two\n")}}, `01-a.yaml:4:18: it is of the course "One"`},
		"all that is wrong":        {fstest.MapFS{"01-a.yaml": {Data: []byte("title: x\n")}, "02-b.yaml": lessonFile("B", "One"), "03-c.yaml": {Data: []byte("title: [")}}, "01-a.yaml:1:1: the scenario has no lesson; add one, at least: lesson: {task: what to do}\n03-c.yaml:"},
		"a text that is no lesson": {fstest.MapFS{"01-a.yaml": {Data: []byte("")}}, "01-a.yaml"},
	} {
		_, err := ReadCourse("x", test.files)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

func TestOurCoursesAreTheFoldersOfTheTable(t *testing.T) {
	const first, third = "1-from-keys-to-roles/01-a.yaml", "3-the-trust-policy-is-the-lock/01-b.yaml"
	read, err := readCourses(fstest.MapFS{third: lessonFile("B", "The trust policy is the lock"), first: lessonFile("A", "From keys to roles"), "README.md": {}})
	if err != nil || len(read) != 2 || read[0].Slug != "from-keys-to-roles" || read[1].Lessons[0].Slug != "b" || read[1].Summary != courses[2].Summary {
		t.Errorf("got %+v, %v, want the first and the third course", read, err)
	}
	for name, test := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"a folder of no course":          {fstest.MapFS{"8-something-else/01-a.yaml": lessonFile("A", "Something else")}, "8-something-else: there is no course of this name"},
		"a lesson of another course":     {fstest.MapFS{first: lessonFile("A", "OIDC from the inside")}, `1-from-keys-to-roles: its lessons are of the course "OIDC from the inside"`},
		"a file that can't be read":      {fstest.MapFS{first: {Data: []byte("title: [")}}, "1-from-keys-to-roles/01-a.yaml:"},
		"a folder without its number":    {fstest.MapFS{"from-keys-to-roles/01-a.yaml": lessonFile("A", "From keys to roles")}, "from-keys-to-roles: there is no course"},
		"a folder with another's number": {fstest.MapFS{"2-from-keys-to-roles/01-a.yaml": lessonFile("A", "From keys to roles")}, "2-from-keys-to-roles: there is no course"},
	} {
		if _, err := readCourses(test.files); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

func TestEveryCourseSaysWhatItIsAbout(t *testing.T) {
	for _, c := range courses {
		if strings.HasSuffix(c.Title, ".") || strings.Count(c.Summary, ".") != 1 || !strings.HasSuffix(c.Summary, ".") {
			t.Errorf("%s: got %q and %q, want a title and one sentence", c.Slug, c.Title, c.Summary)
		}
	}
}

// A slug is the address of an example or a lesson, so that no two have one.
func TestSlugsAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, e := range All() {
		seen[e.Slug] = "an example"
	}
	for _, c := range Lessons() {
		for _, l := range c.Lessons {
			if seen[l.Slug] != "" {
				t.Errorf("%s: %s of the course %s has the slug of %s", c.folder(), l.Slug, c.Title, seen[l.Slug])
			}
			seen[l.Slug] = "a lesson of " + c.Title
		}
	}
}
