//go:build js && wasm

package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// asked is what the functions of sharing answer, all together.
type asked struct {
	Link, HTML, Code, Name, Text, Scenario, Refusal, Internal string
	View                                                      struct{ Call int }
}

func answer(t *testing.T, text string) (a asked) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return a
}

const toShare = `{"scenario":"{\"title\":\"A title\",\"calls\":[{\"action\":\"sts:GetCallerIdentity\"}]}","now":"2026-11-26T04:00:00Z","page":"https://sts.example.com/","view":{"call":1},"options":{"claims":true,"keys":true,"view":true}}`

func TestALinkThatIsMadeCanBeOpened(t *testing.T) {
	made := answer(t, ask(shareScenario, toShare))
	if !strings.HasPrefix(made.Link, "https://sts.example.com/#s=1.") || !strings.Contains(made.HTML, made.Link[:40]) || !strings.Contains(made.Code, "<svg") {
		t.Fatalf("got %+v", made)
	}
	opened := answer(t, ask(openLink, made.Link))
	if opened.View.Call != 1 || opened.Scenario != `{"title":"A title","calls":[{"action":"sts:GetCallerIdentity"}],"now":"2026-11-26T04:00:00Z"}` {
		t.Errorf("got %+v", opened)
	}
}

func TestAFileIsWritten(t *testing.T) {
	for format, begin := range map[string]string{"yaml": "# A scenario of the STS Playground. To play it: stsplayground check a-title.yaml\ntitle: A title\n", "json": "{\n  \"title\": \"A title\""} {
		if file := answer(t, ask(scenarioFile, toShare, format)); file.Name != "a-title."+format || !strings.HasPrefix(file.Text, begin) {
			t.Errorf("got %+v", file)
		}
	}
}

func TestSharingSurvivesWrongCalls(t *testing.T) {
	for name, text := range map[string]string{
		"no argument":             ask(shareScenario),
		"a number":                ask(openLink, 7),
		"no JSON":                 ask(shareScenario, "{"),
		"a scenario that is none": ask(shareScenario, `{"scenario":"{"}`),
		"no link":                 ask(openLink, "hello"),
		"a file of nothing":       ask(scenarioFile, `{"scenario":"{"}`, "yaml"),
	} {
		if a := answer(t, text); a.Refusal == "" && a.Internal == "" {
			t.Errorf("%s: got %s, want a refusal", name, text)
		}
	}
}
