package cloudtrail

import (
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
)

// SignedRecord is the record of a call that somebody signed: AssumeRole,
// AssumeRoot, GetSessionToken, GetFederationToken, GetCallerIdentity,
// GetWebIdentityToken. It is the one in the caller's account; across accounts
// that of the role or root user keeps another, see InTarget.
type SignedRecord struct {
	EventVersion        string          `json:"eventVersion"`
	UserIdentity        SignedIdentity  `json:"userIdentity"`
	EventTime           string          `json:"eventTime"`
	EventSource         string          `json:"eventSource"`
	EventName           string          `json:"eventName"`
	AWSRegion           string          `json:"awsRegion"`
	SourceIPAddress     string          `json:"sourceIPAddress,omitempty"`
	ErrorCode           string          `json:"errorCode,omitempty"`
	ErrorMessage        string          `json:"errorMessage,omitempty"`
	RequestParameters   any             `json:"requestParameters"` // *SignedParameters, nil where the call has none
	ResponseElements    any             `json:"responseElements"`  // *SignedElements, nil where the call failed or gave nothing to log
	AdditionalEventData *AdditionalData `json:"additionalEventData,omitempty"`
	RequestID           string          `json:"requestID"`
	EventID             string          `json:"eventID"`
	ReadOnly            bool            `json:"readOnly"`
	Resources           []Resource      `json:"resources,omitempty"`
	EventType           string          `json:"eventType"`
	ManagementEvent     bool            `json:"managementEvent"`
	RecipientAccountID  string          `json:"recipientAccountId"`
	EventCategory       string          `json:"eventCategory"`
	SharedEventID       string          `json:"sharedEventID,omitempty"` // where two accounts keep a record of the call
}

// SignedIdentity is who called (CloudTrail user guide, "CloudTrail
// userIdentity element").
type SignedIdentity struct {
	Type           string          `json:"type"` // IAMUser, Root, AssumedRole, FederatedUser, AWSService or AWSAccount
	PrincipalID    string          `json:"principalId,omitempty"`
	ARN            string          `json:"arn,omitempty"`
	AccountID      string          `json:"accountId,omitempty"`
	AccessKeyID    string          `json:"accessKeyId,omitempty"`
	UserName       string          `json:"userName,omitempty"`
	SessionContext *SessionContext `json:"sessionContext,omitempty"` // of temporary credentials
	OnBehalfOf     *OnBehalfOf     `json:"onBehalfOf,omitempty"`     // of a session that IAM Identity Center made
	InvokedBy      string          `json:"invokedBy,omitempty"`      // the service, where one called for itself
}

// SessionContext says where temporary credentials come from.
type SessionContext struct {
	SessionIssuer       *SessionIssuer       `json:"sessionIssuer,omitempty"`
	WebIDFederationData *WebIDFederationData `json:"webIdFederationData,omitempty"`
	Attributes          SessionAttributes    `json:"attributes"`
	SourceIdentity      string               `json:"sourceIdentity,omitempty"`
	EC2RoleDelivery     string               `json:"ec2RoleDelivery,omitempty"` // 1.0 or 2.0, the version of the metadata service
	AssumedRoot         string               `json:"assumedRoot,omitempty"`     // true where the call is AssumeRoot
}

// SessionIssuer is the role, or the user, whose credentials they are.
type SessionIssuer struct {
	Type        string `json:"type"` // Role, IAMUser or Root
	PrincipalID string `json:"principalId"`
	ARN         string `json:"arn"`
	AccountID   string `json:"accountId"`
	UserName    string `json:"userName,omitempty"`
}

// WebIDFederationData names the identity provider behind a session.
type WebIDFederationData struct {
	FederatedProvider string            `json:"federatedProvider"`
	Attributes        map[string]string `json:"attributes"`
}

// SessionAttributes are when the credentials were made, and whether with MFA.
type SessionAttributes struct {
	CreationDate     string `json:"creationDate"`
	MFAAuthenticated string `json:"mfaAuthenticated"` // true or false
}

// SignedParameters are what was asked for. External ids are logged; MFA codes
// are not.
type SignedParameters struct {
	RoleArn                string            `json:"roleArn,omitempty"`
	RoleSessionName        string            `json:"roleSessionName,omitempty"`
	Name                   string            `json:"name,omitempty"`
	ExternalID             string            `json:"externalId,omitempty"`
	SerialNumber           string            `json:"serialNumber,omitempty"`
	SourceIdentity         string            `json:"sourceIdentity,omitempty"`
	DurationSeconds        *int64            `json:"durationSeconds,omitempty"`
	TargetPrincipal        string            `json:"targetPrincipal,omitempty"`
	TaskPolicyArn          *PolicyArn        `json:"taskPolicyArn,omitempty"`
	Audience               []string          `json:"audience,omitempty"`
	SigningAlgorithm       string            `json:"signingAlgorithm,omitempty"`
	Policy                 string            `json:"policy,omitempty"`
	PolicyArns             []PolicyArn       `json:"policyArns,omitempty"`
	Tags                   []Tag             `json:"tags,omitempty"`
	TransitiveTagKeys      []string          `json:"transitiveTagKeys,omitempty"`
	IncomingTransitiveTags map[string]string `json:"incomingTransitiveTags,omitempty"`
}

