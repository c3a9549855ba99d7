package engine

import (
	"slices"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/verifier"
)

// outboundIssuers are those of the accounts that have outbound identity
// federation enabled: each has a key for either algorithm.
func outboundIssuers(s *Scenario) (issuers []scenario.Issuer) {
	for i := range s.Accounts {
		a := &s.Accounts[i]
		url := sts.OutboundIssuer(a)
		listed := slices.ContainsFunc(s.Issuers, func(iss scenario.Issuer) bool { return iss.URL == url })
		if a.OutboundWebIdentityFederation.Enabled() && !listed {
			issuers = append(issuers, scenario.Issuer{URL: url, Signing: []scenario.Signing{{Kid: "RSA_0", Alg: "RS256"}, {Kid: "EC384_0", Alg: "ES384"}}})
		}
	}
	return issuers
}

func outbound(p *play, c *scenario.Call, at time.Time) sts.Result {
	return p.world.GetWebIdentityToken(c, func(issuer, algorithm string, claims *source.Node) string {
		return p.signFor(p.issuers[issuer], algorithm, claims, at)
	}, at)
}

// signFor signs the claims with the issuer's key for the algorithm.
func (p *play) signFor(iss *scenario.Issuer, algorithm string, claims *source.Node, at time.Time) string {
	mint := scenario.Mint{Issuer: iss.URL, Claims: scenario.Document{Node: *claims}}
	for _, key := range iss.Signing {
		if key.Alg == algorithm || key.Alg == "" && algorithm == "RS256" {
			kid := source.Node{Kind: source.String, Text: key.Kid}
			mint.Header.Node = source.Node{Kind: source.Object, Members: []source.Member{{Name: "kid", Value: kid}}}
		}
	}
	token, findings := p.keys.MintToken(&mint, iss, at)
	p.findings = append(p.findings, findings...)
	return token
}

func toVerifier(p *play, c *scenario.Call, at time.Time) sts.Result {
	var served *source.Node
	if iss := p.issuers[c.Verifier.Issuer]; iss != nil {
		served = p.keySet(iss)
	}
	return verifier.Verify(c, p.presentToken(&c.Verifier.Token, p.made(c)), p.world.IssuerAt(c.Verifier.Issuer), served, at)
}

// withMessage plays a call that presents an encoded message: as pasted, or
// that of an earlier call.
func withMessage(p *play, c *scenario.Call, at time.Time) sts.Result {
	message := c.Params.EncodedMessage.Text
	if from := c.Params.EncodedMessage.From; from != "" {
		message = p.tokens[from]
	}
	return p.world.DecodeAuthorizationMessage(c, message, at)
}

// undocumented is why no record is drawn of some calls that CloudTrail keeps.
const undocumented = "CloudTrail records the call, as every signed one, and AWS documents no sample of the record."

// verifierLadder are the questions about a token that an outside service
// verifies.
var verifierLadder = []question{
	{"Was a token issued, and is it presented properly?", []string{"verifier/token"}},
	{"Does it come from the issuer that is trusted?", []string{"verifier/issuer"}},
	{"Do the issuer's keys fit?", []string{"verifier/keys", "verifier/signature"}},
	{"Is it used within its time?", []string{"verifier/expiry"}},
	{"Do subject and audience match?", []string{"verifier/audience", "verifier/subject"}},
}
