package registration

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// OIDCProviderResponse is the response of CreateOpenIDConnectProvider.
type OIDCProviderResponse struct {
	OpenIDConnectProviderArn string
	Tags                     []scenario.Tag `json:",omitempty"`
}

// Empty is the response of an operation that answers nothing but that it was done.
type Empty struct{}

// CreateOpenIDConnectProvider.
var createOIDCProvider = &operation{
	resource: func(v *visit) string { return "oidc-provider/" + strings.TrimPrefix(v.params.URL, "https://") },
	tagging:  "iam:TagOpenIDConnectProvider",
	constraints: func(v *visit, broken *sts.Violations) {
		broken.Each(shapeClientIDs, v.params.ClientIDList)
		broken.Each(shapeThumbprints, v.params.ThumbprintList)
		broken.Require(shapeURL, v.params.URL, v.sent("Url"))
		v.tags(broken)
	},
	rules: []*trace.Rule{ruleProviderURL, ruleClientIDs, ruleThumbprints, ruleUnique, ruleQuota, ruleReach},
	check: func(v *visit) {
		v.checkURL()
		v.checkClientIDs(v.params.ClientIDList)
		v.checkThumbprints()
		url := v.params.URL
		if v.account.OIDCProvider(url) != nil {
			v.Fail(ruleUnique, alreadyExists("Provider with url "+url+" already exists."), "no provider of that URL", url, "The account has a provider for "+url+" already, and a URL has one; add the client ID to that one.").Placed(v.parameter("Url"))
		} else {
			v.Pass(ruleUnique, "no provider of that URL", "none", "")
		}
		v.checkRoom("OIDC providers", len(v.account.OpenIDConnectProviders), mostProviders, fmt.Sprintf("Cannot exceed quota for OpenIdConnectProvidersPerAccount: %d", mostProviders), true)
		v.checkReach()
	},
	save: func(v *visit) any {
		p := v.params
		v.account.SaveOIDCProvider(scenario.OIDCProvider{URL: p.URL, ClientIDList: once(p.ClientIDList), ThumbprintList: p.ThumbprintList, Tags: p.Tags, Path: p.Path})
		return &OIDCProviderResponse{v.arn(v.resource(v)), p.Tags}
	},
}

// AddClientIDToOpenIDConnectProvider.
var addClientID = &operation{
	resource: namedOIDCProvider,
	constraints: func(v *visit, broken *sts.Violations) {
		broken.Require(shapeOIDCArn, v.params.OpenIDConnectProviderArn, v.sent("OpenIDConnectProviderArn"))
		broken.Require(shapeClientID, v.params.ClientID, v.sent("ClientID"))
	},
	rules: []*trace.Rule{ruleExists, ruleClientIDs},
	check: func(v *visit) {
		if v.checkOIDCProvider() {
			v.checkClientIDs(with(v.oidc.ClientIDList, v.params.ClientID))
		} else {
			v.Skip("The provider doesn't exist.", ruleClientIDs)
		}
	},
	// "This operation is idempotent; it does not fail or return an error if you
	// add an existing client ID" (IAM API reference).
	save: func(v *visit) any {
		changed := *v.oidc
		changed.ClientIDList = with(changed.ClientIDList, v.params.ClientID)
		v.account.SaveOIDCProvider(changed)
		return &Empty{}
	},
}

// UpdateOpenIDConnectProviderThumbprint.
var updateThumbprints = &operation{
	resource: namedOIDCProvider,
	constraints: func(v *visit, broken *sts.Violations) {
		broken.Require(shapeOIDCArn, v.params.OpenIDConnectProviderArn, v.sent("OpenIDConnectProviderArn"))
		broken.Given("thumbprintList", v.sent("ThumbprintList"))
		broken.Each(shapeThumbprints, v.params.ThumbprintList)
	},
	rules: []*trace.Rule{ruleExists, ruleThumbprints},
	check: func(v *visit) {
		v.checkOIDCProvider()
		v.checkThumbprints()
	},
	save: func(v *visit) any {
		changed := *v.oidc
		changed.ThumbprintList = v.params.ThumbprintList
		v.account.SaveOIDCProvider(changed)
		return &Empty{}
	},
}

// once is the list without what stands in it before.
func once(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// with is the list and what is added to it, where it isn't there already. The
// list may be long: a scenario's provider is held to no quota.
func with(list []string, added string) []string {
	if slices.Contains(list, added) {
		return list
	}
	return append(slices.Clone(list), added)
}

// namedOIDCProvider is the resource of a call that names a provider.
func namedOIDCProvider(v *visit) string { return lastOf(v.params.OpenIDConnectProviderArn) }

// lastOf is what an ARN of IAM names in its account.
func lastOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	return parts[len(parts)-1]
}

