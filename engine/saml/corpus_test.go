package saml

import (
	"bytes"
	"encoding/base64"
	"html"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/crewjam/saml/xmlenc"
)

// crewjamDir is the directory of github.com/crewjam/saml, whose tests have
// what Okta, OneLogin, Google, TestShib and others sent. A function of the
// module says where its source is.
func crewjamDir(t testing.TB) string {
	t.Helper()
	file, _ := runtime.FuncForPC(reflect.ValueOf(xmlenc.Decrypt).Pointer()).FileLine(reflect.ValueOf(xmlenc.Decrypt).Pointer())
	return filepath.Dir(filepath.Dir(file))
}

// genuineFiles are all of them, by name.
func genuineFiles(t testing.TB) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := testdata.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".xml") {
			continue
		}
		content, err := testdata.ReadFile("testdata/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = string(content)
	}
	for _, dir := range []string{"testdata", "samlsp/testdata", "samlidp/testdata"} {
		entries, err := os.ReadDir(filepath.Join(crewjamDir(t), dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if entry.IsDir() {
				continue
			}
			content, err := os.ReadFile(filepath.Join(crewjamDir(t), dir, entry.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[dir+"/"+entry.Name()] = string(content)
		}
	}
	return files
}

func TestGenuineResponsesPass(t *testing.T) {
	responses := 0
	for name, content := range genuineFiles(t) {
		d, r := Read(content)
		switch {
		case r != nil && r.Reason == NotSAML: // keys, certificates, requests, a token's claims
			if strings.Contains(name, "esponse") && !strings.Contains(content, "SAMLRequest") {
				t.Errorf("%s: got %s: %s", name, r.Found, r.Why)
			}
			continue
		case name == "testdata/TestIDPMarshalAssertion_encrypted_assertion": // declared around it
			if r == nil || r.Reason != IllFormed || !strings.Contains(r.Why, "prefix saml") {
				t.Errorf("%s: got %+v", name, r)
			}
			continue
		case r != nil:
			t.Errorf("%s: got %v at %d:%d: %s", name, r.Reason, r.Line, r.Column, r.Why)
			continue
		}
		agreeWithEtree(t, name, d.XML, d.Root)
		if tree := d.Tree(); tree.Root() == nil || tree.Root().Tag != d.Root.Local {
			t.Errorf("%s: got no tree of it", name)
		}
		if what, _ := describe(d.Root); what == "a SAML response" {
			responses++
		} else if strings.Contains(name, "_response") && !strings.Contains(content, "THIS_IS_THE_SAML_RESPONSE") && what != "a SOAP envelope" && what != "metadata" {
			t.Errorf("%s: got %s", name, what)
		}
	}
	if responses < 30 {
		t.Errorf("got %d responses, want the module's", responses)
	}
}

// Each of these is a signing key of metadata that was published, by the
// SHA-256 of its certificate as openssl x509 -fingerprint has it.
var genuineKeys = map[string][]string{
	"pysaml2-metadata.xml":    {"https://idp.example.test/pysaml2", "2bab7ead68a53c41a8a21727cbace8deab67466bac10d6f2e37417fb351b3c6d"},
	"samlp-metadata.xml":      {"https://idp.example.test/saml", "2bab7ead68a53c41a8a21727cbace8deab67466bac10d6f2e37417fb351b3c6d"},
	"ssp-metadata.xml":        {"https://idp.example.test/ssp", "2bab7ead68a53c41a8a21727cbace8deab67466bac10d6f2e37417fb351b3c6d"},
	"testdata/SP_IDPMetadata": {"https://idp.testshib.org/idp/shibboleth", "83f3fee451358c5f60769603c27f9f64d3b652b3c97ae7dc5786dee56c72b32d"},
	"testdata/TestGetArtifactBindingLocation_IDPMetadata":                          {"https://samltest.id/saml/idp", "e5e0e6578a27b53a2ca05182fb0ad23c97f333497469c8708b3aca61be5fa79e", "caf255f8f46de42497be3c42acccba4151d98feba31e7377ab5c2433a35a2065"},
	"testdata/TestSPCanHandleOktaResponseEncryptedAssertionBothSigned_IDPMetadata": {"http://www.okta.com/exkppsa1qwuFV4D7z0h7", "d40df01ccede49d207cb6d8abd15770a4b6eca14a85448c2959a98f85dc31ed4"},
	"testdata/TestSPCanHandleOneloginResponse_IDPMetadata":                         {"https://app.onelogin.com/saml/metadata/503983", "e4713d805c35991de0b6adac8644ad9c32f24a5e7bf8a09daa5654898e7b2c3e"},
	"testdata/TestSPCanHandlePlaintextResponse_IDPMetadata":                        {"https://accounts.google.com/o/saml2?idpid=C02dfl1r1", "df6f6d4eecf6c2d6515a64bc80430a879c25cfb03b666aeb1e61ce4fe02d7da2"},
	"testdata/TestSPRealWorldAssertionSignedNotResponse_idp_metadata":              {"https://idp.secureworks.com/SAML2", "fe448e4acbc0ec6f4c22b934f01e5b064d6b0c1761243f283d5aba18de10cc51"},
	"testdata/TestServiceProviderCanHandleSignedAssertionsResponse_IDPMetadata":    {"http://idp.example.com/metadata.php", "19a4fff2e8fcc7f3ea5046348dbf1d81320654d1f712028cc97933cb1247fc99"},
	"samlsp/testdata/testshib_metadata.xml":                                        {"https://idp.testshib.org/idp/shibboleth", "ed03ff38dfc7ea48523e2710ec645fededdb55688c162cb37b485c523ea5c022"},
	"samlidp/testdata/http_metadata_response.html":                                 {"https://idp.example.com/metadata", "414ce8701c4723e040fd6881be11520d261d39ae709b8f16904ccdee44cc563d"},
}

func TestGenuineMetadataGivesKeys(t *testing.T) {
	files := genuineFiles(t)
	for name, want := range genuineKeys {
		m, r := ReadMetadata(files[name])
		if r != nil || len(m.Problems) != 0 {
			t.Errorf("%s: got %+v, %+v", name, r, m.Problems)
			continue
		}
		var got []string
		for _, k := range m.Keys {
			if got = append(got, k.Thumbprint); k.Public == nil || k.Bits < 1024 || k.Subject == "" || k.NotBefore.IsZero() || !k.NotAfter.After(k.NotBefore) || k.Line == 0 {
				t.Errorf("%s: got key %+v", name, k)
			}
			line := strings.Split(files[name], "\n")[k.Line-1]
			if !strings.Contains(line[min(len(line), k.Column-1):], "X509Certificate>") {
				t.Errorf("%s: got key at %d:%d, where there is %.40q", name, k.Line, k.Column, line)
			}
		}
		if ids := m.EntityIDs(); len(ids) != 1 || ids[0] != want[0] || !slices.Equal(got, want[1:]) {
			t.Errorf("%s: got %q with %q want %q", name, ids, got, want)
		}
		if len(m.Providers[0].Endpoints) == 0 || m.Providers[0].Endpoints[0].Location == "" {
			t.Errorf("%s: got endpoints %+v", name, m.Providers[0].Endpoints)
		}
	}
	// Every other piece of metadata is a service provider's.
	for name, content := range files {
		if _, listed := genuineKeys[name]; listed || !strings.Contains(content, "EntityDescriptor") {
			continue
		}
		if _, r := ReadMetadata(content); r != nil && !strings.Contains(r.Found, "service provider") {
			t.Errorf("%s: got %s: %s", name, r.Found, r.Why)
		}
	}
}

// A form that an identity provider posts, as the module's own server writes it.
func TestGenuineFormKeepsItsValue(t *testing.T) {
	content := genuineFiles(t)["testdata/TestIDPIDPInitiatedExistingSession_response"]
	d, r := Read(content)
	if r != nil || !slices.Equal(d.Layers, []string{"HTML form", "base64"}) {
		t.Fatalf("got %v, %+v", d.Layers, r)
	}
	if held, err := base64.StdEncoding.DecodeString(d.Value); err != nil || !bytes.Equal(held, []byte(d.XML)) {
		t.Errorf("got Value %.40s, %v", d.Value, err)
	}
	assertion := strings.Index(d.XML, "<saml:EncryptedAssertion")
	line, column := d.Position(assertion)
	before := strings.Join(strings.Split(content, "\n")[:line-1], "\n") + strings.Split(content, "\n")[line-1][:column-1]
	_, before, _ = strings.Cut(before, `name="SAMLResponse" value="`)
	if got := len(html.UnescapeString(before)); assertion < 0 || got != assertion/3*4+assertion%3 {
		t.Errorf("got %d characters before the assertion, which is byte %d", got, assertion)
	}
}
