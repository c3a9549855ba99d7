package sts

import (
	"strings"
	"time"

	"stsplayground/engine/scenario"
)

// Bearer is whose temporary credentials a broker turns into a sign-in to the
// console.
type Bearer struct {
	Name       string // of the call that gave them
	ARN        string
	Federation bool  // of GetFederationToken
	Token      bool  // of GetSessionToken
	Chained    bool  // of a role that another session has assumed
	MaxSession int64 // of the role, in seconds; 0 where there is no role
	Expires    time.Time
	Signer     *Signer
}

// Bearer is who makes the call; nil, and why in a sentence, where the caller
// has no temporary credentials of an earlier call.
func (world *World) Bearer(call *scenario.Call) (*Bearer, string) {
	c := world.sessions[call.Caller]
	if c == nil {
		if _, why := world.caller(call.Caller); why != "" {
			return nil, why
		}
		return nil, "The caller is no earlier call that gave temporary credentials, and long-term credentials can't be exchanged for a sign-in token."
	}
	h := &Bearer{
		Name: call.Caller, ARN: c.ARN, Federation: c.kind == ofFederationToken, Token: c.kind == ofSessionToken,
		Chained: c.chained, Expires: c.expires, Signer: world.SessionSigner(call.Caller, call),
	}
	if len(c.Principal.AWS) > 1 {
		arn, ok := parseRoleARN(c.Principal.AWS[1])
		if r, _ := world.accounts[arn.Account].role(c.Principal.AWS[1], arn); ok && r != nil {
			h.MaxSession = int64(r.MaxSessionDuration)
			if h.MaxSession == 0 {
				h.MaxSession = defaultDuration
			}
		}
	}
	return h, ""
}

// Enter makes the session of an earlier call that of a call by which somebody
// enters the console, until then.
func (world *World) Enter(holder, name string, at, until time.Time) *Session {
	c := *world.sessions[holder]
	c.expires, c.console = until, true
	world.sessions[name] = &c
	s := &Session{
		ARN: c.ARN, UserID: c.value("aws:userid"), Issued: timestamp(c.issued), Expires: timestamp(until),
		Tags: map[string]string{}, TransitiveTagKeys: append([]string{}, c.transitive...), SourceIdentity: c.identitySet, Context: map[string]any{},
	}
	for _, tag := range c.Tags {
		s.Tags[tag.Key] = tag.Value
		s.Context[principalTag+tag.Key] = tag.Value
	}
	for _, k := range c.keys {
		switch {
		case k.multi:
			s.Context[k.name] = k.values
		case len(k.values) > 0 && !strings.HasPrefix(k.name, principalTag):
			s.Context[k.name] = k.values[0]
		}
	}
	return s
}
