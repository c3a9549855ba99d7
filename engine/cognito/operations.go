package cognito

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// The operations, by their action.
const (
	getCredentials    = "cognito-identity:GetCredentialsForIdentity"
	getID             = "cognito-identity:GetId"
	getToken          = "cognito-identity:GetOpenIdToken"
	getDeveloperToken = "cognito-identity:GetOpenIdTokenForDeveloperIdentity"
)

// sessionName is what Cognito calls the sessions of the enhanced flow.
const sessionName = "CognitoIdentityCredentials"

// GetIDResponse is the response of GetId.
type GetIDResponse struct {
	IdentityId string
}

// GetOpenIDTokenResponse is the response of GetOpenIdToken and
// GetOpenIdTokenForDeveloperIdentity.
type GetOpenIDTokenResponse struct {
	IdentityId string
	Token      string
}

// GetCredentialsResponse is the response of GetCredentialsForIdentity.
type GetCredentialsResponse struct {
	IdentityId  string
	Credentials Credentials
}

// Credentials are the credentials as Cognito names their parts.
type Credentials struct {
	AccessKeyId, SecretKey, SessionToken string
	Expiration                           string // RFC 3339, UTC
}

// Facts are what the record of a call is made of. PoolArn is "" where no pool
// was found, whose account could keep a record.
type Facts struct {
	PoolArn, Account, Region string
	Asked                    string // the id of the identity that the call names
	IdentityID               string // of the answer
}

// walk is the steps of one call to Cognito.
type walk struct {
	trace.Walk
	desk      *Desk
	operation string
	facts     Facts
	advice    []trace.Advice
	decision  *iam.Decision // of the resource control policies, where one denies
}

func newWalk(desk *Desk, operation string) *walk { return &walk{desk: desk, operation: operation} }

func (w *walk) about(p *pool, given *identity) {
	w.facts.PoolArn, w.facts.Account, w.facts.Region = p.arn(), p.account.ID, p.region
	if given != nil {
		w.facts.Asked = given.id
	}
}

// GetID plays GetId: parameters, pool, guests, logins, identity.
func (pools *Pools) GetID(desk *Desk, call *scenario.Call) sts.Result {
	w, params := newWalk(desk, getID), &call.Cognito
	w.checkParameters(params)
	p := w.named(pools, params.IdentityPoolID, call.Region)
	if p == nil {
		w.Skip("There is no pool.", &ruleOrganization, &ruleGuests, &ruleProvider, &ruleLogin, &ruleIdentity)
		return w.finish(nil, "")
	}
	w.about(p, nil)
	w.checkOrganization(p, call)
	found, logins := w.whose(pools, p, nil, params, call.Name, false)
	return w.finish(&GetIDResponse{w.facts.IdentityID}, "Cognito knows who it is: the identity "+idOf(found)+".", logins...)
}

// GetOpenIDToken plays GetOpenIdToken, with which the basic flow begins:
// parameters, pool, flow, guests, logins, identity, token.
func (pools *Pools) GetOpenIDToken(desk *Desk, call *scenario.Call) sts.Result {
	w, params := newWalk(desk, getToken), &call.Cognito
	w.checkParameters(params)
	p, given := w.poolOf(pools, &params.IdentityID)
	if p == nil {
		w.Skip("There is no pool.", &ruleOrganization, &ruleFlow, &ruleGuests, &ruleProvider, &ruleLogin, &ruleIdentity, &ruleToken)
		return w.finish(nil, "")
	}
	w.about(p, given)
	w.checkOrganization(p, call)
	w.checkFlow(p)
	found, logins := w.whose(pools, p, given, params, call.Name, false)
	return w.issue(found, logins, nil, tokenLasts)
}

// checkFlow says whether the pool takes part in the basic flow.
func (w *walk) checkFlow(p *pool) {
	const expected = "AllowClassicFlow, and no RoleMappings"
	switch {
	case p.AllowClassicFlow != nil && !*p.AllowClassicFlow:
		w.Fail(&ruleFlow, errClassic, expected, "AllowClassicFlow is false", "The pool's users get credentials from GetCredentialsForIdentity only.")
		if len(p.RoleMappings) == 0 {
			w.adviseFlow(p)
		}
	case len(p.RoleMappings) > 0:
		w.Fail(&ruleFlow, errMappings, expected, "the pool has RoleMappings", "Role mappings choose the role in the enhanced flow; in the basic flow the app would choose, and go past them.")
	case p.AllowClassicFlow == nil:
		w.Pass(&ruleFlow, expected, "AllowClassicFlow isn't set", "A pool that never said takes part.")
	default:
		w.Pass(&ruleFlow, expected, "AllowClassicFlow is true", "")
	}
}

