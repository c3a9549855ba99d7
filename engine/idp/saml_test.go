package idp

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"stsplayground/engine/scenario"
)

const (
	assertionPath = "/calls/0/params/SAMLAssertion/mint"
	entityID      = "https://idp.example.com/saml"
)

// aws is the sign-in that these tests mint for.
var aws = SignIn{
	RoleArn:      "arn:aws:iam::123456789012:role/team/deploy",
	PrincipalArn: "arn:aws:iam::123456789012:saml-provider/Example",
}

// response is a mint with attributes and times from JSON text.
func response(t testing.TB, attributes, times string) *scenario.Mint {
	t.Helper()
	return &scenario.Mint{
		Path:       assertionPath,
		Attributes: document(t, attributes, assertionPath+"/attributes"),
		Times:      document(t, times, assertionPath+"/times"),
	}
}

func samlIssuer(alg string) *scenario.Issuer {
	return &scenario.Issuer{EntityID: entityID, Signing: []scenario.Signing{{Kid: "demo", Alg: alg}}}
}

// mintedResponse mints without a scenario, and without findings.
func mintedResponse(t testing.TB, m *scenario.Mint) string {
	t.Helper()
	text, findings := Assign(nil).MintResponse(m, nil, aws, moment)
	if len(findings) > 0 {
		t.Errorf("got findings %v, want none", findings)
	}
	return text
}

// parsed is the root of the document, which has to be well-formed by
// encoding/xml too.
func parsed(t testing.TB, text string) *etree.Element {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decoder.RawToken(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
	doc := etree.NewDocument()
	doc.ReadSettings.ValidateInput = true
	if err := doc.ReadFromString(text); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return doc.Root()
}

// metadataCertificates are the certificates of a metadata document.
func metadataCertificates(t testing.TB, metadata string) (all []*x509.Certificate) {
	t.Helper()
	for _, key := range parsed(t, metadata).SelectElement("IDPSSODescriptor").SelectElements("KeyDescriptor") {
		if use := key.SelectAttrValue("use", ""); use != "signing" {
			t.Errorf("use: got %q, want signing", use)
		}
		all = append(all, certificateIn(t, find(key, "KeyInfo")))
	}
	return all
}

// certificateIn is the certificate of a ds:KeyInfo.
func certificateIn(t testing.TB, info *etree.Element) *x509.Certificate {
	t.Helper()
	der, err := base64.StdEncoding.DecodeString(find(info, "X509Data", "X509Certificate").Text())
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

// validated is what goxmldsig says was signed, with one certificate trusted;
// nil where it refuses.
func validated(t testing.TB, e *etree.Element, trusted *x509.Certificate) *etree.Element {
	t.Helper()
	e = e.Copy()
	signature := signatureOf(e)
	if signature == nil {
		return nil
	}
	// goxmldsig gives an ECDSA signature to crypto/x509, which wants DER.
	if key, ok := trusted.PublicKey.(*ecdsa.PublicKey); ok {
		value := signature.SelectElement("SignatureValue")
		sides, err := base64.StdEncoding.DecodeString(value.Text())
		if err != nil {
			t.Fatal(err)
		}
		if half := (key.Curve.Params().N.BitLen() + 7) / 8; len(sides) != 2*half {
			return nil
		}
		der, err := asn1.Marshal(struct{ R, S *big.Int }{
			new(big.Int).SetBytes(sides[:len(sides)/2]), new(big.Int).SetBytes(sides[len(sides)/2:]),
		})
		if err != nil {
			t.Fatal(err)
		}
		value.SetText(base64.StdEncoding.EncodeToString(der))
	}
	ctx := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{trusted}})
	ctx.Clock = dsig.NewFakeClockAt(moment)
	signed, err := ctx.Validate(e)
	if err != nil {
		return nil
	}
	return signed
}

