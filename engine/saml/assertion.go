package saml

import (
	"fmt"
	"strings"
	"time"

	"github.com/beevik/etree"

	"stsplayground/engine/source"
)

// Assertion is what an assertion says, read from the element that was
// verified and from nothing else (SAML Core §2.3.3). A member that the
// assertion doesn't have is zero.
type Assertion struct {
	ID            string
	IssueInstant  Instant
	Issuer        string
	NameID        NameID
	HasSubject    bool
	Confirmations []Confirmation
	Conditions    Conditions
	Statements    []AuthnStatement
	Attributes    []Attribute
	Problems      []string // what in it can't be read as SAML has it, in sentences without a full stop
}

// NameID is the subject's identifier (SAML Core §2.2.2). Given is false where
// the subject has none.
type NameID struct {
	Given                                 bool
	Value, Format                         string
	NameQualifier, SPNameQualifier, SPPID string
	Encrypted                             bool // the subject has an EncryptedID in its place, which isn't opened
}

// Confirmation is a SubjectConfirmation (SAML Core §2.4.1.1).
type Confirmation struct {
	Method                  string
	HasData                 bool
	Recipient, InResponseTo string
	NotBefore, NotOnOrAfter Instant
}

// Bearer is the method of the web browser profile (SAML Profiles §3.3).
const Bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer"

// Conditions are those of the assertion (SAML Core §2.5.1). Audiences has one
// list for each AudienceRestriction, and each of them must be met.
type Conditions struct {
	Given                   bool
	NotBefore, NotOnOrAfter Instant
	Audiences               [][]string
}

// AuthnStatement says how and when the subject signed in (SAML Core §2.7.2).
type AuthnStatement struct {
	AuthnInstant, SessionNotOnOrAfter Instant
	SessionIndex, ContextClass        string
}

// Attribute is one Attribute element; two of one name stay two.
type Attribute struct {
	Name, FriendlyName, NameFormat string
	Values                         []string
}

// Instant is a moment as the assertion writes it. Given is false where it
// isn't there, Known where the text is no moment. Time alone doesn't tell:
// there are programs that write 0001-01-01T00:00:00Z, which is its zero value.
type Instant struct {
	Given, Known bool
	Text         string
	Time         time.Time // UTC
}

// ParseInstant reads an xs:dateTime as SAML Core §1.3.3 has it: in UTC, with
// Z. Fractions of a second may have any number of digits. Offsets, moments
// without a zone and 24:00:00 are refused; AWS's own reading isn't documented.
func ParseInstant(text string) (time.Time, bool) {
	const whole = "2006-01-02T15:04:05"
	text = strings.Trim(text, white)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, false
	}
	// Go takes hours of one digit and fractions behind a comma, too.
	rest, ok := strings.CutPrefix(text, t.Format(whole))
	fraction, zulu := strings.CutSuffix(rest, "Z")
	digits, point := strings.CutPrefix(fraction, ".")
	return t.UTC(), ok && zulu && (fraction == "" || point && digits != "")
}

// ReadAssertion reads a verified assertion, or one that is taken on trust.
func ReadAssertion(el *etree.Element) Assertion { return readAssertion(el, reader{}) }

func readAssertion(el *etree.Element, r reader) Assertion {
	a := Assertion{
		ID:           attrOf(el, "ID"),
		IssueInstant: r.instant(el, "IssueInstant"),
		Issuer:       r.text(childOf(el, nsAssertion, "Issuer")),
	}
	if !a.IssueInstant.Given {
		r.problem("the assertion has no IssueInstant, and SAML Core §2.3.3 requires one")
	}
	if v := attrOf(el, "Version"); v != "2.0" {
		r.problem("the assertion's Version is %s, not 2.0", source.Quote(v))
	}
	if subject := childOf(el, nsAssertion, "Subject"); subject != nil {
		a.HasSubject = true
		a.NameID = r.nameID(childOf(subject, nsAssertion, "NameID"))
		a.NameID.Encrypted = childOf(subject, nsAssertion, "EncryptedID") != nil
		for _, c := range childrenOf(subject, nsAssertion, "SubjectConfirmation") {
			a.Confirmations = append(a.Confirmations, r.confirmation(c))
		}
	}
	if conditions := childOf(el, nsAssertion, "Conditions"); conditions != nil {
		a.Conditions = Conditions{Given: true, NotBefore: r.instant(conditions, "NotBefore"), NotOnOrAfter: r.instant(conditions, "NotOnOrAfter")}
		for _, restriction := range childrenOf(conditions, nsAssertion, "AudienceRestriction") {
			audiences := []string{}
			for _, audience := range childrenOf(restriction, nsAssertion, "Audience") {
				audiences = append(audiences, strings.Trim(r.text(audience), white))
			}
			a.Conditions.Audiences = append(a.Conditions.Audiences, audiences)
		}
	}
	for _, s := range childrenOf(el, nsAssertion, "AuthnStatement") {
		statement := AuthnStatement{
			AuthnInstant: r.instant(s, "AuthnInstant"), SessionNotOnOrAfter: r.instant(s, "SessionNotOnOrAfter"),
			SessionIndex: attrOf(s, "SessionIndex"),
		}
		if context := childOf(s, nsAssertion, "AuthnContext"); context != nil {
			statement.ContextClass = strings.Trim(r.text(childOf(context, nsAssertion, "AuthnContextClassRef")), white)
		}
		a.Statements = append(a.Statements, statement)
	}
	for _, statement := range childrenOf(el, nsAssertion, "AttributeStatement") {
		for _, el := range childrenOf(statement, nsAssertion, "Attribute") {
			a.Attributes = append(a.Attributes, r.attributeOf(el))
		}
	}
	a.Problems = r.problems
	return a
}

