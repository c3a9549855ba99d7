package saml

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// hostileDocuments are documents that cost other readers dearly, as large as
// a response may be. Each is refused, or holds no more than the limits.
func hostileDocuments() []struct{ name, xml string } {
	fill := func(before, part, after string) string {
		return before + strings.Repeat(part, (maxXML-len(before)-len(after))/len(part)) + after
	}
	names := func(format string, size int) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	return []struct{ name, xml string }{
		{"3000 declarations and 900 children", "<a" + numbered(` xmlns:n%d="u:x"`, 3000) + ">" + strings.Repeat("<b/>", 900) + "</a>"},
		{"128 declarations and 2900 children with prefixes", "<a" + numbered(` xmlns:n%d="u:x"`, 63) + "><a" + numbered(` xmlns:m%d="u:x"`, 64) + ">" + strings.Repeat(`<n0:b n0:c=""/>`, 2900) + "</a></a>"},
		{"declarations at every depth", strings.Repeat(`<a xmlns:b="u:x" xmlns:c="u:x" xmlns:d="u:x">`, 300)},
		{"nothing but declarations", "<a" + names(` xmlns:n%d="u:x"`, maxXML-100) + "/>"},
		{"14000 comments", fill("<a>", "<!---->", "</a>")},
		{"CDATA sections", fill("<a>", "<![CDATA[x]]>", "</a>")},
		{"5000 deep", strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000)},
		{"20000 deep", strings.Repeat("<a>", 20000)},
		{"20000 children", fill("<a>", "<b/>", "</a>")},
		{"5000 attributes", "<a" + numbered(` b%d=""`, 5000) + "/>"},
		{"64 attributes in every element", fill("<a>", "<b"+numbered(` c%d=""`, 64)+"/>", "</a>")},
		{"64 attributes with prefixes in every element", fill(`<a xmlns:n="u:x">`, "<b"+numbered(` n:c%d=""`, 64)+"/>", "</a>")},
		{"a megabyte of text", "<a>" + strings.Repeat("x", 1<<20-16) + "</a>"},
		{"75 KB of text", fill("<a>", "x", "</a>")},
		{"75 KB of references", fill("<a>", "&lt;", "</a>")},
		{"75 KB of carriage returns", fill("<a>", "\r", "</a>")},
		{"text in pieces", fill("<a>", "xxxxxxxxxxxxxxxxxx<b/>", "</a>")},
		{"75 KB of lone ampersands", fill("<a>", "&", "</a>")},
		{"a billion laughs", billionLaughs()},
		{"a document type declaration of 75 KB", fill("<!DOCTYPE a [", "<!ENTITY a 'b'>", "]><a/>")},
		{"tags that never end", fill("<a ", " ", "")},
		{"quotation marks that never end", fill(`<a b="`, "x", "")},
		{"comments that never end", fill("<a><!--", "-x", "")},
		{"names that aren't ASCII", "<a" + names(" ü%d=''", 300) + ">" + fillNames(maxXML-1000) + "</a>"},
		{"a name of 75 KB", fill("<", "a", "/>")},
		{"an attribute of 75 KB, and relative declarations", fill(`<a xmlns:x="`, "1", `"/>`)},
		{"left angle brackets", fill("<a>", "<", "</a>")},
		{"hexadecimal digits", fill("<a>&#x", "0", ";</a>")},
	}
}

// fillNames is elements with a name of its own each, none in ASCII.
func fillNames(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "<ü%d/>", i)
	}
	return b.String()
}

