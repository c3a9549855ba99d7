package saml

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"stsplayground/engine/source"
)

// MetadataDocument is a provider's metadata document (SAML 2.0 Metadata, 2005) as IAM
// takes it: one EntityDescriptor, or several in an EntitiesDescriptor.
type MetadataDocument struct {
	Providers []Provider // those of the entities that are identity providers, in order
	Keys      []Key      // the signing keys of all of them, each once; also those that can't be used
	Problems  []Problem  // why IAM wouldn't register it, although it can be read here

	notes    []string
	validity []validity
	effort   int // of the keys

	root         *Element
	text         string // that root's offsets are in
	seen         int    // offset that line and column stand for
	line, column int
}

// Provider is one identity provider.
type Provider struct {
	EntityID                string
	Keys                    []int      // into the metadata's keys
	Endpoints               []Endpoint // SingleSignOnService, in order
	WantAuthnRequestsSigned bool
	ValidUntil              time.Time // zero where the metadata says nothing
	Line, Column            int       // of its EntityDescriptor
}

// Endpoint is where a provider takes requests.
type Endpoint struct {
	Binding, Location string
	Line, Column      int
}

// Problem is why IAM wouldn't register metadata, and the message that it
// answers; "" where AWS documents none.
type Problem struct {
	Refusal
	Message string
}

// What CreateSAMLProvider answers about metadata (IAM guide,
// id_roles_providers_create_saml and troubleshoot_saml).
const (
	MessageMetadata   = "Could not parse metadata."
	MessageExtensions = "Unable to parse metadata"
)

// IAM's bounds of a metadata document, in characters, and of the identity
// providers in one SAML provider.
const (
	minMetadata  = 1000
	maxMetadata  = 10000000
	maxProviders = 10
)

// What is read of hostile metadata: a provider that replaces its keys has two
// or three, and IAM takes ten providers.
const (
	readProviders = 100
	readKeys      = 100
	readNotes     = 50
	readEffort    = 120 // of all keys; as much as sixty RSA keys of 4096 bits
)

// The playground reads less than IAM's ten million characters; aggregates of
// whole federations are larger, and are no document for IAM.
var metadataLimits = limits{bytes: 1 << 20, depth: 64, elements: 20000, attributes: 64, namespaces: 128, around: 1 << 20}

// validity is a time that an entity or a group of them gives for itself.
type validity struct {
	of    string
	until time.Time
}

// ReadMetadata reads a metadata document. The refusal is for what can't be
// used here at all: no XML, no identity provider, none with a key. What is
// good enough to verify signatures with, and not for IAM, is in Problems.
func ReadMetadata(text string) (*MetadataDocument, *Refusal) {
	m := &MetadataDocument{}
	if len(text) > metadataLimits.bytes {
		return m, &Refusal{
			Rule: ruleMetadata, Reason: XMLLimit,
			Expected: fmt.Sprintf("at most %d bytes", metadataLimits.bytes), Found: fmt.Sprintf("%d bytes", len(text)),
			Why:      "IAM takes ten million characters, and the playground less; leave out the entities that aren't asked for.",
			Modelled: true,
		}
	}
	body := strings.TrimPrefix(text, mark)
	if r := metadataMistaken(strings.Trim(body, white)); r != nil {
		return m, r
	}
	root, f := gate(body, metadataLimits)
	m.root, m.text = root, body
	if f != nil {
		r := &Refusal{Rule: ruleMetadata, Reason: f.reason, Expected: f.expected, Found: f.found, Why: placed(f.why, "", 0, false), Modelled: f.reason == XMLLimit}
		r.Line, r.Column = source.Position(body, f.offset)
		return m, r
	}
	if len(body) < len(text) {
		m.problem(root, "UTF-8 without a byte order mark", "a byte order mark at the beginning", "IAM wants UTF-8 without the mark that some editors put first; save the document without it.", MessageMetadata)
	}
	if length := utf8.RuneCountInString(text); length < minMetadata || length > maxMetadata {
		m.problem(root, fmt.Sprintf("%d to %d characters", minMetadata, maxMetadata), count(length, "character"), "IAM takes no shorter document; real metadata has a certificate, and is longer.", "")
	}
	return m, m.read()
}

