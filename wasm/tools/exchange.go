//go:build js && wasm

package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall/js"

	"stsplayground/engine/exchange"
	"stsplayground/engine/source"
)

// importWorld is the JavaScript function
//
//	importWorld(text: string, scenario: string, view: string): string
//
// text is what was pasted, scenario the scenario document, view the JSON
// Pointer of the role in view. The result is JSON: exchange.Imported, or
// {"refusal": why it isn't recognised}, or {"internal": message}.
func importWorld(_ js.Value, args []js.Value) any {
	return exchanged(args, 3, func(given []string) any {
		world, problem := readWorld(given[1])
		if problem == "" {
			var imported exchange.Imported
			if imported, problem = exchange.Import(given[0], world, given[2]); problem == "" {
				return imported
			}
		}
		return map[string]string{"refusal": problem}
	})
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
