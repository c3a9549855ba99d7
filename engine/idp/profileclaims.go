package idp

import (
	"cmp"
	"strings"
	"time"

	"stsplayground/engine/source"
)

// DefaultClaim is a claim of a profile's tokens, and what it says unless the
// mint describes it: a text as it is, else JSON; exp, iat and nbf relative to
// the call's moment, as a mint takes them; "" where it is left out.
type DefaultClaim struct {
	ProfileClaim
	Default string
}

// ClaimsOf are the claims of a profile as that issuer's tokens have them. An
// empty issuer is the profile's usual one; an unknown profile has none.
func ClaimsOf(name, issuer string) (all []DefaultClaim) {
	p := profileOf(name)
	if p == nil {
		return nil
	}
	d := description{issuer: cmp.Or(issuer, p.Issuer), given: &source.Node{Kind: source.Object}, seed: name}
	defaults := p.values(&d)
	for _, c := range p.Claims {
		value := plainText(defaults[c.Name])
		if c.Name == "exp" || c.Name == "iat" || c.Name == "nbf" {
			value = fromCall(value)
		}
		all = append(all, DefaultClaim{c, value})
	}
	return all
}

// profileOf is the profile of that name, nil for none.
func profileOf(name string) *profile {
	for i := range profiles {
		if profiles[i].Name == name {
			return &profiles[i]
		}
	}
	return nil
}

// fromCall is a number of seconds as relative reads it.
func fromCall(seconds string) string {
	d, err := time.ParseDuration(seconds + "s")
	if err != nil {
		return seconds
	}
	text := d.String()
	if d >= 0 {
		text = "+" + text
	}
	if whole, ok := strings.CutSuffix(text, "m0s"); ok {
		text = whole + "m"
	}
	if whole, ok := strings.CutSuffix(text, "h0m"); ok {
		text = whole + "h"
	}
	return text
}
