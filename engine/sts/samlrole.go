package sts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
)

// The attributes that AWS reads (IAM guide, "Configure SAML assertions for the
// authentication response"); their names are compared letter by letter.
const (
	attributePrefix      = "https://aws.amazon.com/SAML/Attributes/"
	attributeRole        = attributePrefix + "Role"
	attributeSessionName = attributePrefix + "RoleSessionName"
	attributeDuration    = attributePrefix + "SessionDuration"
	attributeTag         = attributePrefix + "PrincipalTag:"
	attributeTransitive  = attributePrefix + "TransitiveTagKeys"
	attributeIdentity    = attributePrefix + "SourceIdentity"
)

// valuesOf are the values of all attributes of that name.
func valuesOf(a *saml.Assertion, name string) (values []string) {
	for _, attribute := range a.Named(name) {
		values = append(values, attribute.Values...)
	}
	return values
}

// nearAttribute is the name of an attribute that someone may have meant for
// the wanted one, "" for none.
func nearAttribute(a *saml.Assertion, wanted string) string {
	short := strings.TrimPrefix(wanted, attributePrefix)
	for _, attribute := range a.Attributes {
		name := attribute.Name
		if name != wanted && (strings.EqualFold(strings.TrimSpace(name), wanted) || strings.EqualFold(name, short) ||
			strings.EqualFold(strings.Replace(name, "http://", "https://", 1), wanted)) {
			return name
		}
	}
	return ""
}

// pair is a value of the Role attribute: a role and a provider, in either order.
type pair struct{ role, provider string }

// parsePair reads "role ARN,provider ARN". The guide writes it in that order;
// identity providers send the other one too.
func parsePair(value string) (pair, bool) {
	first, second, ok := strings.Cut(value, ",")
	if !ok || strings.Contains(second, ",") {
		return pair{}, false
	}
	if _, isProvider := parseProviderARN(first); isProvider {
		first, second = second, first
	}
	_, isRole := parseRoleARN(first)
	_, isProvider := parseProviderARN(second)
	return pair{first, second}, isRole && isProvider
}

// checkPair: the call's RoleArn and PrincipalArn have to be one of the pairs
// that the response offers. AWS's text for a pair that isn't there is not
// documented; that for a role that may not be assumed is the generic one.
func (w *walk) checkPair(f *facts) {
	a, p := &f.saml.assertion, &f.call.Params
	values := valuesOf(a, attributeRole)
	expected := p.RoleArn + "," + p.PrincipalArn
	err := accessDenied(f.operation.action)
	if len(values) == 0 {
		why := "The response has no attribute " + attributeRole + ", so it offers no role; the console says of it: Your request included an invalid SAML response."
		if near := nearAttribute(a, attributeRole); near != "" {
			why = "The response has an attribute named " + near + ", and AWS reads " + attributeRole + ", letter by letter."
		}
		w.Fail(rulePair, err, expected, "no Role attribute", why).AsModelled()
		return
	}
	found := strings.Join(values, "\n")
	for _, value := range values {
		if one, ok := parsePair(value); ok && one.role == p.RoleArn && one.provider == p.PrincipalArn {
			step := w.Pass(rulePair, expected, found, "")
			if strings.HasPrefix(value, one.provider) {
				step.Why = "The value has the provider first; AWS's guide has the role first, and real responses have either."
			}
			if len(values) > 1 {
				step.Why = strings.TrimSpace(step.Why + fmt.Sprintf(" The response offers %d roles, and the call chose this one.", len(values)))
			}
			return
		}
	}
	w.Fail(rulePair, err, expected, found, whyNoPair(values, p.RoleArn, p.PrincipalArn)).AsModelled()
}

func whyNoPair(values []string, role, provider string) string {
	for _, value := range values {
		trimmed := strings.Join(strings.Fields(value), "")
		one, ok := parsePair(trimmed)
		switch {
		case !ok:
		case trimmed != value && one.role == role && one.provider == provider:
			return "The value of Role has white space or line breaks in it, as articles print it for reading; AWS wants the two ARNs with a comma between and nothing else."
		case trimmed == value && one.role == role:
			return "The response offers the role with the provider " + one.provider + ", and the call's PrincipalArn is another."
		case trimmed == value && strings.EqualFold(one.role, role):
			return "The response offers " + one.role + ", which differs in letter case; the comparison is exact."
		}
	}
	for _, value := range values {
		if _, ok := parsePair(strings.Join(strings.Fields(value), "")); !ok {
			return "A value of Role isn't a role's ARN and a SAML provider's ARN with a comma between: " + quote(shorten(value)) + "."
		}
	}
	if one, ok := parsePair(values[0]); ok {
		more := ""
		if len(values) > 1 {
			more = fmt.Sprintf(" and %d more", len(values)-1)
		}
		return "The response offers " + one.role + " with " + one.provider + more + ", and the call asks for " + role + "; the identity provider decides which roles it lists for whom."
	}
	return "The response doesn't offer " + role + "; the identity provider decides which roles it lists for whom."
}

