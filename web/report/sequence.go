package report

import (
	"slices"
	"strings"

	"stsplayground/engine"
)

// The lanes of the sequences: who takes part, as a reader calls it. A lane in
// braces is named for the call.
const (
	browser  = "Browser"
	workload = "Workload"
	provider = "Identity provider"
	tokens   = "STS"
	access   = "IAM"
	caller   = "{caller}"
	service  = "{service}"
)

// message goes from one lane to another; within one lane it is a check. rules
// are those whose steps decide whether it came through, parted by
// spaces; one that ends in a slash stands for every rule that begins so. {operation} in
// its text is the call's operation, {answer} what it gives.
type message struct {
	from, to, text string
	rules          string
	later          bool // no part of the call: what its answer is for
}

// sequence is who takes part in a call, and what goes between them. The call
// itself begins with the first message that has rules.
type sequence struct {
	of       string
	lanes    []string
	messages []message
}

// The rules that several sequences ask at the same place.
const (
	asRequested = "sts/operation sts/parameters sts/role-arn sts/region "
	whoSigns    = "access/caller access/credentials access/temporary-credentials sts/long-term-credentials sts/mfa access/action "
	wellFormed  = "sts/session-tags sts/source-identity sts/roles-claim sts/duration "
	mayAssume   = "sts/role trust/ organization/ access/"
	issues      = "sts/session-policy sts/credentials"
	afterwards  = "then: calls signed with them"
)

