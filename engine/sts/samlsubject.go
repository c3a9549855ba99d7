package sts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/saml"
	"stsplayground/engine/trace"
)

// checkAssertion holds the assertion's values against their types.
func (w *walk) checkAssertion(f *facts) {
	if careless := f.saml.response.ReadCarelessly(); w.isOff(lockReading) && careless != nil && careless.NameID.Value != f.saml.assertion.NameID.Value {
		whole := f.saml.assertion.NameID.Value
		if whole == "" {
			whole = "nothing: something else than text is in it"
		}
		w.failLock(lockReading, ruleAssertion, nil, "NameID: "+whole, "NameID: "+careless.NameID.Value,
			"A comment or an instruction parts the name, and a reader that stops there sees another person's.")
		f.saml.assertion = *careless
		return
	}
	problems := f.saml.assertion.Problems
	issued := f.saml.response.Outer().IssueInstant
	if _, ok := saml.ParseInstant(issued); !ok {
		problem := "IssueInstant of Response is " + quote(shorten(issued)) + ", and SAML writes moments in UTC, as in 2026-04-28T10:30:00Z"
		if issued == "" {
			problem = "the Response has no IssueInstant, which SAML Core §3.2.2 requires"
		}
		problems = append(problems[:len(problems):len(problems)], problem)
	}
	if len(problems) == 0 {
		w.Pass(ruleAssertion, "moments in UTC, text where text belongs", "all as SAML has them", "")
		return
	}
	w.Fail(ruleAssertion, errSAMLResponse, "moments in UTC, text where text belongs", strings.Join(problems, "\n"),
		"The assertion can't be read as SAML has it: "+strings.Join(problems, "; ")+".").AsModelled()
}

// checkSAMLIssuer: the issuer is the entity of the registered metadata, letter
// by letter. The Response may name an issuer too; another one is refused.
func (w *walk) checkSAMLIssuer(f *facts) {
	p, issuer := f.saml.provider, f.saml.assertion.Issuer
	outer := f.saml.response.Outer().Issuer
	if !p.Given || p.Metadata == nil {
		w.Skip("Nothing is known of the provider's metadata, so the issuer "+issuer+" can't be compared.", ruleSAMLIssuer)
		return
	}
	ids := p.Metadata.EntityIDs()
	expected := strings.Join(ids, "\n")
	switch {
	case issuer == "":
		w.Fail(ruleSAMLIssuer, errSAMLIssuer, expected, "no Issuer", "The assertion names no issuer.")
	case !slices.Contains(ids, issuer):
		w.Fail(ruleSAMLIssuer, errSAMLIssuer, expected, issuer, whyIssuer(ids, issuer))
	case outer != "" && outer != issuer:
		w.Fail(ruleSAMLIssuer, errSAMLIssuer, expected, "the Response: "+outer+"\nthe Assertion: "+issuer,
			"The Response names another issuer than the assertion in it.").AsModelled()
	case !f.signedBy(issuer):
		w.Fail(ruleSAMLIssuer, errSAMLIssuer, "a signature by a key of "+issuer, "a signature by a key of another entity of the metadata",
			"The metadata describes several entities, and the key that signed is another's than the issuer's.").AsModelled()
	default:
		w.Pass(ruleSAMLIssuer, expected, issuer, "")
	}
}

// signedBy says whether the keys that verified the response are the issuer's:
// metadata may describe several entities, and none vouches for another.
func (f *facts) signedBy(issuer string) bool {
	_, keys := f.saml.provider.Metadata.Provider(issuer)
	for i := range f.saml.verified.Signatures {
		by := f.saml.verified.Signatures[i].Key
		if !slices.ContainsFunc(keys, func(k saml.Key) bool { return by != nil && k.Index == by.Index }) {
			return false
		}
	}
	return true
}

