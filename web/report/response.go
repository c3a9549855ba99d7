package report

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// What is drawn of a response at most. It is sent anew at every keystroke, and
// one of 75 KB may have thousands of elements.
const (
	mostElements   = 240
	mostChildren   = 40     // of one element
	mostDepth      = 16     // levels below the root
	shortText      = 96     // code points of a text at once; the whole is folded
	wholeText      = 4000   // code points of a text as a whole
	mostText       = 24_000 // bytes of all the wholes
	mostCanonical  = 3000   // code points
	mostAttributes = 60
	mostValues     = 24 // of one attribute
)

// piece is a text as it is drawn: all of it, or its beginning and, folded, as
// much of it as there is room for.
type piece struct {
	Shown  string
	Whole  string // "" where Shown is all, or where there is no room
	Length int    // in code points, where Shown is not all
	All    bool   // Whole is all of it
}

// xmlElement is an element of the response as it is drawn.
type xmlElement struct {
	ID         string
	Name       string
	Attributes []namedPiece
	Asides     []namedPiece // attributes that say little
	Text       piece
	Mark       mark
	Signs      string // of a Signature: the reference to what it signs
	Children   []*xmlElement
	Left       int // elements below it that aren't drawn
	Open       bool
	At         *trace.At
}

// usualNamespaces are those of every response. Only others are drawn.
var usualNamespaces = map[string]bool{
	"urn:oasis:names:tc:SAML:2.0:protocol":      true,
	"urn:oasis:names:tc:SAML:2.0:assertion":     true,
	"http://www.w3.org/2000/09/xmldsig#":        true,
	"http://www.w3.org/2001/04/xmlenc#":         true,
	"http://www.w3.org/2009/xmlenc11#":          true,
	"http://www.w3.org/2001/10/xml-exc-c14n#":   true,
	"http://www.w3.org/2001/XMLSchema":          true,
	"http://www.w3.org/2001/XMLSchema-instance": true,
}

type namedPiece struct {
	Name  string
	Value piece
}

// mark says what the signatures say of an element. The zero value: nothing
// that isn't said of what it stands in.
type mark int

const (
	unmarked  mark = iota
	verified       // a signature over it is good
	broken         // a signature over it isn't good
	named          // a signature names it, and none was checked
	ambiguous      // the same, and another element has the same ID
	stray          // an assertion that no signature covers, in a response that has signatures
	unsigned       // no signature covers it
)

// status, words and frame are how a mark is drawn.
func (m mark) status() trace.Status {
	switch m {
	case verified:
		return trace.Passed
	case broken, stray:
		return trace.Failed
	case named, ambiguous:
		return trace.Assumed
	}
	return trace.Skipped
}

// covers says whether the mark is about all that stands in the element.
func (m mark) covers() bool { return m == verified || m == broken || m == named || m == ambiguous }

func (m mark) words() string {
	switch m {
	case verified:
		return "signed, verified"
	case broken:
		return "signature not good"
	case named:
		return "named by a signature, not checked"
	case ambiguous:
		return "its ID is named by a signature, and another has it too"
	}
	return "not signed"
}

func (m mark) frame() string {
	switch m {
	case verified:
		return "frame is-passed"
	case broken:
		return "frame is-broken is-failed"
	case named, ambiguous:
		return "frame is-named is-assumed"
	case stray:
		return "frame is-stray is-failed"
	}
	return ""
}

// forest draws the trees of a response within one bound.
type forest struct {
	references map[string]bool // IDs that a signature names
	holders    map[string]int  // how many elements have an ID
	checked    bool            // the signatures were looked at
	proven     bool            // the attributes stand in their table
	path       string          // of the pasted text in the scenario
	assertions []assertion
	seen       bool // an assertion
	several    bool // assertions, all of which one wants to see at once
	elements   int
	text       int
}

// assertion is one of the response's, by whom it speaks of.
type assertion struct {
	ID   string // of its element in the tree
	Name string
	Mark mark
}

func (a assertion) who() string {
	if a.Name == "" {
		return "of nobody"
	}
	return a.Name
}

// trees are the response as sent and, where it came encrypted, its assertion.
func trees(v *sts.SAMLView, call int) (root, opened *xmlElement) {
	f := newForest(v)
	f.path = "/calls/" + strconv.Itoa(call) + "/params/SAMLAssertion"
	if v.Path != "" {
		f.path = v.Path
	}
	if v.Root != nil {
		root = f.draw(v.Root, "xml", 0, unmarked)
	}
	if v.Opened != nil {
		within := unmarked
		if v.Root != nil && v.Root.Signed != "" {
			within = verified
		}
		opened = f.draw(v.Opened, "opened", 0, within)
	}
	return root, opened
}

