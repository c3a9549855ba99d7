package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// provider is who vouches for a web identity, as IAM knows it.
type provider struct {
	name       string                 // in condition keys: the URL without https://, or the built-in provider's domain
	principal  string                 // in a trust policy's Federated: the provider's ARN, or the domain
	registered *scenario.OIDCProvider // nil for a built-in provider, and where none is registered
	builtIn    bool
}

// builtInIssuers are the identity providers that need no registration, by
// their tokens' iss (IAM guide, "Principal: federated user principals").
// Google's ID tokens write their iss with or without the scheme.
var builtInIssuers = map[string]string{
	"https://accounts.google.com":            "accounts.google.com",
	"accounts.google.com":                    "accounts.google.com",
	"https://cognito-identity.amazonaws.com": "cognito-identity.amazonaws.com",
	"https://www.amazon.com":                 "www.amazon.com",
	"https://www.facebook.com":               "graph.facebook.com",
	"https://graph.facebook.com":             "graph.facebook.com",
}

// oauthProviders are the values of ProviderId: providers of OAuth 2.0 access
// tokens, which are no JWTs.
var oauthProviders = []string{"www.amazon.com", "graph.facebook.com"}

// checkIssuer finds the provider that is registered for exactly this issuer
// in the role's account.
func (w *walk) checkIssuer(account *Account, arn roleARN, issuer string) provider {
	if domain, ok := builtInIssuers[issuer]; ok {
		w.Pass(ruleIssuer, "a provider for "+issuer, domain+", built into IAM", "This provider needs no registration; trust policies name it by its domain.")
		return provider{name: domain, principal: domain, builtIn: true}
	}
	name, https := strings.CutPrefix(issuer, "https://")
	p := provider{name: name, principal: "arn:" + arn.Partition + ":iam::" + arn.Account + ":oidc-provider/" + name}
	if account != nil && https {
		for i := range account.OpenIDConnectProviders {
			candidate := &account.OpenIDConnectProviders[i]
			// IAM takes and shows the URL with or without its scheme.
			if strings.TrimPrefix(candidate.URL, "https://") == name {
				p.registered = candidate
				w.Pass(ruleIssuer, issuer, candidate.URL+" in account "+arn.Account, "")
				return p
			}
		}
	}
	if arn.Account == "" {
		w.Skip("RoleArn names no account in which to look for a provider.", ruleIssuer)
		return p
	}
	w.Fail(ruleIssuer, errNoProvider(issuer), issuer, registeredURLs(account, arn), w.whyNoProvider(account, arn, issuer))
	return p
}

func registeredURLs(account *Account, arn roleARN) string {
	if account == nil || len(account.OpenIDConnectProviders) == 0 {
		return "no OIDC provider is registered in account " + arn.Account
	}
	urls := make([]string, len(account.OpenIDConnectProviders))
	for i := range urls {
		urls[i] = account.OpenIDConnectProviders[i].URL
	}
	return strings.Join(urls, "\n")
}

func (w *walk) whyNoProvider(account *Account, arn roleARN, issuer string) string {
	if account == nil {
		return "The scenario has no account " + arn.Account + ", the one that RoleArn names; the provider must be registered in the role's own account."
	}
	if !strings.HasPrefix(issuer, "https://") {
		return "The token's iss has no https:// in front, and only https issuers can be registered."
	}
	if near := nearestProvider(account, issuer); near != nil {
		return fmt.Sprintf("%s is registered, and it %s; the comparison is exact.", near.URL, urlDifference(issuer, near.URL))
	}
	return "Account " + arn.Account + ", the role's, has no provider whose URL is exactly the token's iss, " + issuer + "."
}

// nearestProvider is a registered provider that someone may have meant for
// the issuer, nil where none is close.
func nearestProvider(account *Account, issuer string) *scenario.OIDCProvider {
	if account == nil {
		return nil
	}
	for i := range account.OpenIDConnectProviders {
		if p := &account.OpenIDConnectProviders[i]; urlDifference(issuer, p.URL) != "" {
			return p
		}
	}
	return nil
}

// urlDifference says in words how a registered URL misses an issuer by
// little, "" where it doesn't.
func urlDifference(issuer, registered string) string {
	want := strings.TrimPrefix(issuer, "https://")
	got := strings.TrimPrefix(registered, "https://")
	switch {
	case strings.TrimSuffix(got, "/") == strings.TrimSuffix(want, "/"):
		if strings.HasSuffix(want, "/") {
			return "lacks the trailing slash that the token's iss has"
		}
		return "has a trailing slash that the token's iss doesn't have"
	case strings.EqualFold(got, want):
		return "differs from the token's iss in letter case"
	case strings.TrimSuffix(got, "/.well-known/openid-configuration") == strings.TrimSuffix(want, "/"):
		return "is the discovery document's URL rather than the issuer's"
	case strings.TrimPrefix(got, "http://") == want:
		return "is written with http instead of https"
	case otherPath(issuer, registered):
		return "has another path than the token's iss"
	}
	return ""
}

