// Package verifier plays an outside service that is handed a token: what a
// relying party checks by OpenID Connect Core §3.1.3.7 and RFC 7519, and
// nothing that is AWS's. The action relying-party:Verify is the playground's
// own; the errors are those of RFC 6750.
package verifier

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

var (
	citeCore     = trace.Cite{Title: "OpenID Connect Core 1.0 §3.1.3.7", URL: "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation"}
	citeOutbound = trace.Cite{Title: "Getting started with outbound identity federation", URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_getting_started.html"}

	ruleToken     = trace.Rule{Code: "verifier/token", Title: "The service is handed a signed JSON Web Token", Cite: trace.RFC("7519", "7.2")}
	ruleIssuer    = trace.Rule{Code: "verifier/issuer", Title: "The token's iss is the issuer that the service trusts", Cite: citeCore}
	ruleKeys      = trace.Rule{Code: "verifier/keys", Title: "The issuer's key set has the key that the token names", Cite: trace.RFC("7517", "5")}
	ruleSignature = trace.Rule{Code: "verifier/signature", Title: "The issuer's key verifies the signature", Cite: trace.RFC("7515", "5.2")}
	ruleExpiry    = trace.Rule{Code: "verifier/expiry", Title: "The token is used within its time", Cite: trace.RFC("7519", "4.1.4")}
	ruleAudience  = trace.Rule{Code: "verifier/audience", Title: "The token's aud has the service in it", Cite: trace.RFC("7519", "4.1.3")}
	ruleSubject   = trace.Rule{Code: "verifier/subject", Title: "The token's sub is one that the service lets in", Cite: citeOutbound}
)

// Rules are the rules that this package checks, in the order of the walk.
func Rules() []trace.Rule {
	return []trace.Rule{ruleToken, ruleIssuer, ruleKeys, ruleSignature, ruleExpiry, ruleAudience, ruleSubject}
}

// verification is what the walk has learned so far.
type verification struct {
	trace.Walk
	params *scenario.VerifierParams
	token  *oidc.Token
	claims oidc.Claims
	served *source.Node
}

// Accepted is whom the service lets in, by the claims that it goes by.
type Accepted struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience []string `json:"aud"`
}

// Verify walks one token: token, issuer, keys, signature, times, audience,
// subject. issuer is the outside world's entry of the issuer that the service
// trusts, nil where the scenario has none, and served its key set as the
// service gets it. The clock has no leeway.
func Verify(call *scenario.Call, presented sts.Presented, issuer *sts.Issuer, served *source.Node, at time.Time) sts.Result {
	v := &verification{params: &call.Verifier, token: presented.Token, served: served}
	if !v.read(presented) {
		v.Skip("There is no token to look into.", &ruleIssuer, &ruleKeys, &ruleSignature, &ruleExpiry, &ruleAudience, &ruleSubject)
		return v.result()
	}
	v.checkIssuer()
	if v.checkSignature(presented, issuer) {
		v.checkTimes(at)
		v.checkAudience()
		v.checkSubject()
	} else {
		v.Skip("Nothing is read from a token that isn't proven.", &ruleExpiry, &ruleAudience, &ruleSubject)
	}
	return v.result()
}

func (v *verification) result() sts.Result {
	if v.Err == nil {
		r := sts.Result{Steps: v.Steps, Assumed: v.Assumed}
		r.Response = &Accepted{v.claims.Issuer, v.claims.Subject, v.claims.Audience}
		r.Verdict = "The service lets in " + v.claims.Subject + ", for whom " + v.claims.Issuer + " vouches."
		if len(v.Assumed) > 0 {
			r.Verdict = "If the signature is good, the" + strings.TrimPrefix(r.Verdict, "The")
		}
		return r
	}
	return sts.Refused(&v.Walk, "The service refuses.")
}

