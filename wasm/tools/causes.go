//go:build js && wasm

package main

import (
	"syscall/js"

	"stsplayground/web/tools"
)

// explainError is the JavaScript function
//
//	explainError(text: string): string
//
// Its result is HTML: what the errors in the text mean; for an empty text, the
// errors that are known.
func explainError(_ js.Value, args []js.Value) (reply any) {
	defer func() {
		if recover() != nil {
			reply = "" // an error that can't be explained is no reason to stop the engine
		}
	}()
	if len(args) != 1 || args[0].Type() != js.TypeString {
		return ""
	}
	return html(tools.Causes(args[0].String()))
}
