package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// outputs are the members by which the output of a command is known, with
// the kind of what they hold, one or a list (IAM API reference, each
// operation's response elements).
var outputs = []struct{ member, command, kind string }{
	{"Role", "aws iam get-role", "Role"},
	{"Roles", "aws iam list-roles", "Role"},
	{"RoleDetailList", details, "Role"},
	{"User", "aws iam get-user", "User"},
	{"UserDetailList", details, "User"},
	{"Group", "aws iam get-group", "Group"},
	{"Users", "aws iam list-users", "User"}, // and the members in the output of get-group
	{"Groups", "aws iam list-groups", "Group"},
	{"GroupDetailList", details, "Group"},
	{"Policies", "aws iam list-policies", "Policy"},
	{"OpenIDConnectProviderList", "aws iam list-open-id-connect-providers", "OpenIDConnectProvider"},
	{"SAMLProviderList", "aws iam list-saml-providers", "SAMLProvider"},
	{"VpcEndpoints", "aws ec2 describe-vpc-endpoints", "VpcEndpoint"},
}

const details = "aws iam get-account-authorization-details"

// singles are the outputs that describe one thing, or hold one list of names.
var singles = []struct {
	command, members string // the members that it is known by
	read             func(*intake, *source.Node)
}{
	{"aws iam get-open-id-connect-provider", "Url ClientIDList", (*intake).oidcProvider},
	{"aws iam get-open-id-connect-provider", "Url ThumbprintList", (*intake).oidcProvider},
	{"aws iam get-saml-provider", "SAMLMetadataDocument", (*intake).samlProvider},
	{"aws iam get-role-policy", "RoleName PolicyName PolicyDocument", (*intake).inlinePolicy},
	{"aws iam get-user-policy", "UserName PolicyName PolicyDocument", (*intake).inlinePolicy},
	{"aws iam get-group-policy", "GroupName PolicyName PolicyDocument", (*intake).inlinePolicy},
	{"aws iam list-role-policies", "PolicyNames", (*intake).policyNames},
	{"aws iam list-attached-role-policies", "AttachedPolicies", (*intake).attachedPolicies},
	{"aws iam get-policy-version", "PolicyVersion", (*intake).policyVersion},
	{"aws sts get-caller-identity", "Account UserId Arn", (*intake).callerIdentity},
	{"aws s3api get-bucket-policy", "Policy", (*intake).policyOf},
}

const theOutput = "the output of "

// output reads what the AWS CLI printed, if it did.
func (in *intake) output(root *source.Node) {
	for i := range singles {
		if one := &singles[i]; hasAll(root, one.members) {
			in.what = theOutput + one.command
			one.read(in, root)
			return
		}
	}
	for _, o := range outputs {
		n := root.Get(o.member)
		if !is(n, source.Object) && !is(n, source.Array) {
			continue
		}
		if in.what == "" {
			in.what = theOutput + o.command
		}
		if first(root, "RoleDetailList", "UserDetailList") != nil {
			in.what, in.all = theOutput+details, true
		}
		for _, item := range items(n) {
			in.described(kindOf(api, o.kind), item, root)
		}
	}
	if said(root, "IsTruncated") == "true" {
		in.note("the output is truncated; the rest is missing")
	}
}

func hasAll(n *source.Node, names string) bool {
	for _, name := range strings.Fields(names) {
		if n.Get(name) == nil {
			return false
		}
	}
	return true
}

