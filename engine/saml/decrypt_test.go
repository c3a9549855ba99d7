package saml

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
)

// sealing is how to encrypt an assertion; the zero value of a field is what
// an ordinary identity provider does.
type sealing struct {
	key               *rsa.PublicKey
	cipher, transport string // URIs
	method            string // inside the EncryptedKey's EncryptionMethod
	digest, mgf       crypto.Hash
	label             []byte
	secret            []byte
	place             string // of the EncryptedKey: "inside", "beside", "retrieved"
	plain             string // in place of the assertion
	damage            func(octets []byte) []byte
}

const gcm256 = nsEncryption11 + "aes256-gcm"

// seal puts an EncryptedAssertion in the place of the assertion.
func seal(xml string, s sealing) string {
	plain, _ := cut(xml, "<saml:Assertion", "</saml:Assertion>")
	i := strings.Index(xml, plain)
	rest := xml[i+len(plain):]
	if s.plain != "" {
		plain = s.plain
	}
	if s.key == nil {
		s.key = &rsaTwo.PublicKey
	}
	if s.cipher == "" {
		s.cipher = gcm256
	}
	if s.transport == "" {
		s.transport = nsEncryption + "rsa-oaep-mgf1p"
	}
	if s.digest == 0 {
		s.digest = crypto.SHA1
	}
	if s.mgf == 0 {
		s.mgf = crypto.SHA1
	}
	if s.secret == nil {
		s.secret = make([]byte, 32)
		if strings.Contains(s.cipher, "128") {
			s.secret = s.secret[:16]
		}
		copy(s.secret, "a secret that everyone can read.")
	}
	block, err := aes.NewCipher(s.secret)
	if err != nil {
		panic(err)
	}
	octets := []byte("an initial vector"[:12])
	if strings.HasSuffix(s.cipher, "gcm") {
		gcm, err := cipher.NewGCM(block)
		if err != nil {
			panic(err)
		}
		octets = gcm.Seal(octets, octets, []byte(plain), nil)
	} else {
		octets = []byte("an initial vector"[:16])
		padding := 16 - len(plain)%16
		text := append([]byte(plain), bytes.Repeat([]byte{0xaa}, padding)...)
		text[len(text)-1] = byte(padding)
		cipher.NewCBCEncrypter(block, octets).CryptBlocks(text, text)
		octets = append(octets, text...)
	}
	if s.damage != nil {
		octets = s.damage(octets)
	}
	key := `<xenc:EncryptedKey xmlns:xenc="` + nsEncryption + `" Id="_k1"><xenc:EncryptionMethod Algorithm="` + s.transport + `">` + s.method + `</xenc:EncryptionMethod>` +
		`<xenc:CipherData><xenc:CipherValue>` + encode64(wrap(s)) + `</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>`
	inside, beside := "<ds:KeyInfo xmlns:ds=\""+nsSignature+"\">"+key+"</ds:KeyInfo>", ""
	switch s.place {
	case "beside":
		inside, beside = "", key
	case "retrieved":
		inside, beside = `<ds:KeyInfo xmlns:ds="`+nsSignature+`"><ds:RetrievalMethod Type="`+nsEncryption+`EncryptedKey" URI="#_k1"/></ds:KeyInfo>`, key
	}
	return xml[:i] + `<saml:EncryptedAssertion><xenc:EncryptedData xmlns:xenc="` + nsEncryption + `" Type="` + nsEncryption + `Element"><xenc:EncryptionMethod Algorithm="` + s.cipher + `"/>` + inside +
		`<xenc:CipherData><xenc:CipherValue>` + encode64(octets) + `</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>` + beside + `</saml:EncryptedAssertion>` + rest
}

// wrap encrypts the secret by RSA-OAEP (RFC 8017 §7.1.1), with any mask and
// always the same seed.
func wrap(s sealing) []byte {
	size := s.key.Size()
	lHash := hashOf(s.digest, s.label)
	db := make([]byte, size-len(lHash)-1)
	copy(db, lHash)
	db[len(db)-len(s.secret)-1] = 1
	copy(db[len(db)-len(s.secret):], s.secret)
	seed := hashOf(s.digest, []byte("seed"))
	mask(db, seed, s.mgf)
	mask(seed, db, s.mgf)
	m := new(big.Int).SetBytes(append(seed, db...))
	return m.Exp(m, big.NewInt(int64(s.key.E)), s.key.N).FillBytes(make([]byte, size))
}

