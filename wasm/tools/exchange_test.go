//go:build js && wasm

package main

import (
	"encoding/json"
	"strings"
	"syscall/js"
	"testing"

	"stsplayground/engine/exchange"
)

// ask calls one of the functions as the worker does.
func ask(f func(js.Value, []js.Value) any, args ...any) string {
	function := js.FuncOf(f)
	defer function.Release()
	return function.Invoke(args...).String()
}

// takes calls takeIn with texts as bytes.
func takes(request string, texts ...string) (text, html string) {
	args := []any{request}
	for _, text := range texts {
		bytes := js.Global().Get("Uint8Array").New(len(text))
		js.CopyBytesToJS(bytes, []byte(text))
		args = append(args, bytes)
	}
	function := js.FuncOf(takeIn)
	defer function.Release()
	answer := function.Invoke(args...)
	return answer.Index(0).String(), answer.Index(1).String()
}

func TestAWorldComesInAndGoesOut(t *testing.T) {
	role := `{"Role": {"RoleName": "deploy", "Arn": "arn:aws:iam::123456789012:role/deploy", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}}`
	var taken exchange.Taken
	text, html := takes(`{"scenario": "{}", "view": {}, "inputs": [{"name": "", "size": 0}]}`, role)
	if json.Unmarshal([]byte(text), &taken) != nil || len(taken.Patch) != 4 || !strings.Contains(html, "role deploy of account 123456789012") {
		t.Errorf("got %s and %s, want a patch of four operations and a sentence", text, html)
	}
	var files []exchange.File
	for _, scenario := range []string{`{"accounts": {"123456789012": {"Groups": [{"GroupName": "g"}]}}}`, "accounts:\n  \"123456789012\":\n    Groups: [{GroupName: g}]\n"} {
		for _, format := range exchange.Formats {
			if text := ask(exportWorld, scenario, format); json.Unmarshal([]byte(text), &files) != nil || len(files) != 1 || !strings.Contains(files[0].Text, "1 group") {
				t.Errorf("%s: got %s, want one file with a group", format, text)
			}
		}
	}
}

func TestAnExchangeSurvivesWrongCalls(t *testing.T) {
	for name, test := range map[string]struct {
		got  string
		want string
	}{
		"a number":                {ask(exportWorld, 1, "cli"), `{"internal":"it takes 2 strings"}`},
		"a scenario that is none": {ask(exportWorld, "{", "cli"), `{"refusal":"the scenario itself can't be read`},
		"a format that is none":   {ask(exportWorld, "{}", "pulumi"), "null"},
	} {
		if !strings.HasPrefix(test.got, test.want) {
			t.Errorf("%s: got %s, want it to begin with %s", name, test.got, test.want)
		}
	}
	const one = `{"scenario": "{}", "inputs": [{"name": "", "size": 0}]}`
	for name, test := range map[string]struct {
		request string
		texts   []string
		want    string
	}{
		"no request":              {"", nil, `{"refusal":"it takes a request`},
		"no text":                 {one, nil, `{"refusal":"it takes a request`},
		"a scenario that is none": {`{"scenario": "{", "inputs": [{}]}`, []string{"hello"}, `{"refusal":"the scenario itself can't be read`},
		"a text that is nothing":  {one, []string{"hello"}, `{"refusal":"this isn't recognised`},
		"markup":                  {one, []string{"<script>alert(1)</script>"}, `{"refusal":"this isn't recognised`},
	} {
		text, html := takes(test.request, test.texts...)
		if !strings.HasPrefix(text, test.want) || !strings.Contains(html, `id="exchange-words"`) || strings.Contains(html, "<script") {
			t.Errorf("%s: got %s and %s, want it to begin with %s", name, text, html, test.want)
		}
	}
	got := js.FuncOf(func(_ js.Value, args []js.Value) any {
		return exchanged(args, 0, func([]string) any { panic("on purpose") })
	})
	defer got.Release()
	if text := got.Invoke().String(); !strings.Contains(text, "the engine broke: on purpose") {
		t.Errorf("got %s, want the panic told", text)
	}
}
