//go:build !js

package engine_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
)

// TestMintedCertificatesAreGoodByOpenSSL has an independent program check what
// the playground's authorities issue.
func TestMintedCertificatesAreGoodByOpenSSL(t *testing.T) {
	keys := idp.Assign(nil)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const authority = "CN=Factory CA,O=Example,C=DE"
	anchor := write("anchor.pem", keys.AuthorityCertificate(authority))
	at := time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		mint scenario.CertificateMint
		good bool
	}{
		{"RSA", scenario.CertificateMint{Authority: authority, Subject: "CN=robot-7,OU=Line 4,OU=Hall B", Dns: []string{"robot-7.example.com"}, Uri: []string{"spiffe://example.com/robot-7"}, DirName: "CN=robot-7,O=Example"}, true},
		{"P-256", scenario.CertificateMint{Authority: authority, Subject: "CN=robot-8", Alg: "ES256"}, true},
		{"P-384", scenario.CertificateMint{Authority: authority, Subject: "CN=robot-9", Alg: "ES384", Serial: "ff"}, true},
		{"another authority of the name", scenario.CertificateMint{Authority: authority, Subject: "CN=robot-7", Attack: "forged-authority"}, false},
	} {
		issued, findings := keys.MintCertificate(&c.mint, "text", at)
		if len(findings) > 0 {
			t.Errorf("%s: %v", c.name, findings)
		}
		leaf := write("leaf.pem", issued.PEM)
		out, err := exec.Command("openssl", "verify", "-partial_chain", "-attime", "1777372200", "-CAfile", anchor, leaf).CombinedOutput()
		if good := err == nil; good != c.good {
			t.Errorf("%s: openssl says %s", c.name, out)
		}
	}
}
