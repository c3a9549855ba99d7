package sts

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

var (
	citeShared = trace.Cite{
		Title: "Identity-provider controls for shared OIDC providers",
		URL:   docs + "IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
	}

	findSharedProvider = trace.Rule{Code: "trust/shared-provider", Title: "A shared provider's subjects are narrowed down", Cite: citeShared}
	findWideSubject    = trace.Rule{Code: "trust/wide-subject", Title: "The subject names its owner in full", Cite: citeShared}
	findNoKey          = trace.Rule{Code: "trust/claim-is-no-key", Title: "The condition asks for a claim that AWS turns into a key", Cite: citeKeys}
	findProviderURL    = trace.Rule{Code: "oidc/provider-url", Title: "The provider's URL is one that IAM registers", Cite: citeProvider}
	findClientIDs      = trace.Rule{Code: "oidc/client-ids", Title: "The provider's client IDs are within IAM's limits", Cite: citeProvider}
	findThumbprints    = trace.Rule{Code: "oidc/thumbprints", Title: "The provider's thumbprints are ones that IAM takes", Cite: citeProvider}
)

// FindingRules are the rules of this package's findings.
func FindingRules() []trace.Rule {
	own := []trace.Rule{findSharedProvider, findWideSubject, findNoKey, findProviderURL, findClientIDs, findThumbprints, findRoleName, findRolePath, findMaxSession, findUnknownPolicy, findUnknownGroup}
	return append(own, samlFindingRules...)
}

// sharedProviders are the providers that many customers share, with the
// condition key that AWS wants in a trust policy before it saves the role.
var sharedProviders = map[string]string{
	"cognito-identity.amazonaws.com":                                      "cognito-identity.amazonaws.com:aud",
	"sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d":                "sts:RoleSessionName",
	"agent.buildkite.com":                                                 "agent.buildkite.com:sub",
	"oidc.codefresh.io":                                                   "oidc.codefresh.io:sub",
	"studio.datachain.ai/api":                                             "studio.datachain.ai/api:sub",
	"token.actions.githubusercontent.com":                                 "token.actions.githubusercontent.com:sub",
	"oidc-configuration.audit-log.githubusercontent.com":                  "oidc-configuration.audit-log.githubusercontent.com:sub",
	"vstoken.actions.githubusercontent.com":                               "vstoken.actions.githubusercontent.com:sub",
	"gitlab.com":                                                          "gitlab.com:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7": "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr": "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg": "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26": "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26:sub",
	"oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb":         "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb:sub",
	"oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu":         "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu:sub",
	"api.pulumi.com/oidc":                                                 "api.pulumi.com/oidc:aud",
	"sandboxes.cloud":                                                     "sandboxes.cloud:aud",
	"scalr.io":                                                            "scalr.io:sub",
	"tokens.cloud.shisho.dev":                                             "tokens.cloud.shisho.dev:sub",
	"app.terraform.io":                                                    "app.terraform.io:sub",
	"proidc.upbound.io":                                                   "proidc.upbound.io:sub",
	"oidc.vercel.com":                                                     "oidc.vercel.com:aud",
}

// trustFindings are what a trust policy's provider makes of it: the required
// condition of shared providers, and claims that are no condition keys.
func trustFindings(role *Role, mode scenario.ClaimsMode) []trace.Finding {
	var findings []trace.Finding
	for i := range role.Trust.Statements {
		s := &role.Trust.Statements[i]
		if s.Effect != "Allow" {
			continue
		}
		for j := range s.Principal.Values {
			v := &s.Principal.Values[j]
			if v.Type != "Federated" {
				continue
			}
			provider := providerOfPrincipal(v.Text)
			if key, shared := sharedProviders[provider]; shared && !narrows(s, key) {
				findings = append(findings, finding(findSharedProvider, trace.SeverityError, s.At,
					fmt.Sprintf("Nothing in statement %d narrows %s down, so everyone who uses %s could be let in. AWS refuses to save such a trust policy (MalformedPolicyDocument); add a condition on %s whose value is more than wildcards.", s.Index+1, key, provider, key)))
			}
		}
		findings = append(findings, subjectFindings(s)...)
		findings = append(findings, claimFindings(s, mode)...)
		if len(findings) > mostFindings {
			return findings[:mostFindings]
		}
	}
	return findings
}