// mask is MGF1 (RFC 8017 §B.2.1), applied.
func mask(out, seed []byte, hash crypto.Hash) {
	for counter := 0; len(out) > 0; counter++ {
		block := hashOf(hash, append(bytes.Clone(seed), byte(counter>>24), byte(counter>>16), byte(counter>>8), byte(counter)))
		for i := 0; i < len(block) && i < len(out); i++ {
			out[i] ^= block[i]
		}
		out = out[min(len(block), len(out)):]
	}
}

func digestMethodOf(uri string) string {
	return `<ds:DigestMethod xmlns:ds="` + nsSignature + `" Algorithm="` + uri + `"/>`
}

func mgfOf(name string) string {
	return `<xenc11:MGF xmlns:xenc11="` + nsEncryption11 + `" Algorithm="` + nsEncryption11 + name + `"/>`
}

// decrypted is what Decrypt and Verify make of a response.
func decrypted(t testing.TB, xml string, private []*rsa.PrivateKey, keys []Key) (*Verified, *Refusal) {
	t.Helper()
	r := opened(t, xml)
	if !r.Encrypted {
		t.Fatal("got a response in the clear, want one with an EncryptedAssertion")
	}
	if refusal := r.Decrypt(private); refusal != nil {
		return nil, refusal
	}
	return r.Verify(keys)
}

var selfContained = edit(assertion, "<saml:Assertion ", `<saml:Assertion xmlns:saml="`+nsAssertion+`" `)

func TestEncryptedAssertionsOpen(t *testing.T) {
	const oaep11 = nsEncryption11 + "rsa-oaep"
	sha256URI := digestMethods[1].uri
	signedA := sign(base, signing{id: "_a1"})
	for _, c := range []struct {
		name string
		xml  string
		keys []*rsa.PrivateKey
		on   string
	}{
		{"AES-128-CBC", seal(signedA, sealing{cipher: nsEncryption + "aes128-cbc"}), nil, "Assertion"},
		{"AES-256-CBC", seal(signedA, sealing{cipher: nsEncryption + "aes256-cbc"}), nil, "Assertion"},
		{"AES-128-GCM", seal(signedA, sealing{cipher: nsEncryption11 + "aes128-gcm"}), nil, "Assertion"},
		{"AES-256-GCM", seal(signedA, sealing{cipher: gcm256}), nil, "Assertion"},
		{"rsa-oaep-mgf1p names its SHA-1", seal(signedA, sealing{method: digestMethodOf(digestMethods[0].uri)}), nil, "Assertion"},
		{"rsa-oaep-mgf1p with SHA-256 has a mask of SHA-1", seal(signedA, sealing{method: digestMethodOf(sha256URI), digest: crypto.SHA256}), nil, "Assertion"},
		{"rsa-oaep with everything left out is of SHA-1", seal(signedA, sealing{transport: oaep11}), nil, "Assertion"},
		{"rsa-oaep with SHA-256 and a mask of SHA-1 by default", seal(signedA, sealing{transport: oaep11, method: digestMethodOf(sha256URI), digest: crypto.SHA256}), nil, "Assertion"},
		{"rsa-oaep with SHA-256 for both", seal(signedA, sealing{transport: oaep11, method: digestMethodOf(sha256URI) + mgfOf("mgf1sha256"), digest: crypto.SHA256, mgf: crypto.SHA256}), nil, "Assertion"},
		{"rsa-oaep with SHA-1 and a mask of SHA-512", seal(signedA, sealing{transport: oaep11, method: mgfOf("mgf1sha512"), mgf: crypto.SHA512}), nil, "Assertion"},
		{"rsa-oaep with SHA-384 for both", seal(signedA, sealing{transport: oaep11, method: digestMethodOf(digestMethods[2].uri) + mgfOf("mgf1sha384"), digest: crypto.SHA384, mgf: crypto.SHA384}), nil, "Assertion"},
		{"a label", seal(signedA, sealing{method: `<xenc:OAEPparams>bGFiZWw=</xenc:OAEPparams>`, label: []byte("label")}), nil, "Assertion"},
		{"the EncryptedKey beside the data", seal(signedA, sealing{place: "beside"}), nil, "Assertion"},
		{"the EncryptedKey beside the data, by a RetrievalMethod", seal(signedA, sealing{place: "retrieved"}), nil, "Assertion"},
		{"the second of two private keys", seal(signedA, sealing{}), []*rsa.PrivateKey{rsaOne, rsaTwo}, "Assertion"},
		{"the Response signed around the ciphertext", sign(seal(base, sealing{}), signing{id: "_r1"}), nil, "Response"},
		{"the Response signed around the ciphertext, a self-contained assertion", sign(seal(base, sealing{plain: selfContained}), signing{id: "_r1"}), nil, "Response"},
		{"both signed", sign(seal(signedA, sealing{}), signing{id: "_r1"}), nil, "Response Assertion"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.keys == nil {
				c.keys = []*rsa.PrivateKey{rsaTwo}
			}
			v, refusal := decrypted(t, c.xml, c.keys, key(rsaOne))
			if refusal != nil {
				t.Fatal(describeRefusal(refusal))
			}
			if got := textIn(v, "NameID"); got != "alice@example.test" {
				t.Errorf("got %q", got)
			}
			var on []string
			for _, s := range v.Signatures {
				on = append(on, s.On)
				if !s.Anatomy.Good || !s.Anatomy.DigestGood || s.Line != 1 {
					t.Errorf("got good %t, digest good %t, line %d", s.Anatomy.Good, s.Anatomy.DigestGood, s.Line)
				}
			}
			if got := strings.Join(on, " "); got != c.on {
				t.Errorf("got signatures on %q want %q", got, c.on)
			}
			if v.Assertion.Parent() != nil || !is(v.Assertion, nsAssertion, "Assertion") {
				t.Error("want an assertion with no parent")
			}
		})
	}
}

