package idp

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/beevik/etree"

	"stsplayground/engine/trace"
)

// contentCipher is one of the four that IAM decrypts (IAM guide,
// id_roles_providers_create_saml: AES-128 and AES-256, CBC and GCM). size is
// the key's, in bytes.
type contentCipher struct {
	name, uri string
	size      int
	gcm       bool
}

// contentCiphers are the values of encrypt besides none. XML Encryption 1.1
// §5.2 names the algorithms.
var contentCiphers = []contentCipher{
	{"aes128-cbc", nsEncryption + "aes128-cbc", 16, false},
	{"aes256-cbc", nsEncryption + "aes256-cbc", 32, false},
	{"aes128-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm", 16, true},
	{"aes256-gcm", "http://www.w3.org/2009/xmlenc11#aes256-gcm", 32, true},
}

// leastPublicKey is the smallest RSA key that anything is encrypted to, in
// bytes: what crypto/rsa works with, and room for OAEP.
const leastPublicKey = 128

// contentCipher is the one that the mint names; nil where the assertion stays
// in the clear, because nothing else is described or can be done.
func (p *press) contentCipher(to SignIn) *contentCipher {
	if p.mint.Encrypt == "" || p.mint.Encrypt == "none" {
		return nil
	}
	names := []string{"none"}
	for i := range contentCiphers {
		c := &contentCiphers[i]
		if c.name != p.mint.Encrypt {
			names = append(names, c.name)
			continue
		}
		if to.Encrypt == nil || to.Encrypt.Size() < leastPublicKey {
			what := "has no private key that AWS could decrypt with"
			if to.Encrypt != nil {
				what = fmt.Sprintf("has a key of %d bits, which is too short to encrypt to", to.Encrypt.N.BitLen())
			}
			p.find(encryptKey, trace.SeverityError, trace.At{Path: p.mint.Path + "/encrypt"}, fmt.Sprintf(
				"The assertion can't be encrypted, because the SAML provider of the call %s; it stays in the clear.", what))
			return nil
		}
		return c
	}
	p.unknownIn(encryptKnown, "encrypt", "cipher", p.mint.Encrypt, names, "the assertion stays in the clear")
	return nil
}

// encrypt puts an EncryptedAssertion (SAML Core §2.3.4) in the assertion's
// place. Whatever is random elsewhere follows from the text, so that the
// response stays the same.
func (d *draft) encrypt(root *etree.Element) {
	assertion := assertionOf(root)
	place := assertion.Index()
	root.RemoveChildAt(place)
	plain := write(assertion)
	secret := sha512.Sum512([]byte(d.seed + d.cipher.name + plain))
	key, rest := secret[:d.cipher.size], secret[32:]

	prefix := d.profile.style.assertion
	outer := set(etree.NewElement(qualified(prefix, "EncryptedAssertion")), xmlns(prefix), nsAssertion)
	root.InsertChildAt(place, outer)
	data := set(outer.CreateElement("xenc:EncryptedData"), "xmlns:xenc", nsEncryption, "Type", nsEncryption+"Element")
	set(data.CreateElement("xenc:EncryptionMethod"), "Algorithm", d.cipher.uri)
	info := set(data.CreateElement("ds:KeyInfo"), "xmlns:ds", nsSignature)
	encryptedKey := info.CreateElement("xenc:EncryptedKey")
	// RSA-OAEP with MGF1 and SHA-1, as XML Encryption 1.0 has it and most
	// identity providers send it: its weakness is of no use against OAEP.
	method := set(encryptedKey.CreateElement("xenc:EncryptionMethod"), "Algorithm", nsEncryption+"rsa-oaep-mgf1p")
	set(method.CreateElement("ds:DigestMethod"), "Algorithm", nsSignature+"sha1")
	cipherValue(encryptedKey, encryptOAEP(d.to.Encrypt, key, rest[:sha1.Size]))
	cipherValue(data, d.cipher.encrypt(key, rest[16:], plain))
}

func cipherValue(parent *etree.Element, value []byte) {
	text(parent.CreateElement("xenc:CipherData"), "xenc:CipherValue", base64.StdEncoding.EncodeToString(value))
}

// encrypt is the encrypted text, after its initialization vector, which is
// the beginning of iv (XML Encryption 1.1 §5.2).
func (c *contentCipher) encrypt(key, iv []byte, plain string) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("idp: encrypting: " + err.Error())
	}
	if c.gcm {
		sealer, err := cipher.NewGCM(block)
		if err != nil {
			panic("idp: encrypting: " + err.Error())
		}
		iv = iv[:sealer.NonceSize()]
		return sealer.Seal(append([]byte(nil), iv...), iv, []byte(plain), nil)
	}
	// §5.2.1: padding whose last octet tells its length; the others may be
	// anything.
	out := append(append(make([]byte, 0, len(iv)+len(plain)+aes.BlockSize), iv[:aes.BlockSize]...), plain...)
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	out = append(out, make([]byte, padding)...)
	out[len(out)-1] = byte(padding)
	cipher.NewCBCEncrypter(block, iv[:aes.BlockSize]).CryptBlocks(out[aes.BlockSize:], out[aes.BlockSize:])
	return out
}

// encryptOAEP is RSAES-OAEP with SHA-1 (RFC 8017 §7.1.1). crypto/rsa doesn't
// promise to take the seed from its caller.
func encryptOAEP(public *rsa.PublicKey, message, seed []byte) []byte {
	em := make([]byte, public.Size())
	masked, db := em[1:1+sha1.Size], em[1+sha1.Size:]
	label := sha1.Sum(nil)
	copy(db, label[:])
	copy(db[len(db)-len(message):], message)
	db[len(db)-len(message)-1] = 1
	copy(masked, seed)
	maskMGF1(db, seed)
	maskMGF1(masked, db)
	m := new(big.Int).SetBytes(em)
	return m.Exp(m, big.NewInt(int64(public.E)), public.N).FillBytes(em)
}

// maskMGF1 masks out with what MGF1 makes of seed (RFC 8017 §B.2.1).
func maskMGF1(out, seed []byte) {
	for counter := uint32(0); len(out) > 0; counter++ {
		mask := sha1.Sum(binary.BigEndian.AppendUint32(append([]byte(nil), seed...), counter))
		n := min(len(out), len(mask))
		for i := range n {
			out[i] ^= mask[i]
		}
		out = out[n:]
	}
}
