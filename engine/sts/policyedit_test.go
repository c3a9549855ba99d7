package sts

import (
	"encoding/json"
	"reflect"
	"testing"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

func TestAPolicyTextIsEditedInPlace(t *testing.T) {
	const policy = `{
  "Statement": [
    {
      "Action": "sts:A",
      "Condition": {
        "StringEquals": {
          "k": "v"
        }
      }
    }
  ]
}`
	for name, c := range map[string]struct {
		edit trace.Patch
		want string
	}{
		"a value is replaced": {
			trace.Patch{Op: "replace", Path: "/Statement/0/Action", Value: "sts:B"},
			`{"Statement":[{"Action":"sts:B","Condition":{"StringEquals":{"k":"v"}}}]}`,
		},
		"a value becomes a list": {
			trace.Patch{Op: "replace", Path: "/Statement/0/Action", Value: []string{"sts:A", "sts:<B>"}},
			`{"Statement":[{"Action":["sts:A","sts:<B>"],"Condition":{"StringEquals":{"k":"v"}}}]}`,
		},
		"a member is added": {
			trace.Patch{Op: "add", Path: "/Statement/0/Sid", Value: "x"},
			`{"Statement":[{"Action":"sts:A","Condition":{"StringEquals":{"k":"v"}},"Sid":"x"}]}`,
		},
		"an operator is added": {
			trace.Patch{Op: "add", Path: "/Statement/0/Condition/StringLike", Value: map[string]any{"a/b": "c"}},
			`{"Statement":[{"Action":"sts:A","Condition":{"StringEquals":{"k":"v"},"StringLike":{"a/b":"c"}}}]}`,
		},
		"an only member is removed": {
			trace.Patch{Op: "remove", Path: "/Statement/0/Condition/StringEquals/k"},
			`{"Statement":[{"Action":"sts:A","Condition":{"StringEquals":{}}}]}`,
		},
		"a first member is removed": {
			trace.Patch{Op: "remove", Path: "/Statement/0/Action"},
			`{"Statement":[{"Condition":{"StringEquals":{"k":"v"}}}]}`,
		},
		"a last member is removed": {
			trace.Patch{Op: "remove", Path: "/Statement/0/Condition"},
			`{"Statement":[{"Action":"sts:A"}]}`,
		},
		"an item is appended": {
			trace.Patch{Op: "add", Path: "/Statement/-", Value: map[string]any{"Effect": "Deny"}},
			`{"Statement":[{"Action":"sts:A","Condition":{"StringEquals":{"k":"v"}}},{"Effect":"Deny"}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := editText(policy, c.edit)
			if !ok {
				t.Fatal("refused")
			}
			var a, b any
			if err := json.Unmarshal([]byte(got), &a); err != nil {
				t.Fatalf("%v in %s", err, got)
			}
			if err := json.Unmarshal([]byte(c.want), &b); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(a, b) {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAnEditThatLeadsNowhereIsNone(t *testing.T) {
	for _, e := range []trace.Patch{
		{Op: "replace", Path: "/Nothing", Value: "x"},
		{Op: "remove", Path: "/Statement/7"},
		{Op: "add", Path: "/Statement/x/y", Value: "x"},
		{Op: "replace", Path: "", Value: "x"},
		{Op: "move", Path: "/Statement", Value: "x"},
	} {
		if got, ok := editText(`{"Statement":[]}`, e); ok {
			t.Errorf("%+v gives %s", e, got)
		}
	}
	broken := scenario.Document{Node: source.Node{Kind: source.String, Text: `{"Statement":`}, Path: "/p"}
	if got := patchPolicy(broken, []trace.Patch{{Op: "add", Path: "/Statement/-", Value: "x"}}); len(got) != 0 {
		t.Errorf("a broken policy is patched with %+v", got)
	}
}

func TestWhatIsNotTouchedStaysAsTyped(t *testing.T) {
	got, _ := editText("{ \"a\" : 1.0 ,\n\t\"b\":\"x\" }", trace.Patch{Op: "replace", Path: "/b", Value: "y"})
	if want := "{ \"a\" : 1.0 ,\n\t\"b\":\"y\" }"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
}

func TestAURLEncodedPolicyIsDecodedBeforeItIsEdited(t *testing.T) {
	d := scenario.Document{Node: source.Node{Kind: source.String, Text: "%7B%22a%22%3A%22x%22%7D"}, Path: "/p"}
	got := patchPolicy(d, []trace.Patch{{Op: "replace", Path: "/a", Value: "y"}})
	want := []trace.Patch{{Op: "replace", Path: "/p", Value: `{"a":"y"}`}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v want %+v", got, want)
	}
}
