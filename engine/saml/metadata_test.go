package saml

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"
)

// rsaOf is an RSA key that nobody has the other half of: any odd number.
func rsaOf(bits int, seed int64) *rsa.PublicKey {
	n := new(big.Int).Rand(rand.New(rand.NewSource(seed)), new(big.Int).Lsh(big.NewInt(1), uint(bits)))
	n.SetBit(n, 0, 1).SetBit(n, bits-1, 1)
	return &rsa.PublicKey{N: n, E: 65537}
}

// ecOf is an ECDSA key with a small private half.
func ecOf(curve elliptic.Curve, d byte) *ecdsa.PrivateKey {
	octets := make([]byte, (curve.Params().BitSize+7)/8)
	octets[len(octets)-1] = d
	key, err := ecdsa.ParseRawPrivateKey(curve, octets)
	if err != nil {
		panic(err)
	}
	return key
}

var (
	someDay  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	otherDay = time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
	someKey  = rsaOf(2048, 1)
	otherKey = rsaOf(2048, 2)
)

// certify is a certificate in base64; change may alter its parts.
func certify(public crypto.PublicKey, change func(*certificate)) string {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: someDay, NotAfter: otherDay,
		Subject: pkix.Name{
			CommonName: "idp.example.test", Organization: []string{"Example, Inc."},
			ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, Value: "saml@example.test"}},
		},
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.New(rand.NewSource(1)), template, template, public, ecOf(elliptic.P256(), 1))
	if err != nil {
		panic(err)
	}
	if change != nil {
		var c certificate
		if _, err := asn1.Unmarshal(der, &c); err != nil {
			panic(err)
		}
		change(&c)
		if der, err = asn1.Marshal(c); err != nil {
			panic(err)
		}
	}
	return base64.StdEncoding.EncodeToString(der)
}

func keyDescriptor(use string, certificates ...string) string {
	var b strings.Builder
	b.WriteString("\n<md:KeyDescriptor" + use + "><ds:KeyInfo><ds:X509Data>")
	for _, c := range certificates {
		b.WriteString("<ds:X509Certificate>" + c + "</ds:X509Certificate>")
	}
	return b.String() + "</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
}

func keyValue(value string) string {
	return `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:KeyValue>` + value + `</ds:KeyValue></ds:KeyInfo></md:KeyDescriptor>`
}

// idpEntity is an identity provider's metadata, without declarations.
func idpEntity(id, attributes, inner string) string {
	return `<md:EntityDescriptor entityID="` + id + `"` + attributes + `><md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol ` + nsProtocol + `">` +
		inner + "\n" + `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.test/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>`
}

const declarations = ` xmlns:md="` + nsMetadata + `" xmlns:ds="` + nsSignature + `" xmlns:dsig11="` + nsSignature11 + `"`

// described is a document of its own for an entity.
func described(entity string) string {
	return strings.Replace(entity, "<md:EntityDescriptor", "<md:EntityDescriptor"+declarations, 1)
}

func grouped(attributes string, entities ...string) string {
	return "<md:EntitiesDescriptor" + declarations + attributes + ">" + strings.Join(entities, "\n") + "</md:EntitiesDescriptor>"
}

const idpOne, idpTwo = "https://one.example.test/idp", "https://two.example.test/idp"

func TestReadMetadata(t *testing.T) {
	cert := certify(someKey, nil)
	digest := func(certificate string) string {
		der, _ := base64.StdEncoding.DecodeString(certificate)
		sum := sha256.Sum256(der)
		return hex.EncodeToString(sum[:])
	}
	m, r := ReadMetadata(described(idpEntity(idpOne, ` validUntil="2030-02-03T04:05:06Z"`, keyDescriptor(` use="signing"`, cert)+keyDescriptor(` use="encryption"`, certify(otherKey, nil)))))
	if r != nil || len(m.Problems) != 0 {
		t.Fatalf("got %+v, %+v", r, m.Problems)
	}
	if len(m.Keys) != 1 || !m.Keys[0].Public.(*rsa.PublicKey).Equal(someKey) {
		t.Fatalf("got keys %+v", m.Keys)
	}
	k := m.Keys[0]
	if k.Index != 0 || k.Bits != 2048 || k.Subject != `emailAddress=saml@example.test,CN=idp.example.test,O=Example, Inc.` || k.Thumbprint != digest(cert) || !k.NotBefore.Equal(someDay) || !k.NotAfter.Equal(otherDay) || k.Problem != "" || k.Line != 2 || k.Column != len(`<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>`)+1 {
		t.Errorf("got key %+v", k)
	}
	p, keys := m.Provider(idpOne)
	if p == nil || len(keys) != 1 || !p.WantAuthnRequestsSigned || !p.ValidUntil.Equal(time.Date(2030, 2, 3, 4, 5, 6, 0, time.UTC)) || p.Line != 1 || p.Column != 1 || len(p.Endpoints) != 1 || p.Endpoints[0] != (Endpoint{"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", "https://idp.example.test/sso", 4, 1}) {
		t.Errorf("got provider %+v", p)
	}
	if p, keys := m.Provider(idpTwo); p != nil || keys != nil {
		t.Errorf("got %+v for another entity", p)
	}
}

