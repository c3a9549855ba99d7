package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// takeResponse has the call in view present a SAML response, as it was pasted:
// what reads it takes it in whichever form. What is made of it besides comes
// from its words alone.
func (in *intake) takeResponse(text string) string {
	content := responseIn(text)
	in.what = "a SAML response"
	issuer := elementText(content, "Issuer")
	if issuer != "" {
		in.what += " of " + source.Clip(issuer)
	}
	roles := rolesIn(content)
	provider := ""
	in.asking(withResponse)
	at := itoa(in.call)
	account, role := roleOf(word(in.param("RoleArn")))
	has := given(in.trustOf(account, role)) != nil
	if len(roles) > 0 && (in.view.As == "its-role" || !has) {
		if arn := roles[0].role; arn != word(in.param("RoleArn")) {
			in.write(str(arn), "calls", at, "params", "RoleArn")
			in.note("the call asks for ", source.Clip(arn), ", which the response names")
			account, role = roleOf(arn)
		}
		provider = roles[0].provider
		in.write(str(provider), "calls", at, "params", "PrincipalArn")
		in.asks = true
	} else if len(roles) > 0 && roles[0].role != word(in.param("RoleArn")) {
		in.other("its-role", "Ask for the role that it names, "+source.Clip(roles[0].role[strings.LastIndexByte(roles[0].role, '/')+1:]))
	}
	if given(in.param("PrincipalArn")) == nil {
		in.write(str(in.likelyProvider(account, issuer)), "calls", at, "params", "PrincipalArn")
	}
	in.write(str(text), "calls", at, "params", "SAMLAssertion")
	in.proposeSAML(account, role, len(roles) > 1)
	in.belongs("response", true)
	in.look("result")
	return ""
}

// trustOf is the trust policy of a role, nil where there is none.
func (in *intake) trustOf(account, name string) *source.Node {
	roles := in.root.Get("accounts").Get(account).Get("Roles")
	if at := find(roles, "RoleName", name); at >= 0 {
		return items(roles)[at].Get("AssumeRolePolicyDocument")
	}
	return nil
}

// proposeSAML registers the provider that the call names, and gives a role
// without a trust policy one.
func (in *intake) proposeSAML(account, role string, several bool) {
	arn := word(in.param("PrincipalArn"))
	owner := arnAccount(arn)
	_, name, ok := strings.Cut(arn, ":saml-provider/")
	if !ok || owner == "" || name == "" {
		return
	}
	at := find(in.root.Get("accounts").Get(owner).Get("SAMLProviders"), "Name", name)
	if at < 0 {
		in.account(owner)
		in.write(object("Name", str(name)), "accounts", owner, "SAMLProviders", "-")
		in.note("proposed: a SAML provider ", source.Clip(name), " in account ", owner, "; its signature is taken on trust until the metadata is here")
	}
	if account == "" || given(in.trustOf(account, role)) != nil {
		return
	}
	statement := object("Effect", str("Allow"), "Principal", object("Federated", str(arn)), "Action", str("sts:"+withResponse),
		"Condition", object("StringEquals", object("SAML:aud", str("https://signin.aws.amazon.com/saml"))))
	doc := object("Version", str("2012-10-17"), "Statement", list(statement))
	if at := find(in.root.Get("accounts").Get(account).Get("Roles"), "RoleName", role); at >= 0 {
		in.write(doc, "accounts", account, "Roles", itoa(at), "AssumeRolePolicyDocument")
	} else {
		in.account(account)
		entry := object("RoleName", str(role))
		if path := pathOf(word(in.param("RoleArn"))); path != "/" {
			set(entry, "Path", str(path))
		}
		set(entry, "AssumeRolePolicyDocument", doc)
		in.write(entry, "accounts", account, "Roles", "-")
	}
	in.note("proposed: role ", source.Clip(role), " with a trust policy for this provider and AWS's sign-in as the audience")
	if several {
		in.note("the response names more roles; the call asks for the first")
	}
}

// likelyProvider is the ARN of the account's SAML provider, or of one that is
// called after the identity provider.
func (in *intake) likelyProvider(account, issuer string) string {
	if account == "" {
		account = in.home
	}
	name := ""
	for _, provider := range in.entriesOf(account, "SAMLProviders") {
		if name == "" {
			name = said(provider, "Name")
		}
	}
	if name == "" {
		name = providerName(issuer)
	}
	return "arn:aws:iam::" + account + ":saml-provider/" + name
}

