package scenario

// RegistrationParams are the parameters of the operations of IAM that are
// played, by AWS's names. The playground's own metadataOf asks for the
// metadata of an issuer with playground keys.
type RegistrationParams struct {
	URL                        string `json:"Url"`
	ClientIDList               []string
	ThumbprintList             []string
	OpenIDConnectProviderArn   string
	ClientID                   string
	Name                       string
	SAMLMetadataDocument       Document
	MetadataOf                 string `json:"metadataOf"`
	SAMLProviderArn            string
	AssertionEncryptionMode    string
	AddPrivateKey              string // PEM, or the word playground
	RoleName                   string
	RolePath                   string `json:"Path"`
	AssumeRolePolicyDocument   Document
	Description                string
	MaxSessionDuration         *int64
	PermissionsBoundary        string
	PolicyName                 string
	PolicyDocument             Document
	PolicyArn                  string
	Tags                       []Tag
	GlobalEndpointTokenVersion string
	Path                       string `json:"-"`
}

func ofIAM(c *Call) any { return &c.Registration }
