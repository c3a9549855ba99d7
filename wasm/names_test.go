//go:build js && wasm

package main

import (
	"encoding/json"
	"os"
	"strings"
	"syscall/js"
	"testing"
)

// bytesOf is text as JavaScript has a file's content.
func bytesOf(text string) js.Value {
	array := js.Global().Get("Uint8Array").New(len(text))
	js.CopyBytesToJS(array, []byte(text))
	return array
}

func TestReportsGoByTheReferenceOnceItIsThere(t *testing.T) {
	defer func() { names = nil }()
	text, err := os.ReadFile("../engine/reference/reference.txt")
	if err != nil {
		t.Fatal(err)
	}
	f, completions := js.FuncOf(refer), js.FuncOf(complete)
	defer f.Release()
	defer completions.Release()
	request, _ := json.Marshal(map[string]string{"now": "2026-04-28T10:30:00Z", "scenario": `{"accounts":{"123456789012":{"ResourceControlPolicies":[[{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObjct","Resource":"*"}]}]]}}}`})
	misnamed := func() bool { return strings.Contains(call(t, string(request)).html(), "s3:GetObject is the nearest") }

	if misnamed() || completions.Invoke("action", "", "s3:GetObj").Length() != 0 {
		t.Error("without a reference: got a finding or a completion")
	}
	for says, arg := range map[string]any{"a string": "text", "nothing": js.Undefined(), "another file": bytesOf("<!DOCTYPE html>")} {
		if problem := f.Invoke(arg).String(); problem == "" || names != nil {
			t.Errorf("%s: got %q want why it can't be read", says, problem)
		}
	}
	if problem := f.Invoke(bytesOf(string(text))).String(); problem != "" {
		t.Fatalf("got %q", problem)
	}
	if !misnamed() {
		t.Error("with the reference: got no finding about the name")
	}
	for want, question := range map[string][]any{
		"s3:GetObject": {"action", "", "s3:GetObj"},
		"arn:aws:s3:::${BucketName}/${ObjectName}": {"resource", "s3:GetObject", "arn:aws:s3:::"},
		"s3:prefix": {"key", "s3:ListBucket", "s3:pre"},
	} {
		reply := completions.Invoke(question...)
		if reply.Length() < 2 || reply.Index(0).String() != want || reply.Index(1).String() == "" {
			t.Errorf("%v: got %v want %s", question, reply, want)
		}
	}
	for _, question := range [][]any{{}, {"action"}, {"nothing", "", ""}, {1, 2, 3}, {"key", js.Null(), js.Undefined()}} {
		completions.Invoke(question...)
	}
}
