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

func TestAWorldComesInAndGoesOut(t *testing.T) {
	role := `{"Role": {"RoleName": "deploy", "Arn": "arn:aws:iam::123456789012:role/deploy", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}}`
	var imported exchange.Imported
	if text := ask(importWorld, role, "{}", ""); json.Unmarshal([]byte(text), &imported) != nil || len(imported.Patch) != 4 || imported.Role != "arn:aws:iam::123456789012:role/deploy" {
		t.Errorf("got %s, want a patch of four operations and the role", text)
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
		"no argument":             {ask(importWorld), `{"internal":"it takes 3 strings"}`},
		"a number":                {ask(exportWorld, 1, "cli"), `{"internal":"it takes 2 strings"}`},
		"a scenario that is none": {ask(exportWorld, "{", "cli"), `{"refusal":"the scenario itself can't be read`},
		"a text that is nothing":  {ask(importWorld, "hello", "{}", ""), `{"refusal":"this isn't recognised`},
		"a format that is none":   {ask(exportWorld, "{}", "pulumi"), "null"},
	} {
		if !strings.HasPrefix(test.got, test.want) {
			t.Errorf("%s: got %s, want it to begin with %s", name, test.got, test.want)
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
