package page_test

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"stsplayground/engine"
	enginescenario "stsplayground/engine/scenario"
	scenariopkg "stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/web/page"
)

var assets = page.Assets{
	Script: "/assets/app.0a.js", Style: "/assets/app.0a.css", Worker: "/assets/worker.0a.js",
	Wasm: "/assets/engine.0a.wasm", Examples: "/assets/examples.0a.json",
}

var examples = []page.Example{
	{Slug: "a", Title: "The first", Group: "One", Summary: "Short."},
	{Slug: "b", Title: "The second", Group: "Two"},
	{Slug: "c", Title: "The third", Group: "One"},
}

var courses = []page.Course{{Slug: "one", Title: "Course one", Lessons: []page.Example{{Slug: "l1", Title: "Lesson one"}}}}

// The second account, role, issuer and provider are those of the call.
const scenario = `{
  "title": "Two of everything", "now": "2026-04-28T10:30:00Z",
  "issuers": [{"url": "https://a.example"}, {"url": "https://b.example", "jwks": {"keys": []}, "tls": "untrusted"}],
  "accounts": {
    "111111111111": {},
    "222222222222": {
      "OpenIDConnectProviders": [{"Url": "https://a.example"}, {"Url": "https://b.example", "ClientIDList": ["one", "two"]}],
      "Roles": [{"RoleName": "x"}, {"RoleName": "deploy", "MaxSessionDuration": 7200, "AssumeRolePolicyDocument": {"Version":"2012-10-17"}}]
    }
  },
  "calls": [{"params": {"RoleArn": "arn:aws:iam::222222222222:role/ci/deploy", "WebIdentityToken": {"mint": {"issuer": "https://b.example"}}}}]
}`

func played() engine.Report {
	return engine.Report{Title: "Two of everything", Calls: []engine.CallReport{{
		Outcome: "failure", Verdict: "No.", Token: &sts.TokenView{Compact: "eyJh.eyJp.c2ln"},
	}}}
}

func parse(t *testing.T, c templ.Component) map[string]*html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]*html.Node{}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			switch {
			case a.Key == "id" && inTemplate(n): // the page has it once it is used
			case a.Key == "id" && ids[a.Val] != nil:
				t.Errorf("the id %q is repeated", a.Val)
			case a.Key == "id":
				ids[a.Val] = n
			case a.Key == "style", strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s has the attribute %s, which the security policy forbids", n.Data, a.Key)
			}
		}
		if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" && attr(n, "type") != "application/json" {
			t.Errorf("an inline %s, which the security policy forbids", n.Data)
		}
	}
	return ids
}

