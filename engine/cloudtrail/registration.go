package cloudtrail

import (
	"strings"
	"time"

	"stsplayground/engine/registration"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// Registration is the record of a call to IAM, as the CloudTrail guide's
// samples of IAM show it: IAM's records are in us-east-1, names begin with a
// small letter, private keys are left out. Without a caller there is none.
func Registration(c *scenario.Call, r *sts.Result, at time.Time) (record *SignedRecord, why string) {
	s := r.Signer
	switch {
	case s == nil:
		return nil, "Nobody whom AWS knows signed the call, so no account keeps a record of it."
	case r.Error != nil && (r.Error.Code == "ExpiredToken" || r.Error.Code == "InvalidClientTokenId"):
		return nil, "Calls whose credentials AWS doesn't take may be logged or not; AWS documents no list."
	}
	record = &SignedRecord{
		EventVersion: "1.09", UserIdentity: identityOf(s),
		EventTime: at.UTC().Format(time.RFC3339), EventSource: "iam.amazonaws.com", EventName: strings.TrimPrefix(c.Action, "iam:"),
		AWSRegion: "us-east-1", SourceIPAddress: s.SourceIP,
		RequestParameters: registrationParameters(c), ResponseElements: registrationElements(r.Response),
		RequestID: id("request", c.Name, r.Resource, at), EventID: id("event", c.Name, r.Resource, at),
		EventType: "AwsApiCall", ManagementEvent: true, RecipientAccountID: s.Account, EventCategory: "Management",
	}
	if r.Error != nil {
		record.ErrorCode, record.ErrorMessage = exception(r.Error.Code), r.Error.Message
	}
	return record, ""
}

// exception is an error as CloudTrail names it: those of IAM's model by their
// shapes' names.
func exception(code string) string {
	switch code {
	case "EntityAlreadyExists", "InvalidInput", "LimitExceeded", "MalformedPolicyDocument", "NoSuchEntity", "UnmodifiableEntity", "OpenIdIdpCommunicationError":
		return code + "Exception"
	}
	return code
}

// registrationParameters are what was asked for, by AWS's names with a small
// first letter.
func registrationParameters(c *scenario.Call) map[string]any {
	p := &c.Registration
	asked := map[string]any{}
	add := func(name string, value any) {
		for _, sent := range c.Params.Sent {
			if sent == name {
				asked[strings.ToLower(name[:1])+name[1:]] = value
			}
		}
	}
	text := func(d scenario.Document) string { text, _ := sts.PolicyText(d); return text }
	add("Url", p.URL)
	add("ClientIDList", p.ClientIDList)
	add("ThumbprintList", p.ThumbprintList)
	add("OpenIDConnectProviderArn", p.OpenIDConnectProviderArn)
	add("ClientID", p.ClientID)
	add("Name", p.Name)
	add("SAMLMetadataDocument", text(p.SAMLMetadataDocument))
	add("SAMLProviderArn", p.SAMLProviderArn)
	add("AssertionEncryptionMode", p.AssertionEncryptionMode)
	add("RoleName", p.RoleName)
	add("Path", p.RolePath)
	add("AssumeRolePolicyDocument", text(p.AssumeRolePolicyDocument))
	add("Description", p.Description)
	add("MaxSessionDuration", p.MaxSessionDuration)
	add("PermissionsBoundary", p.PermissionsBoundary)
	add("PolicyName", p.PolicyName)
	add("PolicyDocument", text(p.PolicyDocument))
	add("PolicyArn", p.PolicyArn)
	add("GlobalEndpointTokenVersion", p.GlobalEndpointTokenVersion)
	add("Tags", loggedTags(p.Tags))
	return asked
}

func loggedTags(tags []scenario.Tag) []Tag {
	logged := make([]Tag, len(tags))
	for i, tag := range tags {
		logged[i] = Tag{tag.Key, tag.Value}
	}
	return logged
}

// LoggedRole is a new role as CloudTrail logs it; its trust policy is
// URL-encoded.
type LoggedRole struct {
	Path                     string `json:"path"`
	RoleName                 string `json:"roleName"`
	RoleID                   string `json:"roleId"`
	ARN                      string `json:"arn"`
	CreateDate               string `json:"createDate"` // as in Mar 25, 2014 8:17:37 PM
	AssumeRolePolicyDocument string `json:"assumeRolePolicyDocument"`
	Tags                     []Tag  `json:"tags,omitempty"`
}

// registrationElements are what was answered; nil where that is nothing.
func registrationElements(response any) any {
	switch r := response.(type) {
	case *registration.CreateRoleResponse:
		created, _ := time.Parse(time.RFC3339, r.Role.CreateDate)
		return map[string]any{"role": LoggedRole{
			r.Role.Path, r.Role.RoleName, r.Role.RoleId, r.Role.Arn, created.Format("Jan 2, 2006 3:04:05 PM"), r.Role.AssumeRolePolicyDocument, loggedTags(r.Role.Tags),
		}}
	case *registration.OIDCProviderResponse:
		return map[string]any{"openIDConnectProviderArn": r.OpenIDConnectProviderArn}
	case *registration.SAMLProviderResponse:
		return map[string]any{"sAMLProviderArn": r.SAMLProviderArn}
	}
	return nil
}