// sequences are the pictures, of an action, or of a service where all of its
// operations go alike. The last is for services that nothing is said of.
var sequences = []sequence{
	{
		"sts:AssumeRoleWithWebIdentity",
		[]string{workload, provider, tokens, access, service},
		[]message{
			{from: workload, to: provider, text: "asks for a token"},
			{from: provider, to: workload, text: "a token, signed with its private key"},
			{from: workload, to: tokens, text: "{operation} with the token", rules: asRequested},
			{from: tokens, to: tokens, text: "reads the token, its claims and times", rules: "oidc/token oidc/algorithm oidc/claims oidc/expiry"},
			{from: tokens, to: access, text: "a provider for issuer and audience?", rules: "oidc/issuer oidc/audience"},
			{from: tokens, to: provider, text: "discovery document and public keys", rules: "oidc/keys oauth/access-token"},
			{from: tokens, to: tokens, text: "checks the signature", rules: "oidc/signature"},
			{from: tokens, to: tokens, text: "session tags, duration", rules: wellFormed},
			{from: tokens, to: access, text: "does the trust policy let it in?", rules: mayAssume},
			{from: tokens, to: workload, text: "temporary credentials", rules: issues},
			{from: workload, to: service, text: afterwards, later: true},
		},
	},
	{
		"sts:AssumeRoleWithSAML",
		[]string{browser, provider, tokens, access, service},
		[]message{
			{from: browser, to: provider, text: "signs in"},
			{from: provider, to: browser, text: "a SAML response, signed with its private key"},
			{from: browser, to: tokens, text: "{operation} with the response", rules: asRequested},
			{from: tokens, to: access, text: "the provider's metadata and its keys?", rules: "saml/provider saml/metadata"},
			{from: tokens, to: tokens, text: "reads the response", rules: "saml/response saml/status saml/encryption"},
			{from: tokens, to: tokens, text: "checks the signature", rules: "saml/signature"},
			{from: tokens, to: tokens, text: "issuer, subject, audience, times", rules: "saml/assertion saml/issuer saml/name-id saml/confirmation saml/recipient saml/audience saml/expiry"},
			{from: tokens, to: tokens, text: "role, session name, tags, duration", rules: wellFormed + "saml/role saml/role-session-name saml/session-duration"},
			{from: tokens, to: access, text: "does the trust policy let it in?", rules: mayAssume},
			{from: tokens, to: browser, text: "temporary credentials", rules: issues},
			{from: browser, to: service, text: afterwards, later: true},
		},
	},
	{
		"sts",
		[]string{caller, tokens, access, service},
		[]message{
			{from: caller, to: tokens, text: "{operation}, signed", rules: asRequested},
			{from: tokens, to: access, text: "whose key signed, and does it hold?", rules: whoSigns},
			{from: tokens, to: tokens, text: "tags, source identity, duration", rules: wellFormed},
			{from: tokens, to: access, text: "what do the policies say?", rules: mayAssume},
			{from: tokens, to: caller, text: "{answer}", rules: issues},
			{from: caller, to: service, text: afterwards, later: true},
		},
	},
	{ // AssumeRole by a service of AWS, for what runs in it
		"service/",
		[]string{workload, caller, tokens, access, service},
		[]message{
			{from: workload, to: caller, text: "runs there, with a role"},
			{from: caller, to: tokens, text: "{operation}, as the service itself", rules: asRequested + whoSigns},
			{from: tokens, to: tokens, text: "tags, source identity, duration", rules: wellFormed},
			{from: tokens, to: access, text: "does the trust policy name the service?", rules: mayAssume},
			{from: tokens, to: caller, text: "temporary credentials", rules: issues},
			{from: caller, to: workload, text: "hands them on, and renews them"},
			{from: workload, to: service, text: afterwards, later: true},
		},
	},
	{
		"cognito-identity:GetCredentialsForIdentity",
		[]string{"App", provider, "Cognito", tokens, access, service},
		[]message{
			{from: "App", to: provider, text: "signs in, and gets a token; a guest doesn't"},
			{from: "App", to: "Cognito", text: "{operation}", rules: "cognito/request cognito/parameters"},
			{from: "Cognito", to: "Cognito", text: "identity, login, role", rules: "cognito/ cognito-identity/ oidc/"},
			{from: "Cognito", to: tokens, text: "AssumeRoleWithWebIdentity", rules: asRequested + wellFormed},
			{from: tokens, to: access, text: "does the trust policy let it in?", rules: mayAssume},
			{from: tokens, to: "Cognito", text: "temporary credentials", rules: issues},
			{from: "Cognito", to: "App", text: "the answer"},
			{from: "App", to: service, text: afterwards, later: true},
		},
	},
	{
		"eks-auth",
		[]string{"Pod", "Agent", "EKS Auth", tokens, access, service},
		[]message{
			{from: "Pod", to: "Agent", text: "asks for credentials, with its token"},
			{from: "Agent", to: "EKS Auth", text: "{operation}", rules: "eks/parameters eks/permission"},
			{from: "EKS Auth", to: "EKS Auth", text: "the pod's token, its association", rules: "eks/ oidc/"},
			{from: "EKS Auth", to: tokens, text: "AssumeRole, with six session tags", rules: asRequested + whoSigns + wellFormed},
			{from: tokens, to: access, text: "does the trust policy name EKS?", rules: mayAssume},
			{from: tokens, to: "EKS Auth", text: "temporary credentials", rules: issues},
			{from: "EKS Auth", to: "Agent", text: "the answer"},
			{from: "Agent", to: "Pod", text: "hands them on"},
			{from: "Pod", to: service, text: afterwards, later: true},
		},
	},
	{
		"sso:GetRoleCredentials",
		[]string{browser, "AWS CLI", "Identity Center", tokens, access, service},
		[]message{
			{from: browser, to: "Identity Center", text: "signs in"},
			{from: "AWS CLI", to: "Identity Center", text: "{operation} with an access token", rules: "sso/ identity-center/"},
			{from: "Identity Center", to: tokens, text: "asks for the permission set's role", rules: asRequested + whoSigns + wellFormed + "saml/"},
			{from: tokens, to: access, text: "does the trust policy let it in?", rules: mayAssume},
			{from: tokens, to: "Identity Center", text: "temporary credentials", rules: issues},
			{from: "Identity Center", to: "AWS CLI", text: "hands them on"},
			{from: "AWS CLI", to: service, text: afterwards, later: true},
		},
	},
	{
		"rolesanywhere",
		[]string{workload, "Roles Anywhere", tokens, access, service},
		[]message{
			{from: workload, to: "Roles Anywhere", text: "{operation}, signed with its certificate", rules: "roles-anywhere/ rolesanywhere/ anywhere/ x509/"},
			{from: "Roles Anywhere", to: tokens, text: "AssumeRole, with the subject as tags", rules: asRequested + whoSigns + wellFormed},
			{from: tokens, to: access, text: "does the trust policy let it in?", rules: mayAssume},
			{from: tokens, to: "Roles Anywhere", text: "temporary credentials", rules: issues},
			{from: "Roles Anywhere", to: workload, text: "hands them on"},
			{from: workload, to: service, text: afterwards, later: true},
		},
	},
	{
		"signin:ConsoleLogin",
		[]string{browser, provider, "AWS sign-in", tokens, access, "Console"},
		[]message{
			{from: browser, to: provider, text: "signs in"},
			{from: provider, to: browser, text: "a SAML response, signed with its private key"},
			{from: browser, to: "AWS sign-in", text: "posts the response to /saml", rules: "signin/ console/"},
			{from: "AWS sign-in", to: tokens, text: "AssumeRoleWithSAML", rules: asRequested},
			{from: tokens, to: tokens, text: "checks signature, audience, times", rules: wellFormed + "saml/"},
			{from: tokens, to: access, text: "does the trust policy let it in?", rules: mayAssume},
			{from: tokens, to: "AWS sign-in", text: "temporary credentials", rules: issues},
			{from: "AWS sign-in", to: browser, text: "a session in the console"},
			{from: browser, to: "Console", text: "then: works as the role", later: true},
		},
	},
	{
		"iam:CreateOpenIDConnectProvider",
		[]string{caller, access, provider},
		[]message{
			{from: caller, to: access, text: "{operation}, signed", rules: asRequested + whoSigns + "organization/ access/"},
			{from: access, to: access, text: "may what is written be saved?", rules: "iam/"},
			{from: access, to: provider, text: "is it there, by which certificate?", rules: "iam/provider-reach iam/thumbprints"},
			{from: access, to: caller, text: "{answer}", rules: "iam/saved"},
		},
	},
	{ // identities and their tokens, without credentials
		"cognito-identity",
		[]string{"App", provider, "Cognito"},
		[]message{
			{from: "App", to: provider, text: "signs in, and gets a token; a guest doesn't"},
			{from: "App", to: "Cognito", text: "{operation}", rules: "cognito/parameters"},
			{from: "Cognito", to: "Cognito", text: "pool, login, identity", rules: "cognito/ oidc/ access/"},
			{from: "Cognito", to: "App", text: "{answer}"},
		},
	},
	{ // the access portal, without credentials; sso-oidc besides
		"sso",
		[]string{browser, "AWS CLI", "Identity Center"},
		[]message{
			{from: browser, to: "Identity Center", text: "signs in"},
			{from: "AWS CLI", to: "Identity Center", text: "{operation}", rules: "sso/ identity-center/"},
			{from: "Identity Center", to: "AWS CLI", text: "{answer}"},
		},
	},
	{ // a session turned into one of the console
		"signin",
		[]string{"Session", "AWS sign-in"},
		[]message{
			{from: "Session", to: "AWS sign-in", text: "{operation}", rules: "signin/"},
			{from: "AWS sign-in", to: "Session", text: "{answer}"},
		},
	},
	{ // an instance's metadata
		"imds",
		[]string{workload, "Instance metadata", "EC2", tokens, access, service},
		[]message{
			{from: workload, to: "Instance metadata", text: "asks for the role's credentials", rules: "instance/ imds/ ec2/"},
			{from: "EC2", to: tokens, text: "AssumeRole, for the instance", rules: asRequested + whoSigns + wellFormed},
			{from: tokens, to: access, text: "does the trust policy name EC2?", rules: mayAssume},
			{from: tokens, to: "EC2", text: "temporary credentials", rules: issues},
			{from: "Instance metadata", to: workload, text: "hands them on"},
			{from: workload, to: service, text: afterwards, later: true},
		},
	},
	{ // where a program of an SDK looks for credentials
		"workload",
		[]string{workload, "What is there", tokens, access, service},
		[]message{
			{from: workload, to: "What is there", text: "looks for credentials, in order", rules: "workload/ eks/ instance/"},
			{from: "What is there", to: tokens, text: "a session of the role", rules: asRequested + whoSigns + wellFormed + " oidc/"},
			{from: tokens, to: access, text: "does the trust policy let it in?", rules: mayAssume},
			{from: tokens, to: "What is there", text: "temporary credentials", rules: issues},
			{from: "What is there", to: workload, text: "what was found first"},
			{from: workload, to: service, text: afterwards, later: true},
		},
	},
	{ // an outside service, to which AWS is the issuer
		"relying-party",
		[]string{workload, "Outside service", "AWS as issuer"},
		[]message{
			{from: workload, to: "Outside service", text: "a token that AWS signed", rules: "oidc/token oidc/algorithm"},
			{from: "Outside service", to: "AWS as issuer", text: "discovery document and public keys", rules: "oidc/keys"},
			{from: "Outside service", to: "Outside service", text: "checks the signature", rules: "oidc/signature"},
			{from: "Outside service", to: "Outside service", text: "issuer, audience, subject, times", rules: "oidc/ verifier/ relying-party/"},
			{from: "Outside service", to: workload, text: "lets it in"},
		},
	},
	{
		"iam",
		[]string{caller, access},
		[]message{
			{from: caller, to: access, text: "{operation}, signed", rules: asRequested},
			{from: access, to: access, text: "who signs, and may they?", rules: whoSigns + "organization/ access/"},
			{from: access, to: access, text: "may what is written be saved?", rules: "iam/ registration/ trust/ saml/"},
			{from: access, to: caller, text: "{answer}"},
		},
	},
	{ // a service that nothing is said of
		"?",
		[]string{caller, service, tokens, access},
		[]message{
			{from: caller, to: service, text: "{operation}"},
			{from: service, to: tokens, text: "in turn: a session of a role", rules: asRequested + whoSigns + wellFormed},
			{from: tokens, to: access, text: "what do the policies say?", rules: mayAssume},
			{from: tokens, to: service, text: "temporary credentials", rules: issues},
			{from: service, to: caller, text: "{answer}"},
		},
	},
}

