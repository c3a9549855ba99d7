package idp

// Attack is a way to break or forge a token on purpose, for menus. About is
// one sentence: what the attacker does and which reader falls for it.
type Attack struct {
	Name  string
	Title string
	About string
}

// Attacks are the attacks that a mint can name, in the order of a menu.
func Attacks() []Attack { return nil }
