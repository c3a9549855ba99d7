package page

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

// operation is an operation that a call can be: what its controls are made of.
type operation struct {
	Action string
	Params []scenario.Parameter
}

// usual is the operation of a call that doesn't say.
const usual = "sts:AssumeRoleWithWebIdentity"

func operationOf(action string) operation {
	return operation{action, scenario.Parameters(action)}
}

// operationGroup is a part of the list of operations.
type operationGroup struct {
	Name    string
	Actions []string
}

// operationGroups are all operations: those of STS, those of the systems in
// front of it, and what registers providers and roles.
func operationGroups() []operationGroup {
	groups := []operationGroup{{Name: "STS"}, {Name: "In front of STS"}, {Name: "IAM"}}
	for _, action := range engine.Operations() {
		service, _, _ := strings.Cut(action, ":")
		at := 1
		switch service {
		case "sts":
			at = 0
		case "iam":
			at = 2
		}
		groups[at].Actions = append(groups[at].Actions, action)
	}
	return slices.DeleteFunc(groups, func(g operationGroup) bool { return len(g.Actions) == 0 })
}

// unsigned are the services whose operations nobody signs with AWS
// credentials: what a request presents speaks for itself (authtype none in the
// services' API models; IAM Roles Anywhere signs with a certificate's key; the
// last are no API of AWS's). Of others it is single operations.
var unsigned = []string{
	"sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML",
	"cognito-identity:GetId", "cognito-identity:GetCredentialsForIdentity", "cognito-identity:GetOpenIdToken",
	"sso", "sso-oidc", "signin:ConsoleLogin", "rolesanywhere", "imds", "workload", "relying-party",
}

func (o operation) signed() bool {
	service, _, _ := strings.Cut(o.Action, ":")
	return !slices.Contains(unsigned, o.Action) && !slices.Contains(unsigned, service)
}

// protocol is what the call presents: oidc or saml, which have controls of
// their own; logins or response for an operation that has tokens of identity
// providers, or a SAML response, among its parameters; other.
func (o operation) protocol() string {
	switch o.Action {
	case usual:
		return "oidc"
	case "sts:AssumeRoleWithSAML":
		return "saml"
	}
	for _, p := range o.Params {
		switch {
		case p.Kind == scenario.KindTokens:
			return "logins"
		case p.Kind == scenario.KindToken && strings.HasPrefix(p.Name, "SAML"):
			return "response"
		}
	}
	return "other"
}

// own are parameters that have controls of their own, beside the others.
var own = []string{"WebIdentityToken", "SAMLAssertion"}

// seldom are parameters that stand one click away although they are a line of
// text: most calls leave them out.
var seldom = []string{"ProviderId", "clientId", "clientSecret", "grantType", "deviceCode", "code", "codeVerifier", "redirectUri"}

// shown are the parameters that stand in sight, and folded those that are one
// click away: lists and documents, and what most calls leave out.
func (o operation) shown() []scenario.Parameter {
	return slices.DeleteFunc(slices.Clone(o.Params), func(p scenario.Parameter) bool {
		return slices.Contains(own, p.Name) || o.isFolded(p)
	})
}

func (o operation) folded() []scenario.Parameter {
	return slices.DeleteFunc(slices.Clone(o.Params), func(p scenario.Parameter) bool {
		return slices.Contains(own, p.Name) || !o.isFolded(p)
	})
}

func (o operation) isFolded(p scenario.Parameter) bool {
	switch p.Kind {
	case scenario.KindTags, scenario.KindPolicies, scenario.KindDocument, scenario.KindList, scenario.KindJSON:
		return !slices.Contains(asked, p.Name)
	case scenario.KindNumber: // how long: what is presented stands in its place
		return !o.signed()
	}
	return slices.Contains(seldom, p.Name)
}

// asked are documents that stand in sight, because without them there is no call.
var asked = []string{"Audience", "TaskPolicyArn", "PolicyDocument", "AssumeRolePolicyDocument", "SAMLMetadataDocument", "ClientIDList", "IdentityId"}

