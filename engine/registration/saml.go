package registration

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// SAMLProviderResponse is the response of CreateSAMLProvider and
// UpdateSAMLProvider.
type SAMLProviderResponse struct {
	SAMLProviderArn string
	Tags            []scenario.Tag `json:",omitempty"`
}

// CreateSAMLProvider.
var createSAMLProvider = &operation{
	resource: func(v *visit) string { return "saml-provider/" + v.params.Name },
	tagging:  "iam:TagSAMLProvider",
	constraints: func(v *visit, broken *sts.Violations) {
		if v.params.MetadataOf == "" {
			broken.Require(shapeMetadata, v.metadata(), v.sent("SAMLMetadataDocument"))
		}
		broken.Require(shapeSAMLName, v.params.Name, v.sent("Name"))
		v.tags(broken)
		v.encryption(broken)
	},
	rules: []*trace.Rule{ruleMetadata, rulePrivateKey, ruleUnique, ruleQuota},
	check: func(v *visit) {
		p := v.params
		v.readProvider(&scenario.SAMLProvider{Name: p.Name, Tags: p.Tags, Path: p.Path})
		if v.account.SAMLProvider(p.Name) != nil {
			v.Fail(ruleUnique, alreadyExists("Provider with name "+p.Name+" already exists."), "no provider of that name", p.Name, "The account has a SAML provider "+quote(p.Name)+" already; update that one.").Placed(v.parameter("Name"))
		} else {
			v.Pass(ruleUnique, "no provider of that name", "none", "")
		}
		v.checkRoom("SAML providers", v.account.SAMLProviderCount(), mostProviders, sts.WordingUnknown(fmt.Sprintf("Cannot exceed quota for SAMLProvidersPerAccount: %d", mostProviders)), false)
	},
	save: func(v *visit) any {
		v.account.SaveSAMLProvider(v.provider)
		return &SAMLProviderResponse{v.arn(v.resource(v)), v.params.Tags}
	},
}

// UpdateSAMLProvider.
var updateSAMLProvider = &operation{
	resource: func(v *visit) string { return lastOf(v.params.SAMLProviderArn) },
	constraints: func(v *visit, broken *sts.Violations) {
		broken.Require(shapeSAMLArn, v.params.SAMLProviderArn, v.sent("SAMLProviderArn"))
		v.optional(broken, "SAMLMetadataDocument", shapeMetadata, v.metadata())
		v.encryption(broken)
	},
	rules: []*trace.Rule{ruleExists, ruleMetadata, rulePrivateKey},
	check: func(v *visit) {
		arn := v.params.SAMLProviderArn
		name, ok := strings.CutPrefix(arn, v.arn("saml-provider/"))
		before := v.account.SAMLProvider(name)
		if !ok || before == nil {
			v.Fail(ruleExists, noSuchEntity(sts.WordingUnknown("The SAML provider does not exist")), "a provider of account "+v.account.ID, arn, "The account has no SAML provider of that ARN.").AsModelled().Placed(v.parameter("SAMLProviderArn"))
			v.Skip("The provider doesn't exist.", ruleMetadata, rulePrivateKey)
			return
		}
		v.Pass(ruleExists, "a provider of account "+v.account.ID, arn, "")
		changed := *before.SAMLProvider
		v.readProvider(&changed)
	},
	save: func(v *visit) any {
		v.account.SaveSAMLProvider(v.provider)
		return &SAMLProviderResponse{SAMLProviderArn: v.params.SAMLProviderArn}
	},
}

// encryption adds what the parameters about encrypted assertions break.
func (v *visit) encryption(broken *sts.Violations) {
	if v.sent("AssertionEncryptionMode") {
		broken.Enum("assertionEncryptionMode", v.params.AssertionEncryptionMode, encryptionModes...)
	}
	v.optional(broken, "AddPrivateKey", shapePrivateKey, v.params.AddPrivateKey)
}

// metadata is the metadata document as it goes over the wire.
func (v *visit) metadata() string {
	text, _ := sts.PolicyText(v.params.SAMLMetadataDocument)
	return text
}

