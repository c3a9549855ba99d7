package sts

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// checkPage is where IAM Access Analyzer's policy checks are explained.
const checkPage = docs + "IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-"

var (
	citeShared = trace.Cite{
		Title: "Identity-provider controls for shared OIDC providers",
		URL:   docs + "IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
	}
	citeOIDCRole = trace.Cite{
		Title: "Create a role for OpenID Connect federation",
		URL:   docs + "IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
	}
	citeOIDCCondition = trace.Cite{Title: "IAM Access Analyzer: Missing condition key for oidc principal", URL: checkPage + "security-warning-missing-condition-key-for-oidc-principal"}
	citeGitHubBranch  = trace.Cite{Title: "IAM Access Analyzer: Specific github repo and branch recommended", URL: checkPage + "general-warning-specific-github-repo-and-branch-recommended"}
	citeGitHubSubject = trace.Cite{Title: "GitHub Docs: OpenID Connect reference", URL: "https://docs.github.com/en/actions/reference/security/oidc"}

	findSharedProvider  = trace.Rule{Code: "trust/shared-provider", Title: "A shared provider's subjects are narrowed down", Cite: citeShared}
	findOIDCCondition   = trace.Rule{Code: "trust/oidc-condition", Title: "A condition asks for a key of the statement's provider", Cite: citeOIDCCondition}
	findSubjectMissing  = trace.Rule{Code: "trust/subject-missing", Title: "A condition says whose tokens of the provider are meant", Cite: citeOIDCRole}
	findAudienceMissing = trace.Rule{Code: "trust/audience-missing", Title: "A condition says for which client the token was issued", Cite: citeOIDCRole}
	findWideSubject     = trace.Rule{Code: "trust/wide-subject", Title: "The subject names its owner in full", Cite: citeShared}
	findSubjectWildcard = trace.Rule{Code: "trust/subject-wildcard", Title: "The subject names a repository and what may start the run", Cite: citeGitHubBranch}
	findSubjectForm     = trace.Rule{Code: "trust/subject-form", Title: "The subject is written as the provider writes it", Cite: citeGitHubSubject}
	findNoKey           = trace.Rule{Code: "trust/claim-is-no-key", Title: "The condition asks for a claim that AWS turns into a key", Cite: citeKeys}
)

