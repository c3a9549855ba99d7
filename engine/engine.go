// Package engine plays what AWS STS does: a scenario goes in, a report comes
// out. Run is the one door. Beneath it stand the rule books, each named for
// the document its rules come from: oidc (JSON Web Tokens and keys), saml
// (SAML responses and metadata), iam (the policy language), sts (the
// operations), registration (what IAM saves), cloudtrail (the records), idp
// (test tokens and responses), and trace (the words for explaining).
//
// The systems in front of STS are packages too: cognito, ec2, eks,
// identitycenter, rolesanywhere and signin. Each plays its own checks, has sts
// play the call that it makes in turn, and answers in its own words. verifier
// is an outside service that is handed a token.
//
// The same scenario always gives the same report, byte for byte, natively and
// in WebAssembly: the clock is part of the scenario, and simulated ids are
// made of hashes.
//
// A real verifier must not be this talkative. Everything here is about input
// that the reader typed and owns.
package engine

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/cloudtrail"
	"stsplayground/engine/cognito"
	"stsplayground/engine/iam"
	"stsplayground/engine/identitycenter"
	"stsplayground/engine/idp"
	"stsplayground/engine/oidc"
	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/signin"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Scenario is the document that goes in. Its types live in package scenario.
type Scenario = scenario.Scenario

// Decode reads a scenario from JSON or YAML of at most limit bytes. It is
// total: what could be read is there beside the findings. Where
// scenario.Unreadable says so, the text is no scenario.
func Decode(text string, limit int) (Scenario, []trace.Finding) {
	return scenario.Decode(text, limit)
}

// Run plays a scenario's calls, in order. It never asks the time: a scenario
// whose Now is zero is played at the zero time, so whoever calls Run sets it.
func Run(s Scenario) Report {
	p := newPlay(&s)
	r := Report{Title: s.Title, LocksOff: s.LocksOff, Calls: make([]CallReport, len(s.Calls))}
	for i := range s.Calls {
		r.Calls[i] = p.call(&s.Calls[i])
	}
	r.Findings, r.Met = p.findings, allMet(r.Calls)
	r.Credentials = p.credentials(r.Calls)
	for i := range r.Findings {
		if at := &r.Findings[i].At; at.Line == 0 && at.Path != "" {
			at.Line, at.Column = s.Place(at.Path)
		}
	}
	return r
}

// play is one run of a scenario.
type play struct {
	scenario *Scenario
	world    *sts.World
	keys     *idp.Keyring
	issuers  map[string]*scenario.Issuer // by URL
	entities map[string]*scenario.Issuer // by entity id, those that speak SAML
	tokens   map[string]string           // by the name of the call that gave them
	pools    *cognito.Pools
	findings []trace.Finding
	center   *identitycenter.Center
	links    signin.Links // of brokers, into the console
}

func newPlay(s *Scenario) *play {
	withAWS := *s
	withAWS.Issuers = append(slices.Clone(s.Issuers), awsIssuers(s)...)
	s = &withAWS
	center, centerFindings := identitycenter.New(s)
	p := &play{center: center, links: signin.Links{}, scenario: s, keys: idp.Assign(s.Issuers), issuers: make(map[string]*scenario.Issuer, len(s.Issuers)), entities: map[string]*scenario.Issuer{}, tokens: map[string]string{}, findings: []trace.Finding{}}
	for i := range s.Issuers {
		iss := &s.Issuers[i]
		p.issuers[iss.URL] = iss
		if iss.EntityID != "" {
			p.entities[iss.EntityID] = iss
		}
	}
	world, findings := sts.NewWorld(s, p.keySet, sts.SAMLKeys{Metadata: p.metadata, PrivateKey: p.keys.PrivateKey})
	p.world, p.findings = world, append(append(p.findings, centerFindings...), identitycenter.Tidy(findings)...)
	p.findings = append(append(p.findings, workloadFindings(s)...), lockFindings(s)...)
	p.pools, p.findings = cognito.New(s), append(p.findings, cognito.Findings(s)...)
	return p
}

