package main

import (
	"errors"
	"flag"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// settings are each flag of serve with a value other than its default.
var settings = map[string]string{
	"addr":         "[::1]:9",
	"origin":       "https://sts.example.com",
	"tls-cert":     "a.crt",
	"tls-key":      "a.key",
	"proxies":      "10.0.0.0/8, 192.0.2.1,2001:db8::/32",
	"share":        "false",
	"data":         "/data",
	"database":     "postgres://u:p@db/name",
	"per-hour":     "7",
	"per-day":      "8",
	"contact":      "abuse@example.com",
	"workshop":     "/lessons",
	"metrics-addr": ":9100",
	"log-format":   "json",
	"drain":        "5s",
}

func noEnvironment(string) string { return "" }

// TestEachFlagIsExplained holds serve's help to serve's flags: each is there,
// and nothing else is.
func TestEachFlagIsExplained(t *testing.T) {
	var flags []string
	for _, found := range regexp.MustCompile(`(?m)^  -([a-z-]+)`).FindAllStringSubmatch(serveUsage, -1) {
		flags = append(flags, found[1])
	}
	var known []string
	for name := range settings {
		known = append(known, name)
	}
	slices.Sort(flags)
	slices.Sort(known)
	if !slices.Equal(flags, known) {
		t.Errorf("the help has %q, and there are settings for %q", flags, known)
	}
	if _, err := readConfig([]string{"-no-such-flag"}, noEnvironment); err == nil {
		t.Error("got no error for a flag that isn't there")
	}
	for line := range strings.Lines(serveUsage) {
		if len(line) > 81 {
			t.Errorf("got a line of %d characters, want at most 80: %s", len(line)-1, line)
		}
	}
}

func TestAFlagAndItsVariableSayTheSame(t *testing.T) {
	fallback, err := readConfig(nil, noEnvironment)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range settings {
		t.Run(name, func(t *testing.T) {
			args := []string{"-" + name + "=" + value}
			variables := map[string]string{"STSPLAYGROUND_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")): value}
			switch name {
			case "tls-cert", "tls-key": // one needs the other
				args = []string{"-tls-cert=a.crt", "-tls-key=a.key"}
				variables = map[string]string{"STSPLAYGROUND_TLS_CERT": "a.crt", "STSPLAYGROUND_TLS_KEY": "a.key"}
			}
			byFlag, err := readConfig(args, noEnvironment)
			if err != nil {
				t.Fatal(err)
			}
			byVariable, err := readConfig(nil, func(name string) string { return variables[name] })
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(byFlag, byVariable) || reflect.DeepEqual(byFlag, fallback) {
				t.Errorf("got %+v by the flag, %+v by the variable, %+v by neither; want the first two alike", byFlag, byVariable, fallback)
			}
		})
	}
}

func TestAFlagWinsOverItsVariable(t *testing.T) {
	getenv := func(name string) string {
		return map[string]string{"STSPLAYGROUND_ADDR": "127.0.0.1:1", "STSPLAYGROUND_WORKSHOP": "/theirs", "STSPLAYGROUND_PER_DAY": "nonsense"}[name]
	}
	c, err := readConfig([]string{"-addr", "127.0.0.1:2", "-workshop", "/mine", "-workshop", "/mine too", "-per-day", "3"}, getenv)
	if err != nil || c.addr != "127.0.0.1:2" || !slices.Equal(c.workshops, []string{"/mine", "/mine too"}) || c.perDay != 3 {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestWhatServeCantBeTold(t *testing.T) {
	tests := []struct {
		name, variable, value string
		args                  []string
		want                  string
	}{
		{"a certificate without its key", "", "", []string{"-tls-cert", "a"}, "-tls-cert and -tls-key go together"},
		{"a network that is none", "", "", []string{"-proxies", "10.0.0.0/33"}, `such as 10.0.0.0/8 or 2001:db8::/32, and this is "10.0.0.0/33"`},
		{"no network at all", "", "", []string{"-proxies", "10.0.0.0/8,"}, `and this is ""`},
		{"a format of its own", "", "", []string{"-log-format", "xml"}, `text or json, and got "xml"`},
		{"none in an hour", "", "", []string{"-per-hour", "0"}, "to store nothing there is -share=false"},
		{"a contact that nobody can write to", "", "", []string{"-contact", "http://example.com"}, "begins with https://"},
		{"a script as a contact", "", "", []string{"-contact", "javascript:alert(1)"}, "begins with https://"},
		{"a drain that runs backwards", "", "", []string{"-drain", "-5s"}, "-drain is a time such as 5s"},
		{"a variable that makes no sense", "STSPLAYGROUND_PER_HOUR", "many", nil, "STSPLAYGROUND_PER_HOUR: "},
		{"a variable of a network", "STSPLAYGROUND_PROXIES", "all", nil, "STSPLAYGROUND_PROXIES: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readConfig(tt.args, func(name string) string {
				if name == tt.variable {
					return tt.value
				}
				return ""
			})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
	for _, help := range []string{"-h", "-help", "--help"} {
		if _, err := readConfig([]string{help}, noEnvironment); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%s: got %v, want the help", help, err)
		}
	}
}

func TestWhereDataIsKept(t *testing.T) {
	home, _ := os.UserHomeDir()
	tests := []struct {
		name string
		env  map[string]string
		want string
	}{
		{"in the folder that systemd gives", map[string]string{"STATE_DIRECTORY": "/var/lib/stsplayground", "XDG_DATA_HOME": "/x"}, "/var/lib/stsplayground"},
		{"in the user's", map[string]string{"XDG_DATA_HOME": "/x"}, "/x/stsplayground"},
		{"in the user's usual one", map[string]string{"XDG_DATA_HOME": "relative"}, home + "/.local/share/stsplayground"},
	}
	for _, tt := range tests {
		if c, err := readConfig(nil, func(name string) string { return tt.env[name] }); err != nil || c.data != tt.want {
			t.Errorf("%s: got %q, %v; want %q", tt.name, c.data, err, tt.want)
		}
	}
}
