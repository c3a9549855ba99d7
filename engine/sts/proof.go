package sts

import (
	"time"

	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// Proof is a token that a service in front of STS was shown. What is wrong
// with it is in Steps; the service has errors of its own for it.
type Proof struct {
	trace.Walk
	Claims  oidc.Claims
	Missing string // the first registered claim that is missing; "" where all are there
	world   *World
	facts   *facts
}

// Payload are the token's claims; nil where they can't be read.
func (p *Proof) Payload() *source.Node {
	if p.facts.token == nil || p.facts.token.Payload.Kind != source.Object {
		return nil
	}
	return &p.facts.token.Payload
}

// ReadProof reads a token's parts, its algorithm and its registered claims.
func (world *World) ReadProof(presented Presented) (p *Proof, readable bool) {
	w := newWalk(nil, 8)
	f := &facts{operation: assumeRoleWithWebIdentity, token: presented.Token}
	readable = w.checkToken(f, presented)
	p = &Proof{Walk: w.Walk, Claims: f.claims, world: world, facts: f}
	if r, ok := w.refusal.(*oidc.Refusal); ok && r.Reason == oidc.MissingClaim {
		p.Missing = r.Claim
	}
	return p, readable
}

// Verify checks who signed the token. Registered is the provider whose
// thumbprints may vouch for the issuer's certificate; nil for one of AWS's own.
func (p *Proof) Verify(registered *scenario.OIDCProvider, unsigned bool) (good bool) {
	w := &walk{Walk: p.Walk}
	p.facts.issuer = p.world.issuer(p.Claims.Issuer)
	p.facts.provider = provider{name: p.Claims.Issuer, registered: registered, builtIn: registered == nil}
	good = w.verify(p.facts, unsigned) && w.Err == nil
	p.Walk = w.Walk
	return good
}

// View takes the token apart for people.
func (p *Proof) View(at time.Time) *TokenView {
	if p.Payload() == nil {
		return nil
	}
	return viewToken(p.facts.token, p.world.Claims, at)
}

// SignerOf is who signs a call, for the record of a service in front of STS;
// nil where nobody does.
func (world *World) SignerOf(call *scenario.Call) *Signer {
	caller, _ := world.caller(call.Caller)
	return caller.signer(call, regionOr(call.Region))
}

// SourceIP is the address that a call comes from; "" where the scenario
// doesn't say.
func SourceIP(call *scenario.Call) string { return sourceIP(call) }

// Rests says what else the session of a call was taken on trust for.
func (world *World) Rests(call string, assumed []string) {
	if c := world.sessions[call]; c != nil {
		c.Assumed = append(append([]string{}, assumed...), c.Assumed...)
	}
}

// NotPlayed is the answer where a service in front of STS would go a way that
// isn't played: what isn't modelled never allows. The code is the
// playground's own.
func NotPlayed(what string) *trace.Error {
	return trace.Playground("NotModelled", "The playground doesn't model "+what+".")
}