func whyIssuer(ids []string, issuer string) string {
	for _, id := range ids {
		switch {
		case strings.TrimSpace(issuer) == id:
			return "The assertion's Issuer has white space around it; the comparison with the metadata's entityID is exact."
		case strings.EqualFold(id, issuer):
			return "The metadata's entityID " + id + " and the assertion's Issuer " + issuer + " differ in letter case only; the comparison is exact."
		case strings.TrimSuffix(id, "/") == strings.TrimSuffix(issuer, "/"):
			return "The metadata's entityID " + id + " and the assertion's Issuer " + issuer + " differ in a trailing slash only; the comparison is exact."
		}
	}
	return "The assertion is issued by " + issuer + ", and the provider's metadata is of " + strings.Join(ids, ", ") + "; register the metadata of the application that issued it."
}

// checkNameID: without a NameID the answer is the generic AccessDenied (IAM
// guide, "Troubleshoot SAML federation with IAM").
func (w *walk) checkNameID(f *facts) {
	a := &f.saml.assertion
	switch {
	case !a.HasSubject:
		w.Fail(ruleNameID, accessDenied(f.operation.action), "a Subject with a NameID", "no Subject", "The assertion speaks of nobody: it has no Subject.")
	case !a.NameID.Given && a.NameID.Encrypted:
		w.Fail(ruleNameID, accessDenied(f.operation.action), "a Subject with a NameID", "an EncryptedID", "The subject's identifier is encrypted by itself, which IAM doesn't document; have the identity provider send a NameID, and encrypt the whole assertion if anything.").AsModelled()
	case !a.NameID.Given || a.NameID.Value == "":
		w.Fail(ruleNameID, accessDenied(f.operation.action), "a Subject with a NameID", "no NameID", "The subject has no NameID, and AWS takes no federation without one; map one in the identity provider.")
	default:
		w.Pass(ruleNameID, "a Subject with a NameID", a.NameID.Value+"\n"+subjectType(a.NameID), "The value is saml:sub, the format saml:sub_type.")
	}
}

// checkRecipient wants exactly one bearer confirmation with Recipient and
// NotOnOrAfter (IAM guide, "Configure SAML assertions for the authentication
// response"), and the recipient to be AWS.
func (w *walk) checkRecipient(f *facts) {
	c, problem := bearerOf(f.saml.assertion.Confirmations)
	const expected = "exactly one SubjectConfirmation, bearer, whose data has Recipient and NotOnOrAfter"
	if problem != "" {
		w.Fail(ruleConfirmation, errConfirmation, expected, confirmationsFound(f.saml.assertion.Confirmations), problem).AsModelled()
	} else {
		w.Pass(ruleConfirmation, expected, "one, bearer", "")
	}
	if c == nil || c.Recipient == "" {
		w.Skip("No bearer confirmation names a recipient.", ruleRecipient)
		return
	}
	f.saml.recipient = c.Recipient
	destination := f.saml.response.Outer().Destination
	endpoints := signInEndpoints[f.arn.partition()]
	wanted := endpoints[0] + "/saml\n" + strings.Replace(endpoints[0], "https://", "https://REGION.", 1) + "/saml"
	if f.encryptionRequired() {
		wanted = endpoints[0] + "/saml/acs/IDP-ID"
	}
	if why := f.whyRecipient(c.Recipient); why != "" {
		w.Fail(ruleRecipient, errConfirmation, wanted, c.Recipient, why).AsModelled()
		return
	}
	// SAML Bindings §3.5.5.2: a Destination that is there has to be where the
	// message was received. That AWS looks at it isn't documented.
	if destination != "" && f.whyRecipient(destination) != "" {
		w.Fail(ruleRecipient, errConfirmation, wanted, "Recipient: "+c.Recipient+"\nDestination: "+destination,
			"The Response's Destination is "+destination+", and not AWS's sign-in, although the assertion in it is for AWS.").AsModelled()
		return
	}
	w.Pass(ruleRecipient, wanted, c.Recipient, "This, and not the audience, is what saml:aud compares.")
}

