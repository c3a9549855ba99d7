package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"stsplayground/web/page"
)

// offline draws the whole playground as one HTML file, with all its lessons.
func (s *site) offline(w io.Writer) error {
	lessons, err := s.gzipped(s.manifest.Lessons)
	if err != nil {
		return err
	}
	first := s.gallery[0]
	return s.drawAlone(w, lessons, func(a page.Assets) page.Playground { return s.playground(a, first.JSON, first.Slug) })
}

// drawAlone draws a playground with its lessons, which are compressed with
// gzip, as one HTML file, which works wherever it is opened from and has
// nothing to load. Its policy lets it fetch nothing.
func (s *site) drawAlone(w io.Writer, lessons []byte, of func(page.Assets) page.Playground) error {
	a, in, err := s.inlined.all(s)
	if err != nil {
		return err
	}
	a.Inlined, a.Lessons = &in, in.Add("data-lessons", lessons)
	return page.Index(of(a)).Render(context.Background(), w)
}

// inlined is what every page in one file has in itself, made when the first
// is asked for. All are drawn of the same few megabytes.
type inlined struct {
	once   sync.Once
	assets page.Assets
	in     page.Inlined
	err    error
}

// all are the assets and what they name but the lessons, which are each page's own.
func (i *inlined) all(s *site) (page.Assets, page.Inlined, error) {
	i.once.Do(func() { i.err = i.read(s) })
	in := i.in
	in.Data = slices.Clone(in.Data)
	return i.assets, in, i.err
}

func (i *inlined) read(s *site) error {
	style, err := s.builtFile(s.manifest.Style)
	if err != nil {
		return err
	}
	script, err := s.builtFile(s.manifest.Script)
	if err != nil {
		return err
	}
	i.in.Style, i.in.Script = string(style), string(script)
	for _, end := range []string{"</style", "</script"} {
		if strings.Contains(strings.ToLower(i.in.Style+i.in.Script), end) {
			return fmt.Errorf("the page's style or script has %q in it, and would end there", end)
		}
	}
	for _, data := range []struct {
		path     *string
		id, name string
	}{
		{&i.assets.Worker, "data-worker", s.manifest.Worker},
		{&i.assets.Wasm, "data-engine", s.manifest.Wasm},
		{&i.assets.Tools, "data-tools", s.manifest.Tools},
		{&i.assets.Examples, "data-examples", s.manifest.Examples},
		{&i.assets.Reference, "data-reference", s.manifest.Reference},
	} {
		content, err := s.gzipped(data.name)
		if err != nil {
			return err
		}
		*data.path = i.in.Add(data.id, content)
	}
	for _, r := range page.Readings {
		i.in.Pages = append(i.in.Pages, page.Document{Path: r.Name, Body: r.Body("", s.lessonTexts())})
	}
	i.assets.Policy = policy("script-src "+hashed(i.in.Script)+" 'wasm-unsafe-eval'", "style-src "+hashed(i.in.Style))
	return nil
}

// hashed is a source of a policy that stands for exactly this text (CSP Level 3 §2.3.1).
func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (s *site) builtFile(name string) ([]byte, error) { return fs.ReadFile(s.assets.fs, name) }

// gzipped is a built file as the build compressed it.
func (s *site) gzipped(name string) ([]byte, error) {
	if content, err := s.builtFile(name + ".gz"); err == nil {
		return content, nil
	}
	content, err := s.builtFile(name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	z.Write(content)
	return b.Bytes(), z.Close()
}
