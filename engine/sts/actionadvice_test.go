package sts

import "testing"

func TestAValueThatTheConditionTakes(t *testing.T) {
	for _, c := range []struct{ base, wanted, want string }{
		{"IpAddress", "203.0.113.0/24", "203.0.113.0"},
		{"IpAddress", "2001:db8::/32", "2001:db8::"},
		{"StringEquals", "home/*", "home/*"},
		{"StringLike", "home/*", "home/"},
		{"ArnLike", "arn:aws:sns:*:123456789012:topic-?", "arn:aws:sns::123456789012:topic-x"},
		{"NumericLessThan", "10", ""},
		{"DateGreaterThan", "2026-01-01T00:00:00Z", ""},
		{"NumericLessThanEquals", "10", "10"},
	} {
		if got := valueFor(c.base, c.wanted); got != c.want {
			t.Errorf("%s %s: got %q want %q", c.base, c.wanted, got, c.want)
		}
	}
}
