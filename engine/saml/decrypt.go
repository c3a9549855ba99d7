package saml

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"stsplayground/engine/source"
)

const (
	nsEncryption   = "http://www.w3.org/2001/04/xmlenc#"
	nsEncryption11 = "http://www.w3.org/2009/xmlenc11#"
)

// IAM documents AES with 128 and 256 bits, CBC and GCM, and RSA-OAEP as the
// key transport; nothing else is opened. The primitives are the standard
// library's: crewjam/saml/xmlenc has no AES-256-GCM and no rsa-oaep of XML
// Encryption 1.1, takes the digest's hash for MGF1 too, which rsa-oaep-mgf1p
// never does, and panics on a ciphertext that is too short.
var ciphers = [...]struct {
	uri  string
	size int // of the key, in octets
	gcm  bool
}{
	{nsEncryption + "aes128-cbc", 16, false},
	{nsEncryption + "aes256-cbc", 32, false},
	{nsEncryption11 + "aes128-gcm", 16, true},
	{nsEncryption11 + "aes256-gcm", 32, true},
}

// mgfs are the mask generation functions of XML Encryption 1.1 §5.5.2.
var mgfs = map[string]crypto.Hash{
	"":                            crypto.SHA1, // the default
	nsEncryption11 + "mgf1sha1":   crypto.SHA1,
	nsEncryption11 + "mgf1sha256": crypto.SHA256,
	nsEncryption11 + "mgf1sha384": crypto.SHA384,
	nsEncryption11 + "mgf1sha512": crypto.SHA512,
}

const (
	cipherNames    = "aes128-cbc, aes256-cbc, aes128-gcm or aes256-gcm"
	transportNames = "rsa-oaep-mgf1p or rsa-oaep"
)

// sealed is all of an EncryptedAssertion that its decryption depends on.
type sealed struct {
	cipher int // of ciphers
	data   []byte
	keys   []sealedKey
}

// sealedKey is an EncryptedKey.
type sealedKey struct {
	digest, mgf  crypto.Hash
	label, value []byte
}

// opening is what Decrypt did.
type opening struct {
	sealed sealed
	plain  string
}

// Decrypt opens the EncryptedAssertion with one of the private keys, which are
// tried in their order, as IAM tries the newest first. A response that isn't
// encrypted stays as it is.
//
// What comes out has the same rules as what came in the clear, and is proven
// no more: the Response's signature covers the encrypted form, and the
// Assertion's own is inside.
func (r *Response) Decrypt(keys []*rsa.PrivateKey) *Refusal {
	if !r.Encrypted {
		return nil
	}
	el := childOf(r.root, nsAssertion, "EncryptedAssertion")
	s, refusal := r.readSealed(el)
	if refusal != nil {
		return refusal
	}
	if len(keys) == 0 {
		return r.refuseClosed()
	}
	plain, refusal := r.unseal(el, s, keys)
	if refusal != nil {
		return refusal
	}
	assertion, refusal := r.parsePlain(el, plain)
	if refusal != nil {
		return refusal
	}
	r.opened, r.assertion = &opening{*s, plain}, assertion
	return nil
}

// Decrypted is the text that Decrypt found in the EncryptedAssertion, "" where
// it didn't. It is for showing.
func (r *Response) Decrypted() string {
	if r.opened == nil {
		return ""
	}
	return r.opened.plain
}

// reopen reads the assertion out of an EncryptedAssertion that a signature
// covers. What Decrypt opened before is that assertion only if everything that
// it depends on is the same: the ciphertext, and the namespaces around it,
// which exclusive canonicalization doesn't sign where nothing in the clear
// uses them.
func (r *Response) reopen(inner *Response) *Refusal {
	el := childOf(inner.root, nsAssertion, "EncryptedAssertion")
	s, refusal := inner.readSealed(el)
	if refusal != nil {
		return refusal
	}
	if !reflect.DeepEqual(*s, r.opened.sealed) {
		return r.refuse(r.root, WrongShape, "the EncryptedAssertion that the Response's signature covers", "another",
			"What was decrypted isn't what was signed (signature wrapping).")
	}
	if inner.assertion, refusal = inner.parsePlain(el, r.opened.plain); refusal != nil {
		refusal.Reason, refusal.Modelled = WrongShape, true
		refusal.Why = "The decrypted assertion relies on namespaces that are declared around it, where the Response's signature doesn't cover them; have the identity provider sign the assertion, or encrypt one that declares its own."
		refusal.Line, refusal.Column = r.placeOfAssertion()
		return refusal
	}
	dropComments(inner.assertion, nil)
	return nil
}

