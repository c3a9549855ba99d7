package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
	"stsplayground/server/store"
	"stsplayground/web/assets"
	"stsplayground/web/page"
)

// site is what serve serves: pages, assets and examples. It holds no
// credentials and no state, and logs nothing that a visitor wrote: somebody
// will paste a token into the address bar one day.
type site struct {
	config
	assets    *assetFiles
	manifest  assets.Manifest
	built     bool // the assets are there
	gallery   []examples.Example
	lessons   []examples.Course
	workshops *workshops
	stored    func(ctx context.Context, id string) (store.Scenario, error) // a stored scenario; nil where none is stored
	clock     func() time.Time
	log       *log.Logger
	onefile   func() ([]byte, error) // the page in one file, drawn when it is first asked for
}

// newSite is the site with the assets and examples that the program carries.
func newSite(c config, clock func() time.Time, logger *log.Logger) (*site, error) {
	manifest, built := assets.Load()
	files, err := newAssetFiles(assets.FS())
	if err != nil {
		return nil, err
	}
	s := &site{
		config: c, assets: files, manifest: manifest, built: built,
		gallery: examples.All(), lessons: examples.Lessons(), clock: clock, log: logger,
	}
	if s.workshops, err = newWorkshops(c, s.gallery, s.lessons, clock, logger); err != nil {
		return nil, err
	}
	s.onefile = sync.OnceValues(func() ([]byte, error) {
		var b bytes.Buffer
		err := s.offline(&b)
		return b.Bytes(), err
	})
	return s, nil
}

// handler answers every request.
func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	s.routePages(mux)
	s.routeFiles(mux)
	s.routeWorkshops(mux)
	mux.HandleFunc("/", s.notFound)
	return s.guard(mux)
}

// routePages are the playground and the pages beside it.
func (s *site) routePages(mux *http.ServeMux) {
	mux.HandleFunc("/{$}", s.index)
	mux.HandleFunc("/new", s.fresh)
	for _, r := range page.Readings {
		mux.HandleFunc("/"+r.Name, s.reading(r))
	}
}

// routeFiles are what pages load, and what programs ask for.
func (s *site) routeFiles(mux *http.ServeMux) {
	mux.HandleFunc("/assets/{file}", s.asset)
	mux.HandleFunc("/offline.html", s.alone)
	mux.HandleFunc("/examples/{file}", s.example)
	mux.HandleFunc("/scenario.schema.json", s.schema)
	mux.HandleFunc("/robots.txt", s.robots)
	mux.HandleFunc("/healthz", s.health)
}

// guard does what every request needs: it survives a panic, and refuses what
// no page of the site takes.
func (s *site) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &answerWriter{ResponseWriter: w}
		defer s.recovered(answer, r)
		answer.setHeaders()
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			answer.Header().Set("Allow", "GET, HEAD")
			s.problem(answer, r, http.StatusMethodNotAllowed, "The playground can only be read", "This server answers GET and HEAD, and takes nothing from its visitors.")
		case !validHost(r.Host):
			s.problem(answer, r, http.StatusBadRequest, "The request names no host", "Its Host header is neither a name nor an address.")
		default:
			next.ServeHTTP(answer, r)
		}
	})
}

// recovered ends a request that panicked. The panic is recorded by the route
// it struck: neither the query nor the rest of the request is written down.
func (s *site) recovered(answer *answerWriter, r *http.Request) {
	broken := recover()
	if broken == nil {
		return
	}
	if broken != http.ErrAbortHandler {
		s.log.Printf("panic in %s %s: %v\n%s", r.Method, r.Pattern, broken, debug.Stack())
	}
	if broken == http.ErrAbortHandler || answer.begun {
		panic(http.ErrAbortHandler) // the only way left to say that the answer isn't whole
	}
	clear(answer.Header())
	answer.setHeaders()
	s.problem(answer, r, http.StatusInternalServerError, "The server made a mistake", "Nothing that was typed is lost, and trying again may help.")
}

// index is the playground with an example or a lesson in it: the one that
// ?scenario= or ?lesson= names, else the first example. The report is drawn
// in, so that the page has something to say before the engine arrives.
func (s *site) index(w http.ResponseWriter, r *http.Request) {
	if !s.built {
		s.html(w, r, http.StatusOK, page.NotBuilt())
		return
	}
	query := r.URL.Query()
	if name := query.Get("workshop"); name != "" {
		s.playWorkshop(w, r, name)
		return
	}
	chosen, ok := s.choose(cmp.Or(query.Get("lesson"), query.Get("scenario")))
	if !ok {
		s.problem(w, r, http.StatusNotFound, "There is nothing of that name", "The playground's examples and lessons are listed on its front page.")
		return
	}
	s.html(w, r, http.StatusOK, page.Index(s.playground(s.paths(), chosen.JSON, chosen.Slug)))
}

// fresh is the playground with nothing in it, for those who show it to
// others: it brings back nothing that was written before.
func (s *site) fresh(w http.ResponseWriter, r *http.Request) {
	if !s.built {
		s.html(w, r, http.StatusOK, page.NotBuilt())
		return
	}
	s.html(w, r, http.StatusOK, page.Index(s.playground(s.paths(), page.Empty, "")))
}

