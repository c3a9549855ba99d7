package idp

import (
	"cmp"
	"strings"
)

// The claims of GitHub's tokens are those of a real token printed by
// github/actions-oidc-debugger, and of GitHub's OpenID Connect reference
// (https://docs.github.com/en/actions/reference/security/oidc). All values
// are strings, but for the three times.

const githubIssuer = "https://token.actions.githubusercontent.com"

var githubClaims = []ProfileClaim{
	{"jti", common("jti")},
	{"sub", "Subject: repo:OWNER/REPO:, then environment:NAME for a job with an environment, else pull_request, else ref:REF"},
	{"aud", "Audience: the owner's URL unless the workflow asks for another, such as sts.amazonaws.com"},
	{"ref", "The git ref that triggered the run"},
	{"sha", "The commit that triggered the run"},
	{"repository", "The repository that the workflow runs in"},
	{"repository_owner", "The person or organization that the repository belongs to"},
	{"repository_owner_id", "The owner's id, which survives a change of name"},
	{"run_id", "Id of the workflow run"},
	{"run_number", "How many times this workflow has run"},
	{"run_attempt", "How many times this run has been started"},
	{"repository_visibility", "public, private or internal"},
	{"repository_id", "The repository's id, which survives a change of name"},
	{"actor_id", "Id of the account that started the run"},
	{"actor", "The account that started the run"},
	{"workflow", "The workflow's name"},
	{"head_ref", "The pull request's source branch, else empty"},
	{"base_ref", "The pull request's target branch, else empty"},
	{"event_name", "The event that triggered the run"},
	{"ref_protected", "Whether a rule protects the ref, as text"},
	{"ref_type", "branch or tag"},
	{"workflow_ref", "The workflow's file, and the ref that it is from"},
	{"workflow_sha", "The commit that the workflow's file is from"},
	{"job_workflow_ref", "The file that defines the job: the reusable workflow's, where the job calls one"},
	{"job_workflow_sha", "The commit that the job's file is from"},
	{"runner_environment", "github-hosted or self-hosted"},
	{"check_run_id", "Id of the job's check run"},
	{"environment", "The environment that the job names, if it names one"},
	{"environment_node_id", "Id of that environment"},
	{"enterprise", "The enterprise that the organization belongs to, if it does"},
	{"enterprise_id", "Id of that enterprise"},
	{"repo_property_*", "A custom property of the repository under its own name, one claim for each that the organization includes"},
	{"iss", common("iss")},
	{"nbf", common("nbf")},
	{"exp", common("exp")},
	{"iat", common("iat")},
}

var githubProfiles = []profile{
	{Profile{
		Name:   "github-actions",
		Title:  "GitHub Actions",
		Issuer: githubIssuer,
		Claims: githubClaims,
	}, func(d *description) map[string]string { return githubRun(d, false) }},
	{Profile{
		Name:   "github-actions-immutable",
		Title:  "GitHub Actions, with ids in the subject",
		Issuer: githubIssuer,
		Claims: githubClaims,
	}, func(d *description) map[string]string { return githubRun(d, true) }},
}

// run is what a workflow run's claims follow from.
type run struct {
	owner, ownerID string
	repo, repoID   string // repo without the owner
	event          string
	ref            string
	head, base     string // branches of a pull request
	environment    string
}

// githubRun derives the claims of one job. Whatever the mint describes is
// taken; the subject, where it is described, tells about the rest; what
// remains open is a push to main.
func githubRun(d *description, immutable bool) map[string]string {
	r := readRun(d)
	repository := r.owner + "/" + r.repo
	sha := d.or("sha", digest("commit", repository, r.ref)[:40])
	workflowRef := d.or("workflow_ref", repository+"/.github/workflows/deploy.yml@"+r.ref)
	jobWorkflowRef := d.or("job_workflow_ref", workflowRef)
	jobWorkflowSHA := sha
	if jobWorkflowRef != workflowRef {
		jobWorkflowSHA = digest("commit", jobWorkflowRef)[:40]
	}
	actor := d.or("actor", "octocat")
	runID := d.or("run_id", decimal(11, "run", d.seed))

	values := texts(
		"jti", uuid("jti", d.seed),
		"sub", r.subject(immutable),
		"aud", githubServer(d.issuer)+"/"+r.owner,
		"ref", r.ref,
		"sha", sha,
		"repository", repository,
		"repository_owner", r.owner,
		"repository_owner_id", r.ownerID,
		"run_id", runID,
		"run_number", "10",
		"run_attempt", "1",
		"repository_visibility", "private",
		"repository_id", r.repoID,
		"actor_id", decimal(7, "actor", actor),
		"actor", actor,
		"workflow", "deploy",
		"head_ref", r.head,
		"base_ref", r.base,
		"event_name", r.event,
		"ref_protected", "false",
		"ref_type", refType(r.ref),
		"workflow_ref", workflowRef,
		"workflow_sha", sha,
		"job_workflow_ref", jobWorkflowRef,
		"job_workflow_sha", jobWorkflowSHA,
		"runner_environment", "github-hosted",
		"check_run_id", decimal(11, "check run", runID),
		"iss", d.issuer,
	)
	values["nbf"] = number(d.at - 300)
	values["exp"] = number(d.at + 300)
	values["iat"] = number(d.at)
	if r.environment != "" {
		values["environment"] = quote(r.environment)
		values["environment_node_id"] = quote("EN_kwDO" + digest("environment", repository, r.environment)[:12])
	}
	if enterprise := d.or("enterprise", githubEnterprise(d.issuer)); enterprise != "" {
		values["enterprise"] = quote(enterprise)
		values["enterprise_id"] = quote(decimal(5, "enterprise", enterprise))
	}
	return values
}