// bearerOf is the bearer confirmation, nil where there is none; problem says
// what is wrong with the confirmations as a whole.
func bearerOf(all []saml.Confirmation) (bearer *saml.Confirmation, problem string) {
	for i := range all {
		if all[i].Method == saml.Bearer && bearer == nil {
			bearer = &all[i]
		}
	}
	switch {
	case len(all) == 0:
		problem = "The subject has no SubjectConfirmation, so nothing says whom the assertion is for and until when; the identity provider has to send one with Recipient and NotOnOrAfter."
	case len(all) > 1:
		problem = fmt.Sprintf("The subject has %d confirmations, and AWS wants exactly one.", len(all))
	case bearer == nil:
		problem = "The confirmation's method is " + all[0].Method + ", and AWS takes bearer assertions only."
	case !bearer.HasData || bearer.Recipient == "" && !bearer.NotOnOrAfter.Given:
		problem = "The confirmation has neither Recipient nor NotOnOrAfter, and AWS requires both."
	case bearer.Recipient == "":
		problem = "The confirmation has no Recipient, and AWS requires one."
	case !bearer.NotOnOrAfter.Given:
		problem = "The confirmation has no NotOnOrAfter, and AWS requires one."
	}
	return bearer, problem
}

func confirmationsFound(all []saml.Confirmation) string {
	lines := make([]string, len(all))
	for i, c := range all {
		lines[i] = c.Method
		if c.Recipient != "" {
			lines[i] += ", Recipient " + c.Recipient
		}
		if c.NotOnOrAfter.Given {
			lines[i] += ", NotOnOrAfter " + c.NotOnOrAfter.Text
		}
	}
	return listOr(lines, "none")
}

// signInEndpoints are the hosts of AWS's sign-in, by partition; each has one
// in every Region besides.
var signInEndpoints = map[string][]string{
	"aws":        {"https://signin.aws.amazon.com"},
	"aws-cn":     {"https://signin.amazonaws.cn"},
	"aws-us-gov": {"https://signin.amazonaws-us-gov.com"},
}

// partition is the ARN's, or that of most accounts where there is none.
func (a roleARN) partition() string {
	if _, known := signInEndpoints[a.Partition]; known {
		return a.Partition
	}
	return "aws"
}

func (f *facts) encryptionRequired() bool {
	return f.saml.provider != nil && f.saml.provider.AssertionEncryptionMode == "Required"
}

// signIn is an endpoint of AWS's sign-in taken apart.
type signIn struct {
	partition, region string // region "" for the global endpoint
	path              string
}

func parseSignIn(text string) (signIn, bool) {
	host, path, _ := strings.Cut(strings.TrimPrefix(text, "https://"), "/")
	for partition, endpoints := range signInEndpoints {
		bare := strings.TrimPrefix(endpoints[0], "https://")
		if host == bare {
			return signIn{partition, "", "/" + path}, strings.HasPrefix(text, "https://")
		}
		if region, ok := strings.CutSuffix(host, "."+bare); ok && isRegion(region) {
			return signIn{partition, region, "/" + path}, strings.HasPrefix(text, "https://")
		}
	}
	return signIn{}, false
}

// regionAreas are what the codes of AWS's Regions begin with.
var regionAreas = []string{"af", "ap", "ca", "cn", "eu", "eusc", "il", "me", "mx", "sa", "us"}

// isRegion says whether a text is formed like a Region's code: us-east-1.
func isRegion(s string) bool {
	parts := strings.Split(s, "-")
	return len(parts) >= 3 && slices.Contains(regionAreas, parts[0]) && !slices.Contains(parts, "") && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && strings.Trim(parts[len(parts)-1], "0123456789") == ""
}

// whyRecipient says why a recipient isn't AWS's sign-in for the role's
// partition; "" where it is.
func (f *facts) whyRecipient(recipient string) string {
	endpoint, ok := parseSignIn(recipient)
	partition := f.arn.partition()
	id, encrypted := strings.CutPrefix(endpoint.path, "/saml/acs/")
	switch {
	case !ok:
		if trimmed := strings.TrimSpace(recipient); trimmed != recipient {
			return "The Recipient has white space around it; the comparison is exact."
		}
		return "The assertion is for " + recipient + ", which is no sign-in endpoint of AWS; an assertion for one service is no good at another."
	case endpoint.partition != partition:
		return "The recipient is the sign-in of the partition " + endpoint.partition + ", and the role is in " + partition + "."
	case partitionOf(endpoint.region) != partition && endpoint.region != "":
		return "The Region " + endpoint.region + " isn't one of the partition " + partition + "."
	case encrypted:
		uuid := f.saml.providerUUID()
		if id == "" || uuid != "" && id != uuid {
			return "The recipient ends with the ID of another SAML provider; this provider's is " + uuid + "."
		}
		return ""
	case f.encryptionRequired():
		return "The provider requires encrypted assertions, and then the recipient is the endpoint that ends with the provider's own ID, /saml/acs/IDP-ID."
	// The path that the guide of 2023 still allowed.
	case endpoint.path == "/saml", endpoint.path == "/static/saml" && endpoint.region == "":
		return ""
	case endpoint.path == "/saml/":
		return "The recipient has a slash at its end that AWS's endpoint doesn't have; the comparison is exact."
	}
	return "The recipient's path is " + endpoint.path + ", and AWS's is /saml."
}