func TestEverySignatureVerifiesAgainstTheMetadata(t *testing.T) {
	for _, p := range ResponseProfiles() {
		for _, alg := range algorithms {
			for _, mode := range []string{"", "assertion", "response", "both", "none"} {
				iss := samlIssuer(alg.name)
				ring := Assign([]scenario.Issuer{*iss})
				m := response(t, "", "")
				m.Profile, m.Sign, m.Issuer = p.Name, mode, entityID
				text, findings := ring.MintResponse(m, iss, aws, moment)
				if len(findings) > 0 {
					t.Errorf("got findings %v, want none", findings)
				}
				certificate := metadataCertificates(t, ring.Metadata(iss))[0]
				root := parsed(t, text)
				for _, e := range []struct {
					element *etree.Element
					signed  bool
				}{
					{root, mode == "response" || mode == "both"},
					{assertionOf(root), mode == "" || mode == "assertion" || mode == "both"},
				} {
					signed := validated(t, e.element, certificate)
					if (signed != nil) != e.signed || (signatureOf(e.element) != nil) != e.signed {
						t.Errorf("%s, %s, sign %q: %s: got a good signature %v, want %v", p.Name, alg.name, mode, e.element.Tag, signed != nil, e.signed)
					}
					if signed == nil {
						continue
					}
					if signed.Tag != e.element.Tag || signed.SelectAttrValue("ID", "") != e.element.SelectAttrValue("ID", "") {
						t.Errorf("%s: got %s signed, want %s", p.Name, signed.Tag, e.element.Tag)
					}
					if got := certificateIn(t, signatureOf(e.element).SelectElement("KeyInfo")); !got.Equal(certificate) {
						t.Errorf("%s: KeyInfo has another certificate", p.Name)
					}
				}
			}
		}
	}
}

