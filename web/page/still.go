package page

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

// still draws parts of a report for a page that nothing happens in: the same
// component as in the playground, without what asks for its program. Buttons
// and fields are left out, and whatever is marked data-live; advice that could
// be applied is words; a link into the editors leads to the line in the text
// below; an id has a prefix, so that many reports fit into one page.
type still struct {
	home   string     // the way to the front page, where links to other pages begin
	prefix string     // of the ids; may be empty
	whole  []string   // ids of the page itself, which have no prefix
	folded string     // id of a details element that is closed here, though it is open in the playground
	deeper int        // how many levels headings stand below where they do in the playground
	line   lineFinder // where a place of the scenario stands in its text
	write  *bytes.Buffer
	ends   []string // what the end tags of links and buttons are exchanged for, the innermost last
}

// of is the component as it is drawn here.
func (s still) of(c templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var drawn bytes.Buffer
		if err := c.Render(ctx, &drawn); err != nil {
			return err
		}
		s.write = new(bytes.Buffer)
		s.copy(html.NewTokenizer(&drawn))
		_, err := s.write.WriteTo(w)
		return err
	})
}

// copy writes what is read, token by token.
func (s *still) copy(in *html.Tokenizer) {
	for {
		kind := in.Next()
		raw := slices.Clone(in.Raw())
		switch kind {
		case html.ErrorToken: // the end: the component's HTML is well-formed
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			s.start(in, raw, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			s.end(string(raw))
		default:
			s.write.Write(raw)
		}
	}
}

// start writes an element's start tag, or leaves the element out.
func (s *still) start(in *html.Tokenizer, raw []byte, closed bool) {
	name, has := in.TagName()
	tag := string(name)
	var all attributes
	for has {
		var key, value []byte
		key, value, has = in.TagAttr()
		all = append(all, html.Attribute{Key: string(key), Val: string(value)})
	}
	switch _, live := all.get("data-live"); {
	case live, tag == "input", tag == "button" && !s.speaks(all):
		if !closed && tag != "input" {
			skip(in, tag)
		}
	case tag == "button":
		s.spoken(in, all)
	case tag == "a":
		s.link(in, all)
	case len(all) > 0 || s.deeper > 0 && heading(tag) > 0:
		s.tag(tag, s.renamed(tag, all), closed)
	default:
		s.write.Write(raw)
	}
}

// end writes an end tag, or what it was exchanged for.
func (s *still) end(raw string) {
	if last := len(s.ends) - 1; last >= 0 && raw == "</a>" {
		raw, s.ends = s.ends[last], s.ends[:last]
	}
	s.write.WriteString(raw)
}

// skip reads to the end of an element of that name.
func skip(in *html.Tokenizer, tag string) {
	for depth := 1; depth > 0; {
		kind := in.Next()
		if kind == html.ErrorToken {
			return
		}
		if name, _ := in.TagName(); string(name) == tag {
			switch kind {
			case html.StartTagToken:
				depth++
			case html.EndTagToken:
				depth--
			}
		}
	}
}

// speaks says whether a button says something besides what it does: advice,
// the name of a call, or a term of the glossary.
func (s *still) speaks(all attributes) bool {
	id, _ := all.get("id")
	class, _ := all.get("class")
	return class == "fix" && strings.HasPrefix(id, "fix-") || class == "chooser" || class == "term"
}

// spoken draws such a button as its words: a call's name leads to the call, a
// term to its explanation.
func (s *still) spoken(in *html.Tokenizer, all attributes) {
	words := html.EscapeString(wordsOf(in, "button"))
	call, isCall := all.get("data-call")
	term, isTerm := all.get("popovertarget")
	switch {
	case isCall:
		n, _ := strconv.Atoi(call)
		s.tag("a", attributes{{Key: "href", Val: "#" + callID(n)}}, false)
		s.write.WriteString(words + "</a>")
	case isTerm:
		s.tag("a", attributes{{Key: "href", Val: s.home + "glossary#" + strings.TrimPrefix(term, "term-")}}, false)
		s.write.WriteString(words + "</a>")
	default:
		s.tag("strong", attributes{{Key: "class", Val: "advice-title"}}, false)
		s.write.WriteString(words + "</strong>")
	}
}

// link draws a link: those into the editors lead to the text, the others stay.
func (s *still) link(in *html.Tokenizer, all attributes) {
	path, places := all.get("data-goto-path")
	if !places {
		s.ends = append(s.ends, "</a>")
		s.tag("a", s.renamed("a", all), false)
		return
	}
	class, _ := all.get("class")
	line := 0
	if s.line != nil {
		within, _ := all.get("data-line")
		n, _ := strconv.Atoi(within)
		line = s.line(path, n)
	}
	switch {
	case class == "goto" && line == 0:
		skip(in, "a")
	case class == "goto":
		skip(in, "a")
		s.tag("a", attributes{{Key: "class", Val: "goto"}, {Key: "href", Val: "#" + lineID(line)}}, false)
		s.write.WriteString("line " + strconv.Itoa(line) + "</a>")
	case line == 0:
		s.ends = append(s.ends, "</span>")
		s.tag("span", nil, false)
	default:
		s.ends = append(s.ends, "</a>")
		s.tag("a", attributes{{Key: "href", Val: "#" + lineID(line)}}, false)
	}
}

// wordsOf reads the words of an element to its end.
func wordsOf(in *html.Tokenizer, tag string) string {
	var words strings.Builder
	for {
		switch in.Next() {
		case html.TextToken:
			words.Write(in.Text())
		case html.EndTagToken:
			if name, _ := in.TagName(); string(name) != tag {
				continue
			}
			return strings.TrimSpace(words.String())
		case html.ErrorToken:
			return words.String()
		}
	}
}

// renamed is an element's attributes as they are in this page.
func (s *still) renamed(tag string, all attributes) attributes {
	var kept attributes
	for _, a := range all {
		switch a.Key {
		case "id", "name", "for":
			a.Val = s.id(a.Val)
		case "aria-labelledby", "aria-describedby", "aria-controls":
			ids := strings.Fields(a.Val)
			for i := range ids {
				ids[i] = s.id(ids[i])
			}
			a.Val = strings.Join(ids, " ")
		case "href":
			a.Val = s.address(a.Val)
		case "target":
			continue // there is nobody's work that would be left
		case "open":
			if id, _ := all.get("id"); id == s.folded {
				continue
			}
		}
		if tag == "section" && s.deeper > 0 && strings.HasPrefix(a.Key, "aria-label") {
			continue // regions of one name would lead nowhere in particular; the headings do
		}
		if strings.HasPrefix(a.Key, "data-") && a.Key != "data-column" {
			continue // what the program looks for
		}
		kept = append(kept, a)
	}
	if level := heading(tag); level > 0 && s.deeper > 0 {
		kept = append(kept, html.Attribute{Key: "aria-level", Val: strconv.Itoa(level + s.deeper)})
	}
	return kept
}

// id is an id of the component as this page has it.
func (s *still) id(id string) string {
	if slices.Contains(s.whole, id) {
		return id
	}
	return s.prefix + id
}

// address is where a link leads: within the page, to another site, or to
// another page of this one.
func (s *still) address(to string) string {
	switch {
	case strings.HasPrefix(to, "#"):
		return "#" + s.id(to[1:])
	case strings.HasPrefix(to, "https://"):
		return to
	}
	return s.home + strings.TrimPrefix(to, "./")
}

func (s *still) tag(name string, all attributes, closed bool) {
	s.write.WriteString("<" + name)
	for _, a := range all {
		s.write.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
	}
	if closed {
		s.write.WriteByte('/')
	}
	s.write.WriteByte('>')
}

type attributes []html.Attribute

func (all attributes) get(key string) (value string, ok bool) {
	for _, a := range all {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// heading is the level of a heading, 0 for any other element.
func heading(tag string) int {
	if len(tag) == 2 && tag[0] == 'h' && '1' <= tag[1] && tag[1] <= '6' {
		return int(tag[1] - '0')
	}
	return 0
}
