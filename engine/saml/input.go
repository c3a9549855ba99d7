package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
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

// fieldNames are what a response is called where it is a value, and what it
// may stand in a line with.
var fieldNames = []struct{ name, layer string }{
	{"SAMLResponse", "form body"},
	{"SAMLAssertion", "form body"}, // of the API's own request
	{"--saml-assertion", "command line"},
}

// field is the value of a field in a text that is neither JSON nor HTML.
type field struct {
	layer      string
	start, end int
	file       bool // the value names a file
}

// findField looks for a field with a value. A form's body and an address
// have = behind the name, tools that list fields have a colon.
func findField(text string) (field, bool) {
	for _, n := range fieldNames {
		for from := 0; ; {
			i := indexWord(text[from:], n.name)
			if i < 0 {
				break
			}
			name := from + i
			from = name + len(n.name)
			if f, ok := fieldValue(text, from, n.layer); ok {
				if n.layer == "form body" && strings.LastIndex(text[:name], "://") >= 0 && strings.IndexByte(text[:name], '?') >= 0 && !strings.ContainsAny(text[:name], white) {
					f.layer = "URL"
				}
				return f, true
			}
		}
	}
	return field{}, false
}

// fieldValue is the value that follows a name which ends at an offset.
func fieldValue(text string, at int, of string) (field, bool) {
	skip := func(set string) string {
		start := at
		for at < len(text) && strings.IndexByte(set, text[at]) >= 0 {
			at++
		}
		return text[start:at]
	}
	separator := ""
	if of == "command line" {
		skip("=")
	} else {
		skip("\"' \t")
		if separator = skip("=:"); len(separator) != 1 {
			return field{}, false
		}
	}
	skip(white)
	f := field{layer: of, start: at}
	stops := "&#\"'`<;"
	switch {
	case at == len(text):
		return field{}, false
	case strings.IndexByte("\"'`", text[at]) >= 0:
		stops = text[at : at+1]
		f.start++
	case of == "command line":
		stops = white + "\"'`"
	case separator == ":":
		stops = "\r\n\"'`,"
	}
	f.end = len(text)
	if end := strings.IndexAny(text[f.start:], stops); end >= 0 {
		f.end = f.start + end
	}
	value := text[f.start:f.end]
	if separator == "=" {
		value = beforeOption(value)
		f.end = f.start + len(value)
	}
	for _, reference := range []string{"file://", "fileb://", "$", "@"} {
		f.file = f.file || strings.HasPrefix(value, reference)
	}
	return f, strings.Trim(value, white) != ""
}

// beforeOption is a value without the options of a command that follow it,
// such as curl's: -d x, --compressed.
func beforeOption(value string) string {
	for from := 0; ; {
		i := strings.Index(value[from:], " -")
		if i < 0 {
			return value
		}
		from += i + 2
		if rest := value[from:]; strings.HasPrefix(rest, "-") || len(rest) > 1 && rest[1] == ' ' {
			return value[:from-2]
		}
	}
}

// indexWord is the offset of a name that isn't a part of another.
func indexWord(text, name string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(name)
		if (i == 0 || nameByte[text[i-1]] == 0 || text[i-1] == ':') && (from == len(text) || nameByte[text[from]] == 0 || text[from] == ':') {
			return i
		}
	}
}

// quoted takes off quotation marks, where they don't begin a part of a HAR.
func (o *opener) quoted(text string) (string, *Refusal) {
	if o.quotes++; o.quotes > 3 { // each is looked through for more than a mark
		return "", o.notSAML("quotation marks within quotation marks", "Something was quoted again and again; paste the value of SAMLResponse as the browser sends it.", 0)
	}
	if text[0] == '"' {
		if c, ok := findInExcerpt(text); ok {
			return o.push(c.layer, text, c.start, c.end, inJSON), nil
		}
	}
	end := len(text)
	if i := strings.LastIndexByte(text[1:], text[0]); i >= 0 {
		end = 1 + i
	}
	if f, ok := findField(text[1:end]); ok && !f.file {
		return o.push("quotes", text, 1, end, verbatim), nil
	}
	e := verbatim
	if text[0] == '"' && strings.IndexByte(text, '\\') >= 0 {
		e = inJSON
	}
	return o.push("quotes", text, 1, end, e), nil
}

// page finds the form's field in HTML.
func (o *opener) page(text string) (string, *Refusal) {
	request := -1
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '<')
		if i < 0 {
			break
		}
		at += i + 1
		const tag = "input"
		if len(text)-at <= len(tag) || !strings.EqualFold(text[at:at+len(tag)], tag) || !isWhite(text[at+len(tag)]) && text[at+len(tag)] != '/' {
			continue
		}
		name, start, end, next := inputTag(text, at+len(tag))
		switch {
		case name == "SAMLResponse" && end > start:
			e := verbatim
			if strings.IndexByte(text[start:end], '&') >= 0 {
				e = inHTML
			}
			return o.push("HTML form", text, start, end, e), nil
		case name == "SAMLRequest":
			request = at - 1
		}
		at = next
	}
	if request >= 0 {
		return "", o.notSAML("a form with SAMLRequest, an authentication request", itsRequest, request)
	}
	return "", o.notSAML("a page without a field SAMLResponse", "The page has no form that holds a response: it may be the one where people sign in; copy the page or the request that comes after that.", 0)
}

