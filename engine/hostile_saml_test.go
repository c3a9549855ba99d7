package engine_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
)

const (
	samlEntity = "https://idp.example.com/saml"
	samlRole   = "arn:aws:iam::123456789012:role/app"
	samlIdP    = "arn:aws:iam::123456789012:saml-provider/IdP"
)

// response is what a case starts from: a good response's parts. A case
// changes what it is about; the assertion is signed after that.
type response struct {
	version, issued, destination, outerIssuer, status string // of the Response
	assertionVersion, assertionIssued, issuer         string // of the Assertion
	nameID, confirmations, conditions, authn          string // elements
	attributes                                        []string
	signWith                                          *rsa.PrivateKey
	mode                                              string // AssertionEncryptionMode
	call                                              map[string]any
}

func samlInstant(after time.Duration) string {
	return clock.Add(after).UTC().Format("2006-01-02T15:04:05Z")
}

func goodResponse() *response {
	return &response{
		version: "2.0", issued: samlInstant(0), destination: "https://signin.aws.amazon.com/saml", outerIssuer: samlEntity,
		status:           `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`,
		assertionVersion: "2.0", assertionIssued: samlInstant(0), issuer: samlEntity,
		nameID:        `<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">dana@example.com</saml:NameID>`,
		confirmations: confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://signin.aws.amazon.com/saml", samlInstant(5*time.Minute)),
		conditions:    conditions(samlInstant(-5*time.Minute), samlInstant(5*time.Minute), audience("urn:amazon:webservices")),
		authn:         `<saml:AuthnStatement AuthnInstant="` + samlInstant(0) + `"/>`,
		attributes: []string{
			attribute("https://aws.amazon.com/SAML/Attributes/Role", samlRole+","+samlIdP),
			attribute("https://aws.amazon.com/SAML/Attributes/RoleSessionName", "dana@example.com"),
		},
		signWith: rsaKey,
		call:     map[string]any{},
	}
}

func confirmation(method, recipient, until string) string {
	data := ""
	if recipient != "" {
		data += ` Recipient="` + recipient + `"`
	}
	if until != "" {
		data += ` NotOnOrAfter="` + until + `"`
	}
	return `<saml:SubjectConfirmation Method="` + method + `"><saml:SubjectConfirmationData` + data + `/></saml:SubjectConfirmation>`
}

func conditions(from, until, inside string) string {
	return `<saml:Conditions NotBefore="` + from + `" NotOnOrAfter="` + until + `">` + inside + `</saml:Conditions>`
}

func audience(uris ...string) string {
	text := ""
	for _, uri := range uris {
		text += "<saml:Audience>" + uri + "</saml:Audience>"
	}
	return "<saml:AudienceRestriction>" + text + "</saml:AudienceRestriction>"
}

func attribute(name string, values ...string) string {
	text := `<saml:Attribute Name="` + name + `">`
	for _, value := range values {
		text += "<saml:AttributeValue>" + value + "</saml:AttributeValue>"
	}
	return text + "</saml:Attribute>"
}

// replace puts another attribute in the place of the one with that short name.
func (r *response) replace(short string, with ...string) {
	for i, a := range r.attributes {
		if strings.Contains(a, "/"+short+`"`) {
			r.attributes = append(append(append([]string{}, r.attributes[:i]...), with...), r.attributes[i+1:]...)
			return
		}
	}
	r.attributes = append(r.attributes, with...)
}

