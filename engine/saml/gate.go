package saml

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"stsplayground/engine/source"
)

// limits bound what the gate lets through. A count of elements includes
// comments and CDATA sections, which cost their readers as much.
type limits struct {
	bytes, depth, elements, attributes, namespaces int
	around                                         int // see responseLimits
}

// A response larger than that has more than 100000 characters in base64, and
// AWS takes no more. The other limits are far above what identity providers
// send, and far below what makes canonicalization slow.
//
// What an element costs its readers depends on what is around it: to tell its
// namespace they go through that, and to make it canonical goxmldsig copies it
// once for each element around. So for each of them around adds up the
// elements around it and their attributes, and itself and its attributes as
// often as there are elements around. Of seventeen hundred values of an
// attribute, as many as there is room for, each comes to about thirty.
var responseLimits = limits{bytes: maxXML, depth: 64, elements: 3000, attributes: 64, namespaces: 128, around: 70000}

// fault is why the gate refuses, and where: a byte offset in the XML. why is a
// sentence without its capital letter. cut says that the text ends too early.
type fault struct {
	reason               Reason
	offset               int
	cut                  bool
	expected, found, why string
}

const (
	spaceXML   = "http://www.w3.org/XML/1998/namespace"
	spaceXMLNS = "http://www.w3.org/2000/xmlns/"
)

// gate reads XML by the letter: XML 1.0 and Namespaces in XML 1.0, well-formed,
// in UTF-8, with no document type declaration and no processing instruction,
// within the limits. Go's decoder and etree let pass much that isn't XML
// (repeated attributes, several roots, prefixes that aren't declared), and
// readers that differ about such text are how signatures get stolen. What
// passes here means the same to every reader. What was read before a fault is
// in the element, which is nil where that is nothing.
func gate(text string, lim limits) (*Element, *fault) {
	root, _, f := normal(text, lim)
	return root, f
}

// normal is gate, with the text for readers that don't normalize attributes,
// of which encoding/xml is one: literal white space in a value is a space for
// all others (XML 1.0 §3.3.3), and for a signature.
func normal(text string, lim limits) (*Element, string, *fault) {
	if f := checkCharacters(text); f != nil {
		return nil, "", f
	}
	s := scanner{text: text, lim: lim}
	f := s.document()
	for i := range s.open { // of a document with a fault
		s.open[i].element.End = len(text)
		s.open[i].finish()
	}
	return s.root, s.normalized(), f
}

func (s *scanner) normalized() string {
	if len(s.literal) == 0 {
		return s.text
	}
	out := make([]byte, 0, len(s.text))
	from := 0
	for _, at := range s.literal {
		out = append(out, s.text[from:at]...)
		from = at + 1
		if s.text[at] != '\r' || s.text[from] != '\n' { // of both, the line feed becomes the space
			out = append(out, ' ')
		}
	}
	return string(append(out, s.text[from:]...))
}

// checkCharacters looks for anything outside the Char of XML 1.0 §2.2.
func checkCharacters(text string) *fault {
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			if b < ' ' && b != '\n' && b != '\r' && b != '\t' {
				f := &fault{reason: IllFormed, offset: i, expected: "characters that XML 1.0 §2.2 allows", found: fmt.Sprintf("U+%04X", b), why: "a control character is no part of any XML document; have the identity provider leave it out."}
				if b == 0 && i < 4 {
					f.expected, f.found, f.why = "UTF-8", "UTF-16 or UTF-32", "every character takes several bytes here, and SAML is read as UTF-8; save the document in that encoding."
				}
				return f
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && !utf8.FullRuneInString(text[i:]):
			s := scanner{text: text}
			return s.ends("a character")
		case r == utf8.RuneError && size == 1:
			return &fault{reason: IllFormed, offset: i, expected: "UTF-8", found: fmt.Sprintf("the byte 0x%02X", b), why: "the bytes aren't UTF-8, the encoding that SAML is read in; save the document in it."}
		case !isChar(r):
			return &fault{reason: IllFormed, offset: i, expected: "characters that XML 1.0 §2.2 allows", found: fmt.Sprintf("U+%04X", r), why: "that code point is no character of XML; have the identity provider leave it out."}
		}
		i += size
	}
	return nil
}

