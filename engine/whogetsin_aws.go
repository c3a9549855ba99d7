package engine

import (
	"slices"
	"strings"

	"stsplayground/engine/idp"
)

// awsPopulation are the identities of AWS itself that fit the principals of
// the trust policy's Allow statements: users, roles, accounts and services.
// They ask by AssumeRole, as callers of their own; while the playground
// doesn't model that operation, their rows say that they weren't played.
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
	add := func(who, what, caller, opens string, width idp.Width) {
		a := applicant{Identity: idp.Identity{Who: who, What: what, Subject: caller, Opens: opens, Width: width}, principal: "AWS", prefix: "aws"}
		a.call.Action, a.call.Caller = "sts:AssumeRole", caller
		a.call.Params.RoleArn, a.call.Params.RoleSessionName = d.arn, "who-gets-in"
		all = append(all, a)
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
		add("another account", "A user of somebody else's account.", "arn:aws:iam::999999999999:user/mallory", "Everybody in whatever AWS account", idp.WidthOwn+85)
	}
	return all
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
