package report_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stsplayground/engine"
	"stsplayground/engine/iam"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// xml is an element of a response; the attributes are name, value, name,
// value and so on.
func xml(name, text string, attributes []string, children ...*sts.ElementView) *sts.ElementView {
	e := &sts.ElementView{Name: name, Text: text, Children: children}
	for i := 0; i+1 < len(attributes); i += 2 {
		e.Attributes = append(e.Attributes, sts.NamedValue{Name: attributes[i], Value: attributes[i+1]})
	}
	return e
}

func id(id string) []string { return []string{"ID", id} }

func signatureOver(id string) *sts.ElementView {
	return xml("ds:Signature", "", []string{"xmlns:ds", "http://www.w3.org/2000/09/xmldsig#"},
		xml("ds:SignedInfo", "", nil, xml("ds:Reference", "", []string{"URI", "#" + id})),
		xml("ds:SignatureValue", strings.Repeat("bO48", 86), nil))
}

func assertionOf(id, who string, children ...*sts.ElementView) *sts.ElementView {
	subject := xml("saml:Subject", "", nil, xml("saml:NameID", who, nil))
	return xml("saml:Assertion", "", []string{"xmlns:saml", "urn:oasis:names:tc:SAML:2.0:assertion", "ID", id}, append(children, subject)...)
}

func anatomy(good bool) sts.SignatureView {
	s := sts.SignatureView{
		On: "Assertion", Method: "rsa-sha256", Good: good, Canonical: `<saml:Assertion ID="_a1"></saml:Assertion>`,
		Hash: "SHA-256", Digest: digest, Referenced: digest,
		SignedInfo: "<ds:SignedInfo></ds:SignedInfo>", InfoHash: "SHA-256", InfoDigest: digest, Recovered: digest, Padding: "00 01, 202 octets ff, 00",
	}
	if !good {
		s.Referenced = other
	}
	return s
}

const (
	samlProvider = "arn:aws:iam::123456789012:saml-provider/Okta"
	roleAndMore  = "arn:aws:iam::123456789012:role/deploy," + samlProvider
)

// signedIn is a SAML response that is accepted.
func signedIn() engine.Report {
	r := success()
	c := &r.Calls[0]
	c.Action, c.Token = "sts:AssumeRoleWithSAML", nil
	c.Steps = []trace.Step{
		check("sts/parameters", "The request's parameters keep to the API's constraints", trace.Passed, "", "", ""),
		check("saml/provider", "PrincipalArn is a SAML provider of the role's account", trace.Passed, samlProvider, "registered", ""),
		check("saml/response", "SAMLAssertion is a SAML response with one assertion", trace.Passed, "", "XML inside base64", ""),
		check("saml/metadata", "The provider's metadata has a signing key", trace.Passed, "", "key 1 of the metadata", ""),
		check("saml/signature", "A key of the metadata verifies each signature of the response", trace.Passed, "", "the Assertion, rsa-sha256", ""),
		check("saml/recipient", "The recipient is AWS's sign-in endpoint", trace.Passed, "", "https://signin.aws.amazon.com/saml", ""),
		check("saml/expiry", "The assertion is used within its time", trace.Passed, "", "", ""),
		check("saml/role", "The response offers the role with this provider", trace.Passed, roleAndMore, roleAndMore, ""),
		check("trust/condition", "The trust policy's conditions hold", trace.Passed, "", "all hold", ""),
		check("sts/credentials", "Temporary credentials are issued", trace.Passed, "", "", ""),
	}
	c.Decision = decided(iam.Allow, iam.StatementDecision{Effect: "Allow", Applies: true, Conditions: []iam.ConditionDecision{
		{Operator: "StringEquals", Key: "saml:aud", Wanted: []string{"https://signin.aws.amazon.com/saml"}, Found: []string{"https://signin.aws.amazon.com/samL"}},
	}})
	signed := assertionOf("_a1", "dana@example.com", signatureOver("_a1"))
	signed.Signed, signed.Line, signed.Column = "Assertion", 12, 3
	c.SAML = &sts.SAMLView{
		Layers: []string{"HAR", "form body", "base64"},
		Root: xml("samlp:Response", "", []string{"xmlns:odd", "urn:odd", "ID", "_r1"},
			xml("samlp:Status", "", nil, xml("samlp:StatusCode", "", []string{"Value", "urn:oasis:names:tc:SAML:2.0:status:Success"})),
			signed),
		Signatures: []sts.SignatureView{anatomy(true)},
		Attributes: []sts.AttributeView{
			{Name: "https://aws.amazon.com/SAML/Attributes/RoleSessionName", Values: []string{"dana@example.com"}, Meaning: "names the session", Key: "sts:RoleSessionName"},
			{Name: "groups", Values: []string{"dev", "ops"}},
		},
	}
	return r
}

