package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certified writes a certificate for 127.0.0.1 and its key into dir.
func certified(t *testing.T, dir string, serial int64) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "playground"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	writeFile(t, certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	writeFile(t, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	return certFile, keyFile
}

func writeFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// serving serves a site until the test's end, and gives its address.
func serving(t *testing.T, s *site) (url string) {
	t.Helper()
	s.addr = "127.0.0.1:0"
	ctx, stop := context.WithCancel(context.Background())
	address := make(chan string, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- s.serve(ctx, func(scheme string, a net.Addr) { address <- scheme + "://" + a.String() })
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case url = <-address:
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	return url
}

func TestWithACertificateTheSiteIsHTTPSAndHTTP2(t *testing.T) {
	s := testSite(t)
	s.tlsCert, s.tlsKey = certified(t, t.TempDir(), 1)
	url := serving(t, s)
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Fatalf("got %s, want https", url)
	}
	roots := x509.NewCertPool()
	text, _ := os.ReadFile(s.tlsCert)
	roots.AppendCertsFromPEM(text)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	r, err := client.Get(url + "/")
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, r); r.ProtoMajor != 2 || r.TLS.Version != tls.VersionTLS13 || !strings.Contains(got, "<html") {
		t.Errorf("got HTTP/%d with TLS %x", r.ProtoMajor, r.TLS.Version)
	}
	old := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if c, err := tls.Dial("tcp", strings.TrimPrefix(url, "https://"), old); err == nil {
		c.Close()
		t.Error("got a connection with TLS 1.1")
	}
}

func TestACertificateIsReplacedWhileTheSiteServes(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := certified(t, dir, 1)
	var logged bytes.Buffer
	c, err := newCertificate(certFile, keyFile, slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	c.every = 0 // look each time
	serves := func(when string, want int64) {
		t.Helper()
		got, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Leaf.SerialNumber.Int64() != want {
			t.Errorf("%s: got certificate %d, want %d", when, got.Leaf.SerialNumber, want)
		}
	}
	serves("at first", 1)
	other := t.TempDir()
	_, otherKey := certified(t, other, 2)
	text, _ := os.ReadFile(otherKey)
	writeFile(t, keyFile, text)
	serves("when the key is another's", 1)
	if !strings.Contains(logged.String(), "the old one stays") {
		t.Errorf("got the log %q, want it told", logged.String())
	}
	logged.Reset()
	serves("when it still is", 1)
	if logged.Len() > 0 {
		t.Errorf("got the log %q, want it told once", logged.String())
	}
	certified(t, dir, 3)
	serves("when both are new", 3)
	writeFile(t, certFile, []byte("nonsense"))
	serves("when the file is none", 3)
	os.Remove(certFile)
	serves("when the file is gone", 3)
	certified(t, dir, 4)
	serves("when it is there again", 4)
}

func TestACertificateThatCantBeUsedIsToldAtTheStart(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := certified(t, dir, 1)
	writeFile(t, filepath.Join(dir, "nonsense"), []byte("nonsense"))
	for _, files := range [][2]string{{filepath.Join(dir, "none"), keyFile}, {certFile, filepath.Join(dir, "nonsense")}} {
		var stderr bytes.Buffer
		p := program{out: io.Discard, err: &stderr, clock: testClock}
		code := p.run(context.Background(), []string{"-addr", "127.0.0.1:0", "-share=false", "-tls-cert", files[0], "-tls-key", files[1]})
		if code != exitUnmet || !strings.Contains(stderr.String(), files[0]) {
			t.Errorf("got exit code %d and %q, want 1 and the file named", code, stderr.String())
		}
	}
}
