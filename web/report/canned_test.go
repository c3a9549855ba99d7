package report_test

import (
	"stsplayground/engine"
	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// The reports below are what the engine says, shortened to what drawing needs.

const (
	issuer   = "https://token.actions.githubusercontent.com"
	provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
	subKey   = "token.actions.githubusercontent.com:sub"
	audKey   = "token.actions.githubusercontent.com:aud"
	branch   = "repo:acme/app:ref:refs/heads/main"
	pull     = "repo:acme/app:pull_request"
	policyAt = "/accounts/123456789012/Roles/0/AssumeRolePolicyDocument"
	digest   = "9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a"
	other    = "9f64a747e1b97f131fabb6b4472900000f0201e79fb3c5356e6c77e89b6a806a"
	compact  = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImRlbW8iLCJ0eXAiOiJKV1QifQ.eyJhdWQiOiJzdHMuYW1hem9uYXdzLmNvbSIsInN1YiI6InJlcG86YWNtZS9hcHA6cHVsbF9yZXF1ZXN0In0.Zm9v"
)

func yes(b bool) *bool { return &b }

func policyLine(pointer string, line int) *trace.At {
	return &trace.At{Path: policyAt + pointer, Within: &trace.Within{Path: pointer, Line: line, Column: 9}}
}

func check(rule, title string, status trace.Status, expected, found, why string, children ...trace.Step) trace.Step {
	return trace.Step{
		Rule: rule, Title: title, Status: status, Expected: expected, Found: found, Why: why,
		Cite: trace.RFC("7519", "4.1"), Steps: children,
	}
}

func modelled(s trace.Step) trace.Step { return *s.AsModelled() }

func walked() []trace.Step {
	input := compact[:len(compact)-len(".Zm9v")]
	return []trace.Step{
		check("sts/parameters", "The request's parameters keep to the API's constraints", trace.Passed, "", "RoleArn, RoleSessionName, WebIdentityToken", "Each parameter is as long and as spelled as the API wants."),
		check("sts/role-arn", "RoleArn is the ARN of a role", trace.Passed, "arn:aws:iam::ACCOUNT:role/NAME", "arn:aws:iam::123456789012:role/deploy", "It names role deploy in account 123456789012."),
		check("oidc/token", "The token is a JSON Web Token", trace.Passed, "three parts", "three parts", "Header, claims and signature are in place."),
		check("oidc/algorithm", "AWS accepts the algorithm", trace.Passed, "RS256, RS384, RS512, ES256, ES384 or ES512", "RS256", ""),
		check("oidc/claims", "The required claims are there", trace.Passed, "iss, sub, aud, exp, iat", "iss, sub, aud, exp, iat", ""),
		check("oidc/expiry", "The token is used within its time", trace.Warned, "before 2026-04-28T10:35:00Z", "2026-04-28T10:30:00Z", "The token expires in 5 minutes.",
			check("oidc/exp", "The moment is before exp", trace.Passed, "", "", "")),
		check("oidc/issuer", "An OIDC provider is registered for the issuer", trace.Passed, issuer, issuer, ""),
		check("oidc/audience", "The audience is a client ID of the provider", trace.Passed, "sts.amazonaws.com", "sts.amazonaws.com", ""),
		check("oidc/keys", "The provider's key for this token is at hand", trace.Passed, "a key with kid demo", "demo, RSA 2048 bits", ""),
		check("oidc/signature", "The provider's key verifies the signature", trace.Passed, "", "", "RS256 with key demo.",
			check("oidc/signing-input", "The signing input is the first two segments as sent", trace.Passed, "", input, ""),
			check("oidc/digest", "The digest in the signature equals the digest of the signing input", trace.Passed, "SHA-256 of the signing input: "+digest, "recovered from the signature: "+digest, "")),
		check("sts/session-tags", "The session tags in the token are well formed", trace.Passed, "", "no tags", ""),
		check("sts/source-identity", "The source identity in the token is well formed", trace.Passed, "", "none", ""),
		modelled(check("sts/roles-claim", "The token's list of roles, if any, has this role", trace.Passed, "", "no list", "")),
		check("sts/duration", "DurationSeconds is within the role's maximum", trace.Passed, "at most 3600", "3600, the default", ""),
		check("sts/role", "The role exists in the account", trace.Passed, "deploy", "deploy", ""),
		check("trust/principal", "The trust policy names the provider as its principal", trace.Passed, provider, provider, ""),
		check("trust/action", "The trust policy allows the operation", trace.Passed, "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithWebIdentity", ""),
		check("trust/condition", "The trust policy's conditions hold", trace.Passed, branch, branch, ""),
		check("trust/deny", "No Deny statement of the trust policy applies", trace.Passed, "", "", "The policy has no Deny statement."),
		check("sts/session-policy", "The session policies are well formed and small enough", trace.Passed, "", "none", ""),
		check("sts/credentials", "Temporary credentials are issued", trace.Passed, "", "ASIAQEIEMJ3XXXXXXXXX", ""),
	}
}

func ladder(failed int) []engine.Rung {
	questions := []string{"Was a token issued?", "Are its claims as expected?", "Is the provider registered?", "Do sub and aud match?", "Do the permissions suffice?"}
	rungs := make([]engine.Rung, len(questions))
	for i, q := range questions {
		rungs[i] = engine.Rung{Question: q, Status: trace.Passed, Rules: []string{"oidc/token"}}
		switch {
		case i == failed:
			rungs[i].Status = trace.Failed
		case failed >= 0 && i > failed:
			rungs[i].Status = trace.Skipped
		}
	}
	return rungs
}

func tokenView() *sts.TokenView {
	return &sts.TokenView{
		Compact:   compact,
		Header:    "{\n  \"alg\": \"RS256\",\n  \"kid\": \"demo\",\n  \"typ\": \"JWT\"\n}",
		Payload:   "{\n  \"aud\": \"sts.amazonaws.com\",\n  \"sub\": \"" + pull + "\"\n}",
		Signature: digest + other + digest + other,
		Claims: []sts.ClaimView{
			{Name: "iss", Value: `"` + issuer + `"`, Meaning: "who issued the token"},
			{Name: "aud", Value: `"sts.amazonaws.com"`, Meaning: "whom the token is for", Key: audKey},
			{Name: "sub", Value: `"` + pull + `"`, Meaning: "whom the token is about", Key: subKey},
			{Name: "exp", Value: "1777372500", Meaning: "2026-04-28T10:35:00Z, 5 minutes after the call"},
			{Name: "iat", Value: "1777372200", Meaning: "2026-04-28T10:30:00Z, the moment of the call"},
			{Name: "repository", Value: `"acme/app"`, Key: "token.actions.githubusercontent.com:repository"},
			{Name: "event_name", Value: `"pull_request"`},
		},
	}
}

func statement(applies bool, found string) iam.StatementDecision {
	sub := iam.ConditionDecision{
		Operator: "StringEquals", Key: subKey, Wanted: []string{branch}, Found: []string{found}, Matched: applies,
		Values: []iam.ValueDecision{{Wanted: branch, Found: found, Matched: applies}},
		At:     policyLine("/Statement/0/Condition/StringEquals/"+subKey, 12),
	}
	if !applies {
		sub.Why = "The policy wants the branch main; the token is for a pull request."
	}
	return iam.StatementDecision{
		Index: 0, Sid: "GitHub", Effect: "Allow", Applies: applies,
		Principal: iam.ElementDecision{Element: "Principal", Wanted: []string{provider}, Found: provider, Matched: true, At: policyLine("/Statement/0/Principal", 7)},
		Action:    iam.ElementDecision{Element: "Action", Wanted: []string{"sts:AssumeRoleWithWebIdentity"}, Found: "sts:AssumeRoleWithWebIdentity", Matched: true, At: policyLine("/Statement/0/Action", 8)},
		Resource:  iam.ElementDecision{Matched: true},
		Conditions: []iam.ConditionDecision{sub, {
			Operator: "StringEquals", Key: audKey, Wanted: []string{"sts.amazonaws.com"}, Found: []string{"sts.amazonaws.com"}, Matched: true,
			Values: []iam.ValueDecision{{Wanted: "sts.amazonaws.com", Found: "sts.amazonaws.com", Matched: true}},
			At:     policyLine("/Statement/0/Condition/StringEquals/"+audKey, 11),
		}},
		At: policyLine("/Statement/0", 4),
	}
}

func decided(effect iam.Effect, st ...iam.StatementDecision) *iam.Decision {
	return &iam.Decision{
		Effect: effect, By: "role trust policy",
		Policies: []iam.PolicyDecision{{Type: "role trust policy", Name: "deploy", Effect: effect, Statements: st}},
	}
}

// success is the ordinary good case.
func success() engine.Report {
	return engine.Report{
		Title: "GitHub Actions deploys from main", Met: yes(true),
		Calls: []engine.CallReport{{
			Name: "push to main", Action: "sts:AssumeRoleWithWebIdentity", At: "2026-04-28T10:30:00Z", Outcome: "success",
			Verdict: "STS hands out credentials for role deploy, for one hour.",
			Steps:   walked(), Ladder: ladder(-1), Token: tokenView(),
			Decision: decided(iam.Allow, statement(true, branch)),
			Response: map[string]any{"Credentials": map[string]any{"AccessKeyId": "ASIAQEIEMJ3XXXXXXXXX", "Expiration": "2026-04-28T11:30:00Z"}, "Audience": "sts.amazonaws.com"},
			Session: &sts.Session{
				ARN: "arn:aws:sts::123456789012:assumed-role/deploy/ci", UserID: "AROAQEIEMJ3XXXXXXXXXX:ci",
				Issued: "2026-04-28T10:30:00Z", Expires: "2026-04-28T11:30:00Z",
				Tags: map[string]string{"team": "web", "cost": "42"}, TransitiveTagKeys: []string{"team"}, SourceIdentity: "alice",
				Context: map[string]any{subKey: branch},
			},
			Event:    map[string]any{"eventName": "AssumeRoleWithWebIdentity", "eventSource": "sts.amazonaws.com"},
			Expected: &scenario.Expect{Outcome: "success"}, Met: yes(true),
		}},
	}
}

// nearMiss fails at the trust policy's condition, by one part of sub.
func nearMiss() engine.Report {
	r := success()
	r.Met = yes(false)
	c := &r.Calls[0]
	c.Outcome, c.Verdict = "failure", "The policy wants sub "+branch+"; the token says "+pull+"."
	c.Error = &trace.Error{Code: "AccessDenied", Message: "Not authorized to perform sts:AssumeRoleWithWebIdentity", Status: 403, Type: "Sender"}
	for i := range c.Steps {
		switch c.Steps[i].Rule {
		case "trust/condition":
			c.Steps[i] = check("trust/condition", "The trust policy's conditions hold", trace.Failed, branch, pull, "No Allow statement's conditions hold for this token.")
			c.Steps[i].At = policyLine("/Statement/0/Condition", 9)
		case "sts/credentials":
			c.Steps[i] = check("sts/credentials", "Temporary credentials are issued", trace.Skipped, "", "", "No credentials are issued to a caller that the trust policy doesn't let in.")
		}
	}
	c.Ladder = ladder(3)
	c.Decision = decided(iam.ImplicitDeny, statement(false, pull))
	c.Decision.Missing = []string{"aws:SourceVpc"}
	c.Response, c.Session = nil, nil
	c.Advice = []trace.Advice{
		{Title: "Allow pull requests too", Why: "Adds " + pull + " to the values of " + subKey + ".", Widens: "Every pull request of acme/app, from branches of the repository itself.", Fix: []trace.Patch{{Op: "add", Path: policyAt + "/Statement/0/Condition/StringEquals/" + subKey, Value: []string{branch, pull}}}},
		{Title: "Run the workflow on a push to main", Why: "Then the token's sub is the one that the policy wants."},
	}
	c.Met = yes(false)
	return r
}

// badSignature fails at the signature; what would read the claims is skipped.
func badSignature() engine.Report {
	r := nearMiss()
	c := &r.Calls[0]
	c.Verdict = "The signature isn't from the provider's key."
	c.Error = &trace.Error{Code: "InvalidIdentityToken", Message: "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements", Status: 400, Type: "Sender"}
	reached := true
	for i, s := range c.Steps {
		switch {
		case s.Rule == "oidc/signature":
			s.Status, s.Why, reached = trace.Failed, "The digest in the signature is that of other bytes.", false
			s.Steps = append([]trace.Step(nil), s.Steps...)
			s.Steps[1].Status, s.Steps[1].Found = trace.Failed, "recovered from the signature: "+other
			c.Steps[i] = s
		case !reached && s.Rule != "sts/duration":
			c.Steps[i] = check(s.Rule, s.Title, trace.Skipped, "", "", "The claims can't be relied on.")
		}
	}
	c.Decision, c.Advice, c.Ladder = nil, nil, ladder(1)
	c.Event, c.EventWhy = nil, "CloudTrail records no call whose token names nobody."
	return r
}

// onTrust succeeds if the signature is good, which nothing was given to check.
func onTrust() engine.Report {
	r := success()
	c := &r.Calls[0]
	c.Assumed = []string{"oidc/signature"}
	c.Verdict = "STS would hand out credentials for role deploy, if the signature is good."
	for i, s := range c.Steps {
		if s.Rule == "oidc/signature" {
			c.Steps[i] = check(s.Rule, s.Title, trace.Assumed, "", "", "No key of the issuer is at hand.")
		}
	}
	return r
}

// found has findings of every severity, and a second call.
func found() engine.Report {
	r := nearMiss()
	r.Calls = append(r.Calls, success().Calls[0])
	r.Findings = []trace.Finding{
		{Rule: "trust/subject-missing", Severity: trace.SeverityError, Title: "The trust policy names no subject", Detail: "Any repository on GitHub gets in.", At: *policyLine("/Statement/0", 4), Fix: []trace.Patch{{Op: "remove", Path: policyAt + "/Statement/0"}}, Cite: trace.Cite{Title: "IAM User Guide", URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/"}},
		{Rule: "trust/wildcard", Severity: trace.SeverityWarning, Title: "A wildcard under StringEquals is a plain character", At: trace.At{Path: policyAt}},
		{Rule: "scenario/note", Severity: trace.SeverityInfo, Title: "The moment was filled in", Detail: "The scenario has none."},
	}
	return r
}
