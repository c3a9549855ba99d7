package sts

import (
	"maps"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
)

// Caller is who makes a call, with everything that bears on what it may do.
// The zero value is anonymous: nobody whom AWS knows.
type Caller struct {
	ARN       string // as AWS's messages name it; of a service its principal
	Account   string // 12 digits; "" for services and the anonymous
	Principal iam.Principal
	Tags      []scenario.Tag // aws:PrincipalTag
	Assumed   []string       // rules that the session's call took on trust

	user          *User     // nil: no IAM user with long-term credentials
	identity      *identity // nil: no identity in an account, so no policies of its own
	root          bool
	serviceLinked bool
	session       []iam.Attached // session policies; nil: none passed
	unknown       []string       // ARNs of session policies that nothing is known of
	keys          []contextKey   // what it carries into every request's context
	transitive    []string       // keys of Tags that go on into chained sessions
	identitySet   string         // its source identity
	key           string         // access key id; "" for one made of the ARN
	issued        time.Time      // zero: long-term credentials, or a session that no call made
	expires       time.Time      // likewise
	kind          credentialKind
	// a session of the global endpoint's version 1, which no Region takes that has to be enabled
	defaultRegionsOnly bool
	chains             bool        // a role's session or one of GetSessionToken, for which an assumed role lasts an hour
	chained            bool        // of a role that another session assumed
	console            bool        // its calls are made by AWS's console
	shownMFA           bool        // whoever assumed the role had shown MFA, which the session's own keys don't tell
	onBehalfOf         *OnBehalfOf // the user of IAM Identity Center whose session it is
}

// credentialKind is what restricts temporary credentials whatever policies
// say (IAM guide, "Compare AWS STS credentials").
type credentialKind byte

const (
	unrestricted      credentialKind = iota // long-term ones, and those of roles
	ofSessionToken                          // no IAM without MFA; of STS only AssumeRole and GetCallerIdentity
	ofFederationToken                       // no IAM; of STS only GetCallerIdentity
)

// restriction is why the credentials can't call the action at all; "" where
// they can.
func (c *Caller) restriction(action string) string {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	switch {
	case c.kind == unrestricted || service != "iam" && service != "sts":
		return ""
	case service == "sts" && slices.Contains([]string{"getcalleridentity", "getsessiontoken", "getfederationtoken"}, name):
		return "" // the last two have an answer of their own to temporary credentials
	case c.console && service == "iam":
		return "" // "This limitation does not apply to console sessions" (the same page)
	case c.kind == ofFederationToken && service == "iam":
		return "Credentials of GetFederationToken can't call IAM, whatever policies say."
	case c.kind == ofFederationToken:
		return "Of STS, credentials of GetFederationToken can call only GetCallerIdentity."
	case service == "sts" && name == "assumerole":
		return ""
	case service == "sts":
		return "Of STS, credentials of GetSessionToken can call only AssumeRole and GetCallerIdentity."
	case c.value("aws:MultiFactorAuthPresent") == "true":
		return ""
	}
	return "Credentials of GetSessionToken can call IAM only if MFA was shown when they were made."
}

// value is what the caller carries under a key; "" where it doesn't.
func (c *Caller) value(key string) string {
	for _, k := range c.keys {
		if k.name == key && len(k.values) > 0 {
			return k.values[0]
		}
	}
	return ""
}

// withMFA says whether CloudTrail calls the caller's actions authenticated with
// MFA: "If the IAM user assumes an IAM role, CloudTrail will also log
// mfaAuthenticated: true … for actions performed using the assumed role" (IAM
// guide, "Logging IAM and AWS STS API calls with AWS CloudTrail").
func (c *Caller) withMFA() bool { return c.shownMFA || c.value("aws:MultiFactorAuthPresent") == "true" }

// contextKey is one condition key and its value, or values.
type contextKey struct {
	name   string
	values []string
	multi  bool
}

func (c *Caller) set(name, value string) {
	c.keys = append(c.keys, contextKey{name: name, values: []string{value}})
}

// anonymous is who sends an unsigned request.
func anonymous() *Caller {
	c := &Caller{ARN: "anonymous", Principal: iam.Principal{Anonymous: true}}
	c.set("aws:userid", "anonymous")
	c.set("aws:PrincipalType", "Anonymous")
	return c
}

// playgroundSession names the session of a role that a scenario writes as a
// caller without saying how it was assumed.
const playgroundSession = "playground"

// caller is whom a call names; nil, and why in a sentence, where there is no
// such caller.
func (world *World) caller(text string) (*Caller, string) {
	switch {
	case text == "":
		return anonymous(), ""
	case strings.HasPrefix(text, "service/"):
		name := strings.TrimPrefix(text, "service/")
		if !strings.Contains(name, ".") || strings.ContainsAny(name, "*? /") {
			return nil, quote(text) + " names no service principal, such as service/ec2.amazonaws.com."
		}
		return service(name), ""
	case strings.HasPrefix(text, "arn:"):
		return world.principal(text)
	}
	if c := world.sessions[text]; c != nil {
		world.RestsOn(text)
		return c, ""
	}
	return nil, "The call " + quote(text) + " gave no credentials, so there is nothing to sign this one with."
}

