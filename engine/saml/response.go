package saml

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/beevik/etree"

	"stsplayground/engine/source"
)

// Response is a SAML response whose shape is that of the profile: a Response
// with exactly one assertion as its child, in the clear or encrypted, IDs that
// are unique, signatures where the profile has them. Nothing in it is proven.
type Response struct {
	Encrypted bool // the assertion came encrypted

	document   *Document
	root       *etree.Element // the Response, as sent; nothing ever changes it
	assertion  *etree.Element // the Assertion, in the clear: below root, or in a tree of its own; nil until Decrypt opens it
	opened     *opening       // what Decrypt did; nil before it
	signatures []Signature    // as Verify found them
	careless   bool           // of OpenCarelessly
}

// Verified is what may be read of a response.
type Verified struct {
	Assertion  *etree.Element // made of the verified bytes, with no parent
	Response   *etree.Element // the same of the whole Response; nil unless it was signed
	Signatures []Signature    // that were checked, the Response's first
	Warnings   []string       // what its owner should know, although it is good
}

// Outer are the facts of the Response around its assertion, "" where it
// doesn't have them. Only those of a Verified are proven.
type Outer struct {
	ID, Issuer, Destination, InResponseTo, IssueInstant string
	Status                                              []string // the values of the StatusCodes, the outermost first
	Message                                             string   // the StatusMessage
}

// Outer reads what stands around the assertion. Nothing of it is proven: who
// signs the assertion alone leaves it to anyone on the way.
func (r *Response) Outer() Outer {
	return outerOf(r.root)
}

// Outer reads what stands around the assertion; false unless the Response
// itself was signed.
func (v *Verified) Outer() (Outer, bool) {
	if v.Response == nil {
		return Outer{}, false
	}
	return outerOf(v.Response), true
}

func outerOf(root *etree.Element) Outer {
	o := Outer{
		ID:           attrOf(root, "ID"),
		Destination:  attrOf(root, "Destination"),
		InResponseTo: attrOf(root, "InResponseTo"),
		IssueInstant: attrOf(root, "IssueInstant"),
	}
	if issuer := childOf(root, nsAssertion, "Issuer"); issuer != nil {
		o.Issuer = textOf(issuer)
	}
	status := childOf(root, nsProtocol, "Status")
	if status == nil {
		return o
	}
	if message := childOf(status, nsProtocol, "StatusMessage"); message != nil {
		o.Message = textOf(message)
	}
	for code := childOf(status, nsProtocol, "StatusCode"); code != nil; code = childOf(code, nsProtocol, "StatusCode") {
		o.Status = append(o.Status, attrOf(code, "Value"))
	}
	return o
}

// Open looks at the response's shape, and refuses every one in which two
// readers could see two different assertions. That is what signature wrapping
// lives on: the verifier finds the signed assertion, and whoever comes after
// it finds another.
func Open(d *Document) (*Response, *Refusal) {
	r := &Response{document: d, root: d.Tree().Root()}
	if r.root == nil {
		return nil, &Refusal{
			Rule: ruleShape, Reason: NotSAML,
			Expected: "a SAML response", Found: "no XML element",
			Why: "There is no response to read; paste the SAMLResponse that the identity provider sends to AWS.",
		}
	}
	if refusal := r.check(); refusal != nil {
		return nil, refusal
	}
	return r, nil
}

func (r *Response) check() *Refusal {
	if refusal := r.checkRoot(); refusal != nil {
		return refusal
	}
	if refusal := r.checkPlaces(); refusal != nil {
		return refusal
	}
	if refusal := r.checkIDs(r.root); refusal != nil || r.assertion == nil {
		return refusal
	}
	return r.checkAssertion(r.assertion)
}

