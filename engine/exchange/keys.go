package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// keysWanted says which key a token's signature needs, and where it is. Keys
// of the playground can't have signed what they don't know: they are taken
// out, and the signature is taken on trust.
func (in *intake) keysWanted(header, claims *source.Node) {
	iss, kid := said(claims, "iss"), said(header, "kid")
	key := "its key"
	if kid != "" {
		key = "key " + source.Clip(kid)
	}
	if alg := said(header, "alg"); alg != "" {
		key += " (" + source.Clip(alg) + ")"
	}
	at := in.issuer(iss)
	if at >= 0 {
		entry := in.list("issuers")[at]
		keys := given(entry.Get("jwks"))
		signing := items(entry.Get("signing"))
		switch {
		case said(entry, "reachable") == "false":
			return
		case keys != nil:
			if kid != "" && !strings.Contains(keyText(keys), kid) {
				in.note("the key set of its issuer has no ", key)
				in.fetchKeys(iss)
			}
			return
		case len(signing) > 0:
			for _, each := range signing {
				if name := said(each, "kid"); name == kid || name == "" {
					return
				}
			}
			in.erase("issuers", itoa(at), "signing")
			in.note("the playground's own keys for its issuer didn't sign it, and are taken out")
		}
	}
	in.note("its signature is taken on trust until the issuer's key set is here; it was signed with ", key)
	in.fetchKeys(iss)
}

func keyText(n *source.Node) string {
	if n.Kind == source.String {
		return n.Text
	}
	return n.JSON("")
}

// fetchKeys says how to get an issuer's keys: its discovery document names
// where they are (OpenID Connect Discovery 1.0 §4).
func (in *intake) fetchKeys(iss string) {
	discovery := strings.TrimSuffix(iss, "/") + "/.well-known/openid-configuration"
	if !plainURL(discovery) {
		return
	}
	in.commands = append(in.commands, Command{"To check the signature, paste what this prints:", `curl -s "$(curl -s ` + discovery + ` | jq -r .jwks_uri)"`})
}

// plainURL says whether a URL means nothing else to a shell.
func plainURL(url string) bool {
	rest, secure := strings.CutPrefix(url, "https://")
	return secure && rest != "" && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-~:") == ""
}

// presented is what a call's token says of its keys.
type presented struct{ iss, kid string }

// tokenOf reads the token of a call, in whichever way it is written.
func tokenOf(call *source.Node) (p presented) {
	value := call.Get("params").Get("WebIdentityToken")
	if is(value, source.String) {
		if t, ok := readToken(value.Text); ok {
			return presented{said(t.claims, "iss"), said(t.header, "kid")}
		}
	}
	if unsigned := value.Get("unsigned"); unsigned != nil {
		return presented{said(unsigned.Get("claims"), "iss"), said(unsigned.Get("header"), "kid")}
	}
	return presented{said(value.Get("mint"), "issuer"), said(value.Get("mint").Get("header"), "kid")}
}

// takeKeySet gives a key set to the issuer whose token names one of its keys,
// else to the issuer of the token in view, else to one without keys.
func (in *intake) takeKeySet(p *piece) string {
	all := items(p.node.Get("keys"))
	in.what = "a key set of " + plural(len(all), "key")
	kids := map[string]bool{}
	private := false
	for _, key := range all {
		kids[said(key, "kid")] = true
		private = private || key.Get("d") != nil
	}
	if private {
		return "this key set has private keys in it, which sign; leave them where they are, and paste the public ones"
	}
	calls := in.list("calls")
	iss, wanted := "", ""
	if 0 <= in.call && in.call < len(calls) {
		t := tokenOf(calls[in.call])
		iss, wanted = t.iss, t.kid
	}
	if wanted == "" || !kids[wanted] {
		for _, call := range calls {
			if t := tokenOf(call); t.kid != "" && t.iss != "" && kids[t.kid] {
				iss, wanted = t.iss, t.kid
				break
			}
		}
	}
	for _, entry := range in.list("issuers") {
		if iss == "" && said(entry, "url") != "" && given(entry.Get("jwks")) == nil && len(items(entry.Get("signing"))) == 0 {
			iss = said(entry, "url")
		}
	}
	for _, provider := range in.entriesOf(in.home, "OpenIDConnectProviders") {
		if iss == "" {
			iss = said(provider, "Url")
		}
	}
	if iss == "" {
		return "this is a key set, and nothing here says whose; paste a token or the issuer's discovery document first, or along with it"
	}
	at := in.issuer(iss)
	if at < 0 {
		in.write(object("url", str(iss)), "issuers", "-")
		at = in.issuer(iss)
	}
	entry := in.list("issuers")[at]
	if old := given(entry.Get("jwks")); old != nil && !same(old, p.node) {
		in.note("it takes the place of the key set that ", source.Clip(iss), " had")
	}
	in.erase("issuers", itoa(at), "signing")
	in.erase("issuers", itoa(at), "reachable")
	in.write(str(p.text), "issuers", itoa(at), "jwks")
	in.note("they are the keys of ", source.Clip(iss))
	if wanted != "" && !kids[wanted] {
		in.note("key ", source.Clip(wanted), ", which the token was signed with, isn't among them")
	}
	in.belongs("jwks", true)
	in.look("result")
	return ""
}

// takeDiscovery registers the issuer that a discovery document is of.
func (in *intake) takeDiscovery(n *source.Node) string {
	iss, keys := said(n, "issuer"), said(n, "jwks_uri")
	in.what = "the discovery document of " + issuerNamed(iss)
	return in.takeIssuer(iss, keys)
}

