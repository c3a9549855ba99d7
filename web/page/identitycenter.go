package page

// newPermissionSet is what a permission set begins with.
const newPermissionSet = `{"Name": "ReadOnly", "SessionDuration": "PT1H", "ManagedPolicies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}`

// portalUsers and the rest are the lists of an instance of IAM Identity Center.
var (
	portalUsers    = items{Pointer: "/identityCenter/Users", New: `{"UserName": "dana@example.com", "Groups": []}`, Name: "UserName", Shows: "./UserName", Before: "User", Empty: "Who can sign in to the AWS access portal, by sso-oidc:CreateToken with signedInAs.", Add: "Add a user"}
	portalGroups   = items{Pointer: "/identityCenter/Groups", New: `{"DisplayName": "developers"}`, Name: "DisplayName", Empty: "Groups of these users, to assign permission sets to.", Add: "Add a group"}
	permissionSets = items{Pointer: "/identityCenter/PermissionSets", New: newPermissionSet, Name: "Name", Shows: "./Name", Before: "Permission set", Empty: "Where one is assigned, the account gets a role AWSReservedSSO_… made of it.", Add: "Add a permission set"}
	policyNames    = items{Pointer: "./CustomerManagedPolicyReferences", New: `{"Name": "ours", "Path": "/"}`, Name: "Name", Empty: "Customer managed policies, by name: each account has to have its own.", Add: "Add a customer managed policy"}
	assignments    = items{Pointer: "/identityCenter/assignments", New: `{"permissionSet": "ReadOnly", "PrincipalType": "USER", "principal": "dana@example.com", "TargetId": "{account}"}`, Shows: "./permissionSet", Before: "Assignment of", Empty: "Who has which permission set in which account.", Add: "Add an assignment"}
	portalTags     = items{Pointer: "/identityCenter/AccessControlAttributes", New: `{"Key": "CostCenter", "Value": {"Source": ["${path:enterprise.costCenter}"]}}`, Name: "Key", Shows: "./Key", Before: "Attribute", Empty: "Attributes of the users that become session tags.", Add: "Add an attribute for access control"}
)
