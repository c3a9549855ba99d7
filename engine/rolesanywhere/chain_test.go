package rolesanywhere

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

var moment = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)

// holder is a certificate and its key, as crypto/x509 makes them.
type holder struct {
	der []byte
	key *ecdsa.PrivateKey
	x509.Certificate
}

func authority(name string, change func(*x509.Certificate)) x509.Certificate {
	c := x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: moment.Add(-time.Hour), NotAfter: moment.Add(time.Hour),
		BasicConstraintsValid: true, IsCA: true, MaxPathLen: -1, KeyUsage: x509.KeyUsageCertSign,
	}
	if change != nil {
		change(&c)
	}
	return c
}

func machine(change func(*x509.Certificate)) x509.Certificate {
	c := x509.Certificate{
		SerialNumber: big.NewInt(8), Subject: pkix.Name{CommonName: "machine"}, NotBefore: moment.Add(-time.Hour), NotAfter: moment.Add(time.Hour),
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if change != nil {
		change(&c)
	}
	return c
}

// issue has the certificates issued, each by the one before it and the first by itself.
func issue(t *testing.T, certificates ...x509.Certificate) []*holder {
	t.Helper()
	var all []*holder
	for i, c := range certificates {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		h := &holder{key: key, Certificate: c}
		by := h
		if i > 0 {
			by = all[i-1]
		}
		if h.der, err = x509.CreateCertificate(rand.Reader, &c, &by.Certificate, &key.PublicKey, by.key); err != nil {
			t.Fatal(err)
		}
		all = append(all, h)
	}
	return all
}

func pemText(holders ...*holder) string {
	var b strings.Builder
	for _, h := range holders {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.der}))
	}
	return b.String()
}

// signIn plays what concerns the certificate, and gives the rule that refuses; "" for none.
func signIn(t *testing.T, anchor, presented string) string {
	t.Helper()
	const arn = "arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/a"
	s := &scenario.Scenario{Accounts: []scenario.Account{{ID: "123456789012", TrustAnchors: []scenario.TrustAnchor{{TrustAnchorArn: arn}}}}}
	w := &createSession{Walk: &trace.Walk{}, call: &scenario.Call{Session: scenario.SessionParams{TrustAnchorArn: arn}}, at: moment, region: "us-east-1"}
	w.findAnchor(s, func(*scenario.TrustAnchor) string { return anchor })
	w.readCertificate(Presented{Certificates: presented})
	w.checkChain()
	w.checkValidity()
	return w.Failed
}

func TestAChainThatAuthoritiesMayNotMake(t *testing.T) {
	none := func(*x509.Certificate) {}
	critical := func(oid ...int) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier(oid), Critical: true, Value: []byte{0x30, 0}}}
		}
	}
	for name, test := range map[string]struct {
		root, mid, leaf func(*x509.Certificate)
		want            string
	}{
		"as it should be":                                       {none, none, none, ""},
		"an expired authority between":                          {none, func(c *x509.Certificate) { c.NotAfter = moment.Add(-time.Minute) }, none, "anywhere/validity"},
		"an authority not valid yet":                            {none, func(c *x509.Certificate) { c.NotBefore = moment.Add(time.Minute) }, none, "anywhere/validity"},
		"an expired trust anchor":                               {func(c *x509.Certificate) { c.NotAfter = moment.Add(-time.Minute) }, none, none, "anywhere/validity"},
		"between stands a machine":                              {none, func(c *x509.Certificate) { c.IsCA = false }, none, "anywhere/chain"},
		"an authority that signs no certificates":               {none, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign }, none, "anywhere/chain"},
		"an anchor for machines alone":                          {func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = 0, true }, none, none, "anywhere/chain"},
		"an anchor for one level":                               {func(c *x509.Certificate) { c.MaxPathLen = 1 }, none, none, ""},
		"an authority with limits that aren't read":             {none, critical(2, 5, 29, 30), none, "anywhere/chain"},
		"a machine with an extension that has to be understood": {none, none, critical(1, 2, 3, 4), "anywhere/certificate"},
		"constraints that can't be read": {none, none, func(c *x509.Certificate) {
			c.BasicConstraintsValid = false
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 19}, Value: []byte("junk")}}
		}, "anywhere/certificate"},
		"critical names and purposes": {none, none, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02}}}
		}, ""},
	} {
		chain := issue(t, authority("root", test.root), authority("mid", test.mid), machine(test.leaf))
		if got := signIn(t, pemText(chain[0]), pemText(chain[2], chain[1])); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// Whichever byte of a certificate is changed, nobody gets in with it.
func TestAChangedByteOfACertificate(t *testing.T) {
	chain := issue(t, authority("root", nil), machine(nil))
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	root, leaf := authority("root", nil), machine(nil)
	rsaRoot, err := x509.CreateCertificate(rand.Reader, &root, &root, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	rsaLeaf, err := x509.CreateCertificate(rand.Reader, &leaf, &root, &chain[1].key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range [][2][]byte{{chain[0].der, chain[1].der}, {rsaRoot, rsaLeaf}} {
		anchor := pemText(&holder{der: of[0]})
		if got := signIn(t, anchor, pemText(&holder{der: of[1]})); got != "" {
			t.Fatalf("unchanged: got %q, want it taken", got)
		}
		for i := range of[1] {
			for _, bit := range []byte{1, 2, 0x80} {
				changed := bytes.Clone(of[1])
				changed[i] ^= bit
				if got := signIn(t, anchor, pemText(&holder{der: changed})); got == "" {
					t.Errorf("byte %d of %d, %#x: the certificate is taken", i, len(changed), bit)
				}
			}
		}
	}
}

// The second certificate of a bundle has to be an authority's as well as the first.
func TestABundleOfATrustAnchorAndAMachine(t *testing.T) {
	other := issue(t, authority("root", nil))
	chain := issue(t, authority("no authority", func(c *x509.Certificate) { c.IsCA = false }), machine(nil))
	if got := signIn(t, pemText(other[0], chain[0]), pemText(chain[1])); got != "anywhere/chain" {
		t.Errorf("got %q, want anywhere/chain", got)
	}
}

func TestAChainOfThousandsIsRefusedInAMoment(t *testing.T) {
	same := issue(t, authority("same", nil), authority("same", nil), authority("same", nil), machine(func(c *x509.Certificate) { c.Issuer = pkix.Name{CommonName: "same"} }))
	text := pemText(same[3])
	for len(text) < maxText-1000 {
		text += pemText(same[2])
	}
	start := time.Now()
	if got := signIn(t, pemText(same[0]), text); got == "" {
		t.Error("it is taken")
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("got %v, want less than a second", took)
	}
}
