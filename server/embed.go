package main

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"stsplayground/engine"
	"stsplayground/server/store"
	"stsplayground/web/page"
)

// routeEmbeds are what other people's pages load and frame, and the page that
// tells them how, and what is promised: what stands below /v1/ keeps its address
// and its meaning.
func (s *site) routeEmbeds(mux *http.ServeMux) {
	mux.HandleFunc("GET /embeds", s.embeds)
	mux.HandleFunc("GET /oembed", shared(s.oembed))
	if !s.built {
		return
	}
	mux.HandleFunc("GET /v1/embed.js", shared(s.element))
	mux.HandleFunc("GET /v1/embed", s.costly(s.frameAny))
	mux.HandleFunc("GET /examples/{slug}/embed", s.costly(s.frameExample))
	if s.kept != nil {
		mux.HandleFunc("GET /s/{id}/embed", s.frameLink)
	}
}

// element is the script of <sts-playground>. It names the files of this build,
// and so is asked for anew each time; its ETag makes that cheap.
func (s *site) element(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	s.assets.serve(w, r, s.manifest.Embed)
}

// frameAny is the document for an iframe, with the example that ?scenario=
// names in it, else with what stands after its #, which only the browser knows.
func (s *site) frameAny(w http.ResponseWriter, r *http.Request) {
	slug := r.URL.Query().Get("scenario")
	if slug == "" {
		s.frame(w, r, page.Frame{Site: s.served(), Address: "/"})
		return
	}
	s.frameSlug(w, r, slug)
}

func (s *site) frameExample(w http.ResponseWriter, r *http.Request) {
	s.frameSlug(w, r, r.PathValue("slug"))
}

func (s *site) frameSlug(w http.ResponseWriter, r *http.Request, slug string) {
	e, ok := s.choose(slug)
	if !ok || slug == "" {
		s.framed(w, r, http.StatusNotFound, page.Problem(http.StatusNotFound, "There is no example of that name", "The playground's examples and lessons are listed on its front page."))
		return
	}
	s.frame(w, r, page.Frame{Site: s.served(), Scenario: e.Slug, Address: "/?scenario=" + e.Slug, Report: s.shownReport(e.JSON), Call: shownCall(r)})
}

// frameLink is the document for an iframe, with a stored scenario in it.
func (s *site) frameLink(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	err := store.ErrNotFound
	if isID(id) {
		_, err = s.kept.get(r.Context(), id)
	}
	if errors.Is(err, store.ErrNotFound) { // said in a page that may be framed
		s.framed(w, r, http.StatusNotFound, page.Problem(http.StatusNotFound, "There is no scenario here", "It expired, was deleted, or never was."))
		return
	}
	found, ok := s.linked(w, r, id)
	if !ok {
		return
	}
	s.frameHeaders(w, r)
	at, call := "/s/"+found.ID, shownCall(r)
	s.sendDrawn(w, r, found, fmt.Sprintf("frame of call %d", call), "text/html; charset=utf-8", func() (templ.Component, error) {
		return page.Framed(page.Frame{Site: s.served(), Scenario: at, Address: at, Report: s.shownReport(found.JSON), Call: call}), nil
	})
}

// shownReport is what a frame shows until its program has come, and where none
// may run.
func (s *site) shownReport(scenarioJSON string) *engine.Report {
	report := s.play(scenarioJSON)
	return &report
}

// shownCall is the index of the call that ?call= names by its number.
func shownCall(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("call"))
	if err != nil || n < 1 {
		return 0
	}
	return n - 1
}

// frame sends the document of an iframe, which any site may frame. With the
// origin that a sandbox takes away 'self' is nobody: the policy names the files.
func (s *site) frame(w http.ResponseWriter, r *http.Request, f page.Frame) {
	s.frameHeaders(w, r)
	s.document(w, r, http.StatusOK, w.Header().Get("Content-Security-Policy"), page.Framed(f))
}

func (s *site) frameHeaders(w http.ResponseWriter, r *http.Request) {
	paths := s.paths()
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // for pages that ask it of all that they show
	w.Header().Set("Content-Security-Policy", policy(
		"script-src 'wasm-unsafe-eval' "+s.sources(r, paths.Frame, "/v1/embed.js", paths.Widget),
		"style-src "+s.sources(r, paths.Style),
		"connect-src "+s.sources(r, s.embedFetches()...),
		"frame-ancestors *",
	))
}

// embedFetches are the paths of what an embed's program fetches: the engine,
// and scenarios of this site.
func (s *site) embedFetches() []string {
	paths := s.paths()
	return []string{paths.Worker, paths.Wasm, paths.Reference, "/examples/", "/s/"}
}

// embeds is the page that makes the snippet for somebody's documentation.
func (s *site) embeds(w http.ResponseWriter, r *http.Request) {
	if !s.built {
		s.html(w, r, http.StatusOK, page.NotBuilt())
		return
	}
	s.document(w, r, http.StatusOK, policy(
		"script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'",
		"connect-src "+s.sources(r, s.embedFetches()...), "frame-ancestors 'none'",
	), page.Embeds(page.Builder{
		Site: s.served(), Examples: s.entries(), Chosen: s.gallery[0].Slug,
		Meta: s.meta(r, "Embeds", "Put an example that can be played into your documentation: one tag, or an iframe."),
	}))
}

// exportEmbeds are the files of an export that embeds need.
func (s *site) exportEmbeds(write func(name string, content []byte) error) error {
	content, err := s.builtFile(s.manifest.Embed)
	if err != nil {
		return err
	}
	return write("v1/embed.js", content)
}

// exportedFrame is the document for iframes, in an export.
func (s *site) exportedFrame() page.Frame {
	at := s.exportedSite("../../")
	at.Assets.Alone = "" // it is no page to open
	return page.Frame{Site: at, Address: strings.TrimSuffix(at.Home, "/") + "/"}
}
