package sts

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// Result is how an operation went. Error is nil exactly when it succeeded.
type Result struct {
	Error      *trace.Error
	Failed     string // rule of the step that gave Error
	Assumed    []string
	Steps      []trace.Step
	Caller     string        // who called, as AWS's messages name them; of actions outside STS
	Resource   string        // the ARN that the call is about; likewise
	Decision   *iam.Decision // nil where no policy was evaluated
	Token      *TokenView    // of a web identity
	SAML       *SAMLView     // of a SAML response
	Response   any
	Session    *Session
	Signer     *Signer // who signed the call, for its CloudTrail record; nil where nobody did
	Record     *Record // what CloudTrail would be told; nil where the call has nothing to tell
	Issued     string  // a token that the response has, for later calls to present; "" for none
	Inner      []Inner // what the service called in turn
	Service    any     // what a service in front of STS tells its own record; nil for STS itself
	Verdict    string
	Advice     []trace.Advice
	OnBehalfOf *OnBehalfOf // who called through IAM Identity Center; nil for others
	TokenID    string      // jti of the token that Issued is; "" for none
}

// Inner is a call that a service makes on the way, which CloudTrail records as
// well.
type Inner struct {
	Call   *scenario.Call
	Result *Result
}

// Record are the facts of a call that its CloudTrail record is made of.
type Record struct {
	RoleArn, AccountID, RoleSessionName string
	Provider                            string // ARN, or a built-in provider's domain
	Audience, Subject                   string
	SourceIdentity                      string
	DurationSeconds                     *int64
	Tags                                []scenario.Tag
	Transitive                          []string
	Thumbprint                          bool // the provider's certificate was vouched for by a thumbprint
	Region                              string
	SourceIP                            string // "" where the scenario doesn't say
	Response                            *WebIdentityResponse
	SAML                                *SAMLRecord // of AssumeRoleWithSAML
	TokenID, SourceRegion               string      // of a token of AWS STS itself, from another partition
}

// facts are what the walk of an operation has learned about the call so far.
type facts struct {
	operation   *operation
	call        *scenario.Call
	at          time.Time
	region      string
	arn         roleARN
	account     *Account
	role        *Role
	near        *Role // a role whose ARN differs by little from the one asked for
	sessionName string

	provider       provider
	tagging        tagging
	sourceIdentity string
	longest        time.Duration // that the identity provider allows the session, 0 where it doesn't say
	duration       time.Duration
	packed         *int
	// session policies, nil where none were passed, and the ARNs of those that nothing is known of
	sessionPolicies []iam.Attached
	unknownPolicies []string
	noPolicies      []string               // ARNs of session policies that there are none of
	nearest         *iam.StatementDecision // the statement whose conditions came closest
	denied          bool                   // a Deny refused what tags or a source identity need
	overridden      []string               // keys that the call's context sets although STS derives them
	room            *iam.Room              // what is left to tell of decisions

	onBehalfOf *OnBehalfOf // whom IAM Identity Center calls for; nil for other callers

	// Of a web identity.
	token           *oidc.Token
	claims          oidc.Claims
	issuer          *Issuer
	key             *oidc.Key // that verifies the token, or should
	authorizedByIdP bool
	foreignPool     bool // the token is of a Cognito identity pool of another account
	outbound        bool // AWS STS itself issued it, in another partition

	// Of a SAML response.
	saml samlFacts

	// Of a signed call.
	caller    *Caller
	access    *actionFacts
	inherited []scenario.Tag // transitive tags of the caller's session
	mfa       bool           // the call shows an MFA device's code
	contexts  []providedContext
}

// newFacts are those that a call states itself.
func newFacts(o *operation, call *scenario.Call, at time.Time) *facts {
	return &facts{operation: o, call: call, at: at, region: regionOr(call.Region), sessionName: call.Params.RoleSessionName}
}

