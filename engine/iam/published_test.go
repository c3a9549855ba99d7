package iam

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// published are the examples of testdata/published.txt.
type publishedPolicy struct {
	title, page string
	kind        Kind
	raises      []string // rules, sorted
	text        string
}

func published(t *testing.T) (all []publishedPolicy) {
	t.Helper()
	text, err := os.ReadFile("testdata/published.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(text), "\n== ")[1:] {
		lines := strings.SplitN(block, "\n", 5)
		raises, ok := strings.CutPrefix(lines[3], "raises")
		if !ok || !strings.HasPrefix(lines[1], "https://") {
			t.Fatalf("%s: a page and what is raised are wanted", lines[0])
		}
		rules := strings.Fields(raises)
		slices.Sort(rules)
		all = append(all, publishedPolicy{lines[0], lines[1], Kind(lines[2]), rules, lines[4]})
	}
	return all
}

// Rules of package sts about whom a provider's tokens are for; its own test
// holds them to the same file.
var aboutProviders = []string{"trust/subject-wildcard"}

func TestPublishedPoliciesHaveOnlyTheFindingsOfAWS(t *testing.T) {
	all := published(t)
	if len(all) < 80 {
		t.Fatalf("got %d policies want at least 80", len(all))
	}
	for _, p := range all {
		if !slices.Contains(kinds, p.kind) {
			t.Errorf("%s: %q is no kind of policy", p.title, p.kind)
		}
		policy, findings := ParseText(p.text, p.kind)
		var got []string
		for _, f := range findings {
			got = append(got, f.Rule)
		}
		slices.Sort(got)
		want := slices.DeleteFunc(slices.Clone(p.raises), func(rule string) bool { return slices.Contains(aboutProviders, rule) })
		if !slices.Equal(got, want) {
			t.Errorf("%s (%s): got %s want %v", p.title, p.page, describe(findings), want)
		}
		if len(policy.Statements) == 0 {
			t.Errorf("%s: got no statement", p.title)
		}
	}
}
