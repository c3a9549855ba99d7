package sts

import (
	"crypto/ecdsa"
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// PresentedResponse is the SAML response of a call, read. Unsigned: its
// signature was left out on purpose, and is taken on trust.
type PresentedResponse struct {
	Document *saml.Document // nil where the call has none
	Refusal  *saml.Refusal  // of reading it
	Unsigned bool
	Written  scenario.Document // where it was pasted, for places in it; the zero Document where it was minted
}

// SAMLResponse is the response of AssumeRoleWithSAML. PackedPolicySize is a
// percentage, absent where nothing was packed. Audience is the recipient of
// the confirmation, as the STS API reference has it.
type SAMLResponse struct {
	Credentials      Credentials
	AssumedRoleUser  AssumedRoleUser
	PackedPolicySize *int `json:",omitempty"`
	Subject          string
	SubjectType      string
	Issuer           string
	Audience         string
	NameQualifier    string
	SourceIdentity   string `json:",omitempty"`
}

// SAMLRecord are the facts of an AssumeRoleWithSAML call that its CloudTrail
// record needs beside those of every call.
type SAMLRecord struct {
	AssertionID, PrincipalArn string
	NameQualifier, Subject    string
	Response                  *SAMLResponse // nil where the call failed
}

// samlFacts are what the walk has learned about a response so far.
type samlFacts struct {
	presented    PresentedResponse
	providerName string // of PrincipalArn
	provider     *SAMLProvider
	response     *saml.Response
	verified     *saml.Verified
	assertion    saml.Assertion
	recipient    string // that the bearer confirmation names
	place        func(line, column int) *trace.At
}

// AssumeRoleWithSAML walks one call: parameters, role ARN, provider,
// response, decryption, keys, signature, issuer, subject, recipient, audience,
// times, role, session name, tags, duration, trust policy, session policy,
// credentials. AWS documents no order; this one is modelled on that of web
// identities.
func (world *World) AssumeRoleWithSAML(call *scenario.Call, presented PresentedResponse, at time.Time) Result {
	return world.assumeWithSAML(newFacts(assumeRoleWithSAML, call, at), presented)
}

func (world *World) assumeWithSAML(f *facts, presented PresentedResponse) Result {
	w, call := newWalk(assumeRoleWithSAML, 36), f.call
	w.off = world.off
	f.saml.presented, f.saml.place = presented, placesIn(presented.Written)

	w.checkSAMLParameters(f)
	arn, isRole := w.checkRoleARN(call.Params.RoleArn, f.region)
	f.arn, f.account = arn, world.accounts[arn.Account]
	w.checkRegion(f.account, f.region)
	w.checkSAMLProvider(f, isRole)

	readable := w.checkResponse(f)
	if readable {
		readable = w.checkEncryption(f) && w.checkSAMLSignature(f)
	} else {
		w.Skip("There is no response whose signature could be checked.", ruleEncryption, ruleMetadata, ruleSAMLSignature)
	}
	if readable {
		w.checkAssertion(f)
		w.checkSAMLIssuer(f)
		w.checkNameID(f)
		w.checkRecipient(f)
		w.checkSAMLAudience(f)
		w.checkSAMLTimes(f)
		w.checkPair(f)
		w.checkSessionName(f)
		w.checkSessionDuration(f)
		w.checkSAMLTags(f)
		w.checkSAMLSourceIdentity(f)
	} else {
		w.skipAssertion()
	}
	decision := w.authorize(world, f, isRole, readable && f.saml.provider != nil)
	result := world.finish(w, f, decision)
	result.SAML = f.viewResponse(world.Claims)
	return result
}

// assertionRules are those that read the assertion, in the order of the walk.
var assertionRules = []*trace.Rule{
	ruleAssertion, ruleSAMLIssuer, ruleNameID, ruleConfirmation, ruleRecipient, ruleSAMLAudience, ruleSAMLExpiry,
	rulePair, ruleSessionName, ruleSessionDuration, ruleTags, ruleSourceIdentity,
}

// skipAssertion skips what reads the assertion.
func (w *walk) skipAssertion() {
	w.Skip("Nothing is read from an assertion that isn't proven.", assertionRules...)
}

// SkipAssumeRoleWithSAML skips all that the operation checks, in the walk of a
// service in front of it that never calls it.
func SkipAssumeRoleWithSAML(outer *trace.Walk, why string) {
	w := newWalk(assumeRoleWithSAML, 32)
	w.Skip(why, ruleParameters, ruleRoleARN, ruleRegion, ruleSAMLProvider, ruleResponse, ruleStatus, ruleEncryption, ruleMetadata, ruleSAMLSignature)
	w.Skip(why, assertionRules...)
	w.Skip(why, ruleRole, ruleDuration, rulePrincipal, ruleAction, ruleCondition, ruleDeny, ruleTagTrust, ruleSITrust, ruleRCP, ruleEndpoint, ruleSessionPolicy, ruleCredentials)
	outer.Append(w.Steps, nil, "", nil)
}

// placesIn moves a position in the pasted text into the scenario; nil where
// the text isn't in the scenario.
func placesIn(d scenario.Document) func(line, column int) *trace.At {
	if !d.Given() {
		return func(int, int) *trace.At { return nil }
	}
	locate := d.Locator()
	return func(line, column int) *trace.At {
		at := &trace.At{Path: d.Path}
		if line > 0 {
			at.Line, at.Column = locate(line, column)
			at.Within = &trace.Within{Path: d.Path, Line: line, Column: column}
		}
		return at
	}
}

// refuseResponse adds a failed step in the words of a refusal of package
// saml, with the part of the step that it is about; the words stand once.
func (w *walk) refuseResponse(f *facts, lock string, rule *trace.Rule, err *trace.Error, r *saml.Refusal) *trace.Step {
	var parts children
	if r.Rule.Code != "" && r.Rule.Code != rule.Code {
		parts.add(&r.Rule, trace.Failed, "", "", "").Placed(f.saml.place(r.Line, r.Column))
	}
	return w.refuseLock(lock, rule, err, r).Placed(f.saml.place(r.Line, r.Column)).With(parts)
}

// checkSAMLProvider finds the provider that PrincipalArn names, which has to
// be of the role's own account.
func (w *walk) checkSAMLProvider(f *facts, isRole bool) {
	const expected = "arn:aws:iam::ACCOUNT:saml-provider/NAME"
	text := f.call.Params.PrincipalArn
	arn, ok := parseProviderARN(text)
	f.provider = provider{name: samlPrefix, principal: text}
	f.saml.providerName = arn.Name
	switch {
	case text == "":
		w.Skip("The request has no PrincipalArn.", ruleSAMLProvider)
	case !isARN(text):
		w.Fail(ruleSAMLProvider, validationError(text+" is invalid"), expected, text, "PrincipalArn is no ARN: it has fewer than the six parts between colons.")
	case !ok:
		why := "PrincipalArn is an ARN, and not that of a SAML provider."
		if _, role := parseRoleARN(text); role {
			why = "PrincipalArn is a role's ARN; the role goes into RoleArn, and the SAML provider into PrincipalArn."
		}
		w.Fail(ruleSAMLProvider, errARN, expected, text, why)
	case isRole && (arn.Account != f.arn.Account || arn.Partition != f.arn.Partition):
		w.Fail(ruleSAMLProvider, accessDenied(f.operation.action), "a provider of account "+f.arn.Account, text,
			"The provider is of account "+arn.Account+" and the role of "+f.arn.Account+"; only a provider of the role's own account can vouch for who assumes it.").AsModelled()
	case f.account == nil:
		w.Skip("RoleArn names no account in which to look for the provider.", ruleSAMLProvider)
	default:
		w.findSAMLProvider(f, arn)
	}
}

func (w *walk) findSAMLProvider(f *facts, arn roleARN) {
	for i := range f.account.saml {
		if p := &f.account.saml[i]; p.Name == arn.Name {
			f.saml.provider = p
			w.Pass(ruleSAMLProvider, f.call.Params.PrincipalArn, "registered", "")
			return
		}
	}
	names := make([]string, len(f.account.saml))
	why := "Account " + f.arn.Account + " has no SAML provider named " + arn.Name + "."
	for i := range f.account.saml {
		names[i] = f.account.saml[i].Name
		if strings.EqualFold(names[i], arn.Name) {
			why = "The provider " + names[i] + " differs in letter case; PrincipalArn is compared exactly."
		}
	}
	w.Fail(ruleSAMLProvider, errSAMLProvider, "a SAML provider named "+arn.Name, listOr(names, "the account has no SAML provider"), why).AsModelled()
}

// hasProvider says whether a SAML provider of that ARN is registered.
func (a *Account) hasProvider(arn roleARN) bool {
	return arn.Account == a.ID && slices.ContainsFunc(a.saml, func(p SAMLProvider) bool { return p.Name == arn.Name })
}

// parseProviderARN reads a SAML provider's ARN; it has no path.
func parseProviderARN(s string) (roleARN, bool) {
	parts := strings.SplitN(s, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || parts[3] != "" || !isAccountID(parts[4]) {
		return roleARN{}, false
	}
	name, ok := strings.CutPrefix(parts[5], "saml-provider/")
	return roleARN{Partition: parts[1], Account: parts[4], Name: name}, ok && name != ""
}

// checkResponse reads the response and whether the identity provider reports
// success. One that reports a failure needs no assertion.
func (w *walk) checkResponse(f *facts) (readable bool) {
	const expected = "a SAML 2.0 Response, base64, with exactly one assertion"
	p := &f.saml.presented
	if p.Document == nil && p.Refusal == nil {
		w.Skip("The request has no SAMLAssertion.", ruleResponse, ruleStatus)
		return false
	}
	refused := p.Refusal
	var status saml.Status
	if refused == nil {
		status = saml.StatusOf(p.Document)
		f.saml.response, refused = saml.Open(p.Document)
	}
	if refused != nil && !(refused.Reason == saml.WrongShape && status.Given && !status.Success()) {
		careless, lock := w.readResponse(f, refused)
		if careless == nil {
			lock = "" // not even carelessness reads it
		}
		w.refuseResponse(f, lock, ruleResponse, errSAMLResponse, refused).AsModelled()
		if careless == nil {
			w.Skip("The response can't be read.", ruleStatus)
			return false
		}
		f.saml.response, status = careless, saml.StatusOf(p.Document)
	} else {
		found := "XML as pasted"
		if len(p.Document.Layers) > 0 {
			found = "XML inside " + strings.Join(p.Document.Layers, ", ")
		}
		w.Pass(ruleResponse, expected, found, layersWhy(p.Document))
	}
	switch {
	case !status.Given:
		w.Fail(ruleStatus, errSAMLStatus, saml.StatusSuccess, "no status", "A response begins with the status of the sign-in, and this one has none.").AsModelled()
		return false
	case !status.Success():
		w.Fail(ruleStatus, errSAMLStatus, saml.StatusSuccess, status.Words(), "The identity provider itself refused the sign-in"+statusReason(status)+", so the response vouches for nobody; its own log says more.").AsModelled()
		return false
	}
	w.Pass(ruleStatus, saml.StatusSuccess, status.Words(), "")
	return true
}

// statusReason is what the response says of a failed sign-in, in a sentence.
func statusReason(s saml.Status) string {
	inner := s.Codes[len(s.Codes)-1]
	reason := " (" + inner[strings.LastIndexByte(inner, ':')+1:]
	if s.Message != "" {
		reason += ": " + shorten(s.Message)
	}
	return reason + ")"
}

// layersWhy says what STS would be sent where something else was pasted.
func layersWhy(d *saml.Document) string {
	if len(d.Layers) == 1 && d.Layers[0] == "base64" {
		return ""
	}
	return "The SAMLAssertion parameter itself is the base64 text of the response and nothing else; that is what is played."
}

// checkEncryption opens an encrypted assertion, and holds the provider's
// AssertionEncryptionMode against what came.
func (w *walk) checkEncryption(f *facts) (readable bool) {
	p, response := f.saml.provider, f.saml.response
	required := p != nil && p.AssertionEncryptionMode == "Required"
	expected := "an assertion in the clear, or one encrypted for the provider"
	if required {
		expected = "an encrypted assertion"
	}
	switch {
	case !response.Encrypted && required:
		r := &saml.Refusal{Reason: saml.NotEncrypted, Expected: expected, Found: "an assertion in the clear",
			Why: "The provider's AssertionEncryptionMode is Required, and the assertion isn't encrypted; have the identity provider encrypt it with the provider's certificate, or set the mode to Allowed."}
		w.refuse(ruleEncryption, errDecrypt, r).AsModelled()
		w.Skip("An assertion that should have been encrypted is read no further.", ruleMetadata, ruleSAMLSignature)
		return false
	case !response.Encrypted:
		w.Pass(ruleEncryption, expected, "in the clear", "")
		return true
	case p == nil:
		w.Skip("The provider whose private key would open the assertion isn't known.", ruleEncryption)
		w.Skip("The assertion can't be opened.", ruleMetadata, ruleSAMLSignature)
		return false
	default:
		if r := response.Decrypt(p.Private); r != nil {
			step := w.refuseResponse(f, "", ruleEncryption, errDecrypt, r).AsModelled()
			if len(p.KeyProblems) > 0 {
				step.Why = "The assertion is encrypted, and " + strings.Join(p.KeyProblems, "; ") + "."
			}
		} else {
			w.Pass(ruleEncryption, expected, "encrypted, and opened with the provider's private key", "")
			return true
		}
	}
	w.Skip("The assertion can't be opened.", ruleMetadata, ruleSAMLSignature)
	return false
}

// checkSAMLSignature verifies the response with the metadata's keys, or takes
// it on trust where there is no metadata. What is read from here on is what
// was verified.
func (w *walk) checkSAMLSignature(f *facts) (readable bool) {
	p := f.saml.provider
	switch {
	case p == nil:
		w.Skip("The provider isn't known, nor are its keys.", ruleMetadata, ruleSAMLSignature)
		return false
	case p.Refusal != nil:
		w.refuse(ruleMetadata, errMetadata, p.Refusal)
		w.Skip("Without the metadata's keys no signature can be checked.", ruleSAMLSignature)
		return false
	case f.saml.presented.Unsigned:
		w.Skip("The signature was left out on purpose, so no key is needed.", ruleMetadata)
		w.Assume(ruleSAMLSignature, "The response's signature was left out on purpose; what follows holds if the real one is good.")
		f.saml.verified = f.saml.response.OnTrust()
	case !p.Given:
		w.Skip("Nothing is known of the provider's metadata; paste it to have the signature checked.", ruleMetadata)
		if r := f.saml.response.Refusable(); r == nil {
			w.Assume(ruleSAMLSignature, "The provider's metadata isn't at hand; what follows holds if the signature is good.")
		} else if w.refuseSAMLSignature(f, r) {
			return false
		}
		f.saml.verified = f.saml.response.OnTrust()
	default:
		w.checkMetadata(f, p)
		verified, r := f.saml.response.Verify(p.Metadata.Keys)
		switch brought := w.verifyWithBrought(f, r); {
		case brought != nil:
			verified = brought
		case r == nil:
			w.passSAMLSignature(verified)
		case w.refuseSAMLSignature(f, r):
			return false
		default:
			verified = f.saml.response.OnTrust()
		}
		f.saml.verified = verified
	}
	if f.saml.verified == nil { // it is still encrypted
		return false
	}
	f.saml.assertion = saml.ReadAssertion(f.saml.verified.Assertion)
	return true
}

// checkMetadata shows whom the metadata describes, and the keys. IAM looks at
// no certificate's dates (IAM guide, "Create a SAML identity provider in
// IAM"), so they only warn.
func (w *walk) checkMetadata(f *facts, p *SAMLProvider) {
	lines := p.Metadata.EntityIDs()
	for i := range p.Metadata.Keys {
		lines = append(lines, keyWords(&p.Metadata.Keys[i]))
	}
	for i := range p.Metadata.Providers {
		for _, e := range p.Metadata.Providers[i].Endpoints {
			lines = append(lines, "sign-on by "+strings.TrimPrefix(e.Binding, "urn:oasis:names:tc:SAML:2.0:bindings:")+": "+e.Location)
		}
	}
	const most = 20 // lines that a reader looks at
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("and %d lines more", len(lines)-most))
	}
	expected, found := "a signing key", strings.Join(lines, "\n")
	warnings := p.Metadata.Warnings(f.at)
	if len(warnings) == 0 {
		w.Pass(ruleMetadata, expected, found, "")
		return
	}
	w.Warn(ruleMetadata, expected, found, strings.Join(warnings, " "))
}

