package sts

import (
	"time"

	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// Presented is the token of a call, read. Unsigned: its signature was left
// out on purpose, and is taken on trust.
type Presented struct {
	Token    *oidc.Token
	Refusal  *oidc.Refusal // of reading it
	Unsigned bool
}

// WebIdentityResponse is the response of AssumeRoleWithWebIdentity.
// PackedPolicySize is a percentage, absent where nothing was packed.
type WebIdentityResponse struct {
	Credentials                 Credentials
	SubjectFromWebIdentityToken string
	AssumedRoleUser             AssumedRoleUser
	PackedPolicySize            *int `json:",omitempty"`
	Provider                    string
	Audience                    string
	SourceIdentity              string `json:",omitempty"`
}

// AssumeRoleWithWebIdentity walks one call: parameters, role ARN, token,
// algorithm, claims, times, provider, audience, keys, signature, tags,
// duration, trust policy, session policy, credentials. AWS documents no
// order; this one is modelled on which errors real callers see first.
func (world *World) AssumeRoleWithWebIdentity(call *scenario.Call, presented Presented, at time.Time) Result {
	w := newWalk(assumeRoleWithWebIdentity, 26)
	w.off = world.off
	f := newFacts(assumeRoleWithWebIdentity, call, at)
	f.token = presented.Token

	w.checkParameters(&call.Params, f.token.Raw)
	arn, isRole := w.checkRoleARN(call.Params.RoleArn, f.region)
	f.arn, f.account = arn, world.accounts[arn.Account]
	w.checkRegion(f.account, f.region)

	if call.Params.ProviderID != "" {
		return world.finish(w, f, w.oauth(world, f, isRole))
	}
	readable := w.checkToken(f, presented)
	if readable {
		f.issuer = world.issuer(f.claims.Issuer)
		w.checkTimes(f.claims, at)
		f.provider = w.checkIssuer(f.account, arn, f.claims.Issuer)
		w.checkAudience(f.provider, f.claims)
		f.foreignPool = world.isForeignPool(f)
		readable = w.verify(f, presented.Unsigned)
		w.checkOtherPartition(world, f)
	} else {
		w.Skip("The token can't be read.", ruleExpiry, ruleIssuer, ruleAudience, ruleKeys, ruleSignature)
	}
	if readable {
		f.tagging = w.checkTags(&f.token.Payload)
		f.sourceIdentity = w.checkSourceIdentity(&f.token.Payload)
		f.authorizedByIdP = w.checkRolesClaim(&f.token.Payload, call.Params.RoleArn)
	} else {
		w.skipClaims("Nothing is read from a token that isn't proven.")
	}
	result := world.finish(w, f, w.authorize(world, f, isRole, readable))
	if f.token.Raw != "" || f.token.Payload.Members != nil {
		result.Token = viewToken(f.token, world.Claims, at)
		result.Token.key, result.Token.unsigned = f.key, presented.Unsigned
	}
	return result
}

// checkToken reads the token's three parts and its registered claims.
// readable means that the claims are there to be judged.
func (w *walk) checkToken(f *facts, presented Presented) (readable bool) {
	rules := oidc.Rules()
	tokenRule, algorithmRule, claimsRule := &rules[0], &rules[1], &rules[2]
	if f.token.Raw == "" && !presented.Unsigned {
		w.Skip("The request has no WebIdentityToken.", tokenRule, algorithmRule, claimsRule)
		return false
	}
	if r := presented.Refusal; r != nil {
		careless := w.readToken(f.token.Raw)
		if careless == nil {
			w.refuse(tokenRule, errNotJWT, r)
			w.Skip("The token can't be read.", algorithmRule, claimsRule)
			return false
		}
		w.refuseLock(lockReading, tokenRule, errNotJWT, r)
		f.token = careless
	} else {
		w.passToken(f, tokenRule)
	}

	supported := true
	switch r := f.token.CheckAlgorithm(); {
	case presented.Unsigned && f.token.Algorithm == "":
		w.Skip("The signature was left out on purpose, and so was the header.", algorithmRule)
	case r != nil:
		supported = w.refuse(algorithmRule, errNotJWT, r).Status != trace.Failed
	default:
		w.Pass(algorithmRule, "RS256, RS384, RS512, ES256, ES384 or ES512", f.token.Algorithm, "")
	}
	return w.checkClaims(f, claimsRule) && supported
}

func (w *walk) passToken(f *facts, tokenRule *trace.Rule) {
	w.Pass(tokenRule, "header.payload.signature, each base64url of JSON or bytes", shorten(f.token.Raw), listNotes(f.token.Notes))
}

func listNotes(notes []string) string {
	why := ""
	for i, n := range notes {
		if i > 0 {
			why += " "
		}
		why += n
	}
	return why
}

// checkClaims reads the registered claims. A claim that is there with a value
// of the wrong kind is refused like one that is missing.
func (w *walk) checkClaims(f *facts, rule *trace.Rule) bool {
	var refusals []oidc.Refusal
	f.claims, refusals = f.token.Claims()
	if len(refusals) == 0 {
		w.Pass(rule, "iss, sub, aud, exp and iat", "all there", "")
		return true
	}
	var parts children
	for i := range refusals {
		parts.refuse(rule, &refusals[i])
	}
	step := w.refuse(rule, claimError(&refusals[0]), &refusals[0]).With(parts)
	step.Modelled = step.Modelled || !recorded(&refusals[0])
	return f.claims.Issuer != ""
}

// claimError is AWS's answer to a claim that is missing or of the wrong
// kind. The text for a missing sub or aud is recorded, and that for the other
// required claims follows its pattern; of values that are no good only the code
// is known.
func claimError(r *oidc.Refusal) *trace.Error {
	switch {
	case r.Reason == oidc.MissingClaim:
		return errMissingClaim(r.Claim)
	case r.Claim == "aud":
		return errAudience
	}
	return invalidToken(wordingUnknown("The claim " + r.Claim + " of the token is not valid"))
}

// recorded says whether AWS's answer is known from real ones: for sub and aud
// that are missing.
func recorded(r *oidc.Refusal) bool {
	return r.Reason == oidc.MissingClaim && (r.Claim == "sub" || r.Claim == "aud")
}

// issuer is the outside world's entry for an iss, nil where there is none.
// Google's tokens may write it without the scheme.
func (world *World) issuer(iss string) *Issuer {
	if entry := world.issuers[iss]; entry != nil {
		return entry
	}
	return world.issuers["https://"+iss]
}

// verify finds the key and checks the signature, or takes it on trust where
// nothing to check it with was given. The answer says whether the claims may
// be read on: not after a signature that is wrong.
func (w *walk) verify(f *facts, unsigned bool) (readable bool) {
	silent := f.issuer != nil && !f.issuer.answers(f.provider)
	if w.isOff(lockKeys) && !unsigned && f.issuer != nil && f.issuer.Given {
		if readable, done := w.verifyCarelessly(f); done {
			return readable
		}
	}
	switch {
	case silent:
		w.checkKeys(f.issuer, f.provider, f.token)
		w.Skip("Without the provider's key no signature can be checked.", ruleSignature)
	case unsigned:
		w.Skip("The signature was left out on purpose, so no key is needed.", ruleKeys)
		w.Assume(ruleSignature, "The token's signature was left out on purpose; what follows holds if the real one is good.")
	case f.issuer == nil, !f.issuer.Given:
		w.Skip("Nothing is known of the keys of "+f.claims.Issuer+"; paste its JWKS to have the signature checked.", ruleKeys)
		w.Assume(ruleSignature, "No key of "+f.claims.Issuer+" is at hand; what follows holds if the signature is good.")
	default:
		key := w.checkKeys(f.issuer, f.provider, f.token)
		if key == nil {
			w.Skip("Without the provider's key no signature can be checked.", ruleSignature)
			return true
		}
		f.key = key
		return w.checkSignature(f.token, key)
	}
	return true
}