// metadataMistaken refuses what people paste in place of metadata, told by how
// it begins.
func metadataMistaken(text string) *Refusal {
	found, why := "", ""
	switch {
	case text == "":
		found, why = "nothing", "The metadata is empty; download it from the identity provider and paste the XML."
	case strings.HasPrefix(text, "https://"), strings.HasPrefix(text, "http://"):
		found, why = "an address", "Nothing is fetched here; open the address and paste the XML that it serves."
	case strings.HasPrefix(text, "-----BEGIN"), strings.HasPrefix(text, "MII"):
		found, why = "a certificate or a key", "The certificate is a part of the metadata; download the whole from the identity provider and paste the XML."
	case strings.HasPrefix(text, "{") && strings.Contains(text, `"Statement"`):
		found, why = "a policy", "A policy goes to the role; download the SAML metadata from the identity provider and paste the XML."
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		found, why = "JSON", "A discovery document or a key set is OpenID Connect's; download the SAML metadata from the identity provider and paste the XML."
	case strings.HasPrefix(text, "PD94b"), strings.HasPrefix(text, "PEVud"), strings.HasPrefix(text, "PG1kO"):
		found, why = "base64", "IAM takes metadata as XML, not in base64; decode it first."
	case strings.HasPrefix(text, "PHNhb"):
		found, why = "a SAML response in base64", "The response goes to AssumeRoleWithSAML as SAMLAssertion; download the metadata from the identity provider and paste the XML."
	case !strings.HasPrefix(text, "<"):
		found, why = source.Quote(text), "The text is no XML; download the metadata from the identity provider and paste it."
	case isPage(text):
		found, why = "a page of HTML", "The address served a page, perhaps to sign in at; download the metadata from the identity provider and paste the XML."
	default:
		return nil
	}
	return &Refusal{Rule: ruleMetadata, Reason: Metadata, Expected: "an EntityDescriptor of SAML 2.0 metadata", Found: found, Why: why, Line: 1, Column: 1}
}

// position is where an element begins. Most are asked for in document order,
// so that the text is counted about once.
func (m *MetadataDocument) position(e *Element) (line, column int) {
	if e.Start < m.seen || m.line == 0 {
		m.seen, m.line, m.column = 0, 1, 1
	}
	between := m.text[m.seen:e.Start]
	if i := strings.LastIndexByte(between, '\n'); i >= 0 {
		m.line += strings.Count(between, "\n")
		m.column = 1
		between = between[i+1:]
	}
	m.column += utf8.RuneCountInString(between)
	m.seen = e.Start
	return m.line, m.column
}

func (m *MetadataDocument) refuse(at *Element, expected, found, why string) *Refusal {
	r := &Refusal{Rule: ruleMetadata, Reason: Metadata, Expected: expected, Found: found, Why: why}
	r.Line, r.Column = m.position(at)
	return r
}

func (m *MetadataDocument) problem(at *Element, expected, found, why, message string) {
	m.Problems = append(m.Problems, Problem{Refusal: *m.refuse(at, expected, found, why), Message: message})
}

// read takes the providers out of the document.
func (m *MetadataDocument) read() *Refusal {
	const expected = "an EntityDescriptor with an IDPSSODescriptor"
	if !m.root.Is(nsMetadata, "EntityDescriptor") && !m.root.Is(nsMetadata, "EntitiesDescriptor") {
		what, way := describe(m.root)
		return m.refuse(m.root, expected, what, "The document is "+what+", not metadata: "+way+"; download the metadata from the identity provider.")
	}
	entities := m.entities(m.root)
	if len(entities) == 0 {
		return m.refuse(m.root, expected, "an EntitiesDescriptor without entities", "The document describes nobody; download the metadata from the identity provider.")
	}
	var other *Element // an entity that is no identity provider
	all := 0
	for _, e := range entities {
		if e.Child(nsMetadata, "IDPSSODescriptor") == nil {
			other = e
			continue
		}
		if all++; all > readProviders {
			continue
		}
		if r := m.provider(e); r != nil {
			return r
		}
	}
	if len(m.Providers) == 0 {
		if other.Child(nsMetadata, "SPSSODescriptor") != nil {
			return m.refuse(other, expected, "an SPSSODescriptor: a service provider", "The metadata is that of a service provider, such as the one that AWS publishes for identity providers; IAM takes the identity provider's own.")
		}
		return m.refuse(other, expected, "an entity without IDPSSODescriptor", "The entity isn't an identity provider of SAML 2.0 web sign-on; download the metadata of one.")
	}
	if all > maxProviders {
		m.problem(m.root, "at most 10 identity providers", count(all, "identity provider"), "IAM takes ten identity providers in one SAML provider; leave the others out.", "")
	}
	for i := range m.Keys {
		if m.Keys[i].Public != nil {
			return nil
		}
	}
	if len(m.Keys) == 0 {
		return m.refuse(m.root, "a KeyDescriptor for signing", "no certificate for signing", "Without the provider's key no signature can be verified; have the identity provider publish its signing certificate.")
	}
	r := m.refuse(m.root, "a key that can be used", "none of "+count(len(m.Keys), "key"), "No signature can be verified, because key 1 can't be used: "+m.Keys[0].Problem+".")
	r.Line, r.Column = m.Keys[0].Line, m.Keys[0].Column
	return r
}

