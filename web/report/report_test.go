package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stsplayground/engine"
	"stsplayground/engine/trace"
	"stsplayground/web/report"
)

var update = flag.Bool("update", false, "write the golden files")

func render(t *testing.T, r engine.Report, call int) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Fragment(r, call).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// parse reads the fragment as a browser would inside a div.
func parse(t *testing.T, fragment string) []*html.Node {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatal(err)
	}
	var all []*html.Node
	for _, n := range nodes {
		all = append(all, n)
		for d := range n.Descendants() {
			all = append(all, d)
		}
	}
	return all
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func byID(t *testing.T, nodes []*html.Node, id string) *html.Node {
	t.Helper()
	for _, n := range nodes {
		if got, _ := attr(n, "id"); got == id {
			return n
		}
	}
	t.Fatalf("no element has the id %q", id)
	return nil
}

// text is what a reader sees of n, white space collapsed.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func reports() map[string]engine.Report {
	all := responses()
	s, _ := engine.Decode(twoGates, 1<<20)
	maps.Copy(all, map[string]engine.Report{
		"both gates":                       engine.Run(s),
		"a success":                        success(),
		"a near miss in the trust policy":  nearMiss(),
		"a bad signature":                  badSignature(),
		"a signature taken on trust":       onTrust(),
		"findings and two calls":           found(),
		"no calls":                         {},
		"a call of which nothing is known": {Calls: []engine.CallReport{{}}},
		"hostile text in every field":      hostile(),
	})
	return all
}

func TestEveryReportIsSoundHTML(t *testing.T) {
	for name, r := range reports() {
		for call := -1; call <= len(r.Calls); call++ {
			fragment := render(t, r, call)
			if again := render(t, r, call); again != fragment {
				t.Errorf("%s: two renderings differ", name)
			}
			ids := map[string]bool{}
			for _, n := range parse(t, fragment) {
				if n.Type != html.ElementNode {
					continue
				}
				if slices.Contains([]string{"script", "style", "iframe", "object", "img", "link", "base", "form"}, n.Data) {
					t.Errorf("%s: got an element %s", name, n.Data)
				}
				for _, a := range n.Attr {
					if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
						t.Errorf("%s: %s has the attribute %s", name, n.Data, a.Key)
					}
					if a.Key == "href" && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "modelled#") {
						t.Errorf("%s: got a link to %q", name, a.Val)
					}
					if a.Key == "id" {
						if ids[a.Val] || strings.ContainsAny(a.Val, " \t\n<>\"'") || a.Val == "" {
							t.Errorf("%s: the id %q is repeated or unfit", name, a.Val)
						}
						ids[a.Val] = true
					}
					if a.Key == "data-fix" && !json.Valid([]byte(a.Val)) {
						t.Errorf("%s: a fix is no JSON: %q", name, a.Val)
					}
				}
				if n.Data == "button" {
					if kind, _ := attr(n, "type"); kind != "button" {
						t.Errorf("%s: a button would submit", name)
					}
				}
				if n.Data == "details" {
					if _, ok := attr(n, "id"); !ok {
						t.Errorf("%s: a details element has no id", name)
					}
				}
			}
		}
	}
}

const attack = `"'><script>alert(1)</script>&<!--`

// hostile is a report whose every string is an attack.
func hostile() engine.Report {
	r := found()
	r.Calls[0].SAML = signedIn().Calls[0].SAML
	r.Calls[0].SAML.Opened = assertionOf("_a2", "dana")
	poison(reflect.ValueOf(&r).Elem())
	return r
}

// poison replaces every string below v, a URL by one that runs code.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "URL" {
				v.Field(i).SetString("javascript:alert(1)")
				continue
			}
			poison(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Map:
		if v.Type().Elem().Kind() == reflect.String {
			v.SetMapIndex(reflect.ValueOf(attack), reflect.ValueOf(attack))
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(map[string]any{attack: attack}))
	case reflect.String:
		v.SetString(attack)
	}
}

