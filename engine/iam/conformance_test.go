package iam

import (
	"embed"
	"testing"
)

// conformanceFiles are AWS's documentation, sentence by sentence: a file a
// page, a section an anchor, a row one sentence that decides something, with
// a case of our own and the answer. A row about one policy has, in order:
//
//	says       the sentence's gist and the case, the test's name
//	modelled   true where AWS's words leave the answer open
//	kind       of the policy, an identity-based one unless it says so
//	allow if   a condition under which one statement allows everything, or
//	deny if    everything is allowed, and denied under this condition, or
//	statement, statements, document: what these names say
//	action, resource, principal, keys: the request, that of asked() by default
//	want       the effect
//
// A row about every type of policy together has them by type instead, each
// type one policy or a list of them (service control and resource control: a
// list a level). A policy is a statement, or in words "allow", "deny" (each
// everything, to everyone) or "silent" (about something else), followed where
// one is meant by an AWS principal. It has besides:
//
//	root, cross account, resource must allow   as in Authorization
//	by         the type of policy that decides
//	error      AWS's sentence, where it is documented
//
//go:embed testdata/conformance/*.yaml
var conformanceFiles embed.FS

// A row is one documented sentence as a case: one policy, a request, and the
// answer. policy is the statements alone, or a whole document.
type row struct {
	says    string
	cite    string
	kind    Kind
	policy  string
	whole   bool
	request *Request
	want    Effect
}

// A togetherRow is a sentence about several types of policy.
type togetherRow struct {
	says          string
	cite          string
	authorization *Authorization
	want          Effect
	by            Kind
	error         string
}

var conformance, together = readConformance()

func TestConformance(t *testing.T) {
	for _, r := range conformance {
		t.Run(r.says, func(t *testing.T) {
			policy, _ := ParseText(r.doc(), r.kind)
			if got := policy.Decide(r.request); got != r.want {
				t.Errorf("got %v want %v (%s)\n\t%s", got, r.want, r.cite, r.policy)
			}
			agree(t, policy, r.request)
		})
	}
}

func TestConformanceTogether(t *testing.T) {
	for _, r := range together {
		t.Run(r.says, func(t *testing.T) {
			got := r.authorization.Decide()
			if got.Effect != r.want || got.By != r.by {
				t.Errorf("got %v by %q want %v by %q (%s)", got.Effect, got.By, r.want, r.by, r.cite)
			}
			explained := agreeTogether(t, r.authorization)
			q := &r.authorization.Request
			if r.error == "" {
				return
			}
			if got := explained.AccessDenied(q.Principal.AWS[0], q.Action, q.Resource); got != r.error {
				t.Errorf("got %q\nwant %q (%s)", got, r.error, r.cite)
			}
		})
	}
}

// Every sentence stands once, and there are as many as were promised.
func TestConformanceIsWhole(t *testing.T) {
	seen := map[string]bool{}
	note := func(says string) {
		if seen[says] || says == "" {
			t.Errorf("%q: stands twice or says nothing", says)
		}
		seen[says] = true
	}
	for _, r := range conformance {
		note(r.says)
	}
	for _, r := range together {
		note(r.says)
	}
	if len(seen) < 300 {
		t.Errorf("got %d rows want at least 300", len(seen))
	}
}
