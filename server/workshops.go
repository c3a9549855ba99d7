package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"stsplayground/examples"
	"stsplayground/web/page"
)

// workshop is a course that a room takes together.
type workshop struct {
	name    string // as addresses have it: a slug, or "of?" and the query that puts it together
	course  examples.Course
	code    string           // of its room
	wrong   []string         // why it isn't as its folder is now; empty where it is
	lessons func() lessonSet // as its pages fetch them
}

func newWorkshop(name, code string, course examples.Course) *workshop {
	return &workshop{name: name, code: code, course: course, lessons: sync.OnceValue(func() lessonSet { return newLessonSet(course) })}
}

// workshops are those that have a page of their own: the playground's courses,
// and those that -workshop names.
type workshops struct {
	own   []*folder
	built []*workshop
	names map[string]string // by the code of the room
	clock func() time.Time

	composed *lru.Cache[string, string] // the names of those that an address puts together, by the code of the room
}

// mostRooms is how many workshops that an address puts together have a code at
// a time.
const mostRooms = 1000

// newWorkshops reads the folders. An error of theirs is a folderError.
func newWorkshops(c config, gallery []examples.Example, lessons []examples.Course, clock func() time.Time, log *slog.Logger) (*workshops, error) {
	w := &workshops{names: map[string]string{}, clock: clock}
	var err error
	if w.composed, err = lru.New[string, string](mostRooms); err != nil {
		return nil, err
	}

	names := map[string]string{composedSlug: "addresses that put a workshop together"}
	taken := map[string]string{} // what already has a lesson's slug
	for _, e := range gallery {
		taken[e.Slug] = "an example"
	}
	for _, course := range lessons {
		names[course.Slug] = "a course of the playground’s own"
		w.built = append(w.built, newWorkshop(course.Slug, w.room(course.Slug), course))
		for _, l := range course.Lessons {
			taken[l.Slug] = "a lesson"
		}
	}
	var wrong folderError
	for _, dir := range c.workshops {
		f, problems := openFolder(dir, names, taken, clock, log)
		if len(problems) > 0 {
			wrong = append(wrong, problems...)
			continue
		}
		names[f.slug] = dir
		f.code = w.room(f.slug)
		f.take(f.course)
		w.own = append(w.own, f)
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return w, nil
}

// all are the workshops as they are now, those that were brought along first.
func (w *workshops) all() (all []*workshop) {
	for _, f := range w.own {
		all = append(all, f.current(w.clock()))
	}
	return append(all, w.built...)
}

// find is the workshop of a slug; nil where there is none.
func (w *workshops) find(slug string) *workshop {
	for _, one := range w.all() {
		if one.name == slug {
			return one
		}
	}
	return nil
}

// symbols are those of a room's code: none looks like another, in any case,
// and no word comes of them.
const symbols = "34679CDFGHJKMNPQRTVWXY"

// roomCode is a code for a name. Further attempts give others, for a name
// whose code another room has.
func roomCode(name string, attempt int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "room %d %s", attempt, name))
	code := make([]byte, 4)
	for i := range code {
		code[i] = symbols[(int(sum[2*i])<<8|int(sum[2*i+1]))%len(symbols)]
	}
	return string(code)
}

// room gives a workshop that stays its code.
func (w *workshops) room(name string) string {
	for attempt := 0; ; attempt++ {
		code := roomCode(name, attempt)
		if w.names[code] == "" {
			w.names[code] = name
			return code
		}
	}
}

// passingRoom gives a workshop of an address its code. It is kept until many
// others came after it, or the server ends; whoever comes first has a code.
func (w *workshops) passingRoom(name string) string {
	for attempt := 0; ; attempt++ {
		code := roomCode(name, attempt)
		if w.names[code] != "" {
			continue
		}
		if other, had, _ := w.composed.PeekOrAdd(code, name); !had || other == name {
			w.composed.Get(code) // it is in use
			return code
		}
	}
}

// inRoom is the name of the workshop that a code leads to, "" for none. It may
// be typed in any case, and with spaces.
func (w *workshops) inRoom(code string) string {
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
	if name := w.names[code]; name != "" {
		return name
	}
	name, _ := w.composed.Get(code)
	return name
}

