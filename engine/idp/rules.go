package idp

import "stsplayground/engine/trace"

// What is said about a description of a token. Citations are to the documents
// that define the member in question; profile, attack and relative times are
// the playground's own words.
var (
	profileKnown = trace.Rule{Code: "idp/profile", Title: "The profile is one that the playground can mint"}
	attackKnown  = trace.Rule{Code: "idp/attack", Title: "The attack is one that the playground can stage"}
	attackFits   = trace.Rule{Code: "idp/attack-key", Title: "The attack can be staged with the issuer's key", Cite: trace.RFC("7518", "3.1")}
	kidKnown     = trace.Rule{Code: "idp/kid", Title: "The key id names one of the issuer's playground keys", Cite: trace.RFC("7515", "4.1.4")}
	objectGiven  = trace.Rule{Code: "idp/object", Title: "Header and claims of a minted token are JSON objects", Cite: trace.RFC("7519", "4")}
	timeReadable = trace.Rule{Code: "idp/time", Title: "Times in a minted token are readable", Cite: trace.RFC("7519", "2")}
)

// Rules are the rules of this package's findings.
func Rules() []trace.Rule {
	return []trace.Rule{profileKnown, attackKnown, attackFits, kidKnown, objectGiven, timeReadable}
}