// keyWords is a key of the metadata as a step shows it.
func keyWords(k *saml.Key) string {
	kind := "RSA"
	if _, ec := k.Public.(*ecdsa.PublicKey); ec {
		kind = "EC"
	}
	words := fmt.Sprintf("key %d: %s, %d bits", k.Index+1, kind, k.Bits)
	switch {
	case k.Public == nil:
		words = fmt.Sprintf("key %d can't be used: %s", k.Index+1, k.Problem)
	case !k.NotAfter.IsZero():
		words += ", certificate to " + k.NotAfter.Format("2006-01-02")
	}
	return words
}

func (w *walk) passSAMLSignature(v *saml.Verified) {
	on := make([]string, len(v.Signatures))
	for i := range v.Signatures {
		on[i] = "the " + v.Signatures[i].On + ", " + v.Signatures[i].Method
	}
	expected, found := "a signature of the Response or of the Assertion, or of both", strings.Join(on, "\n")
	if len(v.Warnings) > 0 {
		w.Warn(ruleSAMLSignature, expected, found, strings.Join(v.Warnings, " ")).With(signatureSteps(v.Signatures))
		return
	}
	w.Pass(ruleSAMLSignature, expected, found, "").With(signatureSteps(v.Signatures))
}

// refuseSAMLSignature adds the step of a signature that isn't good; final
// unless the lock is off.
func (w *walk) refuseSAMLSignature(f *facts, r *saml.Refusal) (final bool) {
	parts := signatureSteps(f.saml.response.Signatures())
	if r.Rule.Code != "" && r.Rule.Code != ruleSAMLSignature.Code {
		parts.add(&r.Rule, trace.Failed, "", "", "")
	}
	err := errSAMLSignature
	if r.Reason == saml.Limit {
		err = trace.Playground("NotModelled", "The playground can't check a signature of this form.")
	}
	step := w.refuse(ruleSAMLSignature, err, r).Placed(f.saml.place(r.Line, r.Column)).With(parts)
	final = step.Status == trace.Failed
	if !f.saml.provider.Given {
		return final
	}
	if other := f.otherIssuer(); r.Reason == saml.BadSignature && other != "" {
		step.Why += " The response says that it comes from " + other + ", and the provider's metadata is of " + strings.Join(f.saml.provider.Metadata.EntityIDs(), ", ") + "."
	}
	return final
}

