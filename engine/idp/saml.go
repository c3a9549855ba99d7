package idp

import (
	"cmp"
	"crypto/rsa"
	"fmt"
	"strings"
	"time"

	"github.com/beevik/etree"

	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// The namespaces of what is minted. XML Signature and XML Encryption, and
// SAML 2.0 Core §1.2.
const (
	nsProtocol   = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion  = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsMetadata   = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsSignature  = "http://www.w3.org/2000/09/xmldsig#"
	nsEncryption = "http://www.w3.org/2001/04/xmlenc#"
	nsSchema     = "http://www.w3.org/2001/XMLSchema"
	nsInstance   = "http://www.w3.org/2001/XMLSchema-instance"
)

// SignIn is the sign-in at AWS that a response is made for, as the call of
// AssumeRoleWithSAML names it.
type SignIn struct {
	RoleArn      string
	PrincipalArn string         // of the SAML provider
	Region       string         // tells the partition where no ARN does
	Encrypt      *rsa.PublicKey // what an encrypted assertion is encrypted to; nil for none
}

// MintResponse makes the SAML response (SAML Core §3.3.3) that m describes, as
// XML. at is the call's moment, from which relative times count. iss is the
// scenario's issuer entry of ResponseIssuer(m); where it is nil or has no signing
// entries, a key named "playground" of that issuer signs with RS256. Otherwise
// the first entry's key signs, since nothing in the mint of a response names
// another.
//
// The findings are about what was typed; the response is minted nevertheless,
// as far as it can be: what can't be read is left at its default.
func (k *Keyring) MintResponse(m *scenario.Mint, iss *scenario.Issuer, to SignIn, at time.Time) (string, []trace.Finding) {
	p := &press{keyring: k, mint: m, at: at}
	d := p.draft(p.responseProfile(), to)
	d.signWith(p.keyring.signer(iss, d.issuer))
	return p.attackResponse(d), p.findings
}

// ResponseIssuer is the entity id of the identity provider whose response m
// describes: the one that it names, else its profile's.
func ResponseIssuer(m *scenario.Mint) string {
	for i := range responseProfiles {
		if m.Issuer == "" && responseProfiles[i].Name == m.Profile {
			return responseProfiles[i].EntityID
		}
	}
	return cmp.Or(m.Issuer, responseProfiles[0].EntityID)
}

// signer is the key of the issuer's first signing entry.
func (k *Keyring) signer(iss *scenario.Issuer, issuer string) *key {
	if iss == nil || len(iss.Signing) == 0 {
		iss = &scenario.Issuer{EntityID: issuer, Signing: []scenario.Signing{{}}}
	}
	return k.key(nameOf(identity(iss), iss.Signing[0]))
}

// draft is a response that is about to be written, signed and sent.
type draft struct {
	profile     *responseProfile
	keyring     *Keyring
	seed        string // of ids, and of keys that have to be made up
	issuer      string
	nameID      string
	recipient   string // where the browser posts the response
	audience    string
	times       instants
	attributes  []attribute
	responseID  string
	assertionID string
	index       string // of the session
	at          time.Time
	to          SignIn
	sign        signMode
	cipher      *contentCipher // nil: the assertion stays in the clear
	seal        seal
	forgedRole  string         // that an attack's forged assertion names
	given       *etree.Element // a response that was made elsewhere and is attacked as it is; nil for one to be built
}

// attribute is one attribute of the assertion, by its full name.
type attribute struct {
	name   string
	values []string
}

// draft is what the mint describes, on top of what the profile sends.
func (p *press) draft(profile *responseProfile, to SignIn) *draft {
	m := p.mint
	region := partitionOf(to)
	d := &draft{
		profile: profile, keyring: p.keyring, at: p.at, to: to,
		issuer:    cmp.Or(m.Issuer, profile.EntityID),
		nameID:    cmp.Or(m.NameID, profile.nameID),
		recipient: cmp.Or(m.Recipient, region.recipient),
		audience:  cmp.Or(m.Audience, region.audience),
		times:     p.instants(profile),
		sign:      p.signMode(),

		forgedRole: cmp.Or(m.ForgedRole, evilRole),
	}
	d.seed = digest("response", d.issuer, profile.Name, d.nameID, d.recipient, d.audience, encodeNode(&m.Attributes.Node), encodeNode(&m.Times.Node),
		to.RoleArn, to.PrincipalArn, number(p.at.Unix()))
	d.responseID, d.assertionID, d.index = "_"+uuid("response", d.seed), "_"+uuid("assertion", d.seed), "_"+uuid("session", d.seed)
	d.attributes = p.attributes(d)
	d.cipher = p.contentCipher(to)
	return d
}

// partition is how one of AWS's partitions calls itself in SAML.
type partition struct{ name, regions, recipient, audience string }

// The endpoints are the IAM guide's (id_roles_providers_create_saml_assertions);
// the audiences are those of AWS's own metadata, saml-metadata.xml of each
// sign-in host, recalled for China and GovCloud.
var partitions = []partition{
	{"aws", "", "https://signin.aws.amazon.com/saml", "urn:amazon:webservices"},
	{"aws-cn", "cn-", "https://signin.amazonaws.cn/saml", "urn:amazon:webservices:cn-north-1"},
	{"aws-us-gov", "us-gov-", "https://signin.amazonaws-us-gov.com/saml", "urn:amazon:webservices:govcloud"},
}

// partitionOf is the partition of the sign-in: that of its ARNs, else that of
// its region, else the commercial one.
func partitionOf(to SignIn) partition {
	for _, arn := range []string{to.RoleArn, to.PrincipalArn} {
		for _, p := range partitions {
			if strings.HasPrefix(arn, "arn:"+p.name+":") {
				return p
			}
		}
	}
	for _, p := range partitions[1:] {
		if strings.HasPrefix(to.Region, p.regions) {
			return p
		}
	}
	return partitions[0]
}

// awsAttribute begins the names of the attributes that AWS STS reads (IAM
// guide, id_roles_providers_create_saml_assertions).
const awsAttribute = "https://aws.amazon.com/SAML/Attributes/"

// sessionName makes a role session name of a name: what
// [a-zA-Z_0-9+=,.@-]{2,64} doesn't have becomes a hyphen.
func sessionName(name string) string {
	text := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_+=,.@-", r) {
			return r
		}
		return '-'
	}, name)
	for len(text) < 2 {
		text += "-"
	}
	return text[:min(len(text), 64)]
}

