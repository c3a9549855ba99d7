package saml

import (
	"fmt"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// wrapped is a response around an inner text.
func wrapped(inner string) string {
	return `<samlp:Response xmlns:samlp="` + nsProtocol + `" xmlns:saml="` + nsAssertion + `" ID="_r1" Version="2.0">` + inner + `</samlp:Response>`
}

func TestGateRefuses(t *testing.T) {
	const before = len(`<samlp:Response xmlns:samlp="`) + len(nsProtocol) + len(`" xmlns:saml="`) + len(nsAssertion) + len(`" ID="_r1" Version="2.0">`)
	for _, c := range []struct {
		name, xml string
		reason    Reason
		offset    int
		hint      string
	}{
		// Characters.
		{"a NUL", wrapped("a\x00b"), IllFormed, before + 1, "control character"},
		{"a control character", wrapped("\x0b"), IllFormed, before, "control character"},
		{"a control character in an attribute", "<a b='\x1f'/>", IllFormed, 6, "control character"},
		{"bytes that aren't UTF-8", wrapped("\xff"), IllFormed, before, "aren't UTF-8"},
		{"Latin-1", wrapped("M\xfcnchen"), IllFormed, before + 1, "aren't UTF-8"},
		{"an overlong encoding", wrapped("\xc0\xbc"), IllFormed, before, "aren't UTF-8"},
		{"a surrogate in UTF-8", wrapped("\xed\xa0\x80"), IllFormed, before, "aren't UTF-8"},
		{"U+FFFE", wrapped("\ufffe"), IllFormed, before, "no character of XML"},
		{"U+FFFF", wrapped("\uffff"), IllFormed, before, "no character of XML"},
		{"UTF-16, little endian", "<\x00a\x00/\x00>\x00", IllFormed, 1, "several bytes"},
		{"UTF-16, big endian", "\x00<\x00a\x00/\x00>", IllFormed, 0, "several bytes"},

		// The document.
		{"nothing", "", IllFormed, 0, "cut off"},
		{"white space", " \n", IllFormed, 2, "cut off"},
		{"two roots", "<a/><b/>", IllFormed, 4, "one root"},
		{"two roots with white space between", "<a></a>\n<b/>", IllFormed, 8, "one root"},
		{"text before the root", "junk<a/>", IllFormed, 0, "before the root"},
		{"text behind the root", "<a/> junk", IllFormed, 5, "behind the root"},
		{"a character reference behind the root", "<a/>&#32;", IllFormed, 4, "behind the root"},
		{"a CDATA section before the root", "<![CDATA[x]]><a/>", IllFormed, 0, "outside the root"},
		{"an empty CDATA section behind the root", "<a/><![CDATA[]]>", IllFormed, 4, "outside the root"},
		{"an element that isn't closed", wrapped("<saml:Assertion>"), IllFormed, before + len("<saml:Assertion>"), "another name"},
		{"a document that is cut off", "<a><b>", IllFormed, 6, "cut off"},
		{"end tags in the wrong order", "<a><b></a></b>", IllFormed, 6, "another name"},
		{"an end tag with another prefix for the namespace", `<x:a xmlns:x="urn:n" xmlns:y="urn:n"></y:a>`, IllFormed, 37, "another name"},
		{"an end tag with nothing open", "<a/></a>", IllFormed, 4, "ends no element"},
		{"an end tag with an attribute", `<a></a b="c">`, IllFormed, 7, "nothing else"},
		{"white space before the name of an end tag", "<a></ a>", IllFormed, 5, "missing"},

		// Declarations and instructions.
		{"a document type declaration", "<!DOCTYPE a><a/>", IllFormed, 0, "document type"},
		{"a document type declaration that hides a comment, CVE-2025-25291", `<!DOCTYPE response SYSTEM 'x"><!--'><a/>`, IllFormed, 0, "document type"},
		{"a document type declaration inside the root", wrapped("<!DOCTYPE a>"), IllFormed, before, "document type"},
		{"an external entity", `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>`, IllFormed, 0, "document type"},
		{"a parameter entity", `<!DOCTYPE a [<!ENTITY % e SYSTEM "https://example.test/"> %e;]><a/>`, IllFormed, 0, "document type"},
		{"a billion laughs", billionLaughs(), IllFormed, 0, "document type"},
		{"a document type declaration in lower case", "<!doctype a><a/>", IllFormed, 0, "only elements"},
		{"an entity declaration by itself", `<!ENTITY a "b"><a/>`, IllFormed, 0, "only elements"},
		{"a processing instruction before the root", "<?x y?><a/>", IllFormed, 0, "processing instruction"},
		{"a processing instruction in a NameID", "<a>admin@example.test<?x y?>.evil.test</a>", IllFormed, 21, "processing instruction"},
		{"a style sheet", "<?xml-stylesheet href='a'?><a/>", IllFormed, 0, "processing instruction"},
		{"an XML declaration behind white space", " <?xml version='1.0'?><a/>", IllFormed, 1, "white space stands before"},
		{"an XML declaration inside the root", wrapped("<?xml version='1.0'?>"), IllFormed, before, "behind the beginning"},
		{"a second XML declaration", "<?xml version='1.0'?><?xml version='1.0'?><a/>", IllFormed, 21, "behind the beginning"},
		{"XML 1.1", "<?xml version='1.1'?><a/>", IllFormed, 0, "XML 1.0"},
		{"an XML declaration without version", "<?xml encoding='UTF-8'?><a/>", IllFormed, 0, "no version"},
		{"an XML declaration without anything", "<?xml ?><a/>", IllFormed, 0, "no version"},
		{"an XML declaration in upper case", "<?XML version='1.0'?><a/>", IllFormed, 0, "processing instruction"},
		{"UTF-7", "<?xml version='1.0' encoding='UTF-7'?><a/>", IllFormed, 0, "other than UTF-8"},
		{"UTF-16 by its label", "<?xml version='1.0' encoding='utf-16'?><a/>", IllFormed, 0, "other than UTF-8"},
		{"Latin-1 by its label", "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", IllFormed, 0, "other than UTF-8"},
		{"an encoding that is empty", "<?xml version='1.0' encoding=''?><a/>", IllFormed, 0, "other than UTF-8"},
		{"standalone that is neither", "<?xml version='1.0' standalone='maybe'?><a/>", IllFormed, 0, "standalone"},
		{"an XML declaration in another order", "<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>", IllFormed, 0, "in this order"},
		{"an XML declaration without white space", "<?xml version='1.0'encoding='UTF-7'?><a/>", IllFormed, 0, "in this order"},
		{"an XML declaration that is cut off", "<?xml version='1.0'", IllFormed, 19, "cut off"},

		// Names and namespaces.
		{"a prefix that isn't declared", "<x:a/>", IllFormed, 0, "prefix x"},
		{"a prefix of an attribute that isn't declared", "<a x:b='c'/>", IllFormed, 0, "prefix x"},
		{"a prefix that is declared in a sibling", wrapped(`<a xmlns:x="urn:x"/><x:a/>`), IllFormed, before + 20, "prefix x"},
		{"a prefix that is declared empty", `<a xmlns:x=""/>`, IllFormed, 0, "no namespace"},
		{"the prefix xmlns declared, CVE-2025-25292", `<a xmlns:xmlns="http://www.w3.org/2000/09/xmldsig#"/>`, IllFormed, 0, "xmlns stands for"},
		{"the namespace of declarations as default", `<a xmlns="http://www.w3.org/2000/xmlns/"/>`, IllFormed, 0, "can't be declared"},
		{"the namespace of declarations with a prefix", `<a xmlns:x="http://www.w3.org/2000/xmlns/"/>`, IllFormed, 0, "can't be declared"},
		{"the prefix xml for another namespace", `<a xmlns:xml="urn:x"/>`, IllFormed, 0, "can't have another"},
		{"another prefix for the namespace of xml", `<a xmlns:x="http://www.w3.org/XML/1998/namespace"/>`, IllFormed, 0, "no other"},
		{"the namespace of xml as default", `<a xmlns="http://www.w3.org/XML/1998/namespace"/>`, IllFormed, 0, "no other"},
		{"an element with the prefix xmlns", `<xmlns:a/>`, IllFormed, 0, "prefix xmlns"},
		{"a relative namespace", `<a xmlns:ns="1"/>`, IllFormed, 0, "relative URI"},
		{"a namespace with a space", `<a xmlns:ns="urn:a b"/>`, IllFormed, 0, "characters that no URI has"},
		{"a namespace with a line break", "<a xmlns:ns=\"urn:a\nb\"/>", IllFormed, 0, "characters that no URI has"},
		{"a namespace with half an escape", `<a xmlns:ns="urn:%z"/>`, IllFormed, 0, "characters that no URI has"},
		{"a namespace with a bracket", `<a xmlns:ns="http://[::"/>`, IllFormed, 0, "characters that no URI has"},
		{"a relative namespace as default", `<a xmlns="saml"/>`, IllFormed, 0, "relative URI"},
		{"two colons", `<a:b:c xmlns:a="urn:a"/>`, IllFormed, 1, "colon"},
		{"a colon at the beginning", "<:a/>", IllFormed, 1, "colon"},
		{"a colon at the end", `<a: xmlns:a="urn:a"/>`, IllFormed, 1, "colon"},
		{"an attribute with a colon at the end", `<a xmlns:x="urn:x" x:="1"/>`, IllFormed, 19, "colon"},
		{"a declaration of no prefix", `<a xmlns:="urn:x"/>`, IllFormed, 3, "colon"},
		{"a name that begins with a digit", "<1a/>", IllFormed, 1, "no such name"},
		{"a local part that begins with a hyphen", `<x:-a xmlns:x="urn:x"/>`, IllFormed, 1, "no such name"},
		{"a name with a character that no name has", "<a\u00d7/>", IllFormed, 1, "no such name"},
		{"a name that is missing", "<a>< b</a>", IllFormed, 4, "write &lt;"},

		// Attributes.
		{"an attribute twice", `<a ID="_a1" ID="_x"/>`, IllFormed, 12, "stands twice"},
		{"an attribute twice with one value", `<a ID="_a1" ID="_a1"/>`, IllFormed, 12, "stands twice"},
		{"a declaration twice", `<a xmlns="urn:a" xmlns="urn:b"/>`, IllFormed, 17, "stands twice"},
		{"one expanded name by two prefixes", `<a xmlns:x="urn:n" xmlns:y="urn:n" x:ID="_a1" y:ID="_x"/>`, IllFormed, 0, "by different prefixes"},
		{"one expanded name, the namespace written with a reference", `<a xmlns:x="urn:n" xmlns:y="urn:&#110;" x:ID="1" y:ID="1"/>`, IllFormed, 0, "by different prefixes"},
		{"attributes without white space between", `<a b="1"c="2"/>`, IllFormed, 8, "white space"},
		{"no quotation marks", "<a b=c/>", IllFormed, 5, "quotation marks"},
		{"an attribute without value", "<a b/>", IllFormed, 4, "has a value"},
		{"< in an attribute", `<a b="<"/>`, IllFormed, 6, "write &lt;"},
		{"a quotation mark that is missing", `<a b="c><d e="f"/></a>`, IllFormed, 8, "write &lt;"},
		{"a start tag that isn't closed", "<a <b/></a>", IllFormed, 3, "isn't closed"},
		{"a slash within a start tag", "<a / b='c'>", IllFormed, 3, "slash"},
		{"a stray character in a start tag", `<a b="c" !>`, IllFormed, 9, "missing"},

		// Text.
		{"an entity that isn't declared", "<a>&nbsp;</a>", IllFormed, 3, "five"},
		{"an entity that isn't declared, in an attribute", "<a b='&e;'/>", IllFormed, 6, "five"},
		{"an entity in upper case", "<a>&AMP;</a>", IllFormed, 3, "five"},
		{"a lone &", "<a>B & C</a>", IllFormed, 5, "&amp;"},
		{"a lone & before a reference", "<a>B & C &amp; D</a>", IllFormed, 5, "&amp;"},
		{"an entity without its semicolon", "<a>&amp B</a>", IllFormed, 3, "&amp;"},
		{"an entity without name", "<a>&;</a>", IllFormed, 3, "five"},
		{"a reference to no character", "<a>&#;</a>", IllFormed, 3, "no character"},
		{"a reference in hexadecimal to no character", "<a>&#x;</a>", IllFormed, 3, "no character"},
		{"a reference with an upper-case X", "<a>&#X41;</a>", IllFormed, 3, "no character"},
		{"a reference to NUL", "<a>&#0;</a>", IllFormed, 3, "no character"},
		{"a reference to a control character", "<a>&#1;</a>", IllFormed, 3, "no character"},
		{"a reference to a surrogate", "<a>&#xD800;</a>", IllFormed, 3, "no character"},
		{"a reference beyond Unicode", "<a>&#x110000;</a>", IllFormed, 3, "no character"},
		{"a reference that overflows", "<a>&#18446744073709551681;</a>", IllFormed, 3, "no character"},
		{"a reference with a sign", "<a>&#+65;</a>", IllFormed, 3, "no character"},
		{"]]> in text", "<a>x]]>y</a>", IllFormed, 4, "CDATA"},
		{"two hyphens in a comment", "<a><!-- a -- b --></a>", IllFormed, 10, "two hyphens"},
		{"three hyphens at a comment's end", "<a><!-- a ---></a>", IllFormed, 10, "two hyphens"},
		{"a comment that is cut off", "<a><!-- a", IllFormed, 9, "cut off"},
		{"a comment that is cut off in its end", "<a><!-- a --", IllFormed, 12, "cut off"},
		{"a CDATA section that is cut off", "<a><![CDATA[ x ]]", IllFormed, 17, "cut off"},
		{"a CDATA section that is cut off in its beginning", "<a><![CDA", IllFormed, 9, "cut off"},
		{"an attribute that is cut off", `<a b="c`, IllFormed, 7, "cut off"},
		{"an attribute that is cut off before its equals sign", "<a b ", IllFormed, 5, "cut off"},
		{"an attribute that is cut off behind its equals sign", "<a b= ", IllFormed, 6, "cut off"},
		{"an empty element that is cut off", "<a/", IllFormed, 3, "cut off"},
		{"an end tag that is cut off", "<a></a", IllFormed, 6, "cut off"},
		{"a character that is cut off", "<a>\xe2\x82", IllFormed, 5, "cut off"},
		{"an XML declaration without quotation marks", "<?xml version=1.0?><a/>", IllFormed, 0, "no version"},
		{"an XML declaration without an equals sign", "<?xml version '1.0'?><a/>", IllFormed, 0, "no version"},
		{"an XML declaration whose quotation mark isn't closed", "<?xml version='1.0?><a/>", IllFormed, 0, "no version"},
		{"a reference that is cut off", `<a>&am`, IllFormed, 6, "cut off"},
		{"a name that is cut off", `<a><`, IllFormed, 4, "cut off"},

		// Limits.
		{"65 elements inside one another", strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65), XMLLimit, 64 * 3, "more than 64"},
		{"3001 elements", "<a>" + strings.Repeat("<b/>", 3000) + "</a>", XMLLimit, 3 + 2999*4, "3000"},
		{"3000 comments in an element", "<a>" + strings.Repeat("<!---->", 3000) + "</a>", XMLLimit, 3 + 2999*7, "3000"},
		{"3000 CDATA sections in an element", "<a>" + strings.Repeat("<![CDATA[]]>", 3000) + "</a>", XMLLimit, 3 + 2999*12, "3000"},
		{"many elements among many attributes", strings.Repeat("<a"+numbered(` b%02d=""`, 60)+">", 20) + strings.Repeat("<b/>", 100) + strings.Repeat("</a>", 20), XMLLimit, 20*(2+60*7+1) + 36*4, "more than any identity provider sends"},
		{"65 attributes", "<a" + numbered(` b%02d=""`, 65) + "/>", XMLLimit, 2 + 64*7 + 1, "64"},
		{"129 declarations on a path", "<a" + numbered(` xmlns:b%02d="urn:x"`, 64) + "><a" + numbered(` xmlns:c%02d="urn:x"`, 64) + `><a xmlns="urn:x"/></a></a>`, XMLLimit, 2*(2+64*18+1) + 0, "128"},
	} {
		root, f := gate(c.xml, responseLimits)
		if f == nil {
			t.Errorf("%s: got no refusal", c.name)
			continue
		}
		if f.reason != c.reason || f.offset != c.offset || !strings.Contains(f.why, c.hint) {
			t.Errorf("%s: got %v at %d (%s) want %v at %d with %q", c.name, f.reason, f.offset, f.why, c.reason, c.offset, c.hint)
		}
		if f.expected == "" || f.found == "" || f.cut != strings.Contains(f.why, "cut off") {
			t.Errorf("%s: got %+v", c.name, f)
		}
		root.Walk(func(e *Element) bool {
			if e.Start < 0 || e.End <= e.Start || e.End > len(c.xml) {
				t.Errorf("%s: got %s from %d to %d", c.name, e.Name(), e.Start, e.End)
			}
			return true
		})
	}
}

