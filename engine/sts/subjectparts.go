package sts

import (
	"strings"

	"stsplayground/engine/iam"
)

// subjectForms are the subjects of systems other than GitHub, as their vendors
// document them: the text in front of each part, and what the part is, parted
// by a bar.
var subjectForms = [][]string{
	{"project_path:|project", ":ref_type:|kind of ref", ":ref:|ref"},                                                      // GitLab
	{"organization:|organization", ":pipeline:|pipeline", ":ref:|ref", ":commit:|commit", ":step:|step"},                  // Buildkite
	{"organization:|organization", ":project:|project", ":workspace:|workspace", ":run_phase:|run phase"},                 // HCP Terraform
	{"org/|organization", "/project/|project", "/user/|person", "/vcs-origin/|repository of the change", "/vcs-ref/|ref"}, // CircleCI, second token
	{"org/|organization", "/project/|project", "/user/|person"},                                                           // CircleCI
	{"system:serviceaccount:|namespace", ":|service account"},                                                             // Kubernetes
}

// compareParts explains two values of sub by the parts of the form that the
// token's has; false where that is none of the forms.
func (f *facts) compareParts(c *iam.ConditionDecision, wanted, found string) (miss, bool) {
	says := "The policy wants " + oneOf(nearestFirst(c, found)) + ", the token says " + found + ": "
	if braced := inBraces(wanted); strings.HasPrefix(found, "{") && braced != wanted && like(c.Operator, braced, found) {
		return f.replaceValue(c, wanted, braced, says+"Bitbucket writes UUIDs in braces.", "Put the UUIDs in braces", "Nothing else: no token matched the value as it was."), true
	}
	if why := differsInBraces(c.Operator, wanted, found); why != "" {
		return f.acceptEachRun(c, found, says+why+"."), true
	}
	for _, form := range subjectForms {
		if !inForm(form, found) {
			continue
		}
		why := differences(c.Operator, form, wanted, found)
		if why == "" {
			return miss{}, false
		}
		return f.acceptEachRun(c, found, says+why+"."), true
	}
	return miss{}, false
}

// acceptEachRun accepts a subject too, and of one that a single run has the
// pattern of those like it.
func (f *facts) acceptEachRun(c *iam.ConditionDecision, found, why string) miss {
	pattern := eachRun(found)
	if pattern == found || baseOperator(c.Operator) == "StringLike" {
		return f.alsoAccept(c, pattern, why, f.widensTo(c, pattern))
	}
	m := miss{why: why, title: "Also accept " + pattern + ", with StringLike", widens: f.widensTo(c, pattern)}
	m.edits = f.renameOperator(c, strings.Replace(c.Operator, "StringEquals", "StringLike", 1))
	if len(m.edits) > 0 {
		values := append(wantedValues(c), pattern)
		if condition, ok := m.edits[0].Value.(map[string]any); ok {
			condition[c.Key] = values
		} else {
			m.edits[0].Value = values
		}
	}
	return m
}

// eachRun is a subject with a wildcard for what every run has another of:
// Buildkite's commit, and Bitbucket's step.
func eachRun(subject string) string {
	if before, _, ok := strings.Cut(subject, ":commit:"); ok && strings.HasPrefix(subject, "organization:") {
		return before + ":commit:*"
	}
	if at := strings.LastIndex(subject, ":{"); at > 0 && subject[0] == '{' {
		return subject[:at] + ":*"
	}
	return subject
}

// differsInBraces says how two subjects of Bitbucket differ, which are
// repository, deployment environment if there is one, and step; "" where that
// isn't what they are.
func differsInBraces(operator, wanted, found string) string {
	want, got := strings.Split(wanted, ":"), strings.Split(found, ":")
	switch {
	case !strings.HasPrefix(found, "{") || !strings.HasPrefix(wanted, "{") || len(got) < 2:
		return ""
	case !like(operator, want[0], got[0]):
		return "the repository is " + got[0]
	case len(want) == 1:
		return "a subject goes on behind the repository, with the deployment environment if there is one, and the step"
	case len(want) == 3 && len(got) == 2:
		return "the step is in no deployment environment, so the subject names none"
	case len(want) == 2 && len(got) == 3:
		return "the step is in the deployment environment " + got[1] + ", which stands between repository and step"
	case len(want) == 3 && !like(operator, want[1], got[1]):
		return "the deployment environment is " + got[1]
	}
	return "every step has another UUID, which stands last; StringLike with * takes each"
}

// inBraces is a subject of Bitbucket with braces around its UUIDs.
func inBraces(subject string) string {
	parts := strings.Split(subject, ":")
	for i, part := range parts {
		if len(part) == len("11111111-2222-3333-4444-555555555555") && strings.Count(part, "-") == 4 {
			parts[i] = "{" + part + "}"
		}
	}
	return strings.Join(parts, ":")
}

func inForm(form []string, subject string) bool {
	for i, part := range form {
		before, _, _ := strings.Cut(part, "|")
		at := strings.Index(subject, before)
		if at < 0 || i == 0 && at > 0 {
			return false
		}
		subject = subject[at+len(before):]
	}
	return true
}

// differences are the parts in which the two differ, in words, and where the
// wanted one has another form; "" where no part tells.
func differences(operator string, form []string, wanted, found string) string {
	var differ []string
	for i, part := range form {
		before, noun, _ := strings.Cut(part, "|")
		rest, ok := strings.CutPrefix(wanted, before)
		if !ok {
			return "such a subject is written " + formText(form)
		}
		want, got := rest, strings.TrimPrefix(found, before)
		wanted, found = "", ""
		if i+1 < len(form) {
			next, _, _ := strings.Cut(form[i+1], "|")
			at := strings.Index(rest, next)
			end := strings.Index(got, next)
			switch {
			case at >= 0:
				want, wanted = rest[:at], rest[at:]
				got, found = got[:end], got[end:]
			case !strings.ContainsAny(rest, "*?"):
				if like(operator, rest, got[:end]) {
					return "a subject goes on behind the " + noun + ", as in " + formText(form)
				}
				return "such a subject is written " + formText(form)
			default: // the wildcard stands for other parts too
				literal := rest[:strings.IndexAny(rest, "*?")]
				if strings.HasPrefix(literal, got[:end]) && !strings.HasPrefix(got, literal) {
					return "such a subject is written " + formText(form)
				}
				if !strings.HasPrefix(got, literal) {
					differ = append(differ, "the "+noun+" is "+got[:end])
				}
				return strings.Join(differ, ", and ")
			}
		} else if strings.Contains(want, "/vcs-origin/") {
			return "it is the token of $CIRCLE_OIDC_TOKEN, whose subject ends with the person; that of $CIRCLE_OIDC_TOKEN_V2 goes on with the change"
		}
		if !like(operator, want, got) {
			if want == "refs/heads/"+got || want == "refs/tags/"+got {
				return "the ref is a bare name, without " + strings.TrimSuffix(want, got) + " in front"
			}
			differ = append(differ, "the "+noun+" is "+got)
		}
		if wanted == "" {
			break
		}
	}
	return strings.Join(differ, ", and ")
}

// formText is a form with dots for its parts.
func formText(form []string) string {
	var out strings.Builder
	for _, part := range form {
		before, _, _ := strings.Cut(part, "|")
		out.WriteString(before + "…")
	}
	return out.String()
}
