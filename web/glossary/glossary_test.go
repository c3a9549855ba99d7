package glossary

import (
	"regexp"
	"strings"
	"testing"
)

func TestEveryTermIsExplained(t *testing.T) {
	slug := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	all := All()
	if len(all) < 70 {
		t.Errorf("got %d terms, want the field's, at least 70", len(all))
	}
	names := map[string]string{}
	for _, term := range all {
		if !slug.MatchString(term.Slug) {
			t.Errorf("got slug %q, want lower-case words joined by hyphens", term.Slug)
		}
		if other := names[term.Name]; other != "" {
			t.Errorf("%s and %s are both called %q", other, term.Slug, term.Name)
		}
		names[term.Name] = term.Slug
		if sentences := strings.Count(term.Text+" ", ". "); sentences < 1 || sentences > 3 || !strings.HasSuffix(term.Text, ".") {
			t.Errorf("%s: got %q, want one to three sentences", term.Slug, term.Text)
		}
		if !strings.HasPrefix(term.Source.URL, "https://") {
			t.Errorf("%s: got source %q, want an https address", term.Slug, term.Source.URL)
		}
	}
}

func TestFind(t *testing.T) {
	for slug, want := range map[string]string{"abac": "ABAC", "oidc-provider": "OIDC provider", "xsw": "XSW", "": "", "oidc": "OIDC", "OIDC": "", "nothing-of-the-kind": ""} {
		got, ok := Find(slug)
		if got.Name != want || ok != (want != "") {
			t.Errorf("Find(%q): got %q, %v, want %q", slug, got.Name, ok, want)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	const good = "a | A | Text. | Page | https://a.example\n"
	for name, c := range map[string]struct{ text, want string }{
		"a field is missing":       {"# terms\na | A | Text. | https://a.example\n", "glossary.txt:2: a term is slug"},
		"a field is empty":         {"a |  | Text. | Page | https://a.example\n", "glossary.txt:1: a term is slug"},
		"a blank line":             {good + "\n" + good, "glossary.txt:2: a term is slug"},
		"a slug stands twice":      {good + good, "glossary.txt:2: a stands after a"},
		"a slug is out of order":   {strings.Replace(good, "a |", "b |", 1) + good, "glossary.txt:2: a stands after b"},
		"a term is as it's wanted": {good, ""},
	} {
		_, err := parse(c.text)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
