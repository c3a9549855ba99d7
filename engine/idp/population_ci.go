package idp

import "strings"

// The kinds that run jobs. Claims and subjects are those of the vendors'
// documentation.

func ref(value string) string { return "ref:" + value }

// realOnGitHub says whether GitHub writes such a subject: what ran stands
// behind the repository. An organization can have other subjects, which begin
// with another claim's name and a colon.
func realOnGitHub(parts map[string]string, literal string) bool {
	if literal != "" {
		claim, _, ok := strings.Cut(literal, ":")
		return ok && claim != "repo" && !strings.ContainsAny(claim, "/*?")
	}
	run := parts["run"]
	return run == "pull_request" || strings.HasPrefix(run, "environment:") || strings.HasPrefix(run, "ref:refs/")
}

var githubKind = kind{
	owns: isGitHub, profile: "github-actions", fills: [2]string{"octo-org/octo-repo", "mallory/anything"}, audience: "sts.amazonaws.com", foreign: "api://AzureADTokenExchange",
	claims: []string{"aud", "{aud}"},
	subject: []piece{
		{before: "repo:", name: "owner", fallback: "octo-org", noun: "owner", of: "owner on GitHub", alike: "evil", width: widthAlike},
		{before: "/", name: "repo", fallback: "octo-repo", noun: "repository", of: "repository of {owner}", width: widthPlace - 5},
		{before: ":", name: "run", fallback: "ref:refs/heads/main", noun: "run", of: "run of {owner}/{repo}", width: widthSame + 4,
			usual: []string{"ref:*", "ref:refs/heads/main", "environment:*", "environment:production", "ref:refs/tags/*", "ref:refs/tags/v1.0.0", "ref:refs/tags/v*", "ref:refs/tags/v1.0.0", "ref:refs/heads/release/*", "ref:refs/heads/release/1.0"}},
	},
	who: "{owner}/{repo}, {words:run}", what: "The job that the policy is for.",
	real:  realOnGitHub,
	words: []string{"ref:refs/heads/", "branch ", "ref:refs/tags/", "tag ", "environment:", "environment ", "pull_request", "pull request"},
	reads: []reading{
		{"repository", "owner", func(v string) string { owner, _, _ := strings.Cut(v, "/"); return owner }},
		{"repository", "repo", func(v string) string { _, repo, _ := strings.Cut(v, "/"); return repo }},
		{"repository_owner", "owner", func(v string) string { return v }},
		{"environment", "run", func(v string) string { return "environment:" + v }},
		{"ref", "run", ref},
	},
	pinned: []string{"repository_id", "owner", "repository_id", "repo", "repository_owner_id", "owner", "enterprise_id", "owner"},
	variants: []variant{
		{who: "the branch main", what: "A push to main.", opens: "The branch main of {owner}/{repo}", width: widthDetail, set: []string{"run", "ref:refs/heads/main"}},
		{who: "another branch", what: "A push to any other branch, for which nobody's review is needed.", opens: "Every branch of {owner}/{repo}", width: widthSame + 6, set: []string{"run", "ref:refs/heads/another-branch"}},
		{who: "a branch that begins alike", what: "A push to {branch:run}-2.", opens: "Every branch of {owner}/{repo} whose name begins with {branch:run}", width: widthSame + 2, set: []string{"run", "{run}-2"}},
		{who: "a tag", what: "A push of the tag v1.0.0.", opens: "Every tag such as v1.0.0 of {owner}/{repo}", width: widthSame + 4, set: []string{"run", "ref:refs/tags/v1.0.0"}},
		{who: "a pull request", what: "A pull request from a branch of the repository, before anyone has reviewed it.", opens: "Every pull request of {owner}/{repo}", width: widthSame + 8, set: []string{"run", "pull_request"}},
		{who: "pull_request_target", what: "A pull request, of a fork too, that starts the workflow of main: its subject is that of a push to main.", width: widthDetail, set: []string{"run", "ref:refs/heads/main", "event_name", "pull_request_target"}},
		{who: "the environment production", what: "A job in the environment production, of whatever branch its rules let through.", opens: "Every job of {owner}/{repo} in the environment production", width: widthSame + 3, unless: "ref", set: []string{"run", "environment:production"}},
		{who: "the environment staging", what: "A job in the environment staging.", opens: "Every job of {owner}/{repo} in the environment staging", width: widthSame + 3, unless: "ref", set: []string{"run", "environment:staging"}},
		{who: "a new environment", what: "A workflow makes an environment by naming it, and it has no rules.", opens: "Every job of {owner}/{repo} that names an environment", width: widthSame + 5, unless: "ref", set: []string{"run", "environment:a-new-one"}},
		{who: "a sibling repository", what: "Another repository of the same owner, {owner}/{new:another}.", opens: "Every repository of {owner}", width: widthPlace, set: []string{"repo", "{new:another}"}},
		{who: "a repository that begins alike", what: "{owner}/{repo}-2.", opens: "Every repository of {owner} whose name begins with {repo}", width: widthPlace - 5, set: []string{"repo", "{repo}-2"}},
		{who: "an owner with a like name", what: "Somebody registered {owner}-corp.", opens: "Every owner on GitHub whose name begins with {owner}", width: widthAlike, set: []string{"owner", "{owner}-corp"}},
		{who: "a fork", what: "Somebody's own copy, {new:mallory}/{repo}.", opens: "Every repository named {repo} on GitHub, such as a fork,", width: widthAlike + 5, set: []string{"owner", "{new:mallory}"}},
		{who: "a stranger", what: "Any other repository, {new:mallory}/{new:anything}.", opens: "Every repository on GitHub, whoever owns it,", width: widthAnyone, set: []string{"owner", "{new:mallory}", "repo", "{new:anything}"}},
		{who: "the owner in another letter case", what: "{case:owner}/{repo}, as a token may write it.", width: widthDetail, set: []string{"owner", "{case:owner}"}},
		{who: "the subject with ids", what: "The same repository, if it was created, renamed or transferred after July 15, 2026.", width: widthDetail, set: []string{"owner", "{unnumbered:owner}@{id:owner}", "repo", "{repo}@{id:repo}"}},
		{who: "the subject without ids", what: "The same repository as older ones write it.", width: widthDetail, set: []string{"owner", "{plain:owner}", "repo", "{plain:repo}"}},
		{who: "a name that was taken over", what: "The same names, and the ids of another owner.", width: widthAlike + 5, opens: "Whoever takes over the name {plain:owner}", set: []string{"owner", "{plain:owner}@666", "repo", "{plain:repo}@667"}},
		{who: "a foreign reusable workflow", what: "The job is defined in a workflow of {new:mallory}'s.", width: widthDetail, set: []string{"job_workflow_ref", "{new:mallory}/workflows/.github/workflows/deploy.yml@refs/heads/main"}},
		{who: "the owner's default audience", what: "The workflow asked for no audience, so that it is https://github.com/{owner}.", width: widthDetail, set: []string{"aud", "https://github.com/{owner}"}},
	},
}

