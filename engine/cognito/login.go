package cognito

import (
	"slices"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// login is a provider's name and what its token says, once it is verified.
type login struct {
	name   string // as the logins map has it
	user   string // the provider's name for the user
	amr    string // the login as the token's amr tells it
	claims *source.Node
	aud    string // the app that the token is for
	ours   bool   // a token that Cognito gave for a developer's user
	token  *scenario.Token
	proof  *sts.Proof
	shown  sts.Presented
}

// key is what the login is known by in its pool.
func (l *login) key(p *pool) string { return p.IdentityPoolID + "\x00" + l.name + "\x00" + l.user }

// provider is an identity provider as a pool supports it.
type provider struct {
	issuers    []string // that its tokens may name; none: access tokens that only the provider can judge
	apps       []string // the audiences
	registered *scenario.OIDCProvider
	mapping    []string // the names under which a role mapping may stand, the app's ahead
	arn        string   // of a provider that the account registers
	saml       bool
}

// opaque are the providers whose tokens are no JWTs.
var opaque = []string{"graph.facebook.com", "www.amazon.com", "api.twitter.com", "www.digits.com"}

// provider finds how the pool supports a name of the logins map; nil where it
// doesn't.
func (p *pool) provider(name string) *provider {
	if found := p.userPool(name); found != nil {
		return found
	}
	for _, arn := range p.OpenIDConnectProviderARNs {
		if _, url, ok := strings.Cut(arn, ":oidc-provider/"); ok && (url == name || arn == name) {
			found := &provider{issuers: []string{"https://" + url}, mapping: []string{arn, url}, arn: arn}
			for i := range p.account.OpenIDConnectProviders {
				if c := &p.account.OpenIDConnectProviders[i]; strings.TrimPrefix(c.URL, "https://") == url {
					found.registered, found.apps = c, c.ClientIDList
				}
			}
			return found
		}
	}
	if slices.Contains(p.SAMLProviderARNs, name) {
		return &provider{mapping: []string{name}, arn: name, saml: true}
	}
	apps, supported := p.SupportedLoginProviders[name]
	if !supported {
		return nil
	}
	found := &provider{apps: strings.Split(apps, ";"), mapping: []string{name}}
	if !slices.Contains(opaque, name) {
		found.issuers = []string{"https://" + name, name}
	}
	return found
}

// userPool is a user pool with all of its app clients that the pool lists.
func (p *pool) userPool(name string) (found *provider) {
	for i := range p.CognitoIdentityProviders {
		if c := &p.CognitoIdentityProviders[i]; c.ProviderName == name {
			if found == nil {
				found = &provider{issuers: []string{"https://" + name}}
			}
			found.apps = append(found.apps, c.ClientID)
		}
	}
	return found
}

// mostNames is how many providers of a pool are told of for each login.
const mostNames = 30

// supported lists the names that the logins map may have, the first of them.
func (p *pool) supported() string {
	if p.names != "" {
		return p.names
	}
	var names []string
	for i := range p.CognitoIdentityProviders {
		names = append(names, p.CognitoIdentityProviders[i].ProviderName)
	}
	for _, arn := range p.OpenIDConnectProviderARNs {
		_, url, _ := strings.Cut(arn, ":oidc-provider/")
		names = append(names, url)
	}
	names = append(names, p.SAMLProviderARNs...)
	names = append(names, keys(p.SupportedLoginProviders)...)
	if len(names) == 0 {
		return "the pool supports no provider"
	}
	names = slices.Compact(names)
	p.names = strings.Join(names[:min(len(names), mostNames)], "\n")
	return p.names
}

// checkLogins verifies every token that the call shows: "if any of the tokens
// fail, the whole call fails". Developer takes the pool's developer provider,
// whose users need no token.
func (w *walk) checkLogins(p *pool, logins map[string]scenario.Token, developer bool) []login {
	var all []login
	for _, name := range keys(logins) {
		token := logins[name]
		l := login{name: name, token: &token}
		if developer && name == p.DeveloperProviderName {
			l.user, l.amr = token.Text, name+":"+p.IdentityPoolID+":"+token.Text
			all = append(all, l)
			continue
		}
		if w.checkLogin(p, &l) {
			all = append(all, l)
		}
	}
	return all
}

func (w *walk) checkLogin(p *pool, l *login) (good bool) {
	if l.name == issuerName {
		return w.checkOurs(p, l)
	}
	found := p.provider(l.name)
	switch {
	case found == nil && (l.name == p.DeveloperProviderName || !strings.ContainsAny(l.name, ".:")):
		why := "The public operations take public providers only: a developer provider's user comes with the token of GetOpenIdTokenForDeveloperIdentity, under " + issuerName + "."
		if region, _, userPool := strings.Cut(l.name, "_"); userPool && strings.Count(region, "-") >= 2 {
			why = "It has the form of a user pool's id; a login is named by the pool's whole name, cognito-idp." + region + ".amazonaws.com/" + source.Clip(l.name) + "."
		}
		w.Fail(&ruleProvider, errNotPublic, p.supported(), l.name, why).AsModelled()
		w.Skip("The provider isn't one of the pool's.", &ruleLogin)
		return false
	case found == nil && w.ofAnotherPool(l):
		w.Fail(&ruleProvider, errIssuer, p.supported(), l.name, "The name is that of a user pool, and the token is of another: "+l.proof.Claims.Issuer+". Behind the slash stands the user pool's id, REGION_…, not the identity pool's.")
		w.Skip("The provider isn't one of the pool's.", &ruleLogin)
		return false
	case found == nil:
		w.Fail(&ruleProvider, errProvider, p.supported(), l.name, whyUnsupported(p, l.name))
		w.Skip("The provider isn't one of the pool's.", &ruleLogin)
		return false
	case found.saml:
		w.Fail(&ruleProvider, sts.NotPlayed("SAML logins of identity pools"), "a provider whose logins are played", l.name, "Logins with a SAML response aren't played here, so nothing is said about what Cognito would answer.")
		w.Skip("The login isn't played.", &ruleLogin)
		return false
	case found.arn != "" && found.registered == nil:
		w.Fail(&ruleProvider, errProvider, found.arn, "no such provider in account "+p.account.ID, "The pool names the OIDC provider by its ARN, and the account has none of that URL.").AsModelled()
		w.Skip("The provider isn't registered.", &ruleLogin)
		return false
	}
	w.Pass(&ruleProvider, p.supported(), l.name, "")
	if found.issuers == nil {
		return w.trustOpaque(l)
	}
	return w.verify(p, l, found)
}

// ofAnotherPool says whether a login has a user pool's name, and a token of
// another issuer. Real answers say so before they say that the pool doesn't
// support the name.
func (w *walk) ofAnotherPool(l *login) bool {
	if !strings.HasPrefix(l.name, "cognito-idp.") {
		return false
	}
	l.shown = w.desk.Read(l.token)
	proof, readable := w.desk.World.ReadProof(l.shown)
	l.proof = proof
	return readable && proof.Claims.Issuer != "https://"+l.name
}

func whyUnsupported(p *pool, name string) string {
	bare := strings.TrimSuffix(strings.TrimPrefix(name, "https://"), "/")
	if bare != name && p.provider(bare) != nil {
		return "The pool supports it as " + bare + ": the names of the logins have no https:// in front, and no slash at the end."
	}
	if near, certain := source.Nearest(name, strings.Split(p.supported(), "\n")); certain {
		return "The pool supports " + near + ", and names are compared exactly."
	}
	return "The pool has no provider of that name; user pools stand under CognitoIdentityProviders, OIDC providers under OpenIdConnectProviderARNs, the others under SupportedLoginProviders."
}

// trustOpaque takes an access token on trust: only the provider can say whose
// it is. The playground tells users apart by the token.
func (w *walk) trustOpaque(l *login) bool {
	w.Assume(&ruleLogin, "Only "+l.name+" can say whether the access token is good and whose it is; what follows holds if it is.")
	l.shown = w.desk.Read(l.token)
	l.user = sts.UUID("access token", l.shown.Token.Raw)
	l.amr = l.name + ":" + l.user
	return true
}

// verify checks an OpenID Connect token for real: its form, its issuer, its
// time, its audience and its signature.
func (w *walk) verify(p *pool, l *login, from *provider) bool {
	l.shown = w.desk.Read(l.token)
	proof, readable := w.desk.World.ReadProof(l.shown)
	l.proof = proof
	if !readable && proof.Err == nil {
		w.Fail(&ruleLogin, errUnread, "a token of "+l.name+" that holds", "none", "The login has no token: what it names gave none.").AsModelled()
		return false
	}
	err, modelled := errUnread, true
	if l.name == issuerName {
		err = errNotOurs
	}
	switch {
	case proof.Missing != "":
		err, modelled = errMissing(proof.Missing), false
	case proof.Failed == "oidc/claims":
		err = errClaims
	case readable:
		err, modelled = w.checkClaims(proof, from)
		before := proof.Err
		proof.Verify(from.registered, l.shown.Unsigned)
		if before == nil && proof.Err != nil {
			err, modelled = errSigned, false
		}
	}
	w.Assumed = append(w.Assumed, proof.Assumed...)
	if proof.Err != nil {
		why := trace.WhyFailed(proof.Steps)
		if proof.Missing == "aud" {
			why = "The token has no aud. Cognito takes ID tokens; an access token of a user pool has client_id in its place."
		}
		w.Fail(&ruleLogin, err, "a token of "+l.name+" that holds", "refused", why).With(proof.Steps).Modelled = modelled
		if proof.Failed == ruleAudience.Code && (proof.Claims.HasAuthorizedParty || len(proof.Claims.Audience) == 1) {
			w.adviseAudience(p, l, from, audienceOf(proof))
		}
		return false
	}
	c := &proof.Claims
	l.user, l.claims, l.aud = c.Subject, proof.Payload(), audienceOf(proof)
	status, why := trace.Passed, ""
	if len(proof.Assumed) > 0 {
		status, why = trace.Assumed, "No key of "+c.Issuer+" is at hand, or the signature was left out; what follows holds if it is good."
	}
	w.Step(&ruleLogin, status, "a token of "+l.name+" that holds", l.user+", for "+l.aud, why).With(proof.Steps)
	l.amr = l.name + ":" + l.aud + ":" + l.user
	if strings.HasPrefix(l.name, "cognito-idp.") {
		l.amr = l.name + ":CognitoSignIn:" + l.user
	}
	return true
}

// checkClaims compares the token's claims with what the pool knows of its
// provider.
//
// The answer to another audience is seen for user pools only.
func (w *walk) checkClaims(proof *sts.Proof, from *provider) (err *trace.Error, modelled bool) {
	c := &proof.Claims
	fail := func(rule *trace.Rule, e *trace.Error, expected, found, why string) {
		if err == nil {
			err = e
		}
		proof.Fail(rule, e, expected, found, why)
	}
	if slices.Contains(from.issuers, c.Issuer) {
		proof.Pass(&ruleIssuer, from.issuers[0], c.Issuer, "")
	} else {
		fail(&ruleIssuer, errIssuer, from.issuers[0], c.Issuer, "The name in the logins map is the token's iss without https://, to the letter, and this token is of "+c.Issuer+".")
	}
	if now := w.desk.At.Unix(); now >= c.Expires {
		fail(&ruleExpiry, errExpired(now, c.Expires), "used before its exp", "used after it", "The token's time is over; the app has to get a new one from its provider.")
	} else {
		proof.Pass(&ruleExpiry, "used before its exp", "it is", "")
	}
	aud, several := audienceOf(proof), !c.HasAuthorizedParty && len(c.Audience) > 1
	switch apps := strings.Join(from.apps, "\n"); {
	case slices.Contains(from.apps, aud):
		proof.Pass(&ruleAudience, apps, aud, "")
	case several:
		fail(&ruleAudience, errProvider, apps, aud, "The token has several audiences, and no azp that says which app it was made for.")
	default:
		fail(&ruleAudience, errProvider, apps, aud, "The token was made for the app client "+aud+", and the pool lists no such client for the provider.")
	}
	return err, proof.Failed == ruleAudience.Code && (from.registered != nil || several)
}

// audienceOf is the app that a token is for: its azp, else its only aud.
func audienceOf(proof *sts.Proof) string {
	c := &proof.Claims
	if c.HasAuthorizedParty {
		return c.AuthorizedParty
	}
	if len(c.Audience) == 1 {
		return c.Audience[0]
	}
	return strings.Join(c.Audience, ", ")
}

// checkOurs verifies a token that Cognito itself gave for a developer's user.
// GetId doesn't take it.
func (w *walk) checkOurs(p *pool, l *login) bool {
	if w.operation == getID {
		w.Fail(&ruleProvider, errPassedIn, p.supported(), l.name, "The token is Cognito's own, and its identity is known already: pass it to GetCredentialsForIdentity with the identity id that came with it.")
		w.Skip("GetId takes no token of Cognito.", &ruleLogin)
		return false
	}
	w.Pass(&ruleProvider, p.supported(), l.name, "Under this name stands the token of GetOpenIdTokenForDeveloperIdentity.")
	if !w.verify(p, l, &provider{issuers: []string{Issuer, issuerName}, apps: []string{p.IdentityPoolID}}) {
		return false
	}
	l.ours = true
	return true
}
