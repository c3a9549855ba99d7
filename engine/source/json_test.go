package source

import "testing"

func TestParseJSONKeepsPositions(t *testing.T) {
	n, err := ParseJSON("{\n  \"é\": [1, true,\n   {\"b\":null}], \"s\" : \"x\"\n}\n")
	if err != nil {
		t.Fatal(err)
	}
	obj := n.Get("é").Items[2]
	if obj.Line != 3 || obj.Column != 4 {
		t.Errorf("got %d:%d want 3:4", obj.Line, obj.Column)
	}
	s := n.Get("s")
	if s.Line != 3 || s.Column != 23 || s.Text != "x" {
		t.Errorf("got %d:%d %q want 3:23 x", s.Line, s.Column, s.Text)
	}
	if one := n.Get("é").Items[0]; one.Text != "1" || one.Column != 9 {
		t.Errorf("got %+v", one)
	}
}

func TestParseJSONRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"empty text":             "",
		"trailing value":         "{}{}",
		"byte order mark":        "\ufeff{}",
		"lone surrogate":         `"\ud800"`,
		"invalid UTF-8":          "\"\xff\"",
		"unfinished object":      `{"a":1`,
		"trailing comma":         `[1,]`,
		"single quotes":          `{'a':1}`,
		"number with zero first": `01`,
	} {
		if _, err := ParseJSON(text); err == nil {
			t.Errorf("%s: accepted", name)
		} else if err.Line < 1 || err.Column < 1 || err.Reason == "" {
			t.Errorf("%s: %+v has no place or reason", name, err)
		}
	}
}

func TestParseJSONMarksRepeatedNames(t *testing.T) {
	n, err := ParseJSON(`{"a":1,"b":{"c":1,"c":2}}`)
	if err != nil {
		t.Fatal(err)
	}
	if m := n.Repeated(); m == nil || m.Name != "c" || m.Column != 19 {
		t.Errorf("got %+v", m)
	}
}