// mostFindings bounds what is said about one trust policy; nobody reads on.
const mostFindings = 100

func finding(rule trace.Rule, severity trace.Severity, at trace.At, detail string) trace.Finding {
	return trace.Finding{Rule: rule.Code, Severity: severity, Title: rule.Title, Detail: detail, At: at, Fix: noFix, Cite: rule.Cite}
}

// providerOfPrincipal is a Federated principal as condition keys write it.
func providerOfPrincipal(principal string) string {
	if _, name, ok := strings.Cut(principal, ":oidc-provider/"); ok {
		return name
	}
	return principal
}

// narrows says whether a statement has a condition on key with some value
// that is more than wildcards.
func narrows(s *iam.Statement, key string) bool {
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if !strings.EqualFold(c.Key, key) || baseOperator(c.Operator) == "Null" {
			continue
		}
		if len(c.Values) > 0 && !slices.ContainsFunc(c.Values, func(v iam.Written) bool { return strings.Trim(v.Text, "*?") == "" }) {
			return true
		}
	}
	return false
}

// subjectFindings are the patterns for GitHub's subjects that don't end the
// owner's name with its slash: names are free to take.
func subjectFindings(s *iam.Statement) (findings []trace.Finding) {
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if baseOperator(c.Operator) != "StringLike" || !strings.HasSuffix(strings.ToLower(c.Key), ":sub") {
			continue
		}
		for j := range c.Values {
			pattern, ok := strings.CutPrefix(c.Values[j].Text, "repo:")
			owner, _, _ := strings.Cut(pattern, "/")
			wild := strings.IndexAny(owner, "*?")
			switch {
			case !ok || wild < 0 || strings.Contains(owner[:wild], "@"): // an id behind the whole name
			case wild == 0:
				findings = append(findings, finding(findWideSubject, trace.SeverityWarning, c.Values[j].At,
					fmt.Sprintf("%q takes repositories of every owner on GitHub; write the owner in full, with the slash behind it, as in repo:octo-org/*.", c.Values[j].Text)))
			default:
				findings = append(findings, finding(findWideSubject, trace.SeverityWarning, c.Values[j].At,
					fmt.Sprintf("%q takes every owner whose name begins with %s, and anyone can create one; write the owner in full, with the slash behind it, as in repo:%s/*.", c.Values[j].Text, owner[:wild], owner[:wild])))
			}
		}
	}
	return findings
}

// claimFindings are the conditions on claims that AWS ignores.
func claimFindings(s *iam.Statement, mode scenario.ClaimsMode) (findings []trace.Finding) {
	effect := "the condition is decided as if the claim weren't there"
	if mode == scenario.ClaimsAll {
		effect = "only here, under claims: all, is the condition decided by the claim"
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		for j := range s.Principal.Values {
			provider := providerOfPrincipal(s.Principal.Values[j].Text)
			if name, ok := cutFold(c.Key, samlPrefix+":"); ok && strings.Contains(s.Principal.Values[j].Text, ":saml-provider/") && !isSAMLKey(name) {
				findings = append(findings, finding(findNoKey, trace.SeverityWarning, c.At,
					fmt.Sprintf("AWS makes no condition key of %s: SAML attributes become keys by a fixed list, and %s. Use an attribute of that list, or session tags.", name, effect)))
			}
			prefix, claim, ok := cutKey(c.Key, provider)
			if !ok || !strings.EqualFold(prefix, provider) || s.Principal.Values[j].Type != "Federated" {
				continue
			}
			if slices.ContainsFunc(keysOf(provider), func(k claimKey) bool { return strings.EqualFold(k.key, claim) }) || strings.HasPrefix(s.Principal.Values[j].Text, "arn:") && strings.Contains(s.Principal.Values[j].Text, ":saml-provider/") {
				continue
			}
			findings = append(findings, finding(findNoKey, trace.SeverityWarning, c.At,
				fmt.Sprintf("AWS makes no condition key of the claim %s of %s: it ignores every claim that isn't on its list, and %s. Use the subject, amr, or session tags.", claim, provider, effect)))
		}
	}
	return findings
}

