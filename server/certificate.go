package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificateTime is how often the certificate's files are looked at, at most.
const certificateTime = 10 * time.Second

// certificate is a certificate and its key in files, which whoever renews it
// may replace at any time. A pair that can't be used, such as one of which
// only a half has been written yet, leaves the one before in its place.
type certificate struct {
	certFile, keyFile string
	every             time.Duration
	log               *slog.Logger

	mu        sync.Mutex
	used      *tls.Certificate
	cert, key []byte // as last looked at
	looked    time.Time
}

func newCertificate(certFile, keyFile string, logger *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, every: certificateTime, log: logger, looked: time.Now()}
	_, err := c.look()
	return c, err
}

// look reads the files, and takes the pair up where it is another than before.
func (c *certificate) look() (changed bool, err error) {
	cert, err := os.ReadFile(c.certFile)
	if err != nil {
		return false, err
	}
	key, err := os.ReadFile(c.keyFile)
	if err != nil {
		return false, err
	}
	if bytes.Equal(cert, c.cert) && bytes.Equal(key, c.key) {
		return false, nil
	}
	c.cert, c.key = cert, key
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return false, fmt.Errorf("%s and %s: %w", c.certFile, c.keyFile, err)
	}
	c.used = &pair
	return true, nil
}

// get is for tls.Config.GetCertificate.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= c.every {
		c.looked = now
		switch changed, err := c.look(); {
		case err != nil:
			c.log.Error("the new certificate can't be used, and the old one stays", "error", err)
		case changed:
			c.log.Info("the certificate was replaced")
		}
	}
	return c.used, nil
}
