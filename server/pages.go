package main

import (
	"net/http"
	"net/url"
	"strings"

	"stsplayground/web/page"
)

// served is the site as the server has it.
func (s *site) served() page.Site {
	return page.Site{Assets: s.paths(), Home: "/", Served: true, Version: name()}
}

// exportedSite is the site as an export has it, for a page in a folder from
// which home leads to the front page.
func (s *site) exportedSite(home string) page.Site {
	return page.Site{Assets: s.exported(home), Home: home, Version: name()}
}

// name is the program's name and version, without what it was built with.
func name() string {
	words := strings.Fields(version())
	return strings.Join(words[:2], " ")
}

// meta is what a page says of itself to whoever shows links to it.
func (s *site) meta(r *http.Request, title, description string) page.Meta {
	return page.Meta{Title: title, Description: description, Address: s.address(r, r.URL.Path)}
}

// address is the absolute address of a path of the site; empty where the
// visitor's Host header is none.
func (s *site) address(r *http.Request, path string) string {
	switch {
	case s.origin != "":
		return s.origin + path
	case !validHost(r.Host):
		return ""
	case r.TLS != nil:
		return "https://" + r.Host + path
	}
	return "http://" + r.Host + path
}

// addPreview adds to a page's meta the picture of its verdict, at path with
// .png, and what embeds it, at path.
func (s *site) addPreview(r *http.Request, m *page.Meta, path string) {
	if m.Address == "" {
		return
	}
	m.Image, m.ImageAlt = s.address(r, path+".png"), "The verdict on: "+m.Title
	m.OEmbed = s.address(r, "/oembed?format=json&url="+url.QueryEscape(s.address(r, path)))
}