func TestHostileTextStaysText(t *testing.T) {
	fragment := render(t, hostile(), 0)
	if strings.Contains(fragment, "<script") || strings.Contains(fragment, "<!--") {
		t.Error("the attack's markup is in the fragment")
	}
	seen := 0
	for _, n := range parse(t, fragment) {
		if n.Type == html.TextNode && strings.Contains(n.Data, attack) {
			seen++
		}
	}
	if seen < 50 {
		t.Errorf("got the attack %d times as text, want it wherever a string is shown", seen)
	}
}

func TestTheReadersOrder(t *testing.T) {
	fragment := render(t, found(), 0)
	last := -1
	for _, id := range []string{"calls", "verdict", "aws-error", "expectation", "advice", "walk", "stage-trust", "decision", "rungs", "token-view", "event", "findings"} {
		at := strings.Index(fragment, ` id="`+id+`"`)
		if at <= last {
			t.Errorf("%s stands at %d, want it after %d", id, at, last)
		}
		last = at
	}
}

func TestWhatTheReaderSees(t *testing.T) {
	for _, test := range []struct {
		name   string
		report engine.Report
		id     string
		want   string // part of the element's text
	}{
		{"a success says so in a word", success(), "verdict", "✓ Accepted: STS hands out"},
		{"a failure says so in a word", nearMiss(), "verdict", "✕ Refused The policy wants"},
		{"a success on trust is told apart", onTrust(), "verdict", "~ Accepted on trust"},
		{"AWS's error is verbatim", badSignature(), "aws-error", "InvalidIdentityToken HTTP 400 Couldn't retrieve"},
		{"an expectation met", success(), "expectation", "✓ as the scenario expects: success"},
		{"an expectation missed", nearMiss(), "expectation", "✕ not what the scenario expects: success"},
		{"advice warns of what it lets in", nearMiss(), "advice-0", "who else gets in: Every pull request"},
		{"the first difference is named", nearMiss(), "statement-0-0-condition-0", "token says repo:acme/app: pull_request policy wants repo:acme/app: ref:refs/heads/main The policy wants the branch main"},
		{"equal sides take one row", nearMiss(), "statement-0-0-condition-1", "both say sts.amazonaws.com"},
		{"a statement that fails says so", nearMiss(), "statement-0-0", "✕ doesn't apply Allow statement 1 GitHub line 4"},
		{"missing keys are listed", nearMiss(), "missing", "not in the request aws:SourceVpc"},
		{"a stage after the failing one tells what would have been", nearMiss(), "s_sts-session-policy", "✓ would pass The session policies"},
		{"a stage after it that can't run in full", nearMiss(), "stage-result", "– not run Result"},
		{"a step that could not run", nearMiss(), "s_sts-credentials", "– not run"},
		{"the failing stage is named", badSignature(), "stage-signature", "✕ failed Signature"},
		{"the digests stand in blocks", badSignature(), "s_oidc-signature_oidc-digest", "expected SHA-256 of the signing input 9f64a747 e1b97f13 1fabb6b4 47296c9b"},
		{"session tags say whether they are transitive", success(), "session", "Tag team (transitive) web"},
		{"credentials are visibly simulated", success(), "response", "Simulated: these credentials open nothing at AWS"},
		{"CloudTrail's silence has a reason", badSignature(), "event", "records nothing CloudTrail records no call"},
		{"a claim names its condition key", success(), "claim-2", "key token.actions.githubusercontent.com:sub"},
		{"modelled behaviour says so", success(), "s_sts-roles-claim", "modelled"},
		{"no call", engine.Report{}, "verdict", "No result Nothing is called yet."},
		{"a finding begins with its severity", found(), "finding-0", "✕ error Not so: The trust policy names no subject"},
		{"a finding can be mended", found(), "finding-fix-0", "Mend this"},
		{"each call has its outcome", found(), "call-1", "push to main Accepted"},
	} {
		if got := text(byID(t, parse(t, render(t, test.report, 0)), test.id)); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q want it to contain %q", test.name, got, test.want)
		}
	}
}

