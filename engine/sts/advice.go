package sts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// verdict is the outcome as a sentence that a colleague would say.
func (f *facts) verdict(w *walk) string {
	if w.Err == nil {
		who := fmt.Sprintf("STS accepts: %s of account %s is assumed as %s until %s.", f.role.RoleName, f.account.ID, f.sessionName, until(f.at, f.duration))
		switch {
		case slices.Contains(w.Assumed, ruleAccessToken.Code):
			return "If " + f.provider.name + " vouches for the token, " + who
		}
		return assumption(w.Assumed) + who
	}
	if f.presentsNothing() {
		return "Nothing is presented yet: paste a " + f.operation.proof + ", have one minted, or begin with an example."
	}
	for i := range w.Steps {
		if s := &w.Steps[i]; s.Status == trace.Failed {
			if w.Err.Type == "Playground" {
				return "Not modelled. " + s.Why
			}
			if s.Why != "" {
				return "STS refuses. " + s.Why
			}
			return "STS refuses: " + s.Title + " does not hold."
		}
	}
	return "STS refuses: " + w.Err.Message
}

// assumption begins a verdict that rests on what was taken on trust; "" where
// nothing was.
func assumption(assumed []string) string {
	switch {
	case len(assumed) == 0:
		return ""
	case slices.Equal(assumed, []string{ruleMFA.Code}):
		return "If the MFA code is right, "
	case slices.Equal(assumed, []string{ruleContexts.Code}):
		return "If the context assertion is good, "
	}
	return "If the signature is good, "
}

// presentsNothing says whether the call has neither token nor response.
func (f *facts) presentsNothing() bool {
	switch f.operation {
	case assumeRoleWithSAML:
		return !f.call.Params.SAMLAssertion.Given
	case assumeRoleWithWebIdentity:
		return !f.call.Params.WebIdentityToken.Given
	}
	return false
}

// advise is the way out of a failed call, the surest first.
func (f *facts) advise(world *World, w *walk) []trace.Advice {
	switch {
	case f.role != nil && f.role.reserved() && w.Failed != ruleIdentity.Code:
		return adviseReserved()
	case f.operation == assumeRole && w.Failed != ruleSessionToken.Code:
		return f.adviseAssumeRole(world, w)
	case f.caller != nil:
		return f.adviseSigned(world, w)
	}
	switch w.Failed {
	case "oidc/issuer":
		return f.adviseIssuer()
	case "oidc/audience":
		return f.adviseAudience()
	case "oidc/expiry":
		return f.adviseTimes()
	case "oidc/token", "oidc/algorithm", "oidc/claims":
		return adviseToken(w.tokenRefusal())
	case "oidc/keys":
		return f.adviseKeys(w)
	case "oidc/signature":
		return []trace.Advice{{Title: "Compare the key set with the one that the provider serves now", Why: "The token was changed on its way, or the key set is not the one of the provider that signed it. Fetch jwks_uri of the discovery document again, and paste the token once more, whole.", Fix: noFix}}
	case "sts/duration":
		return f.adviseDuration()
	case "sts/role":
		return f.adviseRole()
	case "trust/principal":
		return f.advisePrincipal()
	case "trust/condition":
		return f.adviseCondition()
	case "trust/action":
		return f.adviseAction(f.operation.action)
	case "trust/tag-session":
		return f.adviseAction(actionTagSession)
	case "trust/set-source-identity":
		return f.adviseAction(actionSetSourceIdentity)
	}
	if f.operation == assumeRoleWithSAML {
		return f.adviseSAML(w)
	}
	return nil
}

var noFix = []trace.Patch{} // encodes as [], never null