func TestWhatCannotBeOpenedIsNamed(t *testing.T) {
	one := []*rsa.PrivateKey{rsaTwo}
	signedA := sign(base, signing{id: "_a1"})
	sealed := seal(signedA, sealing{})
	other, _ := cut(seal(evil(base), sealing{}), "<saml:EncryptedAssertion>", "</saml:EncryptedAssertion>")
	data, _ := cut(sealed, "<xenc:EncryptedData", "</xenc:EncryptedData>")
	encryptedKey, _ := cut(sealed, "<xenc:EncryptedKey", "</xenc:EncryptedKey>")
	cbc := func(damage func([]byte) []byte) string {
		return seal(signedA, sealing{cipher: nsEncryption + "aes128-cbc", damage: damage})
	}
	for _, c := range []struct {
		name, xml  string
		private    []*rsa.PrivateKey
		reason     Reason
		found, why string
	}{
		{"no private key", sealed, nil, NoKey, "EncryptedAssertion", "private key"},
		{"another private key", sealed, []*rsa.PrivateKey{rsaOne}, CannotOpen, "none opens", "another certificate"},
		{"Triple DES", edit(sealed, gcm256, nsEncryption+"tripledes-cbc"), one, Cipher, "tripledes-cbc", "Triple DES"},
		{"AES with 192 bits", edit(sealed, gcm256, nsEncryption+"aes192-cbc"), one, Cipher, "aes192-cbc", "192 bits"},
		{"AES-192-GCM", edit(sealed, gcm256, nsEncryption11+"aes192-gcm"), one, Cipher, "aes192-gcm", "192 bits"},
		{"ChaCha20", edit(sealed, gcm256, "http://www.w3.org/2021/04/xmldsig-more#chacha20poly1305"), one, Cipher, "chacha20", "IAM documents"},
		{"no algorithm", edit(sealed, `<xenc:EncryptionMethod Algorithm="`+gcm256+`"/>`, ""), one, Cipher, `""`, "No algorithm is named"},
		{"RSA with PKCS #1 v1.5", edit(sealed, "rsa-oaep-mgf1p", "rsa-1_5"), one, Cipher, "rsa-1_5", "Bleichenbacher"},
		{"a key wrapped with a secret", edit(sealed, "rsa-oaep-mgf1p", "kw-aes128"), one, Cipher, "kw-aes128", "both sides share"},
		{"a digest of RIPEMD-160", seal(signedA, sealing{method: digestMethodOf("http://www.w3.org/2001/04/xmlenc#ripemd160")}), one, Cipher, "ripemd160", "SHA-256"},
		{"a mask of SHA-224", seal(signedA, sealing{transport: nsEncryption11 + "rsa-oaep", method: mgfOf("mgf1sha224")}), one, Cipher, "mgf1sha224", "mgf1sha256"},
		{"no EncryptedKey", edit(sealed, encryptedKey, ""), one, Cipher, "none", "secret that both sides share"},
		{"a RetrievalMethod to nothing", edit(seal(signedA, sealing{place: "retrieved"}), `URI="#_k1"`, `URI="#_k2"`), one, WrongShape, "#_k2", "no key"},
		{"five EncryptedKeys", edit(sealed, encryptedKey, strings.Repeat(edit(encryptedKey, ` Id="_k1"`, ""), 5)), one, Limit, "5", "private key"},
		{"no EncryptedData", edit(sealed, data, ""), one, WrongShape, "none", "nothing to decrypt"},
		{"two EncryptedData", edit(sealed, data, data+edit(data, "_k1", "_k2")), one, WrongShape, "EncryptedData", "nothing else"},
		{"something beside the EncryptedData", edit(sealed, data, data+"<x/>"), one, WrongShape, "x of no namespace", "nothing else"},
		{"content in place of an element", edit(sealed, nsEncryption+"Element", nsEncryption+"Content"), one, WrongShape, "Content", "whole element"},
		{"a reference to the ciphertext", edit(sealed, "<xenc:CipherValue>", `<xenc:CipherReference URI="https://attacker.test"/><xenc:CipherValue>`, "<xenc:CipherValue>", "<x>", "</xenc:CipherValue>", "</x>"), one, WrongShape, "none", "fetches nothing"},
		{"a CipherValue that isn't base64", edit(sealed, "<xenc:CipherValue>", "<xenc:CipherValue>*"), one, WrongShape, "*", "decoded"},
		{"a label that isn't base64", seal(signedA, sealing{method: `<xenc:OAEPparams>*</xenc:OAEPparams>`}), one, WrongShape, "*", "decoded"},
		{"another label", seal(signedA, sealing{method: `<xenc:OAEPparams>bGFiZWw=</xenc:OAEPparams>`}), one, CannotOpen, "none opens", "changed"},
		{"another mask", seal(signedA, sealing{mgf: crypto.SHA256}), one, CannotOpen, "none opens", "changed"},
		{"a key of another length", seal(signedA, sealing{secret: make([]byte, 16)}), one, CannotOpen, "16 octets for aes256-gcm", "32 octets"},
		{"a changed octet under GCM", seal(signedA, sealing{damage: func(o []byte) []byte { o[40] ^= 1; return o }}), one, CannotOpen, "authentication tag", "changed"},
		{"GCM cut to its nonce", seal(signedA, sealing{damage: func(o []byte) []byte { return o[:12] }}), one, CannotOpen, "authentication tag", "changed"},
		{"GCM cut in its nonce", seal(signedA, sealing{damage: func(o []byte) []byte { return o[:5] }}), one, CannotOpen, "5 octets", "cut"},
		{"nothing encrypted", seal(signedA, sealing{damage: func(o []byte) []byte { return nil }}), one, CannotOpen, "0 octets", "cut"},
		{"CBC cut in a block", cbc(func(o []byte) []byte { return o[:len(o)-1] }), one, CannotOpen, "octets", "blocks of 16"},
		{"CBC with the initial vector only", cbc(func(o []byte) []byte { return o[:16] }), one, CannotOpen, "16 octets", "blocks of 16"},
		{"CBC with other padding", cbc(func(o []byte) []byte { o[len(o)-17] ^= 0xf0; return o }), one, CannotOpen, "padding", "changed"},
		{"CBC with a changed block", cbc(func(o []byte) []byte { o[200] ^= 0xff; return o }), one, IllFormed, "in the decrypted assertion", ""},
		{"a text inside", seal(base, sealing{plain: "text"}), one, WrongShape, "something else", "Assertion in it"},
		{"nothing inside", seal(base, sealing{plain: " "}), one, WrongShape, "something else", "Assertion in it"},
		{"a Response inside", seal(base, sealing{plain: "<samlp:Response/>"}), one, WrongShape, "samlp:Response", "Assertion in it"},
		{"two assertions inside", seal(base, sealing{plain: assertion + edit(assertion, "_a1", "_a2")}), one, WrongShape, "saml:Assertion", "beside it"},
		{"text beside the assertion inside", seal(base, sealing{plain: assertion + "text"}), one, WrongShape, "saml:Assertion", "beside it"},
		{"an assertion in Advice inside", seal(base, sealing{plain: edit(assertion, "</saml:Conditions>", "</saml:Conditions><saml:Advice>"+edit(assertion, "_a1", "_a2")+"</saml:Advice>")}), one, WrongShape, "Advice", "signature wrapping"},
		{"an encrypted assertion inside", seal(base, sealing{plain: edit(assertion, "</saml:Conditions>", "</saml:Conditions><saml:Advice>"+edit(other, "_k1", "_k2")+"</saml:Advice>")}), one, WrongShape, "EncryptedAssertion in", "signature wrapping"},
		{"the Response's ID inside", seal(base, sealing{plain: edit(assertion, `"_a1"`, `"_r1"`)}), one, WrongShape, "_r1", "signature wrapping"},
		{"the EncryptedKey's Id inside", seal(base, sealing{plain: edit(assertion, `"_a1"`, `"_k1"`)}), one, WrongShape, "_k1", "signature wrapping"},
		{"a document type inside", seal(base, sealing{plain: "<!DOCTYPE x>" + assertion}), one, IllFormed, "in the decrypted assertion", ""},
		{"the end of the place it is put in", seal(base, sealing{plain: "</EncryptedAssertion>" + assertion + "<EncryptedAssertion>"}), one, IllFormed, "in the decrypted assertion", ""},
		{"an undeclared prefix inside", seal(base, sealing{plain: edit(assertion, "<saml:Conditions>", "<saml:Conditions x:y=''>")}), one, IllFormed, "in the decrypted assertion", ""},
		{"octets that aren't UTF-8 inside", seal(base, sealing{plain: edit(assertion, "alice", "\xff")}), one, IllFormed, "in the decrypted assertion", ""},
		{"an assertion that isn't signed", seal(base, sealing{}), one, Unsigned, "none", "anyone"},
		{"a changed assertion under its signature", seal(evil(signedA), sealing{}), one, BadSignature, "digest of the Assertion", "changed"},
		{"another EncryptedAssertion in a signed Response", edit(sign(seal(base, sealing{}), signing{id: "_r1"}), cutOf(seal(base, sealing{})), other), one, BadSignature, "digest of the Response", "changed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, refusal := decrypted(t, c.xml, c.private, key(rsaOne))
			if v != nil {
				t.Errorf("got something to read, evil: %t", holdsEvil(v))
			}
			if refusal == nil || refusal.Reason != c.reason || !strings.Contains(refusal.Found, c.found) || !strings.Contains(refusal.Why, c.why) {
				t.Fatalf("got %s want %v, found %q, why %q", describeRefusal(refusal), c.reason, c.found, c.why)
			}
			checkRefusal(t, refusal)
			if refusal.Line != 1 {
				t.Errorf("got line %d want 1", refusal.Line)
			}
		})
	}
}