// readRun takes each fact from the claim that states it, else from the
// subject, else from the claims that go along with it.
func readRun(d *description) run {
	r := parseSubject(d.text("sub"))
	if owner, repo, ok := strings.Cut(d.text("repository"), "/"); ok {
		r.owner, r.repo = owner, repo
	}
	r.owner = d.or("repository_owner", cmp.Or(r.owner, "octo-org"))
	r.repo = cmp.Or(r.repo, "octo-repo")
	r.ownerID = d.or("repository_owner_id", cmp.Or(r.ownerID, decimal(6, "owner", r.owner)))
	r.repoID = d.or("repository_id", cmp.Or(r.repoID, decimal(9, "repository", r.owner, r.repo)))
	r.environment = d.or("environment", r.environment)
	r.ref = d.or("ref", r.ref)

	r.event = d.or("event_name", r.event)
	if r.event == "" {
		r.event = "push"
		if d.text("head_ref") != "" || d.text("base_ref") != "" || strings.HasPrefix(r.ref, "refs/pull/") {
			r.event = "pull_request"
		}
	}
	switch r.event { // GITHUB_REF of each (GitHub Docs, "Events that trigger workflows")
	case "pull_request":
		r.head, r.base = d.or("head_ref", "feature"), d.or("base_ref", "main")
		r.ref = cmp.Or(r.ref, "refs/pull/7/merge")
	case "pull_request_target":
		// Such a run belongs to the base repository and to its branch, so
		// that its token says the same as one for a push there.
		r.head, r.base = d.or("head_ref", "feature"), d.or("base_ref", "main")
		r.ref = cmp.Or(r.ref, "refs/heads/"+r.base)
	case "merge_group":
		r.ref = cmp.Or(r.ref, "refs/heads/gh-readonly-queue/main/pr-7-"+digest("commit", r.owner, r.repo)[:40])
	case "release":
		r.ref = cmp.Or(r.ref, "refs/tags/v1.0.0")
	}
	if d.text("ref_type") == "tag" {
		r.ref = cmp.Or(r.ref, "refs/tags/v1.0.0")
	}
	r.ref = cmp.Or(r.ref, "refs/heads/main")
	return r
}

// subject is the default subject. GitHub's reference: the environment goes
// before the pull request, and that before the ref; a colon in a name is
// written %3A.
func (r run) subject(immutable bool) string {
	repository := r.owner + "/" + r.repo
	if immutable {
		repository = r.owner + "@" + r.ownerID + "/" + r.repo + "@" + r.repoID
	}
	switch {
	case r.environment != "":
		return "repo:" + repository + ":environment:" + strings.ReplaceAll(r.environment, ":", "%3A")
	case r.event == "pull_request":
		return "repo:" + repository + ":pull_request"
	}
	return "repo:" + repository + ":ref:" + r.ref
}

// parseSubject reads back what subject writes. A subject of another form
// tells nothing.
func parseSubject(sub string) run {
	var r run
	rest, ok := strings.CutPrefix(sub, "repo:")
	if !ok {
		return r
	}
	repository, context, _ := strings.Cut(rest, ":")
	owner, repo, ok := strings.Cut(repository, "/")
	if !ok {
		return r
	}
	r.owner, r.ownerID, _ = strings.Cut(owner, "@")
	r.repo, r.repoID, _ = strings.Cut(repo, "@")
	if environment, ok := strings.CutPrefix(context, "environment:"); ok {
		r.environment = strings.ReplaceAll(environment, "%3A", ":")
	} else if ref, ok := strings.CutPrefix(context, "ref:"); ok {
		r.ref = ref
	} else if context == "pull_request" {
		r.event = "pull_request"
	}
	return r
}

func refType(ref string) string {
	if strings.HasPrefix(ref, "refs/tags/") {
		return "tag"
	}
	return "branch"
}

// githubServer is the web address that belongs to an issuer: github.com, a
// host of ghe.com, whose issuer is https://token.actions.SUBDOMAIN.ghe.com, or
// a GitHub Enterprise Server, whose issuer is https://HOSTNAME/_services/token.
func githubServer(issuer string) string {
	if host, ok := strings.CutPrefix(issuer, "https://token.actions."); ok && strings.HasSuffix(host, ".ghe.com") {
		return "https://" + host
	}
	if server, ok := strings.CutSuffix(issuer, "/_services/token"); ok {
		return server
	}
	return "https://github.com"
}

// githubEnterprise is the enterprise of an issuer that is an enterprise's own:
// https://token.actions.githubusercontent.com/SLUG.
func githubEnterprise(issuer string) string {
	slug, ok := strings.CutPrefix(issuer, githubIssuer+"/")
	if !ok || strings.Contains(slug, "/") {
		return ""
	}
	return slug
}
