package main

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	lru "github.com/hashicorp/golang-lru/v2"

	"stsplayground/examples"
	"stsplayground/web/page"
)

// served is the site as the server has it.
func (s *site) served() page.Site {
	return page.Site{Assets: s.paths(), Home: "/", Served: true, Version: name()}
}

// still is the site as pages have it whose policy lets no script of the site
// in: what they show is a visitor's, and their theme is the system's.
func (s *site) still() page.Site {
	at := s.served()
	at.Assets.Theme = ""
	return at
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

// playgroundMeta is what the playground says of itself: with an example or a
// lesson in it that was asked for, what the example says.
func (s *site) playgroundMeta(r *http.Request, e examples.Example, query url.Values) page.Meta {
	for _, kind := range []string{"lesson", "scenario"} {
		if query.Get(kind) == e.Slug {
			m := page.Meta{Title: e.Title, Description: plainText(e.Summary), Address: s.address(r, "/?"+kind+"="+e.Slug)}
			s.addPreview(r, &m, "/examples/"+e.Slug)
			return m
		}
	}
	m := page.Meta{Address: s.address(r, "/")}
	s.addPreview(r, &m, "/examples/"+e.Slug)
	return m
}

// drawnPages are pages whose scenarios are played for them, as they were drawn
// last. The zero value is ready.
type drawnPages struct {
	once sync.Once
	kept *lru.Cache[string, *drawn]
}

// Bounds of what is remembered: some 300 KB each, and the clock that a page
// shows may be as late.
const (
	rememberedPages = 100
	rememberedFor   = time.Minute
)

// remembered answers with a page that is drawn once in rememberedFor, however
// many ask for it.
func (s *site) remembered(w http.ResponseWriter, r *http.Request, draw func() templ.Component) {
	s.pages.once.Do(func() { s.pages.kept, _ = lru.New[string, *drawn](rememberedPages) }) // an error only for a size below 1
	name, now := s.address(r, r.URL.Path), s.clock()
	last, ok := s.pages.kept.Get(name)
	if !ok || !now.Before(last.to) {
		if ok, retry := s.limits.allowRead(r); !ok {
			s.refuseForNow(w, r, retry, "Wait a moment and try again.")
			return
		}
		var body bytes.Buffer
		if err := draw().Render(context.WithoutCancel(r.Context()), &body); err != nil {
			panic(err)
		}
		last = newDrawn(body.Bytes(), now.Add(rememberedFor))
		s.pages.kept.Add(name, last)
	}
	s.html(w, r, http.StatusOK, templ.Raw(string(last.body)))
}