// numbered is a format repeated with the numbers from 0 on.
func numbered(format string, count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func billionLaughs() string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE a [<!ENTITY l0 "lol">`)
	for i := range 9 {
		fmt.Fprintf(&b, `<!ENTITY l%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&l%d;", i), 10))
	}
	b.WriteString("]><a>&l9;</a>")
	return b.String()
}

func TestGateLetsPass(t *testing.T) {
	for _, c := range []struct{ name, xml, text string }{
		{"an XML declaration", `<?xml version="1.0"?><a>x</a>`, "x"},
		{"an XML declaration with everything", "<?xml version = '1.0' encoding='utf-8' standalone='yes' ?>\n<a>x</a>\n", "x"},
		{"comments around the root", "<!-- a --><a>x</a><!-- b -->", "x"},
		{"a comment within a name", "<a>admin@example.test<!---->.evil.test</a>", "admin@example.test.evil.test"},
		{"a CDATA section", "<a>x<![CDATA[<&]]>y</a>", "x<&y"},
		{"two CDATA sections for ]]>", "<a><![CDATA[]]]]><![CDATA[>]]></a>", "]]>"},
		{"]]> in an attribute", "<a b=']]>'>x</a>", "x"},
		{"]]&gt;", "<a>]]&gt;</a>", "]]>"},
		{"the five entities", "<a>&lt;&gt;&amp;&apos;&quot;</a>", `<>&'"`},
		{"character references", "<a>&#65;&#x42;&#0000000000000000000067;&#x1F600;</a>", "ABC\U0001F600"},
		{"white space around text", "<a>\r\n\t x y \n</a>", "x y"},
		{"line breaks of every kind", "<a>1\r\n2\r3\n4&#13;5</a>", "1\n2\n3\n4\r5"},
		{"line breaks in a CDATA section", "<a><![CDATA[1\r\n2\r3]]></a>", "1\n2\n3"},
		{"text around an element", "<a>x<b>no</b>y</a>", "xy"},
		{"the prefix xml", `<a xml:lang="en" xmlns:xml="http://www.w3.org/XML/1998/namespace">x</a>`, "x"},
		{"a default namespace that is taken back", `<a xmlns="urn:x">x<b xmlns=""/></a>`, "x"},
		{"a name that isn't ASCII", "<Straße größe='1'>x</Straße>", "x"},
		{"white space wherever it may be", "<a\n b = '1'\t>x</a\r\n>", "x"},
		{"64 elements inside one another", strings.Repeat("<a>", 63) + "<a>x</a>" + strings.Repeat("</a>", 63), ""},
		{"3000 elements", "<a>x" + strings.Repeat("<b/>", 2999) + "</a>", "x"},
		{"64 attributes", "<a" + numbered(` b%02d=""`, 64) + ">x</a>", "x"},
		{"one local name with and without prefix", `<a xmlns:x="urn:n" ID="1" x:ID="2">x</a>`, "x"},
		{"one prefix for two namespaces in turn", `<a xmlns:x="urn:n">x<x:b xmlns:x="urn:m"/><x:b/></a>`, "x"},
	} {
		root, f := gate(c.xml, responseLimits)
		if f != nil {
			t.Errorf("%s: got %v at %d: %s", c.name, f.reason, f.offset, f.why)
			continue
		}
		if root.Text != c.text {
			t.Errorf("%s: got text %q want %q", c.name, root.Text, c.text)
		}
		agreeWithEtree(t, c.name, c.xml, root)
	}
}