func (s *samlFacts) providerUUID() string {
	if s.provider == nil {
		return ""
	}
	return s.provider.SAMLProviderUUID
}

// audiences are the names that AWS goes by in AudienceRestriction, by
// partition, the usual one first; its sign-in endpoints count as well. Which
// values AWS takes isn't documented: these are those that real assertions have.
var audiences = map[string][]string{
	"aws":        {"urn:amazon:webservices"},
	"aws-cn":     {"urn:amazon:webservices:cn-north-1", "urn:amazon:webservices"},
	"aws-us-gov": {"urn:amazon:webservices:govcloud", "urn:amazon:webservices"},
}

// checkSAMLAudience: each AudienceRestriction has to name AWS (SAML Core
// §2.5.1.4: "multiple <AudienceRestriction> elements … are evaluated
// independently").
func (w *walk) checkSAMLAudience(f *facts) {
	partition := f.arn.partition()
	wanted := audiences[partition]
	expected := strings.Join(wanted, "\n") + "\nor a sign-in endpoint such as " + signInEndpoints[partition][0] + "/saml"
	restrictions := f.saml.assertion.Conditions.Audiences
	var found []string
	for _, list := range restrictions {
		found = append(found, strings.Join(list, ", "))
	}
	if len(restrictions) == 0 {
		w.Fail(ruleSAMLAudience, errSAMLAudience, expected, "no AudienceRestriction", "The assertion names no audience, so it isn't said to be for AWS.").AsModelled()
		return
	}
	for _, list := range restrictions {
		if !slices.ContainsFunc(list, func(a string) bool { return f.isAudience(a) }) {
			w.Fail(ruleSAMLAudience, errSAMLAudience, expected, strings.Join(found, "\n"), whyNotAudience(list, wanted[0])).AsModelled()
			return
		}
	}
	w.Pass(ruleSAMLAudience, expected, strings.Join(found, "\n"), "")
}

func (f *facts) isAudience(a string) bool {
	partition := f.arn.partition()
	endpoint, ok := parseSignIn(a)
	return slices.Contains(audiences[partition], a) || ok && endpoint.partition == partition && (endpoint.path == "/saml" || strings.HasPrefix(endpoint.path, "/saml/acs/"))
}

func whyNotAudience(list []string, wanted string) string {
	for _, a := range list {
		switch {
		case strings.EqualFold(a, wanted):
			return "The audience " + a + " differs from " + wanted + " in letter case only; the comparison is exact."
		case strings.HasPrefix(a, wanted):
			return "The audience " + a + " begins like AWS's " + wanted + " and goes on; the comparison is exact."
		}
	}
	if strings.Join(list, "") == "" {
		return "An AudienceRestriction of the assertion is empty, so it is for nobody; the identity provider's application for AWS has to set the audience " + wanted + "."
	}
	return "The assertion is for " + strings.Join(list, ", ") + "; the identity provider's application for AWS has to set the audience " + wanted + "."
}

