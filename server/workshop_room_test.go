package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

// participant is a browser that takes part in a workshop: it keeps what may be
// kept, as browsers do, and takes brotli.
type participant struct {
	client *http.Client
	tags   map[string]string // what it holds, and may ask about again
	kept   map[string]bool   // what it needn't ask about
	took   []time.Duration   // each answer, the first byte to the last
}

func newParticipant() *participant {
	return &participant{client: &http.Client{Transport: &http.Transport{MaxConnsPerHost: 6, DisableCompression: true}}, tags: map[string]string{}, kept: map[string]bool{}}
}

var loadedByPage = regexp.MustCompile(`(?:data-(?:worker|wasm|tools|examples|lessons|reference)|<link rel="stylesheet" href|<script type="module" src)="(/[^"]+)"`)

// loads opens an address and all that its page fetches, and gives how many
// bytes of bodies came and how many answers.
func (p *participant) loads(address string) (total, answers int, err error) {
	base := address[:strings.Index(address[8:], "/")+8]
	text, sent, err := p.get(address)
	if err != nil {
		return 0, 0, err
	}
	total, answers = sent, 1
	for _, found := range loadedByPage.FindAllStringSubmatch(text, -1) {
		if p.kept[found[1]] {
			continue
		}
		_, sent, err := p.get(base + strings.ReplaceAll(found[1], "&amp;", "&"))
		if err != nil {
			return total, answers, err
		}
		total, answers = total+sent, answers+1
	}
	return total, answers, nil
}

// get asks for one thing, and gives its text and how many bytes came of it.
func (p *participant) get(address string) (text string, sent int, err error) {
	r, err := http.NewRequest("GET", address, nil)
	if err != nil {
		return "", 0, err
	}
	path := r.URL.RequestURI()
	r.Header.Set("Accept-Encoding", "br")
	r.Header.Set("If-None-Match", p.tags[path])
	begun := time.Now()
	a, err := p.client.Do(r)
	if err != nil {
		return "", 0, err
	}
	defer a.Body.Close()
	content, err := io.ReadAll(a.Body)
	p.took = append(p.took, time.Since(begun))
	switch {
	case err != nil:
		return "", 0, err
	case a.StatusCode == http.StatusNotModified && p.tags[path] != "":
		return p.tags["text of "+path], 0, nil
	case a.StatusCode != http.StatusOK:
		return "", 0, fmt.Errorf("%s: %s", address, a.Status)
	}
	sent = len(content)
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		if content, err = io.ReadAll(brotli.NewReader(bytes.NewReader(content))); err != nil {
			return "", 0, err
		}
	}
	path = a.Request.URL.RequestURI() // where it was led to
	p.tags[path], p.tags["text of "+path] = a.Header.Get("ETag"), string(content)
	p.kept[path] = strings.Contains(a.Header.Get("Cache-Control"), "immutable")
	return string(content), sent, nil
}

func TestThirtyJoinAtOnceAndComeBackForNothing(t *testing.T) {
	s := siteWith(t, ourFolder(t))
	server := httptest.NewServer(s.handler())
	defer server.Close()
	join := server.URL + "/w/" + s.workshops.find("our-course-2").code
	play := server.URL + "/?workshop=our-course-2&lesson=the-first"
	var room sync.WaitGroup
	for range 30 {
		room.Go(func() {
			p := newParticipant()
			defer p.client.CloseIdleConnections()
			if _, answers, err := p.loads(join); err != nil || answers != 9 {
				t.Errorf("got %d answers and %v, want the page and the eight files that it loads", answers, err)
			}
			if total, answers, err := p.loads(play); err != nil || answers != 1 || total != 0 {
				t.Errorf("got %d answers of %d bytes and %v the second time, want one that says that nothing changed", answers, total, err)
			}
		})
	}
	room.Wait()
}
