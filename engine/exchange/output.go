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

// output reads what the AWS CLI printed, and says whether it did.
func (in *intake) output(root *source.Node) bool {
	for _, one := range []struct {
		command string
		members []string
		read    func(*source.Node)
	}{
		{"aws iam get-open-id-connect-provider", []string{"Url", "ClientIDList"}, in.oidcProvider},
		{"aws iam get-open-id-connect-provider", []string{"Url", "ThumbprintList"}, in.oidcProvider},
		{"aws iam get-saml-provider", []string{"SAMLMetadataDocument"}, in.samlProvider},
		{"aws iam get-role-policy", []string{"RoleName", "PolicyName", "PolicyDocument"}, in.inlinePolicy},
		{"aws iam get-user-policy", []string{"UserName", "PolicyName", "PolicyDocument"}, in.inlinePolicy},
		{"aws iam get-group-policy", []string{"GroupName", "PolicyName", "PolicyDocument"}, in.inlinePolicy},
		{"aws iam list-role-policies", []string{"PolicyNames"}, in.policyNames},
		{"aws iam list-attached-role-policies", []string{"AttachedPolicies"}, in.attachedPolicies},
		{"aws iam get-policy-version", []string{"PolicyVersion"}, in.policyVersion},
		{"aws sts get-caller-identity", []string{"Account", "UserId", "Arn"}, in.callerIdentity},
		{"a policy of a resource", []string{"Policy"}, in.policyOf},
	} {
		if hasAll(root, one.members) {
			in.what = "the output of " + one.command
			one.read(root)
			return true
		}
	}
	for _, o := range outputs {
		n := root.Get(o.member)
		if n == nil || n.Kind != source.Object && n.Kind != source.Array {
			continue
		}
		if in.what == "" {
			in.what = "the output of " + o.command
		}
		if root.Get("RoleDetailList") != nil || root.Get("UserDetailList") != nil {
			in.what, in.all = "the output of "+details, true
		}
		for _, item := range items(n) {
			in.described(kindOf(api, o.kind), &item, root)
		}
	}
	if root.Get("IsTruncated") != nil && word(root.Get("IsTruncated")) == "true" {
		in.note("the output is truncated; the rest is missing")
	}
	return in.what != ""
}

func hasAll(n *source.Node, names []string) bool {
	for _, name := range names {
		if n.Get(name) == nil {
			return false
		}
	}
	return true
}

// described reads one object as the API describes it.
func (in *intake) described(k *kind, item, root *source.Node) {
	arn := word(item.Get("Arn"))
	account := arnAccount(arn)
	if owner := word(item.Get("OwnerId")); isAccount(owner) {
		account = owner
	}
	if account == "" {
		account = in.home
		if strings.HasPrefix(arn, "arn:aws:iam::aws:") || strings.Contains(arn, ":organizations:") {
			return // AWS's own managed policies, which every account has
		}
	}
	if in.assumed && account != in.home {
		in.home, in.assumed = account, false
	}
	entry := k.read(api, item, account)
	switch k.place {
	case "Policies":
		for _, version := range items(item.Get("PolicyVersionList")) {
			if word(version.Get("IsDefaultVersion")) == "true" {
				set(&entry, "PolicyDocument", policy(version.Get("Document")))
			}
		}
	case "OpenIDConnectProviders", "SAMLProviders": // the list has nothing but ARNs
		_, name, _ := strings.Cut(arn, "/")
		if k.place == "OpenIDConnectProviders" {
			name = "https://" + name
		}
		set(&entry, k.fields[0].name, str(name))
		in.note("the list has no more than the name of " + source.Clip(name))
	case "Users":
		if group := root.Get("Group").Get("GroupName"); group != nil {
			in.add(k, account, entry, "")
			in.add(kindOf(terraform, "aws_iam_user_group_membership"), account, object("UserName", value(entry.Get("UserName")), "Groups", list(*group)), "")
			return
		}
	case "Resources":
		in.note("a scenario has the endpoint's policy as that of its ARN; calls don't go through it by themselves")
	}
	in.add(k, account, entry, "")
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
		if _, host, ok := strings.Cut(entityID(word(root.Get("SAMLMetadataDocument"))), "://"); ok {
			host, _, _ = strings.Cut(host, "/")
			name += "-" + host
		}
		in.note("the output has no name; " + source.Clip(name) + " stands for it")
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
	for i := range kinds {
		if k := &kinds[i]; k.part == "Policies" && root.Get(k.fields[0].name) != nil {
			in.add(k, in.home, k.read(api, root, in.home), "")
			return
		}
	}
}

