package oidc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClaimsAreTakenAsTheyAre(t *testing.T) {
	for _, c := range []struct {
		name, claims string
		want         Claims
	}{
		{"one audience as a string", goodClaims, Claims{
			Issuer: "https://idp.example.test", Subject: "alice", Audience: []string{"sts.amazonaws.com"},
			Expires: 1795313909, IssuedAt: 1795310309,
		}},
		{"everything that is registered",
			`{"iss":"i","sub":"s","aud":["a","b"],"azp":"a","exp":3,"iat":1,"nbf":2,"jti":"j"}`, Claims{
				Issuer: "i", Subject: "s", Audience: []string{"a", "b"}, AudienceIsList: true, AuthorizedParty: "a", HasAuthorizedParty: true,
				Expires: 3, IssuedAt: 1, NotBefore: 2, HasNotBefore: true, ID: "j",
			}},
		{"names in other case are other claims", `{"SUB":"admin","iss":"i","sub":"s","aud":"a","exp":3,"iat":1,"Exp":9}`, Claims{
			Issuer: "i", Subject: "s", Audience: []string{"a"}, Expires: 3, IssuedAt: 1,
		}},
		{"an nbf of 0, as Keycloak wrote it", `{"iss":"i","sub":"s","aud":"a","exp":3,"iat":1,"nbf":0}`, Claims{
			Issuer: "i", Subject: "s", Audience: []string{"a"}, Expires: 3, IssuedAt: 1, HasNotBefore: true,
		}},
		{"a jti that is no string", `{"iss":"i","sub":"s","aud":"a","exp":3,"iat":1,"jti":7}`, Claims{
			Issuer: "i", Subject: "s", Audience: []string{"a"}, Expires: 3, IssuedAt: 1,
		}},
	} {
		token, refusal := Read(rs256(c.claims))
		if refusal != nil {
			t.Fatalf("%s: %+v", c.name, refusal)
		}
		got, refusals := token.Claims()
		if len(refusals) > 0 {
			t.Errorf("%s: got %+v want no refusals", c.name, refusals)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestClaimsOfAnotherTypeAreRefused(t *testing.T) {
	times := map[string]bool{ // a value for exp, iat or nbf, and whether it is a time
		`1795313909`: true, `1`: true, `9007199254740991`: true,
		`9007199254740992`: false, `1e30`: false, `1e400`: false, `1e3`: false, `1795313909.5`: false, `1795313909.0`: false,
		`99999999999999999999`: false, `-1`: false, `-0`: false, `null`: false, `"1795313909"`: false, `"soon"`: false,
		`true`: false, `[1795313909]`: false, `{}`: false,
	}
	names := map[string]bool{`"alice"`: true, `""`: false, `null`: false, `7`: false, `["alice"]`: false, `{}`: false, `false`: false}
	audiences := map[string]bool{
		`"a"`: true, `["a"]`: true, `["a","b"]`: true, `[]`: false, `{}`: false, `{"a":"a"}`: false, `["a",7]`: false, `["a",null]`: false,
		`[["a"]]`: false, `7`: false, `null`: false,
	}
	for claim, values := range map[string]map[string]bool{
		"iss": names, "sub": names, "azp": names, "aud": audiences, "exp": times, "iat": times, "nbf": times,
	} {
		for value, good := range values {
			want := ""
			if !good {
				want = "oidc/claims ClaimType " + claim
			}
			if got := judge(t, rs256(claimsWith(claim, value)), set); got != want {
				t.Errorf("%s %s: got %q want %q", claim, value, got, want)
			}
		}
	}
	for _, claim := range []string{"exp", "iat"} {
		if got, want := judge(t, rs256(claimsWith(claim, "0")), set), "oidc/claims ClaimType "+claim; got != want {
			t.Errorf("%s 0: got %q want %q", claim, got, want)
		}
	}
}

var registered = []string{"iss", "sub", "aud", "exp", "iat"}

// claimsWith is good claims with one of them set to a JSON value; "" leaves it out.
func claimsWith(claim, value string) string {
	var members []string
	for _, name := range registered {
		good := `"alice"`
		if name == "exp" || name == "iat" {
			good = "1795313909"
		}
		if name != claim {
			members = append(members, fmt.Sprintf("%q:%s", name, good))
		}
	}
	if value != "" {
		members = append(members, fmt.Sprintf("%q:%s", claim, value))
	}
	return "{" + strings.Join(members, ",") + "}"
}

func TestMissingClaimsAreRefused(t *testing.T) {
	for _, claim := range registered {
		if got, want := judge(t, rs256(claimsWith(claim, "")), set), "oidc/claims MissingClaim "+claim; got != want {
			t.Errorf("got %q want %q", got, want)
		}
	}
}

func TestEveryFaultOfTheClaimsIsToldInOrder(t *testing.T) {
	token, _ := Read(rs256(`{"azp":7,"nbf":"x","iat":null,"aud":[],"sub":""}`))
	_, refusals := token.Claims()
	var got []string
	for _, r := range refusals {
		got = append(got, r.Claim+" "+r.Reason.String())
	}
	want := []string{"iss MissingClaim", "sub ClaimType", "aud ClaimType", "exp MissingClaim", "iat ClaimType", "nbf ClaimType", "azp ClaimType"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAClaimsRefusalShowsTheValue(t *testing.T) {
	token, _ := Read(rs256(claimsWith("exp", `"1795313909"`)))
	_, refusals := token.Claims()
	if len(refusals) != 1 || refusals[0].Found != `exp: "1795313909"` || !strings.Contains(refusals[0].Why, "quotation marks") {
		t.Errorf("got %+v", refusals)
	}
}