// build writes the response without signatures. The elements are in the
// schema's order, and attributes and namespaces stand where canonical XML has
// them, so that what is signed can be read off what is sent.
func (d *draft) build() *etree.Element {
	if d.given != nil {
		return d.given.Copy()
	}
	s := d.profile.style
	root := etree.NewElement(qualified(s.protocol, "Response"))
	set(root, xmlns(s.protocol), nsProtocol, "Destination", d.recipient, "ID", d.responseID, "IssueInstant", d.times.issueInstant, "Version", "2.0")
	set(text(root, qualified(s.assertion, "Issuer"), d.issuer), xmlns(s.assertion), nsAssertion)
	status := root.CreateElement(qualified(s.protocol, "Status"))
	set(status.CreateElement(qualified(s.protocol, "StatusCode")), "Value", "urn:oasis:names:tc:SAML:2.0:status:Success")
	root.AddChild(d.buildAssertion())
	return root
}

func (d *draft) buildAssertion() *etree.Element {
	prefix := d.profile.style.assertion
	add := func(parent *etree.Element, name string, attributes ...string) *etree.Element {
		return set(parent.CreateElement(qualified(prefix, name)), attributes...)
	}
	a := etree.NewElement(qualified(prefix, "Assertion"))
	set(a, xmlns(prefix), nsAssertion, "ID", d.assertionID, "IssueInstant", d.times.issueInstant, "Version", "2.0")
	text(a, qualified(prefix, "Issuer"), d.issuer)

	subject := add(a, "Subject")
	add(subject, "NameID", "Format", d.profile.format).SetText(d.nameID)
	// No InResponseTo: the sign-in begins at the identity provider.
	add(add(subject, "SubjectConfirmation", "Method", bearer), "SubjectConfirmationData",
		"NotOnOrAfter", d.times.confirmationNotOnOrAfter, "Recipient", d.recipient)

	conditions := add(a, "Conditions", "NotBefore", d.times.notBefore, "NotOnOrAfter", d.times.notOnOrAfter)
	text(add(conditions, "AudienceRestriction"), qualified(prefix, "Audience"), d.audience)

	authn := add(a, "AuthnStatement", "AuthnInstant", d.times.authnInstant, "SessionIndex", d.index, "SessionNotOnOrAfter", d.times.sessionNotOnOrAfter)
	text(add(authn, "AuthnContext"), qualified(prefix, "AuthnContextClassRef"), d.profile.context)

	if len(d.attributes) == 0 {
		return a // the schema has no empty AttributeStatement
	}
	statement := add(a, "AttributeStatement")
	for _, attribute := range d.attributes {
		element := add(statement, "Attribute", "Name", attribute.name, "NameFormat", d.profile.nameFormat)
		for _, v := range attribute.values {
			value := add(element, "AttributeValue")
			if d.profile.style.typed {
				set(value, "xmlns:xs", nsSchema, "xmlns:xsi", nsInstance, "xsi:type", "xs:string")
			}
			value.SetText(v)
		}
	}
	return a
}

