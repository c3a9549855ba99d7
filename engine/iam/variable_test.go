package iam

import (
	"strings"
	"testing"
)

func TestVariables(t *testing.T) {
	long := strings.Repeat("k", longestKey)
	for _, test := range []struct {
		name, text string
		want       bool
	}{
		{"a key in braces is a variable", "${aws:username}", true},
		{"so is one with a default", "${aws:PrincipalTag/team, 'none'}", true},
		{"a default without quotes makes it text", "${aws:username, none}", false},
		{"so does a default that isn't closed", "${aws:username, 'none", false},
		{"the longest key is a variable", "${" + long + "}", true},
		{"a longer one is text", "${" + long + "k}", false},
		// These would take minutes if the text were searched again at each "${".
		{"a mebibyte of openings is text", strings.Repeat("${", 1<<19), false},
		{"a mebibyte of openings before one comma is text", strings.Repeat("${", 1<<19) + ",", false},
		{"a mebibyte of defaults without quotes is text", strings.Repeat("${,", 1<<18), false},
	} {
		if got := hasVariables(test.text); got != test.want {
			t.Errorf("%s: got %t want %t", test.name, got, test.want)
		}
	}
}

func TestResolvedValuesStaySmall(t *testing.T) {
	ctx := NewContext()
	ctx.Set("k:long", strings.Repeat("x", 1000))
	for _, test := range []struct {
		name  string
		times int
		want  bool
	}{
		{"what a token could hold has a value", 20, true},
		{"more than that is null", 200_000, false},
	} {
		pattern, ok := resolve(splitVariables(strings.Repeat("${k:long}", test.times), false), ctx)
		if ok != test.want || len(pattern) > longestResolved {
			t.Errorf("%s: got %t and %d bytes, want %t", test.name, ok, len(pattern), test.want)
		}
	}
}
