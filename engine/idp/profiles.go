package idp

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"stsplayground/engine/source"
)

// Profile is a kind of token that the playground can mint, for menus. Issuer
// is the URL that such tokens usually come from.
type Profile struct {
	Name   string
	Title  string
	Issuer string
	Claims []ProfileClaim // in the order of the token
}

// ProfileClaim is a claim that tokens of a profile carry, and what it says.
type ProfileClaim struct {
	Name  string
	About string
}

// Profiles are the profiles that a mint can name, in the order of a menu. The
// first is what a mint without a profile gets.
func Profiles() []Profile {
	var all []Profile
	for _, p := range profiles {
		all = append(all, p.Profile)
	}
	return all
}

// profile is a Profile and the values that its claims have by default, as
// JSON; a claim without one is left out unless the mint describes it.
type profile struct {
	Profile
	values func(*description) map[string]string
}

// description is what a profile derives its defaults from.
type description struct {
	issuer string
	given  *source.Node // the described claims
	at     int64        // iat, NumericDate
	seed   string       // of ids
}

// text is the described claim if it is a non-empty string.
func (d *description) text(name string) string {
	if n := d.given.Get(name); n != nil && n.Kind == source.String {
		return n.Text
	}
	return ""
}

// or is the described claim, else fallback.
func (d *description) or(name, fallback string) string {
	if text := d.text(name); text != "" {
		return text
	}
	return fallback
}

// digest is made-up and stable: hexadecimal digits that follow from the parts.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// decimal is a made-up, stable number of that many digits.
func decimal(digits int, parts ...string) string {
	text := []byte(digest(parts...)[:digits])
	for i, c := range text {
		if c >= 'a' {
			text[i] = '0' + c - 'a'
		}
	}
	if text[0] == '0' {
		text[0] = '1'
	}
	return string(text)
}

// uuid is a made-up, stable UUID of version 8 (RFC 9562 §5.8: the rest of the
// bits are whatever the maker says).
func uuid(parts ...string) string {
	h := []byte(digest(parts...))
	h[12], h[16] = '8', '8'
	return strings.Join([]string{string(h[:8]), string(h[8:12]), string(h[12:16]), string(h[16:20]), string(h[20:32])}, "-")
}

const hour = 3600 // seconds

// What claims say that many kinds of token have.
const (
	aboutISS = "Issuer: whose keys verify the token (RFC 7519 §4.1.1)"
	aboutSUB = "Subject: whom the token speaks of (RFC 7519 §4.1.2)"
	aboutAUD = "Audience: who the token is meant for (RFC 7519 §4.1.3)"
	aboutAZP = "Authorized party: the client that the token was issued to; AWS compares it instead of aud where it is there"
	aboutIAT = "Issued at, in seconds since 1970 (RFC 7519 §4.1.6)"
	aboutNBF = "Not before, in seconds since 1970 (RFC 7519 §4.1.5)"
	aboutEXP = "Expires at, in seconds since 1970 (RFC 7519 §4.1.4)"
	aboutJTI = "Id of this one token (RFC 7519 §4.1.7)"
)