// service is an AWS service that acts for itself.
func service(name string) *Caller {
	c := &Caller{ARN: name, Principal: iam.Principal{Service: []string{name}}}
	c.set("aws:PrincipalIsAWSService", "true")
	c.set("aws:PrincipalServiceName", name)
	return c
}

// principal is the user, role or root user of an ARN, with long-term
// credentials; of a role a session.
func (world *World) principal(arn string) (*Caller, string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[2] != "iam" || !isAccountID(parts[4]) {
		return nil, quote(arn) + " is no user, role or root user, such as arn:aws:iam::123456789012:user/name."
	}
	account, partition, what := world.accounts[parts[4]], parts[1], parts[5]
	switch {
	case what == "root":
		return world.rootUser(arn, parts[4]), ""
	case account == nil:
		return nil, "The scenario has no account " + parts[4] + "."
	case strings.HasPrefix(what, "user/"):
		if u := account.users[strings.ToLower(what[strings.LastIndexByte(what, '/')+1:])]; u != nil && inPartition(u.ARN, partition) == arn {
			return world.user(u, arn), ""
		}
		return nil, "The account " + parts[4] + " has no user " + arn + "; the ARN includes the user's path."
	case strings.HasPrefix(what, "role/"):
		r := account.roles[strings.ToLower(what[strings.LastIndexByte(what, '/')+1:])].in(partition)
		if r != nil && r.ARN == arn {
			return world.roleSession(r, account.ID, playgroundSession), ""
		}
		return nil, "The account " + parts[4] + " has no role " + arn + "; the ARN includes the role's path."
	}
	return nil, quote(arn) + " is no user, role or root user; groups make no calls."
}

// inPartition is an ARN of the partition aws as another partition writes it.
func inPartition(arn, partition string) string {
	return "arn:" + partition + strings.TrimPrefix(arn, "arn:aws")
}

func (world *World) rootUser(arn, account string) *Caller {
	c := &Caller{ARN: arn, Account: account, root: true, Principal: iam.Principal{AWS: []string{arn}, Account: account}}
	world.describe(c, arn, account, "Account")
	return c
}

func (world *World) user(u *User, arn string) *Caller {
	id := uniqueID("AIDA", u.ARN)
	c := &Caller{ARN: arn, Account: u.account, user: u, identity: u.withGroups(), Tags: u.Tags,
		Principal: iam.Principal{AWS: []string{arn, id}, Account: u.account}}
	world.describe(c, arn, id, "User")
	c.set("aws:username", u.UserName)
	return c
}

// withGroups is the user's identity with what its groups add. It is put
// together for each call: many users share large groups.
func (u *User) withGroups() *identity {
	id := u.identity
	for _, group := range u.groups {
		id = id.and(*group)
	}
	return &id
}

// roleSession is a session of the role, without what STS would have put into
// it besides the role's own tags.
func (world *World) roleSession(r *Role, account, name string) *Caller {
	c := roleCaller(r, account, name)
	world.describe(c, r.ARN, uniqueID("AROA", r.ARN)+":"+name, "AssumedRole")
	c.Tags = r.Tags
	return c
}

// roleCaller is a session of the role as policies name it.
func roleCaller(r *Role, account, name string) *Caller {
	id := uniqueID("AROA", r.ARN)
	session := "arn:" + partitionIn(r.ARN) + ":sts::" + account + ":assumed-role/" + r.RoleName + "/" + name
	return &Caller{ARN: session, Account: account, identity: &r.identity, chains: true,
		serviceLinked: strings.HasPrefix(r.RolePath, "/aws-service-role/"),
		Principal:     iam.Principal{AWS: []string{session, r.ARN, id + ":" + name, id}, Account: account}}
}

// describe gives the caller the keys that tell who it is (IAM guide, "AWS
// global condition context keys", properties of the principal). PrincipalArn
// of a session is the role's.
func (world *World) describe(c *Caller, arn, userID, kind string) {
	c.set("aws:PrincipalArn", arn)
	c.set("aws:PrincipalAccount", c.Account)
	c.set("aws:PrincipalType", kind)
	c.set("aws:userid", userID)
}

// sessionCaller is the session that a call has made, as the caller of later
// ones.
func (f *facts) sessionCaller(s *Session, key string) *Caller {
	c := roleCaller(f.role, f.account.ID, f.sessionName)
	c.session, c.unknown = f.sessionPolicies, f.unknownPolicies
	c.transitive, c.identitySet = s.TransitiveTagKeys, s.SourceIdentity
	c.key, c.issued, c.expires = key, f.at, f.at.Add(f.duration)
	c.shownMFA = f.mfa || f.caller != nil && f.caller.withMFA()
	for _, key := range slices.Sorted(maps.Keys(s.Context)) {
		if strings.HasPrefix(key, principalTag) {
			continue // they are in Tags
		}
		switch value := s.Context[key].(type) {
		case string:
			c.set(key, value)
		case []string:
			c.keys = append(c.keys, contextKey{name: key, values: value, multi: true})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		c.Tags = append(c.Tags, scenario.Tag{Key: key, Value: s.Tags[key]})
	}
	return c
}

// principalTag begins the keys of the caller's tags.
const principalTag = "aws:PrincipalTag/"
