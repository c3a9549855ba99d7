package scenario

import "time"

// IdentityCenter is an organization instance of IAM Identity Center: who can
// sign in to the AWS access portal, and which permission sets are assigned to
// whom in which account. Objects are spelled as the Identity Store and
// CloudFormation (AWS::SSO::PermissionSet) spell them.
type IdentityCenter struct {
	Region                  string        `json:"region"` // of the identity source; "" stands for us-east-1
	InstanceArn             string        // "" where it doesn't matter
	IdentityStoreID         string        `json:"IdentityStoreId"` // likewise
	OwnerAccountID          string        `json:"OwnerAccountId"`  // "" stands for the organization's management account
	PortalSession           time.Duration `json:"portalSession"`   // of a sign-in to the portal; 0 stands for AWS's default of 8h
	Users                   []PortalUser
	Groups                  []PortalGroup
	PermissionSets          []PermissionSet
	Assignments             []Assignment             `json:"assignments"`
	AccessControlAttributes []AccessControlAttribute // what becomes session tags
	Path                    string                   `json:"-"`
}

// PortalUser is a user of the identity store. Groups are names of groups.
// Attributes is an object of what else the identity source knows, by the path
// that ${path:…} names: {enterprise: {costCenter: "1001"}}.
type PortalUser struct {
	UserName    string `required:"yes"`
	UserID      string `json:"UserId"` // "" where it doesn't matter
	DisplayName string
	Emails      []Email
	UserStatus  string `oneof:"ENABLED DISABLED"` // "" stands for ENABLED
	Groups      []string
	Attributes  Document `json:"attributes"`
	Path        string   `json:"-"`
}

// Email is one of a user's addresses.
type Email struct {
	Value   string
	Type    string
	Primary bool
}

// PortalGroup is a group of the identity store.
type PortalGroup struct {
	DisplayName string `required:"yes"`
	GroupID     string `json:"GroupId"`
	Path        string `json:"-"`
}

// PermissionSet is what a role in each assigned account is made of.
// SessionDuration is of ISO 8601, as in PT4H; "" stands for an hour.
type PermissionSet struct {
	Name                            string `required:"yes"`
	SessionDuration                 string
	RelayState                      string   `json:"RelayStateType"` // where the console opens
	ManagedPolicies                 []string // ARNs of AWS's managed policies
	InlinePolicy                    Document
	CustomerManagedPolicyReferences []PolicyReference
	PermissionsBoundary             Document // {ManagedPolicyArn} or {CustomerManagedPolicyReference: {Name, Path}}
	Path                            string   `json:"-"`
}

// PolicyReference names a customer managed policy that each account has to have.
type PolicyReference struct {
	Name       string `required:"yes"`
	PolicyPath string `json:"Path"` // "" stands for "/"
}

// Assignment gives a user or group a permission set in an account.
type Assignment struct {
	PermissionSet string `json:"permissionSet" required:"yes"` // its name
	PrincipalType string `required:"yes" oneof:"USER GROUP"`
	Principal     string `json:"principal" required:"yes"` // UserName or DisplayName
	TargetID      string `json:"TargetId" required:"yes"`  // the account
	RoleSuffix    string `json:"roleSuffix"`               // of the role there: 16 hexadecimal digits, and "" for ones made up
	Path          string `json:"-"`
}

// AccessControlAttribute makes an attribute of the user a session tag.
type AccessControlAttribute struct {
	Key   string `required:"yes"`
	Value AttributeSource
	Path  string `json:"-"`
}

// AttributeSource is where the tag's value comes from, as in ${path:enterprise.costCenter}.
type AttributeSource struct {
	Source []string
}

// PortalParams are the parameters of the operations that the AWS CLI calls
// for `aws sso login` and after it: CreateToken of IAM Identity Center OIDC, and
// those of the AWS access portal.
type PortalParams struct {
	ClientID     string   `json:"clientId"`
	ClientSecret string   `json:"clientSecret"`
	GrantType    string   `json:"grantType"`
	DeviceCode   string   `json:"deviceCode"`
	Code         string   `json:"code"`
	CodeVerifier string   `json:"codeVerifier"`
	RedirectURI  string   `json:"redirectUri"`
	Scope        []string `json:"scope"`
	SignedInAs   string   `json:"signedInAs"` // no parameter of AWS's: who signs in in the browser meanwhile, by UserName
	RoleName     string   `json:"roleName"`
	AccountID    string   `json:"accountId"`
	AccessToken  Token    `json:"accessToken"`
}

func ofPortal(c *Call) any { return &c.Portal }
