package sts

import (
	"strings"
	"time"
)

// issued is what every call that nothing refused is given.
type issued struct {
	Credentials     Credentials
	AssumedRoleUser AssumedRoleUser
}

func (f *facts) issue() issued {
	hash := seed("credentials", f.call.Name, timestamp(f.at), f.call.Params.RoleArn, f.sessionName, f.subject())
	return issued{
		Credentials: f.credentials(f.account.ID, hash),
		AssumedRoleUser: AssumedRoleUser{
			AssumedRoleId: uniqueID("AROA", f.role.ARN) + ":" + f.sessionName,
			Arn:           f.sessionARN(),
		},
	}
}

// subject is whom the identity provider vouches for, or who signs the call.
func (f *facts) subject() string {
	switch f.operation {
	case assumeRoleWithSAML:
		return f.saml.assertion.NameID.Value
	case assumeRole:
		return f.caller.ARN
	}
	return f.claims.Subject
}

// respond makes the response of AssumeRoleWithWebIdentity.
func (f *facts) respond(i issued) *WebIdentityResponse {
	response := &WebIdentityResponse{
		Credentials:                 i.Credentials,
		SubjectFromWebIdentityToken: f.claims.Subject,
		AssumedRoleUser:             i.AssumedRoleUser,
		PackedPolicySize:            f.packed,
		Provider:                    f.claims.Issuer,
		Audience:                    f.audience(),
		SourceIdentity:              f.sourceIdentity,
	}
	if response.Provider == "" { // an OAuth 2.0 access token: "the value of the ProviderId parameter" (STS API reference)
		response.Provider = f.provider.name
	}
	return response
}

// sessionARN names the session; the role's path is no part of it.
func (f *facts) sessionARN() string {
	return "arn:" + f.arn.Partition + ":sts::" + f.arn.Account + ":assumed-role/" + f.arn.Name + "/" + f.sessionName
}

// audience is the client ID that matched: azp where the token has one.
func (f *facts) audience() string {
	if f.claims.HasAuthorizedParty {
		return f.claims.AuthorizedParty
	}
	if len(f.claims.Audience) > 0 {
		return f.claims.Audience[0]
	}
	return ""
}

// session is who the credentials are. Its context are the keys that later
// calls carry: those of the token that AWS documents as available in the
// session, the session tags over the role's tags, and who the principal is.
func (f *facts) session(r issued) *Session {
	expires := f.at.Add(f.duration)
	s := &Session{
		ARN: r.AssumedRoleUser.Arn, UserID: r.AssumedRoleUser.AssumedRoleId,
		Issued: timestamp(f.at), Expires: timestamp(expires),
		Tags: map[string]string{}, TransitiveTagKeys: append([]string{}, f.tagging.Transitive...),
		SourceIdentity: f.sourceIdentity,
		Context: map[string]any{
			"aws:PrincipalArn":     f.role.ARN,
			"aws:PrincipalAccount": f.account.ID,
			"aws:PrincipalType":    "AssumedRole",
			"aws:userid":           r.AssumedRoleUser.AssumedRoleId,
			"aws:TokenIssueTime":   timestamp(f.at),
		},
	}
	for _, tag := range f.role.Tags {
		s.Tags[tag.Key] = tag.Value
	}
	for _, tag := range f.tagging.Tags {
		s.setTag(tag.Key, tag.Value)
	}
	for _, tag := range f.inherited {
		s.setTag(tag.Key, tag.Value)
		s.TransitiveTagKeys = append(s.TransitiveTagKeys, tag.Key)
	}
	for key, value := range s.Tags {
		s.Context["aws:PrincipalTag/"+key] = value
	}
	if f.sourceIdentity != "" {
		s.Context["aws:SourceIdentity"] = f.sourceIdentity
	}
	if f.operation == assumeRole {
		f.addCallerKeys(s)
		return s
	}
	s.Context["aws:FederatedProvider"] = f.provider.principal
	if f.operation == assumeRoleWithSAML {
		f.addSAMLSession(s)
		return s
	}
	for _, k := range keysOf(f.provider.name) {
		if !k.session {
			continue
		}
		name := f.provider.name + ":" + k.key
		if value, ok := f.supplied(name); ok {
			s.Context[name] = value
			continue
		}
		switch k.claim {
		case "aud":
			if audience := f.audience(); audience != "" {
				s.Context[name] = audience
			}
		case "sub":
			if f.call.Params.ProviderID == "" { // an access token has no claims
				s.Context[name] = f.claims.Subject
			}
		case "amr":
			if n := f.token.Payload.Get("amr"); n != nil {
				s.Context[name] = scalars(n)
			}
		}
	}
	return s
}

