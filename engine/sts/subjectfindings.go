package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// subjectFindings judge the subjects that a statement wants: patterns that
// take in strangers, and what GitHub never writes.
func subjectFindings(d scenario.Document, s *iam.Statement) (findings []trace.Finding) {
	for i := range s.Conditions {
		c := &s.Conditions[i]
		base := baseOperator(c.Operator)
		if f, open := onlyExcludes(s, c, base); open {
			findings = append(findings, f)
		}
		if base != "StringLike" && base != "StringEquals" || !strings.HasSuffix(strings.ToLower(c.Key), ":sub") {
			continue
		}
		github := strings.HasPrefix(strings.ToLower(c.Key), "token.actions.")
		for j := range c.Values {
			v := &c.Values[j]
			if base == "StringLike" {
				f, wide := wideOwner(c.Key, v)
				if !wide {
					f, wide = wideSubject(v, github)
				}
				if wide {
					findings = append(findings, f)
				}
			}
			if f, odd := otherSubject(d, c.Key, v); odd {
				findings = append(findings, f)
			}
			if problem, mended := subjectForm(v.Text); github && problem != "" {
				f := finding(findSubjectForm, trace.SeverityWarning, v.At, fmt.Sprintf("GitHub issues no subject like %q unless it is customised: %s.", v.Text, problem))
				if mended != "" {
					f.Fix = patchPolicy(d, []trace.Patch{{Op: "replace", Path: strings.TrimPrefix(v.At.Path, d.Path), Value: mended}})
				}
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// onlyExcludes: of a provider that everybody can use, a condition that only
// says whose tokens aren't meant lets in all the others.
func onlyExcludes(s *iam.Statement, c *iam.Condition, base string) (trace.Finding, bool) {
	provider, _, ok := strings.Cut(c.Key, ":")
	key := sharedProviders[strings.ToLower(provider)]
	positive := func(other iam.Condition) bool {
		return strings.EqualFold(other.Key, key) && !strings.Contains(other.Operator, "Not") && isNarrow(&other)
	}
	if !ok || !strings.EqualFold(key, c.Key) || !strings.HasPrefix(base, "StringNot") || slices.ContainsFunc(s.Conditions, positive) {
		return trace.Finding{}, false
	}
	return finding(findWideSubject, trace.SeverityWarning, c.At,
		fmt.Sprintf("%s on %s keeps out only what it names, and lets in everyone else who uses %s; say who is meant, with StringEquals.", c.Operator, c.Key, provider)), true
}

// owners is where the subjects of some providers name whose token it is: what
// stands in front of the name and behind it.
var owners = []struct{ provider, before, after, what, example string }{
	{"token.actions.githubusercontent.com", "repo:", "/", "repositories of every owner on GitHub", "repo:octo-org/octo-repo"},
	{"gitlab.com", "project_path:", "/", "projects of every group on gitlab.com", "project_path:my-group/my-project"},
	{"app.terraform.io", "organization:", ":", "workspaces of every organization of HCP Terraform", "organization:my-org:project:my-project"},
	{"agent.buildkite.com", "organization:", ":", "pipelines of every organization of Buildkite", "organization:my-org:pipeline:my-pipeline"},
	{"oidc.eks.", "system:serviceaccount:", ":", "service accounts of every namespace of the cluster", "system:serviceaccount:my-namespace:my-app"},
}

// wideOwner: a wildcard that comes before the owner is over takes in names
// that strangers have or can take. GitHub's own repo: is left to wideSubject.
func wideOwner(key string, v *iam.Written) (trace.Finding, bool) {
	wild := strings.IndexAny(v.Text, "*?")
	if wild < 0 || strings.Trim(v.Text, "*?") == "" {
		return trace.Finding{}, false
	}
	for _, o := range owners {
		if !strings.HasPrefix(strings.ToLower(key), o.provider) {
			continue
		}
		name, begun := strings.CutPrefix(v.Text[:wild], o.before)
		switch {
		case !begun && !strings.HasPrefix(o.before, v.Text[:wild]):
		case begun && strings.Contains(name, o.after):
		case begun && o.before == "repo:":
		case name != "":
			return finding(findWideSubject, trace.SeverityWarning, v.At,
				fmt.Sprintf("%q takes every name that begins with %s, and others can have one; write it in full, as in %s.", v.Text, name, o.example)), true
		default:
			return finding(findWideSubject, trace.SeverityWarning, v.At,
				fmt.Sprintf("%q takes %s; write the name in full, as in %s.", v.Text, o.what, o.example)), true
		}
	}
	return trace.Finding{}, false
}

// wideSubject: a wildcard in the owner takes in names that are free to take;
// one behind it takes in all that may start a run there.
func wideSubject(v *iam.Written, github bool) (trace.Finding, bool) {
	text, ok := strings.CutPrefix(v.Text, "repo:")
	owner, rest, _ := strings.Cut(text, "/")
	repository, context, hasContext := strings.Cut(rest, ":")
	warn := func(rule trace.Rule, format string, args ...any) (trace.Finding, bool) {
		return finding(rule, trace.SeverityWarning, v.At, fmt.Sprintf(format, args...)), true
	}
	switch wild := strings.IndexAny(owner, "*?"); {
	case !ok:
		return trace.Finding{}, false
	case wild == 0:
		return warn(findWideSubject, "%q takes repositories of every owner on GitHub; write the owner in full, with the slash behind it, as in repo:octo-org/*.", v.Text)
	case wild > 0 && !strings.Contains(owner[:wild], "@"): // an id behind the whole name ends it
		return warn(findWideSubject, "%q takes every owner whose name begins with %s, and anyone can create one; write the owner in full, with the slash behind it, as in repo:%s/*.", v.Text, owner[:wild], owner[:wild])
	case !github || !strings.ContainsAny(rest, "*?"):
		return trace.Finding{}, false
	case strings.ContainsAny(repository, "*?"):
		return warn(findSubjectWildcard, "%q takes every repository of %s that fits, and those still to be created; name the repository.", v.Text, owner)
	case hasContext && strings.HasPrefix(context, "environment:"):
		return warn(findSubjectWildcard, "%q takes every environment that fits, and whoever can write a workflow can name a new one; name the environment.", v.Text)
	case hasContext && strings.HasPrefix(context, "ref:"):
		return warn(findSubjectWildcard, "%q takes every branch or tag that fits, and whoever can push can create one; name the branch, or the environment that protects it.", v.Text)
	}
	return warn(findSubjectWildcard, "%q takes every branch, tag, environment and pull request of the repository; say which, as in repo:%s/%s:ref:refs/heads/main.", v.Text, owner, repository)
}

// contexts are what follows the repository in GitHub's default subjects.
var contexts = []string{"ref", "environment", "pull_request"}

// otherContexts are what people write for them.
var otherContexts = map[string]string{
	"branch": "ref:refs/heads/", "tag": "ref:refs/tags/", "env": "environment:", "environments": "environment:",
	"pull-request": "pull_request", "pull_requests": "pull_request", "pullrequest": "pull_request", "pr": "pull_request",
}

// subjectForm is why GitHub's default subjects never look like that, and how
// one would; empty where they can, or where a customised subject could.
func subjectForm(text string) (problem, mended string) {
	if !strings.HasPrefix(text, "repo:") {
		return subjectBeginning(text)
	}
	name, context, hasContext := strings.Cut(text[len("repo:"):], ":")
	head := text[:len("repo:")+len(name)+1*btoi(hasContext)]
	switch {
	case strings.Contains(name, "//") || strings.HasPrefix(context, "//"):
		return "the repository is owner/name, without an address", ""
	case !strings.Contains(name, "/") && !strings.ContainsAny(name, "*?"):
		return "it lacks the repository behind the owner, as in repo:" + name + "/app:…", ""
	case !hasContext && !strings.HasSuffix(name, "*"):
		return "behind the repository stands what started the run, as in " + text + ":ref:refs/heads/main", ""
	case !hasContext:
		return "", ""
	}
	return subjectContext(head, context)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func subjectBeginning(text string) (problem, mended string) {
	lower := strings.ToLower(text)
	name, _, _ := strings.Cut(text, ":")
	switch {
	case strings.HasPrefix(lower, "repo:"):
		return "it begins with repo: in small letters", "repo:" + text[len("repo:"):]
	case strings.HasPrefix(lower, "https://github.com/"):
		return "it begins with repo: and not with an address", "repo:" + text[len("https://github.com/"):]
	case strings.Count(name, "/") == 1 && !strings.ContainsAny(name, "*?") && !strings.HasPrefix(name, "/") && !strings.HasSuffix(name, "/"):
		return "it begins with repo:", "repo:" + text
	}
	return "", ""
}

// subjectContext judges what follows head, the repository and a colon.
func subjectContext(head, context string) (problem, mended string) {
	word, rest, _ := strings.Cut(context, ":")
	switch {
	case strings.HasPrefix(context, "refs/"):
		return "in front of " + context + " stands ref:", head + "ref:" + context
	case word == "ref":
		return subjectRef(head, rest)
	case word == "pull_request" && rest != "" && strings.Trim(rest, "*") == "":
		return "nothing follows pull_request", head + word
	}
	for _, known := range contexts {
		if word != known && strings.EqualFold(word, known) {
			return known + " is in small letters", head + known + context[len(word):]
		}
	}
	right := otherContexts[strings.ToLower(word)]
	switch {
	case right == "":
		return "", "" // a subject can be customised
	case strings.HasSuffix(right, ":") || strings.HasSuffix(right, "/"):
		return "it writes " + strings.TrimSuffix(right, ":") + " for " + word, head + right + rest
	}
	return "it writes " + right + " for " + word, head + right
}

func subjectRef(head, rest string) (problem, mended string) {
	lower := strings.ToLower(rest)
	switch {
	case strings.HasPrefix(rest, "refs/heads/"), strings.HasPrefix(rest, "refs/tags/"), strings.ContainsAny(rest[:min(len(rest), len("refs/heads/"))], "*?"):
		return "", ""
	case strings.HasPrefix(lower, "refs/heads/"):
		return "refs/heads/ is in small letters", head + "ref:refs/heads/" + rest[len("refs/heads/"):]
	case strings.HasPrefix(lower, "refs/tags/"):
		return "refs/tags/ is in small letters", head + "ref:refs/tags/" + rest[len("refs/tags/"):]
	case strings.HasPrefix(rest, "heads/"), strings.HasPrefix(rest, "tags/"):
		return "a ref begins with refs/", head + "ref:refs/" + rest
	case strings.HasPrefix(lower, "refs/head/"):
		return "a branch's ref begins with refs/heads/", head + "ref:refs/heads/" + rest[len("refs/head/"):]
	case strings.HasPrefix(lower, "refs/tag/"):
		return "a tag's ref begins with refs/tags/", head + "ref:refs/tags/" + rest[len("refs/tag/"):]
	case !strings.HasPrefix(lower, "refs/"):
		return "a ref begins with refs/heads/ or refs/tags/, as in ref:refs/heads/" + rest, ""
	}
	return "", "" // refs/pull/… and other refs
}
