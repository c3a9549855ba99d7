package engine_test

import (
	"embed"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/cognito"
	"stsplayground/engine/ec2"
	"stsplayground/engine/eks"
	"stsplayground/engine/iam"
	"stsplayground/engine/identitycenter"
	"stsplayground/engine/idp"
	"stsplayground/engine/lesson"
	"stsplayground/engine/oidc"
	"stsplayground/engine/reference"
	"stsplayground/engine/registration"
	"stsplayground/engine/rolesanywhere"
	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/signin"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
	"stsplayground/engine/verifier"
	"stsplayground/examples"
)

// ruleFiles are scenarios that break one rule each and are no lessons:
// mistakes in policies, in descriptions of tokens, in scenarios themselves. A
// file is named for its rule.
//
//go:embed testdata/rules/*.yaml
var ruleFiles embed.FS

//go:embed reference/reference.txt
var referenceText string

// awsReference is the reference for names, also where none is built in.
var awsReference = sync.OnceValue(func() *reference.Reference {
	r, err := reference.Parse(referenceText)
	if err != nil {
		panic(err)
	}
	return r
})

// everyRule is every rule of the engine.
func everyRule() []trace.Rule {
	return slices.Concat(scenario.Rules(), idp.Rules(), iam.Rules(), oidc.Rules(), saml.Rules(), sts.Rules(), sts.FindingRules(),
		ec2.Rules(), eks.Rules(), rolesanywhere.Rules(), registration.Rules(),
		cognito.Rules(), cognito.FindingRules(), identitycenter.Rules(), signin.Rules(), verifier.Rules(), lesson.Rules())
}

// neverFail are the rules whose step only ever shows something.
var neverFail = []string{"sts/credentials", "oidc/signing-input", "eks/session", "workload/web-identity", "iam/saved", "cognito/token"}

// aboutFindings are the examples that show what AWS refuses to save or its
// validator calls an error, and the rule of that error.
var aboutFindings = map[string]string{
	"a-trust-policy-without-a-subject":         "trust/shared-provider",
	"a-lone-star-under-string-equals":          "trust/shared-provider",
	"a-provider-registered-step-by-step":       "oidc/provider-url",
	"the-action-is-that-of-another-caller":     "trust/action-for-principal",
	"a-key-written-as-a-url":                   "policy/condition-key",
	"eduperson-attributes-are-keys":            "policy/set-missing",
	"the-metadata-cannot-be-read":              "saml/provider-metadata",
	"an-old-version-reads-variables-literally": "policy/variable-version",
	"any-of-the-keys-or-all-of-them":           "policy/set-missing",
	"a-third-private-key-is-one-too-many":      "saml/private-keys",

	"circleci-has-the-organization-in-its-issuer": "policy/condition-key",
	"hcp-terraform-plans-and-applies":             "trust/shared-provider",
	"rules-choose-the-role-of-an-identity":        "cognito/pool-role",
	"a-role-that-trusts-every-identity-pool":      "trust/shared-provider",
}

// namedTwice are the rules that two packages name alike: oidc or saml refuses,
// sts makes a step of it.
var namedTwice = []string{"oidc/keys", "oidc/signature", "saml/metadata", "saml/signature"}

func TestRuleCodesAndTitles(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+/[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	for _, r := range everyRule() {
		if !form.MatchString(r.Code) {
			t.Errorf("got code %q, want area/what-is-checked", r.Code)
		}
		if seen[r.Code] && !slices.Contains(namedTwice, r.Code) {
			t.Errorf("got code %s twice, want it once", r.Code)
		}
		seen[r.Code] = true
		if r.Title == "" || strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: got title %q, want one without a full stop", r.Code, r.Title)
		}
	}
}

func TestEveryRuleIsBroken(t *testing.T) {
	broken, shown := map[string]bool{}, map[string]bool{}
	for _, e := range examples.All() {
		playedOnce(e).collect(broken, shown)
	}
	files, err := ruleFiles.ReadDir("testdata/rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := ruleFiles.ReadFile(path.Join("testdata/rules", f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		here := map[string]bool{}
		play(string(text)).collect(here, shown)
		code := strings.Replace(strings.TrimSuffix(f.Name(), ".yaml"), "-", "/", 1)
		if !here[code] {
			t.Errorf("%s: got no %s, want it broken", f.Name(), code)
		}
		for code := range here {
			broken[code] = true
		}
	}
	for _, text := range unreadable() {
		_, findings := engine.Decode(text, scenario.LimitServer)
		for _, f := range findings {
			broken[f.Rule] = true
		}
	}
	for _, r := range everyRule() {
		if !broken[r.Code] && !(slices.Contains(neverFail, r.Code) && shown[r.Code]) {
			t.Errorf("no scenario breaks %s (%s)", r.Code, r.Title)
		}
	}
}

// unreadable are texts for the rules that no file in an editor breaks.
func unreadable() []string {
	return []string{
		"",
		"title: \xff",
		"title: " + strings.Repeat("x", scenario.LimitServer),
		strings.Repeat("a: b\n", 1000),
	}
}

// play is what the engine says to a scenario: what Decode found, and the
// report where it could be played.
func play(text string) played {
	s, findings := engine.Decode(text, scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		return played{decoded: findings}
	}
	if s.Now.IsZero() {
		s.Now = clock
	}
	s.Reference = awsReference()
	if s.Lesson != nil {
		findings = slices.Concat(findings, lesson.Play(s, []string{"subject"}).Findings)
	}
	return played{findings, engine.Run(s)}
}

// exampleReports are what the engine says to the examples and lessons that were
// asked for, by their text. Many tests look at them and none changes them.
var exampleReports = map[string]played{}

func playedOnce(e examples.Example) played {
	if _, there := exampleReports[e.Source]; !there {
		exampleReports[e.Source] = play(e.Source)
	}
	return exampleReports[e.Source]
}

type played struct {
	decoded []trace.Finding
	report  engine.Report
}

func (p played) findings() []trace.Finding { return slices.Concat(p.decoded, p.report.Findings) }

// collect notes the rules that were broken, by a finding or a failed step,
// and those that were shown by a step that ran.
func (p played) collect(broken, shown map[string]bool) {
	for _, f := range p.findings() {
		broken[f.Rule] = true
	}
	var walk func([]trace.Step)
	walk = func(steps []trace.Step) {
		for i := range steps {
			s := &steps[i]
			broken[s.Rule] = broken[s.Rule] || s.Status == trace.Failed
			shown[s.Rule] = shown[s.Rule] || s.Status != trace.Skipped
			walk(s.Steps)
		}
	}
	for i := range p.report.Calls {
		walk(p.report.Calls[i].Steps)
	}
}

func TestExamplesShowErrorsOnlyOnPurpose(t *testing.T) {
	for _, e := range examples.All() {
		wanted := aboutFindings[e.Slug]
		var found bool
		for _, f := range playedOnce(e).findings() {
			found = found || f.Rule == wanted
			if f.Severity == trace.SeverityError && f.Rule != wanted {
				t.Errorf("%s: got an error of %s (%s), want none", e.Slug, f.Rule, f.Detail)
			}
		}
		if wanted != "" && !found {
			t.Errorf("%s: got no finding of %s, want one", e.Slug, wanted)
		}
	}
}
