package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/a-h/templ"

	"stsplayground/examples"
	"stsplayground/web/page"
)

// export writes the whole playground as static files, for any web host, under
// any path prefix: addresses in it are relative.
func (p program) export(args []string) int {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	dirs, err := parseAnywhere(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.out, usage)
		return exitOK
	case err != nil:
		return p.misused(err.Error())
	case len(dirs) != 1:
		return p.misused("export needs the name of one directory to write to")
	}
	s, err := newSite(config{}, p.clock, slog.New(slog.DiscardHandler))
	if err == nil && !s.built {
		err = errors.New("this program was built without its page; in a checkout: make build")
	}
	var files, size int
	if err == nil {
		files, size, err = s.export(dirs[0])
	}
	if err != nil {
		fmt.Fprintf(p.err, "stsplayground: export: %v\n", err)
		return exitUnmet
	}
	fmt.Fprintf(p.out, "%s: %d files, %.1f MiB. Serve it with any web server, or open %s.\n", dirs[0], files, float64(size)/(1<<20), filepath.Join(dirs[0], "offline.html"))
	return exitOK
}

// export writes the files into dir, which is made where it isn't there, and
// says how many and how large they are. A file of the same name is replaced;
// what else is in dir stays.
func (s *site) export(dir string) (files, size int, err error) {
	write := func(name string, content []byte) error {
		files++
		size += len(content)
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		return os.WriteFile(path, content, 0o666)
	}
	draw := func(name string, c templ.Component) error {
		var b bytes.Buffer
		if err := c.Render(context.Background(), &b); err != nil {
			return err
		}
		return write(name, b.Bytes())
	}

	first := s.gallery[0]
	if err := draw("index.html", page.Index(s.playground(s.exported(""), first.JSON, first.Slug))); err != nil {
		return files, size, err
	}
	if err := draw("new/index.html", page.Moved("../?new", "A new scenario")); err != nil {
		return files, size, err
	}
	for _, r := range page.Readings {
		if err := draw(r.Name+"/index.html", page.Article(s.exportedSite("../"), page.Meta{Title: r.Title, Description: r.About}, r, r.Body("../", s.lessonTexts()))); err != nil {
			return files, size, err
		}
	}
	if err := s.exportGallery(draw); err != nil {
		return files, size, err
	}
	var alone bytes.Buffer
	if err := s.offline(&alone); err != nil {
		return files, size, err
	}
	if err := write("offline.html", alone.Bytes()); err != nil {
		return files, size, err
	}
	if err := write("scenario.schema.json", []byte(examples.Schema)); err != nil {
		return files, size, err
	}
	if err := s.exportEmbeds(write); err != nil {
		return files, size, err
	}
	if err := draw("v1/embed/index.html", page.Framed(s.exportedFrame())); err != nil {
		return files, size, err
	}
	for _, e := range s.scenarios() {
		if err := write("examples/"+e.Slug+".yaml", []byte(e.Source)); err != nil {
			return files, size, err
		}
	}
	err = fs.WalkDir(s.assets.fs, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !s.isAsset(name) {
			return err
		}
		content, err := s.builtFile(name)
		if err != nil {
			return err
		}
		return write("assets/"+name, content)
	})
	return files, size, err
}

// exportGallery draws the pages about examples and lessons. Of an example there
// is its file and the playground (see page.Site).
func (s *site) exportGallery(draw func(name string, c templ.Component) error) error {
	up, further := s.exportedSite("../"), s.exportedSite("../../")
	pages := map[string]templ.Component{
		"gallery":          page.Gallery(s.galleryPage(up, page.Meta{Title: "Gallery", Description: galleryAbout}, false)),
		"gallery/symptoms": page.Gallery(s.galleryPage(further, page.Meta{}, true)),
		"lessons":          page.Courses(page.CoursesPage{Site: up, Meta: page.Meta{Title: "Lessons", Description: lessonsAbout}, Courses: s.courses()}),
	}
	for _, c := range s.lessons {
		for _, l := range c.Lessons {
			pages["lessons/"+l.Slug] = page.LessonToRead(s.lessonPage(further, page.Meta{Title: l.Title, Description: plainText(l.Summary)}, l, c))
		}
	}
	for name, drawn := range pages {
		if err := draw(name+"/index.html", drawn); err != nil {
			return err
		}
	}
	return nil
}

// isAsset says whether a built file is one that the page loads, as it is or
// compressed.
func (s *site) isAsset(name string) bool {
	plain := strings.TrimSuffix(strings.TrimSuffix(name, ".br"), ".gz")
	_, ok := s.assets.files[plain]
	return ok
}

// exported are the assets' addresses for a page in a folder from which root
// leads to the front page.
func (s *site) exported(root string) page.Assets {
	a := s.paths()
	for _, path := range []*string{&a.Script, &a.Style, &a.Theme, &a.Worker, &a.Wasm, &a.Tools, &a.Examples, &a.Lessons, &a.Reference, &a.Frame} {
		*path = root + strings.TrimPrefix(*path, "/")
	}
	a.Alone = root + "offline.html"
	// The host isn't known: the page narrows what it may fetch to its own files as it starts.
	a.Policy = policy("script-src 'self' 'wasm-unsafe-eval' "+hashed(page.FromDisk), "style-src 'self'", "connect-src 'self'")
	return a
}