// White space in the value of an attribute is a space each, but for what a
// reference stands for (XML 1.0 §3.3.3). Offsets are those of the text as it is.
func TestAttributesAreNormalized(t *testing.T) {
	const text = "<a b='1\t2\r\n3\n4\r5&#9;&#xA;&#13;6 7'>\t\r\n<b c=\"\n\"\td='\t'/></a>"
	root, normalized, f := normal(text, responseLimits)
	if f != nil {
		t.Fatal(f.why)
	}
	if got, want := root.Attr("b"), "1 2 3 4 5\t\n\r6 7"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
	if got, want := normalized, "<a b='1 2 3 4 5&#9;&#xA;&#13;6 7'>\t\r\n<b c=\" \"\td=' '/></a>"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
	if b := root.Children[0]; b.Start != strings.Index(text, "<b") || b.Attr("c")+b.Attr("d") != "  " {
		t.Errorf("got %+v", b)
	}
	agreeWithEtree(t, "attributes", text, root)
}

// agreeWithEtree holds that etree reads the same elements, attributes and
// namespaces out of a text that passed the gate.
func agreeWithEtree(t *testing.T, name, xml string, root *Element) {
	t.Helper()
	tree := etree.NewDocument()
	_, text, _ := normal(xml, responseLimits)
	if err := tree.ReadFromString(text); err != nil {
		t.Errorf("%s: etree: %v", name, err)
		return
	}
	if tree.Root() == nil || len(tree.ChildElements()) != 1 {
		t.Errorf("%s: etree: got %d roots", name, len(tree.ChildElements()))
		return
	}
	var same func(a *Element, b *etree.Element)
	same = func(a *Element, b *etree.Element) {
		if a.Prefix != b.Space || a.Local != b.Tag || len(a.Attrs) != len(b.Attr) || len(a.Children) != len(b.ChildElements()) || a.Space != b.NamespaceURI() {
			t.Errorf("%s: got %s in %q with %d attributes and %d children, etree has %s in %q with %d and %d", name, a.Name(), a.Space, len(a.Attrs), len(a.Children), b.FullTag(), b.NamespaceURI(), len(b.Attr), len(b.ChildElements()))
			return
		}
		for i := range a.Attrs {
			if a.Attrs[i].Name != b.Attr[i].FullKey() || a.Attrs[i].Value != b.Attr[i].Value {
				t.Errorf("%s: got %+v, etree has %+v", name, a.Attrs[i], b.Attr[i])
			}
		}
		text := ""
		for _, token := range b.Child {
			if data, ok := token.(*etree.CharData); ok {
				text += data.Data
			}
		}
		if a.Text != strings.Trim(text, white) {
			t.Errorf("%s: got text %q, etree has %q", name, a.Text, text)
		}
		if !strings.HasPrefix(xml[a.Start:a.End], "<"+a.Name()) || xml[a.End-1] != '>' {
			t.Errorf("%s: got %s at %q", name, a.Name(), xml[a.Start:a.End])
		}
		for i, child := range b.ChildElements() {
			same(a.Children[i], child)
		}
	}
	same(root, tree.Root())
}