// unopened is a refusal about the decryption.
func (r *Response) unopened(el *etree.Element, reason Reason, expected, found, why string) *Refusal {
	refusal := r.refuse(el, reason, expected, found, why)
	refusal.Rule = ruleDecryption
	return refusal
}

// maxSealedKeys bounds the private key operations that one response costs.
const maxSealedKeys = 4

// readSealed reads an EncryptedAssertion (SAML Core §2.3.4; XML Encryption §3).
func (r *Response) readSealed(el *etree.Element) (*sealed, *Refusal) {
	var data *etree.Element
	for _, child := range el.ChildElements() {
		switch {
		case is(child, nsEncryption, "EncryptedData") && data == nil:
			data = child
		case is(child, nsEncryption, "EncryptedKey"):
		default:
			return nil, r.unopened(child, WrongShape, "one EncryptedData, with its EncryptedKey inside or beside it", nameOf(child)+" in the EncryptedAssertion",
				"SAML Core §2.3.4 has nothing else in an EncryptedAssertion.")
		}
	}
	if data == nil {
		return nil, r.unopened(el, WrongShape, "an EncryptedData in the EncryptedAssertion", "none", "There is nothing to decrypt.")
	}
	if kind := attrOf(data, "Type"); kind != "" && kind != nsEncryption+"Element" {
		return nil, r.unopened(data, WrongShape, "Type "+source.Quote(nsEncryption+"Element"), "Type "+source.Quote(kind),
			"SAML Core §2.3.4 has a whole element encrypted, the Assertion.")
	}
	s := &sealed{cipher: -1}
	uri := attrOf(childOrNone(data, nsEncryption, "EncryptionMethod"), "Algorithm")
	for i := range ciphers {
		if ciphers[i].uri == uri {
			s.cipher = i
		}
	}
	if s.cipher < 0 {
		return nil, r.unopened(data, Cipher, "an EncryptedData with "+cipherNames, "EncryptionMethod "+source.Quote(uri), whyNoCipher(uri))
	}
	var refusal *Refusal
	if s.data, refusal = r.cipherValue(data); refusal != nil {
		return nil, refusal
	}
	keys, refusal := r.encryptedKeys(el, data)
	if refusal != nil {
		return nil, refusal
	}
	for _, key := range keys {
		k, refusal := r.readSealedKey(key)
		if refusal != nil {
			return nil, refusal
		}
		s.keys = append(s.keys, k)
	}
	return s, nil
}

// encryptedKeys are those of the data: inside its KeyInfo, or beside it (SAML
// Core errata E43), where a RetrievalMethod may say which one.
func (r *Response) encryptedKeys(el, data *etree.Element) (keys []*etree.Element, refusal *Refusal) {
	wanted := ""
	if info := childOf(data, nsSignature, "KeyInfo"); info != nil {
		for _, child := range info.ChildElements() {
			switch {
			case is(child, nsEncryption, "EncryptedKey"):
				keys = append(keys, child)
			case is(child, nsSignature, "RetrievalMethod"):
				wanted = attrOf(child, "URI")
			}
		}
	}
	if len(keys) == 0 {
		for _, child := range el.ChildElements() {
			if is(child, nsEncryption, "EncryptedKey") && (wanted == "" || wanted == "#"+attrOf(child, "Id")) {
				keys = append(keys, child)
			}
		}
	}
	switch {
	case len(keys) == 0 && wanted != "":
		return nil, r.unopened(data, WrongShape, "an EncryptedKey with the Id that RetrievalMethod names", "none with "+source.Quote(wanted),
			"Without it there is no key to decrypt the assertion with.")
	case len(keys) == 0:
		return nil, r.unopened(data, Cipher, "an EncryptedKey for the SAML provider's certificate", "none",
			"The assertion's key isn't sent along, so it would have to be a secret that both sides share, which IAM doesn't have.")
	case len(keys) > maxSealedKeys:
		return nil, r.unopened(data, Limit, fmt.Sprintf("at most %d EncryptedKeys", maxSealedKeys), fmt.Sprint(len(keys)),
			"Each one costs an operation with a private key; have the identity provider encrypt for AWS only.")
	}
	return keys, nil
}

