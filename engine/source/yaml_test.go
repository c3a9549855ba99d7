package source

import (
	"strings"
	"testing"
)

func TestParseYAMLTypesPlainScalarsAsJSONDoes(t *testing.T) {
	for text, want := range map[string]Kind{
		"0": Number, "-1": Number, "3600": Number, "1.50": Number, "1e3": Number, "-0.1E-9": Number,
		"012345678901": String, "+1": String, "1.": String, ".5": String, "0x1F": String, "1_000": String, "1e": String, "-x": String,
		".inf": String, ".nan": String, "2012-10-17": String, "2026-04-28T10:30:00Z": String, "203.0.113.7": String,
		"true": Bool, "false": Bool, "True": String, "yes": String, "no": String, "on": String,
		"null": Null, "~": Null, "": Null, "Null": String,
		"'1'": String, `"true"`: String, "arn:aws:iam::123456789012:root": String,
	} {
		n, err := ParseYAML("a: " + text + "\n")
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := n.Get("a"); got.Kind != want || got.Text != strings.Trim(text, `'"`) {
			t.Errorf("%s: got %v %q, want %v", text, got.Kind, got.Text, want)
		}
	}
}

func TestParseYAMLKeepsPositions(t *testing.T) {
	n, err := ParseYAML("# a comment\né: x\nlist:\n- 1\n- {\"ü\": [true, y]}\ntext: |\n  one\n  two\n")
	if err != nil {
		t.Fatal(err)
	}
	y := n.Get("list").Items[1].Get("ü").Items[1]
	if y.Line != 5 || y.Column != 16 || y.Text != "y" || y.Style != Plain {
		t.Errorf("got %+v, want y at 5:16", y)
	}
	if m := n.Members[1]; m.Name != "list" || m.Line != 3 || m.Column != 1 {
		t.Errorf("got %s at %d:%d, want list at 3:1", m.Name, m.Line, m.Column)
	}
	if got := n.Get("text"); got.Style != Literal || got.Line != 6 || got.Column != 7 || got.Offset != 56 {
		t.Errorf("got %+v, want a literal block at 6:7", got)
	}
}

func TestParseYAMLMarksRepeatedNames(t *testing.T) {
	n, err := ParseYAML("a: 1\nb:\n  c: 1\n  \"c\": 2\n")
	if err != nil {
		t.Fatal(err)
	}
	if m := n.Repeated(); m == nil || m.Name != "c" || m.Line != 4 || m.Column != 3 {
		t.Errorf("got %+v, want c at 4:3", m)
	}
}

func TestParseYAMLRefuses(t *testing.T) {
	deep := strings.Repeat("[", 70) + strings.Repeat("]", 70)
	for _, test := range []struct {
		name, text   string
		line, column int
		says         string
	}{
		{"nothing", "", 1, 1, "no YAML document"},
		{"comments only", "# x\n", 1, 1, "no YAML document"},
		{"an anchor", "a: &x 1\n", 1, 4, "&x is a YAML anchor"},
		{"an anchored object", "a: &x\n  b: 1\n", 1, 4, "YAML anchor"},
		{"an alias", "- &x 1\n- *x\n", 1, 3, "YAML anchor"},
		{"an alias without its anchor", "a: 1\nb: *x\n", 2, 4, "*x is a YAML alias"},
		{"a merge key", "a: 1\n<<: {b: 1}\n", 2, 1, "merge key"},
		{"a tag", "a: !!binary aGk=\n", 1, 4, "!!binary is a YAML tag"},
		{"a name that is an object", "{a: b}: c\n", 1, 1, "the name of a field"},
		{"a second document", "a: 1\n---\nb: 1\n", 2, 1, "second YAML document"},
		{"less indentation than at the start", "  a: 1\nb: 2\n", 2, 1, "indented less than the first"},
		{"a tab as indentation", "a:\n\tb: 1\n", 2, 1, "tab"},
		{"two colons in a line", "a: 1\nb: c: d\n", 2, 1, "needs quotes"},
		{"a line without a colon", "a: 1\nb\nc: 1\n", 2, 1, "no colon"},
		{"indentation that fits nothing", "a:\n  b: 1\n c: 2\nd: 3\n", 3, 2, "indented otherwise"},
		{"a list that goes on as an object", "- a\nb: 1\n", 2, 1, "fits no list item"},
		{"a bracket left open", "a: [1,\n  2\nb: 3\n", 3, 1, "isn't closed"},
		{"a quote left open", "a: \"x\nb: 1\n", 3, 1, "isn't closed"},
		{"text after a quote", "a: 'x'y\nb: 1\n", 1, 1, "closing quote"},
		{"an at sign", "a: 1\nb: @x\n", 2, 1, "needs quotes"},
		{"a star", "a: 1\nb: *\n", 2, 1, "needs quotes"},
		{"an unknown escape", "a: \"\\q\"\n", 1, 1, "backslash"},
		{"a control character", "a: x\nb: y\x01\n", 2, 5, "control characters"},
		{"more depth than there is", "a: " + deep, 1, 68, "deeper than 64 levels"},
		{"a bomb of brackets", "a:\n" + strings.Repeat("[", 1<<20), 2, 1001, "deeper than 64 levels"},
		{"a bomb of dashes", strings.Repeat("- ", 1<<20), 1, 2001, "deeper than 64 levels"},
		{"a bomb of question marks", strings.Repeat("? ", 1<<20), 1, 2001, "deeper than 64 levels"},
		{"depth by indentation", staircase(1400), 66, 66, "deeper than 64 levels"},
	} {
		_, err := ParseYAML(test.text)
		if err == nil {
			t.Errorf("%s: accepted", test.name)
			continue
		}
		if err.Line != test.line || err.Column != test.column || !strings.Contains(err.Reason, test.says) {
			t.Errorf("%s: got %d:%d %q, want %d:%d with %q in it", test.name, err.Line, err.Column, err.Reason, test.line, test.column, test.says)
		}
	}
}

// staircase nests as deep as its lines go, which a megabyte allows 1,448 times.
func staircase(steps int) string {
	var text strings.Builder
	for i := range steps {
		text.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return text.String()
}

func TestAppendJSONWritesWhatWasRead(t *testing.T) {
	for text, want := range map[string]string{
		`{"b" : [1.50, "é\u0000\"", null], "a": {}, "a": []}`:            `{"b":[1.50,"é\u0000\"",null],"a":{},"a":[]}`,
		"b: [1.50, yes, ~, 012, true]\na: |\n  x\n  y\nc:\n":             `{"b":[1.50,"yes",null,"012",true],"a":"x\ny\n","c":null}`,
		"Statement:\n- Action: s3:*\n  Condition: {Bool: {a: 'true'}}\n": `{"Statement":[{"Action":"s3:*","Condition":{"Bool":{"a":"true"}}}]}`,
	} {
		parse := ParseYAML
		if text[0] == '{' {
			parse = ParseJSON
		}
		n, err := parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := string(AppendJSON(nil, &n)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestJSONIndents(t *testing.T) {
	n, err := ParseJSON(`{"a":[1,{}],"a":2}`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := n.JSON("  "), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"a\": 2\n}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := n.JSON(""), `{"a":[1,{}],"a":2}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