// holder is whose the policies are that the output lists without saying so:
// of the command's own option, or else of the role in view.
func (in *intake) holder() (place, name string) {
	for _, of := range []struct{ option, place string }{{"role-name", "Roles"}, {"user-name", "Users"}, {"group-name", "Groups"}} {
		if name := in.options[of.option]; name != "" {
			return of.place, name
		}
	}
	if in.role != "" {
		in.note("the output doesn't say whose they are; they are taken for those of role " + source.Clip(in.role))
		return "Roles", in.role
	}
	if roles := items(in.root.Get("accounts").Get(in.home).Get("Roles")); len(roles) == 1 {
		in.role = word(roles[0].Get("RoleName"))
		return in.holder()
	}
	in.note("the output doesn't say whose they are; paste the command along with it, or paste get-role first")
	return "", ""
}

func (in *intake) attachedPolicies(root *source.Node) {
	place, name := in.holder()
	if name == "" {
		return
	}
	for _, item := range items(root.Get("AttachedPolicies")) {
		for i := range kinds {
			if k := &kinds[i]; k.place == place && k.part == "AttachedPolicies" {
				entry := object(k.fields[0].name, str(name), "PolicyArn", value(item.Get("PolicyArn")))
				in.add(k, in.home, entry, "")
			}
		}
	}
	if len(in.entries) == 0 {
		in.note("nothing is attached")
	}
}

// policyNames reads a list of names, which has no policies in it.
func (in *intake) policyNames(root *source.Node) {
	for _, name := range items(root.Get("PolicyNames")) {
		in.note("the list has no more than the name of " + source.Quote(word(&name)) + "; paste the output of aws iam get-role-policy for it")
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
		for _, p := range items(in.root.Get("accounts").Get(account).Get(k.place)) {
			if p.Get("PolicyDocument") == nil {
				name = word(p.Get("PolicyName"))
			}
		}
	}
	if name == "" {
		name = "imported"
		in.note("the output has no name; " + name + " stands for it")
	}
	in.add(k, account, object("PolicyName", str(name), "PolicyDocument", policy(root.Get("PolicyVersion").Get("Document"))), "")
}

func (in *intake) callerIdentity(root *source.Node) {
	id := word(root.Get("Account"))
	if !isAccount(id) {
		in.note("the output names no account")
		return
	}
	in.account(id)
	in.assumed = false
	in.note("the caller is " + source.Clip(word(root.Get("Arn"))) + "; use it as a call's caller")
	in.entries = append(in.entries, named{"caller", word(root.Get("UserId")), "", id})
}

// policyOf reads the output of the commands that have one member, Policy: a
// managed policy, one of AWS Organizations, or the policy of a resource,
// which then doesn't say of which.
func (in *intake) policyOf(root *source.Node) {
	p := root.Get("Policy")
	if summary := p.Get("PolicySummary"); summary != nil {
		in.what = "the output of aws organizations describe-policy"
		k := kindOf(cloudFormation, "AWS::Organizations::Policy")
		in.add(k, in.home, object("Name", value(summary.Get("Name")), "Type", value(summary.Get("Type")), "Content", policy(p.Get("Content"))), "")
		return
	}
	if p.Kind == source.Object && p.Get("PolicyName") != nil {
		in.what = "the output of aws iam get-policy"
		in.described(kindOf(api, "Policy"), p, root)
		if p.Get("PolicyDocument") == nil {
			in.note("its document comes with aws iam get-policy-version")
		}
		return
	}
	in.what = "the output of aws s3api get-bucket-policy"
	doc := policy(p)
	k := kindOf(cloudFormation, "AWS::S3::BucketPolicy")
	arn := in.options["bucket"]
	if arn == "" {
		arn = resourceOf(&doc)
	}
	switch {
	case root.Get("PolicyName") != nil || in.options["key-id"] != "" || strings.Contains(doc.JSON(""), `"kms:`):
		in.what = "the output of aws kms get-key-policy"
		k = kindOf(terraform, "aws_kms_key_policy")
		if id := in.options["key-id"]; id != "" {
			arn = id
		}
		if arn == "" {
			arn = "imported"
			in.note("the output doesn't say of which key it is; a key id stands for it")
		}
	case arn != "" && !strings.HasPrefix(arn, "arn:aws:s3:::") && strings.HasPrefix(arn, "arn:"):
		in.what = "the policy of a resource, as the AWS CLI prints it"
	}
	account := arnAccount(arn)
	if account == "" {
		account = in.home
	}
	name := str(arn)
	in.add(k, account, object("Arn", k.fields[0].read(api, &name, k, account), "Policy", doc), "")
}

// resourceOf is the resource that a resource policy is of, as its statements
// name it: of S3 the bucket.
func resourceOf(doc *source.Node) string {
	for _, statement := range items(doc.Get("Statement")) {
		for _, r := range items(statement.Get("Resource")) {
			if arn := word(&r); strings.HasPrefix(arn, "arn:") {
				bucket, _, _ := strings.Cut(arn, "/")
				if strings.HasPrefix(arn, "arn:aws:s3:") {
					return bucket
				}
				return arn
			}
		}
	}
	return ""
}
