//go:build js && wasm

package main

import (
	"encoding/json"
	"strings"
	"syscall/js"
	"testing"

	"stsplayground/examples"
)

// call goes through a real JavaScript function, as the worker does.
func call(t *testing.T, args ...any) answer {
	t.Helper()
	f := js.FuncOf(respond)
	defer f.Release()
	var a struct {
		Report   json.RawMessage
		HTML     string
		Internal string
	}
	text := f.Invoke(args...).String()
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatalf("answer %q is no JSON: %v", text, err)
	}
	if (a.Report == nil) == (a.Internal == "") {
		t.Fatalf("got %.200q want either a report or an internal error", text)
	}
	return answer{HTML: a.HTML, Internal: a.Internal}
}

func TestRespondSurvivesWrongCalls(t *testing.T) {
	for name, test := range map[string]struct {
		args []any
		want string
	}{
		"no argument":    {nil, "one argument"},
		"a number":       {[]any{1}, "one argument"},
		"undefined":      {[]any{js.Undefined()}, "one argument"},
		"two arguments":  {[]any{"{}", "{}"}, "one argument"},
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
	play = func(request) (answer, error) { panic("index out of range") }
	defer func() { play = honest }()
	if a := call(t, "{}"); !strings.Contains(a.Internal, "index out of range") {
		t.Errorf("got %q want the panic's message", a.Internal)
	}
	play = honest
	if a := call(t, `{"scenario":"{}","now":"2026-04-28T10:30:00Z"}`); a.Internal != "" {
		t.Errorf("after a panic: got %q want a report", a.Internal)
	}
}

func TestRespondDrawsNoMoreThanThePageBears(t *testing.T) {
	action := strings.Repeat("a:", 500_000) // the report names it several times
	text, _ := json.Marshal(map[string]any{"scenario": `{"calls":[{"name":"a","action":"` + action + `"}]}`, "now": "2026-04-28T10:30:00Z"})
	a := call(t, string(text))
	if len(a.HTML) > maxHTML || !strings.Contains(a.HTML, "too large to be drawn") {
		t.Errorf("got %d bytes, %.300q, want a sentence about the size", len(a.HTML), a.HTML)
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

func TestABriefReportHasVerdictsAndTokens(t *testing.T) {
	scenario, err := json.Marshal(examples.All()[0].JSON)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(more string) (a answer, size int) {
		t.Helper()
		text := respond(js.Undefined(), []js.Value{js.ValueOf(`{"scenario":` + string(scenario) + `,"now":"2026-11-22T12:00:00Z"` + more + `}`)}).(string)
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatal(err)
		}
		return a, len(text)
	}
	whole, size := ask("")
	short, less := ask(`,"brief":true`)
	if less >= size || short.HTML != whole.HTML || len(short.Report.Calls) != len(whole.Report.Calls) {
		t.Fatalf("got %d characters of %d, the same HTML: %v", less, size, short.HTML == whole.HTML)
	}
	for i, c := range short.Report.Calls {
		full := whole.Report.Calls[i]
		if c.Verdict != full.Verdict || c.Outcome != full.Outcome || c.Token.Compact != full.Token.Compact || len(c.Token.Claims) != 1 || c.Steps != nil {
			t.Errorf("call %d: got %+v", i, c)
		}
	}
}