// authorize is the second half of every walk: role, duration, trust policy,
// session policies. Unless what the identity provider says is readable, the
// policies aren't asked.
func (w *walk) authorize(world *World, f *facts, isRole, readable bool) *iam.Decision {
	trustRules := []*trace.Rule{rulePrincipal, ruleAction, ruleCondition, ruleDeny, ruleTagTrust, ruleSITrust, ruleRCP, ruleEndpoint}
	if !isRole {
		w.Skip("RoleArn names no role.", append([]*trace.Rule{ruleRole, ruleDuration}, trustRules...)...)
		w.checkSessionPolicies(f)
		return nil
	}
	f.role, f.near = f.account.role(f.call.Params.RoleArn, f.arn)
	if f.role == nil {
		w.Fail(ruleRole, accessDenied(f.operation.action), f.call.Params.RoleArn, rolesOf(f.account, f.arn.Partition), f.whyNoRole())
		w.Skip("The role doesn't exist.", append([]*trace.Rule{ruleDuration}, trustRules...)...)
		w.checkSessionPolicies(f)
		return nil
	}
	if f.operation == assumeRoleWithSAML && strings.HasPrefix(f.role.RoleName, "AWSReservedSSO_") && f.onBehalfOf == nil {
		w.Fail(ruleRole, accessDenied(f.operation.action), "a role that the API may assume", f.role.ARN, "IAM Identity Center made this role and alone assumes it: AssumeRoleWithSAML can't be called for roles named AWSReservedSSO_….").AsModelled()
	} else {
		w.Pass(ruleRole, f.call.Params.RoleArn, "exists", "")
	}
	w.checkDuration(f)
	if !readable {
		w.Skip("The trust policy would read what isn't proven.", trustRules...)
		w.checkSessionPolicies(f)
		return nil
	}
	f.room = world.room
	ctx := f.trustContext(world.Claims, world.Organization)
	decision := w.checkTrust(f, ctx)
	w.checkPermission(ruleTagTrust, f, ctx, actionTagSession, len(f.tagging.Tags) > 0, decision)
	w.checkPermission(ruleSITrust, f, ctx, actionSetSourceIdentity, f.sourceIdentity != "", decision)
	w.checkRCP(f, ctx, world.manages(f.account.ID), decision)
	w.checkEndpoint(f, ctx, world.endpoint(ctx), decision)
	w.checkSessionPolicies(f)
	return decision
}

func rolesOf(a *Account, partition string) string {
	if a == nil {
		return "the scenario has no such account"
	}
	const most = 50 // roles that help a reader to find the right one
	var arns []string
	for i := range a.Roles {
		if i == most {
			arns = append(arns, "and "+strconv.Itoa(len(a.Roles)-most)+" more")
			break
		}
		arns = append(arns, "arn:"+partition+":iam::"+a.ID+":role"+rolePath(&a.Roles[i])+a.Roles[i].RoleName)
	}
	return listOr(arns, "the account has no roles")
}

func (f *facts) whyNoRole() string {
	switch {
	case f.account == nil:
		return "The scenario has no account " + f.arn.Account + ". AWS answers AccessDenied rather than tell which roles exist."
	case f.near != nil && f.near.RoleName != f.arn.Name:
		return f.near.ARN + " differs in letter case, and RoleArn is compared exactly. AWS answers AccessDenied rather than tell which roles exist."
	case f.near != nil:
		return "The role " + f.arn.Name + " has the path " + rolePath(f.near.Role) + ", which belongs in its ARN: " + f.near.ARN + "."
	}
	return "The account " + f.arn.Account + " has no role named " + f.arn.Name + ". AWS answers AccessDenied rather than tell which roles exist."
}

// finish closes the walk: credentials if nothing failed, and the words.
func (world *World) finish(w *walk, f *facts, decision *iam.Decision) Result {
	r := Result{Error: w.Err, Failed: w.Failed, Decision: decision, Assumed: w.Assumed, Record: f.record()}
	if f.caller != nil { // what its own session took on trust holds on
		r.Assumed = slices.Concat(f.caller.Assumed, w.Assumed)
	}
	if w.Err == nil {
		issued := f.issue()
		switch f.operation {
		case assumeRoleWithSAML:
			response := f.respondSAML(issued)
			r.Response, r.Record.SAML.Response = response, response
		case assumeRoleWithWebIdentity:
			response := f.respond(issued)
			r.Response, r.Record.Response = response, response
		default:
			r.Response = &AssumeRoleResponse{issued.Credentials, issued.AssumedRoleUser, f.packed, f.sourceIdentity}
		}
		r.Session = f.session(issued)
		caller := f.sessionCaller(r.Session, issued.Credentials.AccessKeyId)
		caller.Assumed, caller.defaultRegionsOnly, caller.onBehalfOf = r.Assumed, f.versionOne(), f.onBehalfOf
		caller.chained = f.caller != nil && f.caller.chains
		world.sessions[f.call.Name] = caller
		w.Pass(ruleCredentials, "temporary credentials for "+f.role.ARN, issued.Credentials.AccessKeyId+", simulated", "They last until "+issued.Credentials.Expiration+".")
	} else {
		w.Skip("A check before this one failed.", ruleCredentials)
	}
	world.open = append(world.open, w.tellOpen()...)
	r.Steps = w.Steps
	r.Verdict = f.verdict(w)
	r.Advice = world.advice(f, w)
	return r
}
