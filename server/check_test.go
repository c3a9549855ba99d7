package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stsplayground/engine/scenario"
)

// Scenarios for the command line's own tests: STS refuses the call, because
// nothing is said about who asks and for which role.
const (
	metScenario = `title: An expectation that is met
now: "2026-04-28T10:30:00Z"
calls:
  - name: nobody asks
    action: sts:AssumeRoleWithWebIdentity
    expect: {outcome: failure}
`
	unmetScenario = `title: An expectation that isn't met
now: "2026-04-28T10:30:00Z"
calls:
  - name: nobody gets in
    action: sts:AssumeRoleWithWebIdentity
    expect: {outcome: success}
`
	unstatedScenario = `{"title": "No expectation, and no time", "calls": [{"name": "nobody asks", "action": "sts:AssumeRoleWithWebIdentity"}]}`
	unknownField     = `title: A misspelt field
call:
  - action: sts:AssumeRoleWithWebIdentity
`
	judgedInputs = `title: What is judged, and not decoded
now: "2026-04-28T10:30:00Z"
issuers:
  - {url: "https://idp.example.test", jwks: "no key set"}
accounts:
  "123456789012":
    OpenIDConnectProviders: [{Url: "https://idp.example.test", ClientIDList: [sts.amazonaws.com]}]
    SAMLProviders: [{Name: Idp, SAMLMetadataDocument: "<no metadata"}]
    Roles: [{RoleName: deploy, AssumeRolePolicyDocument: "{no policy"}]
calls:
  - name: broken inputs
    action: sts:AssumeRoleWithWebIdentity
    params: {RoleArn: "arn:aws:iam::123456789012:role/deploy", RoleSessionName: ci, WebIdentityToken: no.token.either}
    expect: {outcome: failure}
`
)

// trustingScenario has a role that trusts every subject of a provider.
const trustingScenario = `now: "2026-04-28T10:30:00Z"
accounts:
  "123456789012":
    OpenIDConnectProviders: [{Url: "https://idp.example.test", ClientIDList: [sts.amazonaws.com]}]
    Roles:
      - RoleName: deploy
        AssumeRolePolicyDocument:
          Statement:
            Effect: Allow
            Principal: {Federated: "arn:aws:iam::123456789012:oidc-provider/idp.example.test"}
            Action: sts:AssumeRoleWithWebIdentity
`

