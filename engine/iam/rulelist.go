package iam

import "stsplayground/engine/trace"

const (
	isError   = trace.SeverityError
	isWarning = trace.SeverityWarning
	isInfo    = trace.SeverityInfo
)

// The document and its statements.
var (
	ruleJSON           = newRule("policy/json", isError, "The policy is JSON", pageGrammar)
	ruleObject         = newRule("policy/object", isError, "The policy is a JSON object", pageGrammar)
	ruleDuplicateName  = newRule("policy/duplicate-name", isError, "Every name stands once in its object", pageGrammar)
	ruleElement        = newRule("policy/element", isError, "Every element is one that AWS knows", pageGrammar)
	ruleVersion        = newRule("policy/version", isError, "The version is one of the policy language", pageVersion)
	ruleVersionMissing = newRule("policy/version-missing", isWarning, "The policy states its version", pageVersion)
	ruleStatement      = newRule("policy/statement", isError, "The policy has statements", pageStatement)
	ruleSid            = newRule("policy/sid", isError, "The statement id is letters and digits", pageSid)
	ruleSidUnique      = newRule("policy/sid-unique", isError, "Statement ids are unique", pageSid)
	ruleSidEmpty       = newRule("policy/sid-empty", isInfo, "A statement id that is there has a value", analyzer("Empty Sid value", "suggestion-empty-sid-value"))
	ruleEffect         = newRule("policy/effect", isError, "The effect is Allow or Deny", pageEffect)
	ruleValue          = newRule("policy/value", isError, "A value is a string or a list of strings", pageGrammar)
	ruleEmpty          = newRule("policy/empty", isInfo, "Every element has something in it", analyzer("Empty object condition", "suggestion-empty-object-condition"))
	ruleOneOf          = newRule("policy/element-and-opposite", isError, "A statement has an element or its opposite", pageGrammar)
	ruleCharacter      = newRule("policy/character", isError, "The policy's characters are ones that IAM accepts", pageDocument)
	ruleSize           = newRule("policy/size", isWarning, "The policy is within the quota for its kind", pageQuotas)
)

// Principal, Action, Resource.
var (
	ruleAction           = newRule("policy/action", isError, "The statement names its actions", pageAction)
	ruleActionForm       = newRule("policy/action-form", isError, "An action is a service and a name", pageAction)
	rulePrincipal        = newRule("policy/principal", isError, "The statement names its principals where its policy has them", pagePrincipal)
	rulePrincipalType    = newRule("policy/principal-type", isError, "The principal's type is one that AWS knows", pagePrincipal)
	rulePrincipalInvalid = newRule("policy/principal-invalid", isError, "The principal is one that AWS can find", pagePrincipal)
	rulePrincipalID      = newRule("policy/principal-id", isWarning, "Users and roles are named by ARN", analyzer("Invalid role reference", "general-warning-invalid-role-reference"))
	ruleFederated        = newRule("policy/federated-principal", isError, "Federated principals stand in role trust policies", analyzer("Federated principal not supported", "error-federated-principal-not-supported"))
	ruleNotPrincipal     = newRule("policy/not-principal", isError, "NotPrincipal stands in a Deny", pageNotPrincipal)
	ruleAccountBeside    = newRule("policy/not-principal-account", isWarning, "NotPrincipal names the principal's account too", pageNotPrincipal)
	ruleServiceSource    = newRule("policy/service-principal-source", isWarning, "A service's access is bound to a source", analyzer("Restrict access to service principal", "security-warning-restrict-access-to-service-principal"))
	ruleResource         = newRule("policy/resource", isError, "The statement names its resources", pageResource)
	ruleResourceForm     = newRule("policy/resource-form", isError, "A resource is an ARN or a lone *", pageResource)
	ruleIncompleteARN    = newRule("policy/incomplete-arn", isError, "A resource's ARN has its six segments", pageGrammar)
	rulePartition        = newRule("policy/arn-partition", isError, "The ARN's partition is one of AWS's", analyzer("Invalid partition", "error-invalid-partition"))
	ruleARNService       = newRule("policy/arn-service", isError, "The ARN's service is in small letters", analyzer("Invalid ARN service case", "error-invalid-arn-service-case"))
	ruleServiceWildcard  = newRule("policy/service-wildcard", isInfo, "A service's name has no wildcard", analyzer("Wildcard in service name", "suggestion-wildcard-in-service-name"))
	ruleARNRegion        = newRule("policy/arn-region", isError, "The ARN's Region is one, where the service has Regions", analyzer("ARN Region not allowed", "error-arn-region-not-allowed"))
	ruleARNAccount       = newRule("policy/arn-account", isError, "The ARN's account is 12 digits, where the service has accounts", analyzer("Invalid ARN account", "error-invalid-arn-account"))
	ruleARNResource      = newRule("policy/arn-resource", isError, "The ARN's last segment is one that IAM has", analyzer("Invalid ARN resource", "error-invalid-arn-resource"))
)

