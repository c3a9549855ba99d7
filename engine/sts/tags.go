package sts

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// The claims that carry what AssumeRoleWithWebIdentity has no parameters for
// (IAM guide, "Pass session tags in AWS STS", "Monitor and control actions
// taken with assumed roles").
const (
	claimTags           = "https://aws.amazon.com/tags"
	claimPrincipalTags  = "https://aws.amazon.com/tags/principal_tags/" // one flattened claim a tag
	claimTransitiveKeys = "https://aws.amazon.com/tags/transitive_tag_keys"
	claimSourceIdentity = "https://aws.amazon.com/source_identity"
	claimRoles          = "https://aws.amazon.com/roles"
)

const maxTags = 50

// tagging is what a token's claims ask STS to put into the session.
type tagging struct {
	Tags       []scenario.Tag // in the token's order
	Transitive []string
}

func (t tagging) keys() []string {
	keys := make([]string, len(t.Tags))
	for i := range keys {
		keys[i] = t.Tags[i].Key
	}
	return keys
}

// readTags reads the nested claim and its flattened form, which exists for
// providers that can't nest. Problems say what is ill-formed.
func readTags(payload *source.Node) (t tagging, problems []string) {
	if nested := payload.Get(claimTags); nested != nil {
		t, problems = readNestedTags(nested)
	}
	for i := range payload.Members {
		m := &payload.Members[i]
		if key, ok := strings.CutPrefix(m.Name, claimPrincipalTags); ok {
			problems = t.add(problems, key, &m.Value)
		}
	}
	if n := payload.Get(claimTransitiveKeys); n != nil {
		problems = t.addTransitive(problems, n)
	}
	return t, problems
}

func readNestedTags(n *source.Node) (t tagging, problems []string) {
	if n.Kind != source.Object {
		return t, []string{claimTags + " is a " + n.Kind.String() + ", not an object"}
	}
	if tags := n.Get("principal_tags"); tags != nil {
		if tags.Kind != source.Object {
			problems = append(problems, "principal_tags is a "+tags.Kind.String()+", not an object")
		}
		for i := range tags.Members {
			problems = t.add(problems, tags.Members[i].Name, &tags.Members[i].Value)
		}
	}
	if keys := n.Get("transitive_tag_keys"); keys != nil {
		problems = t.addTransitive(problems, keys)
	}
	return t, problems
}

// add reads a tag's value: a string, or a list of one string. Multi-valued
// session tags don't exist.
func (t *tagging) add(problems []string, key string, n *source.Node) []string {
	if n.Kind == source.Array && len(n.Items) == 1 {
		n = &n.Items[0]
	}
	if n.Kind != source.String {
		return append(problems, fmt.Sprintf("tag %q is %s, and a tag has one string", key, describe(n)))
	}
	t.Tags = append(t.Tags, scenario.Tag{Key: key, Value: n.Text})
	return problems
}

func (t *tagging) addTransitive(problems []string, n *source.Node) []string {
	for _, item := range itemsOf(n) {
		if item.Kind != source.String {
			problems = append(problems, "transitive_tag_keys holds "+describe(&item)+" where it should hold tag keys")
			continue
		}
		t.Transitive = append(t.Transitive, item.Text)
	}
	return problems
}

func itemsOf(n *source.Node) []source.Node {
	if n.Kind == source.Array {
		return n.Items
	}
	return []source.Node{*n}
}

func describe(n *source.Node) string {
	if n.Kind == source.Array {
		return fmt.Sprintf("a list of %d", len(n.Items))
	}
	return "a " + n.Kind.String()
}

// checkTags holds the token's session tags against the limits of session tags
// (STS API reference, type Tag). The two messages about keys were recorded from
// AssumeRole; that other operations give the same ones is modelled.
func (w *walk) checkTags(payload *source.Node) tagging {
	t, problems := readTags(payload)
	return w.judgeTags(t, problems, errTags)
}

// judgeTags adds the step of the tags that were read; ill is AWS's answer to
// those that aren't well formed.
func (w *walk) judgeTags(t tagging, problems []string, ill *trace.Error) tagging {
	if len(t.Tags) == 0 && len(t.Transitive) == 0 && len(problems) == 0 {
		w.Pass(ruleTags, "session tags, if any, well formed", "no session tags", "")
		return t
	}
	if len(problems) == 0 {
		problems = tagProblems(t.Tags)
		if n := len(t.Transitive); n > maxTags {
			problems = append(problems, fmt.Sprintf("%d transitive tag keys, more than %d", n, maxTags))
		}
	}
	found := "tags: " + strings.Join(t.keys(), ", ")
	expected := "at most 50 tags with keys of 1 to 128 characters, values of at most 256, and no key twice whatever its case"
	switch {
	case len(problems) > 0:
		w.Fail(ruleTags, ill, expected, found, "Not well formed: "+strings.Join(problems, "; ")+".").AsModelled()
	case duplicateKey(t.Tags) != "":
		w.Fail(ruleTags, trace.Sender("InvalidParameterValue", 400, "Duplicate tag keys found. Please note that Tag keys are case insensitive."), expected, found, "The key "+duplicateKey(t.Tags)+" is there twice; letter case makes no difference in tag keys.").Modelled = w.operation != assumeRole
	case strayTransitive(t) != "":
		w.Fail(ruleTags, trace.Sender("InvalidParameterValue", 400, "The specified transitive tag key must be included in the requested tags."), "transitive keys among the tag keys", "transitive: "+strings.Join(t.Transitive, ", "), "The transitive key "+strayTransitive(t)+" is none of the tags.").Modelled = w.operation != assumeRole
	default:
		step := w.Pass(ruleTags, expected, found, "")
		if len(t.Transitive) > 0 {
			step.Why = "Transitive, kept when the session assumes further roles: " + strings.Join(t.Transitive, ", ") + "."
		}
	}
	return t
}