func TestKeysOfMetadata(t *testing.T) {
	b64 := base64.StdEncoding.EncodeToString
	modulus, exponent := b64(someKey.N.Bytes()), "AQAB"
	rsaValue := func(n, e string) string {
		return "<ds:RSAKeyValue><ds:Modulus>" + n + "</ds:Modulus><ds:Exponent>" + e + "</ds:Exponent></ds:RSAKeyValue>"
	}
	ecValue := func(oid string, point []byte) string {
		return `<dsig11:ECKeyValue><dsig11:NamedCurve URI="urn:oid:` + oid + `"/><dsig11:PublicKey>` + b64(point) + `</dsig11:PublicKey></dsig11:ECKeyValue>`
	}
	point := func(curve elliptic.Curve) []byte {
		octets, err := ecOf(curve, 7).PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return octets
	}
	cert := certify(someKey, nil)
	good := keyDescriptor(` use="signing"`, certify(otherKey, nil))
	ed, _ := x509.MarshalPKIXPublicKey(ed25519.PublicKey(make([]byte, 32)))
	negative := asn1.RawValue{FullBytes: []byte{2, 1, 0xFF}}
	for _, c := range []struct {
		name, inner string
		bits        []int  // of the keys; 0 for one that can't be used
		problem     string // of the first of those
		note        string
	}{
		{"a key for both uses", keyDescriptor("", cert), []int{2048}, "", ""},
		{"a key of another use", keyDescriptor(` use="encryption"`, cert) + good, []int{2048}, "", ""},
		{"white space in a certificate", keyDescriptor("", "\n\t"+cert[:64]+"\r\n  "+cert[64:]+"\n"), []int{2048}, "", ""},
		{"two certificates in one X509Data", keyDescriptor("", cert, certify(otherKey, nil)), []int{2048, 2048}, "", ""},
		{"two KeyDescriptors", keyDescriptor("", cert) + good, []int{2048, 2048}, "", ""},
		{"one certificate twice", keyDescriptor("", cert) + keyDescriptor(` use="signing"`, cert), []int{2048}, "", ""},
		{"one key in two certificates", keyDescriptor("", cert) + keyDescriptor("", certify(someKey, func(c *certificate) { c.Body.SerialNumber = asn1.RawValue{FullBytes: []byte{2, 1, 9}} })), []int{2048}, "", "hold the same key"},
		{"1024 bits", keyDescriptor("", certify(rsaOf(1024, 3), nil)), []int{1024}, "", ""},
		{"1023 bits", keyDescriptor("", certify(rsaOf(1023, 3), nil)) + good, []int{0, 2048}, "1023 bits", ""},
		{"8192 bits", keyDescriptor("", certify(rsaOf(8192, 3), nil)), []int{8192}, "", ""},
		{"8193 bits", keyDescriptor("", certify(rsaOf(8193, 3), nil)) + good, []int{0, 2048}, "8193 bits", ""},
		{"an even modulus", keyDescriptor("", certify(&rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(3), 2046), E: 65537}, nil)) + good, []int{0, 2048}, "even", ""},
		{"the exponent 3", keyDescriptor("", certify(&rsa.PublicKey{N: someKey.N, E: 3}, nil)), []int{2048}, "", ""},
		{"the exponent 1", keyDescriptor("", certify(&rsa.PublicKey{N: someKey.N, E: 1}, nil)) + good, []int{0, 2048}, "exponent", ""},
		{"P-256", keyDescriptor("", certify(ecOf(elliptic.P256(), 7).Public(), nil)), []int{256}, "", ""},
		{"P-384", keyDescriptor("", certify(ecOf(elliptic.P384(), 7).Public(), nil)), []int{384}, "", ""},
		{"P-521", keyDescriptor("", certify(ecOf(elliptic.P521(), 7).Public(), nil)), []int{521}, "", ""},
		{"P-224", keyDescriptor("", certify(ecOf(elliptic.P224(), 7).Public(), nil)) + good, []int{0, 2048}, "P-224", ""},
		{"Ed25519", keyDescriptor("", certify(someKey, func(c *certificate) { c.Body.Key = asn1.RawValue{FullBytes: ed} })) + good, []int{0, 2048}, "neither RSA nor ECDSA", ""},
		{"a broken key", keyDescriptor("", certify(someKey, func(c *certificate) { c.Body.Key = asn1.RawValue{FullBytes: []byte{0x30, 0}} })) + good, []int{0, 2048}, "broken", ""},
		{"a negative serial number, which crypto/x509 refuses", keyDescriptor("", certify(someKey, func(c *certificate) { c.Body.SerialNumber = negative })), []int{2048}, "", ""},
		{"dates that can't be read", keyDescriptor("", certify(someKey, func(c *certificate) { c.Body.Validity = asn1.RawValue{FullBytes: []byte{0x30, 0}} })), []int{2048}, "", ""},
		{"a subject that can't be read", keyDescriptor("", certify(someKey, func(c *certificate) { c.Body.Subject = asn1.RawValue{FullBytes: []byte{5, 0}} })), []int{2048}, "", ""},
		{"base64 that breaks", keyDescriptor("", cert[:100]+"#") + good, []int{0, 2048}, "isn't base64", ""},
		{"nothing in a certificate", keyDescriptor("", "") + good, []int{0, 2048}, "isn't base64", ""},
		{"a certificate that is cut off", keyDescriptor("", cert[:400]) + good, []int{0, 2048}, "no X.509", ""},
		{"a certificate with more behind it", keyDescriptor("", strings.TrimRight(cert, "=")+"AAAA"[:4-len(strings.TrimRight(cert, "="))%4]+"AAAA") + good, []int{0, 2048}, "no X.509", ""},
		{"a certificate in PEM", keyDescriptor("", "-----BEGIN CERTIFICATE-----\n"+cert+"\n-----END CERTIFICATE-----") + good, []int{0, 2048}, "PEM", ""},
		{"a certificate that is huge", keyDescriptor("", strings.Repeat("A", maxCertificate+1)) + good, []int{0, 2048}, "larger", ""},
		{"an RSA key without certificate", keyValue(rsaValue(modulus, exponent)), []int{2048}, "", "KeyValue"},
		{"an RSA key without certificate and the exponent 2^64+3", keyValue(rsaValue(modulus, b64([]byte{1, 0, 0, 0, 0, 0, 0, 0, 3}))) + good, []int{0, 2048}, "exponent", "KeyValue"},
		{"an RSA key without modulus", keyValue(rsaValue("", exponent)) + good, []int{0, 2048}, "0 bits", "KeyValue"},
		{"an RSA key whose modulus isn't base64", keyValue(rsaValue("#", exponent)) + good, []int{0, 2048}, "0 bits", "KeyValue"},
		{"a P-256 key without certificate", keyValue(ecValue("1.2.840.10045.3.1.7", point(elliptic.P256()))), []int{256}, "", "KeyValue"},
		{"a P-384 key without certificate", keyValue(ecValue("1.3.132.0.34", point(elliptic.P384()))), []int{384}, "", "KeyValue"},
		{"a P-521 key without certificate", keyValue(ecValue("1.3.132.0.35", point(elliptic.P521()))), []int{521}, "", "KeyValue"},
		{"a point that isn't on its curve", keyValue(ecValue("1.2.840.10045.3.1.7", append([]byte{4}, make([]byte, 64)...))) + good, []int{0, 2048}, "isn't on P-256", "KeyValue"},
		{"a point of another curve", keyValue(ecValue("1.3.132.0.34", point(elliptic.P256()))) + good, []int{0, 2048}, "isn't on P-384", "KeyValue"},
		{"secp256k1", keyValue(ecValue("1.3.132.0.10", point(elliptic.P256()))) + good, []int{0, 2048}, "curve", "KeyValue"},
		{"a DSA key without certificate", keyValue("<ds:DSAKeyValue/>") + good, []int{0, 2048}, "neither", "KeyValue"},
		{"a certificate counts before a KeyValue", strings.Replace(keyDescriptor("", cert), "<ds:X509Data>", "<ds:KeyValue>"+rsaValue(b64(otherKey.N.Bytes()), exponent)+"</ds:KeyValue><ds:X509Data>", 1), []int{2048}, "", ""},
		{"a KeyDescriptor with a name only", "<md:KeyDescriptor><ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo></md:KeyDescriptor><md:KeyDescriptor/>" + good, []int{2048}, "", ""},
	} {
		m, r := ReadMetadata(described(idpEntity(idpOne, "", c.inner)))
		if r != nil {
			t.Errorf("%s: got %s: %s", c.name, r.Found, r.Why)
			continue
		}
		var bits []int
		problem := ""
		for i, k := range m.Keys {
			if k.Index != i || (k.Public == nil) != (k.Problem != "") || k.Line == 0 {
				t.Errorf("%s: got key %+v", c.name, k)
			}
			if k.Public == nil {
				bits = append(bits, 0)
				if problem == "" {
					problem = k.Problem
				}
				continue
			}
			bits = append(bits, k.Bits)
		}
		if !slices.Equal(bits, c.bits) || !strings.Contains(problem, c.problem) || (problem == "") != (c.problem == "") {
			t.Errorf("%s: got %v, %q want %v, %q", c.name, bits, problem, c.bits, c.problem)
		}
		if problem != "" && (len(m.Problems) == 0 || m.Problems[0].Message != MessageMetadata || !strings.Contains(m.Problems[0].Why, problem)) {
			t.Errorf("%s: got problems %+v", c.name, m.Problems)
		}
		if notes := strings.Join(m.Warnings(someDay), " "); !strings.Contains(notes, c.note) || (notes == "") != (c.note == "") {
			t.Errorf("%s: got warnings %q want %q", c.name, notes, c.note)
		}
		for i := range m.Problems {
			checkWords(t, c.name, &m.Problems[i].Refusal)
		}
	}
}

