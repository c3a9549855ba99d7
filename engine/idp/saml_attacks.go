package idp

// ResponseAttacks are the attacks that the mint of a response can name, in
// the order of a menu. The first is none.
func ResponseAttacks() []Attack {
	var all []Attack
	for _, a := range responseAttacks {
		all = append(all, a.Attack)
	}
	return all
}

// responseAttack is an Attack and how it is staged on a response. Where fits
// is set, the attack needs what needs describes with its article.
type responseAttack struct {
	Attack
	stage func(*draft) string
	fits  func(*draft) bool
	needs string
}

var responseAttacks = []responseAttack{
	{Attack: Attack{"none", "No attack", "The response is honest: the identity provider's key signs what is described."}, stage: (*draft).honest},
}
