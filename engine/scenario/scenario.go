// Package scenario is the document that goes in: a world (what people
// configure in IAM) and a list of calls (what happens at run time). Decode
// reads it, strictly, from JSON or YAML. The names and shapes are a contract
// with files outside this project.
package scenario

import (
	"net/url"
	"strings"
	"time"

	"stsplayground/engine/reference"
	"stsplayground/engine/source"
)

// Scenario is a world and the calls made in it. Objects that AWS defines keep
// AWS's spelling; the playground's own fields are lowerCamelCase.
//
// Decode goes by the types of this file. A field's name is its json tag, or
// else its own; "-" is none of the document's. A field with required:"yes"
// has to be there, and one with oneof takes only the words listed, or nothing.
type Scenario struct {
	Title          string          `json:"title"`
	Summary        string          `json:"summary"` // Markdown
	Covers         []string        `json:"covers"`  // rows of the feature list
	Now            time.Time       `json:"now"`     // the moment of the first call; the zero time where the scenario leaves it to the caller of Run
	Claims         ClaimsMode      `json:"claims" oneof:"aws all"`
	Issuers        []Issuer        `json:"issuers"`
	Accounts       []Account       `json:"accounts"` // in the document's order
	Organization   *Organization   `json:"organization"`
	IdentityCenter *IdentityCenter `json:"identityCenter"`
	Calls          []Call          `json:"calls"`
	LocksOff       []string        `json:"locksOff" oneof:"signature expiry audience subject keys reading assertion recipient"` // what AWS checks and this scenario doesn't, to show what it is there for
	Lesson         *Lesson         `json:"lesson"`
	Root           source.Node     `json:"-"` // the whole document, for Place
	Text           string          `json:"-"` // what it was decoded from; positions are those in it

	// Reference is what AWS's services know, for whoever calls Run to fill in;
	// nil where names aren't to be checked.
	Reference *reference.Reference `json:"-"`
}

// ClaimsMode says which claims of a token become condition keys.
type ClaimsMode string

const (
	ClaimsAWS ClaimsMode = "aws" // only those that AWS documents; also the zero value
	ClaimsAll ClaimsMode = "all" // every claim becomes <provider>:<claim>, as many tutorials assume
)

// Document is an input that is judged rather than decoded: a policy, a key
// set, a profile's claims. It may be written as an object or as a string that
// holds the text; Node is what stands in the scenario, Path its JSON Pointer,
// Source the whole text of the scenario, for Locate. Inner is what a string
// holds, where that is JSON, nil otherwise; its positions are those in Text.
// The zero Document was not given.
type Document struct {
	Node   source.Node
	Inner  *source.Node
	Path   string
	Source string
}

// Text is what a document written as a string holds: the string, or what it
// encodes where it is URL-encoded, as IAM returns policies.
func (d Document) Text() string {
	text := d.Node.Text
	if start := strings.TrimSpace(text); len(start) > 3 && strings.EqualFold(start[:3], "%7b") {
		if decoded, err := url.PathUnescape(start); err == nil {
			return decoded
		}
	}
	return text
}

// Tree is the document's JSON, wherever it is written; nil where a string
// holds none.
func (d Document) Tree() *source.Node {
	if d.Node.Kind == source.String {
		return d.Inner
	}
	return &d.Node
}

// Given says whether the scenario has the document at all.
func (d Document) Given() bool { return d.Node.Kind != source.Invalid }

// Issuer is an identity provider in the outside world, as STS would find it.
type Issuer struct {
	URL        string    `json:"url"`
	EntityID   string    `json:"entityId"` // of a SAML identity provider
	JWKS       Document  `json:"jwks"`
	Signing    []Signing `json:"signing"`                       // playground keys
	Reachable  *bool     `json:"reachable"`                     // nil: reachable
	TLS        string    `json:"tls" oneof:"trusted untrusted"` // trusted (also the zero value) or untrusted
	Thumbprint string    `json:"thumbprint"`
	Rejects    string    `json:"rejects"` // what an OAuth provider answers to a token that it doesn't vouch for; "": it does
	Path       string    `json:"-"`       // JSON Pointer of the entry
}