// xml is the response with its assertion signed by goxmldsig.
func (r *response) xml(t testing.TB) string {
	t.Helper()
	subject := ""
	if r.nameID+r.confirmations != "" {
		subject = "<saml:Subject>" + r.nameID + r.confirmations + "</saml:Subject>"
	}
	issued := ""
	if r.assertionIssued != "" {
		issued = ` IssueInstant="` + r.assertionIssued + `"`
	}
	assertion := `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" Version="` + r.assertionVersion + `"` + issued + `>` +
		`<saml:Issuer>` + r.issuer + `</saml:Issuer>` + subject + r.conditions + r.authn +
		`<saml:AttributeStatement>` + strings.Join(r.attributes, "") + `</saml:AttributeStatement></saml:Assertion>`
	doc := etree.NewDocument()
	if err := doc.ReadFromString(assertion); err != nil {
		t.Fatal(err)
	}
	signing, err := dsig.NewSigningContext(r.signWith, [][]byte{certificateOf(t, r.signWith)})
	if err != nil {
		t.Fatal(err)
	}
	signing.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	if err := signing.SetSignatureMethod(dsig.RSASHA256SignatureMethod); err != nil {
		t.Fatal(err)
	}
	signature, err := signing.ConstructSignature(doc.Root(), true)
	if err != nil {
		t.Fatal(err)
	}
	doc.Root().InsertChildAt(1, signature)
	text, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	outer := ""
	if r.outerIssuer != "" {
		outer = `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` + r.outerIssuer + `</saml:Issuer>`
	}
	destination := ""
	if r.destination != "" {
		destination = ` Destination="` + r.destination + `"`
	}
	return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="` + r.version + `" IssueInstant="` + r.issued + `"` + destination + `>` +
		outer + r.status + text + `</samlp:Response>`
}

// certificateOf is a certificate around a key, long out of date: AWS looks at
// no certificate's dates.
func certificateOf(t testing.TB, key *rsa.PrivateKey) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<30, 0)}
	der, err := x509.CreateCertificate(nil, template, template, &key.PublicKey, crypto.Signer(key))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func metadataOf(t testing.TB, entity string, key *rsa.PrivateKey) string {
	t.Helper()
	return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="` + entity + `"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
		`<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>` + base64.StdEncoding.EncodeToString(certificateOf(t, key)) +
		`</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="` + entity + `"/></IDPSSODescriptor></EntityDescriptor>`
}

// play plays the response, base64, against a role that lets dana in.
func (r *response) play(t *testing.T) engine.CallReport {
	t.Helper()
	return engine.Run(r.scenario(t)).Calls[0]
}

func (r *response) scenario(t testing.TB) engine.Scenario {
	t.Helper()
	provider := map[string]any{"Name": "IdP", "SAMLMetadataDocument": metadataOf(t, samlEntity, rsaKey)}
	if r.mode != "" {
		provider["AssertionEncryptionMode"] = r.mode
	}
	text, err := json.Marshal(r.document(t, provider))
	if err != nil {
		t.Fatal(err)
	}
	s, findings := engine.Decode(string(text), scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		t.Fatalf("got %+v", findings)
	}
	return s
}

// document is the scenario with that provider.
func (r *response) document(t testing.TB, provider map[string]any) map[string]any {
	t.Helper()
	params := map[string]any{"RoleArn": samlRole, "PrincipalArn": samlIdP, "SAMLAssertion": base64.StdEncoding.EncodeToString([]byte(r.xml(t)))}
	for name, value := range r.call {
		params[name] = value
	}
	return map[string]any{
		"now": clock.Format(time.RFC3339),
		"accounts": map[string]any{"123456789012": map[string]any{
			"SAMLProviders": []any{provider},
			"Roles": []any{map[string]any{"RoleName": "app", "AssumeRolePolicyDocument": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
				"Principal":{"Federated":"` + samlIdP + `"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"saml:sub":"dana@example.com"}}}]}`}},
		}},
		"calls": []any{map[string]any{"name": "call", "action": "sts:AssumeRoleWithSAML", "params": params}},
	}
}

const (
	samlSession = "https://aws.amazon.com/SAML/Attributes/RoleSessionName"
	samlRoles   = "https://aws.amazon.com/SAML/Attributes/Role"

	yearOne = "0001-01-01T00:00:00Z" // what programs write that have no time to write
)

