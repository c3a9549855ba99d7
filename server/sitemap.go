package main

import (
	"encoding/xml"
	"fmt"
	"net/http"

	"stsplayground/web/page"
)

// routeCrawlers are what search engines ask for.
func (s *site) routeCrawlers(mux *http.ServeMux) {
	mux.HandleFunc("GET /robots.txt", s.robots)
	mux.HandleFunc("GET /sitemap.xml", s.sitemap)
}

// robots lets crawlers in everywhere (RFC 9309) but to what visitors stored,
// which is nobody's to list.
func (s *site) robots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	fmt.Fprint(w, "User-agent: *\nDisallow: /s/\nDisallow: /api/\nAllow: /\n")
	if address := s.address(r, "/sitemap.xml"); address != "" {
		fmt.Fprintf(w, "\nSitemap: %s\n", address)
	}
}

// sitemap lists the pages for search engines (https://www.sitemaps.org/protocol.html).
func (s *site) sitemap(w http.ResponseWriter, r *http.Request) {
	type location struct {
		Address string `xml:"loc"`
	}
	list := struct {
		XMLName   xml.Name   `xml:"urlset"`
		Namespace string     `xml:"xmlns,attr"`
		Locations []location `xml:"url"`
	}{Namespace: "http://www.sitemaps.org/schemas/sitemap/0.9"}
	for _, path := range s.listedPages() {
		list.Locations = append(list.Locations, location{s.address(r, path)})
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	fmt.Fprint(w, xml.Header)
	if err := xml.NewEncoder(w).Encode(list); err != nil {
		panic(http.ErrAbortHandler) // the visitor is gone
	}
}

// listedPages are the paths of the pages that are worth finding.
func (s *site) listedPages() []string {
	paths := []string{"/", "/gallery", "/gallery/symptoms", "/lessons", "/embeds", "/privacy"}
	for _, r := range page.Readings {
		paths = append(paths, "/"+r.Name)
	}
	for _, e := range s.gallery {
		paths = append(paths, "/examples/"+e.Slug)
	}
	for _, c := range s.lessons {
		for _, l := range c.Lessons {
			paths = append(paths, "/lessons/"+l.Slug)
		}
	}
	return paths
}
