// Package cloudtrail writes the record that CloudTrail keeps of a call, as
// the IAM guide's "Logging IAM and AWS STS API calls with AWS CloudTrail"
// shows them, and the guides of the systems in front of STS. Members that the
// playground can't know (the caller's user agent, TLS details) are left out
// rather than made up.
package cloudtrail

import (
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// Record is a CloudTrail event record, version 1.08.
type Record struct {
	EventVersion        string            `json:"eventVersion"`
	UserIdentity        UserIdentity      `json:"userIdentity"`
	EventTime           string            `json:"eventTime"`
	EventSource         string            `json:"eventSource"`
	EventName           string            `json:"eventName"`
	AWSRegion           string            `json:"awsRegion"`
	SourceIPAddress     string            `json:"sourceIPAddress,omitempty"`
	ErrorCode           string            `json:"errorCode,omitempty"`
	ErrorMessage        string            `json:"errorMessage,omitempty"`
	RequestParameters   RequestParameters `json:"requestParameters"`
	ResponseElements    any               `json:"responseElements"` // *ResponseElements, *SAMLResponseElements, or nil where the call failed
	AdditionalEventData *AdditionalData   `json:"additionalEventData,omitempty"`
	RequestID           string            `json:"requestID"`
	EventID             string            `json:"eventID"`
	ReadOnly            bool              `json:"readOnly"`
	Resources           []Resource        `json:"resources"`
	EventType           string            `json:"eventType"`
	ManagementEvent     bool              `json:"managementEvent"`
	RecipientAccountID  string            `json:"recipientAccountId"`
	EventCategory       string            `json:"eventCategory"`
}

// UserIdentity is who called: for a web identity the provider, and the
// token's audience and subject; for SAML the hash that names issuer, account
// and provider, and the subject.
type UserIdentity struct {
	Type             string `json:"type"`
	PrincipalID      string `json:"principalId"`
	UserName         string `json:"userName"`
	IdentityProvider string `json:"identityProvider"`
}

// RequestParameters are what was asked for. Neither token nor response is
// logged, of the latter only the assertion's ID.
type RequestParameters struct {
	SAMLAssertionID   string            `json:"sAMLAssertionID,omitempty"`
	SourceIdentity    string            `json:"sourceIdentity,omitempty"`
	PrincipalTags     map[string]string `json:"principalTags,omitempty"`
	TransitiveTagKeys []string          `json:"transitiveTagKeys,omitempty"`
	DurationSeconds   *int64            `json:"durationSeconds,omitempty"`
	RoleArn           string            `json:"roleArn"`
	PrincipalArn      string            `json:"principalArn,omitempty"`
	RoleSessionName   string            `json:"roleSessionName"`

	WebIdentityTokenID string `json:"webIdentityTokenId,omitempty"` // of a token of AWS STS itself, from another partition
}

// ResponseElements are what was answered; the secret access key isn't logged.
type ResponseElements struct {
	Credentials                 Credentials     `json:"credentials"`
	SubjectFromWebIdentityToken string          `json:"subjectFromWebIdentityToken"`
	SourceIdentity              string          `json:"sourceIdentity,omitempty"`
	AssumedRoleUser             AssumedRoleUser `json:"assumedRoleUser"`
	Provider                    string          `json:"provider"`
	Audience                    string          `json:"audience"`
	PackedPolicySize            *int            `json:"packedPolicySize,omitempty"`
}

// SAMLResponseElements are what AssumeRoleWithSAML answered.
type SAMLResponseElements struct {
	Credentials      Credentials     `json:"credentials"`
	AssumedRoleUser  AssumedRoleUser `json:"assumedRoleUser"`
	PackedPolicySize *int            `json:"packedPolicySize,omitempty"`
	Subject          string          `json:"subject"`
	SubjectType      string          `json:"subjectType"`
	Issuer           string          `json:"issuer"`
	Audience         string          `json:"audience"`
	NameQualifier    string          `json:"nameQualifier"`
	SourceIdentity   string          `json:"sourceIdentity,omitempty"`
}

// Credentials are the part of the credentials that is logged.
type Credentials struct {
	AccessKeyID  string `json:"accessKeyId"`
	SessionToken string `json:"sessionToken"`
	Expiration   string `json:"expiration"` // as in Jul 9, 2024, 4:41:37 PM
}

// AssumedRoleUser is the session.
type AssumedRoleUser struct {
	AssumedRoleID string `json:"assumedRoleId"`
	ARN           string `json:"arn"`
}

// AdditionalData says how the provider's certificate was verified, and which
// endpoint answered where that was the global one.
type AdditionalData struct {
	Verification   string              `json:"identityProviderConnectionVerificationMethod,omitempty"` // IAMTrustStore or Thumbprint
	RequestDetails *RequestDetails     `json:"RequestDetails,omitempty"`
	CrossPartition *CrossPartitionData `json:"crossPartitionData,omitempty"`
}

// RequestDetails says which endpoint of STS answered, and in which Region.
type RequestDetails struct {
	EndpointType     string `json:"endpointType"` // global
	AWSServingRegion string `json:"awsServingRegion"`
}

// endpointData is what the record of a call to the global endpoint has besides;
// nil for other calls. Unless it comes from a VPC of another Region, such a call
// is served in N. Virginia (IAM guide, "AWS STS Regions and endpoints").
func endpointData(c *scenario.Call) *AdditionalData {
	if c.Region != sts.GlobalEndpoint {
		return nil
	}
	return &AdditionalData{RequestDetails: &RequestDetails{EndpointType: "global", AWSServingRegion: "us-east-1"}}
}

// CrossPartitionData says where a token of AWS STS itself comes from (IAM
// guide, id_roles_providers_outbound_cross_partition_auditing).
type CrossPartitionData struct {
	SourcePrincipalARN string `json:"sourcePrincipalArn"`
	SourceRegion       string `json:"sourceRegion"`
}

// Resource is the role, or the SAML provider.
type Resource struct {
	AccountID string `json:"accountId"`
	Type      string `json:"type"`
	ARN       string `json:"ARN"`
}

// trustDenials are the rules whose failure CloudTrail is known to record.
var trustDenials = map[string]bool{
	"trust/principal": true, "trust/action": true, "trust/condition": true, "trust/deny": true,
	"trust/tag-session": true, "trust/set-source-identity": true, "organization/resource-control-policy": true,
}

// notKnown is why there is no record of a call that no trust policy refused.
const notKnown = "This failure may be logged or not: AWS documents no list of the failed unauthenticated calls that CloudTrail keeps, and says that some are left out because what they claim isn't valid enough to be trusted."

// WebIdentity is the record of AssumeRoleWithWebIdentity; nil, and why, where
// AWS is not known to keep one. A refusal by a trust policy is recorded with
// the subject and without the reason.
func WebIdentity(c *scenario.Call, r *sts.Result, at time.Time) (record *Record, why string) {
	f := r.Record
	if r.Error != nil && !trustDenials[r.Failed] {
		return nil, notKnown
	}
	record = recordOf("AssumeRoleWithWebIdentity", c.Name, r, at)
	record.UserIdentity = UserIdentity{
		Type: "WebIdentityUser", PrincipalID: f.Provider + ":" + f.Audience + ":" + f.Subject,
		UserName: f.Subject, IdentityProvider: f.Provider,
	}
	record.AdditionalEventData = endpointData(c)
	record.RequestParameters.WebIdentityTokenID = f.TokenID
	if r.Error != nil {
		return record, ""
	}
	if record.AdditionalEventData == nil {
		record.AdditionalEventData = &AdditionalData{}
	}
	record.AdditionalEventData.Verification = "IAMTrustStore"
	if f.Thumbprint {
		record.AdditionalEventData.Verification = "Thumbprint"
	}
	if f.TokenID != "" {
		record.AdditionalEventData.CrossPartition = &CrossPartitionData{f.Subject, f.SourceRegion}
	}
	record.ResponseElements = responseElements(f)
	return record, ""
}

// SAML is the record of AssumeRoleWithSAML, on the same terms.
func SAML(c *scenario.Call, r *sts.Result, at time.Time) (record *Record, why string) {
	f := r.Record
	if r.Error != nil && !trustDenials[r.Failed] {
		return nil, notKnown
	}
	record = recordOf("AssumeRoleWithSAML", c.Name, r, at)
	record.UserIdentity = UserIdentity{
		Type: "SAMLUser", PrincipalID: f.SAML.NameQualifier + ":" + f.SAML.Subject,
		UserName: f.SAML.Subject, IdentityProvider: f.SAML.NameQualifier,
	}
	record.AdditionalEventData = endpointData(c)
	record.RequestParameters.SAMLAssertionID, record.RequestParameters.PrincipalArn = f.SAML.AssertionID, f.SAML.PrincipalArn
	record.Resources = append(record.Resources, Resource{AccountID: f.AccountID, Type: "AWS::IAM::SAMLProvider", ARN: f.SAML.PrincipalArn})
	if r.Error == nil {
		record.ResponseElements = samlElements(f.SAML.Response)
	}
	return record, ""
}

// recordOf is what the records of both operations have in common.
func recordOf(event, call string, r *sts.Result, at time.Time) *Record {
	f := r.Record
	record := &Record{
		EventVersion: "1.08",
		EventTime:    at.UTC().Format(time.RFC3339), EventSource: "sts.amazonaws.com", EventName: event,
		AWSRegion: f.Region, SourceIPAddress: f.SourceIP,
		RequestParameters: RequestParameters{
			SourceIdentity: f.SourceIdentity, TransitiveTagKeys: f.Transitive, DurationSeconds: f.DurationSeconds,
			RoleArn: f.RoleArn, RoleSessionName: f.RoleSessionName,
		},
		RequestID: id("request", call, f.RoleArn, at), EventID: id("event", call, f.RoleArn, at),
		ReadOnly: true, EventType: "AwsApiCall", ManagementEvent: true, RecipientAccountID: f.AccountID, EventCategory: "Management",
		Resources: []Resource{{AccountID: f.AccountID, Type: "AWS::IAM::Role", ARN: f.RoleArn}},
	}
	if len(f.Tags) > 0 {
		record.RequestParameters.PrincipalTags = make(map[string]string, len(f.Tags))
		for _, tag := range f.Tags {
			record.RequestParameters.PrincipalTags[tag.Key] = tag.Value
		}
	}
	if r.Error != nil {
		record.ErrorCode = r.Error.Code
		// The reason isn't told: AWS Support confirms that the message is this one.
		record.ErrorMessage = "An unknown error occurred"
	}
	return record
}

func logged(c sts.Credentials) Credentials {
	expires, _ := time.Parse(time.RFC3339, c.Expiration)
	return Credentials{AccessKeyID: c.AccessKeyId, SessionToken: c.SessionToken, Expiration: expires.Format("Jan 2, 2006, 3:04:05 PM")}
}

func samlElements(r *sts.SAMLResponse) *SAMLResponseElements {
	return &SAMLResponseElements{
		Credentials:      logged(r.Credentials),
		AssumedRoleUser:  AssumedRoleUser{r.AssumedRoleUser.AssumedRoleId, r.AssumedRoleUser.Arn},
		PackedPolicySize: r.PackedPolicySize,
		Subject:          r.Subject, SubjectType: r.SubjectType, Issuer: r.Issuer, Audience: r.Audience,
		NameQualifier: r.NameQualifier, SourceIdentity: r.SourceIdentity,
	}
}

func responseElements(f *sts.Record) *ResponseElements {
	r := f.Response
	return &ResponseElements{
		Credentials:                 logged(r.Credentials),
		SubjectFromWebIdentityToken: r.SubjectFromWebIdentityToken,
		SourceIdentity:              r.SourceIdentity,
		AssumedRoleUser:             AssumedRoleUser{r.AssumedRoleUser.AssumedRoleId, r.AssumedRoleUser.Arn},
		Provider:                    f.Provider,
		Audience:                    r.Audience,
		PackedPolicySize:            r.PackedPolicySize,
	}
}

// id is an identifier in the form of a UUID, made of the call.
func id(kind, call, role string, at time.Time) string {
	return sts.UUID(kind, call, role, at.UTC().Format(time.RFC3339))
}
