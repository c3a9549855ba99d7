package report

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// markup writes elements, of drawings and of trees. A templ component would do the same with some five
// times the code, which the page has to download.
type markup struct{ strings.Builder }

// open begins an element. Its attributes are names and values in turn.
func (s *markup) open(name string, attributes ...string) {
	s.tag(name, attributes)
	s.WriteByte('>')
}

// empty is an element without content.
func (s *markup) empty(name string, attributes ...string) {
	s.tag(name, attributes)
	s.WriteString("/>")
}

// text is an element with nothing but words.
func (s *markup) text(name, words string, attributes ...string) {
	s.open(name, attributes...)
	s.WriteString(templ.EscapeString(words))
	s.close(name)
}

func (s *markup) close(name string) { s.WriteString("</" + name + ">") }

func (s *markup) tag(name string, attributes []string) {
	s.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		s.WriteString(" " + attributes[i] + `="` + templ.EscapeString(attributes[i+1]) + `"`)
	}
}

// begin opens the drawing itself, with its name and what it shows in words.
func (s *markup) begin(class, title, description string, height int) {
	s.open("svg", "class", class, "role", "img", "aria-labelledby", class+"-title "+class+"-desc", "width", "100%", "height", strconv.Itoa(height))
	s.text("title", title, "id", class+"-title")
	s.text("desc", description, "id", class+"-desc")
}

// at is a shape whose own middle is at a share of the width.
func (s *markup) at(x string, y int, shape func()) {
	s.open("svg", "class", "end", "x", x, "y", strconv.Itoa(y))
	shape()
	s.close("svg")
}

// line is straight, from one share of the width to another.
func (s *markup) line(class, from, to string, y1, y2 int) {
	s.empty("line", "class", class, "x1", from, "x2", to, "y1", strconv.Itoa(y1), "y2", strconv.Itoa(y2))
}

// words stand at a share of the width, which they begin, end or have in their
// middle.
func (s *markup) words(class, x, anchor string, y int, words string) {
	s.text("text", words, "class", class, "x", x, "dx", nudge(anchor), "y", strconv.Itoa(y), "text-anchor", anchor)
}

// nudge keeps words off the line at which they begin or end; pixels.
func nudge(anchor string) string {
	switch anchor {
	case "start":
		return "5"
	case "end":
		return "-5"
	}
	return "0"
}

// component is what is written, to stand in a templ component.
func (s *markup) component() templ.Component { return templ.Raw(s.String()) }