// parameterExamples are what an empty field of a parameter may look like.
var parameterExamples = map[string]string{
	"RoleArn":         "arn:aws:iam::123456789012:role/NAME",
	"PrincipalArn":    "arn:aws:iam::123456789012:saml-provider/NAME",
	"DurationSeconds": "the default",
	"TokenCode":       "123456",
	"SerialNumber":    "arn:aws:iam::123456789012:mfa/NAME",
	"ExternalId":      "as the third party says",
	"InstanceId":      "i-0123456789abcdef0",
	"signedInAs":      "user name of who signs in",
	"metadataOf":      "or the entity id of playground keys",
	"hops":            "1; from a container 2",
	"IdentityPoolId":  "us-east-1:GUID",
	"TargetPrincipal": "a member account, 12 digits",
}

// named are parameters that name something that the scenario may have: their
// fields complete what is typed.
var named = []string{
	"RoleArn", "roleArn", "CustomRoleArn", "PrincipalArn", "SAMLProviderArn", "OpenIDConnectProviderArn", "SerialNumber", "InstanceId",
	"cluster", "clusterName", "namespace", "pod", "trustAnchorArn", "profileArn", "IdentityPoolId", "roleName", "accountId", "signedInAs", "TargetPrincipal",
}

// defaults are what a call begins with that is made one of an operation, as
// JSON: what the operation can't do without, by the parameter's name or by
// action and name. {account} and {role} are those in view.
var defaults = map[string]string{
	"RoleArn":                  `"arn:aws:iam::{account}:role/{role}"`,
	"RoleSessionName":          `"session"`,
	"Name":                     `"federated-user"`,
	"Audience":                 `["https://service.example.com"]`,
	"SigningAlgorithm":         `"RS256"`,
	"TargetPrincipal":          `"{account}"`,
	"TaskPolicyArn":            `{"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}`,
	"AccessKeyId":              `"ASIAIOSFODNN7EXAMPLE"`,
	"AccountId":                `"{account}"`,
	"RoleName":                 `"{role}"`,
	"PolicyName":               `"permissions"`,
	"PolicyArn":                `"arn:aws:iam::aws:policy/ReadOnlyAccess"`,
	"Url":                      `"https://idp.example.com"`,
	"ClientID":                 `"sts.amazonaws.com"`,
	"ClientIDList":             `["sts.amazonaws.com"]`,
	"ThumbprintList":           `["cf23df2207d99a74fbe169e3eba035e633b65d94"]`,
	"OpenIDConnectProviderArn": `"arn:aws:iam::{account}:oidc-provider/idp.example.com"`,
	"SAMLProviderArn":          `"arn:aws:iam::{account}:saml-provider/my-idp"`,

	"GlobalEndpointTokenVersion": `"v2Token"`,

	"iam:CreateRole RoleName":                   `"new-role"`,
	"iam:CreateRole AssumeRolePolicyDocument":   newTrust,
	"iam:UpdateAssumeRolePolicy PolicyDocument": newTrust,
	"iam:PutRolePolicy PolicyDocument":          newPermission,
	"iam:CreateSAMLProvider Name":               `"my-idp"`,
}

const (
	newTrust      = `"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::{account}:root\"}, \"Action\": \"sts:AssumeRole\"}\n  ]\n}"`
	newPermission = `"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::example-bucket/*\"}\n  ]\n}"`
)

// optional are parameters that have a default where others need them, and
// that these operations do without.
var optional = []string{"signin:ConsoleLogin RoleArn", "iam:CreateOpenIDConnectProvider ThumbprintList"}

