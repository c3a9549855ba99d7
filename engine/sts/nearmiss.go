package sts

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/iam"
	"stsplayground/engine/trace"
)

// miss is how a condition failed, in words, and what would mend it. Edits are
// a JSON Patch on the trust policy.
type miss struct {
	why    string
	title  string
	edits  []trace.Patch
	widens string
}

// whyCondition is the sentence of the condition's miss.
func (f *facts) whyCondition(c *iam.ConditionDecision) string { return f.explainMiss(c).why }

// explainMiss finds the nearest miss of a condition: a key that the request
// doesn't have, an operator that takes * literally, or values that differ in
// a way that people know from CI systems.
func (f *facts) explainMiss(c *iam.ConditionDecision) miss {
	if c.Missing || len(c.Found) == 0 {
		return f.missingKey(c)
	}
	found := c.Found[0]
	if negated(c.Operator) {
		return miss{why: fmt.Sprintf("%s excludes %s, and that is what the request has.", c.Operator, found)}
	}
	var best miss
	for _, wanted := range c.Wanted {
		if m, ok := f.compareValues(c, wanted, found); ok {
			return m
		} else if best.why == "" {
			best = m
		}
	}
	if best.why == "" {
		best.why = c.Why
	}
	return best
}

func negated(operator string) bool { return strings.Contains(operator, "Not") }

// compareValues explains one wanted value against what was found. ok marks a
// near miss with a certain mend; the other miss is the plain difference.
func (f *facts) compareValues(c *iam.ConditionDecision, wanted, found string) (m miss, ok bool) {
	base := baseOperator(c.Operator)
	switch {
	case base == "StringEquals" && strings.ContainsAny(wanted, "*?") && glob(wanted, found):
		return miss{
			why:    fmt.Sprintf("%s compares letter by letter, so the * in %s is just a star; StringLike takes it as a wildcard.", c.Operator, wanted),
			title:  "Compare with StringLike",
			edits:  f.renameOperator(c, strings.Replace(c.Operator, "StringEquals", "StringLike", 1)),
			widens: "Everything that " + wanted + " stands for gets in.",
		}, true
	case wanted != found && strings.EqualFold(wanted, found):
		return f.replaceValue(c, wanted, found,
			fmt.Sprintf("The policy wants %s, the token says %s: they differ in letter case only, and the comparison is exact.", wanted, found),
			"Write the value as the token does", "Nothing else: one spelling replaces another."), true
	case strings.TrimSpace(wanted) == found:
		return f.replaceValue(c, wanted, found, "The policy's value "+quote(wanted)+" has white space around it, the token's has none.",
			"Remove the white space", "Nothing else: no token has that white space."), true
	case strings.TrimSuffix(wanted, "/") == strings.TrimSuffix(found, "/"):
		return f.replaceValue(c, wanted, found, fmt.Sprintf("The policy wants %s, the token says %s: they differ in a trailing slash only.", wanted, found),
			"Write the value as the token does", "Nothing else: one spelling replaces another."), true
	case isKey(c, f.provider.name+":sub"):
		return f.compareSubjects(c, wanted, found)
	}
	return f.alsoAccept(c, found, plainDifference(c, wanted, found), "Every token whose "+c.Key+" is "+found+" then meets this condition."), false
}

// plainDifference says what was wanted and found, and where they part.
func plainDifference(c *iam.ConditionDecision, wanted, found string) string {
	name := c.Key[strings.LastIndexByte(c.Key, ':')+1:]
	return fmt.Sprintf("The policy wants %s %s, the token says %s; they differ from character %d on.", name, wanted, found, firstDifference(wanted, found))
}

// firstDifference counts from 1, in code points.
func firstDifference(a, b string) int {
	n := 1
	for len(a) > 0 && len(b) > 0 {
		ra, size := utf8.DecodeRuneInString(a)
		rb, _ := utf8.DecodeRuneInString(b)
		if ra != rb {
			break
		}
		a, b = a[size:], b[size:]
		n++
	}
	return n
}

// subject is GitHub's sub taken apart: repo:OWNER/NAME:REST.
type subject struct{ owner, name, rest string }

func parseSubject(s string) (subject, bool) {
	s, ok := strings.CutPrefix(s, "repo:")
	repository, rest, _ := strings.Cut(s, ":")
	owner, name, slash := strings.Cut(repository, "/")
	return subject{owner, name, rest}, ok && slash
}

// plain is the name without the ids of an immutable subject (octo-org@123456).
func (s subject) plain() (owner, name string) {
	owner, _, _ = strings.Cut(s.owner, "@")
	name, _, _ = strings.Cut(s.name, "@")
	return owner, name
}

