package exchange

// dialect is a way to spell the world: one of the columns of the table below.
type dialect byte

const (
	api            dialect = iota // IAM's API, as the AWS CLI prints it
	cloudFormation                // a resource of a template, and its properties
	terraform                     // a resource of the AWS provider, and its arguments
	commands                      // an AWS CLI command, and its options
	dialects
)

// form is what a field holds, and so how it is rewritten between dialects.
type form byte

const (
	text     form = iota
	number        // a whole number
	texts         // a list of strings
	document      // a policy: an object, or a string of JSON
	tags          // a list of {Key, Value}; a map in Terraform
	inline        // a list of {PolicyName, PolicyDocument}
	attached      // a list of {PolicyArn}; of ARNs outside the API
	boundary      // {PolicyArn}; an ARN outside the API
	issuer        // a URL, which IAM shows without its scheme
	resource      // an ARN, which most dialects write as what follows kind.prefix
)

// field is a member of an entry: its name in the scenario, and in each
// dialect; "" where a dialect doesn't have it.
type field struct {
	name string
	form form
	in   [dialects]string
}

// kind is a type of thing that a world holds. The table of kinds drives both
// directions: every way in and every way out of a field is one row.
type kind struct {
	place  string           // the account's list, in the scenario
	part   string           // of what stands inside an entry of place: its list there
	word   string           // for sentences
	in     [dialects]string // type or command; "" where the dialect has none
	fields []field          // the first identifies the entry, or for a part what it is a part of
	prefix string           // of the ARN that a field of form resource shortens
	only   bool             // of no use on the way out: another row has it
}

