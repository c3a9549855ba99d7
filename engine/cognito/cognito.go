// Package cognito plays Amazon Cognito identity pools, which stand in front of
// STS: an app shows what its identity provider gave it, Cognito says which
// identity of the pool that is, and either assumes a role for it (the enhanced
// flow) or gives a token with which the app does so itself (the basic flow).
//
// What decides are the Amazon Cognito developer guide ("Identity pools
// authentication flow", "Using role-based access control", "IAM roles",
// "Developer-authenticated identities") and the API's model. Error texts are
// AWS's own, from the guide or from answers that people have published; where
// none is known the text says so.
package cognito

import (
	"slices"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// Issuer is the identity provider that Cognito itself is for STS. Newer
// Regions have one of their own, which isn't played.
const Issuer = "https://" + issuerName

const issuerName = "cognito-identity.amazonaws.com"

// KeyID names the key of the issuer, as those of real tokens are named.
const KeyID = "us-east-11"

// Pools are the identity pools of a scenario, and the identities that its
// calls have made in them so far.
type Pools struct {
	all        []*pool
	byID       map[string]*pool
	identities map[string]*identity // by id
	byLogin    map[string]*identity // by login.key
	byCall     map[string]*identity // by the name of the call that gave them
}

// pool is an identity pool and the account that it is in.
type pool struct {
	names string // of the providers that it supports; "" before they are asked for
	*scenario.IdentityPool
	account *scenario.Account
	region  string
}

// arn is the pool as policies and records name it.
func (p *pool) arn() string {
	return "arn:aws:cognito-identity:" + p.region + ":" + p.account.ID + ":identitypool/" + p.IdentityPoolID
}

// identity is one user of a pool, or a guest: one without logins.
type identity struct {
	id     string // REGION:GUID
	pool   *pool
	logins map[string]string // users by the provider's name
}

// New finds the identity pools of a scenario.
func New(s *scenario.Scenario) *Pools {
	p := &Pools{byID: map[string]*pool{}, identities: map[string]*identity{}, byLogin: map[string]*identity{}, byCall: map[string]*identity{}}
	for i := range s.Accounts {
		a := &s.Accounts[i]
		for j := range a.IdentityPools {
			entry := &pool{IdentityPool: &a.IdentityPools[j], account: a}
			entry.region, _, _ = strings.Cut(entry.IdentityPoolID, ":")
			p.all = append(p.all, entry)
			if p.byID[entry.IdentityPoolID] == nil {
				p.byID[entry.IdentityPoolID] = entry
			}
		}
	}
	return p
}

// Any says whether the scenario has a pool at all.
func Any(s *scenario.Scenario) bool {
	for i := range s.Accounts {
		if len(s.Accounts[i].IdentityPools) > 0 {
			return true
		}
	}
	return false
}

// Desk is what Cognito works with while it answers a call: STS, the reader of
// tokens, and its own key.
type Desk struct {
	World *sts.World
	Read  func(*scenario.Token) sts.Presented // a token of the call
	Sign  func(claims scenario.Document) string
	At    time.Time
}

// keys are the names of a map, in the order of the alphabet.
func keys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
