package engine

import (
	"maps"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/cloudtrail"
	"stsplayground/engine/cognito"
	"stsplayground/engine/identitycenter"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// operation is an operation that is played: who plays it, what CloudTrail
// keeps of it, and the questions of its debugging ladder.
type operation struct {
	play   func(*play, *scenario.Call, time.Time) sts.Result
	record func(*scenario.Call, *sts.Result, time.Time) (any, string)
	ladder []question
}

// operations are those that are played, by their action. Any other action is
// a question to the policies, and nothing more.
var operations = map[string]operation{
	"cognito-identity:GetCredentialsForIdentity":          ofCognito((*cognito.Pools).GetCredentialsForIdentity, credentialsLadder),
	"cognito-identity:GetId":                              ofCognito((*cognito.Pools).GetID, identityLadder),
	"cognito-identity:GetOpenIdToken":                     ofCognito((*cognito.Pools).GetOpenIDToken, identityLadder),
	"cognito-identity:GetOpenIdTokenForDeveloperIdentity": ofCognito((*cognito.Pools).GetOpenIDTokenForDeveloperIdentity, developerLadder),

	"eks-auth:AssumeRoleForPodIdentity": {forPod, recorded(cloudtrail.PodIdentity), podLadder},
	"imds:GetSecurityCredentials":       {onInstance, unrecorded(whyNoMetadataRecord), instanceLadder},
	"rolesanywhere:CreateSession":       {withCertificate, unrecorded(whyNoSessionRecord), anywhereLadder},
	"workload:GetCredentials":           {inPod, unrecorded(whyNoSearchRecord), searchLadder},

	"iam:AddClientIDToOpenIDConnectProvider":    registering,
	"iam:AttachRolePolicy":                      registering,
	"iam:CreateOpenIDConnectProvider":           registering,
	"iam:CreateRole":                            registering,
	"iam:CreateSAMLProvider":                    registering,
	"iam:PutRolePolicy":                         registering,
	"iam:SetSecurityTokenServicePreferences":    registering,
	"iam:UpdateAssumeRolePolicy":                registering,
	"iam:UpdateOpenIDConnectProviderThumbprint": registering,
	"iam:UpdateRole":                            registering,
	"iam:UpdateSAMLProvider":                    registering,

	"signin:ConsoleLogin":   {consoleLogin, recorded(cloudtrail.SignIn), consoleLadder},
	"signin:GetSigninToken": {getSigninToken, recorded(cloudtrail.SignIn), consoleLadder},

	"sso-oidc:CreateToken":   {createToken, cloudtrail.Portal, portalLadder},
	"sso:GetRoleCredentials": {getRoleCredentials, cloudtrail.Portal, portalLadder},
	"sso:ListAccountRoles":   portalCall((*identitycenter.Center).ListAccountRoles),
	"sso:ListAccounts":       portalCall((*identitycenter.Center).ListAccounts),
	"sso:Logout":             portalCall((*identitycenter.Center).Logout),

	"sts:AssumeRole":                 signed((*sts.World).AssumeRole),
	"sts:AssumeRoleWithSAML":         {withResponse, recorded(cloudtrail.SAML), responseLadder},
	"sts:AssumeRoleWithWebIdentity":  {withToken, recorded(cloudtrail.WebIdentity), tokenLadder},
	"sts:AssumeRoot":                 signed((*sts.World).AssumeRoot),
	"sts:DecodeAuthorizationMessage": {withMessage, unrecorded(undocumented), signedLadder},
	"sts:GetAccessKeyInfo":           {worldly((*sts.World).GetAccessKeyInfo), unrecorded(undocumented), signedLadder},
	"sts:GetCallerIdentity":          signed((*sts.World).GetCallerIdentity),
	"sts:GetFederationToken":         signed((*sts.World).GetFederationToken),
	"sts:GetSessionToken":            signed((*sts.World).GetSessionToken),
	"sts:GetWebIdentityToken":        {outbound, recorded(cloudtrail.Signed), signedLadder},

	"relying-party:Verify": {toVerifier, unrecorded("An outside service verifies the token, and AWS isn't asked."), verifierLadder},
}

// Operations are the actions that are played as operations, in the order of
// the alphabet.
func Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// IsOperation says whether a call is played as an operation, and not only
// asked of the policies: those of STS, and of the systems in front of it. An
// operation of IAM without parameters is a question to the policies, as that
// of any other service is.
func IsOperation(action string, hasParams bool) bool {
	_, played := operations[action]
	service := serviceOf(action)
	return strings.EqualFold(service, "sts") || played && (service != "iam" || hasParams)
}

func isOperation(c *scenario.Call) bool { return IsOperation(c.Action, len(c.Params.Sent) > 0) }

func withToken(p *play, c *scenario.Call, at time.Time) sts.Result {
	return p.world.AssumeRoleWithWebIdentity(c, p.present(c), at)
}

func withResponse(p *play, c *scenario.Call, at time.Time) sts.Result {
	return p.world.AssumeRoleWithSAML(c, p.presentResponse(c), at)
}

// signed is an operation of STS that somebody signs.
func signed(play func(*sts.World, *scenario.Call, time.Time) sts.Result) operation {
	return operation{worldly(play), recorded(cloudtrail.Signed), signedLadder}
}

// worldly is an operation that takes nothing but the world.
func worldly(operate func(*sts.World, *scenario.Call, time.Time) sts.Result) func(*play, *scenario.Call, time.Time) sts.Result {
	return func(p *play, c *scenario.Call, at time.Time) sts.Result { return operate(p.world, c, at) }
}

// recorded is a record of any type, or why there is none.
func recorded[T any](record func(*scenario.Call, *sts.Result, time.Time) (T, string)) func(*scenario.Call, *sts.Result, time.Time) (any, string) {
	return func(c *scenario.Call, r *sts.Result, at time.Time) (any, string) { return record(c, r, at) }
}

// unrecorded is why no record of an operation is drawn: CloudTrail keeps none,
// or AWS documents none.
func unrecorded(why string) func(*scenario.Call, *sts.Result, time.Time) (any, string) {
	return func(*scenario.Call, *sts.Result, time.Time) (any, string) { return nil, why }
}