func inTemplate(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Data == "template" {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		return n.Data
	}
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// TestTheContractHolds reads the ids that doc.go promises and looks for each.
func TestTheContractHolds(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	ids := parse(t, page.Index(page.Playground{
		Assets: assets, Examples: examples, Courses: courses, Scenario: scenario, Slug: "a", Report: played(),
		Store: "/api/scenarios", Stored: &page.Stored{ID: "a"}, // whose parts are promised too
	}))
	promised := regexp.MustCompile(`//\t(?:script)?#([a-z-]+)`).FindAllStringSubmatch(string(doc), -1)
	if len(promised) < 15 {
		t.Fatalf("got %d ids from doc.go, want them all", len(promised))
	}
	for _, p := range promised {
		if ids[p[1]] == nil {
			t.Errorf("doc.go promises #%s, and the page has none", p[1])
		}
	}
}

func TestTheControlsShowTheScenario(t *testing.T) {
	ids := parse(t, page.Index(page.Playground{Assets: assets, Examples: examples, Courses: courses, Scenario: scenario, Slug: "a", Report: played()}))
	for _, test := range []struct{ id, want string }{
		{"field-provider-url", "https://b.example"},
		{"field-client-ids", "one\ntwo"},
		{"field-issuer-url", "https://b.example"},
		{"field-role-name", "deploy"},
		{"field-account", "222222222222"},
		{"field-max-duration", "7200"},
		{"field-role-arn", "arn:aws:iam::222222222222:role/ci/deploy"},
		{"field-duration", ""},
		{"now", "2026-04-28T10:30:00Z"},
		{"text-token", "eyJh.eyJp.c2ln"},
		{"text-mint", "{\n  \"issuer\": \"https://b.example\"\n}"},
		{"text-jwks", "{\n  \"keys\": []\n}"},
		{"text-trust", "{\n  \"Version\": \"2012-10-17\"\n}"},
		{"text-session-policy", ""},
	} {
		n := ids[test.id]
		if n == nil {
			t.Errorf("%s: there is no such control", test.id)
			continue
		}
		got := attr(n, "value")
		if n.Data == "textarea" {
			got = text(n)
		}
		if got != test.want {
			t.Errorf("%s: got %q want %q", test.id, got, test.want)
		}
	}
	for id, want := range map[string]string{"keys-mode": "pasted", "tls": "untrusted"} {
		for o := range ids[id].Descendants() {
			selected := slices.ContainsFunc(o.Attr, func(a html.Attribute) bool { return a.Key == "selected" })
			if o.Data == "option" && selected != (attr(o, "value") == want) {
				t.Errorf("%s: option %s is selected: %v", id, attr(o, "value"), selected)
			}
		}
	}
}

// The second SAML provider is that of the call.
const signIn = `{
  "issuers": [{"entityId": "https://idp.example/saml", "signing": [{"alg": "RS256"}]}],
  "accounts": {"222222222222": {
    "SAMLProviders": [{"Name": "One"}, {"Name": "Two", "metadataOf": "https://idp.example/saml", "AssertionEncryptionMode": "Allowed", "privateKeys": ["playground"]}],
    "Roles": [{"RoleName": "deploy"}]
  }},
  "calls": [{"action": "sts:AssumeRoleWithSAML", "params": {
    "RoleArn": "arn:aws:iam::222222222222:role/deploy", "PrincipalArn": "arn:aws:iam::222222222222:saml-provider/Two",
    "SAMLAssertion": {"mint": {"issuer": "https://idp.example/saml", "attack": "unsigned"}}
  }}]
}`

func TestTheControlsShowASAMLSignIn(t *testing.T) {
	r := engine.Report{Calls: []engine.CallReport{{Action: "sts:AssumeRoleWithSAML", SAML: &sts.SAMLView{Minted: "<Response/>"}}}}
	ids := parse(t, page.Index(page.Playground{Assets: assets, Examples: examples, Courses: courses, Scenario: signIn, Slug: "a", Report: r}))
	for id, want := range map[string]string{
		"field-saml-name":     "Two",
		"field-entity":        "https://idp.example/saml",
		"field-principal-arn": "arn:aws:iam::222222222222:saml-provider/Two",
		"text-response":       "<Response/>",
		"text-metadata":       "",
		"text-token":          "",
	} {
		got := attr(ids[id], "value")
		if ids[id].Data == "textarea" {
			got = text(ids[id])
		}
		if got != want {
			t.Errorf("%s: got %q want %q", id, got, want)
		}
	}
	for id, want := range map[string]string{
		"action": "sts:AssumeRoleWithSAML", "metadata-mode": "playground", "private-key": "playground", "encryption": "Allowed",
		"response-profile": "saml", "response-attack": "unsigned", "token-profile": "", "token-attack": "",
	} {
		if got := chosen(ids[id]); got != want {
			t.Errorf("%s: got %q want %q", id, got, want)
		}
	}
	for id, want := range map[string]bool{"part-token": true, "part-keys": true, "part-response": false, "part-saml-provider": false, "caller": true, "field-principal-arn": false} {
		if got := isHidden(ids[id]); got != want {
			t.Errorf("%s is hidden: %v, want %v", id, got, want)
		}
	}
}

// chosen is the value of the option that a list shows.
func chosen(list *html.Node) string {
	for o := range list.Descendants() {
		if o.Data == "option" && slices.ContainsFunc(o.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
			return attr(o, "value")
		}
	}
	return "nothing"
}

func isHidden(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" }) {
			return true
		}
	}
	return false
}