var responseCases = []struct {
	name    string
	change  func(*response)
	code    string // "" for success
	step    string // the first failed step
	message string // AWS's message, where one is known
}{
	{"a good response", func(*response) {}, "", "", ""},

	{"conditions that ended a second ago", func(r *response) {
		r.conditions = conditions(samlInstant(-time.Minute), samlInstant(-time.Second), audience("urn:amazon:webservices"))
	}, "ExpiredTokenException", "saml/expiry", ""},
	{"conditions that end right now", func(r *response) {
		r.conditions = conditions(samlInstant(-time.Minute), samlInstant(0), audience("urn:amazon:webservices"))
	}, "ExpiredTokenException", "saml/expiry", ""},
	{"conditions that begin in a second", func(r *response) {
		r.conditions = conditions(samlInstant(time.Second), samlInstant(time.Minute), audience("urn:amazon:webservices"))
	}, "ExpiredTokenException", "saml/expiry", ""},
	{"a session that ended", func(r *response) {
		r.authn = `<saml:AuthnStatement AuthnInstant="` + samlInstant(-time.Hour) + `" SessionNotOnOrAfter="` + samlInstant(-time.Second) + `"/>`
	}, "ExpiredTokenException", "saml/expiry", ""},
	{"a confirmation that ended", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://signin.aws.amazon.com/saml", samlInstant(-time.Second))
	}, "ExpiredTokenException", "saml/expiry", ""},
	{"redeemed after exactly five minutes", func(r *response) { r.assertionIssued = samlInstant(-5 * time.Minute) }, "", "", ""},
	{"redeemed after five minutes and a second", func(r *response) { r.assertionIssued = samlInstant(-301 * time.Second) }, "ExpiredTokenException", "saml/expiry", "Token must be redeemed within 5 minutes of issuance"},
	{"issued in the future", func(r *response) { r.assertionIssued = samlInstant(time.Minute) }, "ExpiredTokenException", "saml/expiry", ""},

	{"another audience", func(r *response) {
		r.conditions = strings.Replace(r.conditions, "urn:amazon:webservices", "urn:example:other", 1)
	}, "InvalidIdentityToken", "saml/audience", "Response does not contain the required audience."},
	{"an audience that begins like AWS's", func(r *response) {
		r.conditions = strings.Replace(r.conditions, "urn:amazon:webservices", "urn:amazon:webservices.evil", 1)
	}, "InvalidIdentityToken", "saml/audience", ""},
	{"two restrictions, one of which fails", func(r *response) {
		r.conditions = conditions(samlInstant(-time.Minute), samlInstant(time.Minute), audience("urn:amazon:webservices")+audience("urn:example:other"))
	}, "InvalidIdentityToken", "saml/audience", ""},
	{"an audience of nothing", func(r *response) {
		r.conditions = conditions(samlInstant(-time.Minute), samlInstant(time.Minute), audience(""))
	}, "InvalidIdentityToken", "saml/audience", ""},
	{"several audiences, one of which is AWS", func(r *response) {
		r.conditions = conditions(samlInstant(-time.Minute), samlInstant(time.Minute), audience("urn:example:other", "urn:amazon:webservices"))
	}, "", "", ""},
	{"the sign-in endpoint as the audience", func(r *response) {
		r.conditions = conditions(samlInstant(-time.Minute), samlInstant(time.Minute), audience("https://signin.aws.amazon.com/saml"))
	}, "", "", ""},
	{"an audience that begins like the sign-in endpoint", func(r *response) {
		r.conditions = conditions(samlInstant(-time.Minute), samlInstant(time.Minute), audience("https://signin.aws.amazon.com/saml-evil"))
	}, "InvalidIdentityToken", "saml/audience", ""},
	{"no audience", func(r *response) {
		r.conditions = conditions(samlInstant(-time.Minute), samlInstant(time.Minute), "")
	}, "InvalidIdentityToken", "saml/audience", "Response does not contain the required audience."},

	{"another service's recipient", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://sp.example.com/acs", samlInstant(time.Minute))
	}, "InvalidIdentityToken", "saml/recipient", ""},
	{"a recipient that begins like AWS's", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://signin.aws.amazon.com.evil.example/saml", samlInstant(time.Minute))
	}, "InvalidIdentityToken", "saml/recipient", ""},
	{"a recipient in a Region that nobody has", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://moon-base-1.signin.aws.amazon.com/saml", samlInstant(time.Minute))
	}, "InvalidIdentityToken", "saml/recipient", ""},
	{"a recipient with http", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "http://signin.aws.amazon.com/saml", samlInstant(time.Minute))
	}, "InvalidIdentityToken", "saml/recipient", ""},
	{"a regional recipient", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://eu-west-1.signin.aws.amazon.com/saml", samlInstant(time.Minute))
	}, "", "", ""},
	{"a recipient of the wrong partition", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://signin.amazonaws.cn/saml", samlInstant(time.Minute))
	}, "InvalidIdentityToken", "saml/recipient", ""},
	{"no recipient", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "", samlInstant(time.Minute))
	}, "InvalidIdentityToken", "saml/confirmation", ""},
	{"a confirmation without an end", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://signin.aws.amazon.com/saml", "")
	}, "InvalidIdentityToken", "saml/confirmation", ""},
	{"two confirmations", func(r *response) { r.confirmations += r.confirmations }, "InvalidIdentityToken", "saml/confirmation", ""},
	{"a holder-of-key confirmation", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:holder-of-key", "https://signin.aws.amazon.com/saml", samlInstant(time.Minute))
	}, "InvalidIdentityToken", "saml/confirmation", ""},
	{"no confirmation", func(r *response) { r.confirmations = "" }, "InvalidIdentityToken", "saml/confirmation", ""},
	{"no subject", func(r *response) { r.nameID, r.confirmations = "", "" }, "AccessDenied", "saml/name-id", "Not authorized to perform sts:AssumeRoleWithSAML"},
	{"an encrypted identifier", func(r *response) { r.nameID = "<saml:EncryptedID/>" }, "AccessDenied", "saml/name-id", "Not authorized to perform sts:AssumeRoleWithSAML"},
	{"an empty NameID", func(r *response) { r.nameID = "<saml:NameID/>" }, "AccessDenied", "saml/name-id", "Not authorized to perform sts:AssumeRoleWithSAML"},

	{"another issuer", func(r *response) { r.issuer = "https://other.example.com" }, "AuthSamlInvalidSamlResponseException", "saml/issuer", "Failed to assume role: Issuer not present in specified provider"},
	{"no issuer in the assertion", func(r *response) { r.issuer = "" }, "AuthSamlInvalidSamlResponseException", "saml/issuer", ""},
	{"a Response of another issuer", func(r *response) { r.outerIssuer = "https://other.example.com" }, "AuthSamlInvalidSamlResponseException", "saml/issuer", ""},
	{"a Response that names no issuer", func(r *response) { r.outerIssuer = "" }, "", "", ""},

	{"a status of Responder", func(r *response) { r.status = strings.Replace(r.status, "Success", "Responder", 1) }, "IDPRejectedClaim", "saml/status", ""},
	{"no status", func(r *response) { r.status = "" }, "IDPRejectedClaim", "saml/status", ""},
	{"a Response of version 1.1", func(r *response) { r.version = "1.1" }, "InvalidIdentityToken", "saml/response", ""},
	{"an assertion of version 1.1", func(r *response) { r.assertionVersion = "1.1" }, "InvalidIdentityToken", "saml/response", ""},
	{"a Response issued at no moment", func(r *response) { r.issued = "yesterday" }, "InvalidIdentityToken", "saml/assertion", ""},
	{"another destination", func(r *response) { r.destination = "https://sp.example.com/acs" }, "InvalidIdentityToken", "saml/recipient", ""},
	{"no destination", func(r *response) { r.destination = "" }, "", "", ""},

	{"no Role", func(r *response) { r.replace("Role") }, "AccessDenied", "saml/role", ""},
	{"a Role that is no pair", func(r *response) { r.replace("Role", attribute(samlRoles, samlRole)) }, "AccessDenied", "saml/role", ""},
	{"a pair of another account's provider", func(r *response) {
		r.replace("Role", attribute(samlRoles, samlRole+",arn:aws:iam::999999999999:saml-provider/IdP"))
	}, "AccessDenied", "saml/role", ""},
	{"a pair in reversed order", func(r *response) { r.replace("Role", attribute(samlRoles, samlIdP+","+samlRole)) }, "", "", ""},
	{"a pair with a line break", func(r *response) { r.replace("Role", attribute(samlRoles, samlRole+",\n  "+samlIdP)) }, "AccessDenied", "saml/role", ""},
	{"several pairs, one of which is asked for", func(r *response) {
		r.replace("Role", attribute(samlRoles, "arn:aws:iam::123456789012:role/other,"+samlIdP, samlRole+","+samlIdP))
	}, "", "", ""},

	{"no RoleSessionName", func(r *response) { r.replace("RoleSessionName") }, "InvalidIdentityToken", "saml/role-session-name", "RoleSessionName is required in AuthnResponse"},
	{"a RoleSessionName of one character", func(r *response) { r.replace("RoleSessionName", attribute(samlSession, "d")) }, "InvalidIdentityToken", "saml/role-session-name", "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"},
	{"a RoleSessionName of 65 characters", func(r *response) { r.replace("RoleSessionName", attribute(samlSession, strings.Repeat("d", 65))) }, "InvalidIdentityToken", "saml/role-session-name", ""},
	{"a RoleSessionName of 64 characters", func(r *response) { r.replace("RoleSessionName", attribute(samlSession, strings.Repeat("d", 64))) }, "", "", ""},
	{"a RoleSessionName with a space", func(r *response) { r.replace("RoleSessionName", attribute(samlSession, "Dana Example")) }, "InvalidIdentityToken", "saml/role-session-name", ""},
	{"a RoleSessionName with two values", func(r *response) { r.replace("RoleSessionName", attribute(samlSession, "dana", "evil")) }, "InvalidIdentityToken", "saml/role-session-name", ""},
	{"an attribute in other letter case", func(r *response) {
		r.replace("RoleSessionName", attribute(strings.ToLower(samlSession), "dana"))
	}, "InvalidIdentityToken", "saml/role-session-name", "RoleSessionName is required in AuthnResponse"},

	{"a SessionDuration of 899", func(r *response) { r.replace("SessionDuration", sessionDuration("899")) }, "InvalidIdentityToken", "saml/session-duration", ""},
	{"a SessionDuration of 43201", func(r *response) { r.replace("SessionDuration", sessionDuration("43201")) }, "InvalidIdentityToken", "saml/session-duration", ""},
	{"a SessionDuration of 1h", func(r *response) { r.replace("SessionDuration", sessionDuration("1h")) }, "InvalidIdentityToken", "saml/session-duration", ""},
	{"a SessionDuration with a sign", func(r *response) { r.replace("SessionDuration", sessionDuration("+3600")) }, "InvalidIdentityToken", "saml/session-duration", ""},
	{"a SessionDuration of 900", func(r *response) { r.replace("SessionDuration", sessionDuration("900")) }, "", "", ""},

	{"moments with fractions of a second", func(r *response) { r.assertionIssued = strings.Replace(r.assertionIssued, "Z", ".123Z", 1) }, "", "", ""},
	{"moments with ten digits of them", func(r *response) { r.assertionIssued = strings.Replace(r.assertionIssued, "Z", ".1234567890Z", 1) }, "", "", ""},
	{"a moment without a zone", func(r *response) { r.assertionIssued = strings.TrimSuffix(r.assertionIssued, "Z") }, "InvalidIdentityToken", "saml/assertion", ""},
	{"a moment with an offset", func(r *response) { r.assertionIssued = strings.Replace(r.assertionIssued, "Z", "+00:00", 1) }, "InvalidIdentityToken", "saml/assertion", ""},
	{"no moment of issue in the assertion", func(r *response) { r.assertionIssued = "" }, "InvalidIdentityToken", "saml/assertion", ""},
	{"no moment of issue in the Response", func(r *response) { r.issued = "" }, "InvalidIdentityToken", "saml/assertion", ""},
	{"a moment at 24:00:00", func(r *response) { r.assertionIssued = "2026-04-27T24:00:00Z" }, "InvalidIdentityToken", "saml/assertion", ""},

	{"an element in an attribute that AWS doesn't define", func(r *response) {
		r.attributes = append(r.attributes, attribute("urn:oid:1.3.6.1.4.1.5923.1.1.1.10", "<saml:NameID>opaque</saml:NameID>"))
	}, "", "", ""},
	{"an element in an attribute that AWS defines", func(r *response) {
		r.attributes = append(r.attributes, attribute("https://aws.amazon.com/SAML/Attributes/SourceIdentity", "<saml:NameID>dana</saml:NameID>"))
	}, "InvalidIdentityToken", "saml/response", ""},

	{"a moment with an hour of one digit", func(r *response) { r.assertionIssued = "2026-11-22T9:00:00Z" }, "InvalidIdentityToken", "saml/assertion", ""},
	{"a moment with a comma before its fraction", func(r *response) { r.assertionIssued = strings.Replace(r.assertionIssued, "Z", ",5Z", 1) }, "InvalidIdentityToken", "saml/assertion", ""},
	{"a moment with a no-break space", func(r *response) { r.assertionIssued += "\u00a0" }, "InvalidIdentityToken", "saml/assertion", ""},
	{"a moment with a space behind it", func(r *response) { r.assertionIssued += " " }, "", "", ""},
	{"issued in the year 1", func(r *response) { r.assertionIssued = yearOne }, "ExpiredTokenException", "saml/expiry", ""},
	{"conditions that ended in the year 1", func(r *response) {
		r.conditions = conditions(yearOne, yearOne, audience("urn:amazon:webservices"))
	}, "ExpiredTokenException", "saml/expiry", ""},
	{"a confirmation that ended in the year 1", func(r *response) {
		r.confirmations = confirmation("urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://signin.aws.amazon.com/saml", yearOne)
	}, "ExpiredTokenException", "saml/expiry", ""},
	{"a session that ended in the year 1", func(r *response) {
		r.authn = `<saml:AuthnStatement AuthnInstant="` + samlInstant(0) + `" SessionNotOnOrAfter="` + yearOne + `"/>`
	}, "ExpiredTokenException", "saml/expiry", ""},

	{"a NameID with a no-break space behind it", func(r *response) { r.nameID = strings.Replace(r.nameID, ".com<", ".com&#xA0;<", 1) }, "AccessDenied", "trust/condition", ""},
	{"a NameID with line breaks around it", func(r *response) {
		r.nameID = strings.NewReplacer(">dana", ">\n  dana", ".com<", ".com\n<").Replace(r.nameID)
	}, "", "", ""},
	{"an audience with a no-break space", func(r *response) {
		r.conditions = strings.Replace(r.conditions, "urn:amazon", "&#xA0;urn:amazon", 1)
	}, "InvalidIdentityToken", "saml/audience", ""},

	{"a key of somebody else", func(r *response) { r.signWith = rsaOther }, "InvalidIdentityToken", "saml/signature", "Response signature invalid"},
	{"an assertion in the clear where encryption is required", func(r *response) { r.mode = "Required" }, "InvalidIdentityToken", "saml/encryption", ""},
	{"a provider that isn't there", func(r *response) { r.call["PrincipalArn"] = "arn:aws:iam::123456789012:saml-provider/Other" }, "InvalidIdentityToken", "saml/provider", "Specified provider doesn't exist."},
	{"a provider of another account", func(r *response) { r.call["PrincipalArn"] = "arn:aws:iam::999999999999:saml-provider/IdP" }, "AccessDenied", "saml/provider", ""},
	{"a token of OpenID Connect", func(r *response) { r.call["SAMLAssertion"] = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJkIn0.c2ln" }, "InvalidIdentityToken", "saml/response", ""},
	{"something else", func(r *response) { r.call["SAMLAssertion"] = "hello" }, "InvalidIdentityToken", "saml/response", ""},
	{"base64 that was cut off", func(r *response) { r.call["SAMLAssertion"] = strings.Repeat("PHNh", 300) + "P" }, "InvalidIdentityToken", "saml/response", ""},
	{"XML of 80,000 octets", func(r *response) { r.call["SAMLAssertion"] = "<a>" + strings.Repeat("a", 80000) + "</a>" }, "ValidationError", "sts/parameters", ""},
	{"no PrincipalArn", func(r *response) { r.call["PrincipalArn"] = "" }, "ValidationError", "sts/parameters", ""},
	{"no assertion", func(r *response) { r.call["SAMLAssertion"] = "" }, "ValidationError", "sts/parameters", ""},
	{"an assertion of 100,001 characters", func(r *response) { r.call["SAMLAssertion"] = strings.Repeat("PHNh", 25000) + "P" }, "ValidationError", "sts/parameters", ""},
}

func sessionDuration(value string) string {
	return attribute("https://aws.amazon.com/SAML/Attributes/SessionDuration", value)
}

func TestResponsesThatAreNotAsAWSWants(t *testing.T) {
	for _, test := range responseCases {
		r := goodResponse()
		test.change(r)
		call := r.play(t)
		if test.code == "" {
			if call.Outcome != "success" || len(call.Assumed) > 0 {
				t.Errorf("%s: got %s, assumed %v, want success", test.name, call.Verdict, call.Assumed)
			}
			continue
		}
		if call.Error == nil || call.Error.Code != test.code || test.message != "" && call.Error.Message != test.message {
			t.Errorf("%s: got %+v, want %s %s", test.name, call.Error, test.code, test.message)
		}
		if failure(&call) != test.step {
			t.Errorf("%s: got %s failed first, want %s", test.name, failure(&call), test.step)
		}
		if !strings.HasPrefix(call.Verdict, "STS refuses") {
			t.Errorf("%s: got verdict %q", test.name, call.Verdict)
		}
	}
}

// The response's sessions and records are what the API reference describes.
func TestAResponseShortensTheSession(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*response)
		want   time.Duration
	}{
		{"nothing says how long", func(*response) {}, time.Hour},
		{"SessionDuration is shorter", func(r *response) { r.replace("SessionDuration", sessionDuration("1800")) }, 30 * time.Minute},
		{"SessionDuration is longer", func(r *response) { r.replace("SessionDuration", sessionDuration("7200")) }, time.Hour},
		{"SessionNotOnOrAfter is sooner", func(r *response) {
			r.authn = `<saml:AuthnStatement AuthnInstant="` + samlInstant(0) + `" SessionNotOnOrAfter="` + samlInstant(20*time.Minute) + `"/>`
		}, 20 * time.Minute},
		{"DurationSeconds is the shortest", func(r *response) {
			r.call["DurationSeconds"] = 900
			r.replace("SessionDuration", sessionDuration("1800"))
		}, 15 * time.Minute},
	} {
		r := goodResponse()
		test.change(r)
		call := r.play(t)
		if call.Session == nil {
			t.Errorf("%s: got %s, want a session", test.name, call.Verdict)
			continue
		}
		if want := clock.Add(test.want).UTC().Format(time.RFC3339); call.Session.Expires != want {
			t.Errorf("%s: got a session to %s, want %s", test.name, call.Session.Expires, want)
		}
	}
}

