package sts

import (
	"fmt"
	"strings"

	"stsplayground/engine/trace"
)

// verdict is the outcome as a sentence that a colleague would say.
func (f *facts) verdict(w *walk) string {
	if w.err == nil {
		who := fmt.Sprintf("STS accepts: %s of account %s is assumed as %s until %s.", f.role.RoleName, f.account.ID, f.call.Params.RoleSessionName, until(f.at, f.duration))
		if len(w.assumed) > 0 {
			return "If the signature is good, " + who
		}
		return who
	}
	for i := range w.steps {
		if s := &w.steps[i]; s.Status == trace.Failed {
			if s.Why != "" {
				return "STS refuses. " + s.Why
			}
			return "STS refuses: " + s.Title + " does not hold."
		}
	}
	return "STS refuses: " + w.err.Message
}

// advise is the way out of a failed call, the surest first.
func (f *facts) advise(world *World, w *walk) []trace.Advice {
	switch w.failed {
	case "oidc/issuer":
		return f.adviseIssuer()
	case "oidc/audience":
		return f.adviseAudience()
	case "oidc/expiry":
		return f.adviseTimes()
	case "oidc/token":
		return []trace.Advice{{Title: "Send the ID token", Why: "STS wants the OpenID Connect ID token, a JSON Web Token of three segments. An access token may be opaque, and a request token (ACTIONS_ID_TOKEN_REQUEST_TOKEN) is only good for asking for one.", Fix: noFix}}
	case "oidc/algorithm":
		return []trace.Advice{{Title: "Have the provider sign with RS256 or ES256", Why: "AWS takes RS256, RS384, RS512, ES256, ES384 and ES512 and nothing else; the algorithm is set where the provider's client or key is configured.", Fix: noFix}}
	case "oidc/keys":
		return f.adviseKeys()
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
		return f.adviseAction(actionWebIdentity)
	case "trust/tag-session":
		return f.adviseAction(actionTagSession)
	case "trust/set-source-identity":
		return f.adviseAction(actionSetSourceIdentity)
	}
	return nil
}

var noFix = []trace.Patch{} // encodes as [], never null

func (f *facts) adviseIssuer() []trace.Advice {
	issuer := f.claims.Issuer
	if f.account == nil || !strings.HasPrefix(issuer, "https://") {
		return nil
	}
	if near := nearestProvider(f.account, issuer); near != nil {
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
	fix := trace.Patch{Op: "add", Path: f.account.Path + "/OpenIDConnectProviders", Value: []any{provider}}
	if len(f.account.OpenIDConnectProviders) > 0 {
		fix = trace.Patch{Op: "add", Path: f.account.Path + "/OpenIDConnectProviders/-", Value: provider}
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
	fix := trace.Patch{Op: "add", Path: p.Path + "/ClientIDList", Value: []string{value}}
	if len(p.ClientIDList) > 0 {
		fix = trace.Patch{Op: "add", Path: p.Path + "/ClientIDList/-", Value: value}
	}
	return []trace.Advice{
		{Title: "Ask for a token with the audience " + firstOr(p.ClientIDList, "sts.amazonaws.com"), Why: "A token made for AWS alone can't be used elsewhere, nor one made for elsewhere here.", Fix: noFix},
		{
			Title: "Add " + value + " to the provider's client IDs", Why: "Where the token's audience can't be chosen, AWS has to know it.",
			Fix:    []trace.Patch{fix},
			Widens: "Every token that the provider makes for " + value + " reaches the account's trust policies, also those meant for another system.",
		},
	}
}

func firstOr(list []string, none string) string {
	if len(list) > 0 {
		return list[0]
	}
	return none
}

func (f *facts) adviseTimes() []trace.Advice {
	if f.claims.NotBefore > f.at.Unix() || f.claims.IssuedAt > f.at.Unix() {
		return []trace.Advice{{Title: "Set the issuer's clock", Why: "The token is dated in the future; the provider's clock is ahead, or the call was made too early.", Fix: noFix}}
	}
	return []trace.Advice{{Title: "Ask for a new token right before the call", Why: "ID tokens last minutes. A job that waits, queues or retries has to fetch a fresh one.", Fix: noFix}}
}

func (f *facts) adviseKeys() []trace.Advice {
	return []trace.Advice{{Title: "Look at what the provider serves", Why: "STS fetches " + strings.TrimSuffix(f.claims.Issuer, "/") + "/.well-known/openid-configuration, then its jwks_uri, over the public internet, and wants the key with the token's kid there. After a key rotation an old token names a key that is gone.", Fix: noFix}}
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
	d := f.role.AssumeRolePolicyDocument
	title := "Name the provider as the principal"
	why := "The trust policy's Principal must be {\"Federated\": \"" + f.provider.principal + "\"}."
	for i := range f.role.Trust.Statements {
		s := &f.role.Trust.Statements[i]
		path := f.trustPath(&s.Principal.At)
		if s.Effect != "Allow" || path == "" || policyNode(d, path) == nil || len(s.Principal.Values) != 1 {
			continue
		}
		if principalDifference("Federated "+s.Principal.Values[0].Text, f.provider.principal) == "" {
			continue
		}
		return []trace.Advice{{
			Title: title, Why: why,
			Fix:    patchPolicy(d, []trace.Patch{{Op: "replace", Path: path, Value: map[string]string{"Federated": f.provider.principal}}}),
			Widens: "Tokens of " + f.provider.name + " reach this statement's conditions; the principal that was there no longer does.",
		}}
	}
	return []trace.Advice{{Title: title, Why: why, Fix: noFix}}
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
		if m.title == "" {
			continue
		}
		advice = append(advice, trace.Advice{Title: m.title, Why: m.why, Fix: patchPolicy(f.role.AssumeRolePolicyDocument, m.edits), Widens: m.widens})
	}
	return advice
}

// adviseAction adds an action to the Allow statement that names the provider.
func (f *facts) adviseAction(action string) []trace.Advice {
	d := f.role.AssumeRolePolicyDocument
	advice := trace.Advice{
		Title: "Allow " + action + " in the trust policy", Fix: noFix,
		Why:    "The statement that lets the provider in must name " + action + " too.",
		Widens: "Whoever meets the statement's conditions may do it; tags and source identity are what the token says.",
	}
	if action == actionWebIdentity {
		advice.Widens = "Whoever meets the statement's conditions gets in."
	}
	for i := range f.role.Trust.Statements {
		s := &f.role.Trust.Statements[i]
		path := f.trustPath(&s.Action.At)
		if s.Effect != "Allow" || s.Action.Not || !namesFederated(s.Principal.Values, f.provider.principal) {
			continue
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