// routeWorkshops are the pages of workshops, what they load, and the way in.
func (s *site) routeWorkshops(mux *http.ServeMux) {
	mux.HandleFunc("GET /workshops", s.listWorkshops)
	mux.HandleFunc("GET /workshops/{slug}", s.showWorkshop)
	mux.HandleFunc("GET /workshops/{slug}/projector", s.projectWorkshop)
	mux.HandleFunc("GET /workshops/{slug}/play", s.enterWorkshop)
	mux.HandleFunc("GET /workshops/{slug}/offline.html", s.workshopAlone)
	mux.HandleFunc("GET /workshops/{slug}/{file}", s.workshopLessons)
	mux.HandleFunc("GET /w", s.room)
	mux.HandleFunc("GET /w/{code}", s.room)
}

// workshopNamed finds a workshop by its name. Where there is none it has
// answered, and gives nil.
func (s *site) workshopNamed(w http.ResponseWriter, r *http.Request, name string) *workshop {
	if query, ok := strings.CutPrefix(name, composedSlug+"?"); ok {
		values, err := url.ParseQuery(query)
		if err != nil {
			s.problem(w, r, http.StatusBadRequest, "The address can’t be read", "Its part after the question mark isn’t one. The page /workshops makes such addresses.")
			return nil
		}
		found, wrong := s.compose(r.Context(), values)
		if wrong != nil {
			s.problem(w, r, wrong.status, wrong.title, wrong.detail)
			return nil
		}
		return found
	}
	found := s.workshops.find(name)
	if found == nil {
		s.problem(w, r, http.StatusNotFound, "There is no workshop of that name", "The page /workshops lists those that are here.")
	}
	return found
}

// workshopAsked is the workshop that the path of a request names.
func (s *site) workshopAsked(w http.ResponseWriter, r *http.Request) *workshop {
	name := r.PathValue("slug")
	if name == composedSlug {
		name += "?" + r.URL.RawQuery
	}
	return s.workshopNamed(w, r, name)
}

// drawn is a workshop as pages draw it.
func (s *site) drawn(r *http.Request, w *workshop) page.Workshop {
	drawn := page.Workshop{Name: w.name, Title: w.course.Title, Summary: w.course.Summary, Wrong: w.wrong, Join: s.join(r, w.code)}
	for _, l := range w.course.Lessons {
		drawn.Lessons = append(drawn.Lessons, page.WorkshopLesson{Slug: l.Slug, Title: l.Title, Summary: l.Summary, Task: l.Task})
	}
	return drawn
}

// listWorkshops is the page of all workshops, whose forms lead to others.
func (s *site) listWorkshops(w http.ResponseWriter, r *http.Request) {
	s.listed(w, r, http.StatusOK, "")
}

// listed draws the list of workshops, below a code that led nowhere.
func (s *site) listed(w http.ResponseWriter, r *http.Request, status int, code string) {
	var all []page.Workshop
	for _, one := range s.workshops.all() {
		all = append(all, s.drawn(r, one))
	}
	own := policy("script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'")
	s.document(w, r, status, own, page.Workshops(s.served(), s.meta(r, "Workshops", "Rows of lessons on federation into AWS that a room takes together, in the browser."), all, s.offered(), s.kept != nil, code))
}

// offered are the courses whose lessons a workshop can be put together of.
func (s *site) offered() (courses []page.Course) {
	for _, one := range s.workshops.all() {
		courses = append(courses, drawnCourse(one.course))
	}
	return courses
}

// showWorkshop is a workshop's page. The address of one that is put together
// is brought into its one form.
func (s *site) showWorkshop(w http.ResponseWriter, r *http.Request) {
	found := s.workshopAsked(w, r)
	if found == nil {
		return
	}
	drawn := s.drawn(r, found)
	if drawn.Composed() && drawn.Name != composedSlug+"?"+r.URL.RawQuery {
		redirect(w, r, drawn.Address(""))
		return
	}
	m := s.meta(r, drawn.Title, plainText(drawn.Summary))
	if drawn.Composed() {
		m.Address, m.Unlisted = "", true // it is somebody's own
	}
	s.html(w, r, http.StatusOK, page.WorkshopPage(s.served(), m, drawn))
}