// providerFindings are what IAM would refuse in a provider's registration
// (IAM guide, "Create an OpenID Connect (OIDC) identity provider in IAM").
func providerFindings(a *scenario.Account) (findings []trace.Finding) {
	first := make(map[string]int, len(a.OpenIDConnectProviders))
	for i := range a.OpenIDConnectProviders {
		p := &a.OpenIDConnectProviders[i]
		say := func(rule trace.Rule, field, problem string) {
			if problem != "" {
				findings = append(findings, finding(rule, trace.SeverityError, trace.At{Path: p.Path + "/" + field}, problem))
			}
		}
		say(findProviderURL, "Url", urlProblem(p.URL))
		name := strings.TrimPrefix(p.URL, "https://")
		if before, taken := first[name]; taken {
			say(findProviderURL, "Url", fmt.Sprintf("%s is the URL of provider %d already, which is the one that counts; an account has one provider for each URL.", p.URL, before+1))
		} else {
			first[name] = i
		}
		say(findClientIDs, "ClientIDList", clientIDProblem(p.ClientIDList))
		say(findThumbprints, "ThumbprintList", thumbprintProblem(p.ThumbprintList))
	}
	return findings
}

func clientIDProblem(ids []string) string {
	if len(ids) > 100 {
		return fmt.Sprintf("%d client IDs are registered; IAM takes at most 100 for a provider.", len(ids))
	}
	for i, id := range ids {
		if n := utf8.RuneCountInString(id); n < 1 || n > 255 {
			return fmt.Sprintf("Client ID %d has %d characters; IAM takes 1 to 255.", i+1, n)
		}
	}
	return ""
}

func thumbprintProblem(thumbprints []string) string {
	if len(thumbprints) > 5 {
		return fmt.Sprintf("%d thumbprints are registered; IAM takes at most 5 for a provider.", len(thumbprints))
	}
	for _, t := range thumbprints {
		if len(t) != 40 || strings.Trim(t, "0123456789abcdefABCDEF") != "" {
			return fmt.Sprintf("%q is no thumbprint; IAM takes a certificate's SHA-1 digest, 40 hexadecimal digits without colons.", t)
		}
	}
	return ""
}

func urlProblem(url string) string {
	rest, https := strings.CutPrefix(url, "https://")
	host, _, _ := strings.Cut(rest, "/")
	switch {
	case strings.HasPrefix(url, "http://"):
		return url + " is written with http; IAM registers https URLs only."
	case !https && strings.Contains(url, "://"):
		return url + " isn't an https URL, and IAM registers no other."
	case strings.HasSuffix(rest, "/.well-known/openid-configuration"):
		return url + " is the discovery document's URL; the provider's URL is the issuer, the token's iss, without that path."
	case strings.Contains(host, ":"):
		return url + " has a port number, which IAM doesn't take."
	case strings.Contains(rest, "?"):
		return url + " has a query, which IAM doesn't take."
	case len(url) > 255:
		return fmt.Sprintf("The URL has %d characters; IAM takes at most 255.", len(url))
	}
	return ""
}

func namesFederated(values []iam.Written, principal string) bool {
	return slices.ContainsFunc(values, func(v iam.Written) bool { return v.Type == "Federated" && v.Text == principal || v.Text == "*" })
}
