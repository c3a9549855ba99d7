package sts

import (
	"fmt"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/managed"
	"stsplayground/engine/trace"
)

// checkDuration: a duration above the role's maximum isn't shortened, the
// whole call fails.
func (w *walk) checkDuration(f *facts) {
	limit := int64(f.role.MaxSessionDuration)
	if limit == 0 {
		limit = defaultDuration
	}
	seconds, found := int64(defaultDuration), fmt.Sprintf("%d seconds, the default", defaultDuration)
	if d := f.call.Params.DurationSeconds; d != nil {
		seconds, found = *d, fmt.Sprintf("%d seconds", *d)
	}
	f.duration = time.Duration(min(max(seconds, 0), maxDuration)) * time.Second
	expected := fmt.Sprintf("at most %d seconds, the role's MaxSessionDuration", limit)
	if seconds > limit {
		w.Fail(ruleDuration, errMaximum, expected, found, fmt.Sprintf("%d seconds are more than the role's maximum of %d, and AWS doesn't shorten a session: the call fails.", seconds, limit))
		return
	}
	if f.longest > 0 && f.longest < f.duration {
		f.duration = f.longest
		w.Pass(ruleDuration, expected, found, "The session ends after "+span(int64(f.duration/time.Second))+", because the response ends it sooner: by SessionDuration or SessionNotOnOrAfter.")
		return
	}
	w.Pass(ruleDuration, expected, found, "")
}

// maxPlaintext bounds the session policies: "The plaintext that you use for
// both inline and managed session policies can't exceed 2,048 characters"
// (STS API reference).
const maxPlaintext = 2048

// checkSessionPolicies reads the session policies that the call passes. What
// they allow shows when the session is used. How AWS packs policies and tags
// is its secret: the percentage is an estimate, and decides nothing.
func (w *walk) checkSessionPolicies(f *facts) {
	p := &f.call.Params
	text, given := policyText(p.Policy)
	if !given && len(p.PolicyArns) == 0 {
		f.estimatePacked(0)
		if f.packed != nil && *f.packed > 100 {
			w.warnPacked("tags that fit into the session", fmt.Sprintf("no policies, tags packed about %d%%", *f.packed))
			return
		}
		if f.operation == getFederationToken {
			w.Warn(ruleSessionPolicy, "session policies, well formed", "none passed", "Without a session policy the session may do nothing, but for what resource policies allow that name it.")
			return
		}
		w.Pass(ruleSessionPolicy, "session policies, if any, well formed", "none passed", "The session may do all that the role may.")
		return
	}
	size := len([]rune(text))
	for _, a := range p.PolicyArns {
		size += len(a.ARN)
	}
	found := fmt.Sprintf("%d characters", size)
	if problems := f.readSessionPolicies(given); len(problems) > 0 {
		w.Fail(ruleSessionPolicy, errPolicy, "a well-formed policy", problems[0], "The session policy can't be read as a policy: "+strings.Join(problems, "; ")+".").AsModelled()
		return
	}
	expected := fmt.Sprintf("at most %d characters together, and at most 10 ARNs", maxPlaintext)
	switch {
	case size > maxPlaintext:
		w.Fail(ruleSessionPolicy, errPacked, expected, found, fmt.Sprintf("The session policy and the policy ARNs have %d characters together, and AWS takes at most %d.", size, maxPlaintext)).AsModelled()
		return
	case len(p.PolicyArns) > 10:
		w.Fail(ruleSessionPolicy, errPacked, expected, fmt.Sprintf("%d ARNs", len(p.PolicyArns)), fmt.Sprintf("%d managed session policies are passed, and a session takes at most 10.", len(p.PolicyArns))).AsModelled()
		return
	}
	// "The policies must exist in the same account as the role" (STS API
	// reference, PolicyArns). What AWS answers to others isn't documented.
	if len(f.noPolicies) > 0 {
		w.Fail(ruleSessionPolicy, errNoPolicy, "managed policies of account "+f.account.ID+", or of AWS", listed(f.noPolicies), "The account "+f.account.ID+" has no managed policy "+f.noPolicies[0]+".").AsModelled()
		return
	}
	f.estimatePacked(max(size, 1)) // an ARN that is empty is one all the same
	if *f.packed > 100 {
		w.warnPacked(expected, fmt.Sprintf("%s, packed about %d%%", found, *f.packed))
		return
	}
	found = fmt.Sprintf("%s, packed about %d%%", found, *f.packed)
	if len(f.unknownPolicies) > 0 {
		w.Warn(ruleSessionPolicy, expected, found, "What "+listed(f.unknownPolicies)+" allows isn't known here, and counts as nothing.").AsModelled()
		return
	}
	w.Pass(ruleSessionPolicy, expected, found, "")
}

// warnPacked warns of what is too much by the estimate, which decides nothing.
func (w *walk) warnPacked(expected, found string) {
	w.Warn(ruleSessionPolicy, expected, found, "Packed together, policies and tags may be over AWS's limit, which isn't published; AWS would answer PackedPolicyTooLarge.").AsModelled()
}

// readSessionPolicies compiles the session policies, the document and the
// ARNs, for the calls that the session makes. The problems are those for which
// AWS takes no policy.
func (f *facts) readSessionPolicies(given bool) (problems []string) {
	f.sessionPolicies = []iam.Attached{}
	if given {
		policy, findings := compile(f.call.Params.Policy, iam.SessionPolicy)
		f.sessionPolicies = append(f.sessionPolicies, iam.Attached{Name: "the passed policy", Policy: policy})
		for _, finding := range findings {
			if finding.Severity == trace.SeverityError && finding.Rule != "policy/size" { // which has an answer of its own
				problems = append(problems, strings.TrimSuffix(finding.Detail, "."))
			}
		}
	}
	for _, arn := range f.call.Params.PolicyArns {
		var policy *iam.Policy
		if f.account != nil {
			policy = f.account.managed.byARN("arn:aws"+strings.TrimPrefix(arn.ARN, "arn:"+partitionIn(arn.ARN)), iam.SessionPolicy)
		}
		switch {
		case policy != nil:
			f.sessionPolicies = append(f.sessionPolicies, iam.Attached{Name: arn.ARN, Policy: policy})
		case f.account != nil && !managed.IsAWS(arn.ARN):
			f.noPolicies = append(f.noPolicies, arn.ARN)
		default:
			f.unknownPolicies = append(f.unknownPolicies, arn.ARN)
		}
	}
	return problems
}

// estimatePacked guesses the packed size in percent of AWS's allotment: the
// characters of policies and tags against 2048.
func (f *facts) estimatePacked(policies int) {
	size := policies
	for _, tag := range f.tagging.Tags {
		size += len(tag.Key) + len(tag.Value)
	}
	if size == 0 {
		return
	}
	percent := max(size*100/maxPlaintext, 1)
	f.packed = &percent
}