func (s *site) projectWorkshop(w http.ResponseWriter, r *http.Request) {
	if found := s.workshopAsked(w, r); found != nil {
		s.html(w, r, http.StatusOK, page.Projector(s.served(), s.drawn(r, found)))
	}
}

// room leads whoever has a room's code to its workshop.
func (s *site) room(w http.ResponseWriter, r *http.Request) {
	code := strings.TrimSpace(cmp.Or(r.PathValue("code"), r.URL.Query().Get("code")))
	name := s.workshops.inRoom(code)
	switch {
	case code == "":
		redirect(w, r, "/workshops")
	case name == "":
		s.listed(w, r, http.StatusNotFound, shortened(strings.ToUpper(code), 12))
	default:
		if found := s.workshopNamed(w, r, name); found != nil {
			s.enter(w, r, found)
		}
	}
}

func (s *site) enterWorkshop(w http.ResponseWriter, r *http.Request) {
	if found := s.workshopAsked(w, r); found != nil {
		s.enter(w, r, found)
	}
}

// enter leads to the playground with a workshop's first lesson in it.
func (s *site) enter(w http.ResponseWriter, r *http.Request, found *workshop) {
	redirect(w, r, page.Workshop{Name: found.name}.Play(found.course.Lessons[0].Slug))
}

// redirect leads elsewhere on this site for now.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusFound)
}

// playWorkshop is the playground opened from a workshop: its menu has the
// workshop's lessons, and so has what it fetches.
func (s *site) playWorkshop(w http.ResponseWriter, r *http.Request, name string) {
	found := s.workshopNamed(w, r, name)
	if found == nil {
		return
	}
	query := r.URL.Query()
	chosen, ok := found.lesson(query.Get("lesson"))
	if example := query.Get("scenario"); example != "" && query.Get("lesson") == "" {
		at := slices.IndexFunc(s.gallery, func(e examples.Example) bool { return e.Slug == example })
		if ok = at >= 0; ok {
			chosen = s.gallery[at]
		}
	}
	if !ok {
		s.problem(w, r, http.StatusNotFound, "The workshop has no such lesson", "Its page lists those it has: "+page.Workshop{Name: found.name}.Address(""))
		return
	}
	a := s.paths()
	a.Lessons = found.lessonsPath()
	s.document(w, r, http.StatusOK, s.playgroundPolicy(r, a), page.Index(s.inWorkshop(a, found, chosen)))
}

// inWorkshop is the front page as it is opened from a workshop.
func (s *site) inWorkshop(a page.Assets, w *workshop, chosen examples.Example) page.Playground {
	p := s.playground(a, chosen.JSON, chosen.Slug)
	p.Workshop, p.Courses, p.Meta = w.name, []page.Course{drawnCourse(w.course)}, page.Meta{Title: w.course.Title, Description: plainText(w.course.Summary), Unlisted: true}
	return p
}

// lesson is a lesson of the workshop, the first where none is named.
func (w *workshop) lesson(slug string) (examples.Example, bool) {
	for _, l := range w.course.Lessons {
		if slug == "" || l.Slug == slug {
			return l.Example, true
		}
	}
	return examples.Example{}, false
}

// workshopAlone is the playground as one file with the workshop's lessons, to
// be taken home.
func (s *site) workshopAlone(w http.ResponseWriter, r *http.Request) {
	found := s.workshopAsked(w, r)
	if found == nil {
		return
	}
	if !s.built {
		s.notFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", `attachment; filename="`+found.course.Slug+`.html"`)
	if r.Method == http.MethodHead {
		return
	}
	// It is written as it is drawn: an address may put any workshop together,
	// and each file of one has megabytes.
	lessons, first := found.lessons().text, found.course.Lessons[0].Example
	err := s.drawAlone(w, s.packed.get("gzip", sha256.Sum256(lessons), lessons), func(a page.Assets) page.Playground { return s.inWorkshop(a, found, first) })
	if err != nil {
		panic(http.ErrAbortHandler) // the visitor is gone, or has part of a file
	}
}

// compositionError is why an address puts no workshop together.
type compositionError struct {
	status        int
	title, detail string
}

// shortened is a text that is quoted, without what is beyond so many letters.
func shortened(text string, most int) string {
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return string(letters[:most]) + "…"
}