// What a statement grants, and what other statements leave of it.
var (
	rulePassRole           = newRule("policy/pass-role", isWarning, "iam:PassRole is allowed for named roles or services", analyzer("Pass role with star in resource", "security-warning-pass-role-with-star-in-resource"))
	ruleServiceLinkedRole  = newRule("policy/service-linked-role", isWarning, "iam:CreateServiceLinkedRole is allowed for named services", analyzer("Create SLR with star in resource", "general-warning-create-slr-with-star-in-resource"))
	ruleRedundantAction    = newRule("policy/redundant-action", isInfo, "No action is part of another in the list", analyzer("Redundant action", "suggestion-redundant-action"))
	ruleRedundantResource  = newRule("policy/redundant-resource", isInfo, "No resource is part of another in the list", analyzer("Redundant resource", "suggestion-redundant-resource"))
	ruleRedundantStatement = newRule("policy/redundant-statement", isInfo, "No statement is part of another", analyzer("Redundant statement", "suggestion-redundant-statement"))
	ruleShadowed           = newRule("policy/shadowed", isWarning, "What a statement allows is not denied by the same policy", pageEvaluation)
	ruleNeverApplies       = newRule("policy/never-applies", isWarning, "A statement's conditions can hold together", pageLogic)
)

// Condition: operators, keys, sets.
var (
	ruleCondition       = newRule("policy/condition", isError, "A condition is an operator, a key and values", pageCondition)
	ruleOperator        = newRule("policy/condition-operator", isError, "The operator is one that AWS knows", pageOperators)
	ruleNullWithSet     = newRule("policy/null-with-set", isInfo, "Null stands without a set operator", analyzer("Null with qualifier", "suggestion-null-with-qualifier"))
	ruleKey             = newRule("policy/condition-key", isError, "The condition key is a key's name", pageKeys)
	ruleKeyCase         = newRule("policy/duplicate-key-case", isError, "A condition key is spelled one way", analyzer("Duplicate keys with different case", "error-duplicate-keys-with-different-case"))
	ruleTagKey          = newRule("policy/tag-key", isError, "A condition on a tag names the tag", analyzer("Missing tag key in condition", "error-missing-tag-key-in-condition"))
	ruleTagNotAction    = newRule("policy/tag-key-not-action", isWarning, "Conditions on resource tags go with a list of actions", analyzer("Deny NotAction with unsupported tag condition key for service", "security-warning-deny-notaction-with-unsupported-tag-condition-key-for-service"))
	ruleDeprecatedKey   = newRule("policy/deprecated-key", isWarning, "The condition key is in use", analyzer("Deprecated global condition key", "general-warning-deprecated-global-condition-key"))
	ruleSpoofable       = newRule("policy/spoofable-key", isWarning, "The condition rests on what the caller can't choose", analyzer("Untrustworthy condition key", "security-warning-untrustworthy-condition-key"))
	rulePairedKeys      = newRule("policy/paired-keys", isWarning, "Keys that need another come with it", analyzer("Missing paired condition keys", "security-warning-missing-paired-condition-keys"))
	ruleDynamoSelect    = newRule("policy/dynamodb-select", isWarning, "dynamodb:Attributes goes with dynamodb:Select", analyzer("DynamoDB attributes without select", "security-warning-dynamodb-attributes-without-select"))
	ruleKeyForService   = newRule("policy/key-for-service", isError, "The service's requests have the condition's key", analyzer("Unsupported condition key for service principal", "error-unsupported-condition-key-for-service-principal"))
	ruleKeyType         = newRule("policy/condition-type", isWarning, "The operator is for keys of that type", analyzer("Type mismatch", "general-warning-type-mismatch"))
	ruleStringLikeARN   = newRule("policy/string-like-arn", isWarning, "ARNs are compared with ARN operators", analyzer("String like operator with ARN condition keys", "security-warning-string-like-operator-with-arn-condition-keys"))
	ruleForAllMissing   = newRule("policy/for-all-values-allow", isWarning, "ForAllValues in an Allow goes with a check that the key is there", pageSets)
	ruleIfExistsAllow   = newRule("policy/if-exists-allow", isWarning, "IfExists in an Allow leaves no way around the condition", pageOperators)
	ruleNegatedAllow    = newRule("policy/negated-allow", isWarning, "A negated condition in an Allow goes with a check that the key is there", pageOperators)
	ruleDenyMFA         = newRule("policy/deny-mfa", isWarning, "A Deny without MFA reaches long-term keys too", pageGlobalKeys)
	ruleSetOnSingle     = newRule("policy/set-on-single-valued", isWarning, "Set operators stand on multivalued keys", analyzer("ForAllValues with single valued key", "security-warning-forallvalues-with-single-valued-key"))
	ruleSetMissing      = newRule("policy/set-missing", isError, "A multivalued key has a set operator", analyzer("Missing qualifier", "error-missing-qualifier"))
	ruleVariableVersion = newRule("policy/variable-version", isError, "Variables stand in a policy of Version 2012-10-17", pageVariables)
	ruleVariablePlace   = newRule("policy/variable-place", isError, "Variables stand where AWS replaces them", pageVariables)
	ruleVariableForm    = newRule("policy/variable-form", isError, "A variable is a key in braces", pageVariables)
)