func (f *facts) adviseIssuer() []trace.Advice {
	issuer := f.claims.Issuer
	if f.account == nil || !strings.HasPrefix(issuer, "https://") {
		return nil
	}
	// A provider with another path is another provider, and stays.
	if near := nearestProvider(f.account, issuer); near != nil && !otherPath(issuer, near.URL) {
		return []trace.Advice{{
			Title:  "Register the provider as " + issuer,
			Why:    "The provider's URL must be the token's iss, letter by letter. In AWS a provider's URL can't be edited: create the right one, then delete the other and mend the trust policies that name it.",
			Fix:    []trace.Patch{{Op: "replace", Path: near.Path + "/Url", Value: issuer}},
			Widens: "Tokens of " + issuer + " can reach the account's trust policies; those of " + near.URL + " no longer.",
		}}
	}
	clients := []string{}
	if a := f.audience(); a != "" {
		clients = append(clients, a)
	}
	provider := map[string]any{"Url": issuer, "ClientIDList": clients, "ThumbprintList": []string{}}
	list := f.account.Path + "/OpenIDConnectProviders"
	fix := trace.Patch{Op: "add", Path: list, Value: []any{provider}}
	written := func(p scenario.OIDCProvider) bool { return strings.HasPrefix(p.Path, list) } // and not made by a call
	if slices.ContainsFunc(f.account.OpenIDConnectProviders, written) {
		fix = trace.Patch{Op: "add", Path: list + "/-", Value: provider}
	}
	return []trace.Advice{{
		Title:  "Register " + issuer + " in account " + f.account.ID,
		Why:    "A provider must be registered in the role's own account before any of its tokens is looked at.",
		Fix:    []trace.Patch{fix},
		Widens: "Every token of this issuer with the audience " + f.audience() + " reaches the trust policies of the account; their conditions decide the rest.",
	}}
}

func (f *facts) adviseAudience() []trace.Advice {
	p := f.provider.registered
	value := f.audience()
	if p == nil || value == "" || len(f.claims.Audience) > 1 && !f.claims.HasAuthorizedParty {
		return []trace.Advice{{Title: "Ask for a token with one audience", Why: "A token for several audiences needs azp to say which of them is meant.", Fix: noFix}}
	}
	register := trace.Advice{
		Title: "Add " + value + " to the provider's client IDs", Why: "Where the token's audience can't be chosen, AWS has to know it.",
		Fix:    []trace.Patch{{Op: "add", Path: p.Path + "/ClientIDList", Value: []string{value}}},
		Widens: "Every token that the provider makes for " + value + " reaches the account's trust policies, also those meant for another system.",
	}
	if len(p.ClientIDList) == 0 {
		register.Why = "A provider without client IDs accepts no audience."
		return []trace.Advice{register}
	}
	register.Fix = []trace.Patch{{Op: "add", Path: p.Path + "/ClientIDList/-", Value: value}}
	if f.claims.HasAuthorizedParty {
		register.Why = "The token has azp, so azp is what has to be a client ID, whatever aud says."
		return []trace.Advice{register}
	}
	return []trace.Advice{
		{Title: "Ask for a token with the audience " + p.ClientIDList[0], Why: "A token made for AWS alone can't be used elsewhere, nor one made for elsewhere here.", Fix: noFix},
		register,
	}
}

// tokenRefusal is what package oidc refused first, nil where it didn't.
func (w *walk) tokenRefusal() *oidc.Refusal {
	r, _ := w.refusal.(*oidc.Refusal)
	return r
}