// checkSAMLTimes holds the assertion's times against the moment of the call.
// AWS documents the five minutes; no leeway is known beyond.
func (w *walk) checkSAMLTimes(f *facts) {
	a, now := &f.saml.assertion, f.at.Unix()
	t := times{now: now, parts: make(children, 0, 6)}
	t.found = clock(now)
	if a.IssueInstant.Known {
		t.checkRedeemed(a.IssueInstant.Time)
	}
	t.instants(a.Conditions.NotBefore, a.Conditions.NotOnOrAfter, "Conditions")
	for _, c := range a.Confirmations {
		t.instants(c.NotBefore, c.NotOnOrAfter, "SubjectConfirmationData")
	}
	for _, s := range a.Statements {
		f.checkSessionEnd(&t, s.SessionNotOnOrAfter)
	}
	if len(t.parts) == 0 {
		w.Skip("The assertion has no time that can be read.", ruleSAMLExpiry)
		return
	}
	expected, found := "IssueInstant "+instantText(a.IssueInstant)+", Conditions "+instantText(a.Conditions.NotBefore)+" to "+instantText(a.Conditions.NotOnOrAfter), "used at "+t.found
	if t.err != nil {
		w.Fail(ruleSAMLExpiry, t.err, expected, found, t.why).With(t.parts).Modelled = t.err == errSAMLTime
		return
	}
	w.Pass(ruleSAMLExpiry, expected, found, "").With(t.parts)
}

const redeemWithin = 5 * 60 // seconds

// checkRedeemed: "Token must be redeemed within 5 minutes of issuance", AWS's
// own words.
func (t *times) checkRedeemed(issued time.Time) {
	expected, found := "at most 5 minutes after "+moment(issued), t.found
	switch age := t.now - issued.Unix(); {
	case age > redeemWithin:
		t.refuse(ruleRedeemed, errRedeemed, expected, found, "The assertion was issued "+span(age)+" ago, and AWS takes it for five minutes only, whatever its conditions say; sign in anew and call at once.")
	case age < 0:
		t.refuse(ruleRedeemed, errSAMLTime, expected, found, "The assertion claims to be issued "+span(-age)+" from now; the identity provider's clock is ahead.").AsModelled()
	default:
		t.parts.add(ruleRedeemed, trace.Passed, expected, found, "")
	}
}

// instants holds NotBefore and NotOnOrAfter of one element against the moment.
func (t *times) instants(notBefore, notOnOrAfter saml.Instant, element string) {
	if begin := notBefore.Time; notBefore.Known {
		expected := element + ": not before " + moment(begin)
		if t.now < begin.Unix() {
			t.refuse(ruleSAMLNotBefore, errSAMLTime, expected, t.found, "The assertion becomes valid in "+span(begin.Unix()-t.now)+", by NotBefore of its "+element+"; AWS documents no allowance for clocks that differ.").AsModelled()
		} else {
			t.parts.add(ruleSAMLNotBefore, trace.Passed, expected, t.found, "")
		}
	}
	if end := notOnOrAfter.Time; notOnOrAfter.Known {
		expected := element + ": before " + moment(end)
		// SAML Core §2.5.1.2: the assertion is invalid "on or after" that moment.
		if t.now >= end.Unix() {
			t.refuse(ruleNotOnOrAfter, errSAMLTime, expected, t.found, "The assertion expired "+ago(t.now-end.Unix())+", by NotOnOrAfter of its "+element+"; AWS documents no allowance for clocks that differ.").AsModelled()
		} else {
			t.parts.add(ruleNotOnOrAfter, trace.Passed, expected, t.found, "")
		}
	}
}

// checkSessionEnd: the session lasts until DurationSeconds are over or until
// SessionNotOnOrAfter, "whichever is sooner" (STS API reference).
func (f *facts) checkSessionEnd(t *times, end saml.Instant) {
	if !end.Known {
		return
	}
	left := end.Time.Unix() - t.now
	expected := "before " + moment(end.Time)
	if left <= 0 {
		t.refuse(ruleSessionEnd, errSAMLTime, expected, t.found, "The session at the identity provider ended "+ago(-left)+", by SessionNotOnOrAfter.").AsModelled()
		return
	}
	f.endWithin(end.Time.Sub(f.at))
	t.parts.add(ruleSessionEnd, trace.Passed, expected, t.found, "The AWS session ends by then too.")
}

func instantText(i saml.Instant) string {
	switch {
	case !i.Given:
		return "none"
	case !i.Known:
		return i.Text
	}
	return moment(i.Time)
}

// moment is a time of an assertion in words. Other than a token's, one before
// 1970 is a time, too.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
