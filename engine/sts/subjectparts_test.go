package sts

import "testing"

func TestSubjectsOfOtherSystemsDifferByTheirParts(t *testing.T) {
	const (
		gitlab     = "project_path:acme/app:ref_type:branch:ref:main"
		buildkite  = "organization:acme:pipeline:app:ref:refs/heads/main:commit:c:step:s"
		terraform  = "organization:acme:project:Default Project:workspace:w:run_phase:plan"
		circleci   = "org/o/project/p/user/u"
		circleci2  = "org/o/project/p/user/u/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main"
		kubernetes = "system:serviceaccount:shop:orders"
	)
	for name, tt := range map[string]struct{ operator, wanted, found, want string }{
		"another ref":                  {"StringEquals", "project_path:acme/app:ref_type:branch:ref:dev", gitlab, "the ref is main"},
		"another kind of ref":          {"StringEquals", "project_path:acme/app:ref_type:tag:ref:main", gitlab, "the kind of ref is branch"},
		"two parts":                    {"StringEquals", "project_path:acme/web:ref_type:tag:ref:main", gitlab, "the project is acme/app, and the kind of ref is branch"},
		"a whole ref":                  {"StringEquals", "project_path:acme/app:ref_type:branch:ref:refs/heads/main", gitlab, "the ref is a bare name, without refs/heads/ in front"},
		"another beginning":            {"StringLike", "namespace_path:acme:*", gitlab, "such a subject is written project_path:…:ref_type:…:ref:…"},
		"a part left out":              {"StringEquals", "project_path:acme/app:ref:main", gitlab, "such a subject is written project_path:…:ref_type:…:ref:…"},
		"a group with a star":          {"StringLike", "project_path:other/*", gitlab, "the project is acme/app"},
		"a commit left out":            {"StringEquals", "organization:acme:pipeline:app:ref:refs/heads/main", buildkite, "a subject goes on behind the ref, as in organization:…:pipeline:…:ref:…:commit:…:step:…"},
		"another branch, stars behind": {"StringLike", "organization:acme:pipeline:app:ref:refs/heads/dev:commit:*:step:*", buildkite, "the ref is refs/heads/main"},
		"another phase":                {"StringEquals", "organization:acme:project:Default Project:workspace:w:run_phase:apply", terraform, "the run phase is plan"},
		"no project, with stars":       {"StringLike", "organization:acme:workspace:*:run_phase:*", terraform, "such a subject is written organization:…:project:…:workspace:…:run_phase:…"},
		"no project":                   {"StringEquals", "organization:acme:workspace:w:run_phase:plan", terraform, "such a subject is written organization:…:project:…:workspace:…:run_phase:…"},
		"the other token":              {"StringLike", "org/o/project/*/user/*/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main", circleci, "it is the token of $CIRCLE_OIDC_TOKEN, whose subject ends with the person; that of $CIRCLE_OIDC_TOKEN_V2 goes on with the change"},
		"a fork":                       {"StringLike", "org/o/project/*/user/*/vcs-origin/github.com/other/app/vcs-ref/refs/heads/main", circleci2, "the repository of the change is github.com/acme/app"},
		"another namespace":            {"StringEquals", "system:serviceaccount:prod:orders", kubernetes, "the namespace is shop"},
		"places changed":               {"StringEquals", "system:serviceaccount:orders:shop", kubernetes, "the namespace is shop, and the service account is orders"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, form := range subjectForms {
				if inForm(form, tt.found) {
					if got := differences(tt.operator, form, tt.wanted, tt.found); got != tt.want {
						t.Errorf("got %q, want %q", got, tt.want)
					}
					return
				}
			}
			t.Errorf("%s is in no form", tt.found)
		})
	}
	if got := inBraces("11111111-aaaa-bbbb-cccc-000000000001:*"); got != "{11111111-aaaa-bbbb-cccc-000000000001}:*" {
		t.Errorf("got %s, want braces", got)
	}
}

