package sts

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

var (
	findProviderURL = trace.Rule{Code: "oidc/provider-url", Title: "The provider's URL is one that IAM registers", Cite: citeProvider}
	findClientIDs   = trace.Rule{Code: "oidc/client-ids", Title: "The provider's client IDs are within IAM's limits", Cite: citeProvider}
	findThumbprints = trace.Rule{Code: "oidc/thumbprints", Title: "The provider's thumbprints are ones that IAM takes", Cite: citeProvider}
)

// FindingRules are the rules of this package's findings.
func FindingRules() []trace.Rule {
	own := []trace.Rule{findProviderURL, findClientIDs, findThumbprints, findRoleName, findRolePath, findMaxSession, findUnknownPolicy, findUnknownGroup, findDuplicateResource, findManyTags, findInlineSize, findExternalID}
	return slices.Concat(own, trustFindingRules, samlFindingRules)
}

// mostFindings bounds what is said about one trust policy; nobody reads on.
const mostFindings = 100

func finding(rule trace.Rule, severity trace.Severity, at trace.At, detail string) trace.Finding {
	return rule.Finding(severity, at, detail)
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
