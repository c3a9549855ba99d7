//go:build js && wasm

package main

import (
	"syscall/js"

	"stsplayground/engine/reference"
)

// names is AWS's reference, nil until the worker hands it in.
var names *reference.Reference

// refer takes the reference's bytes, a Uint8Array. It returns why they can't
// be read, or an empty string.
func refer(_ js.Value, args []js.Value) any {
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
// it is.
func complete(_ js.Value, args []js.Value) any {
	reply := []any{}
	if len(args) != 3 {
		return reply
	}
	for _, s := range names.Complete(args[0].String(), args[1].String(), args[2].String()) {
		reply = append(reply, s.Text, s.Detail)
	}
	return reply
}
