package main

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"mime"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/share"
	"stsplayground/engine/source"
	"stsplayground/server/store"
	"stsplayground/web/page"
)

// routeLinks are short links: what is behind them in each of its forms, and
// how it is deleted.
func (s *site) routeLinks(mux *http.ServeMux) {
	if s.kept == nil {
		return
	}
	mux.HandleFunc("GET /s/{$}", s.toFront)
	mux.HandleFunc("GET /s/{file}", s.link)
	mux.HandleFunc("GET /s/{id}/report", s.linkReport)
	mux.HandleFunc("GET /s/{id}/delete", s.askDelete)
	mux.HandleFunc("POST /s/{id}/delete", s.deleteByForm)
}

// isID says whether a text may be a stored scenario's id.
func isID(text string) bool {
	return len(text) == idLength && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

const idLength = 20

// toFront leads from below /s/ to what stands beside the front page. The
// playground's own links are relative to that, because an export of it doesn't
// know under which path it will be.
func (s *site) toFront(w http.ResponseWriter, r *http.Request) {
	to := "/" + r.PathValue("file")
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, r, to, http.StatusPermanentRedirect)
}

// besideFront says whether a page stands beside the front page.
func besideFront(name string) bool {
	return name == "new" || name == "privacy" || name == "offline.html" ||
		slices.ContainsFunc(page.Readings, func(r page.Reading) bool { return r.Name == name })
}

// link is a stored scenario: in the playground, or as a file.
func (s *site) link(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	id, form, isFile := strings.Cut(file, ".")
	switch {
	case besideFront(file):
		s.toFront(w, r)
	case isFile && form == "json":
		s.linkFile(w, r, id, "json", "application/json", func(tree *source.Node, _ string) string { return tree.JSON("  ") + "\n" })
	case isFile && form == "yaml":
		s.linkFile(w, r, id, "yaml", "application/yaml", func(tree *source.Node, name string) string { return share.YAML(tree, share.Head(name, nil)...) })
	case isFile && form == "png":
		s.linkPicture(w, r, id)
	case isFile:
		s.notFound(w, r)
	default:
		s.linkPage(w, r, id)
	}
}

// linked finds the scenario of an id, and answers where there is none.
func (s *site) linked(w http.ResponseWriter, r *http.Request, id string) (*store.Scenario, bool) {
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex")
	found, err := (*store.Scenario)(nil), store.ErrNotFound
	if isID(id) {
		found, err = s.kept.get(r.Context(), id)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		s.fail(w, r, problemNoScenario)
	case err != nil:
		s.failStore(w, r, err)
	default:
		s.metrics.scenario("read", 1)
	}
	return found, err == nil
}

// linkPage is the playground with a stored scenario in it.
func (s *site) linkPage(w http.ResponseWriter, r *http.Request, id string) {
	found, ok := s.linked(w, r, id)
	if !ok {
		return
	}
	if !s.built {
		s.html(w, r, http.StatusOK, page.NotBuilt())
		return
	}
	w.Header().Set("Content-Security-Policy", s.playgroundPolicy(r, s.paths()))
	w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
	address := s.address(r, r.URL.Path)
	s.sendDrawn(w, r, found, "page at "+address, "text/html; charset=utf-8", func() (templ.Component, error) {
		p := s.playground(s.paths(), found.JSON, "")
		p.Meta = s.linkMeta(r, found, p.Report.Title)
		stored := s.storedHere(found)
		p.Stored = &stored
		return page.Index(p), nil
	})
}

// storedHere is what pages say of a stored scenario.
func (s *site) storedHere(found *store.Scenario) page.Stored {
	return page.Stored{ID: found.ID, Expires: found.Expires, Contact: s.contact}
}

// linkPicture is the preview of a stored scenario.
func (s *site) linkPicture(w http.ResponseWriter, r *http.Request, id string) {
	found, ok := s.linked(w, r, id)
	if !ok {
		return
	}
	if ok, retry := s.limits.allowRead(r); !ok {
		s.refuseForNow(w, r, retry, "Wait a moment and try again.")
		return
	}
	w.Header().Set("Cache-Control", "no-cache") // it may be deleted
	s.picture(w, r, "s/"+id, titleOf(found), found.JSON)
}

// linkMeta is what the pages of a stored scenario say of themselves.
func (s *site) linkMeta(r *http.Request, found *store.Scenario, title string) page.Meta {
	m := page.Meta{
		Title: cmp.Or(title, "A scenario"), Description: "A scenario that somebody shared: what is configured, what is called, and what AWS answers.",
		Address: s.address(r, r.URL.Path), Unlisted: true,
	}
	s.addPreview(r, &m, "/s/"+found.ID)
	return m
}

