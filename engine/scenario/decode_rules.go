package scenario

import "stsplayground/engine/trace"

// The rules that Decode's findings name. Their severity is error, save for a
// repeated context key: what breaks one isn't a scenario.
var (
	ruleTooLarge   = trace.Rule{Code: "scenario/too-large", Title: "The scenario is no larger than is read here"}
	ruleEmpty      = trace.Rule{Code: "scenario/empty", Title: "There is a scenario"}
	ruleEncoding   = trace.Rule{Code: "scenario/encoding", Title: "The text is UTF-8", Cite: trace.RFC("8259", "8.1")}
	ruleSyntax     = trace.Rule{Code: "scenario/syntax", Title: "The text is well-formed JSON or YAML"}
	ruleUnknown    = trace.Rule{Code: "scenario/unknown-field", Title: "Every field is one that a scenario has"}
	ruleDuplicate  = trace.Rule{Code: "scenario/duplicate-field", Title: "Every field is there once"}
	ruleRequired   = trace.Rule{Code: "scenario/required-field", Title: "Every field that is needed is there"}
	ruleType       = trace.Rule{Code: "scenario/type", Title: "Every field holds the type of value that it takes"}
	ruleValue      = trace.Rule{Code: "scenario/value", Title: "Every field holds a value that it takes"}
	ruleAccountID  = trace.Rule{Code: "scenario/account-id", Title: "An account id has 12 digits", Cite: citeAccountID}
	ruleUniqueName = trace.Rule{Code: "scenario/unique-name", Title: "Names are unique in their account", Cite: citeNames}
	ruleIssuer     = trace.Rule{Code: "scenario/issuer", Title: "Each issuer has a name, and no two the same"}
	ruleCallName   = trace.Rule{Code: "scenario/call-name", Title: "Each call has a name of its own"}
	ruleCaller     = trace.Rule{Code: "scenario/caller", Title: "A call's caller is an ARN, a service or an earlier call"}
	ruleTooMany    = trace.Rule{Code: "scenario/too-many-findings", Title: "The findings fit into one list"}
)

var (
	citeAccountID = trace.Cite{
		Title: "AWS Account Management: View AWS account identifiers",
		URL:   "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html",
	}
	citeNames = trace.Cite{
		Title: "IAM: IAM and AWS STS quotas",
		URL:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
	}
)

// Rules are the rules that Decode's findings name.
func Rules() []trace.Rule {
	return []trace.Rule{
		ruleTooLarge, ruleEmpty, ruleEncoding, ruleSyntax, ruleUnknown, ruleDuplicate, ruleRequired, ruleType,
		ruleValue, ruleAccountID, ruleUniqueName, ruleIssuer, ruleCallName, ruleCaller, ruleTooMany,
	}
}