// otherIssuer is what the response, unproven, names as its issuer, where the
// metadata is of another entity.
func (f *facts) otherIssuer() string {
	claimed := f.saml.response.Outer().Issuer
	for _, id := range f.saml.provider.Metadata.EntityIDs() {
		if id == claimed {
			return ""
		}
	}
	return claimed
}

// signatureSteps are the signatures taken apart: for each the digest of the
// signed element, and the signature over it.
func signatureSteps(signatures []saml.Signature) (parts children) {
	for i := range signatures {
		s := &signatures[i]
		a := &s.Anatomy
		status := statusOf(a.DigestGood)
		step := parts.add(ruleSigned, status, a.DigestHash+" in the signature: "+a.Referenced, "computed from the element: "+a.Digest,
			fmt.Sprintf("The %s, without its signature and in canonical form, has %d octets: %s", s.On, len(a.Canonical), shorten(oneLine(a.Canonical))))
		step.Title = s.On + ": " + ruleSigned.Title
		status = statusOf(a.InfoGood)
		found := "recovered from the signature: " + a.Recovered
		switch {
		case a.R != "":
			found = "r: " + a.R + "\ns: " + a.S
		case a.Recovered == "":
			found = "no digest can be recovered from the signature"
		}
		why := "What the key makes of the signature: " + a.Padding + "."
		if a.Padding == "" {
			why = "An ECDSA signature holds no digest; it holds two numbers, r and s, that fit this digest and this key only."
		}
		step = parts.add(ruleSignedInfo, status, a.SignatureHash+" of SignedInfo: "+a.InfoDigest, found, why)
		step.Title = s.On + ": " + ruleSignedInfo.Title
	}
	return parts
}

func statusOf(good bool) trace.Status {
	if good {
		return trace.Passed
	}
	return trace.Failed
}

// oneLine is a text without its line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
