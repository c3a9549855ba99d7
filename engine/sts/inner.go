package sts

import "stsplayground/engine/trace"

// SkippedAssumeRole are the steps of an AssumeRole that a service doesn't come
// to call, all for the same reason.
func SkippedAssumeRole(why string) []trace.Step {
	w := newWalk(assumeRole, 28)
	w.Skip(why, ruleParameters, ruleRoleARN, ruleRegion, ruleCaller, ruleSession, ruleMFA, ruleTags, ruleSourceIdentity, ruleRole, ruleDuration,
		ruleRCP, ruleSCP, ruleEndpoint, rulePrincipal, ruleAction, ruleCondition, ruleDeny, ruleIdentity, ruleBoundary, ruleSessionLimit,
		ruleTagTrust, ruleSITrust, ruleSessionPolicy, ruleCredentials)
	return w.Steps
}