// inputTag reads the attributes of an input element from an offset on: its
// name, where its value stands, and where the tag ends. HTML lets quotation
// marks be of either kind or left out.
func inputTag(text string, at int) (name string, start, end, next int) {
	for at < len(text) && text[at] != '>' {
		if isWhite(text[at]) || text[at] == '/' || text[at] == '=' {
			at++
			continue
		}
		from := at
		for at < len(text) && !isWhite(text[at]) && strings.IndexByte("=>/", text[at]) < 0 {
			at++
		}
		attribute := text[from:at]
		equals := at
		for equals < len(text) && isWhite(text[equals]) {
			equals++
		}
		if equals == len(text) || text[equals] != '=' {
			continue
		}
		at = equals + 1
		for at < len(text) && isWhite(text[at]) {
			at++
		}
		if at == len(text) {
			break
		}
		first, last := at, at
		if text[at] == '"' || text[at] == '\'' {
			first++
			if last = strings.IndexByte(text[first:], text[at]); last < 0 {
				last = len(text) - first
			}
			last += first
			at = min(last+1, len(text))
		} else {
			for at < len(text) && !isWhite(text[at]) && text[at] != '>' {
				at++
			}
			last = at
		}
		switch {
		case strings.EqualFold(attribute, "name"):
			name = inHTML.decode(text[first:last])
		case strings.EqualFold(attribute, "value"):
			start, end = first, last
		}
	}
	return name, start, end, at
}

// base64 takes off base64 of either alphabet, white space within allowed.
func (o *opener) base64(text string) (string, *Refusal) {
	clean := make([]byte, 0, len(text)+2)
	padding := 0
	alphabet := byte(0) // the first character that is of one alphabet only
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case isWhite(c):
			continue
		case c == '=':
			padding++
			continue
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c == '+', c == '/', c == '-', c == '_':
			url := c == '-' || c == '_'
			if alphabet == 0 {
				alphabet = c
			}
			if url != (alphabet == '-' || alphabet == '_') {
				return "", o.breaks64(text, i, "Both alphabets of base64 are in one text; it was changed in part, so copy it again.")
			}
			switch c {
			case '-':
				c = '+'
			case '_':
				c = '/'
			}
		default:
			return "", o.breaks64(text, i, "")
		}
		if padding > 0 {
			return "", o.breaks64(text, i, "Base64 ends where it is padded with =, and more follows here: two values stand together, so paste one of them.")
		}
		clean = append(clean, c)
	}
	if (len(clean) < 16 || proseLike(text)) && !markup64(clean) {
		return "", o.notSAML(quote(text), "The text is no response in any form; paste the value of SAMLResponse, which begins with PHNhb or PD94b.", 0)
	}
	if rest := len(clean) % 4; rest == 1 || padding > 0 && rest+padding != 4 && (rest == 0 || padding > 2) {
		found := fmt.Sprintf("%d characters and %d of padding", len(clean), padding)
		why := "No base64 text has that length, so a character was lost or added; copy it again, as far as its end."
		if hint := atLimit(len(text)); hint != "" {
			why = "No base64 text has that length: it ends at " + hint + ", so the rest was cut off; copy it in another way."
		}
		return "", o.cannotDecode("base64, four characters for every three bytes", found, why, len(text))
	}
	octets := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, err := base64.RawStdEncoding.Decode(octets, clean)
	if err != nil { // every character was looked at
		return "", o.cannotDecode("base64", "base64 that can't be decoded", "The base64 is broken; copy it again.", 0)
	}
	o.lay(layer{name: "base64", held: text, encoding: inBase64, size: n})
	o.exact, o.characters = true, len(clean)
	for len(clean)%4 != 0 {
		clean = append(clean, '=')
	}
	o.d.Value = string(clean)
	return string(octets[:n]), nil
}

// markup64 says whether base64 holds what begins with < or a byte order mark.
func markup64(text []byte) bool {
	return len(text) > 1 && text[0] == 'P' && text[1] >= 'A' && text[1] <= 'P' || bytes.HasPrefix(text, []byte("77u/"))
}

// proseLike tells words from lines of base64.
func proseLike(text string) bool {
	words := strings.Fields(text)
	return len(words) > 1 && len(text)/len(words) < 16
}

// atLimit names a length at which terminals and fields cut a text off.
func atLimit(length int) string {
	switch length {
	case 255, 256, 1023, 1024, 2047, 2048, 4095, 4096, 8191, 8192, 16383, 16384, 32767, 32768, 65535, 65536:
		return fmt.Sprintf("character %d, a usual limit of terminals and fields", length)
	}
	return ""
}

