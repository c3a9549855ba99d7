package sts

import (
	"fmt"
	"strings"

	"stsplayground/engine/iam"
)

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
// (GitHub Docs, "OpenID Connect reference", example subject claims), or else by
// their parts; false where they are no such subjects.
func (f *facts) compareSubjects(c *iam.ConditionDecision, wanted, found string) (miss, bool) {
	got, ok := parseSubject(found)
	if !ok {
		return f.compareParts(c, wanted, found)
	}
	says := fmt.Sprintf("The policy wants %s, the token says %s: ", oneOf(nearestFirst(c, found)), found)
	if like(c.Operator, "repo:"+wanted, found) {
		return f.replaceValue(c, wanted, "repo:"+wanted, says+"the policy's value lacks repo: in front.", "Put repo: in front", "Nothing else: no token matched the value as it was."), true
	}
	want, ok := parseSubject(wanted)
	if !ok {
		_, path, isURL := strings.Cut(wanted, "://")
		if _, path, ok = strings.Cut(path, "/"); isURL && ok && like(c.Operator, "repo:"+path, found) {
			return f.replaceValue(c, wanted, "repo:"+path, says+"the repository is owner/name, without an address.", "Leave out the address", "Nothing else: no token matched the value as it was."), true
		}
		return miss{}, false
	}
	mended := "repo:" + got.owner + "/" + got.name + strings.TrimPrefix(wanted, "repo:"+want.owner+"/"+want.name)
	wantOwner, wantName := want.plain()
	gotOwner, gotName := got.plain()
	sameNames := strings.EqualFold(wantOwner, gotOwner) && strings.EqualFold(wantName, gotName)
	var why string
	switch {
	case want.owner == got.owner && want.name == got.name && !isRun(want.rest):
		return f.replaceValue(c, wanted, found, says+whyOtherRun(want.rest, got.rest), "Write the subject as the token does", widensSubject(got)), true
	case want.owner == got.owner && want.name == got.name:
		why = whyOtherRun(want.rest, got.rest)
	case strings.EqualFold(want.owner, got.owner) && strings.EqualFold(want.name, got.name):
		return f.replaceValue(c, wanted, mended, says+"owner or repository differ in letter case only, and the comparison is exact.", "Write owner and repository as the token does", "Nothing else: one spelling replaces another."), true
	case sameNames && !strings.Contains(want.owner+want.name, "@"):
		return f.replaceValue(c, wanted, mended, says+"repositories created, renamed or transferred after July 15, 2026 have immutable subjects with the ids of owner and repository behind an @.", "Write the ids as the token does", "Nothing else: the ids pin the value to one repository."), true
	case sameNames && !strings.Contains(got.owner+got.name, "@"):
		why = "the token's subject has no ids; repositories that weren't created, renamed or transferred after July 15, 2026 have plain subjects."
	case sameNames:
		why = "the names are the same and the ids are not, so it is another owner or repository that has taken the name."
	case strings.EqualFold(want.name, got.name):
		why = "the repository has the right name and another owner, as a fork has."
	case !iam.Like(want.owner, got.owner):
		why = "the token is of a repository of another owner."
	default:
		why = "the token is of another repository."
	}
	return f.alsoAccept(c, found, says+why, widensSubject(got)), true
}

// isRun says whether the rest of a wanted subject has a form that GitHub
// writes, wildcards included.
func isRun(rest string) bool {
	ref, isRef := strings.CutPrefix(rest, "ref:")
	return isRef && (strings.HasPrefix(ref, "refs/") || strings.HasPrefix(ref, "*")) ||
		strings.HasPrefix(rest, "environment:") || rest == "pull_request" || strings.ContainsAny(rest, "*?")
}

// whyOtherRun tells two runs of one repository apart.
func whyOtherRun(want, got string) string {
	environment, inEnvironment := strings.CutPrefix(got, "environment:")
	switch {
	case want == "":
		return "a subject goes on behind the repository, with what ran."
	case strings.HasPrefix(want, "ref:") && !isRun(want):
		return "a ref is written in full, as in ref:refs/heads/main."
	case !isRun(want):
		return "behind the repository stands ref:, environment: or pull_request, and " + want + " is none of them."
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
	case strings.HasPrefix(got, "ref:refs/heads/") && strings.HasPrefix(want, "ref:refs/tags/"):
		return "the run is of a branch, not of a tag."
	case strings.HasPrefix(got, "ref:refs/heads/") && strings.HasPrefix(want, "ref:refs/heads/"):
		return "the run is of another branch."
	}
	return "the repository is the right one, and what ran is not."
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
