package identitycenter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// CredentialsResponse is the response of GetRoleCredentials.
type CredentialsResponse struct {
	RoleCredentials RoleCredentials `json:"roleCredentials"`
}

// RoleCredentials are temporary credentials as the portal's API names them.
type RoleCredentials struct {
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken"`
	Expiration      int64  `json:"expiration"` // milliseconds since 1970
}

// GetRoleCredentials finds the assignment, and assumes the role that was made
// of it: the portal signs a SAML response that names the user, and presents it
// to STS.
func (c *Center) GetRoleCredentials(call *scenario.Call, token string, at time.Time, assume Assume) sts.Result {
	w, p := &trace.Walk{}, &call.Portal
	require(w, [2]string{"roleName", p.RoleName}, [2]string{"accountId", p.AccountID}, [2]string{"accessToken", token})
	c.checkInstance(w, call, errToken)
	s := c.checkToken(w, token, at)
	r := c.checkAssignment(w, s, p)
	if r == nil {
		sts.SkipAssumeRoleWithSAML(w, "The portal asks for no role.")
		return c.refused(call, w, s)
	}
	inner := c.assumption(call, s, r)
	result := assume(inner, c.behalf(s))
	w.Append(result.Steps, nil, "", result.Assumed)
	if result.Error != nil {
		w.Err, w.Failed = errAccess, result.Failed
	}
	out := result // decision, session and the response's view are those of STS
	out.Inner, out.Advice, out.Record = []sts.Inner{{Call: inner, Result: &result}}, nil, nil
	out.Steps, out.Error, out.Failed, out.Assumed, out.OnBehalfOf = w.Steps, w.Err, w.Failed, w.Assumed, c.behalf(s)
	if w.Err != nil {
		out.Verdict, out.Response = c.refused(call, w, s).Verdict, nil
		return out
	}
	made := result.Response.(*sts.SAMLResponse).Credentials
	expires, _ := time.Parse(time.RFC3339, made.Expiration)
	out.Response = &CredentialsResponse{RoleCredentials{made.AccessKeyId, made.SecretAccessKey, made.SessionToken, expires.UnixMilli()}}
	out.Verdict = fmt.Sprintf("%s has the permission set %s in account %s until %s, whatever becomes of the sign-in to the portal.", s.user.UserName, r.set.Name, p.AccountID, clock(expires))
	return out
}

// checkAssignment finds the role that the user may have in the account. What
// isn't assigned and what doesn't exist get the same answer.
func (c *Center) checkAssignment(w *trace.Walk, s *session, p *scenario.PortalParams) *role {
	if s == nil || w.Err != nil {
		w.Skip("Whose assignments count isn't known.", ruleAssignment)
		return nil
	}
	names, how := c.assigned(s.user, p.AccountID)
	expected, found := p.RoleName+" in account "+p.AccountID, strings.Join(how, "\n")
	if len(how) == 0 {
		found = "nothing is assigned to " + s.user.UserName + " in account " + p.AccountID
	}
	r := c.roles[grant{p.RoleName, p.AccountID}]
	switch {
	case !slices.Contains(names, p.RoleName):
		step := w.Fail(ruleAssignment, errAccess, expected, found, c.whyNoAccess(s.user, p, names))
		step.Modelled = slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, p.RoleName) })
		return nil
	case r.unmade != "":
		w.Fail(ruleAssignment, errAccess, expected, "no role", r.unmade+".").AsModelled()
		return nil
	}
	w.Pass(ruleAssignment, expected, found, "In the account it is the role "+r.arn+".")
	return r
}

func (c *Center) whyNoAccess(u *scenario.PortalUser, p *scenario.PortalParams, names []string) string {
	set := c.sets[p.RoleName]
	switch {
	case strings.HasPrefix(p.RoleName, "AWSReservedSSO_"):
		return "roleName is the permission set's name, and not that of the role which was made of it."
	case set == nil && len(names) > 0:
		return fmt.Sprintf("There is no permission set %q%s", p.RoleName, meant(p.RoleName, names)) + " The CLI's profile has it as sso_role_name."
	case set == nil:
		return fmt.Sprintf("There is no permission set %q%s", p.RoleName, meant(p.RoleName, c.names))
	case c.roles[grant{p.RoleName, p.AccountID}] != nil:
		return fmt.Sprintf("%s is assigned in account %s, but neither to %s nor to a group that %s is in.", p.RoleName, p.AccountID, u.UserName, u.UserName)
	}
	return fmt.Sprintf("%s isn't assigned in account %s at all; an assignment is for one account.", p.RoleName, p.AccountID)
}

// assumption is the call of STS that the portal makes: with the permission
// set's length of session, and a response that says who the user is, as one
// real record of CloudTrail has it.
func (c *Center) assumption(call *scenario.Call, s *session, r *role) *scenario.Call {
	account := call.Portal.AccountID
	seconds, _ := secondsIn(r.set.SessionDuration)
	provider := "arn:aws:iam::" + account + ":saml-provider/AWSSSO_" + sts.Digits(16, "provider", c.entity(), account) + "_DO_NOT_DELETE"
	attributes := source.Node{Kind: source.Object}
	for _, t := range c.tagsOf(s.user) {
		attributes.Members = append(attributes.Members, source.Member{Name: "PrincipalTag:" + t.key, Value: source.Node{Kind: source.String, Text: t.value}})
	}
	inner := &scenario.Call{
		Name: call.Name, Action: "sts:AssumeRoleWithSAML", After: call.After + time.Duration(call.Delay), Region: c.region,
		Caller: "service/sso.amazonaws.com", Context: call.Context, Path: call.Path,
	}
	inner.Params = scenario.Params{
		RoleArn: r.arn, PrincipalArn: provider, DurationSeconds: &seconds,
		SAMLAssertion: scenario.Token{Given: true, Mint: &scenario.Mint{
			Issuer: c.entity(), NameID: s.user.UserName, Attributes: scenario.Document{Node: attributes},
		}},
		Sent: []string{"RoleArn", "PrincipalArn", "SAMLAssertion", "DurationSeconds"},
	}
	return inner
}
