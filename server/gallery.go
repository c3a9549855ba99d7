package main

import (
	"net/http"
	"strings"

	"stsplayground/examples"
	"stsplayground/web/page"
)

// routeGallery are the pages about examples and lessons.
func (s *site) routeGallery(mux *http.ServeMux) {
	mux.HandleFunc("GET /examples/{file}", s.example)
}

// example is an example's page, or with .yaml its file as it is written.
func (s *site) example(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	slug, isFile := strings.CutSuffix(name, ".yaml")
	e, found := s.choose(slug)
	if slug == "" || !found {
		s.notFound(w, r)
		return
	}
	if isFile {
		forAll(w.Header())
		s.send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte(e.Source))
		return
	}
	s.html(w, r, http.StatusOK, page.Reported(s.told(s.served(), s.meta(r, e.Title, e.Summary), e)))
}

// told is an example's page.
func (s *site) told(at page.Site, m page.Meta, e examples.Example) page.ReportPage {
	return page.ReportPage{
		Site: at, Meta: m, Title: e.Title, Summary: e.Summary,
		Report: s.play(e.Source), Text: e.Source,
		Links: []page.Link{
			{Address: at.Home + "?scenario=" + e.Slug, Words: "Open in the playground"},
			{Address: at.Home + "examples/" + e.Slug + ".yaml", Words: "The file"},
		},
	}
}
