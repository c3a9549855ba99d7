package saml

import (
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
)

// nameByte says which bytes a name may have: 1 anywhere, 2 not at its
// beginning. Bytes of other characters than ASCII are looked at as a whole.
var nameByte = func() (table [256]byte) {
	for c := range 256 {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':', c >= utf8.RuneSelf:
			table[c] = 1
		case c >= '0' && c <= '9', c == '-', c == '.':
			table[c] = 2
		}
	}
	return table
}()

// name reads a QName (Namespaces in XML 1.0 §4).
func (s *scanner) name(of string) (name, prefix, local string, f *fault) {
	start := s.at
	for s.at < len(s.text) && nameByte[s.text[s.at]] != 0 {
		s.at++
	}
	name = s.text[start:s.at]
	if name == "" {
		if s.at == len(s.text) {
			return "", "", "", s.ends(of)
		}
		found, _ := utf8.DecodeRuneInString(s.text[s.at:])
		return "", "", "", ill(start, "the name of "+of, strconv.QuoteRune(found), "the name of "+of+" is missing; where < stands for itself, write &lt;.")
	}
	if s.at == len(s.text) {
		return "", "", "", s.ends(of + " " + source.Quote(name))
	}
	prefix, local, prefixed := strings.Cut(name, ":")
	if !prefixed {
		prefix, local = "", name
	}
	if prefixed && (prefix == "" || local == "" || strings.IndexByte(local, ':') >= 0) {
		return "", "", "", ill(start, "a name with at most one colon, between prefix and local part", source.Quote(name), "the colon of a name parts its prefix from its local part (Namespaces in XML 1.0 §4); write one colon with something on both sides, or none.")
	}
	if nameByte[local[0]] != 1 || prefixed && nameByte[prefix[0]] != 1 || !s.isName(name) {
		return "", "", "", ill(start, "a name that begins with a letter", source.Quote(name), "XML 1.0 §2.3 has no such name; have the identity provider write another.")
	}
	return name, prefix, local, nil
}

// maxExotic bounds the names that take Go's decoder to tell.
const maxExotic = 64

// isName asks Go's decoder about names that have more than ASCII: it knows
// fewer than the fifth edition of XML 1.0, and etree reads with it.
func (s *scanner) isName(name string) bool {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			good, known := s.exotic[name]
			if !known && len(s.exotic) < maxExotic {
				_, err := xml.NewDecoder(strings.NewReader("<" + name + "/>")).RawToken()
				good = err == nil
				if s.exotic == nil {
					s.exotic = map[string]bool{}
				}
				s.exotic[name] = good
			}
			return good
		}
	}
	return true
}

func (s *scanner) skipWhite() (skipped bool) {
	start := s.at
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\n' || s.text[s.at] == '\t' || s.text[s.at] == '\r') {
		s.at++
	}
	return s.at > start
}

func (s *scanner) startTag() *fault {
	start := s.at
	if s.root != nil && len(s.open) == 0 {
		return ill(start, "one root element", "a second one", "a document has one root element (XML 1.0 §2.1), and which of several counts depends on the reader; leave the others out.")
	}
	if f := s.more(); f != nil {
		return f
	}
	s.at++
	name, prefix, local, f := s.name("an element")
	if f != nil {
		return f
	}
	e := &Element{Prefix: prefix, Local: local, Start: start}
	empty, f := s.attributes(e, name)
	if f != nil {
		return f
	}
	if s.around += s.within + (1+len(e.Attrs))*(1+len(s.open)); s.around > s.lim.around {
		f := tooMany(start, s.lim.around, "elements and attributes around others, counted for each of these", "more of them")
		f.why = "reading an element takes the longer the more elements, attributes and namespaces are around it, and here they come to more than any identity provider sends; leave out what isn't needed."
		return f
	}
	outside := len(s.scope)
	if f := s.namespaces(e, name); f != nil {
		return f
	}
	e.End = s.at
	if len(s.open) > 0 {
		parent := s.open[len(s.open)-1].element
		parent.Children = append(parent.Children, e)
	} else {
		s.root = e
	}
	if empty {
		s.scope = s.scope[:outside]
		return nil
	}
	s.open = append(s.open, frame{element: e, name: name, scope: outside})
	s.within += 1 + len(e.Attrs)
	if len(s.open) > s.lim.depth {
		return tooMany(start, s.lim.depth, "elements inside one another", "more of them")
	}
	return nil
}