func TestProvidersOfMetadata(t *testing.T) {
	one := idpEntity(idpOne, "", keyDescriptor("", certify(someKey, nil)))
	two := idpEntity(idpTwo, "", keyDescriptor("", certify(someKey, nil))+keyDescriptor("", certify(otherKey, nil)))
	sp := `<md:EntityDescriptor entityID="https://sp.example.test"><md:SPSSODescriptor/></md:EntityDescriptor>`
	m, r := ReadMetadata(grouped("", sp, one, "<md:EntitiesDescriptor>"+two+"</md:EntitiesDescriptor>"))
	if r != nil || !slices.Equal(m.EntityIDs(), []string{idpOne, idpTwo}) || len(m.Keys) != 2 {
		t.Fatalf("got %v, %d keys, %+v", m.EntityIDs(), len(m.Keys), r)
	}
	p, keys := m.Provider(idpTwo)
	if len(keys) != 2 || !slices.Equal(p.Keys, []int{0, 1}) || p.Line != 5 {
		t.Errorf("got %+v with %d keys", p, len(keys))
	}
	if _, keys := m.Provider(idpOne); len(keys) != 1 || keys[0].Index != 0 {
		t.Errorf("got %d keys of the first", len(keys))
	}
	m, r = ReadMetadata(grouped("", one, strings.Replace(two, idpTwo, idpOne, 1)))
	if _, keys := m.Provider(idpOne); r != nil || len(keys) != 2 || !strings.Contains(strings.Join(m.Warnings(someDay), ""), "twice") {
		t.Errorf("one entityID twice: got %d keys, %v, %+v", len(keys), m.Warnings(someDay), r)
	}
	// Two roles of one entity.
	role := one[strings.Index(one, "<md:IDPSSODescriptor") : strings.Index(one, "</md:IDPSSODescriptor>")+len("</md:IDPSSODescriptor>")]
	m, r = ReadMetadata(described(strings.Replace(two, "</md:EntityDescriptor>", role+"</md:EntityDescriptor>", 1)))
	if r != nil || len(m.Keys) != 2 || len(m.Providers[0].Endpoints) != 2 {
		t.Errorf("two roles: got %+v, %+v", m, r)
	}
}