// adviseToken is the way out where the token itself is refused.
func adviseToken(r *oidc.Refusal) []trace.Advice {
	if r == nil {
		return nil
	}
	advice := trace.Advice{Title: "Send the token as the provider issued it", Why: "Copy it whole, from the eyJ at its beginning to its end, with nothing around or within it.", Fix: noFix}
	switch r.Reason {
	case oidc.Segments, oidc.Encrypted:
		advice.Title = "Send the ID token"
		advice.Why = "STS wants the OpenID Connect ID token, a JSON Web Token of three segments. An access token may be opaque, and a request token (ACTIONS_ID_TOKEN_REQUEST_TOKEN) is only good for asking for one."
	case oidc.Duplicate, oidc.Critical, oidc.Unencoded, oidc.HeaderJSON, oidc.ClaimsJSON:
		advice.Title = "Have the provider issue a plain token"
		advice.Why = "The token is put together in a way that a strict reader refuses; if the provider didn't do it, somebody else did."
	case oidc.Algorithm:
		advice.Title = "Have the provider sign with RS256 or ES256"
		advice.Why = "AWS takes RS256, RS384, RS512, ES256, ES384 and ES512 and nothing else; the algorithm is set where the provider's client or key is configured."
	case oidc.MissingClaim:
		advice.Title = "Have the provider add " + r.Claim + " to the token"
		advice.Why = "Without iss, sub, aud, exp and iat AWS takes no token; an access token often lacks one of them."
		if r.Claim == "aud" {
			advice.Title = "Send the ID token, or have the provider add aud"
			advice.Why = "Access tokens often have no aud: those of Amazon Cognito user pools have client_id in its place, and their ID tokens have it as aud."
		}
	case oidc.ClaimType:
		advice.Title = "Have the provider write " + r.Claim + " as " + strings.TrimPrefix(r.Expected, r.Claim+": ")
		advice.Why = r.Why
	}
	return []trace.Advice{advice}
}

func (f *facts) adviseTimes() []trace.Advice {
	if f.claims.NotBefore > f.at.Unix() || f.claims.IssuedAt > f.at.Unix() {
		return []trace.Advice{{Title: "Set the issuer's clock", Why: "The token is dated in the future; the provider's clock is ahead, or the call was made too early.", Fix: noFix}}
	}
	advice := []trace.Advice{{Title: "Ask for a new token right before the call", Why: "ID tokens last minutes. A job that waits, queues or retries has to fetch a fresh one.", Fix: noFix}}
	if f.call.Params.WebIdentityToken.Text == "" {
		return advice
	}
	return append(advice, f.adviseMoment(time.Unix(max(f.claims.IssuedAt, f.claims.NotBefore), 0))...)
}

// adviseMoment turns the playground's clock back to when a pasted proof was
// fresh, to see what else AWS would have said of it.
func (f *facts) adviseMoment(fresh time.Time) []trace.Advice {
	if !fresh.Before(f.at) || fresh.Year() < 1970 {
		return nil
	}
	return []trace.Advice{{
		Title: "See what STS would have said at " + clock(fresh.Unix()), Why: "That is when the " + f.operation.proof + " was fresh; everything else about it can be looked at then.",
		Fix:    []trace.Patch{{Op: "add", Path: "/now", Value: timestamp(fresh.Add(-f.call.After))}},
		Widens: "Nothing: only the playground's clock is turned back.",
	}}
}

// adviseKeys is the way out where the provider's key can't be had, by the
// part that failed: reaching the provider, its certificate, its key set, the
// key that the token names.
func (f *facts) adviseKeys(w *walk) []trace.Advice {
	discovery := strings.TrimSuffix(f.claims.Issuer, "/") + "/.well-known/openid-configuration"
	refusal := w.tokenRefusal()
	switch {
	case refusal != nil && (refusal.Reason == oidc.KeyUnknown || refusal.Reason == oidc.KeyID):
		return []trace.Advice{{Title: "Ask for a new token", Why: "After a key rotation an old token names a key that is gone. If a new one fails as well, compare its kid with the keys that the provider serves now.", Fix: noFix}}
	case refusal != nil:
		return []trace.Advice{{Title: "Have the provider serve a key set", Why: "STS fetches " + discovery + ", and then the keys from the jwks_uri that it names: a JSON object with an array of keys.", Fix: noFix}}
	case f.issuer.Reachable != nil && !*f.issuer.Reachable:
		return []trace.Advice{{Title: "Make the provider reachable from the internet", Why: "STS fetches " + discovery + ", then its jwks_uri, from outside; neither may be behind a firewall or a login.", Fix: noFix}}
	}
	return f.adviseThumbprint()
}

