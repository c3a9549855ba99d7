package page

// items is a list of the scenario as a list of the page: see data-list in the
// contract in doc.go.
type items struct {
	Pointer string
	New     string // JSON of an item that is added
	Name    string // the member of it that has to be unique
	Shows   string // of an item that is folded: the pointer of what its line says
	Before  string // the words before that
	Empty   string // what the list is for, where it has no item
	Add     string // the button's words
}

// Documents that a list begins with: each does something that a reader of the
// page is likely to want next.
const (
	newPolicy = `{"PolicyName": "permissions", "PolicyDocument": "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": [\"s3:GetObject\", \"s3:ListBucket\"],\n      \"Resource\": [\"arn:aws:s3:::example-bucket\", \"arn:aws:s3:::example-bucket/*\"]\n    }\n  ]\n}"}`

	newRole = `{"RoleName": "reader", "AssumeRolePolicyDocument": "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::{account}:root\"}, \"Action\": \"sts:AssumeRole\"}\n  ]\n}"}`

	newResource = `{"Arn": "arn:aws:s3:::example-bucket", "Policy": "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Principal\": {\"AWS\": \"arn:aws:iam::{account}:root\"},\n      \"Action\": \"s3:GetObject\",\n      \"Resource\": \"arn:aws:s3:::example-bucket/*\"\n    }\n  ]\n}"}`

	newSCP = `"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"},\n    {\"Sid\": \"NobodyDeletesBuckets\", \"Effect\": \"Deny\", \"Action\": \"s3:DeleteBucket\", \"Resource\": \"*\"}\n  ]\n}"`

	newRCP = `"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Sid\": \"OnlyEncrypted\",\n      \"Effect\": \"Deny\",\n      \"Principal\": \"*\",\n      \"Action\": \"s3:*\",\n      \"Resource\": \"*\",\n      \"Condition\": {\"BoolIfExists\": {\"aws:SecureTransport\": \"false\"}}\n    }\n  ]\n}"`

	newTrustAnchor = `{"trustAnchorArn": "arn:aws:rolesanywhere:us-east-1:{account}:trust-anchor/6a7f8e5b-1111-4222-8333-444455556666", "authority": "CN=Example CA"}`

	newAnywhereProfile = `{"profileArn": "arn:aws:rolesanywhere:us-east-1:{account}:profile/0ace5b12-24b9-427e-a483-c55884852fbf", "roleArns": ["arn:aws:iam::{account}:role/{role}"]}`

	newEndpoint = `{"VpcEndpointId": "vpce-0a1b2c3d4e5f60718", "ServiceName": "com.amazonaws.us-east-1.s3", "PolicyDocument": "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}\n  ]\n}"}`
)

// inlinePolicies, attachedPolicies and tagList are those of whatever owner
// the pointer is of.
func inlinePolicies(owner, empty string) items {
	return items{Pointer: owner + "/Policies", New: newPolicy, Name: "PolicyName", Shows: "./PolicyName", Before: "Inline policy", Empty: empty, Add: "Add an inline policy"}
}

func attachedPolicies(owner string) items {
	return items{Pointer: owner + "/AttachedPolicies", New: `{"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}`, Empty: "Policies that AWS or the account manages, attached by their ARN.", Add: "Attach a managed policy"}
}

func tagList(owner, empty string) items {
	return items{Pointer: owner + "/Tags", New: `{"Key": "team", "Value": "web"}`, Name: "Key", Empty: empty, Add: "Add a tag"}
}

func levels(pointer, document, empty string) items {
	return items{Pointer: pointer, New: "[" + document + "]", Shows: ".", Before: "Level", Empty: empty, Add: "Add a level"}
}
