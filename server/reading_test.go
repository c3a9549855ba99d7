package main

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stsplayground/engine"
	"stsplayground/engine/trace"
	"stsplayground/examples"
	"stsplayground/web/page"
)

// TestThePagesToReadLeadSomewhere follows every link of theirs that stays on
// the site: the examples, lessons, pages and anchors are there.
func TestThePagesToReadLeadSomewhere(t *testing.T) {
	site := testSite(t)
	anchors, links := map[string][]string{}, map[string][]string{}
	for _, r := range page.Readings {
		w := httptest.NewRecorder()
		site.handler().ServeHTTP(w, httptest.NewRequest("GET", "/"+r.Name, nil))
		if w.Code != 200 {
			t.Fatalf("/%s: got status %d, want 200", r.Name, w.Code)
		}
		doc, err := html.Parse(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				switch {
				case a.Key == "id":
					anchors["/"+r.Name] = append(anchors["/"+r.Name], a.Val)
				case a.Key == "href" && n.Data == "a":
					links["/"+r.Name] = append(links["/"+r.Name], a.Val)
				}
			}
		}
	}
	var lessons []string
	for _, l := range site.lessonTexts() {
		lessons = append(lessons, l.Slug)
	}
	for from, those := range links {
		for _, link := range those {
			to, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s: %s: %v", from, link, err)
				continue
			}
			path := to.Path
			if path == "" && to.Host == "" {
				path = from
			}
			switch slug := to.Query(); {
			case to.Host != "":
			case slug.Has("scenario"):
				if _, ok := site.choose(slug.Get("scenario")); !ok {
					t.Errorf("%s: there is no example %q", from, slug.Get("scenario"))
				}
			case slug.Has("lesson"):
				if !slices.Contains(lessons, slug.Get("lesson")) {
					t.Errorf("%s: there is no lesson %q", from, slug.Get("lesson"))
				}
			case path == "/":
			case anchors[path] == nil:
				if got := answer(site, "GET", path).StatusCode; got != 200 {
					t.Errorf("%s: got status %d of %s", from, got, path)
				}
			case to.Fragment != "" && !slices.Contains(anchors[path], to.Fragment):
				t.Errorf("%s: %s has no #%s", from, path, to.Fragment)
			}
		}
	}
}

// misconceptions are what popular articles get wrong. Each has its myth on the
// page, and for each an example of it, played, comes out as AWS is said to
// act: a call's outcome, and the step that refuses or the finding that warns.
var misconceptions = []struct {
	claim   string
	myth    string
	example string // a scenario or lesson that the myth leads to
	call    string
	outcome string
	rule    string // of a failed step, or of a finding; "" for none
}{
	{"a groups or department claim is a condition key", "groups-claim", "a-group-claim-is-no-key-and-a-session-tag-is", "groups as a claim", "failure", "trust/claim-is-no-key"},
	{"a department claim works", "groups-claim", "a-department-claim-as-aws-takes-it", "dana of engineering", "failure", "trust/condition"},
	{`"sub": "*" under StringEquals lets everybody in`, "star-under-string-equals", "a-lone-star-under-string-equals", "push to main", "failure", "trust/condition"},
	{"the discovery URL is the provider URL", "discovery-url", "a-provider-registered-step-by-step", "2: the discovery URL is registered", "failure", "oidc/issuer"},
	{"the JWKS is always at /.well-known/jwks.json", "jwks-path", "the-key-set-is-something-else", "the discovery document served as key set", "failure", "oidc/keys"},
	{"STS answers 'Token signature invalid'", "error-names", "the-signature-stops-what-was-changed", "the subject changed after signing", "failure", "oidc/signature"},
	{"STS answers 'TokenExpired'", "error-names", "the-token-is-expired", "", "failure", "oidc/expiry"},
	{"CloudTrail shows the reason of the denial", "cloudtrail", "a-subject-written-from-memory", "the branch alone", "failure", "trust/condition"},
	{"any SAML attribute is a key", "saml-attributes", "a-groups-attribute-as-aws-takes-it", "groups as an attribute", "failure", "trust/condition"},
	{"a duration that is too long is cut", "duration", "longer-than-the-role-allows", "two hours of at most one", "failure", "sts/duration"},
	{"STS rejects an aud that isn't its own", "audience", "the-audience-is-no-client-id", "for aws-access-client", "success", ""},
	{"no condition on sub is needed", "no-subject", "a-trust-policy-without-a-subject", "and so does a stranger", "success", "trust/shared-provider"},
	{"a policy without sub can be saved", "no-subject", "a-shared-provider-needs-its-condition", "only the audience", "failure", "iam/shared-provider"},
	{"repo:* is a condition that helps", "no-subject", "a-subject-that-is-too-wide", "a stranger under repo:*", "success", "trust/wide-subject"},
	{"an SCP stops OIDC assumption", "service-control-policy", "an-scp-does-not-see-the-token", "the organization turns mallory/app away", "success", ""},
	{"an RCP doesn't", "service-control-policy", "a-resource-control-policy-denies", "main of mallory/app", "failure", "organization/resource-control-policy"},
	{"IAM Identity Center is OIDC", "identity-center", "permission-sets-become-roles", "dana reads in the first account", "success", "saml/signature"},
	{"Pod Identity is OIDC", "pod-identity", "pod-identity-gives-a-pod-its-role", "a pod of team a", "success", ""},
	{"the session name identifies the caller", "session-name", "the-identity-provider-chooses-the-session-name", "the session is named by a nickname", "failure", "trust/condition"},
	{"GetFederationToken needs no policy", "get-federation-token", "a-broker-hands-out-federation-tokens", "she reads", "failure", "access/session-policy"},
	{"the thumbprint is that of the TLS leaf certificate", "thumbprint", "the-thumbprint-counts-where-the-ca-is-unknown", "a public CA and another thumbprint", "success", ""},
	{"tokens of the global endpoint hold everywhere", "endpoints", "session-tokens-of-the-global-endpoint", "in Hong Kong, which has to be enabled", "failure", "access/token-version"},
	{"Google is a custom provider", "google", "google-needs-no-registration", "a token for our app", "success", ""},
}