// tampered has a signature that isn't good.
func tampered() engine.Report {
	r := signedIn()
	c := &r.Calls[0]
	refused(c, "saml/signature", "The Assertion was changed after it was signed.")
	a := c.SAML.Root.Children[1]
	a.Signed, a.Broken = "", true
	c.SAML.Signatures, c.SAML.Attributes = []sts.SignatureView{anatomy(false)}, nil
	return r
}

// wrapped is a response with a forged assertion beside the signed one.
func wrapped() engine.Report {
	r := signedIn()
	c := &r.Calls[0]
	refused(c, "saml/response", "With several assertions it is open which one is meant.")
	genuine := c.SAML.Root.Children[1]
	genuine.Signed = ""
	c.SAML.Root.Children = append(c.SAML.Root.Children, assertionOf("_evil", "evil@attacker.test"))
	c.SAML.Signatures, c.SAML.Attributes = nil, nil
	return r
}

// sealed came encrypted.
func sealed() engine.Report {
	r := signedIn()
	v := r.Calls[0].SAML
	v.Opened = v.Root.Children[1]
	v.Root.Children[1] = xml("saml:EncryptedAssertion", "", nil, xml("xenc:EncryptedData", "", nil, xml("xenc:CipherValue", strings.Repeat("cipher", 100), nil)))
	return r
}

// unreadable is no XML within its layers.
func unreadable() engine.Report {
	r := signedIn()
	c := &r.Calls[0]
	refused(c, "saml/response", "The document has a DOCTYPE.")
	c.SAML = &sts.SAMLView{Layers: []string{"base64"}}
	return r
}

func refused(c *engine.CallReport, rule, why string) {
	c.Outcome, c.Verdict, c.Session, c.Response, c.Decision = "failure", "STS refuses. "+why, nil, nil, nil
	c.Error = &trace.Error{Code: "InvalidIdentityToken", Message: "The SAML response is not valid", Status: 400}
	reached := true
	for i, s := range c.Steps {
		switch {
		case s.Rule == rule:
			c.Steps[i] = check(s.Rule, s.Title, trace.Failed, "", "", why)
			reached = false
		case !reached:
			c.Steps[i] = check(s.Rule, s.Title, trace.Skipped, "", "", "Nothing is read from an assertion that isn't proven.")
		}
	}
}

// enormous has more of everything than is drawn.
func enormous() engine.Report {
	r := signedIn()
	v := r.Calls[0].SAML
	var values []*sts.ElementView
	var words []string
	for i := range 3000 {
		values = append(values, xml("saml:AttributeValue", "group "+strconv.Itoa(i)+strings.Repeat(" of many", 20), nil))
		words = append(words, "group "+strconv.Itoa(i))
	}
	deep := xml("deepest", "", nil)
	for range 400 {
		deep = xml("deeper", "", nil, deep)
	}
	v.Root.Children = append(v.Root.Children, xml("saml:Attribute", "", nil, values...), deep)
	v.Attributes[1].Values = words
	return r
}

func responses() map[string]engine.Report {
	return map[string]engine.Report{
		"a SAML response":                   signedIn(),
		"a response with a bad signature":   tampered(),
		"a response with two assertions":    wrapped(),
		"an encrypted assertion":            sealed(),
		"a response that can't be read":     unreadable(),
		"a response of thousands of things": enormous(),
	}
}

// tags are the elements of the response's tree: each line with what it says
// of itself, and the class of its frame.
func tags(t *testing.T, fragment string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, n := range parse(t, fragment) {
		if n.Data != "li" || n.Parent == nil {
			continue
		}
		line := n.FirstChild
		for line != nil && line.Data != "details" {
			line = line.NextSibling
		}
		if line == nil {
			continue
		}
		words := text(line.FirstChild) // the summary
		if strings.Contains(words, "Assertion") || strings.Contains(words, "Response") {
			class, _ := attr(n, "class")
			out[words] = class
		}
	}
	return out
}

func TestWhatIsSignedIsFramed(t *testing.T) {
	for name, test := range map[string]struct {
		report engine.Report
		line   string // begins so
		says   string
		frame  string
	}{
		"verified":     {signedIn(), "saml:Assertion ID _a1", "✓ signed, verified", "frame is-passed"},
		"around it":    {signedIn(), "samlp:Response ID _r1", "– not signed", ""},
		"broken":       {tampered(), "saml:Assertion ID _a1", "✕ signature not good", "frame is-broken is-failed"},
		"named":        {wrapped(), "saml:Assertion ID _a1", "~ named by a signature, not checked", "frame is-named is-assumed"},
		"forged":       {wrapped(), "saml:Assertion ID _evil", "✕ not signed", "frame is-stray is-failed"},
		"in the clear": {sealed(), "saml:EncryptedAssertion", "– not signed", ""},
		"decrypted":    {sealed(), "saml:Assertion ID _a1", "✓ signed, verified", "frame is-passed"},
	} {
		found := false
		for line, frame := range tags(t, render(t, test.report, 0)) {
			if strings.HasPrefix(line, test.line) {
				found = true
				if !strings.HasSuffix(line, test.says) || frame != test.frame {
					t.Errorf("%s: got %q framed %q, want it to end in %q framed %q", name, line, frame, test.says, test.frame)
				}
			}
		}
		if !found {
			t.Errorf("%s: no line begins with %q", name, test.line)
		}
	}
}

