package engine_test

import (
	"strings"
	"testing"

	"stsplayground/engine"
)

// In GitHub each round has another owner, so that no signature is remembered;
// in the others all but the first are.
func BenchmarkWhoGetsIn(b *testing.B) {
	for _, bench := range []struct{ name, slug, changing string }{
		{"GitHub", "github-actions-deploys-from-main", "acme/"},
		{"GitHubAgain", "github-actions-deploys-from-main", ""},
		{"SAML", "okta-signs-people-in-with-saml", ""},
	} {
		text := example(b, bench.slug).JSON
		b.Run(bench.name, func(b *testing.B) {
			rows, n := 0, 0
			for b.Loop() {
				n++
				changed := text
				if bench.changing != "" {
					changed = strings.ReplaceAll(text, bench.changing, "a"+strings.Repeat("b", n%50)+strings.Repeat("c", n/50)+"/")
				}
				s := decode(b, changed)
				e := engine.WhoGetsIn(s, engine.RoleAsked(s, 0))
				rows += len(e.Rows)
			}
			b.ReportMetric(float64(rows)/float64(n), "rows")
		})
	}
}
