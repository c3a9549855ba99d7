package engine_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/jsonpatch"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
	"stsplayground/examples"
)

// harmless are attacks that no lock has to stop: the person gets in as who
// they are.
var harmless = []string{"replayed", "comment-in-name-id", "sha1"}

// otherForms are profiles that are a form of another one, which is attacked.
var otherForms = []string{
	"circleci-v2", "okta-org", "okta-access-token", "entra-v1", "entra-v2-access-token", "entra-v1-access-token",
	"google-service-account", "auth0-access-token", "keycloak-id-token", "cognito-user-pool-access-token",
}

func cell(m engine.Matrix, r engine.Encounter, lock string) engine.LockState {
	for i := range m.Locks {
		if m.Locks[i].Name == lock {
			return r.Cells[i]
		}
	}
	return ""
}

func profileOf(c *scenario.Call) string {
	for _, token := range []*scenario.Token{&c.Params.WebIdentityToken, &c.Params.SAMLAssertion} {
		if token.Mint != nil {
			return token.Mint.Profile
		}
	}
	return ""
}

// goodCall is the first call that gets in with something honest that is
// minted; -1 where there is none.
func goodCall(s *engine.Scenario) int {
	if len(s.LocksOff) > 0 || s.Lesson != nil {
		return -1
	}
	report := engine.Run(*s)
	for i := range s.Calls {
		c := &s.Calls[i]
		if len(report.Calls[i].Assumed) > 0 || report.Calls[i].Outcome != "success" {
			continue
		}
		for _, token := range []*scenario.Token{&c.Params.WebIdentityToken, &c.Params.SAMLAssertion} {
			if m := token.Mint; m != nil && m.Attack == "" && strings.HasPrefix(c.Action, "sts:AssumeRoleWith") {
				return i
			}
		}
	}
	return -1
}

// What stages an attack fits as RFC 6902 wants it, and is taken back to the
// scenario that it was staged in.
func TestAnAttackIsTakenBack(t *testing.T) {
	for _, slug := range []string{"github-actions-deploys-from-main", "okta-signs-people-in-with-saml", "a-token-and-key-set-from-a-real-provider", "tls-stops-a-forged-key-set"} {
		s := decode(t, example(t, slug).Source)
		before := value(t, s.Root.JSON(""))
		for _, a := range engine.Attacks(s, 0) {
			if a.Staged || a.Cannot != "" {
				continue
			}
			after := s.Root.Clone()
			for _, patch := range []any{a.Patch, a.Back} {
				operations, err := source.ParseJSON(encoded(t, patch))
				if err != nil {
					t.Fatal(err)
				}
				if _, wrong := jsonpatch.Change(&after, &operations); wrong != nil {
					t.Errorf("%s: %s: %s: %s", slug, a.Name, wrong.By, wrong.Why)
				}
			}
			if got, want := encoded(t, value(t, after.JSON(""))), encoded(t, before); got != want {
				t.Errorf("%s: %s: got %s back, want %s", slug, a.Name, got, want)
			}
		}
	}
}

func value(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The locks that a scenario can leave open are those that there are, and a
// name that is none of them is answered with the nearest.
func TestEveryLockCanBeLeftOpen(t *testing.T) {
	for _, l := range engine.Locks() {
		_, findings := engine.Decode("locksOff: ["+l.Name+"]\ncalls: []\n", scenario.LimitPage)
		if scenario.Unreadable(findings) {
			t.Errorf("%s: got %+v", l.Name, findings)
		}
	}
	_, findings := engine.Decode("locksOff: [signatur]\ncalls: []\n", scenario.LimitPage)
	if len(findings) != 1 || !strings.Contains(findings[0].Detail, "did you mean signature?") || findings[0].At.Path != "/locksOff/0" {
		t.Errorf("got %+v, want one that names signature", findings)
	}
}

// A lock that is off is said everywhere, and with none off nothing is.
func TestALockThatIsOffIsSaid(t *testing.T) {
	for _, e := range examples.All() {
		s := decode(t, e.Source)
		if len(s.LocksOff) == 0 {
			continue
		}
		report := engine.Run(s)
		if !slices.ContainsFunc(report.Findings, func(f trace.Finding) bool { return f.Rule == "locks/off" }) {
			t.Errorf("%s: no finding says that locks are off", e.Slug)
		}
		s.LocksOff = nil
		closed := engine.Run(s)
		for i := range report.Calls {
			open, shut := &report.Calls[i], &closed.Calls[i]
			marked := strings.HasPrefix(open.Verdict, "This isn't AWS: ")
			if marked != (len(open.NotAWS) > 0) {
				t.Errorf("%s: %s: got the verdict %q with %v off", e.Slug, open.Name, open.Verdict, open.NotAWS)
			}
			if open.Outcome != shut.Outcome && !marked {
				t.Errorf("%s: %s: got %s where AWS answers %s, and it isn't said", e.Slug, open.Name, open.Outcome, shut.Outcome)
			}
			if shut.Error != nil && marked && shut.Error.Type == "Sender" && !said(open, shut.Error.Code) && open.Call.Action != "s3:GetObject" {
				t.Errorf("%s: %s: no step says that AWS would answer %s", e.Slug, open.Name, shut.Error.Code)
			}
			if len(shut.NotAWS) > 0 {
				t.Errorf("%s: %s: got %v with every lock on", e.Slug, shut.Name, shut.NotAWS)
			}
		}
	}
}

func said(c *engine.CallReport, code string) bool {
	return slices.ContainsFunc(c.Steps, func(s trace.Step) bool {
		return s.Status == "skipped" && strings.Contains(s.Why, "AWS would answer "+code)
	})
}

// A hostile scenario's attacks end like every other's.
func TestAttacksOnWhatIsNoTokenEnd(t *testing.T) {
	for _, token := range []string{"", "a", "eyJ.eyJ.", "..", strings.Repeat(".", 4000), `{"a":1}`, "<Response/>"} {
		for _, action := range []string{"sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"} {
			params := map[string]any{"RoleArn": samlRole, "PrincipalArn": samlIdP, "WebIdentityToken": token, "SAMLAssertion": token}
			if action == "sts:AssumeRoleWithSAML" {
				delete(params, "WebIdentityToken")
			} else {
				delete(params, "SAMLAssertion")
				delete(params, "PrincipalArn")
			}
			text := encoded(t, map[string]any{"now": clock.Format(time.RFC3339), "calls": []any{map[string]any{"action": action, "params": params}}})
			s, _ := engine.Decode(text, scenario.LimitPage)
			for _, r := range engine.AttackMatrix(s, 0).Rows {
				if r.GetsIn {
					t.Errorf("%s %q: %s gets in", action, token, r.Name)
				}
			}
		}
	}
}
