package sts

import (
	"slices"

	"stsplayground/engine/iam"
)

// checkRCP asks the resource control policies of the role's account. They
// act on resources, and a role is one, so they see federated callers, whom
// service control policies don't. RCPFullAWSAccess is implicit: only a Deny
// changes anything. That they are asked for this operation is inferred from
// the condition keys documented for them.
func (w *walk) checkRCP(f *facts, ctx *iam.Context, management bool, decision *iam.Decision) {
	if len(f.account.rcps) == 0 || management {
		w.Pass(ruleRCP, "no Deny that applies", "no resource control policy applies to the account", "")
		return
	}
	for _, action := range f.actions() {
		request := f.request(action, ctx)
		for _, rcp := range slices.Concat(f.account.rcps...) {
			denies := rcp.Policy.Decide(&request) == iam.ExplicitDeny
			if !denies && f.room.Spent() {
				decision.More++
				continue
			}
			answer := rcp.Policy.Explain(&request)
			answer.Name = rcp.Name
			if action != f.operation.action {
				answer.Name += " (" + action + ")"
			}
			decision.Policies = append(decision.Policies, answer)
			if denies {
				decision.Effect, decision.By = iam.ExplicitDeny, string(iam.ResourceControlPolicy)
				w.Fail(ruleRCP, accessDenied(f.operation.action), "no Deny that applies", statementLabel(denying(answer))+" denies "+action, statementLabel(denying(answer))+" of a resource control policy of the organization denies "+action+", whatever the role's trust policy says.").AsModelled().Placed(denying(answer).At)
				return
			}
		}
	}
	w.Pass(ruleRCP, "no Deny that applies", "none applies", "")
}

// checkEndpoint asks the policy of the VPC endpoint that the request goes
// through. A federated caller is no AWS principal: "*" means it, {"AWS": "*"}
// doesn't (IAM guide, "VPC endpoint policies for AWS STS").
func (w *walk) checkEndpoint(f *facts, ctx *iam.Context, endpoint *Endpoint, decision *iam.Decision) {
	if endpoint == nil || endpoint.policy == nil {
		w.Pass(ruleEndpoint, "an Allow statement that applies", "no endpoint policy asked", "The request goes through no VPC endpoint whose policy is known.")
		return
	}
	policy := endpoint.policy[0].Policy
	for _, action := range f.actions() {
		request := f.request(action, ctx)
		answer := policy.Explain(&request)
		answer.Name = endpoint.VpcEndpointID + " (" + action + ")"
		decision.Policies = append(decision.Policies, answer)
		effect := policy.Decide(&request)
		if effect == iam.Allow {
			continue
		}
		if decision.Effect == iam.Allow {
			decision.Effect, decision.By = effect, string(iam.EndpointPolicy)
		}
		found, why, at := "nothing allows", "No statement of the policy of "+endpoint.VpcEndpointID+" allows "+action+" for a caller who is no AWS principal yet; \"*\" as its Principal does, {\"AWS\": \"*\"} doesn't.", &policy.At
		decision.Missing = iam.Missing(decision.Policies...)
		if s := nearestStatement(answer); s != nil {
			why, at = statementLabel(s)+" of the policy of "+endpoint.VpcEndpointID+" would let the call through, but for a condition: "+f.whyCondition(failedCondition(s)), s.At
		}
		if effect == iam.ExplicitDeny {
			found, why, at = "denied explicitly", statementLabel(denying(answer))+" of the policy of "+endpoint.VpcEndpointID+" denies "+action+".", denying(answer).At
		}
		w.Fail(ruleEndpoint, accessDenied(f.operation.action), "an Allow statement that applies", found, why).AsModelled().Placed(at)
		return
	}
	w.Pass(ruleEndpoint, "an Allow statement that applies", "allowed", "")
}

// request is what a role's trust policy and the guardrails around it are asked
// about a federated caller.
func (f *facts) request(action string, ctx *iam.Context) iam.Request {
	return iam.Request{Action: action, Resource: f.role.ARN, Principal: iam.Principal{Federated: []string{f.provider.principal}}, Context: ctx, Room: f.room}
}

// actions are what the call asks permission for: the operation itself, and
// what tags and source identity need besides.
func (f *facts) actions() []string {
	actions := []string{f.operation.action}
	if len(f.tagging.Tags) > 0 {
		actions = append(actions, actionTagSession)
	}
	if f.sourceIdentity != "" {
		actions = append(actions, actionSetSourceIdentity)
	}
	return actions
}
