package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/examples"
	"stsplayground/web/assets"
	"stsplayground/web/page"
)

// site is what serve serves: pages, assets and examples. It holds no
// credentials, and logs nothing that a visitor wrote: somebody
// will paste a token into the address bar one day.
type site struct {
	config
	assets    *assetFiles
	manifest  assets.Manifest
	built     bool // the assets are there
	gallery   []examples.Example
	lessons   []examples.Course
	workshops *workshops
	clock     func() time.Time
	log       *slog.Logger
	packed    packed
	limits    *limits
	kept      *kept // what is behind short links; nil where scenarios aren't stored
	metrics   *metrics
	ready     func(context.Context) error // whether what the site rests on, such as the store, is there
	stopping  atomic.Bool                 // it was told to stop, and visitors had better go elsewhere
	inlined   inlined
	onefile   func() ([]byte, error) // the page in one file, drawn when it is first asked for

	catalogue *catalogue
	pictures  pictures
	pages     drawnPages
}

// newSite is the site with the assets and examples that the program carries.
func newSite(c config, clock func() time.Time, logger *slog.Logger) (*site, error) {
	manifest, built := assets.Load()
	files, err := newAssetFiles(assets.FS())
	if err != nil {
		return nil, err
	}
	s := &site{
		config: c, assets: files, manifest: manifest, built: built,
		gallery: examples.All(), lessons: examples.Lessons(), catalogue: new(catalogue), clock: clock, log: logger,
		packed: newPacked(), limits: newLimits(c, clock), metrics: newMetrics(),
		ready: func(context.Context) error { return nil },
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

// handler answers every request. A route's pattern names the methods that it
// takes; GET stands for HEAD too.
func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	s.routePages(mux)
	s.routeGallery(mux)
	s.routeFiles(mux)
	s.routeCrawlers(mux)
	s.routeWorkshops(mux)
	s.routeHealth(mux)
	s.routeLinks(mux)
	s.routeAPI(mux)
	s.routeEmbeds(mux)
	s.routeProblems(mux)
	return s.guard(mux)
}

// routePages are the playground and the pages beside it.
func (s *site) routePages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.costly(s.index))
	mux.HandleFunc("GET /new", s.fresh)
	for _, r := range page.Readings {
		mux.HandleFunc("GET /"+r.Name, s.reading(r))
	}
	mux.HandleFunc("GET /privacy", s.privacy)
}

// routeFiles are what pages load, and what programs ask for.
func (s *site) routeFiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /assets/{file}", shared(s.asset))
	mux.HandleFunc("GET /offline.html", s.alone)
	mux.HandleFunc("GET /scenario.schema.json", shared(s.schema))
	mux.HandleFunc("GET /.well-known/security.txt", s.security)
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
	drawn := s.playground(s.paths(), chosen.JSON, chosen.Slug)
	drawn.Meta = s.playgroundMeta(r, chosen, query)
	s.document(w, r, http.StatusOK, s.playgroundPolicy(r, s.paths()), page.Index(drawn))
}

// fresh is the playground with nothing in it, for those who show it to
// others: it brings back nothing that was written before.
func (s *site) fresh(w http.ResponseWriter, r *http.Request) {
	if !s.built {
		s.html(w, r, http.StatusOK, page.NotBuilt())
		return
	}
	drawn := s.playground(s.paths(), page.Empty, "")
	drawn.Meta = s.meta(r, "", "")
	s.document(w, r, http.StatusOK, s.playgroundPolicy(r, s.paths()), page.Index(drawn))
}

// playground is the front page with a scenario in it; slug is the example's or
// the lesson's, empty for none.
func (s *site) playground(a page.Assets, scenarioJSON, slug string) page.Playground {
	p := page.Playground{
		Assets: a, Examples: s.entries(), Courses: s.courses(),
		Scenario: scenarioJSON, Slug: slug, Report: s.play(scenarioJSON),
	}
	if s.kept != nil && a.Policy == "" { // a page with a policy of its own is one that is taken away
		p.Store = apiPath
	}
	return p
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
		Theme:     assetPath(s.manifest.Theme),
		Worker:    assetPath(s.manifest.Worker),
		Wasm:      assetPath(s.manifest.Wasm),
		Tools:     assetPath(s.manifest.Tools),
		Examples:  assetPath(s.manifest.Examples),
		Lessons:   assetPath(s.manifest.Lessons),
		Reference: assetPath(s.manifest.Reference),
		Widget:    assetPath(s.manifest.Widget),
		Frame:     assetPath(s.manifest.Frame),
		Builder:   assetPath(s.manifest.Builder),
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
		s.html(w, req, http.StatusOK, page.Article(s.served(), s.meta(req, r.Title, r.About), r, r.Body("/", s.lessonTexts())))
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
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", `attachment; filename="sts-playground.html"`)
	h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(text)))
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

// schema is the scenario's JSON Schema, which editors fetch, those in a browser
// too.
func (s *site) schema(w http.ResponseWriter, r *http.Request) {
	s.send(w, r, http.StatusOK, "application/schema+json", []byte(examples.Schema))
}

func (s *site) asset(w http.ResponseWriter, r *http.Request) {
	if !s.assets.serve(w, r, r.PathValue("file")) {
		s.notFound(w, r)
	}
}

// security says whom to tell of a vulnerability (RFC 9116), where somebody is named.
func (s *site) security(w http.ResponseWriter, r *http.Request) {
	if s.contact == "" {
		s.notFound(w, r)
		return
	}
	expires := s.clock().UTC().AddDate(0, 6, 0).Truncate(24 * time.Hour)
	s.send(w, r, http.StatusOK, "text/plain; charset=utf-8", fmt.Appendf(nil, "Contact: %s\nExpires: %s\nPreferred-Languages: en\n", s.contact, expires.Format(time.RFC3339)))
}

func (s *site) notFound(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusNotFound, "There is nothing here", "The playground is on the front page.")
}