// The hash of the API reference's own example.
func TestNameQualifierIsTheDocumentedHash(t *testing.T) {
	text := fmt.Sprintf(`{"now": %q, "issuers": [{"entityId": "https://example.com/saml", "signing": [{"alg": "RS256"}]}],
		"accounts": {"123456789012": {"SAMLProviders": [{"Name": "MySAMLIdP", "metadataOf": "https://example.com/saml"}], "Roles": [{"RoleName": "app",
			"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:saml-provider/MySAMLIdP"}, "Action": "sts:AssumeRoleWithSAML"}}}]}},
		"calls": [{"action": "sts:AssumeRoleWithSAML", "params": {"RoleArn": "arn:aws:iam::123456789012:role/app", "PrincipalArn": "arn:aws:iam::123456789012:saml-provider/MySAMLIdP",
			"SAMLAssertion": {"mint": {"issuer": "https://example.com/saml"}}}}]}`, clock.Format(time.RFC3339))
	s, findings := engine.Decode(text, scenario.LimitCheck)
	call := engine.Run(s).Calls[0]
	if call.Session == nil {
		t.Fatalf("got %s and %+v, want a session", call.Verdict, findings)
	}
	if got := call.Session.Context["saml:namequalifier"]; got != "1uAJanUnBc2XeUkHURMht+xam2c=" {
		t.Errorf("got %v, want the value of the API reference", got)
	}
}

