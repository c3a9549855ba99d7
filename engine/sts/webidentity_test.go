package sts

import (
	"fmt"
	"strings"
	"testing"

	"stsplayground/engine/scenario"
)

func TestRolesOfAnAccountAreListedWithinReason(t *testing.T) {
	for _, test := range []struct {
		roles, lines int
		last         string
	}{
		{0, 1, "the account has no roles"},
		{1, 1, "arn:aws:iam::123456789012:role/role-0"},
		{50, 50, "arn:aws:iam::123456789012:role/role-49"},
		{5000, 51, "and 4950 more"},
	} {
		account := &Account{Account: &scenario.Account{ID: "123456789012"}}
		for i := range test.roles {
			account.Roles = append(account.Roles, scenario.Role{RoleName: fmt.Sprint("role-", i)})
		}
		lines := strings.Split(rolesOf(account, "aws"), "\n")
		if len(lines) != test.lines || lines[len(lines)-1] != test.last {
			t.Errorf("%d roles: got %d lines, the last %q; want %d, %q", test.roles, len(lines), lines[len(lines)-1], test.lines, test.last)
		}
	}
}
