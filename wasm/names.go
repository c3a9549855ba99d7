//go:build js && wasm

package main

import (
	"fmt"
	"syscall/js"

	"stsplayground/engine/managed"
	"stsplayground/engine/reference"
)

// names is AWS's reference, nil until the worker hands it in.
var names *reference.Reference

// refer takes the reference's bytes, a Uint8Array. It returns why they can't
// be read, or an empty string.
func refer(_ js.Value, args []js.Value) (reply any) {
	defer func() {
		if broken := recover(); broken != nil {
			reply = fmt.Sprint(broken)
		}
	}()
	if len(args) != 1 || !args[0].InstanceOf(js.Global().Get("Uint8Array")) {
		return "stsReference takes one argument, a Uint8Array"
	}
	text := make([]byte, args[0].Length())
	js.CopyBytesToGo(text, args[0])
	read, err := reference.Parse(string(text))
	if err != nil {
		return err.Error()
	}
	names = read
	return ""
}

// complete answers with completions, two strings for each: its text and what
// it is. Besides what the reference has there is "policy", AWS's managed
// policies that the engine knows.
func complete(_ js.Value, args []js.Value) (answer any) {
	reply := []any{}
	defer func() {
		if recover() != nil {
			answer = []any{} // a field without completions is no reason to stop the engine
		}
	}()
	if len(args) != 3 {
		return reply
	}
	what, action, typed := args[0].String(), args[1].String(), args[2].String()
	if what == "policy" {
		for _, p := range managed.Matching(typed) {
			reply = append(reply, p.ARN, "AWS managed, "+p.Version)
		}
		return reply
	}
	for _, s := range names.Complete(what, action, typed) {
		reply = append(reply, s.Text, s.Detail)
	}
	return reply
}