func cutOf(xml string) string {
	piece, _ := cut(xml, "<saml:EncryptedAssertion>", "</saml:EncryptedAssertion>")
	return piece
}

// An encrypted response has its own signature checked without any private key,
// and is refused for want of one, so that both are told.
func TestAnEncryptedResponseIsVerifiedAsFarAsItGoes(t *testing.T) {
	r := opened(t, sign(seal(base, sealing{}), signing{id: "_r1"}))
	v, refusal := r.Verify(key(rsaOne))
	if v != nil || refusal == nil || refusal.Reason != NoKey {
		t.Fatalf("got %s want NoKey", describeRefusal(refusal))
	}
	if s := r.Signatures(); len(s) != 1 || s[0].Key == nil || !s[0].Anatomy.Good {
		t.Errorf("got %+v want a good signature", s)
	}
	if _, refusal := r.Verify(key(rsaTwo)); refusal == nil || refusal.Reason != BadSignature {
		t.Errorf("got %s want BadSignature", describeRefusal(refusal))
	}
	if r.OnTrust() != nil || r.Decrypted() != "" {
		t.Error("got something of an assertion that nobody has opened")
	}
	if refusal := r.Decrypt([]*rsa.PrivateKey{rsaTwo}); refusal != nil {
		t.Fatal(describeRefusal(refusal))
	}
	if _, refusal := r.Verify(key(rsaOne)); refusal != nil {
		t.Error(describeRefusal(refusal))
	}
	if v := r.OnTrust(); textIn(v, "NameID") != "alice@example.test" || r.Decrypted() != assertion {
		t.Errorf("got %q", r.Decrypted())
	}
}

