package cloudtrail

import (
	"time"

	"stsplayground/engine/cognito"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// CognitoRecord is the record of an operation of an identity pool: a data
// event, which a trail keeps only if it is told to (Amazon Cognito developer
// guide, "Example Amazon Cognito events").
type CognitoRecord struct {
	EventVersion       string         `json:"eventVersion"`
	UserIdentity       any            `json:"userIdentity"` // SignedIdentity, or CognitoIdentity
	EventTime          string         `json:"eventTime"`
	EventSource        string         `json:"eventSource"`
	EventName          string         `json:"eventName"`
	AWSRegion          string         `json:"awsRegion"`
	SourceIPAddress    string         `json:"sourceIPAddress,omitempty"`
	ErrorCode          string         `json:"errorCode,omitempty"`
	ErrorMessage       string         `json:"errorMessage,omitempty"`
	RequestParameters  CognitoRequest `json:"requestParameters"`
	ResponseElements   any            `json:"responseElements"` // *CognitoElements, nil where the call failed
	RequestID          string         `json:"requestID"`
	EventID            string         `json:"eventID"`
	ReadOnly           bool           `json:"readOnly"`
	Resources          []Resource     `json:"resources"`
	EventType          string         `json:"eventType"`
	ManagementEvent    bool           `json:"managementEvent"`
	RecipientAccountID string         `json:"recipientAccountId"`
	EventCategory      string         `json:"eventCategory"`
}

// CognitoIdentity is who called a public operation: nobody whom AWS knows.
type CognitoIdentity struct {
	Type string `json:"type"` // Unknown
}

// CognitoRequest is what was asked for. Of logins only the names are logged.
type CognitoRequest struct {
	TokenDuration  *int64            `json:"tokenDuration,omitempty"` // seconds
	IdentityPoolID string            `json:"identityPoolId,omitempty"`
	Logins         map[string]string `json:"logins,omitempty"`
	IdentityID     string            `json:"identityId,omitempty"`
	CustomRoleArn  string            `json:"customRoleArn,omitempty"`
}

// CognitoElements are what was answered; neither tokens nor secret keys are
// logged.
type CognitoElements struct {
	Credentials *Credentials `json:"credentials,omitempty"`
	IdentityID  string       `json:"identityId"`
}

// hidden stands for what CloudTrail doesn't show.
const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"

// Cognito is the record of an operation of an identity pool; nil, and why,
// where there is none.
func Cognito(c *scenario.Call, r *sts.Result, at time.Time) (record *CognitoRecord, why string) {
	f := r.Service.(*cognito.Facts)
	if f.PoolArn == "" {
		return nil, "The call is about no pool that the scenario has, so no account keeps a record of it."
	}
	p := &c.Cognito
	record = &CognitoRecord{
		EventVersion: "1.08", UserIdentity: CognitoIdentity{"Unknown"},
		EventTime: at.UTC().Format(time.RFC3339), EventSource: "cognito-identity.amazonaws.com", EventName: c.Action[len("cognito-identity:"):],
		AWSRegion: f.Region, SourceIPAddress: sts.SourceIP(c),
		RequestParameters: CognitoRequest{IdentityPoolID: p.IdentityPoolID, IdentityID: f.Asked, CustomRoleArn: p.CustomRoleArn, TokenDuration: p.TokenDuration},
		RequestID:         id("request", c.Name, f.PoolArn, at), EventID: id("event", c.Name, f.PoolArn, at),
		Resources: []Resource{{AccountID: f.Account, Type: "AWS::Cognito::IdentityPool", ARN: f.PoolArn}},
		EventType: "AwsApiCall", RecipientAccountID: f.Account, EventCategory: "Data",
	}
	if r.Signer != nil {
		record.UserIdentity = identityOf(r.Signer)
	}
	if len(p.Logins) > 0 {
		record.RequestParameters.Logins = make(map[string]string, len(p.Logins))
		for name := range p.Logins {
			record.RequestParameters.Logins[name] = hidden
		}
	}
	if r.Error != nil {
		record.ErrorCode, record.ErrorMessage = r.Error.Code, r.Error.Message
		return record, ""
	}
	elements := &CognitoElements{IdentityID: f.IdentityID}
	if response, ok := r.Response.(*cognito.GetCredentialsResponse); ok {
		expires, _ := time.Parse(time.RFC3339, response.Credentials.Expiration)
		elements.Credentials = &Credentials{AccessKeyID: response.Credentials.AccessKeyId, SessionToken: response.Credentials.SessionToken, Expiration: expires.Format("Jan 2, 2006 3:04:05 PM")}
	}
	record.ResponseElements = elements
	return record, ""
}