func TestWhatArticlesGetWrongCanBePlayed(t *testing.T) {
	myths := map[string]page.Myth{}
	for _, area := range page.ReadMyths() {
		for _, m := range area.Myths {
			myths[m.Slug] = m
		}
	}
	told := map[string]bool{}
	for _, c := range misconceptions {
		m, ok := myths[c.myth]
		told[c.myth] = true
		switch {
		case !ok:
			t.Errorf("%s: there is no myth %q", c.claim, c.myth)
			continue
		case !strings.Contains(m.Play, ":"+c.example+")"):
			t.Errorf("%s: %s doesn't lead to %s", c.claim, c.myth, c.example)
		}
		outcome, rules := came(t, c.example, c.call)
		if outcome != c.outcome || c.rule != "" && !slices.Contains(rules, c.rule) {
			t.Errorf("%s: %s: got %s with %v, want %s with %s", c.claim, c.example, outcome, rules, c.outcome, c.rule)
		}
	}
	for slug := range myths {
		if !told[slug] {
			t.Errorf("%s is told, and nothing shows it", slug)
		}
	}
}

// came is how a call of an example came out, or its only one that fails where
// none is named: the rules of the findings, and of the steps that failed, of a
// successful call of those that passed.
func came(t *testing.T, slug, name string) (outcome string, rules []string) {
	t.Helper()
	s, _ := engine.Decode(textOf(t, slug), 1<<20)
	if s.Now.IsZero() {
		s.Now = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)
	}
	r := engine.Run(s)
	for _, f := range r.Findings {
		rules = append(rules, f.Rule)
	}
	for _, call := range r.Calls {
		if call.Name != name && (name != "" || call.Outcome != "failure") {
			continue
		}
		wanted := trace.Passed
		if call.Outcome == "failure" {
			wanted = trace.Failed
		}
		var visit func(steps []trace.Step)
		visit = func(steps []trace.Step) {
			for _, step := range steps {
				if step.Status == wanted {
					rules = append(rules, step.Rule)
				}
				visit(step.Steps)
			}
		}
		visit(call.Steps)
		return call.Outcome, rules
	}
	t.Fatalf("%s: there is no call %q", slug, name)
	return "", nil
}

// textOf is an example or a lesson.
func textOf(t *testing.T, slug string) string {
	t.Helper()
	for _, e := range examples.All() {
		if e.Slug == slug {
			return e.JSON
		}
	}
	for _, course := range examples.Lessons() {
		for _, l := range course.Lessons {
			if l.Slug == slug {
				return l.JSON
			}
		}
	}
	t.Fatalf("there is no example and no lesson %q", slug)
	return ""
}

// TestTheRecordsSayNoReason holds what the page says of CloudTrail.
func TestTheRecordsSayNoReason(t *testing.T) {
	s, _ := engine.Decode(textOf(t, "a-subject-written-from-memory"), 1<<20)
	s.Now = time.Date(2026, 4, 28, 10, 30, 0, 0, time.UTC)
	record, err := json.Marshal(engine.Run(s).Calls[1].Event)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"errorCode":"AccessDenied"`, `"errorMessage":"An unknown error occurred"`, `"userName":"repo:acme/app:ref:refs/heads/main"`} {
		if !strings.Contains(string(record), want) {
			t.Errorf("got %s, want %s in it", record, want)
		}
	}
}