func (r *Response) readSealedKey(el *etree.Element) (k sealedKey, refusal *Refusal) {
	method := childOrNone(el, nsEncryption, "EncryptionMethod")
	uri := attrOf(method, "Algorithm")
	known := true
	k.mgf = crypto.SHA1
	switch uri {
	case nsEncryption + "rsa-oaep-mgf1p": // whose mask is always made with SHA-1
	case nsEncryption11 + "rsa-oaep":
		mgf := attrOf(childOrNone(method, nsEncryption11, "MGF"), "Algorithm")
		if k.mgf, known = mgfs[mgf]; !known {
			return k, r.unopened(el, Cipher, "an MGF of SHA-1, SHA-256, SHA-384 or SHA-512", "MGF "+source.Quote(mgf),
				"That mask generation function isn't opened here; have the identity provider use mgf1sha256 or leave it out.")
		}
	default:
		return k, r.unopened(el, Cipher, "an EncryptedKey with "+transportNames, "EncryptionMethod "+source.Quote(uri), whyNoCipher(uri))
	}
	k.digest = crypto.SHA1
	if digest := childOf(method, nsSignature, "DigestMethod"); digest != nil {
		uri := attrOf(digest, "Algorithm")
		i := slices.IndexFunc(digestMethods[:], func(d digestMethod) bool { return d.uri == uri })
		if i < 0 {
			return k, r.unopened(digest, Cipher, "a DigestMethod of "+digestNames+" or sha1", "DigestMethod "+source.Quote(uri),
				"RSA-OAEP with that digest isn't opened here; have the identity provider use SHA-256 or leave the DigestMethod out.")
		}
		k.digest = digestMethods[i].hash
	}
	if label := childOf(method, nsEncryption, "OAEPparams"); label != nil {
		var err error
		if k.label, err = base64.StdEncoding.DecodeString(joined(label)); err != nil {
			return k, r.unopened(label, WrongShape, "base64 in OAEPparams", source.Quote(textOf(label)), "The value can't be decoded, as when the response was changed or cut where it was copied; copy it again.")
		}
	}
	k.value, refusal = r.cipherValue(el)
	return k, refusal
}

func (r *Response) cipherValue(el *etree.Element) ([]byte, *Refusal) {
	value := childOf(childOrNone(el, nsEncryption, "CipherData"), nsEncryption, "CipherValue")
	if value == nil {
		return nil, r.unopened(el, WrongShape, "a CipherValue in the "+el.Tag, "none",
			"The encrypted octets have to be in the response itself, as STS fetches nothing.")
	}
	octets, err := base64.StdEncoding.DecodeString(joined(value))
	if err != nil {
		return nil, r.unopened(value, WrongShape, "base64 in CipherValue", source.Quote(textOf(value)), "The value can't be decoded, as when the response was changed or cut where it was copied; copy it again.")
	}
	return octets, nil
}

// childOrNone is the first such child, an empty element where there is none.
func childOrNone(el *etree.Element, space, local string) *etree.Element {
	if child := childOf(el, space, local); child != nil {
		return child
	}
	return &etree.Element{}
}

func whyNoCipher(uri string) string {
	name := strings.ToLower(uri[strings.LastIndexAny(uri, "#/")+1:])
	const way = "; IAM documents AES with 128 or 256 bits in CBC or GCM mode, with RSA-OAEP for the key, so have the identity provider use those."
	switch {
	case uri == "":
		return "No algorithm is named, so nothing can be decrypted" + way
	case strings.Contains(name, "rsa-1_5"):
		return "This is RSA with PKCS #1 v1.5 padding, which lets a stranger decrypt by asking often enough (Bleichenbacher's attack)" + way
	case strings.Contains(name, "tripledes"):
		return "This is Triple DES" + way
	case strings.Contains(name, "192"):
		return "This is AES with 192 bits" + way
	case strings.HasPrefix(name, "kw-"):
		return "This wraps the key with a secret that both sides share, and the SAML provider has a private key only" + way
	}
	return "That algorithm isn't opened" + way
}

// unseal tries every private key on every EncryptedKey. A key that opens one
// has to open the data with it, so the next is tried where it doesn't.
func (r *Response) unseal(el *etree.Element, s *sealed, keys []*rsa.PrivateKey) (plain string, refusal *Refusal) {
	refusal = r.unopened(el, CannotOpen, "an EncryptedKey that a private key of the SAML provider opens", "one that none opens",
		fmt.Sprintf("The assertion is encrypted for another certificate than the %s here, or was changed; give the identity provider the certificate that belongs to the SAML provider's private key.", count(len(keys), "private key")))
	for _, key := range keys {
		for _, k := range s.keys {
			if key == nil || len(k.value) != key.Size() {
				continue
			}
			secret, err := key.Decrypt(nil, k.value, &rsa.OAEPOptions{Hash: k.digest, MGFHash: k.mgf, Label: k.label})
			if err != nil {
				continue
			}
			plain, found, why := s.decipher(secret)
			if found == "" {
				return plain, nil
			}
			refusal.Expected, refusal.Found, refusal.Why = "an EncryptedData that the EncryptedKey opens", found, why
		}
	}
	return "", refusal
}