var gitlabKind = kind{
	owns: func(issuer string) bool {
		return issuer == "https://gitlab.com" || strings.HasPrefix(issuer, "https://gitlab.")
	}, audience: "https://gitlab.com", foreign: "https://vault.example.com",
	subject: []piece{
		{before: "project_path:", name: "path", fallback: "acme/app", noun: "project", of: "project on this GitLab", width: widthAlike},
		{before: ":ref_type:", name: "type", fallback: "branch", noun: "kind of ref", of: "kind of ref of {path}", width: widthSame},
		{before: ":ref:", name: "ref", fallback: "main", noun: "ref", of: "ref of {path}", width: widthSame + 1, usual: []string{"release/*", "release/1.0", "v*", "v1.0.0"}},
	},
	claims: []string{
		"aud", "{aud}", "namespace_id", "{id:path}", "namespace_path", "{dir:path}", "project_id", "{id:path}", "project_path", "{path}",
		"user_id", "42", "user_login", "dana", "user_email", "dana@example.com", "user_access_level", "maintainer",
		"pipeline_source", "push", "ref", "{ref}", "ref_type", "{type}", "ref_protected", "true", "runner_environment", "gitlab-hosted",
	},
	who: "{path}, {type} {ref}", what: "The job that the policy is for.",
	reads: []reading{
		{"project_path", "path", func(v string) string { return v }},
		{"ref", "ref", func(v string) string { return v }},
		{"ref_type", "type", func(v string) string { return v }},
	},
	pinned: []string{"project_id", "path", "namespace_id", "path"},
	variants: []variant{
		{who: "the same branch, unprotected", what: "Everybody who may push can push to it.", width: widthDetail, set: []string{"ref_protected", "false"}},
		{who: "another branch", what: "An unprotected branch, another-branch.", opens: "Every branch of {path}, protected or not,", width: widthSame + 6, set: []string{"type", "branch", "ref", "another-branch", "ref_protected", "false"}},
		{who: "a branch that begins alike", what: "The branch {ref}-2.", opens: "Every ref of {path} whose name begins with {ref}", width: widthSame + 2, set: []string{"ref", "{ref}-2", "ref_protected", "false"}},
		{who: "a merge request", what: "A pipeline of a merge request from the branch another-branch, before anyone has reviewed it.", opens: "Every merge request of {path}", width: widthSame + 8, set: []string{"type", "branch", "ref", "another-branch", "ref_protected", "false", "pipeline_source", "merge_request_event"}},
		{who: "a tag", what: "The tag v1.0.0.", opens: "Every tag such as v1.0.0 of {path}", width: widthSame + 4, set: []string{"type", "tag", "ref", "v1.0.0"}},
		{who: "a developer", what: "Somebody with fewer rights in the project started the pipeline.", width: widthDetail, set: []string{"user_login", "lee", "user_email", "lee@example.com", "user_id", "43", "user_access_level", "developer"}},
		{who: "a self-hosted runner", what: "Somebody's own machine runs the job.", width: widthDetail, set: []string{"runner_environment", "self-hosted"}},
		{who: "a sibling project", what: "Another project of the same group, {dir:path}/{new:another}.", opens: "Every project of {dir:path}", width: widthPlace, set: []string{"path", "{dir:path}/{new:another}"}},
		{who: "a group with a like name", what: "Somebody's group {dir:path}-corp.", opens: "Every group whose name begins with {dir:path}", width: widthAlike, set: []string{"path", "{dir:path}-corp/{base:path}"}},
		{who: "a fork", what: "Somebody's own copy, {new:mallory}/{base:path}.", opens: "Every project named {base:path}, such as a fork,", width: widthAlike + 5, set: []string{"path", "{new:mallory}/{base:path}"}},
		{who: "a stranger", what: "Any other project, {new:mallory}/anything.", opens: "Every project on this GitLab, whoever owns it,", width: widthAnyone, set: []string{"path", "{new:mallory}/anything"}},
	},
}

