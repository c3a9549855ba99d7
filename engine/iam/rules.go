package iam

import (
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// rule is a trace.Rule and how much its violation matters. Where IAM Access
// Analyzer has the same check the severity is its finding type: an error is an
// error, a security warning or a warning a warning, a suggestion an info.
type rule struct {
	trace.Rule
	severity trace.Severity
}

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"

// The pages of the IAM User Guide that decide.
var (
	pageGrammar      = userGuide("Grammar of the IAM JSON policy language", "reference_policies_grammar")
	pageVersion      = userGuide("Version", "reference_policies_elements_version")
	pageSid          = userGuide("Sid", "reference_policies_elements_sid")
	pageStatement    = userGuide("Statement", "reference_policies_elements_statement")
	pageEffect       = userGuide("Effect", "reference_policies_elements_effect")
	pagePrincipal    = userGuide("Principal", "reference_policies_elements_principal")
	pageNotPrincipal = userGuide("NotPrincipal", "reference_policies_elements_notprincipal")
	pageAction       = userGuide("Action", "reference_policies_elements_action")
	pageResource     = userGuide("Resource", "reference_policies_elements_resource")
	pageCondition    = userGuide("Condition", "reference_policies_elements_condition")
	pageLogic        = userGuide("Conditions with multiple context keys or values", "reference_policies_condition-logic-multiple-context-keys-or-values")
	pageOperators    = userGuide("Condition operators", "reference_policies_elements_condition_operators")
	pageSets         = userGuide("Single-valued vs. multivalued context keys", "reference_policies_condition-single-vs-multi-valued-context-keys")
	pageVariables    = userGuide("Variables and tags", "reference_policies_variables")
	pageKeys         = userGuide("IAM and AWS STS condition context keys", "reference_policies_iam-condition-keys")
	pageGlobalKeys   = userGuide("AWS global condition context keys", "reference_policies_condition-keys")
	pageEvaluation   = userGuide("How AWS enforcement code logic evaluates requests", "reference_policies_evaluation-logic_policy-eval-denyallow")
	pageSTSActions   = userGuide("Compare AWS STS credentials", "id_credentials_sts-comparison")
	pageSessionTags  = userGuide("Pass session tags in AWS STS", "id_session-tags")
	pageIdentity     = userGuide("Monitor and control actions taken with assumed roles", "id_credentials_temp_control-access_monitor")
	pageSAMLRole     = userGuide("Create a role for SAML 2.0 federation", "id_roles_create_for-idp_saml")
	pageQuotas       = userGuide("IAM and AWS STS quotas", "reference_iam-quotas")
	pageDocument     = trace.Cite{Title: "IAM API Reference: CreateRole", URL: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"}
	pagePodIdentity  = trace.Cite{Title: "Amazon EKS User Guide: Create IAM role with trust policy required by EKS Pod Identity", URL: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html"}
	pageRCP          = trace.Cite{Title: "AWS Organizations User Guide: RCP syntax", URL: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html"}
	pageRCPServices  = trace.Cite{Title: "AWS Organizations User Guide: AWS services that support RCPs", URL: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services"}
)

func userGuide(title, page string) trace.Cite {
	return trace.Cite{Title: "IAM User Guide: " + title, URL: guide + page + ".html"}
}

// analyzer cites one of IAM Access Analyzer's policy checks, by its anchor.
func analyzer(title, anchor string) trace.Cite {
	const page = "access-analyzer-reference-policy-checks"
	return trace.Cite{Title: "IAM Access Analyzer: " + title, URL: guide + page + ".html#" + page + "-" + anchor}
}

// catalogue is every rule, in the order of Rules.
var catalogue []*rule

func newRule(code string, severity trace.Severity, title string, cite trace.Cite) *rule {
	r := &rule{trace.Rule{Code: code, Title: title, Cite: cite}, severity}
	catalogue = append(catalogue, r)
	return r
}

// Rules are all the rules that a Finding of this package can name.
func Rules() []trace.Rule {
	rules := make([]trace.Rule, len(catalogue))
	for i, r := range catalogue {
		rules[i] = r.Rule
	}
	return rules
}

// at makes a Finding of the rule. detail is one sentence or two: what is
// there, then the way out.
func (r *rule) at(place trace.At, detail string, fix ...trace.Patch) trace.Finding {
	return r.Rule.Finding(r.severity, place, detail, fix...)
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
