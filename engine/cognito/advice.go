package cognito

import "stsplayground/engine/trace"

// advise offers a way out of the failure that gave the call's error.
func (w *walk) advise(rule *trace.Rule, a trace.Advice) {
	if w.Failed == rule.Code && len(w.advice) == 0 {
		w.advice = append(w.advice, a)
	}
}

func set(path string, value any) []trace.Patch {
	return []trace.Patch{{Op: "add", Path: path, Value: value}}
}

// adviseGuests is for an app that means to have guests.
func (w *walk) adviseGuests(p *pool) {
	w.advise(&ruleGuests, trace.Advice{
		Title: "Take guests", Why: "If the app is meant to work for people who haven't signed in, the pool has to take guests; otherwise pass the user's token in Logins.",
		Fix: set(p.Path+"/AllowUnauthenticatedIdentities", true), Widens: "Everyone who knows the pool's id gets an identity, and with it what the guests' role allows.",
	})
}

// adviseFlow is for an app that means to ask STS itself.
func (w *walk) adviseFlow(p *pool) {
	w.advise(&ruleFlow, trace.Advice{
		Title: "Allow the basic flow", Why: "If the app has to ask STS itself, the pool has to allow it; otherwise call GetCredentialsForIdentity.",
		Fix: set(p.Path+"/AllowClassicFlow", true), Widens: "The app, and whoever changes it, asks for any role that trusts the pool, and guests come without the session policies of the enhanced flow.",
	})
}

// adviseAudience is for a token of an app client that the pool doesn't list.
func (w *walk) adviseAudience(p *pool, l *login, from *provider, app string) {
	a := trace.Advice{Title: "Let the app client in", Why: "If " + app + " is an app of yours, the pool has to list it.", Widens: "Everyone who signs in to " + app + " gets an identity of the pool."}
	switch {
	case from.registered != nil:
		a.Fix = set(from.registered.Path+"/ClientIDList/-", app)
	case p.userPool(l.name) != nil:
		a.Fix = set(p.Path+"/CognitoIdentityProviders/-", map[string]any{"ProviderName": l.name, "ClientId": app})
	default:
		return
	}
	w.advise(&ruleLogin, a)
}
