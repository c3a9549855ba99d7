package idp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// X.509 certificates for machines (RFC 5280), issued by playground
// authorities.

// Issued is a certificate that was minted, and what its holder signs.
type Issued struct {
	PEM       string
	Algorithm string // as IAM Roles Anywhere names it
	Signature []byte // of the text that was to be signed
}

// AuthorityCertificate is the certificate of a playground authority in PEM:
// self-signed, and valid for thirty years.
func (k *Keyring) AuthorityCertificate(authority string) string {
	ca := k.authority(authority)
	name := distinguishedName(authority)
	return pemOf(ca.issue(body{
		serial: serialOf("authority", authority), issuer: name, subject: name, key: ca.spki(),
		from: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), until: time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC),
		extensions: [][]byte{basicConstraints(true), keyUsage(0x06, 1)}, // keyCertSign and cRLSign
	}))
}

// MintCertificate makes the certificate that m describes, and signs text with
// its private key, as the request that presents it is signed. at is the call's
// moment, from which relative times count.
func (k *Keyring) MintCertificate(m *scenario.CertificateMint, text string, at time.Time) (Issued, []trace.Finding) {
	var findings []trace.Finding
	moment := func(written, name string, otherwise time.Duration) time.Time {
		if written == "" {
			return at.Add(otherwise)
		}
		if seconds, ok := numericDate(&source.Node{Kind: source.String, Text: written}, at); ok {
			return time.Unix(seconds, 0)
		}
		findings = append(findings, timeReadable.Finding(trace.SeverityWarning, trace.At{Path: m.Path + "/" + name},
			name+" is "+quote(source.Clip(written))+", which is neither relative, such as +10m or -2d, nor an RFC 3339 time; the certificate has the default."))
		return at.Add(otherwise)
	}
	b := body{
		serial: serialOf(m.Authority, m.Subject, m.Serial), issuer: distinguishedName(m.Authority), subject: distinguishedName(m.Subject),
		from: moment(m.NotBefore, "notBefore", -time.Hour), until: moment(m.NotAfter, "notAfter", 24*time.Hour),
	}
	if serial, err := hex.DecodeString(evenly(m.Serial)); err == nil && 0 < len(serial) && len(serial) <= 20 {
		b.serial = serial
	}
	if usage := map[string]byte{"": 0x80, "digitalSignature": 0x80, "keyEncipherment": 0x20}[m.KeyUsage]; usage != 0 {
		b.extensions = append(b.extensions, keyUsage(usage, 5))
	}
	if m.CA {
		b.extensions = append(b.extensions, basicConstraints(true))
	}
	if names := alternativeNames(m); names != nil {
		b.extensions = append(b.extensions, names)
	}
	holder := k.holder(m)
	b.key = holder.spki()
	ca := k.authority(m.Authority)
	if m.Attack == "forged-authority" {
		ca = k.forger(ca)
	}
	issued := Issued{PEM: pemOf(ca.issue(b)), Algorithm: "AWS4-X509-RSA-SHA256"}
	signer := holder
	if m.Attack == "other-key" {
		signer = k.forger(holder)
	}
	if signer.ec != nil {
		issued.Algorithm = "AWS4-X509-ECDSA-SHA256"
		issued.Signature = must(signer.ec.Sign(nil, digestOf(algorithms[0].hash, text), algorithms[0].hash))
	} else {
		issued.Signature = signer.sign(algorithms[0], text)
	}
	return issued, findings
}

func (k *Keyring) authority(name string) *key {
	return k.key(nameOf("certificate authority "+name, scenario.Signing{}))
}

func (k *Keyring) holder(m *scenario.CertificateMint) *key {
	return k.key(nameOf("certificate of "+m.Subject, scenario.Signing{Alg: m.Alg}))
}

// body is what a certificate says.
type body struct {
	serial          []byte
	issuer, subject []byte
	from, until     time.Time
	key             []byte
	extensions      [][]byte
}

