package iam

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
)

// A maker makes policies and requests that have much to do with each other:
// few names, so that they meet, and values around those in the request, so
// that every comparison comes out both ways. The same seed makes the same.
type maker struct{ *rand.Rand }

func newMaker(seed uint64) maker { return maker{rand.New(rand.NewPCG(seed, 1))} }

// chance is true so many times in a hundred.
func (m maker) chance(percent int) bool { return m.IntN(100) < percent }

func pick[T any](m maker, from []T) T { return from[m.IntN(len(from))] }

// some are up to most of the values, at least one, none twice.
func some[T any](m maker, from []T, most int) []T {
	chosen := make([]T, 0, most)
	for _, i := range m.Perm(len(from))[:1+m.IntN(min(most, len(from)))] {
		chosen = append(chosen, from[i])
	}
	return chosen
}

// made is a policy's document as the generator builds it, and json writes it.
type made struct {
	Version   string `json:",omitempty"`
	Statement []madeStatement
}

type madeStatement struct {
	Effect       string
	Principal    any      `json:",omitempty"`
	NotPrincipal any      `json:",omitempty"`
	Action       []string `json:",omitempty"`
	NotAction    []string `json:",omitempty"`
	Resource     []string `json:",omitempty"`
	NotResource  []string `json:",omitempty"`
	// By operator, then by key.
	Condition map[string]map[string][]string `json:",omitempty"`
}

