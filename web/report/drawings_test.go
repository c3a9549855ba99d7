package report_test

import (
	"context"
	xmlreader "encoding/xml"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
	"stsplayground/examples"
	"stsplayground/web/report"
)

// graphics are the outermost SVG elements of a fragment, as written.
func graphics(fragment string) (all []string) {
	for {
		_, rest, ok := strings.Cut(fragment, `<svg class="`)
		if !ok {
			return all
		}
		depth, at := 1, 0
		for depth > 0 {
			open, end := strings.Index(rest[at:], "<svg"), strings.Index(rest[at:], "</svg>")
			if open >= 0 && open < end {
				depth, at = depth+1, at+open+4
				continue
			}
			depth, at = depth-1, at+end+6
		}
		all = append(all, `<svg class="`+rest[:at])
		fragment = rest[at:]
	}
}

// part is one part of the fragment.
func part(t *testing.T, r engine.Report, call int, id string) string {
	t.Helper()
	for _, p := range report.Parts(r, call) {
		if p.ID == id {
			var b strings.Builder
			if err := p.Render(context.Background(), &b); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
	}
	t.Fatalf("there is no part %s", id)
	return ""
}

func run(t *testing.T, text string) engine.Report {
	t.Helper()
	s, findings := engine.Decode(text, 1<<20)
	if scenario.Unreadable(findings) {
		t.Fatal(findings)
	}
	return engine.Run(s)
}

func TestDrawingsAreWellFormedXML(t *testing.T) {
	for name, r := range reports() {
		for call := range r.Calls {
			for _, svg := range graphics(render(t, r, call)) {
				d := xmlreader.NewDecoder(strings.NewReader(svg))
				for {
					if _, err := d.Token(); err == io.EOF {
						break
					} else if err != nil {
						t.Fatalf("%s, call %d: %v in\n%s", name, call, err, svg)
					}
				}
			}
		}
	}
}

// Every example's calls are drawn: what is said of the picture agrees with the
// outcome, and what AWS refuses stops the light.
func TestThePictureEndsWhereTheCallDoes(t *testing.T) {
	for at, e := range examples.All() {
		if runtime.GOARCH == "wasm" && at%8 != 0 {
			continue // the same code, several times as slowly
		}
		r := run(t, e.Source)
		for i, c := range r.Calls {
			if len(c.Steps) == 0 {
				continue
			}
			picture := part(t, r, i, "picture")
			refused, unreached := strings.Count(picture, `class="message is-failed"`), strings.Count(picture, `class="message is-dark"`)
			if c.Outcome == "success" && (refused != 0 || unreached != 0) || c.Outcome != "success" && refused != 1 {
				t.Errorf("%s, %s: outcome %s, %d messages refused and %d not reached", e.Slug, c.Name, c.Outcome, refused, unreached)
			}
			if c.Error != nil && c.Error.Type != "Playground" && !strings.Contains(picture, "refused here: "+c.Error.Code) {
				t.Errorf("%s, %s: the picture lacks %s", e.Slug, c.Name, c.Error.Code)
			}
			if assumed := strings.Contains(picture, "taken on trust"); c.Outcome == "success" && assumed != stepAssumed(c) {
				t.Errorf("%s, %s: taken on trust: %v", e.Slug, c.Name, assumed)
			}
		}
	}
}

func stepAssumed(c engine.CallReport) bool {
	for i := range c.Steps {
		if c.Steps[i].Status == trace.Assumed {
			return true
		}
	}
	return false
}

func TestEveryOperationHasAPicture(t *testing.T) {
	for _, action := range append(engine.Operations(), "s3:GetObject", "never:Heard") {
		for _, caller := range []string{"", "arn:aws:iam::123456789012:user/alice", "service/ec2.amazonaws.com"} {
			r := run(t, fmt.Sprintf(`{"now": "2026-04-28T10:30:00Z", "calls": [{"action": %q, "caller": %q}]}`, action, caller))
			picture := part(t, r, 0, "picture")
			if lanes, messages := strings.Count(picture, `class="lane `), strings.Count(picture, `class="message `); lanes < 2 || messages < 3 {
				t.Errorf("%s by %q: %d lanes, %d messages", action, caller, lanes, messages)
			}
		}
	}
}

func TestDrawingsEscapeWhatIsTyped(t *testing.T) {
	r := run(t, `{"now": "2026-04-28T10:30:00Z", "calls": [{"name": "<script>alert(1)</script>", "action": "x\"><img src=y onerror=z>:A", "caller": "service/<b>"}]}`)
	fragment := render(t, r, 0)
	for _, bad := range []string{"<script", "<img", "<b>"} {
		if strings.Contains(fragment, bad) {
			t.Errorf("%s stands in the fragment", bad)
		}
	}
}

// timed is a token of ten minutes that arrives after a delay, and a session
// that is used after another.
const timed = `{"now": "2026-04-28T10:30:00Z",
"issuers": [{"url": "https://idp.example", "signing": [{"kid": "k", "alg": "RS256"}]}],
"accounts": {"123456789012": {
  "OpenIDConnectProviders": [{"Url": "https://idp.example", "ClientIDList": ["aws"]}],
  "Roles": [{"RoleName": "r", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/idp.example"}, "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {"StringEquals": {"idp.example:aud": "aws", "idp.example:sub": "s"}}}]}}]}},
"calls": [
  {"name": "in", "action": "sts:AssumeRoleWithWebIdentity", "delay": %q, "params": {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "ci",
    "WebIdentityToken": {"mint": {"issuer": "https://idp.example", "claims": {"sub": "s", "aud": "aws", "exp": "+10m"}}}}},
  {"name": "use", "action": "s3:GetObject", "caller": "in", "delay": %q, "resource": "arn:aws:s3:::b/k"}]}`

func TestTheLineOfTimeSaysHowFarThingsAre(t *testing.T) {
	for _, tt := range []struct{ in, use, token, session string }{
		{"0s", "0s", "The token expires in 10 min.", "The caller's session ends in 1 h."},
		{"5m50s", "5m50s", "The token expires in 4 min 10 s.", "The caller's session ends in 1 h."},
		{"12m", "1h11m", "The token expired 2 min ago; AWS takes it for 3 min more", "The caller's session ends in 1 min."},
		{"14m59s", "1h14m59s", "AWS takes it for 1 s more", "The caller's session ended this very second."},
		{"15m", "0s", "the five minutes that AWS allows ended this very second.", ""},
		{"-30s", "0s", "The token becomes valid in 30 s.", ""},
		{"2d", "0s", "The token expired 1 day 23 h ago", ""},
	} {
		r := run(t, fmt.Sprintf(timed, tt.in, tt.use))
		facts := text(byID(t, parse(t, render(t, r, 0)), "time-facts"))
		if !strings.Contains(facts, tt.token) {
			t.Errorf("after %s: got %q, want %q", tt.in, facts, tt.token)
		}
		if tt.in != "0s" && !strings.Contains(facts, "Made at 10:30:00, and arrives at ") {
			t.Errorf("after %s: got %q, want both moments", tt.in, facts)
		}
		if tt.session != "" {
			if facts := text(byID(t, parse(t, render(t, r, 1)), "time-facts")); !strings.Contains(facts, tt.session) {
				t.Errorf("used after %s: got %q, want %q", tt.use, facts, tt.session)
			}
		}
	}
}

// A line whose ends moved along with now couldn't be dragged on.
func TestTheLinesEndsDontDependOnTheDelay(t *testing.T) {
	ends := func(delay string) string {
		n := byID(t, parse(t, render(t, run(t, fmt.Sprintf(timed, delay, "0s")), 0)), "time-now")
		least, _ := attr(n, "min")
		most, _ := attr(n, "max")
		return least + " to " + most
	}
	want := ends("0s")
	for _, delay := range []string{"-1m", "9m", "12m", "16m", "5d"} {
		if got := ends(delay); got != want {
			t.Errorf("after %s the line goes from %s, and without a delay from %s", delay, got, want)
		}
	}
}

func TestThePlaygroundsJumpsLeadWhereTheySay(t *testing.T) {
	nodes := parse(t, render(t, run(t, fmt.Sprintf(timed, "0s", "0s")), 0))
	want := map[string]string{
		"a second before it is valid": "-1s", "when the call is made": "", "a second before exp": "9m59s",
		"at exp": "10m", "when the five minutes are over": "15m",
	}
	got := map[string]string{}
	for _, n := range nodes {
		if delay, ok := attr(n, "data-delay"); ok {
			got[text(n)] = delay
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTheRecordsOfInnerCallsStandBesideTheOuters(t *testing.T) {
	r := engine.Report{Calls: []engine.CallReport{{Action: "eks-auth:AssumeRoleForPodIdentity", Outcome: "success", Event: map[string]string{"eventName": "Outer"}, InnerEvents: []any{map[string]string{"eventName": "Inner <b>"}}}}}
	if got := text(byID(t, parse(t, render(t, r, 0)), "event")); !strings.Contains(got, "Outer") || !strings.Contains(got, "the service makes in turn") || !strings.Contains(got, "Inner <b>") {
		t.Errorf("got %q, want both records", got)
	}
}