func TestMetadataRefusals(t *testing.T) {
	cert := certify(someKey, nil)
	good := idpEntity(idpOne, "", keyDescriptor("", cert))
	for _, c := range []struct {
		name, text   string
		reason       Reason
		line, column int
		found, why   string
	}{
		{"nothing", "", Metadata, 1, 1, "nothing", "empty"},
		{"white space", "\n ", Metadata, 1, 1, "nothing", "empty"},
		{"an address", "https://idp.example.test/metadata", Metadata, 1, 1, "address", "Nothing is fetched"},
		{"a certificate", "-----BEGIN CERTIFICATE-----\nMIIB", Metadata, 1, 1, "certificate", "part of the metadata"},
		{"a certificate without its frame", "MIIDDzCCAfeg", Metadata, 1, 1, "certificate", "part of the metadata"},
		{"a discovery document", `{"issuer": "https://idp.example.test"}`, Metadata, 1, 1, "JSON", "OpenID Connect"},
		{"words", "the metadata", Metadata, 1, 1, "the metadata", "no XML"},
		{"base64", base64.StdEncoding.EncodeToString([]byte("<?xml version='1.0'?>" + described(good))), Metadata, 1, 1, "base64", "decode it"},
		{"base64 with the usual prefix", base64.StdEncoding.EncodeToString([]byte("<md:EntityDescriptor/>")), Metadata, 1, 1, "base64", "decode it"},
		{"a response in base64", sample64, Metadata, 1, 1, "a SAML response", "SAMLAssertion"},
		{"a page", "<html><body>Sign in</body></html>", Metadata, 1, 1, "HTML", "sign in"},
		{"a response", sample, Metadata, 1, 1, "a SAML response", "not metadata"},
		{"a request", `<samlp:AuthnRequest xmlns:samlp="` + nsProtocol + `"/>`, Metadata, 1, 1, "an authentication request", "not metadata"},
		{"another document", "<a/>", Metadata, 1, 1, "<a>", "none of SAML's"},
		{"metadata in another namespace", `<md:EntityDescriptor xmlns:md="urn:example:metadata"/>`, Metadata, 1, 1, "urn:example:metadata", "another namespace"},
		{"a service provider", `<md:EntityDescriptor` + declarations + ` entityID="urn:amazon:webservices"><md:SPSSODescriptor/></md:EntityDescriptor>`, Metadata, 1, 1, "service provider", "identity provider's own"},
		{"an entity without a role", described(`<md:EntityDescriptor entityID="a"/>`), Metadata, 1, 1, "without IDPSSODescriptor", "web sign-on"},
		{"no entities", grouped(""), Metadata, 1, 1, "without entities", "nobody"},
		{"no entityID", described(idpEntity("", "", keyDescriptor("", cert))), Metadata, 1, 1, "none", "Without entityID"},
		{"no entityID in a group", grouped("", good, idpEntity("", "", keyDescriptor("", cert))), Metadata, 4, 1, "none", "Without entityID"},
		{"no key", described(idpEntity(idpOne, "", "")), Metadata, 1, 1, "no certificate", "signing certificate"},
		{"a key for encryption only", described(idpEntity(idpOne, "", keyDescriptor(` use="encryption"`, cert))), Metadata, 1, 1, "no certificate", "signing certificate"},
		{"a key that can't be used", described(idpEntity(idpOne, "", keyDescriptor("", certify(rsaOf(512, 1), nil)))), Metadata, 2, 44, "none of 1 key", "512 bits"},
		{"a document type declaration", "<!DOCTYPE a>\n" + described(good), IllFormed, 1, 1, "<!DOCTYPE", "document type"},
		{"XML that is cut off", described(good)[:1000], IllFormed, 2, 1000 - strings.IndexByte(described(good), '\n'), "end of the text", "cut off"},
		{"an attribute twice", "\ufeff\n<a b='' b=''/>", IllFormed, 2, 9, `"b" again`, "stands twice"},
		{"20001 elements", "<a>" + strings.Repeat("<b/>", 20000) + "</a>", XMLLimit, 1, 3 + 19999*4 + 1, "more", "20000"},
		{"a megabyte and a byte", "<" + strings.Repeat(" ", 1<<20), XMLLimit, 0, 0, "1048577 bytes", "ten million"},
	} {
		m, r := ReadMetadata(c.text)
		if r == nil || m == nil {
			t.Errorf("%s: got no refusal", c.name)
			continue
		}
		if r.Reason != c.reason || r.Line != c.line || r.Column != c.column || !strings.Contains(r.Found, c.found) || !strings.Contains(r.Why, c.why) || r.Rule.Code != "saml/metadata" {
			t.Errorf("%s: got %v at %d:%d, found %s: %s; want %v at %d:%d, %q, %q", c.name, r.Reason, r.Line, r.Column, r.Found, r.Why, c.reason, c.line, c.column, c.found, c.why)
		}
		checkWords(t, c.name, r)
		m.Warnings(someDay)
	}
}