func tagProblems(tags []scenario.Tag) (problems []string) {
	if len(tags) > maxTags {
		problems = append(problems, fmt.Sprintf("%d tags, more than %d", len(tags), maxTags))
	}
	for _, tag := range tags {
		key := fmt.Sprintf("tag key %q", tag.Key)
		if n := utf8.RuneCountInString(tag.Key); n < 1 || n > 128 {
			problems = append(problems, key+" has "+count(int64(n), "character"))
		}
		if len(tag.Key) >= 4 && strings.EqualFold(tag.Key[:4], "aws:") {
			problems = append(problems, key+" begins with aws:, which is reserved")
		}
		if strings.ContainsFunc(tag.Key, notInTag) {
			problems = append(problems, key+" has characters outside letters, numbers, white space and _.:/=+-@")
		}
		if n := utf8.RuneCountInString(tag.Value); n > 256 {
			problems = append(problems, fmt.Sprintf("the value of %q has %d characters", tag.Key, n))
		}
		if strings.ContainsFunc(tag.Value, notInTag) {
			problems = append(problems, fmt.Sprintf("the value of %q has characters outside letters, numbers, white space and _.:/=+-@", tag.Key))
		}
	}
	return problems
}

// notInTag is the complement of [\p{L}\p{Z}\p{N}_.:/=+\-@].
func notInTag(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.Is(unicode.Z, r) && !unicode.IsNumber(r) && !strings.ContainsRune("_.:/=+-@", r)
}

func duplicateKey(tags []scenario.Tag) string {
	for i, tag := range tags {
		if slices.ContainsFunc(tags[:i], func(t scenario.Tag) bool { return strings.EqualFold(t.Key, tag.Key) }) {
			return tag.Key
		}
	}
	return ""
}

func strayTransitive(t tagging) string {
	for _, key := range t.Transitive {
		if !slices.ContainsFunc(t.Tags, func(tag scenario.Tag) bool { return strings.EqualFold(tag.Key, key) }) {
			return key
		}
	}
	return ""
}

// checkSourceIdentity holds the token's source identity against the API's
// constraint: 2 to 64 of [\w+=,.@-], not beginning with aws:.
func (w *walk) checkSourceIdentity(payload *source.Node) string {
	const expected = "2 to 64 characters of [\\w+=,.@-], not beginning with aws:"
	n := payload.Get(claimSourceIdentity)
	if n == nil {
		w.Pass(ruleSourceIdentity, expected+", if there is one", "no source identity", "")
		return ""
	}
	if n.Kind == source.Array && len(n.Items) == 1 {
		n = &n.Items[0]
	}
	problem := "it is " + describe(n)
	if n.Kind == source.String {
		problem = sourceIdentityProblem(n.Text)
	}
	if problem == "" {
		w.Pass(ruleSourceIdentity, expected, n.Text, "It can't be changed for as long as the session or any chained from it lasts.")
		return n.Text
	}
	w.Fail(ruleSourceIdentity, invalidToken(wordingUnknown("The source identity in the token is not valid")), expected, n.Text, "The source identity isn't well formed: "+problem+".").AsModelled()
	return ""
}

func sourceIdentityProblem(s string) string {
	switch length := utf8.RuneCountInString(s); {
	case length < 2 || length > 64:
		return "it has " + count(int64(length), "character")
	case len(s) >= 4 && strings.EqualFold(s[:4], "aws:"):
		return "it begins with aws:, which is reserved"
	case strings.ContainsFunc(s, func(r rune) bool { return !isNameRune(r) }):
		return "it has a character outside [\\w+=,.@-]"
	}
	return ""
}

// checkRolesClaim: an identity provider may list the roles that a token is
// good for, as a list or as text with semicolons; a role that isn't listed is
// refused before any policy is asked (IAM guide, "IAM and AWS STS condition
// context keys", sts:RoleAuthorizedByIdp). The answer is that key's value.
func (w *walk) checkRolesClaim(payload *source.Node, roleArn string) (authorized bool) {
	n := payload.Get(claimRoles)
	if n == nil {
		w.Pass(ruleRolesClaim, roleArn+", if the token lists roles", "the token lists no roles", "sts:RoleAuthorizedByIdp is false.")
		return false
	}
	roles := scalars(n)
	if n.Kind == source.String {
		roles = strings.Split(n.Text, ";")
	}
	for i := range roles {
		roles[i] = strings.TrimSpace(roles[i])
	}
	if slices.Contains(roles, roleArn) {
		w.Pass(ruleRolesClaim, roleArn, strings.Join(roles, "\n"), "sts:RoleAuthorizedByIdp is true.")
		return true
	}
	w.Fail(ruleRolesClaim, errRolesClaim, roleArn, listOr(roles, "an empty list"), "The token's "+claimRoles+" claim lists the roles that it is good for, and RoleArn isn't among them.").AsModelled()
	return false
}

// skipClaims skips the steps that read the claims beyond the registered ones.
func (w *walk) skipClaims(why string) {
	w.Skip(why, ruleTags, ruleSourceIdentity, ruleRolesClaim)
}