// readProvider puts what the call gives into the provider, and judges it.
func (v *visit) readProvider(p *scenario.SAMLProvider) {
	if v.sent("SAMLMetadataDocument") || v.params.MetadataOf != "" {
		p.SAMLMetadataDocument, p.MetadataOf = v.params.SAMLMetadataDocument, v.params.MetadataOf
	}
	if v.params.AssertionEncryptionMode != "" {
		p.AssertionEncryptionMode, p.Path = v.params.AssertionEncryptionMode, v.params.Path // where it can be mended
	}
	keys := len(p.PrivateKeys)
	if v.params.AddPrivateKey != "" { // the newest is tried first
		p.PrivateKeys = slices.Concat([]string{v.params.AddPrivateKey}, p.PrivateKeys)
	}
	v.provider = v.world.ReadSAMLProvider(v.account, p)
	v.checkMetadata()
	v.checkPrivateKey(keys)
}

// checkMetadata: "IAM … ignores the expiry of certificates" (IAM guide, "Create
// a SAML identity provider in IAM"), so that only what can't be read is refused.
func (v *visit) checkMetadata() {
	const expected = "a SAML metadata document with a certificate"
	p := &v.provider
	refuse := func(message, found, why string) *trace.Step {
		return v.Fail(ruleMetadata, invalidInput(message), expected, found, why).Placed(v.parameter("SAMLMetadataDocument"))
	}
	switch {
	case p.SAMLMetadataDocument.Node.Kind == source.Object || p.SAMLMetadataDocument.Node.Kind == source.Array:
		refuse("Could not parse metadata.", "a list or an object", "The metadata is XML, written as a text.")
	case !p.Given && p.MetadataOf != "":
		v.doubts = append(v.doubts, "Nothing is known of the keys of "+p.MetadataOf+", so that signatures are taken on trust.")
		v.Warn(ruleMetadata, expected, "unknown", "The scenario's issuers have no keys for "+p.MetadataOf+"; signatures will be taken on trust.")
	case !p.Given:
		v.Skip("The request has no metadata.", ruleMetadata)
	case p.Refusal != nil:
		refuse("Could not parse metadata.", p.Refusal.Found, p.Refusal.Why)
	case len(p.Metadata.EntityIDs()) > mostIdPs:
		v.Fail(ruleMetadata, limitExceeded(sts.WordingUnknown("The SAML metadata document has too many identity providers")), fmt.Sprintf("at most %d identity providers", mostIdPs), fmt.Sprint(len(p.Metadata.EntityIDs())), "A SAML provider stands for at most ten identity providers (IAM quotas).").AsModelled().Placed(v.parameter("SAMLMetadataDocument"))
	case len(p.Metadata.Problems) > 0:
		problem := &p.Metadata.Problems[0]
		message := problem.Message
		if message == "" {
			message = sts.WordingUnknown("The SAML metadata document is not valid")
		}
		refuse(message, problem.Found, problem.Why).Modelled = problem.Message == ""
	default:
		v.Pass(ruleMetadata, expected, "metadata of "+strings.Join(p.Metadata.EntityIDs(), ", "), "")
	}
}

// checkPrivateKey judges the key that the call adds to those that are there.
func (v *visit) checkPrivateKey(before int) {
	const expected = "an RSA key, beside at most one more"
	switch {
	case v.params.AddPrivateKey == "":
		v.Pass(rulePrivateKey, expected, "none is added", "")
	case before >= mostPrivateKeys:
		v.Fail(rulePrivateKey, errKeyLimit, expected, fmt.Sprintf("%d keys already", before), "A SAML provider has at most two private keys; remove the older one first.").Placed(v.parameter("AddPrivateKey"))
	case len(v.provider.KeyProblems) > 0:
		v.Fail(rulePrivateKey, errKey, expected, "a key that can't be used", "P"+v.provider.KeyProblems[0][1:]+".").AsModelled().Placed(v.parameter("AddPrivateKey"))
	default:
		v.Pass(rulePrivateKey, expected, "it can be used", "")
	}
}
