// Package identitycenter plays what IAM Identity Center does in front of STS:
// it makes a role and a SAML provider of its own in every account where a
// permission set is assigned, signs people in to the AWS access portal, and
// assumes those roles for them. The STS call behind it is the real one, with a
// response that the portal signs.
package identitycenter

import (
	"cmp"
	"encoding/base64"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Center is a scenario's instance of IAM Identity Center while its calls are
// played. Without one in the scenario every call finds nothing.
type Center struct {
	config   *scenario.IdentityCenter
	region   string
	owner    string // the account that the instance belongs to
	store    string // ARN of the identity store
	users    map[string]*scenario.PortalUser
	sets     map[string]*scenario.PermissionSet
	roles    map[grant]*role
	sessions map[string]*session // by access token
	names    []string            // of permission sets, in the scenario's order
}

// grant is a permission set in an account.
type grant struct{ set, account string }

// role is what a grant has become in the account; unmade says why it couldn't.
type role struct {
	set    *scenario.PermissionSet
	arn    string
	unmade string
}

// session is a sign-in to the access portal.
type session struct {
	user    *scenario.PortalUser
	expires time.Time
	ended   bool // by Logout
	id      string
}

// Assume is the call of AssumeRoleWithSAML that IAM Identity Center makes.
type Assume func(*scenario.Call, *sts.OnBehalfOf) sts.Result

// New reads the scenario's instance, and adds to its accounts what IAM Identity
// Center makes there.
func New(s *scenario.Scenario) (*Center, []trace.Finding) {
	c := center(s)
	if c.config == nil {
		return c, nil
	}
	p := provisioner{center: c, scenario: s}
	p.provision()
	return c, p.findings
}

func center(s *scenario.Scenario) *Center {
	c := &Center{config: s.IdentityCenter, sessions: map[string]*session{}}
	if c.config == nil {
		return c
	}
	c.region, c.owner = cmp.Or(c.config.Region, defaultRegion), c.config.OwnerAccountID
	if c.owner == "" && s.Organization != nil {
		c.owner = s.Organization.ManagementAccount
	}
	if c.owner == "" && len(s.Accounts) > 0 {
		c.owner = s.Accounts[0].ID
	}
	c.store = "arn:aws:identitystore::" + c.owner + ":identitystore/" + cmp.Or(c.config.IdentityStoreID, "d-"+sts.Digits(10, "identity store", c.owner))
	return c
}

// defaultRegion is the one whose roles have no Region in their path (IAM
// Identity Center guide, "Referencing permission sets in resource policies").
const defaultRegion = "us-east-1"

// Issuer is the identity provider that the portal is to the accounts.
func Issuer(s *scenario.Scenario) []scenario.Issuer {
	if s.IdentityCenter == nil {
		return nil
	}
	return []scenario.Issuer{{EntityID: center(s).entity(), Signing: []scenario.Signing{{Alg: "RS256"}}}}
}

// entity is how the portal names itself in its responses, after a real one:
// the owner's account and the instance in base64.
func (c *Center) entity() string {
	instance := c.config.InstanceArn[strings.LastIndexByte(c.config.InstanceArn, '/')+1:]
	instance = cmp.Or(strings.TrimPrefix(instance, "sso"), "ins-"+sts.Digits(16, "instance", c.owner))
	return "https://portal.sso." + c.region + ".amazonaws.com/saml/assertion/" + base64.StdEncoding.EncodeToString([]byte(c.owner+"_"+instance))
}

// behalf is the user as CloudTrail names them.
func (c *Center) behalf(s *session) *sts.OnBehalfOf {
	return &sts.OnBehalfOf{UserID: c.userID(s.user), IdentityStoreArn: c.store, Account: c.owner, CredentialID: s.id, Region: c.region}
}

// userID is a GUID with the identity store's id before it, as real ones are.
func (c *Center) userID(u *scenario.PortalUser) string {
	if u.UserID != "" {
		return u.UserID
	}
	_, store, _ := strings.Cut(c.store, "identitystore/d-")
	return store + "-" + sts.UUID("user", c.store, u.UserName)
}