// asked is the picture of an action, of which only the policies are asked.
var asked = sequence{
	"action",
	[]string{caller, service, access},
	[]message{
		{from: caller, to: service, text: "{operation}", rules: "access/action"},
		{from: service, to: access, text: "whose key signed, and does it hold?", rules: whoSigns},
		{from: access, to: access, text: "does any policy deny it?", rules: "access/explicit-deny"},
		{from: access, to: access, text: "organization and VPC endpoint", rules: "organization/ access/endpoint-policy"},
		{from: access, to: access, text: "the resource's own policy", rules: "access/resource-policy"},
		{from: access, to: access, text: "the caller's own policies", rules: "access/"},
		{from: service, to: caller, text: "does it"},
	},
}

// answerOf is what an operation gives.
func answerOf(c engine.CallReport) string {
	switch _, operation, _ := strings.Cut(c.Action, ":"); operation {
	case "GetCallerIdentity":
		return "who the caller is"
	case "GetWebIdentityToken":
		return "a token, signed by AWS"
	case "GetAccessKeyInfo":
		return "the key's account"
	case "DecodeAuthorizationMessage":
		return "the message, decoded"
	}
	if c.Session != nil || strings.HasPrefix(c.Action, "sts:") {
		return "temporary credentials"
	}
	return "the answer"
}