func TestWhatIsOpen(t *testing.T) {
	for _, test := range []struct {
		name         string
		report       engine.Report
		open, closed []string
	}{
		{"the trust policy where nothing fails", success(), []string{"stage-trust-d", "session-d"}, []string{"stage-time-d", "s_trust-condition-d"}},
		{"the failing trust policy, by its decision", nearMiss(), []string{"stage-trust-d"}, []string{"s_trust-condition-d"}},
		{"the failing stage and its step", badSignature(), []string{"stage-signature-d", "s_oidc-signature-d", "s_oidc-signature_oidc-digest-d"}, []string{"stage-trust-d", "s_oidc-keys-d"}},
	} {
		nodes := parse(t, render(t, test.report, 0))
		for _, id := range test.open {
			if _, open := attr(byID(t, nodes, id), "open"); !open {
				t.Errorf("%s: %s is closed", test.name, id)
			}
		}
		for _, id := range test.closed {
			if slices.ContainsFunc(nodes, func(n *html.Node) bool {
				got, _ := attr(n, "id")
				_, open := attr(n, "open")
				return got == id && open
			}) {
				t.Errorf("%s: %s is open", test.name, id)
			}
		}
	}
}

func TestFixesArePatches(t *testing.T) {
	fix, _ := attr(byID(t, parse(t, render(t, nearMiss(), 0)), "fix-0"), "data-fix")
	var got []trace.Patch
	if err := json.Unmarshal([]byte(fix), &got); err != nil {
		t.Fatal(err)
	}
	want := []trace.Patch{{Op: "add", Path: policyAt + "/Statement/0/Condition/StringEquals/" + subKey, Value: []any{branch, pull}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLinksLeadToTheLine(t *testing.T) {
	link := byID(t, parse(t, render(t, nearMiss(), 0)), "statement-0-0-condition-0-at")
	for name, want := range map[string]string{
		"data-goto-path": policyAt + "/Statement/0/Condition/StringEquals/" + subKey,
		"data-line":      "12",
		"data-column":    "9",
	} {
		if got, _ := attr(link, name); got != want {
			t.Errorf("%s: got %q want %q", name, got, want)
		}
	}
}

func TestPartsMakeTheFragment(t *testing.T) {
	draw := func(p report.Part) string {
		t.Helper()
		var b bytes.Buffer
		if err := p.Render(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for name, r := range reports() {
		for call := -1; call <= len(r.Calls); call++ {
			var whole strings.Builder
			for _, p := range report.Parts(r, call) {
				own := draw(p)
				if id, _ := attr(parse(t, own)[0], "id"); id != p.ID {
					t.Errorf("%s: the part %s draws an element with the id %q", name, p.ID, id)
				}
				if p.Holder == "" {
					whole.WriteString(own)
					continue
				}
				holder := ` id="` + p.Holder + `">`
				before, after, ok := strings.Cut(own, holder)
				if !ok {
					t.Errorf("%s: the part %s has no %s", name, p.ID, p.Holder)
				}
				whole.WriteString(before + holder)
				for _, inner := range p.Parts {
					whole.WriteString(draw(inner))
				}
				whole.WriteString(after)
			}
			want := render(t, r, call)
			if got := `<div class="report" id="r">` + whole.String() + `</div>`; got != want {
				t.Errorf("%s, call %d: the parts differ from the fragment:\n%s", name, call, cmp.Diff(want, got))
			}
		}
	}
}

func TestUnknownRulesAreStillShown(t *testing.T) {
	r := engine.Report{Calls: []engine.CallReport{{Outcome: "failure", Steps: []trace.Step{
		{Rule: "moon/phase", Title: "The moon is full", Status: trace.Failed},
		{Rule: "moon/phase", Title: "The moon is full", Status: "purple"},
	}}}}
	nodes := parse(t, render(t, r, 0))
	if got := text(byID(t, nodes, "stage-other")); !strings.Contains(got, "Other checks") {
		t.Errorf("got %q", got)
	}
	byID(t, nodes, "s_moon-phase__2")
}

func TestGolden(t *testing.T) {
	for file, r := range map[string]engine.Report{"success.html": success(), "near-miss.html": nearMiss(), "saml.html": signedIn()} {
		got := strings.ReplaceAll(render(t, r, 0), "><", ">\n<") + "\n"
		path := "testdata/" + file
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}
