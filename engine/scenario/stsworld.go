package scenario

// OutboundFederation is an account's outbound identity federation, as
// GetOutboundWebIdentityFederationInfo describes it. IssuerIdentifier is the
// account's own issuer URL; "" stands for one that is made of the account's
// number. JwtVendingEnabled is true where it isn't said.
type OutboundFederation struct {
	IssuerIdentifier  string
	JwtVendingEnabled *bool
	Path              string `json:"-"`
}

// Enabled says whether the account gives tokens; false for nil.
func (o *OutboundFederation) Enabled() bool {
	return o != nil && (o.JwtVendingEnabled == nil || *o.JwtVendingEnabled)
}

// VirtualMFADevice is a virtual MFA device, as CreateVirtualMFADevice gives
// it. With its seed the codes that it shows can be checked (RFC 6238).
type VirtualMFADevice struct {
	SerialNumber     string `required:"yes"`
	Base32StringSeed string // "" where it isn't known
	Path             string `json:"-"`
}

// VerifierParams are the parameters of relying-party:Verify, an action of the
// playground's own: an outside service verifies a token. An empty Subject
// takes any.
type VerifierParams struct {
	Token    Token
	Issuer   string // the one that the service trusts
	Audience string // the name by which the service is known to the issuer
	Subject  string
}

func ofVerifier(c *Call) any { return &c.Verifier }
