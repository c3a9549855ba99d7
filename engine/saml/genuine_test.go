package saml

import (
	"crypto/x509"
	"embed"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// testdata holds responses of identity providers that nobody here wrote, with
// their metadata.
//
//go:embed testdata
var testdata embed.FS

func read(t testing.TB, name string) string {
	t.Helper()
	content, err := testdata.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// document is what the reader makes of raw XML, but for the positions.
func document(xml string) *Document {
	return &Document{Pasted: xml, XML: xml}
}

// keysOf are the signing keys of metadata, or of a certificate in PEM.
func keysOf(t testing.TB, metadata string) []Key {
	t.Helper()
	if pem, ok := strings.CutPrefix(metadata, "-----BEGIN CERTIFICATE-----"); ok {
		pem, _, _ = strings.Cut(pem, "-----")
		metadata = "<X509Certificate>" + pem + "</X509Certificate>"
	}
	tree := etree.NewDocument()
	if err := tree.ReadFromString(metadata); err != nil {
		t.Fatal(err)
	}
	var keys []Key
	for _, el := range tree.FindElements("//X509Certificate") {
		der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(el.Text()), ""))
		if err != nil {
			t.Fatal(err)
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, Key{Index: len(keys), Public: certificate.PublicKey})
	}
	return keys
}

func TestResponsesOfIdentityProvidersVerify(t *testing.T) {
	for _, c := range []struct{ response, metadata, on, subject string }{
		{"ssp-assertion.xml", "ssp-metadata.xml", "Assertion", "alice"},
		{"pysaml2-assertion.xml", "pysaml2-metadata.xml", "Assertion", "alice"},
		{"samlp-response.xml", "samlp-metadata.xml", "Response Assertion", "alice"},
	} {
		t.Run(c.response, func(t *testing.T) {
			r, refusal := Open(document(read(t, c.response)))
			if refusal != nil {
				t.Fatalf("%+v", refusal)
			}
			v, refusal := r.Verify(keysOf(t, read(t, c.metadata)))
			if refusal != nil {
				t.Fatalf("%+v", refusal)
			}
			var on []string
			for _, s := range v.Signatures {
				on = append(on, s.On)
			}
			if got := strings.Join(on, " "); got != c.on {
				t.Errorf("got signatures on %q want %q", got, c.on)
			}
			if got := textOf(find(v.Assertion, nsAssertion, "NameID")); !strings.Contains(got, c.subject) {
				t.Errorf("got %q want %q", got, c.subject)
			}
			if v.Assertion.Parent() != nil {
				t.Error("got an assertion with a parent, want none")
			}
		})
	}
}