// isChar is the production Char.
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// scanner reads a document once, from its first byte to its last. at is the
// offset of what is read next.
type scanner struct {
	text    string
	at      int
	lim     limits
	root    *Element
	open    []frame         // elements whose end tag is to come, innermost last
	scope   []binding       // namespace declarations in force, innermost last
	count   int             // elements, comments and CDATA sections so far
	literal []int           // offsets of tabs and line breaks in the values of attributes
	within  int             // elements that are open, and their attributes
	around  int             // as responseLimits has it
	exotic  map[string]bool // names that aren't ASCII, and whether they are names
}

// frame is an element that is being read. Most have one run of text, which is
// kept as it is; several are joined in more.
type frame struct {
	element *Element
	name    string
	scope   int // length of the scanner's scope outside it
	first   string
	more    []byte
}

type binding struct{ prefix, space string }

func (f *frame) add(text string) {
	switch {
	case text == "":
	case f.more != nil:
		f.more = append(f.more, text...)
	case f.first == "":
		f.first = text
	default:
		f.more = append([]byte(f.first), text...)
	}
}

func (f *frame) finish() {
	text := f.first
	if f.more != nil {
		text = string(f.more)
	}
	f.element.Text = strings.Trim(text, white)
}

const white = " \t\r\n" // the production S

func ill(offset int, expected, found, why string) *fault {
	return &fault{reason: IllFormed, offset: offset, expected: expected, found: found, why: why}
}

// tooMany is a limit of the playground, of which AWS documents nothing.
func tooMany(offset, most int, what, found string) *fault {
	return &fault{
		reason: XMLLimit, offset: offset,
		expected: fmt.Sprintf("at most %d %s", most, what),
		found:    found,
		why:      fmt.Sprintf("no identity provider sends more than %d %s, and reading them could take very long; leave out what isn't needed.", most, what),
	}
}

// ends is the fault of a text that is cut off inside of something.
func (s *scanner) ends(inside string) *fault {
	return &fault{reason: IllFormed, offset: len(s.text), cut: true, expected: "the rest of " + inside, found: "the end of the text", why: "the XML ends inside " + inside + ", so the copy is cut off; copy it again, as far as its end."}
}

func (s *scanner) has(prefix string) bool { return strings.HasPrefix(s.text[s.at:], prefix) }

func (s *scanner) document() *fault {
	if s.has("<?xml") && len(s.text) > 5 && strings.IndexByte(white, s.text[5]) >= 0 {
		if f := s.declaration(); f != nil {
			return f
		}
	}
	for s.at < len(s.text) {
		var f *fault
		switch {
		case s.text[s.at] != '<':
			f = s.characters()
		case s.has("</"):
			f = s.endTag()
		case s.has("<!"):
			f = s.declared()
		case s.has("<?"):
			f = s.instruction()
		default:
			f = s.startTag()
		}
		if f != nil {
			return f
		}
	}
	switch {
	case len(s.open) > 0:
		return s.ends("<" + source.Clip(s.open[len(s.open)-1].name) + ">")
	case s.root == nil:
		return s.ends("the document")
	}
	return nil
}

// declaration reads <?xml …?> (XML 1.0 §2.8) at the beginning of the text.
func (s *scanner) declaration() *fault {
	end := strings.Index(s.text, "?>")
	if end < 0 {
		return s.ends("<?xml")
	}
	const form = `<?xml version="1.0" encoding="UTF-8"?>`
	rest := s.text[len("<?xml"):end]
	pseudo := func(name string) (value string, ok bool) {
		after := strings.TrimLeft(rest, white)
		if len(after) == len(rest) {
			return "", false
		}
		if after, ok = strings.CutPrefix(after, name); !ok {
			return "", false
		}
		if after, ok = strings.CutPrefix(strings.TrimLeft(after, white), "="); !ok {
			return "", false
		}
		after = strings.TrimLeft(after, white)
		if after == "" || after[0] != '"' && after[0] != '\'' {
			return "", false
		}
		close := strings.IndexByte(after[1:], after[0])
		if close < 0 {
			return "", false
		}
		value, rest = after[1:1+close], after[close+2:]
		return value, true
	}
	version, ok := pseudo("version")
	if !ok {
		return ill(0, form, source.Quote(s.text[:end+2]), "the XML declaration names no version where XML 1.0 §2.8 has it; write it as "+form+" or leave it out.")
	}
	if version != "1.0" {
		return ill(0, "XML 1.0", "XML "+source.Quote(version), "SAML is written in XML 1.0, and readers of other versions see other characters; have the identity provider send that.")
	}
	if encoding, ok := pseudo("encoding"); ok && !strings.EqualFold(encoding, "UTF-8") {
		return ill(0, "UTF-8", source.Quote(encoding), "the XML declaration names an encoding other than UTF-8, and readers that believe it see another text; save the document in UTF-8 and say so, or leave the encoding out.")
	}
	if standalone, ok := pseudo("standalone"); ok && standalone != "yes" && standalone != "no" {
		return ill(0, "standalone yes or no", source.Quote(standalone), "the XML declaration is standalone or it isn't; leave that out.")
	}
	if strings.Trim(rest, white) != "" {
		return ill(0, form, source.Quote(s.text[:end+2]), "the XML declaration has more than version, encoding and standalone in this order; write it as "+form+" or leave it out.")
	}
	s.at = end + 2
	return nil
}

