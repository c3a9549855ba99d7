package saml

import (
	"crypto/ecdsa"
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
	"strings"
	"time"

	"stsplayground/engine/source"
)

// certificate is an X.509 certificate (RFC 5280 §4.1) as far as it is read:
// crypto/x509 refuses some that identity providers have and AWS takes, such as
// one with a negative serial number. Only the key has to be good; what people
// see of the rest may be missing.
type certificate struct {
	Body struct {
		Version      int `asn1:"optional,explicit,default:0,tag:0"`
		SerialNumber asn1.RawValue
		Algorithm    asn1.RawValue
		Issuer       asn1.RawValue
		Validity     asn1.RawValue
		Subject      asn1.RawValue
		Key          asn1.RawValue
		IssuerID     asn1.RawValue    `asn1:"optional,tag:1"`
		SubjectID    asn1.RawValue    `asn1:"optional,tag:2"`
		Extensions   []pkix.Extension `asn1:"omitempty,optional,explicit,tag:3"`
	}
	Algorithm asn1.RawValue
	Signature asn1.RawValue
}

// maxCertificate is the most of a certificate, in characters of base64, that
// is read. Those of identity providers have two thousand.
const maxCertificate = 64 << 10

// readCertificate reads the text of an X509Certificate element into k, and
// says whether an extension stands in it twice.
func (k *Key) readCertificate(text string) (repeated bool) {
	if strings.HasPrefix(text, "-----BEGIN") {
		k.Problem = "the certificate stands in its PEM frame, and XML Signature §4.5.4 has the base64 alone"
		return false
	}
	if len(text) > maxCertificate {
		k.Problem = "the certificate is larger than any that is in use"
		return false
	}
	der, err := base64.StdEncoding.DecodeString(unspaced(text))
	if err != nil || len(der) == 0 {
		k.Problem = "the certificate isn't base64"
		return false
	}
	digest := sha256.Sum256(der)
	k.Thumbprint = hex.EncodeToString(digest[:])
	var c certificate
	if rest, err := asn1.Unmarshal(der, &c); err != nil || len(rest) > 0 {
		k.Problem = "the base64 holds no X.509 certificate"
		return false
	}
	var subject pkix.RDNSequence
	if _, err := asn1.Unmarshal(c.Body.Subject.FullBytes, &subject); err == nil {
		k.Subject = distinguished(subject)
	}
	var validity struct{ NotBefore, NotAfter time.Time }
	if _, err := asn1.Unmarshal(c.Body.Validity.FullBytes, &validity); err == nil {
		k.NotBefore, k.NotAfter = validity.NotBefore.UTC(), validity.NotAfter.UTC()
	}
	public, err := x509.ParsePKIXPublicKey(c.Body.Key.FullBytes)
	if err != nil {
		k.Problem = "the certificate's key is broken, or neither RSA nor of P-256, P-384 or P-521"
	} else {
		k.take(public)
	}
	seen := map[string]bool{}
	for _, extension := range c.Body.Extensions {
		id := extension.Id.String()
		if seen[id] {
			return true
		}
		seen[id] = true
	}
	return false
}

// attributes are what the parts of a name are called (RFC 4514 §3, RFC 2985 §5.2.1).
var attributes = map[string]string{
	"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
	"2.5.4.5": "serialNumber", "0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
	"1.2.840.113549.1.9.1": "emailAddress",
}

// distinguished is a name for people to read, the most particular part first.
// Go's own form has bytes in hexadecimal for an e-mail address, which many
// identity providers put into it.
func distinguished(name pkix.RDNSequence) string {
	var parts []string
	for i := len(name) - 1; i >= 0; i-- {
		for _, a := range name[i] {
			if len(parts) == 16 {
				return strings.Join(append(parts, "…"), ",")
			}
			called := attributes[a.Type.String()]
			if called == "" {
				called = a.Type.String()
			}
			parts = append(parts, called+"="+source.Clip(fmt.Sprint(a.Value)))
		}
	}
	return strings.Join(parts, ",")
}

const nsSignature11 = "http://www.w3.org/2009/xmldsig11#"

// readKeyValue reads a KeyValue element (XML Signature §4.5.2) into k.
func (k *Key) readKeyValue(e *Element) {
	octets := func(parent *Element, space, local string) []byte {
		child := parent.Child(space, local)
		if child == nil {
			return nil
		}
		decoded, err := base64.StdEncoding.DecodeString(unspaced(child.Text))
		if err != nil {
			return nil
		}
		return decoded
	}
	if value := e.Child(nsSignature, "RSAKeyValue"); value != nil {
		exponent := new(big.Int).SetBytes(octets(value, nsSignature, "Exponent"))
		if !exponent.IsInt64() || exponent.Int64() > 1<<31-1 {
			exponent.SetInt64(0) // take says so
		}
		k.take(&rsa.PublicKey{N: new(big.Int).SetBytes(octets(value, nsSignature, "Modulus")), E: int(exponent.Int64())})
		return
	}
	if value := e.Child(nsSignature11, "ECKeyValue"); value != nil {
		if named := value.Child(nsSignature11, "NamedCurve"); named != nil {
			for _, c := range curves {
				if named.Attr("URI") != c.uri {
					continue
				}
				public, err := ecdsa.ParseUncompressedPublicKey(c.curve, octets(value, nsSignature11, "PublicKey"))
				if err != nil {
					k.Problem = "the point isn't on " + c.curve.Params().Name
					return
				}
				k.take(public)
				return
			}
		}
		k.Problem = "the key's curve isn't P-256, P-384 or P-521"
		return
	}
	k.Problem = "the key is neither RSA nor ECDSA, and AWS isn't known to take others"
}

var curves = [...]struct {
	uri   string
	curve elliptic.Curve
}{
	{"urn:oid:1.2.840.10045.3.1.7", elliptic.P256()},
	{"urn:oid:1.3.132.0.34", elliptic.P384()},
	{"urn:oid:1.3.132.0.35", elliptic.P521()},
}