// compareSubjects explains two values of sub by what GitHub means by them
// (GitHub Docs, "OpenID Connect reference", example subject claims).
func (f *facts) compareSubjects(c *iam.ConditionDecision, wanted, found string) (miss, bool) {
	says := fmt.Sprintf("The policy wants %s, the token says %s", wanted, found)
	got, ok := parseSubject(found)
	if !ok {
		return f.alsoAccept(c, found, plainDifference(c, wanted, found), "Every token of this provider with that subject then meets this condition."), false
	}
	if like(c.Operator, "repo:"+wanted, found) {
		return f.replaceValue(c, wanted, "repo:"+wanted, says+": the policy's value lacks repo: in front.", "Put repo: in front", "Nothing else: no token matched the value as it was."), true
	}
	want, ok := parseSubject(wanted)
	if !ok {
		return f.alsoAccept(c, found, plainDifference(c, wanted, found), "Every token with the subject "+found+" then meets this condition."), false
	}
	widens := widensSubject(got)
	wantOwner, wantName := want.plain()
	gotOwner, gotName := got.plain()
	switch {
	case want.owner == got.owner && want.name == got.name:
		return f.alsoAccept(c, found, says+": "+whyOtherRun(want.rest, got.rest), widens), true
	case strings.EqualFold(want.owner, got.owner) && strings.EqualFold(want.name, got.name):
		mended := "repo:" + got.owner + "/" + got.name + strings.TrimPrefix(wanted, "repo:"+want.owner+"/"+want.name)
		return f.replaceValue(c, wanted, mended, says+": owner or repository differ in letter case only, and the comparison is exact.", "Write owner and repository as the token does", "Nothing else: one spelling replaces another."), true
	case strings.EqualFold(wantOwner, gotOwner) && strings.EqualFold(wantName, gotName):
		mended := "repo:" + got.owner + "/" + got.name + strings.TrimPrefix(wanted, "repo:"+want.owner+"/"+want.name)
		return f.replaceValue(c, wanted, mended, says+": repositories created, renamed or transferred after July 15, 2026 have immutable subjects with the ids of owner and repository behind an @.", "Write the ids as the token does", "Nothing else: the ids pin the value to one repository."), true
	case strings.EqualFold(want.name, got.name):
		return f.alsoAccept(c, found, says+": the repository has the right name and another owner, as a fork has.", widens), true
	}
	return f.alsoAccept(c, found, says+": the token is of another repository.", widens), true
}

// whyOtherRun tells two runs of one repository apart.
func whyOtherRun(want, got string) string {
	environment, inEnvironment := strings.CutPrefix(got, "environment:")
	switch {
	case want == "":
		return "a subject goes on behind the repository, with what ran."
	case inEnvironment && strings.HasPrefix(want, "ref:"):
		return "the job runs in the environment " + environment + ", and then the subject names the environment instead of the branch."
	case inEnvironment && strings.HasPrefix(want, "environment:"):
		return "the job runs in another environment."
	case strings.HasPrefix(want, "environment:"):
		return "the job has no environment, so the subject names what triggered it instead."
	case got == "pull_request":
		return "the run was triggered by a pull request, and then the subject names neither branch nor tag."
	case want == "pull_request":
		return "the run wasn't triggered by a pull request."
	case strings.HasPrefix(got, "ref:refs/tags/") && strings.HasPrefix(want, "ref:refs/heads/"):
		return "the run is of a tag, not of a branch."
	case strings.HasPrefix(want, "ref:") && !strings.HasPrefix(want, "ref:refs/"):
		return "a ref is written in full, as in ref:refs/heads/main."
	case strings.HasPrefix(got, "ref:refs/heads/") && strings.HasPrefix(want, "ref:refs/heads/"):
		return "the run is of another branch."
	}
	return "the same repository, and another kind of run."
}

func widensSubject(s subject) string {
	repository := s.owner + "/" + s.name
	environment, inEnvironment := strings.CutPrefix(s.rest, "environment:")
	switch {
	case s.rest == "pull_request":
		return "Every pull request of " + repository + " from its own branches gets in, before anyone has reviewed it."
	case inEnvironment:
		return "Every job of " + repository + " that runs in the environment " + environment + " gets in, of whatever branch the environment's protection rules let through."
	case strings.HasPrefix(s.rest, "ref:"):
		return "Every run of " + repository + " on " + strings.TrimPrefix(s.rest, "ref:") + " gets in, whoever can push there."
	}
	return "Every run of " + repository + " with that subject gets in."
}

// like compares as the operator would.
func like(operator, pattern, value string) bool {
	if baseOperator(operator) == "StringLike" {
		return glob(pattern, value)
	}
	return pattern == value
}

