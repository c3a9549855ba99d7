//go:build js && wasm

// Command tools puts behind JavaScript functions what the page asks for
// besides a run. It is a module of its own, which loads after the engine's
// first answer: who waits for a verdict doesn't wait for this.
//
// The whole JavaScript API:
//
//	takeIn(request: string, ...texts: Uint8Array): [string, string]
//	exportWorld(scenario: string, format: string): string
//	explainError(text: string): string
//	shareScenario(request: string): string
//	scenarioFile(request: string, format: string): string
//	openLink(link: string): string
//	drawLesson(scenario: string): string[]
//
// Like the engine it runs inside a Worker; a panic is recovered and told.
package main

import (
	"context"
	"strings"
	"syscall/js"

	"github.com/a-h/templ"
)

func main() {
	js.Global().Set("takeIn", js.FuncOf(takeIn))
	js.Global().Set("exportWorld", js.FuncOf(exportWorld))
	js.Global().Set("explainError", js.FuncOf(explainError))
	js.Global().Set("shareScenario", js.FuncOf(shareScenario))
	js.Global().Set("scenarioFile", js.FuncOf(scenarioFile))
	js.Global().Set("storedLink", js.FuncOf(storedLink))
	js.Global().Set("openLink", js.FuncOf(openLink))
	js.Global().Set("drawLesson", js.FuncOf(drawLesson))
	select {}
}

// html is what a component draws; empty where it can't be drawn.
func html(c templ.Component) string {
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		return ""
	}
	return b.String()
}
