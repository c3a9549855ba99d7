package sts

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// GetWebIdentityTokenResponse is the response of GetWebIdentityToken.
type GetWebIdentityTokenResponse struct {
	WebIdentityToken string
	Expiration       string // RFC 3339, UTC
}

// TokenSigner signs a token with the issuer's key for the algorithm. The
// claims are an object.
type TokenSigner func(issuer, algorithm string, claims *source.Node) (compact string)

// The limits of a token of AWS STS (STS API reference, GetWebIdentityToken).
const (
	leastIdentityToken   = 60
	defaultIdentityToken = 300
	mostIdentityToken    = 3600
	mostAudiences        = 10

	// mostPayload is modelled: AWS documents that there is a limit, and not
	// which. Encoded and signed, so many bytes are about what WebIdentityToken
	// takes.
	mostPayload = 12_000
)

// outboundDomain ends the issuer URLs of AWS STS (IAM guide,
// id_roles_providers_outbound_token_claims).
const outboundDomain = ".tokens.sts.global.api.aws"

// OutboundIssuer is the issuer URL of an account's outbound identity
// federation: the one that it says, or one made of the account's number.
func OutboundIssuer(a *scenario.Account) string {
	if o := a.OutboundWebIdentityFederation; o != nil && o.IssuerIdentifier != "" {
		return o.IssuerIdentifier
	}
	return "https://" + UUID("outbound identity federation", a.ID) + outboundDomain
}

// GetWebIdentityToken walks one call: parameters, endpoint, caller, the
// account's outbound federation, tags, duration, everyone's policies, size,
// token. AWS documents no order.
func (world *World) GetWebIdentityToken(call *scenario.Call, sign TokenSigner, at time.Time) Result {
	f := newFacts(getWebIdentityToken, call, at)
	w := newSigned(getWebIdentityToken, call, f, 20)
	audiences := Texts(call.Params.Audience)
	w.checkIdentityTokenParameters(&call.Params, audiences)
	w.checkRegional(f)
	known := w.checkAccountCaller(world, f)
	w.checkRegion(f.account, f.region)
	w.checkOutbound(f, known)
	f.tagging = w.judgeTags(tagging{Tags: call.Params.Tags}, nil, errRequestTags)
	seconds := w.checkIdentityTokenDuration(f)
	var decision *iam.Decision
	var claims source.Node
	if known {
		var a *iam.Authorization
		a, decision = w.askPolicies(world, f, anyResource(f.caller), func(ctx *iam.Context) {
			ctx.SetMulti("sts:IdentityTokenAudience", audiences)
			ctx.Set("sts:SigningAlgorithm", call.Params.SigningAlgorithm)
			ctx.Set("sts:DurationSeconds", strconv.FormatInt(seconds, 10))
		})
		claims = world.identityClaims(f, a.Request.Context, audiences, seconds)
		w.checkCallerPermission(ruleTagTrust, f, a, actionTagToken, len(f.tagging.Tags) > 0, decision)
		w.checkTokenSize(&claims)
	} else {
		w.skipPolicies(ruleTagTrust, ruleTokenSize)
	}
	if w.Err != nil {
		w.Skip("A check before this one failed.", ruleCredentials)
		return w.told(world, f, decision, nil, "")
	}
	issuer := OutboundIssuer(f.account.Account)
	token := sign(issuer, call.Params.SigningAlgorithm, &claims)
	expires := timestamp(at.Add(time.Duration(seconds) * time.Second))
	w.Pass(ruleCredentials, "a token of "+issuer, shorten(token), "It is signed for real, with a public test key in place of AWS's. It lasts until "+expires+".")
	r := w.told(world, f, decision, &GetWebIdentityTokenResponse{token, expires}, "AWS STS vouches for "+claims.Get("sub").Text+" until "+expires+".")
	r.Issued, r.TokenID = token, claims.Get("jti").Text
	return r
}

// Texts are the strings of a list, or the one string that stands for it.
func Texts(d scenario.Document) []string {
	tree := d.Node
	if d.Node.Kind == source.String {
		return []string{d.Node.Text}
	}
	return scalars(&tree)
}