// sequenceOf is the picture of a call.
func sequenceOf(c engine.CallReport) sequence {
	if isAction(c) {
		return asked
	}
	service, _, _ := strings.Cut(c.Action, ":")
	by := c.Action
	if c.Call != nil && strings.HasPrefix(c.Call.Caller, "service/") && c.Action == "sts:AssumeRole" {
		by = "service/"
	}
	for _, of := range []string{by, strings.TrimSuffix(strings.ToLower(service), "-oidc")} {
		for _, s := range sequences {
			if s.of == of {
				return s.giving(c)
			}
		}
	}
	return sequences[len(sequences)-1].giving(c)
}

// giving is the sequence of a call that gives what it does: what credentials
// are for is left out where there are none.
func (s sequence) giving(c engine.CallReport) sequence {
	if answerOf(c) == "temporary credentials" {
		return s
	}
	var part sequence
	for _, m := range s.messages {
		if !m.later {
			part.messages = append(part.messages, m)
		}
	}
	for _, lane := range s.lanes {
		if slices.ContainsFunc(part.messages, func(m message) bool { return m.from == lane || m.to == lane }) {
			part.lanes = append(part.lanes, lane)
		}
	}
	return part
}

// at is the message that a step's rule decides; -1 where none is named for it.
// A rule that is named itself is nearer than one that it only begins like.
func (s sequence) at(rule string) int {
	like := -1
	for i := range s.messages {
		for r := range strings.FieldsSeq(s.messages[i].rules) {
			if r == rule {
				return i
			}
			if like < 0 && strings.HasSuffix(r, "/") && strings.HasPrefix(rule, r) {
				like = i
			}
		}
	}
	return like
}

// first is the message with which the call begins: what goes before it isn't
// AWS's to refuse.
func (s sequence) first() int {
	return max(0, slices.IndexFunc(s.messages, func(m message) bool { return m.rules != "" }))
}

// answer is the last message to whoever makes the call.
func (s sequence) answer() int {
	by := s.messages[s.first()].from
	for i := len(s.messages) - 1; i >= 0; i-- {
		if m := &s.messages[i]; m.to == by && m.from != by && !m.later {
			return i
		}
	}
	return len(s.messages) - 1
}
