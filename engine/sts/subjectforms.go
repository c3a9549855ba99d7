package sts

import (
	"fmt"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// formedProviders are the providers whose subjects have one form unless they
// are customised, by how their condition keys begin, with the form's index and
// the page that describes it. Bitbucket's have braces instead.
var formedProviders = []struct {
	key  string
	form int
	cite trace.Cite
}{
	{"gitlab.com:", 0, trace.Cite{Title: "GitLab: OpenID Connect authentication using ID tokens", URL: "https://docs.gitlab.com/ci/secrets/id_token_authentication/"}},
	{"agent.buildkite.com:", 1, trace.Cite{Title: "Buildkite: buildkite-agent oidc", URL: "https://buildkite.com/docs/agent/v3/cli-oidc"}},
	{"app.terraform.io:", 2, trace.Cite{Title: "HCP Terraform: Workload identity", URL: "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens"}},
	{"oidc.circleci.com/org/", 4, trace.Cite{Title: "CircleCI: Using OpenID Connect tokens in jobs", URL: "https://circleci.com/docs/openid-connect-tokens/"}},
	{"oidc.eks.", 5, trace.Cite{Title: "Amazon EKS: Assign IAM roles to Kubernetes service accounts", URL: docs + "eks/latest/userguide/associate-service-account-role.html"}},
	{"api.bitbucket.org/", noForm, trace.Cite{Title: "Bitbucket: Integrate Pipelines with resource servers using OIDC", URL: "https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/"}},
}

const noForm = -1

// otherSubject judges a subject of a system other than GitHub as its policy
// has it typed; false where nothing is wrong with it.
func otherSubject(d scenario.Document, key string, v *iam.Written) (trace.Finding, bool) {
	for _, p := range formedProviders {
		if !strings.HasPrefix(strings.ToLower(key), p.key) {
			continue
		}
		problem, mended := "", ""
		if p.form != noForm {
			problem, mended = formProblem(subjectForms[p.form], v.Text)
		} else if braced := inBraces(v.Text); braced != v.Text {
			problem, mended = "Bitbucket writes UUIDs in braces", braced
		}
		if problem == "" {
			break
		}
		f := finding(findSubjectForm, trace.SeverityWarning, v.At, fmt.Sprintf("The provider issues no subject like %q unless it is customised: %s.", v.Text, problem))
		f.Cite = p.cite
		if mended != "" {
			f.Fix = patchPolicy(d, []trace.Patch{{Op: "replace", Path: strings.TrimPrefix(v.At.Path, d.Path), Value: mended}})
		}
		return f, true
	}
	return trace.Finding{}, false
}

// formProblem is why no subject of the form is like the text, and how one
// would be; empty where one can. Behind a wildcard anything can stand.
func formProblem(form []string, text string) (problem, mended string) {
	rest := text
	for i, part := range form {
		before, noun, _ := strings.Cut(part, "|")
		wild := strings.IndexAny(rest, "*?")
		at := strings.Index(rest, before)
		switch {
		case i == 0 && at != 0 && (wild < 0 || !strings.HasPrefix(before, rest[:wild])):
			return "such a subject is written " + formText(form), ""
		case wild >= 0 && (at < 0 || wild < at):
			return "", ""
		case at < 0:
			_, last, _ := strings.Cut(form[i-1], "|")
			return "a subject goes on behind the " + last + ", as in " + formText(form), ""
		}
		rest = rest[at+len(before):]
		if name, ok := strings.CutPrefix(rest, "refs/heads/"); ok && noun == "ref" && before == ":ref:" && len(form) == 3 {
			return "the ref is a bare name, without refs/heads/ in front", strings.TrimSuffix(text, rest) + name
		}
	}
	return "", ""
}