// glob matches * and ? the slow, obvious way round: patterns here are short.
func glob(pattern, value string) bool {
	p, v := []rune(pattern), []rune(value)
	star, mark, i, j := -1, 0, 0, 0
	for j < len(v) {
		switch {
		case i < len(p) && (p[i] == '?' || p[i] == v[j]) && p[i] != '*':
			i++
			j++
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// baseOperator is an operator without set prefix and IfExists.
func baseOperator(operator string) string {
	if _, after, ok := strings.Cut(operator, ":"); ok {
		operator = after
	}
	return strings.TrimSuffix(operator, "IfExists")
}

func isKey(c *iam.ConditionDecision, name string) bool { return strings.EqualFold(c.Key, name) }

// missingKey explains a condition whose key the request doesn't have.
func (f *facts) missingKey(c *iam.ConditionDecision) miss {
	prefix, claim, _ := cutKey(c.Key, f.provider.name)
	switch {
	case prefix == "":
		return f.missingContext(c)
	case !strings.EqualFold(prefix, f.provider.name):
		return f.otherPrefix(c, prefix, claim)
	}
	exposed := keysOf(f.provider.name)
	known := slices.ContainsFunc(exposed, func(k claimKey) bool { return strings.EqualFold(k.key, claim) })
	if known {
		return miss{why: fmt.Sprintf("The policy asks for %s, and the token has no %s claim.", c.Key, claim)}
	}
	list := make([]string, len(exposed))
	for i, k := range exposed {
		list[i] = k.key
	}
	slices.Sort(list)
	return miss{
		why: fmt.Sprintf("%s is no condition key: of this provider's claims AWS turns only %s into keys and ignores the others, so the condition never holds. What works: a subject that contains the value, amr, or session tags (aws:RequestTag) from the claim %s.",
			c.Key, strings.Join(list, ", "), claimTags),
		title: "Check a claim that AWS exposes",
	}
}

// cutKey parts a condition key into provider and claim. Providers and claims
// may hold colons, so the provider at hand is tried first; prefix is "" for
// keys of AWS services.
func cutKey(key, provider string) (prefix, claim string, ok bool) {
	if len(key) > len(provider) && strings.EqualFold(key[:len(provider)], provider) && key[len(provider)] == ':' {
		return key[:len(provider)], key[len(provider)+1:], true
	}
	colon := strings.LastIndexByte(key, ':')
	if colon < 0 {
		return "", key, false
	}
	prefix, claim = key[:colon], key[colon+1:]
	if !strings.Contains(prefix, ".") {
		return "", claim, false
	}
	return prefix, claim, true
}

func (f *facts) otherPrefix(c *iam.ConditionDecision, prefix, claim string) miss {
	bare := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(prefix, "https://"), "http://"), "/.well-known/openid-configuration"), "/")
	key := f.provider.name + ":" + claim
	m := miss{why: fmt.Sprintf("The key %s belongs to another provider; this token's keys begin with %s:.", c.Key, f.provider.name)}
	if strings.EqualFold(bare, strings.TrimSuffix(f.provider.name, "/")) || strings.HasPrefix(f.provider.name, bare+"/") {
		m.why = fmt.Sprintf("The key %s doesn't begin as the provider's keys do: it is the issuer's URL, exactly, without https://, and a colon, as in %s.", c.Key, key)
		m.title = "Write the key as " + key
		m.edits = f.renameKey(c, key)
		m.widens = "Nothing else: the condition begins to check what it was meant to."
	}
	return m
}

func (f *facts) missingContext(c *iam.ConditionDecision) miss {
	lower := strings.ToLower(c.Key)
	switch {
	case strings.HasPrefix(lower, "aws:requesttag/"), strings.HasPrefix(lower, "aws:principaltag/"), lower == "aws:tagkeys":
		return miss{why: fmt.Sprintf("The policy asks for %s, and the token carries no such session tag.", c.Key)}
	case lower == "sts:externalid":
		return miss{why: "sts:ExternalId exists for AssumeRole only; a web identity has no external id."}
	case strings.HasPrefix(lower, "aws:multifactorauth"):
		return miss{why: c.Key + " is never there for a federated identity; the identity provider asks for MFA before it issues the token."}
	case lower == "aws:principalorgid", lower == "aws:principalaccount", lower == "aws:principalarn":
		return miss{why: c.Key + " isn't there for a web identity: the caller is no AWS principal yet."}
	case lower == "sts:sourceidentity":
		return miss{why: "The policy asks for sts:SourceIdentity, and the token has no " + claimSourceIdentity + " claim."}
	}
	return miss{why: fmt.Sprintf("The policy asks for %s, and the request has no such key; the call's context can supply it.", c.Key)}
}
