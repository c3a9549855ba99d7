package exchange

import (
	"slices"
	"strings"

	"stsplayground/engine/source"
)

// known are issuers by how their URL begins or what it has in it, for
// sentences and for the name of a role.
var known = []struct{ begins, has, name, role string }{
	{"https://token.actions.githubusercontent.com", "", "GitHub Actions", "github-actions"},
	{"https://token.actions.", ".ghe.com", "GitHub Actions on ghe.com", "github-actions"},
	{"https://gitlab.com", "", "GitLab", "gitlab-ci"},
	{"https://oidc.circleci.com/org/", "", "CircleCI", "circleci"},
	{"https://agent.buildkite.com", "", "Buildkite", "buildkite"},
	{"https://app.terraform.io", "", "HCP Terraform", "terraform"},
	{"https://api.bitbucket.org/", "", "Bitbucket Pipelines", "bitbucket"},
	{"https://oidc.eks.", "", "an Amazon EKS cluster", "eks-pod"},
	{"https://cognito-idp.", "", "an Amazon Cognito user pool", "cognito-user"},
	{cognitoIdentity, "", "Amazon Cognito", "cognito-identity"},
	{"https://accounts.google.com", "", "Google", "google"},
	{"accounts.google.com", "", "Google", "google"},
	{"https://container.googleapis.com/", "", "a Google Kubernetes Engine cluster", "gke-pod"},
	{"https://login.microsoftonline.com/", "", "Microsoft Entra ID", "entra"},
	{"https://sts.windows.net/", "", "Microsoft Entra ID", "entra"},
	{"https://", ".okta.com", "Okta", "okta"},
	{"https://", ".auth0.com", "Auth0", "auth0"},
	{"https://", "/realms/", "Keycloak", "keycloak"},
}

const cognitoIdentity = "https://cognito-identity.amazonaws.com"

// issuerNamed is what an issuer is called.
func issuerNamed(iss string) string {
	for _, k := range known {
		if strings.HasPrefix(iss, k.begins) && strings.Contains(iss, k.has) {
			return k.name
		}
	}
	return source.Clip(iss)
}

// builtIn are the providers that IAM has without a registration (IAM guide,
// id_roles_providers_create_oidc): by the issuer the principal.
var builtIn = map[string]string{
	"https://accounts.google.com": "accounts.google.com", "accounts.google.com": "accounts.google.com",
	cognitoIdentity: "cognito-identity.amazonaws.com",
}

// propose registers the issuer of a token whose provider isn't there, and
// makes a role that this token gets. Where the account knows the issuer
// already, the reader's own roles are the ones to ask for.
func (in *intake) propose(claims *source.Node) {
	iss := said(claims, "iss")
	arn := word(in.param("RoleArn"))
	account, name := roleOf(arn)
	if account == "" || iss == "" {
		if iss == "" {
			in.note("it has no iss, so that nobody can be registered for it")
		}
		return
	}
	bare := strings.TrimPrefix(iss, "https://")
	principal, aws := builtIn[iss]
	if !aws {
		principal = "arn:aws:iam::" + account + ":oidc-provider/" + bare
	}
	providers := in.root.Get("accounts").Get(account).Get("OpenIDConnectProviders")
	registered := aws || find(providers, "Url", iss) >= 0
	roles := in.root.Get("accounts").Get(account).Get("Roles")
	at := find(roles, "RoleName", name)
	trust := ""
	if at >= 0 {
		if doc := given(items(roles)[at].Get("AssumeRolePolicyDocument")); doc != nil {
			trust = policy(doc).JSON("")
		}
	}
	if !registered {
		if problem := unregistrable(iss); problem != "" {
			in.note("no provider is proposed for it: ", problem)
			return
		}
		in.register(account, iss, clientIDs(claims))
	}
	switch {
	case strings.TrimSpace(trust) != "" && trust != `""` && (registered || strings.Contains(trust, bare)):
		return
	case at >= 0 && strings.TrimSpace(trust) != "" && trust != `""`:
		in.note("role ", name, " doesn't trust it, and stays as it is")
		name = in.freeRole(account, roleFor(iss))
		at = -1
	}
	doc := trustFor(principal, bare, claims)
	if at >= 0 {
		in.write(doc, "accounts", account, "Roles", itoa(at), "AssumeRolePolicyDocument")
	} else {
		role := object("RoleName", str(name))
		if path := pathOf(arn); path != "/" && strings.HasSuffix(arn, "/"+name) {
			set(role, "Path", str(path))
		}
		set(role, "AssumeRolePolicyDocument", doc)
		in.account(account)
		in.write(role, "accounts", account, "Roles", "-")
		k := partOf("Roles", "")
		if asked := arnOf(k, account, role); asked != arn {
			in.write(str(asked), "calls", itoa(in.call), "params", "RoleArn")
			in.note("the call asks for ", asked)
		}
	}
	in.note("proposed: role ", name, " with a trust policy that lets in this token's sub and aud, and nobody else's")
	in.asks = true
}