// Signing asks for a playground key: a public test key that ships with the engine.
type Signing struct {
	Kid string `json:"kid"`
	Alg string `json:"alg" oneof:"RS256 RS384 RS512 ES256 ES384 ES512"` // "" stands for RS256
}

// Account is one AWS account of the world. ID has 12 digits.
type Account struct {
	ID                      string         `json:"-"`
	OpenIDConnectProviders  []OIDCProvider `json:"OpenIDConnectProviders"`
	SAMLProviders           []SAMLProvider `json:"SAMLProviders"`
	Roles                   []Role         `json:"Roles"`
	Users                   []User         `json:"Users"`
	Groups                  []Group        `json:"Groups"`
	Policies                []ManagedPolicy
	Resources               []Resource
	ServiceControlPolicies  [][]Document
	ResourceControlPolicies [][]Document
	VpcEndpoints            []VPCEndpoint
	Clusters                []Cluster
	PodIdentityAssociations []PodIdentityAssociation
	InstanceProfiles        []InstanceProfile
	Instances               []Instance
	TrustAnchors            []TrustAnchor
	RolesAnywhereProfiles   []AnywhereProfile
	Crls                    []Revocations
	IdentityPools           []IdentityPool
	DisabledRegions         []string `json:"disabledRegions"`
	// GlobalEndpointTokenVersion is that of the session tokens of STS's global
	// endpoint, as SetSecurityTokenServicePreferences names it; "" stands for
	// v1Token.
	GlobalEndpointTokenVersion    string `oneof:"v1Token v2Token"`
	Path                          string `json:"-"`
	VirtualMFADevices             []VirtualMFADevice
	OutboundWebIdentityFederation *OutboundFederation
}

// OIDCProvider is an IAM OIDC identity provider, as GetOpenIDConnectProvider describes it.
type OIDCProvider struct {
	URL            string   `json:"Url" required:"yes"`
	ClientIDList   []string `json:"ClientIDList"`
	ThumbprintList []string `json:"ThumbprintList"`
	Tags           []Tag    `json:"Tags"`
	Path           string   `json:"-"`
}

// SAMLProvider is an IAM SAML identity provider, as GetSAMLProvider describes
// it. Its private keys, which AWS shows nobody, are PEM texts, or the word
// playground for a public test key; the newest comes first.
type SAMLProvider struct {
	Name                    string   `json:"Name" required:"yes"`
	SAMLMetadataDocument    Document `json:"SAMLMetadataDocument"`
	MetadataOf              string   `json:"metadataOf"` // entity id of an issuer with playground keys
	AssertionEncryptionMode string   `json:"AssertionEncryptionMode" oneof:"Required Allowed"`
	SAMLProviderUUID        string   `json:"SAMLProviderUUID"` // the IdP-ID in its sign-in URL; "" where unknown
	PrivateKeys             []string `json:"privateKeys"`
	Tags                    []Tag    `json:"Tags"`
	Path                    string   `json:"-"`
}

// Role is an IAM role. MaxSessionDuration is in seconds; 0 stands for AWS's default of 3600.
type Role struct {
	RoleName                 string `required:"yes"`
	RolePath                 string `json:"Path"` // "" stands for "/"
	MaxSessionDuration       int
	AssumeRolePolicyDocument Document
	Policies                 []InlinePolicy
	AttachedPolicies         []AttachedPolicy
	PermissionsBoundary      Document // {PolicyArn}, AWS's {PermissionsBoundaryType, PermissionsBoundaryArn}, or a policy
	Tags                     []Tag
	Path                     string `json:"-"`
}

// User is an IAM user.
type User struct {
	UserName            string `required:"yes"`
	UserPath            string `json:"Path"`
	Policies            []InlinePolicy
	AttachedPolicies    []AttachedPolicy
	PermissionsBoundary Document
	Groups              []string
	Tags                []Tag
	MFADevices          []string
	Path                string `json:"-"`
}

