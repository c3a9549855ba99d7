package engine

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// awsPopulation are the identities of AWS itself that fit the principals of
// the trust policy's Allow statements: users, roles, accounts, organizations
// and services. They ask by AssumeRole, as callers of their own, with what
// the statement's conditions want of the request, and without it.
func (d *door) awsPopulation() []applicant {
	c := crowd{door: d, seen: make(map[string]bool)}
	named, everybody := 0, false
	for i := range d.policy.Statements {
		s := &d.policy.Statements[i]
		if s.Effect != "Allow" || s.Principal.Not || !takesIn(s, assumeRole) && !onlyAWS(s) {
			continue
		}
		c.wants = d.wantsOf(s)
		for _, v := range s.Principal.Values {
			switch {
			case v.Text == "*" && (v.Type == "" || v.Type == "AWS"):
				everybody = true
				c.everybody()
			case len(v.Text) > longest || named == 2*mostGateways:
			case v.Type == "AWS":
				named++
				c.principal(v.Text)
			case v.Type == "Service":
				named++
				c.service(v.Text)
			}
		}
	}
	if (c.names || everybody) && d.account != nil {
		c.wants.external, c.wants.context = "", onlyMFA(c.wants.context)
		c.put(c.asking("another role of account "+d.account.ID, "A role that the policy doesn't name, of the account that the asked one is in.",
			"arn:aws:iam::"+d.account.ID+":role/another", "Every role of account "+d.account.ID, idp.WidthOwn+45))
		c.put(c.asking("another account", "A user of somebody else's account.",
			"arn:aws:iam::"+d.foreignAccount()+":user/mallory", "Everybody in whatever AWS account", idp.WidthOwn+85))
	}
	return c.all
}

const assumeRole = "sts:AssumeRole"

// onlyAWS says whether a statement is for AWS's own principals alone, so that
// nobody else would show that its action is another's.
func onlyAWS(s *iam.Statement) bool {
	return !slices.ContainsFunc(s.Principal.Values, func(v iam.Written) bool { return v.Type == "Federated" || v.Text == "*" })
}

// crowd gathers the identities of AWS. Wants are those of the statement at
// hand.
type crowd struct {
	door  *door
	wants awsWants
	names bool // some statement names an account, a user or a role
	seen  map[string]bool
	all   []applicant
}

// everybody adds whom the conditions on a principal "*" leave.
func (c *crowd) everybody() {
	foreign := c.door.foreignAccount()
	switch w := &c.wants; {
	case w.arn != "":
		c.fitting(foreign)
	case w.account != "":
		c.principal(w.account)
	case w.organization != "":
		c.add("somebody of the organization "+w.organization, "A user of another account of that organization, if its own policy allows it.",
			"arn:aws:iam::"+foreign+":user/alice", "Everybody in the organization "+w.organization+" whose own policy allows it", idp.WidthOwn+60)
	case w.external != "" || len(w.context) > 0:
		c.add("somebody who meets the conditions", "A user of somebody else's account, with what the statement asks for.",
			"arn:aws:iam::"+foreign+":user/alice", "Everybody in whatever AWS account who meets the conditions", idp.WidthOwn+84)
	}
}

// principal adds whom a principal of type AWS stands for.
func (c *crowd) principal(p string) {
	c.names = true
	account := accountOf(p)
	switch {
	case account == "":
		c.add(last(p), "The principal that the policy names.", p, "", idp.WidthOwn)
	case c.wants.arn != "":
		c.fitting(account)
	default:
		c.add("somebody of account "+account, "A user of that account, if its own policy allows it.",
			"arn:aws:iam::"+account+":user/alice", "Everybody in account "+account+" whose own policy allows it", idp.WidthOwn+50)
	}
}

// fitting adds a principal with an ARN that the condition on aws:PrincipalArn
// takes. Account is the one that a wildcard in the ARN's account becomes.
func (c *crowd) fitting(account string) {
	pattern := c.wants.arn
	arn := pattern
	if segments := strings.SplitN(pattern, ":", 6); len(segments) == 6 && strings.ContainsAny(segments[4], "*?") {
		segments[4] = account
		arn = strings.Join(segments, ":")
	}
	arn = filled(arn)
	switch {
	case arn == pattern:
		c.add(last(arn), "The principal that the condition names.", arn, "", idp.WidthOwn)
	case strings.Contains(arn, ":"+c.door.foreignAccount()+":"):
		c.add("a stranger's "+last(arn), "In an account of their own anybody can name a principal so.", arn,
			"Every principal of whatever AWS account that matches "+source.Clip(pattern), idp.WidthOwn+84)
	default:
		c.add("a made-to-fit principal, "+last(arn), "Whoever can create principals in the account can name one so.", arn,
			"Every principal that matches "+source.Clip(pattern), idp.WidthOwn+45)
	}
}

// service adds a service that the policy names, and another one.
func (c *crowd) service(name string) {
	c.add(name, "The service that the policy names.", "service/"+name, "", idp.WidthOwn)
	if mine := c.wants.context; slices.ContainsFunc(mine, func(k scenario.ContextKey) bool { return isSource(k.Key) }) {
		c.wants.context = c.door.elsewhere(mine)
		c.add(name+", for another account", "The same service, working for somebody else.", "service/"+name, name+", whoever it works for,", idp.WidthOwn+70)
		c.wants.context = mine
	}
	other := "lambda.amazonaws.com"
	if name == other {
		other = "ec2.amazonaws.com"
	}
	c.add("another service", other+".", "service/"+other, "Every service of AWS", idp.WidthOwn+80)
}

// asking is an identity with all that the statement wants of its request.
func (c *crowd) asking(who, what, caller, opens string, width idp.Width) applicant {
	a := applicant{Identity: idp.Identity{Who: who, What: what, Subject: caller, Opens: opens, Width: width}, principal: "AWS", prefix: "aws"}
	a.call.Action, a.call.Caller = assumeRole, caller
	p := &a.call.Params
	p.RoleArn, p.RoleSessionName = c.door.arn, c.wants.sessionName(caller)
	p.SourceIdentity = c.wants.sourceIdentity(caller)
	if !strings.HasPrefix(caller, "service/") {
		p.ExternalID = c.wants.external
	}
	a.Context, a.call.Context = c.wants.context, c.wants.context
	return a
}

// add adds an identity, and after it the same one without each of the things
// that the statement wants.
func (c *crowd) add(who, what, caller, opens string, width idp.Width) {
	a := c.asking(who, what, caller, opens, width)
	c.put(a)
	if a.call.Params.ExternalID != "" {
		without := a
		without.Who += ", without the external ID"
		without.call.Params.ExternalID = ""
		c.put(without)
	}
	for i, k := range a.Context {
		if i == mostLeftOut || isOrganization(k.Key) || strings.HasPrefix(caller, "service/") {
			continue
		}
		without := a
		without.Who += ", without " + called(k.Key)
		without.Context = slices.Delete(slices.Clone(a.Context), i, i+1)
		without.call.Context = without.Context
		c.put(without)
	}
}

// mostLeftOut bounds the keys of one identity that another one is without.
const mostLeftOut = 3

// put adds an applicant once.
func (c *crowd) put(a applicant) {
	if key := a.key(); !c.seen[key] {
		c.seen[key] = true
		c.all = append(c.all, a)
	}
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
