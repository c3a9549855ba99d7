package saml

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// rsa-one.pem and rsa-two.pem are from openssl genpkey -algorithm RSA
// -pkeyopt rsa_keygen_bits:2048, for tests only.
var (
	rsaOne = parsePEM("rsa-one.pem")
	rsaTwo = parsePEM("rsa-two.pem")
	ec256  = derive(elliptic.P256(), 32)
	ec384  = derive(elliptic.P384(), 48)
	ec521  = derive(elliptic.P521(), 66)
)

func parsePEM(name string) *rsa.PrivateKey {
	content, err := testdata.ReadFile("testdata/" + name)
	if err != nil {
		panic(err)
	}
	block, _ := pem.Decode(content)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		panic(err)
	}
	return key.(*rsa.PrivateKey)
}

// derive is a key whose number is a hash, below every curve's order.
func derive(curve elliptic.Curve, octets int) *ecdsa.PrivateKey {
	number := make([]byte, octets)
	digest := sha256.Sum256([]byte(curve.Params().Name))
	copy(number[octets-31:], digest[:31])
	key, err := ecdsa.ParseRawPrivateKey(curve, number)
	if err != nil {
		panic(err)
	}
	return key
}

// certificateOf is a certificate of the key, in base64.
func certificateOf(key crypto.Signer, name string) string {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0)}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

func keyInfoOf(key crypto.Signer, name string) string {
	return `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>` + certificateOf(key, name) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
}

func key(signers ...crypto.Signer) []Key {
	var keys []Key
	for i, s := range signers {
		keys = append(keys, Key{Index: i, Public: s.Public()})
	}
	return keys
}

const (
	excC14n      = "http://www.w3.org/2001/10/xml-exc-c14n#"
	excComments  = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"
	c14n10       = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	c14n11       = "http://www.w3.org/2006/12/xml-c14n11"
	enveloped    = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
	rsaSHA256    = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	digestSHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
)

