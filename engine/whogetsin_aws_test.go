package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stsplayground/engine"
)

func TestWhoGetsInOfAWSItself(t *testing.T) {
	const mine = "123456789012"
	tests := map[string]struct {
		principal, condition, widest string
		in, out                      []string
	}{
		"everybody of one organization": {`{"AWS":"*"}`, `{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}`, "Everybody in the organization o-abcdefghij",
			[]string{"somebody of the organization o-abcdefghij"}, []string{"another account", "another role of account " + mine}},
		"a role's name in whichever account": {`{"AWS":"*"}`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy-*"}}`, "Every principal of whatever AWS account that matches",
			[]string{"a stranger's role/deploy-anyone"}, []string{"another account"}},
		"roles of the account by a pattern": {`{"AWS":"` + mine + `"}`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::` + mine + `:role/app-*"}}`, "Every principal that matches",
			[]string{"a made-to-fit principal, role/app-anyone"}, []string{"another role of account " + mine}},
		"everybody": {`{"AWS":"*"}`, `{}`, "Everybody in whatever AWS account gets in", []string{"another account"}, nil},
		"a user with MFA": {`{"AWS":"arn:aws:iam::` + mine + `:user/alice"}`, `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`, "Only user/alice gets in.",
			[]string{"user/alice"}, []string{"user/alice, without MFA"}},
		"an external id": {`{"AWS":"111122223333"}`, `{"StringEquals":{"sts:ExternalId":"abc123"}}`, "Everybody in account 111122223333",
			[]string{"somebody of account 111122223333"}, []string{"somebody of account 111122223333, without the external ID"}},
		"users under their own name": {`{"AWS":"` + mine + `"}`, `{"StringLike":{"sts:RoleSessionName":"${aws:username}"}}`, "Everybody in account " + mine,
			[]string{"somebody of account " + mine}, []string{"another account"}},
		"a service for one account": {`{"Service":"scheduler.amazonaws.com"}`, `{"StringEquals":{"aws:SourceAccount":"` + mine + `"}}`, "Only scheduler.amazonaws.com gets in.",
			[]string{"scheduler.amazonaws.com"}, []string{"scheduler.amazonaws.com, for another account", "another service"}},
		"a service for whichever account": {`{"Service":"scheduler.amazonaws.com"}`, `{"ArnLike":{"aws:SourceArn":"arn:aws:scheduler:*:*:schedule-group/*"}}`, "scheduler.amazonaws.com, whoever it works for, gets in",
			[]string{"scheduler.amazonaws.com, for another account"}, []string{"another service"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":%s,"Action":"sts:AssumeRole","Condition":%s}]}`, tt.principal, tt.condition)
			e := engine.WhoGetsIn(trusting{policy: policy}.scenario(t), deployARN)
			if !strings.HasPrefix(e.Widest, tt.widest) {
				t.Errorf("the widest opening is %q, want %q", e.Widest, tt.widest)
			}
			for _, row := range e.Rows {
				if row.Outcome != engine.GetsIn && slices.Contains(tt.in, row.Who) || row.Outcome == engine.GetsIn && slices.Contains(tt.out, row.Who) {
					t.Errorf("%s: %s, %s", row.Who, row.Outcome, row.Why)
				}
				if strings.Contains(row.Provider, "oidc-provider") || strings.Contains(row.Provider, "google") {
					t.Errorf("%s of %s is played, who never calls sts:AssumeRole", row.Who, row.Provider)
				}
			}
			for _, who := range append(slices.Clone(tt.in), tt.out...) {
				if !slices.ContainsFunc(e.Rows, func(r engine.Entrant) bool { return r.Who == who }) {
					t.Errorf("nobody is called %q", who)
				}
			}
		})
	}
}
