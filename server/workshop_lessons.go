package main

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"stsplayground/examples"
	"stsplayground/web/page"
)

// lessonSet is a course's lessons as the playground fetches them. Its name has
// a hash of the content in it, and never changes its meaning.
type lessonSet struct {
	name string // lessons.0a1b2c3d4e.json
	text []byte
}

func newLessonSet(course examples.Course) lessonSet {
	text, err := examples.Bundle([]examples.Course{course})
	if err != nil {
		panic(err) // the lessons were read, and so are JSON
	}
	sum := sha256.Sum256(text)
	return lessonSet{"lessons." + hex.EncodeToString(sum[:])[:10] + ".json", text}
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
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	s.send(w, r, http.StatusOK, contentTypes[".json"], set.text)
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
