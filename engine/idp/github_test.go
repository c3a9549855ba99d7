package idp

import (
	"strings"
	"testing"
)

// triggerClaims are the claims that a trigger decides.
var triggerClaims = []string{
	"sub", "ref", "ref_type", "event_name", "head_ref", "base_ref", "environment",
	"repository", "repository_owner", "workflow_ref", "job_workflow_ref", "aud",
}

func TestGitHubClaimsFollowFromTheTrigger(t *testing.T) {
	const (
		repo     = "acme/app"
		workflow = "acme/app/.github/workflows/deploy.yml@"
	)
	tests := map[string]struct {
		profile, claims string
		want            map[string]any // nothing for a claim: the token hasn't got it
	}{
		"a push to a branch": {"", `{"repository":"acme/app","ref":"refs/heads/main"}`, map[string]any{
			"sub": "repo:acme/app:ref:refs/heads/main", "ref": "refs/heads/main", "ref_type": "branch", "event_name": "push",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/heads/main", "job_workflow_ref": workflow + "refs/heads/main", "aud": "https://github.com/acme",
		}},
		"a tag": {"", `{"repository":"acme/app","ref":"refs/tags/v1.2.3"}`, map[string]any{
			"sub": "repo:acme/app:ref:refs/tags/v1.2.3", "ref": "refs/tags/v1.2.3", "ref_type": "tag", "event_name": "push",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/tags/v1.2.3", "job_workflow_ref": workflow + "refs/tags/v1.2.3", "aud": "https://github.com/acme",
		}},
		"a pull request": {"", `{"repository":"acme/app","event_name":"pull_request"}`, map[string]any{
			"sub": "repo:acme/app:pull_request", "ref": "refs/pull/7/merge", "ref_type": "branch", "event_name": "pull_request",
			"head_ref": "feature", "base_ref": "main", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/pull/7/merge", "job_workflow_ref": workflow + "refs/pull/7/merge", "aud": "https://github.com/acme",
		}},
		"a pull request, known by its source branch": {"", `{"repository":"acme/app","head_ref":"topic"}`, map[string]any{
			"sub": "repo:acme/app:pull_request", "ref": "refs/pull/7/merge", "ref_type": "branch", "event_name": "pull_request",
			"head_ref": "topic", "base_ref": "main", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/pull/7/merge", "job_workflow_ref": workflow + "refs/pull/7/merge", "aud": "https://github.com/acme",
		}},
		"pull_request_target runs on the base branch": {"", `{"repository":"acme/app","event_name":"pull_request_target"}`, map[string]any{
			"sub": "repo:acme/app:ref:refs/heads/main", "ref": "refs/heads/main", "ref_type": "branch", "event_name": "pull_request_target",
			"head_ref": "feature", "base_ref": "main", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/heads/main", "job_workflow_ref": workflow + "refs/heads/main", "aud": "https://github.com/acme",
		}},
		"a release is one of a tag": {"", `{"repository":"acme/app","event_name":"release"}`, map[string]any{
			"sub": "repo:acme/app:ref:refs/tags/v1.0.0", "ref": "refs/tags/v1.0.0", "ref_type": "tag", "event_name": "release",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/tags/v1.0.0", "job_workflow_ref": workflow + "refs/tags/v1.0.0", "aud": "https://github.com/acme",
		}},
		"a tag, known by its type alone": {"", `{"repository":"acme/app","ref_type":"tag"}`, map[string]any{
			"sub": "repo:acme/app:ref:refs/tags/v1.0.0", "ref": "refs/tags/v1.0.0", "ref_type": "tag", "event_name": "push",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/tags/v1.0.0", "job_workflow_ref": workflow + "refs/tags/v1.0.0", "aud": "https://github.com/acme",
		}},
		"an environment hides the branch": {"", `{"repository":"acme/app","ref":"refs/heads/topic","environment":"prod"}`, map[string]any{
			"sub": "repo:acme/app:environment:prod", "ref": "refs/heads/topic", "ref_type": "branch", "event_name": "push", "environment": "prod",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/heads/topic", "job_workflow_ref": workflow + "refs/heads/topic", "aud": "https://github.com/acme",
		}},
		"an environment goes before the pull request": {"", `{"repository":"acme/app","event_name":"pull_request","environment":"preview"}`, map[string]any{
			"sub": "repo:acme/app:environment:preview", "ref": "refs/pull/7/merge", "ref_type": "branch", "event_name": "pull_request", "environment": "preview",
			"head_ref": "feature", "base_ref": "main", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/pull/7/merge", "job_workflow_ref": workflow + "refs/pull/7/merge", "aud": "https://github.com/acme",
		}},
		"a colon in an environment's name is written %3A": {"", `{"repository":"acme/app","environment":"prod:eu"}`, map[string]any{
			"sub": "repo:acme/app:environment:prod%3Aeu", "ref": "refs/heads/main", "ref_type": "branch", "event_name": "push", "environment": "prod:eu",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/heads/main", "job_workflow_ref": workflow + "refs/heads/main", "aud": "https://github.com/acme",
		}},
		"a reusable workflow": {"", `{"repository":"acme/app","job_workflow_ref":"acme/ci/.github/workflows/aws.yml@refs/tags/v2"}`, map[string]any{
			"sub": "repo:acme/app:ref:refs/heads/main", "ref": "refs/heads/main", "ref_type": "branch", "event_name": "push",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/heads/main", "job_workflow_ref": "acme/ci/.github/workflows/aws.yml@refs/tags/v2", "aud": "https://github.com/acme",
		}},
		"the immutable subject has the ids": {"github-actions-immutable", `{"repository":"octo-org/octo-repo","repository_owner_id":"123456","repository_id":"456789"}`, map[string]any{
			"sub": "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main", "ref": "refs/heads/main", "ref_type": "branch", "event_name": "push",
			"head_ref": "", "base_ref": "", "repository": "octo-org/octo-repo", "repository_owner": "octo-org",
			"workflow_ref":     "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main",
			"job_workflow_ref": "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main", "aud": "https://github.com/octo-org",
		}},
		"a subject with a branch tells the rest": {"", `{"sub":"repo:acme/app:ref:refs/heads/release"}`, map[string]any{
			"sub": "repo:acme/app:ref:refs/heads/release", "ref": "refs/heads/release", "ref_type": "branch", "event_name": "push",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/heads/release", "job_workflow_ref": workflow + "refs/heads/release", "aud": "https://github.com/acme",
		}},
		"a subject with a pull request tells the rest": {"", `{"sub":"repo:acme/app:pull_request"}`, map[string]any{
			"sub": "repo:acme/app:pull_request", "ref": "refs/pull/7/merge", "ref_type": "branch", "event_name": "pull_request",
			"head_ref": "feature", "base_ref": "main", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/pull/7/merge", "job_workflow_ref": workflow + "refs/pull/7/merge", "aud": "https://github.com/acme",
		}},
		"a subject with an environment tells the rest": {"", `{"sub":"repo:acme/app:environment:prod%3Aeu"}`, map[string]any{
			"sub": "repo:acme/app:environment:prod%3Aeu", "ref": "refs/heads/main", "ref_type": "branch", "event_name": "push", "environment": "prod:eu",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/heads/main", "job_workflow_ref": workflow + "refs/heads/main", "aud": "https://github.com/acme",
		}},
		"a subject of an author's own form tells nothing": {"", `{"sub":"job_workflow_ref:acme/ci","repository":"acme/app"}`, map[string]any{
			"sub": "job_workflow_ref:acme/ci", "ref": "refs/heads/main", "ref_type": "branch", "event_name": "push",
			"head_ref": "", "base_ref": "", "repository": repo, "repository_owner": "acme",
			"workflow_ref": workflow + "refs/heads/main", "job_workflow_ref": workflow + "refs/heads/main", "aud": "https://github.com/acme",
		}},
		"described claims win even where they disagree": {"", `{"sub":"repo:Acme/app:pull_request","event_name":"push","ref":"refs/heads/main","aud":"sts.amazonaws.com"}`, map[string]any{
			"sub": "repo:Acme/app:pull_request", "ref": "refs/heads/main", "ref_type": "branch", "event_name": "push",
			"head_ref": "", "base_ref": "", "repository": "Acme/app", "repository_owner": "Acme",
			"workflow_ref":     "Acme/app/.github/workflows/deploy.yml@refs/heads/main",
			"job_workflow_ref": "Acme/app/.github/workflows/deploy.yml@refs/heads/main", "aud": "sts.amazonaws.com",
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.profile == "" {
				tt.profile = "github-actions"
			}
			_, claims, findings := mintedText(t, described(t, tt.profile, tt.claims, ""))
			if len(findings) > 0 {
				t.Errorf("got findings %v, want none", findings)
			}
			for _, name := range triggerClaims {
				if got, want := claim(t, claims, name), tt.want[name]; got != want {
					t.Errorf("%s: got %v, want %v", name, got, want)
				}
			}
		})
	}
}

