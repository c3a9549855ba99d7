package idp

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"net/url"
	"strings"
	"testing"
	"time"

	"stsplayground/engine/scenario"
)

func TestMetadataIsWhatIAMTakes(t *testing.T) {
	for _, entity := range append(entityIDs(), "urn:example:idp", "x", `https://<"&>/`, "https://[", "https://a b/") {
		for _, signing := range [][]scenario.Signing{nil, {{}}, {{Kid: "a", Alg: "ES256"}}, {{Kid: "a"}, {Kid: "b", Alg: "ES512"}, {Kid: "c", Alg: "RS512"}}} {
			iss := &scenario.Issuer{EntityID: entity, Signing: signing}
			ring := Assign([]scenario.Issuer{*iss})
			text := ring.Metadata(iss)
			root := parsed(t, text)
			followsSchema(t, root)
			if got := root.SelectAttrValue("entityID", ""); got != entity {
				t.Errorf("got entityID %q, want %q", got, entity)
			}
			if len([]rune(text)) < 1000 {
				t.Errorf("%s: got %d characters, and IAM wants 1000: %s", entity, len(text), text)
			}
			descriptor := root.SelectElement("IDPSSODescriptor")
			if got := descriptor.SelectAttrValue("WantAuthnRequestsSigned", ""); got != "false" {
				t.Errorf("WantAuthnRequestsSigned: got %q, want false", got)
			}
			if got := descriptor.SelectAttrValue("protocolSupportEnumeration", ""); got != nsProtocol {
				t.Errorf("protocolSupportEnumeration: got %q", got)
			}
			var bindings []string
			for _, service := range descriptor.SelectElements("SingleSignOnService") {
				bindings = append(bindings, strings.TrimPrefix(service.SelectAttrValue("Binding", ""), "urn:oasis:names:tc:SAML:2.0:bindings:"))
				location := service.SelectAttrValue("Location", "")
				if u, err := url.Parse(location); err != nil || u.Scheme != "https" || u.Host == "" {
					t.Errorf("%s: got location %q, want an https URL", entity, location)
				}
			}
			if got := strings.Join(bindings, " "); got != "HTTP-Redirect HTTP-POST" {
				t.Errorf("got bindings %s", got)
			}

			certificates := metadataCertificates(t, text)
			if len(certificates) != max(1, len(signing)) {
				t.Fatalf("got %d certificates, want one for each of %v", len(certificates), signing)
			}
			for i, certificate := range certificates {
				s := scenario.Signing{}
				if len(signing) > 0 {
					s = signing[i]
				}
				key := ring.key(nameOf(entity, s))
				var same bool
				if key.ec != nil {
					same = key.ec.PublicKey.Equal(certificate.PublicKey.(*ecdsa.PublicKey))
				} else {
					same = key.rsa.PublicKey.Equal(certificate.PublicKey.(*rsa.PublicKey))
				}
				if !same {
					t.Errorf("certificate %d isn't of the entry's key", i)
				}
			}
		}
	}
}

func entityIDs() (all []string) {
	for _, p := range ResponseProfiles() {
		all = append(all, p.EntityID)
	}
	return all
}

func TestMetadataOfNoIssuerIsStillAResponsesMetadata(t *testing.T) {
	ring := Assign(nil)
	text, _ := ring.MintResponse(&scenario.Mint{Issuer: entityID}, nil, aws, moment)
	certificate := metadataCertificates(t, ring.Metadata(&scenario.Issuer{EntityID: entityID}))[0]
	if validated(t, assertionOf(parsed(t, text)), certificate) == nil {
		t.Error("the signature isn't good")
	}
	parsed(t, ring.Metadata(nil))
}

func TestSignOnServicesAreTheProducts(t *testing.T) {
	for entity, want := range map[string]string{
		"http://www.okta.com/exk1abc":                           "https://example.okta.com/app/amazon_aws/exk1abc/sso/saml",
		"https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd/": "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd/saml2",
		"http://adfs.corp.example/adfs/services/trust":          "https://adfs.corp.example/adfs/ls/",
		"https://accounts.google.com/o/saml2?idpid=C01":         "https://accounts.google.com/o/saml2/idp?idpid=C01",
		"https://app.onelogin.com/saml/metadata/6a1c":           "https://example.onelogin.com/trust/saml2/http-redirect/sso/6a1c",
		"https://shibboleth.example.edu/idp/shibboleth":         "https://shibboleth.example.edu/sso/saml/redirect",
		"urn:example:idp": "https://idp.example.com/sso/saml/redirect",
		"https://portal.sso.us-east-1.amazonaws.com/saml/assertion": "https://portal.sso.us-east-1.amazonaws.com/sso/saml/redirect",
	} {
		root := parsed(t, Assign(nil).Metadata(&scenario.Issuer{EntityID: entity}))
		if got := find(root, "IDPSSODescriptor", "SingleSignOnService").SelectAttrValue("Location", ""); got != want {
			t.Errorf("%s: got %s, want %s", entity, got, want)
		}
	}
}

func TestCertificates(t *testing.T) {
	for _, alg := range algorithms {
		t.Run(alg.name, func(t *testing.T) {
			key := Assign(nil).key(keyName{entityID, "demo", alg.name}, alg)
			certificate, err := x509.ParseCertificate(key.certificate())
			if err != nil {
				t.Fatal(err)
			}
			if err := certificate.CheckSignature(certificate.SignatureAlgorithm, certificate.RawTBSCertificate, certificate.Signature); err != nil {
				t.Error(err)
			}
			const name = "CN=STS Playground test key\\, trust it nowhere"
			if certificate.Subject.String() != name || certificate.Issuer.String() != name {
				t.Errorf("got subject %s and issuer %s, want %s", certificate.Subject, certificate.Issuer, name)
			}
			from, until := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC)
			if !certificate.NotBefore.Equal(from) || !certificate.NotAfter.Equal(until) {
				t.Errorf("got %v to %v, want %v to %v", certificate.NotBefore, certificate.NotAfter, from, until)
			}
			if certificate.SerialNumber.Sign() <= 0 || certificate.SerialNumber.BitLen() > 128 {
				t.Errorf("got serial number %v, want a positive one of at most 128 bits", certificate.SerialNumber)
			}
			if len(certificate.Extensions) > 0 || certificate.Version != 1 {
				t.Errorf("got version %d with %d extensions, want 1 with none", certificate.Version, len(certificate.Extensions))
			}
		})
	}
}

func TestKeysOfOneIssuerHaveDifferentSerialNumbers(t *testing.T) {
	seen := map[string]bool{}
	for i := range rsaKeyCount {
		certificate, err := x509.ParseCertificate(rsaKey(keyName{}, algorithms[0], i).certificate())
		if err != nil {
			t.Fatal(err)
		}
		if seen[certificate.SerialNumber.String()] {
			t.Errorf("key %d: its serial number is another's", i)
		}
		seen[certificate.SerialNumber.String()] = true
	}
}
