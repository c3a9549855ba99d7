package share_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/share"
	"stsplayground/engine/source"
	"stsplayground/examples"
)

// moment is when a scenario without a time of its own is played here.
var moment = time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC)

func parse(t *testing.T, text string) *source.Node {
	t.Helper()
	read := source.ParseYAML
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		read = source.ParseJSON
	}
	n, err := read(text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return &n
}

// play is the report on a scenario's text.
func play(t *testing.T, text string) engine.Report {
	t.Helper()
	s, findings := engine.Decode(text, scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		t.Fatalf("unreadable: %+v\n%s", findings, text)
	}
	if s.Now.IsZero() {
		s.Now = moment
	}
	r := engine.Run(s)
	r.Findings = append(findings, r.Findings...)
	return r
}

// outline is what a reader takes from a report: each call's outcome, error and
// failing step.
func outline(r engine.Report) string {
	var b strings.Builder
	for _, c := range r.Calls {
		b.WriteString(c.Action + ": " + c.Outcome)
		if c.Error != nil {
			b.WriteString(" " + c.Error.Code + " at " + failing(c))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func failing(c engine.CallReport) string {
	for _, s := range c.Steps {
		if s.Status == "failed" {
			return s.Rule
		}
	}
	return "-"
}

// played are all examples. The same code runs under WebAssembly, several times
// as slowly; there every eighth has to do.
func played() []examples.Example {
	all := examples.All()
	if runtime.GOARCH != "wasm" {
		return all
	}
	var some []examples.Example
	for i := 0; i < len(all); i += 8 {
		some = append(some, all[i])
	}
	return some
}

func TestALinkBringsEveryExampleBack(t *testing.T) {
	for _, e := range played() {
		trimmed := share.Trim(parse(t, e.JSON), moment)
		link, problem := share.Encode(&trimmed, share.View{Call: 2, Tab: "result", Step: "oidc/audience"})
		if problem != "" {
			t.Errorf("%s: %s", e.Slug, problem)
			continue
		}
		back, view, problem := share.Decode("https://sts.example/" + link)
		if problem != "" || back != trimmed.JSON("") {
			t.Errorf("%s: got %q, want the scenario back", e.Slug, problem)
		}
		if view != (share.View{Call: 2, Tab: "result", Step: "oidc/audience"}) {
			t.Errorf("%s: got the view %+v", e.Slug, view)
		}
		if got, want := outline(play(t, back)), outline(play(t, e.JSON)); got != want {
			t.Errorf("%s: trimmed it plays otherwise:\ngot  %swant %s", e.Slug, got, want)
		}
	}
}

func TestTheYAMLOfEveryExamplePlaysTheSame(t *testing.T) {
	for _, e := range played() {
		n := parse(t, e.JSON)
		written := share.YAML(n, "STS Playground: "+e.Title)
		if strings.HasPrefix(written, "{") {
			t.Errorf("%s: got JSON, want YAML", e.Slug)
		}
		got, _ := json.Marshal(withoutPlaces(play(t, written)))
		want, _ := json.Marshal(withoutPlaces(play(t, e.JSON)))
		if string(got) != string(want) {
			t.Errorf("%s: the report of the YAML is another:\n%s\n%s", e.Slug, outline(play(t, written)), outline(play(t, e.JSON)))
		}
	}
}

// withoutPlaces is a report without the lines and columns in it, and without
// what depends on whether a document stands as text.
func withoutPlaces(r engine.Report) any {
	text, _ := json.Marshal(r)
	var v any
	json.Unmarshal(text, &v)
	var strip func(v any)
	strip = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				strip(item)
			}
		case map[string]any:
			for _, name := range []string{"line", "column", "within", "at", "fix", "source", "text"} {
				delete(v, name)
			}
			for _, item := range v {
				strip(item)
			}
		}
	}
	strip(v)
	return v
}

// otherwise are the examples that play otherwise, and why.
var otherwise = map[string]struct {
	accounts bool // only with stand-ins for accounts
	why      string
}{
	"no-access-in-the-portal":                {true, "IAM Identity Center makes the name of its SAML provider of the account's number, and the scenario names it"},
	"the-code-of-a-second-factor-is-checked": {false, "without the device's seed the codes are taken on trust"},
}

func TestRedactedExamplesPlayTheSame(t *testing.T) {
	all := []share.Options{{}, {Accounts: true}, {People: true}, {Accounts: true, People: true}}
	for _, e := range played() {
		n := parse(t, e.JSON)
		want := outline(play(t, e.JSON))
		for _, o := range all {
			redacted, changes := share.Redact(n, o)
			if got := outline(play(t, redacted.JSON(""))); got != want && (otherwise[e.Slug].why == "" || otherwise[e.Slug].accounts && !o.Accounts) {
				t.Errorf("%s %+v: changed %v; it plays otherwise:\ngot  %swant %s", e.Slug, o, changes, got, want)
			}
		}
	}
}

// A minted token is made a real one, as somebody would paste it; without its
// signature it plays the same, save where the signature or the key was what
// failed.
func TestRealTokensPlayTheSameWithoutTheirSignatures(t *testing.T) {
	pasted := 0
	for _, e := range played() {
		n := parse(t, e.JSON)
		r := play(t, e.JSON)
		for i, c := range r.Calls {
			real, at := "", ""
			switch {
			case c.Token != nil:
				real, at = c.Token.Compact, "WebIdentityToken"
			case c.SAML != nil:
				real, at = c.SAML.Minted, "SAMLAssertion"
			}
			call := &n.Get("calls").Items[i]
			params := call.Get("params")
			if real == "" || params.Get(at).Get("mint") == nil {
				continue
			}
			*params.Get(at) = source.Node{Kind: source.String, Text: real}
			pasted++
		}
		want := play(t, n.JSON(""))
		redacted, changes := share.Redact(n, share.Options{Accounts: true, People: true})
		encrypted := map[string]bool{}
		for _, c := range changes {
			encrypted[c.Path] = c.Kind == share.Encrypted
		}
		got := play(t, redacted.JSON(""))
		for i := range want.Calls {
			w, g := want.Calls[i], got.Calls[i]
			switch failing(w) {
			case "oidc/signature", "oidc/keys", "saml/signature", "saml/metadata":
				continue // from now on taken on trust
			}
			if encrypted[fmt.Sprintf("/calls/%d/params/SAMLAssertion", i)] || otherwise[e.Slug].why != "" {
				continue
			}
			if w.Outcome != g.Outcome || failing(w) != failing(g) {
				t.Errorf("%s, %s: got %s at %s, want %s at %s", e.Slug, w.Name, g.Outcome, failing(g), w.Outcome, failing(w))
			}
		}
	}
	if examples := len(played()); pasted < examples/2 {
		t.Errorf("got %d real tokens of %d examples, want more", pasted, examples)
	}
}