var profiles = []profile{
	{Profile{
		Name:   "custom",
		Title:  "The claims that STS requires, nothing else",
		Issuer: "https://idp.example.com",
		Claims: []ProfileClaim{
			{"iss", aboutISS}, {"sub", aboutSUB}, {"aud", aboutAUD}, {"iat", aboutIAT}, {"exp", aboutEXP}, {"jti", aboutJTI},
		},
	}, plainClaims},
	{Profile{
		Name:   "oidc",
		Title:  "An ID token of a custom OpenID Connect provider",
		Issuer: "https://idp.example.com",
		Claims: []ProfileClaim{
			{"iss", aboutISS}, {"sub", aboutSUB}, {"aud", aboutAUD}, {"azp", aboutAZP},
			{"iat", aboutIAT}, {"exp", aboutEXP},
			{"auth_time", "When the person signed in, in seconds since 1970 (OpenID Connect Core §2)"},
			{"nonce", "Ties the token to one sign-in (OpenID Connect Core §2)"},
			{"amr", "How the person signed in, a list (RFC 8176)"},
			{"email", "The person's email address; not a condition key in AWS"},
			{"email_verified", "Whether the provider checked the address"},
			{"name", "The person's full name"},
			{"preferred_username", "The name that the person goes by"},
			{"groups", "The person's groups; not a condition key in AWS, although many tutorials use it as one"},
			{"custom:department", "A claim of the provider's own; not a condition key in AWS"},
			{"jti", aboutJTI},
		},
	}, personClaims},
	{Profile{
		Name:   "keycloak",
		Title:  "An access token of Keycloak",
		Issuer: "https://keycloak.example.com/realms/demo",
		Claims: []ProfileClaim{
			{"exp", aboutEXP}, {"iat", aboutIAT}, {"jti", aboutJTI}, {"iss", "Issuer: the realm's URL, path included"},
			{"aud", "Audience: often account, Keycloak's own client, and not the client that asked"},
			{"sub", "Subject: the user's id in the realm"},
			{"typ", "What kind of token it is: Bearer for an access token, ID for an ID token"},
			{"azp", aboutAZP},
			{"sid", "Id of the sign-in session"},
			{"acr", "How strongly the person signed in"},
			{"realm_access", "Roles in the realm, an object; not a condition key in AWS"},
			{"resource_access", "Roles in clients, an object; not a condition key in AWS"},
			{"scope", "What the client asked for, parted by spaces"},
			{"email_verified", "Whether the realm checked the address"},
			{"preferred_username", "The name that the person signs in with"},
			{"email", "The person's email address"},
			{"groups", "The person's groups, where the realm maps them into the token"},
		},
	}, keycloakClaims},
	{Profile{
		Name:   "github-actions",
		Title:  "GitHub Actions",
		Issuer: githubIssuer,
		Claims: githubClaims,
	}, func(d *description) map[string]string { return githubRun(d, false) }},
	{Profile{
		Name:   "github-actions-immutable",
		Title:  "GitHub Actions, with ids in the subject",
		Issuer: githubIssuer,
		Claims: githubClaims,
	}, func(d *description) map[string]string { return githubRun(d, true) }},
}

// texts are claims that are strings: name, value, name, value and so on.
func texts(pairs ...string) map[string]string {
	values := make(map[string]string, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = quote(pairs[i+1])
	}
	return values
}

// plainClaims are the required claims, the audience that AWS's own clients
// ask for, and an hour to live.
func plainClaims(d *description) map[string]string {
	values := texts(
		"iss", d.issuer,
		"sub", "user-123",
		"aud", "sts.amazonaws.com",
		"jti", uuid("jti", d.seed),
	)
	values["iat"] = number(d.at)
	values["exp"] = number(d.at + hour)
	return values
}

// personClaims are an ID token's (OpenID Connect Core §2 and §5.1).
func personClaims(d *description) map[string]string {
	values := texts(
		"iss", d.issuer,
		"sub", "user-123",
		"aud", "aws-access-client",
		"email", "dana@example.com",
		"name", "Dana Example",
		"preferred_username", "dana",
		"custom:department", "engineering",
		"jti", uuid("jti", d.seed),
	)
	values["iat"] = number(d.at)
	values["exp"] = number(d.at + hour)
	values["auth_time"] = number(d.at - 60)
	values["amr"] = `["pwd","mfa"]`
	values["email_verified"] = "true"
	values["groups"] = `["developers","on-call"]`
	return values
}

// keycloakClaims are those of a realm's default client scopes, for a person
// who signed in at the client azp. Keycloak's access tokens live five minutes
// unless the realm says otherwise.
func keycloakClaims(d *description) map[string]string {
	values := texts(
		"jti", uuid("jti", d.seed),
		"iss", d.issuer,
		"aud", "account",
		"sub", uuid("sub", d.issuer),
		"typ", "Bearer",
		"azp", "aws-access-client",
		"sid", uuid("sid", d.seed),
		"acr", "1",
		"scope", "openid email profile",
		"preferred_username", "dana",
		"email", "dana@example.com",
	)
	values["exp"] = number(d.at + 300)
	values["iat"] = number(d.at)
	values["realm_access"] = `{"roles":["default-roles-demo","offline_access","uma_authorization"]}`
	values["resource_access"] = `{"account":{"roles":["manage-account","manage-account-links","view-profile"]}}`
	values["email_verified"] = "true"
	return values
}
