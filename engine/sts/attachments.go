package sts

import (
	"cmp"
	"strconv"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/managed"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

var (
	citeManaged = trace.Cite{
		Title: "Managed policies and inline policies",
		URL:   docs + "IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
	}
	citeResourceTags = trace.Cite{
		Title: "Tags for AWS Identity and Access Management resources",
		URL:   docs + "IAM/latest/UserGuide/id_tags.html",
	}

	findUnknownPolicy     = trace.Rule{Code: "policy/unknown-managed-policy", Title: "The attached policy is one that the playground knows", Cite: citeManaged}
	findManyTags          = trace.Rule{Code: "tags/too-many", Title: "No role, user or resource has more than 50 tags", Cite: citeResourceTags}
	findDuplicateResource = trace.Rule{Code: "resource/duplicate-arn", Title: "The resource is listed once", Cite: trace.Cite{}}
	findUnknownGroup      = trace.Rule{Code: "user/unknown-group", Title: "The user's group exists in the account", Cite: citeManaged}
)

// identity is what a role, a user or a group has of its own: the policies
// that allow, and the boundary that limits.
type identity struct {
	policies []iam.Attached // never nil
	boundary []iam.Attached // nil where there is none
	unknown  []string       // ARNs of attached policies that nothing is known of

	name   string // of the role, user or group
	path   string // JSON Pointer of its entry
	inline int    // how many inline policies it has
}

// and is the identity with what another one adds, as a user's group does.
func (id identity) and(other identity) identity {
	id.policies = append(id.policies[:len(id.policies):len(id.policies)], other.policies...)
	id.unknown = append(id.unknown[:len(id.unknown):len(id.unknown)], other.unknown...)
	return id
}

// attachments compiles what is attached to the identities of one account, and
// collects what there is to say about it.
type attachments struct {
	account  *scenario.Account
	managed  map[string]*iam.Policy // customer managed, by ARN
	world    *World
	findings []trace.Finding
}

func newAttachments(a *scenario.Account, world *World) *attachments {
	m := &attachments{account: a, managed: make(map[string]*iam.Policy, len(a.Policies)), world: world}
	for i := range a.Policies {
		p := &a.Policies[i]
		m.managed["arn:aws:iam::"+a.ID+":policy"+cmp.Or(p.PolicyPath, "/")+p.PolicyName] = m.compile(p.PolicyDocument, iam.IdentityPolicy)
	}
	return m
}

func (m *attachments) compile(d scenario.Document, kind iam.Kind) *iam.Policy {
	place := d.Path + " " + string(kind)
	if before := m.world.compiled[place]; before != nil && d.Path != "" {
		return before
	}
	policy, found := compile(d, kind)
	m.findings = append(append(m.findings, found...), nameFindings(m.world.names, d, policy, found)...)
	m.world.documents[policy], m.world.compiled[place] = d, policy
	return policy
}

// identity compiles the policies of the identity at path, a role, a user or a
// group as kind says.
func (m *attachments) identity(kind, name, path string, inline []scenario.InlinePolicy, attached []scenario.AttachedPolicy, boundary scenario.Document) identity {
	id := identity{policies: []iam.Attached{}, name: name, path: path, inline: len(inline)}
	m.findings = append(m.findings, inlineSizeFinding(kind, path, inline)...)
	for i := range inline {
		name := inline[i].PolicyName
		if name == "" {
			name = "inline policy"
		}
		id.policies = append(id.policies, iam.Attached{Name: name, Policy: m.compile(inline[i].PolicyDocument, iam.IdentityPolicy)})
	}
	seen := make(map[string]bool, len(attached))
	for i := range attached {
		arn := attached[i].PolicyArn
		if seen[arn] { // it is attached, however often
			continue
		}
		seen[arn] = true
		policy := m.byARN(arn, iam.IdentityPolicy)
		if policy == nil {
			id.unknown = append(id.unknown, arn)
			m.unknownPolicy(arn, path+"/AttachedPolicies/"+strconv.Itoa(i)+"/PolicyArn")
			continue
		}
		id.policies = append(id.policies, iam.Attached{Name: arn, Policy: policy})
	}
	if boundary.Given() {
		id.boundary = m.boundary(boundary)
	}
	return id
}

// boundary is a permissions boundary: an ARN, {PolicyArn}, AWS's own
// {PermissionsBoundaryType, PermissionsBoundaryArn}, or a policy. One that
// isn't known allows nothing.
func (m *attachments) boundary(d scenario.Document) []iam.Attached {
	arn, path := boundaryARN(d)
	if arn == "" {
		return []iam.Attached{{Name: "the boundary", Policy: m.compile(d, iam.PermissionsBoundary)}}
	}
	policy := m.byARN(arn, iam.PermissionsBoundary)
	if policy == nil {
		m.unknownPolicy(arn, path)
		policy = &iam.Policy{Kind: iam.PermissionsBoundary}
	}
	return []iam.Attached{{Name: arn, Policy: policy}}
}

func boundaryARN(d scenario.Document) (arn, path string) {
	if d.Node.Kind == source.String && strings.HasPrefix(d.Node.Text, "arn:") {
		return d.Node.Text, d.Path
	}
	for _, field := range []string{"PolicyArn", "PermissionsBoundaryArn"} {
		if n := d.Node.Get(field); n != nil && n.Kind == source.String {
			return n.Text, d.Path + "/" + field
		}
	}
	return "", ""
}

// byARN is a managed policy as a policy of the kind; nil where it is unknown.
func (m *attachments) byARN(arn string, kind iam.Kind) *iam.Policy {
	policy := m.managed[arn]
	if policy == nil {
		if p := managed.Lookup(arn); p != nil {
			policy = p.Compiled()
		}
	}
	if policy == nil || policy.Kind == kind {
		return policy
	}
	as := *policy
	as.Kind = kind
	return &as
}

func (m *attachments) unknownPolicy(arn, path string) {
	why := "no policy of the account has this ARN"
	if managed.IsAWS(arn) {
		why = "the playground doesn't have this policy of AWS's; paste its document as a customer managed policy"
	}
	m.say(findUnknownPolicy, path, "What "+arn+" allows isn't known, and counts as nothing: "+why+".")
}

// tags are those of the role, user or resource at path that count: AWS keeps
// fifty, and every call and session repeats them.
func (m *attachments) tags(tags []scenario.Tag, path string) []scenario.Tag {
	if len(tags) <= maxTags {
		return tags
	}
	m.say(findManyTags, path+"/Tags", strconv.Itoa(len(tags))+" tags are written; AWS keeps at most "+strconv.Itoa(maxTags)+", and the first of them count here.")
	return tags[:maxTags]
}

func (m *attachments) say(rule trace.Rule, path, detail string) {
	m.findings = append(m.findings, finding(rule, trace.SeverityWarning, trace.At{Path: path}, detail))
}
