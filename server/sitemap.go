package main

import (
	"encoding/xml"
	"net/http"

	"stsplayground/web/page"
)

// routeCrawlers are what search engines ask for.
func (s *site) routeCrawlers(mux *http.ServeMux) {
	mux.HandleFunc("GET /robots.txt", s.robots)
	mux.HandleFunc("GET /sitemap.xml", s.sitemap)
}

// robots lets crawlers in everywhere (RFC 9309) but where programs store
// scenarios. What visitors stored says by itself that it isn't to be listed,
// for which it has to be read.
func (s *site) robots(w http.ResponseWriter, r *http.Request) {
	text := "User-agent: *\nDisallow: /api/\nAllow: /\n"
	if address := s.address(r, "/sitemap.xml"); address != "" {
		text += "\nSitemap: " + address + "\n"
	}
	s.send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte(text))
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
	text, err := xml.Marshal(list)
	if err != nil {
		panic(err) // strings are all that is in it
	}
	s.send(w, r, http.StatusOK, "application/xml; charset=utf-8", append([]byte(xml.Header), text...))
}

// listedPages are the paths of the pages that are worth finding.
func (s *site) listedPages() []string {
	paths := []string{"/", "/gallery", "/gallery/symptoms", "/lessons", "/workshops", "/embeds", "/privacy"}
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
	for _, w := range s.workshops.all() {
		paths = append(paths, "/workshops/"+w.name)
	}
	return paths
}
