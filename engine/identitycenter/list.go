package identitycenter

import (
	"slices"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// AccountList is the response of ListAccounts. Names and addresses of accounts
// aren't in a scenario, and are left out.
type AccountList struct {
	AccountList []Account `json:"accountList"`
}

// Account is an account in which something is assigned to the user.
type Account struct {
	AccountID string `json:"accountId"`
}

// RoleList is the response of ListAccountRoles.
type RoleList struct {
	RoleList []Role `json:"roleList"`
}

// Role is a permission set that the user has in an account.
type Role struct {
	RoleName  string `json:"roleName"`
	AccountID string `json:"accountId"`
}

// ListAccounts is what the portal shows first: the accounts.
func (c *Center) ListAccounts(call *scenario.Call, token string, at time.Time) sts.Result {
	w, s := c.signedIn(call, token, at)
	if s == nil {
		return c.refused(call, w, nil)
	}
	list := AccountList{[]Account{}}
	for i := range c.config.Assignments {
		a := Account{c.config.Assignments[i].TargetID}
		if names, _ := c.assigned(s.user, a.AccountID); len(names) > 0 && !slices.Contains(list.AccountList, a) {
			list.AccountList = append(list.AccountList, a)
		}
	}
	ids := make([]string, len(list.AccountList))
	for i, a := range list.AccountList {
		ids[i] = a.AccountID
	}
	return c.answered(w, s, &list, "The portal shows "+s.user.UserName+" these accounts: "+listed(ids)+".")
}

// ListAccountRoles is what the portal shows of an account.
func (c *Center) ListAccountRoles(call *scenario.Call, token string, at time.Time) sts.Result {
	account := call.Portal.AccountID
	w, s := c.signedIn(call, token, at, [2]string{"accountId", account})
	if s == nil {
		return c.refused(call, w, nil)
	}
	names, how := c.assigned(s.user, account)
	if len(names) == 0 {
		w.Fail(ruleAssignment, errAccess, "something that is assigned to "+s.user.UserName+" in account "+account, "nothing", "Nothing is assigned to "+s.user.UserName+" in account "+account+", neither directly nor by a group.").AsModelled()
		return c.refused(call, w, s)
	}
	w.Pass(ruleAssignment, "something that is assigned to "+s.user.UserName+" in account "+account, strings.Join(how, "\n"), "")
	list := RoleList{}
	for _, name := range names {
		list.RoleList = append(list.RoleList, Role{name, account})
	}
	return c.answered(w, s, &list, "In account "+account+" "+s.user.UserName+" has "+listed(names)+".")
}

// Logout ends the sign-in. "After user logout, any existing IAM role sessions
// … continue" (access portal API reference).
func (c *Center) Logout(call *scenario.Call, token string, at time.Time) sts.Result {
	w, s := c.signedIn(call, token, at)
	if s == nil {
		return c.refused(call, w, nil)
	}
	s.ended = true
	return c.answered(w, s, &struct{}{}, s.user.UserName+" is signed out of the portal. Sessions of roles that were begun before last until they expire.")
}

// signedIn is how every call of the portal begins; the session is nil where
// the call is refused.
func (c *Center) signedIn(call *scenario.Call, token string, at time.Time, more ...[2]string) (*trace.Walk, *session) {
	w := &trace.Walk{}
	require(w, append([][2]string{{"accessToken", token}}, more...)...)
	c.checkInstance(w, call, errToken)
	s := c.checkToken(w, token, at)
	if w.Err != nil {
		return w, nil
	}
	return w, s
}

func (c *Center) answered(w *trace.Walk, s *session, response any, verdict string) sts.Result {
	return sts.Result{Steps: w.Steps, Response: response, OnBehalfOf: c.behalf(s), Verdict: verdict}
}

func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