// otherPath says whether one URL goes on where the other ends.
func otherPath(issuer, registered string) bool {
	want := strings.TrimPrefix(issuer, "https://")
	got := strings.TrimPrefix(registered, "https://")
	return strings.HasPrefix(want, got+"/") && want != got+"/" || strings.HasPrefix(got, want+"/") && got != want+"/" && !strings.HasPrefix(got, want+"/.well-known/")
}

// checkAudience: the token's azp, or else its aud, must be a client ID of the
// provider (IAM guide, "IAM and AWS STS condition context keys", aud).
// Built-in providers have no list of client IDs; their trust policies check
// aud, and the value is passed on.
func (w *walk) checkAudience(p provider, c oidc.Claims) (matched string) {
	if !c.HasAuthorizedParty && len(c.Audience) > 1 {
		w.Fail(ruleAudience, errManyAudiences, "one aud value, or azp", strings.Join(c.Audience, "\n"), "The token is for several audiences and has no azp to say which of them is meant.")
		return ""
	}
	claim, value := "aud", ""
	if c.HasAuthorizedParty {
		claim, value = "azp", c.AuthorizedParty
	} else if len(c.Audience) == 1 {
		value = c.Audience[0]
	}
	found := claim + ": " + value
	switch {
	case value == "" && len(c.Audience) == 0, c.HasAuthorizedParty && value == "": // refused by oidc/claims
		w.Skip("The token has no audience to compare.", ruleAudience)
	case p.builtIn:
		w.Pass(ruleAudience, "any", found, "A built-in provider has no client IDs; the trust policy has to check "+p.name+":aud.")
	case p.registered == nil:
		w.Skip("No provider is registered whose client IDs could be compared with "+found+".", ruleAudience)
	case slices.Contains(p.registered.ClientIDList, value):
		step := w.Pass(ruleAudience, strings.Join(p.registered.ClientIDList, "\n"), found, "")
		if c.HasAuthorizedParty && (len(c.Audience) != 1 || c.Audience[0] != value) {
			step.Why = "The token has azp, so azp and not aud must be a client ID; aud is still there for conditions as " + p.name + ":oaud."
		}
		return value
	default:
		w.Fail(ruleAudience, errAudience, listOr(p.registered.ClientIDList, "no client ID is registered"), found, whyAudience(p, c, value))
	}
	return value
}

func listOr(list []string, none string) string {
	if len(list) == 0 {
		return none
	}
	return strings.Join(list, "\n")
}

func whyAudience(p provider, c oidc.Claims, value string) string {
	if value == "" {
		return "The token's aud is empty, and a client ID has at least one character."
	}
	if len(p.registered.ClientIDList) == 0 {
		return "The provider has no client ID yet, and a token's audience must be one of them."
	}
	for _, id := range p.registered.ClientIDList {
		switch {
		case strings.EqualFold(id, value):
			return "The client ID " + id + " and the token's " + value + " differ in letter case only; the comparison is exact."
		case strings.TrimSuffix(id, "/") == strings.TrimSuffix(value, "/"):
			return "The client ID " + id + " and the token's " + value + " differ in a trailing slash only; the comparison is exact."
		case c.HasAuthorizedParty && slices.Contains(c.Audience, id):
			return "The token's aud is a client ID, and its azp isn't: where a token has azp, AWS compares azp."
		}
	}
	if strings.HasPrefix(value, "https://github.com/") {
		return "The token's audience is " + value + ", the owner's URL, which GitHub sets when none is asked for; request the token with audience sts.amazonaws.com."
	}
	switch {
	case strings.HasPrefix(value, "https://buildkite.com/"):
		return "The token's audience is " + value + ", the organization's URL, which Buildkite sets when none is asked for; request the token with --audience sts.amazonaws.com."
	case strings.HasPrefix(value, "https://") && strings.TrimPrefix(value, "https://") == p.name:
		return "The token's audience is its own issuer, " + value + ", and that isn't registered; ask for a token for a client ID that is, or register it."
	}
	return "The token was made for " + value + "; a token for one system isn't accepted by another."
}