// Exclusive canonicalization doesn't sign a namespace that nothing in the
// clear uses, so whoever is on the way can change what a prefix in the
// ciphertext stands for.
func TestThePlaceOfTheCiphertextDecidesNothing(t *testing.T) {
	plain := edit(selfContained, "<saml:NameID ", "<n:NameID ", "</saml:NameID>", "</n:NameID><x:NameID>evil@attacker.test</x:NameID>")
	xml := sign(edit(seal(base, sealing{plain: plain}), "<samlp:Response ", `<samlp:Response xmlns:n="`+nsAssertion+`" xmlns:x="urn:x" `), signing{id: "_r1"})
	swapped := edit(xml, `xmlns:n="`+nsAssertion+`"`, `xmlns:n="urn:n"`, `xmlns:x="urn:x"`, `xmlns:x="`+nsAssertion+`"`)
	for name, xml := range map[string]string{"as it was sent": xml, "with the prefixes swapped": swapped} {
		t.Run(name, func(t *testing.T) {
			v, refusal := decrypted(t, xml, []*rsa.PrivateKey{rsaTwo}, key(rsaOne))
			if v != nil || refusal == nil || refusal.Reason != WrongShape || !strings.Contains(refusal.Expected, "xmlns:") || !strings.Contains(refusal.Why, "doesn't cover") {
				t.Errorf("got %s", describeRefusal(refusal))
			}
		})
	}
}

