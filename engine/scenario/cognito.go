package scenario

import (
	"strings"

	"stsplayground/engine/source"
)

// IdentityPool is an Amazon Cognito identity pool, as DescribeIdentityPool and
// GetIdentityPoolRoles describe it together.
type IdentityPool struct {
	IdentityPoolID                 string `json:"IdentityPoolId" required:"yes"` // REGION:GUID
	IdentityPoolName               string
	AllowUnauthenticatedIdentities bool
	AllowClassicFlow               *bool // nil: allowed, as in pools that never said
	CognitoIdentityProviders       []CognitoIdentityProvider
	OpenIDConnectProviderARNs      []string          `json:"OpenIdConnectProviderARNs"`
	SAMLProviderARNs               []string          `json:"SamlProviderARNs"`
	SupportedLoginProviders        map[string]string // app ids by the provider's name
	DeveloperProviderName          string
	Roles                          PoolRoles
	RoleMappings                   map[string]RoleMapping // by the provider's name
	PrincipalTagAttributeMaps      []PrincipalTagAttributeMap
	Path                           string `json:"-"`
}

// CognitoIdentityProvider is a user pool and one of its app clients.
type CognitoIdentityProvider struct {
	ProviderName         string `required:"yes"` // cognito-idp.REGION.amazonaws.com/POOL
	ClientID             string `json:"ClientId"`
	ServerSideTokenCheck bool
}

// PoolRoles are the ARNs of a pool's default roles.
type PoolRoles struct {
	Authenticated   string `json:"authenticated"`
	Unauthenticated string `json:"unauthenticated"`
}

// RoleMapping chooses a role by a provider's token.
type RoleMapping struct {
	Type                    string `required:"yes" oneof:"Token Rules"`
	AmbiguousRoleResolution string `oneof:"AuthenticatedRole Deny"`
	RulesConfiguration      RulesConfiguration
	Path                    string `json:"-"`
}

// RulesConfiguration are the rules of a mapping, the first that matches first.
type RulesConfiguration struct {
	Rules []MappingRule
}

// MappingRule gives a role to tokens with a claim.
type MappingRule struct {
	Claim     string `required:"yes"`
	MatchType string `required:"yes" oneof:"Equals Contains StartsWith NotEqual"`
	Value     string
	RoleARN   string `required:"yes"`
}

// PrincipalTagAttributeMap makes session tags of a provider's claims, as
// GetPrincipalTagAttributeMap describes it.
type PrincipalTagAttributeMap struct {
	IdentityProviderName string `required:"yes"`
	UseDefaults          bool
	PrincipalTags        map[string]string // claims by the tag's key
}

// CognitoParams are the parameters of the operations of Amazon Cognito
// identity pools. A nil number or an empty string was not sent.
type CognitoParams struct {
	AccountID      string           `json:"AccountId"`
	IdentityPoolID string           `json:"IdentityPoolId"`
	IdentityID     IdentityID       `json:"IdentityId"`
	Logins         map[string]Token // by the provider's name
	CustomRoleArn  string
	TokenDuration  *int64            // seconds
	PrincipalTags  map[string]string // values by the tag's key
}

// IdentityID names an identity of a pool: by its id, or as the one that an
// earlier call gave. The zero IdentityID was not sent; the call is then about
// the identity that its logins lead to.
type IdentityID struct {
	Text string
	From string // name of the earlier call
	Path string
}

// identityID reads the two ways to name an identity.
func (d *decoder) identityID(n *source.Node, into *IdentityID) {
	into.Path = string(d.path)
	if n.Kind != source.Object {
		into.Text, _ = d.str(n)
		return
	}
	for i := range n.Members {
		m := &n.Members[i]
		back := d.enter(m.Name)
		switch {
		case m.Repeated:
			d.duplicate(m)
		case m.Name == "from":
			into.From, _ = d.str(&m.Value)
			d.references = append(d.references, earlierCall{m.Value, string(d.path), into.From})
		default:
			d.unknown(n, m, &shape{}, []string{"from"}, back)
		}
		d.leave(back)
	}
	if into.From == "" {
		d.say(ruleValue, d.at(n), "an identity is an id such as us-east-1:…, or an object with from in it that names an earlier call")
	}
}

// checkPools wants each identity pool's id once: it stands for one pool.
func (d *decoder) checkPools(accounts *source.Node, s *Scenario) {
	first := map[string]string{}
	for i := range s.Accounts {
		a := &s.Accounts[i]
		for j := range a.IdentityPools {
			p := &a.IdentityPools[j]
			at := accounts.Get(a.ID).Get("IdentityPools").Items[j].Get("IdentityPoolId")
			switch before, taken := first[p.IdentityPoolID]; {
			case p.IdentityPoolID == "" || at == nil:
			case d.full():
				d.unsaid++
			case taken:
				d.sayAt(at, ruleUniqueName, p.Path+"/IdentityPoolId", source.Quote(p.IdentityPoolID)+" is the id of "+before+" already")
			default:
				first[p.IdentityPoolID] = strings.TrimPrefix(p.Path, "/")
			}
		}
	}
}
