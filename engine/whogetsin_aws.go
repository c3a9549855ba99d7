package engine

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
)

// awsPopulation are the identities of AWS itself that fit the principals of
// the trust policy's Allow statements: users, roles, accounts and services.
// They ask by AssumeRole, as callers of their own, with the external ID that
// the policy wants, and without it.
func (d *door) awsPopulation() (all []applicant) {
	var services, principals []string
	everybody := false
	for i := range d.policy.Statements {
		s := &d.policy.Statements[i]
		if s.Effect != "Allow" || s.Principal.Not {
			continue
		}
		for _, v := range s.Principal.Values {
			switch {
			case v.Text == "*" && (v.Type == "" || v.Type == "AWS"):
				everybody = true
			case len(v.Text) > longest:
			case v.Type == "AWS" && len(principals) < mostGateways && !slices.Contains(principals, v.Text):
				principals = append(principals, v.Text)
			case v.Type == "Service" && len(services) < mostGateways && !slices.Contains(services, v.Text):
				services = append(services, v.Text)
			}
		}
	}
	external := d.externalID()
	add := func(who, what, caller, opens string, width idp.Width) {
		a := applicant{Identity: idp.Identity{Who: who, What: what, Subject: caller, Opens: opens, Width: width}, principal: "AWS", prefix: "aws"}
		a.call.Action, a.call.Caller = "sts:AssumeRole", caller
		a.call.Params.RoleArn, a.call.Params.RoleSessionName = d.arn, "who-gets-in"
		if external == "" || strings.HasPrefix(caller, "service/") {
			all = append(all, a)
			return
		}
		with := a
		with.call.Params.ExternalID = external
		a.Who += ", without the external ID"
		all = append(all, with, a)
	}
	for _, p := range principals {
		if account := accountOf(p); account != "" {
			add("somebody of account "+account, "A user of that account, if its own policy allows it.", "arn:aws:iam::"+account+":user/alice", "Everybody in account "+account+" whose own policy allows it", idp.WidthOwn+50)
			continue
		}
		add(last(p), "The principal that the policy names.", p, "", idp.WidthOwn)
	}
	for _, s := range services {
		add(s, "The service that the policy names.", "service/"+s, "", idp.WidthOwn)
	}
	if len(services) > 0 {
		other := "lambda.amazonaws.com"
		if slices.Contains(services, other) {
			other = "ec2.amazonaws.com"
		}
		add("another service", other+".", "service/"+other, "Every service of AWS", idp.WidthOwn+80)
	}
	if (len(principals) > 0 || everybody) && d.account != nil {
		add("another role of the account", "A role that the policy doesn't name.", "arn:aws:iam::"+d.account.ID+":role/another", "Every role of the account", idp.WidthOwn+45)
		add("another account", "A user of somebody else's account.", "arn:aws:iam::"+d.foreignAccount()+":user/mallory", "Everybody in whatever AWS account", idp.WidthOwn+85)
	}
	return all
}

// foreignAccount is an account that neither the trust policy names nor the
// scenario has.
func (d *door) foreignAccount() string {
	id := 999999999999
	for d.knows(strconv.Itoa(id)) {
		id--
	}
	return strconv.Itoa(id)
}

func (d *door) knows(account string) bool {
	if slices.ContainsFunc(d.scenario.Accounts, func(a scenario.Account) bool { return a.ID == account }) {
		return true
	}
	for i := range d.policy.Statements {
		if slices.ContainsFunc(d.policy.Statements[i].Principal.Values, func(v iam.Written) bool { return strings.Contains(v.Text, account) }) {
			return true
		}
	}
	return false
}

// externalID is the first value of sts:ExternalId that an Allow statement
// wants; "" where none does.
func (d *door) externalID() string {
	for i := range d.policy.Statements {
		s := &d.policy.Statements[i]
		for j := range s.Conditions {
			if c := &s.Conditions[j]; s.Effect == "Allow" && strings.EqualFold(c.Key, "sts:ExternalId") && len(c.Values) > 0 {
				return c.Values[0].Text
			}
		}
	}
	return ""
}

// accountOf is the account that a principal stands for as a whole.
func accountOf(principal string) string {
	id := strings.TrimSuffix(strings.TrimPrefix(principal, "arn:aws:iam::"), ":root")
	if len(id) == 12 && strings.Trim(id, "0123456789") == "" {
		return id
	}
	return ""
}

// last is what an ARN ends in, its kind included.
func last(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
