package main

import (
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// assetFiles serves built files. Their names have hashes of their contents in
// them, so that a name never changes its meaning and may be kept for ever.
type assetFiles struct {
	fs    fs.FS
	files map[string][]string // name: the encodings that it was compressed with, best first
}

// encodings are the content codings that the build compresses with, best
// first, and the suffixes of the compressed files.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// contentTypes are the media types of what the build makes. The machine's own
// table is not asked: it differs between machines.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".map":   "application/json",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".tsv":   "text/tab-separated-values; charset=utf-8",
	".wasm":  "application/wasm", // compileStreaming insists on it
	".woff2": "font/woff2",
}

// newAssetFiles lists the files of built that can be served by name.
func newAssetFiles(built fs.FS) (*assetFiles, error) {
	entries, err := fs.ReadDir(built, ".")
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	there := map[string]bool{}
	for _, e := range entries {
		there[e.Name()] = e.Type().IsRegular()
	}
	files := map[string][]string{}
	for name := range there {
		if contentTypes[path.Ext(name)] == "" || name == "manifest.json" {
			continue
		}
		files[name] = nil
		for _, e := range encodings {
			if there[name+e.suffix] {
				files[name] = append(files[name], e.name)
			}
		}
	}
	return &assetFiles{fs: built, files: files}, nil
}

// assetPath is the URL path of a built file.
func assetPath(name string) string { return "/assets/" + name }

// serve answers with a file in the best encoding that the visitor takes;
// false where there is no such file.
func (a *assetFiles) serve(w http.ResponseWriter, r *http.Request, name string) bool {
	available, ok := a.files[name]
	if !ok {
		return false
	}
	encoding := negotiate(r.Header.Values("Accept-Encoding"), available)
	stored := name
	for _, e := range encodings {
		if e.name == encoding {
			stored += e.suffix
		}
	}
	file, err := a.fs.Open(stored)
	if err != nil {
		panic(err) // it was listed, and the program carries it
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		panic(err)
	}
	h := w.Header()
	h.Set("Content-Type", contentTypes[path.Ext(name)])
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+stored+`"`) // RFC 9110 §8.8.3.3: each encoding is a representation of its own
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
		// http.ServeContent leaves the length of an encoded body out; the
		// page shows how much of the engine has arrived by it.
		h.Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	}
	http.ServeContent(w, r, "", time.Time{}, file.(io.ReadSeeker)) // embed.FS: its files implement io.Seeker
	return true
}

// negotiate picks the first of available, in the server's order, that an
// Accept-Encoding header allows; "" is the file as it is (RFC 9110 §12.5.3).
func negotiate(header []string, available []string) string {
	quality := map[string]float64{}
	for _, item := range strings.Split(strings.Join(header, ","), ",") {
		coding, params, err := mime.ParseMediaType(strings.TrimSpace(item))
		if err != nil {
			continue
		}
		q := 1.0
		if text, ok := params["q"]; ok {
			q, err = strconv.ParseFloat(text, 64)
			if err != nil {
				continue
			}
		}
		quality[coding] = q
	}
	for _, coding := range available {
		q, ok := quality[coding]
		if !ok {
			q = quality["*"]
		}
		if q > 0 {
			return coding
		}
	}
	return ""
}
