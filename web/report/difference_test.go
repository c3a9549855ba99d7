package report

import "testing"

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name          string
		wanted, found string
		pattern       bool
		want          *difference
	}{
		{"letter case", "repo:Acme/app:*", "repo:acme/app:x", true, &difference{"repo:", "Acme/app:*", "acme/app:x", "", 6}},
		{"letter case inside", "repo:Acme/app", "repo:acme/app", false, &difference{"repo:", "A", "a", "cme/app", 6}},
		{"a trailing slash too many", "https://idp.example", "https://idp.example/", false, &difference{"https://idp.example", "", "/", "", 20}},
		{"a whole code point, not a byte", "team-é-x", "team-è-x", false, &difference{"team-", "é", "è", "-x", 6}},
		{"a short text in another case", "A", "a", false, &difference{"", "A", "a", "", 1}},
		{"equal texts", "same", "same", false, nil},
		{"nothing found", "something", "", false, nil},
		{"two unrelated values", "RS256", "ES384", false, nil},
		{"a wildcard that comes first", "repo:*", "repo2", true, &difference{"repo", ":*", "2", "", 5}},
		{"a difference behind a wildcard", "repo:*:main", "repo:acme/app:dev", true, nil},
		{"the same without wildcards' meaning", "repo:*:main", "repo:acme:main", false, &difference{"repo:", "*", "acme", ":main", 6}},
	} {
		got := compare(test.wanted, test.found, test.pattern)
		switch {
		case (got == nil) != (test.want == nil):
			t.Errorf("%s: got %v want %v", test.name, got, test.want)
		case got != nil && *got != *test.want:
			t.Errorf("%s: got %+v want %+v", test.name, *got, *test.want)
		}
	}
}

func TestBlocks(t *testing.T) {
	got := blocks("0011223344556677", "0011223344556600")
	want := []block{{"00112233", true}, {"44556677", false}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v want %v", got, want)
	}
	if isHex("nothexadecimal!!") || isHex("0011") || !isHex("00112233445566FF") {
		t.Error("hexadecimal is told from other text wrongly")
	}
}