func (w *walk) checkIdentityTokenParameters(p *scenario.Params, audiences []string) {
	var broken violations
	algorithm := parameter{name: "signingAlgorithm", min: 5, max: 5}
	if !p.Audience.Given() {
		broken = append(broken, missing("audience"))
	} else if n := len(audiences); n < 1 || n > mostAudiences {
		bound := fmt.Sprintf("have length less than or equal to %d", mostAudiences)
		if n < 1 {
			bound = "have length greater than or equal to 1"
		}
		broken = append(broken, violates("audience", "Value '["+strings.Join(audiences, ", ")+"]'", bound))
	}
	for _, audience := range audiences {
		broken = append(broken, parameter{name: "audience", min: 1, max: 1000}.violations(audience)...)
	}
	broken.require(algorithm, p.SigningAlgorithm, sent(p, "SigningAlgorithm"))
	broken.tags(p.Tags)
	broken = append(broken, rangeViolations(p.DurationSeconds, leastIdentityToken, mostIdentityToken)...)
	if a := p.SigningAlgorithm; len(broken) == 0 && a != "RS256" && a != "ES384" {
		w.Fail(ruleParameters, validationError(wordingUnknown("The signing algorithm is not supported")), "RS256 or ES384", a, "Tokens of AWS STS are signed with RS256 or ES384, and "+a+" is neither.").AsModelled()
		return
	}
	w.judgeParameters(broken, "Audience and SigningAlgorithm, each as the API wants it", "caller's policies")
}

// checkOutbound: an account gives no tokens unless it has enabled it.
func (w *walk) checkOutbound(f *facts, known bool) {
	const expected = "OutboundWebIdentityFederation in the caller's account"
	switch {
	case !known:
		w.Skip("There is no account to ask.", ruleOutbound)
	case f.account == nil || !f.account.OutboundWebIdentityFederation.Enabled():
		w.Fail(ruleOutbound, trace.Sender("OutboundWebIdentityFederationDisabledException", 403, wordingUnknown("Outbound web identity federation is not enabled for this account")), expected, "not enabled",
			"Account "+f.caller.Account+" has to enable outbound identity federation first, and gets an issuer URL of its own: aws iam enable-outbound-web-identity-federation.").AsModelled()
	default:
		w.Pass(ruleOutbound, expected, OutboundIssuer(f.account.Account), "")
	}
}

// checkIdentityTokenDuration: "You cannot use this operation to extend the
// lifetime of a session beyond what was granted when the session was
// originally created" (STS API reference).
func (w *walk) checkIdentityTokenDuration(f *facts) (seconds int64) {
	seconds, found := defaultIdentityToken, "300 seconds, the default"
	if d := f.call.Params.DurationSeconds; d != nil {
		seconds, found = min(max(*d, 0), mostIdentityToken), fmt.Sprintf("%d seconds", *d)
	}
	ends := f.caller.expires
	switch left := int64(ends.Sub(f.at) / time.Second); {
	case ends.IsZero():
		w.Pass(ruleDuration, "60 to 3600 seconds", found, "")
	case seconds > left:
		w.Fail(ruleDuration, trace.Sender("SessionDurationEscalationException", 403, wordingUnknown("The token would outlive the session")), fmt.Sprintf("at most %d seconds, what is left of the session", max(left, 0)), found,
			"The caller's session ends at "+timestamp(ends)+", and a token may not outlive it.").AsModelled()
	default:
		w.Pass(ruleDuration, fmt.Sprintf("at most %d seconds, what is left of the session", left), found, "")
	}
	return seconds
}

// sessionClaims are the claims about the session and where it runs, with the
// condition keys that they come from (IAM guide,
// id_roles_providers_outbound_token_claims).
var sessionClaims = []struct{ claim, key string }{
	{"federated_provider", "aws:FederatedProvider"},
	{"identity_store_user_id", "identitystore:UserId"},
	{"identity_store_arn", "identitystore:IdentityStoreArn"},
	{"ec2_source_instance_arn", "ec2:SourceInstanceArn"},
	{"ec2_instance_source_vpc", "aws:Ec2InstanceSourceVpc"},
	{"ec2_instance_source_private_ipv4", "aws:Ec2InstanceSourcePrivateIPv4"},
	{"ec2_role_delivery", "ec2:RoleDelivery"},
	{"source_identity", "aws:SourceIdentity"},
	{"lambda_source_function_arn", "lambda:SourceFunctionArn"},
	{"glue_credential_issuing_service", "glue:CredentialIssuingService"},
}

