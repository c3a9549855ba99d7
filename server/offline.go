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
	"strings"

	"stsplayground/web/page"
)

// offline draws the whole playground as one HTML file, which works wherever it
// is opened from and has nothing to load. Its policy lets it fetch nothing.
func (s *site) offline(w io.Writer) error {
	style, err := s.builtFile(s.manifest.Style)
	if err != nil {
		return err
	}
	script, err := s.builtFile(s.manifest.Script)
	if err != nil {
		return err
	}
	in := page.Inlined{Style: string(style), Script: string(script)}
	for _, end := range []string{"</style", "</script"} {
		if strings.Contains(strings.ToLower(in.Style+in.Script), end) {
			return fmt.Errorf("the page's style or script has %q in it, and would end there", end)
		}
	}
	a := page.Assets{Inlined: &in}
	for _, data := range []struct {
		path     *string
		id, name string
	}{
		{&a.Worker, "data-worker", s.manifest.Worker},
		{&a.Wasm, "data-engine", s.manifest.Wasm},
		{&a.Tools, "data-tools", s.manifest.Tools},
		{&a.Examples, "data-examples", s.manifest.Examples},
		{&a.Lessons, "data-lessons", s.manifest.Lessons},
		{&a.Reference, "data-reference", s.manifest.Reference},
	} {
		content, err := s.gzipped(data.name)
		if err != nil {
			return err
		}
		*data.path = "#" + data.id
		in.Data = append(in.Data, page.Data{ID: data.id, Text: base64.StdEncoding.EncodeToString(content)})
	}
	for _, r := range page.Readings {
		in.Pages = append(in.Pages, page.Document{Path: r.Name, Body: r.Body("", s.lessonTexts())})
	}
	a.Policy = policy("script-src "+hashed(in.Script)+" 'wasm-unsafe-eval'", "style-src "+hashed(in.Style))
	first := s.gallery[0]
	return page.Index(s.playground(a, first.JSON, first.Slug)).Render(context.Background(), w)
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
