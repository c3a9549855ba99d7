package iam

import (
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// rule is a trace.Rule and how much its violation matters.
type rule struct {
	trace.Rule
	severity trace.Severity
}

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"

// The pages of the IAM User Guide that decide.
var (
	pageGrammar      = trace.Cite{Title: "IAM User Guide: Grammar of the IAM JSON policy language", URL: guide + "reference_policies_grammar.html"}
	pageVersion      = trace.Cite{Title: "IAM User Guide: Version", URL: guide + "reference_policies_elements_version.html"}
	pageSid          = trace.Cite{Title: "IAM User Guide: Sid", URL: guide + "reference_policies_elements_sid.html"}
	pageStatement    = trace.Cite{Title: "IAM User Guide: Statement", URL: guide + "reference_policies_elements_statement.html"}
	pageEffect       = trace.Cite{Title: "IAM User Guide: Effect", URL: guide + "reference_policies_elements_effect.html"}
	pagePrincipal    = trace.Cite{Title: "IAM User Guide: Principal", URL: guide + "reference_policies_elements_principal.html"}
	pageNotPrincipal = trace.Cite{Title: "IAM User Guide: NotPrincipal", URL: guide + "reference_policies_elements_notprincipal.html"}
	pageAction       = trace.Cite{Title: "IAM User Guide: Action", URL: guide + "reference_policies_elements_action.html"}
	pageResource     = trace.Cite{Title: "IAM User Guide: Resource", URL: guide + "reference_policies_elements_resource.html"}
	pageCondition    = trace.Cite{Title: "IAM User Guide: Condition", URL: guide + "reference_policies_elements_condition.html"}
	pageOperators    = trace.Cite{Title: "IAM User Guide: Condition operators", URL: guide + "reference_policies_elements_condition_operators.html"}
	pageSets         = trace.Cite{Title: "IAM User Guide: Single-valued vs. multivalued context keys", URL: guide + "reference_policies_condition-single-vs-multi-valued-context-keys.html"}
	pageVariables    = trace.Cite{Title: "IAM User Guide: Variables and tags", URL: guide + "reference_policies_variables.html"}
	pageKeys         = trace.Cite{Title: "IAM User Guide: IAM and AWS STS condition context keys", URL: guide + "reference_policies_iam-condition-keys.html"}
	pageSTSActions   = trace.Cite{Title: "IAM User Guide: Compare AWS STS credentials", URL: guide + "id_credentials_sts-comparison.html"}
	pageDocument     = trace.Cite{Title: "IAM API Reference: CreateRole", URL: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"}
	pageQuotas       = trace.Cite{Title: "IAM User Guide: IAM and AWS STS quotas", URL: guide + "reference_iam-quotas.html"}
)

// catalogue is every rule, in the order of Rules.
var catalogue []*rule

func newRule(code string, severity trace.Severity, title string, cite trace.Cite) *rule {
	r := &rule{trace.Rule{Code: code, Title: title, Cite: cite}, severity}
	catalogue = append(catalogue, r)
	return r
}

// The document and its statements.
var (
	ruleJSON           = newRule("policy/json", trace.SeverityError, "The policy is JSON", pageGrammar)
	ruleObject         = newRule("policy/object", trace.SeverityError, "The policy is a JSON object", pageGrammar)
	ruleDuplicateName  = newRule("policy/duplicate-name", trace.SeverityError, "Every name stands once in its object", pageGrammar)
	ruleElement        = newRule("policy/element", trace.SeverityError, "Every element is one that AWS knows", pageGrammar)
	ruleVersion        = newRule("policy/version", trace.SeverityError, "The version is one of the policy language", pageVersion)
	ruleVersionMissing = newRule("policy/version-missing", trace.SeverityInfo, "The policy states its version", pageVersion)
	ruleStatement      = newRule("policy/statement", trace.SeverityError, "The policy has statements", pageStatement)
	ruleSid            = newRule("policy/sid", trace.SeverityError, "The statement id is letters and digits", pageSid)
	ruleSidUnique      = newRule("policy/sid-unique", trace.SeverityError, "Statement ids are unique", pageSid)
	ruleEffect         = newRule("policy/effect", trace.SeverityError, "The effect is Allow or Deny", pageEffect)
	ruleValue          = newRule("policy/value", trace.SeverityError, "A value is a string or a list of strings", pageGrammar)
	ruleOneOf          = newRule("policy/element-and-opposite", trace.SeverityError, "A statement has an element or its opposite", pageGrammar)
	ruleCharacter      = newRule("policy/character", trace.SeverityError, "The policy's characters are ones that IAM accepts", pageDocument)
)

// Principal, Action, Resource.
var (
	ruleAction           = newRule("policy/action", trace.SeverityError, "The statement names its actions", pageAction)
	ruleActionForm       = newRule("policy/action-form", trace.SeverityError, "An action is a service and a name", pageAction)
	rulePrincipal        = newRule("policy/principal", trace.SeverityError, "The statement names its principals where its policy has them", pagePrincipal)
	rulePrincipalType    = newRule("policy/principal-type", trace.SeverityError, "The principal's type is one that AWS knows", pagePrincipal)
	rulePrincipalInvalid = newRule("policy/principal-invalid", trace.SeverityError, "The principal is one that AWS can find", pagePrincipal)
	ruleNotPrincipal     = newRule("policy/not-principal", trace.SeverityError, "NotPrincipal stands in a Deny", pageNotPrincipal)
	ruleResource         = newRule("policy/resource", trace.SeverityError, "The statement names its resources", pageResource)
	ruleResourceForm     = newRule("policy/resource-form", trace.SeverityError, "A resource is an ARN or a lone *", pageResource)
)

// Condition.
var (
	ruleCondition       = newRule("policy/condition", trace.SeverityError, "A condition is an operator, a key and values", pageCondition)
	ruleOperator        = newRule("policy/condition-operator", trace.SeverityError, "The operator is one that AWS knows", pageOperators)
	ruleKey             = newRule("policy/condition-key", trace.SeverityError, "The condition key is a key's name", pageKeys)
	ruleValueType       = newRule("policy/condition-value", trace.SeverityError, "The value is of its operator's type", pageOperators)
	ruleWildcardEquals  = newRule("policy/wildcard-without-like", trace.SeverityWarning, "Wildcards stand under an operator that knows them", pageOperators)
	ruleLikeNoWildcard  = newRule("policy/like-without-wildcard", trace.SeverityInfo, "StringLike is used with a wildcard", pageOperators)
	ruleForAllMissing   = newRule("policy/for-all-values-allow", trace.SeverityWarning, "ForAllValues in an Allow goes with a check that the key is there", pageSets)
	ruleIfExistsAllow   = newRule("policy/if-exists-allow", trace.SeverityWarning, "IfExists in an Allow leaves no way around the condition", pageOperators)
	ruleSetOnSingle     = newRule("policy/set-on-single-valued", trace.SeverityInfo, "Set operators stand on multivalued keys", pageSets)
	ruleVariableVersion = newRule("policy/variable-version", trace.SeverityWarning, "Variables stand in a policy of Version 2012-10-17", pageVariables)
	ruleVariablePlace   = newRule("policy/variable-place", trace.SeverityWarning, "Variables stand where AWS replaces them", pageVariables)
)

// Role trust policies.
var (
	ruleTrustResource     = newRule("trust/resource", trace.SeverityError, "A role trust policy has no Resource", pageGrammar)
	ruleTrustAction       = newRule("trust/assume-role-action", trace.SeverityError, "A role trust policy names STS AssumeRole actions", pageAction)
	ruleTrustNotPrincipal = newRule("trust/not-principal", trace.SeverityError, "A role trust policy names its principals", pageNotPrincipal)
	ruleTrustFederated    = newRule("trust/federated", trace.SeverityError, "A federated principal is a provider's ARN or a domain", pagePrincipal)
	ruleTrustMismatch     = newRule("trust/action-for-principal", trace.SeverityError, "The action is the one its principal calls", pageSTSActions)
	ruleTrustSize         = newRule("trust/size", trace.SeverityWarning, "The role trust policy is within the default quota", pageQuotas)
)

// Rules are all the rules that a Finding of this package can name.
func Rules() []trace.Rule {
	rules := make([]trace.Rule, len(catalogue))
	for i, r := range catalogue {
		rules[i] = r.Rule
	}
	return rules
}

var noFix = []trace.Patch{}

// at makes a Finding of the rule. detail is one sentence or two: what is
// there, then the way out.
func (r *rule) at(place trace.At, detail string, fix ...trace.Patch) trace.Finding {
	if fix == nil {
		fix = noFix
	}
	return trace.Finding{
		Rule: r.Code, Severity: r.severity, Title: r.Title, Detail: detail, At: place, Fix: fix, Cite: r.Cite,
	}
}

// quoteAWS is AWS's own message for the same mistake, as a second sentence.
func quoteAWS(message string) string { return " AWS's message: " + message }

// sentence makes one of a reader's reason: a capital first, a full stop last.
func sentence(reason string) string {
	if reason == "" {
		return ""
	}
	return strings.ToUpper(reason[:1]) + reason[1:] + "."
}

// article is a JSON type with its article.
func article(kind source.Kind) string {
	switch kind {
	case source.Null:
		return "null"
	case source.Array, source.Object:
		return "an " + kind.String()
	}
	return "a " + kind.String()
}