// kinds is in the order in which things can be created.
var kinds = []kind{
	{place: "Policies", word: "managed policy", in: [dialects]string{"Policy", "AWS::IAM::ManagedPolicy", "aws_iam_policy", "iam create-policy"}, fields: []field{
		{"PolicyName", text, [dialects]string{"PolicyName", "ManagedPolicyName", "name", "policy-name"}},
		{"Path", text, [dialects]string{"Path", "Path", "path", "path"}},
		{"PolicyDocument", document, [dialects]string{"PolicyDocument", "PolicyDocument", "policy", "policy-document"}},
	}},
	{place: "OpenIDConnectProviders", word: "OIDC provider", in: [dialects]string{"OpenIDConnectProvider", "AWS::IAM::OIDCProvider", "aws_iam_openid_connect_provider", "iam create-open-id-connect-provider"}, fields: []field{
		{"Url", issuer, [dialects]string{"Url", "Url", "url", "url"}},
		{"ClientIDList", texts, [dialects]string{"ClientIDList", "ClientIdList", "client_id_list", "client-id-list"}},
		{"ThumbprintList", texts, [dialects]string{"ThumbprintList", "ThumbprintList", "thumbprint_list", "thumbprint-list"}},
		{"Tags", tags, [dialects]string{"Tags", "Tags", "tags", "tags"}},
	}},
	{place: "SAMLProviders", word: "SAML provider", in: [dialects]string{"SAMLProvider", "AWS::IAM::SAMLProvider", "aws_iam_saml_provider", "iam create-saml-provider"}, fields: []field{
		{"Name", text, [dialects]string{"Name", "Name", "name", "name"}},
		{"SAMLMetadataDocument", text, [dialects]string{"SAMLMetadataDocument", "SamlMetadataDocument", "saml_metadata_document", "saml-metadata-document"}},
		{"AssertionEncryptionMode", text, [dialects]string{"AssertionEncryptionMode", "AssertionEncryptionMode", "", "assertion-encryption-mode"}},
		{"SAMLProviderUUID", text, [dialects]string{"SAMLProviderUUID", "", "saml_provider_uuid", ""}},
		{"Tags", tags, [dialects]string{"Tags", "Tags", "tags", "tags"}},
	}},
	{place: "Groups", word: "group", in: [dialects]string{"Group", "AWS::IAM::Group", "aws_iam_group", "iam create-group"}, fields: []field{
		{"GroupName", text, [dialects]string{"GroupName", "GroupName", "name", "group-name"}},
		{"Path", text, [dialects]string{"Path", "Path", "path", "path"}},
		{"Policies", inline, [dialects]string{"GroupPolicyList", "Policies", "", ""}},
		{"AttachedPolicies", attached, [dialects]string{"AttachedManagedPolicies", "ManagedPolicyArns", "", ""}},
	}},
	{place: "Users", word: "user", in: [dialects]string{"User", "AWS::IAM::User", "aws_iam_user", "iam create-user"}, fields: []field{
		{"UserName", text, [dialects]string{"UserName", "UserName", "name", "user-name"}},
		{"Path", text, [dialects]string{"Path", "Path", "path", "path"}},
		{"PermissionsBoundary", boundary, [dialects]string{"PermissionsBoundary", "PermissionsBoundary", "permissions_boundary", "permissions-boundary"}},
		{"Tags", tags, [dialects]string{"Tags", "Tags", "tags", "tags"}},
		{"Policies", inline, [dialects]string{"UserPolicyList", "Policies", "", ""}},
		{"AttachedPolicies", attached, [dialects]string{"AttachedManagedPolicies", "ManagedPolicyArns", "", ""}},
		{"Groups", texts, [dialects]string{"GroupList", "Groups", "", ""}},
	}},
	{place: "Roles", word: "role", in: [dialects]string{"Role", "AWS::IAM::Role", "aws_iam_role", "iam create-role"}, fields: []field{
		{"RoleName", text, [dialects]string{"RoleName", "RoleName", "name", "role-name"}},
		{"Path", text, [dialects]string{"Path", "Path", "path", "path"}},
		{"MaxSessionDuration", number, [dialects]string{"MaxSessionDuration", "MaxSessionDuration", "max_session_duration", "max-session-duration"}},
		{"AssumeRolePolicyDocument", document, [dialects]string{"AssumeRolePolicyDocument", "AssumeRolePolicyDocument", "assume_role_policy", "assume-role-policy-document"}},
		{"PermissionsBoundary", boundary, [dialects]string{"PermissionsBoundary", "PermissionsBoundary", "permissions_boundary", "permissions-boundary"}},
		{"Tags", tags, [dialects]string{"Tags", "Tags", "tags", "tags"}},
		{"Policies", inline, [dialects]string{"RolePolicyList", "Policies", "inline_policy", ""}},
		{"AttachedPolicies", attached, [dialects]string{"AttachedManagedPolicies", "ManagedPolicyArns", "managed_policy_arns", ""}},
	}},
	inlinePolicy("Groups", "Group"), inlinePolicy("Users", "User"), inlinePolicy("Roles", "Role"),
	attachment("Groups", "Group"), attachment("Users", "User"), attachment("Roles", "Role"),
	{place: "Users", part: "Groups", word: "membership", in: [dialects]string{"", "", "aws_iam_user_group_membership", "iam add-user-to-group"}, fields: []field{
		{"UserName", text, [dialects]string{"", "", "user", "user-name"}},
		{"Groups", texts, [dialects]string{"", "", "groups", "group-name"}},
	}},
	resourcePolicy("bucket policy", "arn:aws:s3:::", "AWS::S3::BucketPolicy", "Bucket", "aws_s3_bucket_policy", "bucket", "s3api put-bucket-policy", "bucket"),
	resourcePolicy("key policy", "arn:aws:kms:us-east-1:{account}:key/", "", "", "aws_kms_key_policy", "key_id", "kms put-key-policy", "key-id"),
	{place: "Resources", word: "key", prefix: "arn:aws:kms:us-east-1:{account}:key/", only: true, in: [dialects]string{"", "AWS::KMS::Key", "aws_kms_key", ""}, fields: []field{
		{"Arn", resource, [dialects]string{"", "", "arn", ""}},
		{"Policy", document, [dialects]string{"", "KeyPolicy", "policy", ""}},
		{"Tags", tags, [dialects]string{"", "Tags", "tags", ""}},
	}},
	{place: "Resources", word: "VPC endpoint", prefix: "arn:aws:ec2:us-east-1:{account}:vpc-endpoint/", only: true, in: [dialects]string{"VpcEndpoint", "AWS::EC2::VPCEndpoint", "aws_vpc_endpoint", ""}, fields: []field{
		{"Arn", resource, [dialects]string{"VpcEndpointId", "", "arn", ""}},
		{"Policy", document, [dialects]string{"PolicyDocument", "PolicyDocument", "policy", ""}},
		{"Tags", tags, [dialects]string{"Tags", "Tags", "tags", ""}},
	}},
	{place: "Organization", word: "organization policy", only: true, in: [dialects]string{"", "AWS::Organizations::Policy", "aws_organizations_policy", "organizations create-policy"}, fields: []field{
		{"Name", text, [dialects]string{"Name", "Name", "name", "name"}},
		{"Type", text, [dialects]string{"Type", "Type", "type", "type"}},
		{"Description", text, [dialects]string{"", "Description", "description", "description"}},
		{"Content", document, [dialects]string{"Content", "Content", "content", "content"}},
		{"TargetIds", texts, [dialects]string{"", "TargetIds", "", ""}},
	}},
}

