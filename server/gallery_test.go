package main

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stsplayground/engine/causes"
	"stsplayground/examples"
	"stsplayground/web/page"
)

// document reads a page of the site.
func document(t testing.TB, s *site, target string) *html.Node {
	t.Helper()
	r := answer(s, "GET", target)
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s: got status %d, want 200", target, r.StatusCode)
	}
	doc, err := html.Parse(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textIn(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// elements are the elements of a name, "" for all.
func elements(doc *html.Node, name string) (found []*html.Node) {
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) {
			found = append(found, n)
		}
	}
	return found
}

// shownScenarios are the first of each group, those with the largest files,
// and a lesson of each course; with STSPLAYGROUND_EVERY_PAGE all there are.
func shownScenarios(s *site) (shown []examples.Example) {
	if os.Getenv("STSPLAYGROUND_EVERY_PAGE") != "" {
		return s.scenarios()
	}
	largest := slices.Clone(s.scenarios())
	slices.SortFunc(largest, func(a, b examples.Example) int { return len(b.Source) - len(a.Source) })
	shown = append(shown, largest[:5]...)
	seen := map[string]bool{}
	for _, e := range s.scenarios() {
		if !seen[e.Group] {
			seen[e.Group] = true
			shown = append(shown, e)
		}
	}
	return shown
}

func TestAnExamplesPageIsItsWholeReportWithoutAProgram(t *testing.T) {
	s := testSite(t)
	for _, e := range shownScenarios(s) {
		t.Run(e.Slug, func(t *testing.T) {
			doc := document(t, s, "/examples/"+e.Slug)
			ids := uniqueIDs(t, doc)
			level := 0
			for _, n := range elements(doc, "") {
				if isProgram(n) {
					t.Errorf("the page loads the program %q", attribute(n, "src"))
				}
				switch n.Data {
				case "button", "input", "select", "form":
					t.Errorf("there is a %s, which nothing stands behind", n.Data)
				case "h1", "h2", "h3", "h4":
					level = headingAfter(t, n, level)
				case "a":
					if anchor, here := strings.CutPrefix(attribute(n, "href"), "#"); here && ids[anchor] == nil {
						t.Errorf("%q leads to #%s, and there is none", textIn(n), anchor)
					}
				}
			}
			for i, c := range s.playWhole(e.Source).Calls {
				section := ids["call-"+strconv.Itoa(i+1)]
				if section == nil {
					continue
				}
				said := textIn(section)
				if !strings.Contains(said, c.Verdict) || c.Error != nil && !strings.Contains(said, c.Error.Message) {
					t.Errorf("call %d: the verdict or AWS's message isn't there", i+1)
				}
				for _, step := range c.Steps {
					if !strings.Contains(said, step.Title) {
						t.Errorf("call %d: the step %q isn't there", i+1, step.Title)
					}
				}
			}
			lines := strings.Split(strings.TrimRight(e.Source, "\n"), "\n")
			for i, line := range lines {
				if n := ids["line-"+strconv.Itoa(i+1)]; n == nil || strings.TrimRight(textIn(n), "\n") != line {
					t.Fatalf("line %d of the scenario isn't there as it is written", i+1)
				}
			}
		})
	}
}

// isProgram says whether an element is a script, but for the one that puts on
// the theme that the reader chose.
func isProgram(n *html.Node) bool {
	return n.Data == "script" && !strings.HasPrefix(attribute(n, "src"), "/assets/theme.")
}

func uniqueIDs(t *testing.T, doc *html.Node) map[string]*html.Node {
	ids := map[string]*html.Node{}
	for _, n := range elements(doc, "") {
		id := attribute(n, "id")
		if id != "" && ids[id] != nil {
			t.Errorf("the id %q is repeated", id)
		}
		ids[id] = n
	}
	for _, n := range elements(doc, "") {
		for _, by := range strings.Fields(attribute(n, "aria-labelledby") + " " + attribute(n, "aria-describedby")) {
			if ids[by] == nil {
				t.Errorf("%s is named by #%s, and there is none", n.Data, by)
			}
		}
	}
	return ids
}