func TestEveryOperationHasFields(t *testing.T) {
	ids := parse(t, page.Index(page.Playground{Assets: assets, Examples: examples, Courses: courses, Scenario: scenario, Slug: "a", Report: played()}))
	offered := map[string]bool{}
	for n := range ids["action"].Descendants() {
		if n.Data == "option" {
			offered[attr(n, "value")] = true
		}
	}
	fields := map[string]map[string]bool{}
	for n := range ids["part-call"].Descendants() {
		if n.Data != "template" || attr(n, "data-operation") == "" {
			continue
		}
		bound := map[string]bool{"WebIdentityToken": true, "SAMLAssertion": true} // which stand above
		for d := range n.Descendants() {
			for _, name := range []string{"data-bind", "data-list"} {
				bound[strings.TrimPrefix(attr(d, name), "/calls/{call}/params/")] = true
			}
		}
		fields[attr(n, "data-operation")] = bound
	}
	for _, action := range engine.Operations() {
		if !offered[action] {
			t.Errorf("%s isn't among the operations to choose from", action)
		}
		if fields[action] == nil {
			t.Errorf("%s has no template", action)
		}
		for _, p := range scenariopkg.Parameters(action) {
			if !fields[action][p.Name] {
				t.Errorf("%s has no field for %s", action, p.Name)
			}
		}
	}
}

func TestASignedCallShowsItsCallerAndParameters(t *testing.T) {
	const signed = `{"accounts": {"222222222222": {}}, "calls": [{"action": "sts:AssumeRole", "caller": "arn:aws:iam::222222222222:user/alice",
		"params": {"RoleArn": "arn:aws:iam::222222222222:role/r", "TokenCode": "123456", "TransitiveTagKeys": ["team", "cost"]}}]}`
	ids := parse(t, page.Index(page.Playground{Assets: assets, Examples: examples, Courses: courses, Scenario: signed, Slug: "a", Report: engine.Report{Calls: []engine.CallReport{{Action: "sts:AssumeRole"}}}}))
	for id, want := range map[string]string{
		"field-caller": "arn:aws:iam::222222222222:user/alice", "field-role-arn": "arn:aws:iam::222222222222:role/r",
		"field-token-code": "123456", "field-transitive-tag-keys": "team\ncost",
	} {
		got := attr(ids[id], "value")
		if ids[id].Data == "textarea" {
			got = text(ids[id])
		}
		if got != want || isHidden(ids[id]) {
			t.Errorf("%s: got %q want %q, in sight", id, got, want)
		}
	}
	for id, want := range map[string]bool{"part-token": true, "part-provider": true, "part-response": true, "part-role": false} {
		if got := isHidden(ids[id]); got != want {
			t.Errorf("%s is hidden: %v, want %v", id, got, want)
		}
	}
}

func TestExamplesStandUnderTheirGroups(t *testing.T) {
	menu := parse(t, page.Index(page.Playground{Assets: assets, Examples: examples, Courses: courses, Scenario: scenario, Slug: "b", Report: played()}))["examples"]
	var got []string
	for n := range menu.Descendants() {
		if n.Data == "h2" || n.Data == "a" && attr(n, "data-example") != "" {
			got = append(got, text(n.FirstChild))
		}
	}
	if want := []string{"One", "The first", "The third", "Two", "The second"}; !slices.Equal(got, want) {
		t.Errorf("got %q want %q", got, want)
	}
}