// Group is an IAM group.
type Group struct {
	GroupName        string `required:"yes"`
	GroupPath        string `json:"Path"`
	Policies         []InlinePolicy
	AttachedPolicies []AttachedPolicy
	Path             string `json:"-"`
}

// InlinePolicy is a policy embedded in a role, user or group.
type InlinePolicy struct {
	PolicyName     string
	PolicyDocument Document
}

// AttachedPolicy is a managed policy's attachment.
type AttachedPolicy struct {
	PolicyName string
	PolicyArn  string `required:"yes"`
}

// ManagedPolicy is a customer managed policy.
type ManagedPolicy struct {
	PolicyName     string `required:"yes"`
	PolicyPath     string `json:"Path"`
	PolicyDocument Document
	Path           string `json:"-"`
}

// Resource is anything with a resource policy or tags.
type Resource struct {
	Arn    string `required:"yes"`
	Policy Document
	Tags   []Tag
	Path   string `json:"-"`
}

// VPCEndpoint is a VPC endpoint, as DescribeVpcEndpoints describes it. A call
// whose context has its id as aws:SourceVpce goes through it.
type VPCEndpoint struct {
	VpcEndpointID  string `json:"VpcEndpointId" required:"yes"`
	VpcID          string `json:"VpcId"`
	ServiceName    string
	PolicyDocument Document
	Path           string `json:"-"`
}

// Tag is a key and its value.
type Tag struct {
	Key   string `required:"yes"`
	Value string
}

// Organization is the AWS Organization that the accounts belong to.
type Organization struct {
	ID                string `json:"id"`
	ManagementAccount string `json:"managementAccount"`

	// EnabledFeatures are those of centralized root access, as
	// ListOrganizationsFeatures names them: RootSessions, RootCredentialsManagement.
	EnabledFeatures         []string
	DelegatedAdministrators []string `json:"delegatedAdministrators"` // accounts that administer IAM for the organization
}

// Call is one API call. Caller is empty for an unsigned call. Params are the
// parameters of the operations of STS; those of other services stand beside
// them, read from the same place in the document.
type Call struct {
	Name     string        `json:"name"` // "call 3" where the third call has none
	Action   string        `json:"action" required:"yes"`
	After    time.Duration `json:"after"`  // how long after the scenario's Now it is made
	Delay    Delay         `json:"delay"`  // how much later the request arrives: what is minted for it is made at After
	Region   string        `json:"region"` // "" stands for us-east-1
	Caller   string        `json:"caller"`
	Resource string        `json:"resource"`
	Context  []ContextKey  `json:"context"`
	Expect   *Expect       `json:"expect"`
	Path     string        `json:"-"`
	// OmitSessionToken: of temporary credentials only the key id and the secret
	// sign the call.
	OmitSessionToken bool `json:"omitSessionToken"`

	Params       Params             `json:"params"`
	Cognito      CognitoParams      `json:"-"`
	EKSAuth      EKSAuthParams      `json:"-"`
	Metadata     MetadataParams     `json:"-"` // of an instance's metadata service
	Portal       PortalParams       `json:"-"` // of the access portal of IAM Identity Center
	Registration RegistrationParams `json:"-"` // of the operations of IAM
	Session      SessionParams      `json:"-"` // of IAM Roles Anywhere
	SignIn       SignInParams       `json:"-"` // of AWS's sign-in
	Verifier     VerifierParams     `json:"-"` // of an outside service
	Workload     WorkloadParams     `json:"-"` // of a program in a pod
}

// Delay is a length of time that may be negative: a request with a clock that
// is wrong arrives before what it presents was made.
type Delay time.Duration

// ContextKey is a request context key that the scenario supplies. Several
// values, or a value written as a list, make it multi-valued.
type ContextKey struct {
	Key    string
	Values []string
	Multi  bool
}