// described reads one object as the API describes it.
func (in *intake) described(k *kind, item, root *source.Node) {
	arn := said(item, "Arn")
	account := arnAccount(arn)
	if owner := said(item, "OwnerId"); isAccount(owner) {
		account = owner
	}
	switch {
	case strings.HasPrefix(arn, "arn:aws:iam::aws:") || strings.Contains(arn, ":organizations:"):
		return // AWS's own managed policies, which every account has; and lists without content
	case account == "":
		account = in.home
	case in.assumed:
		in.home, in.assumed = account, false
	}
	entry := k.read(api, item, account)
	switch k.place {
	case "Policies":
		for _, version := range items(item.Get("PolicyVersionList")) {
			if said(version, "IsDefaultVersion") == "true" {
				set(entry, "PolicyDocument", policy(version.Get("Document")))
			}
		}
	case "OpenIDConnectProviders", "SAMLProviders": // the list has nothing but ARNs
		_, name, _ := strings.Cut(arn, "/")
		if k.place == "OpenIDConnectProviders" {
			name = "https://" + name
		}
		set(entry, k.fields[0].name, str(name))
		in.note("the list has no more than the name of ", source.Clip(name))
	}
	in.add(k, account, entry, "")
	if group := root.Get("Group").Get("GroupName"); k.place == "Users" && group != nil {
		in.add(partOf("Users", "Groups"), account, object("UserName", entry.Get("UserName"), "Groups", list(group)), "")
	}
}

func (in *intake) oidcProvider(root *source.Node) {
	k := kindOf(api, "OpenIDConnectProvider")
	in.add(k, in.accountOf("open-id-connect-provider-arn"), k.read(api, root, in.home), "")
}

// accountOf is the account of the ARN that an option of the command named, or
// else the home account.
func (in *intake) accountOf(option string) string {
	if account := arnAccount(in.options[option]); account != "" {
		in.assumed = false
		return account
	}
	return in.home
}

// samlProvider names the provider after the ARN that was asked for. The
// output itself has no name, so that it is else called after the identity
// provider's host.
func (in *intake) samlProvider(root *source.Node) {
	k := kindOf(api, "SAMLProvider")
	_, name, _ := strings.Cut(in.options["saml-provider-arn"], "/")
	if name == "" {
		name = "SAML"
		if _, host, ok := strings.Cut(entityID(said(root, "SAMLMetadataDocument")), "://"); ok {
			host, _, _ = strings.Cut(host, "/")
			name += "-" + host
		}
		in.note("the output has no name; ", source.Clip(name), " stands for it")
	}
	in.add(k, in.accountOf("saml-provider-arn"), k.read(api, root, in.home), name)
}

// entityID is the entityID of a metadata document, to call it by; what the
// document says is for package saml to read.
func entityID(metadata string) string {
	_, rest, ok := strings.Cut(metadata, "entityID=")
	if !ok || rest == "" {
		return ""
	}
	id, _, _ := strings.Cut(rest[1:], rest[:1])
	return source.Clip(id)
}

// inlinePolicy reads a policy with the name of whose it is.
func (in *intake) inlinePolicy(root *source.Node) {
	for _, place := range holders {
		if k := partOf(place, "Policies"); root.Get(k.fields[0].name) != nil {
			in.add(k, in.home, k.read(api, root, in.home), "")
			return
		}
	}
}

// holder is whose the policies are that the output lists without saying so:
// of the command's own option, or else of the role in view.
func (in *intake) holder() (place, name string) {
	for _, place := range holders {
		if name := in.options[partOf(place, "").fields[0].in[commands]]; name != "" {
			return place, name
		}
	}
	if roles := in.entriesOf(in.home, "Roles"); in.role == "" && len(roles) == 1 {
		in.role = said(roles[0], "RoleName")
	}
	if in.role == "" {
		in.note("the output doesn't say whose they are; paste the command along with it, or paste get-role first")
	} else {
		in.note("the output doesn't say whose they are; they are taken for those of role ", source.Clip(in.role))
	}
	return "Roles", in.role
}

func (in *intake) attachedPolicies(root *source.Node) {
	place, name := in.holder()
	if name == "" {
		return
	}
	k := partOf(place, "AttachedPolicies")
	for _, item := range items(root.Get("AttachedPolicies")) {
		in.add(k, in.home, object(k.fields[0].name, str(name), "PolicyArn", item.Get("PolicyArn")), "")
	}
	if len(in.entries) == 0 {
		in.note("nothing is attached")
	}
}

