package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/oidc"
)

// oauth is the way of Login with Amazon and Facebook: ProviderId names the
// provider, the token is an opaque access token, and STS asks the provider
// about it at run time. What the provider answers isn't known here, so it is
// taken on trust, and the call's context can supply the condition keys.
func (w *walk) oauth(world *World, f *facts, isRole bool) *iam.Decision {
	id := f.call.Params.ProviderID
	rules := oidc.Rules()
	reason := "An OAuth 2.0 access token is opaque; it has no segments, claims or signature of its own."
	w.Skip(reason, &rules[0], &rules[1], &rules[2], ruleExpiry)
	if !slices.Contains(oauthProviders, id) {
		w.Fail(ruleIssuer, validationError(wordingUnknown(fmt.Sprintf("ProviderId %s is not supported", id))), strings.Join(oauthProviders, "\n"), id, "ProviderId is for OAuth 2.0 access tokens of Login with Amazon and Facebook only; for an OpenID Connect ID token it is left out.").AsModelled()
		w.Skip("The provider isn't known.", ruleAudience, ruleKeys, ruleSignature, ruleAccessToken)
		w.skipClaims(reason)
		return w.authorize(world, f, isRole, false)
	}
	f.provider = provider{name: id, principal: id, builtIn: true}
	w.Pass(ruleIssuer, id, id+", built into IAM", "This provider needs no registration.")
	w.Skip(reason, ruleAudience, ruleKeys, ruleSignature)
	vouched := w.askProvider(world.issuers["https://"+id], id)
	f.claims.Subject = f.suppliedText(id+":user_id", id+":id", id+":sub")
	if app := f.suppliedText(id + ":app_id"); app != "" {
		f.claims.Audience = []string{app}
	}
	w.skipClaims(reason)
	return w.authorize(world, f, isRole, vouched)
}

// askProvider plays the question that STS puts to the OAuth provider.
func (w *walk) askProvider(iss *Issuer, id string) (vouched bool) {
	switch {
	case iss != nil && iss.Reachable != nil && !*iss.Reachable:
		w.Fail(ruleAccessToken, errCommunication(id), "an answer of "+id, "none", "The provider can't be reached; it is often a passing fault, and worth a few retries.").AsModelled()
	case iss != nil && iss.Rejects != "":
		w.Fail(ruleAccessToken, errRejected(id, iss.Rejects), "the provider knows the token", iss.Rejects, "The provider doesn't vouch for the token: it is expired, revoked or made for another app.")
	default:
		w.Assume(ruleAccessToken, "Only "+id+" can say whether the access token is good; what follows holds if it is.")
		return true
	}
	return false
}

// suppliedText is the first of the keys that the call's context gives one
// value: what the provider would answer is known from there only.
func (f *facts) suppliedText(keys ...string) string {
	for _, key := range keys {
		if value, _ := f.supplied(key); value != nil {
			if text, ok := value.(string); ok {
				return text
			}
		}
	}
	return ""
}
