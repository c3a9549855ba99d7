package engine

import (
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// awsWants is what a statement's conditions want of a caller of AssumeRole:
// the first value of each.
type awsWants struct {
	external     string
	session      string // sts:RoleSessionName, perhaps with ${aws:username}
	identity     string // sts:SourceIdentity, likewise
	arn          string // aws:PrincipalArn, perhaps with wildcards
	account      string // aws:PrincipalAccount
	organization string // aws:PrincipalOrgID
	context      []scenario.ContextKey
}

// wantsOf reads the conditions that a caller has to meet. A negated one, or
// one that asks for what the playground derives of the caller itself, is
// left to the evaluation.
func (d *door) wantsOf(s *iam.Statement) (w awsWants) {
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if len(c.Values) == 0 || strings.Contains(c.Base, "Not") || !comparesText(c.Base) && c.Base != "IpAddress" {
			continue
		}
		value := c.Values[0].Text
		if len(value) > longest {
			continue
		}
		key := strings.ToLower(c.Key)
		switch key {
		case "sts:rolesessionname":
			w.session = value
			continue
		case "sts:sourceidentity":
			w.identity = value
			continue
		}
		if value = resolved(value, d.tags); value == "" {
			continue
		}
		switch {
		case key == "sts:externalid":
			w.external = value
		case key == "aws:principalarn":
			w.arn = value
		case key == "aws:principalaccount":
			w.account = value
		case slices.Contains(requestKeys, key) || strings.HasPrefix(key, "aws:principaltag/") || isSource(key) || isOrganization(key):
			if key == "aws:principalorgid" {
				w.organization = value
			}
			address, _, _ := strings.Cut(value, "/")
			if c.Base != "IpAddress" {
				address = filled(value)
			}
			w.context = append(w.context, scenario.ContextKey{Key: c.Key, Values: []string{address}, Multi: c.Set != ""})
		}
	}
	return w
}

// requestKeys are what a caller's request brings besides who the caller is.
var requestKeys = []string{"aws:multifactorauthpresent", "aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:sourcevpce"}

// isSource says whether a key names for whom a service works.
func isSource(key string) bool {
	return slices.Contains([]string{"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}, strings.ToLower(key))
}

func isOrganization(key string) bool {
	return strings.HasPrefix(strings.ToLower(key), "aws:principalorg")
}

// onlyMFA is what of a request's context anybody may bring.
func onlyMFA(context []scenario.ContextKey) (kept []scenario.ContextKey) {
	for _, k := range context {
		if called(k.Key) == "MFA" {
			kept = append(kept, k)
		}
	}
	return kept
}

// called is how a key stands in an identity's name.
func called(key string) string {
	if strings.EqualFold(key, "aws:MultiFactorAuthPresent") {
		return "MFA"
	}
	return key
}

// elsewhere is a service's context when it works for somebody else.
func (d *door) elsewhere(context []scenario.ContextKey) []scenario.ContextKey {
	other := slices.Clone(context)
	for i := range other {
		k := &other[i]
		switch segments := strings.SplitN(k.Values[0], ":", 6); {
		case !isSource(k.Key):
		case len(segments) == 6:
			segments[4] = d.foreignAccount()
			k.Values = []string{strings.Join(segments, ":")}
		case strings.EqualFold(k.Key, "aws:SourceAccount"):
			k.Values = []string{d.foreignAccount()}
		default:
			k.Values = []string{"o-somebodyelse"}
		}
	}
	return other
}

// sessionName is the session name that the statement wants of the caller.
func (w *awsWants) sessionName(caller string) string {
	if name := ofCaller(w.session, caller); sts.IsSessionName(name) {
		return name
	}
	return "who-gets-in"
}

// sourceIdentity is the source identity that the statement wants; "" for none.
func (w *awsWants) sourceIdentity(caller string) string {
	return ofCaller(w.identity, caller)
}

// ofCaller is a wanted name with the caller's own in the place of its
// variable, and its wildcards filled.
func ofCaller(wanted, caller string) string {
	name := caller[strings.LastIndexByte(caller, '/')+1:]
	return filled(strings.ReplaceAll(wanted, "${aws:username}", name))
}

// filled is a value that a pattern takes.
func filled(pattern string) string {
	return strings.NewReplacer("*", "anyone", "?", "x").Replace(pattern)
}
