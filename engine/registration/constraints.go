package registration

import (
	"strings"

	"stsplayground/engine/sts"
)

func each(is func(rune) bool) func(string) bool {
	return func(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return !is(r) }) }
}

// badName is IAM's answer to the name of a role or a policy with other
// characters (aws-cloudformation/cfn-lint#996), as the one to a path is
// (serverless/serverless#3802).
func badName(parameter string) string {
	return "The specified value for " + parameter + " is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
}

// The shapes of the requests, from the IAM service model.
var (
	shapeURL          = sts.Constraint{Name: "url", Min: 1, Max: 255}
	shapeClientID     = sts.Constraint{Name: "clientID", Min: 1, Max: 255}
	shapeClientIDs    = sts.Constraint{Name: "clientIDList", Min: 1, Max: 255}
	shapeThumbprints  = sts.Constraint{Name: "thumbprintList", Min: 40, Max: 40}
	shapeOIDCArn      = sts.Constraint{Name: "openIDConnectProviderArn", Min: 20, Max: 2048}
	shapeSAMLArn      = sts.Constraint{Name: "sAMLProviderArn", Min: 20, Max: 2048}
	shapeSAMLName     = sts.Constraint{Name: "name", Min: 1, Max: 128, Pattern: `[\w._-]+`, Takes: each(isProviderNameRune)}
	shapeMetadata     = sts.Constraint{Name: "sAMLMetadataDocument", Min: 1000, Max: 10_000_000, Sensitive: true}
	shapePrivateKey   = sts.Constraint{Name: "addPrivateKey", Min: 1, Max: 16384, Pattern: sts.PolicyPattern, Takes: each(sts.IsPolicyRune), Sensitive: true}
	shapeRoleName     = sts.Constraint{Name: "roleName", Min: 1, Max: 64, Takes: each(sts.IsNameRune), Answer: badName("roleName")}
	shapePath         = sts.Constraint{Name: "path", Min: 1, Max: 512, Takes: isPath, Answer: "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."}
	shapeTrust        = sts.Constraint{Name: "assumeRolePolicyDocument", Min: 1, Max: 131072, Pattern: sts.PolicyPattern, Takes: each(sts.IsPolicyRune), Sensitive: true}
	shapeDocument     = sts.Constraint{Name: "policyDocument", Min: 1, Max: 131072, Pattern: sts.PolicyPattern, Takes: each(sts.IsPolicyRune), Sensitive: true}
	shapeDescription  = sts.Constraint{Name: "description", Max: 1000, Pattern: `[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*`, Takes: each(isDescriptionRune)}
	shapeBoundary     = sts.Constraint{Name: "permissionsBoundary", Min: 20, Max: 2048}
	shapePolicyName   = sts.Constraint{Name: "policyName", Min: 1, Max: 128, Takes: each(sts.IsNameRune), Answer: badName("policyName")}
	shapePolicyArn    = sts.Constraint{Name: "policyArn", Min: 20, Max: 2048}
	encryptionModes   = []string{"Required", "Allowed"}
	tokenVersions     = []string{"v1Token", "v2Token"}
	reservedRolePaths = []string{"/aws-service-role/", "/aws-reserved/"}
)

// The quotas, as they are unless raised (IAM guide, "IAM and AWS STS quotas").
const (
	minMax, maxMax  = 3600, 43200 // seconds, of MaxSessionDuration
	mostTags        = 50
	mostClientIDs   = 100
	mostThumbprints = 5
	mostProviders   = 100 // of a kind in an account
	mostRoles       = 1000
	mostAttached    = 20
	mostTrust       = 2048 // characters
	mostPrivateKeys = 2
	mostIdPs        = 10 // in one metadata document
)

func isProviderNameRune(r rune) bool {
	return sts.IsNameRune(r) && !strings.ContainsRune("+=,@", r)
}

func isDescriptionRune(r rune) bool { return sts.IsPolicyRune(r) && (r < 0x7f || r > 0xa0) }

func isPath(s string) bool {
	return s == "/" || len(s) > 2 && s[0] == '/' && s[len(s)-1] == '/' && each(func(r rune) bool { return 0x21 <= r && r <= 0x7e })(s)
}

// tags adds what the tags break.
func (v *visit) tags(broken *sts.Violations) {
	broken.Tags(v.params.Tags)
}

// roleName adds what RoleName breaks.
func (v *visit) roleName(broken *sts.Violations) {
	broken.Require(shapeRoleName, v.params.RoleName, v.sent("RoleName"))
}

// optional adds what a parameter breaks that need not be there.
func (v *visit) optional(broken *sts.Violations, name string, c sts.Constraint, value string) {
	if v.sent(name) {
		broken.Text(c, value)
	}
}

// duration adds what MaxSessionDuration breaks.
func (v *visit) duration(broken *sts.Violations) {
	if d := v.params.MaxSessionDuration; d != nil {
		broken.Range("maxSessionDuration", *d, minMax, maxMax)
	}
}
