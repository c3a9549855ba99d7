//go:build bench

package iam

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What make bench holds a decision to: an identity-based policy of 20
// statements with three conditions each, all 60 of which are compared before
// the last statement allows. Times are also given in SHA-256 digests of 64 KiB
// taken in the same run, so that they hold on a slower machine too.
const (
	decidePolicyTime  = 5000.0  // nanoseconds, without explanation
	explainPolicyTime = 50000.0 // nanoseconds, with explanation
	decidePerDigest   = 0.25
	explainPerDigest  = 2.5
	manyPerFew        = 11.0 // 200 statements against 20
)

func TestRatios(t *testing.T) {
	few, many := statementsWithThreeConditions(t, 20), statementsWithThreeConditions(t, 200)
	request := requestOfRatios()
	for _, policy := range []*Policy{few, many} {
		if got := policy.Decide(request); got != Allow {
			t.Fatalf("got %v, want Allow", got)
		}
	}
	block := make([]byte, 64<<10)
	digest, decide, explain, decideMany, explainMany := time.Hour, time.Hour, time.Hour, time.Hour, time.Hour
	for range 5 { // in turns, so that all of them see the machine's quiet moments
		digest = min(digest, fastest(func() { sha256.Sum256(block) }))
		decide = min(decide, fastest(func() { few.Decide(request) }))
		explain = min(explain, fastest(func() { few.Explain(request) }))
		decideMany = min(decideMany, fastest(func() { many.Decide(request) }))
		explainMany = min(explainMany, fastest(func() { many.Explain(request) }))
	}

	for _, row := range []struct {
		name      string
		got, want float64
		detail    string
	}{
		{"decision of 20 statements, ns", nanoseconds(decide), decidePolicyTime, ""},
		{"explanation of 20 statements, ns", nanoseconds(explain), explainPolicyTime, ""},
		{"decision of 20 statements / SHA-256 of 64 KiB", ratio(decide, digest), decidePerDigest, fmt.Sprintf("%v / %v", decide, digest)},
		{"explanation of 20 statements / SHA-256 of 64 KiB", ratio(explain, digest), explainPerDigest, fmt.Sprintf("%v / %v", explain, digest)},
		{"decision of 200 statements / 20", ratio(decideMany, decide), manyPerFew, fmt.Sprintf("%v / %v", decideMany, decide)},
		{"explanation of 200 statements / 20", ratio(explainMany, explain), manyPerFew, fmt.Sprintf("%v / %v", explainMany, explain)},
	} {
		fmt.Printf("%-48s %8.2f  at most %7.2f  %s\n", row.name, row.got, row.want, row.detail)
		if row.got > row.want {
			t.Errorf("%s: got %.2f, want at most %.2f", row.name, row.got, row.want)
		}
	}
}

func nanoseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) }

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// fastest is the time that f takes when nothing else gets in its way: the
// best of several rounds, each long enough for the clock.
func fastest(f func()) time.Duration {
	const rounds, round = 20, 5 * time.Millisecond
	best := time.Hour
	times := 1
	for done := 0; done < rounds; {
		start := time.Now()
		for range times {
			f()
		}
		took := time.Since(start)
		if took < round {
			times *= 2 // too short a round to count
			continue
		}
		best = min(best, took/time.Duration(times))
		done++
	}
	return best
}

// statementsWithThreeConditions is a policy of n statements, the last of
// which alone allows what requestOfRatios asks for: in every other one the
// third condition fails.
func statementsWithThreeConditions(t *testing.T, n int) *Policy {
	t.Helper()
	var statements strings.Builder
	for i := range n {
		team := "team-" + strconv.Itoa(i)
		if i == n-1 {
			team = "analytics"
		}
		if i > 0 {
			statements.WriteByte(',')
		}
		fmt.Fprintf(&statements, `{"Sid": "S%d", "Effect": "Allow",
			"Action": ["s3:GetObject", "s3:List*"],
			"Resource": ["arn:aws:s3:::reports-%d/*", "arn:aws:s3:::warehouse/${aws:PrincipalTag/team}/*"],
			"Condition": {
				"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]},
				"StringLike": {"aws:SourceIdentity": "analysts/*/dana@*.example.com"},
				"StringEquals": {"aws:PrincipalTag/team": ["%s", "other-%d"]}}}`, i, i, team, i)
	}
	policy, findings := ParseText(`{"Version": "2012-10-17", "Statement": [`+statements.String()+`]}`, IdentityPolicy)
	for _, f := range findings {
		if f.Rule != "policy/size" { // 200 statements are more than IAM saves
			t.Fatalf("got finding %+v, want none but the size", f)
		}
	}
	return policy
}

func requestOfRatios() *Request {
	return askedFor("s3:GetObject", "arn:aws:s3:::warehouse/analytics/2026/april.parquet",
		"aws:SourceIp=203.0.113.7",
		"aws:SourceIdentity=analysts/eu-central/dana@mail.example.com",
		"aws:PrincipalTag/team=analytics")
}
