package report_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"golang.org/x/net/html/atom"

	"stsplayground/engine"
	"stsplayground/engine/idp"
	"stsplayground/engine/trace"
	"stsplayground/web/report"
)

func drawEntrants(t *testing.T, e engine.Entrants, change *engine.EntrantChange) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WhoGetsIn(e, change).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEntrantsAreATableWithEachOutcomeInWordsAndShape(t *testing.T) {
	e := engine.Entrants{Role: "arn:aws:iam::123456789012:role/deploy", Widest: "Every branch gets in. Statement 1 lets them in.", Cut: 2, Rows: []engine.Entrant{
		{Who: "main", What: "A push.", Subject: branch, Outcome: engine.GetsIn, Statement: &engine.EntrantsStatement{Sid: "Ci", At: &trace.At{Path: policyAt}}, Call: []byte(`{"name":"main"}`)},
		{Who: "a guest", Outcome: engine.GetsIn, Assumed: []string{"oauth/access-token"}, Statement: &engine.EntrantsStatement{}},
		{Who: "a fork", Outcome: engine.Refused, Rule: "trust/condition", Why: "Another owner.", Differs: []idp.Claim{{Name: "sub", Value: "x"}, {Name: "actor", Value: "mallory"}, {Name: "email"}}},
		{Who: "a role", Outcome: engine.NotPlayed, Why: "Not modelled."},
	}}
	text := drawEntrants(t, e, nil)
	for _, want := range []string{
		"<strong>Every branch gets in.</strong> Statement 1 lets them in.", "2 of 4 callers can assume arn:aws:iam::123456789012:role/deploy", `<th scope="row">`, `<th scope="col">Who</th>`,
		"✓</span> <span class=\"word\">gets in</span>", "~</span> <span class=\"word\">gets in, on trust</span>", "✕</span> <span class=\"word\">refused</span>", "–</span> <span class=\"word\">not played</span>",
		"let in by statement 1 (Ci)", "Another owner.", "actor: mallory\nno email", `data-play="{&#34;name&#34;:&#34;main&#34;}"`, `aria-label="Play this: main"`, "2 more fit this policy and were left out.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in %s", want, text)
		}
	}
	if strings.Count(text, "data-play") != 1 {
		t.Errorf("got %d buttons, want one for the row that can be played", strings.Count(text, "data-play"))
	}
}

func TestAChangeIsASentenceAndTwoLists(t *testing.T) {
	row := engine.Entrant{Who: "a fork", Subject: pull}
	text := drawEntrants(t, engine.Entrants{Widest: "Only main gets in."}, &engine.EntrantChange{Sentence: "The change lets in a fork.", LetIn: []engine.Entrant{row}})
	for _, want := range []string{"<strong>Only main gets in.</strong>", "The change lets in a fork.", `id="who-let-in"`, pull, `id="who-from-here"`} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in %s", want, text)
		}
	}
	if strings.Contains(text, "who-shut-out") || strings.Contains(text, "<table") {
		t.Errorf("got a list or a table of nobody: %s", text)
	}
}

func TestEntrantsAreText(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	e := engine.Entrants{Role: evil, Widest: evil, Rows: []engine.Entrant{{Who: evil, What: evil, Subject: evil, Why: evil, Outcome: engine.Refused, Differs: []idp.Claim{{Name: evil, Value: evil}}, Call: []byte(evil)}}}
	for _, n := range parse(t, drawEntrants(t, e, &engine.EntrantChange{Sentence: evil, LetIn: e.Rows, ShutOut: e.Rows})) {
		if n.DataAtom == atom.Script {
			t.Fatal("a script got through")
		}
	}
}
