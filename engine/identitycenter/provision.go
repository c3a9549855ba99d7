package identitycenter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// mostRoles bounds what a scenario can have made: each role is compiled anew.
const mostRoles = 200

// provisioner makes the roles of the assignments.
type provisioner struct {
	center   *Center
	scenario *scenario.Scenario
	findings []trace.Finding
}

// provision reads users and permission sets, and makes a role in each account
// that an assignment names. The scenario's own lists stay as they are.
func (p *provisioner) provision() {
	c := p.center
	c.users, c.sets, c.roles = map[string]*scenario.PortalUser{}, map[string]*scenario.PermissionSet{}, map[grant]*role{}
	p.readUsers()
	for i := range c.config.PermissionSets {
		set := &c.config.PermissionSets[i]
		switch problem := setProblem(set); {
		case c.sets[set.Name] != nil:
			p.say(findSet, set.Path+"/Name", "The permission set "+set.Name+" is there a second time; the first one counts.")
		case problem != "":
			p.say(findSet, set.Path, problem)
		default:
			c.sets[set.Name] = set
			c.names = append(c.names, set.Name)
		}
	}
	p.scenario.Accounts = slices.Clone(p.scenario.Accounts)
	for i := range c.config.Assignments {
		p.assign(&c.config.Assignments[i])
	}
}

func (p *provisioner) readUsers() {
	groups := map[string]bool{}
	for _, g := range p.center.config.Groups {
		groups[g.DisplayName] = true
	}
	for i := range p.center.config.Users {
		u := &p.center.config.Users[i]
		if p.center.users[strings.ToLower(u.UserName)] != nil {
			p.say(findUser, u.Path+"/UserName", "The user "+u.UserName+" is there a second time; the first one counts.")
			continue
		}
		p.center.users[strings.ToLower(u.UserName)] = u
		for j, name := range u.Groups {
			if !groups[name] {
				p.say(findUser, fmt.Sprintf("%s/Groups/%d", u.Path, j), fmt.Sprintf("The identity store has no group %q, so %s gets nothing from it.", name, u.UserName))
			}
		}
	}
}

// setProblem is why IAM Identity Center wouldn't save the permission set.
func setProblem(set *scenario.PermissionSet) string {
	length, ok := secondsIn(set.SessionDuration)
	switch {
	case len(set.Name) > 32 || strings.ContainsFunc(set.Name, func(r rune) bool { return !isNameRune(r) }):
		return fmt.Sprintf("A permission set's name has 1 to 32 characters of [\\w+=,.@-], and %q isn't one.", source.Clip(set.Name))
	case !ok:
		return fmt.Sprintf("SessionDuration is %q, which is no length of time in ISO 8601, such as PT1H or PT1H30M.", source.Clip(set.SessionDuration))
	case length < 3600 || length > 43200:
		return fmt.Sprintf("SessionDuration is %d seconds, and a permission set's session lasts 1 to 12 hours.", length)
	}
	return ""
}

func isNameRune(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || strings.ContainsRune("_+=,.@-", r)
}

// assign makes the role of an assignment, unless another has made it.
func (p *provisioner) assign(a *scenario.Assignment) {
	c := p.center
	set := c.sets[a.PermissionSet]
	g := grant{a.PermissionSet, a.TargetID}
	switch {
	case set == nil:
		p.say(findAssignment, a.Path+"/permissionSet", fmt.Sprintf("There is no permission set %q to assign%s", a.PermissionSet, meant(a.PermissionSet, c.names)))
		return
	case !isAccountID(a.TargetID):
		p.say(findAssignment, a.Path+"/TargetId", fmt.Sprintf("%q is no account id, which has 12 digits.", source.Clip(a.TargetID)))
		return
	case a.RoleSuffix != "" && (len(a.RoleSuffix) != 16 || strings.Trim(a.RoleSuffix, "0123456789abcdef") != ""):
		p.say(findAssignment, a.Path+"/roleSuffix", fmt.Sprintf("A role's suffix has 16 hexadecimal digits, and %q isn't one.", source.Clip(a.RoleSuffix)))
		return
	}
	p.checkPrincipal(a)
	if c.roles[g] != nil {
		return
	}
	if len(c.roles) == mostRoles {
		p.say(findAssignment, a.Path, fmt.Sprintf("At most %d roles are made of assignments here; this one isn't.", mostRoles))
		return
	}
	account := p.account(a.TargetID)
	c.roles[g] = &role{set: set}
	for i, reference := range set.CustomerManagedPolicyReferences {
		if !hasPolicy(account, reference) {
			c.roles[g].unmade = fmt.Sprintf("The account %s has no customer managed policy %s with the path %s, so the permission set can't be provisioned there; create the policy in the account first", a.TargetID, reference.Name, cmp.Or(reference.PolicyPath, "/"))
			p.say(findReference, fmt.Sprintf("%s/CustomerManagedPolicyReferences/%d", set.Path, i), c.roles[g].unmade+".")
			return
		}
	}
	p.makeRole(account, set, a)
}

