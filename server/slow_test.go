package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func TestWhoeverSendsTooSlowlyIsLeft(t *testing.T) {
	tests := []struct{ name, sent string }{
		{"nothing", ""},
		{"half a line", "GET / HT"},
		{"a header without an end", "GET / HTTP/1.1\r\nHost: a.example\r\nX: y\r\n"},
		{"a body that doesn't come", "POST /api/things HTTP/1.1\r\nHost: a.example\r\nContent-Length: 10\r\n\r\nhalf"},
	}
	server := newServer(guarded(testSite(t)), testSite(t).log)
	server.ReadHeaderTimeout, server.ReadTimeout = 50*time.Millisecond, 100*time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	defer server.Close()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(time.Minute))
			io.WriteString(c, tt.sent)
			if _, err := io.ReadAll(c); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("got a connection that stays")
			}
		})
	}
}

func TestLimitsOfTheServer(t *testing.T) {
	s := newServer(http.NotFoundHandler(), testSite(t).log)
	if s.ReadHeaderTimeout != headerTime || s.ReadTimeout != requestTime || s.WriteTimeout != stallTime || s.IdleTimeout != idleTime || s.MaxHeaderBytes != headerBytes {
		t.Errorf("got %+v", s)
	}
	s.Handler = testSite(t).handler()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(listener)
	defer s.Close()
	c, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: a.example\r\nX: "+strings.Repeat("x", 2*headerBytes)+"\r\n\r\n")
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || r.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %v, %v; want 431", r, err)
	}
}

// slowLine takes each piece in a time of its own, and knows the deadline.
type slowLine struct {
	http.ResponseWriter
	now, deadline time.Time
	each          time.Duration
	taken         int
	largest       int
}

func (l *slowLine) SetWriteDeadline(d time.Time) error { l.deadline = d; return nil }
func (l *slowLine) WriteHeader(int)                    {}

func (l *slowLine) Write(p []byte) (int, error) {
	if l.now = l.now.Add(l.each); l.now.After(l.deadline) {
		return 0, os.ErrDeadlineExceeded
	}
	l.taken += len(p)
	l.largest = max(l.largest, len(p))
	return len(p), nil
}

func TestASlowAnswerArrivesAndAStalledOneEnds(t *testing.T) {
	const engine = 10 << 20
	tests := []struct {
		name  string
		each  time.Duration
		whole bool
	}{
		{"an engine that takes half an hour", 44 * time.Second, true},
		{"a piece that nobody takes", 61 * time.Second, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			line := &slowLine{now: testNow, deadline: testNow.Add(stallTime), each: tt.each}
			w := &answerWriter{ResponseWriter: line, now: func() time.Time { return line.now }, expires: line.deadline}
			n, err := w.Write(make([]byte, engine))
			if whole := err == nil && n == engine && line.taken == engine; whole != tt.whole || line.largest > pieceBytes {
				t.Errorf("got %d bytes, %v, %d at most in a piece", n, err, line.largest)
			}
			if w.status != 200 || w.bytes != int64(n) {
				t.Errorf("got status %d and %d bytes noted, want 200 and %d", w.status, w.bytes, n)
			}
		})
	}
}

func TestAnAnswerUnderWayEndsBeforeTheServerDoes(t *testing.T) {
	s := testSite(t)
	s.addr = "127.0.0.1:0"
	under, let := make(chan bool), make(chan bool)
	s.ready = func(context.Context) error { under <- true; <-let; return nil }
	ctx, stop := context.WithCancel(context.Background())
	address, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- s.serve(ctx, func(_ string, a net.Addr) { address <- "http://" + a.String() })
	}()
	url := <-address
	got := make(chan string, 1)
	go func() {
		r, err := http.Get(url + "/readyz")
		if err != nil {
			got <- err.Error()
			return
		}
		got <- body(t, r)
	}()
	<-under
	stop()
	for !refuses(url) { // the server no longer listens, and the answer is still under way
		select {
		case err := <-ended:
			t.Fatalf("the server ended before its answer: %v", err)
		default:
		}
	}
	let <- true
	if text := <-got; text != "ready\n" {
		t.Errorf("got %q, want the whole answer", text)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func refuses(url string) bool {
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err == nil {
		c.Close()
	}
	return err != nil
}
