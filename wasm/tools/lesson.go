//go:build js && wasm

package main

import (
	"syscall/js"

	"stsplayground/web/tools"
)

// drawLesson is the JavaScript function
//
//	drawLesson(scenario: string): string[]
//
// Its result is HTML: what stands above the boxes of the scenario's lesson,
// and what stands below them; empty for a scenario without a lesson.
func drawLesson(_ js.Value, args []js.Value) (reply any) {
	defer func() {
		if recover() != nil {
			reply = []any{} // a text that can't be drawn is no reason to stop the tools
		}
	}()
	if len(args) != 1 || args[0].Type() != js.TypeString {
		return []any{}
	}
	lesson := tools.ReadLesson(args[0].String())
	if lesson == nil {
		return []any{}
	}
	return []any{html(tools.LessonTask(*lesson)), html(tools.LessonHelp(*lesson))}
}
