package sts

import (
	"fmt"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// GetSessionTokenResponse is the response of GetSessionToken.
type GetSessionTokenResponse struct {
	Credentials Credentials
}

// GetFederationTokenResponse is the response of GetFederationToken.
// PackedPolicySize is 0 where no policy was passed, as AWS answers.
type GetFederationTokenResponse struct {
	Credentials      Credentials
	FederatedUser    FederatedUser
	PackedPolicySize int
}

// FederatedUser is the session of GetFederationToken.
type FederatedUser struct {
	FederatedUserId string
	Arn             string
}

// The limits of both operations' DurationSeconds (STS API reference).
const (
	maxUserToken     = 129600
	defaultUserToken = 43200
	maxRootToken     = 3600
)

// GetSessionToken walks one call: parameters, caller, long-term credentials,
// MFA, duration, credentials. Nobody needs a permission for it: "There are no
// permissions required for users to get a session token" (IAM guide,
// id_credentials_temp_control-access_getsessiontoken).
func (world *World) GetSessionToken(call *scenario.Call, at time.Time) Result {
	w, f, known := world.signedByUser(getSessionToken, call, at)
	w.checkMFA(world, f)
	w.checkTokenDuration(f)
	if !known || w.Err != nil {
		return w.refused(world, f, nil)
	}
	c := *f.caller
	c.keys = append([]contextKey{}, f.caller.keys...)
	c.set("aws:TokenIssueTime", timestamp(at))
	c.set("aws:MultiFactorAuthPresent", fmt.Sprint(f.mfa))
	if f.mfa {
		c.set("aws:MultiFactorAuthAge", "0")
	}
	c.chains, c.user, c.kind = true, nil, ofSessionToken
	issued := f.credentials(c.Account, seed("session token", call.Name, timestamp(at), c.ARN))
	return world.granted(w, f, &c, issued, &GetSessionTokenResponse{issued}, nil)
}

// GetFederationToken walks one call: parameters, caller, long-term
// credentials, tags, duration, everyone's policies, session policies,
// credentials. The session may do what the user and the session policies both
// allow, and nothing where none was passed, but for resource policies that name
// the session (IAM guide, id_credentials_temp_control-access_getfederationtoken).
func (world *World) GetFederationToken(call *scenario.Call, at time.Time) Result {
	w, f, known := world.signedByUser(getFederationToken, call, at)
	f.tagging = w.judgeTags(tagging{Tags: call.Params.Tags}, nil, errRequestTags)
	w.checkTokenDuration(f)
	arn := "arn:" + partitionIn(f.caller.ARN) + ":sts::" + f.caller.Account + ":federated-user/" + call.Params.Name
	var decision *iam.Decision
	if known {
		decision = w.authorizeToken(world, f, arn)
	} else {
		w.Skip("There is nobody to ask for.", append(append([]*trace.Rule{}, typeRules...), ruleTagTrust)...)
	}
	w.checkSessionPolicies(f)
	if !known || w.Err != nil {
		return w.refused(world, f, decision)
	}
	c := world.federatedUser(f, arn)
	issued := f.credentials(c.Account, seed("federation token", call.Name, timestamp(at), arn))
	response := &GetFederationTokenResponse{Credentials: issued, FederatedUser: FederatedUser{c.Account + ":" + call.Params.Name, arn}}
	if f.packed != nil {
		response.PackedPolicySize = *f.packed
	}
	return world.granted(w, f, c, issued, response, decision)
}

// signedByUser begins the walk of both operations: they take the long-term
// credentials of a user or of root, and no others.
func (world *World) signedByUser(o *operation, call *scenario.Call, at time.Time) (*walk, *facts, bool) {
	f := newFacts(o, call, at)
	w := newSigned(o, call, f, 20)
	w.checkTokenParameters(&call.Params, o)
	known := w.checkSigner(world, f)
	switch {
	case !known:
		w.Skip("There are no credentials that hold.", ruleLongTerm)
	case f.caller.user == nil && !f.caller.root || !f.caller.expires.IsZero():
		w.Fail(ruleLongTerm, errSessionCredentials(o.name()), "an access key of a user or of root", f.caller.ARN, "Temporary credentials, and services, can't ask for others this way.")
		known = false
	default:
		w.Pass(ruleLongTerm, "an access key of a user or of root", f.caller.ARN, "")
	}
	f.account = world.accounts[f.caller.Account]
	w.checkRegion(f.account, f.region)
	return w, f, known
}

// checkTokenDuration: root's sessions last one hour at most.
func (w *walk) checkTokenDuration(f *facts) {
	limit, seconds := int64(maxUserToken), int64(defaultUserToken)
	if f.caller.root {
		limit, seconds = maxRootToken, maxRootToken
	}
	found := fmt.Sprintf("%d seconds, the default", seconds)
	if d := f.call.Params.DurationSeconds; d != nil {
		seconds, found = *d, fmt.Sprintf("%d seconds", *d)
	}
	f.duration = time.Duration(min(max(seconds, 0), maxUserToken)) * time.Second
	expected := fmt.Sprintf("900 to %d seconds", limit)
	if f.caller.root && seconds > limit {
		// "If the specified duration is longer than one hour, the session obtained
		// by using root user credentials defaults to one hour" (STS API reference).
		f.duration = maxRootToken * time.Second
		w.Warn(ruleDuration, expected, found, "A session of the root user lasts one hour, however long was asked for.")
		return
	}
	w.Pass(ruleDuration, expected, found, "")
}

// authorizeToken asks the caller's policies for sts:GetFederationToken.
func (w *walk) authorizeToken(world *World, f *facts, arn string) *iam.Decision {
	a, d := w.askPolicies(world, f, target{arn: arn, account: f.caller.Account, kind: iam.ResourcePolicy}, noKeys)
	w.checkCallerPermission(ruleTagTrust, f, a, actionTagSession, len(f.tagging.Tags) > 0, d)
	return d
}

// federatedUser is the session: the user's permissions, within the session
// policies. Its tags are the user's, with those of the session over them.
func (world *World) federatedUser(f *facts, arn string) *Caller {
	user := f.caller
	name := f.call.Params.Name
	c := &Caller{ARN: arn, Account: user.Account, identity: user.identity, root: user.root, session: f.sessionPolicies, unknown: f.unknownPolicies, kind: ofFederationToken,
		Principal: iam.Principal{AWS: append([]string{arn}, user.Principal.AWS...), Account: user.Account}}
	if c.session == nil {
		c.session = []iam.Attached{} // nothing passed, nothing allowed
	}
	world.describe(c, arn, user.Account+":"+name, "FederatedUser")
	c.set("aws:TokenIssueTime", timestamp(f.at))
	for _, tag := range user.Tags {
		if !hasTag(f.tagging.Tags, tag.Key) {
			c.Tags = append(c.Tags, tag)
		}
	}
	c.Tags = append(c.Tags, f.tagging.Tags...)
	return c
}

// granted closes a walk that nothing refused.
func (world *World) granted(w *walk, f *facts, c *Caller, issued Credentials, response any, decision *iam.Decision) Result {
	c.key, c.issued, c.expires = issued.AccessKeyId, f.at, f.at.Add(f.duration)
	c.defaultRegionsOnly = f.versionOne()
	c.Assumed = append(append([]string{}, f.caller.Assumed...), w.Assumed...)
	world.sessions[f.call.Name] = c
	w.Pass(ruleCredentials, "temporary credentials for "+c.ARN, issued.AccessKeyId+", simulated", "They last until "+issued.Expiration+".")
	return Result{
		Steps: w.Steps, Decision: decision, Assumed: c.Assumed, Caller: f.caller.ARN, Signer: f.caller.signer(f.call, f.region), Response: response, Session: c.view(f.at),
		Verdict: assumption(c.Assumed) + "STS accepts: " + c.ARN + " has temporary credentials until " + until(f.at, f.duration) + ".",
	}
}

// refused closes a walk that something refused.
func (w *walk) refused(world *World, f *facts, decision *iam.Decision) Result {
	w.Skip("A check before this one failed.", ruleCredentials)
	return Result{Error: w.Err, Failed: w.Failed, Steps: w.Steps, Decision: decision, Caller: f.caller.ARN, Signer: f.caller.signer(f.call, f.region), Verdict: f.verdict(w), Advice: world.advice(f, w)}
}

// view is the session as the report tells it.
func (c *Caller) view(issued time.Time) *Session {
	s := &Session{ARN: c.ARN, UserID: c.value("aws:userid"), Issued: timestamp(issued), Expires: timestamp(c.expires), Tags: map[string]string{}, TransitiveTagKeys: append([]string{}, c.transitive...), SourceIdentity: c.identitySet, Context: map[string]any{}}
	for _, k := range c.keys {
		if k.multi {
			s.Context[k.name] = k.values
			continue
		}
		s.Context[k.name] = k.values[0]
	}
	for _, tag := range c.Tags {
		s.Tags[tag.Key] = tag.Value
		s.Context[principalTag+tag.Key] = tag.Value
	}
	return s
}
