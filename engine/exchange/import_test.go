package exchange

import (
	"embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

var update = flag.Bool("update", false, "write what the imports give")

//go:embed testdata
var testdata embed.FS

// Every file of testdata is one text as somebody would paste it; beside it, in
// testdata/want, stands what it was taken for, what was noted, and the world
// that it makes of an empty scenario.
func TestImport(t *testing.T) {
	files, err := testdata.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.IsDir() {
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			text := read(t, "testdata/"+f.Name())
			imported, refusal := Import(text, nil, "")
			if refusal != "" {
				t.Fatalf("got the refusal %q", refusal)
			}
			world := apply(t, "{}", imported.Patch)
			got := imported.What + "\n"
			for _, note := range imported.Notes {
				got += "- " + note + "\n"
			}
			got += indented(t, world) + "\n"
			file := "testdata/want/" + f.Name() + ".txt"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(read(t, file), got); diff != "" {
				t.Errorf("the import changed (-want +got); if it should, run go test ./engine/exchange -update:\n%s", diff)
			}
			mustDecode(t, world)

			again, refusal := Import(text, node(t, world), "")
			if refusal != "" || len(again.Patch) > 0 {
				t.Errorf("imported a second time: got the patch %v and the refusal %q, want nothing to do", again.Patch, refusal)
			}
		})
	}
}

// Import takes in one text.
func Import(text string, world *source.Node, view string) (Taken, string) {
	return Take([]Input{{Text: text}}, world, View{Role: view})
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := testdata.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func node(t *testing.T, text string) *source.Node {
	t.Helper()
	n, err := source.ParseJSON(text)
	if err != nil {
		t.Fatalf("%s: %s", err.Reason, text)
	}
	return &n
}

func indented(t *testing.T, text string) string {
	t.Helper()
	return node(t, text).JSON("  ")
}

// mustDecode wants the world to be one that a scenario takes.
func mustDecode(t *testing.T, world string) {
	t.Helper()
	_, findings := scenario.Decode(world, scenario.LimitCheck)
	for _, f := range findings {
		t.Errorf("the world has the finding %s at %s: %s", f.Rule, f.At.Path, f.Detail)
	}
}

// apply applies a JSON Patch (RFC 6902), strictly: what an operation needs has
// to be there. It is written against the RFC, not against what Import does.
func apply(t *testing.T, document string, patch []trace.Patch) string {
	t.Helper()
	text, err := json.Marshal(patch)
	if err != nil {
		t.Fatal(err)
	}
	var operations []struct {
		Op, Path string
		Value    json.RawMessage
	}
	if err := json.Unmarshal(text, &operations); err != nil {
		t.Fatal(err)
	}
	var root any = decodeAny(t, []byte(document))
	for _, o := range operations {
		if o.Path == "" {
			root = decodeAny(t, o.Value)
			continue
		}
		var tokens []string
		for _, token := range strings.Split(o.Path, "/")[1:] {
			tokens = append(tokens, strings.NewReplacer("~1", "/", "~0", "~").Replace(token))
		}
		var value any
		if o.Op != "remove" {
			value = decodeAny(t, o.Value)
		}
		root, err = change(root, tokens, o.Op, value)
		if err != nil {
			t.Fatalf("%s %s: %v", o.Op, o.Path, err)
		}
	}
	result, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return string(result)
}

func decodeAny(t *testing.T, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func change(at any, tokens []string, op string, value any) (any, error) {
	switch at := at.(type) {
	case map[string]any:
		old, there := at[tokens[0]]
		if len(tokens) > 1 {
			if !there {
				return nil, fmt.Errorf("%s isn't there", tokens[0])
			}
			changed, err := change(old, tokens[1:], op, value)
			at[tokens[0]] = changed
			return at, err
		}
		if op != "add" != there {
			return nil, fmt.Errorf("%s %s, and is there: %v", op, tokens[0], there)
		}
		if op == "remove" {
			delete(at, tokens[0])
			return at, nil
		}
		at[tokens[0]] = value
		return at, nil
	case []any:
		i := len(at)
		if tokens[0] != "-" {
			var err error
			if i, err = strconv.Atoi(tokens[0]); err != nil || i >= len(at) {
				return nil, fmt.Errorf("no item %s", tokens[0])
			}
		}
		switch {
		case len(tokens) > 1:
			changed, err := change(at[i], tokens[1:], op, value)
			at[i] = changed
			return at, err
		case op == "replace":
			at[i] = value
			return at, nil
		}
		return slices.Insert(at, i, value), nil
	}
	return nil, fmt.Errorf("nothing can stand at %v", tokens)
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
