package engine

import (
	"cmp"
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/idp"
	"stsplayground/engine/saml"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
)

// applicant is an identity with the call that it makes.
type applicant struct {
	idp.Identity
	principal string // as the trust policy names its provider, or what it is called by
	prefix    string // of its provider's condition keys, without the colon
	call      scenario.Call
}

// key tells applicants apart by what they present.
func (a *applicant) key() string {
	parts := []string{a.principal, a.call.Action, a.call.Caller, a.ProviderID, a.call.Params.RoleSessionName, a.call.Params.ExternalID}
	if m := a.Mint; m != nil {
		parts = append(parts, m.Issuer, m.Profile, m.NameID, m.Attack, m.Recipient, m.Audience,
			string(source.AppendJSON(nil, &m.Claims.Node)), string(source.AppendJSON(nil, &m.Attributes.Node)))
	}
	for _, k := range a.Context {
		parts = append(parts, k.Key, strings.Join(k.Values, "\x01"))
	}
	return strings.Join(parts, "\x00")
}

// gateway is an identity provider that the trust policy lets ask.
type gateway struct {
	principal string // of Federated
	issuer    string // URL, entity id, or an OAuth provider's domain
	prefix    string // of its condition keys
	isSAML    bool
	clients   []string
}

// longest bounds a text of the scenario that every identity repeats, in bytes:
// the API's own bound of an ARN. mostContext bounds the request context.
const (
	longest     = 2048
	mostContext = 16 << 10
)

// mostGateways bounds the providers of one policy that have a population.
const mostGateways = 6

// population is everybody who is played, and how many more there are.
func (d *door) population() (people []applicant, cut int) {
	gateways, left := d.gateways()
	groups := [][]applicant{}
	for i := range gateways {
		groups = append(groups, d.people(&gateways[i]))
	}
	if aws := d.awsPopulation(); len(aws) > 0 {
		groups = append(groups, aws)
	}
	total := 0
	for _, g := range groups {
		total += len(g)
	}
	people = share(groups, mostEntrants)
	return people, total - len(people) + left
}

// share takes at most that many of the groups together, as evenly as they
// allow; each group's first are the ones that tell most.
func share(groups [][]applicant, most int) (people []applicant) {
	take := make([]int, len(groups))
	for more := true; more && most > 0; {
		more = false
		for i := range groups {
			if take[i] < len(groups[i]) && most > 0 {
				take[i]++
				most--
				more = true
			}
		}
	}
	for i := range groups {
		people = append(people, groups[i][:take[i]]...)
	}
	return people
}

// gateways are the providers that the Allow statements name, in their order,
// and how many are left out. "*" means every provider that the account has,
// and those built into IAM, as far as the statement has the action that their
// identities call.
func (d *door) gateways() (all []gateway, left int) {
	seen := map[string]bool{}
	add := func(principal string) {
		if seen[principal] || len(principal) > longest {
			return
		}
		seen[principal] = true
		if len(all) == mostGateways {
			left++
			return
		}
		all = append(all, d.gateway(principal))
	}
	for i := range d.policy.Statements {
		s := &d.policy.Statements[i]
		if s.Effect != "Allow" {
			continue
		}
		if s.Principal.Not {
			d.everyProvider(s, add)
			continue
		}
		for _, v := range s.Principal.Values {
			switch {
			case v.Type == "Federated":
				add(v.Text)
			case v.Text == "*" && (v.Type == "" || v.Type == "AWS"):
				d.everyProvider(s, add)
			}
		}
	}
	return all, left
}

func (d *door) everyProvider(s *iam.Statement, add func(principal string)) {
	if d.account == nil {
		return
	}
	webIdentity := takesIn(s, "sts:AssumeRoleWithWebIdentity")
	for i := range d.account.OpenIDConnectProviders {
		if webIdentity {
			add("arn:aws:iam::" + d.account.ID + ":oidc-provider/" + strings.TrimPrefix(d.account.OpenIDConnectProviders[i].URL, "https://"))
		}
	}
	for i := range d.account.SAMLProviders {
		if takesIn(s, "sts:AssumeRoleWithSAML") {
			add("arn:aws:iam::" + d.account.ID + ":saml-provider/" + d.account.SAMLProviders[i].Name)
		}
	}
	if webIdentity {
		add("accounts.google.com")
		add("cognito-identity.amazonaws.com")
	}
}

