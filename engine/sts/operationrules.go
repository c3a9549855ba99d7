package sts

import "stsplayground/engine/trace"

var (
	citeAssumeRoot        = trace.Cite{Title: "AssumeRoot, AWS STS API reference", URL: docs + "STS/latest/APIReference/API_AssumeRoot.html"}
	citeGetWebIdentity    = trace.Cite{Title: "GetWebIdentityToken, AWS STS API reference", URL: docs + "STS/latest/APIReference/API_GetWebIdentityToken.html"}
	citeGetAccessKeyInfo  = trace.Cite{Title: "GetAccessKeyInfo, AWS STS API reference", URL: docs + "STS/latest/APIReference/API_GetAccessKeyInfo.html"}
	citeDecodeMessage     = trace.Cite{Title: "DecodeAuthorizationMessage, AWS STS API reference", URL: docs + "STS/latest/APIReference/API_DecodeAuthorizationMessage.html"}
	citeRootAccess        = trace.Cite{Title: "Perform a privileged task on an AWS Organizations member account", URL: docs + "IAM/latest/UserGuide/id_root-user-privileged-task.html"}
	citeOutbound          = trace.Cite{Title: "Getting started with outbound identity federation", URL: docs + "IAM/latest/UserGuide/id_roles_providers_outbound_getting_started.html"}
	citeOutboundPartition = trace.Cite{Title: "Federating AWS identities across AWS partitions", URL: docs + "IAM/latest/UserGuide/id_roles_providers_outbound_cross_partition.html"}
)

// The rules that only some operations of STS have. Those of a session token
// that is left out, of provided contexts and of AWS's own tokens are on the
// walk only where the call has such a thing.
var (
	ruleSessionToken   = &trace.Rule{Code: "access/session-token", Title: "The session token goes with the temporary credentials", Cite: citeTemporary}
	ruleRegional       = &trace.Rule{Code: "sts/regional-endpoint", Title: "The call goes to a Regional endpoint", Cite: citeRegions}
	ruleRootAccess     = &trace.Rule{Code: "sts/root-access", Title: "The caller's account takes root sessions for the organization", Cite: citeRootAccess}
	ruleRootTarget     = &trace.Rule{Code: "sts/root-target", Title: "TargetPrincipal is a member account of the organization", Cite: citeAssumeRoot}
	ruleTaskPolicy     = &trace.Rule{Code: "sts/task-policy", Title: "TaskPolicyArn is one of the five policies for root tasks", Cite: citeAssumeRoot}
	ruleOutbound       = &trace.Rule{Code: "sts/outbound-federation", Title: "The account has outbound identity federation enabled", Cite: citeOutbound}
	ruleTokenSize      = &trace.Rule{Code: "sts/token-size", Title: "The token's payload is small enough", Cite: citeGetWebIdentity}
	ruleAccessKey      = &trace.Rule{Code: "sts/access-key", Title: "The access key id tells its account", Cite: citeGetAccessKeyInfo}
	ruleMessage        = &trace.Rule{Code: "sts/authorization-message", Title: "The encoded message can be decoded", Cite: citeDecodeMessage}
	ruleContexts       = &trace.Rule{Code: "sts/provided-contexts", Title: "The provided contexts are well formed", Cite: citeKeys}
	ruleSetContext     = &trace.Rule{Code: "trust/set-context", Title: "The trust policy allows sts:SetContext where contexts are provided", Cite: citeKeys}
	ruleOtherPartition = &trace.Rule{Code: "oidc/other-partition", Title: "A token of AWS STS itself comes from another partition", Cite: citeOutboundPartition}
)

var operationRules = []*trace.Rule{
	ruleSessionToken, ruleRegional, ruleRootAccess, ruleRootTarget, ruleTaskPolicy, ruleOutbound,
	ruleTokenSize, ruleAccessKey, ruleMessage, ruleContexts, ruleSetContext, ruleOtherPartition,
}
