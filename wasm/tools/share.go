//go:build js && wasm

package main

import (
	"encoding/json"
	"syscall/js"
	"time"

	"stsplayground/engine/share"
	"stsplayground/web/tools"
)

// sharing is what the page asks to share. The options say what it has ticked.
type sharing struct {
	Scenario string     `json:"scenario"`
	Now      time.Time  `json:"now"`
	Page     string     `json:"page"`
	View     share.View `json:"view"`
	Options  struct {
		Claims   bool `json:"claims"`
		Accounts bool `json:"accounts"`
		People   bool `json:"people"`
		Keys     bool `json:"keys"`
		View     bool `json:"view"`
	} `json:"options"`
}

// read makes of a request what is shared; problem says why nothing is.
func (s sharing) read() (asked tools.Sharing, problem string) {
	world, problem := readWorld(s.Scenario)
	if problem != "" {
		return asked, problem
	}
	return tools.Sharing{
		Scenario: *world, Now: s.Now, Page: s.Page, View: s.View, NoView: !s.Options.View,
		Options: share.Options{Signatures: !s.Options.Claims, NoKeys: !s.Options.Keys, Accounts: s.Options.Accounts, People: s.Options.People},
	}, ""
}

// shareScenario is the JavaScript function
//
//	shareScenario(request: string): string
//
// The request is JSON: {scenario, now, page, view: {call, tab, step}, options:
// {claims, accounts, people, keys, view}}. So is the result: {link, html:
// what the dialog says, code: HTML of the code for a projector, opens: whether
// what is handed on opens something}, or {refusal}, or {internal}.
func shareScenario(_ js.Value, args []js.Value) any {
	return exchanged(args, 1, func(given []string) any {
		var request sharing
		if err := json.Unmarshal([]byte(given[0]), &request); err != nil {
			return map[string]string{"internal": err.Error()}
		}
		asked, problem := request.read()
		if problem != "" {
			return map[string]string{"refusal": problem}
		}
		shared := tools.Share(asked)
		return map[string]any{"link": shared.Link, "html": html(tools.ShareBody(shared)), "code": html(tools.LargeCode(shared.Code)), "opens": shared.Opens}
	})
}

// scenarioFile is the JavaScript function
//
//	scenarioFile(request: string, format: string): string
//
// The request is that of shareScenario, or has no options: then everything is
// kept. format is yaml, json, or compact for JSON without white space. The
// result is JSON: an exchange.File, or {refusal}, or {internal}.
func scenarioFile(_ js.Value, args []js.Value) any {
	return exchanged(args, 2, func(given []string) any {
		var request sharing
		var whole struct{ Options *struct{} }
		if err := json.Unmarshal([]byte(given[0]), &request); err != nil {
			return map[string]string{"internal": err.Error()}
		}
		json.Unmarshal([]byte(given[0]), &whole) // the same text, which could be read
		asked, problem := request.read()
		if problem != "" {
			return map[string]string{"refusal": problem}
		}
		scenario, changes := asked.Scenario, []share.Change(nil)
		if whole.Options != nil {
			scenario, changes = share.Redact(&asked.Scenario, asked.Options)
			scenario = share.Trim(&scenario, asked.Now)
		}
		name := share.FileName(&scenario)
		switch given[1] {
		case "compact":
			return map[string]string{"name": name + ".json", "text": scenario.JSON("")}
		case "json":
			return map[string]string{"name": name + ".json", "text": scenario.JSON("  ") + "\n"}
		}
		return map[string]string{"name": name + ".yaml", "text": share.YAML(&scenario, share.Head(name+".yaml", changes)...)}
	})
}

// storedLink is the JavaScript function
//
//	storedLink(stored: string): string
//
// stored is JSON: {id, url, deleteUrl, expires, title}. So is the result:
// {html: what the dialog says of it, code: HTML of the code for a projector}, or
// {internal}.
func storedLink(_ js.Value, args []js.Value) any {
	return exchanged(args, 1, func(given []string) any {
		var stored tools.Stored
		if err := json.Unmarshal([]byte(given[0]), &stored); err != nil {
			return map[string]string{"internal": err.Error()}
		}
		return map[string]string{"html": html(tools.StoredLink(stored)), "code": html(tools.LargeCode(stored.Code()))}
	})
}

// openLink is the JavaScript function
//
//	openLink(link: string): string
//
// The result is JSON: {scenario, view: {call, tab, step}}, or {refusal: why
// the link can't be read}, or {internal}.
func openLink(_ js.Value, args []js.Value) any {
	return exchanged(args, 1, func(given []string) any {
		scenario, view, problem := share.Decode(given[0])
		if problem != "" {
			return map[string]string{"refusal": problem}
		}
		return map[string]any{"scenario": scenario, "view": view}
	})
}