// others are the elements that are pasted in place of a Response, and what to
// say of them.
var others = []struct{ space, local, found, why string }{
	{nsAssertion, "Assertion", "a bare Assertion", "STS takes the whole Response that the identity provider posts, with the Assertion in it; paste the SAMLResponse."},
	{nsAssertion, "EncryptedAssertion", "a bare EncryptedAssertion", "STS takes the whole Response that the identity provider posts, with the EncryptedAssertion in it; paste the SAMLResponse."},
	{nsProtocol, "AuthnRequest", "an AuthnRequest", "That is the request to sign in, which goes to the identity provider; paste the SAMLResponse that it answers with."},
	{nsProtocol, "LogoutRequest", "a LogoutRequest", "That is a message about signing out, and it says nothing of who signs in; paste the SAMLResponse of a sign-in."},
	{nsProtocol, "LogoutResponse", "a LogoutResponse", "That is a message about signing out, and it says nothing of who signs in; paste the SAMLResponse of a sign-in."},
	{nsProtocol, "ArtifactResponse", "an ArtifactResponse", "STS takes the Response as it is posted, not the answer to an artifact; paste the Response inside, as its issuer sent it."},
	{nsMetadata, "EntityDescriptor", "an identity provider's metadata", "The metadata belongs to the SAML provider in IAM; what STS takes is the SAMLResponse of a sign-in."},
	{nsMetadata, "EntitiesDescriptor", "metadata of several entities", "The metadata belongs to the SAML provider in IAM; what STS takes is the SAMLResponse of a sign-in."},
	{"urn:oasis:names:tc:SAML:1.0:protocol", "Response", "a Response of SAML 1.1", "AWS takes SAML 2.0 only; have the identity provider use the SAML 2.0 application for AWS."},
	{"urn:oasis:names:tc:SAML:1.0:assertion", "Assertion", "an Assertion of SAML 1.1", "AWS takes SAML 2.0 only; have the identity provider use the SAML 2.0 application for AWS."},
}

func (r *Response) checkRoot() *Refusal {
	if is(r.root, nsProtocol, "Response") {
		return r.checkVersion(r.root)
	}
	refusal := r.refuse(r.root, OtherRoot, "a Response in the namespace "+nsProtocol, nameOf(r.root),
		"STS reads a SAML 2.0 Response and nothing else; paste the SAMLResponse that the identity provider sends to AWS.")
	for _, other := range others {
		if is(r.root, other.space, other.local) {
			refusal.Found, refusal.Why = other.found, other.why
			return refusal
		}
	}
	if inner := find(r.root, nsProtocol, "Response"); inner != nil {
		refusal.Found = "a Response inside " + nameOf(r.root)
		refusal.Why = "The Response has to be the outermost element, since whoever wraps it decides what else stands beside it; take it out of what is around it."
	}
	return refusal
}

// checkVersion looks at what a Response and an Assertion have in common:
// Version and ID.
func (r *Response) checkVersion(el *etree.Element) *Refusal {
	if version, found := lookAttr(el, "Version"); version != "2.0" {
		return r.refuse(el, WrongShape, `Version="2.0" on the `+el.Tag, attrFound("Version", version, found),
			"SAML Core §2.3.3 and §3.2.2 have every SAML 2.0 message say its version, and AWS takes no other.")
	}
	id, found := lookAttr(el, "ID")
	if id == "" {
		return r.refuse(el, WrongShape, "an ID on the "+el.Tag, attrFound("ID", id, found),
			"A signature says by its ID what it signs, so without one it could be for anything; have the identity provider give it one.")
	}
	if !isName(id) {
		return r.refuse(el, WrongShape, "an ID of letters, digits, full stops, hyphens and underscores on the "+el.Tag, "ID "+source.Quote(id),
			"An ID is an XML name without a colon (xs:ID), and readers disagree about what a reference to any other text means; have the identity provider make another.")
	}
	return nil
}

// checkIDs holds that no reference can mean two elements. Readers differ in
// which attributes they take for IDs, so all that look like one count.
func (r *Response) checkIDs(roots ...*etree.Element) *Refusal {
	seen := map[string]*etree.Element{}
	for _, root := range roots {
		refusal := walk(root, func(el *etree.Element) *Refusal { return r.checkID(el, seen) })
		if refusal != nil {
			return refusal
		}
	}
	return nil
}

