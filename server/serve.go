package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

// Times and sizes of the HTTP server. A visitor on hotel Wi-Fi needs minutes
// for the engine; nobody needs a long request.
const (
	headerTime  = 5 * time.Second
	requestTime = 10 * time.Second
	answerTime  = 5 * time.Minute
	idleTime    = 2 * time.Minute
	goodbyeTime = 5 * time.Second // for answers under way when the server is told to stop
	headerBytes = 16 << 10
)

// serve serves the site until ctx ends.
func (p program) serve(ctx context.Context, args []string) int {
	c, err := readConfig(args, os.Getenv)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.out, serveUsage)
		return exitOK
	case err != nil:
		fmt.Fprintf(p.err, "stsplayground: %v\n%s", err, serveUsage)
		return exitUsage
	}

	logger := log.New(p.err, "stsplayground: ", log.LstdFlags|log.LUTC)
	s, err := newSite(c, p.clock, logger)
	var unreadable folderError
	switch {
	case errors.As(err, &unreadable):
		fmt.Fprintln(p.err, unreadable)
		return exitUsage
	case err != nil:
		fmt.Fprintf(p.err, "stsplayground: %v\n", err)
		return exitUnmet
	}
	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		fmt.Fprintf(p.err, "stsplayground: %v\n", err)
		return exitUnmet
	}
	fmt.Fprintf(p.out, "listening on http://%s\n", listener.Addr())
	if err := serveUntil(ctx, listener, s.handler(), logger); err != nil {
		fmt.Fprintf(p.err, "stsplayground: %v\n", err)
		return exitUnmet
	}
	return exitOK
}

// serveUntil answers requests until ctx ends, then lets the answers under way
// finish.
func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler, logger *log.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          logger,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbyeTime)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}