func (p *provisioner) checkPrincipal(a *scenario.Assignment) {
	if a.PrincipalType == "USER" && p.center.users[strings.ToLower(a.Principal)] == nil {
		p.say(findAssignment, a.Path+"/principal", fmt.Sprintf("The identity store has no user %q, so nobody gets anything by this.", a.Principal))
	}
	if a.PrincipalType == "GROUP" && !slices.ContainsFunc(p.center.config.Groups, func(g scenario.PortalGroup) bool { return g.DisplayName == a.Principal }) {
		p.say(findAssignment, a.Path+"/principal", fmt.Sprintf("The identity store has no group %q, so nobody gets anything by this.", a.Principal))
	}
}

// account is the account of the id, in the copy that what is made goes into.
func (p *provisioner) account(id string) *scenario.Account {
	for i := range p.scenario.Accounts {
		if p.scenario.Accounts[i].ID == id {
			return &p.scenario.Accounts[i]
		}
	}
	p.scenario.Accounts = append(p.scenario.Accounts, scenario.Account{ID: id})
	return &p.scenario.Accounts[len(p.scenario.Accounts)-1]
}

func hasPolicy(a *scenario.Account, r scenario.PolicyReference) bool {
	return slices.ContainsFunc(a.Policies, func(m scenario.ManagedPolicy) bool {
		return m.PolicyName == r.Name && cmp.Or(m.PolicyPath, "/") == cmp.Or(r.PolicyPath, "/")
	})
}

// trustPolicy is that of every role that IAM Identity Center makes, as seen in
// real accounts.
const trustPolicy = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Federated": %q},
      "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
      "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    }
  ]
}`

// makeRole adds the role, and the account's SAML provider where it isn't there
// yet. "IAM Identity Center … configures these roles with a maximum session
// duration of 12 hours" (IAM Identity Center guide, "Set session duration").
func (p *provisioner) makeRole(account *scenario.Account, set *scenario.PermissionSet, a *scenario.Assignment) {
	c := p.center
	provider := "AWSSSO_" + sts.Digits(16, "provider", c.entity(), account.ID) + "_DO_NOT_DELETE"
	if !slices.ContainsFunc(account.SAMLProviders, func(s scenario.SAMLProvider) bool { return s.Name == provider }) {
		account.SAMLProviders = append(slices.Clone(account.SAMLProviders), scenario.SAMLProvider{Name: provider, MetadataOf: c.entity(), Path: set.Path})
	}
	path := "/aws-reserved/sso.amazonaws.com/"
	if c.region != defaultRegion {
		path += c.region + "/"
	}
	trust, err := source.ParseJSON(fmt.Sprintf(trustPolicy, "arn:aws:iam::"+account.ID+":saml-provider/"+provider))
	if err != nil {
		panic("identitycenter: " + err.Error())
	}
	r := scenario.Role{
		RoleName: "AWSReservedSSO_" + set.Name + "_" + cmp.Or(a.RoleSuffix, sts.Digits(16, "role", c.entity(), account.ID, set.Name)),
		RolePath: path, MaxSessionDuration: 43200, Path: set.Path,
		AssumeRolePolicyDocument: scenario.Document{Node: trust},
	}
	if set.InlinePolicy.Given() {
		r.Policies = []scenario.InlinePolicy{{PolicyName: "AwsSSOInlinePolicy", PolicyDocument: set.InlinePolicy}}
	}
	for _, arn := range set.ManagedPolicies {
		r.AttachedPolicies = append(r.AttachedPolicies, scenario.AttachedPolicy{PolicyArn: arn})
	}
	for _, reference := range set.CustomerManagedPolicyReferences {
		r.AttachedPolicies = append(r.AttachedPolicies, scenario.AttachedPolicy{PolicyArn: policyArn(account.ID, reference.PolicyPath, reference.Name)})
	}
	r.PermissionsBoundary = boundaryIn(account.ID, set.PermissionsBoundary)
	account.Roles = append(slices.Clone(account.Roles), r)
	c.roles[grant{set.Name, account.ID}].arn = "arn:aws:iam::" + account.ID + ":role" + path + r.RoleName
}

func policyArn(account, path, name string) string {
	return "arn:aws:iam::" + account + ":policy" + cmp.Or(path, "/") + name
}

// boundaryIn is a permission set's boundary as the role of an account has it:
// a customer managed policy is the account's own.
func boundaryIn(account string, d scenario.Document) scenario.Document {
	n := d.Tree()
	if n == nil || n.Kind != source.Object {
		return d
	}
	arn := n.Get("ManagedPolicyArn")
	if reference := n.Get("CustomerManagedPolicyReference"); reference != nil {
		arn = &source.Node{Kind: source.String, Text: policyArn(account, textOf(reference.Get("Path")), textOf(reference.Get("Name")))}
	}
	if arn == nil {
		return d
	}
	d.Inner, d.Node = nil, source.Node{Kind: source.Object, Line: n.Line, Column: n.Column, Members: []source.Member{{Name: "PolicyArn", Value: *arn}}}
	return d
}

func textOf(n *source.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

func (p *provisioner) say(rule trace.Rule, path, detail string) {
	p.findings = append(p.findings, rule.Finding(trace.SeverityError, trace.At{Path: path}, detail))
}

// meant ends a sentence about a name that isn't there with the one that it may
// stand for.
func meant(name string, names []string) string {
	if near, _ := source.Nearest(name, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return "."
}

func isAccountID(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }
