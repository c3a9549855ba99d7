package saml

import (
	"compress/flate"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxPasted = 1 << 20 // bytes; as much as the page takes of a scenario

	// The bound of SAMLAssertion in AWS's model of AssumeRoleWithSAML, in
	// characters, and what they hold, in bytes.
	maxValue = 100000
	maxXML   = maxValue / 4 * 3

	// maxLayers bounds how often something is taken off. A HAR with a form in
	// base64 that holds a response in base64 has four, with as many quotation
	// marks and spaces between.
	maxLayers = 16
)

// Read finds the response in pasted text and reads its XML by the letter. It
// takes off, in any order, what people copy around it: a HAR or other JSON, a
// page with a form, a form's body, an address, a command line, quotation
// marks, escapes, base64, and the redirect binding's compression. It always
// returns what it could read; the refusal is nil where that is XML that passes
// the gate, whatever its root is.
func Read(pasted string) (*Document, *Refusal) {
	d := &Document{Pasted: pasted}
	if len(pasted) > maxPasted {
		return d, &Refusal{
			Rule: ruleText, Reason: TooLarge,
			Expected: fmt.Sprintf("at most %d bytes", maxPasted),
			Found:    fmt.Sprintf("%d bytes", len(pasted)),
			Why:      "The text is larger than is read here; paste only the value of SAMLResponse.",
			Modelled: true,
		}
	}
	o := opener{d: d}
	if r := o.open(); r != nil {
		return d, r
	}
	if r := o.checkSize(); r != nil {
		return d, r
	}
	root, text, f := normal(d.XML, responseLimits)
	d.Root, d.normal = root, text
	if f != nil {
		return d, o.refuse(f)
	}
	return d, nil
}

// opener takes off layers, outermost first. exact says that the text in hand
// is what base64 held, in which white space is part of the document.
type opener struct {
	d          *Document
	exact      bool
	characters int // of the base64 that held the XML, 0 where none did
	quotes     int // how often quotation marks were taken off
}

func (o *opener) open() *Refusal {
	text := o.d.Pasted
	for range maxLayers {
		text = o.trim(text)
		if o.isXML(text) {
			o.d.XML = text
			return nil
		}
		inner, r := o.take(text)
		if r != nil {
			return r
		}
		text = inner
	}
	return o.notSAML("more than 16 layers around it", "Something was encoded again and again; paste the value of SAMLResponse as the browser sends it.", 0)
}

// push takes off a layer: text[start:end], encoded as said, is what goes on.
func (o *opener) push(name, text string, start, end int, e encoding) string {
	o.exact = false
	o.characters = 0
	held := text[start:end]
	inner := held
	if e != verbatim {
		inner = e.decode(held)
	}
	o.lay(layer{name: name, start: start, held: held, encoding: e, size: len(inner)})
	return inner
}

func (o *opener) lay(l layer) {
	o.d.layers = append(o.d.layers, l)
	if l.name != "" {
		o.d.Layers = append(o.d.Layers, l.name)
	}
}

const mark = "\ufeff" // of the byte order

// trim takes off what editors leave around a text.
func (o *opener) trim(text string) string {
	start, end := 0, len(text)
	if strings.HasPrefix(text, mark) {
		start = len(mark)
	}
	if !o.exact {
		start = len(text) - len(strings.TrimLeft(text[start:], white))
		end = max(start, len(strings.TrimRight(text, white)))
	}
	if start == 0 && end == len(text) {
		return text
	}
	exact, characters := o.exact, o.characters
	text = o.push("", text, start, end, verbatim)
	o.exact, o.characters = exact, characters
	return text
}

// isXML says whether the text is XML and no page: what it is to be read as.
func (o *opener) isXML(text string) bool {
	if !o.exact {
		return strings.HasPrefix(text, "<") && !isPage(text)
	}
	return strings.HasPrefix(strings.TrimLeft(text, white), "<") && (isText(text) || !isDeflated(text)) && !isPage(text)
}

// isDeflated says whether a text that begins like XML is compressed XML that
// happens to.
func isDeflated(text string) bool {
	first := make([]byte, 8)
	n, _ := flate.NewReader(strings.NewReader(text)).Read(first)
	return strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(string(first[:n]), mark), white), "<")
}

// isText tells text from compressed data by how it begins.
func isText(text string) bool {
	for i, r := range text[:min(len(text), 64)] {
		if r < ' ' && !isWhite(byte(r)) {
			return false
		}
		if r == utf8.RuneError && i < 60 { // a character may be cut at the end
			return false
		}
	}
	return text != ""
}

// pageTags are elements that HTML has and SAML hasn't.
var pageTags = []string{"html", "head", "body", "form", "input", "script", "div", "p", "table", "title", "meta", "button", "span", "noscript", "textarea", "center", "br", "h1", "h2", "pre"}

// isPage says whether the first tag of a text is HTML's.
func isPage(text string) bool {
	for {
		text = strings.TrimLeft(text, white)
		after := ""
		switch {
		case strings.HasPrefix(text, "<!--"):
			_, after, _ = strings.Cut(text, "-->")
		case strings.HasPrefix(text, "<?"):
			_, after, _ = strings.Cut(text, "?>")
		case len(text) > 14 && strings.EqualFold(text[:10], "<!doctype "):
			return strings.EqualFold(text[10:14], "html")
		case strings.HasPrefix(text, "<"):
			name := text[1:min(len(text), 12)]
			if i := strings.IndexFunc(name, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }); i >= 0 {
				if name[i] == ':' {
					return false
				}
				name = name[:i]
			}
			for _, tag := range pageTags {
				if strings.EqualFold(name, tag) {
					return true
				}
			}
			return false
		default:
			return false
		}
		text = after
	}
}

const wanted = "a SAML response: XML, its base64, or the form, HAR or request that holds it"

// notSAML refuses a text of another kind, at an offset in it.
func (o *opener) notSAML(found, why string, offset int) *Refusal {
	line, column := o.d.position(o.d.layers, offset)
	return &Refusal{Rule: ruleText, Reason: NotSAML, Expected: wanted, Found: found, Why: why, Line: line, Column: column}
}

// cannotDecode refuses a layer that can't be taken off.
func (o *opener) cannotDecode(expected, found, why string, offset int) *Refusal {
	line, column := o.d.position(o.d.layers, offset)
	return &Refusal{Rule: ruleText, Reason: Encoding, Expected: expected, Found: found, Why: why, Line: line, Column: column}
}

// mistaken is what people paste in place of a response, told by how it begins.
var mistaken = []struct{ prefix, found, why string }{
	{"-----BEGIN CERTIFICATE", "a certificate in PEM", "A certificate belongs to the provider's metadata; paste the value of SAMLResponse."},
	{"-----BEGIN", "a key in PEM", "A key is no response, and a private one isn't for pasting here; paste the value of SAMLResponse."},
	{"arn:", "an ARN", "An ARN names a role or a provider; paste the value of SAMLResponse."},
	{"file:", "the name of a file", "Files aren't opened here; paste what the file holds."},
}

const itsRequest = "The request is what goes to the identity provider; the response comes back from it, in a field named SAMLResponse of the form that the browser posts."

// fenced finds what stands between the fences of a Markdown code block, which
// issues and chats are full of.
func fenced(text string) (begin, end int, ok bool) {
	const fence = "```"
	line := strings.IndexByte(text, '\n')
	if !strings.HasPrefix(text, fence) || line < 0 {
		return 0, 0, false
	}
	end = strings.LastIndex(text, fence)
	return line + 1, end, end > line
}

