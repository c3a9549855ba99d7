package sts

import (
	"strings"
	"time"

	"stsplayground/engine/scenario"
)

// Signer is who signed a call, as its CloudTrail record tells it.
type Signer struct {
	Type        string // IAMUser, Root, AssumedRole or FederatedUser
	PrincipalID string
	ARN         string
	Account     string
	AccessKeyID string
	UserName    string // of an IAM user
	Service     string // the service that called for itself, with nothing of the above
	Region      string
	SourceIP    string // "" where the scenario doesn't say

	Issued         time.Time // when temporary credentials were made; zero for long-term ones
	Issuer         *Issuance // whose session it is; nil for GetSessionToken
	Provider       string    // identity provider behind the session
	SourceIdentity string
	MFA            bool
	RoleDelivery   string      // ec2:RoleDelivery of an instance's credentials
	OnBehalfOf     *OnBehalfOf // the user of IAM Identity Center behind the session

	RoleAccount string         // of the role, or the root user, that is asked for
	Incoming    []scenario.Tag // transitive tags that the session hands on
}

// Issuance is the role or user whose session it is.
type Issuance struct {
	Type, PrincipalID, ARN, UserName string
}

// signer describes the caller of a call; nil where nobody signed it.
func (c *Caller) signer(call *scenario.Call, region string) *Signer {
	if c == nil || c.Principal.Anonymous {
		return nil
	}
	s := &Signer{
		Type: "IAMUser", PrincipalID: c.value("aws:userid"), ARN: c.ARN, Account: c.Account, UserName: c.value("aws:username"),
		Region: region, SourceIP: sourceIP(call), Issued: c.issued, Provider: c.value("aws:FederatedProvider"),
		SourceIdentity: c.identitySet, MFA: c.withMFA(), RoleDelivery: c.value("ec2:RoleDelivery"),
		RoleAccount: targetAccount(call), Incoming: c.inherited(), AccessKeyID: c.accessKeyID(), OnBehalfOf: c.onBehalfOf,
	}
	switch kind := c.value("aws:PrincipalType"); {
	case len(c.Principal.Service) > 0:
		s.Service = c.ARN
	case c.kind == ofFederationToken:
		s.Type, s.Issuer = "FederatedUser", &Issuance{Type: "IAMUser", PrincipalID: lastOf(c.Principal.AWS), ARN: c.Principal.AWS[1], UserName: lastSegment(c.Principal.AWS[1])}
		if c.root {
			s.Issuer = &Issuance{Type: "Root", PrincipalID: c.Account, ARN: c.Principal.AWS[1]}
		}
	case c.root:
		s.Type = "Root"
	case kind == "AssumedRole":
		s.Type, s.Issuer = kind, &Issuance{Type: "Role", PrincipalID: lastOf(c.Principal.AWS), ARN: c.Principal.AWS[1], UserName: lastSegment(c.Principal.AWS[1])}
	}
	return s
}

// CrossesAccounts says whether the caller's account is another than that of
// what it assumes.
func (s *Signer) CrossesAccounts() bool {
	return s.Account != "" && s.RoleAccount != "" && s.Account != s.RoleAccount
}

// targetAccount is the account of the role, or of the root user, that a call
// asks for; "" where it asks for neither.
func targetAccount(call *scenario.Call) string {
	if target := call.Params.TargetPrincipal; isAccountID(target) {
		return target
	} else if target != "" {
		return accountIn(target)
	}
	return accountIn(call.Params.RoleArn)
}

func lastOf(names []string) string { return names[len(names)-1] }

// accessKeyID is that of the caller's credentials: AKIA… of a user or root,
// ASIA… of a session.
func (c *Caller) accessKeyID() string {
	switch {
	case c.key != "":
		return c.key
	case c.Account == "":
		return ""
	}
	temporary := accessKeyID(c.Account, seed("access key", c.ARN))
	if strings.Contains(c.ARN, ":assumed-role/") {
		return temporary
	}
	return "AKIA" + strings.TrimPrefix(temporary, "ASIA")
}

func sourceIP(call *scenario.Call) string {
	for _, k := range call.Context {
		if strings.EqualFold(k.Key, "aws:SourceIp") && len(k.Values) > 0 {
			return k.Values[0]
		}
	}
	return ""
}
