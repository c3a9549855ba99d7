package sts

import (
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// parameter is one constraint of the API's model: lengths in characters, a
// character set with the pattern that AWS prints for it.
type parameter struct {
	name      string // as AWS's messages write it
	min, max  int
	pattern   string
	inPattern func(rune) bool
	sensitive bool // the message leaves the value out
}

// The character class [\w+=,.@-].
func isNameRune(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || strings.ContainsRune("+=,.@-", r)
}

func isARNRune(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || 0x20 <= r && r <= 0x7e || r == 0x85 ||
		0xa0 <= r && r <= 0xd7ff || 0xe000 <= r && r <= 0xfffd || r >= 0x10000
}

func isPolicyRune(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || 0x20 <= r && r <= 0xff
}

const (
	arnPattern    = `[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+`
	policyPattern = `[\u0009\u000A\u000D\u0020-\u00FF]+`
	tagPattern    = `[\p{L}\p{Z}\p{N}_.:/=+\-@]`
)

// The shapes of the request, from the STS service model.
var (
	paramRoleArn         = parameter{name: "roleArn", min: 20, max: 2048, pattern: arnPattern, inPattern: isARNRune}
	paramRoleSessionName = parameter{name: "roleSessionName", min: 2, max: 64, pattern: `[\w+=,.@-]*`, inPattern: isNameRune}
	paramToken           = parameter{name: "webIdentityToken", min: 4, max: 20000, sensitive: true}
	paramPrincipalArn    = parameter{name: "principalArn", min: 20, max: 2048, pattern: arnPattern, inPattern: isARNRune}
	paramAssertion       = parameter{name: "sAMLAssertion", min: 4, max: 100000, sensitive: true}
	paramProviderID      = parameter{name: "providerId", min: 4, max: 2048}
	paramPolicy          = parameter{name: "policy", min: 1, max: 2048, pattern: policyPattern, inPattern: isPolicyRune}
	paramUnboundedPolicy = parameter{name: "policy", min: 1, max: math.MaxInt, pattern: policyPattern, inPattern: isPolicyRune}
	paramName            = parameter{name: "name", min: 2, max: 32, pattern: `[\w+=,.@-]*`, inPattern: isNameRune}
	paramExternalID      = parameter{name: "externalId", min: 2, max: 1224, pattern: `[\w+=,.@:\/-]*`, inPattern: func(r rune) bool { return isNameRune(r) || r == ':' || r == '/' }}
	paramSerialNumber    = parameter{name: "serialNumber", min: 9, max: 256, pattern: `[\w+=/:,.@-]*`, inPattern: func(r rune) bool { return isNameRune(r) || r == ':' || r == '/' }}
	paramTokenCode       = parameter{name: "tokenCode", min: 6, max: 6, pattern: `[\d]*`, inPattern: func(r rune) bool { return '0' <= r && r <= '9' }}
	paramSourceIdentity  = parameter{name: "sourceIdentity", min: 2, max: 64, pattern: `[\w+=,.@-]*`, inPattern: isNameRune}
	paramPolicyArn       = parameter{min: 20, max: 2048, pattern: arnPattern, inPattern: isARNRune}
)

// IsSessionName says whether the API takes name as RoleSessionName.
func IsSessionName(name string) bool { return len(paramRoleSessionName.violations(name)) == 0 }

const (
	minDuration     = 900
	maxDuration     = 43200
	defaultDuration = 3600
)

// violation is a constraint that a parameter breaks: in short, and as AWS
// words it.
type violation struct {
	short   string // roleSessionName must satisfy regular expression pattern: [\w+=,.@-]*
	message string
}

func violates(name, subject, constraint string) violation {
	return violation{short: name + " must " + constraint, message: subject + " at '" + name + "' failed to satisfy constraint: Member must " + constraint}
}

func missing(name string) violation { return violates(name, "Value null", "not be null") }

// violations are the constraints that value breaks.
func (p parameter) violations(value string) []violation {
	var broken []violation
	if n := utf8.RuneCountInString(value); n > p.max {
		broken = append(broken, violates(p.name, p.subject(value), fmt.Sprintf("have length less than or equal to %d", p.max)))
	} else if n < p.min {
		broken = append(broken, violates(p.name, p.subject(value), fmt.Sprintf("have length greater than or equal to %d", p.min)))
	}
	if p.inPattern != nil && strings.ContainsFunc(value, func(r rune) bool { return !p.inPattern(r) }) {
		broken = append(broken, violates(p.name, p.subject(value), "satisfy regular expression pattern: "+p.pattern))
	}
	return broken
}

func (p parameter) subject(value string) string {
	if p.sensitive {
		return "Value"
	}
	return "Value '" + value + "'"
}

// checkParameters holds the request against the API's constraints. AWS lists
// all that are broken in one message.
func (w *walk) checkParameters(p *scenario.Params, compact string) {
	var broken violations
	broken.require(paramRoleArn, p.RoleArn, sent(p, "RoleArn"))
	broken.require(paramRoleSessionName, p.RoleSessionName, sent(p, "RoleSessionName"))
	if p.WebIdentityToken.Unsigned == nil {
		broken.require(paramToken, compact, p.WebIdentityToken.Given)
	}
	broken.given(paramProviderID, p.ProviderID, sent(p, "ProviderId"))
	broken.optional(p)
	w.judgeParameters(broken, "RoleArn, RoleSessionName and WebIdentityToken, each as the API wants it", "token")
}

// checkSAMLParameters does the same for AssumeRoleWithSAML. SAMLAssertion is
// measured as it would be sent, whatever was pasted around it.
func (w *walk) checkSAMLParameters(f *facts) {
	p, presented := &f.call.Params, &f.saml.presented
	var broken violations
	broken.require(paramRoleArn, p.RoleArn, sent(p, "RoleArn"))
	broken.require(paramPrincipalArn, p.PrincipalArn, sent(p, "PrincipalArn"))
	if !presented.Unsigned {
		broken.require(paramAssertion, asSent(presented), p.SAMLAssertion.Given)
	}
	broken.optional(p)
	w.judgeParameters(broken, "RoleArn, PrincipalArn and SAMLAssertion, each as the API wants it", "response")
}

// checkAssumeRoleParameters does the same for AssumeRole.
func (w *walk) checkAssumeRoleParameters(p *scenario.Params) {
	var broken violations
	broken.require(paramRoleArn, p.RoleArn, sent(p, "RoleArn"))
	broken.require(paramRoleSessionName, p.RoleSessionName, sent(p, "RoleSessionName"))
	broken.given(paramExternalID, p.ExternalID, sent(p, "ExternalId"))
	broken.mfa(p)
	broken.given(paramSourceIdentity, p.SourceIdentity, sent(p, "SourceIdentity"))
	broken.others(p)
	if text, given := policyText(p.Policy); given { // whose shape has no longest length in this operation
		broken = append(broken, paramUnboundedPolicy.violations(text)...)
	}
	broken = append(broken, rangeViolations(p.DurationSeconds, minDuration, maxDuration)...)
	w.judgeParameters(broken, "RoleArn and RoleSessionName, each as the API wants it", "role's trust policy")
}

// checkTokenParameters does the same for GetSessionToken and
// GetFederationToken, whose durations have another range.
func (w *walk) checkTokenParameters(p *scenario.Params, o *operation) {
	var broken violations
	expected := "DurationSeconds and the rest, each as the API wants it"
	if o == getFederationToken {
		broken.require(paramName, p.Name, sent(p, "Name"))
		expected = "Name and the rest, each as the API wants it"
	}
	broken.mfa(p)
	broken.policies(p)
	broken = append(broken, rangeViolations(p.DurationSeconds, minDuration, maxUserToken)...)
	w.judgeParameters(broken, expected, "caller's policies")
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

// asSent is SAMLAssertion as it goes over the wire: the response's base64. Of
// what can't be read as one, all that counts here is that something was sent;
// what is wrong with it is the response's own step.
func asSent(presented *PresentedResponse) string {
	if presented.Document == nil {
		return ""
	}
	pasted := presented.Document.Pasted
	switch r := presented.Refusal; {
	case presented.Document.Value != "":
		return presented.Document.Value
	case strings.HasPrefix(strings.TrimSpace(pasted), "<"):
		return base64.StdEncoding.EncodeToString([]byte(pasted))
	case r == nil || r.Reason == saml.TooLarge || strings.Trim(pasted, base64Alphabet) == "":
		return pasted
	}
	return pasted[:min(len(pasted), paramAssertion.min)]
}

// violations are the constraints that a request breaks.
type violations []violation

func (v *violations) require(param parameter, value string, given bool) {
	if !given && value == "" {
		*v = append(*v, missing(param.name))
		return
	}
	*v = append(*v, param.violations(value)...)
}

// sent says whether the request has the parameter, be it empty.
func sent(p *scenario.Params, name string) bool { return slices.Contains(p.Sent, name) }

// given adds what is broken in a parameter that need not be there. One that is
// sent empty is there.
func (v *violations) given(param parameter, value string, sent bool) {
	if sent || value != "" {
		*v = append(*v, param.violations(value)...)
	}
}

func (v *violations) mfa(p *scenario.Params) {
	v.given(paramSerialNumber, p.SerialNumber, sent(p, "SerialNumber"))
	v.given(paramTokenCode, p.TokenCode, sent(p, "TokenCode"))
}

// tags adds what is broken in each tag, with its place in the list as AWS's
// messages count it.
func (v *violations) tags(tags []scenario.Tag) {
	takes := func(r rune) bool { return !notInTag(r) }
	for i, tag := range tags {
		member := fmt.Sprintf("tags.%d.member.", i+1)
		*v = append(*v, parameter{name: member + "key", min: 1, max: 128, pattern: tagPattern + "+", inPattern: takes}.violations(tag.Key)...)
		*v = append(*v, parameter{name: member + "value", max: 256, pattern: tagPattern + "*", inPattern: takes}.violations(tag.Value)...)
	}
}

// optional adds what is broken in the parameters that every operation takes
// which assumes a role.
func (v *violations) optional(p *scenario.Params) {
	v.policies(p)
	*v = append(*v, rangeViolations(p.DurationSeconds, minDuration, maxDuration)...)
}

// policies adds what is broken in the session policies, and in the size that
// is asked for.
func (v *violations) policies(p *scenario.Params) {
	if text, given := policyText(p.Policy); given {
		*v = append(*v, paramPolicy.violations(text)...)
	}
	v.others(p)
}

func (v *violations) others(p *scenario.Params) {
	for i, a := range p.PolicyArns {
		policyArn := paramPolicyArn
		policyArn.name = fmt.Sprintf("policyArns.%d.member.arn", i+1)
		*v = append(*v, policyArn.violations(a.ARN)...)
	}
	v.tags(p.Tags)
	*v = append(*v, tokenSizeViolations(p)...)
}

// judgeParameters adds the step; proof is what AWS would read next.
func (w *walk) judgeParameters(broken violations, expected, proof string) {
	if len(broken) == 0 {
		w.Pass(ruleParameters, expected, "all constraints kept", "")
		return
	}
	message, found, short := broken.words()
	w.Fail(ruleParameters, validationError(message), "parameters within the API's constraints", found,
		"AWS checks the parameters before it reads the "+proof+": "+short+".")
}

// words are what is broken: as AWS's message says it, line by line, and in short.
func (v violations) words() (message, found, short string) {
	noun := "validation errors"
	if len(v) == 1 {
		noun = "validation error"
	}
	parts, messages := make([]string, len(v)), make([]string, len(v))
	for i, broken := range v {
		parts[i], messages[i] = broken.short, broken.message
	}
	return fmt.Sprintf("%d %s detected: %s", len(v), noun, strings.Join(messages, "; ")), strings.Join(messages, "\n"), strings.Join(parts, "; ")
}

// policyText is a session policy as it goes over the wire: the text as
// given, or an object written compactly.
func policyText(d scenario.Document) (text string, given bool) {
	switch {
	case !d.Given():
		return "", false
	case d.Node.Kind == source.String:
		return d.Node.Text, true
	}
	return string(source.AppendJSON(nil, &d.Node)), true
}

// checkRoleARN reads RoleArn. A role that does not exist is found out only
// when its trust policy is asked for, and AWS answers AccessDenied then.
func (w *walk) checkRoleARN(text, region string) (roleARN, bool) {
	const expected = "arn:aws:iam::ACCOUNT:role/NAME"
	arn, ok := parseRoleARN(text)
	switch {
	case text == "":
		w.Skip("The request has no RoleArn.", ruleRoleARN)
	case !isARN(text):
		w.Fail(ruleRoleARN, validationError(text+" is invalid"), expected, text, "RoleArn is no ARN: it has fewer than the six parts between colons.")
	case !ok:
		w.Fail(ruleRoleARN, errARN, expected, text, "RoleArn is an ARN, and not that of a role: "+notARole(text)+".")
	case arn.Partition != partitionOf(region):
		w.Fail(ruleRoleARN, errARN, "a role in partition "+partitionOf(region), text, "The Region "+region+" belongs to partition "+partitionOf(region)+", the role to "+arn.Partition+"; roles can't be assumed across partitions.").AsModelled()
	default:
		w.Pass(ruleRoleARN, expected, text, "The account in the ARN, "+arn.Account+", is where STS looks for the provider and the role.")
		return arn, true
	}
	return arn, false
}

// notARole says what an ARN is instead of a role's.
func notARole(text string) string {
	parts := strings.SplitN(text, ":", 6)
	kind, _, _ := strings.Cut(parts[5], "/")
	switch {
	case parts[2] == "sts" && kind == "assumed-role":
		return "it is a session's ARN, and the role behind it is arn:" + parts[1] + ":iam::" + parts[4] + ":role/NAME"
	case parts[1] == "":
		return "it names no partition, such as aws"
	case parts[2] != "iam":
		return "its service is " + strconv.Quote(parts[2]) + ", not iam"
	case parts[3] != "":
		return "IAM's ARNs have no Region"
	case !isAccountID(parts[4]):
		return "the account " + strconv.Quote(parts[4]) + " is not 12 digits"
	}
	if kind == "role" {
		return "no name follows role/"
	}
	return "it names a " + strconv.Quote(kind)
}

// checkRegion: the account where the credentials are generated, the role's or
// the caller's own, must have the Region active (IAM guide, "Manage AWS STS in an AWS Region").
func (w *walk) checkRegion(account *Account, region string) {
	listed := account != nil && slices.Contains(account.DisabledRegions, region)
	expected := "STS active in " + region
	switch {
	case listed && region == globalRegion:
		w.Warn(ruleRegion, expected, "active", "The scenario lists it as switched off, and nobody can switch STS off in "+region+".")
	case listed:
		w.Fail(ruleRegion, errRegion(account.ID), expected, "deactivated for account "+account.ID, "Account "+account.ID+", where the credentials would be made, has STS turned off in this Region; call another Region's endpoint, or activate it.")
	case !isRegion(region):
		w.Warn(ruleRegion, expected, "unknown", "No Region of AWS has a code of this form, such as us-east-1; the call would find no endpoint.").AsModelled()
	default:
		w.Pass(ruleRegion, expected, "active", "")
	}
}
