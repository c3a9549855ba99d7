package page

import (
	"strings"
	"testing"
)

func TestEveryMythIsTold(t *testing.T) {
	seen := map[string]bool{}
	for _, area := range ReadMyths() {
		for _, m := range area.Myths {
			if seen[m.Slug] {
				t.Errorf("%s stands twice", m.Slug)
			}
			seen[m.Slug] = true
			for field, got := range map[string]string{"says": m.Says, "does": m.Does, "source": m.Source, "play": m.Play} {
				if got == "" {
					t.Errorf("%s has no %s", m.Slug, field)
				}
			}
			if !strings.Contains(m.Source, "](https://") {
				t.Errorf("%s: got the source %q, want an address", m.Slug, m.Source)
			}
			if !strings.Contains(m.Play, "](scenario:") && !strings.Contains(m.Play, "](lesson:") {
				t.Errorf("%s: got %q to play, want an example or a lesson", m.Slug, m.Play)
			}
		}
	}
}

func TestReadMyths(t *testing.T) {
	const good = "# Area\n\n## a | A is B\nsays: A.\ndoes: B.\n\n| x |\n| - |\nsource: S\nplay: P\n"
	areas, err := readMyths(good)
	if err != nil || len(areas) != 1 || len(areas[0].Myths) != 1 {
		t.Fatalf("got %v, %v, want one area with one myth", areas, err)
	}
	if got, want := areas[0].Myths[0], (Myth{"a", "A is B", "A.", "B.\n\n| x |\n| - |", "S", "P"}); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, c := range map[string]struct{ text, want string }{
		"a myth without an area":   {"## a | A\n", "myths.txt:1: a myth begins"},
		"a myth without a title":   {"# Area\n## a\n", "myths.txt:2: a myth begins"},
		"a line before any field":  {"# Area\n## a | A\nA.\n", "myths.txt:3: this belongs to no field"},
		"a field before any myth":  {"# Area\nsays: A.\n", "myths.txt:2: this belongs to no field"},
		"a field of another title": {"# Area\n## a | A\nclaims: A.\n", "myths.txt:3: this belongs to no field"},
	} {
		if _, err := readMyths(c.text); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestAnAddressIsFromTheFrontPage(t *testing.T) {
	for link, want := range map[string]string{
		"scenario:a-b":        "../?scenario=a-b",
		"lesson:a-b":          "../?lesson=a-b",
		"glossary:a-b":        "../glossary#a-b",
		"page:modelled#x":     "../modelled#x",
		"#here":               "#here",
		"https://a.example/":  "https://a.example/",
		"http://a.example/":   "",
		"javascript:alert(1)": "",
		"/absolute":           "",
	} {
		if got := address("../", link); got != want {
			t.Errorf("%s: got %q, want %q", link, got, want)
		}
	}
}