// policyNames reads a list of names, which has no policies in it.
func (in *intake) policyNames(root *source.Node) {
	for _, name := range items(root.Get("PolicyNames")) {
		in.note("the list has no more than the name of ", source.Quote(word(name)), "; paste the output of aws iam get-role-policy for it")
	}
	if len(in.notes) == 0 {
		in.note("there are no inline policies")
	}
}

// policyVersion reads a version of a managed policy, which has no name: that
// of the command, or of the only policy without a document.
func (in *intake) policyVersion(root *source.Node) {
	k := kindOf(api, "Policy")
	account := in.accountOf("policy-arn")
	arn := in.options["policy-arn"]
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	if name == "" {
		for _, p := range in.entriesOf(account, k.place) {
			if p.Get("PolicyDocument") == nil {
				name = said(p, "PolicyName")
			}
		}
	}
	if name == "" {
		name = "imported"
		in.note("the output has no name; ", name, " stands for it")
	}
	in.add(k, account, object("PolicyName", str(name), "PolicyDocument", policy(root.Get("PolicyVersion").Get("Document"))), "")
}

func (in *intake) callerIdentity(root *source.Node) {
	id := said(root, "Account")
	if !isAccount(id) {
		in.note("the output names no account")
		return
	}
	in.account(id)
	in.assumed = false
	in.note("the caller is ", source.Clip(said(root, "Arn")), "; use it as a call's caller")
	in.entries = append(in.entries, named{"caller", said(root, "UserId"), "", id})
}

// policyOf reads the output of the commands that have one member, Policy: a
// managed policy, one of AWS Organizations, or the policy of a resource,
// which then doesn't say of which.
func (in *intake) policyOf(root *source.Node) {
	p := root.Get("Policy")
	if summary := p.Get("PolicySummary"); summary != nil {
		in.what = theOutput + "aws organizations describe-policy"
		k := partOf("Organization", "")
		entry := k.read(api, summary, in.home)
		set(entry, "Content", policy(p.Get("Content")))
		in.add(k, in.home, entry, "")
		return
	}
	if p.Get("PolicyName") != nil {
		in.what = theOutput + "aws iam get-policy"
		in.described(kindOf(api, "Policy"), p, root)
		if p.Get("PolicyDocument") == nil {
			in.note("its document comes with aws iam get-policy-version")
		}
		return
	}
	doc := policy(p)
	if doc == nil {
		in.note("the policy is null")
		return
	}
	k := kindOf(terraform, "aws_s3_bucket_policy")
	arn := in.options["bucket"]
	if arn == "" {
		arn = resourceOf(doc)
	}
	switch {
	case root.Get("PolicyName") != nil || in.options["key-id"] != "" || strings.Contains(doc.JSON(""), `"kms:`):
		in.what = theOutput + "aws kms get-key-policy"
		k = kindOf(terraform, "aws_kms_key_policy")
		if id := in.options["key-id"]; id != "" {
			arn = id
		}
		if arn == "" {
			arn = "imported"
			in.note("the output doesn't say of which key it is; a key id stands for it")
		}
	case strings.HasPrefix(arn, "arn:") && !strings.HasPrefix(arn, k.prefix):
		in.what = "the policy of a resource, as the AWS CLI prints it"
	}
	account := arnAccount(arn)
	if account == "" {
		account = in.home
	}
	in.add(k, account, object("Arn", k.fields[0].read(str(arn), k, account), "Policy", doc), "")
}

// resourceOf is the resource that a resource policy is of, as its statements
// name it: of S3 the bucket.
func resourceOf(doc *source.Node) string {
	for _, statement := range items(doc.Get("Statement")) {
		for _, r := range items(statement.Get("Resource")) {
			if arn := word(r); strings.HasPrefix(arn, "arn:") {
				if strings.HasPrefix(arn, "arn:aws:s3:") {
					arn, _, _ = strings.Cut(arn, "/")
				}
				return arn
			}
		}
	}
	return ""
}