// Named are the attributes of that exact name: "values are case-sensitive"
// (IAM guide, "Configure SAML assertions for the authentication response").
func (a *Assertion) Named(name string) []Attribute {
	var named []Attribute
	for _, one := range a.Attributes {
		if one.Name == name {
			named = append(named, one)
		}
	}
	return named
}

// reader notes what can't be read. A careless one reads of a text what comes
// first.
type reader struct {
	problems []string
	careless bool
}

func (r *reader) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *reader) nameID(el *etree.Element) NameID {
	if el == nil {
		return NameID{}
	}
	return NameID{
		Given: true, Value: strings.Trim(r.text(el), white), Format: attrOf(el, "Format"),
		NameQualifier: attrOf(el, "NameQualifier"), SPNameQualifier: attrOf(el, "SPNameQualifier"),
		SPPID: attrOf(el, "SPProvidedID"),
	}
}

func (r *reader) confirmation(el *etree.Element) Confirmation {
	c := Confirmation{Method: attrOf(el, "Method")}
	if data := childOf(el, nsAssertion, "SubjectConfirmationData"); data != nil {
		c.HasData = true
		c.Recipient, c.InResponseTo = attrOf(data, "Recipient"), attrOf(data, "InResponseTo")
		c.NotBefore, c.NotOnOrAfter = r.instant(data, "NotBefore"), r.instant(data, "NotOnOrAfter")
	}
	return c
}

func (r *reader) attributeOf(el *etree.Element) Attribute {
	a := Attribute{Name: attrOf(el, "Name"), FriendlyName: attrOf(el, "FriendlyName"), NameFormat: attrOf(el, "NameFormat")}
	for _, value := range childrenOf(el, nsAssertion, "AttributeValue") {
		// What AWS doesn't read may hold what it likes (SAML Core
		// §2.7.3.1.1), such as the NameID of an eduPersonTargetedID.
		if len(value.ChildElements()) > 0 && !isAWS(a.Name) {
			continue
		}
		a.Values = append(a.Values, r.text(value))
	}
	return a
}

// isAWS says whether an attribute is one of those that AWS defines.
func isAWS(name string) bool {
	return strings.HasPrefix(name, "https://aws.amazon.com/SAML/Attributes/")
}

func (r *reader) instant(el *etree.Element, name string) Instant {
	text, given := lookAttr(el, name)
	if !given {
		return Instant{}
	}
	i := Instant{Given: true, Text: text}
	t, ok := ParseInstant(text)
	if !ok {
		r.problem("%s of %s is %s, and SAML writes moments in UTC, as in 2026-04-28T10:30:00Z", name, el.Tag, source.Quote(text))
		return i
	}
	i.Time, i.Known = t, true
	return i
}

// text is all of an element's character data, joined. A comment that parts
// it is no end of it (CVE-2018-7340 and its family); an element inside isn't
// text, and then there is none.
func (r *reader) text(el *etree.Element) string {
	if el == nil {
		return ""
	}
	var b strings.Builder
	for _, token := range el.Child {
		if _, isText := token.(*etree.CharData); r.careless && !isText {
			break
		}
		switch t := token.(type) {
		case *etree.CharData:
			b.WriteString(t.Data)
		case *etree.Element:
			r.problem("%s holds an element %s where it should hold text", el.Tag, t.Tag)
			return ""
		case *etree.ProcInst:
			r.problem("%s holds a processing instruction", el.Tag)
			return ""
		}
	}
	return b.String()
}

// childrenOf are the child elements of that name.
func childrenOf(el *etree.Element, space, local string) []*etree.Element {
	var all []*etree.Element
	for _, c := range el.ChildElements() {
		if c.Tag == local && c.NamespaceURI() == space {
			all = append(all, c)
		}
	}
	return all
}