func TestMetadataThatIAMDoesNotRegister(t *testing.T) {
	extension := func(c *certificate) { c.Body.Extensions = append(c.Body.Extensions, c.Body.Extensions[0]) }
	good := described(idpEntity(idpOne, "", keyDescriptor("", certify(someKey, nil))))
	var eleven []string
	for i := range 11 {
		eleven = append(eleven, idpEntity(fmt.Sprintf("https://%d.example.test", i), "", keyDescriptor("", certify(someKey, nil))))
	}
	for _, c := range []struct{ name, text, message, found string }{
		{"a byte order mark", "\ufeff" + good, MessageMetadata, "byte order mark"},
		{"a repeated extension", described(idpEntity(idpOne, "", keyDescriptor("", certify(someKey, extension)))), MessageExtensions, "repeated"},
		{"999 characters", described(idpEntity(idpOne, "", keyValue("<ds:RSAKeyValue><ds:Modulus>"+base64.StdEncoding.EncodeToString(rsaOf(1024, 1).N.Bytes())+"</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue>"))), "", "characters"},
		{"eleven identity providers", grouped("", eleven...), "", "11 identity providers"},
	} {
		m, r := ReadMetadata(c.text)
		if r != nil || len(m.Keys) != 1 || m.Keys[0].Public == nil {
			t.Errorf("%s: got %+v, keys %+v, want a key", c.name, r, m.Keys)
			continue
		}
		if len(m.Problems) != 1 || m.Problems[0].Message != c.message || !strings.Contains(m.Problems[0].Found, c.found) {
			t.Errorf("%s: got %+v want %q with %q", c.name, m.Problems, c.found, c.message)
			continue
		}
		checkWords(t, c.name, &m.Problems[0].Refusal)
	}
	if m, r := ReadMetadata(grouped("", eleven[:10]...)); r != nil || len(m.Problems) != 0 || len(m.Providers) != 10 {
		t.Errorf("ten identity providers: got %+v, %+v", m.Problems, r)
	}
}

