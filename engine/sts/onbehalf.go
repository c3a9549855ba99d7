package sts

import (
	"crypto/rsa"
	"slices"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// OnBehalfOf is the user of IAM Identity Center who is behind a call or a
// session, as CloudTrail names them.
type OnBehalfOf struct {
	UserID, IdentityStoreArn string
	Account                  string // that owns the instance
	CredentialID             string // of the sign-in to the portal
	Region                   string // of the instance
}

// reservedPath begins the paths of the roles that AWS services keep for
// themselves; IAM lets nobody else make or change one.
const reservedPath = "/aws-reserved/"

func (r *Role) reserved() bool { return strings.HasPrefix(r.RolePath, reservedPath) }

// AssumeReservedRole is AssumeRoleWithSAML as IAM Identity Center calls it for
// its user: for the roles that it made, and that nobody else may assume.
func (world *World) AssumeReservedRole(call *scenario.Call, presented PresentedResponse, user *OnBehalfOf, at time.Time) Result {
	f := newFacts(assumeRoleWithSAML, call, at)
	f.onBehalfOf = user
	return world.assumeWithSAML(f, presented)
}

// adviseReserved is the way out for whoever asks for a role of IAM Identity
// Center in another way than by signing in to its portal.
func adviseReserved() []trace.Advice {
	return []trace.Advice{{
		Title: "Sign in through IAM Identity Center", Fix: noFix,
		Why: "Its roles can be assumed by GetRoleCredentials or from the access portal only, and their trust policies can't be changed. To go on from a permission set into another role, let that role's trust policy name the account, with a condition ArnLike on aws:PrincipalArn.",
	}}
}

// Offer is a role that a SAML response offers, with the provider to vouch for it.
type Offer struct{ RoleArn, PrincipalArn string }

// Offered is what AWS's sign-in reads of a response before anything of it is
// proven: which roles to choose from, and how long the session shall last.
type Offered struct {
	Roles     []Offer
	Values    []string // of the attribute Role, as they stand
	Malformed []string // those of them that aren't a role and a provider
	Seconds   *int64   // SessionDuration, nil where it is no number of seconds that AWS takes
}

// Offers looks into a response; refused says why it can't.
func (world *World) Offers(presented PresentedResponse) (o Offered, refused *saml.Refusal) {
	if presented.Refusal != nil {
		return o, presented.Refusal
	}
	response, refused := saml.Open(presented.Document)
	if refused == nil && response.Encrypted {
		refused = response.Decrypt(world.keysFor(response.Outer()))
	}
	if refused != nil {
		return o, refused
	}
	trusted := response.OnTrust()
	if trusted == nil {
		return o, &saml.Refusal{Reason: saml.WrongShape, Why: "The response has no assertion."}
	}
	assertion := saml.ReadAssertion(trusted.Assertion)
	o.Values = valuesOf(&assertion, attributeRole)
	for _, value := range o.Values {
		one, ok := parsePair(value)
		switch offer := (Offer{one.role, one.provider}); {
		case !ok:
			o.Malformed = append(o.Malformed, value)
		case !slices.Contains(o.Roles, offer):
			o.Roles = append(o.Roles, offer)
		}
	}
	if values := valuesOf(&assertion, attributeDuration); len(values) == 1 {
		if n, err := strconv.ParseInt(values[0], 10, 64); err == nil && n >= minDuration && n <= maxDuration {
			o.Seconds = &n
		}
	}
	return o, nil
}

// keysFor are the private keys of the provider to whose sign-in URL the
// response goes, by its IdP-ID, or whose metadata names its issuer.
func (world *World) keysFor(outer saml.Outer) (keys []*rsa.PrivateKey) {
	for _, id := range world.accountIDs() {
		for i := range world.accounts[id].saml {
			p := &world.accounts[id].saml[i]
			posted := p.SAMLProviderUUID != "" && strings.HasSuffix(outer.Destination, "/acs/"+p.SAMLProviderUUID)
			if posted || p.Metadata != nil && slices.Contains(p.Metadata.EntityIDs(), outer.Issuer) {
				keys = append(keys, p.Private...)
			}
		}
	}
	return keys
}

func (world *World) accountIDs() []string {
	ids := make([]string, 0, len(world.accounts))
	for id := range world.accounts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// ProviderOf is the ARN of the SAML provider in the role's account that
// registers the metadata of that identity provider; "" where none does.
func (world *World) ProviderOf(roleArn, entityID string) string {
	arn, ok := parseRoleARN(roleArn)
	if !ok || world.accounts[arn.Account] == nil {
		return ""
	}
	for i := range world.accounts[arn.Account].saml {
		p := &world.accounts[arn.Account].saml[i]
		if p.MetadataOf == entityID || p.Metadata != nil && slices.Contains(p.Metadata.EntityIDs(), entityID) {
			return "arn:" + arn.Partition + ":iam::" + arn.Account + ":saml-provider/" + p.Name
		}
	}
	return ""
}

// SessionSigner is who the session is that a call has made, for the records of what
// is done with it; nil where the call has made none.
func (world *World) SessionSigner(name string, call *scenario.Call) *Signer {
	c := world.sessions[name]
	if c == nil {
		return nil
	}
	region := call.Region
	if region == "" {
		region = "us-east-1"
	}
	return c.signer(call, region)
}

// ViewResponse takes a response apart that no call of STS has been made with.
func (world *World) ViewResponse(written scenario.Token, presented PresentedResponse) *SAMLView {
	call := &scenario.Call{Params: scenario.Params{SAMLAssertion: written}}
	f := &facts{call: call, saml: samlFacts{presented: presented}}
	if presented.Refusal == nil && presented.Document != nil {
		f.saml.response, _ = saml.Open(presented.Document)
	}
	return f.viewResponse(world.Claims)
}
