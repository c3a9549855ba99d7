package rolesanywhere

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"strings"
	"time"
)

// certificate is an X.509 certificate (RFC 5280 §4.1) as far as IAM Roles
// Anywhere looks at it. It is read as engine/saml reads those of metadata.
type certificate struct {
	version             int // 3 for X.509v3
	serial              string
	issuer, subject     name
	notBefore, notAfter time.Time
	key                 any // *rsa.PublicKey or *ecdsa.PublicKey; nil for others
	keyUsage            byte
	hasUsage            bool
	ca                  bool
	pathLen             int    // how many authorities may stand below this one; -1 for any number
	unread              string // the first critical extension that isn't read here, "" for none
	dns, uri            []string
	dirNames            []name

	rawIssuer, rawSubject string
	signed, signature     []byte
	hash                  crypto.Hash // that the signature is over; 0 for one that isn't taken
	algorithm             string
}

// The bits of KeyUsage (RFC 5280 §4.2.1.3), the first the most significant.
const (
	digitalSignature = 0x80
	keyCertSign      = 0x04
)

// part is one attribute of a distinguished name.
type part struct{ kind, value string }

// name is a distinguished name, its parts in the certificate's order.
type name []part

func (n name) String() string {
	parts := make([]string, len(n))
	for i, p := range n {
		parts[i] = p.kind + "=" + p.value
	}
	return strings.Join(parts, ", ")
}

// value is that of all parts of a kind, parted by slashes as session tags have
// them; "" where there are none.
func (n name) value(kind string) string {
	var values []string
	for _, p := range n {
		if p.kind == kind {
			values = append(values, p.value)
		}
	}
	return strings.Join(values, "/")
}

// What is read of certificates at most: characters, and certificates.
const (
	maxText         = 64 << 10
	maxCertificates = 16
)

