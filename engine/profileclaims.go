package engine

import (
	"stsplayground/engine/idp"
	"stsplayground/engine/sts"
)

// ClaimRow is one claim of a profile's tokens: what it says, what it is unless
// the mint describes it otherwise, and which condition key AWS makes of it.
type ClaimRow struct {
	Name    string `json:"name"`
	About   string `json:"about"`         // without a full stop
	Default string `json:"default"`       // text as it is, else JSON; a time relative to the call's moment, as a mint takes it; "" where the claim is left out
	Key     string `json:"key,omitempty"` // whole, with the provider in front; "" where AWS makes none
}

// ProfileClaims are the claims of the tokens of a profile (idp.Profile.Name)
// as that issuer sends them, in the token's order. An empty issuer is the
// profile's usual one; a profile that isn't known has no claims.
func ProfileClaims(profile, issuer string) []ClaimRow {
	claims := idp.ClaimsOf(profile, issuer)
	var azp bool
	for i := range claims {
		azp = azp || claims[i].Name == "azp" && claims[i].Default != ""
		if claims[i].Name == "iss" {
			issuer = claims[i].Default
		}
	}
	rows := make([]ClaimRow, len(claims))
	for i, c := range claims {
		rows[i] = ClaimRow{c.Name, c.About, c.Default, sts.ClaimKey(issuer, c.Name, azp)}
	}
	return rows
}
