package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"stsplayground/engine/scenario"
	"stsplayground/examples"
)

// shown counts the calls that are expected to get in, and those that are
// expected to be refused at a step that they name.
type shown struct{ in, refused int }

func (n *shown) count(c *scenario.Call) {
	switch e := c.Expect; {
	case e == nil:
	case e.Outcome == "success":
		n.in++
	case e.Outcome == "failure" && e.Step != "":
		n.refused++
	}
}

func (n *shown) enough() bool { return n.in >= 1 && n.refused >= 3 }

// The rows of the feature list that calls can show are where identities come
// from (A) and the operations of STS (B).
func TestEveryRowIsShown(t *testing.T) {
	rows := map[string]*shown{}
	for area, most := range map[string]int{"A": 17, "B": 10} {
		for n := range most {
			rows[fmt.Sprint(area, n+1)] = &shown{}
		}
	}
	for _, e := range examples.All() {
		s := decode(t, e.Source)
		for _, row := range s.Covers {
			for i := range s.Calls {
				if n := rows[row]; n != nil {
					n.count(&s.Calls[i])
				}
			}
		}
	}
	for row, n := range rows {
		if !n.enough() {
			t.Errorf("%s: got %d calls that get in and %d that are refused, want one and three at least", row, n.in, n.refused)
		}
	}
}

// systems are the identity providers of the rows that name several, by what
// the profiles of their tokens or responses begin with.
var systems = []string{
	"token github-actions", "token gitlab", "token circleci", "token buildkite", "token hcp-terraform", "token bitbucket",
	"token okta", "token entra-v1", "token entra-v2", "token google", "token auth0", "token keycloak", "token custom",
	"token cognito-user-pool", "token eks-service-account", "token kubernetes",
	"response okta", "response entra-id", "response google-workspace", "response onelogin", "response adfs",
}

func TestEverySystemIsShown(t *testing.T) {
	all := make([]shown, len(systems))
	for _, e := range examples.All() {
		s := decode(t, e.Source)
		for i := range s.Calls {
			c := &s.Calls[i]
			presents := ""
			if m := c.Params.WebIdentityToken.Mint; m != nil {
				presents = "token " + m.Profile
			} else if m := c.Params.SAMLAssertion.Mint; m != nil {
				presents = "response " + m.Profile
			}
			for j, system := range systems {
				if strings.HasPrefix(presents, system) {
					all[j].count(c)
				}
			}
		}
	}
	for i, n := range all {
		if !n.enough() {
			t.Errorf("%s: got %d calls that get in and %d that are refused, want one and three at least", systems[i], n.in, n.refused)
		}
	}
}