// adviseThumbprint registers the served certificate's thumbprint; no fix
// where it isn't known.
func (f *facts) adviseThumbprint() []trace.Advice {
	p, served := f.provider.registered, f.issuer.Thumbprint
	advice := trace.Advice{Title: "Register the thumbprint of the provider's certificate authority", Why: "AWS doesn't know the authority, so a registered thumbprint has to vouch for the certificate.", Fix: noFix}
	if p == nil || served == "" {
		return []trace.Advice{advice}
	}
	advice.Title = "Register the thumbprint " + served
	advice.Fix = []trace.Patch{{Op: "add", Path: p.Path + "/ThumbprintList", Value: []string{served}}}
	if len(p.ThumbprintList) > 0 {
		advice.Fix = []trace.Patch{{Op: "add", Path: p.Path + "/ThumbprintList/-", Value: served}}
	}
	advice.Widens = "Whoever holds a certificate of that authority can serve keys in the provider's name; compare the thumbprint with the provider's own first."
	return []trace.Advice{advice}
}

func (f *facts) adviseDuration() []trace.Advice {
	limit := max(f.role.MaxSessionDuration, 0)
	if limit == 0 {
		limit = defaultDuration
	}
	advice := []trace.Advice{{
		Title: fmt.Sprintf("Ask for %d seconds", limit), Why: "That is the role's maximum.",
		Fix:    []trace.Patch{{Op: "add", Path: f.call.Path + "/params/DurationSeconds", Value: limit}},
		Widens: "Nothing: the session is shorter.",
	}}
	if d := f.call.Params.DurationSeconds; d != nil && *d <= maxDuration {
		advice = append(advice, trace.Advice{
			Title: fmt.Sprintf("Raise the role's MaxSessionDuration to %d", *d), Why: "A role's maximum can be 3600 to 43200 seconds.",
			Fix:    []trace.Patch{{Op: "add", Path: f.role.Role.Path + "/MaxSessionDuration", Value: *d}},
			Widens: "Everyone who may assume the role may keep a session that long; sessions can't be called back.",
		})
	}
	return advice
}

func (f *facts) adviseRole() []trace.Advice {
	if f.near == nil {
		return nil
	}
	return []trace.Advice{{
		Title: "Ask for " + f.near.ARN, Why: "RoleArn is compared exactly, path and letter case included.",
		Fix:    []trace.Patch{{Op: "add", Path: f.call.Path + "/params/RoleArn", Value: f.near.ARN}},
		Widens: "Nothing: the request names another role.",
	}}
}

func (f *facts) advisePrincipal() []trace.Advice {
	if f.role.Unread != "" && strings.TrimSpace(f.role.AssumeRolePolicyDocument.Node.Text) != "" {
		return nil // what the text is to become, only its author knows
	}
	d := f.role.AssumeRolePolicyDocument
	if len(f.role.Trust.Statements) == 0 {
		return f.adviseTrustPolicy()
	}
	title := "Name the provider as the principal"
	why := "The trust policy's Principal must be {\"Federated\": \"" + f.provider.principal + "\"}."
	for i := range f.role.Trust.Statements {
		s := &f.role.Trust.Statements[i]
		path := f.trustPath(&s.Principal.At)
		if s.Effect != "Allow" || path == "" || policyNode(d, path) == nil || len(s.Principal.Values) != 1 {
			continue
		}
		if v := &s.Principal.Values[0]; principalDifference(v.Type+" "+v.Text, f.provider.principal) == "" {
			continue
		}
		return []trace.Advice{{
			Title: title, Why: why,
			Fix:    patchPolicy(d, []trace.Patch{{Op: "replace", Path: path, Value: map[string]string{"Federated": f.provider.principal}}}),
			Widens: "Every " + f.operation.proof + " through " + f.provider.principal + " reaches this statement's conditions; the principal that was there no longer does.",
		}}
	}
	return []trace.Advice{{Title: title, Why: why, Fix: noFix}}
}

