package lesson

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

//go:embed testdata/holds.yaml
var holds string

const (
	solutionOp   = "    - op: add\n"
	solutionPath = "      path: /accounts/123456789012/Roles/0/AssumeRolePolicyDocument/Statement/0/Condition/StringEquals/token.actions.githubusercontent.com:sub\n"
	solution     = solutionOp + solutionPath + "      value: repo:acme/app:ref:refs/heads/main\n"
	editable     = `"/accounts/123456789012/Roles/0/AssumeRolePolicyDocument"`
)

func play(t *testing.T, text string, terms ...string) Played {
	t.Helper()
	s, findings := engine.Decode(text, scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		t.Fatalf("unreadable: %+v", findings)
	}
	return Play(s, terms)
}

func TestALessonThatHolds(t *testing.T) {
	for name, text := range map[string]string{
		"a JSON Patch": holds,
		"a partial scenario": strings.Replace(strings.Replace(holds, solution, "", 1), "  solution:\n",
			`  solution: {accounts: {"123456789012": {Roles: [{RoleName: deploy, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}, Action: "sts:AssumeRoleWithWebIdentity", Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com, "token.actions.githubusercontent.com:sub": "repo:acme/app:ref:refs/heads/main"}}}]}}]}}}
`, 1),
	} {
		if name == "a partial scenario" { // which names the list of roles as a whole
			text = strings.Replace(text, editable, `"/accounts/123456789012/Roles"`, 1)
		}
		p := play(t, text, "subject", "trust-policy")
		if len(p.Findings) != 0 || !p.Holds() || p.Solved == nil {
			t.Fatalf("%s: got %+v, want no finding", name, p.Findings)
		}
		if met := p.Start.Report.Met; met == nil || *met {
			t.Errorf("%s: got a start that is met", name)
		}
		if met := p.Solved.Report.Met; met == nil || !*met {
			t.Errorf("%s: got a solution that isn't met", name)
		}
	}
}

func TestWhatKeepsALessonFromHolding(t *testing.T) {
	for _, test := range []struct {
		name     string
		old, new string
		rule     string
		line     int // in the text
		path     string
		says     string
		warning  bool
	}{
		{
			name: "the task is done from the start", old: "expect: {outcome: failure, code: AccessDenied, step: trust/condition}", new: "expect: {outcome: success}",
			rule: "lesson/starts-met", line: 41, path: "/lesson", says: "nothing is left to do",
		},
		{
			name: "the solution is another's", old: "      value: repo:acme/app:ref:refs/heads/main\n", new: "      value: repo:acme/app:ref:refs/heads/mian\n",
			rule: "lesson/solution-unmet", line: 24, path: "/calls/0", says: `"main of our repository gets in" isn't as expected after the solution`,
		},
		{
			name: "the solution changes what isn't there", old: "Statement/0/Condition", new: "Statement/1/Condition",
			rule: "lesson/solution-fits", line: 49, path: "/lesson/solution/0", says: "there is no \"1\" in /accounts/123456789012/Roles/0/AssumeRolePolicyDocument/Statement",
		},
		{
			name: "the solution makes what is no scenario", old: solutionPath, new: "      path: /accounts/123456789012/Rolls\n",
			rule: "lesson/solution-fits", line: 49, path: "/lesson/solution", says: "there is no field Rolls here",
		},
		{
			name: "the solution is a text", old: "  solution:\n" + solution, new: "  solution: add the subject\n",
			rule: "lesson/solution-fits", line: 48, path: "/lesson/solution", says: "and this is a string",
		},
		{
			name: "the solution reaches elsewhere", old: solution, new: solution + "    - {op: add, path: /accounts/123456789012/Roles/0/MaxSessionDuration, value: 3600}\n",
			rule: "lesson/solution-elsewhere", line: 52, path: "/lesson/solution/1", says: "it touches /accounts/123456789012/Roles/0/MaxSessionDuration",
		},
		{
			name: "a name that begins like an editable one's is elsewhere", old: editable, new: `"/accounts/123456789012/Roles/0/AssumeRole"`,
			rule: "lesson/solution-elsewhere", line: 49, path: "/lesson/solution/0", says: "inside none of the editable places",
		},
		{
			name: "an editable place is nowhere", old: editable, new: editable + `, "/accounts/210987654321/Roles/0/Policies"`,
			rule: "lesson/editable-missing", line: 47, path: "/lesson/editable/1", says: "there is no \"210987654321\" in /accounts",
		},
		{
			name: "an editable place is no pointer", old: editable, new: editable + `, accounts/123456789012`,
			rule: "lesson/editable-missing", line: 47, path: "/lesson/editable/1", says: "begins with a slash",
		},
		{
			name: "nothing is expected", old: "    expect: ", new: "    context: {} #",
			rule: "lesson/no-expectations", line: 24, path: "/calls", says: "no call says what is expected of it",
		},
		{
			name: "the solution takes the expectations away", old: "  solution:\n" + solution, new: "  solution: {calls: []}\n",
			rule: "lesson/solution-unmet", line: 48, path: "/lesson/solution", says: "leaves no call with an expectation",
		},
		{
			name: "a source leads into a script", old: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html", new: "javascript:alert(1)",
			rule: "lesson/source-address", line: 54, path: "/lesson/sources/0/url", says: "no address that begins with https://",
		},
		{
			name: "no source", old: "  sources:\n", new: "#",
			rule: "lesson/source-missing", line: 41, path: "/lesson", says: "doesn't say what it goes by", warning: true,
		},
		{
			name: "no task", old: "  task: Let", new: "  # ",
			rule: "lesson/task-missing", line: 41, path: "/lesson", says: "there is no task", warning: true,
		},
		{
			name: "no solution", old: "  solution:\n" + solution, new: "",
			rule: "lesson/solution-missing", line: 41, path: "/lesson", says: "whether the task can be done", warning: true,
		},
		{
			name: "a term that the glossary hasn't", old: "(glossary:subject)", new: "(glossary:subjects)",
			rule: "lesson/glossary-term", line: 42, path: "/lesson/text", says: `the glossary has no "subjects"; did you mean subject?`, warning: true,
		},
		{
			name: "such a term in a hint", old: "names repository", new: "names [repository](glossary:repository)",
			rule: "lesson/glossary-term", line: 45, path: "/lesson/hints/0", says: `the glossary has no "repository"`, warning: true,
		},
	} {
		text := strings.ReplaceAll(holds, test.old, test.new)
		if test.name == "no source" {
			text = strings.Replace(text, "#    -", "#", 1)
		}
		p := play(t, text, "subject", "trust-policy")
		found := false
		for _, f := range p.Findings {
			if f.Rule != test.rule || f.At.Path != test.path {
				continue
			}
			found = true
			if f.At.Line != test.line || !strings.Contains(f.Detail, test.says) {
				t.Errorf("%s: got line %d: %s, want line %d: %s", test.name, f.At.Line, f.Detail, test.line, test.says)
			}
		}
		if !found {
			t.Errorf("%s: got %+v, want %s at %s", test.name, p.Findings, test.rule, test.path)
		}
		if p.Holds() != test.warning {
			t.Errorf("%s: got a lesson that holds: %v", test.name, p.Holds())
		}
		if met := p.Report().Met; strings.Contains(text, "solution:") && (met == nil || *met != test.warning) {
			t.Errorf("%s: got met %v, want what holds", test.name, met)
		}
	}
}