// invalidToken is "the access token provided is expired, revoked, malformed,
// or invalid for other reasons" (RFC 6750 §3.1).
func invalidToken(message string) *trace.Error {
	return trace.Sender("invalid_token", 401, message)
}

func (v *verification) fail(rule *trace.Rule, message, expected, found, why string) {
	v.Fail(rule, invalidToken(message), expected, found, why)
}

func (v *verification) read(presented sts.Presented) bool {
	const expected = "header.payload.signature, each base64url of JSON or bytes"
	if r := presented.Refusal; r != nil || presented.Token == nil {
		why := "No token is presented."
		if r != nil && v.params.Token.Given {
			_, _, why, _ = r.Words()
		}
		v.fail(&ruleToken, "The token can't be read", expected, "no token", why)
		return false
	}
	var refusals []oidc.Refusal
	if v.claims, refusals = v.token.Claims(); v.claims.Issuer == "" {
		_, found, why, _ := refusals[0].Words()
		v.fail(&ruleToken, "The token names no issuer", "an iss claim", found, why)
		return false
	}
	v.Pass(&ruleToken, expected, v.token.Algorithm, "")
	return true
}

func (v *verification) checkIssuer() {
	if v.params.Issuer == "" {
		v.fail(&ruleIssuer, "The issuer isn't trusted", "an issuer that the service trusts", v.claims.Issuer, "The call has no Issuer, so the service trusts nobody; write the issuer that it trusts.")
		return
	}
	if v.claims.Issuer != v.params.Issuer {
		v.fail(&ruleIssuer, "The issuer isn't trusted", v.params.Issuer, v.claims.Issuer, "The service trusts "+v.params.Issuer+" and nobody else; anybody can run an issuer, so the comparison is exact and comes before any key is fetched.")
		return
	}
	v.Pass(&ruleIssuer, v.params.Issuer, v.claims.Issuer, "")
}

// checkSignature fetches the keys of the issuer that is trusted, never of the
// one that the token names.
func (v *verification) checkSignature(presented sts.Presented, issuer *sts.Issuer) bool {
	switch {
	case presented.Unsigned:
		v.Skip("The signature was left out on purpose, so no key is needed.", &ruleKeys)
		v.Assume(&ruleSignature, "The token's signature was left out on purpose; what follows holds if the real one is good.")
		return true
	case issuer != nil && issuer.Reachable != nil && !*issuer.Reachable:
		v.fail(&ruleKeys, "The issuer's keys can't be fetched", v.params.Issuer+"/.well-known/openid-configuration and its jwks_uri answer", "unreachable", "The service can't reach the issuer's discovery document or key set.")
	case issuer != nil && issuer.TLS == "untrusted":
		v.fail(&ruleKeys, "The issuer's keys can't be fetched", "an HTTPS certificate of a trusted CA", "one that nothing vouches for", "Keys from a server whose certificate isn't trusted could be anybody's; outside services know no thumbprints.")
	case v.params.Issuer == "":
		v.Skip("The service trusts no issuer, so there are no keys to fetch.", &ruleKeys, &ruleSignature)
		return false
	case issuer == nil || !issuer.Given:
		v.Skip("Nothing is known of the keys of "+v.params.Issuer+".", &ruleKeys)
		v.Assume(&ruleSignature, "No key of "+v.params.Issuer+" is at hand; what follows holds if the signature is good.")
		return true
	case issuer.Refusal != nil:
		expected, found, why, _ := issuer.Refusal.Words()
		v.fail(&ruleKeys, "The issuer's key set can't be read", expected, found, why)
	default:
		return v.verify(issuer)
	}
	v.Skip("Without the issuer's key no signature can be checked.", &ruleSignature)
	return false
}