// TestAForgedIdentityIsNeverAccepted looks at every mention of it.
func TestAForgedIdentityIsNeverAccepted(t *testing.T) {
	nodes := parse(t, render(t, wrapped(), 0))
	if got, want := text(byID(t, nodes, "assertions")), "2 assertions in one response ~ named by a signature, not checked dana@example.com ✕ not signed evil@attacker.test"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
	for _, n := range nodes {
		if n.Type != html.TextNode || !strings.Contains(n.Data, "evil@") {
			continue
		}
		for up := n.Parent; up != nil; up = up.Parent {
			if class, _ := attr(up, "class"); strings.Contains(class, "is-passed") {
				t.Errorf("the forged identity stands in an element of class %q", class)
			}
		}
	}
}

func TestAResponseIsToldInWords(t *testing.T) {
	for want, r := range map[string]engine.Report{
		"Pasted: a HAR excerpt, in it a form's body, in it base64, in it the XML below.": signedIn(),
		"Pasted: base64, in it what can't be read as XML.":                               unreadable(),
		"What is framed is proven":                                                       signedIn(),
		"isn't good, so nothing in the response is proven":                               tampered(),
		"No signature was checked, so nothing in the response":                           wrapped(),
		"The assertion, decrypted":                                                       sealed(),
		"The digests differ: the Assertion isn't what was signed.":                       tampered(),
		"The digests are equal: the Assertion is as it was when":                         signedIn(),
		"xmlns:odd=urn:odd":                                                              signedIn(),
		"signs #_a1":                                                                     signedIn(),
	} {
		if got := text(byID(t, parse(t, render(t, r, 0)), "saml-view")); !strings.Contains(got, want) {
			t.Errorf("got %q want it to contain %q", got, want)
		}
	}
}

func TestAttributesStandWithTheTrustPolicy(t *testing.T) {
	nodes := parse(t, render(t, signedIn(), 0))
	trust := byID(t, nodes, "stage-trust")
	table := byID(t, nodes, "attributes")
	if !slices.Contains(slices.Collect(trust.Descendants()), table) {
		t.Error("the attributes stand elsewhere")
	}
	got := text(table)
	for _, want := range []string{"RoleSessionName https://aws.amazon.com/SAML/Attributes/RoleSessionName dana@example.com names the session key sts:RoleSessionName", "groups dev ops no condition key"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q want it to contain %q", got, want)
		}
	}
	if got := text(byID(t, nodes, "statement-0-0-condition-0")); !strings.Contains(got, "response says") {
		t.Errorf("got %q want it to say what the response says", got)
	}
}

func TestElementsLeadToWhatWasPasted(t *testing.T) {
	for _, n := range parse(t, render(t, signedIn(), 0)) {
		if line, _ := attr(n, "data-line"); line != "12" || text(n) != "line 12 saml:Assertion in the text" {
			continue
		}
		path, _ := attr(n, "data-goto-path")
		column, _ := attr(n, "data-column")
		if path == "/calls/0/params/SAMLAssertion" && column == "3" {
			return
		}
	}
	t.Error("no link leads to line 12, column 3 of the response")
}

func TestTheStagesOfASAMLCall(t *testing.T) {
	var got []string
	for _, n := range parse(t, render(t, tampered(), 0)) {
		if id, _ := attr(n, "id"); n.Data == "li" && strings.HasPrefix(id, "stage-") {
			got = append(got, strings.TrimPrefix(id, "stage-"))
		}
	}
	if want := []string{"request", "provider", "response", "signature", "assertion", "time", "session", "trust", "result"}; !slices.Equal(got, want) {
		t.Errorf("got %q want %q", got, want)
	}
}

func TestAnEnormousResponseStaysSmall(t *testing.T) {
	fragment := render(t, enormous(), 0)
	if len(fragment) > 130_000 {
		t.Errorf("got %d bytes of HTML", len(fragment))
	}
	for _, want := range []string{"2,960 more elements, not drawn here", "and 2,976 more"} {
		if !strings.Contains(fragment, want) {
			t.Errorf("nothing says %q", want)
		}
	}
}
