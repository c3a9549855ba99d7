package share_test

import (
	"strings"
	"testing"

	"stsplayground/engine/share"
	"stsplayground/engine/source"
)

func TestYAMLIsWrittenAsAPersonWould(t *testing.T) {
	in := `{"title":"A title: with a colon","now":"2026-04-28T10:30:00Z","accounts":{"012345678901":{"Roles":[{"RoleName":"deploy","MaxSessionDuration":3600,"AssumeRolePolicyDocument":"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}"}],"OpenIDConnectProviders":[{"Url":"https://idp.example.test","ClientIDList":["sts.amazonaws.com","123"]}]}},"calls":[{"action":"sts:AssumeRole","params":{"Policy":"{\"Statement\": []}","ExternalId":"yes","SerialNumber":"007"},"expect":{"outcome":"success"}}],"lesson":{"task":"# A task\n\nIn two lines.\n"}}`
	want := `# a comment
title: 'A title: with a colon'
now: "2026-04-28T10:30:00Z"
accounts:
  "012345678901":
    Roles:
      - RoleName: deploy
        MaxSessionDuration: 3600
        AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
    OpenIDConnectProviders:
      - Url: https://idp.example.test
        ClientIDList: [sts.amazonaws.com, "123"]
calls:
  - action: sts:AssumeRole
    params: {Policy: '{"Statement": []}', ExternalId: "yes", SerialNumber: "007"}
    expect: {outcome: success}
lesson:
  task: |
    # A task

    In two lines.
`
	if got := share.YAML(parse(t, in), "a comment"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhatYAMLCannotSayIsJSON(t *testing.T) {
	got := share.YAML(parse(t, `{"issuers":[{"jwks":{"keys":[],"keys":[]}}]}`))
	if !strings.HasPrefix(got, "{\n") {
		t.Errorf("got %s, want JSON", got)
	}
}

func FuzzYAML(f *testing.F) {
	for _, text := range []string{"", " a", "a \n", "- a", "a: b", "#", "\n\na", "\u0085", "\u2028", "'\"", "<<", "=", "~", "1e3", "0x1f", "012", "%", "@a", "\ta", "a\r\nb", "| \n", "&a *b !c", "--- \n..."} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		members := []source.Member{{Name: name, Value: source.Node{Kind: source.String, Text: value}}, {Name: name + "x", Value: source.Node{Kind: source.Array, Items: []source.Node{{Kind: source.String, Text: name}, {Kind: source.Null}}}}}
		n := source.Node{Kind: source.Object, Members: members}
		valid := parse(t, n.JSON("")) // with U+FFFD for what is no UTF-8
		written := share.YAML(valid, value)
		if got := parse(t, written); got.JSON("") != valid.JSON("") {
			t.Errorf("got %s from\n%s\nwant %s", got.JSON(""), written, valid.JSON(""))
		}
	})
}