func TestSignatureMethodsAreTheEntrysAlgorithm(t *testing.T) {
	want := map[string][2]string{
		"RS256": {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"},
		"RS384": {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#sha384"},
		"RS512": {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha512"},
		"ES256": {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"},
		"ES384": {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#sha384"},
		"ES512": {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha512"},
	}
	for alg, methods := range want {
		iss := samlIssuer(alg)
		text, _ := Assign([]scenario.Issuer{*iss}).MintResponse(response(t, "", ""), iss, aws, moment)
		info := find(parsed(t, text), "Assertion", "Signature", "SignedInfo")
		got := [2]string{
			find(info, "SignatureMethod").SelectAttrValue("Algorithm", ""),
			find(info, "Reference", "DigestMethod").SelectAttrValue("Algorithm", ""),
		}
		if got != methods {
			t.Errorf("%s: got %v, want %v", alg, got, methods)
		}
	}
}

// schemaOrder are the children of each element in the order of the SAML
// schemas, as far as responses here have them.
var schemaOrder = map[string][]string{
	"Response":            {"Issuer", "Signature", "Extensions", "Status", "Assertion", "EncryptedAssertion"},
	"Status":              {"StatusCode", "StatusMessage"},
	"Assertion":           {"Issuer", "Signature", "Subject", "Conditions", "AuthnStatement", "AttributeStatement"},
	"Signature":           {"SignedInfo", "SignatureValue", "KeyInfo"},
	"SignedInfo":          {"CanonicalizationMethod", "SignatureMethod", "Reference"},
	"Reference":           {"Transforms", "DigestMethod", "DigestValue"},
	"Subject":             {"NameID", "SubjectConfirmation"},
	"SubjectConfirmation": {"SubjectConfirmationData"},
	"Conditions":          {"AudienceRestriction"},
	"AudienceRestriction": {"Audience"},
	"AuthnStatement":      {"AuthnContext"},
	"AuthnContext":        {"AuthnContextClassRef"},
	"AttributeStatement":  {"Attribute"},
	"Attribute":           {"AttributeValue"},
	"EncryptedAssertion":  {"EncryptedData"},
	"EncryptedData":       {"EncryptionMethod", "KeyInfo", "CipherData"},
	"EncryptedKey":        {"EncryptionMethod", "CipherData"},
	"EntityDescriptor":    {"IDPSSODescriptor"},
	"IDPSSODescriptor":    {"KeyDescriptor", "NameIDFormat", "SingleSignOnService"},
	"KeyDescriptor":       {"KeyInfo"},
}

// namespaces are those of the elements, by their parents' name or their own.
func namespaceFor(tag string) string {
	switch tag {
	case "Response", "Status", "StatusCode", "StatusMessage":
		return nsProtocol
	case "Signature", "SignedInfo", "CanonicalizationMethod", "SignatureMethod", "Reference", "Transforms", "Transform", "DigestMethod",
		"DigestValue", "SignatureValue", "KeyInfo", "X509Data", "X509Certificate":
		return nsSignature
	case "EncryptedData", "EncryptionMethod", "EncryptedKey", "CipherData", "CipherValue":
		return nsEncryption
	case "InclusiveNamespaces":
		return exclusiveC14N
	case "EntityDescriptor", "IDPSSODescriptor", "KeyDescriptor", "NameIDFormat", "SingleSignOnService":
		return nsMetadata
	}
	return nsAssertion
}

// followsSchema checks order and namespaces below the element.
func followsSchema(t *testing.T, e *etree.Element) {
	t.Helper()
	if got, want := e.NamespaceURI(), namespaceFor(e.Tag); got != want {
		t.Errorf("%s: got namespace %q, want %q", e.Tag, got, want)
	}
	last := 0
	for _, child := range e.ChildElements() {
		if order, ok := schemaOrder[e.Tag]; ok {
			place := slices.Index(order, child.Tag)
			if place < 0 || place < last {
				t.Errorf("%s: %s is out of the schema's order %v", e.Tag, child.Tag, order)
			}
			last = place
		}
		followsSchema(t, child)
	}
}

func TestEveryProfilesResponseFollowsTheSchema(t *testing.T) {
	for _, p := range ResponseProfiles() {
		t.Run(p.Name, func(t *testing.T) {
			for _, mode := range []string{"assertion", "response", "both", "none"} {
				m := response(t, "", "")
				m.Profile, m.Sign = p.Name, mode
				text := mintedResponse(t, m)
				root := parsed(t, text)
				if root.Tag != "Response" {
					t.Fatalf("got %s, want a Response", root.Tag)
				}
				followsSchema(t, root)
				ids := map[string]bool{}
				for _, e := range []*etree.Element{root, assertionOf(root)} {
					id := e.SelectAttrValue("ID", "")
					if !strings.HasPrefix(id, "_") || ids[id] {
						t.Errorf("got ID %q, want one of its own that is an NCName", id)
					}
					ids[id] = true
					if e.SelectAttrValue("Version", "") != "2.0" || e.SelectAttrValue("IssueInstant", "") == "" {
						t.Errorf("%s has no version or no time of issue", e.Tag)
					}
					if got := e.SelectElement("Issuer").Text(); got != p.EntityID {
						t.Errorf("%s: got issuer %q, want %q", e.Tag, got, p.EntityID)
					}
				}
			}
		})
	}
}

// independent is an element as goxmldsig canonicalizes it.
func independent(t testing.TB, e *etree.Element, prefixes string) string {
	t.Helper()
	text, err := dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(prefixes).Canonicalize(e.Copy())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestCanonicalXMLIsThatOfAnotherImplementation(t *testing.T) {
	to := aws
	to.Encrypt = &rsaKeys[0]().PublicKey
	for i := range responseProfiles {
		p := &responseProfiles[i]
		for _, encrypt := range []string{"none", "aes128-cbc"} {
			for _, attack := range []string{"none", "pi-in-name-id", "comment-in-name-id", "xslt-transform", "session-expired", "two-confirmations", "status-failure", "missing-recipient"} {
				m := response(t, `{"Department":"<&>\"'\r\n\t]]>\u0001ü😀","<\"\n&'>":[" ",""]}`, "")
				m.Profile, m.Sign, m.Encrypt, m.Attack = p.Name, "both", encrypt, attack
				text, _ := Assign(nil).MintResponse(m, nil, to, moment)
				root := parsed(t, text)
				elements := []*etree.Element{root}
				if a := assertionOf(root); a != nil {
					elements = append(elements, a)
				}
				for _, e := range elements {
					info := signatureOf(e).SelectElement("SignedInfo").Copy()
					set(info, "xmlns:ds", nsSignature)
					if got, want := signedInfoText(signatureOf(e)), independent(t, info, ""); got != want {
						t.Errorf("%s, %s:\ngot  %s\nwant %s", p.Name, attack, got, want)
					}
					e = e.Copy()
					e.RemoveChild(signatureOf(e))
					if got, want := canonical(e, p.style.inclusive), independent(t, e, p.style.inclusive); got != want {
						t.Errorf("%s, %s, %s:\ngot  %s\nwant %s", p.Name, attack, e.Tag, got, want)
					}
				}
			}
		}
	}
}

func TestAnAssertionMayHaveManyValues(t *testing.T) {
	values := "[" + strings.Repeat(`"a,b",`, 5000) + `"a,b"]`
	root := parsed(t, mintedResponse(t, response(t, `{"Role":`+values+`}`, "")))
	if got := len(attributeNamed(root, attrRole)); got != 5001 {
		t.Errorf("got %d values, want 5001", got)
	}
}

// said is what a response says, for comparing.
func said(t testing.TB, root *etree.Element) map[string]string {
	t.Helper()
	values := map[string]string{"Destination": root.SelectAttrValue("Destination", ""), "Status": find(root, "Status", "StatusCode").SelectAttrValue("Value", "")}
	a := assertionOf(root)
	note := func(name string, e *etree.Element, attributes ...string) {
		if e == nil {
			return
		}
		for _, attribute := range attributes {
			if v := e.SelectAttr(attribute); v != nil {
				values[name+"/"+attribute] = v.Value
			}
		}
		if text := e.Text(); text != "" {
			values[name] = text
		}
	}
	note("Response", root, "IssueInstant")
	note("Assertion", a, "IssueInstant")
	note("NameID", find(a, "Subject", "NameID"), "Format")
	note("Confirmation", find(a, "Subject", "SubjectConfirmation"), "Method")
	note("Confirmation", confirmationData(a), "NotOnOrAfter", "NotBefore", "Recipient", "InResponseTo")
	note("Conditions", find(a, "Conditions"), "NotBefore", "NotOnOrAfter")
	note("Audience", find(a, "Conditions", "AudienceRestriction", "Audience"))
	note("Authn", find(a, "AuthnStatement"), "AuthnInstant", "SessionNotOnOrAfter")
	note("Context", find(a, "AuthnStatement", "AuthnContext", "AuthnContextClassRef"))
	return values
}

// attributesOf are an assertion's attributes in order, the values with bars
// between them.
func attributesOf(root *etree.Element) (all []attribute) {
	statement := find(assertionOf(root), "AttributeStatement")
	if statement == nil {
		return nil
	}
	for _, e := range statement.SelectElements("Attribute") {
		a := attribute{name: e.SelectAttrValue("Name", "")}
		for _, v := range e.SelectElements("AttributeValue") {
			a.values = append(a.values, v.Text())
		}
		all = append(all, a)
	}
	return all
}

func attributeNamed(root *etree.Element, name string) []string {
	for _, a := range attributesOf(root) {
		if a.name == name {
			return a.values
		}
	}
	return nil
}

func TestAResponseWithoutADescriptionIsWhatTheContractSays(t *testing.T) {
	root := parsed(t, mintedResponse(t, response(t, "", "")))
	for name, want := range map[string]string{
		"Destination": "https://signin.aws.amazon.com/saml", "Status": "urn:oasis:names:tc:SAML:2.0:status:Success",
		"Response/IssueInstant": "2026-04-28T10:30:00Z", "Assertion/IssueInstant": "2026-04-28T10:30:00Z",
		"NameID": "dana@example.com", "NameID/Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
		"Confirmation/Method": "urn:oasis:names:tc:SAML:2.0:cm:bearer", "Confirmation/NotOnOrAfter": "2026-04-28T10:35:00Z",
		"Confirmation/NotBefore": "", "Confirmation/InResponseTo": "", "Confirmation/Recipient": "https://signin.aws.amazon.com/saml",
		"Conditions/NotBefore": "2026-04-28T10:25:00Z", "Conditions/NotOnOrAfter": "2026-04-28T10:35:00Z",
		"Audience": "urn:amazon:webservices", "Authn/AuthnInstant": "2026-04-28T10:30:00Z", "Authn/SessionNotOnOrAfter": "",
	} {
		if got := said(t, root)[name]; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	want := []attribute{
		{"https://aws.amazon.com/SAML/Attributes/Role", []string{aws.RoleArn + "," + aws.PrincipalArn}},
		{"https://aws.amazon.com/SAML/Attributes/RoleSessionName", []string{"dana@example.com"}},
	}
	if got := attributesOf(root); !slices.EqualFunc(got, want, equalAttributes) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func equalAttributes(a, b attribute) bool {
	return a.name == b.name && slices.Equal(a.values, b.values)
}

func TestDescribedTextsReplaceTheDefaultOnes(t *testing.T) {
	m := response(t, "", "")
	m.Issuer, m.NameID, m.Recipient, m.Audience = "urn:example:idp", "EXAMPLE\\d'Arc & <söhne>", "https://eu-west-1.signin.aws.amazon.com/saml", "https://aws.example"
	root := parsed(t, mintedResponse(t, m))
	got := said(t, root)
	for name, want := range map[string]string{
		"NameID": m.NameID, "Destination": m.Recipient, "Confirmation/Recipient": m.Recipient, "Audience": m.Audience,
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	if got := assertionOf(root).SelectElement("Issuer").Text(); got != m.Issuer {
		t.Errorf("issuer: got %q, want %q", got, m.Issuer)
	}
	if got, want := attributeNamed(root, attrRoleSessionName), []string{"EXAMPLE-d-Arc----s-hne-"}; !slices.Equal(got, want) {
		t.Errorf("session name: got %q, want %q", got, want)
	}
}

func TestOtherPartitionsHaveTheirOwnEndpoint(t *testing.T) {
	tests := map[string]struct {
		to                  SignIn
		recipient, audience string
	}{
		"China by the role": {
			SignIn{RoleArn: "arn:aws-cn:iam::123456789012:role/a", PrincipalArn: "arn:aws-cn:iam::123456789012:saml-provider/b"},
			"https://signin.amazonaws.cn/saml", "urn:amazon:webservices:cn-north-1",
		},
		"GovCloud by the provider, since the role's ARN is none": {
			SignIn{RoleArn: "deploy", PrincipalArn: "arn:aws-us-gov:iam::123456789012:saml-provider/b"},
			"https://signin.amazonaws-us-gov.com/saml", "urn:amazon:webservices:govcloud",
		},
		"China by the region, since there is no ARN": {
			SignIn{Region: "cn-northwest-1"}, "https://signin.amazonaws.cn/saml", "urn:amazon:webservices:cn-north-1",
		},
		"an ARN wins over the region": {
			SignIn{RoleArn: "arn:aws:iam::123456789012:role/a", Region: "us-gov-west-1"}, "https://signin.aws.amazon.com/saml", "urn:amazon:webservices",
		},
		"a region says nothing else": {SignIn{Region: "eu-central-1"}, "https://signin.aws.amazon.com/saml", "urn:amazon:webservices"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			text, _ := Assign(nil).MintResponse(response(t, "", ""), nil, tt.to, moment)
			got := said(t, parsed(t, text))
			if got["Confirmation/Recipient"] != tt.recipient || got["Destination"] != tt.recipient || got["Audience"] != tt.audience {
				t.Errorf("got %s, %s, want %s, %s", got["Confirmation/Recipient"], got["Audience"], tt.recipient, tt.audience)
			}
		})
	}
}

func TestEveryResponseProfileSendsTheAttributesThatItLists(t *testing.T) {
	for i := range responseProfiles {
		p := &responseProfiles[i]
		t.Run(p.Name, func(t *testing.T) {
			m := response(t, "", "")
			m.Profile = p.Name
			root := parsed(t, mintedResponse(t, m))
			listed := map[string]bool{}
			for _, a := range p.Attributes {
				if a.About == "" || strings.HasSuffix(a.About, ".") {
					t.Errorf("%s: its description is %q, want a phrase without a full stop", a.Name, a.About)
				}
				if listed[a.Name] {
					t.Errorf("%s is listed twice", a.Name)
				}
				listed[a.Name] = true
			}
			for _, a := range attributesOf(root) {
				if !listed[a.name] {
					t.Errorf("%s is sent and isn't listed", a.name)
				}
				if len(a.values) == 0 || slices.Contains(a.values, "") {
					t.Errorf("%s: got %q, want values", a.name, a.values)
				}
			}
			for _, name := range []string{attrRole, attrRoleSessionName} {
				if len(attributeNamed(root, name)) != 1 {
					t.Errorf("%s: got %v, want one value", name, attributeNamed(root, name))
				}
			}
			if role := attributeNamed(root, attrRole)[0]; !strings.Contains(role, aws.RoleArn) || !strings.Contains(role, aws.PrincipalArn) || len(role) != len(aws.RoleArn+","+aws.PrincipalArn) {
				t.Errorf("role: got %q, want the pair of the call", role)
			}
			if name := attributeNamed(root, attrRoleSessionName)[0]; sessionName(name) != name {
				t.Errorf("session name: got %q, which AWS doesn't take", name)
			}
			if !slices.Contains(p.formats, p.format) {
				t.Errorf("the metadata doesn't list %s", p.format)
			}
			if got := responseProfileOf(p.EntityID); got != p {
				t.Errorf("%s: got the profile %s", p.EntityID, got.Name)
			}
		})
	}
}

func TestAProfilesPersonIsTheOneThatIsNamed(t *testing.T) {
	for nameID, want := range map[string]person{
		"dana@example.com":     {"dana", "dana@example.com", `EXAMPLE\dana`, "Dana", "Example"},
		"alice.jones@acme.org": {"alice.jones", "alice.jones@acme.org", `EXAMPLE\alice.jones`, "Alice", "Jones"},
		`CORP\bob`:             {"bob", "bob@example.com", `CORP\bob`, "Bob", "Example"},
		"":                     {"", "@example.com", `EXAMPLE\`, "", "Example"},
		"émile":                {"émile", "émile@example.com", `EXAMPLE\émile`, "Émile", "Example"},
	} {
		if got := personOf(nameID); got != want {
			t.Errorf("%q: got %v, want %v", nameID, got, want)
		}
	}
}

func TestAResponseComesFromItsIssuer(t *testing.T) {
	for _, m := range []*scenario.Mint{{}, {Profile: "okta"}, {Profile: "nothing"}, {Issuer: "urn:x", Profile: "okta"}} {
		text, _ := Assign(nil).MintResponse(m, nil, aws, moment)
		if got, want := ResponseIssuer(m), parsed(t, text).SelectElement("Issuer").Text(); got != want {
			t.Errorf("%q, %q: got %s, want %s", m.Issuer, m.Profile, got, want)
		}
	}
}

func TestTheFirstSigningEntrySigns(t *testing.T) {
	iss := &scenario.Issuer{EntityID: entityID, Signing: []scenario.Signing{{Kid: "one", Alg: "ES256"}, {Kid: "two"}}}
	ring := Assign([]scenario.Issuer{*iss})
	m := response(t, "", "")
	text, _ := ring.MintResponse(m, iss, aws, moment)
	certificates := metadataCertificates(t, ring.Metadata(iss))
	if len(certificates) != 2 || validated(t, assertionOf(parsed(t, text)), certificates[0]) == nil {
		t.Error("the first entry's key didn't sign")
	}
}