func newForest(v *sts.SAMLView) *forest {
	f := &forest{
		references: map[string]bool{}, holders: map[string]int{},
		checked: len(v.Signatures) > 0, proven: len(v.Attributes) > 0,
	}
	f.survey(v.Root)
	return f
}

// severalAssertions are the response's, where it has more than the one that
// SAML has it send.
func severalAssertions(v *sts.SAMLView) []assertion {
	f := newForest(v)
	if !f.several {
		return nil
	}
	f.draw(v.Root, "xml", 0, unmarked)
	return f.assertions
}

// survey finds out which elements the signatures name.
func (f *forest) survey(e *sts.ElementView) {
	if e == nil {
		return
	}
	if id := idOf(e); id != "" {
		f.holders[id]++
	}
	switch local(e.Name) {
	case "Signature":
		f.references[signs(e)] = true
	case "Assertion":
		f.several = f.several || f.seen
		f.seen = true
	}
	for _, child := range e.Children {
		f.survey(child)
	}
}

// draw is the element, so many levels below the root, with what is below it.
// Within is the mark of the frame that it stands in.
func (f *forest) draw(e *sts.ElementView, id string, depth int, within mark) *xmlElement {
	f.elements++
	out := &xmlElement{ID: id, Name: e.Name, Mark: f.mark(e, depth == 0, within != unmarked), Text: f.piece(e.Text)}
	for _, a := range e.Attributes {
		drawn := namedPiece{a.Name, f.piece(a.Value)}
		switch isNamespace := a.Name == "xmlns" || strings.HasPrefix(a.Name, "xmlns:"); {
		case isNamespace && usualNamespaces[a.Value]:
		case isNamespace, a.Name == "NameFormat", local(a.Name) == "type":
			out.Asides = append(out.Asides, drawn)
		default:
			out.Attributes = append(out.Attributes, drawn)
		}
	}
	if e.Line > 0 {
		out.At = &trace.At{Path: f.path, Within: &trace.Within{Path: f.path, Line: e.Line, Column: e.Column}}
	}
	if out.Mark.covers() {
		within = out.Mark
	}
	if local(e.Name) == "Assertion" {
		own := out.Mark
		if own == unmarked {
			own = within
		}
		f.assertions = append(f.assertions, assertion{id, first(subjectOf(e), shortText), own})
	}
	for i, child := range e.Children {
		if i >= mostChildren || depth >= mostDepth || f.elements >= mostElements {
			out.Left += size(child)
			continue
		}
		out.Children = append(out.Children, f.draw(child, id+"-"+strconv.Itoa(i), depth+1, within))
	}
	switch local(e.Name) {
	case "Signature":
		out.Signs = signs(e)
	case "AttributeStatement":
		out.Open = !f.proven
	case "AuthnStatement", "EncryptedData", "EncryptedKey":
	case "SubjectConfirmation", "Conditions":
		out.Open = !f.several
	default:
		out.Open = depth < 6
	}
	return out
}

// subjectOf is whom an assertion speaks of; "" where it doesn't say.
func subjectOf(assertion *sts.ElementView) string {
	for _, subject := range assertion.Children {
		if local(subject.Name) != "Subject" {
			continue
		}
		for _, id := range subject.Children {
			if local(id.Name) == "NameID" {
				return id.Text
			}
		}
	}
	return ""
}

func (f *forest) mark(e *sts.ElementView, root, covered bool) mark {
	id := idOf(e)
	switch {
	case e.Signed != "":
		return verified
	case e.Broken:
		return broken
	case !f.checked && id != "" && f.references["#"+id] && f.holders[id] > 1:
		return ambiguous
	case !f.checked && id != "" && f.references["#"+id], !f.checked && root && f.references[""]:
		return named
	case covered:
		return unmarked
	}
	switch name := local(e.Name); {
	case name == "Assertion" && len(f.references) > 0:
		return stray
	case root, name == "Assertion", name == "EncryptedAssertion", name == "Response":
		return unsigned
	}
	return unmarked
}

// idOf is the element's ID, however it is spelled; "" for none.
func idOf(e *sts.ElementView) string {
	for _, a := range e.Attributes {
		if strings.EqualFold(local(a.Name), "ID") && !strings.HasPrefix(a.Name, "xmlns:") {
			return a.Value
		}
	}
	return ""
}

// signs is the reference of a Signature: # and the ID of what it signs, or ""
// for the whole document.
func signs(signature *sts.ElementView) string {
	for _, info := range signature.Children {
		if local(info.Name) != "SignedInfo" {
			continue
		}
		for _, reference := range info.Children {
			if local(reference.Name) != "Reference" {
				continue
			}
			for _, a := range reference.Attributes {
				if a.Name == "URI" {
					return a.Value
				}
			}
		}
	}
	return ""
}

