package sts

import (
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// claimKey is a claim that AWS turns into the condition key PROVIDER:Key.
type claimKey struct {
	claim, key string
	session    bool // later calls of the session carry it too
}

// providerClaims are the claims of one identity provider's tokens that become
// condition keys.
type providerClaims struct {
	provider string // the name before the colon; a trailing * stands for any rest; "" for every OIDC provider
	claims   []claimKey
}

// conditionKeys is the documented list (IAM guide, "IAM and AWS STS condition
// context keys", Available keys for AWS OIDC federation). Every other claim
// is ignored: "AWS STS will ignore the claim" (IAM guide, "Create an OpenID
// Connect (OIDC) identity provider").
//
// aud, oaud and amr have rules of their own, see addClaims.
var conditionKeys = []providerClaims{
	{"cognito-identity.amazonaws.com", []claimKey{
		{claim: "amr", key: "amr", session: true}, {claim: "aud", key: "aud", session: true},
		{claim: "oaud", key: "oaud"}, {claim: "sub", key: "sub", session: true},
	}},
	{"www.amazon.com", []claimKey{
		{claim: "app_id", key: "app_id", session: true}, {claim: "sub", key: "sub", session: true}, {claim: "user_id", key: "user_id", session: true},
	}},
	{"graph.facebook.com", []claimKey{{claim: "app_id", key: "app_id", session: true}, {claim: "id", key: "id", session: true}}},
	{"accounts.google.com", append(names("google/organization_number"), everyProvider...)},
	{"token.actions.githubusercontent.com", append(names(
		"actor", "actor_id", "job_workflow_ref", "repository", "repository_id", "repository_owner_id",
		"workflow", "ref", "environment", "enterprise_id"), everyProvider...)},
	{"oidc.circleci.com/org/*", append(names("oidc.circleci.com/project-id"), everyProvider...)},
	{"gitlab.com", append(names(
		"namespace_id", "project_id", "user_id", "user_login", "user_email", "user_access_level",
		"ref_protected", "pipeline_source", "runner_environment"), everyProvider...)},
	{"agent.buildkite.com", append(names(
		"organization_slug", "organization_id", "pipeline_slug", "pipeline_id", "cluster_name", "cluster_id",
		"build_branch"), everyProvider...)},
	// Oracle Cloud's identity domains; the guide writes <issuer>:rpst_id.
	{"idcs-*", append(names("rpst_id"), everyProvider...)},
	{"", everyProvider},
}

var everyProvider = []claimKey{
	{claim: "amr", key: "amr", session: true},
	{claim: "aud", key: "aud", session: true},
	{claim: "email", key: "email"},
	{claim: "oaud", key: "oaud"},
	{claim: "sub", key: "sub", session: true},
}

// names are claims whose key has the claim's name; Google writes its claim
// google:organization_number and AWS its key with a slash.
func names(list ...string) []claimKey {
	out := make([]claimKey, 0, len(list)+len(everyProvider))
	for _, name := range list {
		claim := name
		if strings.HasPrefix(name, "google/") {
			claim = "google:" + strings.TrimPrefix(name, "google/")
		}
		out = append(out, claimKey{claim: claim, key: name})
	}
	return out
}

// keysOf are the claims that become keys for a provider, by its name in
// condition keys.
func keysOf(provider string) []claimKey {
	if provider == samlPrefix {
		return allSAMLKeys
	}
	for _, p := range conditionKeys {
		if prefix, open := strings.CutSuffix(p.provider, "*"); p.provider == provider || open && strings.HasPrefix(provider, prefix) {
			return p.claims
		}
	}
	return everyProvider
}

// namer names the condition keys of one provider's tokens.
type namer struct {
	mode     scenario.ClaimsMode
	provider string
	keys     []claimKey
	azp      bool // the token has azp, which AWS takes for its aud
}

func newNamer(mode scenario.ClaimsMode, provider string, azp bool) namer {
	return namer{mode: mode, provider: provider, keys: keysOf(provider), azp: azp}
}

// key is the condition key that a claim becomes, "" for none.
func (n *namer) key(claim string) string {
	switch {
	case claim == "azp":
		return n.provider + ":aud"
	case claim == "aud" && n.azp:
		return n.provider + ":oaud"
	}
	for i := range n.keys {
		if n.keys[i].claim == claim {
			return n.provider + ":" + n.keys[i].key
		}
	}
	if n.mode == scenario.ClaimsAll {
		return n.provider + ":" + claim
	}
	return ""
}

// addClaims sets the token's condition keys.
//
//   - aud is azp where the token has one, else aud; oaud is always the
//     token's aud (IAM guide, "IAM and AWS STS condition context keys").
//   - amr is multi-valued; of other claims AWS takes strings, and numbers and
//     booleans by their JSON text.
func addClaims(ctx *iam.Context, mode scenario.ClaimsMode, provider string, payload *source.Node, c oidc.Claims) {
	audience := c.AuthorizedParty
	if !c.HasAuthorizedParty && len(c.Audience) == 1 {
		audience = c.Audience[0]
	}
	for _, k := range keysOf(provider) {
		claim := payload.Get(k.claim)
		switch {
		case k.claim == "aud" && audience != "":
			ctx.Set(provider+":"+k.key, audience)
		case k.claim == "oaud" && len(c.Audience) == 1:
			ctx.Set(provider+":"+k.key, c.Audience[0])
		case k.claim == "oaud" && len(c.Audience) > 1:
			ctx.SetMulti(provider+":"+k.key, c.Audience)
		case k.claim == "aud" || k.claim == "oaud" || claim == nil:
		case k.claim == "amr":
			ctx.SetMulti(provider+":"+k.key, scalars(claim))
		case isScalar(claim):
			ctx.Set(provider+":"+k.key, claim.Text)
		}
	}
	if mode == scenario.ClaimsAll {
		addEveryClaim(ctx, provider, payload)
	}
}

// addEveryClaim plays the world of tutorials, where each claim is a key.
func addEveryClaim(ctx *iam.Context, provider string, payload *source.Node) {
	for i := range payload.Members {
		m := &payload.Members[i]
		name := provider + ":" + m.Name
		if _, known := ctx.Lookup(name); known {
			continue
		}
		switch {
		case isScalar(&m.Value):
			ctx.Set(name, m.Value.Text)
		case m.Value.Kind == source.Array:
			ctx.SetMulti(name, scalars(&m.Value))
		}
	}
}

func isScalar(n *source.Node) bool {
	return n.Kind == source.String || n.Kind == source.Number || n.Kind == source.Bool
}

// scalars are the values of a list, or the one value of a scalar.
func scalars(n *source.Node) []string {
	if isScalar(n) {
		return []string{n.Text}
	}
	var out []string
	for i := range n.Items {
		if isScalar(&n.Items[i]) {
			out = append(out, n.Items[i].Text)
		}
	}
	return out
}

// ClaimKey is the condition key that AWS makes of a claim of that issuer's
// tokens, with the provider in front; "" where it makes none. The audience of
// a token that has azp is its original audience, oaud.
func ClaimKey(issuer, claim string, azp bool) string {
	n := newNamer(scenario.ClaimsAWS, providerName(issuer), azp)
	return n.key(claim)
}
