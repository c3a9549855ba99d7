package sts

import (
	"crypto/rsa"
	"fmt"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// SAMLProvider is an IAM SAML provider with its metadata read. Given is false
// where nothing is known of it.
type SAMLProvider struct {
	*scenario.SAMLProvider
	Given    bool
	Metadata *saml.MetadataDocument
	Refusal  *saml.Refusal     // why the metadata can't be used
	Private  []*rsa.PrivateKey // those that can be used

	KeyProblems []string // why the others can't be
}

var (
	findSAMLName     = trace.Rule{Code: "saml/provider-name", Title: "The SAML provider's name is one that IAM takes", Cite: citeSAMLProvider}
	findSAMLMetadata = trace.Rule{Code: "saml/provider-metadata", Title: "The metadata document is one that IAM registers", Cite: citeSAMLProvider}
	findPrivateKeys  = trace.Rule{Code: "saml/private-keys", Title: "The provider's private keys are ones that IAM takes", Cite: citeSAMLProvider}
	findMetadataOf   = trace.Rule{Code: "saml/metadata-of", Title: "metadataOf names a SAML identity provider of the scenario", Cite: trace.Cite{}}
)

// samlFindingRules are the rules of findings about SAML providers.
var samlFindingRules = []trace.Rule{findSAMLName, findSAMLMetadata, findPrivateKeys, findMetadataOf}

// SAMLKeys is the scenario's outside world as far as SAML knows it: the
// metadata that an identity provider publishes, "" where nothing is known of
// its keys, and the playground's own private key for a provider of AWS.
type SAMLKeys struct {
	Metadata   func(entityID string) (text string, known bool)
	PrivateKey func(accountID, provider string) *rsa.PrivateKey
}

// playgroundKey in a provider's privateKeys stands for a public test key.
const playgroundKey = "playground"

func newSAMLProvider(a *scenario.Account, p *scenario.SAMLProvider, keys SAMLKeys) (SAMLProvider, []trace.Finding) {
	provider := SAMLProvider{SAMLProvider: p}
	findings := providerNameFindings(p)
	text, locate := provider.metadata(keys, &findings)
	if text != "" {
		provider.Given = true
		provider.Metadata, provider.Refusal = saml.ReadMetadata(text)
		findings = append(findings, provider.metadataFindings(locate)...)
	}
	return provider, append(findings, provider.readPrivateKeys(a, keys)...)
}

// notXML stands for metadata that is written as an object or a list: no text,
// and not the same as no metadata.
const notXML = "{"

// metadata is the provider's metadata, registered or generated; "" where
// there is none.
func (p *SAMLProvider) metadata(keys SAMLKeys, findings *[]trace.Finding) (text string, locate func(line, column int) *trace.At) {
	switch d := p.SAMLMetadataDocument; d.Node.Kind {
	case source.Object, source.Array:
		return notXML, placesIn(d)
	case source.Invalid, source.Null:
	default:
		return d.Node.Text, placesIn(d)
	}
	locate = func(int, int) *trace.At { return &trace.At{Path: p.Path + "/metadataOf"} }
	if p.MetadataOf == "" {
		return "", locate
	}
	text, known := keys.Metadata(p.MetadataOf)
	if !known {
		*findings = append(*findings, finding(findMetadataOf, trace.SeverityError, trace.At{Path: p.Path + "/metadataOf"},
			fmt.Sprintf("The scenario's issuers have no entityId %s, so there is no metadata to generate; add the issuer, with signing for playground keys.", quote(p.MetadataOf))))
	}
	return text, locate
}

func providerNameFindings(p *scenario.SAMLProvider) []trace.Finding {
	n := utf8.RuneCountInString(p.Name)
	if n >= 1 && n <= 128 && !strings.ContainsFunc(p.Name, func(r rune) bool { return r == '+' || r == '=' || r == ',' || r == '@' || !isNameRune(r) }) {
		return nil
	}
	return []trace.Finding{finding(findSAMLName, trace.SeverityError, trace.At{Path: p.Path + "/Name"},
		fmt.Sprintf("The name %s isn't 1 to 128 characters of [\\w._-].", quote(shorten(p.Name))))}
}

// metadataFindings are what IAM would refuse in the metadata. Certificates
// that are out of date are no reason for it (IAM guide, "Create a SAML
// identity provider in IAM"), and warn where they are used.
func (p *SAMLProvider) metadataFindings(locate func(line, column int) *trace.At) (findings []trace.Finding) {
	if r := p.Refusal; r != nil {
		return []trace.Finding{finding(findSAMLMetadata, trace.SeverityError, *locate(r.Line, r.Column), r.Why)}
	}
	for _, problem := range p.Metadata.Problems {
		detail := problem.Why
		if problem.Message != "" {
			detail += " AWS's message: " + problem.Message
		}
		findings = append(findings, finding(findSAMLMetadata, trace.SeverityError, *locate(problem.Line, problem.Column), detail))
	}
	return findings
}

// maxPrivateKeys: "Private key limit of 2 is reached." (IAM guide,
// "Troubleshoot SAML federation with IAM").
const maxPrivateKeys = 2

func (p *SAMLProvider) readPrivateKeys(a *scenario.Account, keys SAMLKeys) (findings []trace.Finding) {
	at := func(i int) trace.At { return trace.At{Path: fmt.Sprintf("%s/privateKeys/%d", p.Path, i)} }
	for i, text := range p.PrivateKeys {
		if i == maxPrivateKeys {
			findings = append(findings, finding(findPrivateKeys, trace.SeverityError, at(i),
				"A SAML provider has at most two private keys, and the others aren't tried; AWS's message: Private key limit of 2 is reached."))
			break
		}
		if text == playgroundKey {
			p.Private = append(p.Private, keys.PrivateKey(a.ID, p.Name))
			continue
		}
		key := saml.ReadPrivateKeys(text)[0]
		if key.RSA == nil {
			problem := fmt.Sprintf("private key %d can't be used: %s", i+1, key.Problem)
			p.KeyProblems = append(p.KeyProblems, problem)
			findings = append(findings, finding(findPrivateKeys, trace.SeverityError, at(i), "P"+problem[1:]+"."))
			continue
		}
		p.Private = append(p.Private, key.RSA)
	}
	if p.AssertionEncryptionMode != "" && len(p.PrivateKeys) == 0 {
		findings = append(findings, finding(findPrivateKeys, trace.SeverityWarning, trace.At{Path: p.Path + "/AssertionEncryptionMode"},
			"The provider has no private key, so no encrypted assertion can be opened; give one as privateKeys, PEM or the word playground."))
	}
	return findings
}

// EncryptionKey is what an identity provider encrypts assertions to for the
// SAML provider with that ARN; nil where the provider isn't there or has no
// private key.
func (world *World) EncryptionKey(principalArn string) *rsa.PublicKey {
	arn, ok := parseProviderARN(principalArn)
	if !ok || world.accounts[arn.Account] == nil {
		return nil
	}
	for _, p := range world.accounts[arn.Account].saml {
		if p.Name == arn.Name && len(p.Private) > 0 {
			return &p.Private[0].PublicKey
		}
	}
	return nil
}
