package page_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stsplayground/web/page"
)

var lessonTexts = []page.LessonText{
	{Slug: "one", Title: "Lesson one", Text: "Says [who](glossary:issuer), and for [whom](glossary:audience)."},
	{Slug: "two", Title: "Lesson two", Text: "Asks for the [audience](glossary:audience)."},
}

// drawnReading is a page to read as an export has it, and its elements.
func drawnReading(t *testing.T, r page.Reading) (ids map[string]*html.Node, elements []*html.Node) {
	t.Helper()
	ids = parse(t, page.Article(page.Site{Assets: assets, Home: "../"}, page.Meta{Title: r.Title, Description: r.About}, r, r.Body("../", lessonTexts)))
	for n := range root(ids).Descendants() {
		if n.Type == html.ElementNode {
			elements = append(elements, n)
		}
	}
	return ids, elements
}

func root(ids map[string]*html.Node) *html.Node {
	n := ids["text"]
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

func TestThePagesToReadAreWhole(t *testing.T) {
	for _, r := range page.Readings {
		t.Run(r.Name, func(t *testing.T) {
			ids, elements := drawnReading(t, r)
			level, words, current := 0, 0, ""
			for _, n := range elements {
				switch n.Data {
				case "h1", "h2", "h3", "h4":
					next := int(n.Data[1] - '0')
					if next > level+1 || next == 1 && level > 0 {
						t.Errorf("the heading %q is of level %d, below one of level %d", text(n), next, level)
					}
					level = next
				case "p", "dd", "td":
					words += len(strings.Fields(text(n)))
				case "a":
					to := attr(n, "href")
					anchor, here := strings.CutPrefix(to, "#")
					switch {
					case here && ids[anchor] == nil:
						t.Errorf("%q leads to #%s, and there is none", text(n), anchor)
					case !here && !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "../"):
						t.Errorf("%q leads to %q, want an address from ../", text(n), to)
					case strings.TrimSpace(text(n)) == "":
						t.Errorf("the link to %s has no words", to)
					}
					if attr(n, "aria-current") == "page" {
						current += attr(n, "href")
					}
				}
			}
			if level == 0 || words < 400 {
				t.Errorf("got a page of %d words and the last heading's level %d, want a page to read", words, level)
			}
			if current != "../"+r.Name {
				t.Errorf("got %q as the page in view, want ../%s", current, r.Name)
			}
			if left := regexp.MustCompile(`\]\(\w+:|\{#|\*\*`).FindString(text(ids["text"])); left != "" {
				t.Errorf("a mark of Markdown is left: %q", left)
			}
		})
	}
}

// Whoever looks for a call or a pattern finds how to play it in its row.
func TestEveryRowThatCanBePlayedIs(t *testing.T) {
	_, elements := drawnReading(t, page.Readings[0])
	rows := 0
	for _, n := range elements {
		if n.Data != "td" || attr(n, "data-column") != "Play it" {
			continue
		}
		rows++
		if !strings.Contains(rendered(t, n), `href="../?`) {
			t.Errorf("the row %q has nothing to play", text(n.Parent))
		}
	}
	if rows < 20 {
		t.Errorf("got %d rows to play, want those of the patterns and the calls", rows)
	}
}

func rendered(t *testing.T, n *html.Node) string {
	t.Helper()
	var b strings.Builder
	if err := html.Render(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestACellSaysItsColumn(t *testing.T) {
	_, elements := drawnReading(t, page.Readings[0])
	cells := map[string]string{}
	for _, n := range elements {
		if n.Data == "td" {
			cells[text(n)] = attr(n, "data-column")
		}
	}
	for cell, want := range map[string]string{"Issuer and NameID": "SAML 2.0", "iss and sub": "OpenID Connect", "AssumeRole with ExternalId": "Call"} {
		if cells[cell] != want {
			t.Errorf("%s: got the column %q, want %q", cell, cells[cell], want)
		}
	}
}

func TestATermLeadsToOthersAndToItsLessons(t *testing.T) {
	ids, _ := drawnReading(t, page.Readings[2])
	for slug, want := range map[string][]string{
		"issuer":   {`<a href="#claim">`, `<a href="#oidc-provider">`, `Lesson: <a href="../?lesson=one">Lesson one</a>`},
		"audience": {`<a href="#client-id">client ID</a>`, `Lessons: <a href="../?lesson=one">Lesson one</a>, <a href="../?lesson=two">Lesson two</a>`},
	} {
		got := regexp.MustCompile(`\s+`).ReplaceAllString(rendered(t, ids[slug]), " ")
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: got %s, want %s in it", slug, got, part)
			}
		}
	}
	for slug, not := range map[string]string{
		"abac":       "#attribute", // attribute-based is another word
		"access-key": "#kid",       // its key id isn't that of a token
		"issuer":     "#issuer",
	} {
		if got := rendered(t, ids[slug]); strings.Contains(got, `href="`+not+`"`) {
			t.Errorf("%s: got %s, want no link to %s", slug, got, not)
		}
	}
	names := []string{}
	for n := range ids["text"].Descendants() {
		if n.Data == "dfn" {
			names = append(names, strings.ToLower(text(n)))
		}
	}
	for i := 1; i < len(names); i++ {
		if names[i] < names[i-1] {
			t.Errorf("%s stands after %s, want the order of the alphabet", names[i], names[i-1])
		}
	}
}
