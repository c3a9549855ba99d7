//go:build js && wasm

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"syscall/js"

	"stsplayground/engine/exchange"
	"stsplayground/engine/source"
	"stsplayground/web/tools"
)

// request is what takeIn is asked, besides the texts: a name and a size for
// each of them.
type request struct {
	Scenario string        `json:"scenario"`
	View     exchange.View `json:"view"`
	Inputs   []struct {
		Name string `json:"name"`
		Size int    `json:"size"`
	} `json:"inputs"`
}

// takeIn is the JavaScript function
//
//	takeIn(request: string, ...texts: Uint8Array): [string, string]
//
// request is JSON: {"scenario": the scenario document, "view": exchange.View,
// "inputs": [{"name", "size"}]}, an input for each text. The first result is
// JSON: exchange.Taken, or {"refusal": why nothing is taken in}, or
// {"internal": message}; the second is HTML that says so.
func takeIn(_ js.Value, args []js.Value) (reply any) {
	taken, refusal := exchange.Taken{}, ""
	defer func() {
		if broken := recover(); broken != nil {
			refusal = fmt.Sprint("the engine broke on it: ", broken)
		}
		reply = told(taken, refusal)
	}()
	var asked request
	if len(args) == 0 || args[0].Type() != js.TypeString || json.Unmarshal([]byte(args[0].String()), &asked) != nil || len(asked.Inputs) != len(args)-1 {
		refusal = "it takes a request and a text for each of its inputs"
		return nil
	}
	inputs := make([]exchange.Input, len(asked.Inputs))
	for i, input := range asked.Inputs {
		if args[i+1].Type() != js.TypeObject {
			refusal = "a text is bytes"
			return nil
		}
		text := make([]byte, args[i+1].Length())
		js.CopyBytesToGo(text, args[i+1])
		inputs[i] = exchange.Input{Name: input.Name, Size: input.Size, Text: string(text)}
	}
	world, problem := readWorld(asked.Scenario)
	if problem != "" {
		refusal = problem
		return nil
	}
	taken, refusal = exchange.Take(inputs, world, asked.View)
	return nil
}

// told is the answer of takeIn.
func told(taken exchange.Taken, refusal string) any {
	var answer any = taken
	if refusal != "" {
		taken = exchange.Taken{}
		answer = map[string]string{"refusal": refusal}
	}
	text, err := json.Marshal(answer)
	if err != nil {
		text = []byte(internal(err.Error()))
	}
	var html bytes.Buffer
	if err := tools.Taken(taken, refusal).Render(context.Background(), &html); err != nil {
		text = []byte(internal(err.Error()))
	}
	return []any{string(text), html.String()}
}

// exportWorld is the JavaScript function
//
//	exportWorld(scenario: string, format: string): string
//
// format is one of exchange.Formats. The result is JSON: a list of
// exchange.File, or {"refusal": …}, or {"internal": …}.
func exportWorld(_ js.Value, args []js.Value) any {
	return exchanged(args, 2, func(given []string) any {
		world, problem := readWorld(given[0])
		if problem != "" {
			return map[string]string{"refusal": problem}
		}
		return exchange.Export(world, given[1])
	})
}

// readWorld reads a scenario document, as far as it is JSON or YAML at all.
func readWorld(text string) (*source.Node, string) {
	read := source.ParseYAML
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		read = source.ParseJSON
	}
	world, err := read(text)
	if err != nil {
		return nil, "the scenario itself can't be read: " + err.Reason
	}
	return &world, ""
}

// exchanged answers a call of n strings, and recovers a panic.
func exchanged(args []js.Value, n int, answer func([]string) any) (reply any) {
	defer func() {
		if broken := recover(); broken != nil {
			reply = internal(fmt.Sprint("the engine broke: ", broken))
		}
	}()
	var given []string
	for _, arg := range args {
		if arg.Type() == js.TypeString {
			given = append(given, arg.String())
		}
	}
	if len(given) != n || len(args) != n {
		return internal(fmt.Sprintf("it takes %d strings", n))
	}
	text, err := json.Marshal(answer(given))
	if err != nil {
		return internal(err.Error())
	}
	return string(text)
}

func internal(message string) string {
	text, _ := json.Marshal(map[string]string{"internal": message})
	return string(text)
}
