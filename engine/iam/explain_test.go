package iam

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stsplayground/engine/trace"
)

// conditionOf explains a policy of one condition.
func conditionOf(t *testing.T, condition string, r *Request) ConditionDecision {
	t.Helper()
	policy, _ := ParseText(row{policy: allowIf(condition)}.doc(), IdentityPolicy)
	conditions := policy.Explain(r).Statements[0].Conditions
	if len(conditions) != 1 {
		t.Fatalf("%s: got %d conditions want 1", condition, len(conditions))
	}
	return conditions[0]
}

func TestConditionsSayWhy(t *testing.T) {
	for _, c := range []struct {
		condition string
		request   *Request
		want      string
	}{
		{`"StringEquals":{"k:a":"repo:*"}`, asked("k:a=repo:x"), "StringEquals compares letter by letter; * and ? have no special meaning here"},
		{`"StringEquals":{"k:a":"Main"}`, asked("k:a=main"), "differs only in letter case"},
		{`"StringEquals":{"k:a":"repo:octo-org/octo"}`, asked("k:a=repo:octo-org/repo"), "differs from character 15 on"},
		{`"StringEquals":{"k:a":"repo"}`, asked("k:a=repo/"), `the request's value goes on after character 4 with "/"`},
		{`"StringEquals":{"k:a":"https://x/"}`, asked("k:a=https://x"), `the request's value ends after character 9, where the policy's goes on with "/"`},
		{`"StringEquals":{"k:a":"é1"}`, asked("k:a=é2"), "differs from character 2 on"},
		{`"StringEquals":{"k:a":"x"}`, asked("k:a=y"), `"y" is another value`},
		{`"StringEquals":{"k:a":["x","z"]}`, asked("k:a=y"), `none of the 2 listed values is "y"`},
		{`"StringEquals":{"k:a":"x"}`, asked(), "the request has no such key, and StringEquals needs one"},
		{`"StringEquals":{"k:a":"x"}`, asked("k:a=x"), "the value is one that the policy lists"},
		{`"StringNotEquals":{"k:a":"x"}`, asked(), "the request has no such key, and StringNotEquals holds without one"},
		{`"StringNotEquals":{"k:a":"x"}`, asked("k:a=y"), "the value is none of those listed, as StringNotEquals asks"},
		{`"StringNotEquals":{"k:a":"x"}`, asked("k:a=x"), `StringNotEquals keeps out what is listed, and "x" is`},
		{`"StringEqualsIgnoreCase":{"k:a":"PROD-1"}`, asked("k:a=prod-2"), "differs from character 6 on"},
		{`"StringLike":{"k:a":"Repo:*"}`, asked("k:a=repo:x"), "the form fits but for letter case, and StringLike tells cases apart"},
		{`"StringLike":{"k:a":"repo:*"}`, asked("k:a=x"), `"x" doesn't have the form "repo:*"`},
		{`"StringEqualsIfExists":{"k:a":"x"}`, asked(), "the request has no such key, and IfExists lets that pass"},
		{`"StringEquals":{"k:a":"x"}`, asked("k:a[]=x"), "the key is multivalued, and StringEquals compares a single value; ForAnyValue: or ForAllValues: compares each"},
		{`"ForAllValues:StringEquals":{"k:a":"x"}`, asked(), "the request has no value of this key, and ForAllValues holds for none at all"},
		{`"ForAnyValue:StringEquals":{"k:a":"x"}`, asked(), "the request has no value of this key, and ForAnyValue needs one"},
		{`"ForAllValues:StringEquals":{"k:a":"x"}`, asked("k:a[]=x|y"), "ForAllValues asks that every value in the request is listed"},
		{`"ForAnyValue:StringNotEquals":{"k:a":"x"}`, asked("k:a[]=x|y"), "at least one value in the request is not listed"},
		{`"Null":{"k:a":"false"}`, asked(), "the request has no such key, and the policy asks for one"},
		{`"Null":{"k:a":"true"}`, asked(), "the request has no such key, as the policy asks"},
		{`"stringlike":{"k:a":"x"}`, asked("k:a=x"), `AWS knows no operator "stringlike", so it never matches`},
		{`"StringEquals":{"k:a":{}}`, asked("k:a=x"), "AWS can't read this condition, so it never matches"},
		{`"NumericLessThan":{"k:a":"3600"}`, asked("k:a=7200"), `"7200" is not less than "3600"`},
		{`"NumericLessThan":{"k:a":["60","3600"]}`, asked("k:a=900"), `"900" is less than "3600"`},
		{`"IpAddress":{"k:a":"10.0.0.0/8"}`, asked("k:a=10.1.2.3"), `"10.1.2.3" lies in "10.0.0.0/8"`},
		{`"NumericLessThan":{"k:a":"3600"}`, asked("k:a=ten"), `"ten" is no number`},
		{`"DateGreaterThan":{"k:a":"2026-01-01"}`, asked("k:a=2025-01-01"), `"2025-01-01" is not after "2026-01-01"`},
		{`"IpAddress":{"k:a":"10.0.0.0/8"}`, asked("k:a=192.0.2.1"), `"192.0.2.1" lies outside "10.0.0.0/8"`},
		{`"ArnLike":{"k:a":"arn:aws:iam::*:role/x"}`, asked("k:a=arn:aws:iam::1:role/y"), `the resource is "role/y", and the policy wants "role/x"`},
		{`"ArnLike":{"k:a":"*"}`, asked("k:a=arn:aws:iam::1:role/y"), `"*" is no ARN of six segments, and * doesn't reach past a colon here`},
		{`"StringEquals":{"k:a":"${k:b}"}`, asked("k:a=x"), `the variable in "${k:b}" has no single value in this request, so it equals nothing`},
	} {
		if got := conditionOf(t, c.condition, c.request).Why; got != c.want {
			t.Errorf("%s: got %q want %q", c.condition, got, c.want)
		}
	}
}

