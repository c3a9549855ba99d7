package saml

import (
	"crypto/rsa"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// pieces are what mutate puts into a document: what canonicalization takes
// away again, and what attacks are made of.
var pieces = []string{
	"<!-- -->", "<!---->", " ", "\n", "\t", "<![CDATA[x]]>", "<![CDATA[]]>", "&#x61;", "&#10;", "&amp;", "<x/>", "<?x y?>", `xmlns:z="urn:z"`, ` xmlns:z="urn:z"`,
	` ID="_a1"`, ` Id="_a1"`, "evil@attacker.test", "<saml:NameID>evil@attacker.test</saml:NameID>", "<saml:Assertion ID=\"_a1\">", "</saml:Assertion>",
	"<ds:Object>", "</ds:Object>", "#WithComments", "=", "A", "0",
}

// mutate changes a document in one to three places.
func mutate(random *rand.Rand, xml string) string {
	for range 1 + random.IntN(3) {
		at := random.IntN(len(xml))
		switch random.IntN(8) {
		case 0: // another octet
			xml = xml[:at] + string(rune(' '+random.IntN(95))) + xml[at+1:]
		case 1: // one less
			xml = xml[:at] + xml[at+1:]
		case 2: // two exchanged
			if at+1 < len(xml) {
				xml = xml[:at] + xml[at+1:at+2] + xml[at:at+1] + xml[at+2:]
			}
		case 3: // a part again
			end := min(at+random.IntN(80), len(xml))
			xml = xml[:end] + xml[at:]
		case 4: // a part less
			xml = xml[:at] + xml[min(at+random.IntN(40), len(xml)):]
		case 5: // a piece between tags
			if i := strings.Index(xml[at:], "><"); i >= 0 {
				xml = xml[:at+i+1] + pieces[random.IntN(len(pieces))] + xml[at+i+1:]
			}
		case 6: // white space within a tag
			if i := strings.Index(xml[at:], "/>"); i >= 0 {
				xml = xml[:at+i] + []string{" ", "\n", "\r\n"}[random.IntN(3)] + xml[at+i:]
			}
		default:
			xml = xml[:at] + pieces[random.IntN(len(pieces))] + xml[at:]
		}
	}
	return xml
}

// saysOf is all that can be read of an assertion, comments aside.
func saysOf(v *Verified) string {
	var b strings.Builder
	var say func(el *etree.Element)
	say = func(el *etree.Element) {
		b.WriteString("<" + el.NamespaceURI() + " " + el.Tag)
		for _, name := range []string{"ID", "Name", "NotOnOrAfter", "Recipient", "Format"} {
			b.WriteString(" " + attrOf(el, name))
		}
		b.WriteString(">")
		for _, child := range el.Child {
			switch child := child.(type) {
			case *etree.CharData:
				b.WriteString(child.Data)
			case *etree.Element:
				say(child)
			}
		}
		b.WriteString("</>")
	}
	say(v.Assertion)
	return b.String()
}

// Whatever is done to signed documents, nothing panics, nothing hangs, and
// what is read is what was signed.
func FuzzVerify(f *testing.F) {
	keys := append(key(rsaOne, ec256), Key{})
	for _, c := range goodResponses() {
		f.Add(c.xml)
	}
	for _, a := range attacks() {
		f.Add(a.xml)
	}
	// What the keys have signed in the tests, wherever it is put.
	signed := map[string]bool{}
	for _, c := range goodResponses() {
		if v, refusal := judge(c.xml, keys); refusal == nil {
			signed[saysOf(v)] = true
		}
	}
	f.Fuzz(func(t *testing.T, xml string) {
		v, refusal := judge(xml, keys)
		if (v == nil) == (refusal == nil) {
			t.Fatalf("got both or none of %v and %s", v, describeRefusal(refusal))
		}
		if refusal != nil {
			checkParts(t, refusal)
			return
		}
		if !signed[saysOf(v)] {
			t.Errorf("got %q, which nobody signed", saysOf(v))
		}
		for _, s := range v.Signatures {
			if s.Key == nil || !s.Anatomy.Good || !s.Anatomy.DigestGood {
				t.Errorf("got a signature with the anatomy %+v", s.Anatomy)
			}
		}
	})
}

func FuzzDecrypt(f *testing.F) {
	private := []*rsa.PrivateKey{rsaTwo}
	f.Add(seal(base, sealing{}), assertion)
	f.Add(seal(sign(base, signing{id: "_a1"}), sealing{cipher: nsEncryption + "aes128-cbc", place: "retrieved"}), selfContained)
	f.Add(sign(seal(base, sealing{place: "beside"}), signing{id: "_r1"}), "<x/>")
	f.Fuzz(func(t *testing.T, xml, plain string) {
		for _, xml := range []string{xml, seal(base, sealing{plain: plain})} {
			d, refusal := Read(xml)
			if refusal != nil {
				continue
			}
			r, refusal := Open(d)
			if refusal != nil {
				continue
			}
			if refusal := r.Decrypt(private); refusal != nil {
				checkParts(t, refusal)
				continue
			}
			if v, refusal := r.Verify(key(rsaOne)); v != nil && textIn(v, "NameID") != "alice@example.test" {
				t.Errorf("got %q", saysOf(v))
			} else if refusal != nil {
				checkParts(t, refusal)
			}
		}
	})
}

// The same as FuzzVerify, on every run of the tests and in wasm.
func TestNothingButWhatWasSignedIsRead(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, c := range goodResponses() {
		want := saysOf(mustJudge(t, c.xml, c.keys))
		for range 12 {
			xml := mutate(random, c.xml)
			if v, refusal := judge(xml, c.keys); refusal == nil && saysOf(v) != want {
				t.Errorf("%s: got %q of %s", c.name, saysOf(v), xml)
			}
		}
	}
}

func mustJudge(t testing.TB, xml string, keys []Key) *Verified {
	t.Helper()
	v, refusal := judge(xml, keys)
	if refusal != nil {
		t.Fatal(describeRefusal(refusal))
	}
	return v
}