// playground is the front page with a scenario in it; slug is the example's or
// the lesson's, empty for none.
func (s *site) playground(a page.Assets, scenarioJSON, slug string) page.Playground {
	return page.Playground{
		Assets: a, Examples: s.entries(), Courses: s.courses(),
		Scenario: scenarioJSON, Slug: slug, Report: s.play(scenarioJSON),
	}
}

// choose finds an example or a lesson; the empty slug is the first example.
func (s *site) choose(slug string) (examples.Example, bool) {
	for _, e := range s.scenarios() {
		if slug == "" || e.Slug == slug {
			return e, true
		}
	}
	return examples.Example{}, false
}

// scenarios are the examples and then the lessons. No two have one slug.
func (s *site) scenarios() []examples.Example {
	all := slices.Clone(s.gallery)
	for _, c := range s.lessons {
		for _, l := range c.Lessons {
			all = append(all, l.Example)
		}
	}
	return all
}

// play is the scenario's report, at the clock's time where it names none.
func (s *site) play(scenarioJSON string) engine.Report {
	played, _ := engine.Decode(scenarioJSON, scenario.LimitPage)
	if played.Now.IsZero() {
		played.Now = s.clock().UTC().Truncate(time.Second)
	}
	return engine.Run(played)
}

// paths is where the page finds its assets.
func (s *site) paths() page.Assets {
	return page.Assets{
		Script:    assetPath(s.manifest.Script),
		Style:     assetPath(s.manifest.Style),
		Worker:    assetPath(s.manifest.Worker),
		Wasm:      assetPath(s.manifest.Wasm),
		Tools:     assetPath(s.manifest.Tools),
		Examples:  assetPath(s.manifest.Examples),
		Lessons:   assetPath(s.manifest.Lessons),
		Reference: assetPath(s.manifest.Reference),
	}
}

// courses are the lessons as the page lists them.
func (s *site) courses() []page.Course {
	var courses []page.Course
	for _, c := range s.lessons {
		courses = append(courses, drawnCourse(c))
	}
	return courses
}

// drawnCourse is a course as the page lists it.
func drawnCourse(c examples.Course) page.Course {
	course := page.Course{Slug: c.Slug, Title: c.Title, Summary: c.Summary}
	for _, l := range c.Lessons {
		course.Lessons = append(course.Lessons, page.Example{Slug: l.Slug, Title: l.Title, Summary: l.Summary})
	}
	return course
}

// entries is the gallery as the page lists it.
func (s *site) entries() []page.Example {
	var entries []page.Example
	for _, e := range s.gallery {
		entries = append(entries, page.Example{Slug: e.Slug, Title: e.Title, Group: e.Group, Summary: e.Summary})
	}
	return entries
}

// reading answers with a page to read.
func (s *site) reading(r page.Reading) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		s.html(w, req, http.StatusOK, page.Article(s.paths(), "/", r, r.Body("/", s.lessonTexts())))
	}
}

// alone is the playground as one file, to be saved: it has a policy of its own.
func (s *site) alone(w http.ResponseWriter, r *http.Request) {
	if !s.built {
		s.notFound(w, r)
		return
	}
	text, err := s.onefile()
	if err != nil {
		panic(err)
	}
	s.sendAlone(w, r, text, "sts-playground.html")
}

// sendAlone sends a page in one file, to be saved under a name.
func (s *site) sendAlone(w http.ResponseWriter, r *http.Request, text []byte, name string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}

// lessonTexts are the lessons, for whoever looks for words in them.
func (s *site) lessonTexts() (all []page.LessonText) {
	for _, course := range s.lessons {
		for _, l := range course.Lessons {
			all = append(all, page.LessonText{Slug: l.Slug, Title: l.Title, Text: l.Source})
		}
	}
	return all
}

// example is an example's file as it is written.
func (s *site) example(w http.ResponseWriter, r *http.Request) {
	slug, ok := strings.CutSuffix(r.PathValue("file"), ".yaml")
	e, found := s.choose(slug)
	if !ok || slug == "" || !found {
		s.notFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(e.Source))
}

// schema is the scenario's JSON Schema, which editors fetch, those in a browser
// too.
func (s *site) schema(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/schema+json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(examples.Schema))
}

func (s *site) asset(w http.ResponseWriter, r *http.Request) {
	if !s.assets.serve(w, r, r.PathValue("file")) {
		s.notFound(w, r)
	}
}

// robots lets crawlers in everywhere (RFC 9309): nothing here is a visitor's.
func (s *site) robots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	fmt.Fprint(w, "User-agent: *\nAllow: /\n")
}

func (s *site) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintln(w, "ok")
}

func (s *site) notFound(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusNotFound, "There is nothing here", "The playground is on the front page.")
}

func (s *site) problem(w http.ResponseWriter, r *http.Request, status int, title, detail string) {
	s.html(w, r, status, page.Problem(status, title, detail))
}
