//go:build js && wasm

package main

import (
	"encoding/json"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"stsplayground/examples"
	"stsplayground/web/report"
)

// drawn is an answer as the page has it.
type drawn struct {
	answer
	early []string // the verdicts that came before the rest
	size  int      // of the answer's JSON
}

// html is all of the report's parts.
func (d drawn) html() string {
	var b strings.Builder
	for _, p := range d.parts {
		b.WriteString(p.html)
	}
	return b.String()
}

// verdict is the part that says how the call ends.
func (d drawn) verdict() string {
	for _, p := range d.parts {
		if p.id == report.Verdict {
			return p.html
		}
	}
	return ""
}

// call goes through a real JavaScript function, as the worker does. With one
// argument the second is a function.
func call(t *testing.T, args ...any) (d drawn) {
	t.Helper()
	f := js.FuncOf(respond)
	defer f.Release()
	early := js.FuncOf(func(_ js.Value, args []js.Value) any {
		d.early = append(d.early, args[0].String())
		return nil
	})
	defer early.Release()
	if len(args) == 1 {
		args = append(args, early)
	}
	reply := f.Invoke(args...)
	text := reply.Index(0).String()
	d.size = len(text)
	if err := json.Unmarshal([]byte(text), &d.answer); err != nil {
		t.Fatalf("answer %q is no JSON: %v", text, err)
	}
	if (d.Report == nil) == (d.Internal == "") {
		t.Fatalf("got %.200q want either a report or an internal error", text)
	}
	for i := 1; i+2 < reply.Length(); i += 3 {
		d.parts = append(d.parts, part{id: reply.Index(i).String(), holder: reply.Index(i + 1).String(), html: reply.Index(i + 2).String()})
	}
	return d
}

func TestRespondSurvivesWrongCalls(t *testing.T) {
	for name, test := range map[string]struct {
		args []any
		want string
	}{
		"no argument":    {nil, "two arguments"},
		"a number":       {[]any{1}, "two arguments"},
		"undefined":      {[]any{js.Undefined()}, "two arguments"},
		"no function":    {[]any{"{}", "{}"}, "two arguments"},
		"broken JSON":    {[]any{"{"}, "request: "},
		"a wrong type":   {[]any{`{"call":"first"}`}, "request: "},
		"an empty text":  {[]any{""}, "request: "},
		"a broken clock": {[]any{`{"now":"yesterday"}`}, "request: "},
	} {
		if a := call(t, test.args...); !strings.Contains(a.Internal, test.want) {
			t.Errorf("%s: got %q want it to contain %q", name, a.Internal, test.want)
		}
	}
}

func TestRespondRecoversAPanic(t *testing.T) {
	honest := play
	play = func(request, func(string)) (answer, error) { panic("index out of range") }
	defer func() { play = honest }()
	if a := call(t, "{}"); !strings.Contains(a.Internal, "index out of range") {
		t.Errorf("got %q want the panic's message", a.Internal)
	}
	play = honest
	if a := call(t, `{"scenario":"{}","now":"2026-04-28T10:30:00Z"}`); a.Internal != "" {
		t.Errorf("after a panic: got %q want a report", a.Internal)
	}
}

func TestRespondSaysWhetherItIsAsThePageSays(t *testing.T) {
	const scenario = `{"scenario":"{\"calls\":[{\"action\":\"sts:GetCallerIdentity\"}]}","now":"2026-04-28T10:30:00Z"`
	if a := call(t, scenario+`,"expect":"allow"}`); a.parts[0].id != "self-check" || !strings.Contains(a.parts[0].html, `data-met="false"`) {
		t.Errorf("got %+v first, want what isn't as the page says", a.parts[0])
	}
	if a := call(t, scenario+"}"); a.parts[0].id == "self-check" {
		t.Error("got a word on what nobody said")
	}
}