// takeIssuer registers an issuer, and says where its keys are.
func (in *intake) takeIssuer(iss, keys string) string {
	if problem := unregistrable(iss); problem != "" {
		return "an issuer can't be registered: " + problem
	}
	if in.issuer(iss) < 0 {
		in.write(object("url", str(iss)), "issuers", "-")
	}
	account := in.home
	if asked, _ := roleOf(word(in.param("RoleArn"))); asked != "" {
		account = asked
	}
	_, aws := builtIn[iss]
	switch {
	case aws:
		in.note("IAM has a provider for it without a registration")
	case find(in.root.Get("accounts").Get(account).Get("OpenIDConnectProviders"), "Url", iss) >= 0:
		in.note("account ", account, " has a provider for it already")
	default:
		var clients []string
		calls := in.list("calls")
		if 0 <= in.call && in.call < len(calls) {
			if value := calls[in.call].Get("params").Get("WebIdentityToken"); is(value, source.String) {
				if t, ok := readToken(value.Text); ok && said(t.claims, "iss") == iss {
					clients = clientIDs(t.claims)
				}
			}
		}
		// The audience that AWS's own action and EKS ask for by default.
		if len(clients) == 0 && (strings.HasPrefix(iss, "https://token.actions.") || strings.HasPrefix(iss, "https://oidc.eks.")) {
			clients = []string{"sts.amazonaws.com"}
		}
		in.register(account, iss, clients)
	}
	at := in.issuer(iss)
	if entry := in.list("issuers")[at]; given(entry.Get("jwks")) == nil && len(items(entry.Get("signing"))) == 0 {
		switch {
		case keys == "":
			in.note("its keys aren't here yet, so that signatures are taken on trust")
			in.fetchKeys(iss)
		case plainURL(keys):
			in.note("its keys are wanted from ", source.Clip(keys), "; until they are here, signatures are taken on trust")
			in.commands = append(in.commands, Command{"To check signatures, paste what this prints:", "curl -s " + keys})
		default:
			in.note("its keys are wanted from ", source.Quote(keys), "; until they are here, signatures are taken on trust")
		}
	}
	in.look("token")
	return ""
}

// takeAddress takes a URL for that of an issuer, and an ARN for what it names.
func (in *intake) takeAddress(text string) string {
	if strings.HasPrefix(text, "arn:") {
		return in.takeARN(text)
	}
	iss, discovery := strings.CutSuffix(text, "/.well-known/openid-configuration")
	host, path, _ := strings.Cut(strings.TrimPrefix(iss, "https://"), "/")
	switch {
	case strings.HasSuffix(host, "console.aws.amazon.com") || strings.HasSuffix(host, "signin.aws.amazon.com"):
		return "this is an address of AWS's console; paste what aws iam get-role prints for what it shows"
	case strings.Contains(path, "jwks") || strings.HasSuffix(path, "/keys") || strings.HasSuffix(path, "/certs"):
		return "this is the address of a key set, and nothing is fetched from here; paste what it shows"
	case strings.Contains(path, "metadata"):
		return "this is the address of metadata, and nothing is fetched from here; paste what it shows"
	}
	in.what = "the URL of an issuer, " + issuerNamed(iss)
	if discovery {
		in.what = "the URL of the discovery document of " + issuerNamed(iss)
		in.note("nothing is fetched from here")
	}
	return in.takeIssuer(iss, "")
}

// takeARN has the call ask for the role of an ARN, or registers the provider.
func (in *intake) takeARN(arn string) string {
	account := arnAccount(arn)
	_, name, _ := strings.Cut(arn, "/")
	switch {
	case account == "" || name == "":
	case strings.Contains(arn, ":iam::"+account+":role/"):
		in.what = "the ARN of a role"
		in.askFor(arn)
		return ""
	case strings.Contains(arn, ":iam::"+account+":oidc-provider/"):
		in.what = "the ARN of an OIDC provider"
		in.add(kindOf(api, "OpenIDConnectProvider"), account, object("Url", str("https://"+name)), "")
		in.look("token")
		return ""
	case strings.Contains(arn, ":iam::"+account+":saml-provider/"):
		in.what = "the ARN of a SAML provider"
		in.add(kindOf(api, "SAMLProvider"), account, object("Name", str(name)), "")
		in.look("token")
		return ""
	}
	return "this is an ARN of something that a scenario has no place for by its name alone; paste what aws prints about it"
}

// askFor has the call in view ask for a role, and puts the role in where it
// isn't there, without any policy.
func (in *intake) askFor(arn string) {
	account, name := roleOf(arn)
	if account == "" {
		in.note(source.Quote(arn), " is no ARN of a role")
		return
	}
	roles := in.root.Get("accounts").Get(account).Get("Roles")
	if find(roles, "RoleName", name) < 0 {
		role := object("RoleName", str(name))
		if path := pathOf(arn); path != "/" {
			set(role, "Path", str(path))
		}
		in.account(account)
		in.write(role, "accounts", account, "Roles", "-")
		in.note("role ", name, " of account ", account, " is put in without its policies; paste what aws iam get-role --role-name ", source.Clip(name), " prints")
	}
	calls := in.list("calls")
	if in.call >= len(calls) {
		in.asking(withToken)
	}
	if was := word(in.param("RoleArn")); was != arn {
		in.write(str(arn), "calls", itoa(in.call), "params", "RoleArn")
		if was != "" {
			in.note("the call asks for ", arn, ", no longer for ", source.Clip(was))
		}
	}
	in.asks = true
	in.look("role")
}