// takesIn says whether a statement's actions take the action in.
func takesIn(s *iam.Statement, action string) bool {
	return s.Action.Not != slices.ContainsFunc(s.Action.Values, func(v iam.Written) bool {
		return iam.Like(strings.ToLower(v.Text), strings.ToLower(action))
	})
}

// oauthDomains are the built-in providers of access tokens, which are no JWTs.
var oauthDomains = []string{"www.amazon.com", "graph.facebook.com"}

// gateway is what the scenario knows of a provider.
func (d *door) gateway(principal string) gateway {
	g := gateway{principal: principal, prefix: principal, issuer: "https://" + principal}
	if strings.Contains(principal, ":saml-provider/") {
		g.isSAML, g.prefix, g.issuer = true, "saml", ""
		if p := d.samlProvider(principal); p != nil {
			g.issuer = entityOf(p)
		}
		return g
	}
	if slices.Contains(oauthDomains, principal) {
		g.issuer = principal
		return g
	}
	if _, name, ok := strings.Cut(principal, ":oidc-provider/"); ok {
		g.prefix, g.issuer = name, "https://"+name
		for i := range d.account.OpenIDConnectProviders {
			if p := &d.account.OpenIDConnectProviders[i]; strings.TrimPrefix(p.URL, "https://") == name {
				g.clients = p.ClientIDList[:min(len(p.ClientIDList), 100)] // IAM's quota
			}
		}
	}
	return g
}

// entityOf is the entity id of a registered SAML provider, "" where it isn't
// known.
func entityOf(p *scenario.SAMLProvider) string {
	if p.SAMLMetadataDocument.Node.Kind != source.String {
		return p.MetadataOf
	}
	m, refusal := saml.ReadMetadata(p.SAMLMetadataDocument.Node.Text)
	if refusal != nil || len(m.Providers) == 0 {
		return ""
	}
	return m.Providers[0].EntityID
}

// mostWanted bounds the values of one policy that a population is made for.
const mostWanted = 64

// wanted is what the statements about a provider compare, as claims or
// attributes, and the session name that they want.
func (d *door) wanted(g *gateway, known *source.Node) (all []idp.Wanted, sessionName string) {
	for i := range d.policy.Statements {
		s := &d.policy.Statements[i]
		if !about(s, g) {
			continue
		}
		for j := range s.Conditions {
			c := &s.Conditions[j]
			claim := knownName(known, g.claim(c.Key))
			if c.Base == "Null" && claim != "" && s.Effect == "Allow" && len(c.Values) > 0 && c.Values[0].Text == "false" {
				all = append(all, idp.Wanted{Claim: claim, Word: word(c.Key), Value: "anything@example.com"})
			}
			if claim == "" || !comparesText(c.Base) {
				continue
			}
			for _, v := range c.Values {
				w := idp.Wanted{Claim: claim, Word: word(c.Key), Value: resolved(v.Text, d.tags), Wild: strings.Contains(c.Base, "Like") || strings.HasPrefix(c.Base, "Arn"), Not: strings.Contains(c.Base, "Not") != (s.Effect == "Deny")}
				switch {
				case w.Value == "" || len(all) == mostWanted || slices.Contains(all, w):
				case strings.EqualFold(c.Key, "sts:RoleSessionName") && !g.isSAML:
					if sessionName == "" && !w.Not && !(w.Wild && strings.ContainsAny(w.Value, "*?")) {
						sessionName = w.Value
					}
				default:
					all = append(all, w)
				}
			}
		}
	}
	return all, sessionName
}

// word is how sentences call what a condition key holds: its own name,
// without the provider's.
func word(key string) string {
	key = key[strings.LastIndexByte(key, ':')+1:]
	return key[strings.LastIndexByte(key, '/')+1:]
}

// about says whether a statement can be about a provider's identities.
func about(s *iam.Statement, g *gateway) bool {
	if s.Principal.Not {
		return true
	}
	return slices.ContainsFunc(s.Principal.Values, func(v iam.Written) bool {
		return v.Type == "Federated" && v.Text == g.principal || v.Text == "*" && (v.Type == "" || v.Type == "AWS")
	})
}

// comparesText says whether an operator's values are such as a token could
// carry.
func comparesText(base string) bool {
	return strings.HasPrefix(base, "String") || strings.HasPrefix(base, "Arn") || base == "NumericEquals" || base == "NumericNotEquals" || base == "Bool"
}