// Condition: values.
var (
	ruleValueType         = newRule("policy/condition-value", isWarning, "The value is of its operator's type", pageOperators)
	ruleMixedTypes        = newRule("policy/mixed-types", isError, "A condition's values are of one JSON type", analyzer("Invalid condition data type", "error-invalid-condition-data-type"))
	ruleOneBoolean        = newRule("policy/one-boolean", isError, "A boolean condition has one value", analyzer("Invalid condition multiple Boolean", "error-invalid-condition-multiple-boolean"))
	ruleWildcardEquals    = newRule("policy/wildcard-without-like", isWarning, "Wildcards stand under an operator that knows them", pageOperators)
	ruleLikeNoWildcard    = newRule("policy/like-without-wildcard", isInfo, "StringLike is used with a wildcard", pageOperators)
	ruleWildcardOnly      = newRule("policy/wildcard-only", isInfo, "A pattern leaves something out", analyzer("Equivalent to null false", "suggestion-equivalent-to-null-false"))
	ruleSensitiveWildcard = newRule("policy/sensitive-wildcard", isError, "Accounts, organizations and networks are named in full", analyzer("Wildcard usage too permissive", "error-wildcard-usage-too-permissive"))
	ruleDateForm          = newRule("policy/date-form", isWarning, "Dates are written as dates", analyzer("Invalid date value", "general-warning-invalid-date-value"))
	ruleIPRange           = newRule("policy/ip-range", isInfo, "A range of addresses ends where its mask does", analyzer("Improve IP range", "suggestion-improve-ip-range"))
	rulePrivateAddress    = newRule("policy/private-address", isError, "aws:SourceIp is compared with public addresses", analyzer("Private IP address", "error-private-ip-address"))
	ruleNetworkID         = newRule("policy/vpc-id", isError, "The id of a VPC or an endpoint has its form", analyzer("Invalid vpc format", "error-invalid-vpc-format"))
	ruleImpossible        = newRule("policy/impossible-value", isWarning, "The key can have the value", pageGlobalKeys)
	ruleSessionARN        = newRule("policy/principal-arn-session", isWarning, "aws:PrincipalArn is compared with a role, not with its session", pageGlobalKeys)
	ruleRedundantValue    = newRule("policy/redundant-value", isInfo, "A limit is one number", analyzer("Redundant condition value num", "suggestion-redundant-condition-value-num"))
)