func TestAGitHubTokenHasEveryClaimOfARealOne(t *testing.T) {
	_, got, _ := mintedText(t, described(t, "github-actions", `{"repository":"acme/app","environment":"prod","enterprise":"acme-inc"}`, ""))
	for _, c := range githubClaims {
		value := claim(t, got, c.Name)
		if strings.HasSuffix(c.Name, "*") {
			continue // a family of claims of the organization's own
		}
		switch value.(type) {
		case string:
		case float64:
			if c.Name != "iat" && c.Name != "nbf" && c.Name != "exp" {
				t.Errorf("%s is a number, want a string as in all but the times", c.Name)
			}
		default:
			t.Errorf("%s: got %v, want a string", c.Name, value)
		}
	}
	const want = `{"jti":"ca45f0c5-d5fa-875e-8feb-a597f80c9fb2","sub":"repo:acme/app:environment:prod","aud":"https://github.com/acme",` +
		`"ref":"refs/heads/main","sha":"f0cc35301900ec053b3aad2ed9510c85d09cb9fb","repository":"acme/app",` +
		`"repository_owner":"acme","repository_owner_id":"134552","run_id":"18745049268","run_number":"10","run_attempt":"1",` +
		`"repository_visibility":"private","repository_id":"361269603","actor_id":"4530277","actor":"octocat",` +
		`"workflow":"deploy","head_ref":"","base_ref":"","event_name":"push","ref_protected":"false","ref_type":"branch",` +
		`"workflow_ref":"acme/app/.github/workflows/deploy.yml@refs/heads/main",` +
		`"workflow_sha":"f0cc35301900ec053b3aad2ed9510c85d09cb9fb",` +
		`"job_workflow_ref":"acme/app/.github/workflows/deploy.yml@refs/heads/main",` +
		`"job_workflow_sha":"f0cc35301900ec053b3aad2ed9510c85d09cb9fb","runner_environment":"github-hosted",` +
		`"check_run_id":"13078323620","environment":"prod","environment_node_id":"EN_kwDO5a029fe6dea7","enterprise":"acme-inc",` +
		`"enterprise_id":"92540","iss":"https://token.actions.githubusercontent.com","nbf":1777371900,"exp":1777372500,` +
		`"iat":1777372200}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestGitHubTimes(t *testing.T) {
	_, claims, _ := mintedText(t, described(t, "github-actions", `{"iat":"-1m"}`, ""))
	iat := float64(moment.Unix() - 60)
	for name, want := range map[string]float64{"iat": iat, "nbf": iat - 300, "exp": iat + 300} {
		if got := claim(t, claims, name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestTheAudienceIsTheOwnersPageOnTheIssuersServer(t *testing.T) {
	tests := map[string]struct{ issuer, aud, enterprise string }{
		"github.com":               {"https://token.actions.githubusercontent.com", "https://github.com/acme", ""},
		"an enterprise's issuer":   {"https://token.actions.githubusercontent.com/acme-inc", "https://github.com/acme", "acme-inc"},
		"a host of ghe.com":        {"https://token.actions.octo.ghe.com", "https://octo.ghe.com/acme", ""},
		"GitHub Enterprise Server": {"https://git.acme.example/_services/token", "https://git.acme.example/acme", ""},
		"something unreadable":     {"https://%zz", "https://github.com/acme", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m := described(t, "github-actions", `{"repository":"acme/app"}`, "")
			m.Issuer = tt.issuer
			_, claims, _ := mintedText(t, m)
			if got := claim(t, claims, "aud"); got != tt.aud {
				t.Errorf("aud: got %v, want %s", got, tt.aud)
			}
			if got := claim(t, claims, "iss"); got != tt.issuer {
				t.Errorf("iss: got %v, want %s", got, tt.issuer)
			}
			if got, _ := claim(t, claims, "enterprise").(string); got != tt.enterprise {
				t.Errorf("enterprise: got %q, want %q", got, tt.enterprise)
			}
		})
	}
}

func TestIdsBelongToWhatTheyName(t *testing.T) {
	_, one, _ := mintedText(t, described(t, "github-actions", `{"repository":"acme/app"}`, ""))
	_, two, _ := mintedText(t, described(t, "github-actions", `{"repository":"acme/site","ref":"refs/heads/x"}`, ""))
	for _, name := range []string{"repository_owner_id", "actor_id"} {
		if a, b := claim(t, one, name), claim(t, two, name); a != b {
			t.Errorf("%s: got %v and %v, want the same for the same name", name, a, b)
		}
	}
	for _, name := range []string{"repository_id", "sha", "jti", "run_id"} {
		if a, b := claim(t, one, name), claim(t, two, name); a == b {
			t.Errorf("%s: got %v twice, want two", name, a)
		}
	}
	if sha := claim(t, one, "sha").(string); len(sha) != 40 || strings.Trim(sha, "0123456789abcdef") != "" {
		t.Errorf("sha: got %q, want 40 hexadecimal digits", sha)
	}
}
