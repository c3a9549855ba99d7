package sts

import (
	"strings"
	"time"
)

// respond makes the response of a call that nothing refused.
func (f *facts) respond() *WebIdentityResponse {
	p := &f.call.Params
	hash := seed("credentials", f.call.Name, timestamp(f.at), p.RoleArn, p.RoleSessionName, f.claims.Subject)
	response := &WebIdentityResponse{
		Credentials:                 credentials(f.account.ID, hash, f.at.Add(f.duration)),
		SubjectFromWebIdentityToken: f.claims.Subject,
		AssumedRoleUser: AssumedRoleUser{
			AssumedRoleId: uniqueID("AROA", f.role.ARN) + ":" + p.RoleSessionName,
			Arn:           f.sessionARN(),
		},
		PackedPolicySize: f.packed,
		Provider:         f.claims.Issuer,
		Audience:         f.audience(),
		SourceIdentity:   f.sourceIdentity,
	}
	if response.Provider == "" { // an OAuth 2.0 access token: "the value of the ProviderId parameter" (STS API reference)
		response.Provider = f.provider.name
	}
	return response
}

// sessionARN names the session; the role's path is no part of it.
func (f *facts) sessionARN() string {
	return "arn:" + f.arn.Partition + ":sts::" + f.arn.Account + ":assumed-role/" + f.arn.Name + "/" + f.call.Params.RoleSessionName
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
func (f *facts) session(r *WebIdentityResponse) *Session {
	expires := f.at.Add(f.duration)
	s := &Session{
		ARN: r.AssumedRoleUser.Arn, UserID: r.AssumedRoleUser.AssumedRoleId,
		Issued: timestamp(f.at), Expires: timestamp(expires),
		Tags: map[string]string{}, TransitiveTagKeys: append([]string{}, f.tagging.Transitive...),
		SourceIdentity: f.sourceIdentity,
		Context: map[string]any{
			"aws:FederatedProvider": f.provider.principal,
			"aws:PrincipalArn":      f.role.ARN,
			"aws:PrincipalAccount":  f.account.ID,
			"aws:PrincipalType":     "AssumedRole",
			"aws:userid":            r.AssumedRoleUser.AssumedRoleId,
			"aws:TokenIssueTime":    timestamp(f.at),
		},
	}
	for _, tag := range f.role.Tags {
		s.Tags[tag.Key] = tag.Value
	}
	for _, tag := range f.tagging.Tags {
		s.setTag(tag.Key, tag.Value)
	}
	for key, value := range s.Tags {
		s.Context["aws:PrincipalTag/"+key] = value
	}
	if f.sourceIdentity != "" {
		s.Context["aws:SourceIdentity"] = f.sourceIdentity
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
		RoleArn: p.RoleArn, AccountID: f.arn.Account, RoleSessionName: p.RoleSessionName,
		Provider: f.provider.principal, Audience: f.audience(), Subject: f.claims.Subject,
		SourceIdentity: f.sourceIdentity, DurationSeconds: p.DurationSeconds,
		Tags: f.tagging.Tags, Transitive: f.tagging.Transitive, Region: f.region,
		Thumbprint: f.issuer != nil && f.issuer.TLS == "untrusted",
	}
	for _, k := range f.call.Context {
		if strings.EqualFold(k.Key, "aws:SourceIp") && len(k.Values) > 0 {
			r.SourceIP = k.Values[0]
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
