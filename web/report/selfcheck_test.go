package report_test

import (
	"context"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
	"stsplayground/web/report"
)

func TestAPageThatSaysWhatHappensIsChecked(t *testing.T) {
	refused := check("trust/condition", "The trust policy's conditions match", trace.Failed, "", "", "")
	calls := []engine.CallReport{
		{Name: "push to main", Outcome: "success"},
		{Name: "a pull request", Outcome: "failure", Error: &trace.Error{Code: "AccessDenied"}, Steps: []trace.Step{refused}},
		{Outcome: "success", Expected: &scenario.Expect{Outcome: "success"}, Met: yes(true)},
	}
	tests := []struct{ name, says, want, met string }{
		{"one word is about the first call", "allow", "✓ as this page says: “push to main” succeeds.", "true"},
		{"its other word", "success", "✓ as this page says: “push to main” succeeds.", "true"},
		{"an outcome that isn't so", "deny", "✗ not as this page says: “push to main” should be refused, and succeeds.", "false"},
		{"a code implies a refusal", "AccessDenied", "should be refused with AccessDenied, and succeeds.", "false"},
		{"a part a call", "allow, deny", "✓ as this page says: “a pull request” is refused with AccessDenied at trust/condition.", "true"},
		{"all words of a part hold", "-, deny AccessDenied trust/condition", "✓ as this page says: “a pull request”", "true"},
		{"one of them doesn't", "-, deny InvalidIdentityToken", "should be refused with InvalidIdentityToken, and is refused with AccessDenied", "false"},
		{"another step", "-, oidc/audience", "should be refused at oidc/audience, and is refused with AccessDenied at trust/condition.", "false"},
		{"a call without a name has its number", "-,-,deny", "“call 3” should be refused, and succeeds.", "false"},
		{"more than there is", "-,-,-,allow", "it speaks of 4 calls, and 3 calls can be played.", "false"},
		{"a word that says nothing", "alow", "“alow” is none of allow, deny, an error’s code and the rule of a step.", "false"},
		{"the scenario's own word", "", "✓ as the scenario expects: 1 call.", "true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			html, words := selfChecked(t, engine.Report{Calls: calls}, tt.says)
			if !strings.Contains(words, tt.want) || !strings.Contains(html, `data-met="`+tt.met+`"`) {
				t.Errorf("got %s\n%s, want %q, met %s", words, html, tt.want, tt.met)
			}
		})
	}
	calls[2].Met = yes(false)
	if _, words := selfChecked(t, engine.Report{Calls: calls}, ""); !strings.Contains(words, "✗ not as the scenario expects: “call 3”.") {
		t.Errorf("got %q, want the call that isn't as expected", words)
	}
	if html, _ := selfChecked(t, engine.Report{Calls: calls[:1]}, " "); !strings.Contains(html, "hidden") || strings.Contains(html, "data-met") {
		t.Errorf("got %q, want nothing where nothing is expected", html)
	}
}

// selfChecked is the part, and its words.
func selfChecked(t *testing.T, r engine.Report, says string) (html, words string) {
	t.Helper()
	var b strings.Builder
	if err := report.SelfCheck(r, says).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String(), strings.Join(strings.Fields(text(parse(t, b.String())[0])), " ")
}
