package jsonpatch

import (
	"fmt"
	"strings"
	"testing"

	"stsplayground/engine/source"
)

func parse(t testing.TB, text string) source.Node {
	t.Helper()
	n, err := source.ParseJSON(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

// The appendix of RFC 6902 has an example of everything; the others are what
// its text says besides.
func TestAJSONPatchIsAppliedAsRFC6902Says(t *testing.T) {
	for _, test := range []struct{ name, document, patch, want string }{
		{"A.1 adding an object member", `{"foo":"bar"}`, `[{"op":"add","path":"/baz","value":"qux"}]`, `{"foo":"bar","baz":"qux"}`},
		{"A.2 adding an array element", `{"foo":["bar","baz"]}`, `[{"op":"add","path":"/foo/1","value":"qux"}]`, `{"foo":["bar","qux","baz"]}`},
		{"A.3 removing an object member", `{"baz":"qux","foo":"bar"}`, `[{"op":"remove","path":"/baz"}]`, `{"foo":"bar"}`},
		{"A.4 removing an array element", `{"foo":["bar","qux","baz"]}`, `[{"op":"remove","path":"/foo/1"}]`, `{"foo":["bar","baz"]}`},
		{"A.5 replacing a value", `{"baz":"qux","foo":"bar"}`, `[{"op":"replace","path":"/baz","value":"boo"}]`, `{"baz":"boo","foo":"bar"}`},
		{"A.6 moving a value", `{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}`, `[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]`, `{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}`},
		{"A.7 moving an array element", `{"foo":["all","grass","cows","eat"]}`, `[{"op":"move","from":"/foo/1","path":"/foo/3"}]`, `{"foo":["all","cows","eat","grass"]}`},
		{"A.8 testing a value", `{"baz":"qux","foo":["a",2,"c"]}`, `[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]`, `{"baz":"qux","foo":["a",2,"c"]}`},
		{"A.10 adding a nested member object", `{"foo":"bar"}`, `[{"op":"add","path":"/child","value":{"grandchild":{}}}]`, `{"foo":"bar","child":{"grandchild":{}}}`},
		{"A.11 unrecognized members are ignored", `{"foo":"bar"}`, `[{"op":"add","path":"/baz","value":"qux","xyz":123}]`, `{"foo":"bar","baz":"qux"}`},
		{"A.14 escapes are undone in order", `{"/":9,"~1":10}`, `[{"op":"test","path":"/~01","value":10}]`, `{"/":9,"~1":10}`},
		{"A.16 adding an array value", `{"foo":["bar"]}`, `[{"op":"add","path":"/foo/-","value":["abc","def"]}]`, `{"foo":["bar",["abc","def"]]}`},
		{"adding a member that is there replaces it", `{"a":1,"b":2}`, `[{"op":"add","path":"/a","value":3}]`, `{"a":3,"b":2}`},
		{"adding behind the last item by its number", `{"a":[1]}`, `[{"op":"add","path":"/a/1","value":2}]`, `{"a":[1,2]}`},
		{"copying leaves what was copied", `{"a":{"b":1}}`, `[{"op":"copy","from":"/a","path":"/c"},{"op":"replace","path":"/c/b","value":2}]`, `{"a":{"b":1},"c":{"b":2}}`},
		{"moving to the same place changes nothing", `{"a":1}`, `[{"op":"move","from":"/a","path":"/a"}]`, `{"a":1}`},
		{"the whole document is replaced", `{"a":1}`, `[{"op":"replace","path":"","value":{"b":2}}]`, `{"b":2}`},
		{"null is a value", `{"a":1}`, `[{"op":"add","path":"/b","value":null}]`, `{"a":1,"b":null}`},
		{"numbers are equal by their value", `{"a":1.0}`, `[{"op":"test","path":"/a","value":1}]`, `{"a":1.0}`},
		{"members are equal in any order", `{"a":{"x":1,"y":[2]}}`, `[{"op":"test","path":"/a","value":{"y":[2],"x":1}}]`, `{"a":{"x":1,"y":[2]}}`},
		{"no operation at all", `{"a":1}`, `[]`, `{"a":1}`},
	} {
		root, patch := parse(t, test.document), parse(t, test.patch)
		if _, wrong := Change(&root, &patch); wrong != nil {
			t.Errorf("%s: got %s: %s", test.name, wrong.By, wrong.Why)
		} else if got := root.JSON(""); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestAJSONPatchThatDoesNotFitSaysWhere(t *testing.T) {
	for _, test := range []struct{ name, document, patch, by, why string }{
		{"A.9 a value that isn't the one tested for", `{"baz":"qux"}`, `[{"op":"test","path":"/baz","value":"bar"}]`, "/0", "/baz is another value than the one"},
		{"A.12 adding to a target that doesn't exist", `{"foo":"bar"}`, `[{"op":"add","path":"/baz/bat","value":"qux"}]`, "/0", `there is no "baz" in the scenario`},
		{"A.13 an operation with op twice", `{}`, `[{"op":"add","path":"/baz","value":"qux","op":"remove"}]`, "/0", "op is there a second time"},
		{"A.15 a string is no number", `{"~1":10}`, `[{"op":"test","path":"/~01","value":"10"}]`, "/0", "another value"},
		{"the second operation", `{"a":{"b":[1]}}`, `[{"op":"test","path":"/a","value":{"b":[1]}},{"op":"replace","path":"/a/b/1","value":2}]`, "/1", `there is no "1" in /a/b`},
		{"an item beyond the end", `{"a":[1]}`, `[{"op":"add","path":"/a/2","value":2}]`, "/0", `"2" is no place among the 1 items of /a`},
		{"an item with a leading zero", `{"a":[1,2]}`, `[{"op":"add","path":"/a/01","value":2}]`, "/0", `"01" is no place among the 2 items`},
		{"replacing what is behind the last", `{"a":[1]}`, `[{"op":"replace","path":"/a/-","value":2}]`, "/0", `there is no "-" in /a`},
		{"adding into a string", `{"a":"x"}`, `[{"op":"add","path":"/a/b","value":2}]`, "/0", "/a is a string, into which nothing can be added"},
		{"removing the whole", `{"a":"x"}`, `[{"op":"remove","path":""}]`, "/0", "the whole scenario can't be removed"},
		{"moving into itself", `{"a":{"b":1}}`, `[{"op":"move","from":"/a","path":"/a/b"}]`, "/0", `"/a" can't move to "/a/b"`},
		{"copying what isn't there", `{"a":1}`, `[{"op":"copy","from":"/b","path":"/c"}]`, "/0", `there is no "b" in the scenario`},
		{"an unknown operation", `{}`, `[{"op":"set","path":"/a","value":1}]`, "/0", `"set" is no operation of a JSON Patch`},
		{"no op", `{}`, `[{"path":"/a","value":1}]`, "/0", `"" is no operation`},
		{"no value", `{}`, `[{"op":"add","path":"/a"}]`, "/0", "add needs value"},
		{"no path", `{}`, `[{"op":"remove"}]`, "/0", "remove needs path"},
		{"no from", `{}`, `[{"op":"move","path":"/a"}]`, "/0", "move needs from"},
		{"a path without its slash", `{"a":1}`, `[{"op":"remove","path":"a"}]`, "/0", `"a" is no JSON Pointer`},
		{"a path that is no string", `{"a":1}`, `[{"op":"remove","path":1}]`, "/0", "a path is a JSON Pointer, a string"},
		{"an operation that is no object", `{"a":1}`, `["remove"]`, "/0", "an operation is an object"},
		{"a patch that is neither list nor object", `{"a":1}`, `"Statement"`, "", "a change is a JSON Patch, which is a list of operations, or a partial scenario"},
	} {
		root, patch := parse(t, test.document), parse(t, test.patch)
		_, wrong := Change(&root, &patch)
		if wrong == nil {
			t.Errorf("%s: got %s, want it refused", test.name, root.JSON(""))
		} else if wrong.By != test.by || !strings.Contains(wrong.Why, test.why) {
			t.Errorf("%s: got %s: %s, want %s: %s", test.name, wrong.By, wrong.Why, test.by, test.why)
		}
	}
}

// The examples of RFC 7396's appendix A, save those whose target or patch is
// no object.
func TestAPartialScenarioIsMergedAsRFC7396Says(t *testing.T) {
	for _, test := range []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"a":"x"}`, `{"a":{"b":{"c":1,"d":null}}}`, `{"a":{"b":{"c":1}}}`},
	} {
		root, patch := parse(t, test.target), parse(t, test.patch)
		if _, wrong := Change(&root, &patch); wrong != nil {
			t.Errorf("%s on %s: got %s", test.patch, test.target, wrong.Why)
		} else if got := root.JSON(""); got != test.want {
			t.Errorf("%s on %s: got %s, want %s", test.patch, test.target, got, test.want)
		}
	}
}

func TestWhatAPatchTouches(t *testing.T) {
	for _, test := range []struct{ name, document, solution, want string }{
		{"an operation touches its path", `{"a":{"b":1}}`, `[{"op":"replace","path":"/a/b","value":2}]`, "/a/b by /0"},
		{"behind the last item is that item's place", `{"a":[1,2]}`, `[{"op":"add","path":"/a/-","value":3}]`, "/a/2 by /0"},
		{"moving touches both ends", `{"a":1}`, `[{"op":"test","path":"/a","value":1},{"op":"move","from":"/a","path":"/b"}]`, "/b by /1, /a by /1"},
		{"copying leaves the one end alone", `{"a":1}`, `[{"op":"copy","from":"/a","path":"/b"}]`, "/b by /0"},
		{"a partial scenario touches its leaves", `{"a":{"b":1,"c":2},"d":3}`, `{"a":{"b":2},"d":null,"e/f":{"g":1}}`, "/a/b by /a/b, /d by /d, /e~1f by /e~1f"},
		{"a list in place of an object is touched whole", `{"a":[1]}`, `{"a":{"b":2}}`, "/a by /a, /a/b by /a/b"},
	} {
		root, solution := parse(t, test.document), parse(t, test.solution)
		touched, wrong := Change(&root, &solution)
		var got []string
		for _, one := range touched {
			got = append(got, one.Place+" by "+one.By)
		}
		if wrong != nil || strings.Join(got, ", ") != test.want {
			t.Errorf("%s: got %v (%v), want %s", test.name, got, wrong, test.want)
		}
	}
}

// A few operations that copy what the last one copied would fill any memory.
func TestAPatchKeepsItsLimits(t *testing.T) {
	var doubling []string
	for i := range 40 {
		doubling = append(doubling, fmt.Sprintf(`{"op":"copy","from":"","path":"/a%d"}`, i))
	}
	nested := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	for name, test := range map[string]struct{ document, patch, want string }{
		"copies of copies":    {`{"a":1}`, "[" + strings.Join(doubling, ",") + "]", "copies more than 100000 values"},
		"a value too deep in": {nested, `[{"op":"add","path":"` + strings.Repeat("/a", 40) + `","value":` + nested + "}]", "deeper than 64 levels"},
	} {
		root, patch := parse(t, test.document), parse(t, test.patch)
		if _, wrong := Change(&root, &patch); wrong == nil || !strings.Contains(wrong.Why, test.want) {
			t.Errorf("%s: got %v, want %q", name, wrong, test.want)
		}
	}
}

func FuzzChange(f *testing.F) {
	f.Add(`{"a":[1,{"b":2}]}`, `[{"op":"move","from":"/a/1","path":"/c"},{"op":"copy","from":"/a","path":"/a/-"}]`)
	f.Add(`{"a":{"b":2}}`, `{"a":{"b":null,"c":[1]}}`)
	f.Add(`[1]`, `[{"op":"remove","path":"/-"},{"op":"add","path":"/1","value":{}}]`)
	f.Fuzz(func(t *testing.T, document, solution string) {
		root, err := source.ParseJSON(document)
		if err != nil {
			return
		}
		patch, err := source.ParseJSON(solution)
		if err != nil {
			return
		}
		before := patch.JSON("")
		if _, wrong := Change(&root, &patch); wrong == nil {
			if _, err := source.ParseJSON(root.JSON("")); err != nil {
				t.Errorf("what it makes can't be read: %v", err)
			}
		}
		if after := patch.JSON(""); after != before {
			t.Errorf("the patch itself changed from %s to %s", before, after)
		}
	})
}
