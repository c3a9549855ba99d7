package engine

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// standIn is the playground key that signs for an issuer here. An elliptic
// curve's signature costs a fraction of RSA's; no policy can tell them apart.
var standIn = scenario.Signing{Kid: "stand-in", Alg: "ES256"}

// world is the scenario with the people's calls in place of its own. Their
// issuers' keys are playground keys, also where the scenario has an issuer's
// real public keys, for which nobody here can sign.
//
// Where nobody of AWS asks, the other accounts and roles don't matter: with
// them the cost would grow with the square of the scenario's roles.
func (d *door) world(people []applicant) Scenario {
	w := *d.scenario
	w.Calls, w.Issuers = make([]scenario.Call, len(people)), nil
	callers := false
	issuers := map[string]bool{}
	for i := range people {
		a := &people[i]
		w.Calls[i] = a.call
		w.Calls[i].Name = a.Who
		callers = callers || a.call.Caller != ""
		if issuer := a.issuer(); issuer != "" && !issuers[issuer] {
			issuers[issuer] = true
			w.Issuers = append(w.Issuers, d.standInOf(a))
		}
	}
	if !callers && d.account != nil {
		account := *d.account
		account.Roles = []scenario.Role{*d.role}
		w.Accounts = []scenario.Account{account}
	}
	w.Accounts = slices.Clone(w.Accounts)
	for i := range people {
		addCaller(&w, people[i].call.Caller)
	}
	for i := range w.Accounts {
		a := &w.Accounts[i]
		a.SAMLProviders = slices.Clone(a.SAMLProviders)
		for j := range a.SAMLProviders {
			standInFor(&a.SAMLProviders[j])
		}
	}
	return w
}