// What is kept of a document and made on the way is bounded, whatever is in
// it. How long it takes is BenchmarkGateHostile's to say.
func TestHostileDocumentsCostLittle(t *testing.T) {
	for _, c := range hostileDocuments() {
		d, r := Read(c.xml)
		if r == nil && strings.Contains(c.name, "000") {
			t.Errorf("%s: got no refusal", c.name)
		}
		if r != nil {
			checkWords(t, c.name, r)
		}
		elements, attributes, deepest := 0, 0, 0
		var count func(e *Element, depth int)
		count = func(e *Element, depth int) {
			elements++
			attributes = max(attributes, len(e.Attrs))
			deepest = max(deepest, depth)
			for _, child := range e.Children {
				count(child, depth+1)
			}
		}
		if d.Root != nil {
			count(d.Root, 1)
		}
		if elements > responseLimits.elements || attributes > responseLimits.attributes || deepest > responseLimits.depth+1 {
			t.Errorf("%s: got %d elements, %d attributes in one, %d deep", c.name, elements, attributes, deepest)
		}
		if pretty := d.Pretty(); len(pretty) > 1<<20 {
			t.Errorf("%s: got %d bytes of Pretty", c.name, len(pretty))
		}
		// An element, its attributes and its text are a handful; a message is
		// a few more.
		if made := testing.AllocsPerRun(1, func() { Read(c.xml) }); made > 20000 {
			t.Errorf("%s: got %v allocations", c.name, made)
		}
	}
}

func BenchmarkGateHostile(b *testing.B) {
	for _, c := range hostileDocuments() {
		b.Run(strings.ReplaceAll(c.name, " ", "-"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Read(c.xml)
			}
		})
	}
}

// Pasted text that isn't a document, and that takes long to tell.
func BenchmarkReadHostile(b *testing.B) {
	const size = 1<<20 - 64
	fill := func(before, part string) string { return before + strings.Repeat(part, (size-len(before))/len(part)) }
	for _, c := range []struct{ name, pasted string }{
		{"base64", fill("PHNh", "bWxw")},
		{"base64-in-lines", fill("PHNh", "bWxw\n")},
		{"percent", fill("PHNh", "%41")},
		{"percent-signs", fill("PHNh", "%")},
		{"entities", fill("PHNh", "&#65;")},
		{"ampersands", fill("PHNh", "&")},
		{"backslashes", fill("PHNh", `\`)},
		{"fields", fill("", "SAMLResponse=&")},
		{"fields-in-JSON", fill("{", `"SAMLResponse=": "SAMLResponse=&",`)},
		{"strings", fill("{", `"a",`)},
		{"brackets", fill("", "[")},
		{"inputs", fill("<html>", "<input name=SAMLResponse>")},
		{"inputs-that-do-not-end", fill("<html>", "<input ")},
		{"inputs-in-JSON", fill("{", `"<input SAMLResponse","name":"`)},
		{"comments", fill("", "<!---->")},
		{"comments-that-do-not-end", fill("<html>", "<!--")},
		{"quotation-marks", fill("", `"`)},
		{"words", fill("", "SAMLResponse ")},
		{"white-space", fill("", " ")},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Read(c.pasted)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	content, err := testdata.ReadFile("testdata/samlp-response.xml")
	if err != nil {
		b.Fatal(err)
	}
	encoded := base64.StdEncoding.EncodeToString(content)
	b.SetBytes(int64(len(encoded)))
	b.ReportAllocs()
	for b.Loop() {
		Read(encoded)
	}
}

func BenchmarkPosition(b *testing.B) {
	d, r := Read(folded(base64.StdEncoding.EncodeToString([]byte(wrapped(strings.Repeat("x", 70000)))), "\n"))
	if r != nil {
		b.Fatal(r)
	}
	for b.Loop() {
		d.Position(len(d.XML) - 20)
	}
}

func BenchmarkReadMetadata(b *testing.B) {
	content, err := testdata.ReadFile("testdata/pysaml2-metadata.xml")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		ReadMetadata(string(content))
	}
}

// FuzzRead holds that Read ends without a panic on any text; that what passes
// the gate is the same to etree; that positions stay in the text as pasted, in
// order; and that the parameter holds the XML.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		sample, sample64, folded(sample64, "\r\n"), base64.StdEncoding.EncodeToString([]byte(deflated(sample))),
		"SAMLResponse=" + sample64, `{"SAMLResponse": "` + sample64 + `"}`, har(`{}`, `{"text": "SAMLResponse=`+sample64+`"}`),
		fmt.Sprintf(page, `name=SAMLResponse value="`+strings.ReplaceAll(sample64, "+", "&#43;")+`"`),
		"--saml-assertion " + sample64, "\"" + sample64 + "\"", `"<a b=\"\u0041\ud83d\ude00\"/>"`, "<a>&#x41;&amp;\r\n<![CDATA[]]]]><![CDATA[>]]><!-- - --></a>",
		"<?xml version='1.0' encoding='UTF-8' standalone='no'?>\n<a xmlns='urn:a' xmlns:b='urn:b' b:c='d'><b:e xml:lang='f'/></a>", "<Straße ü='1'/>", "%3Ca%2F%3E", "&lt;a/&gt;", "\ufeff <a/>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		d, r := Read(pasted)
		if d == nil || d.Pasted != pasted {
			t.Fatalf("got %+v", d)
		}
		lines := strings.Split(pasted, "\n")
		inside := func(line, column int) bool {
			return line >= 1 && line <= len(lines) && column >= 1 && column <= len([]rune(lines[line-1]))+1
		}
		if r != nil {
			checkWords(t, "a refusal", r)
			if r.Line != 0 && !inside(r.Line, r.Column) {
				t.Errorf("got a refusal at %d:%d: %s", r.Line, r.Column, r.Why)
			}
		} else {
			agreeWithEtree(t, "the document", d.XML, d.Root)
			held, err := base64.StdEncoding.DecodeString(d.Value)
			if err != nil || strings.TrimPrefix(string(held), mark) != d.XML || len(d.Value) > maxValue {
				t.Errorf("got Value %.60q, %v for %.60q", d.Value, err, d.XML)
			}
			again := etree.NewDocument()
			if err := again.ReadFromString(d.Pretty()); err != nil {
				t.Errorf("Pretty: %v in %q", err, d.Pretty())
			}
		}
		previous := [2]int{1, 1}
		for offset := 0; offset <= len(d.XML); offset += 1 + len(d.XML)/50 {
			line, column := d.Position(offset)
			if !inside(line, column) || line < previous[0] || line == previous[0] && column < previous[1] {
				t.Errorf("byte %d of %d: got %d:%d behind %v", offset, len(d.XML), line, column, previous)
			}
			previous = [2]int{line, column}
		}
		if _, r := ReadMetadata(pasted); r != nil {
			checkWords(t, "a refusal of metadata", r)
		}
	})
}