func TestHostileScenariosStayData(t *testing.T) {
	const attack = `</script><script>alert(1)</script><!--`
	for name, input := range map[string]string{
		"in a string":               `{"title": "` + attack + `", "calls": [{"params": {"RoleArn": "` + attack + `"}}]}`,
		"no JSON at all":            attack,
		"of the wrong shapes":       `{"accounts": [1], "calls": {"0": 1}, "issuers": "x"}`,
		"an empty text":             "",
		"a list":                    `[[[]]]`,
		"an ARN of an unknown role": `{"accounts": {}, "calls": [{"params": {"RoleArn": "a:b:c:d:e:f"}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := engine.Report{Title: attack}
			ids := parse(t, page.Index(page.Playground{
				Examples: []page.Example{{Slug: attack, Title: attack, Group: attack, Summary: attack}},
				Courses:  []page.Course{{Slug: attack, Title: attack, Summary: attack, Lessons: []page.Example{{Slug: attack, Title: attack, Summary: attack}}}},
				Scenario: input, Slug: attack, Report: r,
			}))
			if strings.Contains(text(ids["scenario"]), "<") {
				t.Error("the data block holds a bare <")
			}
			if got := text(ids["title"]); got != attack {
				t.Errorf("got the title %q want %q", got, attack)
			}
		})
	}
}

func TestPagesWithoutThePlayground(t *testing.T) {
	parse(t, page.NotBuilt())
	parse(t, page.Problem(404, "There is nothing here", `<script>alert(1)</script>`))
}

func TestSummariesKeepTheirSpaces(t *testing.T) {
	list := []page.Example{{Slug: "a", Title: "t", Summary: "With `exp`, and *no* more; 2 * 3 is `"}}
	menu := parse(t, page.Index(page.Playground{Assets: assets, Examples: list, Courses: courses, Scenario: scenario, Report: played()}))["examples"]
	for n := range menu.Descendants() {
		if n.Data == "span" && n.Parent.Data == "a" {
			if got, want := strings.TrimSpace(text(n)), "With exp, and no more; 2 * 3 is `"; got != want {
				t.Errorf("got %q want %q", got, want)
			}
		}
	}
}

func TestTheOverviewListsTheCoursesWithTheirLessons(t *testing.T) {
	list := []page.Course{
		{Slug: "one", Title: "Course one", Summary: "What it is about.", Lessons: []page.Example{{Slug: "first", Title: "The first"}, {Slug: "second", Title: "The second", Summary: "With `code`."}}},
		{Slug: "two", Title: "Course two"},
	}
	menu := parse(t, page.Index(page.Playground{Assets: assets, Examples: examples, Courses: list, Scenario: scenario, Slug: "second", Report: played()}))["lessons"]
	var links []string
	for n := range menu.Descendants() {
		if slug := attr(n, "data-take"); slug != "" {
			links = append(links, attr(n, "href")+" "+attr(n, "aria-current"))
		}
	}
	if want := []string{"./?lesson=first ", "./?lesson=second page"}; !slices.Equal(links, want) {
		t.Errorf("got %q, want %q", links, want)
	}
	if words := text(menu); !strings.Contains(words, "Course two") || !strings.Contains(words, "What it is about.") {
		t.Errorf("got %q, want both courses", words)
	}
}

func TestALessonIsServedWithItsTextsAndBoxes(t *testing.T) {
	const lesson = `{"title": "A subject", "lesson": {"course": "The lock", "text": "Know [ABAC](glossary:abac).", "task": "Mend it.", "hints": ["Look."], "solution": []}}`
	met := false
	r := played()
	r.Calls[0].Name, r.Calls[0].Expected, r.Calls[0].Met = "main gets in", &enginescenario.Expect{Outcome: "success"}, &met
	ids := parse(t, page.Index(page.Playground{Assets: assets, Examples: examples, Courses: courses, Scenario: lesson, Report: r}))
	part := ids["pane-lesson"]
	if words := text(part); attr(part, "hidden") != "" || !strings.Contains(words, "Mend it.") || !strings.Contains(words, "main gets in") || !strings.Contains(words, "To do:") {
		t.Errorf("got %q, want the task and its box", words)
	}
	if ids["term-abac"] == nil {
		t.Error("the term isn't explained")
	}
}
