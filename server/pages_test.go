package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"image/png"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/html"

	"stsplayground/server/preview"
)

// ofHead is what a page says of itself in its head: the contents of its meta
// elements by their names, and the addresses of its links by their relations.
func ofHead(doc *html.Node) map[string]string {
	all := map[string]string{}
	for _, n := range elements(doc, "") {
		switch n.Data {
		case "meta":
			all[attribute(n, "name")+attribute(n, "property")] = attribute(n, "content")
		case "link":
			all[attribute(n, "rel")] = attribute(n, "href")
		}
	}
	return all
}

func TestEachPageSaysWhatAPreviewShows(t *testing.T) {
	s := testSite(t)
	first, lesson := s.gallery[0], s.lessons[0].Lessons[0]
	for _, test := range []struct{ target, title, about, address, image string }{
		{"/", "STS Playground", "What AWS STS does", "/", "/examples/" + first.Slug + ".png"},
		{"/?scenario=" + first.Slug, first.Title, "One role, one repository", "/?scenario=" + first.Slug, "/examples/" + first.Slug + ".png"},
		{"/?lesson=" + lesson.Slug, lesson.Title, "", "/?lesson=" + lesson.Slug, "/examples/" + lesson.Slug + ".png"},
		{"/?id_token=secret", "STS Playground", "What AWS STS does", "/", "/examples/" + first.Slug + ".png"},
		{"/new", "STS Playground", "What AWS STS does", "/new", ""},
		{"/examples/" + first.Slug, first.Title, "One role, one repository", "/examples/" + first.Slug, "/examples/" + first.Slug + ".png"},
		{"/lessons/" + lesson.Slug, lesson.Title, "", "/lessons/" + lesson.Slug, "/examples/" + lesson.Slug + ".png"},
		{"/gallery", "Gallery", "Scenarios of federation", "/gallery", ""},
		{"/gallery/symptoms", "Error messages", "What AWS's federation errors mean", "/gallery/symptoms", ""},
		{"/lessons", "Lessons", "A course on federation", "/lessons", ""},
		{"/glossary", "Glossary", "The words of the field", "/glossary", ""},
	} {
		got := ofHead(document(t, s, test.target))
		for name, want := range map[string]string{
			"og:title": test.title, "og:url": "http://example.com" + test.address, "canonical": "http://example.com" + test.address,
			"og:type": "website", "og:site_name": "STS Playground", "og:description": got["description"],
		} {
			if got[name] != want {
				t.Errorf("%s: %s: got %q, want %q", test.target, name, got[name], want)
			}
		}
		image, card := "", "summary"
		if test.image != "" {
			image, card = "http://example.com"+test.image, "summary_large_image"
			if embeds := "http://example.com/oembed?format=json&url=http%3A%2F%2Fexample.com%2F"; !strings.HasPrefix(got["alternate"], embeds) {
				t.Errorf("%s: got oEmbed %q, want %s…", test.target, got["alternate"], embeds)
			}
		}
		if got["og:image"] != image || got["twitter:card"] != card || !strings.Contains(got["description"], test.about) {
			t.Errorf("%s: got picture %q, card %q, %q", test.target, got["og:image"], got["twitter:card"], got["description"])
		}
	}
}

func TestAddressesAreThoseThatVisitorsSee(t *testing.T) {
	s := testSite(t)
	s.origin = "https://sts.example.org"
	if got := ofHead(document(t, s, "/examples/"+s.gallery[0].Slug))["og:image"]; !strings.HasPrefix(got, "https://sts.example.org/examples/") {
		t.Errorf("got %q, want an address of the origin", got)
	}
	r := httptest.NewRequest("GET", "https://tls.example.net/gallery", nil)
	w := httptest.NewRecorder()
	testSite(t).handler().ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), `content="https://tls.example.net/gallery"`) {
		t.Error("got no address with the scheme of the request")
	}
}

func TestAPictureIsDrawnOnceAndValidated(t *testing.T) {
	s := testSite(t)
	target := "/examples/" + s.gallery[0].Slug + ".png"
	r := answer(s, "GET", target)
	picture := body(t, r)
	drawn, err := png.Decode(strings.NewReader(picture))
	if err != nil || drawn.Bounds().Dx() != 1200 || drawn.Bounds().Dy() != 630 {
		t.Fatalf("got %v, %v, want a picture of 1200 by 630", drawn, err)
	}
	if r.Header.Get("Content-Type") != "image/png" || r.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("got headers %v", r.Header)
	}
	if again := answer(s, "GET", target, "If-None-Match", r.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("got status %d, want 304 for the picture that the visitor has", again.StatusCode)
	}
	if other := body(t, answer(testSite(t), "GET", target)); other != picture {
		t.Error("another server draws another picture")
	}
}

func TestFewPicturesAreDrawnAtATimeAndFewAreKept(t *testing.T) {
	var p pictures
	var drawing, most, draws atomic.Int32
	draw := func() preview.Card {
		now := drawing.Add(1)
		for was := most.Load(); now > was && !most.CompareAndSwap(was, now); was = most.Load() {
		}
		defer drawing.Add(-1)
		draws.Add(1)
		return preview.Card{Title: "x"}
	}
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			if picture, err := p.of(context.Background(), string(rune('a'+i%4)), draw); err != nil || !bytes.HasPrefix(picture, []byte("\x89PNG")) {
				t.Errorf("got %d bytes, %v", len(picture), err)
			}
		})
	}
	all.Wait()
	if most.Load() > drawnPictures {
		t.Errorf("got %d drawn at a time, want at most %d", most.Load(), drawnPictures)
	}
	if n := draws.Load(); n < 4 || n > 4*drawnPictures {
		t.Errorf("got %d drawn for 4 names", n)
	}
	for i := range drawnPictures {
		p.drawn <- struct{}{}
		_ = i
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.of(gone, "new", draw); err == nil {
		t.Error("got a picture for a visitor who went away")
	}
}

func TestTheMapListsPagesThatAreThere(t *testing.T) {
	s := testSite(t)
	var list struct {
		Locations []string `xml:"url>loc"`
	}
	if err := xml.Unmarshal([]byte(body(t, answer(s, "GET", "/sitemap.xml"))), &list); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, address := range list.Locations {
		path, ok := strings.CutPrefix(address, "http://example.com/")
		if !ok || listed[path] {
			t.Errorf("got %q, want an address of the site, once", address)
		}
		listed[path] = true
		if slug, ok := strings.CutPrefix(path, "examples/"); ok {
			if _, there := s.choose(slug); !there {
				t.Errorf("there is no example %q", slug)
			}
			continue
		}
		if slug, ok := strings.CutPrefix(path, "lessons/"); ok {
			if _, _, there := s.findLesson(slug); !there {
				t.Errorf("there is no lesson %q", slug)
			}
			continue
		}
		if got := answer(s, "GET", "/"+path).StatusCode; got != 200 {
			t.Errorf("/%s: got status %d", path, got)
		}
	}
	for _, e := range s.gallery {
		if !listed["examples/"+e.Slug] {
			t.Errorf("the map lacks %s", e.Slug)
		}
	}
	robots := body(t, answer(s, "GET", "/robots.txt"))
	if !strings.Contains(robots, "Sitemap: http://example.com/sitemap.xml") || !strings.Contains(robots, "Disallow: /api/") {
		t.Errorf("got %q", robots)
	}
}
