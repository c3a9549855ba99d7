package cloudtrail

import (
	"cmp"
	"reflect"
	"slices"
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
// first letter; of private keys nothing.
func registrationParameters(c *scenario.Call) map[string]any {
	asked := map[string]any{}
	params := reflect.ValueOf(c.Registration)
	for i := range params.NumField() {
		field := params.Type().Field(i)
		name := cmp.Or(field.Tag.Get("json"), field.Name)
		if !slices.Contains(c.Params.Sent, name) || name == "AddPrivateKey" || name == "metadataOf" {
			continue
		}
		value := params.Field(i).Interface()
		switch v := value.(type) {
		case scenario.Document:
			value, _ = sts.PolicyText(v)
		case []scenario.Tag:
			value = loggedTags(v)
		}
		asked[strings.ToLower(name[:1])+name[1:]] = value
	}
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