// keySet is what an issuer serves: its JWKS as given, or that of its
// playground keys; nil where the scenario has neither.
func (p *play) keySet(iss *scenario.Issuer) *source.Node {
	if tree := iss.JWKS.Tree(); tree != nil && tree.Kind == source.Object {
		return tree
	}
	if iss.JWKS.Given() {
		return &iss.JWKS.Node
	}
	if len(iss.Signing) == 0 || iss.URL == "" {
		return nil
	}
	node, err := source.ParseJSON(p.keys.PublicKeySet(iss))
	if err != nil {
		return nil
	}
	return &node
}

// metadata is what a SAML identity provider of the scenario publishes; "" for
// one of whose keys nothing is known.
func (p *play) metadata(entityID string) (text string, known bool) {
	iss := p.entities[entityID]
	if iss == nil || len(iss.Signing) == 0 {
		return "", iss != nil
	}
	return p.keys.Metadata(iss), true
}

// keyTypes are the types of the condition keys that the call supplies, and of
// those that a policy asked for in vain.
func (p *play) keyTypes(c *scenario.Call, d *iam.Decision) (types []KeyType) {
	add := func(name string) {
		if key := p.scenario.Reference.Key(name); key != nil {
			types = append(types, KeyType{name, key.Type, key.Multi})
		}
	}
	for _, k := range c.Context {
		add(k.Key)
	}
	if d != nil {
		for _, name := range d.Missing {
			add(name)
		}
	}
	return types
}

// serviceOf is an action's service, as in s3:GetObject.
func serviceOf(action string) string {
	service, _, _ := strings.Cut(action, ":")
	return service
}

// call plays one call.
func (p *play) call(c *scenario.Call) CallReport {
	at := p.made(c).Add(time.Duration(c.Delay))
	report := CallReport{
		Name: c.Name, Action: c.Action, At: at.Format(time.RFC3339),
		Assumed: []string{}, NotAWS: []string{}, Advice: []trace.Advice{}, Expected: c.Expect, Call: c,
	}
	if c.Delay != 0 {
		report.Made = p.made(c).Format(time.RFC3339)
	}
	var result sts.Result
	switch o, played := operations[c.Action]; {
	case played && isOperation(c):
		result = o.play(p, c, at)
		report.record(o.record(c, &result, at))
	case isOperation(c):
		result = sts.NotModelled(c.Action)
		report.EventWhy = "The call isn't played, so there is nothing to record."
	default:
		result = p.world.Act(c, at)
		report.EventWhy = "What the service itself does isn't played, so its record isn't drawn."
	}
	if result.Issued != "" {
		p.tokens[c.Name] = result.Issued
	}
	for _, inner := range result.Inner {
		if event, why := operations[inner.Call.Action].record(inner.Call, inner.Result, at); why == "" {
			report.InnerEvents = append(report.InnerEvents, event)
		}
	}
	if other := cloudtrail.InTarget(c, &result, at); other != nil {
		report.InnerEvents = append(report.InnerEvents, other)
	}
	report.fill(&result)
	report.openLocks(p.world.NotAWS(c.Name))
	report.Keys = p.keyTypes(c, result.Decision)
	report.Met = met(c.Expect, &result)
	return report
}

// made is when the call is made, and what it presents minted.
func (p *play) made(c *scenario.Call) time.Time { return p.scenario.Now.Add(c.After).UTC() }

// present reads the token of a call: as pasted, minted, taken from an earlier
// call, or without its signature.
func (p *play) present(c *scenario.Call) sts.Presented {
	return p.presentToken(&c.Params.WebIdentityToken, p.made(c))
}

// presentToken does the same for any parameter that takes a token.
func (p *play) presentToken(t *scenario.Token, at time.Time) (presented sts.Presented) {
	switch {
	case t.From != "":
		if p.world != nil { // what a call is like is asked without one
			p.world.RestsOn(t.From)
		}
		presented.Token, presented.Refusal = oidc.Read(p.tokens[t.From])
	case t.Unsigned != nil:
		presented.Unsigned = true
		header := t.Unsigned.Header.Node
		if !t.Unsigned.Header.Given() { // left out like the signature
			header.Kind = source.Object
		}
		presented.Token, presented.Refusal = oidc.Unsigned(&header, &t.Unsigned.Claims.Node)
	case t.Mint != nil:
		compact, findings := p.keys.MintToken(t.Mint, p.issuers[t.Mint.Issuer], at)
		p.findings = append(p.findings, findings...)
		presented.Token, presented.Refusal = oidc.Read(compact)
	default:
		presented.Token, presented.Refusal = oidc.Read(t.Text)
	}
	return presented
}

