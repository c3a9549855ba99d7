package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"

	"stsplayground/examples"
	"stsplayground/web/page"
)

// lessonSet is a course's lessons as the playground fetches them. Its name has
// a hash of the content in it, and never changes its meaning.
type lessonSet struct {
	name                string // lessons.0a1b2c3d4e.json
	plain, gzip, brotli []byte
}

func newLessonSet(course examples.Course) lessonSet {
	plain, err := examples.Bundle([]examples.Course{course})
	if err != nil {
		panic(err) // the lessons were read, and so are JSON
	}
	return lessonSet{
		name:  nameOfSet(plain),
		plain: plain,
		gzip: packed(plain, func(w io.Writer) io.WriteCloser {
			z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is one
			return z
		}),
		brotli: packed(plain, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 9) }),
	}
}

func nameOfSet(plain []byte) string {
	sum := sha256.Sum256(plain)
	return "lessons." + hex.EncodeToString(sum[:])[:10] + ".json"
}

func packed(plain []byte, coder func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	w := coder(&b)
	w.Write(plain) // a Buffer takes everything
	w.Close()
	return b.Bytes()
}

// lessonsPath is where a workshop's lessons are fetched.
func (w *workshop) lessonsPath() string {
	return page.Workshop{Name: w.name}.Address(w.lessons().name)
}

// workshopLessons answers with a workshop's lessons, for ever the same under
// their name. Those that its folder had shortly before are there too: a page
// that was opened then still asks for them.
func (s *site) workshopLessons(w http.ResponseWriter, r *http.Request) {
	found := s.workshopAsked(w, r)
	if found == nil {
		return
	}
	file := r.PathValue("file")
	set := found.lessons()
	if set.name != file {
		var ok bool
		if set, ok = s.workshops.earlier(found.name, file); !ok {
			s.notFound(w, r)
			return
		}
	}
	set.serve(w, r)
}

func (set lessonSet) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	content, encoding := set.plain, negotiate(r.Header.Values("Accept-Encoding"), []string{"br", "gzip"})
	switch encoding {
	case "br":
		content = set.brotli
	case "gzip":
		content = set.gzip
	}
	h.Set("Content-Type", contentTypes[".json"])
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+strings.Trim(set.name+"."+encoding, ".")+`"`) // each encoding is a representation of its own
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
		h.Set("Content-Length", strconv.Itoa(len(content)))
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// earlier is a set of lessons that a workshop's folder had before.
func (w *workshops) earlier(name, file string) (lessonSet, bool) {
	for _, f := range w.own {
		if f.slug == name {
			return f.earlier(file)
		}
	}
	return lessonSet{}, false
}