func TestMetadataWarnings(t *testing.T) {
	cert := keyDescriptor("", certify(someKey, nil))
	for _, c := range []struct {
		name, text string
		at         time.Time
		want       []string
	}{
		{"a certificate in its time", described(idpEntity(idpOne, "", cert)), someDay, nil},
		{"a certificate at its end", described(idpEntity(idpOne, "", cert)), otherDay, nil},
		{"a certificate that ended", described(idpEntity(idpOne, "", cert)), otherDay.Add(time.Second), []string{"ended at 2036-01-01T00:00:00Z"}},
		{"a certificate that begins", described(idpEntity(idpOne, "", cert)), someDay.Add(-time.Second), []string{"begins at 2026-01-01T00:00:00Z"}},
		{"metadata that ended", described(idpEntity(idpOne, ` validUntil="2026-01-01T00:00:00Z"`, cert)), someDay, []string{"was valid until 2026-01-01T00:00:00Z"}},
		{"metadata with an offset", described(idpEntity(idpOne, ` validUntil="2026-01-01T02:00:00.5+02:00"`, cert)), someDay, nil},
		{"metadata without a zone", described(idpEntity(idpOne, ` validUntil="2026-01-01T00:00:00"`, cert)), someDay, []string{"was valid until"}},
		{"a group that ended", grouped(` validUntil="2026-01-01T00:00:00Z"`, idpEntity(idpOne, "", cert)), someDay, []string{"the group of entities"}},
		{"validUntil that is no time", described(idpEntity(idpOne, ` validUntil="tomorrow"`, cert)), someDay, []string{`"tomorrow", isn't an instant`}},
		{"another protocol", strings.Replace(described(idpEntity(idpOne, "", cert)), nsProtocol, "urn:x", 1), someDay, []string{"protocolSupportEnumeration"}},
	} {
		m, r := ReadMetadata(c.text)
		if r != nil {
			t.Errorf("%s: got %+v", c.name, r)
			continue
		}
		got := m.Warnings(c.at)
		if len(got) != len(c.want) || len(got) > 0 && !strings.Contains(got[0], c.want[0]) {
			t.Errorf("%s: got %q want %q", c.name, got, c.want)
		}
	}
}

