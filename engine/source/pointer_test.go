package source

import "testing"

// The document and the pointers of RFC 6901 §5, and what leads nowhere.
func TestAPointerLeadsToAValue(t *testing.T) {
	root, err := ParseJSON(`{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8,"~1":9}`)
	if err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]string{
		"": root.JSON(""), "/foo": `["bar","baz"]`, "/foo/0": `"bar"`, "/": "0", "/a~1b": "1", "/c%d": "2",
		"/e^f": "3", "/g|h": "4", "/i\\j": "5", "/k\"l": "6", "/ ": "7", "/m~0n": "8", "/~01": "9",
		"/foo/2": "", "/foo/00": "", "/foo/-1": "", "/foo/-": "", "/foo/+1": "", "/bar": "", "/foo/0/x": "",
	} {
		got := ""
		if n := root.At(pointer); n != nil {
			got = n.JSON("")
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", pointer, got, want)
		}
	}
}

func TestAPointerIsMadeOfNames(t *testing.T) {
	for name, want := range map[string]string{"sub": "/a/sub", "": "/a/", "a/b": "/a/a~1b", "~1": "/a/~01", "m~n": "/a/m~0n"} {
		pointer := Pointer("/a", name)
		parent, last := SplitPointer(pointer)
		if pointer != want || parent != "/a" || last != name {
			t.Errorf("%q: got %s of %s and %q, want %s", name, pointer, parent, last, want)
		}
	}
}