// entities are the EntityDescriptor elements of a document, those in groups
// within groups as well.
func (m *MetadataDocument) entities(e *Element) []*Element {
	if e.Is(nsMetadata, "EntityDescriptor") {
		return []*Element{e}
	}
	m.validUntil(e, "the group of entities")
	var all []*Element
	for _, child := range e.Children {
		if child.Is(nsMetadata, "EntityDescriptor") || child.Is(nsMetadata, "EntitiesDescriptor") {
			all = append(all, m.entities(child)...)
		}
	}
	return all
}

// provider reads one identity provider.
func (m *MetadataDocument) provider(e *Element) *Refusal {
	p := Provider{EntityID: e.Attr("entityID")}
	if p.EntityID == "" {
		return m.refuse(e, "entityID", "none", "Without entityID the metadata names nobody, and no response's Issuer can be compared with it; have the identity provider write it.")
	}
	p.Line, p.Column = m.position(e)
	for i := range m.Providers {
		if m.Providers[i].EntityID == p.EntityID {
			m.note("The entityID " + source.Quote(p.EntityID) + " stands in the metadata twice; the keys of both count as its keys.")
			break
		}
	}
	p.ValidUntil = m.validUntil(e, source.Quote(p.EntityID))
	speaks := false
	for _, role := range e.Children {
		if !role.Is(nsMetadata, "IDPSSODescriptor") {
			continue
		}
		for _, protocol := range strings.Fields(role.Attr("protocolSupportEnumeration")) {
			speaks = speaks || protocol == nsProtocol
		}
		wants := role.Attr("WantAuthnRequestsSigned")
		p.WantAuthnRequestsSigned = p.WantAuthnRequestsSigned || wants == "true" || wants == "1"
		if until := m.validUntil(role, "the IDPSSODescriptor of "+source.Quote(p.EntityID)); !until.IsZero() && (p.ValidUntil.IsZero() || until.Before(p.ValidUntil)) {
			p.ValidUntil = until
		}
		for _, child := range role.Children {
			switch {
			case child.Is(nsMetadata, "KeyDescriptor"):
				// SAML 2.0 Metadata §2.4.1.1: without use, a key is for both.
				if use := child.Attr("use"); use == "" || use == "signing" {
					m.keyDescriptor(&p, child)
				}
			case child.Is(nsMetadata, "SingleSignOnService"):
				end := Endpoint{Binding: child.Attr("Binding"), Location: child.Attr("Location")}
				end.Line, end.Column = m.position(child)
				p.Endpoints = append(p.Endpoints, end)
			}
		}
	}
	if !speaks {
		m.note("The IDPSSODescriptor of " + source.Quote(p.EntityID) + " doesn't list " + nsProtocol + " in protocolSupportEnumeration; it may be that of another version of SAML.")
	}
	m.Providers = append(m.Providers, p)
	return nil
}

// keyDescriptor reads the keys of one KeyDescriptor: of every certificate, or
// where there is none, of a KeyValue.
func (m *MetadataDocument) keyDescriptor(p *Provider, descriptor *Element) {
	info := descriptor.Child(nsSignature, "KeyInfo")
	if info == nil {
		return
	}
	if len(m.Keys) == readKeys {
		m.note("The metadata has more than " + strconv.Itoa(readKeys) + " keys; those after them are left out.")
		return
	}
	certified := false
	for _, data := range info.Children {
		if !data.Is(nsSignature, "X509Data") {
			continue
		}
		for _, child := range data.Children {
			if !child.Is(nsSignature, "X509Certificate") {
				continue
			}
			certified = true
			if len(m.Keys) == readKeys {
				return
			}
			k := Key{}
			k.Line, k.Column = m.position(child)
			if k.readCertificate(child.Text) {
				m.problem(child, "each X.509 extension once", "an extension that is repeated", "The certificate has an extension twice, which RFC 5280 §4.2 forbids and IAM doesn't read; have the identity provider make a new certificate.", MessageExtensions)
			}
			m.add(p, child, k)
		}
	}
	if value := info.Child(nsSignature, "KeyValue"); value != nil && !certified {
		k := Key{}
		k.Line, k.Column = m.position(value)
		k.readKeyValue(value)
		m.add(p, value, k)
		m.note("A key stands in KeyValue without a certificate; IAM's documents speak of X.509 certificates only, and may not take it.")
	}
}

