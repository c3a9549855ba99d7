package cloudtrail

import (
	"strings"
	"time"

	"stsplayground/engine/identitycenter"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// PortalRecord is the record of a call that a user of IAM Identity Center
// makes: of CreateToken as the guide's "Understanding CloudTrail events for IAM
// Identity Center" shows it, of the access portal's operations as real records
// of 2026 have it, where what was asked for stands in serviceEventDetails.
type PortalRecord struct {
	EventVersion        string            `json:"eventVersion"`
	UserIdentity        PortalIdentity    `json:"userIdentity"`
	EventTime           string            `json:"eventTime"`
	EventSource         string            `json:"eventSource"`
	EventName           string            `json:"eventName"`
	AWSRegion           string            `json:"awsRegion"`
	SourceIPAddress     string            `json:"sourceIPAddress,omitempty"`
	RequestParameters   *TokenParameters  `json:"requestParameters"`
	ResponseElements    *PortalToken      `json:"responseElements"`
	RequestID           string            `json:"requestID,omitempty"`
	EventID             string            `json:"eventID"`
	ReadOnly            bool              `json:"readOnly"`
	Resources           []Resource        `json:"resources,omitempty"`
	EventType           string            `json:"eventType"`
	ManagementEvent     bool              `json:"managementEvent,omitempty"`
	RecipientAccountID  string            `json:"recipientAccountId"`
	ServiceEventDetails map[string]string `json:"serviceEventDetails,omitempty"`
	EventCategory       string            `json:"eventCategory,omitempty"`
}

// PortalIdentity is a user of IAM Identity Center.
type PortalIdentity struct {
	Type         string     `json:"type"` // IdentityCenterUser
	AccountID    string     `json:"accountId"`
	OnBehalfOf   OnBehalfOf `json:"onBehalfOf"`
	CredentialID string     `json:"credentialId"`
}

// OnBehalfOf names the user in their identity store.
type OnBehalfOf struct {
	UserID           string `json:"userId"`
	IdentityStoreArn string `json:"identityStoreArn"`
}

// TokenParameters are those of CreateToken; secrets aren't logged.
type TokenParameters struct {
	ClientID     string `json:"clientId,omitempty"`
	ClientSecret string `json:"clientSecret,omitempty"`
	GrantType    string `json:"grantType,omitempty"`
	DeviceCode   string `json:"deviceCode,omitempty"`
}

// PortalToken are what CreateToken answered.
type PortalToken struct {
	AccessToken string `json:"accessToken"`
	TokenType   string `json:"tokenType"`
	ExpiresIn   int64  `json:"expiresIn"`
}

// Portal is the record of a call to the portal, or why there is none.
func Portal(c *scenario.Call, r *sts.Result, at time.Time) (record any, why string) {
	user := r.OnBehalfOf
	switch {
	case user == nil || r.Error != nil:
		return nil, "AWS shows no record of a refused call to IAM Identity Center, so none is drawn."
	case c.Action == "sso:Logout":
		return nil, "CloudTrail records Logout, and AWS shows no such record, so none is drawn."
	}
	_, name, _ := strings.Cut(c.Action, ":")
	p := &PortalRecord{
		EventVersion: "1.11",
		UserIdentity: PortalIdentity{"IdentityCenterUser", user.Account, OnBehalfOf{user.UserID, user.IdentityStoreArn}, user.CredentialID},
		EventTime:    at.UTC().Format(time.RFC3339), EventSource: "sso.amazonaws.com", EventName: name,
		AWSRegion: user.Region, SourceIPAddress: sourceIP(c), RequestID: id("request", c.Name, name, at), EventID: id("event", c.Name, name, at),
		ReadOnly: true, EventType: "AwsServiceEvent", ManagementEvent: true, RecipientAccountID: user.Account, EventCategory: "Management",
	}
	if response, ok := r.Response.(*identitycenter.TokenResponse); ok {
		p.createToken(c, response)
		return p, ""
	}
	if c.Portal.AccountID != "" {
		p.ServiceEventDetails = map[string]string{"account_id": c.Portal.AccountID}
	}
	if c.Portal.RoleName != "" {
		p.ServiceEventDetails["role_name"] = c.Portal.RoleName
	}
	return p, ""
}

// createToken makes the record that of CreateToken, as AWS's sample has it.
func (p *PortalRecord) createToken(c *scenario.Call, response *identitycenter.TokenResponse) {
	p.EventVersion, p.EventType, p.ReadOnly, p.RequestID, p.ManagementEvent, p.EventCategory = "1.05", "AwsApiCall", false, "", false, ""
	p.RequestParameters = &TokenParameters{ClientID: c.Portal.ClientID, GrantType: c.Portal.GrantType, DeviceCode: c.Portal.DeviceCode}
	if c.Portal.ClientSecret != "" {
		p.RequestParameters.ClientSecret = hidden
	}
	p.ResponseElements = &PortalToken{AccessToken: hidden, TokenType: response.TokenType, ExpiresIn: response.ExpiresIn}
	store := p.UserIdentity.OnBehalfOf.IdentityStoreArn
	p.Resources = []Resource{{AccountID: p.UserIdentity.AccountID, Type: "IdentityStoreId", ARN: store[strings.LastIndexByte(store, '/')+1:]}}
}

func sourceIP(c *scenario.Call) string {
	for _, k := range c.Context {
		if strings.EqualFold(k.Key, "aws:SourceIp") && len(k.Values) > 0 {
			return k.Values[0]
		}
	}
	return ""
}
