package exchange

import (
	"strings"
	"sync"
)

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
type form string

const (
	text     form = "text"
	number   form = "number"   // a whole number
	texts    form = "texts"    // a list of strings
	document form = "document" // a policy: an object, or a string of JSON
	tags     form = "tags"     // a list of {Key, Value}; a map in Terraform
	inline   form = "inline"   // a list of {PolicyName, PolicyDocument}
	attached form = "attached" // a list of {PolicyArn}; of ARNs outside the API
	boundary form = "boundary" // {PolicyArn}; an ARN outside the API
	issuer   form = "issuer"   // a URL, which IAM shows without its scheme
	resource form = "resource" // an ARN, which most dialects write as what follows kind.prefix
)

// field is a member of an entry: its name in the scenario, and in each
// dialect; "" where a dialect doesn't have it.
type field struct {
	name string
	form form
	in   [dialects]string
}

// kind is a type of thing that a world holds.
type kind struct {
	place  string           // the account's list, in the scenario
	part   string           // of what stands inside an entry of place: its list there
	word   string           // for sentences
	prefix string           // of the ARN that a field of form resource shortens
	only   bool             // not written out
	in     [dialects]string // type or command; "" where the dialect has none
	fields []field          // the first identifies the entry, or for a part what it is a part of
}

// The table of kinds drives both directions: every way in and every way out
// of a field is one row. A kind's line has its place in the scenario, with
// the part; "only" where it isn't written out; the word for it, the prefix of its
// ARN, and its names in the API, CloudFormation, Terraform and the AWS CLI,
// there with the options that are always the same. A field's line begins with
// a blank; it has the field's name and form, and its names. What isn't there
// is -, a blank in a name is ~. The kinds are in the order in which things can
// be created.
const table = `
Policies - managed~policy - Policy AWS::IAM::ManagedPolicy aws_iam_policy iam~create-policy
 PolicyName text PolicyName ManagedPolicyName name policy-name
 Path text Path Path path path
 PolicyDocument document PolicyDocument PolicyDocument policy policy-document
OpenIDConnectProviders - OIDC~provider - OpenIDConnectProvider AWS::IAM::OIDCProvider aws_iam_openid_connect_provider iam~create-open-id-connect-provider
 Url issuer Url Url url url
 ClientIDList texts ClientIDList ClientIdList client_id_list client-id-list
 ThumbprintList texts ThumbprintList ThumbprintList thumbprint_list thumbprint-list
 Tags tags Tags Tags tags tags
SAMLProviders - SAML~provider - SAMLProvider AWS::IAM::SAMLProvider aws_iam_saml_provider iam~create-saml-provider
 Name text Name Name name name
 SAMLMetadataDocument text SAMLMetadataDocument SamlMetadataDocument saml_metadata_document saml-metadata-document
 AssertionEncryptionMode text AssertionEncryptionMode AssertionEncryptionMode - assertion-encryption-mode
 SAMLProviderUUID text SAMLProviderUUID - saml_provider_uuid -
 Tags tags Tags Tags tags tags
Groups - group - Group AWS::IAM::Group aws_iam_group iam~create-group
 GroupName text GroupName GroupName name group-name
 Path text Path Path path path
 Policies inline GroupPolicyList Policies - -
 AttachedPolicies attached AttachedManagedPolicies ManagedPolicyArns - -
Users - user - User AWS::IAM::User aws_iam_user iam~create-user
 UserName text UserName UserName name user-name
 Path text Path Path path path
 PermissionsBoundary boundary PermissionsBoundary PermissionsBoundary permissions_boundary permissions-boundary
 Tags tags Tags Tags tags tags
 Policies inline UserPolicyList Policies - -
 AttachedPolicies attached AttachedManagedPolicies ManagedPolicyArns - -
 Groups texts GroupList Groups - -
Roles - role - Role AWS::IAM::Role aws_iam_role iam~create-role
 RoleName text RoleName RoleName name role-name
 Path text Path Path path path
 MaxSessionDuration number MaxSessionDuration MaxSessionDuration max_session_duration max-session-duration
 AssumeRolePolicyDocument document AssumeRolePolicyDocument AssumeRolePolicyDocument assume_role_policy assume-role-policy-document
 PermissionsBoundary boundary PermissionsBoundary PermissionsBoundary permissions_boundary permissions-boundary
 Tags tags Tags Tags tags tags
 Policies inline RolePolicyList Policies inline_policy -
 AttachedPolicies attached AttachedManagedPolicies ManagedPolicyArns managed_policy_arns -
Groups Policies policy - - AWS::IAM::GroupPolicy aws_iam_group_policy iam~put-group-policy
 GroupName text GroupName GroupName group group-name
 PolicyName text PolicyName PolicyName name policy-name
 PolicyDocument document PolicyDocument PolicyDocument policy policy-document
Users Policies policy - - AWS::IAM::UserPolicy aws_iam_user_policy iam~put-user-policy
 UserName text UserName UserName user user-name
 PolicyName text PolicyName PolicyName name policy-name
 PolicyDocument document PolicyDocument PolicyDocument policy policy-document
Roles Policies policy - - AWS::IAM::RolePolicy aws_iam_role_policy iam~put-role-policy
 RoleName text RoleName RoleName role role-name
 PolicyName text PolicyName PolicyName name policy-name
 PolicyDocument document PolicyDocument PolicyDocument policy policy-document
Groups AttachedPolicies attachment - - - aws_iam_group_policy_attachment iam~attach-group-policy
 GroupName text - - group group-name
 PolicyArn text - - policy_arn policy-arn
Users AttachedPolicies attachment - - - aws_iam_user_policy_attachment iam~attach-user-policy
 UserName text - - user user-name
 PolicyArn text - - policy_arn policy-arn
Roles AttachedPolicies attachment - - - aws_iam_role_policy_attachment iam~attach-role-policy
 RoleName text - - role role-name
 PolicyArn text - - policy_arn policy-arn
Users Groups membership - - - aws_iam_user_group_membership iam~add-user-to-group
 UserName text - - user user-name
 Groups texts - - groups group-name
Resources only resource - - - - -
 Arn text Arn - - -
 Policy document Policy - - -
 Tags tags Tags - - -
Resources - bucket~policy arn:aws:s3::: - AWS::S3::BucketPolicy aws_s3_bucket_policy s3api~put-bucket-policy
 Arn resource - Bucket bucket bucket
 Policy document - PolicyDocument policy policy
Resources - key~policy arn:aws:kms:us-east-1:{account}:key/ - - aws_kms_key_policy kms~put-key-policy~--policy-name~default
 Arn resource - - key_id key-id
 Policy document - - policy policy
Resources - topic~policy - - AWS::SNS::TopicInlinePolicy aws_sns_topic_policy sns~set-topic-attributes~--attribute-name~Policy
 Arn resource - TopicArn arn topic-arn
 Policy document - PolicyDocument policy attribute-value
Resources - secret~policy - - AWS::SecretsManager::ResourcePolicy aws_secretsmanager_secret_policy secretsmanager~put-resource-policy
 Arn resource - SecretId secret_arn secret-id
 Policy document - ResourcePolicy policy resource-policy
Resources only key arn:aws:kms:us-east-1:{account}:key/ - AWS::KMS::Key aws_kms_key -
 Arn resource - - arn -
 Policy document - KeyPolicy policy -
 Tags tags - Tags tags -
VpcEndpoints only VPC~endpoint - VpcEndpoint AWS::EC2::VPCEndpoint aws_vpc_endpoint -
 VpcEndpointId text VpcEndpointId - id -
 VpcId text VpcId VpcId vpc_id -
 ServiceName text ServiceName ServiceName service_name -
 PolicyDocument document PolicyDocument PolicyDocument policy -
VpcEndpoints - VPC~endpoint~policy - - - aws_vpc_endpoint_policy ec2~modify-vpc-endpoint
 VpcEndpointId text - - vpc_endpoint_id vpc-endpoint-id
 PolicyDocument document - - policy policy-document
Organization only organization~policy - - AWS::Organizations::Policy aws_organizations_policy organizations~create-policy
 Name text Name Name name name
 Type text Type Type type type
 Description text - Description description description
 Content document Content Content content content
 TargetIds texts - TargetIds - -
`