// attributes reads the rest of a start tag.
func (s *scanner) attributes(e *Element, name string) (empty bool, f *fault) {
	inside := "the start tag of <" + source.Clip(name) + ">"
	for {
		parted := s.skipWhite()
		if s.at == len(s.text) {
			return false, s.ends(inside)
		}
		start := s.at
		switch c := s.text[s.at]; {
		case c == '>':
			s.at++
			return false, nil
		case c == '/':
			if s.at++; s.at == len(s.text) {
				return false, s.ends(inside)
			}
			if s.text[s.at] != '>' {
				return false, ill(start, "/>", source.Quote(s.text[start:s.at]), "a slash in a start tag ends it, with > right behind; leave it out.")
			}
			s.at++
			return true, nil
		case c == '<':
			return false, ill(start, ">", `"<"`, inside+" isn't closed before the next begins; write > at its end.")
		case !parted:
			found, _ := utf8.DecodeRuneInString(s.text[s.at:])
			return false, ill(start, "white space, > or />", strconv.QuoteRune(found), "attributes have white space between them (XML 1.0 §3.1); write a space.")
		}
		attribute, _, _, f := s.name("an attribute")
		if f != nil {
			return false, f
		}
		s.skipWhite()
		if s.at == len(s.text) {
			return false, s.ends(inside)
		}
		if s.text[s.at] != '=' {
			return false, ill(s.at, source.Clip(attribute)+`="…"`, source.Quote(attribute)+" alone", "every attribute of XML has a value; write it in quotation marks behind an equals sign.")
		}
		s.at++
		s.skipWhite()
		if s.at == len(s.text) {
			return false, s.ends(inside)
		}
		mark := s.text[s.at]
		if mark != '"' && mark != '\'' {
			return false, ill(s.at, source.Clip(attribute)+`="…"`, source.Quote(firstWord(s.text[s.at:])), "the value of an attribute stands in quotation marks (XML 1.0 §2.3); write them.")
		}
		s.at++
		length := strings.IndexByte(s.text[s.at:], mark)
		if length < 0 {
			return false, s.ends("the value of " + source.Clip(attribute))
		}
		raw := s.text[s.at : s.at+length]
		if i := strings.IndexByte(raw, '<'); i >= 0 {
			return false, ill(s.at+i, "&lt;", `"<"`, "the value of "+source.Clip(attribute)+" has < in it, which begins a tag (XML 1.0 §3.1); write &lt;, or the quotation mark that is missing.")
		}
		value, f := s.decode(raw, inValue)
		if f != nil {
			return false, f
		}
		s.at += length + 1
		for i := range e.Attrs {
			if e.Attrs[i].Name == attribute {
				return false, ill(start, "each attribute once", source.Quote(attribute)+" again", "the attribute "+source.Clip(attribute)+" stands twice in <"+source.Clip(name)+">, and which one counts depends on the reader (XML 1.0 §3.1); write it once.")
			}
		}
		if len(e.Attrs) == s.lim.attributes {
			return false, tooMany(start, s.lim.attributes, "attributes in one element", "more of them")
		}
		e.Attrs = append(e.Attrs, Attr{Name: attribute, Value: value})
	}
}

// namespaces puts an element's declarations in force, and resolves its prefix
// and those of its attributes.
func (s *scanner) namespaces(e *Element, name string) *fault {
	prefixed := false
	for i := range e.Attrs {
		a := &e.Attrs[i]
		prefix, declares := strings.CutPrefix(a.Name, "xmlns:")
		if a.Name == "xmlns" {
			prefix, declares = "", true
		}
		if !declares {
			prefixed = prefixed || strings.IndexByte(a.Name, ':') >= 0
			continue
		}
		if f := checkDeclaration(e.Start, prefix, a); f != nil {
			return f
		}
		s.scope = append(s.scope, binding{prefix, a.Value})
		if len(s.scope) > s.lim.namespaces {
			return tooMany(e.Start, s.lim.namespaces, "namespace declarations in force at once", "more of them")
		}
	}
	undeclared := func(prefix, of string) *fault {
		return ill(e.Start, "xmlns:"+source.Clip(prefix)+`="…" on the element or around it`, source.Quote(of), "the prefix "+source.Clip(prefix)+" stands for no namespace here (Namespaces in XML 1.0 §5); declare it, or copy the element together with those around it.")
	}
	space, ok := s.resolve(e.Prefix)
	if !ok {
		return undeclared(e.Prefix, name)
	}
	e.Space = space
	if !prefixed {
		return nil
	}
	type expanded struct{ space, local string }
	var seen []expanded
	for i := range e.Attrs {
		prefix, local, prefixed := strings.Cut(e.Attrs[i].Name, ":")
		if !prefixed || prefix == "xmlns" {
			continue
		}
		space, ok := s.resolve(prefix)
		if !ok {
			return undeclared(prefix, e.Attrs[i].Name)
		}
		for _, other := range seen {
			if other == (expanded{space, local}) {
				return ill(e.Start, "each attribute once", source.Quote(e.Attrs[i].Name)+" by another prefix", "two attributes of <"+source.Clip(name)+"> have one name in one namespace, by different prefixes (Namespaces in XML 1.0 §6.3); write it once.")
			}
		}
		seen = append(seen, expanded{space, local})
	}
	return nil
}