func (r *Response) checkID(el *etree.Element, seen map[string]*etree.Element) *Refusal {
	count := 0
	for _, a := range el.Attr {
		if !strings.EqualFold(a.Key, "ID") || a.Space == "xmlns" {
			continue
		}
		count++
		switch other := seen[a.Value]; {
		case a.Space != "":
			return r.refuse(el, WrongShape, "ID without a prefix on the "+el.Tag, a.FullKey()+" "+source.Quote(a.Value),
				"Some readers take a prefixed ID for the element's ID and some don't, so a signature could mean two elements (signature wrapping); paste the response as the identity provider sent it.")
		case count > 1:
			return r.refuse(el, WrongShape, "one ID on the "+el.Tag, a.FullKey()+" "+source.Quote(a.Value)+" beside another",
				"An element with two IDs can be meant by two references (signature wrapping); paste the response as the identity provider sent it.")
		case other != nil:
			return r.refuse(el, WrongShape, "IDs that are unique", fmt.Sprintf("%s %s on %s and on %s", a.Key, source.Quote(a.Value), pathOf(other), pathOf(el)),
				"Where two elements have one ID, a signature verifies one and the other is read (signature wrapping); paste the response as the identity provider sent it.")
		}
		seen[a.Value] = el
	}
	return nil
}

// checkPlaces holds that assertions and signatures are nowhere but where SAML
// has them, and finds the one assertion.
func (r *Response) checkPlaces() *Refusal {
	var first *etree.Element // Assertion or EncryptedAssertion
	for _, el := range r.root.ChildElements() {
		if !isAssertion(el) {
			continue
		}
		if first != nil {
			return r.refuse(el, WrongShape, "exactly one assertion in the Response", article(el)+" beside "+article(first),
				"With several assertions it is open which one is meant, and one that is signed lends its looks to one that isn't (signature wrapping); have the identity provider send one.")
		}
		first = el
	}
	if refusal := r.walkPlaces(r.root, first); refusal != nil {
		return refusal
	}
	if first == nil {
		return r.refuseEmpty()
	}
	if first.Tag == "EncryptedAssertion" {
		r.Encrypted = true
	} else {
		r.assertion = first
	}
	return nil
}

// walkPlaces looks at every element below root, which is a Response or a
// decrypted assertion; only is the assertion that may be there.
func (r *Response) walkPlaces(root, only *etree.Element) *Refusal {
	signed := map[*etree.Element]bool{}
	single := map[string]bool{}
	return walk(root, func(el *etree.Element) *Refusal {
		parent := el.Parent()
		switch {
		case el == r.root || el == only:
			return nil
		case isAssertion(el), is(el, nsProtocol, "Response"):
			return r.refuse(el, WrongShape, "no "+el.Tag+" but the Response's child", el.Tag+" in "+pathOf(parent),
				"An assertion in another place can carry the signature while the one in its place is read (signature wrapping); have the identity provider send one assertion, and nothing of the kind inside it.")
		case is(el, nsSignature, "Signature"):
			if parent != r.root && (parent != only || only.Tag != "Assertion") {
				return r.refuse(el, WrongShape, "signatures on the Response and on its Assertion only", "Signature in "+pathOf(parent),
					"SAML Core §5.4.1 has the signature inside the element that it signs; in another place it makes something look signed that isn't (signature wrapping).")
			}
			if signed[parent] {
				return r.refuse(el, WrongShape, "at most one Signature on the "+parent.Tag, "a second one",
					"Which of two signatures counts is open, and SAML's schema has one; have the identity provider sign once.")
			}
			signed[parent] = true
		case parent == r.root && (is(el, nsAssertion, "Issuer") || is(el, nsProtocol, "Status")):
			if single[el.Tag] {
				return r.refuse(el, WrongShape, "one "+el.Tag+" in the Response", "a second one",
					"SAML's schema has it once, and readers disagree about which of two counts; leave the other out.")
			}
			single[el.Tag] = true
		}
		return nil
	})
}

