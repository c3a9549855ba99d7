//go:build js && wasm

package main

import (
	"encoding/json"
	"strings"
	"syscall/js"
	"testing"

	"stsplayground/examples"
)

// asked is the answer to playAttacks, as the worker has it.
func asked(args ...any) (html, progress, internal string) {
	f := js.FuncOf(playAttacks)
	defer f.Release()
	reply := f.Invoke(args...)
	return reply.Index(0).String(), reply.Index(1).String(), reply.Index(2).String()
}

func TestAttacksArePlayedInSlicesUntilAllAre(t *testing.T) {
	request, err := json.Marshal(map[string]any{"scenario": examples.All()[0].JSON, "now": "2026-11-22T12:00:00Z", "call": 0})
	if err != nil {
		t.Fatal(err)
	}
	html, progress, internal := "", "begin", ""
	for rounds := 0; progress != "" && internal == "" && rounds < 1000; rounds++ {
		html, progress, internal = asked(string(request), "alg-none", "signature,expiry")
	}
	for _, want := range []string{`id="locks-body"`, `id="attack-tampered-payload"`, "This isn’t AWS", `id="attack-alg-none-back"`} {
		if internal != "" || !strings.Contains(html, want) {
			t.Errorf("got %.300q, %q, want %s in it", html, internal, want)
		}
	}
	if again, progress, _ := asked(string(request), "", ""); progress != "" || strings.Contains(again, "This isn’t AWS") {
		t.Errorf("got %q to go on, want what was played drawn anew", progress)
	}
}

func TestWrongQuestionsAboutAttacksAreAnswered(t *testing.T) {
	for _, args := range [][]any{{}, {1, 2, 3}, {"", "", ""}, {"{", "", ""}, {`{"now":"x"}`, "", ""}} {
		if _, _, internal := asked(args...); internal == "" {
			t.Errorf("%v: got no word about what is wrong", args)
		}
	}
	if html, _, internal := asked(`{"scenario":"nothing","now":"2026-11-22T12:00:00Z","call":7}`, "", ""); internal != "" || !strings.Contains(html, "nothing to steal") {
		t.Errorf("got %q, %q, want that there are no attacks", html, internal)
	}
}