// characters reads text as far as the next tag.
func (s *scanner) characters() *fault {
	run := s.text[s.at:]
	if end := strings.IndexByte(run, '<'); end >= 0 {
		run = run[:end]
	}
	if len(s.open) == 0 {
		if trimmed := strings.TrimLeft(run, white); trimmed != "" {
			where := "before"
			if s.root != nil {
				where = "behind"
			}
			return ill(s.at+len(run)-len(trimmed), "only white space "+where+" the root element", source.Quote(strings.TrimRight(trimmed, white)), "text "+where+" the root element is no part of the document; leave it out.")
		}
		s.at += len(run)
		return nil
	}
	if i := strings.Index(run, "]]>"); i >= 0 {
		return ill(s.at+i, "]]&gt;", "]]>", "these three characters end a CDATA section, and there is none here (XML 1.0 §2.4); write ]]&gt;.")
	}
	text, f := s.decode(run, "&\r")
	if f != nil {
		return f
	}
	s.open[len(s.open)-1].add(text)
	s.at += len(run)
	return nil
}

// inValue are the marks of decode in the value of an attribute.
const inValue = "&\r\n\t"

// decode resolves the references in a run of text that begins at s.at, and
// makes every line break one line feed (XML 1.0 §2.11), or one space in the
// value of an attribute, as every tab (§3.3.3).
func (s *scanner) decode(run, marks string) (string, *fault) {
	next := strings.IndexAny(run, marks)
	if next < 0 {
		return run, nil
	}
	out := make([]byte, 0, len(run))
	rest, at := run, s.at
	for next >= 0 {
		out = append(out, rest[:next]...)
		rest, at = rest[next:], at+next
		size := 1
		if rest[0] != '&' {
			if strings.HasPrefix(rest, "\r\n") {
				size = 2
			}
			if marks == inValue {
				out = append(out, ' ')
				for i := range size {
					s.literal = append(s.literal, at+i)
				}
			} else {
				out = append(out, '\n')
			}
		} else {
			var r rune
			var f *fault
			if r, size, f = s.reference(rest, at); f != nil {
				return "", f
			}
			out = utf8.AppendRune(out, r)
		}
		rest, at = rest[size:], at+size
		next = strings.IndexAny(rest, marks)
	}
	return string(append(out, rest...)), nil
}

// reference reads what begins with & at an offset, and says how long it is.
func (s *scanner) reference(text string, at int) (r rune, size int, f *fault) {
	end := strings.IndexByte(text, ';')
	if end < 0 || end > 1 && strings.ContainsAny(text[1:end], "&\"'= \t\r\n") {
		if at+len(text) == len(s.text) {
			return 0, 0, s.ends("the reference " + source.Quote(text))
		}
		return 0, 0, ill(at, "&amp;", source.Quote(firstWord(text)), "a lone & begins a reference that no semicolon ends; write &amp; for the character itself.")
	}
	name := text[1:end]
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		base := rune(10)
		if hex, ok := strings.CutPrefix(digits, "x"); ok {
			digits, base = hex, 16
		}
		n, ok := number(digits, base)
		if !ok || !isChar(n) {
			return 0, 0, ill(at, "a reference to a character of XML", source.Quote(text[:end+1]), "the reference stands for no character that XML 1.0 §2.2 allows; have the identity provider leave it out.")
		}
		return n, end + 1, nil
	}
	for _, e := range predefined {
		if e.name == name {
			return e.char, end + 1, nil
		}
	}
	return 0, 0, ill(at, "&amp; &lt; &gt; &apos; &quot; or a character reference", source.Quote(text[:end+1]), "the entity isn't one of the five that XML has by itself, and others need a document type declaration, which SAML doesn't allow; write the character instead.")
}