func (v *verification) verify(issuer *sts.Issuer) bool {
	if r := v.token.CheckAlgorithm(); r != nil {
		expected, found, why, _ := r.Words()
		v.fail(&ruleKeys, "The algorithm isn't one for public keys", expected, found, why)
		v.Skip("No public key verifies such a signature.", &ruleSignature)
		return false
	}
	key, r := issuer.Keys.Find(v.token)
	if r != nil {
		expected, found, why, _ := r.Words()
		v.fail(&ruleKeys, "No key verifies the token", expected, found, why)
		v.Skip("Without the issuer's key no signature can be checked.", &ruleSignature)
		return false
	}
	v.Pass(&ruleKeys, "kid: "+v.token.KeyID, key.Type+", "+strconv.Itoa(key.Bits)+" bits", "").With(v.fetched())
	if r := oidc.Verify(v.token, key); r != nil {
		expected, found, why, _ := r.Words()
		v.fail(&ruleSignature, "The signature is not good", expected, found, why)
		return false
	}
	v.Pass(&ruleSignature, "a signature by the key "+v.token.KeyID, "good", "")
	return true
}

// mostKeys bounds the key set that is told, in bytes: each call tells it anew.
const mostKeys = 8000

// fetched is what the service fetches: where the keys are, and the keys.
func (v *verification) fetched() []trace.Step {
	keys := string(source.AppendJSON(nil, v.served))
	if len(keys) > mostKeys {
		keys = "a key set of " + strconv.Itoa(len(keys)) + " bytes"
	}
	parts := make([]trace.Step, 2)
	ruleKeys.Fill(&parts[0], trace.Passed, v.params.Issuer+"/.well-known/openid-configuration", "answers, with the issuer's own URL and jwks_uri in it", "").Title = "The discovery document says where the keys are"
	ruleKeys.Fill(&parts[1], trace.Passed, "a JSON Web Key Set at jwks_uri", keys, "Any library that verifies JSON Web Tokens can do the same with these keys.").Title = "The key set is public"
	return parts
}

func (v *verification) checkTimes(at time.Time) {
	now := at.Unix()
	expected := "before " + moment(v.claims.Expires)
	switch {
	case v.claims.Expires == 0:
		v.fail(&ruleExpiry, "The token has no end", "an exp claim", "none", "A token without exp would be good for ever.")
	case now >= v.claims.Expires:
		v.fail(&ruleExpiry, "The token has expired", expected, moment(now), "The token ended at "+moment(v.claims.Expires)+"; ask for a new one for every use.")
	case v.claims.HasNotBefore && now < v.claims.NotBefore, now < v.claims.IssuedAt:
		v.fail(&ruleExpiry, "The token isn't good yet", "not before "+moment(max(v.claims.NotBefore, v.claims.IssuedAt)), moment(now), "The token's time hasn't come; compare the clocks.")
	default:
		v.Pass(&ruleExpiry, expected, moment(now), "")
	}
}

func moment(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }

func (v *verification) checkAudience() {
	found := strings.Join(v.claims.Audience, "\n")
	if v.params.Audience == "" {
		v.fail(&ruleAudience, "The token is for somebody else", "the name of the service", found, "The call has no Audience, so no token is for this service; write the name by which the issuer knows it.")
		return
	}
	if !slices.Contains(v.claims.Audience, v.params.Audience) {
		v.fail(&ruleAudience, "The token is for somebody else", v.params.Audience, found, "The token was made for "+strings.Join(v.claims.Audience, ", ")+"; a token for one service isn't accepted by another.")
		return
	}
	v.Pass(&ruleAudience, v.params.Audience, found, "")
}

func (v *verification) checkSubject() {
	switch wanted := v.params.Subject; {
	case wanted == "":
		v.Warn(&ruleSubject, "any", v.claims.Subject, "The service asks for no subject, so every principal that may have a token made for it gets in.")
	case wanted != v.claims.Subject:
		v.fail(&ruleSubject, "The subject isn't let in", wanted, v.claims.Subject, "The token speaks of "+v.claims.Subject+", and the service lets in "+wanted+".")
	default:
		v.Pass(&ruleSubject, wanted, v.claims.Subject, "")
	}
}