// headingAfter wants a heading to be at most a level below the one before it.
func headingAfter(t *testing.T, n *html.Node, before int) int {
	level := int(n.Data[1] - '0')
	if said := attribute(n, "aria-level"); said != "" {
		level = int(said[0] - '0')
	}
	if level > before+1 {
		t.Errorf("the heading %q is of level %d, below one of level %d", textIn(n), level, before)
	}
	return level
}

// A link into the scenario leads to the line that it is about, also within a
// policy that is written as a block.
func TestALinkOfAStepLeadsToItsLine(t *testing.T) {
	s := testSite(t)
	e := s.gallery[0]
	doc := document(t, s, "/examples/"+e.Slug)
	lines := strings.Split(e.Source, "\n")
	found := 0
	for _, n := range elements(doc, "strong") {
		if attribute(n, "class") != "key" || !strings.Contains(textIn(n), ":sub") {
			continue
		}
		for _, a := range elements(n.Parent, "a") {
			line := strings.TrimPrefix(attribute(a, "href"), "#line-")
			for i, text := range lines {
				if strconv.Itoa(i+1) == line && strings.Contains(text, ":sub") {
					found++
				}
			}
		}
	}
	if found == 0 {
		t.Error("got no link of the condition on sub to the line that has it")
	}
}

func TestTheGalleryListsEveryExampleWithItsEnding(t *testing.T) {
	s := testSite(t)
	doc := document(t, s, "/gallery")
	listed := map[string]string{}
	for _, n := range elements(doc, "li") {
		for _, a := range elements(n, "a") {
			if slug, ok := strings.CutPrefix(attribute(a, "href"), "/examples/"); ok {
				listed[slug] = textIn(n)
			}
		}
	}
	for _, e := range s.gallery {
		if said := listed[e.Slug]; !strings.Contains(said, e.Title) || !slices.ContainsFunc([]string{"✓", "✕", "~"}, func(shape string) bool { return strings.Contains(said, shape) }) {
			t.Errorf("%s: got %q, want its title and how it ends", e.Slug, said)
		}
	}
}

func TestWhatTheGallerySaysIsNotTheClocks(t *testing.T) {
	s := testSite(t)
	now := s.catalogued().entries
	later := testSite(t)
	later.clock = func() time.Time { return testNow.AddDate(3, 5, 7) }
	for i, e := range s.gallery {
		if strings.Contains(e.Source, "\nnow:") {
			continue
		}
		again := page.EntryOf(listed(e), e.Source, later.playWhole(e.Source))
		for j, end := range again.Ends {
			if was := now[i].Ends[j]; end.Ending != was.Ending || end.Code != was.Code || end.Step != was.Step {
				t.Errorf("%s: %s: got %v %s %s three years later, want %v %s %s", e.Slug, end.Name, end.Ending, end.Code, end.Step, was.Ending, was.Code, was.Step)
			}
		}
	}
}

func TestEachErrorOfAnExampleIsASymptomThatLeadsToIt(t *testing.T) {
	c := testSite(t).catalogued()
	leads := map[string]bool{} // code, step, slug
	known := 0
	for _, s := range c.symptoms {
		for _, code := range s.Codes {
			for _, at := range s.At {
				for _, e := range at.Examples {
					leads[code+"|"+at.Step+"|"+e.Slug] = true
				}
			}
		}
		if s.Means != "" {
			known++
		}
	}
	for _, e := range c.entries {
		for _, end := range e.Ends {
			if end.Code != "" && !leads[end.Code+"|"+end.Step+"|"+e.Slug] {
				t.Errorf("%s: no symptom leads from %s at %q to it", e.Slug, end.Code, end.Step)
			}
		}
	}
	if want := len(causes.All()); known != want {
		t.Errorf("got %d symptoms with a meaning, want the %d that are known", known, want)
	}
}