// refuseEmpty says what is there where no assertion is.
func (r *Response) refuseEmpty() *Refusal {
	refusal := r.refuse(r.root, WrongShape, "an Assertion in the Response", "none",
		"Without an assertion the response says nothing of who signs in.")
	if o := r.Outer(); len(o.Status) > 0 && o.Status[0] != statusSuccess {
		refusal.Found = "none, with the status " + source.Quote(strings.Join(o.Status, " "))
		if o.Message != "" {
			refusal.Found += " and the message " + source.Quote(o.Message)
		}
		refusal.Why = "The identity provider refuses the sign-in and sends no assertion; its status says why."
	}
	return refusal
}

const statusSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success"

// checkAssertion looks at the Assertion itself, as sent or as decrypted.
func (r *Response) checkAssertion(assertion *etree.Element) *Refusal {
	if refusal := r.checkVersion(assertion); refusal != nil {
		return refusal
	}
	return walk(assertion, func(el *etree.Element) *Refusal {
		if refusal := r.checkOnce(el); refusal != nil {
			return refusal
		}
		if !isLeaf(el) {
			return nil
		}
		if inner := el.ChildElements(); len(inner) > 0 {
			return r.refuse(inner[0], WrongShape, "text and nothing else in "+pathOf(el), nameOf(inner[0])+" in it",
				"Readers disagree about the text around an element, so that a name can be cut off where it suits an attacker; have the identity provider send text alone.")
		}
		return nil
	})
}

// singles are the elements that SAML's schema has once in another, those that
// say who, for whom and until when (SAML Core §2.3.3, §2.4.1, §2.4.1.1).
var singles = map[string][]string{
	"Assertion":           {"Issuer", "Subject", "Conditions"},
	"Subject":             {"BaseID", "NameID", "EncryptedID"},
	"SubjectConfirmation": {"SubjectConfirmationData"},
}

// checkOnce holds that nothing of singles is in the element twice.
func (r *Response) checkOnce(el *etree.Element) *Refusal {
	once := singles[el.Tag]
	if once == nil || el.NamespaceURI() != nsAssertion {
		return nil
	}
	seen := map[string]bool{}
	for _, child := range el.ChildElements() {
		if !slices.Contains(once, child.Tag) || child.NamespaceURI() != nsAssertion {
			continue
		}
		if seen[child.Tag] {
			return r.refuse(child, WrongShape, "one "+child.Tag+" in the "+el.Tag, "a second one",
				"SAML's schema has it once, and readers disagree about which of two counts; have the identity provider send one.")
		}
		seen[child.Tag] = true
	}
	return nil
}

// isLeaf tells whether the element may have text only. An AttributeValue can
// have any content (SAML Core §2.7.3.1.1), and genuine ones do: the NameID in
// an eduPersonTargetedID. Those of the attributes that AWS reads can't, and
// whoever reads the text of another has to look.
func isLeaf(el *etree.Element) bool {
	if el.NamespaceURI() != nsAssertion {
		return false
	}
	switch el.Tag {
	case "NameID", "Issuer", "Audience", "AuthnContextClassRef", "AuthnContextDeclRef", "AuthenticatingAuthority", "AssertionIDRef", "AssertionURIRef":
		return true
	case "AttributeValue":
		return isAWS(attrOf(el.Parent(), "Name"))
	}
	return false
}

// refuse is a refusal that is about the element.
func (r *Response) refuse(el *etree.Element, reason Reason, expected, found, why string) *Refusal {
	refusal := &Refusal{Rule: ruleShape, Reason: reason, Expected: expected, Found: found, Why: why}
	refusal.Line, refusal.Column = r.place(el)
	return refusal
}

// place is where the element begins in the text as pasted. All of a decrypted
// assertion is where the EncryptedAssertion is.
func (r *Response) place(el *etree.Element) (line, column int) {
	at := r.document.Root
	if at == nil {
		return 0, 0
	}
	var path []int
	for ; el != r.root; el = el.Parent() {
		if el.Parent() == nil {
			return r.placeOfAssertion()
		}
		index := 0
		for _, sibling := range el.Parent().ChildElements() {
			if sibling == el {
				break
			}
			index++
		}
		path = append(path, index)
	}
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] >= len(at.Children) {
			return 0, 0
		}
		at = at.Children[path[i]]
	}
	return r.document.Position(at.Start)
}