// breaks64 refuses base64 at the character that isn't of it.
func (o *opener) breaks64(text string, at int, why string) *Refusal {
	c, size := utf8.DecodeRuneInString(text[at:])
	if size == 0 {
		size = 1
	}
	position := utf8.RuneCountInString(text[:at]) + 1
	if at < 40 && why == "" && !markup64([]byte(text)) {
		return o.notSAML(quote(text), "The text is no response in any form; paste the value of SAMLResponse, which begins with PHNhb or PD94b.", 0)
	}
	if why == "" {
		switch {
		case c == '…' || strings.HasPrefix(text[at:], "..") || strings.HasPrefix(text[at:], "[..."):
			why = "The dots stand for what a tool left out to save room; copy the whole value from where it is kept."
		case c == '%':
			why = "A percent sign begins an escape of two hexadecimal digits, and none follow here; copy the value again, as far as its end."
		case c == '.':
			why = "Base64 has no dots; a token of OpenID Connect has, and goes to AssumeRoleWithWebIdentity."
		default:
			why = "The character isn't in the alphabet of base64, so something else was copied with the value or changed it; copy it again."
		}
	}
	return o.cannotDecode("base64: letters, digits, + and /", fmt.Sprintf("%q at character %d", c, position), why, at)
}

// inflate takes off the redirect binding's compression (SAML 2.0 Bindings
// §3.4.4.1), or says what else base64 held.
func (o *opener) inflate(text string) (string, *Refusal) {
	if found, why := kindOf(text); found != "" {
		return "", o.cannotDecode("base64 of XML, compressed or not", "base64 of "+found, why, 0)
	}
	if len(text) > maxXML {
		return "", o.tooLarge(fmt.Sprintf("%d bytes of compressed data", len(text)))
	}
	packed := bytes.NewReader([]byte(text))
	var out bytes.Buffer
	_, err := out.ReadFrom(io.LimitReader(flate.NewReader(packed), maxXML+1))
	xml := out.Bytes()
	isXML := bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(xml, []byte(mark)), white), []byte("<"))
	switch {
	case err != nil && !isXML:
		return "", o.cannotDecode("base64 of XML, compressed or not", fmt.Sprintf("base64 of %d bytes that begin with 0x%X", len(text), text[:min(len(text), 4)]), "What the base64 holds is neither XML nor compressed XML; paste the value of SAMLResponse, which begins with PHNhb or PD94b.", 0)
	case len(xml) > maxXML:
		return "", o.tooLarge(fmt.Sprintf("compressed data of %d bytes that become more", len(text)))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "", o.cannotDecode("compressed data as far as its end", fmt.Sprintf("%d bytes that end too early", len(text)), "The compressed data is cut off; copy the value again, as far as its end.", len(text))
	case err != nil:
		return "", o.cannotDecode("compressed data (RFC 1951)", "broken after "+fmt.Sprint(len(xml))+" bytes of XML", "The compressed data was changed on its way; copy the value again.", 0)
	case packed.Len() > 0:
		return "", o.cannotDecode("the end of the compressed data", fmt.Sprintf("%d more bytes", packed.Len()), "Bytes follow the compressed data, so two values stand together; paste one of them.", 0)
	case !isXML:
		return "", o.cannotDecode("compressed XML", "compressed data of another kind", "What was compressed isn't XML; paste the value of SAMLResponse.", 0)
	}
	o.lay(layer{name: "deflate", held: text, encoding: inDeflate, size: len(xml)})
	o.exact, o.characters = true, 0
	o.d.Value = "" // the API takes no compressed data
	return string(xml), nil
}

// kindOf names data by how it begins; "" where it may be compressed XML.
func kindOf(text string) (found, why string) {
	switch {
	case strings.HasPrefix(text, "\x1f\x8b"):
		return "gzip", "SAML's redirect binding compresses with raw DEFLATE (RFC 1951) and no frame around it; paste the value of SAMLResponse from the form."
	case len(text) > 1 && text[0] == 0x78 && (int(text[0])<<8|int(text[1]))%31 == 0:
		return "zlib data", "SAML's redirect binding compresses with raw DEFLATE (RFC 1951) and no frame around it (RFC 1950); paste the value of SAMLResponse from the form."
	case strings.HasPrefix(text, "\x30\x82"), strings.HasPrefix(text, "\x30\x81"):
		return "a certificate or a key (DER)", "A certificate belongs to the provider's metadata; paste the value of SAMLResponse, which begins with PHNhb or PD94b."
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return "UTF-16", "SAML is read as UTF-8; save the document in that encoding, and encode it again."
	case strings.HasPrefix(text, "PK\x03\x04"):
		return "a ZIP archive", "An archive is no response; paste the value of SAMLResponse, which begins with PHNhb or PD94b."
	}
	return "", ""
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
