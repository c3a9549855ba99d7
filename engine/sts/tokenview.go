package sts

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// claimMeanings say what the registered claims and those of common systems
// are for.
var claimMeanings = map[string]string{
	"iss": "the issuer: which provider made the token",
	"sub": "the subject: who or what the token is about",
	"aud": "the audience: for whom the token was made",
	"azp": "the authorized party: the client that asked for the token; AWS takes it instead of aud",
	"jti": "the token's own id",
	"amr": "how the subject authenticated",

	claimTags:           "session tags for AWS",
	claimTransitiveKeys: "which session tags stay when the session assumes further roles",
	claimSourceIdentity: "the source identity for AWS",
	claimRoles:          "the roles that the token is good for",
}

var timeClaims = map[string]string{"exp": "expires", "iat": "issued", "nbf": "valid from", "auth_time": "authenticated"}

// viewToken takes a token apart for people.
func viewToken(t *oidc.Token, mode scenario.ClaimsMode, at time.Time) *TokenView {
	v := &TokenView{
		token:     t,
		Compact:   t.Raw,
		Header:    pretty(&t.Header, t.HeaderText),
		Payload:   pretty(&t.Payload, t.PayloadText),
		Signature: hex.EncodeToString(t.Signature),
		Claims:    make([]ClaimView, len(t.Payload.Members)),
	}
	var names *namer
	if iss := t.Payload.Get("iss"); iss != nil && iss.Kind == source.String {
		n := newNamer(mode, providerName(iss.Text), t.Payload.Get("azp") != nil)
		names = &n
	}
	for i := range t.Payload.Members {
		m := &t.Payload.Members[i]
		claim := ClaimView{Name: m.Name, Value: text(&m.Value), Meaning: meaning(m, at)}
		if names != nil {
			claim.Key = names.key(m.Name)
		}
		v.Claims[i] = claim
	}
	return v
}

// providerName is an issuer as condition keys write it.
func providerName(issuer string) string {
	if domain, ok := builtInIssuers[issuer]; ok {
		return domain
	}
	return strings.TrimPrefix(issuer, "https://")
}

func meaning(m *source.Member, at time.Time) string {
	if word, ok := timeClaims[m.Name]; ok && m.Value.Kind == source.Number {
		seconds, err := strconv.ParseInt(m.Value.Text, 10, 64)
		if err != nil || seconds < 0 || seconds >= 1<<53 {
			return ""
		}
		return word + " " + clock(seconds) + ", " + fromNow(seconds-at.Unix())
	}
	if key, ok := strings.CutPrefix(m.Name, claimPrincipalTags); ok {
		return "the session tag " + key + " for AWS"
	}
	return claimMeanings[m.Name]
}

// fromNow is how far a moment is from the call's.
func fromNow(seconds int64) string {
	switch {
	case seconds == 0:
		return "now"
	case seconds > 0:
		return "in " + span(seconds)
	}
	return span(-seconds) + " ago"
}

func text(n *source.Node) string {
	if isScalar(n) {
		return n.Text
	}
	return string(source.AppendJSON(nil, n))
}

// pretty is a segment as indented JSON, or as it is where it is no JSON.
func pretty(n *source.Node, raw string) string {
	if n.Kind == source.Invalid {
		return strings.ToValidUTF8(raw, string(utf8.RuneError))
	}
	return n.JSON("  ")
}
