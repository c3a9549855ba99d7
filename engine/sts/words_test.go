package sts

import (
	"testing"
)

func TestSpansInWords(t *testing.T) {
	for seconds, want := range map[int64]string{
		0: "0 seconds", 1: "1 second", 59: "59 seconds", 60: "1 minute", 61: "1 minute 1 second", 300: "5 minutes",
		3600: "1 hour", 3660: "1 hour 1 minute", 86399: "23 hours 59 minutes", 2 * 86400: "2 days", 1e9: "11574 days",
	} {
		if got := span(seconds); got != want {
			t.Errorf("%d: got %q want %q", seconds, got, want)
		}
	}
}

func TestRoleARNs(t *testing.T) {
	for text, want := range map[string]roleARN{
		"arn:aws:iam::123456789012:role/deploy":             {"aws", "123456789012", "/", "deploy"},
		"arn:aws-cn:iam::123456789012:role/a/b/deploy":      {"aws-cn", "123456789012", "/a/b/", "deploy"},
		"arn:aws:iam::123456789012:user/deploy":             {},
		"arn:aws:iam::12345678901:role/deploy":              {},
		"arn:aws:iam:us-east-1:123456789012:role/deploy":    {},
		"arn:aws:sts::123456789012:assumed-role/deploy/ses": {},
		"arn:aws:iam::123456789012:role/":                   {},
		"arn:aws:iam::123456789012:role/a/":                 {},
		"deploy":                                            {},
		"":                                                  {},
	} {
		if got, ok := parseRoleARN(text); got != want || ok != (want != roleARN{}) {
			t.Errorf("%s: got %+v, %v want %+v", text, got, ok, want)
		}
	}
}

func TestDifferencesAreCountedInCharacters(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"abc", "abd", 3}, {"é1", "é2", 2}, {"a", "ab", 2}, {"", "x", 1}, {"same", "same", 5}} {
		if got := firstDifference(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: got %d want %d", c.a, c.b, got, c.want)
		}
	}
}