// GetOpenIDTokenForDeveloperIdentity plays the call of a backend that knows
// who its user is: parameters, pool, the backend's own permission, developer
// provider, logins, identity, token.
func (pools *Pools) GetOpenIDTokenForDeveloperIdentity(desk *Desk, call *scenario.Call) sts.Result {
	w, params := newWalk(desk, getDeveloperToken), &call.Cognito
	w.checkParameters(params)
	p := w.named(pools, params.IdentityPoolID, call.Region)
	if p == nil {
		w.Skip("There is no pool.", &ruleDeveloper, &ruleProvider, &ruleLogin, &ruleIdentity, &ruleToken)
		return w.finish(nil, "")
	}
	asked := *call
	asked.Resource, asked.Region = p.arn(), p.region
	answer := desk.World.Act(&asked, desk.At)
	w.Append(answer.Steps, denied(answer.Error), answer.Failed, answer.Assumed)
	w.checkDeveloper(p, params)
	given := w.givenTo(pools, p, params)
	w.about(p, given)
	found, logins := w.whose(pools, p, given, params, call.Name, true)
	lasts := int64(developerLasts)
	if params.TokenDuration != nil {
		lasts = *params.TokenDuration
	}
	result := w.issue(found, logins, params.PrincipalTags, lasts)
	result.Caller, result.Resource, result.Decision = answer.Caller, answer.Resource, answer.Decision
	result.Signer = desk.World.SignerOf(&asked)
	return result
}

// denied is a refusal by the policies as Cognito's API words it.
func denied(err *trace.Error) *trace.Error {
	if err == nil || err.Code != "AccessDenied" {
		return err
	}
	return trace.Sender("AccessDeniedException", 400, err.Message)
}

func (w *walk) checkDeveloper(p *pool, params *scenario.CognitoParams) {
	expected := cmp.Or(p.DeveloperProviderName, "the pool has no developer provider")
	if user, named := params.Logins[p.DeveloperProviderName]; named && p.DeveloperProviderName != "" {
		w.Pass(&ruleDeveloper, expected, user.Text, "Cognito takes the backend's word for who the user is.")
		return
	}
	w.Fail(&ruleDeveloper, errDeveloper, expected, strings.Join(keys(params.Logins), "\n"), "None of the logins is under the name of the pool's developer provider.").AsModelled()
}

// givenTo is the identity that a backend wants the login linked to; nil where
// it names none. A user that has an identity can't get another one.
func (w *walk) givenTo(pools *Pools, p *pool, params *scenario.CognitoParams) *identity {
	id := &params.IdentityID
	given := pools.byCall[id.From]
	switch {
	case id.From == "" && id.Text == "":
		return nil
	case given == nil && id.From != "":
		w.Fail(&ruleIdentity, notFound("Identity", id.From), "an identity of the pool", "the call "+id.From+" gave none", "The call "+id.From+" gave no identity.").AsModelled()
		return nil
	case given == nil:
		if given = pools.identities[id.Text]; given == nil {
			given = &identity{id: id.Text, pool: p}
		}
	}
	user := login{name: p.DeveloperProviderName, user: params.Logins[p.DeveloperProviderName].Text}
	if before := pools.byLogin[user.key(p)]; before != nil && before != given {
		w.Fail(&ruleIdentity, errRegistered, given.id, before.id, "The user "+user.user+" has the identity "+before.id+" already.").AsModelled()
		return nil
	}
	return given
}

// whose verifies the logins and finds the identity; nil where something
// failed.
func (w *walk) whose(pools *Pools, p *pool, given *identity, params *scenario.CognitoParams, call string, developer bool) (*identity, []login) {
	switch {
	case developer:
	case given != nil && len(given.logins) > 0 && len(params.Logins) == 0:
		w.Skip("The identity is that of somebody who signed in.", &ruleGuests)
	default:
		w.checkGuests(p, len(params.Logins))
	}
	logins := w.checkLogins(p, params.Logins, developer)
	if w.Err != nil {
		w.Skip("A check before this one failed.", &ruleIdentity)
		return nil, logins
	}
	found := w.identify(pools, p, given, logins, call)
	if found != nil {
		w.facts.IdentityID = found.id
	}
	return found, logins
}

// issue ends a walk with a token for the identity.
func (w *walk) issue(found *identity, logins []login, tags map[string]string, lasts int64) sts.Result {
	if found == nil || w.Err != nil {
		w.Skip("A check before this one failed.", &ruleToken)
		return w.finish(nil, "", logins...)
	}
	length := time.Duration(lasts) * time.Second
	compact := w.desk.Sign(claims(found, logins, tags, w.desk.At, lasts))
	until := clock(w.desk.At.Add(length))
	w.Pass(&ruleToken, "a token of "+Issuer, "for "+found.id, "It is good until "+until+", for any role that trusts the pool.")
	result := w.finish(&GetOpenIDTokenResponse{found.id, compact}, "Cognito gives a token for the identity, good until "+until+".", logins...)
	result.Issued = compact
	proof, _ := w.desk.World.ReadProof(w.desk.Read(&scenario.Token{Text: compact, Given: true}))
	result.Token = proof.View(w.desk.At)
	return result
}