// operationTable is what the page's program knows of the operations, as JSON.
func operationTable() json.RawMessage {
	type row struct {
		Params   []string                   `json:"params"`
		Signed   bool                       `json:"signed"`
		Protocol string                     `json:"protocol"`
		Defaults map[string]json.RawMessage `json:"defaults"`
	}
	table := map[string]row{}
	for _, action := range engine.Operations() {
		o := operationOf(action)
		r := row{Params: []string{}, Signed: o.signed(), Protocol: o.protocol(), Defaults: map[string]json.RawMessage{}}
		for _, p := range o.Params {
			r.Params = append(r.Params, p.Name)
			value := cmp.Or(defaults[action+" "+p.Name], defaults[p.Name])
			if value == "" && p.Required {
				value = `""`
			}
			if value != "" && (p.Required || !slices.Contains(optional, action+" "+p.Name)) {
				r.Defaults[p.Name] = json.RawMessage(value)
			}
		}
		table[action] = r
	}
	text, err := json.Marshal(table)
	if err != nil {
		return nil
	}
	return text
}

// action is the operation of the call in view.
func (w world) action() string {
	if action := w.value("/calls/{call}/action"); action != "" {
		return action
	}
	return usual
}

func (w world) operation() operation { return operationOf(w.action()) }

// given says whether the call has one of the parameters.
func (w world) given(params []scenario.Parameter) bool {
	return slices.ContainsFunc(params, func(p scenario.Parameter) bool {
		return w.at("/calls/{call}/params/"+p.Name) != nil
	})
}

// presents says whether controls are shown that stand for one of the protocols.
func (w world) presents(protocols string) bool {
	return slices.Contains(strings.Fields(protocols), w.operation().protocol())
}

// paramID is a parameter's name as an id: role-arn. Two are known by a shorter one.
func paramID(name string) string {
	switch name {
	case "RoleSessionName":
		return "session-name"
	case "DurationSeconds":
		return "duration"
	}
	var b strings.Builder
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

// isLong says whether a parameter's value takes a row: an ARN does, and a pool's id.
func isLong(name string) bool { return strings.HasSuffix(name, "Arn") || name == "IdentityPoolId" }

// paired says whether two parameters stand in a row even where one is long:
// the two that name a role and its session, or a role and its provider.
func (o operation) paired() bool { return !o.signed() && strings.HasPrefix(o.Action, "sts:") }

// isPolicy says whether a document is a policy: an editor of its text, in
// which positions are those of the report.
func isPolicy(p scenario.Parameter) bool {
	return p.Kind == scenario.KindDocument && strings.HasSuffix(p.Name, "Document") && !strings.Contains(p.Name, "Metadata")
}

// foldedWords name what is one click away.
func foldedWords(params []scenario.Parameter) string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

func documentWords(p scenario.Parameter) string {
	switch {
	case p.Kind == scenario.KindToken && strings.HasPrefix(p.Name, "SAML"):
		return p.Name + ": a response as it is, or what to mint, as JSON"
	case p.Kind == scenario.KindToken && slices.Contains(given, p.Name):
		return p.Name + ": that of an earlier call, or a text"
	case p.Kind == scenario.KindToken:
		return p.Name + ": a token as it is, or what to mint or take, as JSON"
	case p.Name == "IdentityId":
		return p.Name + ": that of an earlier call, or a text"
	case isPolicy(p), p.Name == "Policy":
		return p.Name
	}
	return p.Name + ", a text or JSON"
}

func documentExample(p scenario.Parameter) string {
	switch {
	case p.Kind == scenario.KindTokens:
		return `{"accounts.google.com": "eyJ…"}`
	case p.Kind == scenario.KindToken && strings.HasPrefix(p.Name, "SAML"):
		return `<samlp:Response …, or {"mint": {"issuer": "the provider's entity id"}}`
	case slices.Contains(given, p.Name):
		return `{"from": "an earlier call"}`
	case p.Kind == scenario.KindToken:
		return `eyJ…, or {"mint": {"issuer": "https://…"}}, or {"from": "an earlier call"}`
	case p.Name == "certificate":
		return `-----BEGIN CERTIFICATE-----, or {"mint": {"authority": "CN=…", "subject": "CN=machine-1"}}`
	}
	return ""
}

// given are parameters that an earlier call's answer has, and that nobody writes.
var given = []string{"accessToken", "SigninToken", "EncodedMessage", "IdentityId"}
