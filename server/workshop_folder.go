package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/lesson"
	"stsplayground/engine/reference"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
	"stsplayground/examples"
)

// folder is a workshop that -workshop names. Its files are read again when
// they change; while they can't be, it stays as it was.
type folder struct {
	dir, slug, code string
	taken           map[string]string // what already has a lesson's slug, in words
	log             *slog.Logger

	course examples.Course // as it was read last
	now    atomic.Pointer[workshop]

	looking sync.Mutex // held by the one request that looks whether something changed
	looked  time.Time
	seen    string // the files as they were when they were read last
	before  atomic.Pointer[[]lessonSet]
}

// folderError is what keeps folders from being workshops, a line each.
type folderError []string

func (e folderError) Error() string { return strings.Join(e, "\n") }

// How often a folder is looked at, and how many of its former lessons are kept
// for pages that were opened with them.
const (
	lookAgain   = time.Second
	mostEarlier = 5
)

// openFolder reads a workshop's folder. Names are the workshops' that are
// there already. Problems begin with the file's name, as an editor's list of
// errors has it.
func openFolder(dir string, names, taken map[string]string, clock func() time.Time, log *slog.Logger) (*folder, []string) {
	f := &folder{dir: dir, slug: folderSlug(dir), taken: taken, log: log}
	if whose := names[f.slug]; whose != "" {
		return nil, []string{fmt.Sprintf("%s: the folder’s name becomes the address /workshops/%s, and that is of %s; rename the folder", dir, f.slug, whose)}
	}
	if f.slug == "" {
		return nil, []string{dir + ": the folder’s name becomes an address, and has no letter or digit; rename it"}
	}
	f.seen = f.look()
	course, problems := f.read()
	for i, line := range problems {
		problems[i] = inFolder(dir, line)
	}
	f.course = course
	if len(problems) == 0 {
		for _, line := range misgivings(course, clock()) {
			log.Warn(inFolder(dir, line))
		}
	}
	return f, problems
}

// itself begins a line about a folder rather than one of its files.
const itself = "the folder: "

// inFolder is a line about a file with its folder before it.
func inFolder(dir, line string) string {
	if what, ok := strings.CutPrefix(line, itself); ok {
		return dir + ": " + what
	}
	return strings.TrimSuffix(dir, string(filepath.Separator)) + string(filepath.Separator) + line
}

// folderSlug is a folder's name as an address: lower case, and a hyphen for
// all but letters and digits.
func folderSlug(dir string) string {
	if full, err := filepath.Abs(dir); err == nil {
		dir = full
	}
	words := strings.FieldsFunc(strings.ToLower(filepath.Base(dir)), func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') })
	return strings.Join(words, "-")
}

// current is the workshop as its folder has it. One request in a second looks
// whether that changed; the others don't wait for it.
func (f *folder) current(now time.Time) *workshop {
	if f.looking.TryLock() {
		defer f.looking.Unlock()
		if since := now.Sub(f.looked); since >= lookAgain || since < 0 {
			f.looked = now
			f.refresh()
		}
	}
	return f.now.Load()
}

// refresh reads the folder where its files aren't as they were.
func (f *folder) refresh() {
	seen := f.look()
	if seen == f.seen {
		return
	}
	f.seen = seen
	course, problems := f.read()
	if len(problems) == 0 {
		f.take(course)
		f.log.Info("a workshop is taken as its folder is now", "folder", f.dir)
		return
	}
	last := *f.now.Load()
	last.wrong = problems
	f.now.Store(&last)
	for _, line := range problems {
		f.log.Warn(inFolder(f.dir, line))
	}
}

// take makes a course the workshop, and keeps the lessons that it had.
func (f *folder) take(course examples.Course) {
	if last := f.now.Load(); last != nil {
		sets := []lessonSet{last.lessons()}
		if before := f.before.Load(); before != nil {
			sets = append(sets, (*before)[:min(len(*before), mostEarlier-1)]...)
		}
		f.before.Store(&sets)
	}
	f.course = course
	f.now.Store(newWorkshop(f.slug, f.code, course))
}

// earlier is a set of lessons that the folder had before.
func (f *folder) earlier(name string) (lessonSet, bool) {
	if before := f.before.Load(); before != nil {
		for _, set := range *before {
			if set.name == name {
				return set, true
			}
		}
	}
	return lessonSet{}, false
}

// look is what the folder's files look like from outside: their names, sizes
// and times. Links out of the folder aren't followed.
func (f *folder) look() string {
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return err.Error()
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err.Error()
	}
	var seen strings.Builder
	for _, entry := range entries {
		info, err := root.Stat(entry.Name())
		if err != nil {
			fmt.Fprintln(&seen, entry.Name(), err)
			continue
		}
		if !info.IsDir() {
			fmt.Fprintln(&seen, entry.Name(), info.Size(), info.ModTime().UnixNano())
		}
	}
	return seen.String()
}

// read reads the folder's course. The problems are all that keep it from being
// one, FILE:LINE:COLUMN first.
func (f *folder) read() (examples.Course, []string) {
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return examples.Course{}, []string{itself + bare(err).Error()}
	}
	defer root.Close()
	course, err := examples.ReadCourse(f.slug, root.FS())
	var wrong examples.Problems
	if errors.As(err, &wrong) {
		var lines []string
		for _, p := range wrong {
			line := printable(p.Error())
			if p.File == "" {
				line = itself + line
			}
			lines = append(lines, line)
		}
		return course, lines
	}
	var lines []string
	for _, l := range course.Lessons {
		if what := f.taken[l.Slug]; what != "" {
			lines = append(lines, fmt.Sprintf("%s:1:1: the playground has %s that is called %s already; rename the file, for example to our-%s", l.File, what, l.Slug, l.File))
		}
		lines = append(lines, unreadable(l)...)
	}
	return course, lines
}

// unreadable says why a lesson can't be played; empty where it can.
func unreadable(l examples.Lesson) (lines []string) {
	_, findings := engine.Decode(l.Source, scenario.LimitPage)
	if !scenario.Unreadable(findings) {
		return nil
	}
	for _, finding := range findings {
		if finding.Severity == trace.SeverityError {
			lines = append(lines, located(l.File, finding))
		}
	}
	return lines
}

// misgivings are what check says of lessons that can be played, and don't hold
// as they are. Who brings a workshop is told as it begins.
func misgivings(course examples.Course, now time.Time) (lines []string) {
	for _, l := range course.Lessons {
		s, _ := engine.Decode(l.Source, scenario.LimitPage)
		if s.Lesson == nil {
			continue
		}
		if s.Now.IsZero() {
			s.Now = now.UTC().Truncate(time.Second)
		}
		s.Reference = reference.Embedded()
		for _, finding := range lesson.Play(s, terms()).Findings {
			lines = append(lines, located(l.File, finding))
		}
	}
	return lines
}
