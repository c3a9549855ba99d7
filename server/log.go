package main

import (
	"io"
	"log"
	"log/slog"
	"strings"
)

// newLog is the program's log, in format text or json. What is written to it
// has no path, query, body, address or user agent of a visitor: somebody will
// paste a token into the address bar one day.
func newLog(w io.Writer, format string) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// connectionLog is what net/http writes to about connections. It knows a
// visitor's address, and in a failed handshake what the visitor sent; both
// stand behind the words kept here.
func connectionLog(logger *slog.Logger) *log.Logger { return log.New(connectionWriter{logger}, "", 0) }

type connectionWriter struct{ log *slog.Logger }

func (c connectionWriter) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	for _, before := range []string{" from ", " serving "} {
		text, _, _ = strings.Cut(text, before)
	}
	c.log.Warn(text)
	return len(line), nil
}
