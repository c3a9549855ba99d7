package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// checkSigner is checkCaller for a call that has to be signed, with
// credentials of the partition that it goes to.
func (w *walk) checkSigner(world *World, f *facts) bool {
	known := w.checkCaller(world, f.access)
	if f.caller = f.access.caller; f.caller == nil {
		f.caller = anonymous()
	}
	switch c := f.caller; {
	case !known:
		return false
	case c.Principal.Anonymous:
		w.overrule(w.last(ruleCaller), errUnsigned, f.operation.name()+" is a signed call: it needs credentials.")
		return false
	// "a credential issued in one partition isn't valid in another" (IAM guide,
	// id_roles_providers_outbound_cross_partition).
	case c.Account != "" && partitionIn(c.ARN) != partitionOf(f.region):
		step := w.last(ruleCaller)
		w.overrule(step, errInvalidClientToken, "The caller is of partition "+partitionIn(c.ARN)+", and its credentials hold in none of the others; the Region "+f.region+" is of "+partitionOf(f.region)+".")
		step.AsModelled()
		return false
	}
	return true
}

// checkAccountCaller is checkSigner for operations that belong to an account:
// AWS services don't call them for themselves.
func (w *walk) checkAccountCaller(world *World, f *facts) bool {
	if !w.checkSigner(world, f) {
		return false
	}
	f.account = world.accounts[f.caller.Account]
	if f.caller.Account == "" {
		w.overrule(w.last(ruleCaller), errUnsigned, f.operation.name()+" is called with the credentials of an account, and the caller is the service "+f.caller.ARN+".")
		w.last(ruleCaller).AsModelled()
		return false
	}
	return true
}

// newSigned begins the walk of an operation that somebody signs.
func newSigned(o *operation, call *scenario.Call, f *facts, steps int) *walk {
	f.access = &actionFacts{call: call, at: f.at, region: f.region, caller: anonymous()}
	f.caller = f.access.caller
	return newWalk(o, steps)
}

// checkRegional: two operations aren't available on the global endpoint (STS
// API reference, AssumeRoot and GetWebIdentityToken). What AWS answers there
// isn't documented.
func (w *walk) checkRegional(f *facts) {
	if f.call.Region == GlobalEndpoint {
		w.Fail(ruleRegional, trace.Sender("InvalidAction", 400, wordingUnknown("The global endpoint doesn't know the operation")), "sts.REGION.amazonaws.com", "sts.amazonaws.com",
			"The global endpoint of STS has no "+f.operation.name()+"; send the call to a Regional endpoint, as newer SDKs and command lines do by themselves.").AsModelled()
		return
	}
	w.Pass(ruleRegional, "sts.REGION.amazonaws.com", "sts."+f.region+".amazonaws.com", "")
}

// askPolicies asks every policy that bears on the caller for the operation's
// own permission on the target; set adds the keys of the operation.
func (w *walk) askPolicies(world *World, f *facts, t target, set func(*iam.Context)) (*iam.Authorization, *iam.Decision) {
	f.access.target = t
	a := world.authorization(f.access, f.operation.action)
	set(a.Request.Context)
	for _, tag := range f.tagging.Tags {
		a.Request.Context.Set("aws:RequestTag/"+tag.Key, tag.Value)
	}
	if len(f.tagging.Tags) > 0 {
		a.Request.Context.SetMulti("aws:TagKeys", f.tagging.keys())
	}
	supply(a.Request.Context, f.call.Context) // what the call says goes before what is derived
	// The operation's resource has no policy of its own, and one in another
	// account (the root user of AssumeRoot) is the organization's affair.
	a.CrossAccount, f.access.crossAccount = false, false
	d := a.Explain()
	f.access.decision = &d
	denied := trace.Sender("AccessDenied", 403, d.AccessDenied(f.caller.ARN, f.operation.action, t.arn))
	for i := range d.Types {
		w.typeStep(typeRules[i], &d, &d.Types[i], denied, f.access)
	}
	return a, &d
}

