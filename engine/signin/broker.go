package signin

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Links are the sign-in tokens that a scenario's calls have made, by their text.
type Links map[string]*link

// link is a sign-in token: whose session it opens, and until when.
type link struct {
	holder        string // the call that gave the credentials
	made, expires time.Time
}

// TokenResponse is the response of getSigninToken.
type TokenResponse struct {
	SigninToken string
}

// A sign-in link is good for 15 minutes, and a session in the console lasts
// 900 to 43200 seconds (IAM guide, "Enable custom identity broker access").
const (
	linkLife               = 15 * time.Minute
	minSession, maxSession = 900, 43200
)

// GetSigninToken plays Action=getSigninToken of the federation endpoint, which
// a broker calls with the credentials that it got for its user.
func (l Links) GetSigninToken(world *sts.World, call *scenario.Call, at time.Time) sts.Result {
	w := &trace.Walk{}
	h := checkHolder(w, world, call, at)
	if h == nil {
		w.Skip("Whose session it would be isn't known.", ruleDuration)
		return refused(w)
	}
	expires := h.Expires
	if seconds := checkSessionDuration(w, call, h); seconds > 0 {
		expires = at.Add(time.Duration(seconds) * time.Second)
	}
	if w.Err != nil {
		return refused(w)
	}
	sum := sha256.Sum256([]byte(call.Name + "\x00" + h.ARN + "\x00" + at.String()))
	token := "SIMULATED-signin-token-that-opens-nothing-" + hex.EncodeToString(sum[:])
	l[token] = &link{h.Name, at, expires}
	return sts.Result{
		Steps: w.Steps, Issued: token, Response: &TokenResponse{token}, Signer: h.Signer, Caller: h.ARN,
		Verdict: "The federation endpoint gives a sign-in token for " + h.ARN + ". A link with it is good for 15 minutes, the session in the console until " + stamp(expires) + ".",
	}
}

func checkHolder(w *trace.Walk, world *sts.World, call *scenario.Call, at time.Time) *sts.Bearer {
	const expected = "temporary credentials of AssumeRole or GetFederationToken"
	h, why := world.Bearer(call)
	switch {
	case h == nil:
		w.Fail(ruleCredentials, errFederation("The session is not valid"), expected, cmp.Or(call.Caller, "nobody"), why).AsModelled()
		return nil
	case h.Token:
		w.Fail(ruleCredentials, errFederation("The session is not valid"), expected, "credentials of GetSessionToken", "The federation endpoint takes credentials of AssumeRole or GetFederationToken; those of GetSessionToken are the user's own, and the user has a sign-in of their own.").AsModelled()
		return nil
	case !h.Expires.IsZero() && !at.Before(h.Expires):
		w.Fail(ruleCredentials, errFederation("The session has expired"), "credentials that hold at "+stamp(at), "expired "+stamp(h.Expires), "The credentials have expired, and no link is made of them.").AsModelled()
		return nil
	}
	w.Pass(ruleCredentials, expected, h.ARN, "")
	return h
}

// checkSessionDuration returns the seconds asked for; 0 where none are.
func checkSessionDuration(w *trace.Walk, call *scenario.Call, h *sts.Bearer) int64 {
	const expected = "900 to 43200 seconds, below the role's maximum; none with GetFederationToken, or for a chained role"
	d := call.SignIn.SessionDuration
	if d == nil {
		w.Pass(ruleDuration, expected, "none", "The session in the console lasts as long as the credentials.")
		return 0
	}
	found := fmt.Sprintf("%d seconds", *d)
	var why string
	switch {
	case h.Federation:
		why = "SessionDuration can't be used with credentials of GetFederationToken: the operation fails. Their own DurationSeconds says how long the session lasts."
	case h.Chained:
		why = "SessionDuration can't be used with credentials of role chaining: the operation fails."
	case *d < minSession || *d > maxSession:
		why = fmt.Sprintf("SessionDuration is %d, and AWS takes %d to %d seconds.", *d, minSession, maxSession)
	case h.MaxSession > 0 && *d >= h.MaxSession:
		why = fmt.Sprintf("SessionDuration has to be less than the role's maximum of %d seconds, and %d isn't.", h.MaxSession, *d)
	default:
		w.Pass(ruleDuration, expected, found, "")
		return *d
	}
	w.Fail(ruleDuration, errFederation("SessionDuration is not valid"), expected, found, why).AsModelled()
	return 0
}

// Follow plays Action=login: somebody opens the broker's link.
func (l Links) Follow(world *sts.World, call *scenario.Call, token string, at time.Time) sts.Result {
	w := &trace.Walk{}
	const expected = "a sign-in token of getSigninToken, at most 15 minutes old"
	switch s := l[token]; {
	case s == nil:
		w.Fail(ruleToken, errFederation("The sign-in token is not valid"), expected, "an unknown token", "No call of the scenario has made this token; take it from one of signin:GetSigninToken, as in SigninToken: {from: …}.").AsModelled()
	case at.Sub(s.made) > linkLife:
		w.Fail(ruleToken, errFederation("The sign-in token has expired"), expected, "made "+stamp(s.made), "The link was made "+stamp(s.made)+" and is good for 15 minutes, however long the session would last.").AsModelled()
	case !at.Before(s.expires):
		w.Fail(ruleToken, errFederation("The session has expired"), "a session that holds at "+stamp(at), "expired "+stamp(s.expires), "The session behind the link has expired.").AsModelled()
	default:
		w.Pass(ruleToken, expected, "made "+stamp(s.made), "")
		session := world.Enter(s.holder, call.Name, at, s.expires)
		return sts.Result{
			Steps: w.Steps, Session: session, Signer: world.SessionSigner(call.Name, call), Caller: session.ARN,
			Response: &Response{Location: cmp.Or(call.SignIn.Destination, console), Session: &Console{session.ARN, session.Expires}},
			Verdict:  "Signed in to the console as " + name(session.ARN) + " until " + session.Expires + ".",
		}
	}
	return refused(w)
}

func name(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