func TestHostileMetadataIsBounded(t *testing.T) {
	var manyKeys, manyProviders []string
	for i := range 2000 {
		value := base64.StdEncoding.EncodeToString(rsaOf(1024, int64(i)).N.Bytes())
		manyKeys = append(manyKeys, keyValue("<ds:RSAKeyValue><ds:Modulus>"+value+"</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue>"))
		manyProviders = append(manyProviders, idpEntity("https://example.test", ` validUntil="x"`, ""))
	}
	m, r := ReadMetadata(described(idpEntity(idpOne, "", strings.Join(manyKeys, ""))))
	if r != nil || len(m.Keys) != readKeys {
		t.Errorf("got %d keys, %+v want %d", len(m.Keys), r, readKeys)
	}
	m, r = ReadMetadata(grouped("", append([]string{idpEntity(idpOne, "", keyDescriptor("", certify(someKey, nil)))}, manyProviders...)...))
	if r != nil || len(m.Providers) != readProviders || len(m.Warnings(someDay)) > readNotes || !strings.Contains(m.Problems[0].Found, "2001") {
		t.Errorf("got %d providers, %d warnings, %+v", len(m.Providers), len(m.Warnings(someDay)), r)
	}
	certificates := strings.Repeat("<ds:X509Certificate>AAAA</ds:X509Certificate>", 9000)
	m, _ = ReadMetadata(described(idpEntity(idpOne, "", "<md:KeyDescriptor><ds:KeyInfo><ds:X509Data>"+certificates+"</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>")))
	if len(m.Keys) != readKeys || len(m.Problems) != readKeys {
		t.Errorf("got %d keys and %d problems, want %d", len(m.Keys), len(m.Problems), readKeys)
	}
}

// A hundred keys are read where they are of usual sizes. All are tried on each
// signature, so of larger ones there are fewer.
func TestKeysThatTakeLongToTryAreFewer(t *testing.T) {
	for _, c := range []struct {
		octets   int
		exponent string
		want     int
	}{{256, "AQAB", 100}, {512, "AQAB", 60}, {1024, "AQAB", 24}, {1024, "f////w==", 15}} {
		var b strings.Builder
		b.WriteString(`<EntityDescriptor xmlns="` + nsMetadata + `" entityID="https://idp.example.test"><IDPSSODescriptor protocolSupportEnumeration="` + nsProtocol + `">`)
		for i := range readKeys {
			modulus := bytes.Repeat([]byte{0xff}, c.octets)
			modulus[1] = byte(i)
			b.WriteString(`<KeyDescriptor><KeyInfo xmlns="` + nsSignature + `"><KeyValue><RSAKeyValue><Modulus>` + encode64(modulus) + `</Modulus><Exponent>` + c.exponent + `</Exponent></RSAKeyValue></KeyValue></KeyInfo></KeyDescriptor>`)
		}
		b.WriteString(`</IDPSSODescriptor></EntityDescriptor>`)
		m, refusal := ReadMetadata(b.String())
		if refusal != nil {
			t.Fatal(describeRefusal(refusal))
		}
		told := slices.ContainsFunc(m.Warnings(time.Time{}), func(s string) bool { return strings.Contains(s, "larger keys than are tried") })
		if len(m.Keys) != c.want || told != (c.want < readKeys) {
			t.Errorf("%d octets, exponent %s: got %d keys, told %v; want %d", c.octets, c.exponent, len(m.Keys), told, c.want)
		}
	}
}