// ownTags puts the role's own tags in the place of their variables, each once
// whatever a tag's value is.
func (d *door) ownTags() *strings.Replacer {
	var pairs []string
	for _, tag := range d.role.Tags {
		if len(tag.Value) <= longest {
			pairs = append(pairs, "${aws:ResourceTag/"+tag.Key+"}", tag.Value, "${iam:ResourceTag/"+tag.Key+"}", tag.Value)
		}
	}
	return strings.NewReplacer(pairs...)
}

// resolved is a condition's value with the tags in it; "" where another
// variable is in it, or where it is longer than is played.
func resolved(value string, tags *strings.Replacer) string {
	if len(value) <= longest && strings.Contains(value, "${") {
		value = tags.Replace(value)
	}
	if len(value) > longest || strings.Contains(value, "${") {
		return ""
	}
	return value
}

// claim is what a condition key holds of the provider's tokens or responses,
// by the name it has there; "" where it holds something else.
func (g *gateway) claim(key string) string {
	lower := strings.ToLower(key)
	for _, tag := range []string{"aws:requesttag/", "aws:principaltag/"} {
		if strings.HasPrefix(lower, tag) {
			if g.isSAML {
				return "PrincipalTag:" + key[len(tag):]
			}
			return flatTags + key[len(tag):]
		}
	}
	switch lower {
	case "sts:sourceidentity":
		if g.isSAML {
			return "SourceIdentity"
		}
		return "https://aws.amazon.com/source_identity"
	case "sts:rolesessionname":
		return "RoleSessionName"
	}
	if len(key) <= len(g.prefix) || !strings.EqualFold(key[:len(g.prefix)], g.prefix) || key[len(g.prefix)] != ':' {
		return ""
	}
	name := key[len(g.prefix)+1:]
	if g.isSAML {
		if strings.EqualFold(name, "sub") {
			return "sub"
		}
		return sts.SAMLAttribute(name)
	}
	if name == "google/organization_number" {
		return "google:organization_number"
	}
	return strings.ToLower(name)
}

// knownName is the claim as the scenario's own identity has it: keys know no
// letter case, and claims do.
func knownName(known *source.Node, claim string) string {
	if known == nil {
		return claim
	}
	for i := range known.Members {
		if strings.EqualFold(known.Members[i].Name, claim) {
			return known.Members[i].Name
		}
	}
	return claim
}

// people are a provider's identities, with their calls.
func (d *door) people(g *gateway) []applicant {
	model, known := d.model(g)
	wanted, sessionName := d.wanted(g, known)
	census := idp.Census{Issuer: g.issuer, SAML: g.isSAML, Clients: g.clients, Wanted: wanted, Like: iam.Like}
	if known != nil {
		census.Known = known
	}
	if g.isSAML {
		census.Issuer = cmp.Or(g.issuer, "https://idp.example.com/saml")
		if model != nil && model.Params.SAMLAssertion.Mint != nil {
			m := model.Params.SAMLAssertion.Mint
			census.Name, census.Profile = m.NameID, m.Profile
		}
	}
	if sessionName == "" && model != nil && sts.IsSessionName(model.Params.RoleSessionName) {
		sessionName = model.Params.RoleSessionName
	}
	var all []applicant
	for _, id := range idp.Population(census) {
		all = append(all, d.applicant(g, id, model, cmp.Or(sessionName, "who-gets-in")))
	}
	return all
}