func TestCheck(t *testing.T) {
	files := map[string]string{
		"role.yaml": trustingScenario,
		"met.yaml":  metScenario, "unmet.yaml": unmetScenario, "unstated.json": unstatedScenario, "unknown.yaml": unknownField,
		"judged.yaml": judgedInputs, "-met.yaml": metScenario, "empty.yaml": "", "large.yaml": "title: " + strings.Repeat("x", scenario.LimitCheck),
		"dir/met.yaml": metScenario, "red\x1b[31m.yaml": unknownField,
	}
	tests := []struct {
		name       string
		args       []string
		stdin      string
		exit       int
		wantOut    []string // each is somewhere on standard output
		wantErr    string   // standard error begins with it; "" is silence
		wantNotOut string
	}{
		{name: "every expectation is met", args: []string{"met.yaml"}, exit: 0, wantOut: []string{"An expectation that is met", "1 scenario, 1 call, 1 expectation met"}},
		{name: "no expectation is stated", args: []string{"unstated.json"}, exit: 0, wantOut: []string{"played at 2026-04-28T10:30:00Z, the clock's time", "no expectations"}},
		{name: "an expectation isn't met", args: []string{"met.yaml", "unmet.yaml"}, exit: 1, wantOut: []string{"NOT MET", "1 of 2 expectations met"}},
		{
			name: "an unknown field is named with its place and the nearest known one", args: []string{"unknown.yaml"}, exit: 2,
			wantErr: "unknown.yaml:2:1: /call: ", wantOut: []string{"0 scenarios, 0 calls, no expectations, 1 file that can't be read"},
		},
		{
			name: "a file that can't be read outranks an unmet expectation, and the others still print", args: []string{"unmet.yaml", "unknown.yaml", "met.yaml"}, exit: 2,
			wantErr: "unknown.yaml:2:1: ", wantOut: []string{"nobody gets in", "nobody asks"},
		},
		{name: "who gets in is printed for each role", args: []string{"-who-gets-in", "role.yaml"}, exit: 0, wantOut: []string{
			"Who gets in: arn:aws:iam::123456789012:role/deploy", "Everybody at the provider gets in", "somebody else                       gets in     statement 1", "a forged token                      refused     oidc/signature",
		}},
		{name: "who gets in changes no exit code", args: []string{"-who-gets-in", "unmet.yaml", "judged.yaml"}, exit: 1, wantOut: []string{"The trust policy is no JSON, so nobody gets in"}},
		{name: "who gets in as JSON", args: []string{"-who-gets-in", "-format", "json", "role.yaml"}, exit: 0, wantOut: []string{`"whoGetsIn": [`, `"outcome": "success"`, `"widest": "Everybody at the provider gets in`}},
		{name: "JUnit has no place for who gets in", args: []string{"-who-gets-in", "-format", "junit", "met.yaml"}, exit: 2, wantErr: "stsplayground: -who-gets-in is for"},
		{name: "nobody asked who gets in", args: []string{"-format", "json", "role.yaml"}, exit: 0, wantNotOut: "whoGetsIn"},
		{name: "broken tokens, keys, metadata and policies are judged", args: []string{"judged.yaml"}, exit: 0, wantOut: []string{"broken inputs"}},
		{name: "standard input", args: []string{"-"}, stdin: unmetScenario, exit: 1, wantOut: []string{"-, played at", "nobody gets in"}},
		{name: "standard input that can't be read has positions too", args: []string{"-"}, stdin: unknownField, exit: 2, wantErr: "-:2:1: /call: "},
		{name: "standard input twice", args: []string{"-", "-"}, exit: 2, wantErr: "stsplayground: standard input can be read once"},
		{name: "flags after the files", args: []string{"met.yaml", "--format", "json"}, exit: 0, wantOut: []string{`"title": "An expectation that is met"`}},
		{name: "flags between the files", args: []string{"met.yaml", "-format=json", "unstated.json"}, exit: 0, wantOut: []string{`"title": "No expectation, and no time"`}},
		{name: "a file whose name begins with a hyphen", args: []string{"--", "-met.yaml"}, exit: 0, wantOut: []string{"-met.yaml, played at"}},
		{name: "no file", exit: 2, wantErr: "stsplayground: check needs the name of a scenario file"},
		{name: "an unknown format", args: []string{"-format", "xml", "met.yaml"}, exit: 2, wantErr: `stsplayground: -format is table, json or junit, and got "xml"`},
		{name: "an unknown flag", args: []string{"met.yaml", "--colour"}, exit: 2, wantErr: "stsplayground: flag provided but not defined: -colour"},
		{name: "a file that isn't there", args: []string{"gone.yaml", "met.yaml"}, exit: 2, wantErr: "gone.yaml: no such file or directory\n", wantOut: []string{"nobody asks"}},
		{name: "a directory", args: []string{"dir/"}, exit: 2, wantErr: "dir/: is a directory; name its files, for example dir/*.yaml\n"},
		{name: "a name that would steer the terminal", args: []string{"red\x1b[31m.yaml"}, exit: 2, wantErr: `red\x1b[31m.yaml:2:1: `},
		{name: "such a name of no file", args: []string{"gone\x1b[31m.yaml"}, exit: 2, wantErr: `gone\x1b[31m.yaml: no such file or directory`},
		{name: "an empty file", args: []string{"empty.yaml"}, exit: 2, wantErr: "empty.yaml:1:1: "},
		{name: "a file above the limit", args: []string{"large.yaml"}, exit: 2, wantErr: "large.yaml: ", wantNotOut: "xxxx"},
		{name: "help", args: []string{"--help"}, exit: 0, wantOut: []string{"Usage:"}},
		{name: "json holds the readable files' reports only", args: []string{"-format", "json", "unknown.yaml"}, exit: 2, wantErr: "unknown.yaml:2:1: ", wantOut: []string{"[]\n"}},
		{name: "junit", args: []string{"-format", "junit", "unmet.yaml", "unknown.yaml"}, exit: 2, wantErr: "unknown.yaml:2:1: ", wantOut: []string{`tests="2" failures="1" errors="1"`}},
	}
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			p := program{in: strings.NewReader(tt.stdin), out: &stdout, err: &stderr, clock: testClock}
			if got := p.run(t.Context(), append([]string{"check"}, tt.args...)); got != tt.exit {
				t.Errorf("got exit code %d, want %d", got, tt.exit)
			}
			for _, want := range tt.wantOut {
				if !strings.Contains(stdout.String(), want) {
					t.Errorf("got output without %q:\n%s", want, stdout.String())
				}
			}
			if tt.wantNotOut != "" && strings.Contains(stdout.String()+stderr.String(), tt.wantNotOut) {
				t.Errorf("got %q, want none of it", tt.wantNotOut)
			}
			if got := stderr.String(); !strings.HasPrefix(got, tt.wantErr) || tt.wantErr == "" && got != "" {
				t.Errorf("got standard error %q, want it to begin with %q", got, tt.wantErr)
			}
		})
	}
}

