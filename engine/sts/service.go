package sts

import (
	"slices"
	"time"

	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// What a service in front of STS asks of the world.

// IssuerAt is the outside world's entry for an issuer's URL, with its keys;
// nil where there is none.
func (world *World) IssuerAt(url string) *Issuer { return world.issuers[url] }

// CallerOf is who a call's caller text names: nil, and why in a sentence,
// where there is no such caller.
func (world *World) CallerOf(text string) (*Caller, string) { return world.caller(text) }

// Lend gives what a caller has to a call that hands it out, as the credentials
// that later calls can name.
func (world *World) Lend(name string, c *Caller) { world.sessions[name] = c }

// ContextValue is one condition key and its value.
type ContextValue struct{ Key, Value string }

// Deliver adds to the session of a call what the service says of itself when
// it delivers the credentials: condition keys that every later call carries.
func (world *World) Deliver(name string, session *Session, keys ...ContextValue) {
	c := world.sessions[name]
	if c == nil || session == nil {
		return
	}
	for _, k := range keys {
		if k.Value == "" {
			continue
		}
		c.keys = append(slices.Clip(c.keys), contextKey{name: k.Key, values: []string{k.Value}})
		session.Context[k.Key] = k.Value
	}
}

// Inside makes the call that a service makes on the way, for the call outer.
func Inside(outer *scenario.Call, action, caller, region string, p *scenario.Params) *scenario.Call {
	c := &scenario.Call{Name: outer.Name, Action: action, Region: region, Caller: caller, Context: outer.Context, Path: outer.Path, Params: *p}
	for _, given := range []struct {
		name string
		is   bool
	}{
		{"RoleArn", p.RoleArn != ""}, {"RoleSessionName", p.RoleSessionName != ""}, {"DurationSeconds", p.DurationSeconds != nil}, {"ExternalId", p.ExternalID != ""},
		{"Tags", len(p.Tags) > 0}, {"TransitiveTagKeys", len(p.TransitiveTagKeys) > 0}, {"Policy", p.Policy.Given()}, {"WebIdentityToken", p.WebIdentityToken.Given}, {"SourceIdentity", p.SourceIdentity != ""}, {"PolicyArns", len(p.PolicyArns) > 0},
	} {
		if given.is {
			c.Params.Sent = append(c.Params.Sent, given.name)
		}
	}
	return c
}

// Refused closes the walk of a service that refuses: the verdict is what the
// service does, and why.
func Refused(w *trace.Walk, does string) Result {
	return Result{Error: w.Err, Failed: w.Failed, Steps: w.Steps, Assumed: w.Assumed, Verdict: does + " " + trace.WhyFailed(w.Steps)}
}

// WordingUnknown marks a text that is ours: AWS answers with its code, in
// words that no source has.
func WordingUnknown(message string) string { return wordingUnknown(message) }

// Timestamp is a moment as AWS's responses write it.
func Timestamp(t time.Time) string { return timestamp(t) }

// RegionOr is the Region of a call; "" stands for us-east-1.
func RegionOr(region string) string { return regionOr(region) }

// RegionPartition is the partition that an AWS Region belongs to.
func RegionPartition(region string) string { return partitionOf(region) }

// checkServiceDuration: "The maximum session duration setting … does not limit
// sessions assumed by AWS services" (IAM guide, "Update settings for a role").
func (w *walk) checkServiceDuration(f *facts) {
	seconds := int64(defaultDuration)
	if d := f.call.Params.DurationSeconds; d != nil {
		seconds = *d
	}
	f.duration = time.Duration(min(max(seconds, 0), maxDuration)) * time.Second
	w.Pass(ruleDuration, "any duration: a service asks", count(seconds, "second"), "A role's MaxSessionDuration doesn't limit sessions that AWS services assume.")
}

// Signer describes the caller of a call for its CloudTrail record; nil where
// nobody signed it.
func (c *Caller) Signer(call *scenario.Call, region string) *Signer { return c.signer(call, region) }

// ViewToken takes a token apart for people.
func (world *World) ViewToken(t *oidc.Token, at time.Time) *TokenView {
	if t == nil || t.Raw == "" && t.Payload.Members == nil {
		return nil
	}
	return viewToken(t, world.Claims, at)
}