// trustFindingRules are the rules of findings about whom a trust policy's
// providers let in.
var trustFindingRules = []trace.Rule{
	findSharedProvider, findOIDCCondition, findSubjectMissing, findAudienceMissing,
	findWideSubject, findSubjectWildcard, findSubjectForm, findNoKey, findBuiltIn,
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

// trustFindings are what a trust policy's provider makes of it: conditions that
// keep strangers out, or don't, and claims that are no condition keys. What a
// policy is by itself package iam judges.
func trustFindings(role *Role, mode scenario.ClaimsMode) []trace.Finding {
	var findings []trace.Finding
	for i := range role.Trust.Statements {
		s := &role.Trust.Statements[i]
		if s.Effect != "Allow" {
			continue
		}
		findings = append(findings, builtInFindings(role, s)...)
		findings = append(findings, providerConditions(s)...)
		findings = append(findings, subjectFindings(role.AssumeRolePolicyDocument, s)...)
		findings = append(findings, claimFindings(s, mode)...)
		if len(findings) > mostFindings {
			return findings[:mostFindings]
		}
	}
	return findings
}

// providerOfPrincipal is a Federated principal as condition keys write it.
func providerOfPrincipal(principal string) string {
	if _, name, ok := strings.Cut(principal, ":oidc-provider/"); ok {
		return name
	}
	return principal
}

// federatedPrincipal is an identity provider that a statement names. Name is
// as condition keys begin with it, for SAML saml.
type federatedPrincipal struct {
	text, name string
	saml       bool
}

// providersOf are the providers that a statement names, each once and as many
// as anyone reads about.
func providersOf(s *iam.Statement) (all []federatedPrincipal) {
	for j := range s.Principal.Values {
		v := &s.Principal.Values[j]
		if v.Type != "Federated" || len(all) >= mostProviders || slices.ContainsFunc(all, func(p federatedPrincipal) bool { return p.text == v.Text }) {
			continue
		}
		p := federatedPrincipal{text: v.Text, name: providerOfPrincipal(v.Text)}
		if strings.Contains(v.Text, ":saml-provider/") {
			p.saml, p.name = true, samlPrefix
		}
		all = append(all, p)
	}
	return all
}

// mostProviders bounds the providers of one statement that are judged; AWS's
// guide wants one.
const mostProviders = 20

// providerConditions are what the statement lacks to keep others out who have
// good tokens of the same provider.
func providerConditions(s *iam.Statement) (findings []trace.Finding) {
	about := s.IsAbout(assumeRoleWithWebIdentity.action)
	for _, p := range providersOf(s) {
		if p.saml || p.name == p.text && !slices.Contains(builtInProviders, p.name) {
			continue
		}
		if key, shared := sharedProviders[p.name]; shared && !narrows(s, key) {
			findings = append(findings, finding(findSharedProvider, trace.SeverityError, s.At,
				fmt.Sprintf("Nothing in statement %d narrows %s down, so everyone who uses %s could be let in. AWS refuses to save such a trust policy (MalformedPolicyDocument); add a condition on %s whose value is more than wildcards.", s.Index+1, key, p.name, key)))
		} else if about {
			findings = append(findings, whoIsMeant(s, p.name, p.name == p.text)...)
		}
	}
	return findings
}

// whoIsMeant: a token is good for everyone whom the provider issues one. The
// built-in providers issue tokens for an app, so there the app is enough;
// those of an account issue them for people or machines.
func whoIsMeant(s *iam.Statement, provider string, builtIn bool) []trace.Finding {
	var hasKey, hasAudience bool
	for i := range s.Conditions {
		prefix, claim, ok := cutKey(s.Conditions[i].Key, provider)
		if !strings.EqualFold(prefix, provider) {
			if ok || !strings.Contains(s.Conditions[i].Key, ":") {
				return nil // a key that is none lets nobody in, and has a finding of its own
			}
			continue
		}
		hasKey = true
		hasAudience = hasAudience || slices.ContainsFunc([]string{"aud", "oaud", "azp", "app_id"}, func(name string) bool { return strings.EqualFold(name, claim) })
	}
	narrowed := slices.ContainsFunc(s.Conditions, func(c iam.Condition) bool { return saysWho(&c, provider) })
	switch {
	case !hasKey && !narrowed:
		return []trace.Finding{finding(findOIDCCondition, trace.SeverityWarning, s.At,
			fmt.Sprintf("No condition of statement %d asks for a key of %s, so its tokens are good whoever bears them; add one on %s:sub.", s.Index+1, provider, provider))}
	case !narrowed && !builtIn:
		return []trace.Finding{finding(findSubjectMissing, trace.SeverityWarning, s.At,
			fmt.Sprintf("No condition of statement %d says whose tokens of %s are meant, and it issues them for this client to all who use it; add one on %s:sub.", s.Index+1, provider, provider))}
	case !hasAudience && builtIn:
		return []trace.Finding{finding(findAudienceMissing, trace.SeverityWarning, s.At,
			fmt.Sprintf("No condition of statement %d asks for the client, and %s issues tokens for everyone's apps; add one on %s.", s.Index+1, provider, audienceKey(provider)))}
	case !hasAudience:
		return []trace.Finding{finding(findAudienceMissing, trace.SeverityInfo, s.At,
			fmt.Sprintf("No condition of statement %d asks for the audience; STS takes any client ID that %s is registered with. Add one on %s:aud where the role is for one of them.", s.Index+1, provider, provider))}
	}
	return nil
}

// audienceKey is the key that says for which app a built-in provider's token is.
func audienceKey(provider string) string {
	if slices.ContainsFunc(keysOf(provider), func(k claimKey) bool { return k.key == "app_id" }) {
		return provider + ":app_id"
	}
	return provider + ":aud"
}

// saysWho says whether a condition tells the bearers of the provider's tokens
// apart: by a claim other than the audience, or by what the token puts into
// the session.
func saysWho(c *iam.Condition, provider string) bool {
	prefix, claim, ok := cutKey(c.Key, provider)
	lower := strings.ToLower(c.Key)
	switch {
	case ok && strings.EqualFold(prefix, provider):
		if claim = strings.ToLower(claim); claim == "aud" || claim == "oaud" || claim == "azp" || claim == "app_id" {
			return false
		}
	case lower == "sts:sourceidentity", strings.HasPrefix(lower, "aws:requesttag/"), strings.HasPrefix(lower, "aws:principaltag/"):
	default:
		return false
	}
	return isNarrow(c)
}

// narrows says whether a statement has a condition on key with some value
// that is more than wildcards.
func narrows(s *iam.Statement, key string) bool {
	return slices.ContainsFunc(s.Conditions, func(c iam.Condition) bool { return strings.EqualFold(c.Key, key) && isNarrow(&c) })
}

func isNarrow(c *iam.Condition) bool {
	return baseOperator(c.Operator) != "Null" && len(c.Values) > 0 &&
		!slices.ContainsFunc(c.Values, func(v iam.Written) bool { return strings.Trim(v.Text, "*?") == "" })
}

// claimFindings are the conditions on claims that AWS ignores.
func claimFindings(s *iam.Statement, mode scenario.ClaimsMode) (findings []trace.Finding) {
	effect := "the condition is decided as if the claim weren't there"
	if mode == scenario.ClaimsAll {
		effect = "only here, under claims: all, is the condition decided by the claim"
	}
	providers := providersOf(s)
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if detail := ignoredClaim(providers, c, effect); detail != "" && len(findings) < mostFindings {
			findings = append(findings, finding(findNoKey, trace.SeverityWarning, c.At, detail))
		}
	}
	return findings
}

// ignoredClaim is what to say of a condition on a claim or an attribute of one
// of the providers that becomes no key; empty where it does.
func ignoredClaim(providers []federatedPrincipal, c *iam.Condition, effect string) string {
	for _, p := range providers {
		prefix, claim, ok := cutKey(c.Key, p.name)
		switch {
		case p.saml:
			if name, ok := cutFold(c.Key, samlPrefix+":"); ok && !isSAMLKey(name) {
				return fmt.Sprintf("AWS makes no condition key of %s: SAML attributes become keys by a fixed list, and %s. Use an attribute of that list, or session tags.", name, effect)
			}
		case !ok || !strings.EqualFold(prefix, p.name):
		case slices.ContainsFunc(keysOf(p.name), func(k claimKey) bool { return strings.EqualFold(k.key, claim) }):
		case strings.EqualFold(claim, "azp"):
			return fmt.Sprintf("AWS makes no condition key %s of azp: its value stands in %s:aud, and the token's own aud in %s:oaud.", c.Key, p.name, p.name)
		default:
			return fmt.Sprintf("AWS makes no condition key of the claim %s of %s: it ignores every claim that isn't on its list, and %s. Use the subject, amr, or session tags.", claim, p.name, effect)
		}
	}
	return ""
}

func namesFederated(values []iam.Written, principal string) bool {
	return slices.ContainsFunc(values, func(v iam.Written) bool { return v.Type == "Federated" && v.Text == principal || v.Text == "*" })
}