func FuzzDifferences(f *testing.F) {
	f.Add("project_path:a:ref_type:", "project_path:a:ref_type:b:ref:c")
	f.Add("org/*", "org/a/project/b/user/c")
	f.Fuzz(func(t *testing.T, wanted, found string) {
		for _, form := range subjectForms {
			if inForm(form, found) {
				differences("StringLike", form, wanted, found)
			}
		}
	})
}

func TestSubjectsOfOtherSystemsAsTheyAreTyped(t *testing.T) {
	for _, tt := range []struct {
		form                  int
		text, problem, mended string
	}{
		{0, "project_path:acme/app:ref_type:branch:ref:main", "", ""},
		{0, "project_path:acme/*", "", ""},
		{0, "*", "", ""},
		{0, "project_path:acme/app:ref_type:branch:ref:refs/heads/main", "the ref is a bare name, without refs/heads/ in front", "project_path:acme/app:ref_type:branch:ref:main"},
		{0, "namespace_path:acme:*", "such a subject is written project_path:…:ref_type:…:ref:…", ""},
		{0, "project_path:acme/app", "a subject goes on behind the project, as in project_path:…:ref_type:…:ref:…", ""},
		{1, "organization:acme:pipeline:app:ref:refs/heads/main", "a subject goes on behind the ref, as in organization:…:pipeline:…:ref:…:commit:…:step:…", ""},
		{1, "organization:acme:pipeline:app:ref:refs/heads/main:commit:*:step:*", "", ""},
		{2, "organization:o:workspace:w:run_phase:apply", "a subject goes on behind the organization, as in organization:…:project:…:workspace:…:run_phase:…", ""},
		{4, "org/o/project/p/user/*/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main", "", ""},
		{4, "org/o/project/p", "a subject goes on behind the project, as in org/…/project/…/user/…", ""},
		{5, "system:serviceaccount:shop:orders", "", ""},
		{5, "shop:orders", "such a subject is written system:serviceaccount:…:…", ""},
	} {
		if problem, mended := formProblem(subjectForms[tt.form], tt.text); problem != tt.problem || mended != tt.mended {
			t.Errorf("%s: got %q and %q, want %q and %q", tt.text, problem, mended, tt.problem, tt.mended)
		}
	}
}

func TestSubjectsInBraces(t *testing.T) {
	const step, deployment = "{r}:{s}", "{r}:{e}:{s}"
	for _, c := range []struct{ operator, wanted, found, want string }{
		{"StringLike", "{q}:*", step, "the repository is {r}"},
		{"StringEquals", "{r}", step, "a subject goes on behind the repository, with the deployment environment if there is one, and the step"},
		{"StringLike", "{r}:{f}:*", deployment, "the deployment environment is {e}"},
		{"StringLike", "{r}:{f}:*", step, "the step is in no deployment environment, so the subject names none"},
		{"StringEquals", "{r}:{e}", deployment, "the step is in the deployment environment {e}, which stands between repository and step"},
		{"StringEquals", "{r}:{e}:{t}", deployment, "every step has another UUID, which stands last; StringLike with * takes each"},
		{"StringEquals", "r:s", step, ""},
	} {
		if got := differsInBraces(c.operator, c.wanted, c.found); got != c.want {
			t.Errorf("%s and %s: got %q, want %q", c.wanted, c.found, got, c.want)
		}
	}
}

func TestASubjectThatEachRunHas(t *testing.T) {
	for subject, want := range map[string]string{
		"organization:o:pipeline:p:ref:refs/heads/main:commit:c:step:s": "organization:o:pipeline:p:ref:refs/heads/main:commit:*",
		"{r}:{s}": "{r}:*", "{r}:{e}:{s}": "{r}:{e}:*", "repo:o/r:pull_request": "repo:o/r:pull_request", "{r}": "{r}",
	} {
		if got := eachRun(subject); got != want {
			t.Errorf("%s: got %s, want %s", subject, got, want)
		}
	}
}
