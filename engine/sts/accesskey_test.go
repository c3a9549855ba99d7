package sts

import "testing"

// The first id is the example that hackingthe.cloud decodes; the others are
// made by hand from their account's number, as is one of the playground's own.
func TestTheAccountInsideAnAccessKey(t *testing.T) {
	for id, want := range map[string]string{
		"ASIAQNZGKIQY56JQ7WML":                      "029608264753",
		"ASIARZPUZDIKAAAAAAAA":                      "123456789012",
		"AKIARTX3GSDSQAAAAAAA":                      "111122223333",
		accessKeyID("000000000001", seed("x")):      "000000000001",
		accessKeyID("999999999999", seed("y", "z")): "999999999999",
		"AKIAIOSFODNN7EXAMPLE":                      "", // made before 2019
		"AKIAI44QH8DHBEXAMPLE":                      "", // 8 is no letter of base 32
		"AROACKCEVSQ6C2EXAMPLE":                     "",
		"ASIAQNZGKIQY56JQ7WM":                       "",
		"":                                          "",
	} {
		if got, why := accountOfKey(id); got != want || (got == "") != (why != "") {
			t.Errorf("%s: got %q (%s), want %q", id, got, why, want)
		}
	}
}
