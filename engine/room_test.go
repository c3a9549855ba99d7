package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

type object = map[string]any

const asker = "arn:aws:iam::123456789012:user/alice"

// askOften is a scenario in which alice asks n times for one action.
func askOften(n int, account, call object) string {
	calls := make([]object, n)
	for i := range calls {
		calls[i] = object{"name": fmt.Sprint("ask ", i), "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "caller": asker}
		for field, value := range call {
			calls[i][field] = value
		}
	}
	return text(object{"now": "2026-04-28T10:30:00Z", "accounts": object{"123456789012": account}, "calls": calls})
}

func manyTimes(n int, statement object) object {
	return object{"Version": "2012-10-17", "Statement": repeated(n, statement)}
}

func repeated(n int, value any) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = value
	}
	return list
}

func numbered(n int, format string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return list
}

func text(document any) string {
	written, err := json.Marshal(document)
	if err != nil {
		panic(err)
	}
	return string(written)
}

func aliceWith(fields object) object {
	user := object{"UserName": "alice"}
	for field, value := range fields {
		user[field] = value
	}
	return object{"Users": []any{user}}
}

func inline(documents ...any) object {
	policies := make([]any, len(documents))
	for i, d := range documents {
		policies[i] = object{"PolicyName": fmt.Sprint("p", i), "PolicyDocument": d}
	}
	return aliceWith(object{"Policies": policies})
}

// A report stays within what a machine holds, whatever a scenario of the
// page's size multiplies with what.
func TestAReportOfManyCallsAndPoliciesIsBounded(t *testing.T) {
	condition := object{"Effect": "Allow", "Action": []string{"s3:Get*", "s3:Put*"}, "Resource": "arn:aws:s3:::b/*",
		"Condition": object{"StringEquals": object{"aws:PrincipalTag/a": []string{"x", "y"}}}}
	short := object{"Effect": "Allow", "Action": "s3:*", "Resource": "x"}
	listing := func(operator string, n int) object {
		return manyTimes(1, object{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": object{operator: object{"aws:SourceIp": numbered(n, "v%d")}}})
	}
	tags := make([]any, 10000)
	for i := range tags {
		tags[i] = object{"Key": fmt.Sprint("k", i), "Value": "v"}
	}
	levels := aliceWith(nil)
	levels["ServiceControlPolicies"] = repeated(5000, []any{manyTimes(1, object{"Effect": "Allow", "Action": "s3:*", "Resource": "*"})})
	shared := aliceWith(object{"AttachedPolicies": repeated(2000, object{"PolicyArn": "arn:aws:iam::123456789012:policy/p"})})
	shared["Policies"] = []any{object{"PolicyName": "p", "PolicyDocument": manyTimes(1000, short)}}
	unknown := make([]any, 5000)
	for i := range unknown {
		unknown[i] = object{"PolicyArn": fmt.Sprint("arn:aws:iam::aws:policy/Unknown", i)}
	}
	for says, asked := range map[string]string{
		"a thousand calls of one with twenty policies":                    askOften(1000, inline(repeated(20, manyTimes(20, condition))...), nil),
		"a thousand calls of one with a thousand statements":              askOften(1000, inline(manyTimes(1000, short)), nil),
		"a condition of 100,000 values and a long value":                  askOften(1, inline(listing("StringEquals", 100_000)), object{"context": object{"aws:SourceIp": strings.Repeat("w", 4000)}}),
		"a long resource and many statements":                             askOften(1, inline(manyTimes(4000, short)), object{"resource": "arn:aws:s3:::" + strings.Repeat("a", 200_000)}),
		"many values against many":                                        askOften(1, inline(listing("ForAnyValue:StringLike", 40_000)), object{"context": object{"aws:SourceIp": numbered(40_000, "w%d")}}),
		"thousands of levels":                                             askOften(100, levels, nil),
		"a policy that is attached again and again":                       askOften(10, shared, nil),
		"thousands of policies that nothing is known of":                  askOften(2000, aliceWith(object{"AttachedPolicies": unknown}), nil),
		"thousands of tags":                                               askOften(300, aliceWith(object{"Tags": tags}), nil),
		"a policy that is written as text and missed by a thousand calls": askOften(1000, inline(text(manyTimes(4000, short))), object{"action": "sqs:SendMessage"}),
	} {
		s, findings := engine.Decode(asked, scenario.LimitPage)
		if scenario.Unreadable(findings) {
			t.Fatalf("%s: got %+v", says, findings)
		}
		report := engine.Run(s)
		for i := range report.Calls {
			if c := &report.Calls[i]; c.Outcome != "failure" || c.Error.Code != "AccessDenied" {
				t.Fatalf("%s: call %d got %s %+v, want AccessDenied", says, i, c.Outcome, c.Error)
			}
		}
		if size := len(text(report)); size > 64<<20 {
			t.Errorf("%s: got a report of %d MiB, want at most 64", says, size>>20)
		}
	}
}

// What isn't told any more is decided all the same.
func TestACallBeyondWhatIsToldIsDecidedTheSame(t *testing.T) {
	documents := append(repeated(20, manyTimes(40, object{"Effect": "Allow", "Action": "s3:Put*", "Resource": "arn:aws:s3:::b/*"})),
		manyTimes(1, object{"Sid": "Reads", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}))
	s, _ := engine.Decode(askOften(400, inline(documents...), nil), scenario.LimitPage)
	report := engine.Run(s)
	first, last := &report.Calls[0], &report.Calls[len(report.Calls)-1]
	if first.Decision.More != 0 || len(first.Decision.Policies) != len(documents) {
		t.Errorf("the first call: got %d policies and %d more, want all told", len(first.Decision.Policies), first.Decision.More)
	}
	if last.Outcome != "success" || last.Decision.Statement == nil || last.Decision.Statement.Sid != "Reads" {
		t.Errorf("the last call: got %s by %+v, want success by Reads", last.Outcome, last.Decision.Statement)
	}
	if got := last.Decision.Policies; len(got) != 1 || last.Decision.More != len(documents)-1 || !got[0].Statements[0].Applies {
		t.Errorf("the last call: got %d policies and %d more, want the one that decided", len(got), last.Decision.More)
	}
}
