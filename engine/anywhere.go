package engine

import (
	"slices"
	"strings"
	"time"

	"stsplayground/engine/rolesanywhere"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// Machines outside AWS that sign in with certificates.

// withCertificate plays CreateSession. The request that a minted certificate
// signs is as short as it can be: what counts is whose key signs.
func withCertificate(p *play, c *scenario.Call, at time.Time) sts.Result {
	presented := rolesanywhere.Presented{Certificates: c.Session.Certificate.Text}
	if m := c.Session.Certificate.Mint; m != nil {
		text := strings.Join([]string{"POST", "/sessions", at.Format(time.RFC3339), c.Session.TrustAnchorArn, c.Session.ProfileArn, c.Session.RoleArn}, "\n")
		issued, findings := p.keys.MintCertificate(m, text, p.made(c))
		p.findings = append(p.findings, findings...)
		presented = rolesanywhere.Presented{Certificates: issued.PEM, Text: text, Algorithm: issued.Algorithm, Signature: issued.Signature}
	}
	anchor := func(a *scenario.TrustAnchor) string {
		if a.Authority != "" {
			return p.keys.AuthorityCertificate(a.Authority)
		}
		return a.Source.SourceData.X509CertificateData
	}
	return rolesanywhere.CreateSession(p.world, p.scenario, c, presented, anchor, at)
}

const whyNoSessionRecord = "CloudTrail records CreateSession, and AWS documents no sample of it, so it isn't drawn. What else it keeps is the AssumeRole of IAM Roles Anywhere."

var anywhereLadder = []question{
	{"Do trust anchor, profile and role belong together?", []string{"anywhere/parameters", "anywhere/trust-anchor", "anywhere/profile"}},
	{"Does the certificate prove who asks?", []string{"anywhere/certificate", "anywhere/request-signature", "anywhere/chain", "anywhere/validity", "anywhere/revocation"}},
	{"Is the session well formed?", []string{"anywhere/attribute-mapping", "anywhere/session-name", "anywhere/duration"}},
	{"Does the role's trust policy let the service in?", serviceTrust},
	{"Do the permissions suffice?", slices.Concat(organization, []string{"access/resource-policy"}, identityRules, []string{"sts/duration", "sts/session-policy"})},
}
