package engine

import (
	"slices"
	"time"

	"stsplayground/engine/cloudtrail"
	"stsplayground/engine/cognito"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// cognitoIssuers is Amazon Cognito as an identity provider, where the scenario
// has identity pools and doesn't describe it itself.
func cognitoIssuers(s *Scenario) []scenario.Issuer {
	if !cognito.Any(s) || slices.ContainsFunc(s.Issuers, func(i scenario.Issuer) bool { return i.URL == cognito.Issuer }) {
		return nil
	}
	return []scenario.Issuer{{URL: cognito.Issuer, Signing: []scenario.Signing{{Kid: cognito.KeyID, Alg: "RS512"}}}}
}

// ofCognito is an operation of Amazon Cognito's identity pools.
func ofCognito(operate func(*cognito.Pools, *cognito.Desk, *scenario.Call) sts.Result, ladder []question) operation {
	return operation{func(p *play, c *scenario.Call, at time.Time) sts.Result {
		return operate(p.pools, p.desk(c, at), c)
	}, recorded(cloudtrail.Cognito), ladder}
}

// desk is what Cognito needs to answer a call.
func (p *play) desk(c *scenario.Call, at time.Time) *cognito.Desk {
	return &cognito.Desk{
		World: p.world,
		Read:  func(t *scenario.Token) sts.Presented { return p.presentToken(t, p.made(c)) },
		Sign: func(claims scenario.Document) string {
			compact, _ := p.keys.MintToken(&scenario.Mint{Issuer: cognito.Issuer, Claims: claims}, p.issuers[cognito.Issuer], at)
			return compact
		},
		At: at,
	}
}

// The rungs that the ladders of Cognito's operations share.
var (
	poolRules  = []string{"cognito/parameters", "cognito/identity-pool", "cognito/organization", "cognito/classic-flow", "cognito/guests", "cognito/developer-provider"}
	loginRules = []string{"cognito/login-provider", "cognito/login-token", "cognito/identity"}
)

// The debugging ladders of Cognito: of an identity or its token, of a
// developer's user, and of credentials.
var (
	identityLadder = []question{
		{"Is the pool there, and does it take the call?", poolRules},
		{"Are the logins the pool's, and good?", loginRules[:2]},
		{"Whose identity is it?", []string{"cognito/identity", "cognito/token"}},
	}
	developerLadder = []question{
		{"Is the pool there, and does it take the call?", poolRules},
		{"Is the call signed with credentials that hold?", slices.Concat([]string{"access/action"}, signerRules)},
		{"May the backend ask for its users' tokens?", slices.Concat([]string{"access/explicit-deny", "access/resource-policy"}, organization, ownRules)},
		{"Are the logins the pool's, and good?", loginRules[:2]},
		{"Whose identity is it?", []string{"cognito/identity", "cognito/token"}},
	}
	credentialsLadder = []question{
		{"Is the pool there, and does it take the call?", poolRules},
		{"Whose identity is it?", loginRules},
		{"Which role is it to have?", []string{"cognito/role", "cognito/role-account", "sts/role"}},
		{"Does Cognito's own token hold?", slices.Concat(webTokenRules, []string{"sts/session-tags", "sts/source-identity"}, requestRules)},
		{"Does the role let the pool's identities in?", slices.Concat(trustRules, sessionRules)},
	}
)
