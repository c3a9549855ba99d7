// Package rolesanywhere plays CreateSession of IAM Roles Anywhere: a machine
// outside AWS signs a request with the private key of its X.509 certificate,
// and the service assumes a role for it (IAM Roles Anywhere User Guide).
package rolesanywhere

import (
	"cmp"
	"crypto"
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Service is the principal that trust policies name.
const Service = "rolesanywhere.amazonaws.com"

// Presented is what a request shows of its sender. Signature is over Text;
// without one the certificate was pasted, and nobody here has its key.
type Presented struct {
	Certificates string // PEM, the sender's first
	Text         string
	Algorithm    string
	Signature    []byte
}

// Response is the response of CreateSession.
type Response struct {
	CredentialSet []CredentialSet `json:"credentialSet"`
	SubjectArn    string          `json:"subjectArn"`
}

// CredentialSet is one session.
type CredentialSet struct {
	AssumedRoleUser  AssumedRoleUser `json:"assumedRoleUser"`
	Credentials      Credentials     `json:"credentials"`
	PackedPolicySize *int            `json:"packedPolicySize,omitempty"`
	RoleArn          string          `json:"roleArn"`
	SourceIdentity   string          `json:"sourceIdentity"`
}

// AssumedRoleUser is who the session is.
type AssumedRoleUser struct {
	Arn           string `json:"arn"`
	AssumedRoleID string `json:"assumedRoleId"`
}

// Credentials are temporary.
type Credentials struct {
	AccessKeyID     string `json:"accessKeyId"`
	Expiration      string `json:"expiration"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken"`
}

func denied(message string) *trace.Error { return trace.Sender("AccessDeniedException", 403, message) }

func notFound(what string) *trace.Error {
	return trace.Sender("ResourceNotFoundException", 404, sts.WordingUnknown(what+" not found"))
}

// createSession is one walk.
type createSession struct {
	*trace.Walk
	call    *scenario.Call
	at      time.Time
	region  string
	account *scenario.Account
	anchor  *scenario.TrustAnchor
	profile *scenario.AnywhereProfile
	roots   []*certificate
	chain   []*certificate // the sender's first; nil where it can't be read
	path    []*certificate // from the sender's to the trust anchor's; nil where none leads there
	mapped  mapped
	seconds int64
}

// CreateSession walks one call: parameters, trust anchor, profile,
// certificate, signature, chain, validity, revocation, attributes, session
// name, duration, and the AssumeRole that the service calls in turn. anchorPEM
// gives a trust anchor's certificates. AWS documents no order of the checks.
func CreateSession(world *sts.World, s *scenario.Scenario, c *scenario.Call, presented Presented, anchorPEM func(*scenario.TrustAnchor) string, at time.Time) sts.Result {
	w := &createSession{Walk: &trace.Walk{}, call: c, at: at, region: sts.RegionOr(c.Region)}
	w.checkParameters(presented)
	w.findAnchor(s, anchorPEM)
	w.findProfile(s)
	w.readCertificate(presented)
	w.checkSignature(presented)
	w.checkChain()
	w.checkValidity()
	w.checkRevocation()
	w.mapAttributes()
	name := w.sessionName()
	w.checkDuration(s)
	if w.Err != nil {
		w.Append(sts.SkippedAssumeRole("A check before this one failed."), nil, "", nil)
		return w.refused(sts.Result{})
	}
	return w.assume(world, name)
}

func (w *createSession) checkParameters(presented Presented) {
	const expected = "trustAnchorArn, profileArn, roleArn and a certificate"
	p := &w.call.Session
	var missing []string
	for _, given := range [][2]string{{"trustAnchorArn", p.TrustAnchorArn}, {"profileArn", p.ProfileArn}, {"roleArn", p.RoleArn}, {"certificate", presented.Certificates}} {
		if given[1] == "" {
			missing = append(missing, given[0])
		}
	}
	refuse := func(found, why string) {
		w.Fail(ruleParameters, trace.Sender("ValidationException", 400, sts.WordingUnknown("The input fails to satisfy the constraints")), expected, found, why).AsModelled()
	}
	switch d := p.DurationSeconds; {
	case len(missing) > 0:
		refuse("without "+strings.Join(missing, ", "), "The request lacks "+strings.Join(missing, ", ")+".")
	case d != nil && (*d < 900 || *d > 43200):
		refuse(fmt.Sprintf("durationSeconds: %d", *d), "durationSeconds goes from 900 to 43200.")
	default:
		w.Pass(ruleParameters, expected, "all there", "")
	}
}

// findAnchor looks in every account: the ARN says which one it is of.
func (w *createSession) findAnchor(s *scenario.Scenario, anchorPEM func(*scenario.TrustAnchor) string) {
	arn := w.call.Session.TrustAnchorArn
	for i := range s.Accounts {
		for j := range s.Accounts[i].TrustAnchors {
			if anchor := &s.Accounts[i].TrustAnchors[j]; anchor.TrustAnchorArn == arn && arn != "" {
				w.account, w.anchor = &s.Accounts[i], anchor
			}
		}
	}
	const expected = "a trust anchor that is enabled, in the call's Region"
	switch {
	case w.anchor == nil:
		w.Fail(ruleAnchor, notFound("Trust anchor"), expected, "none", "No account of the scenario has the trust anchor "+cmp.Or(arn, "that the call leaves out")+".").AsModelled()
		return
	case w.anchor.Enabled != nil && !*w.anchor.Enabled:
		w.Fail(ruleAnchor, denied(sts.WordingUnknown("Trust anchor is disabled")), expected, "disabled", "The trust anchor is disabled; aws rolesanywhere enable-trust-anchor.").Placed(&trace.At{Path: w.anchor.Path}).AsModelled()
		return
	case regionOf(arn) != w.region:
		w.Fail(ruleAnchor, notFound("Trust anchor"), "one in "+w.region, "one in "+regionOf(arn), "Trust anchors and profiles are of one Region, and the call goes to another.").AsModelled()
		return
	}
	var problem string
	if w.roots, problem = readCertificates(anchorPEM(w.anchor)); problem != "" {
		w.Fail(ruleAnchor, denied("Untrusted Signing Certificate"), "a certificate authority's certificate", "none that can be read", "The trust anchor has no certificate to check with: "+problem+". Of AWS Private CA nothing is known here but what the scenario says.").Placed(&trace.At{Path: w.anchor.Path}).AsModelled()
		return
	}
	root := w.roots[0]
	if !root.ca || root.keyUsage&keyCertSign == 0 || root.version != 3 {
		w.Fail(ruleAnchor, denied("Untrusted Signing Certificate"), "an X.509v3 certificate with CA: true and the key usage Certificate Sign", root.subject.String(), "The trust anchor's certificate isn't one of an authority as IAM Roles Anywhere wants it.").Placed(&trace.At{Path: w.anchor.Path}).AsModelled()
		return
	}
	w.Pass(ruleAnchor, expected, root.subject.String(), "").Placed(&trace.At{Path: w.anchor.Path})
}

func (w *createSession) findProfile(s *scenario.Scenario) {
	p := &w.call.Session
	var account *scenario.Account
	for i := range s.Accounts {
		for j := range s.Accounts[i].RolesAnywhereProfiles {
			if profile := &s.Accounts[i].RolesAnywhereProfiles[j]; profile.ProfileArn == p.ProfileArn && p.ProfileArn != "" {
				account, w.profile = &s.Accounts[i], profile
			}
		}
	}
	const expected = "an enabled profile of the trust anchor's account that lists the role"
	switch {
	case w.profile == nil:
		w.Fail(ruleProfile, notFound("Profile"), expected, "none", "No account of the scenario has the profile "+cmp.Or(p.ProfileArn, "that the call leaves out")+".").AsModelled()
	case w.profile.Enabled != nil && !*w.profile.Enabled:
		w.Fail(ruleProfile, denied(sts.WordingUnknown("Profile is disabled")), expected, "disabled", "The profile is disabled; aws rolesanywhere enable-profile.").Placed(&trace.At{Path: w.profile.Path}).AsModelled()
	case w.account != nil && account != w.account || regionOf(p.ProfileArn) != w.region:
		w.Fail(ruleProfile, denied(sts.WordingUnknown("Profile and trust anchor don't belong together")), expected, p.ProfileArn, "Trust anchor, profile and role are of one account, and the first two of the call's Region.").AsModelled()
	case !slices.Contains(w.profile.RoleArns, p.RoleArn):
		w.Fail(ruleProfile, denied(sts.WordingUnknown("The profile doesn't list the role")), p.RoleArn, cmp.Or(strings.Join(w.profile.RoleArns[:min(len(w.profile.RoleArns), 30)], ", "), "no roleArns"), "The profile lists which roles can be assumed with it, and this one isn't among them.").Placed(&trace.At{Path: w.profile.Path + "/roleArns"}).AsModelled()
	default:
		w.Pass(ruleProfile, expected, w.profile.ProfileArn, "").Placed(&trace.At{Path: w.profile.Path})
	}
}

// readCertificate holds the sender's certificate against the constraints of
// the trust model.
func (w *createSession) readCertificate(presented Presented) {
	const expected = "X.509v3 with a subject, no authority's, for digital signatures, signed with SHA-256 or stronger"
	if presented.Certificates == "" {
		w.Skip("The request has no certificate.", ruleRead)
		return
	}
	chain, problem := readCertificates(presented.Certificates)
	if problem != "" {
		w.Fail(ruleRead, denied("Untrusted Signing Certificate"), expected, "no certificate", "What the request has in X-Amz-X509 can't be read: "+problem+".").AsModelled()
		return
	}
	c := chain[0]
	w.chain = chain
	for _, broken := range []struct {
		is  bool
		why string
	}{
		{c.version != 3, fmt.Sprintf("it is of version %d, and has to be of version 3", c.version)},
		{len(c.subject) == 0, "its subject is empty, which IAM Roles Anywhere doesn't support yet, whatever alternative names it has"},
		{c.ca, "it is an authority's own (CA: true); a machine's has CA: false"},
		{c.keyUsage&digitalSignature == 0, "its key usage doesn't include Digital Signature"},
		{c.hash == 0, "it is signed with " + c.algorithm + ", and RSA (PKCS #1 v1.5) or ECDSA with SHA-256 or stronger is taken"},
		{c.key == nil, "its key is neither RSA nor ECDSA"},
		{c.unread != "", "its critical extension " + c.unread + " isn't read here, and what is critical has to be understood (RFC 5280 §4.2)"},
	} {
		if broken.is {
			w.Fail(ruleRead, denied("Untrusted Signing Certificate"), expected, cmp.Or(c.subject.String(), "no subject"), "The certificate can't be signed in with: "+broken.why+".").AsModelled()
			return
		}
	}
	w.Pass(ruleRead, expected, c.subject.String()+", serial number "+c.serial, "")
}

// checkSignature verifies what was signed with the certificate's key. Of a
// certificate that was pasted nobody here has the key.
func (w *createSession) checkSignature(presented Presented) {
	switch {
	case w.chain == nil:
		w.Skip("Without a certificate there is no key to check with.", ruleSigned)
	case presented.Signature == nil:
		w.Assume(ruleSigned, "Whether the sender has the certificate's private key can't be told here; what follows holds if it has.")
	case !w.chain[0].verifies(crypto.SHA256, []byte(presented.Text), presented.Signature):
		w.Fail(ruleSigned, denied("Invalid signature"), presented.Algorithm+" by the key of the certificate", "another key's signature", "A certificate is public; what counts is its private key, and this request was signed with another.")
	default:
		w.Pass(ruleSigned, presented.Algorithm+" by the key of the certificate", "a good signature", "")
	}
}

// checkChain goes from the sender's certificate to the trust anchor, by way of
// the intermediate certificates that the request brings along.
func (w *createSession) checkChain() {
	if w.chain == nil || w.roots == nil {
		w.Skip("There is no certificate, or nothing to check it with.", ruleChain)
		return
	}
	leaf := w.chain[0]
	expected, found := "issued by the trust anchor, or by an authority below it", leaf.issuer.String()
	path, why := []*certificate{leaf}, ""
	for at := leaf; len(path) <= len(w.chain); at = path[len(path)-1] {
		root := w.issuerOf(at, w.roots)
		next := root
		if root == nil {
			next = w.issuerOf(at, w.chain[1:])
		}
		switch {
		case next == nil && at.hash == 0:
			why = "The signature of " + at.subject.String() + " is made with " + at.algorithm + ", which isn't taken."
		case next == nil && slices.ContainsFunc(w.roots, func(root *certificate) bool { return root.rawSubject == at.rawIssuer }):
			why = "It says that it was issued by " + at.issuer.String() + ", and the trust anchor of that name didn't sign it: another authority calls itself the same."
		case next == nil && at == leaf && len(w.chain) == 1:
			why = "No certificate of the trust anchor issued this one. Where an authority below it did, the request has to bring that one's certificate along, in X-Amz-X509-Chain."
		case next == nil:
			why = "Neither the trust anchor nor a certificate that the request brings along issued " + at.subject.String() + "."
		case !next.mayIssue(len(path) - 1):
			why = next.subject.String() + " may not issue it: its certificate isn't one of an authority, or allows no authority below it."
		}
		if why != "" {
			break
		}
		if path = append(path, next); root != nil {
			w.path = path
			w.Pass(ruleChain, expected, found, "")
			return
		}
	}
	w.Fail(ruleChain, denied("Untrusted Signing Certificate"), "issued by "+w.roots[0].subject.String(), "issued by "+found, cmp.Or(why, "The certificates that the request brings along don't lead to the trust anchor."))
}

// issuerOf is who issued a certificate; of several certificates of one
// authority, one that is valid now.
func (w *createSession) issuerOf(c *certificate, among []*certificate) (issuer *certificate) {
	for _, other := range among {
		if !other.issued(c) {
			continue
		}
		if other.validAt(w.at) {
			return other
		}
		issuer = other
	}
	return issuer
}

func (w *createSession) checkValidity() {
	if w.chain == nil {
		w.Skip("There is no certificate.", ruleValidity)
		return
	}
	path := w.path
	if path == nil {
		path = w.chain[:1]
	}
	period := func(c *certificate) string { return sts.Timestamp(c.notBefore) + " to " + sts.Timestamp(c.notAfter) }
	for i, c := range path {
		if c.validAt(w.at) {
			continue
		}
		why := "The certificate has expired; have the authority issue another."
		switch {
		case w.at.Before(c.notBefore):
			why = c.subject.String() + " isn't valid yet."
		case i > 0 && i == len(path)-1:
			why = "The trust anchor's own certificate, " + c.subject.String() + ", has expired, and with it everything that it issued; renew it, and call UpdateTrustAnchor."
		case i > 0:
			why = "The certificate of the authority " + c.subject.String() + " has expired, and with it everything that it issued."
		}
		w.Fail(ruleValidity, denied("Untrusted Signing Certificate"), period(c), sts.Timestamp(w.at), why).AsModelled()
		return
	}
	w.Pass(ruleValidity, period(path[0]), sts.Timestamp(w.at), "")
}

// checkRevocation looks into the lists that were imported: "Callbacks to CRL
// Distribution Points (CDPs) or Online Certificate Status Protocol (OCSP)
// endpoints are not supported."
func (w *createSession) checkRevocation() {
	if w.chain == nil || w.account == nil {
		w.Skip("There is no certificate, or no trust anchor.", ruleRevoked)
		return
	}
	serial := w.chain[0].serial
	for i := range w.account.Crls {
		list := &w.account.Crls[i]
		on := list.Enabled == nil || *list.Enabled
		if !on || list.TrustAnchorArn != w.anchor.TrustAnchorArn {
			continue
		}
		for _, revoked := range list.SerialNumbers {
			if strings.EqualFold(strings.TrimLeft(strings.ReplaceAll(revoked, ":", ""), "0"), strings.TrimLeft(serial, "0")) {
				w.Fail(ruleRevoked, denied(sts.WordingUnknown("Revoked certificate")), "not among the serial numbers of "+cmp.Or(list.Name, "the list"), serial, "The authority revoked the certificate, and the list that says so was imported.").Placed(&trace.At{Path: list.Path}).AsModelled()
				return
			}
		}
	}
	w.Pass(ruleRevoked, "in no imported list", serial, "IAM Roles Anywhere asks no OCSP responder and fetches no list by itself.")
}

// mapAttributes makes session tags of the certificate.
func (w *createSession) mapAttributes() {
	if w.chain == nil || w.profile == nil {
		w.Skip("There is no certificate, or no profile.", ruleTags)
		return
	}
	w.mapped = tagsOf(w.chain[0], w.profile.AttributeMappings)
	tags := make([]string, len(w.mapped.tags))
	for i, tag := range w.mapped.tags {
		tags[i] = tag.Key + "=" + tag.Value
	}
	found := cmp.Or(source.Clip(strings.Join(tags, ", ")), "no tags")
	if missing := w.mapped.missing; len(missing) > 0 {
		list := func(field string) string { return "[ " + strings.Join(missing[field], ", ") + " ]" }
		message := "Unable to assume role for " + w.call.Session.RoleArn + ". Some attributes failed to be mapped into session tags. Issuer: " + list("x509Issuer") + "; Subject: " + list("x509Subject") + "; SAN: " + list("x509SAN")
		step := w.Fail(ruleTags, denied(message), "every attribute that the profile maps by name", found, "The profile's attribute mappings name attributes that the certificate doesn't have.").Placed(&trace.At{Path: w.profile.Path + "/attributeMappings"})
		if len(w.mapped.ignored) > 0 {
			step.AsModelled().Why = "The profile's attribute mappings name attributes whose values have characters that session tags can't have, such as parentheses: " + strings.Join(w.mapped.ignored, ", ") + ". Such certificates are refused in real answers; the guide says that such values are ignored, which is taken to be meant of * alone."
		}
		return
	}
	if len(w.mapped.ignored) > 0 {
		w.Warn(ruleTags, "values that session tags can have", found, "Left out, because their values have characters that session tags can't have: "+strings.Join(w.mapped.ignored, ", ")+".")
		return
	}
	w.Pass(ruleTags, "the attributes that the profile maps", found, "")
}

func (w *createSession) sessionName() string {
	const expected = "the serial number in hexadecimal, or a name where the profile takes one"
	p := &w.call.Session
	if w.chain == nil || w.profile == nil {
		w.Skip("There is no certificate, or no profile.", ruleName)
		return ""
	}
	switch {
	case p.RoleSessionName == "":
		w.Pass(ruleName, expected, w.chain[0].serial, "")
		return w.chain[0].serial
	case !w.profile.AcceptRoleSessionName:
		w.Fail(ruleName, denied("Not authorized to set roleSessionName."), expected, p.RoleSessionName, "The profile's acceptRoleSessionName is false, so that a session can't hide its certificate's serial number.").Placed(&trace.At{Path: w.profile.Path})
		return ""
	}
	w.Pass(ruleName, expected, p.RoleSessionName, "The profile takes names of the sender's own choosing, so that the name no longer tells the certificate.")
	return p.RoleSessionName
}

// checkDuration: the shorter of the profile's and the request's counts, and the
// call fails where that is above the role's maximum.
func (w *createSession) checkDuration(s *scenario.Scenario) {
	if w.profile == nil {
		w.Skip("There is no profile.", ruleDuration)
		return
	}
	w.seconds = 3600
	if w.profile.DurationSeconds > 0 {
		w.seconds = w.profile.DurationSeconds
	}
	if d := w.call.Session.DurationSeconds; d != nil {
		w.seconds = min(w.seconds, *d)
	}
	limit := maxDuration(s, w.call.Session.RoleArn)
	expected, found := fmt.Sprintf("at most %d seconds, the role's MaxSessionDuration", limit), fmt.Sprintf("%d seconds", w.seconds)
	if w.seconds > limit {
		w.Fail(ruleDuration, trace.Sender("ValidationException", 400, sts.WordingUnknown("The requested DurationSeconds exceeds the MaxSessionDuration set for this role")), expected, found, "The profile's duration is longer than the role allows, and the service passes it on as it is.").AsModelled()
		return
	}
	w.Pass(ruleDuration, expected, found, "")
}

func maxDuration(s *scenario.Scenario, arn string) int64 {
	for i := range s.Accounts {
		for j := range s.Accounts[i].Roles {
			r := &s.Accounts[i].Roles[j]
			if strings.HasSuffix(arn, "::"+s.Accounts[i].ID+":role"+cmp.Or(r.RolePath, "/")+r.RoleName) && r.MaxSessionDuration > 0 {
				return int64(r.MaxSessionDuration)
			}
		}
	}
	return 3600
}

// assume plays the AssumeRole that the service calls as itself. The tags of
// the certificate are the principal's own, too: trust policies name them as
// aws:PrincipalTag.
func (w *createSession) assume(world *sts.World, name string) sts.Result {
	p := &w.call.Session
	params := scenario.Params{RoleArn: p.RoleArn, RoleSessionName: name, DurationSeconds: &w.seconds, Tags: w.mapped.tags, SourceIdentity: sourceIdentity(w.chain[0]), Policy: w.profile.SessionPolicy}
	for _, arn := range w.profile.ManagedPolicyArns {
		params.PolicyArns = append(params.PolicyArns, scenario.PolicyArn{ARN: arn})
	}
	context := []scenario.ContextKey{{Key: "aws:SourceArn", Values: []string{w.anchor.TrustAnchorArn}}, {Key: "aws:SourceAccount", Values: []string{w.account.ID}}}
	for _, tag := range w.mapped.tags {
		context = append(context, scenario.ContextKey{Key: "aws:PrincipalTag/" + tag.Key, Values: []string{tag.Value}})
	}
	inner := sts.Inside(w.call, "sts:AssumeRole", "service/"+Service, w.call.Region, &params)
	inner.Context = append(context, w.call.Context...)
	r := world.AssumeRole(inner, w.at)
	assumed := r
	w.Append(r.Steps, r.Error, r.Failed, r.Assumed)
	r.Signer, r.Inner = nil, []sts.Inner{{Call: inner, Result: &assumed}}
	if r.Error != nil {
		verdict := "IAM Roles Anywhere can't assume the role. " + r.Verdict
		switch r.Error.Code {
		case "AccessDenied":
			w.Err = denied("Unable to assume role for " + p.RoleArn + ".")
		case "ValidationError":
			// How CreateSession passes on what AssumeRole says isn't documented.
			w.Err = trace.Sender("ValidationException", 400, sts.WordingUnknown(r.Error.Message))
			for i := range w.Steps {
				w.Steps[i].Modelled = w.Steps[i].Modelled || w.Steps[i].Rule == r.Failed
			}
		}
		r = w.refused(r)
		r.Verdict = verdict
		return r
	}
	issued := r.Response.(*sts.AssumeRoleResponse)
	r.Response = &Response{
		CredentialSet: []CredentialSet{{
			AssumedRoleUser:  AssumedRoleUser{issued.AssumedRoleUser.Arn, issued.AssumedRoleUser.AssumedRoleId},
			Credentials:      Credentials{issued.Credentials.AccessKeyId, issued.Credentials.Expiration, issued.Credentials.SecretAccessKey, issued.Credentials.SessionToken},
			PackedPolicySize: issued.PackedPolicySize, RoleArn: p.RoleArn, SourceIdentity: issued.SourceIdentity,
		}},
		SubjectArn: "arn:" + sts.RegionPartition(w.region) + ":rolesanywhere:" + w.region + ":" + w.account.ID + ":subject/" + sts.UUID("subject", w.account.ID, w.chain[0].rawSubject),
	}
	r.Steps, r.Assumed = w.Steps, w.Assumed
	world.Rests(w.call.Name, w.Assumed)
	r.Verdict = "The machine has credentials: " + r.Session.ARN + ", until " + issued.Credentials.Expiration + "."
	if len(w.Assumed) > 0 {
		r.Verdict = "If it has the certificate's private key, t" + strings.TrimPrefix(r.Verdict, "T")
	}
	return r
}

// refused closes a walk that something refused.
func (w *createSession) refused(r sts.Result) sts.Result {
	r.Error, r.Failed, r.Steps, r.Assumed = w.Err, w.Failed, w.Steps, w.Assumed
	r.Verdict = "IAM Roles Anywhere refuses. " + trace.WhyFailed(w.Steps)
	return r
}

func regionOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 5); len(parts) == 5 {
		return parts[3]
	}
	return ""
}