// addCaller puts a user or role into the world that the scenario doesn't
// have, as an administrator of its account: somebody whose own policies allow
// whatever the trust policy leaves to them.
func addCaller(w *Scenario, arn string) {
	id, what, ok := strings.Cut(strings.TrimPrefix(arn, "arn:aws:iam::"), ":")
	kind, name, named := strings.Cut(what, "/")
	if !ok || !named || len(id) != 12 {
		return
	}
	i := slices.IndexFunc(w.Accounts, func(a scenario.Account) bool { return a.ID == id })
	if i < 0 {
		i = len(w.Accounts)
		w.Accounts = append(w.Accounts, scenario.Account{ID: id})
	}
	a := &w.Accounts[i]
	everything := []scenario.AttachedPolicy{{PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess"}}
	path, name := "/"+name[:strings.LastIndexByte(name, '/')+1], name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case kind == "user" && !slices.ContainsFunc(a.Users, func(u scenario.User) bool { return strings.EqualFold(u.UserName, name) }):
		a.Users = append(slices.Clip(a.Users), scenario.User{UserName: name, UserPath: path, AttachedPolicies: everything})
	case kind == "role" && !slices.ContainsFunc(a.Roles, func(r scenario.Role) bool { return strings.EqualFold(r.RoleName, name) }):
		a.Roles = append(slices.Clip(a.Roles), scenario.Role{RoleName: name, RolePath: path, AttachedPolicies: everything})
	}
}

// hasCaller says whether the scenario itself has the caller, or needs none.
func (d *door) hasCaller(arn string) bool {
	if !strings.HasPrefix(arn, "arn:") || strings.HasSuffix(arn, ":root") {
		return true
	}
	for i := range d.scenario.Accounts {
		a := &d.scenario.Accounts[i]
		for j := range a.Users {
			if arn == "arn:aws:iam::"+a.ID+":user"+cmp.Or(a.Users[j].UserPath, "/")+a.Users[j].UserName {
				return true
			}
		}
		for j := range a.Roles {
			if arn == arnOf(a, &a.Roles[j]) {
				return true
			}
		}
	}
	return false
}

// issuer is who signs for the identity, or answers for its access token; ""
// for nobody.
func (a *applicant) issuer() string {
	switch {
	case a.Mint != nil:
		return a.Mint.Issuer
	case a.ProviderID != "":
		return "https://" + a.ProviderID
	}
	return ""
}

// standInOf is the identity's issuer, as the scenario has it but for its keys.
func (d *door) standInOf(a *applicant) scenario.Issuer {
	name, isSAML := a.issuer(), a.call.Params.SAMLAssertion.Given
	issuer := scenario.Issuer{URL: name}
	if isSAML {
		issuer = scenario.Issuer{EntityID: name}
	}
	for i := range d.scenario.Issuers {
		if own := &d.scenario.Issuers[i]; isSAML && own.EntityID == name || !isSAML && own.URL == name {
			issuer = *own
		}
	}
	issuer.JWKS, issuer.Signing = scenario.Document{}, []scenario.Signing{standIn}
	return issuer
}

// standInFor registers a SAML provider's stand-in: the metadata of the same
// entity with playground keys. Metadata that can't be read stays: nobody gets
// in with it.
func standInFor(p *scenario.SAMLProvider) {
	if p.SAMLMetadataDocument.Given() && p.SAMLMetadataDocument.Node.Kind != source.Null {
		if p.SAMLMetadataDocument.Node.Kind != source.String {
			return
		}
		m, refusal := saml.ReadMetadata(p.SAMLMetadataDocument.Node.Text)
		if refusal != nil || len(m.Providers) == 0 {
			return
		}
		p.MetadataOf, p.SAMLMetadataDocument = m.Providers[0].EntityID, scenario.Document{}
	}
	p.MetadataOf = cmp.Or(p.MetadataOf, "https://idp.example.com/saml")
}

// callFor is the call that plays the identity in the scenario as it stands.
// Where the scenario has an issuer's real keys the token goes without its
// signature, which is then taken on trust.
func (d *door) callFor(a *applicant, report *CallReport) json.RawMessage {
	if a.Mint != nil && slices.Contains(forgeries, a.Mint.Attack) && !d.checksSignatures(a) {
		return nil // on trust it would get in
	}
	c := &a.call
	if !d.hasCaller(c.Caller) {
		return nil
	}
	var params jsonText
	params.put("RoleArn", quoted(c.Params.RoleArn))
	switch {
	case c.Params.SAMLAssertion.Given:
		response := mintText(a.Mint)
		if p := d.samlProvider(c.Params.PrincipalArn); p != nil && p.SAMLMetadataDocument.Given() && a.Mint.Attack == "" && report.SAML != nil {
			response = wrapped("unsigned", quoted(report.SAML.Minted))
		}
		params.put("PrincipalArn", quoted(c.Params.PrincipalArn))
		params.put("SAMLAssertion", response)
	case a.ProviderID != "":
		params.put("RoleSessionName", quoted(c.Params.RoleSessionName))
		params.put("ProviderId", quoted(a.ProviderID))
		params.put("WebIdentityToken", quoted(c.Params.WebIdentityToken.Text))
	case a.Mint != nil:
		token := mintText(a.Mint)
		if d.pastedKeys(a.Mint.Issuer) && a.Mint.Attack == "" && report.Token != nil {
			token = wrapped("unsigned", wrapped("claims", report.Token.Payload))
		}
		params.put("RoleSessionName", quoted(c.Params.RoleSessionName))
		params.put("WebIdentityToken", token)
	default:
		params.put("RoleSessionName", quoted(c.Params.RoleSessionName))
		if c.Params.ExternalID != "" {
			params.put("ExternalId", quoted(c.Params.ExternalID))
		}
		params.putText("SourceIdentity", c.Params.SourceIdentity)
	}
	var call jsonText
	call.put("name", quoted(d.freeName(a.Who)))
	call.put("action", quoted(c.Action))
	call.putText("region", c.Region)
	if c.After != 0 {
		call.put("after", quoted(c.After.String()))
	}
	call.putText("caller", c.Caller)
	call.put("params", params.object())
	if len(c.Context) > 0 {
		call.put("context", contextText(c.Context))
	}
	return json.RawMessage(call.object())
}

// forgeries are the attacks that only a key stops.
var forgeries = []string{"wrong-key", "foreign-key", "stripped", "wrong-issuer"}

// checksSignatures says whether the scenario has anything to check the
// identity's signature with.
func (d *door) checksSignatures(a *applicant) bool {
	if principal := a.call.Params.PrincipalArn; principal != "" {
		p := d.samlProvider(principal)
		return p != nil && (p.MetadataOf != "" || p.SAMLMetadataDocument.Given())
	}
	return slices.ContainsFunc(d.scenario.Issuers, func(i scenario.Issuer) bool {
		return i.URL == a.Mint.Issuer && (i.JWKS.Given() || len(i.Signing) > 0)
	})
}

// pastedKeys says whether the scenario has the issuer's own key set.
func (d *door) pastedKeys(issuer string) bool {
	return slices.ContainsFunc(d.scenario.Issuers, func(i scenario.Issuer) bool { return i.URL == issuer && i.JWKS.Given() })
}

// samlProvider is the provider of the role's account that the ARN names, nil
// for none.
func (d *door) samlProvider(principal string) *scenario.SAMLProvider {
	if d.account == nil {
		return nil
	}
	_, name, _ := strings.Cut(principal, ":saml-provider/")
	for i := range d.account.SAMLProviders {
		if p := &d.account.SAMLProviders[i]; p.Name == name {
			return p
		}
	}
	return nil
}

// freeName is a name that no call of the scenario has.
func (d *door) freeName(name string) string {
	if d.names == nil {
		d.names = make(map[string]bool, len(d.scenario.Calls))
		for i := range d.scenario.Calls {
			d.names[d.scenario.Calls[i].Name] = true
		}
	}
	free := strings.TrimPrefix(strings.TrimPrefix(name, "arn:"), "service/")
	for n := 2; d.names[free]; n++ {
		free = name + " " + strconv.Itoa(n)
	}
	return free
}

// mintText is a mint as a scenario writes it.
func mintText(m *scenario.Mint) string {
	var mint jsonText
	mint.put("issuer", quoted(m.Issuer))
	mint.putText("profile", m.Profile)
	mint.putText("nameId", m.NameID)
	mint.putText("recipient", m.Recipient)
	mint.putText("audience", m.Audience)
	mint.putText("sign", m.Sign)
	mint.putText("encrypt", m.Encrypt)
	mint.putText("attack", m.Attack)
	if m.Claims.Given() {
		mint.put("claims", m.Claims.Node.JSON(""))
	}
	if m.Attributes.Given() {
		mint.put("attributes", m.Attributes.Node.JSON(""))
	}
	return wrapped("mint", mint.object())
}

// contextText is a request context as a scenario writes it.
func contextText(keys []scenario.ContextKey) string {
	var context jsonText
	for i := range keys {
		k := &keys[i]
		if !k.Multi && len(k.Values) > 0 {
			context.put(k.Key, quoted(k.Values[0]))
			continue
		}
		list := ""
		for _, v := range k.Values {
			list += "," + quoted(v)
		}
		context.put(k.Key, "["+strings.TrimPrefix(list, ",")+"]")
	}
	return context.object()
}

// jsonText is a JSON object in the making.
type jsonText string

// put adds a member; value is JSON.
func (o *jsonText) put(name, value string) {
	*o += jsonText("," + quoted(name) + ":" + value)
}

// putText adds a member that is text, unless it is empty.
func (o *jsonText) putText(name, text string) {
	if text != "" {
		o.put(name, quoted(text))
	}
}

func (o *jsonText) object() string { return "{" + strings.TrimPrefix(string(*o), ",") + "}" }

// wrapped is an object of one member; value is JSON.
func wrapped(name, value string) string { return "{" + quoted(name) + ":" + value + "}" }

// quoted is text as JSON.
func quoted(text string) string {
	return string(source.AppendJSON(nil, &source.Node{Kind: source.String, Text: text}))
}
