package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/net/netutil"
)

// Times and sizes of the HTTP server. A visitor on hotel Wi-Fi needs minutes
// for the engine, and has them: see stallTime. Nobody needs a long request.
const (
	headerTime  = 10 * time.Second // a TLS handshake has the same
	requestTime = 30 * time.Second
	idleTime    = 2 * time.Minute
	goodbyeTime = 20 * time.Second // for answers under way when the server is told to stop
	headerBytes = 16 << 10
	connections = 4096 // at a time; more wait until one ends
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

	s, err := newSite(c, p.clock, newLog(p.err, c.logFormat))
	var unreadable folderError
	if errors.As(err, &unreadable) {
		fmt.Fprintln(p.err, unreadable)
		return exitUsage
	}
	if err == nil {
		err = s.openStore(ctx)
	}
	if err == nil {
		err = s.serve(ctx, func(scheme string, address net.Addr) {
			p.listening(scheme, address)
			for _, line := range s.invitations(scheme, address) {
				fmt.Fprintln(p.out, line)
			}
		})
		s.closeStore()
	}
	if err != nil {
		fmt.Fprintf(p.err, "stsplayground: %v\n", err)
		return exitUnmet
	}
	return exitOK
}

// listening says where the site is.
func (p program) listening(scheme string, address net.Addr) {
	fmt.Fprintf(p.out, "listening on %s://%s\n", scheme, address)
}

// serve answers requests until ctx ends. From then on the site says that it
// isn't ready, and answers for another s.drain, in which load balancers find
// that out; then the answers under way may finish.
func (s *site) serve(ctx context.Context, listening func(scheme string, address net.Addr)) error {
	server := newServer(s.handler(), s.log)
	scheme := "http"
	if s.tlsCert != "" {
		own, err := newCertificate(s.tlsCert, s.tlsKey, s.log)
		if err != nil {
			return err
		}
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: own.get}
		scheme = "https"
	}
	watched := http.NewServeMux()
	watched.Handle("GET /metrics", s.metrics.handler())
	watching := newServer(watched, s.log)
	defer watching.Close()

	failed := make(chan error, 2)
	if s.metricsAddr != "" {
		listener, err := net.Listen("tcp", s.metricsAddr)
		if err != nil {
			return err
		}
		s.log.Info("metrics are served", "address", listener.Addr().String())
		go func() { failed <- watching.Serve(listener) }()
	}
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		return err
	}
	listening(scheme, listener.Addr())
	soon := time.AfterFunc(settlingTime, func() { s.catalogued() })
	defer soon.Stop()
	go func() {
		if listener := netutil.LimitListener(listener, connections); server.TLSConfig != nil {
			failed <- server.ServeTLS(listener, "", "")
		} else {
			failed <- server.Serve(listener)
		}
	}()

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	s.log.Info("stopping")
	select {
	case err := <-failed:
		return err
	case <-time.After(s.drain):
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbyeTime)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return errors.Join(fmt.Errorf("answers were cut off: %w", err), server.Close())
	}
	return nil
}

// newServer is a server that waits for nobody for ever.
func newServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      stallTime, // which answerWriter extends as it gets on
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: 100},
		ErrorLog:          connectionLog(logger),
	}
}
