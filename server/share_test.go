package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stsplayground/engine/share"
)

// signedScenario has a token as somebody would paste it.
const signedScenario = `now: "2026-04-28T10:30:00Z"
accounts: {"210987654321": {Roles: [{RoleName: deploy}]}}
calls:
  - name: a real token
    action: sts:AssumeRoleWithWebIdentity
    params: {RoleArn: "arn:aws:iam::210987654321:role/deploy", RoleSessionName: ann@acme.test, WebIdentityToken: eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlLnRlc3QifQ.c2lnbmF0dXJl}
    expect: {outcome: failure}
`

// runIn runs the program on files, and gives its exit code and what it wrote.
func runIn(t *testing.T, files map[string]string, stdin string, args ...string) (code int, out, err string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(filepath.FromSlash(name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	p := program{in: strings.NewReader(stdin), out: &stdout, err: &stderr, clock: func() time.Time { return time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC) }}
	code = p.run(t.Context(), args)
	return code, stdout.String(), stderr.String()
}

func TestShareAndCheckPrintTheSameLink(t *testing.T) {
	files := map[string]string{"signed.yaml": signedScenario, "met.yaml": metScenario, "unknown.yaml": unknownField, "unstated.json": unstatedScenario}
	for _, test := range []struct {
		name     string
		args     []string
		exit     int
		has, not []string // in what the link holds
		err      string
	}{
		{"a link", []string{"share", "signed.yaml"}, 0, []string{`"unsigned"`, "210987654321", "ann@acme.test"}, []string{"c2lnbmF0dXJl"}, "signed.yaml: 1 token: claims only; the signature was dropped"},
		{"check prints it too", []string{"check", "--link", "signed.yaml"}, 0, []string{`"unsigned"`}, []string{"c2lnbmF0dXJl"}, "1 token: claims only"},
		{"signatures on request", []string{"share", "-signatures", "signed.yaml"}, 0, []string{"c2lnbmF0dXJl"}, nil, ""},
		{"stand-ins on request", []string{"share", "signed.yaml", "-stand-ins"}, 0, []string{"111122223333", "person1@example.com"}, []string{"210987654321", "acme"}, "1 account id exchanged for stand-ins"},
		{"an address before it", []string{"share", "-origin", "https://sts.example.com/play", "met.yaml"}, 0, []string{"An expectation that is met"}, nil, ""},
		{"the clock's time where there is none", []string{"share", "unstated.json"}, 0, []string{`"now":"2026-11-26T04:00:00Z"`}, nil, ""},
		{"what can't be read", []string{"share", "unknown.yaml", "met.yaml"}, 2, []string{"An expectation that is met"}, nil, "unknown.yaml:2:1: "},
		{"nothing to share", []string{"share"}, 2, nil, nil, "share needs the name of a scenario file"},
		{"an address that is none", []string{"share", "-origin", "nowhere", "met.yaml"}, 2, nil, nil, "-origin is the address of a playground"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, err := runIn(t, files, "", test.args...)
			if code != test.exit || !strings.Contains(err, test.err) || test.err == "" && err != "" {
				t.Errorf("got %d, %q, want %d, %q", code, err, test.exit, test.err)
			}
			if test.has == nil {
				return
			}
			link := strings.TrimSpace(out)
			if strings.Contains(strings.Join(test.args, " "), "-origin") != strings.HasPrefix(link, "https://sts.example.com/play/#s=1.") {
				t.Errorf("got the link %s", link)
			}
			held, _, problem := share.Decode(link)
			if problem != "" {
				t.Fatal(problem)
			}
			for _, want := range test.has {
				if !strings.Contains(held, want) {
					t.Errorf("got %s, want %s in it", held, want)
				}
			}
			for _, gone := range test.not {
				if strings.Contains(held, gone) {
					t.Errorf("got %s, want no %s in it", held, gone)
				}
			}
		})
	}
}

func TestCheckPlaysLinks(t *testing.T) {
	_, out, _ := runIn(t, map[string]string{"met.yaml": metScenario, "unmet.yaml": unmetScenario}, "", "share", "met.yaml", "unmet.yaml")
	links := strings.Fields(out)
	if len(links) != 2 {
		t.Fatalf("got %q, want two links", out)
	}
	met, unmet := links[0], links[1]
	for _, test := range []struct {
		name  string
		stdin string
		args  []string
		exit  int
		out   string
		err   string
	}{
		{"a link that is met", "", []string{met}, 0, "1 scenario, 1 call, 1 expectation met", ""},
		{"an address", "", []string{"https://sts.example.com/" + met + "&call=1"}, 0, "An expectation that is met", ""},
		{"one that isn't", "", []string{unmet, met}, 1, "nobody gets in", ""},
		{"from standard input", "<https://sts.example.com/" + met + ">.\n", []string{"-"}, 0, "1 expectation met", ""},
		{"in a file", "", []string{"link.txt"}, 0, "1 expectation met", ""},
		{"cut off", "", []string{met[:40]}, 2, "1 file that can't be read", "the link is cut off"},
		{"of a newer version", "", []string{"#s=2.abcdef", met}, 2, "An expectation that is met", "#s=2.abcdef: the link is of version 2, made by a newer playground"},
		{"a file whose name looks like one", "", []string{"1.abcdefghijklmnopqrstuvwxyz"}, 0, "1 expectation met", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, err := runIn(t, map[string]string{"link.txt": "https://sts.example.com/" + met + "\n", "1.abcdefghijklmnopqrstuvwxyz": metScenario}, test.stdin, append([]string{"check"}, test.args...)...)
			if code != test.exit || !strings.Contains(out, test.out) || !strings.Contains(err, test.err) {
				t.Errorf("got %d\n%s\n%s\nwant %d, %q, %q", code, out, err, test.exit, test.out, test.err)
			}
		})
	}
}
