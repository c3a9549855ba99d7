package tools

import (
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func drawnText(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	if err := Markdown(text).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

func TestMarkdownOfALesson(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"a paragraph with code and stress":    {"Edit `sub` in *the* **policy**.", "<p>Edit <code>sub</code> in <em>the</em> <strong>policy</strong>.</p>"},
		"a list":                              {"- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"},
		"a block of code":                     {"```json\n{\"a\": 1}\n```", "<pre><code class=\"language-json\">{&quot;a&quot;: 1}\n</code></pre>"},
		"a heading has one size":              {"# Why\n\n### Because", "<h4>Why</h4>\n<h4>Because</h4>"},
		"a link leads out in another tab":     {"[AWS](https://docs.aws.amazon.com/)", `<p><a target="_blank" rel="noopener noreferrer" href="https://docs.aws.amazon.com/">AWS</a></p>`},
		"a term is explained in place":        {"An [OIDC provider](glossary:oidc-provider) vouches.", `<p>An <button type="button" class="term" popovertarget="term-oidc-provider">OIDC provider</button> vouches.</p>`},
		"an unknown term is its words":        {"[x](glossary:nothing)", "<p>x</p>"},
		"another scheme is its words":         {"[x](javascript:alert(1)) [y](http://example.com) [z](/path)", "<p>x y z</p>"},
		"an image is its words":               {"![a pixel](https://evil.example/track.png)", "<p>a pixel</p>"},
		"an element is text":                  {"<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>&lt;img src=x onerror=alert(1)&gt;</p>"},
		"an address is text":                  {"<https://evil.example>", "<p>&lt;https://evil.example&gt;</p>"},
		"quotes in an address can't close it": {`[x](<https://a.example/"onclick="alert(1)>)`, `<p><a target="_blank" rel="noopener noreferrer" href="https://a.example/&#34;onclick=&#34;alert(1)">x</a></p>`},
	} {
		if got := drawnText(t, test.text); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

// Read as Markdown, each would keep the page waiting for minutes.
func TestATextThatIsTooLongIsDrawnAsItIs(t *testing.T) {
	for _, part := range []string{">", "*a_", "[a](", "<b>"} {
		text := strings.Repeat(part, 250_000/len(part))
		if got, want := drawnText(t, text), "<p>"+templ.EscapeString(text)+"</p>"; got != want {
			t.Errorf("%s: got %.100s", part, got)
		}
	}
}

func TestALessonIsRead(t *testing.T) {
	const lesson = `title: T
lesson:
  course: C
  text: Know [ABAC](glossary:abac).
  task: Do it.
  hints: [one, "two [ABAC](glossary:abac)"]
  solution: []
  debrief: Well.
  sources: [{title: A, url: "https://a.example"}, {title: B, url: "javascript:alert(1)"}]
`
	l := ReadLesson(lesson)
	if l == nil || l.Course != "C" || len(l.Hints) != 2 || !l.Solved || len(l.Sources) != 1 {
		t.Fatalf("got %+v", l)
	}
	var b strings.Builder
	if err := LessonHelp(*l).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), `id="term-abac"`); n != 1 {
		t.Errorf("the term is explained %d times, want once", n)
	}
	for name, text := range map[string]string{"no lesson": "title: T", "a lesson that is a word": "lesson: x", "no document": "{", "nothing": ""} {
		if l := ReadLesson(text); l != nil {
			t.Errorf("%s: got %+v, want none", name, l)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"a *b* `c` [d](https://e)", "```\n<script>", "- [x](glossary:abac)\n  1. y", "![](x)\n# <b>", "[a]: javascript:x\n[a]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		html := strings.ToLower(drawnText(t, text))
		for _, forbidden := range []string{"<script", "<img", "<iframe", "<svg", "<style", "href=\"javascript", "href=\"data"} {
			if strings.Contains(html, forbidden) {
				t.Errorf("%q: %s in %s", text, forbidden, html)
			}
		}
	})
}