// applicant gives an identity its call. What the scenario's own call says of
// the circumstances holds for everybody.
func (d *door) applicant(g *gateway, id idp.Identity, model *scenario.Call, sessionName string) applicant {
	a := applicant{Identity: id, principal: g.principal, prefix: g.prefix}
	c := &a.call
	c.Params.RoleArn = d.arn
	if model != nil {
		c.Region, c.After = model.Region, model.After
		size := 0
		for _, k := range model.Context {
			size += len(k.Key) + len(strings.Join(k.Values, ","))
			if size < mostContext && !strings.HasPrefix(strings.ToLower(k.Key), strings.ToLower(g.prefix)+":") {
				c.Context = append(c.Context, k)
			}
		}
	}
	c.Context = append(c.Context, id.Context...)
	if g.isSAML {
		c.Action = "sts:AssumeRoleWithSAML"
		c.Params.PrincipalArn = g.principal
		if model != nil && model.Params.SAMLAssertion.Mint != nil {
			m := model.Params.SAMLAssertion.Mint
			id.Mint.Recipient = cmp.Or(id.Mint.Recipient, m.Recipient)
			id.Mint.Audience = cmp.Or(id.Mint.Audience, m.Audience)
			if id.Mint.Attack == "" { // most attacks need an assertion in the clear
				id.Mint.Encrypt = m.Encrypt
			}
			if m.Sign != "none" {
				id.Mint.Sign = m.Sign
			}
		}
		c.Params.SAMLAssertion = scenario.Token{Mint: id.Mint, Given: true}
		return a
	}
	c.Action = "sts:AssumeRoleWithWebIdentity"
	c.Params.RoleSessionName = sessionName
	if id.ProviderID != "" {
		c.Params.ProviderID = id.ProviderID
		c.Params.WebIdentityToken = scenario.Token{Text: "an-access-token", Given: true}
		return a
	}
	c.Params.WebIdentityToken = scenario.Token{Mint: id.Mint, Given: true}
	return a
}

// model is the scenario's own call of that provider, and what its token or
// response says. A call of the role goes first, and one that is expected to
// succeed.
func (d *door) model(g *gateway) (model *scenario.Call, known *source.Node) {
	p := &play{scenario: d.scenario, keys: idp.Assign(d.scenario.Issuers), issuers: map[string]*scenario.Issuer{}}
	for i := range d.scenario.Issuers {
		p.issuers[d.scenario.Issuers[i].URL] = &d.scenario.Issuers[i]
	}
	const mostCalls = 20 // that are looked at
	calls := d.scenario.Calls[:min(len(d.scenario.Calls), mostCalls)]
	best := 0
	for i := range calls {
		c := &calls[i]
		worth := 1
		if c.Params.RoleArn == d.arn {
			worth += 3
		}
		if e := c.Expect; e == nil || e.Outcome == "" {
			worth++
		} else if e.Outcome == "success" {
			worth += 2
		}
		if worth <= best {
			continue
		}
		if says, ok := p.saysOf(c, g); ok {
			model, known, best = c, says, worth
		}
	}
	return model, flattened(known)
}

// saysOf is what the token or response of a call says, if it is of the
// provider.
func (p *play) saysOf(c *scenario.Call, g *gateway) (says *source.Node, ok bool) {
	switch {
	case g.isSAML:
		if m := c.Params.SAMLAssertion.Mint; m != nil && m.Attributes.Given() {
			says = m.Attributes.Tree()
		}
		return says, c.Action == "sts:AssumeRoleWithSAML" && c.Params.PrincipalArn == g.principal
	case slices.Contains(oauthDomains, g.issuer):
		return nil, c.Params.ProviderID == g.issuer
	case c.Action != "sts:AssumeRoleWithWebIdentity" || !c.Params.WebIdentityToken.Given:
		return nil, false
	}
	presented := p.present(c)
	if presented.Refusal != nil || presented.Token == nil {
		return nil, false
	}
	iss := presented.Token.Payload.Get("iss")
	return &presented.Token.Payload, iss != nil && (iss.Text == g.issuer || "https://"+iss.Text == g.issuer)
}

// The claim of session tags, and what their flattened form begins with (IAM
// guide, "Pass session tags in AWS STS").
const (
	claimTags = "https://aws.amazon.com/tags"
	flatTags  = claimTags + "/principal_tags/"
)

// flattened has nested session tags as claims of their own, so that one of
// them can differ.
func flattened(claims *source.Node) *source.Node {
	tags := claims.Get(claimTags)
	if tags == nil || tags.Kind != source.Object {
		return claims
	}
	flat := source.Node{Kind: source.Object}
	for _, m := range claims.Members {
		if m.Name != claimTags {
			flat.Members = append(flat.Members, m)
		}
	}
	if principal := tags.Get("principal_tags"); principal != nil {
		for _, m := range principal.Members {
			value := m.Value
			if value.Kind == source.Array && len(value.Items) == 1 {
				value = value.Items[0]
			}
			flat.Members = append(flat.Members, source.Member{Name: flatTags + m.Name, Value: value})
		}
	}
	if keys := tags.Get("transitive_tag_keys"); keys != nil {
		flat.Members = append(flat.Members, source.Member{Name: claimTags + "/transitive_tag_keys", Value: *keys})
	}
	return &flat
}
