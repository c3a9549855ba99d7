//go:build js && wasm

// Command wasm puts the engine behind JavaScript functions. It knows nothing
// itself: a request goes in as a string, the report and its HTML come
// out as strings. It runs inside a Worker, which the page can end at any time.
//
// The whole JavaScript API; what isn't needed for a run is in wasm/tools:
//
//	stsPlayground(request: string, verdict: (html: string) => void): string[]
//	stsReference(text: Uint8Array): string
//	stsComplete(kind: "action" | "resource" | "key" | "policy", action: string, typed: string): string[]
//	playAttacks(request: string, played: string, off: string): string[], in locks.go
//
// request is JSON: {"scenario": text, "now": RFC 3339, "call": n, "brief":
// false, "forms": false, "who": false, "before": text}. scenario is the scenario document as text; now is the moment for a
// scenario that names none; call is the index, from 0, of the call to draw;
// brief leaves of the report's calls only names, outcomes, verdicts and tokens;
// with forms the claims and attributes that are minted are drawn too, as fields.
// expect is what the page around the playground says of the calls; where it is
// there, also empty, the first part says whether that is so (report.SelfCheck).
// With who the answer is another: who gets in by the role that the call asks
// for, as one part, and compared with the scenario before where there is one.
//
// verdict is called with the HTML of the verdict once that is known, while the
// rest is still to be drawn.
//
// The result's first string is JSON: {"report": …} or {"internal": message};
// "scenario" is there besides for a scenario written as YAML: it as JSON.
// internal means that the engine itself broke or was called wrongly; anything
// wrong with the scenario is in the report. After it come the parts of the
// report (report.Part), verdict included, three strings for each: its id, the
// id of the element that holds it (empty for the report itself), and its HTML.
//
// stsReference hands in AWS's reference of names (engine/reference), which
// reports go by from then on; its result is why that can't be read, or empty.
// stsComplete goes on with what was typed for an action, or for a resource or
// a condition key that stands beside an action; its result is at most twelve
// completions, two strings for each: its text and what it is. Without a
// reference there are none.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall/js"
	"time"

	"github.com/a-h/templ"

	"stsplayground/engine"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
	"stsplayground/web/report"
)

// maxScenario bounds a scenario in the page, in bytes.
const maxScenario = 1 << 20

// maxHTML bounds what the page is given to draw, in bytes. The worker can be
// ended when it takes too long; the page's own thread can't.
const maxHTML = 4 << 20

type request struct {
	Scenario string
	Now      time.Time
	Call     int
	Brief    bool
	Forms    bool
	Who      bool
	Before   string
	Expect   *string
}