// linkReport is the whole report of a stored scenario, for reading without a
// program in the page.
func (s *site) linkReport(w http.ResponseWriter, r *http.Request) {
	found, ok := s.linked(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	w.Header().Set("Content-Security-Policy", readPolicy)
	address := s.address(r, r.URL.Path)
	s.sendDrawn(w, r, found, "report at "+address, "text/html; charset=utf-8", func() (templ.Component, error) {
		played, _ := engine.Decode(found.JSON, scenario.LimitPage)
		at := "/s/" + found.ID
		return page.Reported(page.ReportPage{
			Site: s.still(), Meta: s.linkMeta(r, found, played.Title),
			Title: played.Title, Summary: played.Summary, Report: s.play(found.JSON), Text: share.YAML(&played.Root),
			Links:  []page.Link{{Address: at, Words: "Open in the playground"}, {Address: at + ".yaml", Words: "YAML"}, {Address: at + ".json", Words: "JSON"}},
			Notice: page.StoredNotice(s.storedHere(found)),
		}), nil
	})
}

// readPolicy is the policy of pages that run nothing and fetch nothing.
var readPolicy = policy("style-src 'self'", "frame-ancestors 'none'")

// linkFile is a stored scenario as a file, for programs and for pages of
// other sites.
func (s *site) linkFile(w http.ResponseWriter, r *http.Request, id, form, contentType string, write func(tree *source.Node, name string) string) {
	h := w.Header()
	forAll(h)
	found, ok := s.linked(w, r, id)
	if !ok {
		return
	}
	tree := sync.OnceValue(func() *source.Node {
		tree, err := source.ParseJSON(found.JSON)
		if err != nil {
			panic(err) // it was written by the engine
		}
		return &tree
	})
	named, err := s.kept.answer(found, "file name", func() (*drawn, error) {
		return newDrawn([]byte(share.FileName(tree())), time.Time{}), nil
	})
	if err != nil {
		panic(err)
	}
	name := string(named.body) + "." + form
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": name}))
	s.sendDrawn(w, r, found, form, contentType, func() (templ.Component, error) {
		return templ.Raw(write(tree(), name)), nil
	})
}

// sendDrawn answers with what is drawn of a stored scenario, compressed where
// the visitor takes it. It is drawn once, unless the clock is part of it.
func (s *site) sendDrawn(w http.ResponseWriter, r *http.Request, found *store.Scenario, name, contentType string, draw func() (templ.Component, error)) {
	if s.kept.drawnBefore(found, name) == nil {
		if ok, retry := s.limits.allowRead(r); !ok { // asked before others wait for the same drawing: it is this client's limit
			s.refuseForNow(w, r, retry, "Wait a moment and try again.")
			return
		}
	}
	d, err := s.kept.answer(found, name, func() (*drawn, error) {
		c, err := draw()
		if err != nil {
			return nil, err
		}
		body := page.Bounded{Left: longestPage}
		if err := c.Render(context.WithoutCancel(r.Context()), &body); err != nil {
			return nil, err
		}
		var to time.Time
		if !namesMoment(found.JSON) {
			to = s.clock().Add(freshFor)
		}
		return newDrawn(body.Bytes(), to), nil
	})
	switch {
	case errors.Is(err, page.ErrTooLong):
		s.problem(w, r, http.StatusUnprocessableEntity, "The report is too long for a page", "Each call is held against each statement, and here are many of both. Open the scenario in the playground, or play its file with stsplayground check.")
		return
	case errors.Is(err, store.ErrUnavailable):
		s.failStore(w, r, err)
		return
	case err != nil:
		panic(err)
	}
	h := w.Header()
	if encoding := negotiate(r.Header.Values("Accept-Encoding"), []string{"br", "gzip"}); encoding != "" {
		plain := d
		d, err = s.kept.answer(found, name+" "+encoding+" of "+plain.tag, func() (*drawn, error) {
			return newDrawn(compressed(encoding, plain.body), plain.to), nil
		})
		if err != nil {
			s.failStore(w, r, err)
			return
		}
		h.Set("Content-Encoding", encoding)
		h.Set("Content-Length", strconv.Itoa(len(d.body))) // http.ServeContent leaves that of an encoded body out
	}
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", d.tag)
	sendContent(w, r, d.body)
}

// longestPage is how long a page of a stored scenario may be, in bytes. The
// report of 64 KiB can be far longer than they are: each call is held against
// each statement.
const longestPage = 8 << 20

// namesMoment says whether a scenario says when it is played.
func namesMoment(scenarioJSON string) bool {
	tree, err := source.ParseJSON(scenarioJSON)
	return err == nil && tree.Get("now") != nil
}

// askDelete is the page that asks for the key that deletes a scenario. Reading
// it deletes nothing: programs follow links too.
func (s *site) askDelete(w http.ResponseWriter, r *http.Request) {
	found, ok := s.linked(w, r, r.PathValue("id"))
	if ok {
		s.deletePage(w, r, http.StatusOK, page.Deleting{ID: found.ID, Title: titleOf(found), Expires: found.Expires})
	}
}

// deleteByForm deletes with the key that the form has.
func (s *site) deleteByForm(w http.ResponseWriter, r *http.Request) {
	found, ok := s.linked(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	const formBytes = 4 << 10
	r.Body = http.MaxBytesReader(w, r.Body, formBytes)
	asked := page.Deleting{ID: found.ID, Title: titleOf(found), Expires: found.Expires}
	err := s.kept.delete(r.Context(), found.ID, strings.TrimSpace(r.PostFormValue("key")))
	switch {
	case errors.Is(err, store.ErrNotFound):
		s.fail(w, r, problemNoScenario)
	case errors.Is(err, store.ErrWrongKey):
		asked.Wrong = true
		s.deletePage(w, r, http.StatusForbidden, asked)
	case err != nil:
		s.failStore(w, r, err)
	default:
		s.metrics.scenario("deleted", 1)
		asked.Done = true
		s.deletePage(w, r, http.StatusOK, asked)
	}
}

func (s *site) deletePage(w http.ResponseWriter, r *http.Request, status int, d page.Deleting) {
	w.Header().Set("Cache-Control", "private, no-store")
	s.document(w, r, status, deletePolicy, page.Delete(s.still(), d))
}

// deletePolicy lets the form be sent to where it came from, and its script
// fill it.
var deletePolicy = strings.Replace(policy("script-src "+hashed(page.FillKey), "style-src 'self'", "frame-ancestors 'none'"), "form-action 'none'", "form-action 'self'", 1)

// privacy says in plain words what the server keeps.
func (s *site) privacy(w http.ResponseWriter, r *http.Request) {
	s.html(w, r, http.StatusOK, page.PrivacyPage(page.Privacy{
		Site: s.served(), Meta: s.meta(r, "Privacy", "What the playground's page and its server keep of what you paste: nothing, unless you store a scenario."),
		Stores: s.kept != nil, Contact: s.contact, PerHour: s.perHour,
	}))
}

// titleOf is a stored scenario's title, "" where it has none.
func titleOf(s *store.Scenario) string {
	tree, err := source.ParseJSON(s.JSON)
	if title := tree.Get("title"); err == nil && title != nil {
		return title.Text
	}
	return ""
}

// openStore opens the store, where scenarios are to be stored, and removes what
// expires in it until ctx ends. A database that is away is no error: it is
// waited for.
func (s *site) openStore(ctx context.Context) error {
	switch {
	case !s.share:
		return nil
	case s.data == "" && s.database == "":
		s.log.Warn("nothing is stored: no folder for the database is known; -data names one")
		return nil
	}
	opened, err := store.Open(ctx, store.Options{Data: s.data, Database: s.database, Log: s.log, Clock: s.clock})
	if err != nil {
		return err
	}
	s.keep(opened)
	go s.sweep(ctx)
	return nil
}

// keep has scenarios stored.
func (s *site) keep(k keeper) {
	s.kept = newKept(k, s.clock, runtime.GOMAXPROCS(0))
	s.ready = k.Ready
}

// closeStore lets go of the store, where there is one.
func (s *site) closeStore() {
	if s.kept != nil {
		s.kept.store.Close()
	}
}

// sweepEvery is how often what has expired is removed, about: instances that
// started together don't all come at once.
const sweepEvery = 5 * time.Minute

// sweep removes what has expired, again and again until ctx ends. Nothing of
// it was given out since it expired.
func (s *site) sweep(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepEvery/2 + rand.N(sweepEvery)):
		}
		if n, err := s.kept.store.Sweep(ctx); err != nil {
			s.log.Warn("expired scenarios stay for now", "error", err)
		} else if n > 0 {
			s.metrics.scenario("expired", n)
			s.log.Info("expired scenarios removed", "count", n)
		}
	}
}
