//go:build js && wasm

package main

import (
	"strconv"
	"strings"
	"syscall/js"
	"time"

	"stsplayground/engine"
	"stsplayground/web/report"
)

// atOnce is how long attacks are played before the worker looks at what was
// typed meanwhile.
const atOnce = 50 * time.Millisecond

// drawnEvery is how often the rows so far are drawn: drawing costs as much as
// playing.
const drawnEvery = 500 * time.Millisecond

// siege is the attacks that are being played, of the request that asked.
var siege struct {
	request string
	matrix  *engine.Matrix
	drawn   time.Time
}

// playAttacks is the JavaScript function
//
//	playAttacks(request: string, played: string, off: string): string[]
//
// request is as that of stsPlayground, of the call whose attacks are in
// question; played is the name of the attack that the reader plays, and off the
// locks that are off, with commas. The same request goes on where the last one
// left off. The result is the HTML of what was played so far, which is drawn now
// and then (empty else), the words of its progress (empty at its end), and what
// the engine itself broke of.
func playAttacks(_ js.Value, args []js.Value) (reply any) {
	defer func() {
		if broken := recover(); broken != nil {
			siege.request = ""
			reply = []any{"", "", "the engine broke on an attack"}
		}
	}()
	if len(args) != 3 || args[0].Type() != js.TypeString || args[1].Type() != js.TypeString || args[2].Type() != js.TypeString {
		return []any{"", "", "playAttacks takes three strings"}
	}
	text := args[0].String()
	if siege.request != text {
		r, err := readRequest(text)
		if err != nil {
			return []any{"", "", "request: " + err.Error()}
		}
		scenario, _ := decode(r.Scenario, r.Now)
		siege.request, siege.matrix = text, engine.NewMatrix(scenario, r.Call)
	}
	more := true
	for begun := time.Now(); more && time.Since(begun) < atOnce; {
		more = siege.matrix.Play()
	}
	progress := ""
	if more {
		progress = strconv.Itoa(len(siege.matrix.Rows)) + " of " + strconv.Itoa(siege.matrix.All)
		if time.Since(siege.drawn) < drawnEvery {
			return []any{"", progress, ""}
		}
	}
	siege.drawn = time.Now()
	var off []string
	if names := args[2].String(); names != "" {
		off = strings.Split(names, ",")
	}
	a, err := alone(report.LocksPart, report.Locks(*siege.matrix, off, args[1].String()))
	if err != nil || a.Internal != "" {
		return []any{"", "", "the attacks can't be drawn: " + a.Internal}
	}
	return []any{a.parts[0].html, progress, ""}
}