// PolicyArn is a managed session policy.
type PolicyArn struct {
	ARN string `json:"arn"`
}

// Tag is a session tag as AssumeRole logs it.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// SignedElements are what was answered.
type SignedElements struct {
	Credentials      Credentials      `json:"credentials"`
	AssumedRoleUser  *AssumedRoleUser `json:"assumedRoleUser,omitempty"`
	FederatedUser    *FederatedUser   `json:"federatedUser,omitempty"`
	PackedPolicySize *int             `json:"packedPolicySize,omitempty"`
	SourceIdentity   string           `json:"sourceIdentity,omitempty"`
}

// TokenElements is what GetWebIdentityToken answered: of the token its id
// alone (IAM guide, id_roles_providers_outbound_cross_partition_auditing).
type TokenElements struct {
	WebIdentityTokenID string `json:"webIdentityTokenId"`
}

// FederatedUser is the session of GetFederationToken.
type FederatedUser struct {
	FederatedUserID string `json:"federatedUserId"`
	ARN             string `json:"arn"`
}

// Signed is the record of a signed call; nil, and why, where there is none.
func Signed(c *scenario.Call, r *sts.Result, at time.Time) (record *SignedRecord, why string) {
	s := r.Signer
	switch {
	case s == nil:
		return nil, "Nobody whom AWS knows signed the call, so no account keeps a record of it."
	case r.Error != nil && r.Error.Code == "ExpiredToken" || r.Error != nil && r.Error.Code == "InvalidClientTokenId":
		return nil, "Calls whose credentials AWS doesn't take may be logged or not; AWS documents no list."
	}
	name := strings.TrimPrefix(c.Action, "sts:")
	record = &SignedRecord{
		EventVersion: "1.08", UserIdentity: identityOf(s),
		EventTime: at.UTC().Format(time.RFC3339), EventSource: "sts.amazonaws.com", EventName: name,
		AWSRegion: s.Region, SourceIPAddress: s.SourceIP,
		RequestParameters: parametersOf(c, s), ResponseElements: elementsOf(r), AdditionalEventData: endpointData(c),
		RequestID: id("request", c.Name, c.Params.RoleArn, at), EventID: id("event", c.Name, c.Params.RoleArn, at),
		// AssumeRoot, GetSessionToken and GetFederationToken are logged as writing
		// (IAM guide, "Logging IAM and AWS STS API calls with AWS CloudTrail"), and
		// GetWebIdentityToken's access level is Write (Service Authorization Reference).
		ReadOnly:  name == "AssumeRole" || name == "GetCallerIdentity",
		EventType: "AwsApiCall", ManagementEvent: true, RecipientAccountID: s.Account, EventCategory: "Management",
	}
	if c.Params.RoleArn != "" && s.RoleAccount != "" {
		record.Resources = []Resource{{AccountID: s.RoleAccount, Type: "AWS::IAM::Role", ARN: c.Params.RoleArn}}
	}
	if s.Service != "" {
		record.SourceIPAddress = s.Service // as the samples of services' calls have it
		record.RecipientAccountID = s.RoleAccount
	}
	if u := &record.UserIdentity; name == "AssumeRoot" && u.SessionContext != nil {
		u.SessionContext.AssumedRoot = "true"
	}
	if r.Error != nil {
		record.ErrorCode, record.ErrorMessage = r.Error.Code, r.Error.Message
	} else if s.CrossesAccounts() {
		record.SharedEventID = id("shared event", c.Name, s.RoleAccount, at)
	}
	return record, ""
}

// InTarget is the record in the account whose role or root user was assumed
// from another account, which knows the caller by account and id alone; nil
// where there is none. "CloudTrail does not log denied AWS STS requests in the
// target account" (IAM guide, "Logging IAM and AWS STS API calls with AWS CloudTrail").
func InTarget(c *scenario.Call, r *sts.Result, at time.Time) *SignedRecord {
	s := r.Signer
	if r.Error != nil || s == nil || !s.CrossesAccounts() {
		return nil
	}
	record, _ := Signed(c, r, at)
	record.UserIdentity = SignedIdentity{Type: "AWSAccount", PrincipalID: s.PrincipalID, AccountID: s.Account}
	record.EventID = id("event in target", c.Name, s.RoleAccount, at)
	record.RecipientAccountID = s.RoleAccount
	return record
}