// decipher opens the data with the secret that an EncryptedKey holds. Found
// and why say what keeps it from that.
func (s *sealed) decipher(secret []byte) (plain, found, why string) {
	c := ciphers[s.cipher]
	name := c.uri[strings.IndexByte(c.uri, '#')+1:]
	if len(secret) != c.size {
		return "", fmt.Sprintf("a key of %d octets for %s", len(secret), name), fmt.Sprintf("%s has keys of %d octets, so the EncryptedKey is for something else.", name, c.size)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return "", "a key that AES doesn't take", "The EncryptedKey is for something else."
	}
	if c.gcm {
		gcm, err := cipher.NewGCM(block) // 12 octets nonce and 16 octets tag, as XML Encryption 1.1 §5.2.4
		if err != nil || len(s.data) < gcm.NonceSize() {
			return "", fmt.Sprintf("%d octets", len(s.data)), "There is less than the nonce that they begin with, so the response was cut."
		}
		text, err := gcm.Open(nil, s.data[:gcm.NonceSize()], s.data[gcm.NonceSize():], nil)
		if err != nil {
			return "", "octets with another authentication tag", "The encrypted assertion was changed after it was encrypted, or its key is another."
		}
		return string(text), "", ""
	}
	if len(s.data) < 2*aes.BlockSize || len(s.data)%aes.BlockSize != 0 {
		return "", fmt.Sprintf("%d octets", len(s.data)), fmt.Sprintf("%s makes blocks of %d octets, an initial one and at least one more, so the response was cut or changed.", name, aes.BlockSize)
	}
	text := make([]byte, len(s.data)-aes.BlockSize)
	cipher.NewCBCDecrypter(block, s.data[:aes.BlockSize]).CryptBlocks(text, s.data[aes.BlockSize:])
	// XML Encryption §5.2: the last octet counts the padding, and the others
	// may be anything.
	padding := int(text[len(text)-1])
	if padding < 1 || padding > aes.BlockSize {
		return "", "a block without its padding", "The encrypted assertion was changed after it was encrypted, or its key is another."
	}
	return string(text[:len(text)-padding]), "", ""
}

// parsePlain reads the decrypted text in the place of the EncryptedAssertion,
// where the namespaces around it are in force (XML Encryption §4.3).
func (r *Response) parsePlain(el *etree.Element, plain string) (*etree.Element, *Refusal) {
	within, refusal := r.admit(el, inContext(scope(el), plain))
	if refusal != nil {
		return nil, refusal
	}
	tree := etree.NewDocument()
	if err := tree.ReadFromString(within); err != nil || tree.Root() == nil {
		return nil, r.unopened(el, CannotOpen, "XML in the EncryptedAssertion", "something else", "What was decrypted is no XML, so it was changed after it was encrypted.")
	}
	inside := tree.Root().ChildElements()
	if len(inside) != 1 || textOf(tree.Root()) != "" || !is(inside[0], nsAssertion, "Assertion") {
		found := "something else"
		if len(inside) > 0 {
			found = nameOf(inside[0])
		}
		return nil, r.unopened(el, WrongShape, "one Assertion and nothing else in the EncryptedAssertion", found,
			"SAML Core §2.3.4 has an Assertion in it, and what stands beside it could be read in its place.")
	}
	assertion := inside[0]
	for _, check := range []func() *Refusal{
		func() *Refusal { return r.checkIDs(r.root, assertion) },
		func() *Refusal { return r.walkPlaces(assertion, assertion) },
		func() *Refusal { return r.checkAssertion(assertion) },
	} {
		if refusal := check(); refusal != nil {
			return nil, refusal
		}
	}
	return assertion, nil
}

// inContext is the text within an element that declares the namespaces.
func inContext(prefixes map[string]string, text string) string {
	var b strings.Builder
	b.WriteString("<EncryptedAssertion")
	for _, prefix := range slices.Sorted(maps.Keys(prefixes)) {
		b.WriteString(" xmlns")
		if prefix != "" {
			b.WriteString(":" + prefix)
		}
		b.WriteString(`="`)
		xml.EscapeText(&b, []byte(prefixes[prefix]))
		b.WriteString(`"`)
	}
	b.WriteString(">")
	b.WriteString(text)
	b.WriteString("</EncryptedAssertion>")
	return b.String()
}

// admit lets decrypted text pass the same gate as pasted text, and gives it as
// etree is to read it.
func (r *Response) admit(el *etree.Element, text string) (string, *Refusal) {
	_, text, f := normal(text, responseLimits)
	if f == nil {
		return text, nil
	}
	return "", r.unopened(el, f.reason, f.expected, "in the decrypted assertion, "+f.found, strings.ToUpper(f.why[:1])+f.why[1:])
}