const (
	head = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r1" Version="2.0" IssueInstant="2026-11-22T10:00:00Z" Destination="https://signin.aws.amazon.com/saml" InResponseTo="_q1">` +
		`<saml:Issuer>https://idp.example.test</saml:Issuer>` + status
	status    = `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`
	assertion = `<saml:Assertion ID="_a1" Version="2.0" IssueInstant="2026-11-22T10:00:00Z">` +
		`<saml:Issuer>https://idp.example.test</saml:Issuer>` +
		`<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">alice@example.test</saml:NameID>` +
		`<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="2026-11-22T10:05:00Z" Recipient="https://signin.aws.amazon.com/saml"/></saml:SubjectConfirmation></saml:Subject>` +
		`<saml:Conditions><saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
		`<saml:AttributeStatement><saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><saml:AttributeValue>arn:aws:iam::123456789012:role/Dev,arn:aws:iam::123456789012:saml-provider/Idp</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>` +
		`</saml:Assertion>`
	tail = `</samlp:Response>`
	base = head + assertion + tail
)

// evil is what the attacker wants to be read.
func evil(xml string) string {
	return edit(xml, "alice@example.test", "evil@attacker.test", "role/Dev", "role/Admin")
}

// edit replaces text that has to be there.
func edit(text string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			panic("no " + pairs[i] + " in " + text)
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// cut is the first piece from begin to end, both included, and the text
// without it.
func cut(text, begin, end string) (piece, rest string) {
	i := strings.Index(text, begin)
	j := strings.Index(text[i:], end) + i + len(end)
	return text[i:j], text[:i] + text[j:]
}

func signatureIn(xml string) (signature, rest string) {
	return cut(xml, "<ds:Signature ", "</ds:Signature>")
}

// signing is how to sign the element of an ID; the zero value of a field is
// what an ordinary identity provider does.
type signing struct {
	id             string
	key            crypto.Signer
	method, digest string // URIs
	infoC14n, c14n string // URIs; c14n "none" leaves it out
	prefixes       string // of the Reference's PrefixList
	uri            string // "empty" for the empty one
	transforms     string // in place of the usual ones
	keyInfo        string
	content        string // what is digested, in place of what the element is
}

var signatureHashes = map[string]crypto.Hash{"sha1": crypto.SHA1, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}

// sign puts a signature behind the Issuer of the element with the ID.
func sign(xml string, s signing) string {
	or := func(value *string, otherwise string) {
		if *value == "" {
			*value = otherwise
		}
	}
	if s.key == nil {
		s.key = rsaOne
	}
	or(&s.method, rsaSHA256)
	or(&s.digest, digestSHA256)
	or(&s.infoC14n, excC14n)
	or(&s.c14n, excC14n)
	or(&s.uri, "#"+s.id)
	if s.uri == "empty" {
		s.uri = ""
	}
	inclusive := ""
	if s.prefixes != "" {
		inclusive = `<ec:InclusiveNamespaces xmlns:ec="` + excC14n + `" PrefixList="` + s.prefixes + `"/>`
	}
	or(&s.transforms, `<ds:Transform Algorithm="`+enveloped+`"/><ds:Transform Algorithm="`+s.c14n+`">`+inclusive+`</ds:Transform>`)
	if s.c14n == "none" {
		s.c14n = ""
		s.transforms = `<ds:Transform Algorithm="` + enveloped + `"/>`
	}
	content := []byte(s.content)
	if s.content == "" {
		el := detach(elementOf(xml, s.id))
		dropComments(el, nil)
		content = canonicalized(el, s.c14n, s.prefixes)
	}
	digest := base64.StdEncoding.EncodeToString(hashOf(hashNamed(s.digest), content))
	info := `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="` + s.infoC14n + `"/><ds:SignatureMethod Algorithm="` + s.method + `"/>` +
		`<ds:Reference URI="` + s.uri + `"><ds:Transforms>` + s.transforms + `</ds:Transforms>` +
		`<ds:DigestMethod Algorithm="` + s.digest + `"/><ds:DigestValue>` + digest + `</ds:DigestValue></ds:Reference></ds:SignedInfo>`
	signature := `<ds:Signature xmlns:ds="` + nsSignature + `">` + info + `<ds:SignatureValue>@value@</ds:SignatureValue>` + s.keyInfo + `</ds:Signature>`
	at := strings.Index(xml, `ID="`+s.id+`"`)
	at += strings.Index(xml[at:], "</saml:Issuer>") + len("</saml:Issuer>")
	xml = xml[:at] + signature + xml[at:]
	return strings.Replace(xml, "@value@", signInfo(childOf(childOf(elementOf(xml, s.id), nsSignature, "Signature"), nsSignature, "SignedInfo"), s), 1)
}

func signInfo(info *etree.Element, s signing) string {
	hash := hashNamed(s.method)
	digest := hashOf(hash, canonicalized(detach(info), s.infoC14n, ""))
	if private, ok := s.key.(*rsa.PrivateKey); ok {
		value, err := rsa.SignPKCS1v15(nil, private, hash, digest)
		if err != nil {
			panic(err)
		}
		return base64.StdEncoding.EncodeToString(value)
	}
	private := s.key.(*ecdsa.PrivateKey)
	der, err := private.Sign(nil, digest, hash)
	if err != nil {
		panic(err)
	}
	var numbers struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &numbers); err != nil {
		panic(err)
	}
	octets := (private.Curve.Params().BitSize + 7) / 8
	return base64.StdEncoding.EncodeToString(append(numbers.R.FillBytes(make([]byte, octets)), numbers.S.FillBytes(make([]byte, octets))...))
}

func hashNamed(uri string) crypto.Hash {
	for name, hash := range signatureHashes {
		if strings.HasSuffix(uri, name) {
			return hash
		}
	}
	return crypto.SHA256 // for those that are refused
}

func elementOf(xml, id string) *etree.Element {
	tree := etree.NewDocument()
	if err := tree.ReadFromString(xml); err != nil {
		panic(fmt.Sprint(err, " in ", xml))
	}
	var found *etree.Element
	walk(tree.Root(), func(el *etree.Element) *Refusal {
		if attrOf(el, "ID") == id && found == nil {
			found = el
		}
		return nil
	})
	return found
}

func canonicalized(el *etree.Element, uri, prefixes string) []byte {
	c, _ := canonicalizer(uri, prefixes)
	if c == nil {
		c = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	}
	canonical, err := c.Canonicalize(el)
	if err != nil {
		panic(err)
	}
	return canonical
}

// judge is what happens to pasted text, as far as its signatures.
func judge(xml string, keys []Key) (*Verified, *Refusal) {
	d, refusal := Read(xml)
	if refusal != nil {
		return nil, refusal
	}
	r, refusal := Open(d)
	if refusal != nil {
		return nil, refusal
	}
	return r.Verify(keys)
}

func textIn(v *Verified, local string) string {
	return textOf(find(v.Assertion, nsAssertion, local))
}

// holdsEvil tells whether anything that may be read is the attacker's.
func holdsEvil(v *Verified) bool {
	for _, el := range []*etree.Element{v.Assertion, v.Response} {
		if el == nil {
			continue
		}
		tree := etree.NewDocument()
		tree.SetRoot(el.Copy())
		text, _ := tree.WriteToString()
		if strings.Contains(text, "attacker") || strings.Contains(text, "role/Admin") {
			return true
		}
	}
	return false
}

func describeRefusal(r *Refusal) string {
	if r == nil {
		return "no refusal"
	}
	return fmt.Sprintf("%v at %d:%d: expected %s, found %s; %s", r.Reason, r.Line, r.Column, r.Expected, r.Found, r.Why)
}

// checkRefusal holds the rules for prose: sentences, one each.
func checkRefusal(t *testing.T, r *Refusal) {
	t.Helper()
	checkParts(t, r)
	for _, text := range []string{r.Expected, r.Found, r.Why} {
		if strings.Contains(text, ". ") {
			t.Errorf("got two sentences in %s", describeRefusal(r))
		}
	}
	if strings.HasSuffix(r.Expected, ".") || strings.HasSuffix(r.Found, ".") {
		t.Errorf("got full stops in %s", describeRefusal(r))
	}
}

// checkParts holds that nothing is missing, whatever the input was.
func checkParts(t *testing.T, r *Refusal) {
	t.Helper()
	if r.Rule.Code == "" || r.Reason == 0 || r.Expected == "" || r.Found == "" || !strings.HasSuffix(r.Why, ".") {
		t.Errorf("got a part missing in %s", describeRefusal(r))
	}
}

func encode64(octets []byte) string { return base64.StdEncoding.EncodeToString(octets) }

func decode64(text string) []byte {
	octets, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return octets
}
