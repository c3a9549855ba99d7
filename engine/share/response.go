package share

import (
	"compress/flate"
	"encoding/base64"
	"html"
	"io"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
)

// response is a SAML response where the scenario takes one without its
// signature. One that has none is as it was.
func (r *redaction) response(n source.Node, p place) source.Node {
	xml, ok := xmlOf(n.Text)
	if !ok {
		// Whatever it is, it isn't shown to be harmless. The engine can't read
		// less of what is left.
		const shortest = 64
		if len(n.Text) < shortest {
			return r.scrubbed(n, p)
		}
		r.note(Unread, p)
		return text(leftOut)
	}
	bare := r.unsignedXML(xml, p)
	if bare == xml {
		return r.scrubbed(n, p)
	}
	return object(source.Member{Name: "unsigned", Value: text(bare)})
}

var (
	aSignature  = regexp.MustCompile(`(?s)(<(?:[^\s<>/:&"']+:)?SignatureValue(?:\s(?:[^>"'/]|/+[^>"'/]|"[^"]*"|'[^']*')*)>|<(?:[^\s<>/:&"']+:)?SignatureValue>)(.*?)(</(?:[^\s<>/:&"']+:)?SignatureValue\s*>|$)`)
	aCiphertext = regexp.MustCompile(`(?s)(<(?:[^\s<>/:&"']+:)?CipherValue(?:\s(?:[^>"'/]|/+[^>"'/]|"[^"]*"|'[^']*')*)>|<(?:[^\s<>/:&"']+:)?CipherValue>)(.*?)(</(?:[^\s<>/:&"']+:)?CipherValue\s*>|$)`)
	// Either, where the XML is text of something else: HTML, JSON, a form.
	anEscaped = regexp.MustCompile(`(?is)((?:&lt;|&#60;|&#x3c;|\\u003c|%3C)(?:[\w.-]+(?::|%3A))?(SignatureValue|CipherValue)\b.*?(?:&gt;|&#62;|&#x3e;|\\u003e|%3E|>))(.*?)((?:&lt;|&#60;|&#x3c;|\\u003c|%3C)|$)`)
)

// unsignedXML is XML with every signature's value emptied (XML Signature §4.3),
// and what is encrypted (XML Encryption §3.3): whoever has the key reads that.
func (r *redaction) unsignedXML(xml string, p place) string {
	signed, closed := false, false
	xml = aSignature.ReplaceAllStringFunc(xml, func(s string) string {
		m := aSignature.FindStringSubmatch(s)
		signed = signed || strings.TrimSpace(m[2]) != ""
		return m[1] + m[3]
	})
	xml = aCiphertext.ReplaceAllStringFunc(xml, func(s string) string {
		m := aCiphertext.FindStringSubmatch(s)
		closed = closed || strings.TrimSpace(m[2]) != ""
		return m[1] + m[3]
	})
	xml = replaced(anEscaped, xml, func(m []string) string {
		if strings.TrimSpace(m[3]) != "" {
			signed = signed || strings.EqualFold(m[2], "SignatureValue")
			closed = closed || strings.EqualFold(m[2], "CipherValue")
		}
		return m[1] + m[4]
	})
	if signed {
		r.note(Response, p)
	}
	if closed {
		r.note(Encrypted, p)
	}
	return xml
}

// The forms that a SAML response is pasted in are more than are read here, and
// what isn't understood is left out. base64Run is what they have in common.
var base64Run = regexp.MustCompile(`[A-Za-z0-9+/_=%-]{64,}`)

// xmlOf finds the XML of a response in what was pasted: XML itself, or the
// longest base64 in the text, URL-encoded, compressed and broken into lines as
// it may be.
func xmlOf(pasted string) (xml string, ok bool) {
	begin := strings.TrimLeft(strings.TrimPrefix(strings.TrimSpace(pasted), "\ufeff"), " \t\r\n\"'`")
	if strings.HasPrefix(begin, "<") && strings.Contains(begin, "Response") && !strings.Contains(begin, "SAMLResponse") {
		return pasted, true
	}
	if xml := hiddenXML(pasted); xml != "" {
		return xml, true
	}
	plain := html.UnescapeString(pasted)
	plain = strings.NewReplacer(`\r`, "", `\n`, "", `\/`, "/", `\u002b`, "+", `\u002B`, "+", `\u003d`, "=", `\u003D`, "=").Replace(plain)
	longest := ""
	for _, run := range base64Run.FindAllString(joined(plain), -1) {
		if len(run) > len(longest) {
			longest = run
		}
	}
	if xml := hiddenXML(longest); xml != "" {
		return xml, true
	}
	// A HAR has the form in base64 once more.
	if octets := unbased(longest); octets != nil && strings.Contains(string(octets), "SAMLResponse=") {
		return xmlOf(string(octets))
	}
	return "", false
}

// lineBreak is one inside base64, as mail programs and PEM make them.
var lineBreak = regexp.MustCompile(`([A-Za-z0-9+/_=%-])\s*\r?\n\s*`)

func joined(text string) string { return lineBreak.ReplaceAllString(text, "$1") }

// hiddenXML is the XML that a text is the base64 of, "" where it is that of
// none.
func hiddenXML(text string) string {
	if len(text) < 64 || len(text) > 1<<20 {
		return ""
	}
	text = strings.Join(strings.Fields(text), "")
	if _, value, named := strings.Cut(text, "SAMLResponse="); named {
		text, _, _ = strings.Cut(value, "&")
	}
	octets := unbased(text)
	if octets == nil {
		return ""
	}
	if xml := string(octets); strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(xml, "\ufeff"), " \t\r\n"), "<") && utf8.ValidString(xml) {
		return xml
	}
	inflated, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(string(octets))), 1<<20))
	if err == nil && strings.HasPrefix(strings.TrimLeft(string(inflated), " \t\r\n"), "<") && utf8.Valid(inflated) {
		return string(inflated)
	}
	return ""
}

// unbased decodes base64 of either alphabet, URL-encoded or not; nil for
// anything else.
func unbased(text string) []byte {
	text = escapes.Replace(text)
	if strings.Contains(text, "%") {
		plain, err := url.PathUnescape(text)
		if err != nil {
			return nil
		}
		text = plain
	}
	text = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(text), "=")
	octets, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(octets) == 0 {
		return nil
	}
	return octets
}
