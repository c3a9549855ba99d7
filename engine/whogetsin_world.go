package engine

import (
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
func (d *door) world(people []applicant) Scenario {
	w := *d.scenario
	w.Issuers = slices.Clone(w.Issuers)
	w.Accounts = slices.Clone(w.Accounts)
	for i := range w.Accounts {
		a := &w.Accounts[i]
		a.SAMLProviders = slices.Clone(a.SAMLProviders)
		for j := range a.SAMLProviders {
			standInFor(&a.SAMLProviders[j])
		}
	}
	for i := range w.Issuers {
		w.Issuers[i].JWKS, w.Issuers[i].Signing = scenario.Document{}, []scenario.Signing{standIn}
	}
	w.Calls = make([]scenario.Call, len(people))
	for i := range people {
		w.Calls[i] = people[i].call
		w.Calls[i].Name = people[i].Who
		d.introduce(&w, &people[i])
	}
	return w
}

// introduce gives the world the issuer of an identity that it lacks.
func (d *door) introduce(w *Scenario, a *applicant) {
	if a.Mint == nil {
		return
	}
	isSAML := a.call.Params.SAMLAssertion.Given
	for i := range w.Issuers {
		if isSAML && w.Issuers[i].EntityID == a.Mint.Issuer || !isSAML && w.Issuers[i].URL == a.Mint.Issuer {
			return
		}
	}
	issuer := scenario.Issuer{Signing: []scenario.Signing{standIn}}
	if isSAML {
		issuer.EntityID = a.Mint.Issuer
	} else {
		issuer.URL = a.Mint.Issuer
	}
	w.Issuers = append(w.Issuers, issuer)
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
	p.MetadataOf = orElse(p.MetadataOf, "https://idp.example.com/saml")
}

// callFor is the call that plays the identity in the scenario as it stands.
// Where the scenario has an issuer's real keys the token goes without its
// signature, which is then taken on trust.
func (d *door) callFor(a *applicant, report *CallReport) json.RawMessage {
	c := &a.call
	params := object("RoleArn", text(c.Params.RoleArn))
	switch {
	case c.Params.SAMLAssertion.Given:
		response := mintObject(a.Mint)
		if d.pastedMetadata(c.Params.PrincipalArn) && a.Mint.Attack == "" && report.SAML != nil {
			response = object("unsigned", text(report.SAML.Minted))
		}
		params = object("RoleArn", text(c.Params.RoleArn), "PrincipalArn", text(c.Params.PrincipalArn), "SAMLAssertion", response)
	case a.ProviderID != "":
		params = object("RoleArn", text(c.Params.RoleArn), "RoleSessionName", text(c.Params.RoleSessionName),
			"ProviderId", text(a.ProviderID), "WebIdentityToken", text(c.Params.WebIdentityToken.Text))
	case a.Mint != nil:
		token := mintObject(a.Mint)
		if d.pastedKeys(a.Mint.Issuer) && a.Mint.Attack == "" && report.Token != nil {
			if claims, err := source.ParseJSON(report.Token.Payload); err == nil {
				token = object("unsigned", object("claims", claims))
			}
		}
		params = object("RoleArn", text(c.Params.RoleArn), "RoleSessionName", text(c.Params.RoleSessionName), "WebIdentityToken", token)
	}
	call := object("name", text(d.freeName(a.Who)), "action", text(c.Action))
	if c.Region != "" {
		call.Members = append(call.Members, source.Member{Name: "region", Value: text(c.Region)})
	}
	if c.After != 0 {
		call.Members = append(call.Members, source.Member{Name: "after", Value: text(c.After.String())})
	}
	if c.Caller != "" {
		call.Members = append(call.Members, source.Member{Name: "caller", Value: text(c.Caller)})
	}
	call.Members = append(call.Members, source.Member{Name: "params", Value: params})
	if len(c.Context) > 0 {
		var context source.Node
		context.Kind = source.Object
		for _, k := range c.Context {
			value := list(k.Values)
			if !k.Multi && len(k.Values) > 0 {
				value = text(k.Values[0])
			}
			context.Members = append(context.Members, source.Member{Name: k.Key, Value: value})
		}
		call.Members = append(call.Members, source.Member{Name: "context", Value: context})
	}
	return source.AppendJSON(nil, &call)
}

// pastedKeys says whether the scenario has the issuer's own key set.
func (d *door) pastedKeys(issuer string) bool {
	return slices.ContainsFunc(d.scenario.Issuers, func(i scenario.Issuer) bool { return i.URL == issuer && i.JWKS.Given() })
}

// pastedMetadata says whether the provider's metadata is its own.
func (d *door) pastedMetadata(principal string) bool {
	return slices.ContainsFunc(d.account.SAMLProviders, func(p scenario.SAMLProvider) bool {
		return p.SAMLMetadataDocument.Given() && principal == "arn:aws:iam::"+d.account.ID+":saml-provider/"+p.Name
	})
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

// mintObject is a mint as a scenario writes it.
func mintObject(m *scenario.Mint) source.Node {
	mint := object("issuer", text(m.Issuer))
	for _, f := range []struct{ name, value string }{{"profile", m.Profile}, {"nameId", m.NameID}, {"recipient", m.Recipient}, {"audience", m.Audience}, {"sign", m.Sign}, {"encrypt", m.Encrypt}, {"attack", m.Attack}} {
		if f.value != "" {
			mint.Members = append(mint.Members, source.Member{Name: f.name, Value: text(f.value)})
		}
	}
	if m.Claims.Given() {
		mint.Members = append(mint.Members, source.Member{Name: "claims", Value: m.Claims.Node})
	}
	if m.Attributes.Given() {
		mint.Members = append(mint.Members, source.Member{Name: "attributes", Value: m.Attributes.Node})
	}
	return object("mint", mint)
}

func object(pairs ...any) source.Node {
	n := source.Node{Kind: source.Object}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.Members = append(n.Members, source.Member{Name: pairs[i].(string), Value: pairs[i+1].(source.Node)})
	}
	return n
}

func text(s string) source.Node { return source.Node{Kind: source.String, Text: s} }

func list(values []string) source.Node {
	n := source.Node{Kind: source.Array}
	for _, v := range values {
		n.Items = append(n.Items, text(v))
	}
	return n
}