// inlinePolicy and attachment are what the three kinds of principal have alike.
func inlinePolicy(place, holder string) kind {
	low := lower(holder)
	return kind{place: place, part: "Policies", word: "policy", in: [dialects]string{"", "AWS::IAM::" + holder + "Policy", "aws_iam_" + low + "_policy", "iam put-" + low + "-policy"}, fields: []field{
		{holder + "Name", text, [dialects]string{holder + "Name", holder + "Name", low, low + "-name"}},
		{"PolicyName", text, [dialects]string{"PolicyName", "PolicyName", "name", "policy-name"}},
		{"PolicyDocument", document, [dialects]string{"PolicyDocument", "PolicyDocument", "policy", "policy-document"}},
	}}
}

func attachment(place, holder string) kind {
	low := lower(holder)
	return kind{place: place, part: "AttachedPolicies", word: "attachment", in: [dialects]string{"", "", "aws_iam_" + low + "_policy_attachment", "iam attach-" + low + "-policy"}, fields: []field{
		{holder + "Name", text, [dialects]string{"", "", low, low + "-name"}},
		{"PolicyArn", text, [dialects]string{"", "", "policy_arn", "policy-arn"}},
	}}
}

func resourcePolicy(word, prefix, cfn, cfnName, tf, tfName, command, option string) kind {
	return kind{place: "Resources", word: word, prefix: prefix, in: [dialects]string{"", cfn, tf, command}, fields: []field{
		{"Arn", resource, [dialects]string{"", cfnName, tfName, option}},
		{"Policy", document, [dialects]string{"", "PolicyDocument", "policy", "policy"}},
	}}
}

// lower is a word of the table with a small first letter.
func lower(word string) string { return string(word[0]|0x20) + word[1:] }

// kindOf is the kind that a dialect calls so, nil where there is none.
func kindOf(d dialect, name string) *kind {
	for i := range kinds {
		if kinds[i].in[d] == name && name != "" {
			return &kinds[i]
		}
	}
	return nil
}

// holderOf is the kind of the entries of an account's list.
func holderOf(place string) *kind {
	for i := range kinds {
		if kinds[i].place == place && kinds[i].part == "" {
			return &kinds[i]
		}
	}
	return nil
}

// arnTypes has what stands before the name in the ARNs of IAM
// (IAM guide, reference_identifiers).
var arnTypes = map[string]string{
	"Roles": "role", "Users": "user", "Groups": "group", "Policies": "policy",
	"OpenIDConnectProviders": "oidc-provider", "SAMLProviders": "saml-provider",
}
