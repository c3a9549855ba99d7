package engine_test

import (
	"testing"

	"stsplayground/engine"
)

// The attacks on a call are played while somebody may be typing.
func BenchmarkAttackMatrix(b *testing.B) {
	for _, slug := range []string{"github-actions-deploys-from-main", "okta-signs-people-in-with-saml"} {
		b.Run(slug, func(b *testing.B) {
			s := decode(b, example(b, slug).Source)
			for b.Loop() {
				engine.AttackMatrix(s, 0)
			}
		})
	}
}