// checkDeclaration checks one namespace declaration (Namespaces in XML 1.0 §3, §2.2).
func checkDeclaration(at int, prefix string, a *Attr) *fault {
	refuse := func(expected, why string) *fault {
		return ill(at, expected, source.Quote(a.Name+`="`+a.Value+`"`), why)
	}
	switch {
	case prefix == "xmlns":
		// CVE-2025-25292.
		return refuse("no declaration of xmlns", "the prefix xmlns stands for declarations themselves and can't be declared; leave it out.")
	case prefix == "xml" && a.Value != spaceXML:
		return refuse(`xmlns:xml="`+spaceXML+`", or none`, "the prefix xml has a namespace of its own and can't have another; leave it out.")
	case prefix != "xml" && a.Value == spaceXML:
		return refuse("no other prefix than xml for that namespace", "the namespace of xml has that prefix and no other; leave the declaration out.")
	case a.Value == spaceXMLNS:
		return refuse("no prefix for that namespace", "the namespace of declarations themselves can't be declared; leave it out.")
	case prefix != "" && a.Value == "":
		return refuse("a namespace's URI", "a prefix can't be declared as no namespace; leave the declaration out.")
	case a.Value != "" && !absolute(a.Value):
		// Canonical XML 1.0 §1.3: "implementations … MUST report an operation
		// failure on documents containing relative namespace URIs". Libraries
		// that go on with an empty text instead sign anything.
		return refuse("an absolute URI", "the namespace is a relative URI, which no signature can cover (Canonical XML 1.0 §1.3); write the whole URI.")
	case !isURI(a.Value):
		return refuse("a URI", "the namespace has characters that no URI has (Namespaces in XML 1.0 §2.2, RFC 3986 §2), so that some readers stop at it; write the whole URI, escaped with %.")
	}
	return nil
}

// absolute says whether a URI begins with a scheme (RFC 3986 §3.1).
func absolute(uri string) bool {
	for i := range len(uri) {
		c := uri[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return i > 0 && c == ':'
		}
	}
	return false
}

// isURI says whether a text has only characters of a URI (RFC 3986 §2), those
// of an IPv6 address left out, and % only where it begins an escape.
func isURI(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '%':
			if i+2 >= len(text) {
				return false
			}
			if _, ok := number(text[i+1:i+3], 16); !ok {
				return false
			}
		case strings.IndexByte("-._~:/?#@!$&'()*+,;=", c) < 0:
			return false
		}
	}
	return true
}

// resolve is the namespace that a prefix stands for; "" is that of none.
func (s *scanner) resolve(prefix string) (space string, ok bool) {
	for i := len(s.scope) - 1; i >= 0; i-- {
		if s.scope[i].prefix == prefix {
			return s.scope[i].space, true
		}
	}
	if prefix == "xml" {
		return spaceXML, true
	}
	return "", prefix == ""
}

func (s *scanner) endTag() *fault {
	start := s.at
	s.at += 2
	name, _, _, f := s.name("an end tag")
	if f != nil {
		return f
	}
	s.skipWhite()
	if s.at == len(s.text) {
		return s.ends("an end tag")
	}
	if s.text[s.at] != '>' {
		return ill(s.at, ">", source.Quote(s.text[s.at:s.at+1]), "an end tag has a name and nothing else; write > behind it.")
	}
	s.at++
	if len(s.open) == 0 {
		return ill(start, "an element that is open", source.Quote("</"+name+">"), "the end tag ends no element; leave it out.")
	}
	last := &s.open[len(s.open)-1]
	if last.name != name {
		return ill(start, "</"+source.Clip(last.name)+">", source.Quote("</"+name+">"), "the end tag has another name than the element that is open; copy the document again, or write what is missing.")
	}
	last.element.End = s.at
	last.finish()
	s.scope = s.scope[:last.scope]
	s.within -= 1 + len(last.element.Attrs)
	*last = frame{}
	s.open = s.open[:len(s.open)-1]
	return nil
}
