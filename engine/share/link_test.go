package share_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stsplayground/engine/share"
)

var update = flag.Bool("update", false, "write what new links in testdata hold; those that are there never change")

// Links that were once made are readable for ever: whoever has to change one of
// these files breaks somebody's bookmark.
func TestLinksAreReadableForEver(t *testing.T) {
	links, _ := filepath.Glob("testdata/links/*.link")
	if len(links) < 3 {
		t.Fatalf("got %d links, want three at least", len(links))
	}
	for _, path := range links {
		link, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, _, problem := share.Decode(string(link))
		if problem != "" {
			t.Errorf("%s: %s", path, problem)
			continue
		}
		held := strings.TrimSuffix(path, ".link") + ".json"
		want, err := os.ReadFile(held)
		if os.IsNotExist(err) && *update {
			want = []byte(got)
			err = os.WriteFile(held, want, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got != strings.TrimSuffix(string(want), "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
		}
	}
}

// linkOf makes a link as any program could.
func linkOf(content string) string {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression)
	w.Write([]byte(content))
	w.Close()
	return "#s=1." + base64.RawURLEncoding.EncodeToString(packed.Bytes())
}

const scenarioText = `{"title":"Sent by chat","calls":[{"action":"sts:GetCallerIdentity"},{"action":"sts:GetSessionToken"}]}`

func TestALinkSurvivesWhatChatToolsDo(t *testing.T) {
	link := linkOf(scenarioText)
	whole := "https://sts.example.com/play/" + link
	for name, sent := range map[string]string{
		"the whole address":                    whole,
		"the fragment":                         link,
		"without the number sign":              link[1:],
		"without the parameter's name":         link[3:],
		"in angle brackets":                    "<" + whole + ">",
		"in quotation marks":                   "“" + whole + "”",
		"at a sentence's end":                  whole + ".",
		"in brackets, and a comma":             "(" + whole + "),",
		"as Markdown":                          "[the scenario](" + whole + ")",
		"white space around":                   "\n\t " + whole + " \r\n",
		"lines broken by a mail program":       whole[:40] + "\r\n" + whole[40:70] + "=\r\n"[1:] + whole[70:],
		"a soft hyphen inside":                 whole[:60] + "\u00ad" + whole[60:],
		"zero-width spaces inside":             whole[:60] + "\u200b" + whole[60:],
		"percent-escapes":                      strings.NewReplacer("#", "%23", "=", "%3D", ".", "%2E").Replace(whole),
		"escapes of escapes":                   strings.ReplaceAll(strings.ReplaceAll(whole, "=", "%3D"), "%", "%25"),
		"an ampersand of HTML":                 whole + "&amp;call=2",
		"words after it":                       whole + " and see the second call",
		"a sentence before it":                 "look at " + whole,
		"base64's other alphabet":              strings.NewReplacer("-", "+", "_", "/").Replace(link),
		"padding":                              link + "==",
		"other parameters before it":           strings.Replace(whole, "#s=", "#utm_source=mail&s=", 1),
		"parameters that nobody knows":         link + "&theme=dark&=&&x",
		"a page that says in its query who it": strings.Replace(whole, "/#", "/?ref=mail#", 1),
	} {
		got, _, problem := share.Decode(sent)
		if problem != "" || got != scenarioText {
			t.Errorf("%s: got %q, %q from %s", name, got, problem, sent)
		}
	}
}

func TestAViewIsReadAsFarAsItIsKnown(t *testing.T) {
	for parameters, want := range map[string]share.View{
		"":                                       {},
		"&call=2&tab=role&step=oidc/audience":    {Call: 2, Tab: "role", Step: "oidc/audience"},
		"&step=oidc%2Faudience":                  {Step: "oidc/audience"},
		"&call=0&tab=kitchen&step=no rule":       {},
		"&call=-1&call=99999999999999999999":     {},
		"&step=<script>alert(1)</script>":        {},
		"&step=../../etc&tab=__proto__&call=1e3": {},
	} {
		_, got, problem := share.Decode(linkOf(scenarioText) + parameters)
		if problem != "" || got != want {
			t.Errorf("%s: got %+v, %q, want %+v", parameters, got, problem, want)
		}
	}
}

func TestALinkThatCannotBeReadSaysWhy(t *testing.T) {
	good := linkOf(scenarioText)
	zeros := strings.Repeat("\x00", 64<<20)
	for name, test := range map[string]struct{ link, want string }{
		"nothing":                    {"", "there is no scenario in the link"},
		"another address":            {"https://example.com/", "there is no scenario in the link"},
		"no scenario after the name": {"#s=1.", "ends before its scenario begins"},
		"a newer version":            {"#s=2.abc", "of version 2, made by a newer playground; this one reads version 1"},
		"a version of long ago":      {"#s=0.abc", "of version 0"},
		"cut off within base64":      {good[:len(good)-len(good)%4-2], "cut off"},
		"cut off":                    {good[:30], "cut off"},
		"another character":          {good[:12] + "é" + good[13:], "is none of base64url"},
		"a changed character":        {"#s=1.____" + good[9:], "isn't compressed as"},
		"a bomb":                     {linkOf(zeros), "unfolds to more than 256 KiB"},
		"a bomb in JSON":             {linkOf(`{"title":"` + strings.Repeat("a", 64<<20) + `"}`), "unfolds to more than 256 KiB"},
		"longer than links are":      {"#s=1." + strings.Repeat("A", 400<<10), "more than any link"},
		"no UTF-8":                   {linkOf("{\"a\":\"\xff\"}"), "it isn't UTF-8"},
		"no JSON":                    {linkOf("calls: []"), "is no JSON: line 1, column 1"},
		"a list":                     {linkOf("[]"), "an object is wanted, and the JSON is of another kind: array"},
		"nesting without end":        {linkOf(strings.Repeat("[", 100_000)), "nest deeper than 64 levels"},
		"more after the JSON":        {linkOf("{} {}"), "more text follows"},
	} {
		got, view, problem := share.Decode(test.link)
		if got != "" || view != (share.View{}) || !strings.Contains(problem, test.want) {
			t.Errorf("%s: got %q, %+v, %q, want the problem to have %q", name, got, view, problem, test.want)
		}
		if strings.HasSuffix(problem, ".") || len(problem) > 400 {
			t.Errorf("%s: %q is no short sentence without its full stop", name, problem)
		}
	}
}

func TestAFileNameIsNoLink(t *testing.T) {
	for text, want := range map[string]bool{
		linkOf(scenarioText):                          true,
		linkOf(scenarioText)[1:]:                      true,
		linkOf(scenarioText)[3:]:                      true,
		"#s=1.abc":                                    true,
		"https://x.example/#s=9.a":                    true,
		"file:///home/me/sts-playground.html#s=1.abc": true,
		"scenario.yaml":                               false,
		"1.yaml":                                      false,
		"1.a-scenario-with-a-long-name-and-a-number.yaml": false,
		"examples/s=1.yaml":                false,
		"title: see #s=1.abc\ncalls: []\n": false,
		`{"title": "#s=1.abc"}`:            false,
		"-":                                false,
		"":                                 false,
	} {
		if got := share.IsLink(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestAScenarioThatIsTooLargeForALinkSaysSo(t *testing.T) {
	n := parse(t, `{"title":"`+strings.Repeat("x", share.LimitScenario)+`"}`)
	link, problem := share.Encode(n, share.View{})
	if link != "" || !strings.Contains(problem, "a link holds 256 KiB of it at most; hand on a file instead") {
		t.Errorf("got %q, %q", link, problem)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(linkOf(scenarioText))
	f.Add("<https://sts.example.com/" + linkOf(scenarioText) + "&call=2>.")
	f.Add("#s=2.x")
	f.Add("%2523s%253D1.AAAA")
	f.Fuzz(func(t *testing.T, link string) {
		written, _, problem := share.Decode(link)
		if (written == "") != (problem != "") {
			t.Fatalf("got %q and the problem %q", written, problem)
		}
		if problem != "" {
			return
		}
		n := parse(t, written)
		redacted, _ := share.Redact(n, share.Options{Accounts: true, People: true})
		parse(t, redacted.JSON(""))
		parse(t, share.YAML(&redacted))
	})
}