// readCertificates reads a text of certificates in PEM; problem says in half a
// sentence why it can't be read.
func readCertificates(text string) (all []*certificate, problem string) {
	if len(text) > maxText {
		return nil, "the text is larger than any chain in use"
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	rest := []byte(strings.Join(lines, "\n"))
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch {
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return nil, "a private key stands in it; nobody but its holder may have that"
		case block.Type != "CERTIFICATE":
			return nil, "a block of it is " + block.Type + ", and no certificate"
		}
		c, problem := readCertificate(block.Bytes)
		switch {
		case problem != "":
			return nil, problem
		case len(all) == maxCertificates:
			return nil, fmt.Sprintf("it has more than %d certificates, and no chain in use has", maxCertificates)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return readBare(text)
	}
	return all, ""
}

// readBare reads one certificate as the header X-Amz-X509 has it: DER in
// base64, without the lines around it.
func readBare(text string) ([]*certificate, string) {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || len(der) == 0 {
		return nil, "it isn't PEM, which begins with -----BEGIN CERTIFICATE-----, and no DER in base64"
	}
	c, problem := readCertificate(der)
	if problem != "" {
		return nil, problem
	}
	return []*certificate{c}, ""
}

// certificateDER is the layout of a certificate.
type certificateDER struct {
	Body struct {
		Raw          asn1.RawContent
		Version      int `asn1:"optional,explicit,default:0,tag:0"`
		SerialNumber asn1.RawValue
		Algorithm    pkix.AlgorithmIdentifier
		Issuer       asn1.RawValue
		Validity     struct{ NotBefore, NotAfter time.Time }
		Subject      asn1.RawValue
		Key          asn1.RawValue
		IssuerID     asn1.RawValue    `asn1:"optional,tag:1"`
		SubjectID    asn1.RawValue    `asn1:"optional,tag:2"`
		Extensions   []pkix.Extension `asn1:"omitempty,optional,explicit,tag:3"`
	}
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

// signatureAlgorithms are those of "SHA256 or stronger" (IAM Roles Anywhere
// User Guide, trust model), by their object identifiers.
var signatureAlgorithms = map[string]struct {
	name string
	hash crypto.Hash
}{
	"1.2.840.113549.1.1.11": {"sha256WithRSAEncryption", crypto.SHA256},
	"1.2.840.113549.1.1.12": {"sha384WithRSAEncryption", crypto.SHA384},
	"1.2.840.113549.1.1.13": {"sha512WithRSAEncryption", crypto.SHA512},
	"1.2.840.10045.4.3.2":   {"ecdsa-with-SHA256", crypto.SHA256},
	"1.2.840.10045.4.3.3":   {"ecdsa-with-SHA384", crypto.SHA384},
	"1.2.840.10045.4.3.4":   {"ecdsa-with-SHA512", crypto.SHA512},
	"1.2.840.113549.1.1.4":  {"md5WithRSAEncryption", 0},
	"1.2.840.113549.1.1.5":  {"sha1WithRSAEncryption", 0},
	"1.2.840.10045.4.1":     {"ecdsa-with-SHA1", 0},
	"1.2.840.113549.1.1.10": {"RSASSA-PSS", 0},
}

func readCertificate(der []byte) (*certificate, string) {
	var d certificateDER
	if rest, err := asn1.Unmarshal(der, &d); err != nil || len(rest) > 0 {
		return nil, "a block of it holds no X.509 certificate"
	}
	b := &d.Body
	if a, signed := d.Algorithm, b.Algorithm; !a.Algorithm.Equal(signed.Algorithm) || !bytes.Equal(a.Parameters.FullBytes, signed.Parameters.FullBytes) || d.Signature.BitLength%8 != 0 {
		return nil, "its signature isn't of the algorithm that it names within (RFC 5280 §4.1.1.2), or is no whole octets"
	}
	oid := d.Algorithm.Algorithm.String()
	c := &certificate{
		version: b.Version + 1, pathLen: -1, serial: hex.EncodeToString(b.SerialNumber.Bytes), notBefore: b.Validity.NotBefore.UTC(), notAfter: b.Validity.NotAfter.UTC(),
		rawIssuer: string(b.Issuer.FullBytes), rawSubject: string(b.Subject.FullBytes),
		signed: b.Raw, signature: d.Signature.Bytes, hash: signatureAlgorithms[oid].hash, algorithm: signatureAlgorithms[oid].name,
	}
	if c.algorithm == "" {
		c.algorithm = oid
	}
	if len(c.serial) > 2 && strings.HasPrefix(c.serial, "00") { // DER's sign
		c.serial = c.serial[2:]
	}
	var problem string
	if c.issuer, problem = readName(b.Issuer.FullBytes); problem != "" {
		return nil, problem
	}
	if c.subject, problem = readName(b.Subject.FullBytes); problem != "" {
		return nil, problem
	}
	switch key, _ := x509.ParsePKIXPublicKey(b.Key.FullBytes); key.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey:
		c.key = key
	}
	for i := range b.Extensions {
		if !c.readExtension(&b.Extensions[i]) {
			return nil, "its extension " + b.Extensions[i].Id.String() + " can't be read"
		}
	}
	return c, ""
}

// kinds are the parts of names that become session tags under names of their
// own.
var kinds = map[string]string{
	"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
	"2.5.4.5": "serialNumber", "2.5.4.12": "title", "2.5.4.42": "GN", "2.5.4.4": "SN",
	"0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC", "1.2.840.113549.1.9.1": "emailAddress",
}

func readName(der []byte) (n name, problem string) {
	var sequence pkix.RDNSequence
	if _, err := asn1.Unmarshal(der, &sequence); err != nil {
		return nil, "a name in the certificate can't be read"
	}
	for _, set := range sequence {
		for _, a := range set {
			kind := kinds[a.Type.String()]
			if kind == "" {
				kind = a.Type.String()
			}
			n = append(n, part{kind, fmt.Sprint(a.Value)})
		}
	}
	return n, ""
}

// readExtension reads what the checks ask for; false where that isn't as RFC
// 5280 §4.2.1 has it. Other extensions may be there unless they are critical.
func (c *certificate) readExtension(e *pkix.Extension) bool {
	switch oid := e.Id.String(); oid {
	case "2.5.29.15":
		var bits asn1.BitString
		if rest, err := asn1.Unmarshal(e.Value, &bits); err != nil || len(rest) > 0 || len(bits.Bytes) == 0 {
			return false
		}
		c.keyUsage, c.hasUsage = bits.Bytes[0], true
	case "2.5.29.19":
		var basic struct {
			CA   bool `asn1:"optional"`
			Path int  `asn1:"optional,default:-1"`
		}
		if rest, err := asn1.Unmarshal(e.Value, &basic); err != nil || len(rest) > 0 {
			return false
		}
		c.ca, c.pathLen = basic.CA, basic.Path
	case "2.5.29.17":
		return c.readAlternatives(e.Value)
	case "2.5.29.37": // what a key is for besides, which AWS asks nobody for
	default:
		if e.Critical && c.unread == "" {
			c.unread = oid
		}
	}
	return true
}

func (c *certificate) readAlternatives(der []byte) bool {
	var names []asn1.RawValue
	if _, err := asn1.Unmarshal(der, &names); err != nil {
		return false
	}
	for _, n := range names {
		switch n.Tag {
		case 2:
			c.dns = append(c.dns, string(n.Bytes))
		case 6:
			c.uri = append(c.uri, string(n.Bytes))
		case 4:
			if dir, problem := readName(n.Bytes); problem == "" {
				c.dirNames = append(c.dirNames, dir)
			}
		}
	}
	return true
}

// verifies says whether the certificate's key made a signature of that text.
func (c *certificate) verifies(hash crypto.Hash, text, signature []byte) bool {
	var digest []byte
	switch hash {
	case crypto.SHA256:
		sum := sha256.Sum256(text)
		digest = sum[:]
	case crypto.SHA384:
		sum := sha512.Sum384(text)
		digest = sum[:]
	case crypto.SHA512:
		sum := sha512.Sum512(text)
		digest = sum[:]
	default:
		return false
	}
	switch key := c.key.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < 1024 || bits > 8192 {
			return false
		}
		return rsa.VerifyPKCS1v15(key, hash, digest, signature) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, digest, signature)
	}
	return false
}

// issued says whether the certificate's holder issued other, by name and
// signature.
func (c *certificate) issued(other *certificate) bool {
	return c.rawSubject == other.rawIssuer && c.verifies(other.hash, other.signed, other.signature)
}

// mayIssue says whether the certificate is one of an authority that may have
// so many others below it (RFC 5280 §4.2.1.3, §4.2.1.9).
func (c *certificate) mayIssue(below int) bool {
	return c.version == 3 && c.ca && c.unread == "" && (!c.hasUsage || c.keyUsage&keyCertSign != 0) && (c.pathLen < 0 || below <= c.pathLen)
}

func (c *certificate) validAt(at time.Time) bool {
	return !at.Before(c.notBefore) && !at.After(c.notAfter)
}
