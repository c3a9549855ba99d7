package idp

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"
)

func TestSessionNamesAreWhatAWSTakes(t *testing.T) {
	for name, want := range map[string]string{
		"dana@example.com": "dana@example.com", "": "--", "d": "d-", "ä b": "--b", `A\b`: "A-b",
		strings.Repeat("x", 70): strings.Repeat("x", 64),
	} {
		if got := sessionName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestAttributes(t *testing.T) {
	role := attribute{attrRole, []string{aws.RoleArn + "," + aws.PrincipalArn}}
	session := attribute{attrRoleSessionName, []string{"dana@example.com"}}
	tests := map[string]struct {
		given string
		want  []attribute
	}{
		"a short name stands for AWS's, in the profile's place": {
			`{"RoleSessionName":"ci"}`, []attribute{role, {attrRoleSessionName, []string{"ci"}}},
		},
		"so does the full name": {
			`{"https://aws.amazon.com/SAML/Attributes/RoleSessionName":"ci"}`, []attribute{role, {attrRoleSessionName, []string{"ci"}}},
		},
		"a list has several values": {
			`{"Role":["a,b","c,d"]}`, []attribute{{attrRole, []string{"a,b", "c,d"}}, session},
		},
		"numbers and booleans are texts as they are written": {
			`{"SessionDuration":3600,"x":[true,1.50]}`, []attribute{role, session, {attrSessionDuration, []string{"3600"}}, {"x", []string{"true", "1.50"}}},
		},
		"null removes one": {`{"Role":null,"other":null}`, []attribute{session}},
		"an empty list has no values": {
			`{"mail":[]}`, []attribute{role, session, {"mail", nil}},
		},
		"tags": {
			`{"PrincipalTag:Team":"web","TransitiveTagKeys":["Team"],"SourceIdentity":"dana"}`,
			[]attribute{role, session,
				{awsAttribute + "SourceIdentity", []string{"dana"}},
				{awsAttribute + "TransitiveTagKeys", []string{"Team"}},
				{awsAttribute + "PrincipalTag:Team", []string{"web"}},
			},
		},
		"other names are taken as they are": {
			`{"eduPersonPrincipalName":"d@e.org","urn:oid:2.5.4.3":"Dana","role":"x"}`,
			[]attribute{role, session, {"eduPersonPrincipalName", []string{"d@e.org"}}, {"urn:oid:2.5.4.3", []string{"Dana"}}, {"role", []string{"x"}}},
		},
		"a name that is written twice stays twice": {
			`{"Role":"a","Role":"b","https://aws.amazon.com/SAML/Attributes/Role":"c"}`,
			[]attribute{{attrRole, []string{"a"}}, session, {attrRole, []string{"b"}}, {attrRole, []string{"c"}}},
		},
		"white space survives": {
			`{"Role":" a\r\n,\tb "}`, []attribute{{attrRole, []string{" a\r\n,\tb "}}, session},
		},
		"attributes may be written as text": {
			`"{\"RoleSessionName\":\"ci\"}"`, []attribute{role, {attrRoleSessionName, []string{"ci"}}},
		},
		"what XML can't hold becomes U+FFFD": {
			`{"x":"a\u0000b"}`, []attribute{role, session, {"x", []string{"a\ufffdb"}}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root := parsed(t, mintedResponse(t, response(t, tt.given, "")))
			if got := attributesOf(root); !slices.EqualFunc(got, tt.want, equalAttributes) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			key := Assign(nil).signer(nil, entityID)
			certificate, err := x509.ParseCertificate(key.certificate())
			if err != nil {
				t.Fatal(err)
			}
			if signed := validated(t, assertionOf(root), certificate); signed == nil {
				t.Error("the signature isn't good")
			}
		})
	}
	t.Run("without any there is no statement", func(t *testing.T) {
		root := parsed(t, mintedResponse(t, response(t, `{"Role":null,"RoleSessionName":null}`, "")))
		if find(assertionOf(root), "AttributeStatement") != nil {
			t.Error("got an AttributeStatement, want none")
		}
	})
}

func TestTimes(t *testing.T) {
	tests := map[string]struct {
		given string
		want  map[string]string
	}{
		"relative ones count from the call": {
			`{"notBefore":"-2d","notOnOrAfter":"+1h30m"}`,
			map[string]string{"Conditions/NotBefore": "2026-04-26T10:30:00Z", "Conditions/NotOnOrAfter": "2026-04-28T12:00:00Z"},
		},
		"an RFC 3339 time is written in UTC": {
			`{"notBefore":"2026-04-28T12:00:00+02:00"}`, map[string]string{"Conditions/NotBefore": "2026-04-28T10:00:00Z"},
		},
		"a response is issued once, and the sign-in was then": {
			`{"issueInstant":"-6m"}`,
			map[string]string{"Response/IssueInstant": "2026-04-28T10:24:00Z", "Assertion/IssueInstant": "2026-04-28T10:24:00Z", "Authn/AuthnInstant": "2026-04-28T10:24:00Z", "Conditions/NotBefore": "2026-04-28T10:25:00Z"},
		},
		"the sign-in may have been before": {
			`{"authnInstant":"-8h","sessionNotOnOrAfter":"+30m"}`,
			map[string]string{"Authn/AuthnInstant": "2026-04-28T02:30:00Z", "Authn/SessionNotOnOrAfter": "2026-04-28T11:00:00Z", "Assertion/IssueInstant": "2026-04-28T10:30:00Z"},
		},
		"the confirmation follows the conditions": {
			`{"notOnOrAfter":"+1h"}`, map[string]string{"Confirmation/NotOnOrAfter": "2026-04-28T11:30:00Z"},
		},
		"unless it is described": {
			`{"notOnOrAfter":"+1h","confirmationNotOnOrAfter":"-1m"}`,
			map[string]string{"Conditions/NotOnOrAfter": "2026-04-28T11:30:00Z", "Confirmation/NotOnOrAfter": "2026-04-28T10:29:00Z"},
		},
		"null leaves one out": {
			`{"notBefore":null,"notOnOrAfter":null,"confirmationNotOnOrAfter":null,"authnInstant":null,"issueInstant":null}`,
			map[string]string{"Conditions/NotBefore": "", "Conditions/NotOnOrAfter": "", "Confirmation/NotOnOrAfter": "", "Authn/AuthnInstant": "", "Assertion/IssueInstant": ""},
		},
		"what is left out of the conditions stays in the confirmation": {
			`{"notOnOrAfter":null}`, map[string]string{"Conditions/NotOnOrAfter": "", "Confirmation/NotOnOrAfter": "2026-04-28T10:35:00Z"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := said(t, parsed(t, mintedResponse(t, response(t, "", tt.given))))
			for name, want := range tt.want {
				if got[name] != want {
					t.Errorf("%s: got %q, want %q", name, got[name], want)
				}
			}
		})
	}
}