func TestRespondDrawsNoMoreThanThePageBears(t *testing.T) {
	name := strings.Repeat("a:", 500_000) // each field of the question says it
	text, _ := json.Marshal(map[string]any{"scenario": `{"calls":[{"name":"` + name + `","action":"s3:GetObject"}]}`, "now": "2026-04-28T10:30:00Z"})
	a := call(t, string(text))
	if html := a.html(); len(html) > maxHTML || !strings.Contains(html, "too large to be drawn") {
		t.Errorf("got %d bytes, %.300q, want a sentence about the size", len(html), html)
	}
	if last := a.early[len(a.early)-1]; last != a.verdict() {
		t.Errorf("the early verdict is %.300q, the last %.300q", last, a.verdict())
	}
}

func TestRespondJudgesAnyScenario(t *testing.T) {
	for name, scenario := range map[string]string{
		"empty":             "",
		"no object":         "[]",
		"unknown field":     `{"acounts":{}}`,
		"over the limit":    strings.Repeat(" ", maxScenario+1),
		"a call out of any": `{"calls":[{"name":"a","action":"sts:AssumeRoleWithWebIdentity","params":{}}]}`,
	} {
		for _, index := range []int{-1, 0, 7} {
			text, _ := json.Marshal(map[string]any{"scenario": scenario, "now": "2026-04-28T10:30:00Z", "call": index})
			if a := call(t, string(text)); a.Internal != "" {
				t.Errorf("%s, call %d: got internal error %q want a report", name, index, a.Internal)
			}
		}
	}
}

func TestWhoGetsInIsOnePart(t *testing.T) {
	example := examples.All()[0].JSON
	request := func(before string) request {
		return request{Scenario: example, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Who: true, Before: before}
	}
	early := func(string) { t.Error("got a verdict, want none") }
	alone, err := play(request(""), early)
	if err != nil || alone.Report != nil || len(alone.parts) != 1 || alone.parts[0].id != "who-body" || strings.Contains(alone.parts[0].html, "who-change") {
		t.Errorf("got %v, %.300q, want the table alone", err, alone.parts)
	}
	compared, err := play(request(strings.Replace(example, "acme/app:ref:refs/heads/main", "acme/app:pull_request", 1)), early)
	if err != nil || len(compared.parts) != 1 || !strings.Contains(compared.parts[0].html, "The change lets in acme/app, branch main") {
		t.Errorf("got %v, %.300q, want what changed", err, compared.parts)
	}
	for name, text := range map[string]string{"empty": "", "no object": "[]", "no role": "{}"} {
		if a, err := play(requestOf(text), early); err != nil || len(a.parts) != 1 {
			t.Errorf("%s: got %v, %.300q, want a sentence", name, err, a.parts)
		}
	}
}

func requestOf(text string) request { return request{Scenario: text, Who: true, Before: text} }

func TestABriefReportHasVerdictsAndTokens(t *testing.T) {
	scenario, err := json.Marshal(examples.All()[0].JSON)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(more string) drawn {
		t.Helper()
		return call(t, `{"scenario":`+string(scenario)+`,"now":"2026-11-22T12:00:00Z"`+more+`}`)
	}
	whole, short := ask(""), ask(`,"brief":true`)
	if short.size >= whole.size || short.html() != whole.html() || len(short.Report.Calls) != len(whole.Report.Calls) {
		t.Fatalf("got %d characters of %d, the same HTML: %v", short.size, whole.size, short.html() == whole.html())
	}
	if len(short.early) != 1 || short.early[0] != short.verdict() {
		t.Errorf("got the early verdicts %q, want %q", short.early, short.verdict())
	}
	for i, c := range short.Report.Calls {
		full := whole.Report.Calls[i]
		if c.Verdict != full.Verdict || c.Outcome != full.Outcome || c.Token.Compact != full.Token.Compact || len(c.Token.Claims) != 1 || c.Steps != nil {
			t.Errorf("call %d: got %+v", i, c)
		}
	}
}