// Documents made of pieces that matter, more than a fuzzer finds in little
// time: whatever passes is the same to etree.
func TestGateAndEtreeAgreeOnRandomPieces(t *testing.T) {
	pieces := []string{
		"<a>", "</a>", "<a/>", "<b:c xmlns:b='urn:b'>", "</b:c>", "<a xmlns='urn:a' d='&lt;>&#9;\r\n'/>", "x", "&amp;", "&#x20AC;", "\r\n", "\r", "]]", "]]&gt;", ">",
		"<!-- - -->", "<!---->", "<![CDATA[]]>", "<![CDATA[<&>]]]>", "é", "<é/>", "<x:y xmlns:x='urn:x' x:z='1' z='2'/>", " ", "<a\n/>", "-", "<?x?>", "<!x>", "&lt", "<a b=''c=''/>", "<a b='' b=''/>", "<b:d/>", "</a >",
	}
	r := rand.New(rand.NewPCG(3, 4))
	passed := 0
	for range 20000 {
		var b strings.Builder
		open := r.IntN(2) == 0
		if open {
			b.WriteString("<a>")
		}
		for range r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		if open {
			b.WriteString("</a>")
		}
		if root, f := gate(b.String(), responseLimits); f == nil {
			passed++
			agreeWithEtree(t, b.String(), b.String(), root)
		}
	}
	if passed < 500 {
		t.Errorf("got %d of 20000 that pass, too few to say anything", passed)
	}
}