// issue is the certificate of version 3 in DER, signed by the key.
func (k *key) issue(b body) []byte {
	alg := k.certificateAlgorithm()
	algorithm := der(0x30, []byte(signatureOIDs[alg]))
	parts := [][]byte{der(0xa0, der(0x02, []byte{2})), der(0x02, b.serial), algorithm, b.issuer, der(0x30, instant(b.from), instant(b.until)), b.subject, b.key}
	if len(b.extensions) > 0 {
		parts = append(parts, der(0xa3, der(0x30, b.extensions...)))
	}
	tbs := der(0x30, parts...)
	return certificates.get(sha256.Sum256(append(tbs, k.id[:]...)), func() []byte {
		var signature []byte
		if k.ec != nil {
			signature = k.signDER(alg, string(tbs))
		} else {
			signature = k.sign(alg, string(tbs))
		}
		return der(0x30, tbs, algorithm, der(0x03, []byte{0}, signature))
	})
}

// instant is a time as RFC 5280 §4.1.2.5 writes it.
func instant(t time.Time) []byte {
	if t = t.UTC(); 1950 <= t.Year() && t.Year() < 2050 {
		return der(0x17, []byte(t.Format("060102150405Z")))
	}
	return der(0x18, []byte(t.Format("20060102150405Z")))
}

// nameParts are the parts of names, and their object identifiers (RFC 4514 §3).
var nameParts = map[string]string{
	"CN": "\x55\x04\x03", "C": "\x55\x04\x06", "L": "\x55\x04\x07", "ST": "\x55\x04\x08", "O": "\x55\x04\x0a", "OU": "\x55\x04\x0b",
	"SERIALNUMBER": "\x55\x04\x05", "UID": "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", "DC": "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19",
}

// distinguishedName is a name in DER, its parts in the order in which they are
// written. A part that is unknown counts as a common name.
func distinguishedName(written string) []byte {
	var parts [][]byte
	for _, part := range strings.Split(written, ",") {
		part = strings.TrimSpace(part)
		kind, value, named := strings.Cut(part, "=")
		oid := nameParts[strings.ToUpper(strings.TrimSpace(kind))]
		if !named || oid == "" {
			oid, value = nameParts["CN"], part
		}
		if value = strings.TrimSpace(value); value != "" {
			parts = append(parts, der(0x31, der(0x30, der(0x06, []byte(oid)), der(0x0c, []byte(value)))))
		}
	}
	return der(0x30, parts...)
}

func alternativeNames(m *scenario.CertificateMint) []byte {
	var names [][]byte
	for _, name := range m.Dns {
		names = append(names, der(0x82, []byte(name)))
	}
	for _, name := range m.Uri {
		names = append(names, der(0x86, []byte(name)))
	}
	if m.DirName != "" {
		names = append(names, der(0xa4, distinguishedName(m.DirName)))
	}
	if names == nil {
		return nil
	}
	return extension("\x55\x1d\x11", false, der(0x30, names...))
}

func basicConstraints(ca bool) []byte {
	inner := der(0x30)
	if ca {
		inner = der(0x30, der(0x01, []byte{0xff}))
	}
	return extension("\x55\x1d\x13", true, inner)
}

func keyUsage(bits, unused byte) []byte {
	return extension("\x55\x1d\x0f", true, der(0x03, []byte{unused, bits}))
}

func extension(oid string, critical bool, value []byte) []byte {
	id := der(0x06, []byte(oid))
	if critical {
		return der(0x30, id, der(0x01, []byte{0xff}), der(0x04, value))
	}
	return der(0x30, id, der(0x04, value))
}

// serialOf is a serial number made of the parts: positive, of 16 octets.
func serialOf(parts ...string) []byte {
	h := sha256.Sum256([]byte("serial\x00" + strings.Join(parts, "\x00")))
	h[0] = h[0]&0x7f | 0x40
	return h[:16]
}

// evenly is a hexadecimal number with an even number of digits.
func evenly(digits string) string {
	digits = strings.ReplaceAll(digits, ":", "")
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	if digits != "" && digits[0] >= '8' { // DER's numbers have a sign
		digits = "00" + digits
	}
	return digits
}

func pemOf(der []byte) string {
	text := base64.StdEncoding.EncodeToString(der)
	var out strings.Builder
	out.WriteString("-----BEGIN CERTIFICATE-----\n")
	for len(text) > 64 {
		out.WriteString(text[:64] + "\n")
		text = text[64:]
	}
	out.WriteString(text + "\n-----END CERTIFICATE-----\n")
	return out.String()
}