// providerName is a name for the provider of an identity provider, after its
// host.
func providerName(entityID string) string {
	_, host, ok := strings.Cut(entityID, "://")
	if !ok {
		return "SAML"
	}
	host, _, _ = strings.Cut(host, "/")
	host = strings.Map(func(r rune) rune {
		if r < 128 && isTokenByte(byte(r)) {
			return r
		}
		return '-'
	}, host)
	return "SAML-" + host[:min(len(host), 100)]
}

// takeMetadata registers metadata with the SAML provider in view, or with a
// new one.
func (in *intake) takeMetadata(text string) string {
	content := decoded(text)
	id := entityID(content)
	in.what = "the metadata of a SAML identity provider"
	if id != "" {
		in.what += ", " + id
	}
	if content != "" && strings.Contains(content, "SPSSODescriptor") && !strings.Contains(content, "IDPSSODescriptor") {
		in.note("it is a service provider's; the SAML provider of IAM takes the identity provider's")
	}
	calls := in.list("calls")
	if in.call >= len(calls) || tokenless(calls[in.call]) {
		in.asking(withResponse)
		account, _ := roleOf(word(in.param("RoleArn")))
		if given(in.param("PrincipalArn")) == nil {
			in.write(str(in.likelyProvider(account, id)), "calls", itoa(in.call), "params", "PrincipalArn")
		}
	}
	arn := word(in.param("PrincipalArn"))
	account, name := arnAccount(arn), arn[strings.LastIndexByte(arn, '/')+1:]
	if account == "" || name == "" {
		account = in.home
		arn = in.likelyProvider(account, id)
		name = arn[strings.LastIndexByte(arn, '/')+1:]
	}
	in.account(account)
	providers := in.root.Get("accounts").Get(account).Get("SAMLProviders")
	at := find(providers, "Name", name)
	if at < 0 {
		in.write(object("Name", str(name), "SAMLMetadataDocument", str(text)), "accounts", account, "SAMLProviders", "-")
	} else {
		if old := said(items(providers)[at], "SAMLMetadataDocument"); old != "" && old != text {
			in.note("it takes the place of the metadata that SAML provider ", source.Clip(name), " had")
		}
		in.erase("accounts", account, "SAMLProviders", itoa(at), "metadataOf")
		in.write(str(text), "accounts", account, "SAMLProviders", itoa(at), "SAMLMetadataDocument")
	}
	in.note("it is registered with SAML provider ", source.Clip(name), " of account ", account)
	in.belongs("metadata", true)
	in.look("token")
	return ""
}

// tokenless says whether a call is one that metadata may make a SAML call.
func tokenless(call *source.Node) bool {
	return said(call, "action") == "sts:"+withToken && given(call.Get("params").Get("WebIdentityToken")) == nil
}

// responseIn is the XML of a response in whichever form it was pasted; "" where
// its words aren't plain to see.
func responseIn(text string) string {
	if _, form, ok := strings.Cut(text, "SAMLResponse"); ok && !strings.Contains(text, ":Response") {
		form = strings.TrimLeft(form, "= \t\r\n:\"'")
		if _, value, ok := strings.Cut(form, `value="`); ok && len(form)-len(value) < 100 {
			form = value
		}
		if end := strings.IndexAny(form, "&\"'<>,;"); end >= 0 {
			form = form[:end]
		}
		return decoded(form)
	}
	return decoded(text)
}

// elementText is the text of the first element of a local name.
func elementText(content, name string) string {
	for _, begins := range []string{":" + name, "<" + name} {
		if _, rest, ok := strings.Cut(content, begins); ok {
			tag, rest, _ := strings.Cut(rest, ">")
			text, _, _ := strings.Cut(rest, "<")
			if !strings.HasSuffix(tag, "/") && (tag == "" || tag[0] == ' ' || tag[0] == '\n') {
				return strings.TrimSpace(text)
			}
		}
	}
	return ""
}

// pair is a role with the provider through which it is assumed.
type pair struct{ role, provider string }

// rolesIn are the pairs of ARNs that a response offers, in either order.
func rolesIn(content string) (all []pair) {
	_, rest, ok := strings.Cut(content, "https://aws.amazon.com/SAML/Attributes/Role\"")
	rest, _, _ = strings.Cut(rest, "Attribute>")
	for ok && len(all) < 100 {
		var value string
		if _, rest, ok = strings.Cut(rest, "AttributeValue"); !ok {
			break
		}
		_, rest, _ = strings.Cut(rest, ">")
		value, rest, _ = strings.Cut(rest, "<")
		first, second, _ := strings.Cut(strings.Join(strings.Fields(value), ""), ",")
		if strings.Contains(first, ":saml-provider/") {
			first, second = second, first
		}
		if account, _ := roleOf(first); account != "" && arnAccount(second) != "" {
			all = append(all, pair{first, second})
		}
	}
	return all
}