func (r *Response) placeOfAssertion() (line, column int) {
	if el := childOf(r.root, nsAssertion, "EncryptedAssertion"); el != nil {
		return r.place(el)
	}
	return 0, 0
}

// walk visits the element and all below it, in the order of the document, up
// to the first refusal.
func walk(el *etree.Element, visit func(*etree.Element) *Refusal) *Refusal {
	if refusal := visit(el); refusal != nil {
		return refusal
	}
	for _, child := range el.Child {
		if child, ok := child.(*etree.Element); ok {
			if refusal := walk(child, visit); refusal != nil {
				return refusal
			}
		}
	}
	return nil
}

// is compares by namespace and local name; a prefix decides nothing.
func is(el *etree.Element, space, local string) bool {
	return el.Tag == local && el.NamespaceURI() == space
}

func isAssertion(el *etree.Element) bool {
	return is(el, nsAssertion, "Assertion") || is(el, nsAssertion, "EncryptedAssertion")
}

// childOf is the first such child, nil where there is none.
func childOf(el *etree.Element, space, local string) *etree.Element {
	for _, child := range el.Child {
		if child, ok := child.(*etree.Element); ok && is(child, space, local) {
			return child
		}
	}
	return nil
}

// find is the first such element below el.
func find(el *etree.Element, space, local string) (found *etree.Element) {
	walk(el, func(inner *etree.Element) *Refusal {
		if found == nil && is(inner, space, local) {
			found = inner
		}
		return nil
	})
	return found
}

// lookAttr is the attribute of that name, without a prefix.
func lookAttr(el *etree.Element, name string) (value string, found bool) {
	for _, a := range el.Attr {
		if a.Space == "" && a.Key == name {
			return a.Value, true
		}
	}
	return "", false
}

func attrOf(el *etree.Element, name string) string {
	value, _ := lookAttr(el, name)
	return value
}

func attrFound(name, value string, found bool) string {
	if !found {
		return "no " + name
	}
	return name + " " + source.Quote(value)
}

// textOf is all of the element's own text: comments within it cut nothing
// off, as they do for readers that take the first piece (CVE-2018-7340 and
// its family).
func textOf(el *etree.Element) string {
	var text strings.Builder
	for _, child := range el.Child {
		if data, ok := child.(*etree.CharData); ok {
			text.WriteString(data.Data)
		}
	}
	return strings.Trim(text.String(), white)
}

func article(el *etree.Element) string { return "an " + el.Tag } // Assertion, EncryptedAssertion

// nameOf is the element as a message calls it: with the prefix that its
// specification gives it, whatever is declared.
func nameOf(el *etree.Element) string {
	space := el.NamespaceURI()
	for _, usual := range [...]struct{ space, prefix string }{
		{nsProtocol, "samlp:"}, {nsAssertion, "saml:"}, {nsMetadata, "md:"}, {nsSignature, "ds:"}, {nsEncryption, "xenc:"},
	} {
		if space == usual.space {
			return usual.prefix + source.Clip(el.Tag)
		}
	}
	if space == "" {
		return source.Clip(el.Tag) + " of no namespace"
	}
	return source.Clip(el.Tag) + " of " + source.Quote(space)
}

// pathOf is where the element is: the local names down to it.
func pathOf(el *etree.Element) string {
	path := el.Tag
	for up := el.Parent(); up != nil && up.Tag != ""; up = up.Parent() {
		path = up.Tag + "/" + path
	}
	return source.Clip(path)
}

// isName tells whether the text is an NCName but for its first character:
// identity providers are known to begin an ID with a digit.
func isName(text string) bool {
	for _, c := range text {
		if c != '_' && c != '-' && c != '.' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return false
		}
	}
	return text != ""
}