// Two files are played at the same moment, whatever the clock does meanwhile.
func TestOneClockForTheWholeRun(t *testing.T) {
	now := testNow
	var stdout bytes.Buffer
	p := program{in: strings.NewReader(unstatedScenario), out: &stdout, err: &stdout, clock: testClock}
	calls := 0
	p.clock = func() time.Time { calls++; now = now.Add(time.Hour); return now }
	file := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(file, []byte(unstatedScenario), 0o666); err != nil {
		t.Fatal(err)
	}
	if code := p.run(t.Context(), []string{"check", "-format", "json", file, "-"}); code != exitOK {
		t.Fatalf("got exit code %d: %s", code, stdout.String())
	}
	var reports []struct{ Calls []struct{ At string } }
	if err := json.Unmarshal(stdout.Bytes(), &reports); err != nil {
		t.Fatal(err)
	}
	if a, b := reports[0].Calls[0].At, reports[1].Calls[0].At; a != b || a != "2026-04-28T11:30:00Z" {
		t.Errorf("got calls at %s and %s, want both at 2026-04-28T11:30:00Z", a, b)
	}
}

func TestCommands(t *testing.T) {
	tests := []struct {
		name             string
		args             []string
		exit             int
		wantOut, wantErr string
	}{
		{"version", []string{"version"}, 0, "stsplayground ", ""},
		{"help", []string{"help"}, 0, "Usage:", ""},
		{"the schema", []string{"schema"}, 0, "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\"", ""},
		{"help by flag", []string{"-h"}, 0, "Usage:", ""},
		{"an unknown command", []string{"play", "a.yaml"}, 2, "", `there is no command "play"`},
		{"a file where a command stands", []string{"a.yaml"}, 2, "", "stsplayground check FILE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			p := program{out: &stdout, err: &stderr, clock: testClock}
			if got := p.run(t.Context(), tt.args); got != tt.exit {
				t.Errorf("got exit code %d, want %d", got, tt.exit)
			}
			if !strings.HasPrefix(stdout.String(), tt.wantOut) || !strings.Contains(stderr.String(), tt.wantErr) {
				t.Errorf("got %q and %q, want %q and %q", stdout.String(), stderr.String(), tt.wantOut, tt.wantErr)
			}
		})
	}
}

// failingWriter is a pipe whose reader has gone.
type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestAReportThatCantBeWrittenIsNotASuccess(t *testing.T) {
	for _, format := range []string{"table", "json", "junit"} {
		var stderr bytes.Buffer
		p := program{in: strings.NewReader(metScenario), out: failingWriter{}, err: &stderr, clock: testClock}
		if got := p.run(t.Context(), []string{"check", "-format", format, "-"}); got != exitUsage || stderr.Len() == 0 {
			t.Errorf("%s: got exit code %d and %q, want 2 and a reason", format, got, stderr.String())
		}
	}
}
