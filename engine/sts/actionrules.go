package sts

import "stsplayground/engine/trace"

var (
	citeEvaluation = trace.Cite{
		Title: "How AWS enforcement code logic evaluates requests to allow or deny access",
		URL:   docs + "IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html",
	}
	citeCrossAccount = trace.Cite{
		Title: "Cross-account policy evaluation logic",
		URL:   docs + "IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
	}
	citeSCP = trace.Cite{
		Title: "Service control policies (SCPs)",
		URL:   docs + "organizations/latest/userguide/orgs_manage_policies_scps.html",
	}
	citeEndpoint = trace.Cite{
		Title: "Control access to VPC endpoints using endpoint policies",
		URL:   docs + "vpc/latest/privatelink/vpc-endpoints-access.html",
	}
	citeBoundary = trace.Cite{
		Title: "Permissions boundaries for IAM entities",
		URL:   docs + "IAM/latest/UserGuide/access_policies_boundaries.html",
	}
	citeSessionPolicy = trace.Cite{
		Title: "Policies and permissions: session policies",
		URL:   docs + "IAM/latest/UserGuide/access_policies.html#policies_session",
	}
	citeTemporary = trace.Cite{
		Title: "Temporary security credentials in IAM",
		URL:   docs + "IAM/latest/UserGuide/id_credentials_temp.html",
	}
	citeActions = trace.Cite{
		Title: "Actions, resources, and condition keys for AWS services",
		URL:   docs + "service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
	}
)

// The rules of the walk of an action, in its order: who asks, then every type
// of policy in the order in which AWS asks them.
var (
	ruleCaller       = &trace.Rule{Code: "access/caller", Title: "The caller is known", Cite: citeTemporary}
	ruleSession      = &trace.Rule{Code: "access/credentials", Title: "The caller's credentials have not expired", Cite: citeTemporary}
	ruleActionName   = &trace.Rule{Code: "access/action", Title: "The action is named as a service's", Cite: citeActions}
	ruleExplicitDeny = &trace.Rule{Code: "access/explicit-deny", Title: "No policy denies explicitly", Cite: citeEvaluation}
	ruleSCP          = &trace.Rule{Code: "organization/service-control-policy", Title: "The service control policies leave room at each level", Cite: citeSCP}
	ruleEndpoint     = &trace.Rule{Code: "access/endpoint-policy", Title: "The VPC endpoint's policy lets the request through", Cite: citeEndpoint}
	ruleResource     = &trace.Rule{Code: "access/resource-policy", Title: "The resource's own policy allows, where it has to", Cite: citeCrossAccount}
	ruleIdentity     = &trace.Rule{Code: "access/identity-policy", Title: "The identity's policies allow, where they have to", Cite: citeEvaluation}
	ruleBoundary     = &trace.Rule{Code: "access/permissions-boundary", Title: "The permissions boundary leaves room", Cite: citeBoundary}
	ruleSessionLimit = &trace.Rule{Code: "access/session-policy", Title: "The session policies leave room", Cite: citeSessionPolicy}
)

// accessRules are the rules that only the walks of callers with policies of
// their own have; beside them stands ruleRCP.
var accessRules = []*trace.Rule{
	ruleCaller, ruleSession, ruleActionName, ruleExplicitDeny,
	ruleSCP, ruleEndpoint, ruleResource, ruleIdentity, ruleBoundary, ruleSessionLimit,
}

// typeRules are the rules of the policy types, in the order of
// iam.Decision.Types.
var typeRules = []*trace.Rule{ruleRCP, ruleSCP, ruleEndpoint, ruleResource, ruleIdentity, ruleBoundary, ruleSessionLimit}

// resourceType is the place of the resource's own policy among the types.
const resourceType = 3
