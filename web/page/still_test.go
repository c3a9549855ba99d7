package page

import (
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"stsplayground/engine"
	"stsplayground/engine/trace"
)

func TestStillLeavesOutWhatAsksForAProgram(t *testing.T) {
	s := still{home: "../", prefix: "c-", whole: []string{"findings"}, deeper: 1, line: func(path string, within int) int {
		if path == "/known" {
			return 7 + within
		}
		return 0
	}}
	for _, test := range []struct{ name, component, want string }{
		{"text", `<p>a &amp; b</p>`, `<p>a &amp; b</p>`},
		{"a button that does something", `<p>a<button type="button" data-ask="add">Ask <b>it</b></button>b</p>`, `<p>ab</p>`},
		{"advice", `<button class="fix" id="fix-0" data-fix="[]">Allow &lt;it&gt;</button>`, `<strong class="advice-title">Allow &lt;it&gt;</strong>`},
		{"a mending", `<button class="fix" id="finding-fix-0" data-fix="[]">Mend this</button>`, ``},
		{"a call", `<button class="chooser" id="call-1" data-call="1">push</button>`, `<a href="#call-2">push</a>`},
		{"a term", `<button class="term" popovertarget="term-issuer">issuer</button>`, `<a href="../glossary#issuer">issuer</a>`},
		{"a field", `<label>x<input data-bind="/a"></label>`, `<label>x</label>`},
		{"what moves", `<div><div data-live>a<div>b</div></div>c</div>`, `<div>c</div>`},
		{"ids and what refers to them", `<h2 id="a" aria-labelledby="a b">x</h2><a href="#a">y</a><a href="#findings">z</a>`, `<h2 id="c-a" aria-labelledby="c-a c-b" aria-level="3">x</h2><a href="#c-a">y</a><a href="#findings">z</a>`},
		{"parts of one name in each report", `<section aria-labelledby="t" id="walk"><h2 id="t">x</h2></section>`, `<section id="c-walk"><h2 id="c-t" aria-level="3">x</h2></section>`},
		{"another page", `<a href="modelled#x" target="_blank">m</a><a href="https://aws.example" target="_blank" rel="noreferrer">w</a>`, `<a href="../modelled#x">m</a><a href="https://aws.example" rel="noreferrer">w</a>`},
		{"a place in the text", `<a class="goto" href="#" data-goto-path="/known" data-line="3">show</a>`, `<a class="goto" href="#line-10">line 10</a>`},
		{"a place that isn't in the text", `a<a class="goto" href="#" data-goto-path="/other">show</a>b`, `ab`},
		{"words that lead to a place", `<a href="#" data-goto-path="/known"><time>now</time></a><a href="#" data-goto-path="/x"><time>then</time></a>`, `<a href="#line-7"><time>now</time></a><span><time>then</time></span>`},
		{"stages that exclude each other", `<details name="stage" id="s-d" data-wish="open" open><summary>s</summary></details>`, `<details name="c-stage" id="c-s-d" open=""><summary>s</summary></details>`},
		{"a drawing", `<svg class="end"><line x1="1"/></svg>`, `<svg class="end"><line x1="1"/></svg>`},
		{"what was typed", `<code>&lt;script&gt;alert(1)&lt;/script&gt;&#34;</code>`, `<code>&lt;script&gt;alert(1)&lt;/script&gt;&#34;</code>`},
		{"an attribute that was typed", `<a title="&#34;&gt;&lt;script&gt;" href="#x">a</a>`, `<a title="&#34;&gt;&lt;script&gt;" href="#c-x">a</a>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := rendered(t, s.of(templ.Raw(test.component))); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func rendered(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAPlaceOfTheScenarioHasALine(t *testing.T) {
	yaml := "title: x\naccounts:\n  \"1\":\n    Roles:\n      - RoleName: a/b\n        P: |\n          {\n            \"Version\": \"2012-10-17\"\n          }\n      - {RoleName: c}\nissuers: [{url: a}]\n"
	for _, test := range []struct {
		path   string
		within int
		want   int
	}{
		{"/title", 0, 1},
		{"/accounts/1/Roles/0/RoleName", 0, 5},
		{"/accounts/1/Roles/0/P", 0, 6},
		{"/accounts/1/Roles/0/P/Version", 2, 8},
		{"/accounts/1/Roles/1/RoleName", 0, 10},
		{"/accounts/1/Roles/9/RoleName", 0, 4},
		{"/nothing", 0, 0},
		{"", 0, 0},
	} {
		if got := linesOf(yaml)(test.path, test.within); got != test.want {
			t.Errorf("%s: got line %d, want %d", test.path, got, test.want)
		}
	}
	if linesOf("title: [") != nil {
		t.Error("got lines of a text that can't be read")
	}
}

// A scenario with more calls than anybody reads makes a page that is long and
// not endless.
func TestALargeScenarioMakesABoundedPage(t *testing.T) {
	var many engine.Report
	for range 3000 {
		many.Calls = append(many.Calls, engine.CallReport{Name: "who", Action: "sts:AssumeRole", Outcome: "failure", Verdict: "STS refuses.", Error: &trace.Error{Code: "AccessDenied", Message: "no", Status: 403}})
	}
	got := rendered(t, Reported(ReportPage{Site: Site{Home: "/"}, Title: "Many", Report: many, Text: strings.Repeat("a: b\n", 1000)}))
	for what, want := range map[string]int{`class="call"`: drawnCalls, `<span class="called">`: listedCalls, `id="line-`: 1000} {
		if n := strings.Count(got, what); n != want {
			t.Errorf("got %d of %s, want %d", n, what, want)
		}
	}
	if !strings.Contains(got, "3000 calls") || !strings.Contains(got, "The playground draws each of the others") {
		t.Error("it isn't said what was left out")
	}
}

func TestAHostileScenarioIsTextOnItsPage(t *testing.T) {
	const attack = `"><script>alert(1)</script><a href="javascript:alert(2)">`
	hostile := engine.Report{Calls: []engine.CallReport{
		{Name: attack, Action: attack, Verdict: attack, Error: &trace.Error{Code: attack, Message: attack}, Steps: []trace.Step{{Rule: attack, Title: attack, Status: trace.Failed, Expected: attack, Found: attack, Why: attack}}, Event: attack},
		{Name: attack},
	}, Findings: []trace.Finding{{Rule: attack, Title: attack, Detail: attack, At: trace.At{Path: attack}}}}
	got := rendered(t, Reported(ReportPage{
		Site: Site{Home: "/"}, Meta: Meta{Title: attack, Description: attack, Address: attack, Image: attack, ImageAlt: attack, OEmbed: attack},
		Title: attack, Summary: attack, Report: hostile, Text: attack, Links: []Link{{Address: attack, Words: attack}},
	}))
	for _, not := range []string{"<script", `<a href="javascript`, "alert(2)\">"} {
		if strings.Contains(got, not) {
			t.Errorf("the page has %s", not)
		}
	}
}

func TestASolutionIsShownWithoutItsIndent(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a patch", "title: x\nlesson:\n  solution:\n    - op: add\n      value: |\n        {\n          1\n        }\n  debrief: d\n", "- op: add\n  value: |\n    {\n      1\n    }"},
		{"in one line", "lesson: \n  task: t\n  solution: [{op: remove, path: /a}]\ncalls: []\n", "[{op: remove, path: /a}]"},
		{"the lesson's last", "lesson:\n  solution:\n    accounts: {}\ncalls: []\n", "accounts: {}"},
		{"none", "lesson: {task: t}\n", ""},
		{"no scenario", ": [", ""},
	} {
		if got := solutionText(test.text); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