func TestTheGalleryIsSearchedWithoutAProgram(t *testing.T) {
	s := testSite(t)
	for _, test := range []struct {
		name, query string
		first       string   // slug of the first example; "" for none
		says        []string // somewhere in the text
		not         string   // nowhere in the page
	}{
		{"a title", "The token is expired", "the-token-is-expired", nil, ""},
		{"words in any order and letter case", "EXPIRED token IS", "the-token-is-expired", nil, ""},
		{"a system", "buildkite", "", []string{"scenario"}, ""},
		{"an error line from a log", "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity at run 7f3a", "", []string{"Not authorized to perform sts:AssumeRoleWithWebIdentity", "no statement of the role's trust policy lets it in", "scenarios"}, ""},
		{"nothing", "xyzzy-plugh", "", []string{"No scenario has all of these words", "Fewer words find more"}, ""},
		{"markup", `"><script>alert(1)</script>`, "", []string{"No scenario"}, "<script>alert"},
		{"more than anybody types", strings.Repeat("ä", 3*page.LongestQuery), "", []string{"No scenario"}, ""},
		{"bytes that are no text", "\xff\xfe\x00", "", []string{"No scenario"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			target := "/gallery?q=" + url.QueryEscape(test.query)
			if raw := body(t, answer(s, "GET", target)); test.not != "" && strings.Contains(raw, test.not) {
				t.Errorf("the page has %q", test.not)
			}
			doc := document(t, s, target)
			text := textIn(doc)
			for _, says := range test.says {
				if !strings.Contains(text, says) {
					t.Errorf("got no %q", says)
				}
			}
			var slugs []string
			for _, n := range elements(doc, "ul") {
				if attribute(n, "class") == "entries" {
					for _, a := range elements(n, "a") {
						slugs = append(slugs, strings.TrimPrefix(attribute(a, "href"), "/examples/"))
					}
				}
			}
			if test.first != "" && (len(slugs) == 0 || slugs[0] != test.first) {
				t.Errorf("got %q, want %s first", slugs, test.first)
			}
		})
	}
}

func TestTheSearchIsAFormOfTheSiteItself(t *testing.T) {
	r := answer(testSite(t), "GET", "/gallery?q=a")
	policy := r.Header.Get("Content-Security-Policy")
	for _, want := range []string{"form-action 'self'", "script-src 'self';", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("got policy %q, want %s in it", policy, want)
		}
	}
	if !strings.Contains(body(t, r), `<meta name="robots" content="noindex"`) {
		t.Error("search engines may list what somebody looked for")
	}
}

func TestALessonIsReadWithoutAProgram(t *testing.T) {
	s := testSite(t)
	for _, c := range s.lessons {
		for _, l := range c.Lessons {
			doc := document(t, s, "/lessons/"+l.Slug)
			uniqueIDs(t, doc)
			text := textIn(doc)
			folded := len(elements(doc, "details"))
			if !strings.Contains(text, l.Title) || !strings.Contains(text, "Task") || !strings.Contains(text, "As the lesson starts") || folded < 3 {
				t.Errorf("%s: got no title, task or %d folded parts", l.Slug, folded)
			}
			for _, n := range elements(doc, "") {
				if n.Data == "button" || isProgram(n) {
					t.Errorf("%s: there is a %s", l.Slug, n.Data)
				}
				if n.Data == "pre" && !strings.Contains(textIn(n), "path: ") {
					t.Errorf("%s: got the solution %q", l.Slug, textIn(n))
				}
			}
			if l.Number < len(c.Lessons) && !strings.Contains(text, c.Lessons[l.Number].Title) {
				t.Errorf("%s: the next lesson isn't named", l.Slug)
			}
		}
	}
}

func TestTheCoursesListEveryLesson(t *testing.T) {
	s := testSite(t)
	page := body(t, answer(s, "GET", "/lessons"))
	for _, c := range s.lessons {
		for _, l := range c.Lessons {
			if !strings.Contains(page, `href="/lessons/`+l.Slug+`"`) {
				t.Errorf("got no link to %s", l.Slug)
			}
		}
	}
}
