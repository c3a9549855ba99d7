package eks

import "stsplayground/engine/trace"

const docs = "https://docs.aws.amazon.com/"

var (
	citeAPI         = trace.Cite{Title: "AssumeRoleForPodIdentity, Amazon EKS API reference", URL: docs + "eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html"}
	citeHow         = trace.Cite{Title: "Understand how EKS Pod Identity works, EKS User Guide", URL: docs + "eks/latest/userguide/pod-id-how-it-works.html"}
	citeTags        = trace.Cite{Title: "Grant Pods access to AWS resources based on tags, EKS User Guide", URL: docs + "eks/latest/userguide/pod-id-abac.html"}
	citeTarget      = trace.Cite{Title: "Access AWS resources using EKS Pod Identity target IAM roles, EKS User Guide", URL: docs + "eks/latest/userguide/pod-id-assign-target-role.html"}
	citeAssociation = trace.Cite{Title: "CreatePodIdentityAssociation, Amazon EKS API reference", URL: docs + "eks/latest/APIReference/API_CreatePodIdentityAssociation.html"}
	citeLimits      = trace.Cite{Title: "Learn how EKS Pod Identity grants pods access to AWS services, EKS User Guide", URL: docs + "eks/latest/userguide/pod-identities.html"}
	citeIRSA        = trace.Cite{Title: "IAM roles for service accounts, EKS User Guide", URL: docs + "eks/latest/userguide/iam-roles-for-service-accounts.html"}
	citeChain       = trace.Cite{Title: "Understand the credential provider chain, AWS SDKs and Tools Reference Guide", URL: docs + "sdkref/latest/guide/standardized-credentials.html"}
)

// The rules of AssumeRoleForPodIdentity, in the order of its walk. Those of
// the AssumeRole that EKS calls in turn come between session and target role.
var (
	ruleParameters  = &trace.Rule{Code: "eks/parameters", Title: "The request's parameters keep to the API's constraints", Cite: citeAPI}
	rulePermission  = &trace.Rule{Code: "eks/permission", Title: "The caller may call AssumeRoleForPodIdentity for the cluster", Cite: citeAPI}
	ruleCluster     = &trace.Rule{Code: "eks/cluster", Title: "The caller's account has the cluster", Cite: citeAPI}
	ruleToken       = &trace.Rule{Code: "eks/token", Title: "The token is one of the cluster's", Cite: citeAPI}
	ruleAudience    = &trace.Rule{Code: "eks/token-audience", Title: "The token is meant for EKS Pod Identity", Cite: citeHow}
	ruleExpiry      = &trace.Rule{Code: "eks/token-expiry", Title: "The token is used within its time", Cite: citeAPI}
	rulePod         = &trace.Rule{Code: "eks/token-pod", Title: "The token is bound to a pod and a service account", Cite: citeHow}
	ruleAssociation = &trace.Rule{Code: "eks/association", Title: "The service account has a Pod Identity association", Cite: citeLimits}
	ruleSession     = &trace.Rule{Code: "eks/session", Title: "The session is named and tagged for the pod", Cite: citeTags}
	ruleTarget      = &trace.Rule{Code: "eks/target-role", Title: "The role may go on to the association's target role", Cite: citeTarget}
)

// The rules of the search for credentials in a pod, in its order.
var (
	ruleFound       = &trace.Rule{Code: "workload/pod", Title: "The cluster has the pod", Cite: citeHow}
	ruleAccessKey   = &trace.Rule{Code: "workload/access-key", Title: "Access keys stand in the environment", Cite: citeChain}
	ruleWebIdentity = &trace.Rule{Code: "workload/web-identity", Title: "A web identity token and a role are given", Cite: citeIRSA}
	ruleContainer   = &trace.Rule{Code: "workload/container", Title: "The address of a credentials agent is given", Cite: citeHow}
	ruleNode        = &trace.Rule{Code: "workload/node", Title: "The agent has the node's credentials to call EKS with", Cite: citeHow}
	ruleMetadata    = &trace.Rule{Code: "workload/instance-metadata", Title: "The node's metadata service gives its role", Cite: citeLimits}
)

// The rules of what is configured.
var (
	findRoleAccount = trace.Rule{Code: "eks/role-account", Title: "An association's role is in the cluster's account", Cite: citeTarget}
	findPolicyTags  = trace.Rule{Code: "eks/session-policy", Title: "An association with a session policy has no session tags", Cite: citeAssociation}
	findOneRole     = trace.Rule{Code: "eks/one-association", Title: "A service account has one association", Cite: citeLimits}
)

// Rules are the rules that this package checks, those of findings last.
func Rules() []trace.Rule {
	return []trace.Rule{
		*ruleParameters, *rulePermission, *ruleCluster, *ruleToken, *ruleAudience, *ruleExpiry, *rulePod, *ruleAssociation, *ruleSession, *ruleTarget,
		*ruleFound, *ruleAccessKey, *ruleWebIdentity, *ruleContainer, *ruleNode, *ruleMetadata, findRoleAccount, findPolicyTags, findOneRole,
	}
}
