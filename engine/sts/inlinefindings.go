package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

var (
	citeQuotas = trace.Cite{
		Title: "IAM and AWS STS quotas",
		URL:   docs + "IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length",
	}
	citeExternalID = trace.Cite{
		Title: "Access to AWS accounts owned by third parties",
		URL:   docs + "IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
	}

	findInlineSize = trace.Rule{Code: "policy/inline-size", Title: "The inline policies together are within the quota", Cite: citeQuotas}
	findExternalID = trace.Rule{Code: "trust/external-id", Title: "Another company's account is asked for an external ID", Cite: citeExternalID}
)

// inlineQuotas are how many characters all inline policies of one identity can
// have together, without white space ("IAM doesn't count white space").
var inlineQuotas = map[string]int{"user": 2048, "group": 5120, "role": 10240}

// inlineSizeFinding says where the inline policies of an identity are over
// their quota together; nil where they aren't. kind is user, group or role,
// path the JSON Pointer of its entry.
func inlineSizeFinding(kind, path string, policies []scenario.InlinePolicy) []trace.Finding {
	size := InlineSize(policies)
	if size <= inlineQuotas[kind] {
		return nil
	}
	return []trace.Finding{finding(findInlineSize, trace.SeverityWarning, trace.At{Path: path + "/Policies"},
		fmt.Sprintf("The inline policies of the %s have %d characters together, without white space, and the quota is %d; make managed policies of some.", kind, size, inlineQuotas[kind]))}
}

// thirdPartyFindings are the roles of the account that trust an account which
// the scenario doesn't have, without an external ID: where that is another
// company, its other customers could make it act here. own are the scenario's
// accounts.
func (a *Account) thirdPartyFindings(own map[string]*Account) (findings []trace.Finding) {
	for i := range a.Roles {
		role := a.roles[strings.ToLower(a.Roles[i].RoleName)]
		if role == nil || role.Role != &a.Roles[i] {
			continue
		}
		for j := range role.Trust.Statements {
			s := &role.Trust.Statements[j]
			if s.Effect != "Allow" || slices.ContainsFunc(s.Conditions, limitsAccount) {
				continue
			}
			for k := range s.Principal.Values {
				v := &s.Principal.Values[k]
				if id := accountOfPrincipal(v); id != "" && own[id] == nil {
					findings = append(findings, finding(findExternalID, trace.SeverityInfo, v.At,
						fmt.Sprintf("Where account %s is another company's, its other customers could make it assume this role; ask for the sts:ExternalId that it gives you, or for aws:PrincipalOrgID where the account is yours.", id)))
				}
			}
		}
	}
	return findings
}

// limitsAccount says whether a condition keeps an account's other customers
// out, or says that the account is one's own.
func limitsAccount(c iam.Condition) bool {
	return slices.Contains([]string{"sts:externalid", "aws:principalorgid", "aws:principalorgpaths"}, strings.ToLower(c.Key))
}

// accountOfPrincipal is the account of an AWS principal; empty for others.
func accountOfPrincipal(v *iam.Written) string {
	if v.Type != "AWS" {
		return ""
	}
	id := v.Text
	if parts := strings.SplitN(v.Text, ":", 6); len(parts) == 6 {
		id = parts[4]
	}
	if len(id) != 12 || strings.Trim(id, "0123456789") != "" {
		return ""
	}
	return id
}
