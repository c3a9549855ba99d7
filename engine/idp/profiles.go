package idp

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

// Profiles are the profiles that a mint can name, in the order of a menu.
func Profiles() []Profile { return nil }