// checkSessionName: the session's name comes from the response, and no
// parameter can set it.
func (w *walk) checkSessionName(f *facts) {
	const expected = "one value of [a-zA-Z_0-9+=,.@-]{2,64}"
	a := &f.saml.assertion
	values := valuesOf(a, attributeSessionName)
	switch {
	case len(values) == 0:
		why := "The response has no attribute " + attributeSessionName + ", and nothing else names the session."
		if len(a.Named(attributeSessionName)) > 0 {
			why = "The response has the attribute " + attributeSessionName + " without a value, and nothing else names the session."
		} else if near := nearAttribute(a, attributeSessionName); near != "" {
			why = "The response has an attribute named " + near + ", and AWS reads " + attributeSessionName + ", letter by letter."
		}
		w.Fail(ruleSessionName, errNoSessionName, expected, "none", why)
	case len(values) > 1:
		w.Fail(ruleSessionName, errSessionName, expected, strings.Join(values, "\n"), fmt.Sprintf("RoleSessionName has %d values, and a session has one name.", len(values))).AsModelled()
	default:
		name := values[0]
		if problem := sessionNameProblem(name); problem != "" {
			w.Fail(ruleSessionName, errSessionName, expected, name, "The session can't be named "+quote(shorten(name))+": "+problem+".")
			return
		}
		f.sessionName = name
		w.Pass(ruleSessionName, expected, name, "")
	}
}

func sessionNameProblem(name string) string {
	switch n := utf8.RuneCountInString(name); {
	case n < 2 || n > 64:
		return "it has " + count(int64(n), "character")
	case strings.TrimSpace(name) != name:
		return "it has white space around it"
	case strings.ContainsAny(name, " \t\r\n"):
		return "it has white space in it"
	case strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) }):
		return "it has a character outside [a-zA-Z_0-9+=,.@-]"
	}
	return ""
}

// endWithin lets the session last no longer than d.
func (f *facts) endWithin(d time.Duration) {
	if f.longest == 0 || d < f.longest {
		f.longest = d
	}
}

// checkSessionDuration: the attribute is for the console, and an API call's
// session is shortened by it (STS API reference, DurationSeconds).
func (w *walk) checkSessionDuration(f *facts) {
	const expected = "a whole number of seconds, 900 to 43200"
	values := valuesOf(&f.saml.assertion, attributeDuration)
	if len(values) == 0 {
		w.Pass(ruleSessionDuration, expected+", if there is one", "none", "")
		return
	}
	seconds, err := strconv.ParseInt(values[0], 10, 64)
	switch {
	case len(values) > 1:
		w.Fail(ruleSessionDuration, errSessionLength, expected, strings.Join(values, "\n"), fmt.Sprintf("SessionDuration has %d values.", len(values))).AsModelled()
	case err != nil || strings.Trim(values[0], "0123456789") != "":
		w.Fail(ruleSessionDuration, errSessionLength, expected, values[0], "SessionDuration is "+quote(shorten(values[0]))+", which is no whole number of seconds.").AsModelled()
	case seconds < minDuration || seconds > maxDuration:
		w.Fail(ruleSessionDuration, errSessionLength, expected, values[0], fmt.Sprintf("SessionDuration is %d, and AWS takes %d to %d seconds.", seconds, minDuration, maxDuration)).AsModelled()
	default:
		f.endWithin(time.Duration(seconds) * time.Second)
		w.Pass(ruleSessionDuration, expected, values[0], "A session of the API ends by then too.")
	}
}

// checkSAMLTags reads one attribute a tag, and the keys of those that are
// transitive (IAM guide, "Pass session tags in AWS STS").
func (w *walk) checkSAMLTags(f *facts) {
	var t tagging
	var problems []string
	for _, attribute := range f.saml.assertion.Attributes {
		key, ok := strings.CutPrefix(attribute.Name, attributeTag)
		if !ok {
			continue
		}
		if len(attribute.Values) != 1 {
			problems = append(problems, fmt.Sprintf("tag %q has %d values, and a tag has one", key, len(attribute.Values)))
			continue
		}
		t.Tags = append(t.Tags, scenario.Tag{Key: key, Value: attribute.Values[0]})
	}
	t.Transitive = valuesOf(&f.saml.assertion, attributeTransitive)
	f.tagging = w.judgeTags(t, problems, errSAMLTags)
}

// checkSAMLSourceIdentity: AWS's text has 256 characters and the API's
// constraint 64; the shorter one decides here.
func (w *walk) checkSAMLSourceIdentity(f *facts) {
	const expected = "2 to 64 characters of [a-zA-Z_0-9+=,.@-], not beginning with aws:"
	values := valuesOf(&f.saml.assertion, attributeIdentity)
	if len(values) == 0 {
		w.Pass(ruleSourceIdentity, expected+", if there is one", "no source identity", "")
		return
	}
	if len(values) > 1 {
		w.Fail(ruleSourceIdentity, errSAMLIdentity, expected, strings.Join(values, "\n"), fmt.Sprintf("SourceIdentity has %d values, and a session has one.", len(values))).AsModelled()
		return
	}
	if problem := sourceIdentityProblem(values[0]); problem != "" {
		w.Fail(ruleSourceIdentity, errSAMLIdentity, expected, values[0], "The source identity isn't well formed: "+problem+".")
		return
	}
	f.sourceIdentity = values[0]
	w.Pass(ruleSourceIdentity, expected, values[0], "It can't be changed for as long as the session or any chained from it lasts.")
}

// offered are the pairs of role and provider that the response offers.
func (f *facts) offered() (pairs []pair) {
	for _, value := range valuesOf(&f.saml.assertion, attributeRole) {
		if one, ok := parsePair(value); ok && !slices.Contains(pairs, one) {
			pairs = append(pairs, one)
		}
	}
	return pairs
}