// checkOIDCProvider finds the provider that the call names.
func (v *visit) checkOIDCProvider() bool {
	arn := v.params.OpenIDConnectProviderArn
	if url, ok := strings.CutPrefix(arn, v.arn("oidc-provider/")); ok {
		v.oidc = v.account.OIDCProvider(url)
	}
	if v.oidc == nil {
		v.Fail(ruleExists, noSuchEntity("OpenIDConnect Provider not found for arn "+arn), "a provider of account "+v.account.ID, arn, "The account has no OIDC provider of that ARN.").Placed(v.parameter("OpenIDConnectProviderArn"))
		return false
	}
	v.Pass(ruleExists, "a provider of account "+v.account.ID, arn, "")
	return true
}

// checkURL: what is no URL at all, and what is one that IAM doesn't register.
// That a discovery document's URL is registered, and then found by no token, is
// modelled: AWS documents no refusal.
func (v *visit) checkURL() {
	const expected = "https://, a host and perhaps a path"
	url := v.params.URL
	host := url
	if _, rest, ok := strings.Cut(url, "://"); ok {
		host = rest
	} else {
		host = ""
	}
	problem := sts.ProviderURLProblem(url)
	if at := strings.IndexAny(host, "#@ "); at >= 0 && !strings.Contains(host, "?") {
		problem = url + " has " + quote(host[at:at+1]) + " in it; the URL is a host and perhaps a path."
	}
	switch {
	case url == "":
		v.Skip("The request has no Url.", ruleProviderURL)
	case host == "":
		v.Fail(ruleProviderURL, validationError("Invalid Open ID Connect Provider URL"), expected, url, quote(url)+" is no URL: it begins with https://, as the token's iss does.").Placed(v.parameter("Url"))
	case strings.HasSuffix(url, "/.well-known/openid-configuration"):
		v.doubts = append(v.doubts, problem)
		v.Warn(ruleProviderURL, expected, url, problem+" IAM isn't known to refuse it; no token's iss equals it.").AsModelled().Placed(v.parameter("Url"))
	case problem != "" && len(url) <= shapeURL.Max:
		v.Fail(ruleProviderURL, invalidInput(sts.WordingUnknown("Invalid Open ID Connect Provider URL")), expected, url, problem).AsModelled().Placed(v.parameter("Url"))
	default:
		v.Pass(ruleProviderURL, expected, url, "It has to equal the token's iss, letter by letter.")
	}
}

func (v *visit) checkClientIDs(ids []string) {
	expected, found := fmt.Sprintf("at most %d", mostClientIDs), fmt.Sprint(len(ids))
	switch {
	case len(ids) > mostClientIDs:
		v.Fail(ruleClientIDs, limitExceeded(fmt.Sprintf("Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: %d", mostClientIDs)), expected, found, fmt.Sprintf("The provider would have %d client IDs.", len(ids)))
	case len(ids) == 0:
		v.doubts = append(v.doubts, "Without a client ID no token's audience matches; add one with AddClientIDToOpenIDConnectProvider.")
		v.Warn(ruleClientIDs, expected, found, "IAM takes a provider without client IDs, and then no token's audience matches.")
	default:
		v.Pass(ruleClientIDs, expected, found, "")
	}
}

func (v *visit) checkThumbprints() {
	list := v.params.ThumbprintList
	expected, found := fmt.Sprintf("at most %d, of 40 hexadecimal digits", mostThumbprints), fmt.Sprint(len(list))
	problem := sts.ThumbprintProblem(list)
	switch {
	case len(list) > mostThumbprints:
		v.Fail(ruleThumbprints, invalidInput("Thumbprint list must contain fewer than 5 entries."), expected, found, problem).Placed(v.parameter("ThumbprintList"))
	case problem != "":
		v.Fail(ruleThumbprints, invalidInput(sts.WordingUnknown("The thumbprint is not valid")), expected, strings.Join(list, "\n"), problem).AsModelled().Placed(v.parameter("ThumbprintList"))
	default:
		v.Pass(ruleThumbprints, expected, found, "")
	}
}

// checkReach: without a thumbprint IAM fetches the one of the provider's
// certificate (IAM API reference, CreateOpenIDConnectProvider).
func (v *visit) checkReach() {
	switch {
	case len(v.params.ThumbprintList) > 0:
		v.Pass(ruleReach, "a thumbprint, or a server that answers", "a thumbprint is given", "")
	case !v.world.Reaches(v.params.URL):
		v.Fail(ruleReach, errUnreachable, "a thumbprint, or a server that answers", "unreachable", "No thumbprint is given, so IAM asks the provider's server for its certificate, and the server doesn't answer.").AsModelled()
	default:
		v.Pass(ruleReach, "a thumbprint, or a server that answers", "reachable", "")
	}
}

// checkRoom holds how many there are against a quota. known says whether AWS's
// words are.
func (v *visit) checkRoom(what string, count, most int, message string, known bool) {
	expected, found := fmt.Sprintf("fewer than %d %s", most, what), fmt.Sprint(count)
	if count < most {
		v.Pass(ruleQuota, expected, found, "")
		return
	}
	v.Fail(ruleQuota, limitExceeded(message), expected, found, "There are as many as the default quota allows; it can be raised.").Modelled = !known
}
