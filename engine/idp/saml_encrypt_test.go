package idp

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"testing"

	"github.com/beevik/etree"
	"github.com/crewjam/saml/xmlenc"

	"stsplayground/engine/scenario"
)

// decrypted is an EncryptedAssertion's text. What xmlenc doesn't know, AES
// with 256 bits in GCM, is opened with the key that it unwraps.
func decrypted(t testing.TB, encrypted *etree.Element, private *rsa.PrivateKey) (string, error) {
	t.Helper()
	data := encrypted.SelectElement("EncryptedData")
	plain, err := xmlenc.Decrypt(private, data)
	if !errors.As(err, new(xmlenc.ErrAlgorithmNotImplemented)) {
		return string(plain), err
	}
	key, err := xmlenc.Decrypt(private, find(data, "KeyInfo", "EncryptedKey"))
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	opener, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	value, err := base64.StdEncoding.DecodeString(find(data, "CipherData", "CipherValue").Text())
	if err != nil {
		t.Fatal(err)
	}
	plain, err = opener.Open(nil, value[:opener.NonceSize()], value[opener.NonceSize():], nil)
	return string(plain), err
}

func TestEncryptedAssertionsDecryptToTheSignedOne(t *testing.T) {
	private := rsaKeys[7]()
	to := aws
	to.Encrypt = &private.PublicKey
	for _, p := range ResponseProfiles() {
		for _, c := range contentCiphers {
			for _, sign := range []string{"assertion", "response", "both", "none"} {
				iss := samlIssuer("RS256")
				ring := Assign([]scenario.Issuer{*iss})
				mint := func(encrypt string) *etree.Element {
					m := response(t, "", "")
					m.Profile, m.Sign, m.Encrypt = p.Name, sign, encrypt
					text, findings := ring.MintResponse(m, iss, to, moment)
					if len(findings) > 0 {
						t.Errorf("got findings %v, want none", findings)
					}
					return parsed(t, text)
				}
				root, again := mint(c.name), mint(c.name)
				if write(root) != write(again) {
					t.Errorf("%s: got two responses, want one", c.name)
				}
				followsSchema(t, root)
				encrypted := root.SelectElement("EncryptedAssertion")
				if encrypted == nil || assertionOf(root) != nil {
					t.Fatalf("%s: want an encrypted assertion and no other", c.name)
				}
				if got := find(encrypted, "EncryptedData", "EncryptionMethod").SelectAttrValue("Algorithm", ""); got != c.uri {
					t.Errorf("got %s, want %s", got, c.uri)
				}
				plain, err := decrypted(t, encrypted, private)
				if err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
				certificate := metadataCertificates(t, ring.Metadata(iss))[0]
				assertion := parsed(t, plain)
				if got := validated(t, assertion, certificate) != nil; got != (sign == "assertion" || sign == "both") {
					t.Errorf("%s, sign %s: got a good signature in it %v", c.name, sign, got)
				}
				if got := validated(t, root, certificate) != nil; got != (sign == "response" || sign == "both") {
					t.Errorf("%s, sign %s: got a good signature over it %v", c.name, sign, got)
				}
				if got, want := plain, write(assertionOf(mint("none"))); got != want {
					t.Errorf("%s: got %s, want %s", c.name, got, want)
				}
			}
		}
	}
}

// A message of any length is padded to whole blocks.
func TestPadding(t *testing.T) {
	private := rsaKeys[2]()
	to := aws
	to.Encrypt = &private.PublicKey
	name := ""
	for range 40 {
		name += "x"
		m := &scenario.Mint{Path: assertionPath, Encrypt: "aes128-cbc", NameID: name}
		text, _ := Assign(nil).MintResponse(m, nil, to, moment)
		plain, err := decrypted(t, parsed(t, text).SelectElement("EncryptedAssertion"), private)
		if err != nil {
			t.Fatal(err)
		}
		if got := find(parsed(t, plain), "Subject", "NameID").Text(); got != name {
			t.Errorf("got %q, want %q", got, name)
		}
	}
}

func TestOAEPFitsEveryLengthOfKey(t *testing.T) {
	for i := range rsaKeys {
		private := rsaKeys[i]()
		for _, size := range []int{16, 32} {
			message := make([]byte, size)
			message[0] = byte(i)
			sealed := encryptOAEP(&private.PublicKey, message, make([]byte, 20))
			plain, err := private.Decrypt(nil, sealed, &rsa.OAEPOptions{Hash: crypto.SHA1})
			if err != nil || string(plain) != string(message) {
				t.Errorf("key %d: got %x, %v, want %x", i, plain, err, message)
			}
		}
	}
}
