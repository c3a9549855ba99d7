package scenario

import (
	"strings"
	"testing"
	"time"

	"stsplayground/engine/source"
)

// policyOf decodes a scenario and returns its first role's trust policy.
func policyOf(t *testing.T, text string) Document {
	t.Helper()
	s, findings := Decode(text, LimitPage)
	if len(findings) != 0 {
		t.Fatalf("got findings %+v, want none", findings)
	}
	return s.Accounts[0].Roles[0].AssumeRolePolicyDocument
}

// pointAt is the text from a position on.
func pointAt(text string, line, column int) string {
	lines := strings.Split(text, "\n")
	if line < 1 || line > len(lines) {
		return "no such line"
	}
	runes := []rune(lines[line-1])
	if column < 1 || column > len(runes)+1 {
		return "no such column"
	}
	return string(runes[column-1:])
}

func TestLocateFindsPlacesInsideAString(t *testing.T) {
	inJSON := func(literal string) string {
		return "{\"accounts\": {\"123456789012\": {\"Roles\": [\n  {\"RoleName\": \"é\", \"AssumeRolePolicyDocument\": " + literal + "}]}}}"
	}
	inYAML := func(scalar string) string {
		return "# é\naccounts:\n  \"123456789012\":\n    Roles:\n    - RoleName: r\n      AssumeRolePolicyDocument: " + scalar + "\n      Path: /\n"
	}
	for _, test := range []struct {
		name, text   string
		line, column int
		want         string // begins the text at the place
	}{
		{"the first place of a JSON string follows its quote", inJSON(`"{}"`), 1, 1, `{}"}]`},
		{"a plain JSON string is mapped one to one", inJSON(`"{é: X}"`), 1, 5, `X}"}]`},
		{"an escape counts as one", inJSON(`"\"\\\u00e9\/X"`), 1, 5, `X"}]`},
		{"a surrogate pair counts as one", inJSON(`"\ud83d\uDE00X"`), 1, 2, `X"}]`},
		{"an escaped line end begins a line", inJSON(`"{\n  \"a\": X}"`), 2, 8, `X}"}]`},
		{"so does one by its number", inJSON(`"{\u000A X}"`), 2, 2, `X}"}]`},
		{"the end of a JSON string is its closing quote", inJSON(`"ab"`), 1, 3, `"}]`},
		{"past the end of a JSON string is where it begins", inJSON(`"ab"`), 3, 1, `"ab"}]`},
		{"a literal block is mapped through its indentation", inYAML("|\n        {\n          \"a\": X\n        }"), 2, 8, "X"},
		{"one that begins with an empty line too", inYAML("|\n\n        {\n          \"a\": X\n        }"), 3, 8, "X"},
		{"one with an indentation indicator too", inYAML("|2-\n          {\n         X"), 2, 2, "X"},
		{"one with a comment after its mark too", inYAML("|- # the policy\n        {é X\n"), 1, 4, "X"},
		{"past the end of a literal block is where it begins", inYAML("|-\n        {}"), 3, 1, "|-"},
		{"a folded block is where it begins", inYAML(">\n        {\n        X"), 1, 3, ">"},
		{"a quoted YAML string is where it begins", inYAML(`'{"a": X}'`), 1, 7, `'{"a"`},
		{"an object is where it begins", inYAML(`{a: X}`), 3, 3, `{a: X}`},
	} {
		line, column := policyOf(t, test.text).Locate(test.line, test.column)
		if got := pointAt(test.text, line, column); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: got %d:%d, where %q stands, want %q", test.name, line, column, got, test.want)
		}
	}
}

func TestLocatorFindsEveryPlaceOfALongStringInAnyOrder(t *testing.T) {
	long := strings.Repeat(`{\"é\":\n \ud83d\uDE00x},`, 200)
	text := `{"accounts": {"123456789012": {"Roles": [{"RoleName": "r", "AssumeRolePolicyDocument": "` + long + `"}]}}}`
	policy := policyOf(t, text)
	locate := policy.Locator()
	lines := strings.Split(policy.Node.Text, "\n")
	for line := len(lines); line > 0; line-- {
		for column, letter := range []rune(lines[line-1]) {
			if letter != 'x' {
				continue
			}
			outerLine, outerColumn := locate(line, column+1)
			if got := pointAt(text, outerLine, outerColumn); !strings.HasPrefix(got, "x},") {
				t.Fatalf("%d:%d: got %d:%d, where %.20q stands, want x", line, column+1, outerLine, outerColumn, got)
			}
		}
	}
	if line, column := locate(len(lines)+1, 1); line != policy.Node.Line || column != policy.Node.Column {
		t.Errorf("past the end: got %d:%d, want where the string begins", line, column)
	}
}

func TestLocateTakesCarriageReturns(t *testing.T) {
	text := "accounts:\r\n  \"123456789012\":\r\n    Roles:\r\n    - RoleName: r\r\n      AssumeRolePolicyDocument: |\r\n        {\r\n          X\r\n        }\r\n"
	line, column := policyOf(t, text).Locate(2, 3)
	if got := pointAt(text, line, column); got != "X\r" {
		t.Errorf("got %d:%d, where %q stands, want X", line, column, got)
	}
}

func TestLocateNeedsNoText(t *testing.T) {
	d := Document{Node: source.Node{Kind: source.String, Text: "x", Line: 3, Column: 4, Offset: 9, End: 12}}
	if line, column := d.Locate(1, 1); line != 3 || column != 4 {
		t.Errorf("got %d:%d, want where the node begins, 3:4", line, column)
	}
}

func TestPlacesOfPointers(t *testing.T) {
	s, _ := Decode("title: a\naccounts:\n  \"123456789012\":\n    Roles:\n      - {RoleName: r}\ncalls:\n  - action: a:b\n    context: {\"x/y~z\": 1}\n", LimitPage)
	for pointer, want := range map[string][2]int{
		"":       {1, 1},
		"/title": {1, 8},
		"/accounts/123456789012/Roles/0/RoleName": {5, 20},
		"/accounts/123456789012/Roles/1":          {5, 7},
		"/accounts/123456789012/Roles/-1":         {5, 7},
		"/calls/0/context/x~1y~0z":                {8, 24},
		"/calls/0/params/RoleArn":                 {7, 5},
		"no pointer":                              {1, 1},
	} {
		if line, column := s.Place(pointer); line != want[0] || column != want[1] {
			t.Errorf("%q: got %d:%d, want %d:%d", pointer, line, column, want[0], want[1])
		}
	}
	if line, column := (&Scenario{}).Place("/calls/0"); line != 0 || column != 0 {
		t.Errorf("no text: got %d:%d, want zero", line, column)
	}
}

// The places of a policy's conditions go back to their operator each time,
// which may stand a megabyte before.
func TestLocatorStepsBackAndForthInALongString(t *testing.T) {
	const length = 400_000
	d := policyOf(t, `{"accounts": {"123456789012": {"Roles": [{"RoleName": "r", "AssumeRolePolicyDocument": "`+strings.Repeat("x", length)+`"}]}}}`)
	locate := d.Locator()
	_, first := locate(1, 1)
	locate(1, length)
	start := time.Now()
	for column := 1; column <= length; column += 20 {
		locate(1, 1)
		if _, got := locate(1, column); got != first+column-1 {
			t.Fatalf("got column %d, want %d", got, first+column-1)
		}
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("20,000 places took %v", took)
	}
}