// readRequest reads a request with the engine's own reader of JSON, which is
// in the program anyway; encoding/json's costs 12 KiB more to download.
func readRequest(text string) (r request, err error) {
	root, refusal := source.ParseJSON(text)
	if refusal != nil {
		return r, refusal
	}
	for i := range root.Members {
		value := &root.Members[i].Value
		switch name := root.Members[i].Name; name {
		case "scenario":
			r.Scenario = value.Text
		case "now":
			r.Now, err = time.Parse(time.RFC3339, value.Text)
		case "call":
			r.Call, err = strconv.Atoi(value.Text)
		case "before":
			r.Before = value.Text
		case "expect":
			r.Expect = &value.Text
		case "who":
			r.Who, err = strconv.ParseBool(value.Text)
		case "forms":
			r.Forms, err = strconv.ParseBool(value.Text)
		case "brief":
			r.Brief, err = strconv.ParseBool(value.Text)
		}
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

// answer is all that crosses the boundary. Internal is set only when the
// engine itself broke; anything wrong with the input is in the Report.
type answer struct {
	Report   *engine.Report `json:"report,omitempty"`
	Scenario string         `json:"scenario,omitempty"`
	Internal string         `json:"internal,omitempty"`

	parts []part
}

// part is a part of the report, to draw and drawn.
type part struct {
	id, holder string
	component  templ.Component
	html       string
}

// play is a variable so that a test can make it panic. early is given the
// verdict before the rest is drawn.
var play = func(r request, early func(html string)) (answer, error) {
	scenario, findings := decode(r.Scenario, r.Now)
	if r.Who {
		return whoGetsIn(r, scenario)
	}
	scenario.Reference = names
	result := engine.Run(scenario)
	result.Findings = append(findings, result.Findings...)
	parts := flat(report.Parts(result, r.Call), "")
	if r.Expect != nil {
		parts = append(flat([]report.Part{report.SelfCheck(result, *r.Expect)}, ""), parts...)
	}
	if scenario.Lesson != nil {
		parts = append(parts, flat([]report.Part{report.Tasks(result)}, report.TasksHolder)...)
	}
	if r.Forms { // they cost as much as the report, and are seldom open
		parts = append(parts, flat([]report.Part{report.ClaimsForm(result, r.Call)}, report.ClaimsHolder)...)
		parts = append(parts, flat([]report.Part{report.AttributesForm(result, r.Call)}, report.AttributesHolder)...)
	}
	parts, err := draw(parts, early)
	if err != nil {
		return answer{}, err
	}
	if r.Brief {
		result.Calls = brief(result.Calls, r.Call)
	}
	return answer{Report: &result, Scenario: asJSON(r.Scenario), parts: parts}, nil
}

// decode reads a scenario; one without a moment of its own is of now.
func decode(text string, now time.Time) (engine.Scenario, []trace.Finding) {
	scenario, findings := engine.Decode(text, maxScenario)
	if scenario.Now.IsZero() {
		scenario.Now = now
	}
	return scenario, findings
}

// whoGetsIn is the answer to who.
func whoGetsIn(r request, s engine.Scenario) (answer, error) {
	role := engine.RoleAsked(s, r.Call)
	if r.Before == "" {
		return alone("who-body", report.WhoGetsIn(engine.WhoGetsIn(s, role), nil))
	}
	before, _ := decode(r.Before, r.Now)
	entrants, change := engine.WhoGotIn(before, s, role)
	return alone("who-body", report.WhoGetsIn(entrants, &change))
}

// alone is an answer of one part.
func alone(id string, component templ.Component) (answer, error) {
	var html strings.Builder
	err := component.Render(context.Background(), &html)
	if html.Len() > maxHTML {
		return answer{Internal: "the table is larger than the page can draw"}, nil
	}
	return answer{parts: []part{{id: id, html: html.String()}}}, err
}

// draw draws the verdict, gives it to early, and draws the rest.
func draw(all []part, early func(html string)) ([]part, error) {
	size := 0
	for _, first := range []bool{true, false} {
		for i := range all {
			p := &all[i]
			if (p.id == report.Verdict) != first {
				continue
			}
			var html strings.Builder
			if err := p.component.Render(context.Background(), &html); err != nil {
				return nil, err
			}
			p.html = html.String()
			if size += len(p.html); size > maxHTML {
				return draw(flat(report.TooLarge(maxHTML>>20), ""), early)
			}
			if first {
				early(p.html)
			}
		}
	}
	return all, nil
}

// flat is the parts in their order, each followed by those that it holds.
func flat(parts []report.Part, holder string) (all []part) {
	for _, p := range parts {
		all = append(all, part{id: p.ID, holder: holder, component: p.Component})
		all = append(all, flat(p.Parts, p.Holder)...)
	}
	return all
}

// brief leaves of the calls what a page needs besides their HTML: at every
// keystroke the rest would be written, copied and read for nothing. Of the
// drawn call that is also the response that was minted for it.
func brief(calls []engine.CallReport, drawn int) []engine.CallReport {
	short := make([]engine.CallReport, len(calls))
	for i := range calls {
		c := &calls[i]
		short[i] = engine.CallReport{Name: c.Name, Action: c.Action, At: c.At, Outcome: c.Outcome, Verdict: c.Verdict}
		if c.SAML != nil && (i == drawn || drawn >= len(calls) || calls[drawn].SAML == nil) { // of an action it is the sign-in's, which the page knows
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
	if len(args) != 2 || args[0].Type() != js.TypeString || args[1].Type() != js.TypeFunction {
		return encode(answer{Internal: "stsPlayground takes two arguments, a string and a function"})
	}
	r, err := readRequest(args[0].String())
	if err != nil {
		return encode(answer{Internal: "request: " + err.Error()})
	}
	a, err := play(r, func(html string) { args[1].Invoke(html) })
	if err != nil {
		return encode(answer{Internal: err.Error()})
	}
	return encode(a)
}

func encode(a answer) []any {
	text, err := json.Marshal(a)
	if err != nil {
		a = answer{Internal: "answer: " + err.Error()}
		text, _ = json.Marshal(a)
	}
	reply := []any{string(text)}
	for _, p := range a.parts {
		reply = append(reply, p.id, p.holder, p.html)
	}
	return reply
}

// A run makes most of a megabyte of garbage and the engine keeps next to
// nothing: with Go's default it would be collected every few keystrokes. The
// first answers let it, so that the browser has compiled the collector well
// before someone types.
const (
	warmAnswers = 16
	warmGC      = 100
	typingGC    = 800
)

var answers int // since the start

func main() {
	debug.SetGCPercent(warmGC)
	js.Global().Set("stsPlayground", js.FuncOf(func(this js.Value, args []js.Value) any {
		if answers++; answers == warmAnswers {
			debug.SetGCPercent(typingGC)
		}
		return respond(this, args)
	}))
	js.Global().Set("stsReference", js.FuncOf(refer))
	js.Global().Set("stsComplete", js.FuncOf(complete))
	js.Global().Set("playAttacks", js.FuncOf(playAttacks))
	select {}
}
