package iam

import (
	"encoding/json"
	"testing"
)

var kinds = []Kind{
	TrustPolicy, IdentityPolicy, ResourcePolicy, PermissionsBoundary, SessionPolicy,
	ServiceControlPolicy, ResourceControlPolicy, EndpointPolicy,
}

func FuzzParse(f *testing.F) {
	for _, r := range conformance {
		f.Add(r.doc())
	}
	for _, c := range mistakes {
		f.Add(c.doc())
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range kinds {
			policy, findings := ParseText(text, kind)
			for _, finding := range findings {
				if finding.Detail == "" || finding.Title == "" || finding.At.Line < 1 || finding.At.Column < 1 || finding.Fix == nil {
					t.Fatalf("got finding %+v want a detail, a place and a fix", finding)
				}
			}
			agree(t, policy, benchmarkRequest())
		}
	})
}

func FuzzDecide(f *testing.F) {
	f.Add("StringLike", "repo:o/*", "repo:o/r")
	f.Add("ForAnyValue:NumericLessThanEqualsIfExists", "1e3", "-0.5")
	f.Add("DateGreaterThan", "2026-04-28T10:30:00Z", "1577836800")
	f.Add("NotIpAddress", "2001:db8::/32", "::1")
	f.Add("ArnNotLike", "arn:aws:iam::*:role/${k:a, 'x'}", "arn:aws:iam::1:role/x")
	f.Add("BinaryEquals", "QQ==", "QQ==")
	f.Add("Null", "true", "\xff")
	f.Fuzz(func(t *testing.T, operator, wanted, found string) {
		for _, effect := range []string{"Allow", "Deny"} {
			text, err := json.Marshal(map[string]any{
				"Version": Version2012,
				"Statement": map[string]any{
					"Effect": effect, "Action": "*", "Resource": wanted,
					"Condition": map[string]any{operator: map[string]any{"k:a": []string{wanted, "x"}}},
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			policy, _ := ParseText(string(text), IdentityPolicy)
			for _, request := range []*Request{
				asked(), askedFor("a:b", found, "k:a="+found), asked("k:a[]=" + found + "|y"), asked("k:a[]"),
			} {
				agree(t, policy, request)
			}
		}
	})
}

// FuzzAuthorization gives every type of policy what text there is: the answer
// and its explanation agree, and neither a boundary nor a session policy more
// allows what was denied.
func FuzzAuthorization(f *testing.F) {
	m := newMaker(41)
	for i := range 20 {
		f.Add(m.policy(ResourcePolicy).String(), m.policy(IdentityPolicy).String(), m.policy(PermissionsBoundary).String(), m.policy(ServiceControlPolicy).String(), byte(i))
	}
	for _, c := range mistakes {
		f.Add(c.doc(), c.doc(), `{"Version":"2012-10-17","Statement":[`+allowIf("")+`]}`, "", byte(0xff))
	}
	f.Fuzz(func(t *testing.T, resource, identity, ceiling, organization string, choices byte) {
		attached := func(text string, kind Kind) []Attached {
			policy, _ := ParseText(text, kind)
			return []Attached{{string(kind), policy}}
		}
		kind := ResourcePolicy
		if choices&1 != 0 {
			kind = TrustPolicy
		}
		a := &Authorization{
			Request: *benchmarkRequest(), Resource: attached(resource, kind), Identity: attached(identity, IdentityPolicy),
			CrossAccount: choices&2 != 0, Root: choices&4 != 0, ResourceMustAllow: choices&8 != 0,
		}
		if choices&16 != 0 {
			a.Request.Principal = deploy
		}
		if choices&32 != 0 {
			a.ServiceControl = [][]Attached{attached(organization, ServiceControlPolicy), attached(ceiling, ServiceControlPolicy)}
			a.ResourceControl = [][]Attached{attached(organization, ResourceControlPolicy)}
		}
		if choices&64 != 0 {
			a.Endpoint = attached(ceiling, EndpointPolicy)
		}
		if choices&128 != 0 {
			a.Resource = nil
		}
		before := a.Decide()
		agreeTogether(t, a)
		limited := *a
		limited.Boundary, limited.Session = attached(ceiling, PermissionsBoundary), attached(organization, SessionPolicy)
		agreeTogether(t, &limited)
		if got := limited.Decide(); before.Effect != Allow && got.Effect == Allow {
			t.Fatalf("a boundary and a session policy more turn %v into Allow", before.Effect)
		}
	})
}