func local(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }

// size is how many elements e and what is below it are.
func size(e *sts.ElementView) int {
	n := 1
	for _, child := range e.Children {
		n += size(child)
	}
	return n
}

// piece shortens a text. Its whole is given while there is room.
func (f *forest) piece(text string) piece {
	length := utf8.RuneCountInString(text)
	if length <= shortText {
		return piece{Shown: text}
	}
	p := piece{Shown: first(text, shortText), Length: length}
	if whole := first(text, wholeText); f.text+len(whole) <= mostText {
		f.text += len(whole)
		p.Whole, p.All = whole, len(whole) == len(text)
	}
	return p
}

// first is at most that many code points of the text.
func first(text string, most int) string {
	count := 0
	for i := range text {
		if count == most {
			return text[:i]
		}
		count++
	}
	return text
}

// legend says what the frames mean, as far as there are any.
func legend(v *sts.SAMLView) string {
	good, bad := 0, 0
	for _, s := range v.Signatures {
		if s.Good {
			good++
		} else {
			bad++
		}
	}
	switch {
	case bad > 0:
		return "The signature over what is framed isn't good, so nothing in the response is proven."
	case good > 0:
		return "What is framed is proven: a signature over it is good. What stands outside could have been changed by anyone on the way."
	case hasSignature(v.Root):
		return "No signature was checked, so nothing in the response is proven. The frames tell what a signature names."
	}
	return "Nothing in the response is signed, so nothing of it is proven."
}

func hasSignature(e *sts.ElementView) bool {
	if e == nil {
		return false
	}
	for _, child := range e.Children {
		if local(child.Name) == "Signature" || hasSignature(child) {
			return true
		}
	}
	return false
}

// layerWords say what stood around the XML.
var layerWords = map[string]string{
	"HAR":           "a HAR excerpt",
	"JSON":          "JSON",
	"HTML form":     "a page with a form",
	"form body":     "a form's body",
	"URL":           "an address",
	"command line":  "a command line",
	"quotes":        "quotation marks",
	"HTML entities": "HTML entities",
	"JSON escapes":  "JSON escapes",
	"URL encoding":  "URL encoding",
	"base64":        "base64",
	"deflate":       "deflate compression",
}

// cameAs says in what the response came, outermost first.
func cameAs(v *sts.SAMLView) string {
	if v.Minted != "" {
		return "Minted by the playground, and sent as base64."
	}
	if len(v.Layers) == 0 {
		return "Pasted as XML."
	}
	words := make([]string, len(v.Layers))
	for i, layer := range v.Layers {
		words[i] = layer
		if known, ok := layerWords[layer]; ok {
			words[i] = known
		}
	}
	last := "the XML below."
	if v.Root == nil {
		last = "what can't be read as XML."
	}
	return "Pasted: " + strings.Join(append(words, last), ", in it ")
}

// attributeName is an attribute's name as short as it is understood: the end
// of a URL, else all of it.
func attributeName(name string) string {
	if at := strings.LastIndexByte(name, '/'); strings.Contains(name, "://") && at < len(name)-1 {
		return name[at+1:]
	}
	return name
}

// keyless says whether one of the attributes is neither AWS's own nor of its
// list, so that a policy's author may look for a key of it in vain.
func keyless(attributes []sts.AttributeView) bool {
	return slices.ContainsFunc(attributes, func(a sts.AttributeView) bool { return a.Key == "" && a.Meaning == "" })
}

// thousands is a number with its thousands apart.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// placeWords say where an element begins in the text as pasted: by its line,
// which in a text of one line says nothing.
func placeWords(at *trace.At, oneLine bool) string {
	if oneLine {
		return "show"
	}
	return "line " + strconv.Itoa(at.Within.Line)
}

// onOneLine says whether the whole response stands in one line.
func onOneLine(e *xmlElement) bool {
	for _, child := range e.Children {
		if !onOneLine(child) {
			return false
		}
	}
	return e.At == nil || e.At.Within.Line == 1
}

// more says that elements were left out.
func more(n int, besides bool) string {
	noun := " elements"
	if n == 1 {
		noun = " element"
	}
	if besides {
		return thousands(n) + " more" + noun + ", not drawn here; the text has them"
	}
	return thousands(n) + noun + ", not drawn here; the text has them"
}

func signatureWord(s sts.SignatureView) string {
	if s.Good {
		return "verified"
	}
	return "not good"
}

// alike is what there is to say of two digests.
func alike(a, b, equal, different string) string {
	if strings.EqualFold(a, b) {
		return equal
	}
	return different
}
