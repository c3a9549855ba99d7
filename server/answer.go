package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"
	lru "github.com/hashicorp/golang-lru/v2"
)

// html draws a page and sends it. No site may frame it.
func (s *site) html(w http.ResponseWriter, r *http.Request, status int, drawn templ.Component) {
	s.document(w, r, status, s.contentPolicy(r, "'none'"), drawn)
}

// framed draws a page that any site may frame, and sends it. There is nothing
// on it that a visitor could be tricked into clicking.
func (s *site) framed(w http.ResponseWriter, r *http.Request, status int, drawn templ.Component) {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // for pages that ask it of all that they show
	s.document(w, r, status, s.contentPolicy(r, "*"), drawn)
}

// document draws a page that has a policy of its own, and sends it. Nothing is
// sent of a page that can't be drawn whole.
func (s *site) document(w http.ResponseWriter, r *http.Request, status int, policy string, drawn templ.Component) {
	var body bytes.Buffer
	if err := drawn.Render(context.WithoutCancel(r.Context()), &body); err != nil {
		panic(err)
	}
	w.Header().Set("Content-Security-Policy", policy)
	s.send(w, r, status, "text/html; charset=utf-8", body.Bytes())
}

// send answers with text, in the best encoding that the visitor takes. Where
// the handler says nothing else, caches ask each time whether it is still so:
// a page names assets of this build, and shows the clock.
func (s *site) send(w http.ResponseWriter, r *http.Request, status int, contentType string, text []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Vary", "Accept-Encoding")
	encoding := negotiate(r.Header.Values("Accept-Encoding"), []string{"br", "gzip"})
	sum := sha256.Sum256(text)
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
		text = s.packed.get(encoding, sum, text)
	}
	h.Set("Content-Length", strconv.Itoa(len(text))) // http.ServeContent leaves an encoded body's out
	if status != http.StatusOK {
		w.WriteHeader(status)
		w.Write(text)
		return
	}
	h.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+encoding+`"`) // RFC 9110 §8.8.3.3: each encoding is a representation of its own
	sendContent(w, r, text)
}

// sendContent answers with a text, or with what a condition or a range in the
// request leaves of it. The headers are set, an encoded text's length too.
func sendContent(w http.ResponseWriter, r *http.Request, text []byte) {
	for _, name := range []string{"If-None-Match", "If-Match", "Range"} {
		if r.Header.Get(name) != "" {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
			return
		}
	}
	// Most requests have none, and are answered without a copy in between.
	h := w.Header()
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(text)
	}
}

// packed keeps what was compressed lately, so that what is asked for often is
// compressed once.
type packed struct{ kept *lru.Cache[packedKey, []byte] }

type packedKey struct {
	encoding string
	sum      [sha256.Size]byte // of the text
}

// At most this much is kept: 8 MiB. Pages that show the clock are soon others.
const (
	packedKept  = 64
	packedBytes = 128 << 10 // of one
)

func newPacked() packed {
	kept, _ := lru.New[packedKey, []byte](packedKept) // fails for a size below 1 only
	return packed{kept}
}

// get compresses text, whose SHA-256 is sum.
func (p packed) get(encoding string, sum [sha256.Size]byte, text []byte) []byte {
	key := packedKey{encoding, sum}
	if small, ok := p.kept.Get(key); ok {
		return small
	}
	small := compressed(encoding, text)
	if len(small) <= packedBytes {
		p.kept.Add(key, small)
	}
	return small
}

// compressed is text in an encoding: quickly made, because somebody waits.
func compressed(encoding string, text []byte) []byte {
	var b bytes.Buffer
	var z io.WriteCloser = gzip.NewWriter(&b)
	if encoding == "br" {
		z = brotli.NewWriterLevel(&b, 5) // as small as gzip's best, and faster
	}
	z.Write(text)
	z.Close()
	return bytes.Clone(b.Bytes()) // without the buffer's spare room
}

// Answers are written in pieces, and each may take stallTime: whoever takes
// the engine over hotel Wi-Fi may need minutes for it, and whoever takes
// nothing is left.
const (
	pieceBytes = 256 << 10
	stallTime  = time.Minute
)

// answerWriter writes an answer in pieces, and knows what became of it.
type answerWriter struct {
	http.ResponseWriter
	begun   bool
	status  int // 0 before the answer has begun
	bytes   int64
	now     func() time.Time
	expires time.Time // when the piece under way has to be written
}

// newAnswerWriter begins with the server's own deadline, which is stallTime
// from now.
func newAnswerWriter(w http.ResponseWriter) *answerWriter {
	return &answerWriter{ResponseWriter: w, now: time.Now, expires: time.Now().Add(stallTime)}
}

func (w *answerWriter) WriteHeader(status int) {
	if status >= 200 && !w.begun { // not one that only announces another
		w.begun, w.status = true, status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerWriter) Write(p []byte) (written int, err error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	for first := true; first || len(p) > 0; first = false {
		piece := p[:min(len(p), pieceBytes)]
		w.extend()
		n, err := w.ResponseWriter.Write(piece)
		written += n
		w.bytes += int64(n)
		if err != nil {
			return written, err
		}
		p = p[n:]
	}
	return written, nil
}

// extend moves the deadline, where a good part of it is over.
func (w *answerWriter) extend() {
	now := w.now()
	if w.expires.Sub(now) > stallTime*3/4 {
		return
	}
	w.expires = now.Add(stallTime)
	http.NewResponseController(w.ResponseWriter).SetWriteDeadline(w.expires) // fails only where there are no deadlines
}

// Unwrap is for http.ResponseController.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
