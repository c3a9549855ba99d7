package iam

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// hostile are policies of about n values each, of the kinds that a search for
// what repeats or covers what could take n² steps for.
var hostile = map[string]func(n int) (Kind, string){
	"statements that nothing covers": func(n int) (Kind, string) {
		return IdentityPolicy, many(n, `[`, `]`, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s%d:*","Resource":"arn:aws:s3:::b%d/*"}`, i, i)
		})
	},
	"actions with wildcards": func(n int) (Kind, string) {
		return IdentityPolicy, `[{"Effect":"Allow","Resource":"*","Action":` + many(n, `[`, `]`, func(i int) string { return fmt.Sprintf(`"s3:*x%d*"`, i) }) + `}]`
	},
	"resources with a wildcard for a letter": func(n int) (Kind, string) {
		return IdentityPolicy, `[{"Effect":"Allow","Action":"*","Resource":` + many(n, `[`, `]`, func(i int) string { return fmt.Sprintf(`"arn:aws:s3:::?*?a*%d"`, i) }) + `}]`
	},
	"one key under one operator, again and again": func(n int) (Kind, string) {
		return ResourceControlPolicy, `[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":` + many(n, `{`, `}`, func(i int) string {
			return `"StringNotEquals":{"aws:SourceOrgID":"o-1"}`
		}) + `}]`
	},
	"two statements of many conditions": func(n int) (Kind, string) {
		condition := many(n/2, `{"StringEquals":{`, `}}`, func(i int) string { return fmt.Sprintf(`"x:%d":"y"`, i) })
		return IdentityPolicy, `[{"Effect":"Allow","Action":"a:B","Resource":"*","Condition":` + condition + `},{"Effect":"Allow","Action":"a:*","Resource":"*","Condition":` + strings.Replace(condition, `"y"`, `"z"`, 1) + `}]`
	},
	"values that contradict": func(n int) (Kind, string) {
		values := func(prefix string) string {
			return many(n/2, `[`, `]`, func(i int) string { return fmt.Sprintf(`"%s%d"`, prefix, i) })
		}
		return IdentityPolicy, `[{"Effect":"Allow","Action":"a:B","Resource":"*","Condition":{"StringEquals":{"x:y":` + values("a") + `},"StringLike":{"x:y":` + values("b*") + `}}}]`
	},
	"principals and keys": func(n int) (Kind, string) {
		return TrustPolicy, `[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":` + many(n/2, `[`, `]`, func(i int) string {
			return fmt.Sprintf(`"arn:aws:iam::123456789012:oidc-provider/idp%d.example.com"`, i)
		}) + `},"Condition":{"StringEquals":` + many(n/2, `{`, `}`, func(i int) string { return fmt.Sprintf(`"idp%d.example.com:sub":"x"`, i) }) + `}}]`
	},
}

func many(n int, open, end string, item func(int) string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = item(i)
	}
	return open + strings.Join(items, ",") + end
}

// What a policy costs to judge grows with its length and not with its square:
// sixteen times the policy takes less than eighty times the time. Below two
// seconds the machine may just be busy.
func TestJudgingAPolicyStaysLinear(t *testing.T) {
	for says, build := range hostile {
		took := func(n int) time.Duration {
			kind, statements := build(n)
			text := `{"Version":"2012-10-17","Statement":` + statements + `}`
			best := time.Hour
			for range 3 {
				start := time.Now()
				if policy, _ := ParseText(text, kind); len(policy.Statements) == 0 {
					t.Fatalf("%s: got no statement", says)
				}
				best = min(best, time.Since(start))
			}
			return best
		}
		small, large := took(500), took(8000)
		if large > 80*small && large > 2*time.Second {
			t.Errorf("%s: got %v for 8000 and %v for 500, want a linear cost", says, large, small)
		}
		t.Logf("%s: %v, %v", says, small, large)
	}
}