// identityClaims are the token's claims. What the guide maps to a condition
// key is what the request has under it.
func (world *World) identityClaims(f *facts, ctx *iam.Context, audiences []string, seconds int64) source.Node {
	own := source.Node{Kind: source.Object}
	add := func(n *source.Node, name string, value source.Node) {
		n.Members = append(n.Members, source.Member{Name: name, Value: value})
	}
	fromKey := func(claim, key string) {
		if v, ok := ctx.Lookup(key); ok && len(v.Values) > 0 {
			add(&own, claim, jsonText(v.Values[0]))
		}
	}
	fromTags := func(claim string, tags []scenario.Tag) {
		values := source.Node{Kind: source.Object}
		for _, tag := range tags {
			add(&values, tag.Key, jsonText(tag.Value))
		}
		if len(tags) > 0 {
			add(&own, claim, values)
		}
	}
	fromKey("aws_account", "aws:PrincipalAccount")
	fromKey("source_region", "aws:RequestedRegion")
	fromKey("org_id", "aws:PrincipalOrgID")
	fromKey("ou_path", "aws:PrincipalOrgPaths")
	fromTags("principal_tags", f.caller.Tags)
	if ends := f.caller.expires; !ends.IsZero() {
		add(&own, "original_session_exp", jsonText(timestamp(ends)))
	}
	for _, s := range sessionClaims {
		fromKey(s.claim, s.key)
	}
	fromTags("request_tags", f.tagging.Tags)

	audience := source.Node{Kind: source.Array}
	for _, a := range audiences {
		audience.Items = append(audience.Items, jsonText(a))
	}
	if len(audiences) == 1 {
		audience = jsonText(audiences[0])
	}
	issuer := ""
	if f.account != nil {
		issuer = OutboundIssuer(f.account.Account)
	}
	sub, at := f.caller.value("aws:PrincipalArn"), f.at.Unix()
	return jsonObject("iss", jsonText(issuer), "aud", audience, "sub", jsonText(sub),
		"iat", jsonNumber(at), "exp", jsonNumber(at+seconds),
		"jti", jsonText(UUID("jti", f.call.Name, sub, timestamp(f.at), strings.Join(audiences, " "))),
		stsNamespace, own)
}

// stsNamespace is the claim that holds what only AWS says.
const stsNamespace = "https://sts.amazonaws.com/"

func jsonNumber(n int64) source.Node {
	return source.Node{Kind: source.Number, Text: strconv.FormatInt(n, 10)}
}

func (w *walk) checkTokenSize(claims *source.Node) {
	size := len(source.AppendJSON(nil, claims))
	expected := fmt.Sprintf("a payload of at most %d bytes", mostPayload)
	if size > mostPayload {
		w.Fail(ruleTokenSize, trace.Sender("JWTPayloadSizeExceededException", 400, wordingUnknown("The token's payload is too large")), expected, fmt.Sprintf("%d bytes", size),
			"The tags make the token's payload too large; AWS documents that there is a limit, and not which.").AsModelled()
		return
	}
	w.Pass(ruleTokenSize, expected, fmt.Sprintf("%d bytes", size), "").AsModelled()
}

// checkOtherPartition: "The destination role must be in a different AWS
// partition from the one where the token was issued" (IAM guide,
// id_roles_providers_outbound_cross_partition). The step is there for tokens
// of AWS STS only. AWS's answer isn't documented.
func (w *walk) checkOtherPartition(world *World, f *facts) {
	if !world.isOutbound(f.claims.Issuer) || f.arn.Partition == "" {
		return
	}
	from, to := partitionIn(f.claims.Subject), f.arn.Partition
	if from == to {
		w.Fail(ruleOtherPartition, invalidToken(wordingUnknown("The token was issued in the same partition")), "a token of another partition than "+to, f.claims.Subject,
			"AWS STS of partition "+from+" issued this token, and takes none of its own back: within a partition a role is assumed with AssumeRole.").AsModelled()
		return
	}
	f.outbound = true
	w.Pass(ruleOtherPartition, "a token of another partition than "+to, "of "+from, "AWS takes tokens of its own across partitions only.")
}

// isOutbound says whether an issuer is the outbound federation of an account.
func (world *World) isOutbound(issuer string) bool {
	if strings.HasSuffix(issuer, outboundDomain) {
		return true
	}
	for _, a := range world.accounts {
		if a.OutboundWebIdentityFederation != nil && OutboundIssuer(a.Account) == issuer {
			return true
		}
	}
	return false
}
