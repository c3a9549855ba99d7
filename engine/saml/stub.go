package saml

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"time"

	"github.com/beevik/etree"
)

type Metadata struct {
	ids      []string
	Keys     []Key
	Problems []Problem
}
type Problem struct {
	Why          string
	Line, Column int
}

func (m *Metadata) EntityIDs() []string             { return m.ids }
func (m *Metadata) Warnings(at time.Time) []string { return nil }
func (k *Key) Words() string                        { return k.name() }
func ReadPrivateKey(text string) (*rsa.PrivateKey, *Refusal) {
	b, _ := pem.Decode([]byte(text))
	if b == nil {
		return nil, &Refusal{Reason: NoKey, Why: "no PEM"}
	}
	k, err := x509.ParsePKCS8PrivateKey(b.Bytes)
	if err != nil {
		return nil, &Refusal{Reason: NoKey, Why: err.Error()}
	}
	return k.(*rsa.PrivateKey), nil
}
func ReadMetadata(text string) (*Metadata, *Refusal) {
	d := etree.NewDocument()
	if err := d.ReadFromString(text); err != nil || d.Root() == nil {
		return nil, &Refusal{Reason: BadMetadata, Why: "no XML"}
	}
	m := &Metadata{ids: []string{d.Root().SelectAttrValue("entityID", "")}}
	for i, c := range d.FindElements("//X509Certificate") {
		der, _ := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(c.Text()), ""))
		cert, err := x509.ParseCertificate(der)
		if err == nil {
			m.Keys = append(m.Keys, Key{Index: i, Public: cert.PublicKey, Bits: 2048})
		}
	}
	return m, nil
}
