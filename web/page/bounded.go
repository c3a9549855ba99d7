package page

import (
	"bytes"
	"errors"
)

// ErrTooLong is what a Bounded answers once it is full.
var ErrTooLong = errors.New("the page is too long")

// Bounded is a buffer for a page of which nobody knows how long it gets.
type Bounded struct {
	bytes.Buffer
	Left int // bytes that may still be written
}

func (b *Bounded) Write(p []byte) (int, error) {
	if b.Left -= len(p); b.Left < 0 {
		return 0, ErrTooLong
	}
	return b.Buffer.Write(p)
}

// WriteString is for templ, which writes strings where it can.
func (b *Bounded) WriteString(text string) (int, error) {
	if b.Left -= len(text); b.Left < 0 {
		return 0, ErrTooLong
	}
	return b.Buffer.WriteString(text)
}
