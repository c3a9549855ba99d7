package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"
)

// nothing is a page of a few words.
var nothing = templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, "<!doctype html><title>Nothing</title>")
	return err
})

func TestAPageIsSentAgainOnlyWhereItChanged(t *testing.T) {
	s := testSite(t)
	tags := map[string]bool{}
	for _, accept := range []string{"", "gzip", "br"} {
		first := answer(s, "GET", "/", "Accept-Encoding", accept)
		tag := first.Header.Get("ETag")
		if !strings.HasPrefix(tag, `"`) || tags[tag] {
			t.Errorf("%q: got the tag %s, want a strong one of its own", accept, tag)
		}
		tags[tag] = true
		again := answer(s, "GET", "/", "Accept-Encoding", accept, "If-None-Match", tag)
		if again.StatusCode != http.StatusNotModified || body(t, again) != "" || again.Header.Get("Vary") != "Accept-Encoding" || again.Header.Get("ETag") != tag {
			t.Errorf("%q: got %d with %v, want 304 without a body", accept, again.StatusCode, again.Header)
		}
		if other := answer(s, "GET", "/new", "Accept-Encoding", accept, "If-None-Match", tag); other.StatusCode != 200 {
			t.Errorf("%q: got %d for another page, want 200", accept, other.StatusCode)
		}
	}
}

func TestAProblemIsNeverUnchanged(t *testing.T) {
	s := testSite(t)
	for _, match := range []string{"*", answer(s, "GET", "/").Header.Get("ETag")} {
		r := answer(s, "GET", "/nothing", "If-None-Match", match)
		if r.StatusCode != 404 || r.Header.Get("ETag") != "" {
			t.Errorf("got %d with the tag %q, want 404 without", r.StatusCode, r.Header.Get("ETag"))
		}
	}
}

func TestWhatIsCompressedReadsTheSame(t *testing.T) {
	s := testSite(t)
	for _, target := range []string{"/", "/nothing", "/scenario.schema.json"} {
		plain := body(t, answer(s, "GET", target))
		for range 2 { // as compressed, and as kept
			r := answer(s, "GET", target, "Accept-Encoding", "br")
			got, err := io.ReadAll(brotli.NewReader(r.Body))
			if err != nil || string(got) != plain || r.Header.Get("Content-Encoding") != "br" {
				t.Errorf("%s: got %d bytes, %v, %v; want the same %d", target, len(got), err, r.Header, len(plain))
			}
		}
	}
}

func TestWhatIsCompressedIsKeptWithinBounds(t *testing.T) {
	p := newPacked()
	for i := range packedKept + 5 {
		p.get("br", [32]byte{byte(i), byte(i >> 8)}, []byte("text"))
	}
	if got := p.kept.Len(); got != packedKept {
		t.Errorf("got %d kept, want %d", got, packedKept)
	}
	noise := make([]byte, 0, 4*packedBytes)
	for i := uint32(1); len(noise) < cap(noise); i = i*1664525 + 1013904223 {
		noise = append(noise, byte(i>>24))
	}
	p.kept.Purge()
	if p.get("gzip", [32]byte{}, noise); p.kept.Len() != 0 {
		t.Error("got something kept that is larger than may be")
	}
}