const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer"

// sealed signs and encrypts what build wrote, as the mint says: the assertion's
// signature is encrypted with it, and the Response's covers what is sent.
func (d *draft) sealed(root *etree.Element) *etree.Element {
	if d.given != nil {
		return root // it came with its signatures
	}
	if d.sign.assertion {
		d.signElement(assertionOf(root))
	}
	if d.cipher != nil {
		d.encrypt(root)
	}
	if d.sign.response {
		d.signElement(root)
	}
	return root
}

// honest is the response as it is described.
func (d *draft) honest() string { return write(d.sealed(d.build())) }

// assertionOf is the assertion of a response that has one, in the clear.
func assertionOf(root *etree.Element) *etree.Element { return root.SelectElement("Assertion") }

// find is the first element down that path of local names; nil where there
// is none.
func find(e *etree.Element, path ...string) *etree.Element {
	for _, name := range path {
		if e == nil {
			break
		}
		e = e.SelectElement(name)
	}
	return e
}

// write is the element as it is sent. Text is written as canonical XML has
// it, so that a carriage return survives.
func write(e *etree.Element) string {
	var out strings.Builder
	e.WriteTo(&out, &etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true})
	return out.String()
}

// set gives the element these attributes: name, value, name, value and so
// on. An attribute without a value is left out.
func set(e *etree.Element, pairs ...string) *etree.Element {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			e.CreateAttr(pairs[i], pairs[i+1])
		}
	}
	return e
}

// text adds an element that holds text.
func text(parent *etree.Element, name, content string) *etree.Element {
	e := parent.CreateElement(name)
	e.SetText(content)
	return e
}

// qualified is a name with its prefix, if there is one.
func qualified(prefix, local string) string {
	if prefix == "" {
		return local
	}
	return prefix + ":" + local
}

func xmlns(prefix string) string {
	if prefix == "" {
		return "xmlns"
	}
	return "xmlns:" + prefix
}

// signMode says which elements of a response are signed.
type signMode struct{ assertion, response bool }

var signModes = map[string]signMode{
	"":          {assertion: true},
	"assertion": {assertion: true},
	"response":  {response: true},
	"both":      {assertion: true, response: true},
	"none":      {},
}

func (p *press) signMode() signMode {
	mode, ok := signModes[p.mint.Sign]
	if !ok {
		p.unknownIn(signKnown, "sign", "way to sign", p.mint.Sign, []string{"assertion", "response", "both", "none"}, "the assertion is signed")
		return signModes[""]
	}
	return mode
}

// responseProfile is the one that the mint names. Without a name, or with an
// unknown one, it is the plain profile.
func (p *press) responseProfile() *responseProfile {
	if p.mint.Profile == "" {
		return &responseProfiles[0]
	}
	var names []string
	for i := range responseProfiles {
		if responseProfiles[i].Name == p.mint.Profile {
			return &responseProfiles[i]
		}
		names = append(names, responseProfiles[i].Name)
	}
	p.unknown(profileKnown, "profile", p.mint.Profile, names, "the response has the plain attributes")
	return &responseProfiles[0]
}

// attackResponse stages the attack that the mint names on the response.
// Without one, or with one that is unknown or doesn't fit, it stays honest.
func (p *press) attackResponse(d *draft) string {
	if p.mint.Attack == "" {
		return d.honest()
	}
	var names []string
	for i := range responseAttacks {
		a := &responseAttacks[i]
		if a.Name != p.mint.Attack {
			names = append(names, a.Name)
			continue
		}
		if p.mint.Sign == "" && a.fits != nil && !a.fits(d) {
			d.sign = signMode{response: true} // the mint leaves open what is signed, so the attack says it
		}
		if a.fits == nil || a.fits(d) {
			return a.stage(d)
		}
		p.find(attackSuits, trace.SeverityError, trace.At{Path: p.mint.Path + "/attack"}, fmt.Sprintf(
			"The attack %s needs %s, and the mint describes %s; the response stays honest until it does.", quote(a.Name), a.needs, d.described()))
		return d.honest()
	}
	p.unknown(attackKnown, "attack", p.mint.Attack, names, "the response stays honest")
	return d.honest()
}

// described says how the response is protected, with its article.
func (d *draft) described() string {
	what := "a response without a signature"
	switch d.sign {
	case signMode{assertion: true}:
		what = "a signed assertion"
	case signMode{response: true}:
		what = "a signed response"
	case signMode{assertion: true, response: true}:
		what = "a signed assertion in a signed response"
	}
	if d.cipher != nil {
		what += ", encrypted"
	}
	return what + ", with a key for " + d.seal.key.alg.name
}
