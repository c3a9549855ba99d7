package rolesanywhere

import (
	"os"
	"slices"
	"strings"
	"testing"

	"stsplayground/engine/scenario"
)

// The certificates of testdata were made with OpenSSL.
func read(t testing.TB, name string) *certificate {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".pem")
	if err != nil {
		t.Fatal(err)
	}
	all, problem := readCertificates(string(text))
	if problem != "" {
		t.Fatal(problem)
	}
	return all[0]
}

func TestCertificatesOfOpenSSLAreRead(t *testing.T) {
	c := read(t, "leaf")
	if c.serial != "1f71c5114a119fc0cc5a5a52fb3720ad" || c.version != 3 || c.ca || c.keyUsage != digitalSignature || c.hash == 0 {
		t.Errorf("got %+v", c)
	}
	if got := c.subject.String(); got != "CN=Alice, OU=Security, OU=Engineering, OU=Research" {
		t.Errorf("got subject %s", got)
	}
	if !slices.Equal(c.dns, []string{"example.com", "second.example.com"}) || !slices.Equal(c.uri, []string{"spiffe://example.com/workload/alice"}) || len(c.dirNames) != 1 {
		t.Errorf("got %q, %q, %v", c.dns, c.uri, c.dirNames)
	}
	for name, want := range map[string]bool{"sha1": false, "below": true} {
		if got := read(t, name).hash != 0; got != want {
			t.Errorf("%s: got a hash that is taken %v, want %v", name, got, want)
		}
	}
	if got := read(t, "v1").version; got != 1 {
		t.Errorf("got version %d, want 1", got)
	}
}

func TestWhoIssuedWhom(t *testing.T) {
	root, mid, leaf, below := read(t, "root"), read(t, "mid"), read(t, "leaf"), read(t, "below")
	for _, c := range []struct {
		name          string
		issuer, other *certificate
		want          bool
	}{
		{"an authority signs itself", root, root, true},
		{"RSA signs a certificate", root, leaf, true},
		{"RSA signs an authority", root, mid, true},
		{"ECDSA signs a certificate", mid, below, true},
		{"another authority", mid, leaf, false},
		{"not by way of another", root, below, false},
		{"a machine is no authority of others", leaf, below, false},
	} {
		if got := c.issuer.issued(c.other); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	changed := *leaf
	changed.signed = append([]byte{}, leaf.signed...)
	changed.signed[len(changed.signed)-1] ^= 1
	if root.issued(&changed) {
		t.Error("a certificate that was changed counts as issued")
	}
}

// The tags of the user guide's own certificate, "Certificate Subject
// Alternative Name (SAN) fields mapping".
func TestAttributesBecomeTagsAsTheGuideHasThem(t *testing.T) {
	want := map[string]string{
		"x509Subject/CN": "Alice", "x509Subject/OU": "Security/Engineering/Research",
		"x509Issuer/C": "US", "x509Issuer/O": "Amazon", "x509Issuer/OU": "IAM", "x509Issuer/ST": "Washington", "x509Issuer/L": "Seattle", "x509Issuer/CN": "RolesAnywhere",
		"x509SAN/DNS": "example.com", "x509SAN/URI": "spiffe://example.com/workload/alice", "x509SAN/Name/CN": "Alice",
	}
	got := tagsOf(read(t, "leaf"), nil)
	if len(got.tags) != len(want) || len(got.missing) > 0 {
		t.Errorf("got %v", got)
	}
	for _, tag := range got.tags {
		if want[tag.Key] != tag.Value {
			t.Errorf("got %s=%s, want %q", tag.Key, tag.Value, want[tag.Key])
		}
	}
	named := &certificate{subject: name{{"CN", "John Smith (E123)"}, {"O", "Example"}}}
	for specifier, want := range map[string][2]int{"*": {1, 0}, "CN": {0, 1}} {
		got := tagsOf(named, []scenario.AttributeMapping{{CertificateField: "x509Subject", MappingRules: []scenario.AttributeRule{{Specifier: specifier}}}})
		if len(got.tags) != want[0] || len(got.missing) != want[1] || len(got.ignored) != 1 {
			t.Errorf("a value with parentheses, mapped by %s: got %+v", specifier, got)
		}
	}
	rules := func(field string, specifiers ...string) []scenario.AttributeMapping {
		m := scenario.AttributeMapping{CertificateField: field}
		for _, s := range specifiers {
			m.MappingRules = append(m.MappingRules, scenario.AttributeRule{Specifier: s})
		}
		return []scenario.AttributeMapping{m}
	}
	for _, c := range []struct {
		name     string
		mappings []scenario.AttributeMapping
		tags     string
		missing  int
	}{
		{"one part", rules("x509Issuer", "O"), "x509Issuer/O=Amazon", 0},
		{"the second DNS name", rules("x509SAN", "DNS/2"), "x509SAN/DNS/2=second.example.com", 0},
		{"a third that isn't there", rules("x509SAN", "DNS/3"), "", 1},
		{"all of the directory name", rules("x509SAN", "Name/"), "x509SAN/Name/CN=Alice", 0},
		{"a part that isn't there", rules("x509Subject", "L"), "", 1},
	} {
		got := tagsOf(read(t, "leaf"), c.mappings)
		var tags []string
		for _, tag := range got.tags {
			tags = append(tags, tag.Key+"="+tag.Value)
		}
		if strings.Join(tags, " ") != c.tags || len(got.missing) != c.missing {
			t.Errorf("%s: got %q and %v missing", c.name, tags, got.missing)
		}
	}
}

func TestSourceIdentities(t *testing.T) {
	for _, c := range []struct{ cn, serial, want string }{
		{"awsUser", "01", "CN=awsUser"},
		{"", "123", "ID=0123"},
		{"", "4567", "ID=4567"},
		{strings.Repeat("a", 62), "01", strings.Repeat("a", 62)},
		{strings.Repeat("a", 61), "01", "CN=" + strings.Repeat("a", 61)},
	} {
		cert := &certificate{serial: c.serial}
		if c.cn != "" {
			cert.subject = name{{"CN", c.cn}}
		}
		if got := sourceIdentity(cert); got != c.want {
			t.Errorf("%q, %s: got %s, want %s", c.cn, c.serial, got, c.want)
		}
	}
}

func FuzzReadCertificates(f *testing.F) {
	for _, name := range []string{"root", "leaf", "v1"} {
		text, err := os.ReadFile("testdata/" + name + ".pem")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, problem := readCertificates(text)
		if (problem == "") != (len(all) > 0) {
			t.Errorf("%d certificates and %q", len(all), problem)
		}
		for _, c := range all {
			tagsOf(c, nil)
			c.issued(c)
		}
	})
}
