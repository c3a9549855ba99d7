package saml

import (
	"embed"
	"strings"
	"testing"
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

// keysOf are the signing keys of metadata with one entity, or of a
// certificate in PEM.
func keysOf(t testing.TB, metadata string) []Key {
	t.Helper()
	if pem, ok := strings.CutPrefix(metadata, "-----BEGIN CERTIFICATE-----"); ok {
		pem, _, _ = strings.Cut(pem, "-----")
		var k Key
		k.readCertificate(pem)
		return []Key{k}
	}
	m, refusal := ReadMetadata(metadata)
	if refusal != nil {
		t.Fatal(describeRefusal(refusal))
	}
	_, keys := m.Provider(m.EntityIDs()[0])
	return keys
}

func TestResponsesOfIdentityProvidersVerify(t *testing.T) {
	for _, c := range []struct{ response, metadata, on, subject string }{
		{"ssp-assertion.xml", "ssp-metadata.xml", "Assertion", "alice"},
		{"pysaml2-assertion.xml", "pysaml2-metadata.xml", "Assertion", "alice"},
		{"samlp-response.xml", "samlp-metadata.xml", "Response Assertion", "alice"},
	} {
		t.Run(c.response, func(t *testing.T) {
			v, refusal := judge(read(t, c.response), keysOf(t, read(t, c.metadata)))
			if refusal != nil {
				t.Fatal(describeRefusal(refusal))
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