// A scenario that has the metadata as an object, as YAML makes of JSON, has
// some that can't be read, and not none.
func TestMetadataThatIsAnObjectIsNotNone(t *testing.T) {
	s := goodResponse().scenario(t)
	s.Accounts[0].SAMLProviders[0].SAMLMetadataDocument.Node = source.Node{Kind: source.Object}
	call := engine.Run(s).Calls[0]
	if failure(&call) != "saml/metadata" || call.Error.Message != "Could not parse metadata." {
		t.Errorf("got %s failed, %+v, want saml/metadata", failure(&call), call.Error)
	}
}

// Whatever fails, the walk has the same steps in the same order.
func TestEveryWalkOfSAMLHasAllItsSteps(t *testing.T) {
	want := rulesOf(goodResponse().play(t))
	for _, test := range responseCases {
		r := goodResponse()
		test.change(r)
		if got := rulesOf(r.play(t)); !slices.Equal(got, want) {
			t.Errorf("%s: got steps %v, want %v", test.name, got, want)
		}
	}
}

func rulesOf(call engine.CallReport) (rules []string) {
	for _, s := range call.Steps {
		rules = append(rules, s.Rule)
	}
	return rules
}

// Without metadata only what needs a key is taken on trust.
func TestWithoutMetadataOnlyTheKeyIsAssumed(t *testing.T) {
	good := goodResponse().xml(t)
	for _, test := range []struct {
		name, xml string
		good      bool
	}{
		{"a signed response", good, true},
		{"another name in it", strings.Replace(good, "dana@example.com<", "evil@attacker.test<", 1), false},
		{"no signature", good[:strings.Index(good, "<ds:Signature")] + good[strings.Index(good, "</ds:Signature>")+len("</ds:Signature>"):], false},
		{"a signature with MD5", strings.Replace(good, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5", 1), false},
	} {
		r := goodResponse()
		r.call["SAMLAssertion"] = test.xml
		s := r.scenario(t)
		s.Accounts[0].SAMLProviders[0].SAMLMetadataDocument = scenario.Document{}
		call := engine.Run(s).Calls[0]
		if got := call.Outcome == "success"; got != test.good || got && !slices.Equal(call.Assumed, []string{"saml/signature"}) {
			t.Errorf("%s: got %s, assumed %v", test.name, call.Verdict, call.Assumed)
		}
		if !test.good && failure(&call) != "saml/signature" {
			t.Errorf("%s: got %s failed, want saml/signature", test.name, failure(&call))
		}
	}
}

// What is called Assertion and Signature in another namespace than SAML's is
// let through where the Response isn't signed, and is shown as nothing proven.
func TestNothingIsShownAsSignedByItsNameAlone(t *testing.T) {
	r := goodResponse()
	r.status += `<samlp:Extensions><x:Assertion xmlns:x="urn:x"><x:Signature/></x:Assertion></samlp:Extensions>`
	call := r.play(t)
	if call.Outcome != "success" {
		t.Fatalf("got %s want success: %+v", call.Outcome, call.Error)
	}
	signed := map[string]string{}
	var look func(*sts.ElementView)
	look = func(e *sts.ElementView) {
		if e.Signed != "" || e.Broken {
			signed[e.Name] = e.Signed
		}
		for _, child := range e.Children {
			look(child)
		}
	}
	look(call.SAML.Root)
	if len(signed) != 1 || signed["saml:Assertion"] != "Assertion" {
		t.Errorf("got %v want the saml:Assertion alone", signed)
	}
}

// Metadata that is there and can't be used is never the same as none, also for
// a response whose signature was left out.
func TestBadMetadataIsNeverTakenOnTrust(t *testing.T) {
	r := goodResponse()
	signed := r.xml(t)
	good := metadataOf(t, samlEntity, rsaKey)
	for name, metadata := range map[string]any{
		"no XML": "metadata", "cut off": good[:200], "without a key": strings.Replace(good, `use="signing"`, `use="encryption"`, 1),
		"an object": map[string]any{"EntityDescriptor": good}, "a list": []any{good}, "a number": 5,
	} {
		for way, assertion := range map[string]any{"signed": base64.StdEncoding.EncodeToString([]byte(signed)), "left out": map[string]any{"unsigned": signed}} {
			r.call["SAMLAssertion"] = assertion
			text, err := json.Marshal(r.document(t, map[string]any{"Name": "IdP", "SAMLMetadataDocument": metadata}))
			if err != nil {
				t.Fatal(err)
			}
			s, _ := engine.Decode(string(text), scenario.LimitCheck)
			report := engine.Run(s)
			call := report.Calls[0]
			if call.Outcome != "failure" || call.Error.Message != "Could not parse metadata." || len(call.Assumed) > 0 {
				t.Errorf("%s, signature %s: got %s %+v, assumed %q; want metadata that can't be parsed", name, way, call.Outcome, call.Error, call.Assumed)
			}
			if len(report.Findings) == 0 {
				t.Errorf("%s, signature %s: got no finding", name, way)
			}
		}
	}
}