func TestPrivateKeysAreRead(t *testing.T) {
	pkcs8, _ := testdata.ReadFile("testdata/rsa-two.pem")
	encoded := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	pkcs1 := encoded("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaTwo))
	ecDER, err := x509.MarshalPKCS8PrivateKey(ec256)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&rsaTwo.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, problem string }{
		{"PKCS #8", string(pkcs8), ""},
		{"PKCS #1", pkcs1, ""},
		{"with white space around it", "\n" + pkcs1 + "\n", ""},
		{"16385 characters", pkcs1 + strings.Repeat("\n", 16385-len(pkcs1)), "16385 characters"},
		{"16384 characters", pkcs1 + strings.Repeat("\n", 16384-len(pkcs1)), ""},
		{"nothing", "", "isn't PEM"},
		{"two keys in one text", pkcs1 + pkcs1, "more than one block"},
		{"a certificate", encoded("CERTIFICATE", []byte("x")), "a certificate"},
		{"a public key", encoded("PUBLIC KEY", spki), "a public key"},
		{"an elliptic curve key", encoded("PRIVATE KEY", ecDER), "isn't an RSA key"},
		{"an elliptic curve key of its own kind", encoded("EC PRIVATE KEY", []byte("x")), "elliptic curve"},
		{"an encrypted key", encoded("ENCRYPTED PRIVATE KEY", []byte("x")), "password"},
		{"an encrypted key of OpenSSL's kind", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\neHh4\n-----END RSA PRIVATE KEY-----\n", "password"},
		{"PKCS #8 that is none", encoded("PRIVATE KEY", []byte("x")), "PKCS #8"},
		{"PKCS #1 that is none", encoded("RSA PRIVATE KEY", []byte("x")), "PKCS #1"},
		{"something else", encoded("DH PARAMETERS", []byte("x")), "DH PARAMETERS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := ReadPrivateKeys(c.text)[0]
			if c.problem == "" {
				if k.RSA == nil || !k.RSA.Equal(rsaTwo) || k.Bits != 2048 || k.Problem != "" {
					t.Errorf("got %q want the key", k.Problem)
				}
				return
			}
			if k.RSA != nil || !strings.Contains(k.Problem, c.problem) {
				t.Errorf("got %q want %q", k.Problem, c.problem)
			}
		})
	}
	keys := ReadPrivateKeys(pkcs1, "", pkcs1)
	if len(keys) != 3 || keys[2].Index != 2 || keys[2].RSA != nil || !strings.Contains(keys[2].Problem, "Private key limit of 2 is reached.") {
		t.Errorf("got %+v want a third key that is too much", keys)
	}
	if usable := Usable(keys); len(usable) != 1 || usable[0] != keys[0].RSA {
		t.Errorf("got %d usable keys want the first", len(usable))
	}
}

func TestPrivateKeysThatCostMuchAreRefused(t *testing.T) {
	for bits, want := range map[uint]bool{1023: false, 1024: true, 4096: true, 4097: false, 8192: false} {
		key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), bits-1)}}
		if taken, problem := sized(key); (taken != nil) != want || (problem == "") != want {
			t.Errorf("%d bits: got %v, %q; want it taken: %v", bits, taken != nil, problem, want)
		}
	}
}