// presentResponse reads the SAML response of a call: as pasted, minted, or
// without its signature.
func (p *play) presentResponse(c *scenario.Call) (presented sts.PresentedResponse) {
	t := &c.Params.SAMLAssertion
	var text string
	switch {
	case !t.Given:
		return presented
	case t.Unsigned != nil:
		presented.Unsigned = true
		text = t.Unsigned.XML
	case t.Mint != nil:
		signIn := idp.SignIn{RoleArn: c.Params.RoleArn, PrincipalArn: c.Params.PrincipalArn, Region: c.Region, Encrypt: p.world.EncryptionKey(c.Params.PrincipalArn)}
		response, findings := p.keys.MintResponse(t.Mint, p.entities[idp.ResponseIssuer(t.Mint)], signIn, p.made(c))
		p.findings = append(p.findings, findings...)
		text = base64.StdEncoding.EncodeToString([]byte(response))
	default:
		presented.Written = t.Written
		text = t.Text
	}
	presented.Document, presented.Refusal = saml.Read(text)
	return presented
}

// record keeps what CloudTrail does of the call, or why it keeps nothing.
func (r *CallReport) record(event any, why string) {
	r.EventWhy = why
	if why == "" {
		r.Event = event
	}
}

func (r *CallReport) fill(result *sts.Result) {
	r.Outcome = "success"
	if result.Error != nil {
		r.Outcome = "failure"
	}
	r.Caller, r.Resource = result.Caller, result.Resource
	r.Verdict, r.Error, r.Steps, r.Decision = result.Verdict, result.Error, result.Steps, result.Decision
	r.Token, r.SAML, r.Response, r.Session = result.Token, result.SAML, result.Response, result.Session
	r.Ladder = ladder(ladderOf(r.Call), result.Steps)
	if len(result.Assumed) > 0 {
		r.Assumed = result.Assumed
	}
	if len(result.Advice) > 0 {
		r.Advice = result.Advice
	}
}

// met says whether a call went as expected; nil where nothing is expected.
func met(e *scenario.Expect, r *sts.Result) *bool {
	if e == nil || *e == (scenario.Expect{}) {
		return nil
	}
	ok := meets(*e, r.Error, r.Steps, r.Failed)
	return &ok
}

// Meets says whether the call went as somebody besides its scenario expects.
func (c CallReport) Meets(e scenario.Expect) bool {
	return meets(e, c.Error, c.Steps, firstFailed(c.Steps))
}

func meets(e scenario.Expect, err *trace.Error, steps []trace.Step, failed string) bool {
	ok := e.Outcome == "" || (e.Outcome == "success") == (err == nil)
	if e.Code != "" {
		ok = ok && err != nil && (err.Code == e.Code || e.Code == "AccessDenied" && err.Code == "UnauthorizedOperation") // EC2's word for it
	}
	if e.Step != "" {
		ok = ok && err != nil && failedAt(steps, failed, e.Step)
	}
	return ok
}

// failedAt says whether the step that gave the error, or the failed part of
// it, is of the rule.
func failedAt(steps []trace.Step, failed, rule string) bool {
	if failed == rule {
		return true
	}
	for i := range steps {
		if steps[i].Rule != failed {
			continue
		}
		for j := range steps[i].Steps {
			if child := &steps[i].Steps[j]; child.Status == trace.Failed {
				return child.Rule == rule
			}
		}
	}
	return false
}

func allMet(calls []CallReport) *bool {
	var all *bool
	for i := range calls {
		if m := calls[i].Met; m != nil {
			ok := *m && (all == nil || *all)
			all = &ok
		}
	}
	return all
}