// GetCredentialsForIdentity plays the enhanced flow: parameters, pool, guests,
// logins, identity, role, and then all of AssumeRoleWithWebIdentity, which
// Cognito calls for the identity.
func (pools *Pools) GetCredentialsForIdentity(desk *Desk, call *scenario.Call) sts.Result {
	w, params := newWalk(desk, getCredentials), &call.Cognito
	w.checkParameters(params)
	p, given := w.poolOf(pools, &params.IdentityID)
	if p == nil {
		w.Skip("There is no pool.", &ruleOrganization, &ruleGuests, &ruleProvider, &ruleLogin, &ruleIdentity, &ruleRole, &ruleRoleOwner)
		return w.finish(nil, "")
	}
	w.about(p, given)
	w.checkOrganization(p, call)
	found, logins := w.whose(pools, p, given, params, call.Name, false)
	if found == nil {
		w.Skip("Nobody knows whose role it would be.", &ruleRole, &ruleRoleOwner)
		return w.finish(nil, "", logins...)
	}
	role := w.choose(p, logins, params.CustomRoleArn)
	if role == "" || !w.checkOwner(p, role) || w.Err != nil {
		return w.finish(nil, "", logins...)
	}
	return w.assume(p, found, logins, role, call)
}

// assume is Cognito's own call to STS. Its answer to a refusal doesn't say
// what STS said: "STS returned an error response to the request to assume the
// authenticated role" (GetCredentialsForIdentity, Errors).
func (w *walk) assume(p *pool, found *identity, logins []login, role string, call *scenario.Call) sts.Result {
	inner := &scenario.Call{Name: call.Name, Action: "sts:AssumeRoleWithWebIdentity", Region: p.region, Context: withoutNetwork(call.Context)}
	inner.Params = scenario.Params{RoleArn: role, RoleSessionName: sessionName, Sent: []string{"RoleArn", "RoleSessionName", "WebIdentityToken"}}
	if len(logins) == 0 {
		scopeDown(&inner.Params)
	}
	var shown sts.Presented
	if len(logins) > 0 && logins[0].ours {
		shown, inner.Params.WebIdentityToken = logins[0].shown, *logins[0].token // "passed through to AWS Security Token Service"
	} else {
		inner.Params.WebIdentityToken = scenario.Token{Given: true, Text: w.desk.Sign(claims(found, logins, p.principalTags(logins), w.desk.At, tokenLasts))}
		shown = w.desk.Read(&inner.Params.WebIdentityToken)
	}
	answer := w.desk.World.AssumeRoleWithWebIdentity(inner, shown, w.desk.At)
	var err *trace.Error
	if answer.Error != nil {
		err = errPoolRoles
	}
	before := w.Assumed
	w.Append(answer.Steps, err, answer.Failed, answer.Assumed)
	result := w.finish(nil, "", logins...)
	result.Decision, result.Token, result.Session, result.Record = answer.Decision, answer.Token, answer.Session, answer.Record
	result.Advice = slices.DeleteFunc(answer.Advice, func(a trace.Advice) bool {
		return slices.ContainsFunc(a.Fix, func(f trace.Patch) bool { return !strings.HasPrefix(f.Path, "/accounts/") }) // of Cognito's call, which nobody wrote
	})
	result.Inner = []sts.Inner{{Call: inner, Result: &answer}}
	if response, ok := answer.Response.(*sts.WebIdentityResponse); ok && answer.Error == nil {
		w.desk.World.Rests(call.Name, before)
		c := response.Credentials
		result.Response = &GetCredentialsResponse{found.id, Credentials{c.AccessKeyId, c.SecretAccessKey, c.SessionToken, c.Expiration}}
		result.Verdict = w.supposing() + "Cognito gives credentials of the role " + role[strings.LastIndexByte(role, '/')+1:] + ", good until " + clock(w.desk.At.Add(time.Hour)) + "."
	}
	return result
}

// withoutNetwork is the call's context as STS sees it: "the source IP of the
// request will not be the IP of your app client" ("IAM roles").
func withoutNetwork(keys []scenario.ContextKey) (rest []scenario.ContextKey) {
	for _, k := range keys {
		switch strings.ToLower(k.Key) {
		case "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip":
		default:
			rest = append(rest, k)
		}
	}
	return rest
}

// supposing begins a verdict that rests on what was taken on trust.
func (w *walk) supposing() string {
	if len(w.Assumed) == 0 {
		return ""
	}
	return "If the login is good, "
}

// finish closes the walk. The words are those of a success.
func (w *walk) finish(response any, verdict string, logins ...login) sts.Result {
	r := sts.Result{Error: w.Err, Failed: w.Failed, Steps: w.Steps, Assumed: w.Assumed, Service: &w.facts, Advice: w.advice, Decision: w.decision}
	if len(logins) > 0 && logins[0].proof != nil {
		r.Token = logins[0].proof.View(w.desk.At)
	}
	if w.Err == nil {
		r.Response, r.Verdict = response, w.supposing()+verdict
		return r
	}
	begin := "Cognito refuses. "
	if w.Err.Type == "Playground" {
		begin = "Not modelled. "
	}
	r.Verdict = begin + w.Err.Message
	if why := trace.WhyFailed(w.Steps); why != "" {
		r.Verdict = begin + why
	}
	return r
}

// clock is a moment as a verdict tells it.
func clock(t time.Time) string { return t.UTC().Format("15:04:05 UTC") }

func idOf(found *identity) string {
	if found == nil {
		return ""
	}
	return found.id
}