func identityOf(s *sts.Signer) SignedIdentity {
	if s.Service != "" {
		return SignedIdentity{Type: "AWSService", InvokedBy: s.Service}
	}
	u := SignedIdentity{Type: s.Type, PrincipalID: s.PrincipalID, ARN: s.ARN, AccountID: s.Account, AccessKeyID: s.AccessKeyID, UserName: s.UserName}
	if s.Issued.IsZero() {
		return u
	}
	u.SessionContext = &SessionContext{
		Attributes:     SessionAttributes{CreationDate: s.Issued.UTC().Format(time.RFC3339), MFAAuthenticated: "false"},
		SourceIdentity: s.SourceIdentity, EC2RoleDelivery: s.RoleDelivery,
	}
	if s.MFA {
		u.SessionContext.Attributes.MFAAuthenticated = "true"
	}
	if s.Issuer != nil {
		u.SessionContext.SessionIssuer = &SessionIssuer{s.Issuer.Type, s.Issuer.PrincipalID, s.Issuer.ARN, s.Account, s.Issuer.UserName}
	}
	if b := s.OnBehalfOf; b != nil {
		u.OnBehalfOf = &OnBehalfOf{b.UserID, b.IdentityStoreArn}
	}
	if s.Provider != "" && !strings.Contains(s.Provider, ":saml-provider/") { // of web identities only
		u.SessionContext.WebIDFederationData = &WebIDFederationData{FederatedProvider: s.Provider, Attributes: map[string]string{}}
	}
	return u
}

func parametersOf(c *scenario.Call, s *sts.Signer) any {
	if len(c.Params.Sent) == 0 && len(s.Incoming) == 0 {
		return nil
	}
	p := &SignedParameters{
		RoleArn: c.Params.RoleArn, RoleSessionName: c.Params.RoleSessionName, Name: c.Params.Name, ExternalID: c.Params.ExternalID,
		SerialNumber: c.Params.SerialNumber, SourceIdentity: c.Params.SourceIdentity, DurationSeconds: c.Params.DurationSeconds,
		TransitiveTagKeys: c.Params.TransitiveTagKeys, TargetPrincipal: c.Params.TargetPrincipal, SigningAlgorithm: c.Params.SigningAlgorithm,
		Audience: sts.Texts(c.Params.Audience),
	}
	if task := sts.TaskPolicy(c.Params.TaskPolicyArn); task != "" {
		p.TaskPolicyArn = &PolicyArn{task}
	}
	if d := &c.Params.Policy; d.Given() {
		p.Policy = d.Text()
		if d.Node.Kind != source.String {
			p.Policy = string(source.AppendJSON(nil, &d.Node))
		}
	}
	for _, a := range c.Params.PolicyArns {
		p.PolicyArns = append(p.PolicyArns, PolicyArn{a.ARN})
	}
	for _, tag := range c.Params.Tags {
		p.Tags = append(p.Tags, Tag{tag.Key, tag.Value})
	}
	if len(s.Incoming) > 0 {
		p.IncomingTransitiveTags = make(map[string]string, len(s.Incoming))
		for _, tag := range s.Incoming {
			p.IncomingTransitiveTags[tag.Key] = tag.Value
		}
	}
	return p
}

func elementsOf(r *sts.Result) any {
	switch response := r.Response.(type) {
	case *sts.AssumeRoleResponse:
		return &SignedElements{
			Credentials:      logged(response.Credentials),
			AssumedRoleUser:  &AssumedRoleUser{response.AssumedRoleUser.AssumedRoleId, response.AssumedRoleUser.Arn},
			PackedPolicySize: response.PackedPolicySize, SourceIdentity: response.SourceIdentity,
		}
	case *sts.AssumeRootResponse:
		return &SignedElements{Credentials: logged(response.Credentials), SourceIdentity: response.SourceIdentity}
	case *sts.GetWebIdentityTokenResponse:
		return &TokenElements{r.TokenID}
	case *sts.GetSessionTokenResponse:
		return &SignedElements{Credentials: logged(response.Credentials)}
	case *sts.GetFederationTokenResponse:
		return &SignedElements{
			Credentials:      logged(response.Credentials),
			FederatedUser:    &FederatedUser{response.FederatedUser.FederatedUserId, response.FederatedUser.Arn},
			PackedPolicySize: &response.PackedPolicySize,
		}
	}
	return nil
}
