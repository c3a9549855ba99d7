//go:build js && wasm

// Command wasm puts the engine behind one JavaScript function. It knows
// nothing itself: a request goes in as a string, the report and its HTML come
// out as a string. It runs inside a Worker, which the page can end at any time.
//
// The whole JavaScript API:
//
//	stsPlayground(request: string): string
//
// request is JSON: {"scenario": text, "now": RFC 3339, "call": n, "brief":
// false}. scenario is the scenario document as text; now is the moment for a
// scenario that names none; call is the index, from 0, of the call to draw;
// brief leaves of the report's calls only names, outcomes, verdicts and tokens.
//
// The result is JSON: {"report": …, "html": …} or {"internal": message};
// "scenario" is there besides for a scenario written as YAML: it as JSON.
// internal means that the engine itself broke or was called wrongly; anything
// wrong with the scenario is in the report.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"
	"syscall/js"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/web/report"
)

// maxScenario bounds a scenario in the page, in bytes.
const maxScenario = 1 << 20

// maxHTML bounds what the page is given to draw, in bytes. The worker can be
// ended when it takes too long; the page's own thread can't.
const maxHTML = 4 << 20

type request struct {
	Scenario string    `json:"scenario"`
	Now      time.Time `json:"now"`
	Call     int       `json:"call"`
	Brief    bool      `json:"brief"`
}

// answer is all that crosses the boundary. Internal is set only when the
// engine itself broke; anything wrong with the input is in the Report.
type answer struct {
	Report   *engine.Report `json:"report,omitempty"`
	HTML     string         `json:"html,omitempty"`
	Scenario string         `json:"scenario,omitempty"`
	Internal string         `json:"internal,omitempty"`
}

// play is a variable so that a test can make it panic.
var play = func(r request) (answer, error) {
	scenario, findings := engine.Decode(r.Scenario, maxScenario)
	if scenario.Now.IsZero() {
		scenario.Now = r.Now
	}
	result := engine.Run(scenario)
	result.Findings = append(findings, result.Findings...)
	var html strings.Builder
	if err := report.Fragment(result, r.Call).Render(context.Background(), &html); err != nil {
		return answer{}, err
	}
	if size := html.Len(); size > maxHTML {
		html.Reset()
		if err := report.TooLarge(size>>20).Render(context.Background(), &html); err != nil {
			return answer{}, err
		}
	}
	if r.Brief {
		result.Calls = brief(result.Calls, r.Call)
	}
	return answer{Report: &result, HTML: html.String(), Scenario: asJSON(r.Scenario)}, nil
}

// brief leaves of the calls what a page needs besides their HTML: at every
// keystroke the rest would be written, copied and read for nothing. Of the
// drawn call that is also the response that was minted for it.
func brief(calls []engine.CallReport, drawn int) []engine.CallReport {
	short := make([]engine.CallReport, len(calls))
	for i := range calls {
		c := &calls[i]
		short[i] = engine.CallReport{Name: c.Name, Action: c.Action, At: c.At, Outcome: c.Outcome, Verdict: c.Verdict}
		if c.SAML != nil && i == drawn {
			short[i].SAML = &sts.SAMLView{Minted: c.SAML.Minted}
		}
		if c.Token == nil {
			continue
		}
		short[i].Token = &sts.TokenView{Compact: c.Token.Compact}
		for _, claim := range c.Token.Claims {
			if claim.Name == "iss" {
				short[i].Token.Claims = append(short[i].Token.Claims, claim)
			}
		}
	}
	return short
}

// asJSON is a scenario written as YAML, as JSON, for the page's controls;
// empty for any other text.
func asJSON(text string) string {
	if len(text) > maxScenario || strings.HasPrefix(strings.TrimSpace(text), "{") {
		return ""
	}
	node, err := source.ParseYAML(text)
	if err != nil || node.Kind != source.Object {
		return ""
	}
	return node.JSON("")
}

// respond is the JavaScript function. A recovered panic leaves the runtime
// alive for the next try.
func respond(_ js.Value, args []js.Value) (reply any) {
	defer func() {
		if broken := recover(); broken != nil {
			reply = encode(answer{Internal: fmt.Sprint("the engine broke: ", broken)})
		}
	}()
	if len(args) != 1 || args[0].Type() != js.TypeString {
		return encode(answer{Internal: "stsPlayground takes one argument, a string"})
	}
	var r request
	if err := json.Unmarshal([]byte(args[0].String()), &r); err != nil {
		return encode(answer{Internal: "request: " + err.Error()})
	}
	a, err := play(r)
	if err != nil {
		return encode(answer{Internal: err.Error()})
	}
	return encode(a)
}

func encode(a answer) string {
	text, err := json.Marshal(a)
	if err != nil {
		text, _ = json.Marshal(answer{Internal: "answer: " + err.Error()})
	}
	return string(text)
}

func main() {
	// A run makes a few megabytes of garbage and the engine keeps next to
	// nothing: with Go's default it would be collected at every keystroke.
	debug.SetGCPercent(800)
	js.Global().Set("stsPlayground", js.FuncOf(respond))
	select {}
}