// add takes up a key. One that is there already counts once, whatever
// certificate is around it.
func (m *MetadataDocument) add(p *Provider, at *Element, k Key) {
	has := func(index int) bool {
		for _, i := range p.Keys {
			if i == index {
				return true
			}
		}
		return false
	}
	for i := range m.Keys {
		other := &m.Keys[i]
		if k.Public == nil || !other.same(&k) {
			continue
		}
		if k.Thumbprint != other.Thumbprint && k.Thumbprint != "" {
			m.note(fmt.Sprintf("The certificates in line %d and line %d hold the same key, so a signature by it is good with either.", other.Line, k.Line))
		}
		if !has(i) {
			p.Keys = append(p.Keys, i)
		}
		return
	}
	if m.effort += k.effort(); m.effort > readEffort {
		m.note("The metadata has more and larger keys than are tried here; those after them are left out.")
		return
	}
	k.Index = len(m.Keys)
	if k.Problem != "" {
		expected := "an X.509 certificate with a key of at least 1024 bits"
		m.problem(at, expected, fmt.Sprintf("key %d, which can't be used", k.Index+1), "The key can't be used: "+k.Problem+".", MessageMetadata)
	}
	p.Keys = append(p.Keys, k.Index)
	m.Keys = append(m.Keys, k)
}

func (m *MetadataDocument) note(sentence string) {
	repeats := len(m.notes) > 0 && m.notes[len(m.notes)-1] == sentence
	if len(m.notes) < readNotes && !repeats {
		m.notes = append(m.notes, sentence)
	}
}

// validUntil is until when an element says that it is good. IAM doesn't act
// on it, so that one which can't be read is only told.
func (m *MetadataDocument) validUntil(e *Element, of string) time.Time {
	text := strings.Trim(e.Attr("validUntil"), white)
	if text == "" {
		return time.Time{}
	}
	until, err := time.Parse(time.RFC3339, text)
	if err != nil {
		until, err = time.Parse("2006-01-02T15:04:05", text) // xs:dateTime lets the zone be left out
	}
	if err != nil {
		m.note("The validUntil of " + of + ", " + source.Quote(text) + ", isn't an instant of XML Schema; IAM doesn't act on it.")
		return time.Time{}
	}
	m.validity = append(m.validity, validity{of, until.UTC()})
	return until.UTC()
}

// Provider is the provider of that entityID, and its keys; nil where the
// metadata describes no such. An entityID that stands there twice has the keys
// of both.
func (m *MetadataDocument) Provider(entityID string) (*Provider, []Key) {
	var first *Provider
	var keys []Key
	taken := map[int]bool{}
	for i := range m.Providers {
		p := &m.Providers[i]
		if p.EntityID != entityID {
			continue
		}
		if first == nil {
			first = p
		}
		for _, index := range p.Keys {
			if !taken[index] {
				taken[index] = true
				keys = append(keys, m.Keys[index])
			}
		}
	}
	return first, keys
}

// EntityIDs are those of the providers, in order.
func (m *MetadataDocument) EntityIDs() []string {
	ids := make([]string, len(m.Providers))
	for i := range m.Providers {
		ids[i] = m.Providers[i].EntityID
	}
	return ids
}

// Warnings are what the metadata's owner should know at an instant, as
// sentences. None of it keeps IAM from taking the metadata or STS from
// trusting a key: AWS evaluates neither a certificate's dates nor validUntil.
func (m *MetadataDocument) Warnings(at time.Time) []string {
	warnings := append([]string(nil), m.notes...)
	for i := range m.Keys {
		k := &m.Keys[i]
		switch {
		case !k.NotAfter.IsZero() && at.After(k.NotAfter):
			warnings = append(warnings, fmt.Sprintf("The certificate of key %d ended at %s; IAM doesn't act on that, and other services may.", k.Index+1, k.NotAfter.Format(time.RFC3339)))
		case !k.NotBefore.IsZero() && at.Before(k.NotBefore):
			warnings = append(warnings, fmt.Sprintf("The certificate of key %d begins at %s; IAM doesn't act on that, and other services may.", k.Index+1, k.NotBefore.Format(time.RFC3339)))
		}
	}
	for _, v := range m.validity {
		if !at.Before(v.until) {
			warnings = append(warnings, "The metadata of "+v.of+" was valid until "+v.until.Format(time.RFC3339)+"; IAM doesn't act on that, and the provider may have another key by now.")
		}
	}
	return warnings
}

// count is a number of things in words.
func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