// CircleCI has an issuer for each organization.
var circleKind = kind{
	owns: begins("https://oidc.circleci.com/org/"), audience: "11111111-2222-3333-4444-555555555555", foreign: "https://vault.example.com",
	subject: []piece{
		{before: "org/", name: "org", fallback: "11111111-2222-3333-4444-555555555555", noun: "organization", of: "organization on CircleCI", width: widthAlike},
		{before: "/project/", name: "project", fallback: "66666666-7777-8888-9999-000000000000", noun: "project", of: "project of the organization", width: widthPlace},
		{before: "/user/", name: "user", fallback: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", noun: "person", of: "person who may start the project's jobs", width: widthSame},
	},
	claims: []string{"aud", "{aud}", "oidc.circleci.com/project-id", "{project}", "oidc.circleci.com/vcs-origin", "github.com/acme/app", "oidc.circleci.com/vcs-ref", "refs/heads/main"},
	who:    "the project, started by its owner", what: "The job that the policy is for.",
	reads: []reading{{"oidc.circleci.com/project-id", "project", func(v string) string { return v }}},
	variants: []variant{
		{who: "another person", what: "Somebody else started the job.", opens: "Everybody who may start a job of the project", width: widthSame, set: []string{"user", "bbbbbbbb-0000-0000-0000-000000000000"}},
		{who: "another branch", what: "A push to another-branch; the claim vcs-ref is no condition key in AWS.", opens: "Every branch of the project", width: widthSame + 6, set: []string{"oidc.circleci.com/vcs-ref", "refs/heads/another-branch"}},
		{who: "a forked pull request", what: "A pull request of a fork, whose claim vcs-origin is the fork.", opens: "Every pull request of a fork", width: widthSame + 8, set: []string{"oidc.circleci.com/vcs-origin", "github.com/mallory/app", "oidc.circleci.com/vcs-ref", "refs/heads/another-branch"}},
		{who: "a job run again over SSH", what: "Somebody is logged in where the job runs.", width: widthDetail, set: []string{"oidc.circleci.com/ssh-rerun", "true"}},
		{who: "a sibling project", what: "Another project of the same organization.", opens: "Every project of the organization", width: widthPlace, set: []string{"project", "99999999-0000-0000-0000-000000000000"}},
		{who: "another organization", what: "Its tokens come from an issuer of its own.", opens: "Every organization on CircleCI", width: widthAnyone, set: []string{"org", "99999999-9999-9999-9999-999999999999", "@iss", "https://oidc.circleci.com/org/99999999-9999-9999-9999-999999999999"}},
	},
}

var buildkiteKind = kind{
	owns: is("https://agent.buildkite.com"), audience: "sts.amazonaws.com", foreign: "https://buildkite.com/acme-inc",
	subject: []piece{
		{before: "organization:", name: "org", fallback: "acme-inc", noun: "organization", of: "organization on Buildkite", alike: "evil", width: widthAlike},
		{before: ":pipeline:", name: "pipeline", fallback: "app", noun: "pipeline", of: "pipeline of {org}", width: widthPlace - 5},
		{before: ":ref:", name: "ref", fallback: "refs/heads/main", noun: "ref", of: "ref of {pipeline}", width: widthSame + 1, usual: []string{"refs/heads/*", "refs/heads/main", "refs/tags/*", "refs/tags/v1.0.0"}},
		{before: ":commit:", name: "commit", fallback: "9f3182061f1e2cca4702c368cbc039b7dc9d4485", noun: "commit", of: "commit of {pipeline}", width: widthDetail},
		{before: ":step:", name: "step", fallback: "deploy", noun: "step", of: "step of {pipeline}", width: widthSame},
	},
	claims: []string{"aud", "{aud}", "organization_slug", "{org}", "pipeline_slug", "{pipeline}", "build_branch", "main", "build_commit", "{commit}", "step_key", "{step}"},
	who:    "{org}/{pipeline}, {words:ref}", what: "The job that the policy is for.",
	words: []string{"refs/heads/", "branch ", "refs/tags/", "tag "},
	reads: []reading{
		{"organization_slug", "org", func(v string) string { return v }},
		{"pipeline_slug", "pipeline", func(v string) string { return v }},
		{"build_branch", "ref", func(v string) string { return "refs/heads/" + v }},
	},
	pinned: []string{"organization_id", "org", "pipeline_id", "org", "pipeline_id", "pipeline"},
	variants: []variant{
		{who: "another branch", what: "A build of another-branch.", opens: "Every branch of {org}/{pipeline}", width: widthSame + 6, set: []string{"ref", "refs/heads/another-branch", "build_branch", "another-branch"}},
		{who: "a branch that begins alike", what: "A build of {ref}-2.", opens: "Every branch that begins with {ref}", width: widthSame + 2, set: []string{"ref", "{ref}-2", "build_branch", "main-2"}},
		{who: "a tag", what: "A build of the tag v1.0.0.", opens: "Every tag such as v1.0.0 of {org}/{pipeline}", width: widthSame + 4, set: []string{"ref", "refs/tags/v1.0.0", "build_branch", "v1.0.0"}},
		{who: "another commit", what: "The next push to the branch.", width: widthDetail, set: []string{"commit", "0000000000000000000000000000000000000000"}},
		{who: "another step", what: "The step test of the same build.", opens: "Every step of {org}/{pipeline}", width: widthSame, set: []string{"step", "test"}},
		{who: "a sibling pipeline", what: "Another pipeline of the same organization.", opens: "Every pipeline of {org}", width: widthPlace, set: []string{"pipeline", "{new:another}"}},
		{who: "a pipeline that begins alike", what: "{org}/{pipeline}-2.", opens: "Every pipeline of {org} whose name begins with {pipeline}", width: widthPlace - 5, set: []string{"pipeline", "{pipeline}-2"}},
		{who: "an organization with a like name", what: "Somebody's organization {org}-corp.", opens: "Every organization whose name begins with {org}", width: widthAlike, set: []string{"org", "{org}-corp"}},
		{who: "a stranger", what: "Any other organization on Buildkite.", opens: "Every organization on Buildkite", width: widthAnyone, set: []string{"org", "{new:mallory}", "pipeline", "anything"}},
	},
}

var terraformKind = kind{
	owns: is("https://app.terraform.io"), audience: "aws.workload.identity", foreign: "vault.workload.identity",
	subject: []piece{
		{before: "organization:", name: "org", fallback: "acme", noun: "organization", of: "organization on HCP Terraform", alike: "evil", width: widthAlike},
		{before: ":project:", name: "project", fallback: "Default Project", noun: "project", of: "project of {org}", width: widthPlace},
		{before: ":workspace:", name: "workspace", fallback: "production", noun: "workspace", of: "workspace of {org}", width: widthPlace - 5},
		{before: ":run_phase:", name: "phase", fallback: "apply", noun: "phase", of: "phase of {workspace}", width: widthSame},
	},
	claims: []string{"aud", "{aud}", "terraform_organization_name", "{org}", "terraform_project_name", "{project}", "terraform_workspace_name", "{workspace}", "terraform_run_phase", "{phase}"},
	who:    "{org}/{workspace}, {phase}", what: "The run that the policy is for.",
	variants: []variant{
		{who: "a plan", what: "A speculative plan, as a pull request starts one, before anyone has reviewed it.", opens: "Every plan of {workspace}, of a pull request too,", width: widthSame + 8, set: []string{"phase", "plan"}},
		{who: "an apply", what: "An apply of the same workspace.", opens: "Every apply of {workspace}", width: widthSame, set: []string{"phase", "apply"}},
		{who: "another workspace", what: "Another workspace of the same project.", opens: "Every workspace of the project {project}", width: widthPlace - 8, set: []string{"workspace", "{new:another}"}},
		{who: "a workspace that begins alike", what: "{workspace}-2.", opens: "Every workspace of the project {project} whose name begins with {workspace}", width: widthPlace - 10, set: []string{"workspace", "{workspace}-2"}},
		{who: "another project", what: "A workspace of that name in another project of the organization.", opens: "Every project of {org}", width: widthPlace, set: []string{"project", "{new:another}"}},
		{who: "an organization with a like name", what: "Somebody's organization {org}-corp.", opens: "Every organization whose name begins with {org}", width: widthAlike, set: []string{"org", "{org}-corp"}},
		{who: "a stranger", what: "Any other organization on HCP Terraform.", opens: "Every organization on HCP Terraform", width: widthAnyone, set: []string{"org", "{new:mallory}", "project", "anything", "workspace", "anything"}},
	},
}

// Bitbucket's UUIDs are written with their braces.
var bitbucketKind = kind{
	owns: begins("https://api.bitbucket.org/2.0/workspaces/"), audience: "ari:cloud:bitbucket::workspace/11111111-2222-3333-4444-555555555555", foreign: "https://vault.example.com",
	subject: []piece{
		{name: "repository", fallback: "{11111111-aaaa-bbbb-cccc-000000000001}", noun: "repository", of: "repository of the workspace", width: widthPlace},
		{before: ":", name: "run", fallback: "{22222222-aaaa-bbbb-cccc-000000000002}", noun: "step", of: "step of the repository", width: widthSame},
	},
	claims: []string{"aud", "{aud}", "repositoryUuid", "{repository}", "branchName", "main"},
	who:    "the repository, a step on main", what: "The step that the policy is for.",
	reads: []reading{{"repositoryUuid", "repository", func(v string) string { return v }}},
	variants: []variant{
		{who: "another step", what: "Another step, whose UUID nobody can name beforehand.", opens: "Every step of the repository", width: widthSame, set: []string{"run", "{uuid:run}"}},
		{who: "another branch", what: "The claim branchName is no condition key in AWS.", opens: "Every branch of the repository", width: widthSame + 6, set: []string{"branchName", "another-branch"}},
		{who: "a sibling repository", what: "Another repository of the same workspace.", opens: "Every repository of the workspace", width: widthPlace, set: []string{"repository", "{uuid:repository}"}},
		{who: "another workspace", what: "Its tokens come from an issuer of its own.", opens: "Every workspace on Bitbucket", width: widthAnyone, set: []string{"@iss", "https://api.bitbucket.org/2.0/workspaces/mallory/pipelines-config/identity/oidc"}},
	},
}
