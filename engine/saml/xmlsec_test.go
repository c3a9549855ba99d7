//go:build !js

package saml

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// xmlsec is the program xmlsec1, which knows nothing of what is here.
type xmlsec struct {
	t   testing.TB
	dir string
}

func newXMLSec(t testing.TB) *xmlsec {
	t.Helper()
	if _, err := exec.LookPath("xmlsec1"); err != nil {
		t.Fatal("xmlsec1 is missing: apt-get install xmlsec1")
	}
	return &xmlsec{t, t.TempDir()}
}

// file writes a file, and is its name.
func (x *xmlsec) file(name, content string) string {
	x.t.Helper()
	name = filepath.Join(x.dir, name)
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		x.t.Fatal(err)
	}
	return name
}

// private and public write a key in PEM: the private one, and a certificate.
func (x *xmlsec) private(name string, key crypto.Signer) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		x.t.Fatal(err)
	}
	return x.file(name+".pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

func (x *xmlsec) public(name string, key crypto.Signer) string {
	der := decode64(certificateOf(key, "idp"))
	return x.file(name+".crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
}

// run is the program's standard output, and what it says of an error.
func (x *xmlsec) run(args ...string) (string, error) {
	command := exec.Command("xmlsec1", args...)
	var said strings.Builder
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("xmlsec1 %s: %w: %s", strings.Join(args, " "), err, said.String())
	}
	return string(out), nil
}

var xmlsecIDs = []string{"--id-attr:ID", nsAssertion + ":Assertion", "--id-attr:ID", nsProtocol + ":Response"}

// sign has xmlsec1 fill in the signature templates of the document.
func (x *xmlsec) sign(xml, privateKey string) string {
	x.t.Helper()
	args := append([]string{"--sign", "--privkey-pem", privateKey}, xmlsecIDs...)
	out, err := x.run(append(args, x.file("template.xml", xml))...)
	if err != nil {
		x.t.Fatal(err)
	}
	return out
}

// verify has xmlsec1 verify the signature on the element, with the key alone.
func (x *xmlsec) verify(on, certificate string, files ...string) error {
	args := append([]string{"--verify", "--pubkey-cert-pem", certificate, "--node-xpath", "//*[local-name()='" + on + "']/*[local-name()='Signature']"}, xmlsecIDs...)
	_, err := x.run(append(args, files...)...)
	return err
}

// template is a signature of the assertion for xmlsec1 to fill in.
func template(id, method, digest, c14n, transform, keyInfo string) string {
	return `<ds:Signature xmlns:ds="` + nsSignature + `"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="` + c14n + `"/><ds:SignatureMethod Algorithm="` + method + `"/>
<ds:Reference URI="#` + id + `"><ds:Transforms><ds:Transform Algorithm="` + enveloped + `"/><ds:Transform Algorithm="` + transform + `"/></ds:Transforms>
<ds:DigestMethod Algorithm="` + digest + `"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>` + keyInfo + `</ds:Signature>`
}

// What xmlsec1 signs verifies here, whatever the algorithm and KeyInfo.
func TestWhatXMLSecSignsVerifies(t *testing.T) {
	x := newXMLSec(t)
	keyInfos := []struct{ name, text string }{
		{"no KeyInfo", ""},
		{"KeyName", "<ds:KeyInfo><ds:KeyName/></ds:KeyInfo>"},
		{"X509Certificate", "<ds:KeyInfo><ds:X509Data/></ds:KeyInfo>"},
		{"KeyValue", "<ds:KeyInfo><ds:KeyValue/></ds:KeyInfo>"}, // for RSA: xmlsec1 1.2 writes none of ECDSA
	}
	signers := []struct {
		name   string
		signer crypto.Signer
	}{{"rsa", rsaOne}, {"ecdsa-256", ec256}, {"ecdsa-384", ec384}, {"ecdsa-521", ec521}}
	for _, s := range signers {
		private := x.private(s.name, s.signer) + "," + x.public(s.name, s.signer)
		for i, m := range methods {
			if m.ec != strings.HasPrefix(s.name, "ecdsa") {
				continue
			}
			for j, c14n := range []string{excC14n, excComments} {
				for k, keyInfo := range keyInfos {
					if m.ec && k != (i+j)%3 {
						continue
					}
					t.Run(strings.Join([]string{s.name, m.name, c14n[strings.LastIndexByte(c14n, '/')+1:], keyInfo.name}, " "), func(t *testing.T) {
						x.t = t
						on, id, after := "Assertion", "_a1", "<saml:Subject>"
						if i%2 == 1 {
							on, id, after = "Response", "_r1", status
						}
						xml := edit(base, after, template(id, m.uri, digestMethods[i%4].uri, c14n, c14n, keyInfo.text)+after, "alice@", "alice<!-- a comment -->@")
						signed := x.sign(xml, private)
						v, refusal := judge(signed, key(s.signer))
						if refusal != nil {
							t.Fatalf("got %s want no refusal of %s", describeRefusal(refusal), signed)
						}
						if got := textIn(v, "NameID"); got != "alice@example.test" || v.Signatures[0].On != on || v.Signatures[0].Method != m.name {
							t.Errorf("got %q, %+v", got, v.Signatures[0])
						}
					})
				}
			}
		}
	}
}

// goxmldsig 1.6.1 canonicalizes a default namespace that is taken back
// otherwise than XML has it, so nothing is known of such a signature.
func TestWhatTheLibraryReadsOtherwiseIsALimit(t *testing.T) {
	x := newXMLSec(t)
	xml := edit(base, "<samlp:Response ", `<samlp:Response xmlns="urn:x" `, "<saml:Subject>", template("_a1", rsaSHA256, digestSHA256, excC14n, excC14n, "")+"<saml:Subject>",
		"</saml:AttributeStatement>", `<saml:Attribute Name="x"><saml:AttributeValue><y xmlns=""/></saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`)
	_, refusal := judge(x.sign(xml, x.private("rsa", rsaOne)), key(rsaOne))
	if refusal == nil || refusal.Reason != Limit || !strings.Contains(refusal.Found, "xmlns") {
		t.Errorf("got %s want Limit", describeRefusal(refusal))
	}
}

// What is signed in the tests is signed as xmlsec1 has it.
func TestWhatIsSignedHereVerifiesInXMLSec(t *testing.T) {
	x := newXMLSec(t)
	for i, c := range goodResponses() {
		if c.on == "" || len(c.keys) != 1 || strings.Contains(c.name, "empty URI") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			x.t = t
			der, err := x509.MarshalPKIXPublicKey(c.keys[0].Public)
			if err != nil {
				t.Fatal(err)
			}
			public := x.file("public.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
			xml := c.xml
			for strings.Contains(xml, "<ds:KeyInfo>") {
				_, xml = cut(xml, "<ds:KeyInfo>", "</ds:KeyInfo>")
			}
			file := x.file(fmt.Sprintf("genuine-%d.xml", i), xml)
			for on := range strings.FieldsSeq(c.on) {
				args := append([]string{"--verify", "--pubkey-pem", public, "--node-xpath", "//*[local-name()='" + on + "']/*[local-name()='Signature']"}, xmlsecIDs...)
				if _, err := x.run(append(args, file)...); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// A document that is accepted after any change is one that xmlsec1 verifies,
// too, and that says what the unchanged one says.
func TestWhatIsAcceptedXMLSecVerifies(t *testing.T) {
	x := newXMLSec(t)
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		on     string
		signer crypto.Signer
		xml    string
	}{
		{"Assertion", rsaOne, sign(base, signing{id: "_a1"})},
		{"Response", rsaOne, sign(base, signing{id: "_r1", c14n: excComments, infoC14n: excComments})},
		{"Assertion", ec256, sign(base, signing{id: "_a1", key: ec256, method: ecdsaSHA("256"), prefixes: "saml samlp"})},
		{"Response", ec521, sign(base, signing{id: "_r1", key: ec521, method: ecdsaSHA("512"), c14n: c14n10})},
	} {
		certificate := x.public("mutation", c.signer)
		want := saysOf(mustJudge(t, c.xml, key(c.signer)))
		var files []string
		for range 1000 {
			xml := mutate(random, c.xml)
			v, refusal := judge(xml, key(c.signer))
			if refusal != nil {
				continue
			}
			if got := saysOf(v); got != want {
				t.Errorf("got %q of %s", got, xml)
			}
			files = append(files, x.file(fmt.Sprintf("%s-%d.xml", c.on, len(files)), xml))
		}
		if len(files) < 40 {
			t.Errorf("got %d accepted mutations want enough to compare", len(files))
		}
		if err := x.verify(c.on, certificate, files...); err != nil {
			t.Error(err)
		}
	}
}

// What xmlsec1 encrypts is opened here, where IAM documents it, and named
// where it doesn't.
func TestWhatXMLSecEncryptsOpens(t *testing.T) {
	x := newXMLSec(t)
	certificate := x.public("recipient", rsaTwo)
	plain, _ := cut(sign(base, signing{id: "_a1"}), "<saml:Assertion", "</saml:Assertion>")
	plain = edit(plain, "<saml:Assertion ", `<saml:Assertion xmlns:saml="`+nsAssertion+`" `)
	plainFile := x.file("assertion.xml", plain)
	for _, c := range []struct {
		cipher, transport, session string
		reason                     Reason
	}{
		{nsEncryption + "aes128-cbc", "rsa-oaep-mgf1p", "aes-128", 0},
		{nsEncryption + "aes256-cbc", "rsa-oaep-mgf1p", "aes-256", 0},
		{nsEncryption11 + "aes128-gcm", "rsa-oaep-mgf1p", "aes-128", 0},
		{nsEncryption11 + "aes256-gcm", "rsa-oaep-mgf1p", "aes-256", 0},
		{nsEncryption + "aes192-cbc", "rsa-oaep-mgf1p", "aes-192", Cipher},
		{nsEncryption11 + "aes192-gcm", "rsa-oaep-mgf1p", "aes-192", Cipher},
		{nsEncryption + "tripledes-cbc", "rsa-oaep-mgf1p", "des-192", Cipher},
		{nsEncryption + "aes256-cbc", "rsa-1_5", "aes-256", Cipher},
	} {
		t.Run(c.cipher[strings.IndexByte(c.cipher, '#')+1:]+" "+c.transport, func(t *testing.T) {
			x.t = t
			template := `<xenc:EncryptedData xmlns:xenc="` + nsEncryption + `" Type="` + nsEncryption + `Element"><xenc:EncryptionMethod Algorithm="` + c.cipher + `"/>
<ds:KeyInfo xmlns:ds="` + nsSignature + `"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="` + nsEncryption + c.transport + `"/><xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>
<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>`
			out, err := x.run("--encrypt", "--pubkey-cert-pem", certificate, "--session-key", c.session, "--xml-data", plainFile, x.file("data.xml", template))
			if err != nil {
				t.Fatal(err)
			}
			_, out, _ = strings.Cut(out, "?>")
			v, refusal := decrypted(t, head+"<saml:EncryptedAssertion>"+out+"</saml:EncryptedAssertion>"+tail, []*rsa.PrivateKey{rsaTwo}, key(rsaOne))
			if c.reason != 0 {
				if refusal == nil || refusal.Reason != c.reason {
					t.Errorf("got %s want %v", describeRefusal(refusal), c.reason)
				}
				return
			}
			if refusal != nil {
				t.Fatal(describeRefusal(refusal))
			}
			if got := textIn(v, "NameID"); got != "alice@example.test" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// What is encrypted in the tests is encrypted as xmlsec1 has it.
func TestWhatIsEncryptedHereOpensInXMLSec(t *testing.T) {
	x := newXMLSec(t)
	private := x.private("recipient", rsaTwo)
	for _, cipher := range ciphers {
		xml := seal(base, sealing{cipher: cipher.uri, plain: selfContained})
		out, err := x.run("--decrypt", "--privkey-pem", private, x.file("sealed.xml", xml))
		if err != nil {
			t.Error(err)
		} else if !strings.Contains(out, "alice@example.test") {
			t.Errorf("%s: got %s", cipher.uri, out)
		}
	}
}
