package scenario

// TrustAnchor is a trust anchor of IAM Roles Anywhere, as GetTrustAnchor
// describes it. Authority, which is the playground's own, stands for a
// certificate authority with a playground key instead of a certificate: its
// name, such as CN=Example CA,O=Example.
type TrustAnchor struct {
	TrustAnchorArn string            `json:"trustAnchorArn" required:"yes"`
	Name           string            `json:"name"`
	Source         TrustAnchorSource `json:"source"`
	Authority      string            `json:"authority"`
	Enabled        *bool             `json:"enabled"` // nil: it is
	Path           string            `json:"-"`
}

// TrustAnchorSource is where a trust anchor's certificate comes from.
type TrustAnchorSource struct {
	SourceType string          `json:"sourceType" oneof:"AWS_ACM_PCA CERTIFICATE_BUNDLE SELF_SIGNED_REPOSITORY"`
	SourceData TrustAnchorData `json:"sourceData"`
}

// TrustAnchorData is the certificate, or the certificates, in PEM.
type TrustAnchorData struct {
	X509CertificateData string `json:"x509CertificateData"`
	AcmPcaArn           string `json:"acmPcaArn"`
}

// AnywhereProfile is a profile of IAM Roles Anywhere, as GetProfile describes
// it. DurationSeconds is 0 for AWS's default of 3600.
type AnywhereProfile struct {
	ProfileArn            string             `json:"profileArn" required:"yes"`
	Name                  string             `json:"name"`
	RoleArns              []string           `json:"roleArns"`
	DurationSeconds       int64              `json:"durationSeconds"`
	Enabled               *bool              `json:"enabled"` // nil: it is
	AcceptRoleSessionName bool               `json:"acceptRoleSessionName"`
	SessionPolicy         Document           `json:"sessionPolicy"`
	ManagedPolicyArns     []string           `json:"managedPolicyArns"`
	AttributeMappings     []AttributeMapping `json:"attributeMappings"` // none: AWS's default
	Path                  string             `json:"-"`
}

// AttributeMapping says which parts of a certificate's field become session
// tags.
type AttributeMapping struct {
	CertificateField string          `json:"certificateField" oneof:"x509Subject x509Issuer x509SAN"`
	MappingRules     []AttributeRule `json:"mappingRules"`
}

// AttributeRule names one part, such as CN, DNS or Name/CN; * stands for all.
type AttributeRule struct {
	Specifier string `json:"specifier" required:"yes"`
}

// Revocations are what an imported certificate revocation list says, as GetCrl
// describes it, with the serial numbers in hexadecimal instead of the list's
// bytes.
type Revocations struct {
	Name           string   `json:"name"`
	TrustAnchorArn string   `json:"trustAnchorArn" required:"yes"`
	Enabled        *bool    `json:"enabled"` // nil: it is
	SerialNumbers  []string `json:"serialNumbers"`
	Path           string   `json:"-"`
}

// SessionParams are those of CreateSession of IAM Roles Anywhere. Certificate
// is what the request has in the header X-Amz-X509.
type SessionParams struct {
	TrustAnchorArn  string      `json:"trustAnchorArn"`
	ProfileArn      string      `json:"profileArn"`
	RoleArn         string      `json:"roleArn"`
	DurationSeconds *int64      `json:"durationSeconds"`
	RoleSessionName string      `json:"roleSessionName"`
	Certificate     Certificate `json:"certificate"`
}

// Certificate is an X.509 certificate in PEM, with those of intermediate
// authorities after it; or one to be minted.
type Certificate struct {
	Text string
	Mint *CertificateMint
}

// CertificateMint describes a certificate for a playground authority to issue.
// Names are written as CN=Alice,OU=Security,O=Example; a name without = is a
// common name. Times are as in tokens.
type CertificateMint struct {
	Authority string   `json:"authority"`
	Subject   string   `json:"subject"`
	Dns       []string `json:"dns"` // subject alternative names
	Uri       []string `json:"uri"`
	DirName   string   `json:"dirName"`
	Serial    string   `json:"serial"` // hexadecimal; "": made of the rest
	NotBefore string   `json:"notBefore"`
	NotAfter  string   `json:"notAfter"`
	Alg       string   `json:"alg" oneof:"RS256 ES256 ES384"` // of its key; "" stands for RS256
	KeyUsage  string   `json:"keyUsage" oneof:"digitalSignature keyEncipherment none"`
	CA        bool     `json:"ca"`
	Attack    string   `json:"attack" oneof:"none forged-authority other-key"`
	Path      string   `json:"-"`
}

func ofSession(c *Call) any { return &c.Session }