// checkKeys plays how STS gets the provider's keys: discovery document and
// key set, the certificate of the server that has them, then the key that
// the token names. A nil key means that the signature can't be checked.
func (w *walk) checkKeys(iss *Issuer, p provider, t *oidc.Token) *oidc.Key {
	parts := make(children, 0, 4)
	if iss.Reachable != nil && !*iss.Reachable {
		parts.add(ruleDiscovery, trace.Failed, iss.URL+"/.well-known/openid-configuration and its jwks_uri answer", "unreachable", "")
		w.Fail(ruleKeys, errKey, "a key set", "no answer",
			"The discovery document or the key set can't be fetched from "+iss.URL+"; STS must reach both over the public internet.").With(parts)
		return nil
	}
	parts.add(ruleDiscovery, trace.Passed, "answers", "reachable", "")
	if !parts.checkTLS(iss, p) {
		w.Fail(ruleKeys, errThumbprint, "a key set from a trusted server", "a certificate that nothing vouches for", parts[len(parts)-1].Why).With(parts)
		return nil
	}
	if r := iss.Refusal; r != nil {
		parts.refuse(ruleKeySet, r)
		w.refuse(ruleKeys, errKey, r).With(parts)
		return nil
	}
	parts.addKeySet(iss.Keys)
	key, r := iss.Keys.Find(t)
	if r != nil {
		parts.refuse(ruleKid, r)
		w.refuse(ruleKeys, errKey, r).With(parts)
		return nil
	}
	found := fmt.Sprintf("key %d of the set: %s, %d bits", key.Index+1, key.Type, key.Bits)
	if t.HasKeyID {
		parts.add(ruleKid, trace.Passed, kidText(t), found, "")
	} else {
		parts.add(ruleKid, trace.Warned, kidText(t), found, "The token names no key, and only one key of the set would do.").AsModelled()
	}
	w.Pass(ruleKeys, kidText(t), found, "").With(parts)
	return key
}

func kidText(t *oidc.Token) string {
	if t.HasKeyID {
		return "kid: " + t.KeyID
	}
	return "no kid"
}

// addKeySet says how many keys the set has, and what is wrong with some.
func (c *children) addKeySet(set oidc.KeySet) {
	var notes []string
	for i := range set.Keys {
		k := &set.Keys[i]
		label := fmt.Sprintf("key %d", k.Index+1)
		if k.HasKeyID {
			label += " (" + k.KeyID + ")"
		}
		if k.Problem != "" {
			notes = append(notes, label+": "+k.Problem)
		}
		for _, warning := range k.Warnings {
			notes = append(notes, label+": "+warning)
		}
	}
	found := fmt.Sprintf("%d keys", len(set.Keys))
	if len(set.Keys) == 1 {
		found = "1 key"
	}
	status := trace.Passed
	if len(notes) > 0 {
		status = trace.Warned
	}
	c.add(ruleKeySet, status, "a JSON Web Key Set", found, strings.Join(notes, "\n"))
}

// checkTLS: AWS's own list of root CAs decides; the thumbprint only where
// that list doesn't know the certificate (IAM guide, "Create an OIDC identity
// provider", note on thumbprints).
func (c *children) checkTLS(iss *Issuer, p provider) (trusted bool) {
	if iss.TLS != "untrusted" {
		c.add(ruleTLS, trace.Passed, "a certificate of a CA that AWS trusts", "trusted", "The thumbprint isn't looked at: it counts only where AWS's own list of CAs doesn't know the certificate.")
		return true
	}
	if !p.builtIn && p.registered == nil {
		c.add(ruleTLS, trace.Skipped, "", "", "No registered provider whose thumbprint could vouch for the certificate.")
		return true
	}
	expected := listOr(p.thumbprints(), "no thumbprint is registered")
	if iss.vouched(p) {
		c.add(ruleTLS, trace.Warned, expected, iss.Thumbprint, "The CA isn't one that AWS trusts; the registered thumbprint vouches for it instead.")
		return true
	}
	found := iss.Thumbprint
	if found == "" {
		found = "a certificate of unknown thumbprint"
	}
	c.add(ruleTLS, trace.Failed, expected, found, "The provider's certificate is of no CA that AWS trusts, so the thumbprint decides, and the one served isn't registered.")
	return false
}

// vouched says whether something vouches for the certificate of the server
// that has the keys: AWS's own list of CAs, or a registered thumbprint.
func (iss *Issuer) vouched(p provider) bool {
	return iss.TLS != "untrusted" ||
		iss.Thumbprint != "" && slices.ContainsFunc(p.thumbprints(), func(t string) bool { return strings.EqualFold(t, iss.Thumbprint) })
}

// thumbprints are those registered; a built-in provider has none.
func (p provider) thumbprints() []string {
	if p.registered == nil {
		return nil
	}
	return p.registered.ThumbprintList
}

// answers says whether STS would get a key set at all: it reaches the server,
// and something vouches for its certificate, if a provider is registered whose
// thumbprints could.
func (iss *Issuer) answers(p provider) bool {
	reachable := iss.Reachable == nil || *iss.Reachable
	return reachable && (iss.vouched(p) || !p.builtIn && p.registered == nil)
}