// Role trust policies.
var (
	ruleTrustResource     = newRule("trust/resource", isError, "A role trust policy has no Resource", pageGrammar)
	ruleTrustAction       = newRule("trust/assume-role-action", isError, "A role trust policy names STS AssumeRole actions", pageAction)
	ruleTrustNotPrincipal = newRule("trust/not-principal", isError, "A role trust policy names its principals", pageNotPrincipal)
	ruleTrustEveryone     = newRule("trust/everyone", isError, "A role trust policy's principal is no lone *", analyzer("Role trust policy unsupported wildcard in principal", "error-role-trust-policy-unsupported-wildcard-in-principal"))
	ruleTrustOpen         = newRule("trust/open", isWarning, "Conditions limit who may assume a role that trusts everyone", pagePrincipal)
	ruleTrustFederated    = newRule("trust/federated", isError, "A federated principal is a provider's ARN or a domain", pagePrincipal)
	ruleTrustMismatch     = newRule("trust/action-for-principal", isError, "The action is the one its principal calls", pageSTSActions)
	ruleTrustRedundant    = newRule("trust/redundant-principal", isInfo, "No principal is a session of a role beside it", analyzer("Redundant principal in role trust policy", "suggestion-redundant-principal-in-role-trust-policy"))
	ruleTrustSize         = newRule("trust/size", isWarning, "The role trust policy is within the default quota", pageQuotas)
	ruleKeyForPrincipal   = newRule("trust/key-for-principal", isWarning, "The principal's calls have the condition's key", pageKeys)
	ruleDurationSeconds   = newRule("trust/duration-seconds", isWarning, "A session's length is limited by the role, not by a condition", pageKeys)
	ruleKeyPrefix         = newRule("trust/key-prefix", isWarning, "A provider's keys begin with the provider's name", pageKeys)
	ruleTagSession        = newRule("trust/asks-for-tags", isWarning, "A policy that asks for session tags allows sts:TagSession", pageSessionTags)
	ruleSourceIdentity    = newRule("trust/asks-for-source-identity", isWarning, "A policy that asks for a source identity allows sts:SetSourceIdentity", pageIdentity)
	ruleRolesAnywhere     = newRule("trust/roles-anywhere", isError, "Roles Anywhere may do all that it does when it assumes a role", analyzer("Missing action for roles anywhere trust policy", "error-missing-action-for-roles-anywhere-trust-policy"))
	rulePodIdentity       = newRule("trust/pod-identity", isWarning, "EKS Pod Identity may tag its sessions", pagePodIdentity)
	ruleSAMLAudience      = newRule("trust/saml-audience", isWarning, "SAML:aud is a sign-in URL of the provider's partition", pageSAMLRole)
)

// Resource control policies.
var (
	ruleRCPEffect    = newRule("rcp/effect", isError, "A resource control policy denies", analyzer("RCP syntax error allow", "error-rcp-syntax-error-allow"))
	ruleRCPPrincipal = newRule("rcp/principal", isError, "A resource control policy's principal is *", analyzer("RCP syntax error principal", "error-rcp-syntax-error-principal"))
	ruleRCPNotAction = newRule("rcp/not-action", isError, "A resource control policy names its actions", analyzer("RCP syntax error NotAction", "error-rcp-syntax-error-notaction"))
	ruleRCPAction    = newRule("rcp/action", isError, "The action's service is one that resource control policies cover", pageRCPServices)
	ruleRCPServices  = newRule("rcp/service-principals", isWarning, "A resource control policy says whether AWS's services are meant", analyzer("RCP missing related principal condition key", "general-warning-rcp-missing-related-principal-condition-key"))
)