// predefined are the entities of XML 1.0 §4.6.
var predefined = [...]struct {
	name string
	char rune
}{{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"apos", '\''}, {"quot", '"'}}

// number reads digits of any count, leading zeros included.
func number(digits string, base rune) (n rune, ok bool) {
	for _, c := range digits {
		var d rune
		switch {
		case c >= '0' && c <= '9':
			d = c - '0'
		case base == 16 && c >= 'a' && c <= 'f':
			d = c - 'a' + 10
		case base == 16 && c >= 'A' && c <= 'F':
			d = c - 'A' + 10
		default:
			return 0, false
		}
		if n = n*base + d; n > utf8.MaxRune {
			return 0, false
		}
	}
	return n, digits != ""
}

// firstWord is text as far as something that ends a word.
func firstWord(text string) string {
	if i := strings.IndexAny(text[1:], "&<>\"' \t\r\n"); i >= 0 {
		return text[:1+i]
	}
	return text
}

// more counts an element, a comment or a CDATA section at s.at.
func (s *scanner) more() *fault {
	if s.count++; s.count > s.lim.elements {
		return tooMany(s.at, s.lim.elements, "elements and comments", "more of them")
	}
	return nil
}

// declared reads what begins with <!: a comment or a CDATA section.
func (s *scanner) declared() *fault {
	switch {
	case s.has("<!--"):
		if f := s.more(); f != nil {
			return f
		}
		end := strings.Index(s.text[s.at+4:], "--")
		if end < 0 {
			return s.ends("a comment")
		}
		end += s.at + 4
		if end+2 == len(s.text) {
			return s.ends("a comment")
		}
		if s.text[end+2] != '>' {
			return ill(end, "-->", "--", "two hyphens stand in a comment, which only its end may have (XML 1.0 §2.5); leave the comment out.")
		}
		s.at = end + 3
		return nil
	case s.has("<![CDATA["):
		if len(s.open) == 0 {
			return ill(s.at, "only white space outside the root element", "a CDATA section", "text outside the root element is no part of the document; leave it out.")
		}
		if f := s.more(); f != nil {
			return f
		}
		start := s.at + len("<![CDATA[")
		end := strings.Index(s.text[start:], "]]>")
		if end < 0 {
			return s.ends("a CDATA section")
		}
		text := s.text[start : start+end]
		if strings.IndexByte(text, '\r') >= 0 {
			text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		}
		s.open[len(s.open)-1].add(text)
		s.at = start + end + 3
		return nil
	}
	rest := s.text[s.at:]
	if strings.HasPrefix("<!--", rest) || strings.HasPrefix("<![CDATA[", rest) {
		return s.ends(source.Quote(rest))
	}
	if s.has("<!DOCTYPE") {
		// A reader that obeys it sees another document than one that doesn't:
		// CVE-2025-25291.
		return ill(s.at, "no document type declaration", source.Quote(firstWord(s.text[s.at:])), "a document type declaration can change what everything after it means, so no SAML reader takes one; leave it out.")
	}
	return ill(s.at, "an element, a comment or text", source.Quote(firstWord(s.text[s.at:])), "a declaration stands where SAML has only elements; leave it out.")
}

// instruction refuses what begins with <?. Canonicalization keeps a processing
// instruction, and readers that stop at it see half of the text around it.
func (s *scanner) instruction() *fault {
	found := source.Quote(firstWord(s.text[s.at:]))
	if s.has("<?xml") && strings.IndexByte(white+"?", (s.text + "?")[s.at+5]) >= 0 {
		why := "an XML declaration stands behind the beginning of the document (XML 1.0 §2.8); leave it out."
		if strings.Trim(s.text[:s.at], white) == "" {
			why = "white space stands before the XML declaration, which may only be at the very beginning (XML 1.0 §2.8); leave the white space out."
		}
		return ill(s.at, "an XML declaration at the very beginning, or none", found, why)
	}
	return ill(s.at, "no processing instruction", found, "a processing instruction can part the text around it so that readers see different names; leave it out.")
}

// placed is a fault's sentence, with its place in the XML where that isn't the
// place in the pasted text.
func placed(why, text string, offset int, say bool) string {
	if say {
		line, column := source.Position(text, offset)
		return fmt.Sprintf("At line %d, column %d of the XML, %s", line, column, why)
	}
	first, size := utf8.DecodeRuneInString(why)
	return string(unicode.ToUpper(first)) + why[size:]
}