func TestALessonWithoutASolutionIsPlayedAsItIs(t *testing.T) {
	text := strings.Replace(holds, "  solution:\n"+solution, "", 1)
	text = strings.Replace(text, "{outcome: failure, code: AccessDenied, step: trust/condition}", "{outcome: success}", 1)
	p := play(t, text)
	if p.Solved != nil || !p.Holds() || len(p.Findings) != 2 || p.Start.Report.Met == nil || !*p.Start.Report.Met {
		t.Errorf("got %+v, want two warnings and a report that is met", p.Findings)
	}
}

func TestAnEditablePlaceMayBeEmptyOrInsideAText(t *testing.T) {
	for _, pointer := range []string{
		`"/accounts/123456789012/Roles/0/Policies"`, `""`, `"/accounts/123456789012/Roles/0/AssumeRolePolicyDocument/Statement/-"`, `"/calls/1/params/Policy/Statement/0/Action"`,
	} {
		text := strings.Replace(holds, editable, editable+", "+pointer, 1)
		text = strings.Replace(text, "RoleSessionName: ci\n      WebIdentityToken:\n        mint: {issuer: https://token.actions.githubusercontent.com, profile: github-actions, claims: {aud: sts.amazonaws.com, sub: \"repo:mallory", `RoleSessionName: ci
      Policy: '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
      WebIdentityToken:
        mint: {issuer: https://token.actions.githubusercontent.com, profile: github-actions, claims: {aud: sts.amazonaws.com, sub: "repo:mallory`, 1)
		if p := play(t, text); len(p.Findings) != 0 {
			t.Errorf("%s: got %+v, want no finding", pointer, p.Findings)
		}
	}
}

// The values of the solved scenario are those of the file, so that what is
// said about them has its place there.
func TestAFindingAboutTheSolvedScenarioHasItsPlaceInTheFile(t *testing.T) {
	text := strings.Replace(holds, "value: repo:acme/app:ref:refs/heads/main", "value: [\"repo:acme/app:*\"]", 1)
	p := play(t, text)
	for _, f := range p.Solved.Report.Findings {
		if f.Rule == "policy/wildcard-literal" || strings.Contains(f.Detail, "*") {
			if f.At.Line != 51 {
				t.Errorf("got %s in line %d, want 51, where the solution has the value", f.Rule, f.At.Line)
			}
			return
		}
	}
	t.Errorf("got %+v, want a finding about the wildcard", p.Solved.Report.Findings)
}

func TestASolutionMayChangeTheMoment(t *testing.T) {
	text := fmt.Sprintf("lesson: {solution: [{op: add, path: /now, value: %q}]}\n", "2026-04-28T11:00:00Z")
	if p := play(t, text); p.Solved == nil || p.Solved.Scenario.Now.Hour() != 11 {
		t.Errorf("got %+v", p.Findings)
	}
}