// take takes one layer off a text that isn't XML.
func (o *opener) take(text string) (string, *Refusal) {
	if text == "" {
		return "", o.notSAML("nothing", "The text is empty; paste the value of SAMLResponse, which begins with PHNhb or PD94b.", 0)
	}
	if o.exact && !isText(text) {
		return o.inflate(text)
	}
	for _, m := range mistaken {
		if strings.HasPrefix(text, m.prefix) {
			return "", o.notSAML(m.found, m.why, 0)
		}
	}
	if begin, end, ok := fenced(text); ok {
		return o.push("a code block", text, begin, end, verbatim), nil
	}
	switch text[0] {
	case '<':
		return o.page(text)
	case '{', '[':
		return o.json(text)
	case '"', '\'', '`':
		return o.quoted(text)
	}
	if strings.HasPrefix(text, "eyJ") && strings.IndexByte(text, '.') > 0 {
		return "", o.notSAML("a JSON Web Token", "A token of OpenID Connect goes to AssumeRoleWithWebIdentity; AssumeRoleWithSAML takes the value of SAMLResponse.", 0)
	}
	if f, ok := findField(text); ok {
		if f.file {
			return "", o.notSAML("the name of a file", "Files aren't opened here; paste what the file holds.", f.start)
		}
		return o.push(f.layer, text, f.start, f.end, verbatim), nil
	}
	if i := indexWord(text, "SAMLRequest"); i >= 0 {
		return "", o.notSAML("SAMLRequest, an authentication request", itsRequest, i)
	}
	if i := indexWord(text, "SAMLart"); i >= 0 {
		return "", o.notSAML("SAMLart, an artifact", "An artifact is a reference to a response that stays with the identity provider; AWS takes the response itself.", i)
	}
	if strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://") {
		return "", o.notSAML("an address", "Nothing is fetched here, and the address has no SAMLResponse in it; open it, and copy the field SAMLResponse of the form that it posts.", 0)
	}
	if escapesOf(text, inHTML) {
		return o.push("HTML entities", text, 0, len(text), inHTML), nil
	}
	if escapesOf(text, inPercent) {
		e := inPercent
		if strings.Contains(text, "%2B") || strings.Contains(text, "%2b") {
			e = inForm // whoever escapes + means a space by it
		}
		return o.push("URL encoding", text, 0, len(text), e), nil
	}
	if escapesOf(text, inJSON) {
		return o.push("JSON escapes", text, 0, len(text), inJSON), nil
	}
	return o.base64(text)
}

// escapesOf says whether a text has escapes of that encoding.
func escapesOf(text string, e encoding) bool {
	for {
		i := strings.IndexAny(text, e.marks())
		if i < 0 {
			return false
		}
		if size, _ := e.escape(text[i:]); size > 1 {
			return true
		}
		text = text[i+1:]
	}
}

// tooLarge refuses what is beyond AWS's bound.
func (o *opener) tooLarge(found string) *Refusal {
	line, column := o.d.position(o.d.layers, 0)
	return &Refusal{
		Rule: ruleText, Reason: TooLarge,
		Expected: fmt.Sprintf("at most %d characters of base64, which hold %d bytes of XML", maxValue, maxXML),
		Found:    found,
		Why:      fmt.Sprintf("STS takes no SAMLAssertion of more than %d characters; have the identity provider send fewer roles and attributes.", maxValue),
		Line:     line, Column: column,
	}
}

// checkSize bounds the XML, and makes the parameter where none was pasted.
func (o *opener) checkSize() *Refusal {
	if len(o.d.XML) > maxXML {
		return o.tooLarge(fmt.Sprintf("%d bytes of XML", len(o.d.XML)))
	}
	if !o.exact || o.d.Value == "" {
		o.d.Value = base64.StdEncoding.EncodeToString([]byte(o.d.XML))
	}
	if len(o.d.Value) > maxValue {
		return o.tooLarge(fmt.Sprintf("%d characters of base64", len(o.d.Value)))
	}
	return nil
}

// refuse is the gate's fault in the text as pasted.
func (o *opener) refuse(f *fault) *Refusal {
	d := o.d
	r := &Refusal{Rule: ruleXML, Reason: f.reason, Expected: f.expected, Found: f.found, Modelled: f.reason == XMLLimit}
	r.Line, r.Column = d.Position(f.offset)
	why := f.why
	if f.cut && o.characters > 0 {
		ends := fmt.Sprintf("character %d", o.characters)
		if hint := atLimit(o.characters); hint != "" {
			ends = hint
		}
		inside, _, _ := strings.Cut(strings.TrimPrefix(why, "the XML ends "), ", so")
		why = "the base64 ends at " + ends + ", " + inside + "; copy it again, as far as its end."
	} else if f.cut {
		if hint := atLimit(len(d.XML)); hint != "" {
			why = strings.Replace(why, "so the copy is cut off", "so the copy is cut off at "+hint, 1)
		}
	}
	r.Why = placed(why, d.XML, f.offset, len(d.Layers) > 0)
	return r
}
