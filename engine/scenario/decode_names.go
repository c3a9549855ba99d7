package scenario

import (
	"fmt"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// checkNames holds the names of the document against each other.
func (d *decoder) checkNames(root *source.Node, s *Scenario) {
	d.checkIssuers(root.Get("issuers"), s.Issuers)
	d.checkAccounts(root.Get("accounts"), s)
	d.checkPools(root.Get("accounts"), s)
	d.checkCalls(root.Get("calls"), s.Calls)
}

func (d *decoder) sayAt(n *source.Node, rule trace.Rule, path, detail string, fix ...trace.Patch) {
	d.say(rule, trace.At{Path: path, Line: n.Line, Column: n.Column}, detail, fix...)
}

// checkIssuers wants each issuer named, and none twice: a name stands for one
// set of keys.
func (d *decoder) checkIssuers(n *source.Node, issuers []Issuer) {
	first := make(map[string]int, len(issuers))
	for i := range issuers {
		iss := &issuers[i]
		if d.full() {
			d.unsaid++
			continue
		}
		if item := &n.Items[i]; item.Kind == source.Object && item.Get("url") == nil && item.Get("entityId") == nil {
			d.sayAt(item, ruleIssuer, iss.Path, "an issuer has a url, or an entityId where it speaks SAML")
		}
		for _, named := range []struct{ field, name string }{{"url", iss.URL}, {"entityId", iss.EntityID}} {
			before, taken := first[named.field+" "+named.name]
			switch {
			case named.name == "":
			case taken:
				d.sayAt(n.Items[i].Get(named.field), ruleIssuer, iss.Path+"/"+named.field,
					fmt.Sprintf("%s is the %s of issuers/%d already; write all of its keys there", source.Quote(named.name), named.field, before))
			default:
				first[named.field+" "+named.name] = i
			}
		}
	}
}

func (d *decoder) checkAccounts(accounts *source.Node, s *Scenario) {
	for i := range s.Accounts {
		a := &s.Accounts[i]
		d.checkUnique(accounts, a, "Roles", "RoleName", named(a.Roles, func(r Role) string { return r.RoleName }))
		d.checkUnique(accounts, a, "Users", "UserName", named(a.Users, func(u User) string { return u.UserName }))
		d.checkUnique(accounts, a, "Groups", "GroupName", named(a.Groups, func(g Group) string { return g.GroupName }))
		d.checkUnique(accounts, a, "Policies", "PolicyName", named(a.Policies, func(p ManagedPolicy) string { return p.PolicyName }))
	}
}

// checkUnique looks for two entries of an account's list with the same name:
// "Names are not distinguished by case" (IAM guide, reference_iam-quotas).
func (d *decoder) checkUnique(accounts *source.Node, a *Account, list, field string, names []string) {
	if len(names) < 2 {
		return
	}
	first := make(map[string]int, len(names))
	for i, name := range names {
		folded := strings.ToLower(name)
		before, taken := first[folded]
		switch {
		case name == "": // which is a finding of its own
		case !taken:
			first[folded] = i
		case d.full():
			d.unsaid++
		default:
			d.sayAt(accounts.Get(a.ID).Get(list).Items[i].Get(field), ruleUniqueName,
				fmt.Sprintf("%s/%s/%d/%s", a.Path, list, i, field),
				fmt.Sprintf("%s is the name of %s/%d already; names that differ in letter case only are the same", source.Quote(name), list, before))
		}
	}
}

func named[T any](list []T, name func(T) string) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = name(list[i])
	}
	return names
}

// checkCalls gives calls without a name one, and holds callers against names.
func (d *decoder) checkCalls(n *source.Node, calls []Call) {
	places := make(map[string]int, len(calls))
	var names []string
	for i := range calls {
		c := &calls[i]
		at := &n.Items[i]
		if c.Name == "" {
			c.Name = fmt.Sprintf("call %d", i+1)
		} else {
			at = at.Get("name")
		}
		d.checkCaller(n.Items[i].Get("caller"), c, places, names)
		d.checkReferences(c, places, names)
		before, taken := places[c.Name]
		switch {
		case taken:
			d.sayAt(at, ruleCallName, c.Path+"/name", fmt.Sprintf("%s is the name of call %d already; each call has one of its own", source.Quote(c.Name), before+1))
		case isPrincipal(c.Name):
			d.sayAt(at, ruleCallName, c.Path+"/name", fmt.Sprintf("%s begins as an ARN or a service does, so that a caller of that name would be taken for one", source.Quote(c.Name)))
		default:
			places[c.Name] = i
			names = append(names, c.Name)
		}
	}
}

// isPrincipal says whether a caller is written as a principal, not as a call's name.
func isPrincipal(caller string) bool {
	return strings.HasPrefix(caller, "arn:") || strings.HasPrefix(caller, "service/")
}

func (d *decoder) checkCaller(n *source.Node, c *Call, places map[string]int, earlier []string) {
	if c.Caller == "" || isPrincipal(c.Caller) {
		return
	}
	if _, ok := places[c.Caller]; ok {
		return
	}
	d.noSuchCall(n, c.Path+"/caller", c.Caller, "is no ARN, no service/… and no call before this one", earlier)
}

// checkReferences wants each call that a parameter takes something from to
// stand before this one.
func (d *decoder) checkReferences(c *Call, places map[string]int, earlier []string) {
	for len(d.references) > 0 && strings.HasPrefix(d.references[0].path, c.Path+"/") {
		r := d.references[0]
		d.references = d.references[1:]
		if _, ok := places[r.name]; !ok {
			d.noSuchCall(&r.node, r.path, r.name, "is no call before this one", earlier)
		}
	}
}

func (d *decoder) noSuchCall(n *source.Node, path, name, problem string, earlier []string) {
	if d.full() {
		d.unsaid++
		return
	}
	detail := source.Quote(name) + " " + problem
	near, certain := source.Nearest(name, earlier)
	switch {
	case certain:
		d.sayAt(n, ruleCaller, path, detail+"; did you mean "+near+"?", trace.Patch{Op: "replace", Path: path, Value: near})
	case near != "":
		d.sayAt(n, ruleCaller, path, detail+"; did you mean "+near+"?")
	default:
		d.sayAt(n, ruleCaller, path, detail)
	}
}