// adviseTrustPolicy writes a trust policy where there is none: for this
// provider, and for nobody else than whom the call is about.
func (f *facts) adviseTrustPolicy() []trace.Advice {
	conditions := map[string]string{}
	set := func(key, value string) {
		if value != "" {
			conditions[f.provider.name+":"+key] = value
		}
	}
	if f.operation == assumeRoleWithSAML {
		set("aud", f.saml.recipient)
		set("sub", f.saml.assertion.NameID.Value)
	} else {
		set("aud", f.audience())
		set("sub", f.claims.Subject)
	}
	statement := map[string]any{"Effect": "Allow", "Principal": map[string]string{"Federated": f.provider.principal}, "Action": f.operation.action}
	if len(conditions) > 0 {
		statement["Condition"] = map[string]any{"StringEquals": conditions}
	}
	return []trace.Advice{{
		Title: "Write a trust policy that lets this " + f.operation.proof + " in", Why: "Without a trust policy nobody may assume the role. This one names the provider, and the audience and subject that the call has.",
		Fix:    []trace.Patch{{Op: "add", Path: f.role.Role.Path + "/AssumeRolePolicyDocument", Value: map[string]any{"Version": "2012-10-17", "Statement": []any{statement}}}},
		Widens: "Whoever the provider vouches for as " + f.subject() + ".",
	}}
}

func (f *facts) adviseCondition() []trace.Advice {
	if f.nearest == nil {
		return nil
	}
	var advice []trace.Advice
	for i := range f.nearest.Conditions {
		c := &f.nearest.Conditions[i]
		if c.Matched {
			continue
		}
		m := f.explainMiss(c)
		if m.title == "" || slices.ContainsFunc(advice, func(a trace.Advice) bool { return a.Title == m.title }) {
			continue
		}
		advice = append(advice, trace.Advice{Title: m.title, Why: m.why, Fix: patchPolicy(f.role.AssumeRolePolicyDocument, m.edits), Widens: m.widens})
	}
	return advice
}

// isNamedBy says whether the statement's Principal names who asks.
func (f *facts) isNamedBy(s *iam.Statement) bool {
	if f.operation == assumeRole {
		return s.Principal.Lists(&f.caller.Principal, iam.TrustPolicy)
	}
	return namesFederated(s.Principal.Values, f.provider.principal)
}

// adviseAction adds an action to the Allow statement that names the one who asks.
func (f *facts) adviseAction(action string) []trace.Advice {
	d := f.role.AssumeRolePolicyDocument
	if f.denied {
		return []trace.Advice{{Title: "Take " + action + " out of the Deny statement", Why: "Whatever else is allowed, an explicit Deny that applies wins.", Fix: noFix}}
	}
	advice := trace.Advice{
		Title: "Allow " + action + " in the trust policy", Fix: noFix,
		Why:    "The statement that names the " + f.operation.principal + " must name " + action + " too.",
		Widens: "Whoever meets the statement's conditions may do it; tags and source identity are what the " + f.operation.proof + " says.",
	}
	if action == f.operation.action {
		advice.Widens = "Whoever meets the statement's conditions gets in."
	}
	for i := range f.role.Trust.Statements {
		s := &f.role.Trust.Statements[i]
		path := f.trustPath(&s.Action.At)
		if s.Effect != "Allow" || !f.isNamedBy(s) {
			continue
		}
		if s.Action.Not {
			advice.Why = "The statement's NotAction lists " + action + ", and so leaves it out; take it off the list."
			break
		}
		switch node := policyNode(d, path); {
		case node == nil:
		case len(node.Items) > 0:
			advice.Fix = patchPolicy(d, []trace.Patch{{Op: "add", Path: path + "/-", Value: action}})
		case node.Text != "":
			advice.Fix = patchPolicy(d, []trace.Patch{{Op: "replace", Path: path, Value: []string{node.Text, action}}})
		}
		break
	}
	return []trace.Advice{advice}
}
