package cloudtrail

import (
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// SignInRecord is the record of a sign-in of somebody federated, as the
// CloudTrail guide's "AWS Management Console sign-in events" shows it. That of
// the AssumeRoleWithSAML behind it stands beside it.
type SignInRecord struct {
	EventVersion        string         `json:"eventVersion"`
	UserIdentity        SignInIdentity `json:"userIdentity"`
	EventTime           string         `json:"eventTime"`
	EventSource         string         `json:"eventSource"`
	EventName           string         `json:"eventName"`
	AWSRegion           string         `json:"awsRegion"`
	SourceIPAddress     string         `json:"sourceIPAddress,omitempty"`
	RequestParameters   any            `json:"requestParameters"` // always null
	ResponseElements    map[string]any `json:"responseElements"`
	AdditionalEventData map[string]any `json:"additionalEventData"`
	EventID             string         `json:"eventID"`
	ReadOnly            bool           `json:"readOnly"`
	EventType           string         `json:"eventType"`
	ManagementEvent     bool           `json:"managementEvent"`
	RecipientAccountID  string         `json:"recipientAccountId"`
	EventCategory       string         `json:"eventCategory"`
}

// SignInIdentity is the session that is signed in.
type SignInIdentity struct {
	Type           string         `json:"type"`
	PrincipalID    string         `json:"principalId"`
	ARN            string         `json:"arn"`
	AccountID      string         `json:"accountId"`
	AccessKeyID    string         `json:"accessKeyId"`
	SessionContext *SignInContext `json:"sessionContext,omitempty"`
}

// SignInContext says where the session comes from. Its webIdFederationData is
// there and empty, in AWS's samples as well.
type SignInContext struct {
	SessionIssuer       *SessionIssuer    `json:"sessionIssuer,omitempty"`
	WebIDFederationData struct{}          `json:"webIdFederationData"`
	Attributes          SessionAttributes `json:"attributes"`
}

// SignIn is the record of a sign-in, or why there is none.
func SignIn(c *scenario.Call, r *sts.Result, at time.Time) (record *SignInRecord, why string) {
	s := r.Signer
	switch {
	case r.Error != nil:
		return nil, "AWS shows no record of a federated sign-in that failed, so none is drawn; the call of STS behind it may have one."
	case s == nil:
		return nil, "Nobody is signed in yet: the role chooser alone is not recorded."
	}
	name := c.Action[len("signin:"):]
	identity := identityOf(s)
	record = &SignInRecord{
		EventVersion: "1.08",
		UserIdentity: SignInIdentity{Type: identity.Type, PrincipalID: identity.PrincipalID, ARN: identity.ARN, AccountID: identity.AccountID, AccessKeyID: identity.AccessKeyID},
		EventTime:    at.UTC().Format(time.RFC3339), EventSource: "signin.amazonaws.com", EventName: name, AWSRegion: s.Region, SourceIPAddress: s.SourceIP,
		ResponseElements: map[string]any{name: "Success"}, AdditionalEventData: map[string]any{"MobileVersion": "No", "MFAUsed": "No"},
		EventID: id("event", c.Name, name, at), EventType: "AwsConsoleSignIn", ManagementEvent: true, RecipientAccountID: s.Account, EventCategory: "Management",
	}
	if x := identity.SessionContext; x != nil {
		record.UserIdentity.SessionContext = &SignInContext{SessionIssuer: x.SessionIssuer, Attributes: x.Attributes}
	}
	if name == "GetSigninToken" {
		// "otherwise it contains the value of the original access key ID"; with a
		// SessionDuration it is a new one, which isn't made here.
		record.ResponseElements["credentials"] = map[string]string{"accessKeyId": identity.AccessKeyID}
	}
	return record, ""
}