func (d made) String() string {
	text, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (d made) parse(kind Kind) *Policy {
	policy, _ := ParseText(d.String(), kind)
	return policy
}

// clone is a copy that shares nothing with d.
func (d made) clone() made {
	var copied made
	if err := json.Unmarshal([]byte(d.String()), &copied); err != nil {
		panic(err)
	}
	return copied
}

var (
	madeActions   = []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging"}
	madeResources = []string{"arn:aws:s3:::reports/2026/april.csv", "arn:aws:s3:::reports/web/x", "arn:aws:s3:::logs/data", "arn:aws:s3:::reports/a?b"}

	actionPatterns   = []string{"*", "s3:*", "s3:Get*", "S3:getobject", "s3:?etObject", "s3:PutObject", "s3:*Object", "s3:DeleteObject", "ec2:*"}
	resourcePatterns = []string{
		"*", "arn:aws:s3:::*", "arn:aws:s3:::reports/*", "arn:aws:s3:::reports/2026/*", "arn:aws:s3:::reports/*/x", "arn:aws:s3:::logs/*",
		"arn:aws:s3:::logs/dat?", "arn:aws:s3:::reports/${aws:PrincipalTag/team}/*", "arn:aws:s3:::reports/${aws:PrincipalTag/area, '2026'}/*",
		"arn:aws:s3:::reports/a${?}b", "arn:aws:s3:::REPORTS/*", "arn:aws:s3:*:*:reports/*",
	}
	madePrincipals = []any{
		"*", map[string][]string{"AWS": {"*"}}, map[string][]string{"AWS": {"123456789012"}}, map[string][]string{"AWS": {"arn:aws:iam::123456789012:root"}},
		map[string][]string{"AWS": {"arn:aws:iam::123456789012:user/alice"}}, map[string][]string{"AWS": {"arn:aws:iam::123456789012:role/deploy"}},
		map[string][]string{"AWS": {"arn:aws:sts::123456789012:assumed-role/deploy/ci"}}, map[string][]string{"AWS": {"999999999999"}},
		map[string][]string{"AWS": {"arn:aws:iam::123456789012:user/bob", "arn:aws:iam::123456789012:user/alice"}},
	}
)

// madeKey is a condition key, what a request may have in it, what policies
// compare it with, and by which operators.
type madeKey struct {
	name      string
	multi     bool
	found     []string
	wanted    []string
	operators []string
}

var (
	textOperators = []string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"}
	numbers       = []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"}
	dates         = []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"}
	arnOperators  = []string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"}
)

var madeKeys = []madeKey{
	{"aws:PrincipalTag/team", false, []string{"web", "Web", "data", ""}, []string{"web", "data", "w*", "*", "d?ta", "${aws:username}", "${aws:PrincipalTag/area, 'web'}", "w${*}"}, textOperators},
	{"aws:username", false, []string{"alice", "web", "Alice"}, []string{"alice", "a*", "?lice", "bob", "${aws:PrincipalTag/team}"}, textOperators},
	{"aws:RequestedRegion", false, []string{"eu-west-1", "us-east-1"}, []string{"eu-west-1", "eu-*", "us-east-?"}, textOperators},
	{"aws:MultiFactorAuthAge", false, []string{"0", "3600", "3600.5", "36000"}, []string{"3600", "3600.0", "1e3", "0", "-5", "99999"}, numbers},
	{"aws:CurrentTime", false, []string{"2026-04-28T10:30:00Z", "2025-12-31T23:59:59Z"}, []string{"2026-04-28T10:30:00Z", "2026-01-01T00:00:00Z", "2026-04-28T12:30:00+02:00", "2026-04-28", "2026-05"}, dates},
	{"aws:SecureTransport", false, []string{"true", "false", "True"}, []string{"true", "false", "TRUE"}, []string{"Bool"}},
	{"aws:MultiFactorAuthPresent", false, []string{"true", "false"}, []string{"true", "false"}, []string{"Bool"}},
	{"aws:SourceIp", false, []string{"203.0.113.7", "198.51.100.1", "2001:db8::1"}, []string{"203.0.113.0/24", "203.0.113.7", "198.51.100.0/30", "2001:db8::/32", "0.0.0.0/0"}, []string{"IpAddress", "NotIpAddress"}},
	{"aws:PrincipalArn", false, []string{"arn:aws:iam::123456789012:user/alice", "arn:aws:iam::123456789012:role/deploy"}, []string{"arn:aws:iam::123456789012:user/alice", "arn:aws:iam::*:role/*", "arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::12345678901?:*"}, arnOperators},
	{"aws:TagKeys", true, []string{"team", "cost", "Cost", "area"}, []string{"team", "cost", "c*", "area", "${aws:username}"}, textOperators},
}

func (m maker) condition() (operator, key string, values []string) {
	k := pick(m, madeKeys)
	if m.chance(10) {
		return "Null", k.name, []string{pick(m, []string{"true", "false"})}
	}
	operator = pick(m, k.operators)
	if m.chance(25) {
		operator += "IfExists"
	}
	if k.multi {
		operator = pick(m, []string{forAllValues, forAnyValue}) + ":" + operator
	}
	return operator, k.name, some(m, k.wanted, 3)
}

// statement for a policy of the kind. About three in four have no more than
// one condition, so that enough of them apply.
func (m maker) statement(kind Kind) madeStatement {
	s := madeStatement{Effect: "Allow"}
	if m.chance(45) {
		s.Effect = "Deny"
	}
	if grammarOf(kind).principal == required {
		s.Principal = pick(m, madePrincipals)
		if s.Effect == "Deny" && m.chance(25) {
			s.Principal, s.NotPrincipal = nil, map[string][]string{"AWS": some(m, []string{
				"123456789012", "arn:aws:iam::123456789012:user/alice", "arn:aws:iam::123456789012:role/deploy", "arn:aws:sts::123456789012:assumed-role/deploy/ci",
			}, 4)}
		}
	}
	actions, resources := some(m, actionPatterns, 3), some(m, resourcePatterns, 3)
	if s.Action = actions; m.chance(15) {
		s.Action, s.NotAction = nil, actions
	}
	if s.Resource = resources; m.chance(15) {
		s.Resource, s.NotResource = nil, resources
	}
	conditions := pick(m, []int{0, 0, 1, 1, 1, 2, 3})
	if s.Effect == "Deny" && m.chance(30) {
		conditions++
	}
	for range conditions {
		operator, key, values := m.condition()
		if s.Condition == nil {
			s.Condition = map[string]map[string][]string{}
		}
		if s.Condition[operator] == nil {
			s.Condition[operator] = map[string][]string{}
		}
		s.Condition[operator][key] = values
	}
	return s
}

func (m maker) policy(kind Kind) made {
	d := made{Version: Version2012}
	for range 1 + m.IntN(4) {
		d.Statement = append(d.Statement, m.statement(kind))
	}
	return d
}

// request by a user, a role's session or a federated user.
func (m maker) request() *Request {
	r := &Request{Action: pick(m, madeActions), Resource: pick(m, madeResources), Context: NewContext()}
	r.Principal = pick(m, []Principal{
		{AWS: []string{"arn:aws:iam::123456789012:user/alice"}, Account: "123456789012"},
		{AWS: []string{"arn:aws:sts::123456789012:assumed-role/deploy/ci", "arn:aws:iam::123456789012:role/deploy"}, Account: "123456789012"},
	})
	for _, k := range madeKeys {
		switch {
		case m.chance(20):
		case k.multi:
			r.Context.SetMulti(k.name, some(m, k.found, 3))
		default:
			r.Context.Set(k.name, pick(m, k.found))
		}
	}
	return r
}

// madeTogether is what an Authorization is made of.
type madeTogether struct {
	request                                         *Request
	resourceControl, serviceControl                 [][]made
	endpoint, resource, identity, boundary, session []made
	root, crossAccount, resourceMustAllow           bool
}

func (m maker) policies(kind Kind, most int) []made {
	policies := []made{}
	for range m.IntN(most + 1) {
		policies = append(policies, m.policy(kind))
	}
	return policies
}

// ceiling is a policy of a kind that only limits: mostly one that lets most pass.
func (m maker) ceiling(kind Kind) made {
	d := m.policy(kind)
	if m.chance(85) {
		everything := madeStatement{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}
		if grammarOf(kind).principal == required {
			everything.Principal = "*"
		}
		d.Statement = append(d.Statement, everything)
	}
	return d
}

func (m maker) together() madeTogether {
	t := madeTogether{request: m.request(), identity: m.policies(IdentityPolicy, 4), crossAccount: m.chance(20), resourceMustAllow: m.chance(10)}
	if m.chance(50) {
		t.resource = []made{m.policy(ResourcePolicy)}
	}
	if m.chance(25) {
		t.boundary = []made{m.ceiling(PermissionsBoundary)}
	}
	if len(t.request.Principal.AWS) > 1 && m.chance(30) {
		t.session = []made{m.ceiling(SessionPolicy)}
	}
	if m.chance(15) {
		t.endpoint = []made{m.ceiling(EndpointPolicy)}
	}
	for m.chance(20) {
		t.serviceControl = append(t.serviceControl, []made{m.ceiling(ServiceControlPolicy)})
	}
	for m.chance(10) {
		d := m.policy(ResourceControlPolicy)
		for i := range d.Statement {
			// "Deny" alone can be written in one that customers make, with "*"
			// as Principal (Organizations User Guide, RCP syntax).
			d.Statement[i].Effect, d.Statement[i].Principal, d.Statement[i].NotPrincipal = "Deny", "*", nil
		}
		t.resourceControl = append(t.resourceControl, []made{d})
	}
	return t
}

func attach(kind Kind, policies []made) []Attached {
	if policies == nil {
		return nil
	}
	attached := []Attached{}
	for _, d := range policies {
		attached = append(attached, Attached{Name: string(kind), Policy: d.parse(kind)})
	}
	return attached
}

func attachLevels(kind Kind, levels [][]made) [][]Attached {
	var attached [][]Attached
	for _, level := range levels {
		attached = append(attached, attach(kind, level))
	}
	return attached
}

func (t madeTogether) authorization() *Authorization {
	return &Authorization{
		Request:         *t.request,
		ResourceControl: attachLevels(ResourceControlPolicy, t.resourceControl), ServiceControl: attachLevels(ServiceControlPolicy, t.serviceControl),
		Endpoint: attach(EndpointPolicy, t.endpoint), Resource: attach(ResourcePolicy, t.resource), Identity: attach(IdentityPolicy, t.identity),
		Boundary: attach(PermissionsBoundary, t.boundary), Session: attach(SessionPolicy, t.session),
		Root: t.root, CrossAccount: t.crossAccount, ResourceMustAllow: t.resourceMustAllow,
	}
}

func (d made) hasVariables() bool { return strings.Contains(d.String(), "${") }