// kinds is the table. It is read once, when something is first exchanged.
var kinds = sync.OnceValue(func() (all []kind) {
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		for i, word := range words {
			words[i] = strings.ReplaceAll(strings.TrimPrefix(word, "-"), "~", " ")
		}
		switch {
		case len(words) == 0:
		case line[0] == ' ':
			k := &all[len(all)-1]
			k.fields = append(k.fields, field{words[0], form(words[1]), [dialects]string(words[2:])})
		default:
			k := kind{place: words[0], part: words[1], word: words[2], prefix: words[3], in: [dialects]string(words[4:])}
			if k.only = k.part == "only"; k.only {
				k.part = ""
			}
			all = append(all, k)
		}
	}
	return all
})

// kindOf is the kind that a dialect calls so, nil where there is none.
func kindOf(d dialect, name string) *kind {
	all := kinds()
	for i := range all {
		if all[i].in[d] == name && name != "" {
			return &all[i]
		}
	}
	return nil
}

// partOf is the kind of a part of the entries of an account's list, "" for
// the entries themselves; nil where there is none.
func partOf(place, part string) *kind {
	all := kinds()
	for i := range all {
		if all[i].place == place && all[i].part == part {
			return &all[i]
		}
	}
	return nil
}

// standing are the lists of what is there already: of it, the files set no
// more than the policies.
var standing = []string{"VpcEndpoints", "Resources"}

// holders are the lists of those that policies are attached to.
var holders = []string{"Roles", "Users", "Groups"}

// arnTypes has what stands before the name in the ARNs of IAM
// (IAM guide, reference_identifiers).
var arnTypes = map[string]string{
	"Roles": "role", "Users": "user", "Groups": "group", "Policies": "policy",
	"OpenIDConnectProviders": "oidc-provider", "SAMLProviders": "saml-provider",
}
