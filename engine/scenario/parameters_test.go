package scenario

import (
	"slices"
	"testing"
)

func TestParametersAreThoseThatDecodeTakes(t *testing.T) {
	for action, o := range operations {
		for _, p := range Parameters(action) {
			if o.names != nil && !slices.Contains(o.names, p.Name) {
				t.Errorf("%s: %s is none of its parameters", action, p.Name)
			}
			if p.Kind == "" {
				t.Errorf("%s: %s has no kind", action, p.Name)
			}
		}
		if got, want := len(Parameters(action)), len(o.names); o.names != nil && got != want {
			t.Errorf("%s: got %d parameters want %d", action, got, want)
		}
	}
	if got := Parameters("s3:GetObject"); got != nil {
		t.Errorf("s3:GetObject: got %v, want none", got)
	}
}

func TestParametersHaveTheKindsOfTheirTypes(t *testing.T) {
	want := map[string]ParameterKind{
		"RoleArn": KindText, "DurationSeconds": KindNumber, "Tags": KindTags, "TransitiveTagKeys": KindList,
		"PolicyArns": KindPolicies, "Policy": KindDocument, "TokenCode": KindText,
	}
	got := map[string]ParameterKind{}
	for _, p := range Parameters("sts:AssumeRole") {
		got[p.Name] = p.Kind
	}
	for name, kind := range want {
		if got[name] != kind {
			t.Errorf("%s: got %q want %q", name, got[name], kind)
		}
	}
	if p := Parameters("sts:AssumeRoleWithWebIdentity")[2]; p.Kind != KindToken {
		t.Errorf("%s: got %q, want a token", p.Name, p.Kind)
	}
}