// Params are the parameters of the STS operations, by AWS's names. A nil
// number or an empty string was not sent; Sent tells a parameter that was
// sent empty from one that was not sent. Actions of other services have
// nothing but Sent.
type Params struct {
	RoleArn           string
	RoleSessionName   string
	WebIdentityToken  Token
	ProviderID        string `json:"ProviderId"`
	PolicyArns        []PolicyArn
	Policy            Document
	DurationSeconds   *int64
	PrincipalArn      string
	SAMLAssertion     Token
	Tags              []Tag
	TransitiveTagKeys []string
	ExternalID        string `json:"ExternalId"`
	SerialNumber      string
	TokenCode         string
	SourceIdentity    string
	ProvidedContexts  Document
	Name              string
	TargetPrincipal   string
	TaskPolicyArn     Document
	Audience          Document
	SigningAlgorithm  string
	AccessKeyID       string `json:"AccessKeyId"`
	EncodedMessage    Token

	MinimumSessionTokenSize *int64 // bytes

	Sent []string `json:"-"` // names of the parameters that the call has, in the document's order
}

// PolicyArn is a managed session policy.
type PolicyArn struct {
	ARN string `json:"arn" required:"yes"`
}

// Token is a token or assertion in one of the ways a scenario can write it:
// the text itself; one to be minted; one whose signature was left out on
// purpose; or the one that an earlier call's response has. The zero Token was
// not given.
type Token struct {
	Text     string   // as pasted
	Written  Document // where Text stands, for places in it
	Mint     *Mint
	Unsigned *Unsigned
	From     string // name of the earlier call
	Path     string
	Given    bool
}

// Mint describes a token for the playground's identity provider to issue.
// Claims and Header are objects, judged by package idp. Relative times count
// from the call's moment.
type Mint struct {
	Issuer  string   `json:"issuer"`
	Profile string   `json:"profile"`
	Claims  Document `json:"claims"`
	Header  Document `json:"header"`
	Attack  string   `json:"attack"` // "" and none: an honest token
	// The rest is for SAML.
	NameID     string   `json:"nameId"`
	Attributes Document `json:"attributes"`
	Recipient  string   `json:"recipient"`
	Audience   string   `json:"audience"`
	Times      Document `json:"times"`
	Sign       string   `json:"sign"`
	Encrypt    string   `json:"encrypt"`
	ForgedRole string   `json:"forgedRole"` // that an attack's forged assertion names, with its path; "" stands for Admin
	Path       string   `json:"-"`
}

// Unsigned is a token or response whose signature was left out on purpose, for sharing.
type Unsigned struct {
	Header Document `json:"header"`
	Claims Document `json:"claims"`
	XML    string   `json:"-"` // of a response, which the scenario writes in place of the object
}

// Expect is what the author of a scenario says a call does. Empty fields expect nothing.
type Expect struct {
	Outcome string `json:"outcome" oneof:"success failure"` // success or failure
	Code    string `json:"code"`                            // of the AWS error
	Step    string `json:"step"`                            // rule of the first failed step
}

// Lesson turns a scenario into a task: its calls' expectations are what is to
// be met. Texts are Markdown; [words](glossary:slug) in them links to a term.
// Editable are JSON Pointers (RFC 6901) to the places that the task is about.
// Solution is a JSON Patch (RFC 6902), a list, or a partial scenario, an
// object that is a JSON Merge Patch (RFC 7396), on the scenario itself;
// package lesson applies it.
type Lesson struct {
	Course   string         `json:"course"` // title of the course that it is part of
	Text     string         `json:"text"`   // what one has to know
	Task     string         `json:"task"`   // what to do
	Hints    []string       `json:"hints"`  // from a nudge to nearly the answer
	Editable []string       `json:"editable"`
	Solution Document       `json:"solution"`
	Debrief  string         `json:"debrief"` // shown once the task is done: why that was it
	Sources  []LessonSource `json:"sources"`
}

// LessonSource is a document that a lesson goes by.
type LessonSource struct {
	Title string `json:"title" required:"yes"`
	URL   string `json:"url" required:"yes"`
}