// anyResource is the target of an operation that knows no resource.
func anyResource(c *Caller) target {
	return target{arn: "*", account: c.Account, kind: iam.ResourcePolicy}
}

func noKeys(*iam.Context) {}

// skipPolicies skips what askPolicies asks.
func (w *walk) skipPolicies(rules ...*trace.Rule) {
	w.Skip("There is nobody to ask for.", slices.Concat(typeRules, rules)...)
}

// told closes a walk whose operation gives no credentials.
func (w *walk) told(world *World, f *facts, decision *iam.Decision, response any, verdict string) Result {
	r := Result{Error: w.Err, Failed: w.Failed, Steps: w.Steps, Decision: decision, Caller: f.caller.ARN, Assumed: slices.Concat(f.caller.Assumed, w.Assumed), Signer: f.caller.signer(f.call, f.region)}
	if w.Err != nil {
		r.Verdict, r.Advice = f.verdict(w), world.advice(f, w)
		return r
	}
	rests := assumption(r.Assumed)
	if rest, ok := strings.CutPrefix(verdict, "The "); ok && rests != "" {
		verdict = "the " + rest
	}
	r.Response, r.Verdict = response, rests+verdict
	return r
}

// rangeViolations are those of a number of seconds outside its range.
func rangeViolations(seconds *int64, least, most int64) []violation {
	return numberViolations("durationSeconds", seconds, least, most)
}

func numberViolations(name string, number *int64, least, most int64) []violation {
	if number == nil {
		return nil
	}
	subject := fmt.Sprintf("Value '%d'", *number)
	switch {
	case *number < least:
		return []violation{violates(name, subject, fmt.Sprintf("have value greater than or equal to %d", least))}
	case *number > most:
		return []violation{violates(name, subject, fmt.Sprintf("have value less than or equal to %d", most))}
	}
	return nil
}

// maxTokenSize bounds MinimumSessionTokenSize, in bytes (STS API reference).
const maxTokenSize = 4096

func tokenSizeViolations(p *scenario.Params) []violation {
	return numberViolations("minimumSessionTokenSize", p.MinimumSessionTokenSize, 0, maxTokenSize)
}

// credentials are those of the call, with a session token of the size that it
// asks for at least.
func (f *facts) credentials(account string, seed [32]byte) Credentials {
	c := credentials(account, seed, f.at.Add(f.duration))
	if least := f.call.Params.MinimumSessionTokenSize; least != nil {
		c.SessionToken += strings.Repeat("=", max(0, int(min(*least, maxTokenSize))-len(c.SessionToken)))
	}
	f.restrict(&c)
	return c
}

// temporary says whether a session token belongs to the caller's credentials.
func (c *Caller) temporary() bool {
	return !c.expires.IsZero() || c.chains
}

// checkSessionToken is about a call whose temporary credentials come without
// their session token: AWS knows no such access key. Of the services S3
// answers in words of its own, seen in real answers as STS's are.
func (w *walk) checkSessionToken(f *actionFacts) bool {
	const expected = "access key id, secret access key and, of temporary credentials, session token"
	switch {
	case !f.caller.temporary():
		w.Pass(ruleSessionToken, expected, "no temporary credentials", "")
		return true
	case !f.call.OmitSessionToken:
		w.Pass(ruleSessionToken, expected, "all three", "")
		return true
	}
	err := errInvalidClientToken
	service, _, _ := strings.Cut(f.call.Action, ":")
	if service == "s3" {
		err = trace.Sender("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records.")
	}
	step := w.Fail(ruleSessionToken, err, expected, "no session token",
		"The key id begins with ASIA, so that the credentials are temporary: the session token has to go with every call, and without it AWS knows no such key.")
	step.Modelled = service != "s3" && service != "sts" && service != "iam"
	return false
}