func TestConditionHoldsEveryComparison(t *testing.T) {
	got := conditionOf(t, `"ForAnyValue:StringLike":{"K:a":["x*","${k:b}-?"]}`, asked("k:A[]=q|y-1", "k:b=y"))
	at := func(path string, column int) *trace.At { return &trace.At{Path: path, Line: 1, Column: column} }
	const path = "/Statement/0/Condition/ForAnyValue:StringLike/K:a"
	want := ConditionDecision{
		Operator: "ForAnyValue:StringLike", Key: "K:a", Matched: true,
		Wanted: []string{"x*", "${k:b}-?"}, Found: []string{"q", "y-1"},
		Why: "at least one value in the request is listed",
		Values: []ValueDecision{
			{Wanted: "x*", Found: "q, y-1", Why: `none of the request's values is "x*"`, At: at(path+"/0", 130)},
			{Wanted: "${k:b}-?", Resolved: "y-?", Found: "y-1", Matched: true, Why: "the values match", At: at(path+"/1", 135)},
		},
		At: at(path, 123),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

func TestElementsSayWhy(t *testing.T) {
	trust := func(principal string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRoleWithWebIdentity"}`
	}
	for _, c := range []struct {
		says, policy string
		principal    Principal
		want         string
	}{
		{"named exactly", trust(`{"Federated":` + githubARN + `}`), github, "the principal is named exactly"},
		{"another letter case", trust(`{"Federated":"arn:aws:iam::123456789012:OIDC-provider/token.actions.githubusercontent.com"}`), github, "differs only in letter case"},
		{"another type", trust(`{"Service":"ec2.amazonaws.com"}`), github, "the statement names a principal of type Service, and the request comes from another"},
		{"a wildcard within", trust(`{"AWS":"arn:aws:iam::123456789012:user/*"}`), alice, `Principal takes no wildcard within a name, so "arn:aws:iam::123456789012:user/*" names nobody`},
		{"another account", trust(`{"AWS":"999999999999"}`), alice, "the principal is of account 123456789012, not 999999999999"},
		{"the account", trust(`{"AWS":"123456789012"}`), alice, "the account stands for every principal in it"},
		{"the role of a session", trust(`{"AWS":"arn:aws:iam::123456789012:role/deploy"}`), deploy, `the principal answers to "arn:aws:iam::123456789012:role/deploy" as well`},
		{"another role than a session's", trust(`{"AWS":"arn:aws:iam::123456789012:role/delta"}`), deploy, `the session is of the role "arn:aws:iam::123456789012:role/deploy": differs from character 34 on`},
		{"everyone", trust(`"*"`), nobody, "* stands for everyone"},
	} {
		policy, _ := ParseText(row{policy: c.policy}.doc(), TrustPolicy)
		got := policy.Explain(&Request{Action: "sts:AssumeRoleWithWebIdentity", Principal: c.principal})
		if why := got.Statements[0].Principal.Why; why != c.want {
			t.Errorf("%s: got %q want %q", c.says, why, c.want)
		}
	}
}

func TestMissingListsAbsentKeysInTheOrderAsked(t *testing.T) {
	policy, _ := ParseText(row{policy: allowIf(`"StringEquals":{"k:b":"x","k:a":"x","k:c":"x"},"StringLike":{"K:B":"*","k:d":"*"}`)}.doc(), IdentityPolicy)
	want := []string{"k:b", "k:a", "k:d"}
	if got := Missing(policy.Explain(asked("k:c=x"))); !slices.Equal(got, want) {
		t.Errorf("got %v want %v", got, want)
	}
	if got := Missing(PolicyDecision{}); got == nil || len(got) != 0 {
		t.Errorf("got %v want an empty list", got)
	}
}

func TestPositionsOfADecisionAreItsOwn(t *testing.T) {
	policy, _ := ParseText(threeByThree, TrustPolicy)
	first := policy.Explain(benchmarkRequest())
	first.Statements[0].At.Path = "elsewhere"
	first.Statements[0].Conditions[0].Values[0].At.Path = "elsewhere"
	again := policy.Explain(benchmarkRequest())
	if got := again.Statements[0].At.Path + " " + again.Statements[0].Conditions[0].Values[0].At.Path; strings.Contains(got, "elsewhere") {
		t.Errorf("got %q want the policy's own places", got)
	}
}

func TestContextKeepsOrderAndTakesAnyCase(t *testing.T) {
	var c Context
	c.Set("aws:SourceIp", "1")
	c.SetMulti("aws:TagKeys", []string{"a"})
	c.Set("AWS:sourceip", "2")
	if got, want := c.Keys(), []string{"aws:SourceIp", "aws:TagKeys"}; !slices.Equal(got, want) {
		t.Errorf("got %v want %v", got, want)
	}
	if v, ok := c.Lookup("aws:SOURCEIP"); !ok || v.Multi || !slices.Equal(v.Values, []string{"2"}) {
		t.Errorf("got %+v, %v want 2", v, ok)
	}
	var nowhere *Context
	if _, ok := nowhere.Lookup("k:a"); ok || nowhere.Keys() != nil {
		t.Error("a nil Context has a key")
	}
}
