package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"stsplayground/engine"
	"stsplayground/engine/reference"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
	"stsplayground/server/preview"
	"stsplayground/web/report"
)

// Bounds of the pictures of link previews: each costs a tenth of a second to
// draw, and some 60 KB to keep.
const (
	keptPictures  = 200
	drawnPictures = 2 // at a time
)

// pictures draws the pictures of link previews, and keeps the last ones. The
// zero value is ready.
type pictures struct {
	once  sync.Once
	kept  *lru.Cache[string, []byte]
	drawn chan struct{} // one for each that is being drawn
}

// of is the picture that draw draws, which is always the same for that name.
// An error is the context's, where it ends before it is the picture's turn.
func (p *pictures) of(ctx context.Context, name string, draw func() preview.Card) ([]byte, error) {
	p.once.Do(func() {
		p.kept, _ = lru.New[string, []byte](keptPictures) // an error only for a size below 1
		p.drawn = make(chan struct{}, drawnPictures)
	})
	if picture, ok := p.kept.Get(name); ok {
		return picture, nil
	}
	select {
	case p.drawn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-p.drawn }()
	if picture, ok := p.kept.Get(name); ok { // somebody else wanted it
		return picture, nil
	}
	picture := preview.Draw(draw())
	p.kept.Add(name, picture)
	return picture, nil
}

// picture answers with the preview of a scenario, whose text always has the
// same name.
func (s *site) picture(w http.ResponseWriter, r *http.Request, name, title, text string) {
	picture, err := s.pictures.of(r.Context(), name, func() preview.Card { return cardOf(title, playedForPicture(text)) })
	if err != nil {
		panic(http.ErrAbortHandler) // the visitor is gone
	}
	sum := sha256.Sum256(picture)
	h := w.Header()
	h.Set("Content-Type", "image/png")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "public, max-age=3600")
	}
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // other sites show it
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(picture)))
}

// pictureTime is the moment at which a scenario is played for its picture
// where it names none: pictures are kept, by others too, and so show no clock.
var pictureTime = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)

func playedForPicture(text string) engine.Report {
	played, _ := engine.Decode(text, scenario.LimitPage)
	if played.Now.IsZero() {
		played.Now = pictureTime
	}
	played.Reference = reference.Embedded()
	return engine.Run(played)
}

// cardOf is what the picture of a report says: its first call, which is the
// one that its page shows first.
func cardOf(title string, r engine.Report) preview.Card {
	card := preview.Card{Title: title, Word: "Nothing is called yet"}
	for i, c := range r.Calls {
		card.Calls = append(card.Calls, preview.Call{State: stateOf(c), Name: report.Name(c, i)})
	}
	if len(r.Calls) == 0 {
		return card
	}
	c := r.Calls[0]
	card.State, card.Word, card.Verdict = stateOf(c), report.EndingOf(c).Word, c.Verdict
	if c.Error != nil {
		card.Code, card.Message = c.Error.Code+"  HTTP "+strconv.Itoa(c.Error.Status), c.Error.Message
	}
	for i := range c.Steps {
		if c.Steps[i].Status == trace.Failed {
			card.Step = c.Steps[i].Title
			break
		}
	}
	return card
}

// stateOf is how a call ends, as pictures have it.
func stateOf(c engine.CallReport) preview.State {
	switch {
	case c.Outcome != "success":
		return preview.Refused
	case len(c.Assumed) > 0, len(c.NotAWS) > 0:
		return preview.OnTrust
	}
	return preview.Accepted
}