// addCallerKeys are what a chained session keeps of the one that assumed it.
// Its own MFA is not told on: "aws:MultiFactorAuthPresent" of a role's session
// is false, whatever was shown when it was assumed.
func (f *facts) addCallerKeys(s *Session) {
	s.Context["aws:MultiFactorAuthPresent"] = "false"
	for _, c := range f.contexts {
		for _, k := range c.keys {
			s.Context[k.name] = k.values[0]
		}
	}
	for _, k := range f.caller.keys {
		if k.name == "aws:FederatedProvider" {
			s.Context[k.name] = k.values[0]
		}
	}
}

// supplied is the value that the call's context gives a key: a string, or a
// list of them.
func (f *facts) supplied(key string) (value any, ok bool) {
	for _, k := range f.call.Context {
		switch {
		case !strings.EqualFold(k.Key, key):
		case k.Multi:
			return k.Values, true
		case len(k.Values) > 0:
			return k.Values[0], true
		}
	}
	return nil, false
}

// setTag sets a session tag over a role's tag of the same key, whatever its case.
func (s *Session) setTag(key, value string) {
	for old := range s.Tags {
		if strings.EqualFold(old, key) {
			delete(s.Tags, old)
		}
	}
	s.Tags[key] = value
}

func (f *facts) record() *Record {
	p := &f.call.Params
	r := &Record{
		RoleArn: p.RoleArn, AccountID: f.arn.Account, RoleSessionName: f.sessionName,
		Provider: f.provider.principal, Audience: f.audience(), Subject: f.subject(),
		SourceIdentity: f.sourceIdentity, DurationSeconds: p.DurationSeconds,
		Tags: f.tagging.Tags, Transitive: f.tagging.Transitive, Region: f.region,
		Thumbprint: f.issuer != nil && f.issuer.TLS == "untrusted", SourceIP: sourceIP(f.call),
	}
	if f.operation == assumeRoleWithSAML {
		r.SAML = f.recordSAML()
	}
	if f.outbound {
		r.TokenID = f.claims.ID
		if n := f.token.Payload.Get(stsNamespace).Get("source_region"); n != nil {
			r.SourceRegion = n.Text
		}
	}
	return r
}

// until is the end of a session in words: the time of day, with the date
// where it is another day's.
func until(at time.Time, d time.Duration) string {
	end := at.Add(d).UTC()
	if end.YearDay() == at.UTC().YearDay() {
		return end.Format("15:04:05 UTC")
	}
	return end.Format("2006-01-02 15:04:05 UTC")
}

// respondSAML makes the response of AssumeRoleWithSAML. Audience is the
// recipient (STS API reference).
func (f *facts) respondSAML(i issued) *SAMLResponse {
	a := &f.saml.assertion
	return &SAMLResponse{
		Credentials:      i.Credentials,
		AssumedRoleUser:  i.AssumedRoleUser,
		PackedPolicySize: f.packed,
		Subject:          a.NameID.Value,
		SubjectType:      subjectType(a.NameID),
		Issuer:           a.Issuer,
		Audience:         f.saml.recipient,
		NameQualifier:    f.nameQualifier(),
		SourceIdentity:   f.sourceIdentity,
	}
}

func (f *facts) recordSAML() *SAMLRecord {
	return &SAMLRecord{
		AssertionID: f.saml.assertion.ID, PrincipalArn: f.call.Params.PrincipalArn,
		NameQualifier: f.nameQualifier(), Subject: f.saml.assertion.NameID.Value,
	}
}