// register proposes a provider for an issuer.
func (in *intake) register(account, iss string, clients []string) {
	ids := list()
	for _, id := range clients {
		add(ids, texted(id))
	}
	in.account(account)
	in.write(object("Url", str(iss), "ClientIDList", ids), "accounts", account, "OpenIDConnectProviders", "-")
	if len(ids.Items) == 0 {
		in.note("proposed: an OIDC provider for ", source.Clip(iss), " in account ", account, "; nothing names an audience yet, so that it has no client ID")
		return
	}
	in.note("proposed: an OIDC provider for ", source.Clip(iss), " in account ", account, " with the client ID ", source.Clip(strings.Join(clients, ", ")))
}

// unregistrable says why IAM takes no provider for an issuer (IAM API
// reference, CreateOpenIDConnectProvider: "The URL must begin with https://",
// without a port number, a query or a fragment); "" where it may.
func unregistrable(iss string) string {
	bare, secure := strings.CutPrefix(iss, "https://")
	host, _, _ := strings.Cut(bare, "/")
	switch {
	case !secure:
		return "the URL of a provider begins with https://, and its iss is " + source.Quote(iss)
	case host == "" || strings.ContainsAny(iss, " \t\r\n\"<>\\") || len(iss) > 255:
		return "its iss is no URL that can be registered: " + source.Quote(iss)
	case strings.ContainsAny(bare, "?#"), strings.Contains(host, ":"):
		return "the URL of a provider has neither port nor query, and its iss is " + source.Quote(iss)
	}
	return ""
}

// audiences are whom a token is for.
func audiences(claims *source.Node) (all []string) {
	for _, aud := range items(claims.Get("aud")) {
		if text := word(aud); text != "" && len(all) < 20 {
			all = append(all, text)
		}
	}
	return all
}

// clientIDs are those that a provider needs for a token: what AWS compares is
// azp where the token has one, else aud (IAM guide,
// reference_policies_iam-condition-keys).
func clientIDs(claims *source.Node) []string {
	all := audiences(claims)
	if azp := said(claims, "azp"); azp != "" {
		all = slices.DeleteFunc(all, func(aud string) bool { return aud == azp })
		return append([]string{azp}, all...)
	}
	return all
}

// trustFor is a trust policy that lets in one token: its audience and its
// subject, compared exactly.
func trustFor(principal, bare string, claims *source.Node) *source.Node {
	equals := object()
	if ids := clientIDs(claims); len(ids) > 0 {
		set(equals, bare+":aud", str(literally(ids[0])))
	}
	if sub := said(claims, "sub"); sub != "" {
		set(equals, bare+":sub", str(literally(sub)))
	}
	actions := list(str("sts:" + withToken))
	if given(claims.Get("https://aws.amazon.com/tags")) != nil || claimWith(claims, "https://aws.amazon.com/tags/") {
		add(actions, str("sts:TagSession"))
	}
	if given(claims.Get("https://aws.amazon.com/source_identity")) != nil {
		add(actions, str("sts:SetSourceIdentity"))
	}
	action := &actions.Items[0]
	if len(actions.Items) > 1 {
		action = actions
	}
	statement := object("Effect", str("Allow"), "Principal", object("Federated", str(principal)), "Action", action, "Condition", object("StringEquals", equals))
	return object("Version", str("2012-10-17"), "Statement", list(statement))
}

func claimWith(claims *source.Node, prefix string) bool {
	return slices.ContainsFunc(claims.Members, func(m source.Member) bool { return strings.HasPrefix(m.Name, prefix) })
}

// literally is a value as a policy writes it where it has in it what would be
// read as a variable (IAM guide, reference_policies_variables).
func literally(value string) string { return strings.ReplaceAll(value, "${", "${$}{") }

// roleFor is the name of a role for an issuer's tokens.
func roleFor(iss string) string {
	for _, k := range known {
		if strings.HasPrefix(iss, k.begins) && strings.Contains(iss, k.has) {
			return k.role
		}
	}
	return "web-identity"
}

// freeRole is a name for a role that the account doesn't have yet.
func (in *intake) freeRole(account, name string) string {
	roles := in.root.Get("accounts").Get(account).Get("Roles")
	free := name
	for n := 2; find(roles, "RoleName", free) >= 0; n++ {
		free = name + "-" + itoa(n)
	}
	return free
}

// roleOf is the account and the name in the ARN of a role; "" for another.
func roleOf(arn string) (account, name string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || !isAccount(parts[4]) || !strings.HasPrefix(parts[5], "role/") {
		return "", ""
	}
	return parts[4], arn[strings.LastIndexByte(arn, '/')+1:]
}

// pathOf is the path in the ARN of a role.
func pathOf(arn string) string {
	_, path, ok := strings.Cut(arn, ":role/")
	if !ok {
		return "/"
	}
	return "/" + path[:strings.LastIndexByte(path, '/')+1]
}
