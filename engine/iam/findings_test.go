package iam

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stsplayground/engine/jsonpatch"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

func TestMistakesAreFound(t *testing.T) {
	for _, m := range mistakes {
		marked := document(m.bad)
		before, after, found := strings.Cut(marked, "§")
		if !found {
			t.Fatalf("%s: no § says where the finding is", m.says)
		}
		line, column := strings.Count(before, "\n")+1, len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))+1
		bad := before + after
		_, findings := ParseText(bad, m.kind)
		i := slices.IndexFunc(findings, func(f trace.Finding) bool {
			return f.Rule == m.rule && f.At.Line == line && f.At.Column == column
		})
		if i < 0 {
			t.Errorf("%s: got %s want %s at %d:%d", m.says, describe(findings), m.rule, line, column)
			continue
		}
		f := findings[i]
		if f.Severity != m.severity || f.Cite.URL == "" || f.Title == "" {
			t.Errorf("%s: got %s %q (%s) want %s with a title and a page", m.says, f.Severity, f.Title, f.Cite.URL, m.severity)
		}
		if !strings.Contains(f.Detail, m.detail) || !strings.HasSuffix(f.Detail, ".") && !strings.Contains(f.Detail, "AWS's message") {
			t.Errorf("%s: got detail %q want %q in a sentence", m.says, f.Detail, m.detail)
		}
		if got := rulesOf(slices.Delete(slices.Clone(findings), i, i+1)); got != m.also {
			t.Errorf("%s: got also %q want %q", m.says, got, m.also)
		}
		if got := describeFix(f.Fix); got != m.fix {
			t.Errorf("%s: got fix %q want %q", m.says, got, m.fix)
			continue
		}
		if len(f.Fix) > 0 {
			fixed := applyPatch(t, bad, f.Fix)
			if _, left := ParseText(fixed, m.kind); hasFinding(left, f.Rule, f.At.Path) {
				t.Errorf("%s: got %s again in %s", m.says, f.Rule, fixed)
			}
		} else if m.good == "" {
			t.Errorf("%s: got neither a fix nor a good policy", m.says)
		}
		if m.good != "" {
			if _, left := ParseText(document(m.good), m.kind); slices.ContainsFunc(left, func(g trace.Finding) bool { return g.Rule == m.rule }) {
				t.Errorf("%s: got %s of the good policy", m.says, describe(left))
			}
		}
	}
}

// hasFinding: the rule is still broken at the place; "" is the document.
func hasFinding(findings []trace.Finding, rule, path string) bool {
	return slices.ContainsFunc(findings, func(f trace.Finding) bool { return f.Rule == rule && f.At.Path == path })
}

func rulesOf(findings []trace.Finding) string {
	codes := make([]string, len(findings))
	for i, f := range findings {
		codes[i] = f.Rule
	}
	return strings.Join(codes, " ")
}

func describe(findings []trace.Finding) string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Rule+" at "+f.At.Path+" ("+strconv.Itoa(f.At.Line)+":"+strconv.Itoa(f.At.Column)+")")
	}
	return strings.Join(all, ", ")
}

func describeFix(fix []trace.Patch) string {
	var all []string
	for _, p := range fix {
		all = append(all, p.Op+" "+p.Path)
	}
	return strings.Join(all, ", ")
}

// applyPatch applies a JSON Patch (RFC 6902) to a JSON text.
func applyPatch(t *testing.T, text string, patch []trace.Patch) string {
	t.Helper()
	encoded, err := json.Marshal(patch)
	if err != nil {
		t.Fatal(err)
	}
	document, wrong := source.ParseJSON(text)
	operations, unread := source.ParseJSON(string(encoded))
	if wrong != nil || unread != nil {
		t.Fatalf("got %v and %v of %s", wrong, unread, text)
	}
	if _, misfit := jsonpatch.Change(&document, &operations); misfit != nil {
		t.Fatalf("%s: %s", misfit.By, misfit.Why)
	}
	return document.JSON("")
}

func TestGoodPoliciesHaveNoFindings(t *testing.T) {
	for says, c := range map[string]struct {
		kind Kind
		text string
	}{
		"GitHub Actions":                    {TrustPolicy, `{"Version":"2012-10-17","Statement":[` + trustIf(`"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:o/r:*"}`) + `]}`},
		"several operations and principals": {TrustPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:root"],"Service":"ec2.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`},
		"Google":                            {TrustPolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity"}}`},
		"sets with Null":                    {IdentityPolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a"]},"Null":{"aws:TagKeys":false}}}}`},
		"as IAM returns it":                 {IdentityPolicy, `%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D`},
		"a repository policy":               {ResourcePolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}}`},
		"the full language in an SCP":       {ServiceControlPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},{"Effect":"Allow","Action":"iam:*Role","Resource":"arn:aws:iam::*:role/x","Condition":{"StringEquals":{"aws:PrincipalTag/team":"web"}}}]}`},
		"RCPFullAWSAccess":                  {ResourceControlPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`},
	} {
		policy, findings := ParseText(c.text, c.kind)
		if len(findings) > 0 || len(policy.Statements) == 0 {
			t.Errorf("%s: got %s want nothing", says, describe(findings))
		}
	}
}

func TestEveryRuleHasAMistake(t *testing.T) {
	shown := map[string]bool{}
	for _, m := range mistakes {
		shown[m.rule] = true
	}
	for _, m := range nameMistakes {
		shown[m.rule] = true
	}
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.Code] || strings.HasSuffix(r.Title, ".") || r.Code != strings.ToLower(r.Code) {
			t.Errorf("rule %q: its code or its title is not as it should be", r.Code)
		}
		seen[r.Code] = true
		if !shown[r.Code] {
			t.Errorf("rule %s: no mistake shows it", r.Code)
		}
	}
}

func TestFindingsKnowTheirPlace(t *testing.T) {
	text := "{\"Version\": \"2012-10-17\",\n \"Statement\": [{\n  \"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"123456789012\"}, \"Action\": \"sts:AssumeRole\",\n  \"Condition\": {\"StringEquals\": {\n    \"k:a\": [\"x\",\n      \"y*\"]}}}]}"
	policy, findings := ParseText(text, TrustPolicy)
	want := trace.At{Path: "/Statement/0/Condition/StringEquals/k:a/1", Line: 6, Column: 7}
	if len(findings) != 1 || findings[0].At != want {
		t.Errorf("got %+v want one at %+v", findings, want)
	}
	c := policy.Statements[0].Conditions[0]
	if c.At.Line != 5 || c.At.Column != 5 || c.Values[1].At != want {
		t.Errorf("got key at %+v and value at %+v", c.At, c.Values[1].At)
	}
}
